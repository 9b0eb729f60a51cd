//! Linear algebra: products of matrices, with and without a transposed weight,
//! sums over named axes, and rows looked up in a table. Weights stay in the
//! blocks of their file; products accumulate in float32.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::equation::Equation;
use super::fact::{Fact, HandleKind};
use super::rules::{common_element, wrong_kind};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape, broadcast};
use crate::size::Size;

/// The builtins of linear algebra.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinearAlgebra {
    /// The matrix product.
    Matmul,
    /// The product with a transposed weight.
    Linear,
    /// A sum of products over named axes.
    Einsum,
    /// Rows of a table.
    Embedding,
}

impl LinearAlgebra {
    /// Every builtin of the family.
    pub const ALL: &[LinearAlgebra] =
        &[LinearAlgebra::Matmul, LinearAlgebra::Linear, LinearAlgebra::Einsum, LinearAlgebra::Embedding];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            LinearAlgebra::Matmul => &Entry {
                name: "matmul",
                spellings: &["cndl_matmul"],
                parameters: const {
                    &[Parameter::required("left", Accepts::Tensor), Parameter::required("right", Accepts::Tensor)]
                },
                result: "a tensor [..., m, n]",
                summary: "The matrix product, as `left @ right`: [..., m, k] times [..., k, n] gives [..., m, n].",
                documentation: "Leading axes broadcast. A vector on the left is a row, one on the right a column, and its axis disappears. For weights of a model use `linear`, which multiplies by the transpose.",
                example: "print(matmul([[1, 2], [3, 4]], [[1, 0], [0, 2]]))\nprint(matmul([1, 2], [3, 4]))",
                prints: "[[1, 4], [3, 8]]\n11",
                rule: |a| matmul_rule("matmul", a.fact(0), a.fact(1)),
            },
            LinearAlgebra::Linear => &Entry {
                name: "linear",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Tensor),
                        Parameter::required("weight", Accepts::Tensor),
                        Parameter::optional("bias", Accepts::Tensor, "none"),
                    ]
                },
                result: "a tensor [..., n]",
                summary: "Multiplies by the transpose of a weight: x [..., k] and weight [n, k] give [..., n].",
                documentation: "This is the layout of weight files: one row for each output feature. The result has the wider element type of `x` and the weight. A bias [n] is added.",
                example: "let weight = [[1, 0, 0], [0, 1, 1]]\nprint(linear([[1, 2, 3]], weight))\nprint(linear([1, 2, 3], weight, [10, 20]))",
                prints: "[[1, 5]]\n[11, 25]",
                rule: linear,
            },
            LinearAlgebra::Einsum => &Entry {
                name: "einsum",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("equation", Accepts::String),
                        Parameter::variadic("operands", Accepts::Tensor, 1),
                    ]
                },
                result: "a tensor with the axes behind `->`",
                summary: "Multiplies tensors over axes named by letters and sums over the letters that the result lacks.",
                documentation: "One letter stands for one size. A letter twice in one operand takes the diagonal, `...` stands for leading axes that broadcast. Without `->` the result has the letters that occur once, in alphabetical order.",
                example: "print(einsum(\"ij,jk->ik\", [[1, 2]], [[3], [4]]))\nprint(einsum(\"ij->j\", [[1, 2], [3, 4]]))",
                prints: "[[11]]\n[4, 6]",
                rule: einsum,
            },
            LinearAlgebra::Embedding => &Entry {
                name: "embedding",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("table", Accepts::TensorOrIds),
                        Parameter::required("ids", Accepts::TensorOrIds),
                    ]
                },
                result: "a tensor with one row for each id",
                summary: "Looks up rows of a table [v, d]: one id gives [1, d], n ids give [n, d].",
                documentation: "Ids are a number, tokens, an array, or a tensor of whole numbers, whose shape the result takes over before `d`. The two arguments may come in either order where only one can be the table.",
                example: "let table = [[0, 1], [2, 3], [4, 5]]\nprint(embedding(table, [2, 0]))\nprint(embedding(table, 1))",
                prints: "[[4, 5], [0, 1]]\n[[2, 3]]",
                rule: embedding,
            },
        }
    }
}

