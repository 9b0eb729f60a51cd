//! Indexing: parts of a tensor by position. Negative positions count from the
//! end, a part may be empty, and what lies outside is an error.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::rules::{self, wrong_kind};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape, resolve_index};
use crate::size::Size;

/// The builtins that take parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Indexing {
    /// A range along an axis, or of one row.
    Slice,
    /// The last entry of an axis, without the axis.
    SliceLast,
    /// The last entry of an axis, with the axis.
    GetLastPosition,
}

impl Indexing {
    /// Every builtin of the family.
    pub const ALL: &[Indexing] = &[Indexing::Slice, Indexing::SliceLast, Indexing::GetLastPosition];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Indexing::Slice => &Entry {
                name: "slice",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Collection),
                        Parameter::required("start", Accepts::Integer),
                        Parameter::required("end", Accepts::Integer),
                        Parameter::optional("axis", Accepts::Integer, "0"),
                    ]
                },
                result: "the part",
                summary: "The entries from `start` up to `end`, which is not among them, along an axis.",
                documentation: "With four arguments `slice(x, start, end, axis)` is meant where `axis` is an axis of `x` and `start` comes before `end`; otherwise `slice(x, row, start, end)`, a part of one row of a matrix. Arrays, tokens and strings are cut likewise.",
                example: "let x = [[1, 2, 3], [4, 5, 6]]\nprint(slice(x, 0, 1))\nprint(slice(x, 1, 3, 1))\nprint(slice(x, 1, 0, 2))",
                prints: "[[1, 2, 3]]\n[[2, 3], [5, 6]]\n[4, 5]",
                rule: slice,
            },
            Indexing::SliceLast => &Entry {
                name: "slice_last",
                spellings: &[],
                parameters: LAST,
                result: "a tensor without the axis",
                summary: "The last entry along an axis, which disappears: `[s, d]` gives `[d]`.",
                documentation: "Of a tensor with one axis the result is 0-d.",
                example: "print(slice_last([[1, 2], [3, 4]]))\nprint(slice_last([[1, 2], [3, 4]], 1))",
                prints: "[3, 4]\n[2, 4]",
                rule: |a| last("slice_last", a),
            },
            Indexing::GetLastPosition => &Entry {
                name: "get_last_position",
                spellings: &["get_last_token"],
                parameters: LAST,
                result: "a tensor with size 1 on the axis",
                summary: "The last entry along an axis, which stays with size 1: `[s, d]` gives `[1, d]`.",
                documentation: "",
                example: "print(get_last_position([[1, 2], [3, 4]]))",
                prints: "[[3, 4]]",
                rule: |a| last("get_last_position", a),
            },
        }
    }
}

const LAST: &[Parameter] =
    &[Parameter::required("x", Accepts::Tensor), Parameter::optional("axis", Accepts::Integer, "0")];

/// What a call of `slice` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// A range along an axis.
    Axis {
        /// Which.
        axis: usize,
        /// The first entry.
        start: usize,
        /// The entry behind the last.
        end: usize,
    },
    /// A range of one row.
    Row {
        /// Which.
        row: usize,
        /// The first column.
        start: usize,
        /// The column behind the last.
        end: usize,
    },
}

/// Reads the numbers given to `slice` for a tensor of these sizes.
pub fn cut(sizes: &[usize], first: i64, second: i64, third: Option<i64>) -> Result<Cut, Mismatch> {
    let shape = Shape::known(sizes);
    let outside = |message: String| Mismatch::new(Code::IndexOutOfRange, message);
    let Some(third) = third else {
        let [size, ..] = *sizes else { return Err(no_axes()) };
        return match (bound(first, size), bound(second, size)) {
            (Some(start), Some(end)) if start <= end => Ok(Cut::Axis { axis: 0, start, end }),
            (Some(_), Some(_)) => {
                Err(outside(format!("`slice` needs its start before its end: found {first} and {second}")))
            }
            (start, _) => {
                let (slot, found) = if start.is_none() { (1, first) } else { (2, second) };
                let message = format!("`slice` finds no position {found} on axis 0: {shape} has 0 to {size}");
                Err(outside(message).argument(slot))
            }
        };
    };
    let along = resolve_index(third, sizes.len()).and_then(|axis| {
        let (start, end) = (bound(first, sizes[axis])?, bound(second, sizes[axis])?);
        (start <= end).then_some((axis, start, end))
    });
    let in_row = match *sizes {
        [rows, columns] => resolve_index(first, rows).and_then(|row| {
            let (start, end) = (bound(second, columns)?, bound(third, columns)?);
            (start <= end).then_some((row, start, end))
        }),
        _ => None,
    };
    // Both readings fit only where one of them is empty: the other is meant.
    match (along, in_row) {
        (Some((axis, start, end)), row) if start < end || row.is_none() => Ok(Cut::Axis { axis, start, end }),
        (_, Some((row, start, end))) => Ok(Cut::Row { row, start, end }),
        _ => {
            let message = format!(
                "`slice` fits {shape} neither as start {first}, end {second}, axis {third} nor as row {first}, start {second}, end {third}"
            );
            Err(outside(message)
                .help("write `slice(x, start, end, axis)`, or `slice(x, row, start, end)` for a matrix"))
        }
    }
}

