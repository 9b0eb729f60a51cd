//! Shaping: the sizes of a value and the functions that arrange the same
//! elements under other sizes or put several tensors together.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{ArrayKind, Fact};
use super::rules::{self, Numbers, common_element, requested_shape, wrong_kind};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};
use crate::size::Size;

/// The builtins that shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shaping {
    /// The sizes of a value.
    Shape,
    /// The same elements under another shape.
    Reshape,
    /// Two axes exchanged.
    Transpose,
    /// Axes of size 1 repeated.
    BroadcastTo,
    /// Several values put together.
    Concat,
}

impl Shaping {
    /// Every builtin of the family.
    pub const ALL: &[Shaping] =
        &[Shaping::Shape, Shaping::Reshape, Shaping::Transpose, Shaping::BroadcastTo, Shaping::Concat];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Shaping::Shape => &Entry {
                name: "shape",
                spellings: &["dims"],
                parameters: const { &[Parameter::required("x", Accepts::Any)] },
                result: "an IntArray of sizes",
                summary: "The sizes of a tensor's axes, or the length of an array or of tokens as a list of one.",
                documentation: "`x.shape` and `x.shape()` mean the same. A 0-d tensor has the shape `[]`.",
                example: "print(shape(zeros([2, 3])))\nlet n = shape([5, 6, 7])[0]\nprint(n)",
                prints: "[2, 3]\n3",
                rule: shape,
            },
            Shaping::Reshape => &Entry {
                name: "reshape",
                spellings: &["cndl_reshape"],
                parameters: const {
                    &[Parameter::required("x", Accepts::Tensor), Parameter::required("shape", Accepts::Sizes)]
                },
                result: "a tensor of the new shape",
                summary: "The same elements in the same row-major order under another shape.",
                documentation: "The number of elements must stay. One size may be -1: it is what remains.",
                example: "print(reshape([1, 2, 3, 4, 5, 6], [2, 3]))\nprint(shape(reshape(zeros([4, 6]), [2, -1, 3])))",
                prints: "[[1, 2, 3], [4, 5, 6]]\n[2, 4, 3]",
                rule: |a| reshape("reshape", a),
            },
            Shaping::Transpose => &Entry {
                name: "transpose",
                spellings: &["cndl_transpose"],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Tensor),
                        Parameter::optional("first", Accepts::Integer, "0 of a matrix"),
                        Parameter::optional("second", Accepts::Integer, "1 of a matrix"),
                    ]
                },
                result: "a tensor with two axes exchanged",
                summary: "Exchanges the two axes of a matrix, or two chosen axes of any tensor.",
                documentation: "",
                example: "print(transpose([[1, 2, 3], [4, 5, 6]]))\nprint(shape(transpose(zeros([2, 3, 4]), 0, 2)))",
                prints: "[[1, 4], [2, 5], [3, 6]]\n[4, 3, 2]",
                rule: transpose,
            },
            Shaping::BroadcastTo => &Entry {
                name: "broadcast_to",
                spellings: &[],
                parameters: const {
                    &[Parameter::required("x", Accepts::Tensor), Parameter::required("shape", Accepts::Sizes)]
                },
                result: "a tensor of the target shape",
                summary: "Repeats a tensor along its axes of size 1, and along new leading axes, up to a shape.",
                documentation: "Sizes are aligned at the right, as in NumPy. To repeat each of 4 heads 8 times: `[s, 4, 64]` → reshape `[s, 4, 1, 64]` → broadcast `[s, 4, 8, 64]` → reshape `[s, 32, 64]`.",
                example: "print(broadcast_to([[1], [2]], [2, 3]))",
                prints: "[[1, 1, 1], [2, 2, 2]]",
                rule: broadcast_to,
            },
            Shaping::Concat => &Entry {
                name: "concat",
                spellings: &[],
                parameters: const {
                    &[Parameter::variadic("parts", Accepts::Any, 1), Parameter::optional("axis", Accepts::Integer, "0")]
                },
                result: "a tensor, an array, Tokens or a String",
                summary: "Joins tensors along an axis, or arrays, tokens and strings end to end.",
                documentation: "The tensors may be given as one array of tensors. A number behind them is the axis: `concat(a, b, 1)` is `concat(a, b, axis = 1)`. All their other sizes must be equal.",
                example: "print(concat([[1, 2]], [[3, 4]]))\nprint(concat([[1, 2]], [[3, 4]], axis = 1))\nprint(concat([1, 2], [3]))\nprint(concat(\"tensor\", \"logic\"))",
                prints: "[[1, 2], [3, 4]]\n[[1, 2, 3, 4]]\n[1, 2, 3]\ntensorlogic",
                rule: concat,
            },
        }
    }
}

