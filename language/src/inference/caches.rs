//! What a `KVCache` holds. A cache is a handle that changes in place, so nothing is
//! known of one at one place of a program; what holds is what all stores of the program
//! into the caches made by one call have in common: the sizes of a row of keys and of a row
//! of values, the number of rows left open. A cache of which it is not known where it was
//! made may be any of them. It is assumed before a walk and compared behind it. In the first
//! walk nothing is, and a load sees the stores before it; mostly that is what all have in
//! common.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::calls::Passed;
use super::history::{History, Role, Stream, Typing};
use super::known::{Known, join, map_sizes};
use super::walk::Walk;
use crate::catalogue::entry::Bound;
use crate::catalogue::fact::Fact;
use crate::shape::{Dim, ElementType, Shape};
use crate::source::Span;

/// The call that a cache was made by: which of those in the function or part of this name,
/// so that an edit does not change it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Maker {
    owner: Arc<str>,
    number: usize,
    /// The element type that it says the caches keep.
    pub(super) element: Option<ElementType>,
}

/// What is stored in the caches of each maker; in those of an unknown one under `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Caches {
    of: FxHashMap<Option<Maker>, Stored>,
}

/// What all stores of keys and of values share.
#[derive(Clone, Debug, Default, PartialEq)]
struct Stored {
    keys: Option<Row>,
    values: Option<Row>,
    /// What the caches make of the element type; none leaves it.
    caches: Vec<Option<ElementType>>,
}

/// What an entry of keys or of values was taken to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Loaded {
    maker: Option<Maker>,
    stream: Stream,
    row: Option<Row>,
}

/// What every entry has in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// A tensor of which the number of rows is open.
    fact: Fact,
    is_turned: Option<bool>,
    heads: Option<(usize, usize)>,
}

impl Row {
    fn join(&self, other: &Row) -> Row {
        Row {
            fact: join(&self.fact, &other.fact),
            is_turned: self.is_turned.filter(|_| self.is_turned == other.is_turned),
            heads: self.heads.filter(|_| self.heads == other.heads),
        }
    }

    /// A row of what is stored: its numbers, since symbols mean other things elsewhere.
    fn of(known: &Known) -> Row {
        let fact = match map_sizes(&known.fact, &mut |_, _| None) {
            Fact::Tensor { element, shape: Some(mut shape) } if shape.rank() > 0 => {
                shape.0[0] = Dim::Unknown;
                Fact::Tensor { element, shape: Some(shape) }
            }
            Fact::Tensor { element, .. } => Fact::Tensor { element, shape: None },
            _ => Fact::shaped(None),
        };
        Row { fact, is_turned: known.history.turned, heads: known.history.heads }
    }
}

impl Stored {
    /// What holds for both.
    fn join(&self, other: &Stored) -> Stored {
        let both = |a: &Option<Row>, b: &Option<Row>| match (a, b) {
            (Some(a), Some(b)) => Some(a.join(b)),
            (a, b) => a.clone().or_else(|| b.clone()),
        };
        let mut caches = self.caches.clone();
        caches.extend(other.caches.iter().filter(|cache| !self.caches.contains(cache)));
        Stored { keys: both(&self.keys, &other.keys), values: both(&self.values, &other.values), caches }
    }

    /// What a load gives.
    fn of(&self, stream: Stream) -> Option<Row> {
        let row = match stream {
            Stream::Values => &self.values,
            Stream::Keys | Stream::Queries => &self.keys,
        };
        let row = row.clone()?;
        let mut elements = self.caches.iter().map(|cache| cache.or(row.fact.element()));
        let element = elements.next().unwrap_or(row.fact.element());
        let element = element.filter(|element| elements.all(|other| other == Some(*element)));
        match row.fact {
            Fact::Tensor { shape, .. } => Some(Row { fact: Fact::Tensor { element, shape }, ..row }),
            _ => Some(row),
        }
    }
}

impl Caches {
    /// What holds for both.
    pub(super) fn join(&mut self, other: &Caches) {
        other.of.iter().for_each(|(maker, stored)| self.add(maker, stored));
    }

    fn add(&mut self, maker: &Option<Maker>, stored: &Stored) {
        match self.of.get_mut(maker) {
            Some(before) => *before = before.join(stored),
            None => {
                self.of.insert(maker.clone(), stored.clone());
            }
        }
    }

    /// Whether nothing is stored and no cache is made.
    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether more might be known of an entry.
    pub(super) fn leave_open(&self) -> bool {
        let is_open = |row: &Row| match &row.fact {
            Fact::Tensor { element: Some(_), shape: Some(shape) } => {
                shape.0.iter().skip(1).any(|size| size.known().is_none())
            }
            _ => true,
        };
        self.of.values().any(|stored| stored.keys.iter().chain(&stored.values).any(is_open))
    }

    /// What a load of a cache gives.
    fn load(&self, maker: &Option<Maker>, stream: Stream) -> Option<Row> {
        let may_be = |other: &Option<Maker>| maker.is_none() || other.is_none() || maker == other;
        let stored = self.of.iter().filter(|(other, _)| may_be(other)).map(|(_, stored)| stored.clone());
        stored.reduce(|a, b| a.join(&b))?.of(stream)
    }

    /// Whether this is what was loaded each time.
    pub(super) fn are_what_was_loaded(&self, loaded: &[Loaded]) -> bool {
        loaded.iter().all(|loaded| self.load(&loaded.maker, loaded.stream) == loaded.row)
    }

    /// What holds whatever a program stores.
    pub(super) fn anything() -> Caches {
        let row = Some(Row { fact: Fact::shaped(None), is_turned: None, heads: None });
        let stored = Stored { keys: row.clone(), values: row, caches: vec![None] };
        Caches { of: FxHashMap::from_iter([(None, stored)]) }
    }
}

