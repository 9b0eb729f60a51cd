//! Index expressions: elements, sub-tensors, slices, characters, layers.

use std::sync::Arc;

use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::program::tree::*;
use tensorlogic_language::shape::resolve_index;
use tensorlogic_language::source::Span;

use super::{Flow, Interpreter, properties};
use crate::failure::Failure;
use crate::tensor::Tensor;
use crate::value::{Array, Value};

/// One evaluated index item.
enum Item {
    At(i64),
    Slice(Option<i64>, Option<i64>),
}

impl<'p> Interpreter<'p, '_, '_> {
    /// `object[items]`.
    pub(super) fn index(&mut self, object: Value, items: &'p [IndexItem], span: Span) -> Flow {
        let mut evaluated = Vec::with_capacity(items.len());
        for item in items {
            evaluated.push(match item {
                IndexItem::At(index) => Item::At(self.bound(index)?),
                IndexItem::Slice(start, end, _) => {
                    let start = start.as_ref().map(|bound| self.bound(bound)).transpose()?;
                    Item::Slice(start, end.as_ref().map(|bound| self.bound(bound)).transpose()?)
                }
            });
        }
        let found = match object {
            Value::Tensor(tensor) => tensor_items(&tensor, &evaluated).map(Value::Tensor),
            Value::Weight(..) | Value::Feature(..) => {
                self.context.tensor(&object).and_then(|tensor| tensor_items(&tensor, &evaluated)).map(Value::Tensor)
            }
            other => match evaluated.as_slice() {
                [item] => list_item(other, item),
                _ => Err(not_indexable(&other, &format!("with {} indices", evaluated.len()))),
            },
        };
        self.at(span, found)
    }

    /// The element of a list at an evaluated index.
    pub(super) fn element(&self, object: &Value, index: &Value, span: Span) -> Flow {
        let item = index.to_integer().map(Item::At).map_err(|found| {
            Failure::new(Code::ArgumentType, format!("an index must be a whole number, found {found}"))
        });
        self.at(span, item.and_then(|item| list_item(object.clone(), &item)))
    }
}

/// The position that an index value names in a list of `len` entries.
pub(super) fn position(index: &Value, len: usize) -> Result<usize, Failure> {
    let index = index
        .to_integer()
        .map_err(|found| Failure::new(Code::ArgumentType, format!("an index must be a whole number, found {found}")))?;
    resolve_index(index, len).ok_or_else(|| out_of_range(index, len))
}

fn out_of_range(index: i64, len: usize) -> Failure {
    let message = match len {
        0 => format!("index {index} lies outside: there are no entries"),
        _ => format!("index {index} lies outside: there are {len} entries, 0 to {}", len - 1),
    };
    Failure::new(Code::IndexOutOfRange, message)
}

fn not_indexable(value: &Value, how: &str) -> Failure {
    Failure::new(Code::ArgumentType, format!("{} cannot be indexed {how}", value.describe()).trim_end().to_string())
}

/// The range that slice bounds name; both must lie within 0 to `len`.
fn range(start: Option<i64>, end: Option<i64>, len: usize) -> Result<std::ops::Range<usize>, Failure> {
    let resolve = |bound: i64| {
        let at = if bound < 0 { bound + len as i64 } else { bound };
        usize::try_from(at).ok().filter(|at| *at <= len).ok_or_else(|| {
            Failure::new(Code::IndexOutOfRange, format!("the bound {bound} lies outside: there are {len} entries"))
        })
    };
    let (first, last) = (start.map_or(Ok(0), resolve)?, end.map_or(Ok(len), resolve)?);
    if first > last {
        let message = format!("a slice needs its start before its end: {first} comes after {last}");
        return Err(Failure::new(Code::IndexOutOfRange, message));
    }
    Ok(first..last)
}

fn tensor_items(tensor: &Tensor, items: &[Item]) -> Result<Tensor, Failure> {
    let shape = tensor.shape();
    if items.len() > shape.len() {
        let message = format!(
            "{} has {} axes, found {} indices",
            Value::Tensor(tensor.clone()).describe(),
            shape.len(),
            items.len()
        );
        return Err(Failure::new(Code::RankMismatch, message));
    }
    let mut ranges: Vec<std::ops::Range<usize>> = shape.iter().map(|size| 0..*size).collect();
    let mut kept = Vec::with_capacity(shape.len());
    for (axis, size) in shape.iter().enumerate() {
        match items.get(axis) {
            Some(Item::At(index)) => {
                let at = resolve_index(*index, *size).ok_or_else(|| {
                    let failure = out_of_range(*index, *size);
                    failure.note(format!("axis {axis} of {}", Value::Tensor(tensor.clone()).describe()))
                })?;
                ranges[axis] = at..at + 1;
            }
            Some(Item::Slice(start, end)) => {
                ranges[axis] = range(*start, *end, *size)?;
                kept.push(ranges[axis].len());
            }
            None => kept.push(*size),
        }
    }
    Ok(tensor.slice(&ranges)?.reshape(&kept)?)
}

fn list_item(list: Value, item: &Item) -> Result<Value, Failure> {
    match (list, item) {
        (Value::Layers(model, collection), Item::At(index)) => properties::layer(model, collection, *index),
        (Value::Array(array), Item::At(index)) => {
            let at = resolve_index(*index, array.len()).ok_or_else(|| out_of_range(*index, array.len()))?;
            array.get(at).ok_or_else(|| out_of_range(*index, array.len()))
        }
        (Value::Array(array), Item::Slice(start, end)) => {
            let range = range(*start, *end, array.len())?;
            Ok(Value::Array(Arc::new(match &*array {
                Array::Integer(all) => Array::Integer(all[range].to_vec()),
                Array::Float(all) => Array::Float(all[range].to_vec()),
                Array::String(all) => Array::String(all[range].to_vec()),
                Array::Boolean(all) => Array::Boolean(all[range].to_vec()),
                Array::Tensor(all) => Array::Tensor(all[range].to_vec()),
            })))
        }
        (Value::Tokens(ids), Item::At(index)) => {
            let at = resolve_index(*index, ids.len()).ok_or_else(|| out_of_range(*index, ids.len()))?;
            Ok(Value::Integer(i64::from(ids[at])))
        }
        (Value::Tokens(ids), Item::Slice(start, end)) => {
            let range = range(*start, *end, ids.len())?;
            Ok(Value::Tokens(Arc::new(ids[range].to_vec())))
        }
        (Value::String(text), item) => {
            let characters: Vec<char> = text.chars().collect();
            let range = match item {
                Item::Slice(start, end) => range(*start, *end, characters.len())?,
                Item::At(index) => {
                    let len = characters.len();
                    let at = resolve_index(*index, len).ok_or_else(|| out_of_range(*index, len))?;
                    at..at + 1
                }
            };
            Ok(Value::string(characters[range].iter().collect::<String>()))
        }
        (other, _) => Err(not_indexable(&other, "")),
    }
}
