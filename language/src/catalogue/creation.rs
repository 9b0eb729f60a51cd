//! Creation: tensors with the same value everywhere, and lists of numbers to
//! count with. What names no element type has the default one and gives way to
//! the type of what it meets.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{ArrayKind, Fact};
use super::rules::requested_shape;
use super::shaping::reshape;
use crate::diagnostic::Code;
use crate::shape::{Dim, ElementType, Mismatch, Shape};
use crate::size::Size;

/// The builtins that create.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Creation {
    /// A tensor of zeros.
    Zeros,
    /// A float32 tensor of zeros.
    ZerosF32,
    /// A tensor of ones.
    Ones,
    /// The whole numbers from one up to another.
    Range,
    /// The same as a tensor.
    Arange,
    /// A tensor of given values.
    Tensor,
}

/// The most entries that `range` makes.
pub const MOST_ENTRIES: usize = 1 << 28;

impl Creation {
    /// Every builtin of the family.
    pub const ALL: &[Creation] =
        &[Creation::Zeros, Creation::ZerosF32, Creation::Ones, Creation::Range, Creation::Arange, Creation::Tensor];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Creation::Zeros => &Entry {
                name: "zeros",
                spellings: &[],
                parameters: SHAPE,
                result: "a tensor of the shape",
                summary: "A tensor of zeros.",
                documentation: "The element type is the default one and gives way to that of any tensor it meets; `f16::zeros` and `f32::zeros` choose one.",
                example: "print(zeros([2, 3]))\nprint(shape(zeros([0, 4])))",
                prints: "[[0, 0, 0], [0, 0, 0]]\n[0, 4]",
                rule: |a| filled("zeros", None, a),
            },
            Creation::ZerosF32 => &Entry {
                name: "zeros_f32",
                spellings: &[],
                parameters: SHAPE,
                result: "a float32 tensor of the shape",
                summary: "A float32 tensor of zeros, as `f32::zeros`.",
                documentation: "",
                example: "print(zeros_f32([3]))",
                prints: "[0, 0, 0]",
                rule: |a| filled("zeros_f32", Some(ElementType::Float32), a),
            },
            Creation::Ones => &Entry {
                name: "ones",
                spellings: &[],
                parameters: SHAPE,
                result: "a tensor of the shape",
                summary: "A tensor of ones.",
                documentation: "The element type is the default one and gives way to that of any tensor it meets; `f16::ones` and `f32::ones` choose one.",
                example: "print(ones([2, 2]) * 3)",
                prints: "[[3, 3], [3, 3]]",
                rule: |a| filled("ones", None, a),
            },
            Creation::Range => &Entry {
                name: "range",
                spellings: &["range_i"],
                parameters: const {
                    &[
                        Parameter::required("start", Accepts::Integer),
                        Parameter::optional("end", Accepts::Integer, "`start`, counted from 0"),
                        Parameter::optional("step", Accepts::Integer, "1"),
                    ]
                },
                result: "an IntArray",
                summary: "The whole numbers from `start` up to `end`, which is not among them; `range(n)` counts from 0.",
                documentation: "A negative step counts down. There are no entries when the end does not lie ahead.",
                example: "print(range(3))\nprint(range(2, 6))\nprint(range(6, 0, -2))",
                prints: "[0, 1, 2]\n[2, 3, 4, 5]\n[6, 4, 2]",
                rule: range,
            },
            Creation::Arange => &Entry {
                name: "arange",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("start", Accepts::Integer),
                        Parameter::optional("end", Accepts::Integer, "`start`, counted from 0"),
                    ]
                },
                result: "a tensor [end - start]",
                summary: "The whole numbers from `start` up to `end`, which is not among them, as a tensor of floats.",
                documentation: "`arange(n)` counts from 0. To count in a loop, `range` gives Integers.",
                example: "print(arange(3))\nprint(arange(2, 5) / 2)",
                prints: "[0, 1, 2]\n[1, 1.5, 2]",
                rule: counted_tensor,
            },
            Creation::Tensor => &Entry {
                name: "tensor",
                spellings: &["from_array", "from_vec", "vec"],
                parameters: const {
                    &[
                        Parameter::required("values", Accepts::Tensor),
                        Parameter::optional("shape", Accepts::Sizes, "that of the values"),
                    ]
                },
                result: "a tensor",
                summary: "A tensor of the given values, in row-major order under a shape.",
                documentation: "The element type is that of the values or, of numbers, the default one; `f32::from_array` chooses one.",
                example: "print(tensor([1, 2, 3, 4], [2, 2]))\nprint(f32::from_array([0.5]))",
                prints: "[[1, 2], [3, 4]]\n[0.5]",
                rule: of_values,
            },
        }
    }
}

const SHAPE: &[Parameter] = &[Parameter::required("shape", Accepts::Sizes)];

