//! Collections: how many entries a value has, one of them, and lists that grow.
//! Lists are values: a longer one is a new list.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{ArrayKind, Fact, HandleKind};
use super::rules::{common_element, wrong_kind};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape, resolve_index};
use crate::size::Size;

/// The builtins on collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collection {
    /// The number of entries.
    Len,
    /// A list with one entry more.
    Append,
    /// One entry.
    Get,
}

impl Collection {
    /// Every builtin of the family.
    pub const ALL: &[Collection] = &[Collection::Len, Collection::Append, Collection::Get];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Collection::Len => &Entry {
                name: "len",
                spellings: &["count_tokens"],
                parameters: const { &[Parameter::required("x", Accepts::Collection)] },
                result: "an Integer",
                summary: "The number of entries of an array or of tokens, of characters of a String, of rows of a tensor, or of layers.",
                documentation: "Of a tensor it is the size of axis 0; of `model.blk` the number of layers.",
                example: "print(len([4, 5, 6]))\nprint(len(\"naïve\"))\nprint(len(zeros([2, 7])))",
                prints: "3\n5\n2",
                rule: len,
            },
            Collection::Append => &Entry {
                name: "append",
                spellings: &["append_token"],
                parameters: const {
                    &[Parameter::required("list", Accepts::Collection), Parameter::required("element", Accepts::Any)]
                },
                result: "a list with one entry more",
                summary: "A new list with an element behind the others; of a tensor, one with a row more.",
                documentation: "The list itself does not change: write `list = append(list, x)`, or `list.append(x)` alone on a line, which does the same. An IntArray that takes a fraction becomes a FloatArray. A tensor takes one row, or several as a tensor of as many axes.",
                example: "let ids = [3, 4]\nids = append(ids, 5)\nids.append(6)\nprint(ids)\nprint(append([[1, 2]], [3, 4]))",
                prints: "[3, 4, 5, 6]\n[[1, 2], [3, 4]]",
                rule: append,
            },
            Collection::Get => &Entry {
                name: "get",
                spellings: &[],
                parameters: const {
                    &[Parameter::required("list", Accepts::Collection), Parameter::required("index", Accepts::Integer)]
                },
                result: "the entry",
                summary: "One entry of an array, of tokens, of a String or of a tensor, as `list[index]`.",
                documentation: "Negative indices count from the end.",
                example: "print(get([4, 5, 6], 0))\nprint(get([4, 5, 6], -1))",
                prints: "4\n6",
                rule: get,
            },
        }
    }
}

fn len(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(Fact::Integer(match arguments.fact(0) {
        Fact::Tensor { shape: Some(shape), .. } => match shape.0.first() {
            Some(size) => size.size(),
            None => {
                let message = "`len` needs a tensor with axes, found a 0-d tensor";
                return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
            }
        },
        Fact::Array { len, .. } | Fact::Tokens(len) => len.size(),
        Fact::String(Some(text)) => Some(Size::Number(text.chars().count() as i64)),
        _ => None,
    }))
}

fn append(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let (list, element) = (arguments.fact(0), arguments.fact(1));
    let one = Dim::Known(1);
    let wrong = |expected: &str| Err(wrong_kind("append", expected, "element", element, 1));
    match list {
        Fact::Unknown => Ok(Fact::Unknown),
        Fact::Array { kind, len, .. } => {
            let with_entries = (*len != Dim::Known(0)).then(|| kind_with(*kind, element));
            let first = list.may_be_empty().then(|| kind_of_first(element));
            let kind = match (with_entries, first) {
                (Some(Ok(kind)), Some(Ok(first))) if kind != first => Ok(None),
                (Some(Ok(kind)), _) | (_, Some(Ok(kind))) => Ok(kind),
                (Some(Err(expected)), _) | (None, Some(Err(expected))) => Err(expected),
                (None, None) => Ok(None),
            };
            match kind {
                Ok(kind) => Ok(Fact::Array { kind, len: len.plus(&one), integers: None }),
                Err(expected) => wrong(expected),
            }
        }
        Fact::Tokens(len) if Accepts::Integer.allows(element) => Ok(Fact::Tokens(len.plus(&one))),
        Fact::Tokens(_) => wrong("a token id"),
        Fact::String(_) => {
            let message = "`append` needs an array, Tokens or a tensor for `list`, found a String";
            Err(Mismatch::new(Code::ArgumentType, message).argument(0).help("join texts with `+`"))
        }
        Fact::Handle(HandleKind::Layers) => Err(wrong_kind("append", "an array, Tokens or a tensor", "list", list, 0)),
        _ => append_rows(list, element),
    }
}

