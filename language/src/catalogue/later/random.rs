//! Random tensors. All draws come from the run's one stream of random numbers, row
//! by row, so that a seed repeats them on any device.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::Fact;
use crate::catalogue::operands::number;
use crate::catalogue::rules::requested_shape;
use crate::shape::Mismatch;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "rand",
        spellings: &[],
        parameters: &[SHAPE],
        result: "a tensor of the shape",
        summary: "A tensor of random numbers, evenly spread from 0 to below 1.",
        documentation: "As the value of `tensor name: float32[2, 3] = rand()` it takes the declared shape.",
        example: "set_seed(1)\nprint(max(rand([2, 3])) < 1)",
        prints: "true",
        rule: |a| filled("rand", 0, a),
    },
    Entry {
        name: "random_normal",
        spellings: &[],
        parameters: &[
            Parameter::optional("mean", Accepts::Number, "0"),
            Parameter::optional("std", Accepts::Number, "1"),
            SHAPE,
        ],
        result: "a tensor of the shape",
        summary: "A tensor of random numbers of a normal distribution.",
        documentation: "As the value of `tensor name: float32[2, 3] = random_normal(0, 0.1)` it takes the declared shape. Pairs of draws become normal by the transform of Box and Muller.",
        example: "print(random_normal(2, 0, [3]))",
        prints: "[2, 2, 2]",
        rule: |a| {
            number("random_normal", (1, "std", "a deviation of at least 0"), a, |std| std >= 0.0)?;
            filled("random_normal", 2, a)
        },
    },
];

const SHAPE: Parameter = Parameter::optional("shape", Accepts::Sizes, "that of the declared tensor");

/// Without a shape the declaration around the call has it.
fn filled(function: &str, slot: usize, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    match arguments.get(slot) {
        Some(_) => Ok(Fact::shaped(requested_shape(function, arguments, slot)?)),
        None => Ok(Fact::shaped(None)),
    }
}
