//! Attention: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::attention::Attention;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::Value;

/// Runs one builtin of attention.
pub fn call(which: Attention, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        Attention::RepeatKv => Ok(Value::Tensor(repeat_heads(&arguments.tensor(context, 0)?, arguments.size(1)?)?)),
    }
}

/// `[s, heads, d]` with every head `n` times, one behind the other.
fn repeat_heads(x: &Tensor, n: usize) -> Result<Tensor, Failure> {
    let [rows, heads, size] = *x.shape() else {
        return Err(Failure::runtime(format!("`repeat_kv` needs 3 axes, found {:?}", x.shape())));
    };
    Ok(x.reshape(&[rows, heads, 1, size])?.broadcast_to(&[rows, heads, n, size])?.reshape(&[rows, heads * n, size])?)
}
