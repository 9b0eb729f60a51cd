//! Element types, sizes and shapes, and the rules that every tensor operation
//! shares: unification, broadcasting and the reading of axes and indices.
//!
//! A size may be an expression or unknown, so that one rule serves the editor,
//! which often knows only part of a shape, and the run, which knows all of it.
//! Nothing here has a place in a text: who calls a rule adds the place.

use std::fmt;

use crate::size::Size;

/// The type of a tensor's elements, named as scripts write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElementType {
    /// IEEE 754 half precision.
    Float16,
    /// IEEE 754 single precision.
    Float32,
    /// 16-bit signed integer.
    Int16,
    /// 32-bit signed integer.
    Int32,
    /// 64-bit signed integer.
    Int64,
    /// Truth value, computed and printed as 0 or 1.
    Bool,
}

impl ElementType {
    /// The spelling in scripts and messages.
    pub fn name(self) -> &'static str {
        match self {
            ElementType::Float16 => "float16",
            ElementType::Float32 => "float32",
            ElementType::Int16 => "int16",
            ElementType::Int32 => "int32",
            ElementType::Int64 => "int64",
            ElementType::Bool => "bool",
        }
    }

    /// The type that `word` names, in its long or short spelling. `float64` is
    /// read as `float32`; `None` for words that name no element type.
    pub fn from_word(word: &str) -> Option<ElementType> {
        Some(match word {
            "float16" | "f16" => ElementType::Float16,
            "float32" | "f32" | "float64" => ElementType::Float32,
            "int16" => ElementType::Int16,
            "int32" => ElementType::Int32,
            "int64" => ElementType::Int64,
            "bool" => ElementType::Bool,
            _ => return None,
        })
    }

    /// Whether the elements are floating-point numbers.
    pub fn is_float(self) -> bool {
        matches!(self, ElementType::Float16 | ElementType::Float32)
    }

    /// The type that holds the values of both: the wider one, and float32 where
    /// a 16-bit float meets an integer that it could not hold exactly.
    pub fn wider(self, other: ElementType) -> ElementType {
        use ElementType::*;
        match (self, other) {
            (a, b) if a == b => a,
            (Float32, _) | (_, Float32) => Float32,
            (Float16, Bool | Int16) | (Bool | Int16, Float16) => Float16,
            (Float16, _) | (_, Float16) => Float32,
            (Int64, _) | (_, Int64) => Int64,
            (Int32, _) | (_, Int32) => Int32,
            _ => Int16,
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The size of one axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dim {
    /// A size that is known.
    Known(usize),
    /// A size that is an expression over symbols; never a plain number.
    Symbolic(Size),
    /// A size that is not known here; it equals anything.
    Unknown,
}

impl Dim {
    /// What a whole number means as a size: negative numbers mean none.
    pub fn of(size: &Size) -> Option<Dim> {
        match size {
            Size::Number(n) => usize::try_from(*n).ok().map(Dim::Known),
            Size::Sum(_) => Some(Dim::Symbolic(size.clone())),
        }
    }

    /// The size, if it is known as a number.
    pub fn known(&self) -> Option<usize> {
        match self {
            Dim::Known(size) => Some(*size),
            Dim::Symbolic(_) | Dim::Unknown => None,
        }
    }

    /// The size as a whole number, if it is known or an expression.
    pub fn size(&self) -> Option<Size> {
        match self {
            Dim::Known(size) => i64::try_from(*size).ok().map(Size::Number),
            Dim::Symbolic(size) => Some(size.clone()),
            Dim::Unknown => None,
        }
    }

    /// The size both sides agree on, or `None` when they certainly differ.
    pub fn unify(&self, other: &Dim) -> Option<Dim> {
        match (self, other) {
            (a, b) if a.never_equals(b) => None,
            (Dim::Known(a), _) | (_, Dim::Known(a)) => Some(Dim::Known(*a)),
            (Dim::Symbolic(a), _) | (_, Dim::Symbolic(a)) => Some(Dim::Symbolic(a.clone())),
            _ => Some(Dim::Unknown),
        }
    }

    /// Whether the two differ whatever their symbols stand for: by a fixed number, or
    /// since one is always larger.
    fn never_equals(&self, other: &Dim) -> bool {
        if let (Dim::Known(a), Dim::Known(b)) = (self, other) {
            return a != b;
        }
        if self == other {
            return false;
        }
        let (Some(a), Some(b)) = (self.size(), other.size()) else { return false };
        let exceeds = |difference: Size| difference.minus(&Size::Number(1)).is_some_and(|rest| rest.is_natural());
        let Some(difference) = a.minus(&b) else { return false };
        difference.times(&Size::Number(-1)).is_some_and(exceeds) || exceeds(difference)
    }

    /// The sum, unknown when a part is unknown.
    pub fn plus(&self, other: &Dim) -> Dim {
        let sum = self.size().zip(other.size()).and_then(|(a, b)| a.plus(&b));
        sum.as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)
    }

    /// The size both certainly have, unknown where they may differ.
    pub fn join(&self, other: &Dim) -> Dim {
        if self == other { self.clone() } else { Dim::Unknown }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Dim::Known(size) => write!(f, "{size}"),
            Dim::Symbolic(size) => write!(f, "{size}"),
            Dim::Unknown => f.write_str("?"),
        }
    }
}

