//! Activations: functions of every element, and softmax, which divides by the
//! sum along an axis. Integers and truth values become float32.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::rules::{self, float_of};
use crate::diagnostic::Code;
use crate::shape::{ElementType, Mismatch};

/// The activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activation {
    /// 1 / (1 + e^-x).
    Sigmoid,
    /// x · sigmoid(x).
    Silu,
    /// x where it is above 0.
    Relu,
    /// The smooth relu of transformers.
    Gelu,
    /// The hyperbolic tangent.
    Tanh,
    /// Powers of e that sum to 1.
    Softmax,
    /// The logarithm of softmax.
    LogSoftmax,
}

impl Activation {
    /// Every activation.
    pub const ALL: &[Activation] = &[
        Activation::Sigmoid,
        Activation::Silu,
        Activation::Relu,
        Activation::Gelu,
        Activation::Tanh,
        Activation::Softmax,
        Activation::LogSoftmax,
    ];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Activation::Sigmoid => &Entry {
                name: "sigmoid",
                spellings: &[],
                parameters: X,
                result: "a tensor of the same shape",
                summary: "1 / (1 + e^-x) of every element.",
                documentation: "",
                example: "print(sigmoid([0, 100]))",
                prints: "[0.5, 1]",
                rule: elementwise,
            },
            Activation::Silu => &Entry {
                name: "silu",
                spellings: &["cndl_silu"],
                parameters: X,
                result: "a tensor of the same shape",
                summary: "x · sigmoid(x) of every element, the activation of SwiGLU networks.",
                documentation: "Also called swish. <https://arxiv.org/abs/1702.03118>",
                example: "print(silu([0, 100]))",
                prints: "[0, 100]",
                rule: elementwise,
            },
            Activation::Relu => &Entry {
                name: "relu",
                spellings: &["cndl_relu"],
                parameters: X,
                result: "a tensor of the same shape",
                summary: "The larger of x and 0, for every element.",
                documentation: "Integers stay integers.",
                example: "print(relu([-1.5, 2]))",
                prints: "[0, 2]",
                rule: relu,
            },
            Activation::Gelu => &Entry {
                name: "gelu",
                spellings: &["cndl_gelu"],
                parameters: X,
                result: "a tensor of the same shape",
                summary: "x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))) of every element.",
                documentation: "This is the usual approximation of x · Φ(x), with the normal distribution Φ. <https://arxiv.org/abs/1606.08415>",
                example: "print(gelu([0, 100]))",
                prints: "[0, 100]",
                rule: elementwise,
            },
            Activation::Tanh => &Entry {
                name: "tanh",
                spellings: &["cndl_tanh"],
                parameters: X,
                result: "a tensor of the same shape",
                summary: "The hyperbolic tangent of every element.",
                documentation: "",
                example: "print(tanh([0, 100]))",
                prints: "[0, 1]",
                rule: elementwise,
            },
            Activation::Softmax => &Entry {
                name: "softmax",
                spellings: &["cndl_softmax"],
                parameters: ALONG,
                result: "a tensor of the same shape",
                summary: "e^x divided by its sum along an axis, the last one unless another is named.",
                documentation: "The largest x is subtracted before, so that nothing overflows. Attention scores [q, heads, k] take the key axis, 2. A line of nothing but -inf gives zeros.",
                example: "print(softmax([1, 1]))\nprint(softmax([[1, 2], [1, 2]], 0))",
                prints: "[0.5, 0.5]\n[[0.5, 0.5], [0.5, 0.5]]",
                rule: |a| along("softmax", a),
            },
            Activation::LogSoftmax => &Entry {
                name: "log_softmax",
                spellings: &["cndl_log_softmax"],
                parameters: ALONG,
                result: "a tensor of the same shape",
                summary: "The logarithm of softmax along an axis, the last one unless another is named.",
                documentation: "Computed as x - log(sum(e^x)), which is exact where softmax is nearly 0.",
                example: "print(exp(log_softmax([1, 1])))",
                prints: "[0.5, 0.5]",
                rule: |a| along("log_softmax", a),
            },
        }
    }
}

const X: &[Parameter] = &[Parameter::required("x", Accepts::Tensor)];
const ALONG: &[Parameter] =
    &[Parameter::required("x", Accepts::Tensor), Parameter::optional("axis", Accepts::Integer, "-1")];

fn elementwise(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(Fact::Tensor { element: float_of(arguments.fact(0).element()), shape: arguments.shape(0) })
}

fn relu(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let element = arguments.fact(0).element().filter(|element| *element != ElementType::Bool);
    Ok(Fact::Tensor { element, shape: arguments.shape(0) })
}

fn along(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let axis = arguments.get(1).map_or(Some(-1), Fact::integer);
    if let Some(shape) = arguments.shape(0) {
        if shape.rank() == 0 {
            let message = format!("`{function}` needs a tensor with axes, found {}", arguments.fact(0).describe());
            return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
        }
        if let Some(axis) = axis {
            rules::axis(function, axis, shape.rank(), 1)?;
        }
    }
    elementwise(arguments)
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn shapes_stay() {
        check(Activation::Silu.entry(), &[tensor("2 ?")], Ok(tensor("2 ?")));
        let half = Fact::tensor(ElementType::Float16, shape("3"));
        check(Activation::Sigmoid.entry(), std::slice::from_ref(&half), Ok(half.clone()));
        let whole = Fact::tensor(ElementType::Int64, shape("3"));
        check(Activation::Sigmoid.entry(), &[whole], Ok(tensor("3")));
    }

    #[test]
    fn softmax_needs_its_axis() {
        let entry = Activation::Softmax.entry();
        check(entry, &[tensor("5 4 5"), int(2)], Ok(tensor("5 4 5")));
        let message = "`softmax` finds no axis 3: the tensor has axes 0 to 2";
        check(entry, &[tensor("5 4 5"), int(3)], Err((Code::IndexOutOfRange, message)));
        let message = "`softmax` needs a tensor with axes, found the Integer 2";
        check(entry, &[int(2)], Err((Code::RankMismatch, message)));
    }
}
