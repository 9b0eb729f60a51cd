//! What a `KVCache` holds. A cache is a handle that changes in place, so nothing is
//! known of one at one place of a program; what holds is what all stores of the program
//! have in common: the sizes of a row of keys and of a row of values, the number of rows
//! left open. It is assumed before a walk and compared behind it. In the first walk nothing
//! is, and a load sees the stores before it; mostly that is what all have in common.

use super::calls::Passed;
use super::history::{History, Role, Stream};
use super::known::{Known, join, map_sizes};
use super::walk::Walk;
use crate::catalogue::entry::Bound;
use crate::catalogue::fact::Fact;
use crate::shape::{Dim, ElementType, Shape};
use crate::source::Span;

/// What all stores of keys and of values share.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stored {
    keys: Option<Row>,
    values: Option<Row>,
    /// What the caches of the program make of the element type; none leaves it.
    caches: Vec<Option<ElementType>>,
}

/// What an entry of keys or of values was taken to be.
pub(super) type Loaded = (Stream, Option<Row>);

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
    pub(super) fn join(&self, other: &Stored) -> Stored {
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

    /// Whether this is what was loaded each time.
    pub(super) fn is_what_was_loaded(&self, loaded: &[Loaded]) -> bool {
        loaded.iter().all(|(stream, row)| self.of(*stream) == *row)
    }

    /// What holds whatever a program stores.
    pub(super) fn anything() -> Stored {
        let row = Some(Row { fact: Fact::shaped(None), is_turned: None, heads: None });
        Stored { keys: row.clone(), values: row, caches: vec![None] }
    }
}

impl Walk<'_> {
    /// What a method of a `KVCache` that fits stores or gives.
    pub(super) fn of_cache(&mut self, method: &str, arguments: &Bound<Passed>, known: Known, span: Span) -> Known {
        let at = |slot: usize| arguments.get(slot);
        if let (Some(cache), Some(layer), true) = (at(0), at(1), method.starts_with("KVCache.")) {
            self.advise_cache_layer(cache, layer);
        }
        match (method, [at(2), at(3)]) {
            ("KVCache.set" | "KVCache.append", [Some((keys, ..)), Some((values, ..))]) => {
                let [keys, values] = [keys, values].map(|known| Some(Row::of(&self.as_tensor(known))));
                self.stores(Stored { keys, values, ..Stored::default() });
                known
            }
            ("KVCache.get_k", _) => self.entry_of_cache(Stream::Keys, known, span),
            ("KVCache.get_v", _) => self.entry_of_cache(Stream::Values, known, span),
            ("KVCache::new" | "KVCache::new_f16" | "KVCache::new_f32", _) => {
                let element = match method {
                    "KVCache::new_f16" => Some(ElementType::Float16),
                    "KVCache::new_f32" => Some(ElementType::Float32),
                    _ => None,
                };
                self.stores(Stored { caches: vec![element], ..Stored::default() });
                Walk::cache_with_layers(at(0), known, span)
            }
            _ => known,
        }
    }

    fn stores(&mut self, stored: Stored) {
        self.notes.stored = self.notes.stored.join(&stored);
        self.stored = self.stored.join(&stored);
    }

    fn entry_of_cache(&mut self, stream: Stream, known: Known, span: Span) -> Known {
        self.notes.loads = true;
        let row = self.stored.of(stream);
        if !self.loaded.iter().any(|(of, loaded)| *of == stream && *loaded == row) {
            self.loaded.push((stream, row.clone()));
        }
        let Some(row) = row else { return known };
        let rows = self.born(span, "the number of positions that the cache holds");
        let Fact::Tensor { element, shape: Some(Shape(mut sizes)) } = row.fact else { return known };
        sizes[0] = Dim::of(&rows).unwrap_or(Dim::Unknown);
        let history = History {
            role: Some(Role::Stream(stream)),
            turned: row.is_turned,
            heads: row.heads,
            ..known.history.clone()
        };
        Known { fact: Fact::Tensor { element, shape: Some(Shape(sizes)) }, reason: None, ..known.with(history) }
    }
}
