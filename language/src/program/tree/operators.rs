//! Operators and casts, and how they are spelled.

use crate::shape::ElementType;

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`, `not`
    Not,
}

/// An infix operator that evaluates both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`, `⊙`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `**`
    Power,
    /// `@`
    MatrixMultiply,
    /// `⊗`
    OuterProduct,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `≈`
    Approximately,
}

impl BinaryOperator {
    /// The canonical spelling.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Remainder => "%",
            BinaryOperator::Power => "**",
            BinaryOperator::MatrixMultiply => "@",
            BinaryOperator::OuterProduct => "⊗",
            BinaryOperator::Equal => "==",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Less => "<",
            BinaryOperator::LessEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterEqual => ">=",
            BinaryOperator::Approximately => "≈",
        }
    }
}

/// An infix operator that may leave its right side alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogicalOperator {
    /// `&&`, `and`
    And,
    /// `||`, `or`
    Or,
}

impl LogicalOperator {
    /// The canonical spelling.
    pub fn symbol(self) -> &'static str {
        match self {
            LogicalOperator::And => "&&",
            LogicalOperator::Or => "||",
        }
    }
}

/// The type behind `as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CastType {
    /// `int`, `i64`
    Integer,
    /// `i32`: an Integer clamped to 32 bits.
    Integer32,
    /// `float`, `f64`
    Float,
    /// `f32`: a Float rounded to single precision, or a tensor conversion.
    Float32,
    /// An element type word, which converts tensors.
    Element(ElementType),
}
