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

use crate::source::{FileId, Span};

/// A whole script: its declarations, its `main`, its tests and benches. Each kind
/// stands in the order of the text; the order between kinds means nothing.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The file it was read from.
    pub file: FileId,
    /// Other scripts whose declarations belong to this one.
    pub imports: Vec<Import>,
    /// Kinds of things that relations speak of.
    pub entities: Vec<Entity>,
    /// Declared relations.
    pub relations: Vec<Relation>,
    /// Embeddings of entities and of relations.
    pub embeddings: Vec<Embedding>,
    /// Structs.
    pub structs: Vec<Struct>,
    /// Methods of structs.
    pub impls: Vec<Impl>,
    /// Rules at the top level.
    pub rules: Vec<Rule>,
    /// Functions in the order of their declaration.
    pub functions: Vec<Function>,
    /// Top-level `tensor` declarations, in order.
    pub globals: Vec<TensorDeclaration>,
    /// The body of `main { … }`, if there is one.
    pub main: Option<Block>,
    /// The bodies of any further `main`, which never run: a problem says so.
    pub further_mains: Vec<Block>,
    /// `test name { … }`.
    pub tests: Vec<NamedBlock>,
    /// `bench name { … }`.
    pub benches: Vec<NamedBlock>,
    /// What stands at the top level and is refused there.
    pub refused: Vec<Refusal>,
    /// How many names occur; their numbers are below it.
    pub name_count: usize,
    /// How many blocks there are; their numbers are below it.
    pub block_count: usize,
}

/// A form that is known only to be refused; its problem is reported already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it is, in words.
    pub form: &'static str,
    /// Where it stands.
    pub span: Span,
}

/// The number of one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct BlockId(pub u32);

/// The number of one occurrence of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

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
