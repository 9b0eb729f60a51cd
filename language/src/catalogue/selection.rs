//! Selection: entries picked and replaced by lists of positions. Negative
//! positions count from the end.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::rules::{self, Numbers};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};
use crate::size::Size;

/// The builtins that select.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Selection {
    /// Elements along an axis, each from its own position.
    Gather,
    /// Elements along an axis, each put to its own position.
    Scatter,
    /// Whole entries of an axis.
    IndexSelect,
}

impl Selection {
    /// Every builtin of the family.
    pub const ALL: &[Selection] = &[Selection::Gather, Selection::Scatter, Selection::IndexSelect];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Selection::Gather => &Entry {
                name: "gather",
                spellings: &[],
                parameters: const { &[X, AXIS, INDEX] },
                result: "a tensor of the shape of the index",
                summary: "Picks, for each element of an index, the element of x at that position along an axis.",
                documentation: "`out[i, j] = x[i, index[i, j]]` for axis 1 of a matrix. All sizes of `index` are at most those of x, except along the axis.",
                example: "print(gather([[1, 2, 3], [4, 5, 6]], 1, [[2, 0], [1, 1]]))",
                prints: "[[3, 1], [5, 5]]",
                rule: gather,
            },
            Selection::Scatter => &Entry {
                name: "scatter",
                spellings: &[],
                parameters: const { &[X, AXIS, INDEX, Parameter::required("source", Accepts::Tensor)] },
                result: "a tensor of the shape of x",
                summary: "A copy of x in which each element of a source stands at its position along an axis.",
                documentation: "`out[i, index[i, j]] = source[i, j]` for axis 1 of a matrix. Source and index have one shape. Where two go to the same place the last one stays.",
                example: "print(scatter([[0, 0, 0]], 1, [[2, 0]], [[7, 8]]))",
                prints: "[[8, 0, 7]]",
                rule: scatter,
            },
            Selection::IndexSelect => &Entry {
                name: "index_select",
                spellings: &[],
                parameters: const { &[X, AXIS, Parameter::required("indices", Accepts::Ids)] },
                result: "a tensor with as many entries along the axis as there are indices",
                summary: "The entries of an axis at the given positions, in that order.",
                documentation: "A position may be named more than once.",
                example: "print(index_select([[1, 2], [3, 4], [5, 6]], 0, [2, 0]))",
                prints: "[[5, 6], [1, 2]]",
                rule: index_select,
            },
        }
    }
}

const X: Parameter = Parameter::required("x", Accepts::Tensor);
const AXIS: Parameter = Parameter::required("axis", Accepts::Integer);
const INDEX: Parameter = Parameter::required("index", Accepts::Tensor);

/// Checks that an index fits a tensor along an axis.
fn fits(function: &str, arguments: &Bound<Fact>) -> Result<(), Mismatch> {
    let Some(shape) = arguments.shape(0) else { return Ok(()) };
    let axis = match arguments.fact(1).integer() {
        Some(axis) => Some(rules::axis(function, axis, shape.rank(), 1)?),
        None => None,
    };
    let Some(index) = arguments.shape(2) else { return Ok(()) };
    if index.rank() != shape.rank() {
        let message =
            format!("`{function}` needs an index of {} axes for x of shape {shape}, found {index}", shape.rank());
        return Err(Mismatch::new(Code::RankMismatch, message).argument(2));
    }
    let Some(axis) = axis else { return Ok(()) };
    for (at, (found, size)) in index.0.iter().zip(&shape.0).enumerate() {
        if at != axis
            && let (Some(found), Some(size)) = (found.known(), size.known())
            && found > size
        {
            let message = format!(
                "`{function}` needs an index that is no larger than x except along axis {axis}: x is {shape}, the index is {index}"
            );
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(2));
        }
    }
    Ok(())
}

fn gather(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    fits("gather", arguments)?;
    Ok(Fact::Tensor { element: arguments.fact(0).element(), shape: arguments.shape(2) })
}

fn scatter(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    fits("scatter", arguments)?;
    if let (Some(index), Some(source)) = (arguments.shape(2), arguments.shape(3)) {
        let equal = index.rank() == source.rank() && index.0.iter().zip(&source.0).all(|(a, b)| a.unify(b).is_some());
        if !equal {
            let message = format!("`scatter` needs a source of the shape of the index, {index}, found {source}");
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(3));
        }
    }
    Ok(Fact::Tensor { element: arguments.fact(0).element(), shape: arguments.shape(0) })
}

fn index_select(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let element = arguments.fact(0).element();
    let Some(mut shape) = arguments.shape(0) else { return Ok(Fact::Tensor { element, shape: None }) };
    let Some(axis) = arguments.fact(1).integer() else {
        return Ok(Fact::Tensor { element, shape: Some(Shape(vec![Dim::Unknown; shape.rank()])) });
    };
    let axis = rules::axis("index_select", axis, shape.rank(), 1)?;
    let indices = arguments.fact(2);
    let known: Vec<i64> = match (indices.integer(), Numbers::of(indices)) {
        (Some(index), _) => vec![index],
        (None, Numbers::Each(all)) => all.iter().flatten().filter_map(Size::known).collect(),
        _ => Vec::new(),
    };
    if let Some(size) = shape.0[axis].known() {
        known.iter().try_for_each(|index| selected(*index, size, axis).map(|_| ()))?;
    }
    shape.0[axis] = match indices.shape() {
        Some(list) if list.rank() <= 1 => list.count(),
        Some(list) => {
            let message = format!("`index_select` needs a list of indices, found a tensor of shape {list}");
            return Err(Mismatch::new(Code::RankMismatch, message).argument(2));
        }
        None => Dim::Unknown,
    };
    Ok(Fact::Tensor { element, shape: Some(shape) })
}

/// The entry of an axis of some size that an index names, from either end.
pub fn selected(index: i64, size: usize, axis: usize) -> Result<usize, Mismatch> {
    crate::shape::resolve_index(index, size).ok_or_else(|| {
        let message = format!("`index_select` finds no entry {index} on axis {axis}, which has {size}");
        Mismatch::new(Code::IndexOutOfRange, message).argument(2)
    })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn results_have_the_shape_of_what_chooses() {
        check(Selection::Gather.entry(), &[tensor("2 3"), int(1), tensor("2 5")], Ok(tensor("2 5")));
        check(Selection::Scatter.entry(), &[tensor("2 3"), int(1), tensor("2 5"), tensor("2 5")], Ok(tensor("2 3")));
        check(Selection::IndexSelect.entry(), &[tensor("n 3"), int(1), ints(&[0, 2])], Ok(tensor("n 2")));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let message = "`gather` needs an index of 2 axes for x of shape [2, 3], found [2]";
        check(Selection::Gather.entry(), &[tensor("2 3"), int(1), tensor("2")], Err((Code::RankMismatch, message)));
        let message = "`scatter` needs a source of the shape of the index, [2, 1], found [2, 2]";
        let arguments = [tensor("2 3"), int(1), tensor("2 1"), tensor("2 2")];
        check(Selection::Scatter.entry(), &arguments, Err((Code::ShapeMismatch, message)));
        let message = "`index_select` finds no entry 3 on axis 1, which has 3";
        check(Selection::IndexSelect.entry(), &[tensor("2 3"), int(1), int(3)], Err((Code::IndexOutOfRange, message)));
    }
}
