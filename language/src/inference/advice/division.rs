//! `integer-division`: a division of Integers whose fraction is needed afterwards, unless
//! the result is a size, an index or a count somewhere else.
//! `division-by-zero`: a division that certainly has no value.
//! Source: pitfall N3, decision 9.

use std::sync::Arc;

use super::Part;
use crate::catalogue::Builtin;
use crate::catalogue::entry::{Accepts, Bound};
use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inference::history::Division;
use crate::inference::known::Known;
use crate::inference::walk::Walk;
use crate::program::tree::BinaryOperator;
use crate::source::Span;

impl Walk<'_> {
    pub(super) fn advise_division(
        &mut self,
        operator: BinaryOperator,
        [left, right]: [Part; 2],
        known: &Known,
        span: Span,
    ) {
        use BinaryOperator::{Add, Divide, Multiply, Power, Remainder, Subtract};
        let is_number = |known: &Known| matches!(known.fact, Fact::Integer(_) | Fact::Float(_));
        if matches!(operator, Divide | Remainder)
            && is_number(left.0)
            && is_number(right.0)
            && right.0.fact.number() == Some(0.0)
        {
            let message = format!("{} {} 0 has no value", number(&left.0.fact), operator.symbol());
            let assured = left.0.assured && right.0.assured;
            self.problem(Diagnostic::new(Code::DivisionByZero, span, message), Vec::new(), assured);
            return;
        }
        let computes = matches!(operator, Add | Subtract | Multiply | Divide | Power);
        if computes && matches!(known.fact, Fact::Float(_) | Fact::Tensor { .. }) {
            for (operand, place) in [left, right] {
                self.needs_fraction(operand, place);
            }
        }
    }

    /// Numbers passed to a builtin that computes with them.
    pub(super) fn advise_number_arguments(&mut self, builtin: Builtin, arguments: &Bound<Part>) {
        for (slot, (known, place)) in arguments.slots() {
            match builtin.entry().accepts(slot) {
                Accepts::Number if !matches!(builtin, Builtin::Reduction(_)) => self.needs_fraction(known, *place),
                Accepts::Integer | Accepts::SizeOrSizes => self.is_whole(known),
                _ => {}
            }
        }
    }

    /// A value that counts something: who divided for it knows that it is whole.
    pub(in crate::inference) fn is_whole(&mut self, known: &Known) {
        if let (Fact::Integer(_), Some(division)) = (&known.fact, &known.history.rare().division) {
            self.notes.whole.insert(division.span);
        }
    }

    /// A value that is used as a Float.
    pub(in crate::inference) fn needs_fraction(&mut self, known: &Known, place: Span) {
        let (Fact::Integer(_), Some(division)) = (&known.fact, &known.history.rare().division) else { return };
        let division: Arc<Division> = division.clone();
        let (left, right) = (number(&division.left), number(&division.right));
        let message = match &known.fact {
            Fact::Integer(Some(value)) if value.known().is_some() => {
                format!(
                    "the Integers {left} / {right} give an Integer: the fraction is lost, and {value} is used as a Float"
                )
            }
            _ => format!("the Integers {left} / {right} give an Integer, which is used as a Float: a fraction is lost"),
        };
        let mut problem = Diagnostic::new(Code::IntegerDivision, division.span, message)
            .severity(Severity::Warning)
            .help(match division.left.integer() {
                Some(n) => format!("write `{n}.0` for `{n}`, which divides Floats"),
                None => "multiply one of them by `1.0` before the division".to_string(),
            });
        if place != division.span {
            problem = problem.related(place, "a Float is needed here");
        }
        self.tell(problem);
    }
}

/// A number as a message says it.
fn number(fact: &Fact) -> String {
    match (fact.number(), fact.size()) {
        (Some(x), _) => x.to_string(),
        (_, Some(size)) => match size.to_string() {
            sum if sum.contains(' ') => format!("({sum})"),
            one => one,
        },
        _ => "…".to_string(),
    }
}
