//! The program as understood: what the syntax tree means, independent of layout
//! and of the spelling that was chosen. Every node knows its place. The whole
//! language is here, also what cannot be executed yet ([`super::executable`]).
//!
//! Names are numbered in the order in which they occur ([`NameId`]); what each
//! of them stands for is kept beside the tree, in [`super::names::Names`].

mod declarations;
mod expressions;
mod learning;
mod logic;
mod operators;
mod patterns;
mod statements;
mod types;

pub use declarations::*;
pub use expressions::*;
pub use learning::*;
pub use logic::*;
pub use operators::*;
pub use patterns::*;
pub use statements::*;
pub use types::*;

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::source::{FileId, Span, TextId};

/// A whole script: its declarations, its `main`, its tests and benches. Each kind
/// stands in the order of the text; the order between kinds means nothing.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The file it was read from.
    pub file: FileId,
    /// The first byte of that file.
    pub beginning: Span,
    /// Other scripts whose declarations belong to this one.
    pub imports: Vec<Arc<Import>>,
    /// Kinds of things that relations speak of.
    pub entities: Vec<Arc<Entity>>,
    /// Declared relations.
    pub relations: Vec<Arc<Relation>>,
    /// Embeddings of entities and of relations.
    pub embeddings: Vec<Arc<Embedding>>,
    /// Structs.
    pub structs: Vec<Arc<Struct>>,
    /// Methods of structs.
    pub impls: Vec<Arc<Impl>>,
    /// Rules at the top level.
    pub rules: Vec<Arc<Rule>>,
    /// Functions in the order of their declaration.
    pub functions: Vec<Arc<Function>>,
    /// Top-level `tensor` declarations, in order.
    pub globals: Vec<Arc<TensorDeclaration>>,
    /// `main { … }`, if there is one.
    pub main: Option<Arc<Main>>,
    /// Any further `main`, which never runs: a problem says so.
    pub further_mains: Vec<Arc<Main>>,
    /// `test name { … }`.
    pub tests: Vec<Arc<NamedBlock>>,
    /// `bench name { … }`.
    pub benches: Vec<Arc<NamedBlock>>,
    /// What stands at the top level and is refused there.
    pub refused: Vec<Refusal>,
    /// What the places in its declarations count in, in the order of the text; the
    /// whole text among them where a part of it is broken.
    pub texts: Vec<TextId>,
    /// The positions of the functions by their names, made when first asked for.
    by_name: OnceLock<FxHashMap<String, usize>>,
}

impl Program {
    /// The function of this name; of several the first.
    pub fn function(&self, name: &str) -> Option<&Arc<Function>> {
        let by_name = self.by_name.get_or_init(|| {
            let named = self.functions.iter().enumerate().rev();
            named.map(|(index, function)| (function.name.text.clone(), index)).collect()
        });
        by_name.get(name).and_then(|index| self.functions.get(*index))
    }
}

/// A form that is known only to be refused; its problem is reported already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it is, in words.
    pub form: &'static str,
    /// Where it stands.
    pub span: Span,
}

/// The number of one block, in the order of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct BlockId {
    /// The text.
    pub text: TextId,
    /// The number there.
    pub index: u32,
}

/// The number of one occurrence of a name, in the order of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct NameId {
    /// The text.
    pub text: TextId,
    /// The number there.
    pub index: u32,
}

/// A name where it occurs.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// Its number.
    pub id: NameId,
    /// Its spelling.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}
