//! What is known of a value: its kind, and as much of its shape and content as
//! sizes need. The editor knows facts before a run, the interpreter has them of
//! every value; shape rules are functions over facts and serve both.

use crate::shape::{Dim, ElementType, Shape};

/// What is known of one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Nothing; always allowed.
    Unknown,
    /// `void`.
    Void,
    /// A whole number and, where known, which.
    Integer(Option<i64>),
    /// A floating-point number and, where known, which.
    Float(Option<f64>),
    /// A truth value and, where known, which.
    Boolean(Option<bool>),
    /// A text and, where known, which.
    String(Option<String>),
    /// A tensor or a weight.
    Tensor {
        /// Its element type, where known.
        element: Option<ElementType>,
        /// Its shape, where the rank is known.
        shape: Option<Shape>,
    },
    /// A one-dimensional host array.
    Array {
        /// What it holds.
        kind: Option<ArrayKind>,
        /// How many entries.
        len: Dim,
        /// The entries of a small array of whole numbers, as far as known.
        integers: Option<Vec<Option<i64>>>,
    },
    /// Token ids and how many.
    Tokens(Dim),
    /// An opaque handle.
    Handle(HandleKind),
}

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayKind {
    /// Whole numbers.
    Integer,
    /// Floating-point numbers.
    Float,
    /// Texts.
    String,
    /// Truth values.
    Boolean,
    /// Tensors.
    Tensor,
}

impl ArrayKind {
    /// The name that scripts and messages use.
    pub fn name(self) -> &'static str {
        match self {
            ArrayKind::Integer => "IntArray",
            ArrayKind::Float => "FloatArray",
            ArrayKind::String => "StringArray",
            ArrayKind::Boolean => "BoolArray",
            ArrayKind::Tensor => "Array of tensors",
        }
    }
}

/// The kinds of opaque handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandleKind {
    /// A loaded weight file.
    Model,
    /// `model.blk`.
    Layers,
    /// `model.blk[i]`.
    Layer,
    /// `model.blk[i].attn_q`.
    Feature,
    /// A loaded tokenizer.
    Tokenizer,
}

impl HandleKind {
    /// The name that scripts and messages use.
    pub fn name(self) -> &'static str {
        match self {
            HandleKind::Model => "Model",
            HandleKind::Layers => "Layers",
            HandleKind::Layer => "Layer",
            HandleKind::Feature => "Feature",
            HandleKind::Tokenizer => "Tokenizer",
        }
    }
}

impl Fact {
    /// A tensor of which element type and shape are known.
    pub fn tensor(element: ElementType, shape: Shape) -> Fact {
        Fact::Tensor { element: Some(element), shape: Some(shape) }
    }

    /// A tensor of known shape only.
    pub fn shaped(shape: Option<Shape>) -> Fact {
        Fact::Tensor { element: None, shape }
    }

    /// An array of the sizes of `shape`, or of unknown length.
    pub fn sizes(shape: Option<&Shape>) -> Fact {
        let integers = shape.map(|s| s.0.iter().map(|d| d.known().map(|n| n as i64)).collect::<Vec<_>>());
        Fact::Array {
            kind: Some(ArrayKind::Integer),
            len: integers.as_ref().map_or(Dim::Unknown, |all| Dim::Known(all.len())),
            integers,
        }
    }

    /// How messages call the value: its kind, and for tensors type and shape.
    pub fn describe(&self) -> String {
        match self {
            Fact::Unknown => "a value".into(),
            Fact::Void => "void".into(),
            Fact::Integer(Some(n)) => format!("the Integer {n}"),
            Fact::Integer(None) => "an Integer".into(),
            Fact::Float(Some(x)) => format!("the Float {x}"),
            Fact::Float(None) => "a Float".into(),
            Fact::Boolean(_) => "a Boolean".into(),
            Fact::String(_) => "a String".into(),
            Fact::Tensor { element, shape } => {
                let element = element.map_or("tensor", ElementType::name);
                match shape {
                    Some(shape) => format!("{element}{shape}"),
                    None => format!("a {element} tensor").replace("tensor tensor", "tensor"),
                }
            }
            Fact::Array { kind, len, .. } => {
                let kind = kind.map_or("Array", ArrayKind::name);
                match len {
                    Dim::Known(len) => format!("{kind} of length {len}"),
                    Dim::Unknown => format!("{kind} of some length"),
                }
            }
            Fact::Tokens(Dim::Known(len)) => format!("Tokens of length {len}"),
            Fact::Tokens(Dim::Unknown) => "Tokens".into(),
            Fact::Handle(kind) => format!("a {}", kind.name()),
        }
    }

    /// The whole number this value certainly is: an Integer or a whole Float.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Fact::Integer(n) => *n,
            Fact::Float(Some(x)) if x.fract() == 0.0 => Some(*x as i64),
            _ => None,
        }
    }

    /// The shape as a tensor operation sees it: numbers are 0-d, arrays rank 1.
    pub fn shape(&self) -> Option<Shape> {
        match self {
            Fact::Tensor { shape, .. } => shape.clone(),
            Fact::Integer(_) | Fact::Float(_) | Fact::Boolean(_) => Some(Shape::default()),
            Fact::Array { kind: Some(ArrayKind::Integer | ArrayKind::Float | ArrayKind::Boolean), len, .. } => {
                Some(Shape(vec![*len]))
            }
            Fact::Tokens(len) => Some(Shape(vec![*len])),
            _ => None,
        }
    }

    /// The element type, where the value is a tensor of a known one.
    pub fn element(&self) -> Option<ElementType> {
        match self {
            Fact::Tensor { element, .. } => *element,
            _ => None,
        }
    }
}

/// Whether what was `promised` of a value holds for what is `found`; a promise
/// may leave anything open.
pub fn agrees(promised: &Fact, found: &Fact) -> bool {
    let sizes = |a: &Option<Shape>, b: &Option<Shape>| match (a, b) {
        (Some(a), Some(b)) => a.rank() == b.rank() && a.0.iter().zip(&b.0).all(|(a, b)| a.unify(*b).is_some()),
        _ => true,
    };
    match (promised, found) {
        (Fact::Unknown, _) => true,
        (Fact::Tensor { element, shape }, Fact::Tensor { element: real, shape: real_shape }) => {
            element.is_none_or(|element| Some(element) == *real) && sizes(shape, real_shape)
        }
        (Fact::Array { kind, len, .. }, Fact::Array { kind: real, len: real_len, .. }) => {
            kind.is_none_or(|kind| Some(kind) == *real) && len.unify(*real_len).is_some()
        }
        (Fact::Tokens(len), Fact::Tokens(real)) => len.unify(*real).is_some(),
        (Fact::Handle(kind), Fact::Handle(real)) => kind == real,
        (promised, found) => std::mem::discriminant(promised) == std::mem::discriminant(found),
    }
}
