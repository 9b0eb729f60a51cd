//! Axes: how many there are, and the same elements with axes reordered, added,
//! dropped or flattened.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{ArrayKind, Fact};
use super::rules::{self, Numbers};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};
use crate::size::Size;

/// The builtins on axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axes {
    /// The number of elements.
    Numel,
    /// The number of axes.
    Rank,
    /// One axis in place of all.
    Flatten,
    /// Axes in another order.
    Permute,
    /// Without axes of size 1.
    Squeeze,
    /// A new axis of size 1.
    Unsqueeze,
    /// Parts of some size along an axis.
    Split,
    /// So many parts along an axis.
    Chunk,
}

impl Axes {
    /// Every builtin of the family.
    pub const ALL: &[Axes] = &[
        Axes::Numel,
        Axes::Rank,
        Axes::Flatten,
        Axes::Permute,
        Axes::Squeeze,
        Axes::Unsqueeze,
        Axes::Split,
        Axes::Chunk,
    ];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Axes::Numel => &Entry {
                name: "numel",
                spellings: &[],
                parameters: const { &[X] },
                result: "an Integer",
                summary: "The number of elements, the product of all sizes.",
                documentation: "",
                example: "print(numel(zeros([2, 3])))",
                prints: "6",
                rule: |a| Ok(Fact::Integer(a.shape(0).and_then(|shape| shape.count().size()))),
            },
            Axes::Rank => &Entry {
                name: "rank",
                spellings: &[],
                parameters: const { &[X] },
                result: "an Integer",
                summary: "The number of axes, as `len(shape(x))`.",
                documentation: "",
                example: "print(rank(zeros([2, 3])))\nprint(rank(5))",
                prints: "2\n0",
                rule: |a| Ok(Fact::Integer(a.shape(0).map(|shape| Size::Number(shape.rank() as i64)))),
            },
            Axes::Flatten => &Entry {
                name: "flatten",
                spellings: &[],
                parameters: const { &[X] },
                result: "a tensor [n]",
                summary: "All elements along one axis, row by row.",
                documentation: "",
                example: "print(flatten([[1, 2], [3, 4]]))",
                prints: "[1, 2, 3, 4]",
                rule: |a| {
                    let count = a.shape(0).map_or(Dim::Unknown, |shape| shape.count());
                    Ok(Fact::Tensor { element: a.fact(0).element(), shape: Some(Shape(vec![count])) })
                },
            },
            Axes::Permute => &Entry {
                name: "permute",
                spellings: &[],
                parameters: const { &[X, Parameter::required("axes", Accepts::Sizes)] },
                result: "a tensor with its axes in that order",
                summary: "The axes in another order: axis i of the result is axis `axes[i]` of x.",
                documentation: "Every axis is named once. Two axes are exchanged by `transpose`.",
                example: "print(shape(permute(zeros([2, 3, 4]), [2, 0, 1])))",
                prints: "[4, 2, 3]",
                rule: permute,
            },
            Axes::Squeeze => &Entry {
                name: "squeeze",
                spellings: &[],
                parameters: const { &[X, Parameter::optional("axis", Accepts::Integer, "all of size 1")] },
                result: "a tensor with fewer axes",
                summary: "Drops one axis of size 1, or all of them.",
                documentation: "",
                example: "print(shape(squeeze(zeros([1, 3, 1]))))\nprint(shape(squeeze(zeros([1, 3, 1]), 0)))",
                prints: "[3]\n[3, 1]",
                rule: squeeze,
            },
            Axes::Unsqueeze => &Entry {
                name: "unsqueeze",
                spellings: &[],
                parameters: const { &[X, Parameter::required("axis", Accepts::Integer)] },
                result: "a tensor with one axis more",
                summary: "Adds an axis of size 1 at a position.",
                documentation: "A negative position counts from the end of the result: -1 adds the last axis.",
                example: "print(unsqueeze([1, 2], 0))\nprint(unsqueeze([1, 2], -1))",
                prints: "[[1, 2]]\n[[1], [2]]",
                rule: unsqueeze,
            },
            Axes::Split => &Entry {
                name: "split",
                spellings: &[],
                parameters: const {
                    &[
                        X,
                        Parameter::required("sizes", Accepts::SizeOrSizes),
                        Parameter::optional("axis", Accepts::Integer, "0"),
                    ]
                },
                result: "an array of tensors",
                summary: "Cuts a tensor along an axis into parts of the given sizes, or all of one size.",
                documentation: "One number is the size of each part; the last one has what is left. Several must sum to the size of the axis.",
                example: "print(split([1, 2, 3, 4, 5], 2))\nprint(split([1, 2, 3], [1, 2])[1])",
                prints: "[[1, 2], [3, 4], [5]]\n[2, 3]",
                rule: split,
            },
            Axes::Chunk => &Entry {
                name: "chunk",
                spellings: &[],
                parameters: const {
                    &[
                        X,
                        Parameter::required("count", Accepts::Integer),
                        Parameter::optional("axis", Accepts::Integer, "0"),
                    ]
                },
                result: "an array of tensors",
                summary: "Cuts a tensor along an axis into so many parts of equal size.",
                documentation: "Where the size cannot be divided the parts are of the next larger size and the last one has what is left; there may then be fewer parts.",
                example: "print(chunk([1, 2, 3, 4], 2))",
                prints: "[[1, 2], [3, 4]]",
                rule: chunk,
            },
        }
    }
}

