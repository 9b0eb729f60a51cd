//! Graph networks: what a node learns from its neighbours.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::Fact;
use crate::catalogue::operands::{choice, like_first, number, one_shape};
use crate::catalogue::rules::{common_element, float_of};
use crate::shape::Mismatch;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "aggregate_neighbors",
        spellings: &[],
        parameters: &[
            Parameter::required("features", Accepts::Tensor),
            Parameter::required("num_neighbors", Accepts::Integer),
            Parameter::optional("mode", Accepts::String, "\"mean\""),
        ],
        result: "a tensor of the same shape",
        summary: "The features of all neighbours, already summed, as their mean or left as their sum.",
        documentation: "\"mean\" divides by the number of neighbours, \"sum\" does not.",
        example: "print(aggregate_neighbors([2, 6], 2))",
        prints: "[1, 3]",
        rule: aggregate,
    },
    Entry {
        name: "relational_aggregate",
        spellings: &[],
        parameters: &[
            Parameter::required("node", Accepts::Tensor),
            Parameter::required("relation", Accepts::Tensor),
            Parameter::required("neighbor", Accepts::Tensor),
        ],
        result: "a tensor of the same shape",
        summary: "node + relation · neighbor, element by element.",
        documentation: "All three have one shape. <https://arxiv.org/abs/1703.06103>",
        example: "print(relational_aggregate([1, 1], [2, 0], [3, 4]))",
        prints: "[7, 1]",
        rule: |a| {
            let shape = one_shape("relational_aggregate", &["node", "relation", "neighbor"], a)?;
            Ok(Fact::Tensor { element: common_element((0..3).map(|slot| a.fact(slot))), shape })
        },
    },
    Entry {
        name: "graph_attention",
        spellings: &[],
        parameters: &[
            Parameter::required("query", Accepts::Tensor),
            Parameter::required("key", Accepts::Tensor),
            Parameter::required("value", Accepts::Tensor),
        ],
        result: "a tensor of the shape of the value",
        summary: "value · sigmoid(sum(query · key)): one neighbour's value by how well its key answers the query.",
        documentation: "Query and key have one shape, the value may have another.",
        example: "print(graph_attention([0, 0], [1, 2], [4, 6]))",
        prints: "[2, 3]",
        rule: |a| {
            one_shape("graph_attention", &["query", "key"], a)?;
            Ok(Fact::Tensor { element: float_of(a.fact(2).element()), shape: a.shape(2) })
        },
    },
    Entry {
        name: "normalize_features",
        spellings: &[],
        parameters: &[
            Parameter::required("x", Accepts::Tensor),
            Parameter::optional("mode", Accepts::String, "\"l2\""),
        ],
        result: "a tensor of the same shape",
        summary: "x / √(sum of its squares), over all elements; x itself where that root is at most 1e-8.",
        documentation: "",
        example: "print(normalize_features([0.0, 4.0]))",
        prints: "[0, 1]",
        rule: |a| {
            choice("normalize_features", (1, "mode"), a, &["l2"])?;
            like_first(a)
        },
    },
];

fn aggregate(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number("aggregate_neighbors", (1, "num_neighbors", "a count above 0"), arguments, |n| n >= 1.0)?;
    choice("aggregate_neighbors", (2, "mode"), arguments, &["mean", "sum"])?;
    like_first(arguments)
}

#[cfg(test)]
mod tests {
    use crate::catalogue::rules::testing::*;
    use crate::diagnostic::Code;

    #[test]
    fn features_keep_their_shape() {
        let entry = |name: &str| crate::catalogue::find(name).unwrap().entry();
        check(entry("aggregate_neighbors"), &[tensor("n 8"), int(3), text("sum")], Ok(tensor("n 8")));
        check(entry("graph_attention"), &[tensor("8"), tensor("8"), tensor("3")], Ok(tensor("3")));
        check(entry("relational_aggregate"), &[tensor("8"), tensor("?"), tensor("8")], Ok(tensor("8")));
        let message = "`aggregate_neighbors` knows \"mean\" and \"sum\" for `mode`, found \"max\"";
        check(entry("aggregate_neighbors"), &[tensor("8"), int(3), text("max")], Err((Code::ArgumentType, message)));
    }
}
