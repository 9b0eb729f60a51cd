//! Normalization: values brought to a common scale along their last axes.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::rules::common_element;
use crate::diagnostic::Code;
use crate::shape::{Mismatch, Shape};

/// The normalizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Normalization {
    /// Division by the root of the mean square.
    RmsNorm,
}

impl Normalization {
    /// Every normalization.
    pub const ALL: &[Normalization] = &[Normalization::RmsNorm];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Normalization::RmsNorm => &Entry {
                name: "rms_norm",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Tensor),
                        Parameter::required("weight", Accepts::Tensor),
                        Parameter::optional("eps", Accepts::Number, "that of the weight's model, else 1e-6"),
                    ]
                },
                result: "a tensor of the same shape",
                summary: "x / sqrt(mean(x²) + eps) · weight, with the mean over as many last axes as the weight has.",
                documentation: "Without `eps` it is the one that the model states from which the weight came, else 1e-6. <https://arxiv.org/abs/1910.07467>",
                example: "print(rms_norm([[3, 3], [-5, 5]], [1, 2], 0))",
                prints: "[[1, 2], [-1, 2]]",
                rule: rms_norm,
            },
        }
    }
}

fn rms_norm(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let (x, weight) = (arguments.fact(0), arguments.fact(1));
    if let Some(eps) = arguments.fact(2).number()
        && (eps.is_nan() || eps < 0.0)
    {
        let message = format!("`rms_norm` needs an `eps` of at least 0, found {eps}");
        return Err(Mismatch::new(Code::ArgumentType, message).argument(2));
    }
    if let (Some(x_shape), Some(weight_shape)) = (x.shape(), weight.shape()) {
        if x_shape.rank() == 0 {
            let message = format!("`rms_norm` needs a tensor with axes, found {}", x.describe());
            return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
        }
        if weight_shape.rank() == 0 || weight_shape.rank() > x_shape.rank() {
            let message = format!(
                "`rms_norm` needs a weight of 1 to {} axes for x of shape {x_shape}, found {}",
                x_shape.rank(),
                weight.describe()
            );
            return Err(Mismatch::new(Code::RankMismatch, message).argument(1));
        }
        let last = Shape(x_shape.0[x_shape.rank() - weight_shape.rank()..].to_vec());
        if last.0.iter().zip(&weight_shape.0).any(|(a, b)| a.unify(b).is_none()) {
            let message = format!(
                "`rms_norm` needs a weight of shape {last} for x of shape {x_shape}, found a weight of shape {weight_shape}"
            );
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(1));
        }
    }
    Ok(Fact::Tensor { element: common_element([x, weight]), shape: x.shape() })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn weights_have_the_last_sizes() {
        let entry = Normalization::RmsNorm.entry();
        check(entry, &[tensor("5 8"), tensor("8")], Ok(tensor("5 8")));
        check(entry, &[tensor("5 4 8"), tensor("4 8")], Ok(tensor("5 4 8")));
        let message = "`rms_norm` needs a weight of shape [8] for x of shape [5, 8], found a weight of shape [4]";
        check(entry, &[tensor("5 8"), tensor("4")], Err((Code::ShapeMismatch, message)));
        let message = "`rms_norm` needs a weight of 1 to 1 axes for x of shape [8], found float32[1, 8]";
        check(entry, &[tensor("8"), tensor("1 8")], Err((Code::RankMismatch, message)));
        let message = "`rms_norm` needs an `eps` of at least 0, found -1";
        check(entry, &[tensor("5 8"), tensor("8"), int(-1)], Err((Code::ArgumentType, message)));
    }
}
