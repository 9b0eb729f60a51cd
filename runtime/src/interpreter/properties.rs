//! Properties: the walk along a model's names, and the few of other values.

use std::sync::Arc;

use tensorlogic_language::catalogue::Builtin;
use tensorlogic_language::catalogue::shaping::Shaping;
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::program::tree::Name;
use tensorlogic_language::shape::resolve_index;

use super::{Flow, Interpreter};
use crate::failure::Failure;
use crate::model::Model;
use crate::value::Value;

impl<'p> Interpreter<'p, '_, '_> {
    /// `object.property`.
    pub(super) fn property(&mut self, object: Value, property: &'p Name) -> Flow {
        let name = property.text.as_str();
        match object {
            Value::Model(model) => {
                let step = step(model, None, name);
                self.at(property.span, step)
            }
            Value::Layer(model, collection, index) => {
                let step = step(model, Some(&format!("{collection}.{index}")), name);
                self.at(property.span, step)
            }
            Value::Feature(model, path) => {
                let step = step(model, Some(&path), name);
                self.at(property.span, step)
            }
            object if name == "shape" => self.builtin_on(Builtin::Shaping(Shaping::Shape), vec![object], property.span),
            other => {
                let message = format!("{} has no property `{name}`", other.describe());
                Err(self.fail(property.span, Failure::new(Code::UnknownField, message)))
            }
        }
    }
}

/// One step along a model's names: to a layer collection, a feature or a weight.
fn step(model: Model, path: Option<&str>, name: &str) -> Result<Value, Failure> {
    let full = path.map_or_else(|| name.to_string(), |path| format!("{path}.{name}"));
    if model.layer_count(&full).is_some() {
        return Ok(Value::Layers(model, full.into()));
    }
    if model.has_path(&full) {
        return Ok(Value::Feature(model, full.into()));
    }
    let weight = model.weight(&full)?;
    Ok(Value::Weight(model, weight))
}

/// `layers[index]`; negative indices count from the end.
pub(super) fn layer(model: Model, collection: Arc<str>, index: i64) -> Result<Value, Failure> {
    let count = model.layer_count(&collection).unwrap_or(0);
    match resolve_index(index, count) {
        Some(index) => Ok(Value::Layer(model, collection, index)),
        None => {
            let message = format!("the model has layers 0 to {}, found layer {index}", count.saturating_sub(1));
            Err(Failure::new(Code::LayerOutOfRange, message).note(format!("the model is {}", model.path().display())))
        }
    }
}