/// The sizes of a tensor's axes, outermost first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Shape(pub Vec<Dim>);

impl Shape {
    /// A shape whose sizes are all known.
    pub fn known(sizes: &[usize]) -> Shape {
        Shape(sizes.iter().copied().map(Dim::Known).collect())
    }

    /// The number of axes.
    pub fn rank(&self) -> usize {
        self.0.len()
    }

    /// The number of elements, unknown when a size is unknown (and zero as soon
    /// as one size is zero).
    pub fn count(&self) -> Dim {
        if let Some(count) = self.known_count() {
            return Dim::Known(count);
        }
        let product = self.0.iter().try_fold(Size::Number(1), |product, dim| product.times(&dim.size()?));
        product.as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)
    }

    /// The number of elements where it is a plain number: what [`Shape::count`] gives
    /// then, without the product of its symbols.
    pub fn known_count(&self) -> Option<usize> {
        if self.0.contains(&Dim::Known(0)) {
            return Some(0);
        }
        let count = self.0.iter().try_fold(1_usize, |product, dim| product.checked_mul(dim.known()?))?;
        i64::try_from(count).is_ok().then_some(count)
    }

    /// All sizes, if every one is known.
    pub fn sizes(&self) -> Option<Vec<usize>> {
        self.0.iter().map(|dim| dim.known()).collect()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("[")?;
        for (i, dim) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{dim}")?;
        }
        f.write_str("]")
    }
}

/// Why shapes or values do not fit: a plain value without a place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The stable code, such as `ShapeMismatch`.
    pub code: crate::diagnostic::Code,
    /// What is wrong, with real numbers: expected before found.
    pub message: String,
    /// What to do about it, beginning with a verb.
    pub help: Option<String>,
    /// The argument at fault, counted from 0, where one is.
    pub argument: Option<usize>,
}

impl Mismatch {
    /// A mismatch without help and without a single argument at fault.
    pub fn new(code: crate::diagnostic::Code, message: impl Into<String>) -> Mismatch {
        Mismatch { code, message: message.into(), help: None, argument: None }
    }

    /// The same with advice.
    pub fn help(mut self, help: impl Into<String>) -> Mismatch {
        self.help = Some(help.into());
        self
    }

    /// The same, blaming the argument at `index`.
    pub fn argument(mut self, index: usize) -> Mismatch {
        self.argument = Some(index);
        self
    }
}

