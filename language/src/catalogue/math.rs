//! Functions of one element, for numbers and for tensors. A number stays a number:
//! it is computed in 64 bits.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::rules::float_of;
use crate::shape::{ElementType, Mismatch};

/// The functions of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Math {
    /// e to the power of each element.
    Exp,
    /// The natural logarithm of each element.
    Log,
    /// The square root of each element.
    Sqrt,
    /// The sine of each element, an angle in radians.
    Sin,
    /// The cosine of each element, an angle in radians.
    Cos,
    /// The tangent of each element, an angle in radians.
    Tan,
    /// How far each element is from 0.
    Abs,
    /// -1, 0 or 1 by what each element is below, at or above 0.
    Sign,
    /// The largest whole number that is not above each element.
    Floor,
    /// The smallest whole number that is not below each element.
    Ceil,
    /// The whole number nearest to each element; halves go away from 0.
    Round,
    /// Whether nothing is infinite or NaN.
    IsFinite,
}

impl Math {
    /// Every function of the family.
    pub const ALL: &[Math] = &[
        Math::Exp,
        Math::Log,
        Math::Sqrt,
        Math::Sin,
        Math::Cos,
        Math::Tan,
        Math::Abs,
        Math::Sign,
        Math::Floor,
        Math::Ceil,
        Math::Round,
        Math::IsFinite,
    ];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Math::Exp => &Entry {
                name: "exp",
                spellings: &[],
                parameters: X,
                result: "a Float, or a tensor of the same shape",
                summary: "e to the power of each element.",
                documentation: "",
                example: "print(exp(0))\nprint(exp([0, 1]) > 2)",
                prints: "1\n[0, 1]",
                rule: floats,
            },
            Math::Log => &Entry {
                name: "log",
                spellings: &[],
                parameters: X,
                result: "a Float, or a tensor of the same shape",
                summary: "The natural logarithm of each element.",
                documentation: "0 gives -inf, numbers below 0 give NaN.",
                example: "print(log(1))\nprint(log(exp([2, 3])))",
                prints: "0\n[2, 3]",
                rule: floats,
            },
            Math::Sqrt => &Entry {
                name: "sqrt",
                spellings: &[],
                parameters: X,
                result: "a Float, or a tensor of the same shape",
                summary: "The square root of each element.",
                documentation: "Numbers below 0 give NaN.",
                example: "print(sqrt(2.25))\nprint(sqrt([4, 9]))",
                prints: "1.5\n[2, 3]",
                rule: floats,
            },
            Math::Sin => &Entry {
                name: "sin",
                spellings: &[],
                parameters: X,
                result: "a Float, or a tensor of the same shape",
                summary: "The sine of each element, an angle in radians.",
                documentation: "",
                example: "print(sin(0))\nprint(sin([0, 0]))",
                prints: "0\n[0, 0]",
                rule: floats,
            },
            Math::Cos => &Entry {
                name: "cos",
                spellings: &[],
                parameters: X,
                result: "a Float, or a tensor of the same shape",
                summary: "The cosine of each element, an angle in radians.",
                documentation: "",
                example: "print(cos(0))\nprint(cos([0, 0]))",
                prints: "1\n[1, 1]",
                rule: floats,
            },
            Math::Tan => &Entry {
                name: "tan",
                spellings: &[],
                parameters: X,
                result: "a Float, or a tensor of the same shape",
                summary: "The tangent of each element, an angle in radians.",
                documentation: "",
                example: "print(tan(0))\nprint(tan([0, 0]))",
                prints: "0\n[0, 0]",
                rule: floats,
            },
            Math::Abs => &Entry {
                name: "abs",
                spellings: &[],
                parameters: X,
                result: "a number of the same kind, or a tensor of the same shape",
                summary: "How far each element is from 0.",
                documentation: "Integers stay integers.",
                example: "print(abs(-3))\nprint(abs([-1.5, 2]))",
                prints: "3\n[1.5, 2]",
                rule: kept,
            },
            Math::Sign => &Entry {
                name: "sign",
                spellings: &[],
                parameters: X,
                result: "a number of the same kind, or a tensor of the same shape",
                summary: "-1, 0 or 1 by what each element is below, at or above 0.",
                documentation: "Integers stay integers. NaN stays NaN.",
                example: "print(sign(-3))\nprint(sign([-1.5, 0, 2]))",
                prints: "-1\n[-1, 0, 1]",
                rule: kept,
            },
            Math::Floor => &Entry {
                name: "floor",
                spellings: &[],
                parameters: X,
                result: "an Integer, or a tensor of the same shape",
                summary: "The largest whole number that is not above each element.",
                documentation: "A number gives an Integer, a tensor keeps its element type.",
                example: "print(floor(-1.5))\nprint(floor([1.5, -1.5]))",
                prints: "-2\n[1, -2]",
                rule: whole,
            },
            Math::Ceil => &Entry {
                name: "ceil",
                spellings: &[],
                parameters: X,
                result: "an Integer, or a tensor of the same shape",
                summary: "The smallest whole number that is not below each element.",
                documentation: "A number gives an Integer, a tensor keeps its element type.",
                example: "print(ceil(-1.5))\nprint(ceil([1.5, -1.5]))",
                prints: "-1\n[2, -1]",
                rule: whole,
            },
            Math::Round => &Entry {
                name: "round",
                spellings: &[],
                parameters: X,
                result: "an Integer, or a tensor of the same shape",
                summary: "The whole number nearest to each element; halves go away from 0.",
                documentation: "A number gives an Integer, a tensor keeps its element type.",
                example: "print(round(2.5))\nprint(round([1.4, -0.5]))",
                prints: "3\n[1, -1]",
                rule: whole,
            },
            Math::IsFinite => &Entry {
                name: "is_finite",
                spellings: &[],
                parameters: X,
                result: "a Boolean",
                summary: "Whether no element is infinite or NaN.",
                documentation: "",
                example: "print(is_finite([1, 2]))\nprint(is_finite(log([1, 0])))",
                prints: "true\nfalse",
                rule: |_| Ok(Fact::Boolean(None)),
            },
        }
    }
}

