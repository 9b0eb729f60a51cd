//! `index-out-of-range`: an index or a bound that certainly lies outside, and
//! `rank-mismatch` of too many indices. `shape-mismatch` of ragged literals.

use crate::catalogue::fact::Fact;
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, resolve_index};

/// An index item of which the numbers are known.
#[derive(Clone, Copy)]
pub(in crate::inference) enum Bounds {
    At(i64),
    Slice(Option<i64>, Option<i64>),
    Unknown,
}

/// What is wrong with an index expression, and which of its items is.
pub(in crate::inference) fn outside(object: &Fact, items: &[Bounds]) -> Option<(usize, Mismatch)> {
    let sizes: Vec<Dim> = match object {
        Fact::Tensor { shape: Some(shape), .. } if items.len() > shape.rank() => {
            let message = format!("{} has {} axes, found {} indices", object.describe(), shape.rank(), items.len());
            return Some((shape.rank(), Mismatch::new(Code::RankMismatch, message)));
        }
        Fact::Tensor { shape: Some(shape), .. } => shape.0.clone(),
        Fact::Array { len, .. } | Fact::Tokens(len) => vec![len.clone()],
        _ => return None,
    };
    let message = items.iter().zip(&sizes).enumerate().find_map(|(item, (bounds, size))| {
        let of = match object {
            Fact::Tensor { .. } => format!(": axis {item} of {}", object.describe()),
            _ => String::new(),
        };
        Some((item, format!("{}{of}", misfit(*bounds, size.known()?)?)))
    });
    message.map(|(item, message)| (item, Mismatch::new(Code::IndexOutOfRange, message)))
}

fn misfit(bounds: Bounds, len: usize) -> Option<String> {
    let resolve = |bound: i64| {
        let at = if bound < 0 { bound.checked_add(i64::try_from(len).ok()?)? } else { bound };
        usize::try_from(at).ok().filter(|at| *at <= len)
    };
    match bounds {
        Bounds::At(index) if resolve_index(index, len).is_none() => Some(match len {
            0 => format!("index {index} lies outside: there are no entries"),
            1 => format!("index {index} lies outside: the only entry is 0"),
            _ => format!("index {index} lies outside: there are {len} entries, 0 to {}", len - 1),
        }),
        Bounds::Slice(start, end) => {
            let wrong = [start, end].into_iter().flatten().find(|bound| resolve(*bound).is_none());
            if let Some(bound) = wrong {
                return Some(format!("the bound {bound} lies outside: there are {len} entries"));
            }
            let (first, last) = (start.map_or(Some(0), resolve)?, end.map_or(Some(len), resolve)?);
            (first > last).then(|| format!("a slice needs its start before its end: {first} comes after {last}"))
        }
        _ => None,
    }
}

/// The row of a nested literal that certainly has another shape than the first.
pub(in crate::inference) fn ragged(rows: &[Option<Vec<Dim>>]) -> Option<(usize, Mismatch)> {
    let sizes = |row: &Option<Vec<Dim>>| row.as_ref()?.iter().map(Dim::known).collect::<Option<Vec<usize>>>();
    let first = sizes(rows.first()?)?;
    let (row, found) =
        rows.iter().enumerate().find_map(|(row, shape)| Some((row, sizes(shape).filter(|found| *found != first)?)))?;
    let message = format!("a nested array needs equal rows: row 0 has the shape {first:?}, row {row} has {found:?}");
    Some((row, Mismatch::new(Code::ShapeMismatch, message)))
}
