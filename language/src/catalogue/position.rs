//! Positions: how attention learns where a token stands.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{Fact, HandleKind};
use super::operands::number;
use super::rules::{float_of, requested_size};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};

/// The position encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// Rotation of pairs by an angle that grows with the position.
    Rope,
    /// Sines and cosines to add.
    PositionalEncoding,
    /// The cosines of the rotation.
    RopeCos,
    /// The sines of the rotation.
    RopeSin,
}

impl Position {
    /// Every position encoding.
    pub const ALL: &[Position] = &[Position::Rope, Position::PositionalEncoding, Position::RopeCos, Position::RopeSin];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Position::Rope => &Entry {
                name: "rope",
                spellings: &["apply_rope"],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Tensor),
                        Parameter::optional("position", Accepts::Any, "0"),
                        Parameter::optional("base", Accepts::Any, "that of the loaded model, else 10000"),
                        Parameter::optional("style", Accepts::String, "\"interleaved\""),
                    ]
                },
                result: "a tensor of the same shape",
                summary: "Turns pairs of elements of every head of x [..., s, heads, d] by angles that grow with the position.",
                documentation: "Row i stands at `position + i`, or at `position[i]` of an array; pair i turns by position · base^(-2i/d). The style \"interleaved\" pairs elements 2i and 2i+1, as GGUF files of the llama family need it; \"neox\" pairs i and i + d/2, as Hugging Face weights do. Base, rotated size and frequency divisors come from the loaded models where they agree. `rope(x, cos, sin)` takes tables [rows, d] or [rows, d/2]. When new tokens are appended to cached keys, pass their position. <https://arxiv.org/abs/2104.09864>",
                example: "let x = reshape([1, 0, 1, 0], [2, 1, 2])\nprint(shape(rope(x)))\nprint(rope(x)[0])\nlet same = rope(x, 1)[0] - rope(x)[1]\nprint(max(same))",
                prints: "[2, 1, 2]\n[[1, 0]]\n0",
                rule: rope,
            },
            Position::PositionalEncoding => &Entry {
                name: "positional_encoding",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("positions", Accepts::Integer),
                        Parameter::required("width", Accepts::Integer),
                    ]
                },
                result: "a tensor [positions, width]",
                summary: "Sines and cosines of the position, one row for each: what is added to embeddings.",
                documentation: "Columns 2i and 2i+1 of row p hold sin and cos of p · 10000^(-2i/width). <https://arxiv.org/abs/1706.03762>",
                example: "print(positional_encoding(1, 4))",
                prints: "[[0, 1, 0, 1]]",
                rule: |a| table("positional_encoding", ["positions", "width"], [0, 1], a),
            },
            Position::RopeCos => &Entry {
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
            Position::RopeSin => &Entry {
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
        }
    }
}

fn rope(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    if let Fact::String(Some(style)) = arguments.fact(3)
        && !matches!(style.as_str(), "interleaved" | "neox")
    {
        let message = format!("`rope` knows the styles `interleaved` and `neox`, found `{style}`");
        return Err(Mismatch::new(Code::ArgumentType, message).argument(3));
    }
    if let Some(shape) = x.shape() {
        check_input("rope", x, &shape)?;
        match tables(arguments) {
            Some((cos, sin)) => check_tables(&shape, &cos, &sin)?,
            None if may_be_tables(arguments) => {}
            None => check_positions(&shape, arguments.fact(1))?,
        }
    }
    if !may_be_tables(arguments) {
        for (slot, parameter) in [(1, "position"), (2, "base")] {
            let is_list = matches!(arguments.fact(slot), Fact::Array { .. } | Fact::Tokens(_) | Fact::Tensor { .. });
            let fits = Accepts::Number.allows(arguments.fact(slot)) || (slot == 1 && is_list);
            if arguments.get(slot).is_some() && !fits {
                let expected = if slot == 1 { "a number or an array" } else { "a number" };
                return Err(super::rules::wrong_kind("rope", expected, parameter, arguments.fact(slot), slot));
            }
        }
        let base = arguments.fact(2).number().unwrap_or(1.0);
        if base.is_nan() || base <= 0.0 {
            let message = format!("`rope` needs a base above 0, found {base}");
            return Err(Mismatch::new(Code::ArgumentType, message).argument(2));
        }
    }
    Ok(Fact::Tensor { element: float_of(x.element()), shape: x.shape() })
}

/// Checks that a tensor has heads of an even size to turn.
pub fn check_input(function: &str, x: &Fact, shape: &Shape) -> Result<(), Mismatch> {
    let wrong = |message: String| Mismatch::new(Code::RopeInput, message).argument(0);
    if shape.rank() < 3 {
        let message = format!("`{function}` needs at least 3 axes, [..., s, heads, d], found {}", x.describe());
        return Err(wrong(message).help("split the heads first: `reshape(x, [s, heads, d])`"));
    }
    match shape.0.last() {
        Some(Dim::Known(size)) if size % 2 != 0 => Err(wrong(format!(
            "`{function}` turns pairs and needs an even head size, found {size} in {}",
            x.describe()
        ))),
        _ => Ok(()),
    }
}

