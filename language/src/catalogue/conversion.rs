//! Conversion: numbers out of texts and tensors, texts out of anything.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{ArrayKind, Fact, HandleKind, Real};
use super::rules::wrong_kind;
use crate::shape::{Dim, Mismatch};

/// The conversions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conversion {
    /// To a whole number.
    ToInt,
    /// To a floating-point number.
    ToFloat,
    /// To text.
    Str,
    /// To a flat array.
    ToVec,
}

impl Conversion {
    /// Every conversion.
    pub const ALL: &[Conversion] = &[Conversion::ToInt, Conversion::ToFloat, Conversion::Str, Conversion::ToVec];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Conversion::ToInt => &Entry {
                name: "to_int",
                spellings: &[],
                parameters: X,
                result: "an Integer",
                summary: "The whole part of a number, a Boolean or a one-element tensor, or the whole number that a String spells.",
                documentation: "Fractions are cut off towards zero, what 64 bits cannot hold becomes their largest or smallest number, NaN is an error. `x as int` is the same.",
                example: "print(to_int(-2.7))\nprint(to_int(\"42\"))",
                prints: "-2\n42",
                rule: |a| number("to_int", a, Fact::Integer(a.fact(0).size())),
            },
            Conversion::ToFloat => &Entry {
                name: "to_float",
                spellings: &[],
                parameters: X,
                result: "a Float",
                summary: "A number, a Boolean, a one-element tensor or the number that a String spells as a Float.",
                documentation: "`x as float` is the same.",
                example: "print(to_float(\"0.25\") + 1)\nprint(to_float(3) / 2)",
                prints: "1.25\n1.5",
                rule: |a| number("to_float", a, Fact::Float(a.fact(0).size().map(|size| Real::of(&size)))),
            },
            Conversion::Str => &Entry {
                name: "str",
                spellings: &["string"],
                parameters: X,
                result: "a String",
                summary: "The text that `print` shows for a value.",
                documentation: "",
                example: "print(\"n = \" + str(3))\nprint(str([1.5, 2]))",
                prints: "n = 3\n[1.5, 2]",
                rule: |_| Ok(Fact::String(None)),
            },
            Conversion::ToVec => &Entry {
                name: "to_vec",
                spellings: &[],
                parameters: const { &[Parameter::required("x", Accepts::Tensor)] },
                result: "a FloatArray, or an IntArray of whole numbers",
                summary: "All elements of a tensor as one flat array, row by row.",
                documentation: "Tensors of integer types and bool give an IntArray.",
                example: "print(to_vec([[1.5, 2], [3, 4]]))",
                prints: "[1.5, 2, 3, 4]",
                rule: to_vec,
            },
        }
    }
}

const X: &[Parameter] = &[Parameter::required("x", Accepts::Any)];

fn number(function: &str, arguments: &Bound<Fact>, result: Fact) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    match x {
        Fact::Boolean(_) | Fact::String(_) => Ok(result),
        _ if Accepts::Number.allows(x) => Ok(result),
        other => Err(wrong_kind(function, "a number, a Boolean, a String or a tensor of one element", "x", other, 0)),
    }
}

fn to_vec(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    let kind = match x {
        Fact::Tensor { element: Some(element), .. } => {
            Some(if element.is_float() { ArrayKind::Float } else { ArrayKind::Integer })
        }
        Fact::Array { kind: Some(ArrayKind::Integer | ArrayKind::Boolean), .. } => Some(ArrayKind::Integer),
        Fact::Integer(_) | Fact::Boolean(_) => Some(ArrayKind::Integer),
        Fact::Array { kind: Some(ArrayKind::Float), .. } | Fact::Float(_) => Some(ArrayKind::Float),
        Fact::Handle(HandleKind::Feature) => Some(ArrayKind::Float),
        _ => None,
    };
    let len = x.shape().map_or(Dim::Unknown, |shape| shape.count());
    Ok(Fact::Array { kind, len, integers: None })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn numbers_come_from_single_values() {
        let entry = Conversion::ToInt.entry();
        check(entry, &[tensor("1")], Ok(Fact::Integer(None)));
        check(entry, &[text("42")], Ok(Fact::Integer(None)));
        let message =
            "`to_int` needs a number, a Boolean, a String or a tensor of one element for `x`, found float32[2]";
        check(entry, &[tensor("2")], Err((Code::ArgumentType, message)));
    }

    #[test]
    fn tensors_become_flat() {
        let list = Fact::Array { kind: Some(ArrayKind::Float), len: Dim::Known(6), integers: None };
        check(Conversion::ToVec.entry(), &[tensor("2 3")], Ok(list));
    }
}
