//! Normalization: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::normalization::Normalization;

use super::arguments::Arguments;
use super::creation::sizes;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::Value;

/// What is added under the root where neither script nor model says.
const EPSILON: f64 = 1e-6;

/// What `layer_norm` adds under the root unless it is told.
const LAYER_EPSILON: f64 = 1e-5;

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
        Normalization::LayerNorm => Ok(Value::Tensor(layer_norm(context, arguments)?)),
    }
}

fn layer_norm(context: &Context, arguments: &Arguments) -> Result<Tensor, Failure> {
    let x = arguments.tensor(context, 0)?;
    let beta = match arguments.get(2) {
        Some(_) => Some(arguments.tensor(context, 2)?),
        None => None,
    };
    // Behind a list of sizes a number is the epsilon.
    let (beta, epsilon) = match beta {
        Some(number) if number.rank() == 0 && arguments.get(3).is_none() => (None, arguments.float(2)?),
        beta if arguments.get(3).is_some() => (beta, arguments.float(3)?),
        beta => (beta, LAYER_EPSILON),
    };
    let gamma = match arguments.value(1) {
        Value::Tensor(_) | Value::Weight(..) => Some(arguments.tensor(context, 1)?),
        Value::Void => None,
        _ => {
            let sizes = sizes(arguments, 1)?;
            Some(Tensor::ones(&sizes, context.default_element, &context.device)?.weak())
        }
    };
    Ok(x.layer_norm(gamma.as_ref(), beta.as_ref(), epsilon)?)
}

/// The epsilon that the model states to which a weight belongs.
fn model_epsilon(weight: &Value) -> Option<f64> {
    let Value::Weight(model, _) = weight else { return None };
    model.file().index().of_architecture("attention.layer_norm_rms_epsilon")?.number()
}