/// The rule of the matrix product, for `matmul` and the operator `@`.
pub fn matmul_rule(function: &str, left: &Fact, right: &Fact) -> Result<Fact, Mismatch> {
    let element = common_element([left, right]);
    let (Some(a), Some(b)) = (left.shape(), right.shape()) else { return Ok(Fact::Tensor { element, shape: None }) };
    for (slot, (shape, fact)) in [(&a, left), (&b, right)].into_iter().enumerate() {
        if shape.rank() == 0 {
            let message = format!("`{function}` needs tensors with axes, found {}", fact.describe());
            return Err(Mismatch::new(Code::RankMismatch, message)
                .argument(slot)
                .help("multiply by a number with `*`"));
        }
    }
    let (left_vector, right_vector) = (a.rank() == 1, b.rank() == 1);
    let matrix = |shape: &Shape, vector: bool, row: bool| match (vector, row) {
        (false, _) => shape.clone(),
        (true, true) => Shape(vec![Dim::Known(1), shape.0[0].clone()]),
        (true, false) => Shape(vec![shape.0[0].clone(), Dim::Known(1)]),
    };
    let (m, n) = (matrix(&a, left_vector, true), matrix(&b, right_vector, false));
    let (left_batch, left_sizes) = m.0.split_at(m.rank() - 2);
    let (right_batch, right_sizes) = n.0.split_at(n.rank() - 2);
    if left_sizes[1].unify(&right_sizes[0]).is_none() {
        let message = format!("`{function}` needs equal inner sizes: left is {a}, right is {b}");
        let mismatch = Mismatch::new(Code::ShapeMismatch, message).argument(1);
        let fits_transposed = !right_vector && left_sizes[1] == right_sizes[1] && b.rank() == 2;
        return Err(if fits_transposed {
            mismatch.help("did you mean `linear`, which multiplies by the transpose?")
        } else {
            mismatch
        });
    }
    let batch = broadcast(&Shape(left_batch.to_vec()), &Shape(right_batch.to_vec())).ok_or_else(|| {
        let message = format!("`{function}` needs leading sizes that are equal or 1: left is {a}, right is {b}");
        Mismatch::new(Code::ShapeMismatch, message).argument(1)
    })?;
    let mut shape = batch.0;
    if !left_vector {
        shape.push(left_sizes[0].clone());
    }
    if !right_vector {
        shape.push(right_sizes[1].clone());
    }
    Ok(Fact::Tensor { element, shape: Some(Shape(shape)) })
}

/// A result after its bias was added. The bias is stretched, the result never.
fn with_bias(result: &Shape, bias: &Shape) -> Option<Shape> {
    let mut sum = result.clone();
    let axes = result.rank().checked_sub(bias.rank())?..;
    for (size, added) in sum.0[axes].iter_mut().zip(&bias.0).filter(|(_, added)| **added != Dim::Known(1)) {
        *size = size.unify(added)?;
    }
    Some(sum)
}

fn linear(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let (x, weight) = (arguments.fact(0), arguments.fact(1));
    let element = common_element([x, weight].into_iter().chain(arguments.get(2)));
    let weight_shape = weight.shape();
    if let Some(shape) = &weight_shape
        && shape.rank() != 2
    {
        let message = format!("`linear` needs a weight of 2 axes, [out, in], found {}", weight.describe());
        return Err(Mismatch::new(Code::RankMismatch, message).argument(1));
    }
    let out = weight_shape.as_ref().map_or(Dim::Unknown, |shape| shape.0[0].clone());
    if let Some(bias) = arguments.shape(2)
        && arguments.get(2).is_some()
        && bias.0.last().is_some_and(|size| *size != Dim::Known(1) && size.unify(&out).is_none())
    {
        let message = format!("`linear` needs a bias of shape [{out}] for {out} output features, found {bias}");
        return Err(Mismatch::new(Code::ShapeMismatch, message).argument(2));
    }
    let Some(mut shape) = x.shape() else { return Ok(Fact::Tensor { element, shape: None }) };
    let Some(last) = shape.0.pop() else {
        let message = format!("`linear` needs at least 1 axis for `x`, found {}", x.describe());
        return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
    };
    if let Some(weight_shape) = &weight_shape
        && last.unify(&weight_shape.0[1]).is_none()
    {
        shape.0.push(last.clone());
        let message = format!(
            "`linear` needs equal input sizes: x is {shape}, weight is {weight_shape}, so {last} meets {}",
            weight_shape.0[1]
        );
        let mismatch = Mismatch::new(Code::ShapeMismatch, message).argument(1);
        let fits_straight = last == weight_shape.0[0];
        return Err(if fits_straight {
            mismatch.help("did you mean `matmul`? `linear` transposes the weight itself")
        } else {
            mismatch
        });
    }
    shape.0.push(out);
    if let Some(bias) = arguments.get(2).and_then(Fact::shape) {
        shape = with_bias(&shape, &bias).ok_or_else(|| {
            let message = format!("`linear` cannot add a bias of shape {bias} to a result of shape {shape}");
            Mismatch::new(Code::ShapeMismatch, message).argument(2)
        })?;
    }
    Ok(Fact::Tensor { element, shape: Some(shape) })
}