/// A bound of a range on an axis: 0 to `size`, or negative from the end.
fn bound(bound: i64, size: usize) -> Option<usize> {
    let at = if bound < 0 { bound.checked_add(i64::try_from(size).ok()?)? } else { bound };
    usize::try_from(at).ok().filter(|at| *at <= size)
}

fn no_axes() -> Mismatch {
    Mismatch::new(Code::RankMismatch, "`slice` needs a value with axes, found a 0-d tensor").argument(0)
}

fn slice(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let numbers = [1, 2, 3].map(|slot| arguments.get(slot).map(Fact::size));
    let [first, second, third] = [1, 2, 3].map(|slot| arguments.fact(slot).integer());
    let list_len = |len: &Dim| -> Result<Dim, Mismatch> {
        if let (Some(len), Some(first), Some(second)) = (len.known(), first, second) {
            return match cut(&[len], first, second, third)? {
                Cut::Axis { start, end, .. } | Cut::Row { start, end, .. } => Ok(Dim::Known(end - start)),
            };
        }
        Ok(between(len, numbers[0].clone().flatten(), numbers[1].clone().flatten()))
    };
    match arguments.fact(0) {
        Fact::Array { kind, len, .. } => Ok(Fact::Array { kind: *kind, len: list_len(len)?, integers: None }),
        Fact::Tokens(len) => Ok(Fact::Tokens(list_len(len)?)),
        Fact::String(text) => {
            list_len(&text.as_ref().map_or(Dim::Unknown, |text| Dim::Known(text.chars().count())))?;
            Ok(Fact::String(None))
        }
        Fact::Tensor { element, shape: Some(shape) } => {
            Ok(Fact::Tensor { element: *element, shape: sliced(shape, &numbers)? })
        }
        Fact::Tensor { element, shape: None } => Ok(Fact::Tensor { element: *element, shape: None }),
        Fact::Handle(super::fact::HandleKind::Layers) => {
            Err(wrong_kind("slice", "a tensor, an array, Tokens or a String", "x", arguments.fact(0), 0))
        }
        Fact::Unknown => Ok(Fact::Unknown),
        _ => Ok(Fact::shaped(None)),
    }
}

/// How many entries lie between two bounds of an axis, where none of them can
/// count from the end or where that makes no difference.
pub fn between(size: &Dim, start: Option<Size>, end: Option<Size>) -> Dim {
    let (Some(start), Some(end)) = (start, end) else { return Dim::Unknown };
    // The last position is below 0 only where there is no entry at all.
    let last = size.size().and_then(|size| size.minus(&Size::Number(1)));
    if !end.is_natural() || !(start.is_natural() || last == Some(start.clone())) {
        return Dim::Unknown;
    }
    end.minus(&start).as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)
}

/// The shape of a slice; for each argument whether it was passed and its number.
fn sliced(shape: &Shape, numbers: &[Option<Option<Size>>; 3]) -> Result<Option<Shape>, Mismatch> {
    if shape.rank() == 0 {
        return Err(no_axes());
    }
    let [first, second, third] = numbers;
    let known = |number: &Option<Option<Size>>| number.as_ref()?.as_ref()?.known();
    let read = known(first).zip(known(second)).filter(|_| third.is_none() || known(third).is_some());
    if let (Some(sizes), Some((first, second))) = (shape.sizes(), read) {
        return Ok(Some(match cut(&sizes, first, second, known(third))? {
            Cut::Axis { axis, start, end } => {
                let mut shape = shape.clone();
                shape.0[axis] = Dim::Known(end - start);
                shape
            }
            Cut::Row { start, end, .. } => Shape::known(&[end - start]),
        }));
    }
    let (start, end) = (first.clone().flatten(), second.clone().flatten());
    let along = |axis: usize| {
        let mut shape = shape.clone();
        shape.0[axis] = between(&shape.0[axis], start.clone(), end.clone());
        shape
    };
    // Without a fourth argument, or where there are not two axes, the rank stays.
    // Of two axes, the fourth argument is one if it is that small and the bounds
    // leave something between them.
    let axis = match third {
        None => Some(0),
        Some(_) => known(third).and_then(|axis| resolve_index(axis, shape.rank())),
    };
    let something = || {
        let between = axis.map(|axis| along(axis).0[axis].clone());
        matches!(between, Some(Dim::Known(1..))) && known(third) != Some(-2)
    };
    match axis {
        Some(axis) if third.is_none() || shape.rank() != 2 || something() => Ok(Some(along(axis))),
        None if shape.rank() != 2 => Ok(Some(Shape(vec![Dim::Unknown; shape.rank()]))),
        // No axis at all: a row, and where in it.
        None if known(third).is_some() => Ok(Some(Shape(vec![between(&shape.0[1], end, third.clone().flatten())]))),
        _ => Ok(None),
    }
}

