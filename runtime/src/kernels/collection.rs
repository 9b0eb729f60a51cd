//! Collections: see the catalogue's family of the same name.

use std::sync::Arc;

use tensorlogic_language::catalogue::collection::{Collection, entry_at, with_rows};
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::shape::Shape;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::{Number, Tensor};
use crate::value::{Array, Value};

/// Runs one builtin on collections.
pub fn call(which: Collection, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    Ok(match which {
        Collection::Len => Value::Integer(len(arguments)? as i64),
        Collection::Append => append(context, arguments)?,
        Collection::Get => get(context, arguments)?,
    })
}

fn len(arguments: &Arguments) -> Result<usize, Failure> {
    Ok(match arguments.value(0) {
        Value::Tensor(tensor) => tensor.shape().first().copied().unwrap_or(0),
        Value::Weight(_, weight) => weight.shape().first().copied().unwrap_or(0),
        Value::Feature(model, path) => model.weight(&format!("{path}.weight"))?.shape().first().copied().unwrap_or(0),
        Value::Array(array) => array.len(),
        Value::Tokens(ids) => ids.len(),
        Value::String(text) => text.chars().count(),
        Value::Layers(model, collection) => model.layer_count(collection).unwrap_or(0),
        other => return Err(arguments.wrong(0, "a collection", &other.describe())),
    })
}

fn append(context: &Context, arguments: &Arguments) -> Result<Value, Failure> {
    let element = arguments.value(1);
    let wrong = |expected: &str| arguments.wrong(1, expected, &element.describe());
    match arguments.value(0) {
        Value::Tokens(ids) => {
            let mut ids = ids.to_vec();
            ids.push(token_id(arguments)?);
            Ok(Value::Tokens(Arc::new(ids)))
        }
        Value::Array(array) => {
            let array = match (&**array, number_or_other(element)?) {
                (list, element) if list.is_empty() => first_entry(context, element).ok_or_else(|| wrong("a value"))?,
                (Array::Integer(all), Value::Integer(n)) => Array::Integer(grown(all, n)),
                (Array::Integer(all), Value::Float(x)) if x.fract() == 0.0 && x.abs() < 9e15 => {
                    Array::Integer(grown(all, x as i64))
                }
                (Array::Integer(all), Value::Float(x)) => {
                    Array::Float(all.iter().map(|n| *n as f64).chain([x]).collect())
                }
                (Array::Float(all), Value::Integer(n)) => Array::Float(grown(all, n as f64)),
                (Array::Float(all), Value::Float(x)) => Array::Float(grown(all, x)),
                (Array::String(all), Value::String(text)) => Array::String(grown(all, text)),
                (Array::Boolean(all), Value::Boolean(b)) => Array::Boolean(grown(all, b)),
                (Array::Tensor(all), _) => Array::Tensor(grown(all, context.tensor(element)?)),
                _ => return Err(wrong("an element of the list's kind")),
            };
            Ok(Value::Array(Arc::new(array)))
        }
        list => Ok(Value::Tensor(append_rows(&context.tensor(list)?, &context.tensor(element)?)?)),
    }
}

fn grown<T: Clone>(all: &[T], element: T) -> Vec<T> {
    all.iter().cloned().chain([element]).collect()
}

/// The number that a 0-d tensor or one of one element stands for in a list.
fn number_or_other(element: &Value) -> Result<Value, Failure> {
    Ok(match element {
        Value::Tensor(tensor) if tensor.count() == 1 => match tensor.item()? {
            Number::Integer(n) => Value::Integer(n),
            Number::Float(x) => Value::Float(x),
        },
        other => other.clone(),
    })
}

/// A list of one entry.
fn first_entry(context: &Context, element: Value) -> Option<Array> {
    Some(match element {
        Value::Integer(n) => Array::Integer(vec![n]),
        Value::Float(x) => Array::Float(vec![x]),
        Value::String(text) => Array::String(vec![text]),
        Value::Boolean(b) => Array::Boolean(vec![b]),
        Value::Tensor(_) | Value::Weight(..) | Value::Feature(..) => {
            Array::Tensor(vec![context.tensor(&element).ok()?])
        }
        _ => return None,
    })
}

fn token_id(arguments: &Arguments) -> Result<u32, Failure> {
    let id = arguments.value(1).to_integer().map_err(|found| arguments.wrong(1, "a token id", &found))?;
    u32::try_from(id).map_err(|_| {
        let message = format!("`append` needs a token id of at least 0, found {id}");
        Failure { argument: Some(1), ..Failure::new(Code::IndexOutOfRange, message) }
    })
}

fn append_rows(list: &Tensor, row: &Tensor) -> Result<Tensor, Failure> {
    with_rows(&Shape::known(list.shape()), &Shape::known(row.shape()))?;
    let rows = if row.rank() + 1 == list.rank() { row.unsqueeze(0)? } else { row.clone() };
    Ok(Tensor::concatenate(&[list.clone(), rows], 0)?)
}

fn get(context: &Context, arguments: &Arguments) -> Result<Value, Failure> {
    let index = arguments.integer(1)?;
    let at = entry_at(index, len(arguments)?)?;
    let entry = match arguments.value(0) {
        Value::Array(array) => array.get(at),
        Value::Tokens(ids) => ids.get(at).map(|id| Value::Integer(i64::from(*id))),
        Value::String(text) => text.chars().nth(at).map(|character| Value::string(character.to_string())),
        Value::Layers(model, collection) => Some(Value::Layer(model.clone(), collection.clone(), at)),
        list => Some(Value::Tensor(context.tensor(list)?.entry(0, at)?)),
    };
    entry.ok_or_else(|| arguments.wrong(1, "the index of an entry", &index.to_string()))
}
