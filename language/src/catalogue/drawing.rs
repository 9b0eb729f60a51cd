//! Sampling in steps: logits are cut down to the likely tokens, made into
//! probabilities and drawn from. All draws come from the run's one stream of
//! random numbers.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::operands::{like_first, number};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch};

/// The steps of sampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Drawing {
    /// Logits divided by a temperature.
    Temperature,
    /// The k largest logits of a row.
    TopK,
    /// The nucleus of a row.
    TopP,
    /// A draw by probabilities.
    Sample,
    /// A draw from the k likeliest.
    SampleTopK,
    /// A draw from the nucleus.
    TopPSample,
    /// The k largest logits, printed.
    PrintTopK,
}

impl Drawing {
    /// Every builtin of the family.
    pub const ALL: &[Drawing] = &[
        Drawing::Temperature,
        Drawing::TopK,
        Drawing::TopP,
        Drawing::Sample,
        Drawing::SampleTopK,
        Drawing::TopPSample,
        Drawing::PrintTopK,
    ];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Drawing::Temperature => &Entry {
                name: "temperature",
                spellings: &[],
                parameters: const { &[LOGITS, Parameter::required("t", Accepts::Number)] },
                result: "a tensor of the same shape",
                summary: "Logits divided by a temperature: above 1 the draw is more even, below 1 more certain.",
                documentation: "The temperature must be above 0; for the most likely token take `argmax`.",
                example: "print(temperature([1, 4], 2))",
                prints: "[0.5, 2]",
                rule: temperature,
            },
            Drawing::TopK => &Entry {
                name: "top_k",
                spellings: &[],
                parameters: const { &[LOGITS, Parameter::required("k", Accepts::Integer)] },
                result: "a tensor of the same shape",
                summary: "Logits in which all but the k largest of each row are -inf.",
                documentation: "Of equal logits the first ones stay. More than the row has is an error.",
                example: "print(top_k([1, 5, 3], 2))",
                prints: "[-inf, 5, 3]",
                rule: |a| {
                    count("top_k", a)?;
                    like_first(a)
                },
            },
            Drawing::TopP => &Entry {
                name: "top_p",
                spellings: &[],
                parameters: const { &[LOGITS, Parameter::required("p", Accepts::Number)] },
                result: "a tensor of the same shape",
                summary: "Logits in which all outside of the nucleus of each row are -inf.",
                documentation: "The nucleus is the shortest list of the most likely tokens whose probabilities, softmax(logits), sum to at least p; it has one token at least. <https://arxiv.org/abs/1904.09751>",
                example: "print(top_p([0, 9, 0], 0.5))",
                prints: "[-inf, 9, -inf]",
                rule: |a| {
                    part("top_p", a)?;
                    like_first(a)
                },
            },
            Drawing::Sample => &Entry {
                name: "sample",
                spellings: &[],
                parameters: const { &[Parameter::required("probabilities", Accepts::Tensor)] },
                result: "an Integer, the token's id",
                summary: "Draws a position by probabilities [v] or by those of the last row of [s, v].",
                documentation: "They must not be negative and must sum to 1 within 0.01. Softmax makes them of logits.",
                example: "print(sample([0, 1, 0]))",
                prints: "1",
                rule: |a| drawn("sample", a),
            },
            Drawing::SampleTopK => &Entry {
                name: "sample_top_k",
                spellings: &[],
                parameters: const {
                    &[
                        LOGITS,
                        Parameter::required("k", Accepts::Integer),
                        Parameter::optional("temperature", Accepts::Number, "1"),
                    ]
                },
                result: "an Integer, the token's id",
                summary: "Draws one of the k likeliest tokens of the last row, by softmax(logits / temperature) over them.",
                documentation: "",
                example: "print(sample_top_k([1, 5, 3], 1))",
                prints: "1",
                rule: |a| {
                    count("sample_top_k", a)?;
                    drawn("sample_top_k", a)
                },
            },
            Drawing::TopPSample => &Entry {
                name: "top_p_sample",
                spellings: &[],
                parameters: const {
                    &[
                        LOGITS,
                        Parameter::required("p", Accepts::Number),
                        Parameter::optional("temperature", Accepts::Number, "1"),
                    ]
                },
                result: "an Integer, the token's id",
                summary: "Draws from the nucleus of the last row: the likeliest tokens whose probabilities sum to p.",
                documentation: "The nucleus is taken of softmax(logits / temperature), see `top_p`. <https://arxiv.org/abs/1904.09751>",
                example: "print(top_p_sample([0, 9, 0], 0.5))",
                prints: "1",
                rule: |a| {
                    part("top_p_sample", a)?;
                    drawn("top_p_sample", a)
                },
            },
            Drawing::PrintTopK => &Entry {
                name: "print_top_k",
                spellings: &[],
                parameters: const { &[LOGITS, Parameter::optional("k", Accepts::Integer, "10")] },
                result: "nothing",
                summary: "Prints the k largest logits of the last row with their positions, one a line, the largest first.",
                documentation: "",
                example: "print_top_k([1, 5, 3], 2)",
                prints: "1: 5\n2: 3",
                rule: |a| {
                    count("print_top_k", a)?;
                    drawn("print_top_k", a).map(|_| Fact::Void)
                },
            },
        }
    }
}

