//! Normalization: values brought to a common scale along their last axes.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::Fact;
use super::operands::number;
use super::rules::{Numbers, common_element};
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch, Shape};

/// The normalizations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Normalization {
    /// Division by the root of the mean square.
    RmsNorm,
    /// Mean 0 and variance 1.
    LayerNorm,
}

impl Normalization {
    /// Every normalization.
    pub const ALL: &[Normalization] = &[Normalization::RmsNorm, Normalization::LayerNorm];

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
            Normalization::LayerNorm => &Entry {
                name: "layer_norm",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("x", Accepts::Tensor),
                        Parameter::optional("gamma", Accepts::Tensor, "the last axis, not scaled"),
                        Parameter::optional("beta", Accepts::Tensor, "none"),
                        Parameter::optional("eps", Accepts::Number, "1e-5"),
                    ]
                },
                result: "a tensor of the same shape",
                summary: "(x - mean) / sqrt(variance + eps) · gamma + beta, over as many last axes as gamma has.",
                documentation: "Where `gamma` is no tensor it is the list of the sizes to normalize over, and the result is not scaled: `layer_norm(x, [768])`, also with `eps` next, `layer_norm(x, [768], 1e-5)`. The variance is divided by the count. <https://arxiv.org/abs/1607.06450>",
                example: "print(layer_norm([[1, 3]], eps = 0))\nprint(layer_norm([[1, 3]], ones([2]) * 10, [1, 1], 0))",
                prints: "[[-1, 1]]\n[[-9, 11]]",
                rule: layer_norm,
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

/// The sizes over which `layer_norm` takes its means, as far as its second argument
/// tells: those of gamma, or the listed ones.
pub fn normalized_sizes(gamma: &Fact) -> Option<Shape> {
    match gamma {
        Fact::Tensor { shape, .. } => shape.clone(),
        _ => match (gamma.size(), Numbers::of(gamma)) {
            (Some(size), _) => Some(Shape(vec![Dim::of(&size)?])),
            (None, Numbers::Each(sizes)) => {
                Some(Shape(sizes.iter().map(|s| s.as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)).collect()))
            }
            _ => None,
        },
    }
}

fn layer_norm(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let x = arguments.fact(0);
    let eps = if arguments.get(3).is_some() || arguments.shape(2).is_none_or(|beta| beta.rank() > 0) { 3 } else { 2 };
    number("layer_norm", (eps, "eps", "a number of at least 0"), arguments, |eps| eps >= 0.0)?;
    let Some(shape) = x.shape() else { return Ok(Fact::shaped(None)) };
    if shape.rank() == 0 {
        let message = format!("`layer_norm` needs a tensor with axes, found {}", x.describe());
        return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
    }
    let beta = arguments.get(2).filter(|_| eps == 3).and_then(Fact::shape);
    let gamma_sizes = arguments.get(1).and_then(normalized_sizes);
    for (slot, name, sizes) in [(1, "gamma", gamma_sizes), (2, "beta", beta)] {
        let Some(sizes) = sizes else { continue };
        let last = &shape.0[shape.rank().saturating_sub(sizes.rank())..];
        let fits = last.len() == sizes.rank() && last.iter().zip(&sizes.0).all(|(a, b)| a.unify(b).is_some());
        if sizes.rank() == 0 || !fits {
            let message =
                format!("`layer_norm` needs for `{name}` the last sizes of x, which is {shape}, found {sizes}");
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(slot));
        }
    }
    let scales = (1..3).filter_map(|slot| arguments.get(slot));
    let scales = scales.filter(|fact| matches!(fact, Fact::Tensor { .. } | Fact::Handle(_) | Fact::Unknown));
    let element = common_element([x].into_iter().chain(scales));
    Ok(Fact::Tensor { element, shape: Some(shape) })
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
