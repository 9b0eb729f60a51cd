//! `rope-position`: keys or queries of new tokens that are turned as if they stood at
//! position 0, although tokens came before.
//!
//! Fires for a `rope` without a position whose result is appended to a `KVCache`, or
//! meets what a cache holds in one call, or is joined to a tensor that a loop lets
//! grow. Silent where that happens once, for the prompt: outside of every loop but
//! that over the layers, and in a function that is called so. `set` replaces what a
//! cache holds, so what it stores begins at 0.
//! Source: the decision on when `rope-position` fires.

use super::Facts;
use super::body::{Body, Called, call_of, called, expressions_in, function, number_of, root_of, variable_of};
use super::flow::Flow;
use super::sampling::{declares, growth, loop_of};
use crate::catalogue::Builtin;
use crate::catalogue::position::Position;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::names::Names;
use crate::program::tree::*;
use crate::program::visit;

pub(super) fn check<'p>(body: &Body<'p>, facts: &Facts<'p>) -> Vec<Diagnostic> {
    let mut turned = Vec::new();
    expressions_in(body.block, &mut |expression| {
        if turns_from_0(facts.names, expression) {
            turned.push(expression);
        }
    });
    turned.into_iter().filter_map(|rope| problem(rope, body, facts)).collect()
}

fn problem<'p>(rope: &'p Expression, body: &Body<'p>, facts: &Facts<'p>) -> Option<Diagnostic> {
    let source = |expression: &'p Expression| std::ptr::eq(expression, rope);
    let flow = Flow::of_rows(facts.names, body.block, &source);
    let repeats = repeats(rope, body, facts);
    let (meeting, what) = match cached(facts.names, body.block, rope, &flow, repeats) {
        Some(found) => found,
        None => (grown(rope, body, facts, &flow)?, "it is joined to what earlier rounds have left"),
    };
    let name = &call_of(rope)?.function.text;
    let message = format!("`{name}` without a position begins at 0, although tokens came before");
    Some(
        Diagnostic::new(Code::RopePosition, rope.span, message)
            .related(meeting.span, what)
            .help(format!("pass the position of the first row: `{name}(x, position)`, as in `cache.len(layer)`")),
    )
}

/// Whether a call is a `rope` that nobody tells a position.
fn turns_from_0(names: &Names, expression: &Expression) -> bool {
    let Some(call) = call_of(expression) else { return false };
    let is_rope = match called(names, call.function) {
        Called::Builtin(builtin) => builtin == Builtin::Position(Position::Rope),
        Called::Other => call.function.text == "cndl_rope",
        Called::Function(..) => false,
    };
    let told = call.arguments.iter().skip(1).any(|passed| passed.name.is_none_or(|name| name == "position"));
    is_rope && !told
}

/// Whether a place is executed again and again: in a loop that does not count layers,
/// or in a function that is.
fn repeats(rope: &Expression, body: &Body, facts: &Facts) -> bool {
    let function = body.function.and_then(|function| number_of(facts.names, function));
    let mut found = function.is_some_and(|function| facts.layering().repeated.contains(&function));
    visit::statements_in(body.block, &mut |statement| {
        let around = statement.span.contains(rope.span);
        found |= around && loop_of(statement).is_some_and(|one| !facts.counts_layers(&one));
    });
    found
}

/// Where a cache gets or meets what depends on the rope.
fn cached<'p>(
    names: &'p Names,
    block: &'p Block,
    rope: &Expression,
    flow: &Flow<'p, '_>,
    repeats: bool,
) -> Option<(&'p Expression, &'static str)> {
    let is_read = |expression: &'p Expression| cache_call(expression).is_some_and(|word| word.starts_with("get_"));
    let reads = Flow::of_rows(names, block, &is_read);
    let mut filled = false;
    let mut found = None;
    expressions_in(block, &mut |expression| {
        let Some(call) = call_of(expression) else { return };
        let is_behind = rope.span.end() <= expression.span.end();
        let word = cache_call(expression);
        let stores = matches!(word, Some("append" | "set"));
        let values = if stores { &call.arguments[2..] } else { &call.arguments[..] };
        let gets = values.iter().any(|passed| flow.depends(passed.value));
        if word == Some("append") && gets && is_behind && (repeats || filled) && found.is_none() {
            found = Some((expression, "it is appended to a cache here"));
        }
        // What has been stored before this rope comes before its rows.
        filled |= stores && expression.span.end() <= rope.span.start();
        let meets =
            !stores && gets && values.iter().any(|passed| reads.depends(passed.value) && !flow.depends(passed.value));
        if meets && is_behind && (repeats || filled) && found.is_none() {
            found = Some((expression, "it meets what a cache holds here"));
        }
    });
    found
}

/// Which method of a `KVCache` a call is.
fn cache_call(expression: &Expression) -> Option<&str> {
    let ExpressionKind::Method { method, arguments, .. } = &expression.kind else { return None };
    match (method.text.as_str(), arguments.len()) {
        (word @ ("append" | "set"), 3) | (word @ ("get_k" | "get_v"), 1) => Some(word),
        _ => None,
    }
}

/// Where a round joins what depends on the rope to a part of a list of the rounds before,
/// and puts it back into that list: `let k = concat(keys[i], rope(k))`, `keys[i] = k`.
fn kept<'p>(names: &Names, body: &'p Block, flow: &Flow<'p, '_>) -> Option<&'p Expression> {
    let mut lists: Vec<&str> = Vec::new();
    visit::statements_in(body, &mut |statement| {
        let StatementKind::Assign { target: target @ Target::Index { .. }, value, .. } = &statement.kind else {
            return;
        };
        let list = root_of(target).filter(|list| !declares(body, &list.text) && flow.depends(value));
        lists.extend(list.map(|list| list.text.as_str()));
    });
    if lists.is_empty() {
        return None;
    }
    let mut found = None;
    expressions_in(body, &mut |expression| {
        let Some(call) = call_of(expression).filter(|call| matches!(call.function.text.as_str(), "concat" | "append"))
        else {
            return;
        };
        let [of, by, ..] = &call.arguments[..] else { return };
        let ExpressionKind::Index { object, .. } = &of.value.kind else { return };
        let joins = variable_of(object).is_some_and(|list| lists.contains(&list.text.as_str()));
        if joins && flow.depends(by.value) && function(names, call.function).is_none() {
            found = found.or(Some(expression));
        }
    });
    found
}

/// Where a loop joins what depends on the rope to a tensor of the rounds before.
fn grown<'p>(rope: &Expression, body: &Body<'p>, facts: &Facts<'p>, flow: &Flow<'p, '_>) -> Option<&'p Expression> {
    let mut found = None;
    visit::statements_in(body.block, &mut |statement| {
        let Some(one) = loop_of(statement).filter(|one| !facts.counts_layers(one)) else { return };
        let around = statement.span.contains(rope.span);
        if !around || found.is_some() {
            return;
        }
        visit::statements_in(one.body, &mut |statement| {
            let Some(growth) = growth(facts.names, statement) else { return };
            if flow.depends(growth.by) && !declares(one.body, &growth.list.text) {
                found = found.or(match &statement.kind {
                    StatementKind::Assign { value, .. } | StatementKind::Expression(value) => Some(value),
                    _ => None,
                });
            }
        });
        found = found.or_else(|| kept(facts.names, one.body, flow));
    });
    found
}