const X: Parameter = Parameter::required("x", Accepts::Tensor);

fn permute(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let element = arguments.fact(0).element();
    let order = match Numbers::of(arguments.fact(1)) {
        Numbers::Unknown => None,
        Numbers::Count(count) => Some(vec![None; count]),
        Numbers::Each(all) => Some(all.iter().map(|axis| axis.as_ref().and_then(Size::known)).collect()),
    };
    let (Some(shape), Some(order)) = (arguments.shape(0), order) else {
        return Ok(Fact::Tensor { element, shape: None });
    };
    let wrong = |code: Code, what: String| {
        let message = format!("`permute` needs each axis of x once: {what}");
        Mismatch::new(code, message).argument(1)
    };
    if order.len() != shape.rank() {
        let what = format!("x is {shape} with {} axes, {} are named", shape.rank(), order.len());
        return Err(wrong(Code::RankMismatch, what));
    }
    let mut seen = vec![false; shape.rank()];
    let mut sizes = Vec::with_capacity(shape.rank());
    for axis in order {
        let Some(axis) = axis else {
            sizes.push(Dim::Unknown);
            continue;
        };
        let at = rules::axis("permute", axis, shape.rank(), 1)?;
        if std::mem::replace(&mut seen[at], true) {
            return Err(wrong(Code::ArgumentType, format!("axis {axis} is named twice")));
        }
        sizes.push(shape.0[at].clone());
    }
    Ok(Fact::Tensor { element, shape: Some(Shape(sizes)) })
}

fn squeeze(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    let element = x.element();
    let Some(mut shape) = x.shape() else { return Ok(Fact::Tensor { element, shape: None }) };
    let Some(axis) = arguments.get(1) else {
        // Whether a size that is not known is 1, and its axis dropped, is open.
        let is_known = shape.0.iter().all(|size| size.known().is_some());
        shape.0.retain(|size| *size != Dim::Known(1));
        return Ok(Fact::Tensor { element, shape: is_known.then_some(shape) });
    };
    let Some(axis) = axis.integer() else {
        let fewer = shape.rank().saturating_sub(1);
        return Ok(Fact::Tensor { element, shape: Some(Shape(vec![Dim::Unknown; fewer])) });
    };
    let axis = rules::axis("squeeze", axis, shape.rank(), 1)?;
    let size = shape.0.remove(axis);
    if size.unify(&Dim::Known(1)).is_none() {
        let message = format!("`squeeze` drops axes of size 1: axis {axis} of {} has {size}", x.describe());
        return Err(Mismatch::new(Code::ShapeMismatch, message).argument(1));
    }
    Ok(Fact::Tensor { element, shape: Some(shape) })
}

fn unsqueeze(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let element = arguments.fact(0).element();
    let Some(mut shape) = arguments.shape(0) else { return Ok(Fact::Tensor { element, shape: None }) };
    match arguments.fact(1).integer() {
        Some(axis) => shape.0.insert(new_axis(axis, shape.rank())?, Dim::Known(1)),
        None => shape = Shape(vec![Dim::Unknown; shape.rank() + 1]),
    }
    Ok(Fact::Tensor { element, shape: Some(shape) })
}

/// The position of a new axis among `rank` others, from either end.
pub fn new_axis(axis: i64, rank: usize) -> Result<usize, Mismatch> {
    crate::shape::resolve_index(axis, rank + 1).ok_or_else(|| {
        let message = format!("`unsqueeze` adds no axis {axis}: a tensor of {rank} axes takes one at 0 to {rank}");
        Mismatch::new(Code::IndexOutOfRange, message).argument(1)
    })
}

/// The axis to cut along and its size, as far as known.
fn cut_axis(function: &str, arguments: &Bound<Fact>) -> Result<Dim, Mismatch> {
    let axis = arguments.get(2).map_or(Some(0), Fact::integer);
    let (Some(shape), Some(axis)) = (arguments.shape(0), axis) else { return Ok(Dim::Unknown) };
    Ok(shape.0[rules::axis(function, axis, shape.rank(), if arguments.get(2).is_some() { 2 } else { 0 })?].clone())
}

