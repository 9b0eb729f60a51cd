//! The symbols of one inference: sizes that no number is known for, each with a
//! name that readers see and the place where it was born. The same place gives
//! the same symbol however often it is looked at, so that loops come to rest.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cache_layers::Counted;
use crate::program::names::TopLevel;
use crate::size::{Birth, Size, Symbol};
use crate::source::{Span, TextId};

/// What makes a symbol the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Site {
    /// What an expression or a declaration gives.
    Value(Span),
    /// One size of a declared parameter.
    Declared(Span, usize),
    /// A size of a model whose file is not at hand, by where it is loaded.
    Weight(Span, usize),
    /// How often a loop has gone round.
    Rounds(Span),
    /// A size of a variable, by its slot and field, that each round of a loop may change.
    Carried(Span, (usize, usize), usize),
    /// A size that two ways through a program bring to where they meet, by its number; of
    /// the variable in a slot or of the value.
    Joined(Span, Option<usize>, usize),
    /// What a call makes of a symbol born in the function that it calls.
    Call(Span, u32),
}

/// What a counter of the rounds of a loop is.
pub(super) const ROUNDS_SO_FAR: &str = "the rounds of this loop so far";

/// How many sizes that functions get are remembered.
const MOST_PASSED: usize = 1 << 18;

/// Names of sizes, in the order in which they are given.
const SIZES: &[&str] = &["n", "m", "k", "p", "q", "r", "s"];

/// Names of counters of loops.
const ROUNDS: &[&str] = &["t", "u", "v", "w"];

/// The symbols of a script. They are kept as long as the text that they were born in.
#[derive(Clone, Debug, Default)]
pub(super) struct Symbols {
    texts: FxHashMap<TextId, OfText>,
    scope: Scope,
    /// What functions find, by their numbers and in the order of their results.
    results: FxHashMap<(TopLevel, usize, bool), Symbol>,
    of_results: FxHashSet<u32>,
    /// What functions get from whoever calls them.
    passed: FxHashMap<Passed, Symbol>,
    /// The counters of loops that count to a number in the script.
    counted: FxHashMap<u32, Counted>,
    count: u32,
}

/// The symbols of one text, by where they were born and what they are called. What is told
/// of the birth may differ from walk to walk.
type OfText = FxHashMap<(Site, Arc<str>), Vec<Symbol>>;

/// The symbols of one walk. They are named by what the walk has seen, so that what was
/// found for some arguments is the same whatever else was found before.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    known: FxHashMap<Site, Symbol>,
    names: FxHashSet<Arc<str>>,
}

/// A size as a function sees it that gets it from whoever calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Passed {
    /// The function.
    pub(super) function: TopLevel,
    /// Which of the sizes that it gets.
    pub(super) position: usize,
    /// How the caller calls it.
    pub(super) name: Arc<str>,
    /// Whether it is certainly not below 0.
    pub(super) is_size: bool,
    /// Where it comes from: the place is a number.
    pub(super) birth: Birth,
    /// How far it counts, if it counts the rounds of a loop.
    pub(super) counted: Option<Counted>,
}

impl Site {
    /// The text that it lies in.
    fn text(self) -> TextId {
        match self {
            Site::Value(span) | Site::Rounds(span) => span.text,
            Site::Declared(span, _) | Site::Weight(span, _) | Site::Call(span, _) => span.text,
            Site::Carried(span, ..) | Site::Joined(span, ..) => span.text,
        }
    }
}

impl Symbols {
    /// Begins a walk whose arguments have these names; gives the scope of the one around it.
    pub(super) fn enter(&mut self, names: FxHashSet<Arc<str>>) -> Scope {
        std::mem::replace(&mut self.scope, Scope { known: FxHashMap::default(), names })
    }

    /// Goes back to the walk around.
    pub(super) fn leave(&mut self, outer: Scope) {
        self.scope = outer;
    }

    /// The size born at `site`, named like `name` if that is free.
    pub(super) fn named(&mut self, site: Site, name: &str, is_size: bool, birth: Birth) -> Size {
        if let Some(symbol) = self.scope.known.get(&site) {
            return Size::symbol(symbol.clone());
        }
        // A size that the script names keeps that name.
        let name = if matches!(site, Site::Declared(..)) { name.into() } else { self.scope.free(&[name]) };
        let text = self.texts.entry(site.text()).or_default();
        let born = text.entry((site, name.clone())).or_default();
        let symbol = match born.iter().find(|symbol| symbol.is_size == is_size && *symbol.birth == birth) {
            Some(symbol) => symbol.clone(),
            None => {
                let symbol = Symbol { id: self.count, name: name.clone(), is_size, birth: birth.into() };
                self.count += 1;
                born.push(symbol.clone());
                symbol
            }
        };
        self.scope.names.insert(name);
        self.scope.known.insert(site, symbol.clone());
        Size::symbol(symbol)
    }