fn shape(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    match arguments.fact(0) {
        Fact::Tensor { shape, .. } => Ok(Fact::sizes(shape.as_ref())),
        Fact::Array { len, .. } | Fact::Tokens(len) => Ok(Fact::sizes(Some(&Shape(vec![len.clone()])))),
        Fact::Unknown | Fact::Handle(super::fact::HandleKind::Feature) => Ok(Fact::sizes(None)),
        other => Err(wrong_kind("shape", "a tensor, an array or Tokens", "x", other, 0)),
    }
}

/// The rule of functions that arrange what they are given under a list of sizes.
pub fn reshape(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let element = arguments.fact(0).element();
    let shape = match Numbers::of(arguments.fact(1)) {
        Numbers::Unknown => None,
        Numbers::Count(rank) => Some(Shape(vec![Dim::Unknown; rank])),
        Numbers::Each(sizes) => Some(reshaped(function, arguments.fact(0), &sizes)?),
    };
    Ok(Fact::Tensor { element, shape })
}

/// The shape of `x` under new sizes, of which one may be -1.
fn reshaped(function: &str, x: &Fact, sizes: &[Option<Size>]) -> Result<Shape, Mismatch> {
    let all = |sizes: &[Option<Size>]| {
        let list: Vec<String> =
            sizes.iter().map(|size| size.as_ref().map_or("?".into(), |size| size.to_string())).collect();
        format!("[{}]", list.join(", "))
    };
    let numbers = || sizes.iter().flatten().filter_map(Size::known);
    if let Some(size) = numbers().find(|size| *size < -1) {
        return Err(rules::negative_size(function, size, 1));
    }
    if numbers().filter(|size| *size == -1).count() > 1 {
        let message = format!("`{function}` infers one size at most, found {}", all(sizes));
        return Err(Mismatch::new(Code::ShapeMismatch, message).argument(1));
    }
    // A size that may be -1 stands for what remains, as one that is not known.
    let given = |size: &Option<Size>| size.clone().filter(Size::is_natural);
    let open = || sizes.iter().enumerate().filter(|(_, size)| given(size).is_none());
    let product = sizes.iter().filter_map(given).try_fold(Size::Number(1), |a, b| a.times(&b));
    let count = x.shape().and_then(|shape| shape.count().size());
    let dim = |size: &Option<Size>| given(size).as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown);
    let mut shape = Shape(sizes.iter().map(dim).collect());
    if let (1, Some((axis, _)), Some(count), Some(product)) = (open().count(), open().next(), &count, &product) {
        // What remains is certain only if the given sizes are not 0.
        let remaining = if certainly_above_0(product) { count.exactly(product) } else { None };
        shape.0[axis] = remaining.as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown);
    }
    let (Some(count), true) =
        (count.and_then(|count| count.known()), sizes.iter().flatten().all(|s| s.known().is_some()))
    else {
        return Ok(shape);
    };
    let product = product.and_then(|product| product.known());
    let misfit = |what: String| Mismatch::new(Code::ShapeMismatch, what).argument(1);
    match (open().count(), product) {
        (0, Some(product)) if product == count => Ok(shape),
        (0, product) => {
            let product = product.map_or("too many".into(), |product| product.to_string());
            let message = format!(
                "`{function}` keeps the number of elements: {} has {count}, {} has {product}",
                x.describe(),
                all(sizes)
            );
            Err(misfit(message))
        }
        (1, Some(product)) if product > 0 && count % product == 0 => Ok(shape),
        // Only a size written -1 certainly stands for what remains.
        (1, _) if sizes.iter().all(Option::is_some) => Err(misfit(format!(
            "`{function}` cannot arrange the {count} elements of {} as {}",
            x.describe(),
            all(sizes)
        ))),
        _ => Ok(shape),
    }
}

/// Whether a size is a number above 0, the only ones that are not 0 for sure.
fn certainly_above_0(size: &Size) -> bool {
    size.known().is_some_and(|n| n > 0)
}

