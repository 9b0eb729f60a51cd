//! The symbols of one inference: sizes that no number is known for, each with a
//! name that readers see and the place where it was born. The same place gives
//! the same symbol however often it is looked at, so that loops come to rest.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::size::{Size, Symbol};
use crate::source::Span;

/// Where a symbol comes from.
#[derive(Clone, Debug)]
pub struct Birth {
    /// The place.
    pub span: Span,
    /// What is there, as a clause without a full stop.
    pub message: String,
}

/// What makes a symbol the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Site {
    /// What an expression or a declaration gives.
    Value(Span),
    /// One size of a declared parameter.
    Declared(Span, usize),
    /// How often a loop has gone round.
    Rounds(Span),
    /// A size of a variable, by its slot, that each round of a loop may change.
    Carried(Span, usize, usize),
    /// A size of a bound name that the calls of its function do not share.
    Called(Span, usize),
    /// What a call makes of a symbol born in the function that it calls.
    Call(Span, u32),
}

/// Names of sizes, in the order in which they are given.
const SIZES: &[&str] = &["n", "m", "k", "p", "q", "r", "s"];

/// Names of counters of loops.
const ROUNDS: &[&str] = &["t", "u", "v", "w"];

/// All symbols of one inference.
#[derive(Default)]
pub(super) struct Symbols {
    known: HashMap<Site, Symbol>,
    names: HashSet<Arc<str>>,
    births: Vec<Birth>,
}

impl Symbols {
    /// The size born at `site`, named like `name` if that is free.
    pub(super) fn named(&mut self, site: Site, name: &str, is_size: bool, birth: Birth) -> Size {
        if let Some(symbol) = self.known.get(&site) {
            return Size::symbol(symbol.clone());
        }
        // A size that the script names keeps that name.
        let name = if matches!(site, Site::Declared(..)) { name.into() } else { self.free(&[name]) };
        let symbol = Symbol { id: self.births.len() as u32, name: name.clone(), is_size };
        self.names.insert(name);
        self.births.push(birth);
        self.known.insert(site, symbol.clone());
        Size::symbol(symbol)
    }

    /// The size born at `site`, named with a letter.
    pub(super) fn lettered(&mut self, site: Site, birth: Birth) -> Size {
        self.lettered_as(site, true, birth)
    }

    /// The same, also for numbers that may be below 0.
    pub(super) fn lettered_as(&mut self, site: Site, is_size: bool, birth: Birth) -> Size {
        let letter = match (self.known.get(&site), site) {
            (Some(symbol), _) => symbol.name.clone(),
            (None, Site::Rounds(_)) => self.free(ROUNDS),
            (None, _) => self.free(SIZES),
        };
        self.named(site, &letter, is_size, birth)
    }

    /// Forgets which names are taken, for a part that never meets what has them;
    /// gives them to [`Symbols::take_back`].
    pub(super) fn set_aside(&mut self) -> HashSet<Arc<str>> {
        std::mem::take(&mut self.names)
    }

    /// Lets names that were set aside be taken again.
    pub(super) fn take_back(&mut self, names: HashSet<Arc<str>>) {
        self.names = names;
    }

    /// The symbol that was born at `site`.
    pub(super) fn existing(&self, site: Site) -> Option<Size> {
        self.known.get(&site).cloned().map(Size::symbol)
    }

    /// Where symbols come from, by their numbers.
    pub(super) fn births(&self) -> &[Birth] {
        &self.births
    }

    /// Whether a part of `size` was born inside of `span`.
    pub(super) fn born_inside(&self, size: &Size, span: Span) -> bool {
        let mut found = false;
        size.symbols(&mut |symbol| {
            let birth = self.births.get(symbol.id as usize).map(|birth| birth.span);
            found |= birth.is_some_and(|birth| span.contains(birth));
        });
        found
    }

    /// The first of the names that is free, else the first with a number behind.
    fn free(&self, names: &[&str]) -> Arc<str> {
        let taken = |name: &str| self.names.contains(name);
        let numbered = || (2..).map(|number| format!("{}{number}", names[0])).find(|name| !taken(name));
        match names.iter().find(|name| !taken(name)) {
            Some(name) => (*name).into(),
            None => numbered().unwrap_or_default().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_one_symbol() {
        let mut symbols = Symbols::default();
        let span = |start: usize| Span::default().with(start, start + 1);
        let birth = |start: usize| Birth { span: span(start), message: String::new() };
        let first = symbols.lettered(Site::Value(span(3)), birth(3));
        assert_eq!(first, symbols.lettered(Site::Value(span(3)), birth(3)));
        assert_eq!(symbols.lettered(Site::Value(span(5)), birth(5)).to_string(), "m");
        assert_eq!(symbols.lettered(Site::Rounds(span(5)), birth(5)).to_string(), "t");
        assert_eq!(symbols.named(Site::Value(span(7)), "n", false, birth(7)).to_string(), "n2");
        assert!(symbols.born_inside(&first, Span::default().with(0, 4)));
        assert!(!symbols.born_inside(&first, Span::default().with(4, 9)));
    }
}
