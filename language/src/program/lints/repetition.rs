//! Which functions are executed again and again on the same data that grows, rather
//! than once for each layer: those called in a loop that does not count layers, from
//! more than one place, or by such a function. What a file only offers to others counts
//! too, but says nothing of what it calls.

use std::collections::{HashMap, HashSet};

use super::body::{bodies, call_of, expressions_in, function};
use super::layers::{is_layer_number, layer_numbers};
use super::sampling::{LoopStatement, loop_of};
use crate::program::tree::*;
use crate::program::visit;

/// The functions that are executed again and again.
pub(super) fn repeated(program: &Program) -> HashSet<&str> {
    let numbers = layer_numbers(program);
    let mut calls: HashMap<&str, usize> = HashMap::new();
    let mut callers: Vec<(&str, &str)> = Vec::new();
    let mut found: HashSet<&str> = HashSet::new();
    for body in bodies(program) {
        calls_in(program, body.block, &mut |name| {
            *calls.entry(name).or_default() += 1;
            callers.push((body.name, name));
        });
        visit::statements_in(body.block, &mut |statement| {
            let repeats = loop_of(statement).filter(|one| !counts_layers(program, one, &numbers));
            if let Some(repeats) = repeats {
                calls_in(program, repeats.body, &mut |name| {
                    found.insert(name);
                });
            }
        });
    }
    found.extend(calls.iter().filter(|(_, count)| **count > 1).map(|(name, _)| *name));
    loop {
        let before = found.len();
        for (caller, called) in &callers {
            if found.contains(caller) {
                found.insert(called);
            }
        }
        if found.len() == before {
            break;
        }
    }
    let uncalled = program.functions.iter().map(|function| function.name.text.as_str());
    found.extend(uncalled.filter(|name| !calls.contains_key(name)));
    found
}

/// Whether a loop goes over the layers of a model once.
pub(super) fn counts_layers(program: &Program, one: &LoopStatement, numbers: &HashSet<(&str, usize)>) -> bool {
    let counts = |name: &Name| is_layer_number(program, one.body, &name.text, numbers);
    match &one.statement.kind {
        StatementKind::For { variable, .. } => counts(variable),
        StatementKind::While { condition, .. } => match &condition.kind {
            ExpressionKind::Binary(_, left, _) => matches!(&left.kind, ExpressionKind::Variable(name) if counts(name)),
            _ => false,
        },
        _ => false,
    }
}

/// The functions of the script that a block calls.
fn calls_in<'p>(program: &'p Program, block: &'p Block, visit: &mut dyn FnMut(&'p str)) {
    expressions_in(block, &mut |expression| {
        let called = call_of(expression).and_then(|call| function(program, &call.function.text));
        called.into_iter().for_each(|called| visit(&called.name.text));
    });
}