fn einsum(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let element = common_element(arguments.rest());
    let Fact::String(Some(text)) = arguments.fact(0) else { return Ok(Fact::Tensor { element, shape: None }) };
    let shapes: Vec<Option<Shape>> = arguments.rest().iter().map(Fact::shape).collect();
    let shape = Equation::parse(text)?.shape(text, &shapes, arguments.rest_slot(0))?;
    Ok(Fact::Tensor { element, shape })
}

/// Which of the two arguments of `embedding` is the table: the first, unless
/// only the second can be.
pub fn table_slot(first: &Fact, second: &Fact) -> usize {
    usize::from(!can_be_table(first) && can_be_table(second))
}

fn can_be_table(fact: &Fact) -> bool {
    match fact {
        Fact::Tensor { shape, .. } => shape.as_ref().is_none_or(|shape| shape.rank() == 2),
        Fact::Handle(HandleKind::Feature) | Fact::Unknown => true,
        _ => false,
    }
}

fn embedding(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let slot = table_slot(arguments.fact(0), arguments.fact(1));
    let (table, ids) = (arguments.fact(slot), arguments.fact(1 - slot));
    if matches!(table, Fact::Unknown | Fact::Tensor { shape: None, .. }) && slot == 0 && can_be_table(ids) {
        return Ok(Fact::shaped(None));
    }
    let element = table.element();
    let width = match table {
        Fact::Tensor { shape: Some(shape), .. } => match &shape.0[..] {
            [_, width] => width.clone(),
            _ => {
                let message = format!("`embedding` needs a table of 2 axes, [v, d], found {}", table.describe());
                return Err(Mismatch::new(Code::RankMismatch, message).argument(slot));
            }
        },
        Fact::Tensor { .. } | Fact::Unknown | Fact::Handle(HandleKind::Feature) => Dim::Unknown,
        other => return Err(wrong_kind("embedding", "a tensor [v, d]", "table", other, slot)),
    };
    let rows = match table {
        Fact::Tensor { shape: Some(shape), .. } => shape.0[0].clone(),
        _ => Dim::Unknown,
    };
    let known: Vec<i64> = match ids {
        Fact::Integer(_) | Fact::Float(_) => ids.integer().into_iter().collect(),
        Fact::Array { integers: Some(integers), .. } => integers.iter().flatten().filter_map(Size::known).collect(),
        _ => Vec::new(),
    };
    if let (Some(id), Some(rows)) = (known.iter().find(|id| outside(**id, &rows)), rows.known()) {
        return Err(no_row(*id, rows, 1 - slot));
    }
    let shape = match ids.shape() {
        // Whatever the array holds is a list of ids.
        None if matches!(ids, Fact::Array { .. }) => Some(vec![ids.list_len(), width]),
        // A 0-d tensor stands where a number may.
        Some(shape) if shape.rank() == 0 => Some(vec![Dim::Known(1), width]),
        Some(shape) => Some(shape.0.into_iter().chain([width]).collect()),
        None => None,
    };
    Ok(Fact::Tensor { element, shape: shape.map(Shape) })
}

fn outside(id: i64, rows: &Dim) -> bool {
    rows.known().is_some_and(|rows| usize::try_from(id).map_or(true, |id| id >= rows))
}

