//! `quadratic-recompute`: a loop that lets a list grow and runs the model over all of
//! it in each round, although only the last entry is new.
//!
//! A model runs over a list where the whole list goes to `embedding`, itself or in a
//! function of the script. Silent for a part of the list, and for what only some
//! rounds do. What it costs is said by the inference, which knows the model.
//! Source: the decision on severities, and the pitfall of re-embedding the prompt.

use rustc_hash::FxHashSet;

use super::Facts;
use super::body::{Body, call_of, expressions_in, expressions_of, function};
use super::sampling::{LoopStatement, growth, loop_of, own_statements};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::names::Names;
use crate::program::outline::Fate;
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
        lists.extend(growth(facts.names, statement).map(|growth| (growth.list, statement)));
    });
    let (list, growing, run) = lists.into_iter().find_map(|(list, growing)| {
        let aliases = aliases(found.body, &list.text);
        Some((list, growing, run_over(found.body, &aliases, facts)?))
    })?;
    let name = &list.text;
    let message = format!("each round runs the model over all of `{name}`, of which only the last entry is new");
    let problem = Diagnostic::new(Code::QuadraticRecompute, found.header, message)
        .related(growing.span, format!("`{name}` grows here"))
        .related(run.span, "all of it goes through the model here");
    Some(problem.help("keep keys and values in a `KVCache` and run the model over the new token alone"))
}

/// The call in each round that runs a model over the whole of a list.
fn run_over<'p>(body: &'p Block, aliases: &FxHashSet<&str>, facts: &Facts) -> Option<&'p Expression> {
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
            if found.is_none() && embeds(expression, aliases, facts.names).is_met(&facts.embedders) {
                found = Some(expression);
            }
        });
    }
    found
}

/// What a call does with the whole of a list: runs a model over it, passes it on.
fn embeds(expression: &Expression, aliases: &FxHashSet<&str>, names: &Names) -> Fate {
    let Some(call) = call_of(expression) else { return Fate::default() };
    let is_all = |value: &Expression| is_whole(value, aliases);
    match function(names, call.function) {
        Some((number, function)) => {
            let passed_on = call.positions(function, is_all).into_iter().map(|position| (number, position));
            Fate { here: false, passed_on: passed_on.collect() }
        }
        None => {
            let gets_all = || call.arguments.iter().any(|passed| is_all(passed.value));
            Fate { here: call.function.text == "embedding" && gets_all(), passed_on: Vec::new() }
        }
    }
}

/// What a block does with the whole of a list.
pub(super) fn embedded(names: &Names, block: &Block, list: &str) -> Fate {
    let aliases = aliases(block, list);
    let mut fate = Fate::default();
    expressions_in(block, &mut |expression| {
        let Fate { here, passed_on } = embeds(expression, &aliases, names);
        fate.here |= here;
        fate.passed_on.extend(passed_on);
    });
    fate
}

/// The names under which a block knows the whole of a list.
fn aliases<'p>(block: &'p Block, list: &'p str) -> FxHashSet<&'p str> {
    let mut names = FxHashSet::from_iter([list]);
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
fn is_whole(value: &Expression, names: &FxHashSet<&str>) -> bool {
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
