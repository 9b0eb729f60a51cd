//! Indexing: see the catalogue's family of the same name.

use std::ops::Range;
use std::sync::Arc;

use tensorlogic_language::catalogue::indexing::{Cut, Indexing, cut};

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::value::{Array, Value};

/// Runs one builtin that takes parts.
pub fn call(which: Indexing, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    if which == Indexing::Slice {
        return Ok(slice(context, arguments)?);
    }
    let x = arguments.tensor(context, 0)?;
    let axis = arguments.axis(1, x.rank())?.unwrap_or(0);
    let last = x.shape().get(axis).copied().unwrap_or(0).saturating_sub(1);
    Ok(Value::Tensor(match which {
        Indexing::SliceLast => x.entry(axis, last)?,
        Indexing::GetLastPosition | Indexing::Slice => x.narrow(axis, last..last + 1)?,
    }))
}

fn slice(context: &Context, arguments: &Arguments) -> Result<Value, Failure> {
    let (first, second) = (arguments.integer(1)?, arguments.integer(2)?);
    let third = arguments.optional_integer(3)?;
    let range = |len: usize| -> Result<Range<usize>, Failure> {
        match cut(&[len], first, second, third)? {
            Cut::Axis { start, end, .. } | Cut::Row { start, end, .. } => Ok(start..end),
        }
    };
    Ok(match arguments.value(0) {
        Value::Array(array) => {
            let range = range(array.len())?;
            Value::Array(Arc::new(match &**array {
                Array::Integer(all) => Array::Integer(all[range].to_vec()),
                Array::Float(all) => Array::Float(all[range].to_vec()),
                Array::String(all) => Array::String(all[range].to_vec()),
                Array::Boolean(all) => Array::Boolean(all[range].to_vec()),
                Array::Tensor(all) => Array::Tensor(all[range].to_vec()),
            }))
        }
        Value::Tokens(ids) => Value::Tokens(Arc::new(ids[range(ids.len())?].to_vec())),
        Value::String(text) => {
            let range = range(text.chars().count())?;
            Value::string(text.chars().skip(range.start).take(range.len()).collect::<String>())
        }
        x => {
            let x = context.tensor(x)?;
            Value::Tensor(match cut(x.shape(), first, second, third)? {
                Cut::Axis { axis, start, end } => x.narrow(axis, start..end)?,
                Cut::Row { row, start, end } => x.entry(0, row)?.narrow(0, start..end)?,
            })
        }
    })
}
