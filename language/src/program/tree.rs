//! The program as understood: what the syntax tree means, independent of layout
//! and of the spelling that was chosen. Every node knows its place.
//!
//! Names are numbered in the order in which they occur ([`NameId`]); what each
//! of them stands for is kept beside the tree, in [`super::names::Names`].

use crate::shape::ElementType;
use crate::source::{FileId, Span};

/// A whole script: its declarations and its `main`.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The file it was read from.
    pub file: FileId,
    /// Functions in the order of their declaration.
    pub functions: Vec<Function>,
    /// Top-level `tensor` declarations, in order.
    pub globals: Vec<TensorDeclaration>,
    /// The body of `main { … }`, if there is one.
    pub main: Option<Block>,
    /// How many names occur; their numbers are below it.
    pub name_count: usize,
    /// How many blocks there are; their numbers are below it.
    pub block_count: usize,
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

/// `fn name(parameters) -> result { body }`.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The declared result; `None` where nothing is declared.
    pub result: Option<Type>,
    /// Its body.
    pub body: Block,
    /// From `fn` to the result type.
    pub header: Span,
}

/// One parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Its declared type, if any.
    pub annotation: Option<Type>,
}

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

/// `tensor name: float16[2] learnable = value`.
#[derive(Clone, Debug)]
pub struct TensorDeclaration {
    /// The name it binds.
    pub name: Name,
    /// The declared element type.
    pub element: ElementType,
    /// The declared sizes.
    pub sizes: Vec<Size>,
    /// Whether `learn` may change it.
    pub learnable: bool,
    /// The initialiser; zeros without one.
    pub value: Option<Expression>,
    /// The whole declaration.
    pub span: Span,
}

/// `{ … }`.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Its number.
    pub id: BlockId,
    /// What it holds.
    pub statements: Vec<Statement>,
    /// From brace to brace.
    pub span: Span,
}

/// A statement and its place.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `let name: annotation = value`.
    Let {
        /// The name it binds in its block.
        name: Name,
        /// The type behind the name.
        annotation: Option<Type>,
        /// What it is bound to.
        value: Expression,
    },
    /// `tensor name: … = …` inside a block.
    Tensor(TensorDeclaration),
    /// `target = value`, or `target += value` with an operator.
    Assign {
        /// What changes.
        target: Target,
        /// The operator of a compound assignment.
        operator: Option<BinaryOperator>,
        /// The new value, or the right side of the operator.
        value: Expression,
    },
    /// An expression; the last one of a block is the block's value.
    Expression(Expression),
    /// `return value`.
    Return(Option<Expression>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `for variable in iterable { body }`.
    For {
        /// Bound anew in each iteration.
        variable: Name,
        /// Evaluated once.
        iterable: Expression,
        /// Run once for each element.
        body: Block,
        /// From `for` to the iterable.
        header: Span,
    },
    /// `while condition { body }`.
    While {
        /// Evaluated before each iteration.
        condition: Expression,
        /// Run while it holds.
        body: Block,
    },
    /// `loop { body }`.
    Loop {
        /// Run until a `break`.
        body: Block,
    },
    /// `{ … }` as a statement.
    Block(Block),
    /// Well-formed text that cannot be executed yet, named as in messages.
    Unsupported(&'static str),
    /// Text that could not be understood; its problem is reported already.
    Invalid,
}

/// What an assignment changes.
#[derive(Clone, Debug)]
pub enum Target {
    /// A variable.
    Variable(Name),
    /// `variable[index] = …`, also nested.
    Index {
        /// The list that is indexed: a variable, or again an indexed one.
        object: Box<Target>,
        /// Which element.
        index: Expression,
        /// From the variable to the bracket.
        span: Span,
    },
    /// Anything else; its problem is reported already.
    Invalid(Span),
}

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
    /// Well-formed text that cannot be executed yet, named as in messages.
    Unsupported(&'static str),
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

/// One item between index brackets.
#[derive(Clone, Debug)]
pub enum IndexItem {
    /// `i`.
    At(Expression),
    /// `start:end`, either side may be missing.
    Slice(Option<Expression>, Option<Expression>, Span),
}

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
    /// Well-formed text that cannot be executed yet.
    Unsupported(&'static str, Span),
}

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
