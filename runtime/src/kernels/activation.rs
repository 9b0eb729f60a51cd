//! Activations: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::activation::Activation;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::{Tensor, Unary};
use crate::value::Value;

/// Runs one activation.
pub fn call(which: Activation, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let x = arguments.tensor(context, 0)?;
    Ok(Value::Tensor(match which {
        Activation::Sigmoid => x.map(Unary::Sigmoid)?,
        Activation::Silu => x.map(Unary::Silu)?,
        Activation::Relu => x.map(Unary::Relu)?,
        Activation::Gelu => x.map(Unary::Gelu)?,
        Activation::Tanh => x.map(Unary::Tanh)?,
        Activation::Softmax => x.softmax(along(&x, arguments)?)?,
        Activation::LogSoftmax => x.log_softmax(along(&x, arguments)?)?,
    }))
}

/// The axis that is named, else the last one.
fn along(x: &Tensor, arguments: &Arguments) -> Result<usize, Failure> {
    Ok(arguments.axis(1, x.rank())?.unwrap_or(x.rank().saturating_sub(1)))
}
