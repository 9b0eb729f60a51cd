//! `learn` in both of its forms.

use super::{BlockId, Expression, Name, Statement};
use crate::source::Span;

/// `learn { … }`: an objective that is minimised, or a loop that calls `backward`.
#[derive(Clone, Debug)]
pub struct Learn {
    /// The number of its braces, as of a block.
    pub id: BlockId,
    /// Its fields and statements in order.
    pub entries: Vec<LearnEntry>,
    /// From brace to brace.
    pub span: Span,
}

/// What stands between the braces of `learn`.
#[derive(Clone, Debug)]
pub enum LearnEntry {
    /// `epochs: 50`.
    Field(Box<LearnField>),
    /// A statement.
    Statement(Box<Statement>),
}

/// `epochs: 50`, `optimizer: adam(lr = 0.1)`, `objective: loss`.
#[derive(Clone, Debug)]
pub struct LearnField {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Expression,
}
