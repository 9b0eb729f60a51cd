//! What stands at the top level of a script.

use std::sync::Arc;

use super::{Block, Expression, Modifier, Name, Size, Type};
use crate::shape::ElementType;
use crate::source::Span;

/// `fn name(parameters) -> result { body }`.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The declared result; `None` where nothing is declared.
    pub result: Option<Type>,
    /// Whether `learn` may change the result.
    pub modifier: Option<Modifier>,
    /// Its body.
    pub body: Block,
    /// From `fn` to the result type.
    pub header: Span,
    /// What is written there, as one number: all that others see of the function.
    pub signature: u64,
}

/// One parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Its declared type, if any.
    pub annotation: Option<Type>,
    /// Whether `learn` may change it.
    pub modifier: Option<Modifier>,
    /// Whether a default is written, which is refused.
    pub has_default: bool,
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
    /// What stands in the place of its type and is refused; what is said of
    /// elements and sizes means nothing then.
    pub refused: Option<&'static str>,
    /// Whether `learn` may change it.
    pub modifier: Option<Modifier>,
    /// The initialiser; zeros without one.
    pub value: Option<Expression>,
    /// The whole declaration.
    pub span: Span,
}

/// `import "file.tl"`.
#[derive(Clone, Debug)]
pub struct Import {
    /// The path as written.
    pub path: String,
    /// Where the path stands.
    pub place: Span,
    /// The whole declaration.
    pub span: Span,
}

/// `main { … }`.
#[derive(Clone, Debug)]
pub struct Main {
    /// The words before the brace.
    pub header: Span,
    /// What runs.
    pub body: Block,
}

/// `struct Point<T> { x: T, y: T }`.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Its name.
    pub name: Name,
    /// The types it is open for.
    pub type_parameters: Vec<Name>,
    /// Its fields in order.
    pub fields: Vec<StructField>,
    /// The whole declaration.
    pub span: Span,
    /// What is written there, as one number.
    pub written: u64,
}

/// One field of a struct.
#[derive(Clone, Debug)]
pub struct StructField {
    /// Its name.
    pub name: Name,
    /// Its type, where it is understood.
    pub annotation: Option<Type>,
    /// Whether `learn` may change it.
    pub modifier: Option<Modifier>,
}

/// `impl<T> Drop for Point<T> { fn … }`.
#[derive(Clone, Debug)]
pub struct Impl {
    /// The types it is open for.
    pub type_parameters: Vec<Name>,
    /// What is implemented, before `for`.
    pub interface: Option<Type>,
    /// The struct that gets the methods, where it is understood.
    pub target: Option<Type>,
    /// The methods in order.
    pub methods: Vec<Arc<Function>>,
    /// The whole declaration.
    pub span: Span,
}

/// `test name { … }`, `bench name { … }`.
#[derive(Clone, Debug)]
pub struct NamedBlock {
    /// Its name.
    pub name: Name,
    /// What it runs.
    pub body: Block,
}