fn transpose(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    let element = x.element();
    let Some(mut shape) = x.shape() else { return Ok(Fact::Tensor { element, shape: None }) };
    if arguments.get(1).is_none() && arguments.get(2).is_none() {
        if shape.rank() != 2 {
            let message = format!("`transpose` needs 2 axes, found {}", x.describe());
            let mismatch = Mismatch::new(Code::RankMismatch, message).argument(0);
            return Err(if shape.rank() > 2 {
                mismatch.help("name the axes: `transpose(x, first, second)`")
            } else {
                mismatch
            });
        }
        shape.0.swap(0, 1);
        return Ok(Fact::Tensor { element, shape: Some(shape) });
    }
    let axis = |slot: usize, default: i64| match arguments.get(slot) {
        None => rules::axis("transpose", default, shape.rank(), slot).map(Some),
        Some(fact) => fact.integer().map(|axis| rules::axis("transpose", axis, shape.rank(), slot)).transpose(),
    };
    match (axis(1, 0)?, axis(2, 1)?) {
        (Some(first), Some(second)) => shape.0.swap(first, second),
        _ => shape.0.fill(Dim::Unknown),
    }
    Ok(Fact::Tensor { element, shape: Some(shape) })
}

fn broadcast_to(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let (x, target) = (arguments.fact(0), requested_shape("broadcast_to", arguments, 1)?);
    if let (Some(from), Some(to)) = (x.shape(), &target) {
        if from.rank() > to.rank() {
            let message = format!("`broadcast_to` adds axes and drops none: found {} for {to}", x.describe());
            return Err(Mismatch::new(Code::RankMismatch, message).argument(1));
        }
        let missing = to.rank() - from.rank();
        for (axis, size) in from.0.iter().enumerate() {
            if *size != Dim::Known(1) && size.unify(&to.0[axis + missing]).is_none() {
                let message = format!(
                    "`broadcast_to` needs sizes that are equal or 1: found {} for {to}; {size} meets {} on axis {}",
                    x.describe(),
                    to.0[axis + missing],
                    axis as i64 - from.rank() as i64,
                );
                return Err(Mismatch::new(Code::ShapeMismatch, message).argument(1));
            }
        }
    }
    Ok(Fact::Tensor { element: x.element(), shape: target })
}

/// How many of the values given to `concat` are joined. The last one is the
/// axis if it is a number behind tensors, or behind two parts of any kind.
pub fn parts_to_join(parts: &[Fact], axis_named: bool) -> usize {
    let is_number = |fact: &Fact| match fact {
        Fact::Integer(_) | Fact::Float(_) => true,
        Fact::Tensor { shape: Some(shape), .. } => shape.rank() == 0,
        _ => false,
    };
    let of_tensors = |fact: &Fact| {
        matches!(fact, Fact::Tensor { .. } | Fact::Array { kind: Some(ArrayKind::Tensor), .. } | Fact::Unknown)
    };
    match parts {
        [first, .., last] if !axis_named && is_number(last) && (parts.len() > 2 || of_tensors(first)) => {
            parts.len() - 1
        }
        _ => parts.len(),
    }
}

/// Whether the last value given to `concat` may be the axis or a part, as far as is known.
fn may_end_in_axis(all: &[Fact], axis_named: bool) -> bool {
    match all {
        _ if axis_named => false,
        // The array may be one of tensors.
        [Fact::Array { kind: None, .. }, Fact::Integer(_) | Fact::Float(_) | Fact::Tensor { .. }] => true,
        [others @ .., Fact::Tensor { shape: None, .. }] if others.len() > 1 => {
            !others.iter().all(|part| matches!(part, Fact::Tensor { .. }))
        }
        [Fact::Array { kind: Some(ArrayKind::Tensor), .. }, Fact::Tensor { shape: None, .. }] => true,
        _ => false,
    }
}