/// What an array holds whose first entry is this.
/// The kind of an array with entries after an element was appended, where it is known;
/// else what the element should have been.
fn kind_with(kind: Option<ArrayKind>, element: &Fact) -> Result<Option<ArrayKind>, &'static str> {
    let Some(kind) = kind else { return Ok(None) };
    let is_scalar = matches!(element, Fact::Tensor { .. }) && Accepts::Number.allows(element);
    let (fits, expected) = match kind {
        ArrayKind::Integer => match element {
            Fact::Float(Some(x)) if x.whole().is_none() => return Ok(Some(ArrayKind::Float)),
            Fact::Float(None) | Fact::Unknown => return Ok(None),
            _ if is_scalar => return Ok(None),
            _ => (matches!(element, Fact::Integer(_) | Fact::Float(_)), "a number"),
        },
        ArrayKind::Float => (is_scalar || matches!(element, Fact::Integer(_) | Fact::Float(_)), "a number"),
        ArrayKind::String => (matches!(element, Fact::String(_)), "a String"),
        ArrayKind::Boolean => (matches!(element, Fact::Boolean(_)), "a Boolean"),
        ArrayKind::Tensor => (matches!(element, Fact::Tensor { .. } | Fact::Handle(HandleKind::Feature)), "a tensor"),
    };
    if fits || *element == Fact::Unknown { Ok(Some(kind)) } else { Err(expected) }
}

/// The kind of an array whose first entry this is, where it is known.
fn kind_of_first(element: &Fact) -> Result<Option<ArrayKind>, &'static str> {
    Ok(Some(match element {
        Fact::Integer(_) => ArrayKind::Integer,
        Fact::Float(_) => ArrayKind::Float,
        Fact::String(_) => ArrayKind::String,
        Fact::Boolean(_) => ArrayKind::Boolean,
        // Without axes it is a number.
        Fact::Tensor { shape, .. } if shape.as_ref().is_none_or(|shape| shape.rank() == 0) => return Ok(None),
        Fact::Tensor { .. } | Fact::Handle(HandleKind::Feature) => ArrayKind::Tensor,
        Fact::Unknown => return Ok(None),
        _ => return Err("a number, a String, a Boolean or a tensor"),
    }))
}

fn append_rows(list: &Fact, element: &Fact) -> Result<Fact, Mismatch> {
    if !Accepts::Tensor.allows(element) {
        return Err(wrong_kind("append", "a row", "element", element, 1));
    }
    let shape = match (list.shape(), element.shape()) {
        (Some(list), Some(row)) => Some(with_rows(&list, &row)?),
        _ => None,
    };
    Ok(Fact::Tensor { element: common_element([list, element]), shape })
}

/// The shape of a tensor after one row, or several as a tensor of as many axes,
/// was appended.
pub fn with_rows(list: &Shape, row: &Shape) -> Result<Shape, Mismatch> {
    let misfit = |code: Code| {
        let mut expected = list.0.iter().skip(1).map(Dim::to_string).collect::<Vec<_>>().join(", ");
        expected = format!("[{expected}]");
        let message = format!("`append` needs a row of shape {expected} for a tensor of shape {list}, found {row}");
        Mismatch::new(code, message).argument(1)
    };
    if list.rank() == 0 {
        let message = "`append` needs a tensor with axes for `list`, found a 0-d tensor";
        return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
    }
    let (rows, sizes) = match row.rank() + 1 {
        rank if rank == list.rank() => (Dim::Known(1), &row.0[..]),
        rank if rank == list.rank() + 1 => (row.0[0].clone(), &row.0[1..]),
        _ => return Err(misfit(Code::RankMismatch)),
    };
    let mut shape = vec![list.0[0].plus(&rows)];
    for (size, other) in list.0[1..].iter().zip(sizes) {
        shape.push(size.unify(other).ok_or_else(|| misfit(Code::ShapeMismatch))?);
    }
    Ok(Shape(shape))
}

