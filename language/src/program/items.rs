//! The top-level declarations of a script, each understood by itself. What is
//! inside of one counts places and names from its own beginning, so it stays as it
//! is while the text around it is edited, and is kept for the next time.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::tree::*;
use crate::diagnostic::Diagnostic;
use crate::source::TextId;

/// One top-level declaration.
#[derive(Clone, Debug)]
pub enum Declaration {
    /// `import "…"`.
    Import(Arc<Import>),
    /// `entity …`.
    Entity(Arc<Entity>),
    /// `relation …`.
    Relation(Arc<Relation>),
    /// `embedding …`, `relation_embedding …`.
    Embedding(Arc<Embedding>),
    /// `struct …`.
    Struct(Arc<Struct>),
    /// `impl …`.
    Impl(Arc<Impl>),
    /// A rule or a fact.
    Rule(Arc<Rule>),
    /// `fn …`.
    Function(Arc<Function>),
    /// `tensor …`.
    Global(Arc<TensorDeclaration>),
    /// `main { … }`.
    Main(Arc<Main>),
    /// `test …`.
    Test(Arc<NamedBlock>),
    /// `bench …`.
    Bench(Arc<NamedBlock>),
}

/// A declaration with what its lowering found.
#[derive(Clone, Debug)]
pub struct Item {
    /// What its places count in.
    pub text: TextId,
    /// What it declares; nothing where it is only refused.
    pub declaration: Option<Declaration>,
    /// What is wrong with the way it is written.
    pub problems: Vec<Diagnostic>,
}

/// The declarations of the last time, with their texts. Only sound ones are kept:
/// how broken text is understood depends on what stands around it.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// In the order of the file; what was taken is no longer there.
    before: Vec<Option<WithText>>,
    /// Where to look first: most declarations stand where they stood.
    next: usize,
    /// How many stood elsewhere or nowhere.
    searches: usize,
    /// The places of all of them by their texts, once many had to be searched for.
    places: Option<FxHashMap<Arc<str>, VecDeque<usize>>>,
    now: Vec<WithText>,
}

type WithText = (Arc<str>, Arc<Item>);

/// How many declarations are searched for one by one.
const MOST_SEARCHES: usize = 16;

impl Kept {
    /// Begins another time: what is not taken until the next one is forgotten.
    pub(super) fn turn(&mut self) {
        let now = std::mem::take(&mut self.now);
        let before: Vec<Option<WithText>> = now.into_iter().map(Some).collect();
        *self = Kept { now: Vec::with_capacity(before.len()), before, ..Kept::default() };
    }

    /// The declaration with this text, if there was one; it is kept for longer.
    pub(super) fn take(&mut self, text: &str) -> Option<Arc<Item>> {
        let at = if self.is_at(self.next, text) { self.next } else { self.search(text)? };
        let (text, item) = self.before.get_mut(at)?.take()?;
        self.next = at + 1;
        self.now.push((text, item.clone()));
        Some(item)
    }

    fn is_at(&self, at: usize, text: &str) -> bool {
        matches!(self.before.get(at), Some(Some((other, _))) if **other == *text)
    }

    fn search(&mut self, text: &str) -> Option<usize> {
        self.searches += 1;
        if self.searches <= MOST_SEARCHES {
            let behind = self.next..self.before.len();
            return behind.chain(0..self.next.min(self.before.len())).find(|at| self.is_at(*at, text));
        }
        let places = self.places.get_or_insert_with(|| {
            let mut places: FxHashMap<Arc<str>, VecDeque<usize>> = FxHashMap::default();
            for (at, declaration) in self.before.iter().enumerate() {
                if let Some((text, _)) = declaration {
                    places.entry(text.clone()).or_default().push_back(at);
                }
            }
            places
        });
        let found = places.get_mut(text)?;
        while let Some(at) = found.pop_front() {
            // It may have been taken since, where it stood.
            if self.before.get(at).is_some_and(Option::is_some) {
                return Some(at);
            }
        }
        None
    }

    /// Keeps a declaration for the next time.
    pub(super) fn keep(&mut self, text: &str, item: Arc<Item>) {
        self.now.push((text.into(), item));
    }
}
