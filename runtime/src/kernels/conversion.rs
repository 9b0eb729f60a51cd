//! Conversion: see the catalogue's family of the same name. Casts of the
//! language read numbers the same way.

use std::sync::Arc;

use tensorlogic_language::catalogue::conversion::Conversion;
use tensorlogic_language::diagnostic::Code;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Number;
use crate::text;
use crate::value::{Array, Value};

/// Runs one conversion.
pub fn call(which: Conversion, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let x = arguments.value(0);
    Ok(match which {
        Conversion::ToInt => Value::Integer(to_int(x)?),
        Conversion::ToFloat => Value::Float(to_float(x)?),
        Conversion::Str => Value::string(text::of(x, context)?),
        Conversion::ToVec => Value::Array(Arc::new(to_vec(x, context)?)),
    })
}

/// The whole part of a number; the number that a text spells.
pub fn to_int(value: &Value) -> Result<i64, Failure> {
    match value {
        Value::Integer(n) => Ok(*n),
        Value::Boolean(b) => Ok(i64::from(*b)),
        Value::String(text) => text.trim().parse().map_err(|_| unreadable(text, "an Integer", "42")),
        _ => match number(value, "an Integer")? {
            Number::Integer(n) => Ok(n),
            Number::Float(x) if x.is_nan() => Err(Failure::runtime("NaN cannot be converted to an Integer")),
            // Truncates and saturates.
            Number::Float(x) => Ok(x as i64),
        },
    }
}

/// A number as a Float; the number that a text spells.
pub fn to_float(value: &Value) -> Result<f64, Failure> {
    match value {
        Value::Boolean(b) => Ok(f64::from(u8::from(*b))),
        Value::String(text) => text.trim().parse().map_err(|_| unreadable(text, "a Float", "0.5")),
        _ => number(value, "a Float").map(Number::float),
    }
}

fn number(value: &Value, to: &str) -> Result<Number, Failure> {
    match value {
        Value::Integer(n) => Ok(Number::Integer(*n)),
        Value::Float(x) => Ok(Number::Float(*x)),
        Value::Tensor(tensor) if tensor.count() == 1 => Ok(tensor.item()?),
        other => {
            let message = format!("{} cannot be converted to {to}", other.describe());
            Err(Failure::new(Code::ArgumentType, message))
        }
    }
}

fn unreadable(text: &str, to: &str, example: &str) -> Failure {
    let shown: String = text.chars().take(40).collect();
    Failure::runtime(format!("the String \"{shown}\" does not spell {to}"))
        .help(format!("write it in digits, as in \"{example}\""))
}

fn to_vec(x: &Value, context: &Context) -> Result<Array, Failure> {
    Ok(match x {
        Value::Array(array) if matches!(**array, Array::Integer(_) | Array::Float(_)) => (**array).clone(),
        Value::Integer(n) => Array::Integer(vec![*n]),
        Value::Float(x) => Array::Float(vec![*x]),
        Value::Boolean(b) => Array::Integer(vec![i64::from(*b)]),
        Value::Array(array) => match &**array {
            Array::Boolean(all) => Array::Integer(all.iter().map(|b| i64::from(*b)).collect()),
            other => other.clone(),
        },
        _ => {
            let tensor = context.tensor(x)?;
            if tensor.element().is_float() {
                Array::Float(tensor.to_floats()?.into_iter().map(f64::from).collect())
            } else {
                Array::Integer(tensor.to_integers()?)
            }
        }
    })
}
