//! `shadowed-builtin`: a function of the script has the name of a builtin, and is
//! called in its place.
//!
//! Silent for names that scripts had to bring themselves because no interpreter had
//! them ([`BROUGHT`]), for words that mean something inside of `learn` alone, and for
//! variables, which have names of their own.
//! Source: the decision on severities that are listed late, and the table of builtins.

use crate::catalogue::{self, later::optimizer};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::tree::Program;

/// Builtins that older interpreters did not have, so that scripts declare them.
const BROUGHT: &[&str] = &[
    "apply_causal_mask",
    "apply_rope",
    "attention",
    "backward",
    "concat_strings",
    "count_tokens",
    "dims",
    "exit",
    "from_array",
    "from_vec",
    "get_last_position",
    "get_last_token",
    "get_metal_device",
    "get_weight",
    "index_select",
    "learnable",
    "load_f16",
    "load_f32",
    "numel",
    "rand",
    "random_normal",
    "range",
    "repeat_kv",
    "sample_greedy",
    "sample_temperature",
    "sample_token",
    "sample_top_k",
    "set_lr",
    "set_seed",
    "silu",
    "string",
    "tensor",
    "to_vec",
    "vec",
    "zeros_f32",
];

pub(super) fn check(program: &Program) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for function in &program.functions {
        let name = function.name.text.as_str();
        let is_builtin = catalogue::find(name).is_some();
        if !is_builtin || optimizer::is_one(name) || BROUGHT.binary_search(&name).is_ok() {
            continue;
        }
        let message = format!("`{name}` is also a builtin; calls of `{name}` mean this function");
        let problem = Diagnostic::new(Code::ShadowedBuiltin, function.name.span, message);
        problems.push(problem.help("choose another name if the builtin is meant"));
    }
    problems
}

#[cfg(test)]
mod tests {
    #[test]
    fn brought_names_are_sorted() {
        assert!(super::BROUGHT.is_sorted());
    }
}