const LOGITS: Parameter = Parameter::required("logits", Accepts::Tensor);

fn temperature(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number("temperature", (1, "t", "a temperature above 0"), arguments, |t| t > 0.0)?;
    like_first(arguments)
}

/// Checks that a count lies within the last axis.
fn count(function: &str, arguments: &Bound<Fact>) -> Result<(), Mismatch> {
    number(function, (1, "k", "a count above 0"), arguments, |k| k >= 1.0)?;
    let size = arguments.shape(0).and_then(|shape| shape.0.last()?.known());
    if let (Some(k), Some(size)) = (arguments.fact(1).integer(), size)
        && usize::try_from(k).is_ok_and(|k| k > size)
    {
        let message = format!("`{function}` needs at most {size} for `k`, as many as there are logits, found {k}");
        return Err(Mismatch::new(Code::IndexOutOfRange, message).argument(1));
    }
    Ok(())
}

fn part(function: &str, arguments: &Bound<Fact>) -> Result<(), Mismatch> {
    number(function, (1, "p", "a probability above 0 and up to 1"), arguments, |p| p > 0.0 && p <= 1.0)
}

/// The rule of a draw from one row, the last of several.
fn drawn(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    if let Some(shape) = arguments.shape(0) {
        let found = arguments.fact(0).describe();
        if !(1..=2).contains(&shape.rank()) {
            let message = format!("`{function}` needs a tensor of shape [v] or [s, v], found {found}");
            return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
        }
        if shape.0.contains(&Dim::Known(0)) {
            let message = format!("`{function}` needs something to draw from, found {found}");
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(0));
        }
    }
    Ok(Fact::Integer(None))
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    fn entry(name: &str) -> &'static Entry {
        super::super::find(name).unwrap().entry()
    }

    #[test]
    fn logits_keep_their_shape_and_a_draw_is_a_number() {
        check(entry("top_k"), &[tensor("n 32000"), int(40)], Ok(tensor("n 32000")));
        check(entry("top_p"), &[tensor("32000"), Fact::float(0.9)], Ok(tensor("32000")));
        check(entry("sample"), &[tensor("n 32000")], Ok(Fact::Integer(None)));
    }

    #[test]
    fn bounds_are_told() {
        let message = "`top_k` needs at most 3 for `k`, as many as there are logits, found 4";
        check(entry("top_k"), &[tensor("3"), int(4)], Err((Code::IndexOutOfRange, message)));
        let message = "`top_p_sample` needs a probability above 0 and up to 1 for `p`, found 1.5";
        check(entry("top_p_sample"), &[tensor("3"), Fact::float(1.5)], Err((Code::ArgumentType, message)));
        let message = "`sample` needs a tensor of shape [v] or [s, v], found float32[2, 3, 4]";
        check(entry("sample"), &[tensor("2 3 4")], Err((Code::RankMismatch, message)));
    }
}