fn concat(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let all = arguments.rest();
    let count = parts_to_join(all, arguments.get(1).is_some());
    let (parts, number) = all.split_at(count);
    let axis = match number.first().or(arguments.get(1)) {
        None => Some(0),
        Some(fact) => fact.integer(),
    };
    let is_list = |fact: &Fact| matches!(fact, Fact::Array { .. } | Fact::Tokens(_));
    let numeric = |fact: &Fact| {
        matches!(fact, Fact::Tensor { .. } | Fact::Handle(super::fact::HandleKind::Feature))
            || matches!(fact, Fact::Array { kind, .. } if !matches!(kind, Some(ArrayKind::String | ArrayKind::Tensor)))
    };
    if parts.contains(&Fact::Unknown) || may_end_in_axis(all, arguments.get(1).is_some()) {
        return Ok(Fact::Unknown);
    }
    let wrong = |index: usize| {
        let (first, found) = (parts[0].describe(), parts[index].describe());
        let message = match index {
            0 => format!("`concat` joins tensors, arrays, Tokens or Strings, found {found}"),
            _ => format!("`concat` cannot join {first} and {found}"),
        };
        let mismatch = Mismatch::new(Code::ArgumentType, message).argument(arguments.rest_slot(index));
        if is_list(&parts[0]) && index > 0 {
            mismatch.help("add one element with `append(list, element)`")
        } else {
            mismatch
        }
    };
    match parts {
        // What a run has of a list of tensors before the first one is put into it.
        [Fact::Array { kind: Some(ArrayKind::Integer), len: Dim::Known(0), .. }] => {
            let message = "`concat` has nothing to join: the list is empty";
            Err(Mismatch::new(Code::ArgumentType, message).argument(arguments.rest_slot(0)))
        }
        [Fact::Array { kind: Some(ArrayKind::Tensor), .. }] => Ok(Fact::shaped(None)),
        [Fact::Array { kind: None, .. }] => Ok(Fact::Unknown),
        _ if parts.iter().all(|part| matches!(part, Fact::String(_))) => {
            let texts = parts.iter().map(|part| if let Fact::String(text) = part { text.clone() } else { None });
            Ok(Fact::String(texts.collect()))
        }
        _ if parts.iter().all(is_list) => {
            if let Some(axis) = axis {
                rules::axis("concat", axis, 1, arguments.rest_slot(count))?;
            }
            joined_lists(parts).map_err(wrong)
        }
        _ => match parts.iter().position(|part| !numeric(part)) {
            Some(index) => Err(wrong(index)),
            None => {
                let shapes: Option<Vec<Shape>> = parts.iter().map(Fact::shape).collect();
                let shape = match (shapes, axis) {
                    (Some(shapes), Some(axis)) => Some(joined(&shapes, axis, arguments.rest_slot(0))?),
                    _ => None,
                };
                Ok(Fact::Tensor { element: common_element(parts), shape })
            }
        },
    }
}

/// The kind of lists joined, or the first that does not fit to those before it. A list
/// without entries takes the kind of the other one.
fn joined_lists(parts: &[Fact]) -> Result<Fact, usize> {
    let is_empty = |fact: &Fact| matches!(fact, Fact::Array { len: Dim::Known(0), .. });
    let mut result = parts[0].clone();
    for (index, part) in parts.iter().enumerate().skip(1) {
        let len = result.list_len().plus(&part.list_len());
        let (before, behind) = (ListKind::of(&result), ListKind::of(part));
        let mut kinds = Vec::new();
        if !is_empty(&result) && !is_empty(part) {
            kinds.extend(before.joined(behind));
        }
        if result.may_be_empty() && !is_empty(part) {
            kinds.push(behind);
        }
        if part.may_be_empty() && (!is_empty(&result) || is_empty(part)) {
            kinds.push(before);
        }
        let array = |kind| Fact::Array { kind, len: len.clone(), integers: None };
        result = match &kinds[..] {
            [] => return Err(index),
            [first, others @ ..] if others.iter().all(|kind| kind == first) => match first {
                ListKind::Tokens => Fact::Tokens(len),
                ListKind::Array(kind) => array(*kind),
            },
            _ if kinds.contains(&ListKind::Tokens) => return Ok(Fact::Unknown),
            _ => array(None),
        };
    }
    Ok(result)
}

#[derive(Clone, Copy, PartialEq)]
enum ListKind {
    Tokens,
    Array(Option<ArrayKind>),
}

impl ListKind {
    fn of(fact: &Fact) -> ListKind {
        match fact {
            Fact::Tokens(_) => ListKind::Tokens,
            Fact::Array { kind, .. } => ListKind::Array(*kind),
            _ => ListKind::Array(None),
        }
    }

