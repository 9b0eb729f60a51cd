//! Loops over the layers of a model: where a loop with a literal bound indexes
//! `model.blk[i]` by its own variable. How many layers there are is not known here:
//! the inference compares ([`crate::inference`]).

use rustc_hash::FxHashSet;

use super::body::{Call, bodies, call_of, expressions_in, function, number_of};
use super::sampling::{LoopStatement, loop_of};
use crate::program::names::{Names, TopLevel};
use crate::program::outline::{Fate, LayersOf, Outline, Outlines};
use crate::program::tree::*;
use crate::program::visit;
use crate::source::Span;

/// A loop over layers whose bound is a number in the script.
#[derive(Clone, Debug)]
pub struct LayerLoop<'p> {
    /// The bound.
    pub bound: Span,
    /// The first layer.
    pub first: i64,
    /// The layer behind the last.
    pub end: i64,
    /// What is indexed: lists may be among it.
    pub layers: Vec<Layers<'p>>,
    /// Whether every round is executed when the body around it is.
    pub certain: bool,
}

/// What a loop over layers indexes.
#[derive(Clone, Copy, Debug)]
pub enum Layers<'p> {
    /// The layers themselves, as `model.blk`.
    Of(&'p Expression),
    /// The layers of this name of a model, in a function that gets the model.
    Named(&'p Expression, &'p str),
}

/// Every loop over layers with a literal bound.
pub fn loops<'p>(program: &'p Program, names: &Names, outlines: &'p Outlines) -> Vec<LayerLoop<'p>> {
    let walked = walked(program, names, outlines);
    let functions: FxHashSet<TopLevel> = walked.iter().map(|walked| walked.function).collect();
    let may_have = |outline: &Outline| outline.indexes_in_loops(&functions);
    let mut found = Vec::new();
    for body in bodies(program) {
        if !outlines.of(body.block.id.text).is_none_or(may_have) {
            continue;
        }
        visit::statements_in(body.block, &mut |statement| {
            let is_outer = body.block.statements.iter().any(|one| std::ptr::eq(one, statement));
            let one = layer_loop(names, statement, &walked);
            found.extend(one.map(|one| LayerLoop { certain: one.certain && is_outer, ..one }));
        });
    }
    found
}

/// Whether a loop has literal bounds, and whether such a one indexes something by its
/// variable.
pub(super) fn indexes(one: &LoopStatement) -> (bool, bool) {
    let Some((variable, _)) = bounded(one.statement) else { return (false, false) };
    let mut indexes = false;
    expressions_in(one.body, &mut |expression| indexes |= indexed_by(expression, &variable.text).is_some());
    (true, indexes)
}

/// The variable of a loop whose bounds are numbers in the script.
fn bounded(statement: &Statement) -> Option<(&Name, Bounds)> {
    match &statement.kind {
        StatementKind::For { variable, iterable, .. } => Some((variable, range(iterable)?)),
        StatementKind::While { condition, .. } => below(condition),
        _ => None,
    }
}

