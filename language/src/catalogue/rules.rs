//! What the shape rules of several families share: reading sizes and indices
//! from facts, and the words for what does not fit.

use super::entry::Bound;
use super::fact::Fact;
use crate::diagnostic::Code;
use crate::shape::{Dim, ElementType, Mismatch, Shape, resolve_index};
use crate::size::Size;

/// What is known of a list of whole numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// Nothing.
    Unknown,
    /// How many there are.
    Count(usize),
    /// Each of them, as far as known.
    Each(Vec<Option<Size>>),
}

/// The most entries that a list of sizes or axes may have to be looked at.
const MOST_ENTRIES: usize = 1024;

impl Numbers {
    /// What a fact tells of the list that it stands for; nothing of a very long one.
    pub fn of(fact: &Fact) -> Numbers {
        match Numbers::of_any(fact) {
            Numbers::Count(count) if count > MOST_ENTRIES => Numbers::Unknown,
            numbers => numbers,
        }
    }

    fn of_any(fact: &Fact) -> Numbers {
        match fact {
            Fact::Array { integers: Some(integers), .. } => Numbers::Each(integers.clone()),
            Fact::Array { len: Dim::Known(len), .. } | Fact::Tokens(Dim::Known(len)) => Numbers::Count(*len),
            Fact::Tensor { shape: Some(shape), .. } => match shape.0[..] {
                [Dim::Known(len)] => Numbers::Count(len),
                _ => Numbers::Unknown,
            },
            _ => Numbers::Unknown,
        }
    }
}

/// The shape that a list of sizes asks for; `None` when its rank is unknown.
pub fn requested_shape(function: &str, arguments: &Bound<Fact>, slot: usize) -> Result<Option<Shape>, Mismatch> {
    match Numbers::of(arguments.fact(slot)) {
        Numbers::Unknown => Ok(None),
        Numbers::Count(rank) => Ok(Some(Shape(vec![Dim::Unknown; rank]))),
        Numbers::Each(sizes) => {
            let all = sizes.iter().map(|size| match size {
                None => Ok(Dim::Unknown),
                Some(size) => requested_size(function, size, slot),
            });
            all.collect::<Result<Vec<Dim>, Mismatch>>().map(|sizes| Some(Shape(sizes)))
        }
    }
}

/// The size that a whole number asks for.
pub fn requested_size(function: &str, size: &Size, slot: usize) -> Result<Dim, Mismatch> {
    Dim::of(size).ok_or_else(|| negative_size(function, size.known().unwrap_or_default(), slot))
}

/// The mismatch of a size below 0.
pub fn negative_size(function: &str, size: i64, slot: usize) -> Mismatch {
    Mismatch::new(Code::ArgumentType, format!("`{function}` needs sizes of at least 0, found {size}")).argument(slot)
}

/// Checks that `axis` names one of `rank` axes and resolves it from either end.
pub fn axis(function: &str, axis: i64, rank: usize, slot: usize) -> Result<usize, Mismatch> {
    resolve_index(axis, rank).ok_or_else(|| {
        let message = match rank {
            0 => format!("`{function}` finds no axis {axis}: the value is 0-d"),
            _ => format!("`{function}` finds no axis {axis}: the tensor has axes 0 to {}", rank - 1),
        };
        Mismatch::new(Code::IndexOutOfRange, message).argument(slot)
    })
}

/// The type of floats that a function makes of `element`: integers and truth
/// values give float32.
pub fn float_of(element: Option<ElementType>) -> Option<ElementType> {
    element.map(|element| if element.is_float() { element } else { ElementType::Float32 })
}

/// The type of a result of several operands, where it is certain: all are of
/// one floating-point type. A weak one may give way otherwise.
pub fn common_element<'a>(operands: impl IntoIterator<Item = &'a Fact>) -> Option<ElementType> {
    let mut operands = operands.into_iter();
    let first = operands.next()?.element().filter(|element| element.is_float())?;
    operands.all(|operand| operand.element() == Some(first)).then_some(first)
}

/// The mismatch of an argument of the wrong kind.
pub fn wrong_kind(function: &str, expected: &str, parameter: &str, found: &Fact, slot: usize) -> Mismatch {
    let message = format!("`{function}` needs {expected} for `{parameter}`, found {}", found.describe());
    Mismatch::new(Code::ArgumentType, message).argument(slot)
}

#[cfg(test)]
pub(super) mod testing {
    use super::super::entry::Entry;
    use super::*;
    use crate::catalogue::fact::ArrayKind;
    use crate::size::Symbol;

    /// A float32 tensor; `?` is an unknown size, a letter a symbol.
    pub fn tensor(sizes: &str) -> Fact {
        Fact::tensor(ElementType::Float32, shape(sizes))
    }

    pub fn shape(sizes: &str) -> Shape {
        let dim = |word: &str| number(word).as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown);
        Shape(sizes.split_whitespace().map(dim).collect())
    }

    /// `3`, the symbol `n`, or `2*n`; `None` for `?`.
    fn number(word: &str) -> Option<Size> {
        word.split('*').try_fold(Size::Number(1), |product, factor| {
            let letter = factor.chars().next().filter(char::is_ascii_alphabetic);
            let symbol = |letter| {
                Size::symbol(Symbol {
                    id: letter as u32,
                    name: factor.into(),
                    is_size: true,
                    birth: Default::default(),
                })
            };
            product.times(&factor.parse().ok().map(Size::Number).or(letter.map(symbol))?)
        })
    }

    /// An array of sizes, written as for [`shape`] and also below 0.
    pub fn sizes(sizes: &str) -> Fact {
        let integers: Vec<Option<Size>> = sizes.split_whitespace().map(number).collect();
        Fact::Array { kind: Some(ArrayKind::Integer), len: Dim::Known(integers.len()), integers: Some(integers) }
    }

    pub fn int(n: i64) -> Fact {
        Fact::int(n)
    }

    pub fn text(text: &str) -> Fact {
        Fact::String(Some(text.into()))
    }

    pub fn ints(all: &[i64]) -> Fact {
        Fact::Array {
            kind: Some(ArrayKind::Integer),
            len: Dim::Known(all.len()),
            integers: Some(all.iter().map(|n| Some(Size::Number(*n))).collect()),
        }
    }

    /// Calls an entry with positional arguments and compares the fact or the
    /// code and message.
    #[track_caller]
    pub fn check(entry: &'static Entry, facts: &[Fact], expected: Result<Fact, (Code, &str)>) {
        let assigned = entry.assign(&vec![None; facts.len()]).unwrap();
        let found = entry.infer(&assigned, facts.to_vec()).map_err(|m| (m.code, m.message));
        assert_eq!(found, expected.map_err(|(code, message)| (code, message.to_string())), "`{}`", entry.name);
    }
}
