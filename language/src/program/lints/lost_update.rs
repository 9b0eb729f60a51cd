//! `lost-update`: a `let` in a loop makes a new variable in each round, where the
//! variable outside of the loop was to change.
//!
//! Fires for a `let x`, or a `tensor x` statement, in a loop while the same function
//! has an `x` outside of that loop whose value is read after the loop, or in the loop
//! before the `let`, or in the `let`'s own initialiser. Silent where the outer `x` is
//! never read again, or gets another value first.
//! Source: the decision on when `lost-update` fires.

use super::variables::{Use, UseKind, Variable, VariableKind, Variables};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::program::tree::*;

pub(super) fn check(variables: &Variables) -> Vec<Diagnostic> {
    (0..variables.all.len()).filter_map(|inner| lost(variables, inner)).collect()
}

fn lost(variables: &Variables, inner: usize) -> Option<Diagnostic> {
    let variable = &variables.all[inner];
    let word = match variable.kind {
        VariableKind::Let(_) => "let",
        VariableKind::Tensor(_) => "tensor",
        _ => return None,
    };
    let outer = &variables.all[variable.hides?];
    let read = later_read(variables, variable, outer)?;
    let name = &variable.name.text;
    let message = format!("`{word}` makes a new `{name}` here; the `{name}` outside of the loop keeps its value");
    let problem = Diagnostic::new(Code::LostUpdate, variable.name.span, message)
        .related(read.span, "the value from outside of the loop is read here")
        .related(outer.name.span, format!("this `{name}` is not changed by the loop"))
        .help(format!("write `{name} = …` without `{word}` to change the outer `{name}`"));
    Some(match fix(variables, inner) {
        Some(fix) => problem.fix(fix),
        None => problem,
    })
}

/// Where the value of `outer` is read that `inner` was to change.
fn later_read(variables: &Variables, inner: &Variable, outer: &Variable) -> Option<Use> {
    // The outermost loop that `outer` is not declared in.
    let shared: Vec<_> = variables.around(outer.inside).collect();
    let around = variables.around(inner.inside).filter(|id| !shared.contains(id)).last()?;
    let around = &variables.loops[around];
    let behind = |one: &&Use| one.at > around.steps.1;
    let within = |one: &&Use| one.at >= around.steps.0 && one.at <= around.steps.1;
    let behind = first_read(outer.uses.iter().filter(behind), &[around.block, outer.block]);
    behind.or_else(|| first_read(outer.uses.iter().filter(within), &[around.body]))
}

/// The first read, unless the variable certainly gets another value before: in one
/// of the blocks that are executed to their end.
fn first_read<'u>(uses: impl Iterator<Item = &'u Use>, certain: &[BlockId]) -> Option<Use> {
    for one in uses {
        match one.kind {
            UseKind::Read | UseKind::Update => return Some(*one),
            UseKind::Write if certain.contains(&one.block) => return None,
            UseKind::Write => {}
        }
    }
    None
}

/// Drops the `let`, and those of the same block that hide the variable again.
fn fix(variables: &Variables, inner: usize) -> Option<Fix> {
    let name = &variables.all[inner].name.text;
    let mut chain = vec![inner];
    for (index, variable) in variables.all.iter().enumerate().skip(inner + 1) {
        let hides = variable.hides.is_some_and(|hidden| chain.contains(&hidden));
        if hides && variable.block == variables.all[inner].block {
            chain.push(index);
        }
    }
    let mut fix = Fix::likely(format!("change the outer `{name}`"));
    for index in chain {
        fix = assigning(fix, &variables.all[index])?;
    }
    Some(fix)
}

/// The same, with an assignment in place of the declaration of a variable.
fn assigning(fix: Fix, variable: &Variable) -> Option<Fix> {
    let (VariableKind::Let(statement) | VariableKind::Tensor(statement)) = variable.kind else { return None };
    let (whole, name) = (statement.span, variable.name);
    match &statement.kind {
        StatementKind::Let { annotation: None, modifier: None, .. } => {
            Some(fix.remove(whole.with(whole.start(), name.span.start())))
        }
        // Parentheses around the value are no part of it.
        StatementKind::Let { value, .. } | StatementKind::Tensor(TensorDeclaration { value: Some(value), .. })
            if value.span.end() == whole.end() =>
        {
            Some(fix.replace(whole.with(whole.start(), value.span.start()), format!("{} = ", name.text)))
        }
        _ => None,
    }
}
