//! `layer-out-of-range` for a `KVCache`: a layer that it was not made with, be it a number
//! in the script or that of the last round of a loop whose number of rounds is known, also
//! where a function lies between the loop, the cache and the call that asks for the layer;
//! and for the layers of a model where such a loop counts to what its function was passed.
//!
//! Silent where a loop may be left early, and for what is asked under a condition.
//! Source: the decision on when `layer-count-mismatch` fires.

use std::sync::Arc;

use super::calls::Passed;
use super::known::Known;
use super::symbols::Site;
use super::walk::{Reach, Walk};
use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Label};
use crate::program::lints::layers::{Bounds, never_left, range};
use crate::program::tree::*;
use crate::shape::{Dim, Mismatch};
use crate::size::Size;
use crate::source::Span;

/// How many layers a cache was made with, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CacheLayers {
    pub(super) count: i64,
    pub(super) made: Span,
}

/// A loop that counts to a known number and is never left before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Counted {
    /// How often it goes round.
    pub(super) rounds: i64,
    /// Where the script says so.
    pub(super) bound: Span,
}

impl Walk<'_> {
    /// The cache that a call with this number of layers makes.
    pub(super) fn cache_with_layers(count: Option<&Passed>, cache: Known, made: Span) -> Known {
        let count = count.and_then(|(count, ..)| count.fact.integer().filter(|_| count.assured));
        let layers = count.map(|count| Arc::new(CacheLayers { count, made }));
        let history = cache.history.clone().changed(|rare| rare.layers = layers);
        cache.with(history)
    }

    /// Notes how far a loop over `over` counts.
    pub(super) fn counts(&mut self, iterable: &Expression, over: &Known, body: &Block, span: Span) {
        let bound = match &iterable.kind {
            ExpressionKind::Range(_, end) => Some(end.span),
            ExpressionKind::Call { arguments, .. } => arguments.last().map(|argument| argument.value.span),
            _ => None,
        };
        let counted = match (range(iterable), &over.fact, bound) {
            (Some(Bounds { first, end, bound }), ..) => Some(Counted { rounds: end.saturating_sub(first), bound }),
            (None, Fact::Array { len: Dim::Known(len), .. }, Some(bound)) if over.assured => {
                i64::try_from(*len).ok().map(|rounds| Counted { rounds, bound })
            }
            _ => None,
        };
        let counted = counted.filter(|_| never_left(body) && self.counted_from(iterable).is_some());
        let counter = match counted {
            Some(_) => Some(self.round_of(span)),
            None => self.symbols.existing(Site::Rounds(span)),
        };
        if let Some(counter) = counter {
            self.symbols.counts(&counter, counted);
        }
    }

    /// What is to be said of a method of a cache that asks for a layer.
    pub(super) fn advise_cache_layer(&mut self, cache: &Passed, layer: &Passed) {
        let (Some(layers), Some(asked)) = (&cache.0.history.rare().layers, layer.0.fact.size()) else { return };
        let CacheLayers { count, made } = **layers;
        let Some((last, bound)) = self.last_asked(&asked).filter(|(last, _)| *last >= count) else { return };
        let message = match bound {
            Some(_) => format!("the cache has {count} layers, the loop asks for {}", last.saturating_add(1)),
            None => format!("the cache has layers 0 to {}, found layer {last}", count.saturating_sub(1)),
        };
        let related = vec![Label { place: made, message: "the cache is made here".to_string() }];
        let mismatch = Mismatch::new(Code::LayerOutOfRange, message);
        self.mismatch(mismatch, bound.unwrap_or(layer.1), related, cache.0.assured && layer.0.assured);
    }

    /// What is to be said of `layers[index]` in a loop, or in a function that one calls,
    /// whose last round asks for more layers than the model has.
    pub(super) fn advise_layer(&mut self, layers: &Known, index: &Size, assured: bool) {
        let count = layers.handle.as_ref().and_then(|handle| self.models.layer_count(handle));
        let Some(count) = count.and_then(|count| i64::try_from(count).ok()) else { return };
        let Some((last, Some(bound))) = self.last_asked(index) else { return };
        if last >= count {
            let message = format!("the model has {count} layers, the loop asks for {}", last.saturating_add(1));
            let related = self.load_of(layers);
            self.mismatch(Mismatch::new(Code::LayerOutOfRange, message), bound, related, assured);
        }
    }

    /// The number that is asked for in the last round of the loops around, and where one of
    /// them says how often it goes round.
    fn last_asked(&self, asked: &Size) -> Option<(i64, Option<Span>)> {
        let mut bound = None;
        let last = asked.replace(&mut |symbol| {
            let counted = self.symbols.counted(symbol);
            bound = bound.or(counted.map(|counted| counted.bound));
            Some(match counted {
                Some(counted) => Size::Number(counted.rounds.saturating_sub(1)),
                None => Size::symbol(symbol.clone()),
            })
        });
        // A branch may be there to leave out the last rounds.
        let last = last.as_ref().and_then(Size::known)?;
        (bound.is_none() || self.reach < Reach::Branch).then_some((last, bound))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_script;

    fn of_main(lines: &str) {
        check_script(&format!(
            "fn keys(cache: KVCache, i: int) -> Tensor {{\ncache.get_k(i)\n}}\n\
             fn last_of(cache: KVCache) -> Tensor {{\nlet k = zeros([1])\n\
             for i in range(4) {{\nk = keys(cache, i)\n}}\nk\n}}\nmain {{\n{lines}\n}}"
        ));
    }

    #[test]
    fn a_loop_asks_a_cache_for_the_layers_it_has() {
        let script = |bound: &str, rest: &str| {
            format!("let cache = KVCache::new(4)\nfor i in range({bound}\n{rest}\nprint(cache.get_k(i))\n}}")
        };
        of_main(&script("6) { // error[layer-out-of-range]", ""));
        of_main(&script("4) {", ""));
        of_main(&script("6) {", "if i == 4 { break }"));
        of_main(&script("6) {", "if i == 4 { continue }"));
        of_main("let cache = KVCache::new(4)\nprint(cache.get_k(4)) // error[layer-out-of-range]");
        of_main(&script("-9223372036854775808) {", ""));
        of_main("let cache = KVCache::new(4)\nfor i in range(1, 4) {\nprint(cache.get_k(i), cache.get_k(i - 1))\n}");
        of_main(
            "let cache = KVCache::new(4)\nfor i in range(4) { // error[layer-out-of-range]\nprint(cache.get_k(i + 1))\n}",
        );
    }

    #[test]
    fn functions_may_lie_between() {
        of_main(
            "let cache = KVCache::new(4)\nfor i in range(5) { // error[layer-out-of-range]\nprint(keys(cache, i))\n}",
        );
        of_main("let cache = KVCache::new(4)\nprint(last_of(cache))");
        let script = "fn last_of(cache: KVCache) -> Tensor {\nlet k = zeros([1])\n\
                      for i in range(4) { // error[layer-out-of-range]\nk = cache.get_k(i)\n}\nk\n}\n\
                      main {\nprint(last_of(KVCache::new(2)))\n}";
        check_script(script);
    }

    #[test]
    fn a_function_may_count_the_layers_of_a_model() {
        let script = |end: &str, body: &str| {
            check_script(&format!(
                "fn show(m: Model, first: int, last: int) {{\nfor i in range(first, last) {{{body}\n}}\n}}\n\
                 main {{\nshow(load_model(\"models/stories-f16.gguf\"), 1, {end})\n}}"
            ));
        };
        script("5", " // error[layer-out-of-range]\nprint(shape(m.blk[i].attn_q.weight))");
        script("4", "\nprint(shape(m.blk[i].attn_q.weight))");
        script("5", "\nif i < 4 { print(shape(m.blk[i].attn_q.weight)) }");
        script("5", "\nif i == 4 { break }\nprint(shape(m.blk[i].attn_q.weight))");
    }
}
