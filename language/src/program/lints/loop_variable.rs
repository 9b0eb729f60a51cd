//! `loop-variable-overwritten`: the body of a `for` assigns the loop's own variable,
//! which lasts for this round only.
//!
//! Fires for `i = …` and `i += …`. Silent for a `let` of the same name, which is a
//! variable of its own, and for a change of one element.
//! Source: the decision on severities.

use super::variables::{UseKind, VariableKind, Variables};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn check(variables: &Variables) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for variable in &variables.all {
        let VariableKind::Loop(id) = variable.kind else { continue };
        let name = &variable.name.text;
        let overwrites = |kind, is_whole: bool| kind == UseKind::Write || (kind == UseKind::Update && is_whole);
        // One mistake, however often it is made in one loop.
        let Some(first) = variable.uses.iter().find(|one| overwrites(one.kind, one.is_whole)) else { continue };
        let message = format!("`{name}` is the variable of the loop; the next round sets it anew");
        let problem = Diagnostic::new(Code::LoopVariableOverwritten, first.span, message)
            .related(variables.loops[id].header, format!("this loop sets `{name}` in each round"))
            .help(format!("use a variable of your own, or a `while` loop to choose the next `{name}`"));
        problems.push(problem);
    }
    problems
}
