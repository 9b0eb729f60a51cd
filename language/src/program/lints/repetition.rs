//! Which functions are executed again and again on the same data that grows, rather
//! than once for each layer: those called in a loop that does not count layers, from
//! more than one place, or by such a function. What a file only offers to others counts
//! too, but says nothing of what it calls.

use rustc_hash::{FxHashMap, FxHashSet};

use super::body::{call_of, expressions_in, function, number_of};
use super::layers::{self, layer_number};
use super::sampling::{LoopStatement, loop_of};
use crate::program::names::{Names, TopLevel};
use crate::program::outline::{Fate, Loop, Outlines};
use crate::program::tree::*;
use crate::program::visit;

/// The functions that are executed again and again; `numbers` are the parameters that
/// are numbers of layers.
pub(super) fn repeated(
    program: &Program,
    names: &Names,
    outlines: &Outlines,
    numbers: &FxHashSet<(TopLevel, usize)>,
) -> FxHashSet<TopLevel> {
    let mut calls: FxHashMap<TopLevel, usize> = FxHashMap::default();
    let mut found: FxHashSet<TopLevel> = FxHashSet::default();
    for body in outlines.bodies() {
        body.calls.iter().for_each(|(called, count)| *calls.entry(*called).or_default() += count);
        let repeats = body.loops.iter().filter(|one| !one.layer_number.is_met(numbers));
        found.extend(repeats.flat_map(|one| &one.calls));
    }
    found.extend(calls.iter().filter(|(_, count)| **count > 1).map(|(called, _)| *called));
    loop {
        let before = found.len();
        for body in outlines.bodies() {
            if body.function.is_some_and(|caller| found.contains(&caller)) {
                found.extend(body.calls.keys());
            }
        }
        if found.len() == before {
            break;
        }
    }
    let declared = program.functions.iter().filter_map(|function| number_of(names, function));
    found.extend(declared.filter(|number| !calls.contains_key(number)));
    found
}

/// The loops of a block, as others have to know them.
pub(super) fn loops(names: &Names, block: &Block) -> Vec<Loop> {
    let mut found = Vec::new();
    visit::statements_in(block, &mut |statement| {
        if let Some(one) = loop_of(statement) {
            let calls = calls(names, one.body).into_iter().collect();
            let (bounded, indexes) = layers::indexes(&one);
            found.push(Loop { layer_number: counts_layers(names, &one), bounded, indexes, calls });
        }
    });
    found
}

/// Whether a loop goes over the layers of a model once.
pub(super) fn counts_layers(names: &Names, one: &LoopStatement) -> Fate {
    let variable = match &one.statement.kind {
        StatementKind::For { variable, .. } => Some(variable),
        StatementKind::While { condition, .. } => match &condition.kind {
            ExpressionKind::Binary(_, left, _) => left.variable(),
            _ => None,
        },
        _ => None,
    };
    variable.map_or_else(Fate::default, |variable| layer_number(names, one.body, &variable.text))
}

/// The functions of the script that a block calls, each as often as it does.
pub(super) fn calls(names: &Names, block: &Block) -> Vec<TopLevel> {
    let mut found = Vec::new();
    expressions_in(block, &mut |expression| {
        let called = call_of(expression).and_then(|call| function(names, call.function));
        found.extend(called.map(|(number, _)| number));
    });
    found
}
