//! `layer-out-of-range` for a `KVCache`: a loop with a literal bound that asks a cache
//! for more layers than it was made with.
//!
//! Silent where either number is not written as one, and where the loop may be left
//! early or asks under a condition.
//! Source: the decision on when `layer-count-mismatch` fires.

use super::body::Body;
use super::layers::{Bounds, literal, never_left, range, unconditional};
use super::sampling::bound_by;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::tree::*;
use crate::program::visit;
use crate::source::Span;

pub(super) fn check(body: &Body) -> Vec<Diagnostic> {
    let caches = caches(body);
    let mut problems = Vec::new();
    if caches.is_empty() {
        return problems;
    }
    visit::statements_in(body.block, &mut |statement| {
        let StatementKind::For { variable, iterable, body, .. } = &statement.kind else { return };
        let Some(Bounds { end, bound, .. }) = range(iterable).filter(|_| never_left(body)) else { return };
        let mut asked = None;
        unconditional(body, &mut |expression| asked = asked.or_else(|| cache_of(expression, &variable.text)));
        let made = asked.and_then(|asked| caches.iter().find(|cache| cache.name == asked));
        let Some(cache) = made.filter(|cache| cache.layers < end) else { return };
        let message = format!("`{}` has {} layers, the loop asks for {end}", cache.name, cache.layers);
        let problem = Diagnostic::new(Code::LayerOutOfRange, bound, message);
        problems.push(problem.related(cache.made, "the cache is made here"));
    });
    problems
}

/// A cache that is made with a number of layers, once.
struct Cache<'p> {
    name: &'p str,
    layers: i64,
    made: Span,
}

fn caches<'p>(body: &Body<'p>) -> Vec<Cache<'p>> {
    let mut found: Vec<Cache> = Vec::new();
    let mut bound: Vec<&str> = Vec::new();
    visit::statements_in(body.block, &mut |statement| {
        let Some((name, value)) = bound_by(statement) else { return };
        bound.push(&name.text);
        let ExpressionKind::Call { namespace: Some(namespace), arguments, .. } = &value.kind else { return };
        let layers = arguments.first().and_then(|argument| literal(&argument.value));
        if let (true, Some(layers)) = (namespace.text == "KVCache", layers) {
            found.push(Cache { name: &name.text, layers, made: value.span });
        }
    });
    found.retain(|cache| bound.iter().filter(|name| **name == cache.name).count() == 1);
    found
}

/// The cache that a call asks for the layer of `variable`.
fn cache_of<'p>(expression: &'p Expression, variable: &str) -> Option<&'p str> {
    let ExpressionKind::Method { receiver, method, arguments } = &expression.kind else { return None };
    let ExpressionKind::Variable(cache) = &receiver.kind else { return None };
    let asks =
        matches!((method.text.as_str(), arguments.len()), ("append" | "set", 3) | ("get_k" | "get_v" | "len", 1));
    let layer = arguments.first().map(|argument| &argument.value.kind);
    let is_it = matches!(layer, Some(ExpressionKind::Variable(name)) if name.text == variable);
    (asks && is_it).then_some(cache.text.as_str())
}
