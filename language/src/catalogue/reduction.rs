//! Reductions fold a tensor into one number, or one axis of it away. Over the
//! whole tensor the result is 0-d and stands wherever a number may; along an
//! axis that axis disappears, or stays with size 1 under `keepdim`.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::rules;
use crate::diagnostic::Code;
use crate::shape::{Dim, ElementType, Mismatch, Shape};
use crate::size::Size;

/// The reductions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    /// Sum of the elements.
    Sum,
    /// Arithmetic mean.
    Mean,
    /// Largest element, or the larger of two numbers.
    Max,
    /// Smallest element, or the smaller of two numbers.
    Min,
    /// Position of the largest element.
    Argmax,
    /// Position of the smallest element.
    Argmin,
    /// Whether no element is 0.
    All,
    /// Whether some element is not 0.
    Any,
    /// The root of the sum of squares.
    Norm,
}

impl Reduction {
    /// Every reduction.
    pub const ALL: &[Reduction] = &[
        Reduction::Sum,
        Reduction::Mean,
        Reduction::Max,
        Reduction::Min,
        Reduction::Argmax,
        Reduction::Argmin,
        Reduction::All,
        Reduction::Any,
        Reduction::Norm,
    ];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Reduction::Sum => &Entry {
                name: "sum",
                spellings: &[],
                parameters: FOLD,
                result: "a 0-d tensor, or a tensor without the axis",
                summary: "Adds up all elements, or those along one axis.",
                documentation: "float16 is accumulated in float32 and gives float32; bool and integer tensors give integers. NaN propagates.",
                example: "print(sum([[1, 2], [3, 4]]))\nprint(sum([[1, 2], [3, 4]], 0))",
                prints: "10\n[4, 6]",
                rule: |a| fold("sum", a),
            },
            Reduction::Mean => &Entry {
                name: "mean",
                spellings: &[],
                parameters: FOLD,
                result: "a 0-d tensor, or a tensor without the axis",
                summary: "Averages all elements, or those along one axis.",
                documentation: "float16 is accumulated in float32 and gives float32; bool and integer tensors give a Float. NaN propagates.",
                example: "print(mean([[1, 2], [3, 4]]))\nprint(mean([[1, 2], [3, 4]], axis = 1))",
                prints: "2.5\n[1.5, 3.5]",
                rule: |a| fold("mean", a),
            },
            Reduction::Max => &Entry {
                name: "max",
                spellings: &[],
                parameters: LARGER,
                result: "a 0-d tensor, a tensor without the axis, or a number",
                summary: "The largest element of a tensor or along one axis, or the larger of two numbers.",
                documentation: "The second argument of a tensor is the axis; the elementwise maximum of two tensors is `maximum(a, b)`. NaN propagates.",
                example: "print(max([[1, 7], [3, 4]]))\nprint(max(2, 5))",
                prints: "7\n5",
                rule: |a| larger_of_two("max", a),
            },
            Reduction::Min => &Entry {
                name: "min",
                spellings: &[],
                parameters: LARGER,
                result: "a 0-d tensor, a tensor without the axis, or a number",
                summary: "The smallest element of a tensor or along one axis, or the smaller of two numbers.",
                documentation: "The second argument of a tensor is the axis; the elementwise minimum of two tensors is `minimum(a, b)`. NaN propagates.",
                example: "print(min([[1, 7], [3, 4]], 0))\nprint(min(2.5, 5))",
                prints: "[1, 4]\n2.5",
                rule: |a| larger_of_two("min", a),
            },
            Reduction::Argmax => &Entry {
                name: "argmax",
                spellings: &["sample_greedy"],
                parameters: FOLD,
                result: "an Integer, or an int64 tensor without the axis",
                summary: "The position of the largest element; the first one where several are equal.",
                documentation: "Without an axis the position counts through the flattened tensor, so for logits of shape [s, v] take the last row first.",
                example: "print(argmax([0.1, 0.7, 0.2]))\nprint(argmax([[1, 7], [9, 4]], 1))",
                prints: "1\n[1, 0]",
                rule: |a| position("argmax", a),
            },
            Reduction::Argmin => &Entry {
                name: "argmin",
                spellings: &[],
                parameters: FOLD,
                result: "an Integer, or an int64 tensor without the axis",
                summary: "The position of the smallest element; the first one where several are equal.",
                documentation: "Without an axis the position counts through the flattened tensor.",
                example: "print(argmin([0.4, 0.1, 0.2]))\nprint(argmin([[1, 7], [9, 4]], 1))",
                prints: "1\n[0, 1]",
                rule: |a| position("argmin", a),
            },
            Reduction::All => &Entry {
                name: "all",
                spellings: &[],
                parameters: WHOLE,
                result: "a Boolean",
                summary: "Whether every element differs from 0.",
                documentation: "True for no elements. NaN differs from 0.",
                example: "let x = [1, 2] + 0\nprint(all(x > 0), all(x > 1))",
                prints: "true false",
                rule: |_| Ok(Fact::Boolean(None)),
            },
            Reduction::Any => &Entry {
                name: "any",
                spellings: &[],
                parameters: WHOLE,
                result: "a Boolean",
                summary: "Whether some element differs from 0.",
                documentation: "False for no elements. NaN differs from 0.",
                example: "let x = [1, 2] + 0\nprint(any(x > 1), any(x > 2))",
                prints: "true false",
                rule: |_| Ok(Fact::Boolean(None)),
            },
            Reduction::Norm => &Entry {
                name: "norm",
                spellings: &[],
                parameters: WHOLE,
                result: "a 0-d float32 tensor",
                summary: "The root of the sum of the squares of all elements.",
                documentation: "",
                example: "print(norm([3, 4]))",
                prints: "5",
                rule: |_| Ok(Fact::tensor(ElementType::Float32, Shape::default())),
            },
        }
    }
}

