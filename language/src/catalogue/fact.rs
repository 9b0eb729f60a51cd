//! What is known of a value: its kind, and as much of its shape and content as
//! sizes need. The editor knows facts before a run, the interpreter has them of
//! every value; shape rules are functions over facts and serve both.

use crate::shape::{Dim, ElementType, Shape};
use crate::size::Size;

/// What is known of one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Nothing; always allowed.
    Unknown,
    /// `void`.
    Void,
    /// A whole number and, where known, which.
    Integer(Option<Size>),
    /// A floating-point number and, where known, which.
    Float(Option<Real>),
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
        integers: Option<Vec<Option<Size>>>,
    },
    /// Token ids and how many.
    Tokens(Dim),
    /// An opaque handle.
    Handle(HandleKind),
}

/// A floating-point number.
#[derive(Clone, Debug, PartialEq)]
pub enum Real {
    /// A known one.
    Number(f64),
    /// A whole one that is an expression over symbols.
    Whole(Size),
}

impl Real {
    /// The number, if it is known.
    pub fn known(&self) -> Option<f64> {
        match self {
            Real::Number(x) => Some(*x),
            Real::Whole(_) => None,
        }
    }

    /// The whole number that it certainly is.
    pub fn whole(&self) -> Option<Size> {
        match self {
            Real::Number(x) if x.fract() == 0.0 => Some(Size::Number(*x as i64)),
            Real::Number(_) => None,
            Real::Whole(size) => Some(size.clone()),
        }
    }

    /// A whole number as a floating-point number.
    pub fn of(size: &Size) -> Real {
        match size.known() {
            Some(n) => Real::Number(n as f64),
            None => Real::Whole(size.clone()),
        }
    }
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
    /// The keys and values of every layer.
    KvCache,
    /// A list that grows in place.
    Vec(ArrayKind),
    /// Memory set aside for tensors.
    TensorBuffer,
    /// What changes parameters in `learn`.
    Optimizer,
    /// What changes the learning rate in `learn`.
    Scheduler,
    /// What a run computes on.
    Device,
}

impl HandleKind {
    /// The name that scripts and messages use.
    pub fn name(self) -> &'static str {
        let described = self.described();
        described.split_once(' ').map_or(described, |(_, name)| name)
    }

    /// The same behind its article.
    pub fn described(self) -> &'static str {
        match self {
            HandleKind::Model => "a Model",
            HandleKind::Layers => "a Layers",
            HandleKind::Layer => "a Layer",
            HandleKind::Feature => "a Feature",
            HandleKind::Tokenizer => "a Tokenizer",
            HandleKind::KvCache => "a KVCache",
            HandleKind::Vec(ArrayKind::Integer) => "an IntVec",
            HandleKind::Vec(ArrayKind::Float) => "a FloatVec",
            HandleKind::Vec(ArrayKind::String) => "a StringVec",
            HandleKind::Vec(ArrayKind::Boolean) => "a BoolVec",
            HandleKind::Vec(ArrayKind::Tensor) => "a TensorVec",
            HandleKind::TensorBuffer => "a TensorBuffer",
            HandleKind::Optimizer => "an Optimizer",
            HandleKind::Scheduler => "a Scheduler",
            HandleKind::Device => "a Device",
        }
    }
}

impl Fact {
    /// The Integer `n`.
    pub fn int(n: i64) -> Fact {
        Fact::Integer(Some(Size::Number(n)))
    }