fn layer_loop<'p>(names: &Names, statement: &'p Statement, walked: &[Walked<'p>]) -> Option<LayerLoop<'p>> {
    let (variable, bounds) = bounded(statement)?;
    let body = loop_of(statement)?.body;
    let mut layers = Vec::new();
    unconditional(body, &mut |expression| {
        layers.extend(indexed_by(expression, &variable.text));
        layers.extend(passed_on(names, expression, &variable.text, walked));
    });
    let Bounds { first, end, bound } = bounds;
    (!layers.is_empty()).then_some(LayerLoop { bound, first, end, layers, certain: never_left(body) })
}

/// Calls `visit` for what each round of a loop evaluates: what is asked for under a
/// condition may be asked for rightly.
pub(super) fn unconditional<'p>(body: &'p Block, visit: &mut dyn FnMut(&'p Expression)) {
    let mut guards: Vec<Span> = Vec::new();
    expressions_in(body, &mut |expression| {
        if let ExpressionKind::If { .. } | ExpressionKind::Match { .. } = expression.kind {
            guards.push(expression.span);
        }
        let is_guarded = guards.iter().any(|guard| guard.contains(expression.span));
        if !is_guarded {
            visit(expression);
        }
    });
}

/// Whether every round of a loop comes to its end.
pub(crate) fn never_left(body: &Block) -> bool {
    let mut leaves = false;
    visit::statements_in(body, &mut |statement| {
        leaves |= matches!(statement.kind, StatementKind::Break | StatementKind::Continue | StatementKind::Return(_));
    });
    !leaves
}

/// The bounds of a loop, and where the last is written.
pub(crate) struct Bounds {
    pub(crate) first: i64,
    pub(crate) end: i64,
    pub(crate) bound: Span,
}

/// The bounds of `range(22)`, `range(0, 22)`, `0..22`.
pub(crate) fn range(iterable: &Expression) -> Option<Bounds> {
    let (first, end) = match &iterable.kind {
        ExpressionKind::Range(first, end) => (Some(&**first), &**end),
        ExpressionKind::Call { function, arguments, .. } => {
            let is_range = matches!(function.text.as_str(), "range" | "range_i" | "arange");
            match &arguments[..] {
                [end] if is_range => (None, &end.value),
                [first, end] if is_range => (Some(&first.value), &end.value),
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(Bounds { first: first.map_or(Some(0), literal)?, end: literal(end)?, bound: end.span })
}

/// The variable and the bounds of `while i < 22`. Where it begins is not known, and
/// taken as the first layer.
fn below(condition: &Expression) -> Option<(&Name, Bounds)> {
    let ExpressionKind::Binary(operator, left, right) = &condition.kind else { return None };
    let ExpressionKind::Variable(variable) = &left.kind else { return None };
    let end = match operator {
        BinaryOperator::Less => literal(right)?,
        BinaryOperator::LessEqual => literal(right)?.checked_add(1)?,
        _ => return None,
    };
    Some((variable, Bounds { first: 0, end, bound: right.span }))
}

/// The whole number that is written.
pub(super) fn literal(expression: &Expression) -> Option<i64> {
    match expression.kind {
        ExpressionKind::Integer(n) => Some(n),
        ExpressionKind::Float(x) if x.fract() == 0.0 && x.abs() < 1e9 => Some(x as i64),
        _ => None,
    }
}

/// `layers` of `layers[variable]`.
fn indexed_by<'p>(expression: &'p Expression, variable: &str) -> Option<Layers<'p>> {
    let ExpressionKind::Index { object, items } = &expression.kind else { return None };
    let [IndexItem::At(Expression { kind: ExpressionKind::Variable(index), .. })] = &items[..] else { return None };
    let is_layers = matches!(object.kind, ExpressionKind::Field { .. } | ExpressionKind::Variable(_));
    (index.text == variable && is_layers).then_some(Layers::Of(object))
}

/// The model that a call passes together with `variable`, to a function that indexes
/// its layers by that.
fn passed_on<'p>(
    names: &Names,
    expression: &'p Expression,
    variable: &str,
    walked: &[Walked<'p>],
) -> Option<Layers<'p>> {
    let call = call_of(expression)?;
    let (number, called) = function(names, call.function)?;
    walked.iter().filter(|walked| walked.function == number).find_map(|Walked { by, .. }| {
        let index = call.argument_of(called, by.index)?;
        let model = call.argument_of(called, by.model)?;
        let is_variable = matches!(&index.kind, ExpressionKind::Variable(name) if name.text == variable);
        is_variable.then_some(Layers::Named(model, &by.layers))
    })
}

/// A function that indexes the layers of one parameter by another.
struct Walked<'p> {
    function: TopLevel,
    by: &'p LayersOf,
}

fn walked<'p>(program: &'p Program, names: &Names, outlines: &'p Outlines) -> Vec<Walked<'p>> {
    let mut found = Vec::new();
    for function in &program.functions {
        let walks = outlines.of(function.name.id.text).map_or(&[][..], |outline| &outline.walks_layers);
        if let (false, Some(number)) = (walks.is_empty(), number_of(names, function)) {
            found.extend(walks.iter().map(|by| Walked { function: number, by }));
        }
    }
    found
}

/// The layers of its parameters that a function indexes by its parameters.
pub(in crate::program) fn walked_by(function: &Function) -> Vec<LayersOf> {
    let position = |name: &Name| function.parameters.iter().position(|one| one.name.text == name.text);
    let mut found = Vec::new();
    expressions_in(&function.body, &mut |expression| {
        let ExpressionKind::Index { object, items } = &expression.kind else { return };
        let [IndexItem::At(Expression { kind: ExpressionKind::Variable(index), .. })] = &items[..] else { return };
        let ExpressionKind::Field { object, property } = &object.kind else { return };
        let ExpressionKind::Variable(model) = &object.kind else { return };
        if let (Some(model), Some(index)) = (position(model), position(index)) {
            found.push(LayersOf { model, index, layers: property.text.clone() });
        }
    });
    found
}

/// Whether a variable is the number of a layer in a block: it indexes `blk`, or says
/// which layer of a cache is meant, here or in a function that gets it.
pub(super) fn layer_number(names: &Names, block: &Block, variable: &str) -> Fate {
    let is_it = |value: &Expression| matches!(&value.kind, ExpressionKind::Variable(name) if name.text == variable);
    let mut fate = Fate::default();
    expressions_in(block, &mut |expression| {
        if let ExpressionKind::Index { object, items } = &expression.kind {
            let layers = matches!(&object.kind, ExpressionKind::Field { property, .. } if property.text == "blk");
            fate.here |= layers && matches!(&items[..], [IndexItem::At(index)] if is_it(index));
        }
        let Some(call) = call_of(expression).filter(|call| call.arguments.iter().any(|passed| is_it(passed.value)))
        else {
            return;
        };
        match function(names, call.function) {
            Some((number, called)) => {
                let positions = call.positions(called, is_it);
                fate.passed_on.extend(positions.into_iter().map(|position| (number, position)));
            }
            None => fate.here |= takes_a_layer(&call) && is_it(call.arguments[1].value),
        }
    });
    fate
}

/// Whether a call is a method of a `KVCache`, the layer behind the receiver.
fn takes_a_layer(call: &Call) -> bool {
    matches!((call.function.text.as_str(), call.arguments.len()), ("append" | "set", 4) | ("get_k" | "get_v", 2))
}
