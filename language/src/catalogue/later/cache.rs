//! KV caches: the keys and values of every layer, kept from token to token. A
//! cache is a handle, so what a function appends its caller sees; what is stored
//! are copies.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::{Fact, HandleKind};
use crate::catalogue::operands::number;
use crate::catalogue::rules::requested_shape;
use crate::diagnostic::Code;
use crate::shape::{Dim, ElementType, Mismatch, Shape};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "KVCache::new",
        spellings: &[],
        parameters: LAYERS,
        result: "a KVCache",
        summary: "An empty cache of keys and values for so many layers.",
        documentation: "It takes the element type of its first entry. Copies are the same cache.",
        example: "let cache = KVCache::new(22)\nprint(cache)",
        prints: "<KVCache: 22 layers>",
        rule: |a| new("KVCache::new", a),
    },
    Entry {
        name: "KVCache::new_f16",
        spellings: &[],
        parameters: LAYERS,
        result: "a KVCache",
        summary: "An empty cache that keeps its keys and values as float16.",
        documentation: "",
        example: "let cache = KVCache::new_f16(1)\ncache.set(0, zeros([1, 4]), zeros([1, 4]))\nprint(cache.get_k(0))",
        prints: "[[0, 0, 0, 0]]",
        rule: |a| new("KVCache::new_f16", a),
    },
    Entry {
        name: "KVCache::new_f32",
        spellings: &[],
        parameters: LAYERS,
        result: "a KVCache",
        summary: "An empty cache that keeps its keys and values as float32.",
        documentation: "",
        example: "let cache = KVCache::new_f32(4)\nprint(len(cache))",
        prints: "4",
        rule: |a| new("KVCache::new_f32", a),
    },
    Entry {
        name: "KVCache.set",
        spellings: &[],
        parameters: ENTRY,
        result: "nothing",
        summary: "Stores keys and values of a layer in place of those before.",
        documentation: "A row for each position: [n, e] or [n, heads, d]. Keys are stored as attention reads them, turned by `rope`.",
        example: "let cache = KVCache::new(2)\ncache.set(1, ones([3, 4]), ones([3, 4]))\nprint(cache.len(1))",
        prints: "3",
        rule: |a| store("KVCache.set", a),
    },
    Entry {
        name: "KVCache.append",
        spellings: &[],
        parameters: ENTRY,
        result: "nothing",
        summary: "Puts keys and values of further positions behind those of a layer.",
        documentation: "All sizes but the first must be those of what the layer holds; an empty layer takes any.",
        example: "let cache = KVCache::new(1)\nfor position in range(3) { cache.append(0, ones([1, 4]), ones([1, 4])) }\nprint(shape(cache.get_k(0)))",
        prints: "[3, 4]",
        rule: |a| store("KVCache.append", a),
    },
    Entry {
        name: "KVCache.get_k",
        spellings: &[],
        parameters: LAYER,
        result: "a tensor [c, ...]",
        summary: "The keys of a layer, one row for each cached position.",
        documentation: "A layer that holds nothing is an error.",
        example: "let cache = KVCache::new(1)\ncache.set(0, [[1, 2]], [[3, 4]])\nprint(cache.get_k(0))",
        prints: "[[1, 2]]",
        rule: |_| Ok(Fact::shaped(None)),
    },
    Entry {
        name: "KVCache.get_v",
        spellings: &[],
        parameters: LAYER,
        result: "a tensor [c, ...]",
        summary: "The values of a layer, one row for each cached position.",
        documentation: "A layer that holds nothing is an error.",
        example: "let cache = KVCache::new(1)\ncache.set(0, [[1, 2]], [[3, 4]])\nprint(cache.get_v(0))",
        prints: "[[3, 4]]",
        rule: |_| Ok(Fact::shaped(None)),
    },
    Entry {
        name: "KVCache.len",
        spellings: &[],
        parameters: &[CACHE, Parameter::optional("layer", Accepts::Integer, "the number of layers")],
        result: "an Integer",
        summary: "How many positions a layer holds, or how many layers the cache has.",
        documentation: "",
        example: "let cache = KVCache::new(2)\nprint(cache.len(), cache.len(0))",
        prints: "2 0",
        rule: |_| Ok(Fact::Integer(None)),
    },
    Entry {
        name: "KVCache.clear",
        spellings: &[],
        parameters: &[CACHE],
        result: "nothing",
        summary: "Empties every layer.",
        documentation: "",
        example: "let cache = KVCache::new(1)\ncache.append(0, ones([2, 4]), ones([2, 4]))\ncache.clear()\nprint(cache.len(0))",
        prints: "0",
        rule: |_| Ok(Fact::Void),
    },
    Entry {
        name: "Tensor::create_cache",
        spellings: &["create_cache"],
        parameters: &[
            Parameter::required("max_length", Accepts::Integer),
            Parameter::required("sizes", Accepts::Sizes),
        ],
        result: "a float32 tensor [0, sizes...]",
        summary: "A tensor without rows that has room for `max_length` of them.",
        documentation: "Grow it with `cache = append(cache, rows)`. The room is a promise about memory only: more rows than that work too.",
        example: "let cache = Tensor::create_cache(512, [4, 64])\nprint(shape(append(cache, zeros([1, 4, 64]))))",
        prints: "[1, 4, 64]",
        rule: create_cache,
    },
];

