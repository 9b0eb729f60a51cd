//! What the shape rules of functions of several tensors share: operands that
//! broadcast, that must have one shape, or that must have so many axes. Each rule
//! names its operands as its parameters are called, in the order of the slots.

use super::entry::Bound;
use super::fact::Fact;
use super::rules::{common_element, float_of};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape, broadcast};

/// A tensor of floats of the shape of the first argument.
pub fn like_first(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(Fact::Tensor { element: float_of(arguments.fact(0).element()), shape: arguments.shape(0) })
}

/// The tensor that operands give element by element, broadcast as operators do.
pub fn broadcast_all(function: &str, names: &[&str], arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let facts: Vec<&Fact> = (0..names.len()).map(|slot| arguments.fact(slot)).collect();
    let mut shape = arguments.shape(0);
    for (slot, name) in names.iter().enumerate().skip(1) {
        shape = match (shape, arguments.shape(slot)) {
            (Some(before), Some(other)) => Some(broadcast(&before, &other).ok_or_else(|| {
                let found = facts[slot].describe();
                let message = match slot {
                    1 => format!("{} is {}, {name} is {found}", names[0], facts[0].describe()),
                    _ => format!("the others give {before}, {name} is {found}"),
                };
                let message = format!("`{function}` needs sizes that are equal or 1: {message}");
                Mismatch::new(Code::ShapeMismatch, message).argument(slot)
            })?),
            _ => None,
        };
    }
    Ok(Fact::Tensor { element: common_element(facts), shape })
}

/// The one shape that operands must have.
pub fn one_shape(function: &str, names: &[&str], arguments: &Bound<Fact>) -> Result<Option<Shape>, Mismatch> {
    let mut shape: Option<Shape> = None;
    for (slot, name) in names.iter().enumerate() {
        let Some(found) = arguments.shape(slot) else { continue };
        shape = Some(match shape {
            None => found,
            Some(before) => unified(&before, &found).ok_or_else(|| {
                let message =
                    format!("`{function}` needs equal shapes: {name} is {found}, what stands before is {before}");
                Mismatch::new(Code::ShapeMismatch, message).argument(slot)
            })?,
        });
    }
    Ok(shape)
}

/// The shape that both are, or `None` where they certainly differ.
fn unified(left: &Shape, right: &Shape) -> Option<Shape> {
    if left.rank() != right.rank() {
        return None;
    }
    left.0.iter().zip(&right.0).map(|(a, b)| a.unify(b)).collect::<Option<Vec<Dim>>>().map(Shape)
}

/// The sizes of an operand that must have the axes of `layout`, such as `[s, d]`;
/// `None` where nothing is known of it.
pub fn axes<const RANK: usize>(
    function: &str,
    (slot, name, layout): (usize, &str, &str),
    arguments: &Bound<Fact>,
) -> Result<Option<[Dim; RANK]>, Mismatch> {
    let Some(shape) = arguments.shape(slot) else { return Ok(None) };
    let sizes = shape.0.try_into().map_err(|_| {
        let found = arguments.fact(slot).describe();
        let message = format!("`{function}` needs {RANK} axes, {layout}, for `{name}`, found {found}");
        Mismatch::new(Code::RankMismatch, message).argument(slot)
    })?;
    Ok(Some(sizes))
}

/// Checks that a number, if it is known, is what a function needs.
pub fn number(
    function: &str,
    (slot, name, expected): (usize, &str, &str),
    arguments: &Bound<Fact>,
    fits: impl Fn(f64) -> bool,
) -> Result<(), Mismatch> {
    match arguments.fact(slot).number() {
        Some(found) if !fits(found) => {
            let message = format!("`{function}` needs {expected} for `{name}`, found {found}");
            Err(Mismatch::new(Code::ArgumentType, message).argument(slot))
        }
        _ => Ok(()),
    }
}

/// Checks that a text, if it is known, is one of a few.
pub fn choice(
    function: &str,
    (slot, name): (usize, &str),
    arguments: &Bound<Fact>,
    known: &[&str],
) -> Result<(), Mismatch> {
    match arguments.fact(slot) {
        Fact::String(Some(found)) if !known.contains(&found.as_str()) => {
            let known: Vec<String> = known.iter().map(|word| format!("\"{word}\"")).collect();
            let message = format!("`{function}` knows {} for `{name}`, found \"{found}\"", known.join(" and "));
            Err(Mismatch::new(Code::ArgumentType, message).argument(slot))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Accepts, Entry, Parameter};
    use super::super::rules::testing::*;
    use super::*;

    const PAIR: &[Parameter] =
        &[Parameter::required("left", Accepts::Tensor), Parameter::required("right", Accepts::Tensor)];

    const fn entry(rule: fn(&Bound<Fact>) -> Result<Fact, Mismatch>) -> Entry {
        Entry {
            name: "join",
            spellings: &[],
            parameters: PAIR,
            result: "",
            summary: "",
            documentation: "",
            example: "",
            prints: "",
            rule,
        }
    }

    #[test]
    fn operands_broadcast_or_are_blamed() {
        static ENTRY: Entry = entry(|a| broadcast_all("join", &["left", "right"], a));
        check(&ENTRY, &[tensor("2 3"), tensor("3")], Ok(tensor("2 3")));
        check(&ENTRY, &[tensor("2 ?"), tensor("1 4")], Ok(tensor("2 4")));
        let message = "`join` needs sizes that are equal or 1: left is float32[2, 3], right is float32[2]";
        check(&ENTRY, &[tensor("2 3"), tensor("2")], Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn one_shape_is_one() {
        static ENTRY: Entry = entry(|a| Ok(Fact::shaped(one_shape("join", &["left", "right"], a)?)));
        check(&ENTRY, &[tensor("2 ?"), tensor("? 3")], Ok(Fact::shaped(Some(shape("2 3")))));
        let message = "`join` needs equal shapes: right is [3], what stands before is [2]";
        check(&ENTRY, &[tensor("2"), tensor("3")], Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn axes_are_counted() {
        static ENTRY: Entry = entry(|a| {
            Ok(match axes("join", (1, "right", "[s, d]"), a)? {
                Some([rows, _]) => Fact::shaped(Some(Shape(vec![rows]))),
                None => Fact::Unknown,
            })
        });
        check(&ENTRY, &[int(0), tensor("2 3")], Ok(Fact::shaped(Some(shape("2")))));
        check(&ENTRY, &[int(0), Fact::Unknown], Ok(Fact::Unknown));
        let message = "`join` needs 2 axes, [s, d], for `right`, found float32[3]";
        check(&ENTRY, &[int(0), tensor("3")], Err((Code::RankMismatch, message)));
    }
}