const WHOLE: &[Parameter] = &[Parameter::required("x", Accepts::Tensor)];

const FOLD: &[Parameter] = &[
    Parameter::required("x", Accepts::Tensor),
    Parameter::optional("axis", Accepts::Integer, "all axes"),
    Parameter::optional("keepdim", Accepts::Any, "false"),
];

/// The second argument is an axis, or the other one of two numbers.
const LARGER: &[Parameter] = &[
    Parameter::required("x", Accepts::Tensor),
    Parameter::optional("axis", Accepts::Number, "all axes"),
    Parameter::optional("keepdim", Accepts::Any, "false"),
];

fn fold(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let element = match arguments.fact(0).element() {
        Some(ElementType::Float16) if arguments.get(1).is_none() => Some(ElementType::Float32),
        Some(element) if !element.is_float() => match function {
            "mean" => Some(ElementType::Float32),
            _ if element == ElementType::Bool || arguments.get(1).is_none() => Some(ElementType::Int64),
            _ => Some(element),
        },
        element => element,
    };
    let shape = reduced_shape(function, arguments)?;
    if arguments.get(1).is_none() && matches!(function, "max" | "min") {
        nonempty(function, arguments)?;
    }
    Ok(Fact::Tensor { element, shape })
}

fn nonempty(function: &str, arguments: &Bound<Fact>) -> Result<(), Mismatch> {
    match arguments.shape(0) {
        Some(shape) if shape.known_count() == Some(0) => {
            let message = format!("`{function}` needs at least one element, found {}", arguments.fact(0).describe());
            Err(Mismatch::new(Code::ShapeMismatch, message).argument(0))
        }
        _ => Ok(()),
    }
}