fn tensors(count: Option<usize>) -> Fact {
    Fact::Array { kind: Some(ArrayKind::Tensor), len: count.map_or(Dim::Unknown, Dim::Known), integers: None }
}

fn split(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let size = cut_axis("split", arguments)?.known();
    if let Some(part) = arguments.fact(1).integer() {
        return match usize::try_from(part) {
            Ok(part @ 1..) => Ok(tensors(size.map(|size| size.div_ceil(part)))),
            _ => {
                let message = format!("`split` needs parts of at least 1, found {part}");
                Err(Mismatch::new(Code::ArgumentType, message).argument(1))
            }
        };
    }
    match Numbers::of(arguments.fact(1)) {
        Numbers::Unknown => Ok(tensors(None)),
        Numbers::Count(count) => Ok(tensors(Some(count))),
        Numbers::Each(sizes) => {
            let known: Option<Vec<i64>> = sizes.iter().map(|size| size.as_ref().and_then(Size::known)).collect();
            if let (Some(known), Some(size)) = (known, size) {
                split_ends(&known, size)?;
            }
            Ok(tensors(Some(sizes.len())))
        }
    }
}

/// Where parts of these sizes end, if they make up the axis.
pub fn split_ends(sizes: &[i64], size: usize) -> Result<Vec<usize>, Mismatch> {
    let mut end = Some(0usize);
    let ends: Vec<Option<usize>> = sizes
        .iter()
        .map(|part| {
            end = end.and_then(|end| end.checked_add(usize::try_from(*part).ok()?));
            end
        })
        .collect();
    match ends.into_iter().collect::<Option<Vec<usize>>>() {
        Some(ends) if end == Some(size) => Ok(ends),
        _ => {
            let message = format!("`split` needs sizes that sum to {size}, the size of the axis, found {sizes:?}");
            Err(Mismatch::new(Code::ShapeMismatch, message).argument(1))
        }
    }
}

fn chunk(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let size = cut_axis("chunk", arguments)?.known();
    match arguments.fact(1).integer().map(usize::try_from) {
        None => Ok(tensors(None)),
        Some(Ok(count @ 1..)) => Ok(tensors(size.map(|size| size.div_ceil(chunk_size(size, count))))),
        Some(_) => {
            let message = "`chunk` needs at least 1 part";
            Err(Mismatch::new(Code::ArgumentType, message).argument(1))
        }
    }
}

/// The size of each of so many equal parts but the last.
pub fn chunk_size(size: usize, count: usize) -> usize {
    size.div_ceil(count.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn axes_are_counted_and_reordered() {
        check(Axes::Rank.entry(), &[tensor("n 3")], Ok(int(2)));
        check(Axes::Numel.entry(), &[tensor("4 3")], Ok(int(12)));
        check(Axes::Flatten.entry(), &[tensor("4 n")], Ok(tensor("4*n")));
        check(Axes::Permute.entry(), &[tensor("n 3 4"), sizes("2 0 1")], Ok(tensor("4 n 3")));
        let message = "`permute` needs each axis of x once: axis 0 is named twice";
        check(Axes::Permute.entry(), &[tensor("2 3"), sizes("0 0")], Err((Code::ArgumentType, message)));
        let message = "`permute` needs each axis of x once: x is [2, 3] with 2 axes, 1 are named";
        check(Axes::Permute.entry(), &[tensor("2 3"), sizes("0")], Err((Code::RankMismatch, message)));
    }

    #[test]
    fn axes_of_size_1_come_and_go() {
        check(Axes::Squeeze.entry(), &[tensor("1 3 1")], Ok(tensor("3")));
        check(
            Axes::Squeeze.entry(),
            &[tensor("1 n")],
            Ok(Fact::Tensor { element: tensor("1").element(), shape: None }),
        );
        check(Axes::Squeeze.entry(), &[tensor("1 n"), int(0)], Ok(tensor("n")));
        check(Axes::Unsqueeze.entry(), &[tensor("n 3"), int(-1)], Ok(tensor("n 3 1")));
        let message = "`squeeze` drops axes of size 1: axis 1 of float32[1, 3] has 3";
        check(Axes::Squeeze.entry(), &[tensor("1 3"), int(-1)], Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn parts_are_counted() {
        check(Axes::Split.entry(), &[tensor("5 2"), int(2)], Ok(tensors(Some(3))));
        check(Axes::Split.entry(), &[tensor("n 6"), sizes("4 2"), int(1)], Ok(tensors(Some(2))));
        check(Axes::Chunk.entry(), &[tensor("5"), int(4)], Ok(tensors(Some(3))));
        let message = "`split` needs sizes that sum to 5, the size of the axis, found [2, 2]";
        check(Axes::Split.entry(), &[tensor("5"), sizes("2 2")], Err((Code::ShapeMismatch, message)));
    }
}