fn last(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    let element = x.element();
    let Some(mut shape) = x.shape() else { return Ok(Fact::Tensor { element, shape: None }) };
    if shape.rank() == 0 {
        let message = format!("`{function}` needs a tensor with axes, found {}", x.describe());
        return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
    }
    let axis = match arguments.get(1) {
        None => Some(0),
        Some(fact) => fact.integer(),
    };
    let keeps = function != "slice_last";
    let Some(axis) = axis else {
        shape.0.fill(Dim::Unknown);
        if !keeps {
            shape.0.pop();
        }
        return Ok(Fact::Tensor { element, shape: Some(shape) });
    };
    let axis = rules::axis(function, axis, shape.rank(), 1)?;
    if shape.0[axis] == Dim::Known(0) {
        let message = format!("`{function}` finds no last entry: axis {axis} of {} is empty", x.describe());
        return Err(Mismatch::new(Code::IndexOutOfRange, message).argument(0));
    }
    if keeps {
        shape.0[axis] = Dim::Known(1);
    } else {
        shape.0.remove(axis);
    }
    Ok(Fact::Tensor { element, shape: Some(shape) })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    fn check_slice(sizes: &str, numbers: &[i64], expected: Result<&str, &str>) {
        let facts: Vec<Fact> = std::iter::once(tensor(sizes)).chain(numbers.iter().map(|n| int(*n))).collect();
        let expected = expected.map(tensor).map_err(|message| (Code::IndexOutOfRange, message));
        check(Indexing::Slice.entry(), &facts, expected);
    }

    #[test]
    fn three_arguments_cut_axis_0() {
        check_slice("5 3", &[1, 4], Ok("3 3"));
        check_slice("5", &[2, 2], Ok("0"));
        check_slice("5", &[5, 5], Ok("0"));
        check_slice("5", &[-2, 5], Ok("2"));
        check_slice("5", &[0, 6], Err("`slice` finds no position 6 on axis 0: [5] has 0 to 5"));
        check_slice("5", &[-6, 5], Err("`slice` finds no position -6 on axis 0: [5] has 0 to 5"));
        check_slice("5", &[3, 2], Err("`slice` needs its start before its end: found 3 and 2"));
        check_slice("? 3", &[1, 4], Ok("3 3"));
        check_slice("n 3", &[1, 4], Ok("3 3"));
        let last = Fact::Integer(shape("n").0[0].size().and_then(|n| n.minus(&1.into())));
        let end = Fact::Integer(shape("n").0[0].size());
        check(Indexing::Slice.entry(), &[tensor("n 8"), last.clone(), end.clone(), int(0)], Ok(tensor("1 8")));
        check(
            Indexing::Slice.entry(),
            &[tensor("m 8"), last, end, int(0)],
            Ok(Fact::Tensor { element: Some(crate::shape::ElementType::Float32), shape: None }),
        );
    }

    #[test]
    fn four_arguments_have_two_readings() {
        check_slice("5 8", &[4, 5, 0], Ok("1 8"));
        check_slice("5 8", &[2, 6, 1], Ok("5 4"));
        check_slice("5 8", &[2, 6, -1], Ok("5 4"));
        check_slice("5 8", &[-1, 0, 8], Ok("8"));
        check_slice("5 8", &[4, 2, 7], Ok("5"));
        check_slice("1 8", &[0, 0, 8], Ok("8"));
        check_slice("5 8", &[3, 3, 0], Ok("0 8"));
        check_slice("2 3 4", &[1, 3, 2], Ok("2 3 2"));
        check_slice(
            "5 8",
            &[6, 2, 4],
            Err("`slice` fits [5, 8] neither as start 6, end 2, axis 4 nor as row 6, start 2, end 4"),
        );
        check_slice(
            "2 3 4",
            &[1, 0, 3],
            Err("`slice` fits [2, 3, 4] neither as start 1, end 0, axis 3 nor as row 1, start 0, end 3"),
        );
    }

    #[test]
    fn the_last_entry_exists() {
        check(Indexing::SliceLast.entry(), &[tensor("5 8")], Ok(tensor("8")));
        check(Indexing::SliceLast.entry(), &[tensor("5 8"), int(-1)], Ok(tensor("5")));
        check(Indexing::SliceLast.entry(), &[tensor("5")], Ok(tensor("")));
        check(Indexing::GetLastPosition.entry(), &[tensor("5 8")], Ok(tensor("1 8")));
        let message = "`slice_last` finds no last entry: axis 0 of float32[0, 8] is empty";
        check(Indexing::SliceLast.entry(), &[tensor("0 8")], Err((Code::IndexOutOfRange, message)));
        let message = "`slice_last` finds no axis 2: the tensor has axes 0 to 1";
        check(Indexing::SliceLast.entry(), &[tensor("5 8"), int(2)], Err((Code::IndexOutOfRange, message)));
    }
}
