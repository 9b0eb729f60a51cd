//! `unused-variable`: a variable that is declared and never read.
//! `block-local-assignment`: an assignment that declares such a variable, which is
//! likely a slip of the pen.
//!
//! Silent for parameters, for variables of loops, for names that begin with `_` and
//! for the value of a function. An update (`x += 1`, `x[0] = 1`) reads nothing.
//! Source: the decisions on names and on severities.

use super::variables::{Variable, VariableKind, Variables};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, did_you_mean};
use crate::program::tree::*;

pub(super) fn check(variables: &Variables) -> Vec<Diagnostic> {
    let unread = |variable: &&Variable| {
        let name = &variable.name.text;
        !variable.is_read() && !name.starts_with('_') && !name.is_empty()
    };
    variables.all.iter().filter(unread).filter_map(|variable| problem(variable)).collect()
}

fn problem(variable: &Variable) -> Option<Diagnostic> {
    let name = &variable.name.text;
    let place = variable.name.span;
    let is_learnt = match variable.kind {
        VariableKind::Parameter | VariableKind::Loop(_) => return None,
        VariableKind::Assignment => {
            let message = format!("`{name}` is assigned here and never read");
            let problem = Diagnostic::new(Code::BlockLocalAssignment, place, message).severity(Severity::Warning);
            let beside = variable.beside.iter().copied().filter(|other| other != name);
            return Some(match did_you_mean(name, beside) {
                Some(close) => problem.did_you_mean(name, close),
                None => problem.help(format!("remove it, or declare `{name}` with `let` before the block")),
            });
        }
        VariableKind::Let(Statement { kind: StatementKind::Let { modifier, .. }, .. }) => modifier.is_some(),
        VariableKind::Tensor(Statement { kind: StatementKind::Tensor(declared), .. }) => declared.modifier.is_some(),
        VariableKind::Let(_) | VariableKind::Tensor(_) | VariableKind::Pattern => false,
    };
    if is_learnt {
        return None;
    }
    let fix = Fix::likely(format!("rename it to `_{name}`")).replace(place, format!("_{name}"));
    let problem = Diagnostic::new(Code::UnusedVariable, place, format!("`{name}` is never read"))
        .help(format!("remove it, or call it `_{name}` if that is meant"));
    Some(if variable.uses.is_empty() { problem.fix(fix) } else { problem })
}
