//! Activations: functions of every element, and softmax, which divides by the
//! sum along an axis. Integers and truth values become float32.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::rules::{self, float_of};
use crate::diagnostic::Code;
use crate::shape::Mismatch;

/// The activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activation {
    /// 1 / (1 + e^-x).
    Sigmoid,
    /// x · sigmoid(x).
    Silu,
    /// Powers of e that sum to 1.
    Softmax,
}

impl Activation {
    /// Every activation.
    pub const ALL: &[Activation] = &[Activation::Sigmoid, Activation::Silu, Activation::Softmax];

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
            Activation::Softmax => &Entry {
                name: "softmax",
                spellings: &["cndl_softmax"],
                parameters: const {
                    &[Parameter::required("x", Accepts::Tensor), Parameter::optional("axis", Accepts::Integer, "-1")]
                },
                result: "a tensor of the same shape",
                summary: "e^x divided by its sum along an axis, the last one unless another is named.",
                documentation: "The largest x is subtracted before, so that nothing overflows. Attention scores [q, heads, k] take the key axis, 2. A line of nothing but -inf gives zeros.",
                example: "print(softmax([1, 1]))\nprint(softmax([[1, 2], [1, 2]], 0))",
                prints: "[0.5, 0.5]\n[[0.5, 0.5], [0.5, 0.5]]",
                rule: softmax,
            },
        }
    }
}

const X: &[Parameter] = &[Parameter::required("x", Accepts::Tensor)];

fn elementwise(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(Fact::Tensor { element: float_of(arguments.fact(0).element()), shape: arguments.shape(0) })
}

fn softmax(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let axis = arguments.get(1).map_or(Some(-1), Fact::integer);
    if let Some(shape) = arguments.shape(0) {
        if shape.rank() == 0 {
            let message = format!("`softmax` needs a tensor with axes, found {}", arguments.fact(0).describe());
            return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
        }
        if let Some(axis) = axis {
            rules::axis("softmax", axis, shape.rank(), 1)?;
        }
    }
    elementwise(arguments)
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;
    use crate::shape::ElementType;

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
