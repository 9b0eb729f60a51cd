//! Arithmetic by name: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::arithmetic::Arithmetic;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::{Number, Tensor};
use crate::value::Value;

/// Runs one builtin of arithmetic.
pub fn call(which: Arithmetic, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let numbers = (number(arguments.value(0)), number(arguments.value(1)));
    let (a, b) = (arguments.tensor(context, 0)?, arguments.tensor(context, 1)?);
    let (left, right) = paired(&a, &b);
    Ok(Value::Tensor(match (which, numbers) {
        (Arithmetic::Pow, (Some(x), Some(exponent))) => return Ok(power(x, exponent)?),
        (Arithmetic::Pow, (_, Some(exponent))) => a.power_number(exponent)?,
        (Arithmetic::Maximum, (Some(a), Some(b))) => return Ok(larger(a, b, true)),
        (Arithmetic::Minimum, (Some(a), Some(b))) => return Ok(larger(a, b, false)),
        (Arithmetic::Where, _) => Tensor::select_where(&a, &b, &arguments.tensor(context, 2)?)?,
        (Arithmetic::Add, _) => left.add(&right)?,
        (Arithmetic::Sub, _) => left.sub(&right)?,
        (Arithmetic::Mul, _) => left.mul(&right)?,
        (Arithmetic::Div, _) => left.div(&right)?,
        (Arithmetic::Pow, _) => left.power(&right)?,
        (Arithmetic::Maximum, _) => left.maximum(&right)?,
        (Arithmetic::Minimum, _) => left.minimum(&right)?,
    }))
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Integer(n) => Some(Number::Integer(*n)),
        Value::Float(x) => Some(Number::Float(*x)),
        _ => None,
    }
}

/// A 0-d tensor stands for a number, so it takes the type of the other one.
fn paired(a: &Tensor, b: &Tensor) -> (Tensor, Tensor) {
    match (a.rank(), b.rank()) {
        (0, 1..) => (a.clone().weak(), b.clone()),
        (1.., 0) => (a.clone(), b.clone().weak()),
        _ => (a.clone(), b.clone()),
    }
}

fn power(x: Number, exponent: Number) -> Result<Value, Failure> {
    let (Number::Integer(x), Number::Integer(whole @ 0..)) = (x, exponent) else {
        return Ok(Value::Float(x.float().powf(exponent.float())));
    };
    let power = u32::try_from(whole).ok().and_then(|exponent| x.checked_pow(exponent));
    power.map(Value::Integer).ok_or_else(|| {
        Failure::runtime(format!("{x} ** {whole} does not fit into a 64-bit Integer")).help("compute with Floats")
    })
}

/// The larger of two numbers, or the smaller; NaN where one is NaN.
fn larger(a: Number, b: Number, largest: bool) -> Value {
    if let (Number::Integer(a), Number::Integer(b)) = (a, b) {
        return Value::Integer(if largest { a.max(b) } else { a.min(b) });
    }
    let (a, b) = (a.float(), b.float());
    let first = a.is_nan() || if largest { a >= b } else { a <= b };
    Value::Float(if first { a } else { b })
}