    /// The Float `x`.
    pub fn float(x: f64) -> Fact {
        Fact::Float(Some(Real::Number(x)))
    }

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
        let integers = shape.map(|s| s.0.iter().map(Dim::size).collect::<Vec<_>>());
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
            Fact::Float(Some(Real::Number(x))) => format!("the Float {x}"),
            Fact::Float(_) => "a Float".into(),
            Fact::Boolean(_) => "a Boolean".into(),
            Fact::String(_) => "a String".into(),
            Fact::Tensor { element, shape: Some(shape) } => {
                format!("{}{shape}", element.map_or("tensor", ElementType::name))
            }
            Fact::Tensor { element: None, shape: None } => "a tensor".into(),
            Fact::Tensor { element: Some(element), shape: None } => {
                let article = if element.name().starts_with('i') { "an" } else { "a" };
                format!("{article} {} tensor", element.name())
            }
            Fact::Array { kind, len, .. } => {
                let kind = kind.map_or("Array", ArrayKind::name);
                match len {
                    Dim::Unknown => format!("{kind} of some length"),
                    len => format!("{kind} of length {len}"),
                }
            }
            Fact::Tokens(Dim::Unknown) => "Tokens".into(),
            Fact::Tokens(len) => format!("Tokens of length {len}"),
            Fact::Handle(kind) => kind.described().into(),
        }
    }

    /// The whole number this value certainly is: an Integer or a whole Float.
    pub fn integer(&self) -> Option<i64> {
        self.size()?.known()
    }

    /// The same as an expression.
    pub fn size(&self) -> Option<Size> {
        match self {
            Fact::Integer(n) => n.clone(),
            Fact::Float(Some(x)) => x.whole(),
            _ => None,
        }
    }

    /// The number this value certainly is.
    pub fn number(&self) -> Option<f64> {
        match self {
            Fact::Integer(Some(n)) => n.known().map(|n| n as f64),
            Fact::Float(Some(x)) => x.known(),
            _ => None,
        }
    }

    /// The shape as a tensor operation sees it: numbers are 0-d, arrays rank 1.
    pub fn shape(&self) -> Option<Shape> {
        match self {
            Fact::Tensor { shape, .. } => shape.clone(),
            Fact::Integer(_) | Fact::Float(_) | Fact::Boolean(_) => Some(Shape::default()),
            Fact::Array { kind: Some(ArrayKind::Integer | ArrayKind::Float | ArrayKind::Boolean), len, .. } => {
                Some(Shape(vec![len.clone()]))
            }
            Fact::Tokens(len) => Some(Shape(vec![len.clone()])),
            _ => None,
        }
    }

    /// How many entries an array or a list of tokens has.
    pub fn list_len(&self) -> Dim {
        match self {
            Fact::Array { len, .. } | Fact::Tokens(len) => len.clone(),
            _ => Dim::Unknown,
        }
    }

    /// Whether it may be an array without entries, whose kind the first one decides.
    pub fn may_be_empty(&self) -> bool {
        match self {
            Fact::Array { len, .. } => {
                !len.size().and_then(|len| len.minus(&1.into())).is_some_and(|rest| rest.is_natural())
            }
            _ => false,
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
/// may leave anything open. A symbol may stand for any number, within one fact
/// for the same one.
pub fn agrees(promised: &Fact, found: &Fact) -> bool {
    let mut symbols = Symbols::default();
    let sizes = |a: &Option<Shape>, b: &Option<Shape>, symbols: &mut Symbols| match (a, b) {
        (Some(a), Some(b)) => a.rank() == b.rank() && a.0.iter().zip(&b.0).all(|(a, b)| symbols.allow(a, b)),
        _ => true,
    };
    match (promised, found) {
        (Fact::Unknown, _) => true,
        (Fact::Tensor { element, shape }, Fact::Tensor { element: real, shape: real_shape }) => {
            element.is_none_or(|element| Some(element) == *real) && sizes(shape, real_shape, &mut symbols)
        }
        (Fact::Array { kind, len, integers }, Fact::Array { kind: real, len: real_len, integers: found }) => {
            let entries = match (integers, found) {
                (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| symbols.allow_size(a, b)),
                _ => true,
            };
            // An array without entries has the kind that its first entry will give it.
            let is_empty = *real_len == Dim::Known(0);
            let kinds = is_empty || kind.is_none_or(|kind| Some(kind) == *real);
            kinds && entries && symbols.allow(len, real_len)
        }
        (Fact::Tokens(len) | Fact::Array { kind: None, len, .. }, Fact::Tokens(real)) => symbols.allow(len, real),
        (Fact::Integer(promised), Fact::Integer(found)) => symbols.allow_size(promised, found),
        (Fact::Float(Some(Real::Number(a))), Fact::Float(Some(Real::Number(b)))) => {
            a == b || (a.is_nan() && b.is_nan())
        }
        (Fact::Float(Some(Real::Whole(_))), Fact::Float(Some(Real::Number(b)))) => b.fract() == 0.0,
        (Fact::Boolean(Some(a)), Fact::Boolean(Some(b))) => a == b,
        (Fact::String(Some(a)), Fact::String(Some(b))) => a == b,
        (Fact::Handle(kind), Fact::Handle(real)) => kind == real,
        (promised, found) => std::mem::discriminant(promised) == std::mem::discriminant(found),
    }
}

/// What symbols stand for within one fact.
#[derive(Default)]
struct Symbols(Vec<(u32, i64)>);

impl Symbols {
    fn allow(&mut self, promised: &Dim, found: &Dim) -> bool {
        match (promised, found) {
            (Dim::Symbolic(promised), Dim::Known(_)) => self.allow_size(&Some(promised.clone()), &found.size()),
            _ => promised.unify(found).is_some(),
        }
    }

    /// Compares where every symbol has a value, and gives one to a symbol that
    /// stands alone or beside a constant.
    fn allow_size(&mut self, promised: &Option<Size>, found: &Option<Size>) -> bool {
        let (Some(promised), Some(Size::Number(found))) = (promised, found) else { return true };
        let value = |known: &[(u32, i64)], id: u32| known.iter().find(|(other, _)| *other == id).map(|(_, n)| *n);
        let mut open = Vec::new();
        promised.symbols(&mut |symbol| {
            if value(&self.0, symbol.id).is_none() && !open.contains(symbol) {
                open.push(symbol.clone());
            }
        });
        match &open[..] {
            [] => {
                let real = promised.replace(&mut |symbol| value(&self.0, symbol.id).map(Size::Number));
                real.is_none_or(|real| real == Size::Number(*found))
            }
            [one] => {
                let others = promised.replace(&mut |symbol| match value(&self.0, symbol.id) {
                    Some(n) => Some(Size::Number(n)),
                    None => Some(Size::symbol(symbol.clone())),
                });
                let rest = others.and_then(|others| others.minus(&Size::symbol(one.clone())));
                let Some(Size::Number(rest)) = rest else { return true };
                let Some(n) = found.checked_sub(rest) else { return true };
                self.0.push((one.id, n));
                !one.is_size || n >= 0
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::Symbol;

    #[test]
    fn a_symbol_is_one_number_within_a_fact() {
        let n = Size::symbol(Symbol { id: 0, name: "n".into(), is_size: true, birth: Default::default() });
        let sizes = |dims: Vec<Option<Size>>| {
            Fact::shaped(Some(Shape(
                dims.iter().map(|d| d.as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)).collect(),
            )))
        };
        let promised = sizes(vec![n.plus(&1.into()), Some(n.clone()), None]);
        let check = |found: &[usize], expected: bool| {
            assert_eq!(agrees(&promised, &Fact::shaped(Some(Shape::known(found)))), expected, "{found:?}");
        };
        check(&[5, 4, 9], true);
        check(&[5, 5, 9], false);
        check(&[0, 0, 9], false);
        check(&[5, 4], false);
        let above_0 = Fact::Integer(Some(n));
        assert!(agrees(&above_0, &Fact::int(3)) && !agrees(&above_0, &Fact::int(-1)));
    }
}