/// The mismatch of an id that a table of `rows` rows does not have.
pub fn no_row(id: i64, rows: usize, slot: usize) -> Mismatch {
    let message = format!("`embedding` finds no row for the id {id}: the table has {rows} rows");
    Mismatch::new(Code::IndexOutOfRange, message)
        .argument(slot)
        .help("load the tokenizer that belongs to the model: `load_tokenizer(model)` takes the one in its file")
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;
    use crate::shape::ElementType;

    #[test]
    fn products_need_equal_inner_sizes() {
        let entry = LinearAlgebra::Matmul.entry();
        check(entry, &[tensor("3 4"), tensor("4 2")], Ok(tensor("3 2")));
        check(entry, &[tensor("5 1 3 4"), tensor("7 4 2")], Ok(tensor("5 7 3 2")));
        check(entry, &[tensor("4"), tensor("4 2")], Ok(tensor("2")));
        check(entry, &[tensor("3 4"), tensor("4")], Ok(tensor("3")));
        check(entry, &[tensor("? 4"), tensor("? 2")], Ok(tensor("? 2")));
        let message = "`matmul` needs equal inner sizes: left is [3, 4], right is [5, 2]";
        check(entry, &[tensor("3 4"), tensor("5 2")], Err((Code::ShapeMismatch, message)));
        let message = "`matmul` needs tensors with axes, found the Integer 2";
        check(entry, &[tensor("3 4"), int(2)], Err((Code::RankMismatch, message)));
    }

    #[test]
    fn a_transposed_weight_is_recognised() {
        let help = matmul_rule("@", &tensor("5 2048"), &tensor("256 2048")).unwrap_err().help;
        assert_eq!(help.as_deref(), Some("did you mean `linear`, which multiplies by the transpose?"));
    }

    #[test]
    fn linear_multiplies_by_the_transpose() {
        let entry = LinearAlgebra::Linear.entry();
        check(entry, &[tensor("5 8"), tensor("3 8")], Ok(tensor("5 3")));
        check(entry, &[tensor("8"), tensor("3 8"), tensor("3")], Ok(tensor("3")));
        check(entry, &[tensor("2 5 8"), tensor("3 8"), tensor("5 3")], Ok(tensor("2 5 3")));
        let half = Fact::tensor(ElementType::Float16, shape("3 8"));
        check(entry, &[tensor("5 8"), half], Ok(Fact::shaped(Some(shape("5 3")))));
        let message = "`linear` needs equal input sizes: x is [5, 3], weight is [3, 8], so 3 meets 8";
        check(entry, &[tensor("5 3"), tensor("3 8")], Err((Code::ShapeMismatch, message)));
        let message = "`linear` needs a weight of 2 axes, [out, in], found float32[8]";
        check(entry, &[tensor("5 8"), tensor("8")], Err((Code::RankMismatch, message)));
        let message = "`linear` needs a bias of shape [3] for 3 output features, found [4]";
        check(entry, &[tensor("5 8"), tensor("3 8"), tensor("4")], Err((Code::ShapeMismatch, message)));
    }

    #[test]
    fn rows_are_looked_up() {
        let entry = LinearAlgebra::Embedding.entry();
        check(entry, &[tensor("10 4"), int(3)], Ok(tensor("1 4")));
        check(entry, &[tensor("10 4"), ints(&[1, 2])], Ok(tensor("2 4")));
        check(entry, &[tensor("10 4"), tensor("2 3")], Ok(tensor("2 3 4")));
        check(entry, &[Fact::Tokens(Dim::Known(7)), tensor("10 4")], Ok(tensor("7 4")));
        let message = "`embedding` finds no row for the id 10: the table has 10 rows";
        check(entry, &[tensor("10 4"), ints(&[1, 10])], Err((Code::IndexOutOfRange, message)));
        let message = "`embedding` needs a table of 2 axes, [v, d], found float32[10]";
        check(entry, &[tensor("10"), int(3)], Err((Code::RankMismatch, message)));
        let message = "`embedding` needs a tensor [v, d] for `table`, found the Integer 1";
        check(entry, &[int(1), int(3)], Err((Code::ArgumentType, message)));
    }

    #[test]
    fn equations_are_checked() {
        let entry = LinearAlgebra::Einsum.entry();
        check(entry, &[text("ihd,jhd->ihj"), tensor("5 4 8"), tensor("7 4 8")], Ok(tensor("5 4 7")));
        let message = "`einsum` needs one size for `j` in `ij,jk->ik`: operand 0 has 3, operand 1 has 4";
        check(entry, &[text("ij,jk->ik"), tensor("2 3"), tensor("4 5")], Err((Code::EinsumMismatch, message)));
    }
}
