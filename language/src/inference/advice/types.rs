//! `dtype-mix`: tensors of two element types meet, which the wider one decides; and
//! a function that declares another type than the script has chosen.
//! Source: pitfalls N4 and N5, decisions 13, 38 and 60.

use super::{Part, beside};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inference::calls::Passed;
use crate::inference::history::Typing;
use crate::inference::known::Known;
use crate::inference::walk::Walk;
use crate::program::tree::*;

impl Walk<'_> {
    /// Two tensors that one operation combines.
    pub(super) fn advise_types(&mut self, parts: [Part; 2]) {
        let named = |known: &Known| known.fact.element().filter(|_| known.history.typing > Some(Typing::Weak));
        let [(left, _), (right, place)] = parts;
        let (Some(a), Some(b)) = (named(left), named(right)) else { return };
        if a == b || !a.is_float() || !b.is_float() {
            return;
        }
        let message = format!("{a} meets {b}: the result is {}", a.wider(b));
        let problem = Diagnostic::new(Code::DtypeMix, place, message).severity(Severity::Hint);
        let labels = self.births(parts, place);
        self.tell(beside(problem, labels));
    }

    /// The first parameter of a function that declares another element type than the
    /// script has chosen for its argument.
    pub(super) fn declared_types(&mut self, function: &Function, assigned: &[usize], passed: &[Passed]) {
        for (parameter, (known, place, _)) in assigned.iter().zip(passed) {
            let parameter = &function.parameters[*parameter];
            let Some(Type { kind: TypeKind::Tensor(declared, _), .. }) = &parameter.annotation else { continue };
            let chosen = known.fact.element().filter(|_| known.history.typing == Some(Typing::Chosen));
            let Some(found) = chosen.filter(|found| found != declared) else { continue };
            let message = format!("`{}` is declared {declared} and is given {found}", parameter.name.text);
            let problem = Diagnostic::new(Code::DtypeMix, parameter.name.span, message)
                .severity(Severity::Warning)
                .help(format!("declare {found}, or load and convert to {declared}"))
                .related(*place, "it is passed here");
            let births = self.births([(known, *place)], *place);
            let mut problem = problem;
            problem.related.extend(births);
            self.tell(problem);
            return;
        }
    }
}
