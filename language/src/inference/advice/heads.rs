//! `gqa-expansion`: keys or values whose heads several query heads share, and that
//! were not repeated for them, or were repeated in the wrong order. An einsum that
//! fails for it says so in its own rule.
//! Source: pitfall N9.

use super::{Part, beside};
use crate::catalogue::equation::Equation;
use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inference::equations::kept;
use crate::inference::history::{Role, Stream};
use crate::inference::known::Known;
use crate::inference::walk::Walk;
use crate::shape::{Dim, Mismatch, Shape};
use crate::size::Size;

impl Walk<'_> {
    /// A matrix product that fails because one side has fewer heads.
    pub(super) fn shared_heads(&self, [left, right]: [&Known; 2]) -> Option<Mismatch> {
        let (a, b) = (left.fact.shape()?, right.fact.shape()?);
        let leading = |shape: &Shape| shape.0[..shape.rank().saturating_sub(2)].to_vec();
        let pairs = leading(&a).into_iter().rev().zip(leading(&b).into_iter().rev()).collect::<Vec<_>>();
        let (first, second) = pairs.into_iter().find_map(|pair| match pair {
            (Dim::Known(first), Dim::Known(second)) if first != second && first > 1 && second > 1 => {
                Some((first, second))
            }
            _ => None,
        })?;
        let (heads, shared) = (first.max(second), first.min(second));
        let by_role = matches!(
            (&left.history.role, &right.history.role),
            (Some(Role::Stream(Stream::Queries)), Some(Role::Stream(Stream::Keys)))
                | (Some(Role::Shares), Some(Role::Stream(Stream::Values)))
        );
        if heads % shared != 0 || !(by_role || left.history.heads.or(right.history.heads) == Some((heads, shared))) {
            return None;
        }
        let message = format!("queries have {heads} heads, keys and values have {shared}: left is {a}, right is {b}");
        Some(
            Mismatch::new(Code::GqaExpansion, message)
                .argument(usize::from(second == shared))
                .help(format!("repeat each of the {shared} heads {} times before", heads / shared)),
        )
    }

    /// `broadcast_to` of keys or values that repeats their heads as a block.
    pub(super) fn advise_broadcast(&mut self, x: Part, result: &Fact) {
        let (Some(name), Some((heads, shared))) = (name(x.0), x.0.history.heads) else { return };
        let (Some(from), Some(to)) = (x.0.fact.shape(), result.shape()) else { return };
        if from.rank() != to.rank() || shared < 2 || heads == shared {
            return;
        }
        let repeats = |axis: &usize| {
            from.0[*axis] == Dim::Known(1)
                && to.0[*axis] == Dim::Known(heads / shared)
                && from.0.get(axis + 1) == Some(&Dim::Known(shared))
                && axis.checked_sub(1).is_none_or(|before| from.0[before] != Dim::Known(shared))
        };
        let Some(axis) = (0..from.rank()).find(repeats) else { return };
        let mut sizes = from.0.clone();
        sizes.swap(axis, axis + 1);
        let help = format!("put the new axis behind the heads: reshape to {} before they are repeated", Shape(sizes));
        self.repeated_as_a_block(name, x, [heads, shared], help);
    }

    /// An einsum that puts a new axis in front of the heads of keys or values.
    pub(super) fn advise_repetition(&mut self, text: &str, parts: [Part; 2]) {
        let Ok(equation) = Equation::parse(text) else { return };
        let operands = parts.map(|(known, _)| known);
        let Some((at, new)) = kept(&equation, operands) else { return };
        let x = parts[at];
        let (Some(name), Some((heads, shared)), Some(shape)) = (name(x.0), x.0.history.heads, x.0.fact.shape()) else {
            return;
        };
        let own = &equation.operands[at].letters;
        let Some(head) = shape.0.iter().position(|size| *size == Dim::Known(shared)).and_then(|axis| own.get(axis))
        else {
            return;
        };
        let output = &equation.output.letters;
        let before = output.iter().position(|letter| letter == head).and_then(|at| at.checked_sub(1));
        let is_new = before.is_some_and(|before| new.contains(&output[before]));
        if shared < 2 || heads == shared || !is_new {
            return;
        }
        let help = format!("put the new axis behind that of the heads, `{head}`, in the result");
        self.repeated_as_a_block(name, x, [heads, shared], help);
    }

    /// `concat` of keys or values with themselves, along their heads.
    pub(super) fn advise_block(&mut self, parts: &[Part], result: &Fact) {
        let [x, y, ..] = parts else { return };
        let (Some(name), Some((heads, shared))) = (name(x.0), x.0.history.heads) else { return };
        let (Some(from), Some(to)) = (x.0.fact.shape(), result.shape()) else { return };
        if x.0 != y.0 || shared < 2 || heads == shared || from.rank() != to.rank() {
            return;
        }
        // Behind the heads is nothing but the elements of one.
        let Some(axis) = from.rank().checked_sub(2) else { return };
        // Heads that have an axis in front of this one are repeated one by one.
        let is_heads =
            |size: usize| size.is_multiple_of(shared) && size < heads && !from.0[..axis].contains(&Dim::Known(shared));
        let are_heads = from.0[axis].known().is_some_and(is_heads);
        if are_heads && to.0[axis] != from.0[axis] {
            let help = format!("repeat each head: `repeat_kv(x, {})`", heads / shared);
            self.repeated_as_a_block(name, *x, [heads, shared], help);
        }
    }

    fn repeated_as_a_block(&mut self, name: &str, x: Part, [heads, shared]: [usize; 2], help: String) {
        let message = format!(
            "the {shared} heads of the {name} are repeated as a block, {} times: query head 1 meets head 1 and belongs to head 0",
            heads / shared
        );
        let problem = Diagnostic::new(Code::GqaExpansion, x.1, message).severity(Severity::Warning).help(help);
        let labels = self.births([x], x.1);
        self.tell(beside(problem, labels));
    }

    /// `reshape` of keys or values straight to the heads of the queries; and any
    /// other that fits no number of rows but 0.
    pub(super) fn advise_reshape(&mut self, x: Part, sizes: Part, result: &Fact) {
        let (Some(from), Some(to)) = (x.0.fact.shape(), result.shape()) else { return };
        if from.known_count().is_some() {
            return;
        }
        let (Some(whole), Some(made)) = (from.count().size(), to.count().size()) else { return };
        let (Some(before), Some(after)) = apart(&from, &to) else { return };
        if whole == made || before == after {
            return;
        }
        let Some(ratio) = after.exactly(&before).or_else(|| before.exactly(&after)).and_then(|ratio| ratio.known())
        else {
            return;
        };
        let repeats = after.exactly(&before) == Some(Size::Number(ratio));
        let (name, counts) = (name(x.0), x.0.history.heads);
        let message;
        let problem = match (name, counts) {
            (Some(name), Some((heads, shared)))
                if repeats
                    && to.0.contains(&Dim::Known(heads))
                    && shared > 0
                    && ratio * shared as i64 == heads as i64 =>
            {
                message = format!("the {name} are {from} and have {shared} heads, not the {heads} of the queries");
                let help = format!("reshape to {shared} heads, then repeat each of them {} times", heads / shared);
                Diagnostic::new(Code::GqaExpansion, sizes.1, message).help(help)
            }
            _ => {
                message = format!("`reshape` keeps the number of elements: {from} has {whole}, {to} has {made}");
                Diagnostic::new(Code::ShapeMismatch, sizes.1, message)
            }
        };
        let labels = self.births([x], sizes.1);
        self.tell(beside(problem.severity(Severity::Warning), labels));
    }
}

/// The products of the sizes that two shapes do not share.
fn apart(from: &Shape, to: &Shape) -> (Option<Size>, Option<Size>) {
    let (mut from, mut to) = (from.0.clone(), to.0.clone());
    from.retain(|size| match to.iter().position(|other| other == size) {
        Some(at) => {
            to.remove(at);
            false
        }
        None => true,
    });
    (Shape(from).count().size(), Shape(to).count().size())
}

fn name(known: &Known) -> Option<&'static str> {
    match known.history.role {
        Some(Role::Stream(Stream::Keys)) => Some("keys"),
        Some(Role::Stream(Stream::Values)) => Some("values"),
        _ => None,
    }
}
