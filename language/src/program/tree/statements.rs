//! Blocks and statements.

use super::{
    BinaryOperator, BlockId, Equation, Expression, Inference, Learn, Modifier, Name, Query, Rule, TensorDeclaration,
    Type,
};
use crate::source::Span;

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
        /// Whether `learn` may change it.
        modifier: Option<Modifier>,
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
    /// A rule inside of a block.
    Rule(Rule),
    /// `Parent(alice, X)?`
    Query(Query),
    /// `left ~ right`.
    Equation(Equation),
    /// `infer forward Parent(alice, X)?`, or several in braces.
    Infer(Vec<Inference>),
    /// `learn { … }`.
    Learn(Learn),
    /// `with name { … }`.
    With {
        /// What the body is run with.
        name: Name,
        /// What is run.
        body: Block,
    },
    /// `python import module as alias`.
    PythonImport {
        /// The dotted name of the module.
        module: String,
        /// What it is called here.
        alias: Option<Name>,
    },
    /// A form that is known only to be refused; its problem is reported already.
    Refused(&'static str),
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
    /// `value.property = …`, also nested.
    Field {
        /// What has the property.
        object: Box<Target>,
        /// Its name.
        property: Name,
        /// From the variable to the property.
        span: Span,
    },
    /// Anything else; its problem is reported already.
    Invalid(Span),
}
