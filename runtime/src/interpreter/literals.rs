//! Array literals: flat ones are host arrays, nested numeric ones tensors.

use std::sync::Arc;

use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::program::tree::*;
use tensorlogic_language::source::Span;

use super::{Flow, Interpreter};
use crate::failure::Failure;
use crate::tensor::Tensor;
use crate::value::{Array, Value};

/// How many elements `[value; count]` may have.
const MOST_ELEMENTS: i64 = 1 << 31;

/// An evaluated literal, nested as it was written.
enum Nested {
    Leaf(Box<Value>),
    List(Vec<Nested>),
}

impl<'p> Interpreter<'p, '_, '_> {
    /// `[a, b, …]`.
    pub(super) fn array(&mut self, items: &'p [Expression], span: Span) -> Flow {
        let items = self.nested(items)?;
        let made = if items.iter().any(|item| matches!(item, Nested::List(_))) {
            self.rectangular(&items)
        } else {
            flat(leaves(items), self)
        };
        self.at(span, made)
    }

    fn nested(&mut self, items: &'p [Expression]) -> Flow<Vec<Nested>> {
        items
            .iter()
            .map(|item| match &item.kind {
                ExpressionKind::Array(inner) => Ok(Nested::List(self.nested(inner)?)),
                _ => Ok(match self.expression(item)? {
                    Value::Array(array) if !matches!(*array, Array::Tensor(_)) => {
                        Nested::List((0..array.len()).filter_map(|i| array.get(i)).map(leaf).collect())
                    }
                    value => leaf(value),
                }),
            })
            .collect()
    }

    /// A nested literal: numbers make a tensor, texts and Booleans a flat array.
    fn rectangular(&self, items: &[Nested]) -> Result<Value, Failure> {
        let shape = shape_of(items)?;
        let mut all = Vec::new();
        flatten(items, &mut all);
        if all.iter().any(|value| matches!(value, Value::String(_) | Value::Boolean(_))) {
            return flat(all, self);
        }
        let numbers: Result<Vec<f32>, String> = all.iter().map(|v| v.to_float().map(|x| x as f32)).collect();
        let numbers = numbers.map_err(|found| {
            Failure::new(Code::ArgumentType, format!("a nested array holds numbers, found {found}"))
        })?;
        let (element, device) = (self.context.default_element, &self.context.device);
        Ok(Value::Tensor(Tensor::from_floats(numbers, &shape, element, device)?.weak()))
    }

    /// `[value; count]`.
    pub(super) fn repeat(&mut self, value: &'p Expression, count: &'p Expression, span: Span) -> Flow {
        let element = self.expression(value)?;
        let times = self.bound(count)?;
        if !(0..MOST_ELEMENTS).contains(&times) {
            let message = format!("an array has 0 to {MOST_ELEMENTS} elements, found the count {times}");
            return Err(self.fail(count.span, Failure::new(Code::IndexOutOfRange, message)));
        }
        let made = flat(vec![element; times as usize], self);
        self.at(span, made)
    }
}

fn leaf(value: Value) -> Nested {
    Nested::Leaf(Box::new(value))
}

fn leaves(items: Vec<Nested>) -> Vec<Value> {
    items.into_iter().filter_map(|item| if let Nested::Leaf(value) = item { Some(*value) } else { None }).collect()
}

fn flatten(items: &[Nested], all: &mut Vec<Value>) {
    for item in items {
        match item {
            Nested::Leaf(value) => all.push((**value).clone()),
            Nested::List(inner) => flatten(inner, all),
        }
    }
}

/// The sizes of a nested literal, or that it is ragged.
fn shape_of(items: &[Nested]) -> Result<Vec<usize>, Failure> {
    let sizes = |item: &Nested| match item {
        Nested::Leaf(_) => Ok(Vec::new()),
        Nested::List(inner) => shape_of(inner),
    };
    let mut shape = vec![items.len()];
    let Some((first, others)) = items.split_first() else { return Ok(shape) };
    let first = sizes(first)?;
    for (row, item) in others.iter().enumerate() {
        let found = sizes(item)?;
        if found != first {
            let message = format!(
                "a nested array needs equal rows: row 0 has the shape {first:?}, row {} has {found:?}",
                row + 1
            );
            return Err(Failure::new(Code::ShapeMismatch, message));
        }
    }
    shape.extend(first);
    Ok(shape)
}

/// Whether a value is a number: a 0-d tensor is one.
fn is_scalar(value: &Value) -> bool {
    match value {
        Value::Integer(_) | Value::Float(_) => true,
        Value::Tensor(tensor) => tensor.rank() == 0,
        _ => false,
    }
}

/// A flat array of values of one kind; Integers and Floats mix to Floats.
fn flat(values: Vec<Value>, interpreter: &Interpreter) -> Result<Value, Failure> {
    let every = |test: fn(&Value) -> bool| values.iter().all(test);
    let tensors = values.iter().filter(|v| matches!(v, Value::Tensor(_) | Value::Weight(..))).count();
    let array = if every(|v| matches!(v, Value::Integer(_))) {
        Array::Integer(values.iter().filter_map(|v| v.to_integer().ok()).collect())
    } else if every(|v| matches!(v, Value::Integer(_) | Value::Float(_))) {
        Array::Float(values.iter().filter_map(|v| v.to_float().ok()).collect())
    } else if every(|v| matches!(v, Value::String(_))) {
        let texts = values.iter().filter_map(|v| if let Value::String(s) = v { Some(s.clone()) } else { None });
        Array::String(texts.collect())
    } else if every(|v| matches!(v, Value::Boolean(_))) {
        Array::Boolean(values.iter().filter_map(|v| v.to_boolean().ok()).collect())
    } else if tensors > 0 && every(is_scalar) {
        let numbers = values.iter().filter_map(|v| v.to_float().ok()).map(|x| x as f32).collect();
        let (element, device) = (interpreter.context.default_element, &interpreter.context.device);
        return Ok(Value::Tensor(Tensor::from_floats(numbers, &[values.len()], element, device)?.weak()));
    } else if tensors == values.len() {
        let all: Result<Vec<Tensor>, Failure> = values.iter().map(|v| interpreter.context.tensor(v)).collect();
        Array::Tensor(all?)
    } else {
        let first = values[0].describe();
        let other = values.iter().find(|v| v.fact().describe() != first).map_or(first.clone(), Value::describe);
        return Err(Failure::new(
            Code::ArgumentType,
            format!("an array holds one kind of value, found {first} and {other}"),
        ));
    };
    Ok(Value::Array(Arc::new(array)))
}
