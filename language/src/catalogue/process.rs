//! The run itself: its end, its clock, and what must hold in it.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::operands::{number, one_shape};
use super::rules::wrong_kind;
use crate::shape::{Dim, Mismatch};

/// The builtins on the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Process {
    /// Ends the run.
    Exit,
    /// Ends the run as a failure.
    Panic,
    /// Seconds since the run began.
    Time,
    /// A condition that must hold.
    Assert,
    /// Two values that must be equal.
    AssertEq,
    /// Two values that must be close.
    AssertAboutEq,
}

impl Process {
    /// Every builtin of the family.
    pub const ALL: &[Process] =
        &[Process::Exit, Process::Panic, Process::Time, Process::Assert, Process::AssertEq, Process::AssertAboutEq];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Process::Exit => &Entry {
                name: "exit",
                spellings: &[],
                parameters: const { &[Parameter::optional("code", Accepts::Integer, "0")] },
                result: "nothing; the run ends",
                summary: "Ends the run with an exit code.",
                documentation: "",
                example: "print(\"done\")\nexit(0)",
                prints: "done",
                rule: |_| Ok(Fact::Void),
            },
            Process::Panic => &Entry {
                name: "panic",
                spellings: &[],
                parameters: const { &[Parameter::variadic("values", Accepts::Any, 0)] },
                result: "nothing; the run fails",
                summary: "Ends the run as a failure with a message, put together as `print` does.",
                documentation: "",
                example: "let n = 3\nif n < 0 { panic(\"n is {}\", n) }\nprint(n)",
                prints: "3",
                rule: |_| Ok(Fact::Void),
            },
            Process::Time => &Entry {
                name: "time",
                spellings: &[],
                parameters: &[],
                result: "a Float",
                summary: "Seconds since the run began.",
                documentation: "",
                example: "let start = time()\nprint(time() - start < 60)",
                prints: "true",
                rule: |_| Ok(Fact::Float(None)),
            },
            Process::Assert => &Entry {
                name: "assert",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("condition", Accepts::Any),
                        Parameter::optional("message", Accepts::Any, "none"),
                    ]
                },
                result: "nothing",
                summary: "Fails the run unless a condition holds.",
                documentation: "The condition is a Boolean or a tensor of one element.",
                example: "assert(1 + 1 == 2)\nprint(\"holds\")",
                prints: "holds",
                rule: assert,
            },
            Process::AssertEq => &Entry {
                name: "assert_eq",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("left", Accepts::Any),
                        Parameter::required("right", Accepts::Any),
                        Parameter::optional("message", Accepts::Any, "none"),
                    ]
                },
                result: "nothing",
                summary: "Fails the run and shows both values unless they are equal.",
                documentation: "Values are compared exactly and without regard to element types: 1 equals 1.0, NaN equals nothing. Tensors are equal in shape and in every element.",
                example: "assert_eq(sum([1, 2, 3]), 6)\nprint(\"equal\")",
                prints: "equal",
                rule: |_| Ok(Fact::Void),
            },
            Process::AssertAboutEq => &Entry {
                name: "assert_about_eq",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("left", Accepts::Tensor),
                        Parameter::required("right", Accepts::Tensor),
                        Parameter::optional("epsilon", Accepts::Number, "1e-5"),
                        Parameter::optional("message", Accepts::Any, "none"),
                    ]
                },
                result: "nothing",
                summary: "Fails the run and shows both values unless all their elements differ by less than `epsilon`.",
                documentation: "Numbers, arrays and tensors of one shape. NaN is close to nothing.",
                example: "assert_about_eq(sqrt(2) * sqrt(2), 2)\nprint(\"close\")",
                prints: "close",
                rule: assert_about_eq,
            },
        }
    }
}

fn assert_about_eq(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    one_shape("assert_about_eq", &["left", "right"], arguments)?;
    number("assert_about_eq", (2, "epsilon", "a distance above 0"), arguments, |epsilon| epsilon > 0.0)?;
    Ok(Fact::Void)
}

fn assert(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    match arguments.fact(0) {
        Fact::Boolean(_) | Fact::Unknown => Ok(Fact::Void),
        Fact::Tensor { shape, .. } if shape.as_ref().is_none_or(|s| s.count().unify(&Dim::Known(1)).is_some()) => {
            Ok(Fact::Void)
        }
        other => {
            let mismatch = wrong_kind("assert", "a Boolean", "condition", other, 0);
            Err(match other {
                Fact::Tensor { .. } => mismatch.help("reduce it with `all(x)` or `any(x)`"),
                _ => mismatch,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn conditions_are_booleans() {
        let entry = Process::Assert.entry();
        check(entry, &[Fact::Boolean(None)], Ok(Fact::Void));
        check(entry, &[tensor("1")], Ok(Fact::Void));
        let message = "`assert` needs a Boolean for `condition`, found the Integer 1";
        check(entry, &[int(1)], Err((Code::ArgumentType, message)));
    }
}
