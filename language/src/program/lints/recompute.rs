//! `quadratic-recompute`: a loop that lets a list grow and runs the model over all of
//! it in each round, although only the last entry is new.
//!
//! A model runs over a list where the whole list goes to `embedding`, itself or in a
//! function of the script. Silent for a part of the list, and for what only some
//! rounds do. What it costs is said by the inference, which knows the model.
//! Source: the decision on severities, and the pitfall of re-embedding the prompt.

use std::collections::HashSet;

use super::Facts;
use super::body::{Body, call_of, expressions_of, function};
use super::sampling::{LoopStatement, growth, loop_of, own_statements};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::outline::{Outline, Outlines};
use crate::program::tree::*;
use crate::program::visit;

pub(super) fn check<'p>(body: &Body<'p>, facts: &Facts<'p>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    visit::statements_in(body.block, &mut |statement| {
        if let Some(found) = loop_of(statement) {
            problems.extend(problem(&found, facts));
        }
    });
    problems
}

fn problem<'p>(found: &LoopStatement<'p>, facts: &Facts<'p>) -> Option<Diagnostic> {
    let mut lists: Vec<(&Name, &Statement)> = Vec::new();
    own_statements(found.body, &mut |statement| {
        lists.extend(growth(facts.program, statement).map(|growth| (growth.list, statement)));
    });
    let (list, growing, run) = lists.into_iter().find_map(|(list, growing)| {
        let names = aliases(found.body, &list.text);
        Some((list, growing, run_over(found.body, &names, facts.program, &facts.embedders)?))
    })?;
    let name = &list.text;
    let message = format!("each round runs the model over all of `{name}`, of which only the last entry is new");
    let problem = Diagnostic::new(Code::QuadraticRecompute, found.header, message)
        .related(growing.span, format!("`{name}` grows here"))
        .related(run.span, "all of it goes through the model here");
    Some(problem.help("keep keys and values in a `KVCache` and run the model over the new token alone"))
}

/// The call in each round that runs a model over the whole of a list.
fn run_over<'p>(
    body: &'p Block,
    names: &HashSet<&str>,
    program: &Program,
    embedders: &HashSet<(&str, usize)>,
) -> Option<&'p Expression> {
    let mut found = None;
    for statement in &body.statements {
        // What an `if` decides is not done in each round.
        if let StatementKind::Expression(value) | StatementKind::Let { value, .. } | StatementKind::Assign { value, .. } =
            &statement.kind
            && let ExpressionKind::If { .. } = value.kind
        {
            continue;
        }
        expressions_of(statement, &mut |expression| {
            if found.is_none() && embeds(expression, names, program, embedders) {
                found = Some(expression);
            }
        });
    }
    found
}

/// Whether a call runs a model over the whole of a list.
fn embeds(
    expression: &Expression,
    names: &HashSet<&str>,
    program: &Program,
    embedders: &HashSet<(&str, usize)>,
) -> bool {
    let Some(call) = call_of(expression) else { return false };
    let called = call.function.text.as_str();
    match function(program, called) {
        Some(function) => (0..function.parameters.len())
            .filter(|position| embedders.contains(&(called, *position)))
            .any(|position| call.argument_of(function, position).is_some_and(|value| is_whole(value, names))),
        None => called == "embedding" && call.arguments.iter().any(|passed| is_whole(passed.value, names)),
    }
}

/// Functions that run a model over one of their parameters, and which.
pub(super) fn embedders<'p>(program: &'p Program, outlines: &Outlines) -> HashSet<(&'p str, usize)> {
    let mut found = HashSet::new();
    loop {
        let known = found.clone();
        for function in &program.functions {
            let outline = outlines.of(function.name.id.text);
            let calls_one = |outline: &Outline| outline.calls_any(known.iter().map(|(name, _)| *name));
            if !outline.is_some_and(|outline| outline.embeds || calls_one(outline)) {
                continue;
            }
            for (position, parameter) in function.parameters.iter().enumerate() {
                let names = aliases(&function.body, &parameter.name.text);
                let mut embedded = false;
                super::body::expressions_in(&function.body, &mut |expression| {
                    embedded = embedded || embeds(expression, &names, program, &known);
                });
                if embedded {
                    found.insert((function.name.text.as_str(), position));
                }
            }
        }
        if found.len() == known.len() {
            return found;
        }
    }
}

/// The names under which a block knows the whole of a list.
fn aliases<'p>(block: &'p Block, list: &'p str) -> HashSet<&'p str> {
    let mut names = HashSet::from([list]);
    visit::statements_in(block, &mut |statement| {
        if let StatementKind::Let { name, value, .. } = &statement.kind
            && is_whole(value, &names)
        {
            names.insert(&name.text);
        }
    });
    names
}

/// Whether a value is the whole of a list, if in another kind.
fn is_whole(value: &Expression, names: &HashSet<&str>) -> bool {
    match &value.kind {
        ExpressionKind::Variable(name) => names.contains(name.text.as_str()),
        ExpressionKind::Cast(value, _) => is_whole(value, names),
        ExpressionKind::Call { function, arguments, .. } => {
            let converts = matches!(function.text.as_str(), "tensor" | "int_to_tokenids" | "from_array");
            matches!(&arguments[..], [only] if converts && is_whole(&only.value, names))
        }
        _ => false,
    }
}
