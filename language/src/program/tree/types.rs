//! Types as written.

use super::Name;
use crate::shape::ElementType;
use crate::source::Span;

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it says.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// What a written type says.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `int` and the sized integer words outside of tensors.
    Integer,
    /// `float` and the sized float words outside of tensors.
    Float,
    /// `bool`.
    Boolean,
    /// `string`.
    String,
    /// `void`.
    Void,
    /// `float16[n, ?]`.
    Tensor(ElementType, Vec<Size>),
    /// `Model`, `KVCache`, a struct, an entity type.
    Named(String),
    /// `Box<int>`.
    Generic {
        /// The name before the arguments.
        name: String,
        /// What it is made for.
        arguments: Vec<Type>,
        /// Where the arguments stand.
        brackets: Span,
    },
    /// `entity`, `concept`: any thing that relations speak of.
    Entity,
    /// A form that is known only to be refused; its problem is reported already.
    Refused(&'static str),
}

impl Type {
    /// The name of a type that has one.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            TypeKind::Named(name) | TypeKind::Generic { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// One size in a written tensor type.
#[derive(Clone, Debug, PartialEq)]
pub enum Size {
    /// A number.
    Fixed(usize),
    /// A name, equal wherever it occurs in one signature.
    Named(Name),
    /// `?`.
    Any,
}

/// The word behind the type of something that may be trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modifier {
    /// `learn` may change it.
    Learnable,
    /// Nothing changes it.
    Frozen,
}

impl Modifier {
    /// How it is spelled.
    pub fn word(self) -> &'static str {
        match self {
            Modifier::Learnable => "learnable",
            Modifier::Frozen => "frozen",
        }
    }
}
