//! Masks: 1 where a query may look at a key, 0 where it may not.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::operands::broadcast_all;
use super::rules::{Numbers, float_of};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};

/// The builtins on masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mask {
    /// Everything up to the query's own position.
    CausalMask,
    /// Scores without what a mask drops.
    ApplyAttentionMask,
    /// Scores without the future.
    ApplyCausalMask,
    /// The places that texts of several lengths fill.
    PaddingMask,
    /// What two masks keep.
    CombineMasks,
}

impl Mask {
    /// Every builtin of the family.
    pub const ALL: &[Mask] =
        &[Mask::CausalMask, Mask::ApplyAttentionMask, Mask::ApplyCausalMask, Mask::PaddingMask, Mask::CombineMasks];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Mask::CausalMask => &Entry {
                name: "causal_mask",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("queries", Accepts::Integer),
                        Parameter::optional("keys", Accepts::Integer, "as many as queries"),
                    ]
                },
                result: "a tensor [queries, keys]",
                summary: "Ones where a query may look at a key, at its own position or before, else zeros.",
                documentation: "With more keys than queries the queries are the last ones: row i keeps the columns up to i + keys - queries. The mask takes the element type of what it meets.",
                example: "print(causal_mask(3))\nprint(causal_mask(1, 3))",
                prints: "[[1, 0, 0], [1, 1, 0], [1, 1, 1]]\n[[1, 1, 1]]",
                rule: causal_mask,
            },
            Mask::ApplyAttentionMask => &Entry {
                name: "apply_attention_mask",
                spellings: &["apply_mask"],
                parameters: const {
                    &[Parameter::required("scores", Accepts::Tensor), Parameter::required("mask", Accepts::Tensor)]
                },
                result: "a tensor of the shape of the scores",
                summary: "Puts the lowest finite number where the mask is 0, so that softmax gives those places nothing.",
                documentation: "A mask [q, k] holds for all heads of scores [q, heads, k], and of scores [heads, q, k]; where both fit, [q, heads, k] is meant.",
                example: "let scores = ones([2, 1, 2])\nprint(softmax(apply_attention_mask(scores, causal_mask(2)), 2))",
                prints: "[[[1, 0]], [[0.5, 0.5]]]",
                rule: apply_attention_mask,
            },
            Mask::ApplyCausalMask => &Entry {
                name: "apply_causal_mask",
                spellings: &[],
                parameters: const { &[Parameter::required("scores", Accepts::Tensor)] },
                result: "a tensor of the shape of the scores",
                summary: "Drops from scores [q, k] or [q, heads, k] every key behind the query's own position.",
                documentation: "As `apply_attention_mask(scores, causal_mask(q, k))`: with more keys than queries the queries are the last ones.",
                example: "print(softmax(apply_causal_mask(ones([2, 2])), 1))",
                prints: "[[1, 0], [0.5, 0.5]]",
                rule: apply_causal_mask,
            },
            Mask::PaddingMask => &Entry {
                name: "padding_mask",
                spellings: &[],
                parameters: const {
                    &[Parameter::required("lengths", Accepts::Sizes), Parameter::required("size", Accepts::Integer)]
                },
                result: "a tensor [b, size]",
                summary: "A row for each length: so many ones, then zeros up to the size.",
                documentation: "",
                example: "print(padding_mask([1, 3], 3))",
                prints: "[[1, 0, 0], [1, 1, 1]]",
                rule: padding_mask,
            },
            Mask::CombineMasks => &Entry {
                name: "combine_masks",
                spellings: &[],
                parameters: const {
                    &[Parameter::required("first", Accepts::Tensor), Parameter::required("second", Accepts::Tensor)]
                },
                result: "a tensor of the broadcast shape",
                summary: "What both masks keep: their product, element by element.",
                documentation: "",
                example: "print(combine_masks(causal_mask(2), [0, 1]))",
                prints: "[[0, 0], [0, 1]]",
                rule: |a| broadcast_all("combine_masks", &["first", "second"], a),
            },
        }
    }
}

fn causal_mask(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let size = |slot: usize| match arguments.fact(slot).size() {
        None => Ok(Dim::Unknown),
        Some(size) => super::rules::requested_size("causal_mask", &size, slot),
    };
    let queries = size(0)?;
    let keys = if arguments.get(1).is_some() { size(1)? } else { queries.clone() };
    Ok(Fact::shaped(Some(Shape(vec![queries, keys]))))
}