fn reduced_shape(function: &str, arguments: &Bound<Fact>) -> Result<Option<Shape>, Mismatch> {
    let Some(mut shape) = arguments.shape(0) else { return Ok(None) };
    let Some(given) = arguments.get(1) else { return Ok(Some(Shape::default())) };
    let Some(given) = given.integer() else { return Ok(None) };
    let axis = rules::axis(function, given, shape.rank(), 1)?;
    match arguments.get(2) {
        None | Some(Fact::Boolean(Some(false)) | Fact::Integer(Some(Size::Number(0)))) => {
            shape.0.remove(axis);
            Ok(Some(shape))
        }
        Some(Fact::Boolean(Some(true)) | Fact::Integer(Some(Size::Number(_)))) => {
            shape.0[axis] = Dim::Known(1);
            Ok(Some(shape))
        }
        Some(_) => Ok(None),
    }
}

fn larger_of_two(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    match (arguments.fact(0), arguments.get(1)) {
        (Fact::Unknown, Some(_)) => Ok(Fact::Unknown),
        (Fact::Integer(_), Some(Fact::Integer(_))) => Ok(Fact::Integer(None)),
        (Fact::Integer(_) | Fact::Float(_), Some(Fact::Integer(_) | Fact::Float(_))) => Ok(Fact::Float(None)),
        // A tensor of one element stands where a number may.
        (Fact::Integer(_) | Fact::Float(_), Some(Fact::Tensor { .. } | Fact::Unknown)) => Ok(Fact::Unknown),
        // Of a tensor without axes it is the larger number; one whose axes are not known may be such a one.
        (Fact::Tensor { shape, .. }, Some(_)) if shape.as_ref().is_none_or(|shape| shape.rank() == 0) => {
            Ok(Fact::shaped(shape.clone()))
        }
        (_, Some(axis @ Fact::Float(Some(x)))) if x.whole().is_none() => {
            Err(rules::wrong_kind(function, "a whole number", "axis", axis, 1)
                .help(format!("take the {function}imum of each element with `{function}imum(a, b)`")))
        }
        _ => fold(function, arguments),
    }
}

fn position(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    nonempty(function, arguments)?;
    match arguments.get(1) {
        None => Ok(Fact::Integer(None)),
        Some(_) => Ok(Fact::Tensor { element: Some(ElementType::Int64), shape: reduced_shape(function, arguments)? }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    fn of(element: ElementType, sizes: &str) -> Fact {
        Fact::tensor(element, shape(sizes))
    }

    #[test]
    fn axes_disappear_or_stay() {
        let sum = Reduction::Sum.entry();
        check(sum, &[tensor("2 3")], Ok(tensor("")));
        check(sum, &[tensor("2 3"), int(-1)], Ok(tensor("2")));
        check(sum, &[tensor("2 3"), int(0), Fact::Boolean(Some(true))], Ok(tensor("1 3")));
        check(sum, &[of(ElementType::Float16, "2 3")], Ok(tensor("")));
        check(sum, &[of(ElementType::Bool, "2 3"), int(0)], Ok(of(ElementType::Int64, "3")));
        let message = "`sum` finds no axis 2: the tensor has axes 0 to 1";
        check(sum, &[tensor("2 3"), int(2)], Err((Code::IndexOutOfRange, message)));
        let message = "`max` needs at least one element, found float32[0, 3]";
        check(Reduction::Max.entry(), &[tensor("0 3")], Err((Code::ShapeMismatch, message)));
        check(Reduction::Argmax.entry(), &[tensor("2 3"), int(1)], Ok(of(ElementType::Int64, "2")));
    }

    #[test]
    fn two_numbers_are_compared() {
        let max = Reduction::Max.entry();
        check(max, &[int(2), int(3)], Ok(Fact::Integer(None)));
        check(max, &[int(2), Fact::float(2.5)], Ok(Fact::Float(None)));
        check(max, &[tensor(""), Fact::float(2.5)], Ok(Fact::shaped(Some(shape("")))));
        let message = "`max` needs a whole number for `axis`, found the Float 2.5";
        check(max, &[tensor("2"), Fact::float(2.5)], Err((Code::ArgumentType, message)));
    }
}