const X: &[Parameter] = &[Parameter::required("x", Accepts::Tensor)];

/// The rule of functions whose results are no whole numbers.
fn floats(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    Ok(match x {
        Fact::Integer(_) | Fact::Float(_) => Fact::Float(None),
        Fact::Unknown => Fact::Unknown,
        _ => Fact::Tensor { element: float_of(x.element()), shape: x.shape() },
    })
}

/// The rule of functions that keep the kind of number.
fn kept(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    Ok(match x {
        Fact::Integer(_) => Fact::Integer(None),
        Fact::Float(_) => Fact::Float(None),
        Fact::Unknown => Fact::Unknown,
        // Truth values become whole numbers of some width.
        _ => Fact::Tensor { element: x.element().filter(|e| *e != ElementType::Bool), shape: x.shape() },
    })
}

/// The rule of functions that make a whole number of a number.
fn whole(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    match arguments.fact(0) {
        Fact::Integer(n) => Ok(Fact::Integer(n.clone())),
        Fact::Float(x) => Ok(Fact::Integer(x.as_ref().and_then(|x| x.whole()))),
        _ => kept(arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn numbers_stay_numbers() {
        check(Math::Exp.entry(), &[int(1)], Ok(Fact::Float(None)));
        check(Math::Abs.entry(), &[int(-1)], Ok(Fact::Integer(None)));
        check(Math::Floor.entry(), &[Fact::float(1.5)], Ok(Fact::Integer(None)));
        check(Math::Round.entry(), &[int(3)], Ok(int(3)));
    }

    #[test]
    fn tensors_keep_their_shape() {
        check(Math::Sqrt.entry(), &[tensor("n 3")], Ok(tensor("n 3")));
        let whole = Fact::tensor(ElementType::Int32, shape("3"));
        check(Math::Sin.entry(), std::slice::from_ref(&whole), Ok(tensor("3")));
        check(Math::Ceil.entry(), std::slice::from_ref(&whole), Ok(whole.clone()));
        check(Math::IsFinite.entry(), &[tensor("n 3")], Ok(Fact::Boolean(None)));
    }
}
