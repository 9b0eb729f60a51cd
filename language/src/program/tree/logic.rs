//! Entities, relations, rules and queries.

use super::{Expression, Modifier, Name, Parameter, Type};
use crate::source::Span;

/// `entity Person = {alice, bob}`.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its name.
    pub name: Name,
    /// Its members; `None` where facts bring them.
    pub members: Option<Vec<Expression>>,
    /// The whole declaration.
    pub span: Span,
}

/// `relation Parent(x: entity, y: entity) embed float16[4] learnable`.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its name.
    pub name: Name,
    /// What it relates.
    pub parameters: Vec<Parameter>,
    /// The tensor that stands for it, if there is one.
    pub embedding: Option<Type>,
    /// Whether `learn` may change that tensor.
    pub modifier: Option<Modifier>,
    /// The whole declaration.
    pub span: Span,
}

/// `embedding E { … }` and `relation_embedding R { … }`.
#[derive(Clone, Debug)]
pub struct Embedding {
    /// Its name.
    pub name: Name,
    /// What it gives vectors to.
    pub of: Embedded,
    /// Its fields in order.
    pub fields: Vec<EmbeddingField>,
    /// The whole declaration.
    pub span: Span,
}

/// What an embedding gives vectors to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// `embedding`.
    Entities,
    /// `relation_embedding`.
    Relations,
}

/// `dimension: 16` of an embedding.
#[derive(Clone, Debug)]
pub struct EmbeddingField {
    /// Its name.
    pub name: Name,
    /// A set, a number, or a word such as `auto` and `xavier`, which reads as a variable.
    pub value: Expression,
}

/// `Ancestor(X, Z) <- Parent(X, Y), Ancestor(Y, Z)`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What follows.
    pub head: Term,
    /// What must hold.
    pub body: Vec<Term>,
    /// The whole rule.
    pub span: Span,
}

/// One part of a rule.
#[derive(Clone, Debug)]
pub enum Term {
    /// A relation, or a condition.
    Expression(Expression),
    /// `a ~ b`.
    Equation(Equation),
}

/// `left ~ right`.
#[derive(Clone, Debug)]
pub struct Equation {
    /// The left side.
    pub left: Expression,
    /// The right side.
    pub right: Expression,
}

/// `Parent(alice, X)? where X != bob`.
#[derive(Clone, Debug)]
pub struct Query {
    /// The relation that is asked.
    pub relation: Expression,
    /// What answers must fulfil besides.
    pub constraints: Vec<Expression>,
}

/// `forward Ancestor(alice, X)?` behind `infer`.
#[derive(Clone, Debug)]
pub struct Inference {
    /// How it is found: `forward`, `backward`, `gradient` or `symbolic`.
    pub method: Name,
    /// What is asked.
    pub query: Query,
}

impl Term {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Term::Expression(expression) => expression.span,
            Term::Equation(Equation { left, right }) => left.span.to(right.span),
        }
    }
}
