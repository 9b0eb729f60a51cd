//! Functions of one element: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::math::Math;

use super::arguments::Arguments;
use super::conversion::to_int;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Unary;
use crate::value::Value;

/// Runs one function of one element.
pub fn call(which: Math, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    Ok(match arguments.value(0) {
        Value::Integer(n) => of_integer(which, *n)?,
        Value::Float(x) => of_float(which, *x)?,
        _ => {
            let x = arguments.tensor(context, 0)?;
            match function(which) {
                Some(function) => Value::Tensor(x.map(function)?),
                None => Value::Boolean(x.count_non_finite()? == (0, 0)),
            }
        }
    })
}

/// What is applied to each element; `None` for the question about all of them.
fn function(which: Math) -> Option<Unary> {
    Some(match which {
        Math::Exp => Unary::Exp,
        Math::Log => Unary::Log,
        Math::Sqrt => Unary::Sqrt,
        Math::Sin => Unary::Sin,
        Math::Cos => Unary::Cos,
        Math::Tan => Unary::Tan,
        Math::Abs => Unary::Abs,
        Math::Sign => Unary::Sign,
        Math::Floor => Unary::Floor,
        Math::Ceil => Unary::Ceil,
        Math::Round => Unary::Round,
        Math::IsFinite => return None,
    })
}

fn of_integer(which: Math, n: i64) -> Result<Value, Failure> {
    match which {
        Math::Abs => n.checked_abs().map(Value::Integer).ok_or_else(|| {
            Failure::runtime(format!("`abs` of {n} does not fit into a 64-bit Integer")).help("compute with Floats")
        }),
        Math::Sign => Ok(Value::Integer(n.signum())),
        Math::Floor | Math::Ceil | Math::Round => Ok(Value::Integer(n)),
        _ => of_float(which, n as f64),
    }
}

fn of_float(which: Math, x: f64) -> Result<Value, Failure> {
    let whole = |x: f64| to_int(&Value::Float(x)).map(Value::Integer);
    match which {
        Math::Exp => Ok(Value::Float(x.exp())),
        Math::Log => Ok(Value::Float(x.ln())),
        Math::Sqrt => Ok(Value::Float(x.sqrt())),
        Math::Sin => Ok(Value::Float(x.sin())),
        Math::Cos => Ok(Value::Float(x.cos())),
        Math::Tan => Ok(Value::Float(x.tan())),
        Math::Abs => Ok(Value::Float(x.abs())),
        Math::Sign => Ok(Value::Float(if x == 0.0 || x.is_nan() { x } else { x.signum() })),
        Math::Floor => whole(x.floor()),
        Math::Ceil => whole(x.ceil()),
        Math::Round => whole(x.round()),
        Math::IsFinite => Ok(Value::Boolean(x.is_finite())),
    }
}
