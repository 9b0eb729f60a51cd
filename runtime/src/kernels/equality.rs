//! Equality of values: exact and by value, whatever the kind of number. NaN
//! equals nothing; against a tensor, numbers and arrays are first rounded to its
//! element type.

use half::f16;
use tensorlogic_language::shape::ElementType;

use crate::context::Context;
use crate::failure::Failure;
use crate::tensor::{Number, Tensor};
use crate::value::{Array, Value};

/// Whether two values are equal as a whole.
pub fn equal(left: &Value, right: &Value, context: &Context) -> Result<bool, Failure> {
    let is_tensor = |value: &Value| matches!(value, Value::Tensor(_) | Value::Weight(..));
    Ok(match (left, right) {
        _ if is_tensor(left) && is_tensor(right) => {
            let (a, b) = (context.tensor(left)?, context.tensor(right)?);
            let same_shape = a.shape() == b.shape() || (a.count() == 1 && b.count() == 1);
            same_shape && numbers_equal(&numbers_of(&a)?, &numbers_of(&b)?)
        }
        _ if is_tensor(left) => equals_tensor(&context.tensor(left)?, right)?,
        _ if is_tensor(right) => equals_tensor(&context.tensor(right)?, left)?,
        (Value::Void, Value::Void) => true,
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        _ => match (entries(left), entries(right)) {
            (Some(Entries::Numbers(a)), Some(Entries::Numbers(b))) => {
                is_list(left) == is_list(right) && numbers_equal(&a, &b)
            }
            (Some(Entries::Array(a)), Some(Entries::Array(b))) => arrays_equal(a, b, context)?,
            // An empty literal has no kind of its own.
            (Some(Entries::Array(array)), Some(Entries::Numbers(none)))
            | (Some(Entries::Numbers(none)), Some(Entries::Array(array))) => array.is_empty() && none.is_empty(),
            _ => false,
        },
    })
}

/// How far the elements of two values of one shape lie apart at most; NaN where
/// one of them is no number.
pub fn distance(left: &Value, right: &Value, context: &Context) -> Result<f64, Failure> {
    let numbers = |value: &Value| match entries(value) {
        Some(Entries::Numbers(numbers)) => Ok(numbers),
        _ => numbers_of(&context.tensor(value)?),
    };
    let (left, right) = (numbers(left)?, numbers(right)?);
    let apart = left.iter().zip(&right).map(|(a, b)| (a.float() - b.float(), a.float() == b.float()));
    // Equal infinities have no difference.
    let apart = apart.map(|(difference, equal)| if equal { 0.0 } else { difference.abs() });
    Ok(apart.fold(0.0, |most, next| if next.is_nan() || next > most { next } else { most }))
}

enum Entries<'v> {
    Numbers(Vec<Number>),
    Array(&'v Array),
}

/// The entries of a list, or a number as the only one.
fn entries(value: &Value) -> Option<Entries<'_>> {
    Some(match value {
        Value::Integer(n) => Entries::Numbers(vec![Number::Integer(*n)]),
        Value::Float(x) => Entries::Numbers(vec![Number::Float(*x)]),
        Value::Tokens(ids) => Entries::Numbers(ids.iter().map(|id| Number::Integer(i64::from(*id))).collect()),
        Value::Array(array) => match &**array {
            Array::Integer(all) => Entries::Numbers(all.iter().copied().map(Number::Integer).collect()),
            Array::Float(all) => Entries::Numbers(all.iter().copied().map(Number::Float).collect()),
            other => Entries::Array(other),
        },
        _ => return None,
    })
}

fn is_list(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Tokens(_))
}

fn arrays_equal(a: &Array, b: &Array, context: &Context) -> Result<bool, Failure> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for index in 0..a.len() {
        match (a.get(index), b.get(index)) {
            (Some(a), Some(b)) if equal(&a, &b, context)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn equals_tensor(tensor: &Tensor, value: &Value) -> Result<bool, Failure> {
    let numbers = match value {
        Value::Boolean(b) => vec![Number::Integer(i64::from(*b))],
        Value::Array(array) => match &**array {
            Array::Boolean(all) => all.iter().map(|b| Number::Integer(i64::from(*b))).collect(),
            _ => match entries(value) {
                Some(Entries::Numbers(numbers)) => numbers,
                _ => return Ok(false),
            },
        },
        _ => match entries(value) {
            Some(Entries::Numbers(numbers)) => numbers,
            _ => return Ok(false),
        },
    };
    let fits = if is_list(value) { tensor.shape() == [numbers.len()] } else { tensor.count() == 1 };
    let rounded: Vec<Number> = numbers.into_iter().map(|number| rounded(number, tensor.element())).collect();
    Ok(fits && numbers_equal(&numbers_of(tensor)?, &rounded))
}

fn rounded(number: Number, element: ElementType) -> Number {
    match element {
        ElementType::Float32 => Number::Float(f64::from(number.float() as f32)),
        ElementType::Float16 => Number::Float(f16::from_f64(number.float()).to_f64()),
        _ => number,
    }
}

fn numbers_of(tensor: &Tensor) -> Result<Vec<Number>, Failure> {
    Ok(if tensor.element().is_float() {
        tensor.to_floats()?.into_iter().map(|x| Number::Float(f64::from(x))).collect()
    } else {
        tensor.to_integers()?.into_iter().map(Number::Integer).collect()
    })
}

fn numbers_equal(a: &[Number], b: &[Number]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| number_equals(*a, *b))
}

/// Exact: an Integer that a Float cannot hold equals no Float.
fn number_equals(a: Number, b: Number) -> bool {
    match (a, b) {
        (Number::Integer(a), Number::Integer(b)) => a == b,
        (Number::Float(a), Number::Float(b)) => a == b,
        (Number::Integer(n), Number::Float(x)) | (Number::Float(x), Number::Integer(n)) => {
            n as f64 == x && i128::from(n) == x as i128
        }
    }
}
