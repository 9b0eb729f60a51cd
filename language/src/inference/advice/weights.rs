//! `transposed-weight`: a stored weight, [out, in], that a product reads the wrong
//! way round. Certain where the sizes differ, a warning where the weight is square
//! and the product gives wrong numbers in silence.
//! Source: pitfall N8.

use super::{Part, beside};
use crate::catalogue::equation::Equation;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inference::equations::{Projection, projection};
use crate::inference::history::Role;
use crate::inference::known::Known;
use crate::inference::walk::Walk;
use crate::shape::{Dim, Mismatch};

impl Walk<'_> {
    /// `left @ right` with a square weight on the right, as it is stored.
    pub(super) fn advise_product(&mut self, function: &str, [left, right]: [Part; 2]) {
        let (Some(Role::Weight(name)), true) = (&right.0.history.role, is_square(right.0)) else { return };
        if matches!(left.0.history.role, Some(Role::Weight(_) | Role::Transposed(_))) {
            return;
        }
        let message = format!(
            "`{function}` multiplies by `{name}` as it is stored, [out, in]; it is square, {}, so nothing fails",
            right.0.fact.describe()
        );
        let problem = Diagnostic::new(Code::TransposedWeight, right.1, message)
            .severity(Severity::Warning)
            .help("did you mean `linear`, which transposes?");
        let labels = self.births([right, left], right.1);
        self.tell(beside(problem, labels));
    }

    /// An einsum with a square weight, as it is stored.
    pub(super) fn advise_equation(&mut self, text: &str, parts: [Part; 2]) {
        let Some((found, [_, weight])) = stored(text, parts.map(|(known, _)| known)) else { return };
        if !is_square(weight) {
            return;
        }
        let place = parts[found.weight].1;
        let message = format!(
            "`{text}` multiplies by `{}` as it is stored, [out, in]; it is square, {}, so nothing fails",
            found.name,
            weight.fact.describe()
        );
        let problem = Diagnostic::new(Code::TransposedWeight, place, message)
            .severity(Severity::Warning)
            .help(format!("exchange the letters of the weight, `{}`, or use `linear`", found.exchanged));
        let labels = self.births(parts, place);
        self.tell(beside(problem, labels));
    }

    /// `linear` with a square weight that was transposed before.
    pub(super) fn advise_linear(&mut self, weight: Part) {
        let (Some(Role::Transposed(name)), true) = (&weight.0.history.role, is_square(weight.0)) else { return };
        let message = format!(
            "`linear` transposes the weight itself, and `{name}` was transposed before; it is square, {}, so nothing fails",
            weight.0.fact.describe()
        );
        let problem = Diagnostic::new(Code::TransposedWeight, weight.1, message)
            .severity(Severity::Warning)
            .help("pass the weight as it is stored, without `transpose`");
        let labels = self.births([weight], weight.1);
        self.tell(beside(problem, labels));
    }
}

/// An einsum that fails with a stored weight and would fit with its letters exchanged.
pub(super) fn refined_equation(text: &str, operands: [&Known; 2], mismatch: Mismatch) -> Mismatch {
    let Some((found, [x, weight])) = stored(text, operands) else { return mismatch };
    let (Some(sizes), Some(shape)) = (x.fact.shape(), weight.fact.shape()) else { return mismatch };
    let ([rows, columns], true) = (&shape.0[..], sizes.rank() > 0) else { return mismatch };
    if mismatch.code != Code::EinsumMismatch || !sizes.0.contains(columns) || rows == columns {
        return mismatch;
    }
    let message = format!(
        "`{text}` multiplies {sizes} by `{}` as it is stored, [out, in]: {shape} has {rows} rows, {columns} are needed",
        found.name
    );
    let help = format!("exchange the letters of the weight, `{}`, or use `linear`", found.exchanged);
    Mismatch::new(Code::TransposedWeight, message).argument(1 + found.weight).help(help)
}

/// The operand that an equation multiplies by a stored weight as it is, and that weight.
fn stored<'k>(text: &str, operands: [&'k Known; 2]) -> Option<(Projection, [&'k Known; 2])> {
    let equation = Equation::parse(text).ok()?;
    let found = projection(&equation, operands)?;
    let (x, weight) = (operands[1 - found.weight], operands[found.weight]);
    (found.straight && matches!(weight.history.role, Some(Role::Weight(_)))).then_some((found, [x, weight]))
}

/// A product that fails with a stored weight and would fit its transpose.
pub(super) fn refined_product(function: &str, [left, right]: [&Known; 2], mismatch: Mismatch) -> Mismatch {
    let (Some(Role::Weight(name)), Some(x), Some(weight)) =
        (&right.history.role, left.fact.shape(), right.fact.shape())
    else {
        return mismatch;
    };
    let ([.., last], [rows, columns]) = (&x.0[..], &weight.0[..]) else { return mismatch };
    if mismatch.code != Code::ShapeMismatch || last != columns || last == rows {
        return mismatch;
    }
    let message = format!(
        "`{function}` multiplies {x} by `{name}` as it is stored, [out, in]: {weight} has {rows} rows, {last} are needed"
    );
    Mismatch::new(Code::TransposedWeight, message).argument(1).help("did you mean `linear`, which transposes?")
}

/// A `linear` that fails with a transposed weight and would fit the stored one.
pub(super) fn refined_linear(x: &Known, weight: &Known, mismatch: Mismatch) -> Mismatch {
    let (Some(Role::Transposed(name)), Some(x), Some(shape)) =
        (&weight.history.role, x.fact.shape(), weight.fact.shape())
    else {
        return mismatch;
    };
    if mismatch.code != Code::ShapeMismatch || x.0.last() != shape.0.first() {
        return mismatch;
    }
    let message = format!(
        "`linear` transposes the weight itself, and `{name}` was transposed before: x is {x}, weight is {shape}"
    );
    Mismatch::new(Code::TransposedWeight, message)
        .argument(1)
        .help("pass the weight as it is stored, without `transpose`")
}

fn is_square(known: &Known) -> bool {
    let shape = known.fact.shape();
    shape.is_some_and(|shape| matches!(&shape.0[..], [Dim::Known(a), Dim::Known(b)] if a == b && *a > 1))
}
