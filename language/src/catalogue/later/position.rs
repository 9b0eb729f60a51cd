//! Positions as tensors: the sinusoids that are added to embeddings, and the
//! tables of `rope`.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::Fact;
use crate::catalogue::operands::number;
use crate::catalogue::rules::requested_size;
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "positional_encoding",
        spellings: &[],
        parameters: &[
            Parameter::required("positions", Accepts::Integer),
            Parameter::required("width", Accepts::Integer),
        ],
        result: "a tensor [positions, width]",
        summary: "Sines and cosines of the position, one row for each: what is added to embeddings.",
        documentation: "Columns 2i and 2i+1 of row p hold sin and cos of p · 10000^(-2i/width). <https://arxiv.org/abs/1706.03762>",
        example: "print(positional_encoding(1, 4))",
        prints: "[[0, 1, 0, 1]]",
        rule: |a| table("positional_encoding", ["positions", "width"], [0, 1], a),
    },
    Entry {
        name: "precompute_rope_cos",
        spellings: &[],
        parameters: TABLE,
        result: "a tensor [positions, head_size]",
        summary: "The cosines by which `rope` turns, one row for each position.",
        documentation: "Columns 2i and 2i+1 of row p hold cos(p · base^(-2i/head_size)), so that each angle stands twice.",
        example: "print(precompute_rope_cos(4, 1, 10000))",
        prints: "[[1, 1, 1, 1]]",
        rule: |a| rope_table("precompute_rope_cos", a),
    },
    Entry {
        name: "precompute_rope_sin",
        spellings: &[],
        parameters: TABLE,
        result: "a tensor [positions, head_size]",
        summary: "The sines by which `rope` turns, one row for each position.",
        documentation: "Columns 2i and 2i+1 of row p hold sin(p · base^(-2i/head_size)), so that each angle stands twice.",
        example: "print(precompute_rope_sin(4, 1, 10000))",
        prints: "[[0, 0, 0, 0]]",
        rule: |a| rope_table("precompute_rope_sin", a),
    },
];

const TABLE: &[Parameter] = &[
    Parameter::required("head_size", Accepts::Integer),
    Parameter::required("positions", Accepts::Integer),
    Parameter::optional("base", Accepts::Number, "10000"),
];

/// The tensor whose sizes two parameters give, in the order of `slots`.
fn table(function: &str, names: [&str; 2], slots: [usize; 2], arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    for (slot, name) in names.into_iter().enumerate() {
        number(function, (slot, name, "a size of at least 0"), arguments, |n| n >= 0.0)?;
    }
    let size = |slot: usize| match arguments.fact(slot).size() {
        None => Ok(Dim::Unknown),
        Some(size) => requested_size(function, &size, slot),
    };
    Ok(Fact::shaped(Some(Shape(vec![size(slots[0])?, size(slots[1])?]))))
}

fn rope_table(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number(function, (2, "base", "a base above 0"), arguments, |base| base > 0.0)?;
    if let Some(size) = arguments.fact(0).integer()
        && size % 2 != 0
    {
        let message = format!("`{function}` turns pairs and needs an even `head_size`, found {size}");
        return Err(Mismatch::new(Code::RopeInput, message).argument(0));
    }
    table(function, ["head_size", "positions"], [1, 0], arguments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;

    #[test]
    fn tables_have_a_row_for_each_position() {
        let entry = |name: &str| crate::catalogue::find(name).unwrap().entry();
        let table = |sizes: &str| Ok(Fact::shaped(Some(shape(sizes))));
        check(entry("positional_encoding"), &[int(5), int(8)], table("5 8"));
        check(entry("precompute_rope_cos"), &[int(64), int(128), int(10000)], table("128 64"));
        let message = "`precompute_rope_sin` turns pairs and needs an even `head_size`, found 7";
        check(entry("precompute_rope_sin"), &[int(7), int(9)], Err((Code::RopeInput, message)));
    }
}
