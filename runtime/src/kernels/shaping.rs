//! Shaping: see the catalogue's family of the same name.

use std::sync::Arc;

use tensorlogic_language::catalogue::fact::Fact;
use tensorlogic_language::catalogue::shaping::{Shaping, joined, parts_to_join};
use tensorlogic_language::shape::Shape;

use super::arguments::Arguments;
use super::creation::sizes;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::{Array, Value};

/// Runs one builtin that shapes.
pub fn call(which: Shaping, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    Ok(match which {
        Shaping::Shape => shape(arguments)?,
        Shaping::Reshape => {
            let x = arguments.tensor(context, 0)?;
            Value::Tensor(x.reshape(&completed(x.count(), &arguments.integers(1)?))?)
        }
        Shaping::Transpose => {
            let x = arguments.tensor(context, 0)?;
            let (first, second) = (arguments.axis(1, x.rank())?, arguments.axis(2, x.rank())?);
            let mut axes: Vec<usize> = (0..x.rank()).collect();
            axes.swap(first.unwrap_or(0), second.unwrap_or(1));
            Value::Tensor(x.permute(&axes)?)
        }
        Shaping::BroadcastTo => Value::Tensor(arguments.tensor(context, 0)?.broadcast_to(&sizes(arguments, 1)?)?),
        Shaping::Concat => concat(context, arguments)?,
    })
}

fn shape(arguments: &Arguments) -> Result<Value, Failure> {
    let list = |sizes: &[usize]| Value::integers(sizes.iter().map(|size| *size as i64));
    Ok(match arguments.value(0) {
        Value::Tensor(tensor) => list(tensor.shape()),
        Value::Weight(_, weight) => list(weight.shape()),
        Value::Feature(model, path) => list(model.weight(&format!("{path}.weight"))?.shape()),
        Value::Array(array) => list(&[array.len()]),
        Value::Tokens(ids) => list(&[ids.len()]),
        other => return Err(arguments.wrong(0, "a tensor, an array or Tokens", &other.describe())),
    })
}

/// Sizes with the one that is -1 replaced by what remains of `count`.
pub(super) fn completed(count: usize, sizes: &[i64]) -> Vec<usize> {
    let given = sizes.iter().filter_map(|size| usize::try_from(*size).ok()).fold(1usize, usize::wrapping_mul);
    sizes.iter().map(|size| usize::try_from(*size).unwrap_or(count.checked_div(given).unwrap_or(0))).collect()
}

fn concat(context: &Context, arguments: &Arguments) -> Result<Value, Failure> {
    let all = arguments.rest();
    let facts: Vec<Fact> = all.iter().map(Value::fact).collect();
    let count = parts_to_join(&facts, arguments.get(1).is_some());
    let (parts, number) = all.split_at(count);
    let axis = match number.first() {
        Some(number) => number.to_integer().map_err(|found| arguments.wrong(1, "a whole number", &found))?,
        None => arguments.optional_integer(1)?.unwrap_or(0),
    };
    if let [Value::Array(array)] = parts
        && let Array::Tensor(tensors) = &**array
    {
        return join(tensors, axis);
    }
    if parts.iter().all(|part| matches!(part, Value::String(_))) {
        let texts = parts.iter().filter_map(|part| if let Value::String(text) = part { Some(&**text) } else { None });
        return Ok(Value::string(texts.collect::<String>()));
    }
    if parts.iter().all(|part| matches!(part, Value::Array(_) | Value::Tokens(_))) {
        let mut lists = parts.iter().cloned();
        let first = lists.next().unwrap_or(Value::Void);
        return lists.try_fold(first, |list, part| {
            join_lists(&list, &part)
                .ok_or_else(|| arguments.wrong(0, &format!("lists that join {}", list.describe()), &part.describe()))
        });
    }
    let tensors = parts.iter().map(|part| context.tensor(part)).collect::<Result<Vec<Tensor>, Failure>>()?;
    join(&tensors, axis)
}

fn join(tensors: &[Tensor], axis: i64) -> Result<Value, Failure> {
    let shapes: Vec<Shape> = tensors.iter().map(|tensor| Shape::known(tensor.shape())).collect();
    joined(&shapes, axis, 0).map_err(|mismatch| Failure { argument: None, ..mismatch.into() })?;
    let rank = shapes.first().map_or(0, Shape::rank) as i64;
    let axis = if axis < 0 { axis + rank } else { axis };
    Ok(Value::Tensor(Tensor::concatenate(tensors, usize::try_from(axis).unwrap_or(0))?))
}

/// Two lists end to end, of the kind that holds both.
fn join_lists(list: &Value, part: &Value) -> Option<Value> {
    let empty = |value: &Value| matches!(value, Value::Array(array) if array.is_empty());
    if empty(part) {
        return Some(list.clone());
    }
    if empty(list) {
        return Some(part.clone());
    }
    let array = match (list, part) {
        (Value::Tokens(_), _) => {
            let both = list.to_integers().ok()?.into_iter().chain(part.to_integers().ok()?);
            let ids = both.map(u32::try_from).collect::<Result<Vec<u32>, _>>().ok()?;
            return Some(Value::Tokens(Arc::new(ids)));
        }
        (Value::Array(a), Value::Tokens(ids)) => match &**a {
            Array::Integer(a) => Array::Integer(a.iter().copied().chain(ids.iter().map(|id| i64::from(*id))).collect()),
            Array::Float(a) => Array::Float(a.iter().copied().chain(ids.iter().map(|id| f64::from(*id))).collect()),
            _ => return None,
        },
        (Value::Array(a), Value::Array(b)) => match (&**a, &**b) {
            (Array::Integer(a), Array::Integer(b)) => Array::Integer([a.as_slice(), b].concat()),
            (Array::Float(a), Array::Float(b)) => Array::Float([a.as_slice(), b].concat()),
            (Array::Integer(a), Array::Float(b)) => {
                Array::Float(a.iter().map(|n| *n as f64).chain(b.iter().copied()).collect())
            }
            (Array::Float(a), Array::Integer(b)) => {
                Array::Float(a.iter().copied().chain(b.iter().map(|n| *n as f64)).collect())
            }
            (Array::String(a), Array::String(b)) => Array::String([a.as_slice(), b].concat()),
            (Array::Boolean(a), Array::Boolean(b)) => Array::Boolean([a.as_slice(), b].concat()),
            (Array::Tensor(a), Array::Tensor(b)) => Array::Tensor([a.as_slice(), b].concat()),
            _ => return None,
        },
        _ => return None,
    };
    Some(Value::Array(Arc::new(array)))
}
