//! Arithmetic by name: what operators write, and choices between two values. All
//! broadcast as operators do; numbers count as 0-d tensors.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::operands::broadcast_all;
use super::rules::common_element;
use crate::shape::{ElementType, Mismatch};

/// The builtins of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// The sum.
    Add,
    /// The difference.
    Sub,
    /// The product.
    Mul,
    /// The quotient.
    Div,
    /// The power.
    Pow,
    /// The larger of two.
    Maximum,
    /// The smaller of two.
    Minimum,
    /// One or the other, by a condition.
    Where,
}

impl Arithmetic {
    /// Every builtin of the family.
    pub const ALL: &[Arithmetic] = &[
        Arithmetic::Add,
        Arithmetic::Sub,
        Arithmetic::Mul,
        Arithmetic::Div,
        Arithmetic::Pow,
        Arithmetic::Maximum,
        Arithmetic::Minimum,
        Arithmetic::Where,
    ];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Arithmetic::Add => &Entry {
                name: "add",
                spellings: &[],
                parameters: PAIR,
                result: "a tensor of the broadcast shape",
                summary: "`a + b` of tensors, element by element.",
                documentation: "",
                example: "print(add([1, 2], [10, 20]))",
                prints: "[11, 22]",
                rule: |a| combined("add", a),
            },
            Arithmetic::Sub => &Entry {
                name: "sub",
                spellings: &[],
                parameters: PAIR,
                result: "a tensor of the broadcast shape",
                summary: "`a - b` of tensors, element by element.",
                documentation: "",
                example: "print(sub([10, 20], [1, 2]))",
                prints: "[9, 18]",
                rule: |a| combined("sub", a),
            },
            Arithmetic::Mul => &Entry {
                name: "mul",
                spellings: &[],
                parameters: PAIR,
                result: "a tensor of the broadcast shape",
                summary: "`a * b` of tensors, element by element.",
                documentation: "",
                example: "print(mul([1, 2], 3))",
                prints: "[3, 6]",
                rule: |a| combined("mul", a),
            },
            Arithmetic::Div => &Entry {
                name: "div",
                spellings: &[],
                parameters: PAIR,
                result: "a tensor of the broadcast shape",
                summary: "`a / b` of tensors, element by element.",
                documentation: "Integers divide to float32; division by 0 gives what IEEE 754 says.",
                example: "print(div([1, 2], [4, 4]))",
                prints: "[0.25, 0.5]",
                rule: |a| quotient("div", a),
            },
            Arithmetic::Pow => &Entry {
                name: "pow",
                spellings: &[],
                parameters: const {
                    &[Parameter::required("x", Accepts::Tensor), Parameter::required("exponent", Accepts::Tensor)]
                },
                result: "a number, or a tensor of the broadcast shape",
                summary: "x to the power of the exponent, as `x ** exponent`.",
                documentation: "Integers stay integers under an exponent that is one and not negative; every other power is a float.",
                example: "print(pow(2, 10))\nprint(pow([1, 2, 3], 2))",
                prints: "1024\n[1, 4, 9]",
                rule: pow,
            },
            Arithmetic::Maximum => &Entry {
                name: "maximum",
                spellings: &[],
                parameters: PAIR,
                result: "a number, or a tensor of the broadcast shape",
                summary: "The larger of two values, element by element.",
                documentation: "NaN wins. The largest element of one tensor is `max(x)`.",
                example: "print(maximum([1, 5], [3, 2]))\nprint(maximum([-1, 2], 0))",
                prints: "[3, 5]\n[0, 2]",
                rule: |a| larger("maximum", a),
            },
            Arithmetic::Minimum => &Entry {
                name: "minimum",
                spellings: &[],
                parameters: PAIR,
                result: "a number, or a tensor of the broadcast shape",
                summary: "The smaller of two values, element by element.",
                documentation: "NaN wins. The smallest element of one tensor is `min(x)`.",
                example: "print(minimum([1, 5], [3, 2]))\nprint(minimum(2, 0.5))",
                prints: "[1, 2]\n0.5",
                rule: |a| larger("minimum", a),
            },
            Arithmetic::Where => &Entry {
                name: "where",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("condition", Accepts::Tensor),
                        Parameter::required("yes", Accepts::Tensor),
                        Parameter::required("no", Accepts::Tensor),
                    ]
                },
                result: "a tensor of the broadcast shape",
                summary: "`yes` where the condition is not 0, else `no`, element by element.",
                documentation: "What is not chosen has no influence, NaN included.",
                example: "let x = [-1, 2] + 0\nprint(where(x > 0, x, 0))",
                prints: "[0, 2]",
                rule: choice,
            },
        }
    }
}