const CACHE: Parameter = Parameter::required("cache", Accepts::Handle(HandleKind::KvCache));
const AT: Parameter = Parameter::required("layer", Accepts::Integer);
const LAYERS: &[Parameter] = &[Parameter::required("layers", Accepts::Integer)];
const LAYER: &[Parameter] = &[CACHE, AT];
const ENTRY: &[Parameter] =
    &[CACHE, AT, Parameter::required("k", Accepts::Tensor), Parameter::required("v", Accepts::Tensor)];

fn new(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number(function, (0, "layers", "a count of at least 0"), arguments, |n| n >= 0.0)?;
    Ok(Fact::Handle(HandleKind::KvCache))
}

fn store(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let (k, v) = (arguments.shape(2), arguments.shape(3));
    for (slot, name, shape) in [(2, "k", &k), (3, "v", &v)] {
        if shape.as_ref().is_some_and(|shape| shape.rank() == 0) {
            let message = format!("`{function}` needs a row for each position for `{name}`, found a 0-d tensor");
            return Err(Mismatch::new(Code::RankMismatch, message).argument(slot));
        }
    }
    if let (Some(k), Some(v)) = (&k, &v)
        && k.0[0].unify(&v.0[0]).is_none()
    {
        let message = format!("`{function}` needs as many values as keys: k is {k}, v is {v}");
        return Err(Mismatch::new(Code::ShapeMismatch, message).argument(3));
    }
    Ok(Fact::Void)
}

fn create_cache(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number("Tensor::create_cache", (0, "max_length", "a length of at least 0"), arguments, |n| n >= 0.0)?;
    let rest = requested_shape("Tensor::create_cache", arguments, 1)?;
    let shape = rest.map(|rest| Shape([vec![Dim::Known(0)], rest.0].concat()));
    Ok(Fact::Tensor { element: Some(ElementType::Float32), shape })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;

    #[test]
    fn keys_and_values_belong_together() {
        let append = crate::catalogue::method_of(HandleKind::KvCache, "append").unwrap().entry();
        let cache = || Fact::Handle(HandleKind::KvCache);
        check(append, &[cache(), int(0), tensor("1 4 64"), tensor("1 4 64")], Ok(Fact::Void));
        let message = "`KVCache.append` needs as many values as keys: k is [1, 4, 64], v is [2, 4, 64]";
        check(append, &[cache(), int(0), tensor("1 4 64"), tensor("2 4 64")], Err((Code::ShapeMismatch, message)));
        let message = "`KVCache.append` needs a row for each position for `k`, found a 0-d tensor";
        check(append, &[cache(), int(0), tensor(""), tensor("1 4")], Err((Code::RankMismatch, message)));
    }

    #[test]
    fn a_new_cache_has_no_rows() {
        let entry = crate::catalogue::find_in("Tensor", "create_cache").unwrap().entry();
        check(entry, &[int(512), sizes("4 64")], Ok(tensor("0 4 64")));
    }
}