impl Walk<'_> {
    /// What a method of a `KVCache` that fits stores or gives.
    pub(super) fn of_cache(&mut self, method: &str, arguments: &Bound<Passed>, known: Known, span: Span) -> Known {
        let at = |slot: usize| arguments.get(slot);
        let maker = at(0).and_then(|(cache, ..)| cache.history.rare().maker.clone());
        if let (Some(cache), Some(layer), true) = (at(0), at(1), method.starts_with("KVCache.")) {
            self.advise_cache_layer(cache, layer);
        }
        match (method, [at(2), at(3)]) {
            ("KVCache.set" | "KVCache.append", [Some((keys, place, _)), Some((values, ..))]) => {
                if let Some((cache, ..)) = at(0) {
                    self.advise_cache_type(cache, (keys, *place));
                }
                let [keys, values] = [keys, values].map(|known| Some(Row::of(&self.as_tensor(known))));
                self.stores(&maker, Stored { keys, values, ..Stored::default() });
                known
            }
            ("KVCache.get_k", _) => self.entry_of_cache((maker, Stream::Keys), known, span),
            ("KVCache.get_v", _) => self.entry_of_cache((maker, Stream::Values), known, span),
            ("KVCache::new" | "KVCache::new_f16" | "KVCache::new_f32", _) => {
                let element = match method {
                    "KVCache::new_f16" => Some(ElementType::Float16),
                    "KVCache::new_f32" => Some(ElementType::Float32),
                    _ => None,
                };
                let maker = Some(self.maker(element, span));
                self.stores(&maker, Stored { caches: vec![element], ..Stored::default() });
                let history = known.history.clone().changed(|rare| rare.maker = maker);
                Walk::cache_with_layers(at(0), known.with(history), span)
            }
            _ => known,
        }
    }

    /// The call at `span` as that which makes a cache.
    fn maker(&mut self, element: Option<ElementType>, span: Span) -> Maker {
        let function = self.calling.last().and_then(|number| self.analysis.names.function(*number));
        let owner = function.map_or(self.part, |function| function.name.text.as_str());
        let calls = self.makers.entry(owner).or_default();
        let number = calls.iter().position(|call| *call == span).unwrap_or_else(|| {
            calls.push(span);
            calls.len() - 1
        });
        Maker { owner: owner.into(), number, element }
    }

    fn stores(&mut self, maker: &Option<Maker>, stored: Stored) {
        self.notes.stored.add(maker, &stored);
        self.stored.add(maker, &stored);
    }

    fn entry_of_cache(&mut self, (maker, stream): (Option<Maker>, Stream), known: Known, span: Span) -> Known {
        self.notes.loads = true;
        let row = self.stored.load(&maker, stream);
        let typing = maker.as_ref().and_then(|maker| maker.element).map(|_| Typing::Strong);
        let loaded = Loaded { maker, stream, row: row.clone() };
        if !self.loaded.contains(&loaded) {
            self.loaded.push(loaded);
        }
        let Some(row) = row else { return known };
        let rows = self.born(span, "the number of positions that the cache holds");
        let Fact::Tensor { element, shape: Some(Shape(mut sizes)) } = row.fact else { return known };
        sizes[0] = Dim::of(&rows).unwrap_or(Dim::Unknown);
        let history = History {
            role: Some(Role::Stream(stream)),
            turned: row.is_turned,
            heads: row.heads,
            typing,
            ..known.history.clone()
        };
        Known { fact: Fact::Tensor { element, shape: Some(Shape(sizes)) }, reason: None, ..known.with(history) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_script;

    fn of_main(lines: &str) {
        check_script(&format!(
            "fn put(cache: KVCache, width: int) {{\ncache.append(0, ones([2, width]), ones([2, width]))\n}}\n\
             fn keys(cache: KVCache) -> Tensor {{\ncache.get_k(0)\n}}\nmain {{\n\
             let a = KVCache::new(1)\nlet b = KVCache::new(1)\nput(a, 4)\nput(b, 8)\n{lines}\n}}"
        ));
    }

    #[test]
    fn caches_hold_what_is_stored_in_them() {
        of_main("let k = a.get_k(0) // : [n, 4]\nlet v = b.get_v(0) // : [m, 8]\nprint(k, v)");
        of_main("let k = keys(a) // : [n, 4]\nlet v = keys(b) // : [m, 8]\nprint(k, v)");
        of_main("put(a, 8)\nlet k = keys(a) // : [n, ?]\nlet v = keys(b) // : [m, 8]\nprint(k, v)");
    }

    #[test]
    fn a_cache_may_keep_another_type() {
        let script = |new: &str| {
            check_script(&format!(
                "fn put(cache: KVCache, k: Tensor) {{\ncache.append(0, k, k)\n}}\nmain {{\n\
                 let cache = KVCache::{new}(1)\nput(cache, f32::ones([2, 4]))\nprint(cache.get_k(0))\n}}"
            ))
        };
        let told = |new: &str| script(new).problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>();
        assert_eq!(told("new_f16"), ["the keys are float32, the cache keeps float16: they are converted"]);
        assert!(told("new_f32").is_empty() && told("new").is_empty());
    }

    #[test]
    fn a_cache_may_be_one_of_several() {
        of_main(
            "for i in range(2) {\nlet c = if i == 0 { a } else { b }\nlet k = c.get_k(0) // : [n, ?]\nprint(k)\n\
             put(c, 16)\n}\nlet v = keys(b) // : [m, ?]\nprint(v)",
        );
        of_main("let all = [a, b]\nfor c in all {\nlet k = c.get_k(0) // : [n, ?]\nprint(k)\n}");
    }
}