    /// The size born at `site`, named with a letter.
    pub(super) fn lettered(&mut self, site: Site, birth: Birth) -> Size {
        self.lettered_as(site, true, birth)
    }

    /// The same, also for numbers that may be below 0.
    pub(super) fn lettered_as(&mut self, site: Site, is_size: bool, birth: Birth) -> Size {
        let letter = match (self.scope.known.get(&site), site) {
            (Some(symbol), _) => symbol.name.clone(),
            (None, Site::Rounds(_)) => self.scope.free(ROUNDS),
            (None, _) => self.scope.free(SIZES),
        };
        self.named(site, &letter, is_size, birth)
    }

    /// The symbol that was born at `site` in this walk.
    pub(super) fn existing(&self, site: Site) -> Option<Size> {
        self.scope.known.get(&site).cloned().map(Size::symbol)
    }

    /// A size that a function finds, as whoever calls it sees it.
    pub(super) fn of_result(&mut self, function: TopLevel, position: usize, is_size: bool) -> Size {
        let symbol = self.results.entry((function, position, is_size)).or_insert_with(|| {
            let id = self.count;
            self.count += 1;
            self.of_results.insert(id);
            Symbol { id, name: "n".into(), is_size, birth: Arc::default() }
        });
        Size::symbol(symbol.clone())
    }

    /// Whether a symbol is a size that some function finds.
    pub(super) fn is_of_result(&self, symbol: &Symbol) -> bool {
        self.of_results.contains(&symbol.id)
    }

    /// A size as a function sees it that gets it.
    pub(super) fn passed(&mut self, passed: Passed) -> Symbol {
        if let Some(symbol) = self.passed.get(&passed) {
            return symbol.clone();
        }
        let (id, name, birth) = (self.count, passed.name.clone(), passed.birth.clone().into());
        let symbol = Symbol { id, name, is_size: passed.is_size, birth };
        self.count += 1;
        self.counted.extend(passed.counted.map(|counted| (id, counted)));
        self.passed.insert(passed, symbol.clone());
        symbol
    }

    /// Notes how far the counter of a loop counts, as far as that is known.
    pub(super) fn counts(&mut self, counter: &Size, counted: Option<Counted>) {
        counter.symbols(&mut |symbol| {
            match counted {
                Some(counted) => self.counted.insert(symbol.id, counted),
                None => self.counted.remove(&symbol.id),
            };
        });
    }

    /// How far a counter counts, if it is one.
    pub(super) fn counted(&self, counter: &Symbol) -> Option<&Counted> {
        self.counted.get(&counter.id)
    }

    /// Whether so much has been passed to functions, in any state of the script, that it is
    /// better to begin anew.
    pub(super) fn are_too_many(&self) -> bool {
        self.passed.len() > MOST_PASSED
    }

    /// Forgets what was born in texts that are no more.
    pub(super) fn keep(&mut self, texts: &FxHashSet<TextId>) {
        let counted = &mut self.counted;
        self.texts.retain(|text, symbols| {
            let stands = texts.contains(text);
            for symbol in symbols.values().flatten().filter(|_| !stands) {
                counted.remove(&symbol.id);
            }
            stands
        });
    }
}

impl Scope {
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

/// Letters for sizes that stand for nothing else than what a reader sees: each is
/// another one, and none is compared with those of an inference.
pub(super) struct Letters {
    names: Scope,
    given: u32,
}

impl Letters {
    /// Letters that are not among these names.
    pub(super) fn beside(used: impl IntoIterator<Item = Arc<str>>) -> Letters {
        Letters { names: Scope { names: used.into_iter().collect(), ..Scope::default() }, given: 0 }
    }

    /// The next one.
    pub(super) fn next(&mut self, birth: Birth) -> Size {
        let name = self.names.free(SIZES);
        self.names.names.insert(name.clone());
        self.given += 1;
        Size::symbol(Symbol { id: u32::MAX - self.given, name, is_size: true, birth: birth.into() })
    }
}

/// Whether a size is another one in each round of some loop.
pub(super) fn changes_with_rounds(size: &Size) -> bool {
    let mut found = false;
    size.symbols(&mut |symbol| found |= symbol.birth.message == ROUNDS_SO_FAR);
    found
}

/// Whether a part of `size` was born inside of `span`.
pub(super) fn born_inside(size: &Size, span: Span) -> bool {
    let mut found = false;
    size.symbols(&mut |symbol| found |= span.contains(symbol.birth.span));
    found
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
        assert!(born_inside(&first, Span::default().with(0, 4)));
        assert!(!born_inside(&first, Span::default().with(4, 9)));
    }
}
