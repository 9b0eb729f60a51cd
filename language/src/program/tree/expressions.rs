//! Expressions.

use super::{BinaryOperator, Block, CastType, LogicalOperator, MatchArm, Name, Query, Type, UnaryOperator};
use crate::source::Span;

/// An expression and its place.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it computes.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression computes.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// A variable, or an entity type used as a value.
    Variable(Name),
    /// `3`.
    Integer(i64),
    /// `3.0`.
    Float(f64),
    /// `"text"`, its escapes resolved.
    String(String),
    /// `true`, `false`.
    Boolean(bool),
    /// `[a, b]`.
    Array(Vec<Expression>),
    /// `[value; count]`.
    Repeat {
        /// The element.
        value: Box<Expression>,
        /// How often.
        count: Box<Expression>,
    },
    /// `-x`, `!x`.
    Unary(UnaryOperator, Box<Expression>),
    /// `a + b`; both sides are evaluated.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `a && b`, `a || b`; the right side only if needed.
    Logical(LogicalOperator, Box<Expression>, Box<Expression>),
    /// `x as int`.
    Cast(Box<Expression>, CastType),
    /// `name(arguments)`, `f32::zeros(arguments)`.
    Call {
        /// The part before `::`.
        namespace: Option<Name>,
        /// What is called.
        function: Name,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// `receiver.method(arguments)`.
    Method {
        /// The value before the dot.
        receiver: Box<Expression>,
        /// What is called.
        method: Name,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// `object.property`.
    Field {
        /// The value before the dot.
        object: Box<Expression>,
        /// The name behind it.
        property: Name,
    },
    /// `object[items]`.
    Index {
        /// The value that is indexed.
        object: Box<Expression>,
        /// One item for each axis.
        items: Vec<IndexItem>,
    },
    /// `a..b`, an old spelling of `range(a, b)`.
    Range(Box<Expression>, Box<Expression>),
    /// `if condition { … } else { … }`.
    If {
        /// What decides.
        condition: Box<Expression>,
        /// Run when it holds.
        consequence: Block,
        /// Run when it does not: a block, or one that holds the next `if`.
        alternative: Option<Block>,
    },
    /// `match value { pattern => result }`.
    Match {
        /// What is compared.
        value: Box<Expression>,
        /// Tried in order.
        arms: Vec<MatchArm>,
    },
    /// `{ … }` in an arm of `match`; its value is that of its last statement.
    Block(Block),
    /// `Box<int>::new(arguments)`.
    TypeCall {
        /// The type before `::`.
        scope: Type,
        /// What is called.
        function: Name,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// `Point { x: 1, y: 2 }`.
    Struct {
        /// The struct, where it is understood.
        name: Option<Type>,
        /// Its fields as written.
        fields: Vec<FieldValue>,
    },
    /// `Parent(alice, X)?` as a value.
    Query(Box<Query>),
    /// `{alice, bob}` behind `in` and in declarations.
    Set(Vec<Expression>),
    /// `inv x`.
    Inverse(Box<Expression>),
    /// `?`, any size, in what a shape is compared with.
    AnySize,
    /// `python.call("function", arguments)`.
    PythonCall(Vec<Argument>),
    /// A form that is known only to be refused; its problem is reported already.
    Refused(&'static str),
    /// Text that could not be understood; its problem is reported already.
    Invalid,
}

/// One argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// `name` of `name = value`.
    pub name: Option<Name>,
    /// What is passed.
    pub value: Expression,
}

/// `x: 1` of a struct literal.
#[derive(Clone, Debug)]
pub struct FieldValue {
    /// The field.
    pub name: Name,
    /// Its value.
    pub value: Expression,
}

/// One item between index brackets.
#[derive(Clone, Debug)]
pub enum IndexItem {
    /// `i`.
    At(Expression),
    /// `start:end`, either side may be missing.
    Slice(Option<Box<Expression>>, Option<Box<Expression>>, Span),
}

impl IndexItem {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            IndexItem::At(index) => index.span,
            IndexItem::Slice(_, _, span) => *span,
        }
    }
}

impl Expression {
    /// The name that it is, if it is nothing but a name.
    pub fn variable(&self) -> Option<&Name> {
        match &self.kind {
            ExpressionKind::Variable(name) => Some(name),
            _ => None,
        }
    }

    /// Calls `visit` with every expression that is a direct part of this one, in
    /// source order. What stands in blocks is left out.
    pub fn for_each_part<'e>(&'e self, visit: &mut dyn FnMut(&'e Expression)) {
        match &self.kind {
            ExpressionKind::Array(items) | ExpressionKind::Set(items) => items.iter().for_each(visit),
            ExpressionKind::Unary(_, inner) | ExpressionKind::Cast(inner, _) | ExpressionKind::Inverse(inner) => {
                visit(inner);
            }
            ExpressionKind::Field { object, .. } => visit(object),
            ExpressionKind::Repeat { value: left, count: right }
            | ExpressionKind::Binary(_, left, right)
            | ExpressionKind::Logical(_, left, right)
            | ExpressionKind::Range(left, right) => {
                visit(left);
                visit(right);
            }
            ExpressionKind::Call { arguments, .. }
            | ExpressionKind::TypeCall { arguments, .. }
            | ExpressionKind::PythonCall(arguments) => arguments.iter().for_each(|argument| visit(&argument.value)),
            ExpressionKind::Method { receiver, arguments, .. } => {
                visit(receiver);
                arguments.iter().for_each(|argument| visit(&argument.value));
            }
            ExpressionKind::Index { object, items } => {
                visit(object);
                for item in items {
                    match item {
                        IndexItem::At(index) => visit(index),
                        IndexItem::Slice(start, end, _) => start.iter().chain(end).for_each(|bound| visit(bound)),
                    }
                }
            }
            ExpressionKind::Struct { fields, .. } => fields.iter().for_each(|field| visit(&field.value)),
            ExpressionKind::Query(query) => {
                visit(&query.relation);
                query.constraints.iter().for_each(visit);
            }
            ExpressionKind::If { condition, .. } => visit(condition),
            ExpressionKind::Match { value, arms } => {
                visit(value);
                for arm in arms {
                    arm.guard.iter().for_each(&mut *visit);
                    visit(&arm.value);
                }
            }
            ExpressionKind::Variable(_)
            | ExpressionKind::Integer(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Block(_)
            | ExpressionKind::AnySize
            | ExpressionKind::Refused(_)
            | ExpressionKind::Invalid => {}
        }
    }
}
