//! Reductions: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::reduction::Reduction;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::Stop;
use crate::tensor::Tensor;
use crate::value::Value;

/// Runs one reduction.
pub fn call(which: Reduction, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    if let (Reduction::Max | Reduction::Min, Some(value)) = (which, of_two_numbers(which, arguments)) {
        return Ok(value);
    }
    let x = arguments.tensor(context, 0)?;
    let axis = arguments.axis(1, x.shape().len())?;
    let keep = arguments.flag(2, false)?;
    let reduced = match (which, axis) {
        (Reduction::Sum, None) => x.sum_all(),
        (Reduction::Sum, Some(axis)) => x.sum_axis(axis),
        (Reduction::Mean, None) => x.mean_all(),
        (Reduction::Mean, Some(axis)) => x.mean_axis(axis),
        (Reduction::Max, None) => x.max_all(),
        (Reduction::Max, Some(axis)) => x.max_axis(axis),
        (Reduction::Min, None) => x.min_all(),
        (Reduction::Min, Some(axis)) => x.min_axis(axis),
        (Reduction::Argmax, None) => return Ok(Value::Integer(x.argmax_all() as i64)),
        (Reduction::Argmax, Some(axis)) => x.argmax_axis(axis),
    };
    Ok(Value::Tensor(match axis {
        Some(axis) if keep => restore_axis(&reduced, axis),
        _ => reduced,
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

fn restore_axis(reduced: &Tensor, axis: usize) -> Tensor {
    let mut shape = reduced.shape().to_vec();
    shape.insert(axis, 1);
    reduced.reshape(&shape)
}