    /// The kind of two lists with entries, joined, if they fit.
    fn joined(self, other: ListKind) -> Option<ListKind> {
        use ArrayKind::*;
        match (self, other) {
            (ListKind::Tokens, ListKind::Tokens | ListKind::Array(None | Some(Integer))) => Some(ListKind::Tokens),
            (ListKind::Array(None | Some(Integer | Float)), ListKind::Tokens) => Some(self),
            (ListKind::Array(a), ListKind::Array(b)) if a == b => Some(self),
            (ListKind::Array(Some(Integer | Float)), ListKind::Array(Some(Integer | Float))) => {
                Some(ListKind::Array(Some(Float)))
            }
            (ListKind::Array(None), ListKind::Array(_)) | (ListKind::Array(_), ListKind::Array(None)) => {
                Some(ListKind::Array(None))
            }
            _ => None,
        }
    }
}

/// The shape of tensors joined along `axis`; blames the part after `slot` that
/// differs from the first.
pub fn joined(shapes: &[Shape], axis: i64, slot: usize) -> Result<Shape, Mismatch> {
    let mut shape = shapes.first().cloned().unwrap_or_default();
    if shape.rank() == 0 {
        let message = "`concat` needs tensors with axes: part 0 is 0-d";
        return Err(Mismatch::new(Code::RankMismatch, message)
            .argument(slot)
            .help("write 0-d tensors as an array: `[a, b]`"));
    }
    let axis = rules::axis("concat", axis, shape.rank(), slot)?;
    for (index, part) in shapes.iter().enumerate().skip(1) {
        let misfit = |code: Code, what: &str| {
            let message = format!("`concat` needs {what}: part 0 is {}, part {index} is {part}", shapes[0]);
            Mismatch::new(code, message).argument(slot + index)
        };
        if part.rank() != shape.rank() {
            return Err(misfit(Code::RankMismatch, "equally many axes"));
        }
        for (at, (size, other)) in shape.0.iter_mut().zip(&part.0).enumerate() {
            *size = match at == axis {
                true => size.plus(other),
                false => size
                    .unify(other)
                    .ok_or_else(|| misfit(Code::ShapeMismatch, &format!("equal sizes except on axis {axis}")))?,
            };
        }
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::{check, int, ints, shape, sizes, tensor, text};
    use super::*;
    use crate::shape::ElementType::Float32;

    fn of(sizes: &str) -> Result<Fact, (Code, &'static str)> {
        Ok(Fact::tensor(Float32, shape(sizes)))
    }

    fn err(code: Code, message: &str) -> Result<Fact, (Code, &str)> {
        Err((code, message))
    }

    #[test]
    fn shapes_are_lists() {
        let entry = Shaping::Shape.entry();
        check(entry, &[tensor("2 3")], Ok(ints(&[2, 3])));
        check(entry, &[tensor("")], Ok(ints(&[])));
        check(entry, &[Fact::Tokens(Dim::Known(7))], Ok(ints(&[7])));
        let message = "`shape` needs a tensor, an array or Tokens for `x`, found the Integer 3";
        check(entry, &[int(3)], err(Code::ArgumentType, message));
    }

    #[test]
    fn reshapes_keep_the_count() {
        let entry = Shaping::Reshape.entry();
        check(entry, &[tensor("2 6"), ints(&[3, 4])], of("3 4"));
        check(entry, &[tensor("2 6"), ints(&[3, -1])], of("3 4"));
        check(entry, &[tensor("0 6"), ints(&[3, -1])], of("3 0"));
        check(entry, &[tensor("? 6"), ints(&[3, -1])], of("3 ?"));
        check(entry, &[tensor("n 6"), ints(&[-1, 3])], of("2*n 3"));
        check(entry, &[tensor("2 6"), sizes("? 4")], of("3 4"));
        check(entry, &[tensor("n 6"), sizes("n 2 3")], of("n 2 3"));
        check(entry, &[tensor("n 6"), sizes("n 2 -1")], of("n 2 ?"));
        check(entry, &[tensor("2 6"), sizes("n 2 3")], of("n 2 3"));
        check(entry, &[tensor("2 6"), tensor("3")], of("? ? ?"));
        check(entry, &[tensor(""), ints(&[1, 1])], of("1 1"));
        let message = "`reshape` keeps the number of elements: float32[2, 6] has 12, [5] has 5";
        check(entry, &[tensor("2 6"), ints(&[5])], err(Code::ShapeMismatch, message));
        let message = "`reshape` cannot arrange the 12 elements of float32[2, 6] as [5, -1]";
        check(entry, &[tensor("2 6"), ints(&[5, -1])], err(Code::ShapeMismatch, message));
        let message = "`reshape` infers one size at most, found [-1, -1]";
        check(entry, &[tensor("2 6"), ints(&[-1, -1])], err(Code::ShapeMismatch, message));
        let message = "`reshape` needs sizes of at least 0, found -2";
        check(entry, &[tensor("2 6"), ints(&[-2, 6])], err(Code::ArgumentType, message));
    }

    #[test]
    fn transposes_name_two_axes() {
        let entry = Shaping::Transpose.entry();
        check(entry, &[tensor("2 3")], of("3 2"));
        check(entry, &[tensor("2 3 4"), int(0), int(-1)], of("4 3 2"));
        check(entry, &[tensor("2 3 4")], err(Code::RankMismatch, "`transpose` needs 2 axes, found float32[2, 3, 4]"));
        let message = "`transpose` finds no axis 3: the tensor has axes 0 to 2";
        check(entry, &[tensor("2 3 4"), int(0), int(3)], err(Code::IndexOutOfRange, message));
    }

    #[test]
    fn broadcasts_stretch_ones() {
        let entry = Shaping::BroadcastTo.entry();
        check(entry, &[tensor("4 1 64"), ints(&[2, 4, 8, 64])], of("2 4 8 64"));
        check(entry, &[tensor(""), ints(&[2])], of("2"));
        let message =
            "`broadcast_to` needs sizes that are equal or 1: found float32[2, 3] for [2, 4]; 3 meets 4 on axis -1";
        check(entry, &[tensor("2 3"), ints(&[2, 4])], err(Code::ShapeMismatch, message));
        let message = "`broadcast_to` adds axes and drops none: found float32[2, 3] for [3]";
        check(entry, &[tensor("2 3"), ints(&[3])], err(Code::RankMismatch, message));
    }

    #[test]
    fn tensors_are_joined() {
        let entry = Shaping::Concat.entry();
        check(entry, &[tensor("2 3"), tensor("4 3")], of("6 3"));
        check(entry, &[tensor("2 3"), tensor("2 5"), int(1)], of("2 8"));
        check(entry, &[tensor("2 3"), tensor("2 5"), Fact::float(-1.0)], of("2 8"));
        check(entry, &[tensor("2 ?"), tensor("4 3")], of("6 3"));
        let message = "`concat` needs equal sizes except on axis 0: part 0 is [2, 3], part 1 is [2, 4]";
        check(entry, &[tensor("2 3"), tensor("2 4")], err(Code::ShapeMismatch, message));
        let message = "`concat` needs equally many axes: part 0 is [2, 3], part 1 is [3]";
        check(entry, &[tensor("2 3"), tensor("3")], err(Code::RankMismatch, message));
    }

    #[test]
    fn lists_are_joined() {
        let entry = Shaping::Concat.entry();
        let list = |kind, len| Fact::Array { kind: Some(kind), len: Dim::Known(len), integers: None };
        check(entry, &[ints(&[1]), ints(&[2, 3])], Ok(list(ArrayKind::Integer, 3)));
        check(entry, &[ints(&[1]), list(ArrayKind::Float, 2)], Ok(list(ArrayKind::Float, 3)));
        check(entry, &[ints(&[]), list(ArrayKind::String, 2)], Ok(list(ArrayKind::String, 2)));
        check(entry, &[Fact::Tokens(Dim::Known(2)), ints(&[1])], Ok(Fact::Tokens(Dim::Known(3))));
        check(entry, &[ints(&[1]), tensor("2")], Ok(Fact::shaped(Some(shape("3")))));
        check(entry, &[text("a"), text("b")], Ok(text("ab")));
        let message = "`concat` cannot join IntArray of length 1 and StringArray of length 2";
        check(entry, &[ints(&[1]), list(ArrayKind::String, 2)], err(Code::ArgumentType, message));
        let message = "`concat` cannot join IntArray of length 1 and the Integer 2";
        check(entry, &[ints(&[1]), int(2)], err(Code::ArgumentType, message));
    }
}
