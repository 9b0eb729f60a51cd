//! Fused operations: two steps under one name. They broadcast as operators do.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::linear_algebra::matmul_rule;
use super::operands::broadcast_all;
use super::rules::common_element;
use crate::diagnostic::Code;
use crate::shape::{Mismatch, broadcast};

/// The fused operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fused {
    /// relu(a + b).
    AddRelu,
    /// relu(a · b).
    MulRelu,
    /// x · scale + bias.
    Affine,
    /// gelu(x) @ weight + bias.
    GeluLinear,
}

impl Fused {
    /// Every builtin of the family.
    pub const ALL: &[Fused] = &[Fused::AddRelu, Fused::MulRelu, Fused::Affine, Fused::GeluLinear];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Fused::AddRelu => &Entry {
                name: "fused_add_relu",
                spellings: &[],
                parameters: PAIR,
                result: "a tensor of the broadcast shape",
                summary: "relu(a + b).",
                documentation: "",
                example: "print(fused_add_relu([1, -2], [1, 1]))",
                prints: "[2, 0]",
                rule: |a| broadcast_all("fused_add_relu", &["a", "b"], a),
            },
            Fused::MulRelu => &Entry {
                name: "fused_mul_relu",
                spellings: &[],
                parameters: PAIR,
                result: "a tensor of the broadcast shape",
                summary: "relu(a · b), element by element.",
                documentation: "",
                example: "print(fused_mul_relu([1, -2], [3, 4]))",
                prints: "[3, 0]",
                rule: |a| broadcast_all("fused_mul_relu", &["a", "b"], a),
            },
            Fused::Affine => &Entry {
                name: "fused_affine",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Tensor),
                        Parameter::required("scale", Accepts::Tensor),
                        Parameter::required("bias", Accepts::Tensor),
                    ]
                },
                result: "a tensor of the broadcast shape",
                summary: "x · scale + bias, element by element.",
                documentation: "",
                example: "print(fused_affine([1, 2], [3, 4], [10, 10]))",
                prints: "[13, 18]",
                rule: |a| broadcast_all("fused_affine", &["x", "scale", "bias"], a),
            },
            Fused::GeluLinear => &Entry {
                name: "fused_gelu_linear",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Tensor),
                        Parameter::required("weight", Accepts::Tensor),
                        Parameter::required("bias", Accepts::Tensor),
                    ]
                },
                result: "a tensor [..., n]",
                summary: "gelu(x) @ weight + bias: x [..., k] and weight [k, n] give [..., n].",
                documentation: "Unlike in `linear` the weight is not transposed, and the activation comes before the product.",
                example: "print(fused_gelu_linear([[0, 0]], [[1, 2, 3], [4, 5, 6]], [7, 8, 9]))",
                prints: "[[7, 8, 9]]",
                rule: gelu_linear,
            },
        }
    }
}

const PAIR: &[Parameter] = &[Parameter::required("a", Accepts::Tensor), Parameter::required("b", Accepts::Tensor)];

fn gelu_linear(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let bias = arguments.fact(2);
    let product = matmul_rule("fused_gelu_linear", arguments.fact(0), arguments.fact(1))?;
    let shape = match (product.shape(), bias.shape()) {
        (Some(product), Some(bias)) => match broadcast(&product, &bias) {
            Some(sum) if sum.rank() == product.rank() => Some(sum),
            _ => {
                let message =
                    format!("`fused_gelu_linear` cannot add a bias of shape {bias} to a product of shape {product}");
                return Err(Mismatch::new(Code::ShapeMismatch, message).argument(2));
            }
        },
        _ => None,
    };
    Ok(Fact::Tensor { element: common_element([&product, bias]), shape })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn fused_operations_have_the_shapes_of_their_steps() {
        let entry = |name: &str| super::super::find(name).unwrap().entry();
        check(entry("fused_affine"), &[tensor("n 3"), tensor("3"), tensor("1")], Ok(tensor("n 3")));
        let linear = entry("fused_gelu_linear");
        check(linear, &[tensor("n 3"), tensor("3 5"), tensor("5")], Ok(tensor("n 5")));
        let message = "`fused_gelu_linear` cannot add a bias of shape [3] to a product of shape [2, 5]";
        check(linear, &[tensor("2 3"), tensor("3 5"), tensor("3")], Err((Code::ShapeMismatch, message)));
    }
}
