//! Attention: what queries, keys and values are brought to before they meet.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::operands::{axes, number};
use crate::shape::{Dim, Mismatch, Shape};
use crate::size::Size;

/// The builtins of attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attention {
    /// Every head several times.
    RepeatKv,
}

impl Attention {
    /// Every builtin of the family.
    pub const ALL: &[Attention] = &[Attention::RepeatKv];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Attention::RepeatKv => &Entry {
                name: "repeat_kv",
                spellings: &[],
                parameters: const {
                    &[Parameter::required("x", Accepts::Tensor), Parameter::required("n", Accepts::Integer)]
                },
                result: "a tensor [s, heads · n, d]",
                summary: "Repeats every head of [s, heads, d] n times, one behind the other, for grouped-query attention.",
                documentation: "Head h of the result is head h / n of `x`, rounded down.",
                example: "let x = reshape([1, 2], [1, 2, 1])\nprint(repeat_kv(x, 2))",
                prints: "[[[1], [1], [2], [2]]]",
                rule: repeat_kv,
            },
        }
    }
}

fn repeat_kv(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number("repeat_kv", (1, "n", "a count above 0"), arguments, |n| n > 0.0)?;
    let element = arguments.fact(0).element();
    let Some([rows, heads, size]) = axes("repeat_kv", (0, "x", "[s, heads, d]"), arguments)? else {
        return Ok(Fact::Tensor { element, shape: None });
    };
    let repeated = heads.size().zip(arguments.fact(1).size()).and_then(|(heads, n): (Size, Size)| heads.times(&n));
    let repeated = repeated.as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown);
    Ok(Fact::Tensor { element, shape: Some(Shape(vec![rows, repeated, size])) })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn heads_are_repeated() {
        check(Attention::RepeatKv.entry(), &[tensor("n 4 64"), int(8)], Ok(tensor("n 32 64")));
        check(Attention::RepeatKv.entry(), &[tensor("n m 64"), int(8)], Ok(tensor("n 8*m 64")));
    }
}
