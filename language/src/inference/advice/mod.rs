//! What the inference knows beyond the mismatches of the shape rules: operations
//! that fit and are surely not meant, the code that says most where one fails, and
//! the places where conflicting sizes were born. One file per topic; each looks at
//! the facts and the histories of one operation and changes nothing.

mod attention;
pub(super) mod bounds;
mod division;
mod heads;
mod prompts;
mod signature;
#[cfg(test)]
mod tests;
mod tokenizers;
mod types;
mod weights;

pub(super) use prompts::prompt_of_tokens;

use super::calls::Passed;
use super::history::Role;
use super::known::Known;
use super::walk::Walk;
use crate::catalogue::Builtin;
use crate::catalogue::activation::Activation;
use crate::catalogue::entry::Bound;
use crate::catalogue::fact::{Fact, HandleKind};
use crate::catalogue::linear_algebra::LinearAlgebra;
use crate::catalogue::mask::Mask;
use crate::catalogue::position::Position;
use crate::catalogue::reduction::Reduction;
use crate::catalogue::shaping::Shaping;
use crate::catalogue::tokenizer::Tokenizer;
use crate::diagnostic::{Diagnostic, Label};
use crate::program::tree::BinaryOperator;
use crate::shape::Mismatch;
use crate::source::Span;

/// An operand: what is known of it, and where it stands.
pub(super) type Part<'k> = (&'k Known, Span);

