//! The top-level declarations of a script, each understood by itself. What is
//! inside of one counts places and names from its own beginning, so it stays as it
//! is while the text around it is edited, and is kept for the next time.

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

/// The declarations of the last time, by their texts. Only sound ones are kept:
/// how broken text is understood depends on what stands around it.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    before: FxHashMap<Arc<str>, Vec<Arc<Item>>>,
    now: FxHashMap<Arc<str>, Vec<Arc<Item>>>,
}

impl Kept {
    /// Begins another time: what is not taken until the next one is forgotten.
    pub(super) fn turn(&mut self) {
        self.before = std::mem::take(&mut self.now);
        self.now.reserve(self.before.len());
    }

    /// The declaration with this text, if there was one; it is kept for longer.
    pub(super) fn take(&mut self, text: &str) -> Option<Arc<Item>> {
        let (text, mut all) = self.before.remove_entry(text)?;
        // Equal declarations keep their order.
        let item = if all.is_empty() { return None } else { all.remove(0) };
        if !all.is_empty() {
            self.before.insert(text.clone(), all);
        }
        self.now.entry(text).or_default().push(item.clone());
        Some(item)
    }

    /// Keeps a declaration for the next time.
    pub(super) fn keep(&mut self, text: &str, item: Arc<Item>) {
        self.now.entry(text.into()).or_default().push(item);
    }
}
