//! Normalization: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::normalization::Normalization;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::Stop;
use crate::value::Value;

/// What is added under the root where neither script nor model says.
const EPSILON: f64 = 1e-6;

/// Runs one normalization.
pub fn call(which: Normalization, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        Normalization::RmsNorm => {
            let epsilon = match arguments.get(2) {
                Some(_) => arguments.float(2)?,
                None => model_epsilon(arguments.value(1)).unwrap_or(EPSILON),
            };
            let (x, weight) = (arguments.tensor(context, 0)?, arguments.tensor(context, 1)?);
            Ok(Value::Tensor(x.rms_norm(Some(&weight), epsilon)?))
        }
    }
}

/// The epsilon that the model states to which a weight belongs.
fn model_epsilon(weight: &Value) -> Option<f64> {
    let Value::Weight(model, _) = weight else { return None };
    model.file().index().of_architecture("attention.layer_norm_rms_epsilon")?.number()
}