/// The shape under which a mask broadcasts to scores: its own, or `[q, 1, k]`
/// where `[q, k]` holds for all heads of `[q, heads, k]`.
pub fn placed(scores: &Shape, mask: &Shape) -> Result<Shape, Mismatch> {
    let fits = |shape: &Shape| {
        let missing = scores.rank().checked_sub(shape.rank());
        missing.is_some_and(|missing| {
            shape.0.iter().zip(&scores.0[missing..]).all(|(size, of)| match (size, of) {
                // A size that is not known may be 1.
                (Dim::Known(1), _) | (Dim::Symbolic(_), Dim::Symbolic(_)) => true,
                _ => size.unify(of).is_some(),
            })
        })
    };
    let between = match (&mask.0[..], scores.rank()) {
        ([queries, keys], 3..) => Some(Shape(vec![queries.clone(), Dim::Known(1), keys.clone()])),
        _ => None,
    };
    match between {
        Some(between) if fits(&between) => Ok(between),
        _ if fits(mask) => Ok(mask.clone()),
        _ => Err(misfit(scores, mask)),
    }
}

fn misfit(scores: &Shape, mask: &Shape) -> Mismatch {
    let (expected, make) = match &scores.0[..] {
        [queries, keys] => (format!("[{queries}, {keys}]"), Some((queries, keys))),
        [.., queries, _, keys] => (format!("[{queries}, {keys}] or {scores}"), Some((queries, keys))),
        _ => (scores.to_string(), None),
    };
    let message =
        format!("`apply_attention_mask` needs a mask of shape {expected} for scores of shape {scores}, found {mask}");
    let mismatch = Mismatch::new(Code::MaskShape, message).argument(1);
    match make {
        Some((queries, keys)) if queries == keys => {
            mismatch.help(format!("make the mask with `causal_mask({queries})`"))
        }
        Some((queries, keys)) => mismatch.help(format!("make the mask with `causal_mask({queries}, {keys})`")),
        None => mismatch,
    }
}

/// The axes of queries and keys in scores [q, k], [q, heads, k] or more.
pub fn query_and_key(rank: usize) -> Option<(usize, usize)> {
    match rank {
        0 | 1 => None,
        2 => Some((0, 1)),
        _ => Some((rank - 3, rank - 1)),
    }
}

fn apply_causal_mask(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let scores = arguments.fact(0);
    if let Some(shape) = scores.shape()
        && query_and_key(shape.rank()).is_none()
    {
        let message = format!("`apply_causal_mask` needs scores [q, k] or [q, heads, k], found {}", scores.describe());
        return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
    }
    Ok(Fact::Tensor { element: float_of(scores.element()), shape: scores.shape() })
}

fn padding_mask(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let rows = match Numbers::of(arguments.fact(0)) {
        Numbers::Unknown => Dim::Unknown,
        Numbers::Count(count) => Dim::Known(count),
        Numbers::Each(lengths) => Dim::Known(lengths.len()),
    };
    let size = match arguments.fact(1).size() {
        None => Dim::Unknown,
        Some(size) => super::rules::requested_size("padding_mask", &size, 1)?,
    };
    Ok(Fact::shaped(Some(Shape(vec![rows, size]))))
}

fn apply_attention_mask(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let scores = arguments.fact(0);
    if let (Some(scores), Some(mask)) = (scores.shape(), arguments.shape(1)) {
        placed(&scores, &mask)?;
    }
    Ok(Fact::Tensor { element: float_of(scores.element()), shape: scores.shape() })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn causal_masks_have_two_sizes() {
        let entry = Mask::CausalMask.entry();
        check(entry, &[int(3)], Ok(Fact::shaped(Some(shape("3 3")))));
        check(entry, &[int(1), int(7)], Ok(Fact::shaped(Some(shape("1 7")))));
        check(entry, &[Fact::Integer(None)], Ok(Fact::shaped(Some(shape("? ?")))));
    }

    #[test]
    fn masks_hold_for_all_heads() {
        let place = |scores: &str, mask: &str| placed(&shape(scores), &shape(mask)).map_err(|m| m.message);
        assert_eq!(place("5 4 7", "5 7"), Ok(shape("5 1 7")));
        assert_eq!(place("4 5 7", "5 7"), Ok(shape("5 7")));
        assert_eq!(place("5 5 7", "5 7"), Ok(shape("5 1 7")));
        assert_eq!(place("5 7", "5 7"), Ok(shape("5 7")));
        assert_eq!(place("5 4 7", "5 1 7"), Ok(shape("5 1 7")));
        assert_eq!(place("2 5 4 7", "5 7"), Ok(shape("5 1 7")));
        let message = "`apply_attention_mask` needs a mask of shape [1, 7] or [1, 4, 7] for scores of shape [1, 4, 7], found [7, 7]";
        assert_eq!(place("1 4 7", "7 7"), Err(message.into()));
        assert_eq!(
            placed(&shape("1 4 7"), &shape("7 7")).unwrap_err().help.as_deref(),
            Some("make the mask with `causal_mask(1, 7)`")
        );
    }
}
