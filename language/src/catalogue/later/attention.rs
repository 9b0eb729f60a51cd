//! Attention as one call: the products, the mask and the softmax that scripts
//! otherwise write out.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::Fact;
use crate::catalogue::operands::{axes, number};
use crate::catalogue::rules::common_element;
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};

pub(super) const ENTRIES: &[Entry] = &[Entry {
    name: "attention_with_cache",
    spellings: &["attention"],
    parameters: &[
        Parameter::required("q", Accepts::Tensor),
        Parameter::required("k", Accepts::Tensor),
        Parameter::required("v", Accepts::Tensor),
        Parameter::required("w_o", Accepts::Tensor),
        Parameter::optional("heads", Accepts::Integer, "those of the model of `w_o`"),
        Parameter::optional("kv_heads", Accepts::Integer, "those of the model of `w_o`"),
    ],
    result: "a tensor [s, n]",
    summary: "Causal attention of queries [s, e] to the c positions of a cache, and the output product with w_o [n, e].",
    documentation: "Keys and values are [c, e_kv] with c at least s: the queries are the last s positions. They are turned by `rope` at c - s here; the keys have been turned before they were stored. With d = e / heads each head computes softmax(q kᵀ / √d) v; query head h reads key head h · kv_heads / heads (grouped-query attention, <https://arxiv.org/abs/2305.13245>). Without `heads` and `kv_heads` the model of `w_o` tells them, and without a model the call is an error.",
    example: "let q = zeros([1, 4])\nlet values = [[1, 2], [3, 4]]\nlet w_o = [[1, 0, 0, 0], [0, 1, 0, 0]]\nprint(attention_with_cache(q, zeros([2, 2]), values, w_o, heads = 2, kv_heads = 1))",
    prints: "[[2, 3]]",
    rule: attention,
}];

const NAMES: [(&str, &str); 4] = [("q", "[s, e]"), ("k", "[c, e_kv]"), ("v", "[c, e_kv]"), ("w_o", "[n, e]")];

fn attention(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    const FUNCTION: &str = "attention_with_cache";
    let mut matrices = Vec::with_capacity(4);
    for (slot, (name, layout)) in NAMES.into_iter().enumerate() {
        let unknown = || [Dim::Unknown, Dim::Unknown];
        matrices.push(axes::<2>(FUNCTION, (slot, name, layout), arguments)?.unwrap_or_else(unknown));
    }
    let [[queries, width], [keys, key_width], [values, value_width], [out, inner]] = &matrices[..] else {
        return Ok(Fact::shaped(None));
    };
    let misfit = |slot: usize, message: String| {
        let message = format!("`{FUNCTION}` needs {message}");
        Err(Mismatch::new(Code::ShapeMismatch, message).argument(slot))
    };
    let shape = |slot: usize| Shape(matrices[slot].to_vec());
    if keys.unify(values).is_none() || key_width.unify(value_width).is_none() {
        return misfit(2, format!("keys and values of one shape: k is {}, v is {}", shape(1), shape(2)));
    }
    if width.unify(inner).is_none() {
        return misfit(3, format!("a w_o of shape [n, {width}] for q of shape {}, found {}", shape(0), shape(3)));
    }
    if let (Some(queries), Some(keys)) = (queries.known(), keys.known())
        && keys < queries
    {
        return misfit(1, format!("at least as many keys as queries: {queries} queries, {keys} keys"));
    }
    heads(FUNCTION, width, key_width, arguments)?;
    let operands = (0..4).map(|slot| arguments.fact(slot));
    Ok(Fact::Tensor { element: common_element(operands), shape: Some(Shape(vec![queries.clone(), out.clone()])) })
}

/// Checks that the heads divide the widths, and that query and key heads are of one size.
fn heads(function: &str, width: &Dim, key_width: &Dim, arguments: &Bound<Fact>) -> Result<(), Mismatch> {
    let wrong = |slot: usize, message: String| {
        Err(Mismatch::new(Code::ShapeMismatch, format!("`{function}` {message}")).argument(slot))
    };
    for (slot, name) in [(4, "heads"), (5, "kv_heads")] {
        number(function, (slot, name, "a count above 0"), arguments, |n| n > 0.0)?;
    }
    let count = |slot: usize| arguments.fact(slot).integer().and_then(|n| usize::try_from(n).ok());
    let sized = |slot: usize, name: &str, width: &Dim| match (count(slot), width.known()) {
        (Some(heads), Some(width)) if width % heads == 0 => Ok(Some(width / heads)),
        (Some(heads), Some(width)) => {
            wrong(slot, format!("cannot split a width of {width} into {heads} `{name}`")).map(|()| None)
        }
        _ => Ok(None),
    };
    match (sized(4, "heads", width)?, sized(5, "kv_heads", key_width)?) {
        (Some(size), Some(key_size)) if size != key_size => {
            wrong(5, format!("needs heads of one size: those of q have {size} elements, those of k {key_size}"))
        }
        (None, None) => match (width.known(), key_width.known()) {
            (Some(width), Some(key_width)) if key_width == 0 || width % key_width != 0 => {
                wrong(1, format!("needs a width of q that is a multiple of that of k: {width} and {key_width}"))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;

    fn entry(name: &str) -> &'static Entry {
        crate::catalogue::find(name).unwrap().entry()
    }

    #[test]
    fn queries_leave_with_the_width_of_the_output() {
        let cache = || [tensor("n 2048"), tensor("m 256"), tensor("m 256"), tensor("2048 2048")];
        check(entry("attention"), &cache(), Ok(tensor("n 2048")));
        check(entry("attention"), &[cache().to_vec(), vec![int(32), int(4)]].concat(), Ok(tensor("n 2048")));
        let message = "`attention_with_cache` needs heads of one size: those of q have 64 elements, those of k 32";
        check(
            entry("attention"),
            &[cache().to_vec(), vec![int(32), int(8)]].concat(),
            Err((Code::ShapeMismatch, message)),
        );
        let message = "`attention_with_cache` cannot split a width of 2048 into 30 `heads`";
        check(entry("attention"), &[cache().to_vec(), vec![int(30)]].concat(), Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn what_does_not_fit_is_blamed() {
        let call = |k: &str, v: &str, w: &str| [tensor("3 8"), tensor(k), tensor(v), tensor(w)];
        let shape = |message| Err((Code::ShapeMismatch, message));
        let message = "`attention_with_cache` needs at least as many keys as queries: 3 queries, 2 keys";
        check(entry("attention"), &call("2 4", "2 4", "8 8"), shape(message));
        let message = "`attention_with_cache` needs keys and values of one shape: k is [5, 4], v is [5, 8]";
        check(entry("attention"), &call("5 4", "5 8", "8 8"), shape(message));
        let message = "`attention_with_cache` needs a w_o of shape [n, 8] for q of shape [3, 8], found [8, 6]";
        check(entry("attention"), &call("5 4", "5 4", "8 6"), shape(message));
        let message = "`attention_with_cache` needs 2 axes, [c, e_kv], for `k`, found float32[5, 2, 2]";
        check(entry("attention"), &call("5 2 2", "5 4", "8 8"), Err((Code::RankMismatch, message)));
    }
}