/// The shapes of the tables of `rope(x, cos, sin)`: two tensors with axes.
fn tables(arguments: &Bound<Fact>) -> Option<(Shape, Shape)> {
    let table = |slot: usize| match arguments.get(slot)? {
        Fact::Tensor { shape: Some(shape), .. } if shape.rank() > 1 => Some(shape.clone()),
        _ => None,
    };
    table(1).zip(table(2))
}

/// Whether the second and third argument are such tables, as far as is known.
fn may_be_tables(arguments: &Bound<Fact>) -> bool {
    let may_be = |slot: usize| match arguments.get(slot) {
        Some(Fact::Tensor { shape, .. }) => shape.as_ref().is_none_or(|shape| shape.rank() > 1),
        Some(Fact::Unknown | Fact::Handle(HandleKind::Feature)) => true,
        _ => false,
    };
    may_be(1) && may_be(2)
}

fn check_tables(x: &Shape, cos: &Shape, sin: &Shape) -> Result<(), Mismatch> {
    let (rows, size) = (&x.0[x.rank() - 3], &x.0[x.rank() - 1]);
    for (slot, table) in [(1, cos), (2, sin)] {
        let fits = match (&table.0[..], size.known()) {
            ([found, columns], Some(size)) => {
                let enough = rows.known().zip(found.known()).is_none_or(|(rows, found)| found >= rows);
                enough && columns.known().is_none_or(|columns| columns == size || columns * 2 == size)
            }
            ([_, _], None) => true,
            _ => false,
        };
        if !fits {
            let message = format!(
                "`rope` needs tables of at least {rows} rows and {size} columns for x of shape {x}, found {table}"
            );
            return Err(Mismatch::new(Code::RopeInput, message).argument(slot));
        }
    }
    if cos.0[1].unify(&sin.0[1]).is_none() {
        let message = format!("`rope` needs tables of equal shape, found {cos} and {sin}");
        return Err(Mismatch::new(Code::RopeInput, message).argument(2));
    }
    Ok(())
}

fn check_positions(x: &Shape, position: &Fact) -> Result<(), Mismatch> {
    let rows = &x.0[x.rank() - 3];
    let wrong = |found: String| {
        let message = format!("`rope` needs one position for each of the {rows} rows of x of shape {x}, found {found}");
        Mismatch::new(Code::RopeInput, message).argument(1)
    };
    match position {
        Fact::Array { len, .. } | Fact::Tokens(len) if len.unify(rows).is_none() => Err(wrong(len.to_string())),
        Fact::Tensor { shape: Some(shape), .. } => match &shape.0[..] {
            [] | [Dim::Known(1)] => Ok(()),
            [len] if len.unify(rows).is_some() => Ok(()),
            _ => Err(wrong(format!("a tensor of shape {shape}"))),
        },
        _ => Ok(()),
    }
}

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
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn heads_have_pairs() {
        let entry = Position::Rope.entry();
        check(entry, &[tensor("5 4 8")], Ok(tensor("5 4 8")));
        check(entry, &[tensor("2 5 4 8"), int(7)], Ok(tensor("2 5 4 8")));
        let message = "`rope` needs at least 3 axes, [..., s, heads, d], found float32[5, 32]";
        check(entry, &[tensor("5 32")], Err((Code::RopeInput, message)));
        let message = "`rope` turns pairs and needs an even head size, found 7 in float32[5, 4, 7]";
        check(entry, &[tensor("5 4 7")], Err((Code::RopeInput, message)));
    }

    #[test]
    fn positions_fit_the_rows() {
        let entry = Position::Rope.entry();
        check(entry, &[tensor("3 4 8"), ints(&[4, 5, 9])], Ok(tensor("3 4 8")));
        let message = "`rope` needs one position for each of the 3 rows of x of shape [3, 4, 8], found 2";
        check(entry, &[tensor("3 4 8"), ints(&[4, 5])], Err((Code::RopeInput, message)));
        check(entry, &[tensor("3 4 8"), tensor("9 8"), tensor("9 8")], Ok(tensor("3 4 8")));
        check(entry, &[tensor("3 4 8"), tensor("3 4"), tensor("3 4")], Ok(tensor("3 4 8")));
        let message = "`rope` needs tables of at least 3 rows and 8 columns for x of shape [3, 4, 8], found [2, 8]";
        check(entry, &[tensor("3 4 8"), tensor("2 8"), tensor("2 8")], Err((Code::RopeInput, message)));
        let message = "`rope` needs a number or an array for `position`, found a String";
        check(entry, &[tensor("3 4 8"), text("a")], Err((Code::ArgumentType, message)));
    }

    #[test]
    fn styles_are_known() {
        let message = "`rope` knows the styles `interleaved` and `neox`, found `half`";
        let facts = [tensor("3 4 8"), int(0), int(10000), text("half")];
        check(Position::Rope.entry(), &facts, Err((Code::ArgumentType, message)));
    }

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
