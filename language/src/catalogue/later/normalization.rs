//! Normalization over the rows of a batch.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::Fact;
use crate::catalogue::operands::number;
use crate::catalogue::rules::common_element;
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch};

pub(super) const ENTRIES: &[Entry] = &[Entry {
    name: "batch_norm",
    spellings: &[],
    parameters: &[
        Parameter::required("x", Accepts::Tensor),
        Parameter::required("gamma", Accepts::Tensor),
        Parameter::required("beta", Accepts::Tensor),
        Parameter::optional("eps", Accepts::Number, "1e-5"),
    ],
    result: "a tensor of the same shape",
    summary: "(x - mean) / sqrt(variance + eps) · gamma + beta, for each feature over all rows of x [n, f] or [n, f, ...].",
    documentation: "Mean and variance (divided by the count) are those of this batch. `gamma` and `beta` have one entry for each feature. <https://arxiv.org/abs/1502.03167>",
    example: "print(batch_norm([[1, 5], [3, 9]], [1, 1], [0, 2], 0))",
    prints: "[[-1, 1], [1, 3]]",
    rule: batch_norm,
}];

fn batch_norm(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    const FUNCTION: &str = "batch_norm";
    number(FUNCTION, (3, "eps", "a number of at least 0"), arguments, |eps| eps >= 0.0)?;
    let x = arguments.fact(0);
    let shape = x.shape();
    let features = match shape.as_ref().map(|shape| &shape.0[..]) {
        None => Dim::Unknown,
        Some([_, features, ..]) => features.clone(),
        Some(_) => {
            let message = format!("`{FUNCTION}` needs at least 2 axes, [n, f, ...], for `x`, found {}", x.describe());
            return Err(Mismatch::new(Code::RankMismatch, message).argument(0));
        }
    };
    for (slot, name) in [(1, "gamma"), (2, "beta")] {
        let fits = |sizes: &[Dim]| matches!(sizes, [size] if size.unify(&features).is_some());
        if let Some(found) = arguments.shape(slot)
            && !fits(&found.0)
        {
            let message = format!("`{FUNCTION}` needs the shape [{features}] for `{name}`, found {found}");
            return Err(Mismatch::new(Code::ShapeMismatch, message).argument(slot));
        }
    }
    Ok(Fact::Tensor { element: common_element((0..3).map(|slot| arguments.fact(slot))), shape })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;

    #[test]
    fn features_have_their_scale() {
        let entry = &ENTRIES[0];
        check(entry, &[tensor("n 8 3"), tensor("8"), tensor("8")], Ok(tensor("n 8 3")));
        let message = "`batch_norm` needs the shape [8] for `beta`, found [3]";
        check(entry, &[tensor("n 8 3"), tensor("8"), tensor("3")], Err((Code::ShapeMismatch, message)));
    }
}
