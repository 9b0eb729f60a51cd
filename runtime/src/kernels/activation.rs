//! Activations: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::activation::Activation;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::Stop;
use crate::tensor::Unary;
use crate::value::Value;

/// Runs one activation.
pub fn call(which: Activation, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let x = arguments.tensor(context, 0)?;
    Ok(Value::Tensor(match which {
        Activation::Sigmoid => x.map(Unary::Sigmoid)?,
        Activation::Silu => x.map(Unary::Silu)?,
        Activation::Softmax => {
            let last = x.rank().saturating_sub(1);
            x.softmax(arguments.axis(1, x.rank())?.unwrap_or(last))?
        }
    }))
}
