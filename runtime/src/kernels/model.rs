//! Models: see the catalogue's family of the same name.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tensorlogic_language::catalogue::model as family;
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::event::Event;
use tensorlogic_language::files::Disk;
use tensorlogic_language::gguf;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::weights::{self, IndexError};

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::model::Model;
use crate::value::{Array, Value};
use crate::weights::{WeightError, WeightFile};

/// Runs one builtin on models.
pub fn call(which: family::Model, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        family::Model::LoadModel | family::Model::LoadModelF16 | family::Model::LoadModelF32 => {
            let element = which.element().unwrap_or(context.default_element);
            let model = load(context, arguments.string(0)?, element)?;
            Ok(Value::Model(model))
        }
        family::Model::GetTensor => {
            let model = arguments.model(0)?;
            let weight = model.weight(arguments.string(1)?)?;
            Ok(Value::Weight(model.clone(), weight))
        }
        family::Model::Metadata => Ok(metadata(arguments)?),
    }
}

/// The first file that a path may mean, or all that it could have meant.
pub(super) fn find(context: &Context, what: &str, name: &str) -> Result<PathBuf, Failure> {
    context.paths.find(&Disk, name).map_err(|tried| {
        let failure = Failure::new(Code::ModelNotFound, format!("no {what} is found at `{name}`"));
        let failure = tried.iter().fold(failure, |failure, path| failure.note(format!("tried `{}`", path.display())));
        failure.help("check the path, or set `TL_MODELS` to the folder of your models")
    })
}

fn load(context: &mut Context, name: &str, element: ElementType) -> Result<Model, Stop> {
    let path = find(context, "model", name)?;
    // The same file again shares its memory and what was decoded of it.
    let same = || context.models.iter().filter(|model| model.path() == path);
    if let Some(model) = same().find(|model| model.element() == element) {
        return Ok(model.clone());
    }
    let file = match same().next() {
        Some(model) => model.file().clone(),
        None => {
            let file = WeightFile::open(&path).map_err(|error| unusable(&path, error))?;
            preload(context, name, &file)?;
            file
        }
    };
    let model = Model::new(file, element);
    context.models.push(model.clone());
    Ok(model)
}

/// Reads the file and tells how far it is.
fn preload(context: &mut Context, name: &str, file: &WeightFile) -> Result<(), Stop> {
    let Context { listener, cancelled, .. } = context;
    file.preload(&mut |progress| {
        listener.tell(Event::Loading { path: name.into(), done: progress.done, total: progress.total });
        !cancelled.load(Ordering::Relaxed)
    });
    context.check_cancelled()
}

fn unusable(path: &Path, error: WeightError) -> Failure {
    let failure = match &error {
        WeightError::Safetensors { .. } => return Failure::new(Code::NotSupportedYet, error.to_string()),
        WeightError::Unusable { error: IndexError::WrongKind(kind), .. } => {
            let message = format!("`{}` is no weight file: {kind}", path.display());
            Failure::new(Code::ModelUnreadable, message)
        }
        _ => Failure::new(Code::ModelUnreadable, error.to_string()),
    };
    match error {
        WeightError::Unusable { error, .. } => error.help().into_iter().fold(failure, Failure::help),
        WeightError::Io { .. } | WeightError::Safetensors { .. } => failure,
    }
}

fn metadata(arguments: &Arguments) -> Result<Value, Failure> {
    let (model, key) = (arguments.model(0)?, arguments.string(1)?);
    let index = model.file().index();
    match (weights::look_up(index, key, arguments.get(2).is_some()), arguments.get(2)) {
        (weights::Found::Value(value), _) => return converted(model, key, value),
        (weights::Found::Default(number), _) => return Ok(Value::Float(number)),
        (weights::Found::Absent, Some(default)) => return Ok(default.clone()),
        (weights::Found::Absent, None) => {}
    }
    let message = format!("the model has no metadata `{key}`");
    let failure = Failure::runtime(message).note(format!("the model is {}", model.path().display()));
    let near = weights::near_keys(index, key);
    Err(if near.is_empty() {
        failure.help(format!("pass a default: `metadata(model, \"{key}\", …)`"))
    } else {
        failure.help(format!("did you mean `{}`?", near.join("` or `")))
    })
}

/// A metadata value as a value of the language.
fn converted(model: &Model, key: &str, value: &gguf::Value) -> Result<Value, Failure> {
    if let Some(array) = value.array() {
        return Ok(Value::Array(Arc::new(array_of(model, key, array)?)));
    }
    Ok(match value {
        gguf::Value::String(text) => Value::string(text.as_str()),
        gguf::Value::Bool(truth) => Value::Boolean(*truth),
        gguf::Value::F32(x) => Value::Float(widened(*x)),
        gguf::Value::F64(x) => Value::Float(*x),
        other => match other.integer() {
            Some(n) => Value::Integer(n),
            None => return Err(Failure::runtime(format!("the metadata `{key}` does not fit into a 64-bit Integer"))),
        },
    })
}

/// The shortest decimal that reads as the same 32-bit float: 1e-5 is 0.00001.
fn widened(x: f32) -> f64 {
    x.to_string().parse().unwrap_or(f64::from(x))
}

fn array_of(model: &Model, key: &str, array: &gguf::Array) -> Result<Array, Failure> {
    use gguf::ValueType;
    let bytes = model.file().bytes();
    let all = || array.values(bytes);
    Ok(match array.element {
        ValueType::String => {
            Array::String(array.strings(bytes).unwrap_or_default().iter().map(|text| Arc::from(&**text)).collect())
        }
        ValueType::Bool => Array::Boolean(all().filter_map(|value| value.truth()).collect()),
        ValueType::F32 => Array::Float(all().filter_map(|value| value.number()).map(|x| widened(x as f32)).collect()),
        ValueType::F64 => Array::Float(all().filter_map(|value| value.number()).collect()),
        ValueType::Array => return Err(Failure::runtime(format!("the metadata `{key}` holds arrays of arrays"))),
        _ => {
            let too_large = || Failure::runtime(format!("the metadata `{key}` does not fit into 64-bit Integers"));
            Array::Integer(array.integers(bytes).ok_or_else(too_large)?)
        }
    })
}
