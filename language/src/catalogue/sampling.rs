//! Sampling: the next token out of a model's logits. All draws of a run come
//! from one stream of random numbers, so that a seed repeats them on any device.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch};

/// The builtins that sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// A token drawn at a temperature.
    TemperatureSample,
    /// The start of the random numbers.
    SetSeed,
}

impl Sampling {
    /// Every builtin of the family.
    pub const ALL: &[Sampling] = &[Sampling::TemperatureSample, Sampling::SetSeed];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Sampling::TemperatureSample => &Entry {
                name: "temperature_sample",
                spellings: &["sample_token", "sample_temperature"],
                parameters: const {
                    &[
                        Parameter::required("logits", Accepts::Tensor),
                        Parameter::required("temperature", Accepts::Number),
                    ]
                },
                result: "an Integer, the token's id",
                summary: "Draws a token from softmax(logits / temperature), of the last row of logits [s, v].",
                documentation: "A temperature of at most 0.0001 takes the largest logit, the first one where several are equal. `-inf` is never drawn, NaN is an error. `--seed` or `set_seed` repeats the draws.",
                example: "print(temperature_sample([1, 9, 3], 0))\nset_seed(1)\nprint(temperature_sample([-100, 0, -100], 0.8))",
                prints: "1\n1",
                rule: temperature_sample,
            },
            Sampling::SetSeed => &Entry {
                name: "set_seed",
                spellings: &[],
                parameters: const { &[Parameter::required("seed", Accepts::Integer)] },
                result: "nothing",
                summary: "Starts the run's random numbers anew: the same seed gives the same numbers on every device.",
                documentation: "",
                example: "set_seed(7)\nlet first = temperature_sample([1, 1, 9], 5)\nset_seed(7)\nprint(first == temperature_sample([1, 1, 9], 5))",
                prints: "true",
                rule: |_| Ok(Fact::Void),
            },
        }
    }
}

fn temperature_sample(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let temperature = arguments.fact(1).number().unwrap_or(0.0);
    if temperature.is_nan() || temperature < 0.0 {
        let message = format!("`temperature_sample` needs a temperature of at least 0, found {temperature}");
        return Err(Mismatch::new(Code::ArgumentType, message).argument(1));
    }
    if let Some(shape) = arguments.shape(0) {
        let found = arguments.fact(0).describe();
        if !(1..=2).contains(&shape.rank()) {
            let message = format!("`temperature_sample` needs logits of shape [v] or [s, v], found {found}");
            return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
        }
        if shape.0.contains(&Dim::Known(0)) {
            let message = format!("`temperature_sample` needs at least one logit, found {found}");
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(0));
        }
    }
    Ok(Fact::Integer(None))
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn logits_are_rows() {
        let entry = Sampling::TemperatureSample.entry();
        check(entry, &[tensor("5 32000"), int(0)], Ok(Fact::Integer(None)));
        check(entry, &[tensor("32000"), Fact::float(0.8)], Ok(Fact::Integer(None)));
        let message = "`temperature_sample` needs logits of shape [v] or [s, v], found float32[1, 5, 9]";
        check(entry, &[tensor("1 5 9"), int(0)], Err((Code::RankMismatch, message)));
        let message = "`temperature_sample` needs at least one logit, found float32[0, 9]";
        check(entry, &[tensor("0 9"), int(0)], Err((Code::ShapeMismatch, message)));
        let message = "`temperature_sample` needs a temperature of at least 0, found -0.5";
        check(entry, &[tensor("9"), Fact::float(-0.5)], Err((Code::ArgumentType, message)));
    }
}
