//! Reductions: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::reduction::Reduction;
use tensorlogic_language::shape::ElementType;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::Stop;
use crate::tensor::{Fold, Number, Tensor};
use crate::value::Value;

/// Runs one reduction.
pub fn call(which: Reduction, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    if let (Reduction::Max | Reduction::Min, Some(value)) = (which, of_two_numbers(which, arguments)) {
        return Ok(value);
    }
    if let (Reduction::Max | Reduction::Min, Value::Tensor(x), Some(other)) =
        (which, arguments.value(0), arguments.get(1))
        && x.rank() == 0
    {
        // A tensor of one element stands where a number may.
        let other = context.tensor(other)?.reshape(&[])?;
        let larger = if which == Reduction::Max { x.maximum(&other)? } else { x.minimum(&other)? };
        return Ok(Value::Tensor(larger));
    }
    let x = arguments.tensor(context, 0)?;
    let axis = arguments.axis(1, x.rank())?;
    let keep = arguments.flag(2, false)?;
    let fold = match which {
        Reduction::Sum => Fold::Sum,
        Reduction::Mean => Fold::Mean,
        Reduction::Max => Fold::Max,
        Reduction::Min => Fold::Min,
        Reduction::Argmax | Reduction::Argmin => {
            let largest = which == Reduction::Argmax;
            return Ok(match axis {
                None => Value::Integer(if largest { x.argmax()? } else { x.argmin()? } as i64),
                Some(axis) => Value::Tensor(x.arg_axis(largest, axis, keep)?),
            });
        }
        Reduction::All => return Ok(Value::Boolean(x.all()?)),
        Reduction::Any => return Ok(Value::Boolean(x.any()?)),
        Reduction::Norm => {
            let norm = Number::Float(x.norm()?);
            return Ok(Value::Tensor(Tensor::filled(norm, &[], ElementType::Float32, &context.device)?));
        }
    };
    Ok(Value::Tensor(match axis {
        None => x.fold(fold)?,
        Some(axis) => x.fold_axis(fold, axis, keep)?,
    }))
}

/// `max(a, b)` of two numbers keeps their kind.
fn of_two_numbers(which: Reduction, arguments: &Arguments) -> Option<Value> {
    let first_wins = |a: f64, b: f64| a.is_nan() || if which == Reduction::Max { a >= b } else { a <= b };
    match (arguments.value(0), arguments.value(1)) {
        (Value::Integer(a), Value::Integer(b)) => {
            Some(Value::Integer(if which == Reduction::Max { *a.max(b) } else { *a.min(b) }))
        }
        (a @ (Value::Integer(_) | Value::Float(_)), b @ (Value::Integer(_) | Value::Float(_))) => {
            let (a, b) = (a.to_float().ok()?, b.to_float().ok()?);
            Some(Value::Float(if first_wins(a, b) { a } else { b }))
        }
        _ => None,
    }
}
