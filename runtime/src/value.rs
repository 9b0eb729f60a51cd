//! The values of a run. Numbers, texts, arrays, tokens and tensors are values:
//! a copy never changes with its original. Models and tokenizers are handles
//! that all copies share.

use std::sync::{Arc, Mutex};

use tensorlogic_language::catalogue::fact::{ArrayKind, Fact, HandleKind, Real};
use tensorlogic_language::shape::{Dim, Shape};
use tensorlogic_language::size::Size;

use crate::model::Model;
use crate::tensor::Tensor;
use crate::tokenizer::{DecodeStream, Tokenizer};
use crate::weights::Weight;

/// One value.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a box around each tensor would cost an allocation for each operation")]
pub enum Value {
    /// The value of what gives none.
    Void,
    /// A 64-bit signed integer.
    Integer(i64),
    /// A 64-bit float.
    Float(f64),
    /// A truth value.
    Boolean(bool),
    /// A text.
    String(Arc<str>),
    /// A tensor on the run's device.
    Tensor(Tensor),
    /// A tensor of a weight file, still in its blocks, and the model it is of.
    Weight(Model, Weight),
    /// A one-dimensional host array.
    Array(Arc<Array>),
    /// Token ids.
    Tokens(Arc<Vec<u32>>),
    /// A loaded weight file.
    Model(Model),
    /// `model.blk`: the tensors whose names begin with a prefix and a number.
    Layers(Model, Arc<str>),
    /// `model.blk[i]`.
    Layer(Model, Arc<str>, usize),
    /// `model.blk[i].attn_q`: the path so far.
    Feature(Model, Arc<str>),
    /// A loaded tokenizer.
    Tokenizer(Arc<TokenizerValue>),
}

/// A one-dimensional host array.
#[derive(Clone, Debug)]
pub enum Array {
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Floating-point numbers.
    Float(Vec<f64>),
    /// Texts.
    String(Vec<Arc<str>>),
    /// Truth values.
    Boolean(Vec<bool>),
    /// Tensors.
    Tensor(Vec<Tensor>),
}

/// A tokenizer and its one stream of decoded text.
#[derive(Debug)]
pub struct TokenizerValue {
    /// The tokenizer.
    pub tokenizer: Arc<Tokenizer>,
    /// Where `decode_stream` left off.
    pub stream: Mutex<DecodeStream>,
}

impl Array {
    /// The number of entries.
    pub fn len(&self) -> usize {
        match self {
            Array::Integer(all) => all.len(),
            Array::Float(all) => all.len(),
            Array::String(all) => all.len(),
            Array::Boolean(all) => all.len(),
            Array::Tensor(all) => all.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it holds.
    pub fn kind(&self) -> ArrayKind {
        match self {
            Array::Integer(_) => ArrayKind::Integer,
            Array::Float(_) => ArrayKind::Float,
            Array::String(_) => ArrayKind::String,
            Array::Boolean(_) => ArrayKind::Boolean,
            Array::Tensor(_) => ArrayKind::Tensor,
        }
    }

    /// The entry at `index` as a value; `None` past the end.
    pub fn get(&self, index: usize) -> Option<Value> {
        match self {
            Array::Integer(all) => all.get(index).map(|n| Value::Integer(*n)),
            Array::Float(all) => all.get(index).map(|x| Value::Float(*x)),
            Array::String(all) => all.get(index).map(|s| Value::String(s.clone())),
            Array::Boolean(all) => all.get(index).map(|b| Value::Boolean(*b)),
            Array::Tensor(all) => all.get(index).map(|t| Value::Tensor(t.clone())),
        }
    }
}

impl Value {
    /// A text value.
    pub fn string(text: impl Into<Arc<str>>) -> Value {
        Value::String(text.into())
    }

    /// An array of whole numbers, such as a shape.
    pub fn integers(all: impl IntoIterator<Item = i64>) -> Value {
        Value::Array(Arc::new(Array::Integer(all.into_iter().collect())))
    }

    /// All that shape rules need to know of this value.
    pub fn fact(&self) -> Fact {
        match self {
            Value::Void => Fact::Void,
            Value::Integer(n) => Fact::int(*n),
            Value::Float(x) => Fact::float(*x),
            Value::Boolean(b) => Fact::Boolean(Some(*b)),
            Value::String(text) => Fact::String(Some(text.to_string())),
            Value::Tensor(tensor) => Fact::tensor(tensor.element(), Shape::known(tensor.shape())),
            Value::Weight(_, weight) => Fact::tensor(weight.element(), Shape::known(weight.shape())),
            Value::Array(array) => {
                Fact::Array { kind: Some(array.kind()), len: Dim::Known(array.len()), integers: array.small_integers() }
            }
            Value::Tokens(ids) => Fact::Tokens(Dim::Known(ids.len())),
            Value::Model(_) => Fact::Handle(HandleKind::Model),
            Value::Layers(..) => Fact::Handle(HandleKind::Layers),
            Value::Layer(..) => Fact::Handle(HandleKind::Layer),
            Value::Feature(..) => Fact::Handle(HandleKind::Feature),
            Value::Tokenizer(_) => Fact::Handle(HandleKind::Tokenizer),
        }
    }

    /// How messages call this value: its kind, and for tensors type and shape.
    pub fn describe(&self) -> String {
        self.fact().describe()
    }
}

impl Array {
    /// The entries of an array that may be a list of sizes.
    fn small_integers(&self) -> Option<Vec<Option<Size>>> {
        const MOST: usize = 16;
        match self {
            Array::Integer(all) if all.len() <= MOST => Some(all.iter().map(|n| Some(Size::Number(*n))).collect()),
            Array::Float(all) if all.len() <= MOST => Some(all.iter().map(|x| Real::Number(*x).whole()).collect()),
            _ => None,
        }
    }
}