impl Walk<'_> {
    /// What is to be said of a call of a builtin that fits.
    pub(super) fn advise_call(&mut self, builtin: Builtin, passed: &Bound<Passed>, known: &Known, span: Span) {
        let arguments: Bound<Part> = passed.map(|(known, place, _)| (known, *place));
        let at = |slot: usize| arguments.get(slot).copied();
        let rest: &[Part] = arguments.rest();
        match (builtin, at(0), at(1)) {
            (Builtin::LinearAlgebra(LinearAlgebra::Linear), Some(x), Some(weight)) => {
                self.advise_linear(weight);
                self.advise_types([x, weight]);
            }
            (Builtin::LinearAlgebra(LinearAlgebra::Matmul), Some(left), Some(right)) => {
                self.advise_product("matmul", [left, right]);
                self.advise_scores(None, [left, right], known);
                self.advise_types([left, right]);
            }
            (Builtin::LinearAlgebra(LinearAlgebra::Einsum), ..) => {
                if let [left, right] = *rest {
                    if let Some((Fact::String(Some(text)), _)) = at(0).map(|(known, place)| (&known.fact, place)) {
                        self.advise_equation(text, [left, right]);
                        self.advise_repetition(text, [left, right]);
                    }
                    let equation = match at(0) {
                        Some((Known { fact: Fact::String(Some(text)), .. }, _)) => Some(text.as_str()),
                        _ => None,
                    };
                    self.advise_scores(equation, [left, right], known);
                    self.advise_types([left, right]);
                }
            }
            (Builtin::Position(Position::Rope), Some(x), _) => self.advise_rope(x, span),
            (Builtin::Mask(Mask::ApplyAttentionMask), Some(scores), Some(mask)) => self.advise_mask(scores, mask),
            (Builtin::Activation(Activation::Softmax), Some(x), Some(axis)) => self.advise_softmax(x, axis),
            (Builtin::Reduction(Reduction::Argmax), Some(x), None) => self.advise_argmax(x, span),
            (Builtin::Shaping(Shaping::BroadcastTo), Some(x), _) => self.advise_broadcast(x, &known.fact),
            (Builtin::Shaping(Shaping::Reshape), Some(x), Some(sizes)) => self.advise_reshape(x, sizes, &known.fact),
            (Builtin::Tokenizer(Tokenizer::Tokenize), _, Some(text)) => self.advise_prompt(text, at(2)),
            (Builtin::Shaping(Shaping::Concat), ..) => {
                self.advise_joined(rest, span);
                self.advise_block(rest, &known.fact);
            }
            (Builtin::LinearAlgebra(LinearAlgebra::Embedding), Some(table), Some(ids)) => {
                self.advise_embedding([table, ids]);
            }
            _ => {}
        }
        self.advise_number_arguments(builtin, &arguments);
    }

    /// What is to be said of `left operator right` where it fits.
    pub(super) fn advise_operation(&mut self, operator: BinaryOperator, parts: [Part; 2], known: &Known, span: Span) {
        self.advise_division(operator, parts, known, span);
        if operator == BinaryOperator::MatrixMultiply {
            self.advise_product("@", parts);
            self.advise_scores(None, parts, known);
        }
        if matches!(known.fact, Fact::Tensor { .. }) {
            for x in parts {
                self.advise_broadcast(x, &known.fact);
            }
            self.advise_types(parts);
        }
    }

    /// The mismatch of a call under the code that says most.
    pub(super) fn refined_call(&self, builtin: Builtin, passed: &[Passed], mismatch: Mismatch) -> Mismatch {
        let all: Vec<&Known> = passed.iter().map(|(known, ..)| known).collect();
        match (builtin, &all[..]) {
            (Builtin::LinearAlgebra(LinearAlgebra::Matmul), [left, right]) => {
                self.refined_product("matmul", [left, right], mismatch)
            }
            (Builtin::LinearAlgebra(LinearAlgebra::Linear), [x, weight, ..]) => {
                weights::refined_linear(x, weight, mismatch)
            }
            (
                Builtin::LinearAlgebra(LinearAlgebra::Einsum),
                [Known { fact: Fact::String(Some(text)), .. }, left, right],
            ) => weights::refined_equation(text, [left, right], mismatch),
            _ => mismatch,
        }
    }

    /// The mismatch of an operator under the code that says most.
    pub(super) fn refined_operation(
        &self,
        operator: BinaryOperator,
        parts: [&Known; 2],
        mismatch: Mismatch,
    ) -> Mismatch {
        match operator {
            BinaryOperator::MatrixMultiply => self.refined_product("@", parts, mismatch),
            _ => attention::refined_mask(parts, mismatch),
        }
    }

    fn refined_product(&self, function: &str, parts: [&Known; 2], mismatch: Mismatch) -> Mismatch {
        self.shared_heads(parts).unwrap_or_else(|| weights::refined_product(function, parts, mismatch))
    }

    /// Where the tensors of an operation got their shapes; `place` is told already.
    pub(super) fn births<'k>(&self, parts: impl IntoIterator<Item = Part<'k>>, place: Span) -> Vec<Label> {
        let mut labels: Vec<Label> = Vec::new();
        for (known, span) in parts {
            let at = known.history.birth.unwrap_or(span);
            let is_shaped = matches!(known.fact, Fact::Tensor { .. } | Fact::Array { .. } | Fact::Tokens(_));
            if is_shaped && at != place && labels.iter().all(|label| label.place != at) {
                labels.push(Label { place: at, message: born(known) });
            }
        }
        labels
    }

    /// Where the model of a handle is loaded.
    pub(super) fn load_of(&self, handle: &Known) -> Vec<Label> {
        let is_handle = matches!(handle.fact, Fact::Handle(kind) if kind != HandleKind::Tokenizer);
        let load = handle.history.birth.filter(|_| is_handle);
        load.map(|place| Label { place, message: "the model is loaded here".to_string() }).into_iter().collect()
    }

    /// Notes what was found, where this place can be reached.
    fn tell(&mut self, problem: Diagnostic) {
        if self.live {
            self.notes.problems.push(problem);
        }
    }
}

/// What stands where a value got its shape.
fn born(known: &Known) -> String {
    match &known.history.role {
        Some(Role::Weight(name)) => format!("`{name}` is {}", known.fact.describe()),
        Some(Role::Transposed(name)) => format!("`{name}` transposed is {}", known.fact.describe()),
        _ => format!("this is {}", known.fact.describe()),
    }
}

/// The same problem with these labels.
fn beside(mut problem: Diagnostic, labels: Vec<Label>) -> Diagnostic {
    problem.related = labels;
    problem
}
