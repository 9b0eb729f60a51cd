//! Knowledge graphs: entities as vectors, how plausible a triple of head, relation
//! and tail is, and the measures of link prediction.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::{Fact, Real};
use crate::catalogue::operands::{choice, number, one_shape};
use crate::catalogue::rules::common_element;
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};
use crate::size::Size;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "entity_onehot",
        spellings: &[],
        parameters: &[TYPE, Parameter::required("entity", Accepts::Entity)],
        result: "a tensor [entities of the type]",
        summary: "1 at the position of an entity among those of its type, else 0.",
        documentation: "An entity that the type does not have is an error.",
        example: "entity Person = {anna, tom}\nmain { print(entity_onehot(Person, tom)) }",
        prints: "[0, 1]",
        rule: |_| Ok(Fact::shaped(Some(Shape(vec![Dim::Unknown])))),
    },
    Entry {
        name: "entity_dim",
        spellings: &[],
        parameters: &[TYPE],
        result: "an Integer",
        summary: "How many entities a type has.",
        documentation: "",
        example: "entity Person = {anna, tom}\nmain { print(entity_dim(Person)) }",
        prints: "2",
        rule: |_| Ok(Fact::Integer(None)),
    },
    Entry {
        name: "transe_score",
        spellings: &["predict_tail_transe", "predict_head_transe"],
        parameters: &[HEAD, RELATION, TAIL, Parameter::optional("norm", Accepts::String, "\"L2\"")],
        result: "a tensor [1]",
        summary: "How plausible a triple is by TransE: -‖head + relation - tail‖.",
        documentation: "\"L2\" takes the root of the squares, \"L1\" the sum of distances. Vectors of one shape. To predict a tail or a head, score each candidate in its place. <https://proceedings.neurips.cc/paper/2013/hash/1cecc7a77928ca8133fa24680a88d2f9-Abstract.html>",
        example: "print(transe_score([1, 0], [2, 0], [0, 4]))",
        prints: "[-5]",
        rule: transe,
    },
    Entry {
        name: "distmult_score",
        spellings: &["predict_tail_distmult", "predict_head_distmult"],
        parameters: &[HEAD, RELATION, TAIL],
        result: "a tensor [1]",
        summary: "How plausible a triple is by DistMult: sum(head · relation · tail).",
        documentation: "Vectors of one shape. To predict a tail or a head, score each candidate in its place. <https://arxiv.org/abs/1412.6575>",
        example: "print(distmult_score([1, 2], [3, 4], [5, 6]))",
        prints: "[63]",
        rule: |a| score("distmult_score", &["head", "relation", "tail"], a),
    },
    Entry {
        name: "complex_score",
        spellings: &["predict_tail_complex", "predict_head_complex"],
        parameters: &[
            Parameter::required("h_re", Accepts::Tensor),
            Parameter::required("h_im", Accepts::Tensor),
            Parameter::required("r_re", Accepts::Tensor),
            Parameter::required("r_im", Accepts::Tensor),
            Parameter::required("t_re", Accepts::Tensor),
            Parameter::required("t_im", Accepts::Tensor),
        ],
        result: "a tensor [1]",
        summary: "How plausible a triple is by ComplEx: the real part of sum(h · r · conj(t)).",
        documentation: "Each vector is given by its real and its imaginary part, all of one shape: sum(h_re r_re t_re + h_re r_im t_im + h_im r_re t_im - h_im r_im t_re). <https://arxiv.org/abs/1606.06357>",
        example: "print(complex_score([1], [0], [2], [0], [3], [0]))",
        prints: "[6]",
        rule: |a| score("complex_score", &["h_re", "h_im", "r_re", "r_im", "t_re", "t_im"], a),
    },
    Entry {
        name: "margin_ranking_loss",
        spellings: &[],
        parameters: &[
            Parameter::required("pos", Accepts::Tensor),
            Parameter::required("neg", Accepts::Tensor),
            Parameter::optional("margin", Accepts::Number, "1"),
        ],
        result: "a tensor [1]",
        summary: "relu(margin + neg - pos): 0 as soon as a true triple scores by the margin above a false one.",
        documentation: "",
        example: "print(margin_ranking_loss([0.5], [0.25], 1.0))",
        prints: "[0.75]",
        rule: |a| {
            single("margin_ranking_loss", &["pos", "neg"], a)?;
            Ok(one(&[a.fact(0), a.fact(1)]))
        },
    },
    Entry {
        name: "binary_cross_entropy",
        spellings: &[],
        parameters: &[Parameter::required("score", Accepts::Tensor), Parameter::required("target", Accepts::Number)],
        result: "a tensor [1]",
        summary: "-target · log(σ(score)) - (1 - target) · log(1 - σ(score)), with the sigmoid σ.",
        documentation: "Logarithms are at least -100, so that a certain and wrong score costs no more.",
        example: "print(binary_cross_entropy([100.0], 1))",
        prints: "[0]",
        rule: |a| {
            single("binary_cross_entropy", &["score"], a)?;
            number("binary_cross_entropy", (1, "target", "a number from 0 to 1"), a, |t| (0.0..=1.0).contains(&t))?;
            Ok(one(&[a.fact(0)]))
        },
    },
    Entry {
        name: "compute_rank",
        spellings: &[],
        parameters: &[
            Parameter::required("target", Accepts::Tensor),
            Parameter::required("num_higher", Accepts::Integer),
        ],
        result: "an Integer",
        summary: "The rank of a candidate above which so many others score: num_higher + 1.",
        documentation: "The score itself has no say.",
        example: "print(compute_rank([0.5], 3))",
        prints: "4",
        rule: |a| Ok(Fact::Integer(a.fact(1).size().and_then(|higher| higher.plus(&Size::Number(1))))),
    },
    Entry {
        name: "compute_mrr",
        spellings: &[],
        parameters: &[Parameter::required("rank", Accepts::Number)],
        result: "a Float",
        summary: "1 / rank; averaged over all questions it is the mean reciprocal rank.",
        documentation: "A rank that is not above 0 is an error.",
        example: "print(compute_mrr(4))",
        prints: "0.25",
        rule: |a| {
            number("compute_mrr", (0, "rank", "a rank above 0"), a, |rank| rank > 0.0)?;
            Ok(Fact::Float(a.fact(0).number().map(|rank| Real::Number(1.0 / rank))))
        },
    },
    Entry {
        name: "compute_hits_at_k",
        spellings: &[],
        parameters: &[Parameter::required("rank", Accepts::Number), Parameter::required("k", Accepts::Number)],
        result: "an Integer",
        summary: "1 if a rank is one of the first k, else 0; averaged it is hits@k.",
        documentation: "",
        example: "print(compute_hits_at_k(3, 10), compute_hits_at_k(11, 10))",
        prints: "1 0",
        rule: |a| Ok(Fact::Integer(a.fact(0).number().zip(a.fact(1).number()).map(hit))),
    },
    Entry {
        name: "compute_mean_rank",
        spellings: &[],
        parameters: &[Parameter::required("sum", Accepts::Number), Parameter::required("n", Accepts::Number)],
        result: "a Float",
        summary: "sum / n: the mean of n ranks.",
        documentation: "An `n` that is not above 0 is an error.",
        example: "print(compute_mean_rank(10, 4))",
        prints: "2.5",
        rule: |a| {
            number("compute_mean_rank", (1, "n", "a count above 0"), a, |n| n > 0.0)?;
            Ok(Fact::Float(a.fact(0).number().zip(a.fact(1).number()).map(|(sum, n)| Real::Number(sum / n))))
        },
    },
];