/// NumPy's broadcasting: shapes are aligned at the right, a size of 1 stretches.
/// `None` when two sizes certainly differ and neither is 1. A size that is not a
/// known number may be 1, so it gives way to a number and to nothing else.
pub fn broadcast(left: &Shape, right: &Shape) -> Option<Shape> {
    let rank = left.rank().max(right.rank());
    let at = |shape: &Shape, i: usize| {
        let missing = rank - shape.rank();
        if i < missing { Dim::Known(1) } else { shape.0[i - missing].clone() }
    };
    (0..rank)
        .map(|i| match (at(left, i), at(right, i)) {
            (Dim::Known(1), other) | (other, Dim::Known(1)) => Some(other),
            (a @ Dim::Known(_), b) | (b, a @ Dim::Known(_)) => a.unify(&b),
            (a, b) => Some(a.join(&b)),
        })
        .collect::<Option<Vec<_>>>()
        .map(Shape)
}

/// The position that `index` names on an axis of `size` entries; negative
/// indices count from the end. `None` when it lies outside.
pub fn resolve_index(index: i64, size: usize) -> Option<usize> {
    let size = i64::try_from(size).ok()?;
    let position = if index < 0 { index + size } else { index };
    (0..size).contains(&position).then_some(position as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::Symbol;

    fn dims(text: &str) -> Shape {
        Shape(text.split_whitespace().map(dim).collect())
    }

    /// A number, `?`, or a letter that is a symbol.
    fn dim(word: &str) -> Dim {
        let letter = word.chars().next().filter(char::is_ascii_alphabetic);
        match (word.parse(), letter) {
            (Ok(size), _) => Dim::Known(size),
            (_, Some(letter)) => Dim::Symbolic(Size::symbol(Symbol {
                id: letter as u32,
                name: word.into(),
                is_size: true,
                birth: Default::default(),
            })),
            _ => Dim::Unknown,
        }
    }

    fn check_broadcast(left: &str, right: &str, expected: Option<&str>) {
        assert_eq!(broadcast(&dims(left), &dims(right)), expected.map(dims), "{left} with {right}");
        assert_eq!(broadcast(&dims(right), &dims(left)), expected.map(dims), "{right} with {left}");
    }

    #[test]
    fn broadcasting_aligns_at_the_right() {
        check_broadcast("2 3", "3", Some("2 3"));
        check_broadcast("2 1 4", "3 1", Some("2 3 4"));
        check_broadcast("2 3", "2", None);
        check_broadcast("", "5", Some("5"));
        check_broadcast("? 3", "4 1", Some("4 3"));
        check_broadcast("0 3", "1 3", Some("0 3"));
    }

    #[test]
    fn a_symbol_may_be_1() {
        check_broadcast("n 3", "n 3", Some("n 3"));
        check_broadcast("n 3", "1 3", Some("n 3"));
        check_broadcast("n 3", "4 3", Some("4 3"));
        check_broadcast("n", "m", Some("?"));
        check_broadcast("n", "?", Some("?"));
    }

    #[test]
    fn unification_prefers_numbers() {
        let check = |a: &str, b: &str, expected: Option<&str>| assert_eq!(dim(a).unify(&dim(b)), expected.map(dim));
        check("n", "4", Some("4"));
        check("n", "?", Some("n"));
        check("n", "m", Some("n"));
        check("3", "4", None);
    }

    #[test]
    fn indices_count_from_both_ends() {
        assert_eq!(resolve_index(0, 3), Some(0));
        assert_eq!(resolve_index(-1, 3), Some(2));
        assert_eq!(resolve_index(3, 3), None);
        assert_eq!(resolve_index(-4, 3), None);
        assert_eq!(resolve_index(0, 0), None);
    }

    #[test]
    fn wider_types_hold_both() {
        use ElementType::*;
        assert_eq!(Float16.wider(Float32), Float32);
        assert_eq!(Float16.wider(Int64), Float32);
        assert_eq!(Bool.wider(Int16), Int16);
        assert_eq!(Int16.wider(Float16), Float16);
    }

    #[test]
    fn counts_survive_absurd_sizes() {
        assert_eq!(Shape::known(&[usize::MAX, 2]).count(), Dim::Unknown);
        assert_eq!(Shape(vec![Dim::Unknown, Dim::Known(0)]).count(), Dim::Known(0));
        assert_eq!(Shape::known(&[]).count(), Dim::Known(1));
    }
}