fn filled(function: &str, element: Option<ElementType>, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(Fact::Tensor { element, shape: requested_shape(function, arguments, 0)? })
}

/// How many entries a range has; `None` for a step of 0.
pub fn range_count(start: i64, end: i64, step: i64) -> Option<u128> {
    let (start, end, step) = (i128::from(start), i128::from(end), i128::from(step));
    match step.signum() {
        0 => None,
        1 => Some((end - start).max(0).unsigned_abs().div_ceil(step.unsigned_abs())),
        _ => Some((start - end).max(0).unsigned_abs().div_ceil(step.unsigned_abs())),
    }
}

/// How many entries a range by steps of 1 has whose bounds are expressions.
fn counted(arguments: &Bound<Fact>) -> Dim {
    let step = arguments.get(2).map_or(Some(1), Fact::integer);
    let (start, end) = match arguments.get(1) {
        None => (Some(Size::Number(0)), arguments.fact(0).size()),
        Some(end) => (arguments.fact(0).size(), end.size()),
    };
    // Nothing lies between bounds of the wrong order, so the difference must be a size.
    let count = start.zip(end).and_then(|(start, end)| end.minus(&start)).filter(Size::is_natural);
    match (step, count) {
        (Some(1), Some(count)) => Dim::of(&count).unwrap_or(Dim::Unknown),
        _ => Dim::Unknown,
    }
}

fn counted_tensor(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let number = |slot: usize| arguments.fact(slot).integer();
    let bounds = match arguments.get(1) {
        None => number(0).map(|end| (0, end)),
        Some(_) => number(0).zip(number(1)),
    };
    let count = match bounds.and_then(|(start, end)| range_count(start, end, 1)) {
        Some(count) => usize::try_from(count).map_or(Dim::Unknown, Dim::Known),
        None => counted(arguments),
    };
    Ok(Fact::shaped(Some(Shape(vec![count]))))
}

fn of_values(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let values = arguments.fact(0);
    match arguments.get(1) {
        None => Ok(Fact::Tensor { element: values.element(), shape: values.shape() }),
        Some(_) => reshape("tensor", arguments),
    }
}

fn range(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let number = |slot: usize, default: i64| match arguments.get(slot) {
        None => Some(default),
        Some(fact) => fact.integer(),
    };
    if number(2, 1) == Some(0) {
        return Err(Mismatch::new(Code::ArgumentType, "`range` needs a step other than 0").argument(2));
    }
    let bounds = match arguments.get(1) {
        None => number(0, 0).map(|end| (0, end)),
        Some(_) => number(0, 0).zip(number(1, 0)),
    };
    let count = bounds.zip(number(2, 1)).and_then(|((start, end), step)| range_count(start, end, step));
    let len = match count.map(usize::try_from) {
        None => counted(arguments),
        Some(Ok(count)) if count <= MOST_ENTRIES => Dim::Known(count),
        Some(_) => {
            let message = format!("`range` makes at most {MOST_ENTRIES} entries, found {}", count.unwrap_or_default());
            return Err(Mismatch::new(Code::RuntimeError, message).help("count with `while`"));
        }
    };
    Ok(Fact::Array { kind: Some(ArrayKind::Integer), len, integers: None })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn sizes_make_the_shape() {
        let zeros = Creation::Zeros.entry();
        check(zeros, &[ints(&[2, 3])], Ok(Fact::shaped(Some(shape("2 3")))));
        check(zeros, &[tensor("4")], Ok(Fact::shaped(Some(shape("? ? ? ?")))));
        let message = "`zeros` needs sizes of at least 0, found -1";
        check(zeros, &[ints(&[2, -1])], Err((Code::ArgumentType, message)));
        let message = "`zeros` needs an array of sizes for `shape`, found the Integer 3";
        check(zeros, &[int(3)], Err((Code::ArgumentType, message)));
    }

    #[test]
    fn ranges_know_their_length() {
        let range = Creation::Range.entry();
        let of = |len| Fact::Array { kind: Some(ArrayKind::Integer), len, integers: None };
        check(range, &[int(3)], Ok(of(Dim::Known(3))));
        check(range, &[int(-3)], Ok(of(Dim::Known(0))));
        check(range, &[int(2), int(7), int(2)], Ok(of(Dim::Known(3))));
        check(range, &[int(7), int(2), int(-2)], Ok(of(Dim::Known(3))));
        check(range, &[int(2), Fact::Unknown], Ok(of(Dim::Unknown)));
        check(range, &[int(2), int(3), int(0)], Err((Code::ArgumentType, "`range` needs a step other than 0")));
        let message = "`range` makes at most 268435456 entries, found 18446744073709551615";
        check(range, &[int(i64::MIN), int(i64::MAX)], Err((Code::RuntimeError, message)));
    }
}