const TYPE: Parameter = Parameter::required("type", Accepts::Entity);
const HEAD: Parameter = Parameter::required("head", Accepts::Tensor);
const RELATION: Parameter = Parameter::required("relation", Accepts::Tensor);
const TAIL: Parameter = Parameter::required("tail", Accepts::Tensor);

fn one(operands: &[&Fact]) -> Fact {
    Fact::Tensor { element: common_element(operands.iter().copied()), shape: Some(Shape::known(&[1])) }
}

fn score(function: &str, names: &[&str], arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    one_shape(function, names, arguments)?;
    let operands: Vec<&Fact> = (0..names.len()).map(|slot| arguments.fact(slot)).collect();
    Ok(one(&operands))
}

fn transe(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    choice("transe_score", (3, "norm"), arguments, &["L1", "L2"])?;
    score("transe_score", &["head", "relation", "tail"], arguments)
}

/// Checks that scores are tensors of one element.
fn single(function: &str, names: &[&str], arguments: &Bound<Fact>) -> Result<(), Mismatch> {
    for (slot, name) in names.iter().enumerate() {
        if arguments.shape(slot).is_some_and(|shape| shape.known_count().is_some_and(|count| count != 1)) {
            let found = arguments.fact(slot).describe();
            let message = format!("`{function}` needs a score of one element for `{name}`, found {found}");
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(slot));
        }
    }
    Ok(())
}

fn hit((rank, k): (f64, f64)) -> Size {
    Size::Number(i64::from(rank > 0.0 && rank <= k))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;

    fn entry(name: &str) -> &'static Entry {
        crate::catalogue::find(name).unwrap().entry()
    }

    #[test]
    fn a_triple_has_one_score() {
        check(entry("distmult_score"), &[tensor("8"), tensor("8"), tensor("?")], Ok(tensor("1")));
        check(entry("predict_tail_transe"), &[tensor("8"), tensor("8"), tensor("8")], Ok(tensor("1")));
        let message = "`transe_score` needs equal shapes: tail is [4], what stands before is [8]";
        check(entry("transe_score"), &[tensor("8"), tensor("8"), tensor("4")], Err((Code::ShapeMismatch, message)));
        let message = "`margin_ranking_loss` needs a score of one element for `neg`, found float32[2]";
        check(entry("margin_ranking_loss"), &[tensor("1"), tensor("2")], Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn measures_of_known_ranks_are_known() {
        check(entry("compute_rank"), &[tensor("1"), int(3)], Ok(int(4)));
        check(entry("compute_mrr"), &[int(4)], Ok(Fact::float(0.25)));
        check(entry("compute_hits_at_k"), &[int(3), int(10)], Ok(int(1)));
        check(entry("compute_mean_rank"), &[int(10), int(4)], Ok(Fact::float(2.5)));
        let message = "`compute_mrr` needs a rank above 0 for `rank`, found 0";
        check(entry("compute_mrr"), &[int(0)], Err((Code::ArgumentType, message)));
    }
}