fn get(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let list = arguments.fact(0);
    let (len, entry) = match list {
        Fact::Array { kind, len, integers } => (
            len.clone(),
            match kind {
                Some(ArrayKind::Integer) if integers.is_some() => {
                    let at = arguments.fact(1).integer().zip(len.known()).and_then(|(at, len)| resolve_index(at, len));
                    Fact::Integer(at.and_then(|at| integers.as_ref()?.get(at).cloned().flatten()))
                }
                Some(ArrayKind::Integer) => Fact::Integer(None),
                Some(ArrayKind::Float) => Fact::Float(None),
                Some(ArrayKind::String) => Fact::String(None),
                Some(ArrayKind::Boolean) => Fact::Boolean(None),
                Some(ArrayKind::Tensor) => Fact::shaped(None),
                None => Fact::Unknown,
            },
        ),
        Fact::Tokens(len) => (len.clone(), Fact::Integer(None)),
        Fact::String(text) => {
            (text.as_ref().map_or(Dim::Unknown, |text| Dim::Known(text.chars().count())), Fact::String(None))
        }
        Fact::Tensor { element, shape: Some(shape) } => match shape.0.split_first() {
            None => {
                let message = "`get` needs a tensor with axes, found a 0-d tensor";
                return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
            }
            Some((len, rest)) => (len.clone(), Fact::Tensor { element: *element, shape: Some(Shape(rest.to_vec())) }),
        },
        Fact::Handle(HandleKind::Layers) => (Dim::Unknown, Fact::Handle(HandleKind::Layer)),
        Fact::Tensor { .. } | Fact::Handle(_) => (Dim::Unknown, Fact::shaped(None)),
        _ => (Dim::Unknown, Fact::Unknown),
    };
    if let (Some(len), Some(index)) = (len.known(), arguments.fact(1).integer()) {
        entry_at(index, len)?;
    }
    Ok(entry)
}

/// The position that an index names among `len` entries.
pub fn entry_at(index: i64, len: usize) -> Result<usize, Mismatch> {
    resolve_index(index, len).ok_or_else(|| {
        let message = match len {
            0 => format!("`get` finds no entry {index}: there are none"),
            _ => format!("`get` finds no entry {index}: there are {len}, 0 to {}", len - 1),
        };
        Mismatch::new(Code::IndexOutOfRange, message).argument(1)
    })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    fn list(kind: ArrayKind, len: usize) -> Fact {
        Fact::Array { kind: Some(kind), len: Dim::Known(len), integers: None }
    }

    #[test]
    fn lengths_are_counted() {
        let entry = Collection::Len.entry();
        check(entry, &[ints(&[4, 5])], Ok(int(2)));
        check(entry, &[text("naïve")], Ok(int(5)));
        check(entry, &[tensor("3 4")], Ok(int(3)));
        check(entry, &[Fact::Handle(HandleKind::Layers)], Ok(Fact::Integer(None)));
        let message = "`len` needs a collection for `x`, found the Integer 3";
        check(entry, &[int(3)], Err((Code::ArgumentType, message)));
        let message = "`len` needs a tensor with axes, found a 0-d tensor";
        check(entry, &[tensor("")], Err((Code::RankMismatch, message)));
    }

    #[test]
    fn lists_grow_by_one() {
        let entry = Collection::Append.entry();
        check(entry, &[ints(&[1]), int(2)], Ok(list(ArrayKind::Integer, 2)));
        check(entry, &[ints(&[1]), Fact::float(0.5)], Ok(list(ArrayKind::Float, 2)));
        check(entry, &[ints(&[]), text("a")], Ok(list(ArrayKind::String, 1)));
        check(entry, &[Fact::Tokens(Dim::Known(2)), int(5)], Ok(Fact::Tokens(Dim::Known(3))));
        check(entry, &[tensor("2 3"), tensor("3")], Ok(tensor("3 3")));
        check(entry, &[tensor("0 4 64"), tensor("5 4 64")], Ok(tensor("5 4 64")));
        let message = "`append` needs a number for `element`, found a String";
        check(entry, &[ints(&[1]), text("a")], Err((Code::ArgumentType, message)));
        let message = "`append` needs a row of shape [3] for a tensor of shape [2, 3], found [4]";
        check(entry, &[tensor("2 3"), tensor("4")], Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn entries_lie_inside() {
        let entry = Collection::Get.entry();
        check(entry, &[ints(&[4, 5]), int(-1)], Ok(int(5)));
        check(entry, &[tensor("2 3"), int(1)], Ok(tensor("3")));
        let message = "`get` finds no entry 2: there are 2, 0 to 1";
        check(entry, &[ints(&[4, 5]), int(2)], Err((Code::IndexOutOfRange, message)));
    }
}
