//! The arms and patterns of `match`.

use super::{Expression, Name, Type};
use crate::source::Span;

/// `pattern if guard => value`.
#[derive(Clone, Debug)]
pub struct MatchArm {
    /// What must match.
    pub pattern: Pattern,
    /// What must hold besides.
    pub guard: Option<Expression>,
    /// The result.
    pub value: Expression,
}

/// What a match arm compares with.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// `_`.
    Any,
    /// A name, which matches anything and binds it.
    Bind(Name),
    /// A number, string or Boolean, compared by value.
    Literal(Expression),
    /// `a | b`.
    Either(Vec<Pattern>),
    /// `(a, b)`, also `(a)`.
    Tuple(Vec<Pattern>, Span),
    /// `Point { x: 0, y: a }`.
    Struct {
        /// The struct, where it is understood.
        name: Option<Type>,
        /// Its fields as written.
        fields: Vec<FieldPattern>,
        /// From the name to the brace.
        span: Span,
    },
}

/// `x: 0` of a struct pattern.
#[derive(Clone, Debug)]
pub struct FieldPattern {
    /// The field.
    pub name: Name,
    /// What its value must match.
    pub pattern: Pattern,
}
