//! Builtins called by name on values, as the interpreter calls them: the shape
//! rule first, then the kernel, then the comparison of both.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use tensorlogic_language::catalogue::{self, fact::agrees};
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::event::Event;
use tensorlogic_language::files::SearchPath;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Span;

use super::arguments::Arguments;
use crate::context::Context;
use crate::device::Device;
use crate::failure::{Failure, Stop};
use crate::random::RandomStream;
use crate::tensor::Tensor;
use crate::text;
use crate::value::{Array, Value};

mod lists;
mod numeric;
mod surroundings;
mod texts;

/// A run in which builtins are called.
struct Run {
    words: Vec<String>,
    input: &'static str,
    random: RandomStream,
    events: Vec<Event>,
    models: Vec<crate::model::Model>,
    told_flat_logits: bool,
    sampled: u64,
}

fn run() -> Run {
    let random = RandomStream::from_seed(0);
    Run {
        words: Vec::new(),
        input: "",
        random,
        events: Vec::new(),
        models: Vec::new(),
        told_flat_logits: false,
        sampled: 0,
    }
}

impl Run {
    fn with<T>(&mut self, work: impl FnOnce(&mut Context) -> T) -> T {
        let mut listener = |event: Event| self.events.push(event);
        let mut context = Context {
            device: Device::cpu(),
            random: self.random.clone(),
            default_element: ElementType::Float32,
            listener: &mut listener,
            place: Span::default(),
            words: self.words.clone(),
            input: Box::new(self.input.as_bytes()),
            paths: SearchPath::of_script(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/test.tl")),
            models: self.models.clone(),
            cancelled: Arc::new(AtomicBool::new(false)),
            started: Instant::now(),
            told_flat_logits: self.told_flat_logits,
            sampled: self.sampled,
        };
        let result = work(&mut context);
        let (random, models) = (context.random.clone(), context.models.clone());
        let (told, sampled) = (context.told_flat_logits, context.sampled);
        drop(context);
        (self.random, self.models, self.told_flat_logits, self.sampled) = (random, models, told, sampled);
        result
    }

    fn call_named(&mut self, name: &str, values: &[(Option<&str>, Value)]) -> Result<Value, Stop> {
        let builtin = catalogue::find(name).unwrap();
        let entry = builtin.entry();
        let names: Vec<Option<&str>> = values.iter().map(|(name, _)| *name).collect();
        let values: Vec<Value> = values.iter().map(|(_, value)| value.clone()).collect();
        let assigned = entry.assign(&names).map_err(|problem| Failure::new(Code::Arity, problem.message))?;
        let promised = entry.infer(&assigned, values.iter().map(Value::fact).collect())?;
        let bound = entry.bind(&assigned, values);
        let value =
            self.with(|context| super::call(builtin, context, &Arguments { entry, values: &bound, template: true }))?;
        assert!(agrees(&promised, &value.fact()), "`{name}` promises {promised:?} and gives {:?}", value.fact());
        Ok(value)
    }

    fn call(&mut self, name: &str, values: &[Value]) -> Result<Value, Stop> {
        let values: Vec<(Option<&str>, Value)> = values.iter().map(|value| (None, value.clone())).collect();
        self.call_named(name, &values)
    }

    fn text(&mut self, value: &Value) -> String {
        self.with(|context| text::of(value, context)).unwrap()
    }
}

/// Calls a builtin and compares the text of its result, or the code and the
/// message of its failure.
#[track_caller]
fn check(name: &str, values: &[Value], expected: Result<&str, (Code, &str)>) {
    let mut run = run();
    let found = run.call(name, values).map(|value| run.text(&value)).map_err(failure);
    let found = found.as_ref().map(String::as_str).map_err(|failure| (failure.code, failure.message.as_str()));
    assert_eq!(found, expected, "`{name}`");
}

#[track_caller]
fn failure(stop: Stop) -> Failure {
    match stop {
        Stop::Failure(failure) => *failure,
        stop => panic!("{stop:?}"),
    }
}

fn int(n: i64) -> Value {
    Value::Integer(n)
}

fn float(x: f64) -> Value {
    Value::Float(x)
}

fn string(text: &str) -> Value {
    Value::string(text)
}

fn ints(all: &[i64]) -> Value {
    Value::integers(all.iter().copied())
}

fn floats(all: &[f64]) -> Value {
    Value::Array(Arc::new(Array::Float(all.to_vec())))
}

fn strings(all: &[&str]) -> Value {
    Value::Array(Arc::new(Array::String(all.iter().map(|text| Arc::from(*text)).collect())))
}

fn tokens(all: &[u32]) -> Value {
    Value::Tokens(Arc::new(all.to_vec()))
}

fn typed(values: &[f32], shape: &[usize], element: ElementType) -> Value {
    let tensor = Tensor::from_floats(values.to_vec(), shape, ElementType::Float32, &Device::cpu()).unwrap();
    Value::Tensor(tensor.cast(element).unwrap())
}

fn tensor(values: &[f32], shape: &[usize]) -> Value {
    typed(values, shape, ElementType::Float32)
}

/// A float32 tensor of values that look random and are the same every time.
fn noise(shape: &[usize]) -> Value {
    let count: usize = shape.iter().product();
    let values: Vec<f32> = (0..count).map(|i| ((i * 7919 + 13) % 1000) as f32 / 250.0 - 2.0).collect();
    tensor(&values, shape)
}

fn values_of(value: &Value) -> Vec<f64> {
    match value {
        Value::Tensor(tensor) => tensor.to_floats().unwrap().into_iter().map(f64::from).collect(),
        other => panic!("{other:?}"),
    }
}

fn shape_of(value: &Value) -> Vec<usize> {
    match value {
        Value::Tensor(tensor) => tensor.shape().to_vec(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_near(found: &Value, expected: &[f64], distance: f64) {
    let found = values_of(found);
    assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= distance, "element {index}: found {found}, expected {expected}");
    }
}