const PAIR: &[Parameter] = &[Parameter::required("a", Accepts::Tensor), Parameter::required("b", Accepts::Tensor)];

fn combined(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    broadcast_all(function, &["a", "b"], arguments)
}

fn quotient(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let whole = |fact: &Fact| fact.element().is_some_and(|element| !element.is_float());
    Ok(match combined(function, arguments)? {
        Fact::Tensor { shape, .. } if whole(arguments.fact(0)) && whole(arguments.fact(1)) => {
            Fact::Tensor { element: Some(ElementType::Float32), shape }
        }
        other => other,
    })
}

fn are_numbers(arguments: &Bound<Fact>) -> bool {
    (0..2).all(|slot| matches!(arguments.fact(slot), Fact::Integer(_) | Fact::Float(_)))
}

fn are_unknown(arguments: &Bound<Fact>) -> bool {
    (0..2).any(|slot| *arguments.fact(slot) == Fact::Unknown)
}

fn pow(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let (x, exponent) = (arguments.fact(0), arguments.fact(1));
    match (x, exponent) {
        (Fact::Integer(_), Fact::Integer(_)) => Ok(match exponent.integer() {
            Some(0..) => Fact::Integer(None),
            Some(_) => Fact::Float(None),
            None => Fact::Unknown,
        }),
        _ if are_numbers(arguments) => Ok(Fact::Float(None)),
        _ if are_unknown(arguments) => Ok(Fact::Unknown),
        // A number takes the type of the floats that it meets.
        (Fact::Tensor { element: Some(element), .. }, Fact::Integer(_) | Fact::Float(_)) if element.is_float() => {
            Ok(Fact::Tensor { element: Some(*element), shape: x.shape() })
        }
        _ => broadcast_all("pow", &["x", "exponent"], arguments),
    }
}

fn larger(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    match (arguments.fact(0), arguments.fact(1)) {
        (Fact::Integer(_), Fact::Integer(_)) => Ok(Fact::Integer(None)),
        _ if are_numbers(arguments) => Ok(Fact::Float(None)),
        _ if are_unknown(arguments) => Ok(Fact::Unknown),
        _ => combined(function, arguments),
    }
}

fn choice(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let shape = broadcast_all("where", &["condition", "yes", "no"], arguments)?.shape();
    Ok(Fact::Tensor { element: common_element([arguments.fact(1), arguments.fact(2)]), shape })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn operands_broadcast() {
        check(Arithmetic::Add.entry(), &[tensor("n 3"), tensor("3")], Ok(tensor("n 3")));
        check(Arithmetic::Where.entry(), &[tensor("n 1"), tensor("3"), tensor("3")], Ok(tensor("n 3")));
        let message = "`mul` needs sizes that are equal or 1: a is float32[2], b is float32[3]";
        check(Arithmetic::Mul.entry(), &[tensor("2"), tensor("3")], Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn numbers_give_a_number() {
        check(Arithmetic::Pow.entry(), &[int(2), int(3)], Ok(Fact::Integer(None)));
        check(Arithmetic::Pow.entry(), &[int(2), int(-1)], Ok(Fact::Float(None)));
        check(Arithmetic::Pow.entry(), &[tensor("n"), int(2)], Ok(tensor("n")));
        check(Arithmetic::Maximum.entry(), &[int(2), Fact::float(0.5)], Ok(Fact::Float(None)));
    }
}
