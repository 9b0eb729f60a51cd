//! Text: see the catalogue's family of the same name.

use std::sync::Arc;

use tensorlogic_language::catalogue::text::Text;

use super::arguments::Arguments;
use super::io::filled;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::text;
use crate::value::{Array, Value};

/// Runs one builtin on text.
pub fn call(which: Text, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    Ok(match which {
        Text::StringLength => Value::Integer(arguments.string(0)?.chars().count() as i64),
        Text::StringSubstring => Value::string(substring(arguments)?),
        Text::ConcatStrings => Value::string(joined(arguments)?),
        Text::Format => {
            let values = arguments.rest().iter().map(|value| text::of(value, context));
            Value::string(filled(arguments.string(0)?, &values.collect::<Result<Vec<String>, Failure>>()?))
        }
    })
}

fn substring(arguments: &Arguments) -> Result<String, Failure> {
    let text = arguments.string(0)?;
    let (start, length) = (arguments.integer(1)?, arguments.size(2)?);
    let count = text.chars().count();
    // From the end where it is negative, never before the first character.
    let start = if start < 0 { count.saturating_sub(start.unsigned_abs() as usize) } else { start as usize };
    Ok(text.chars().skip(start).take(length).collect())
}

fn joined(arguments: &Arguments) -> Result<String, Failure> {
    let mut parts: Vec<Arc<str>> = Vec::new();
    for value in arguments.rest() {
        match value {
            Value::String(text) => parts.push(text.clone()),
            Value::Array(array) if array.is_empty() => {}
            Value::Array(array) => match &**array {
                Array::String(texts) => parts.extend(texts.iter().cloned()),
                _ => return Err(arguments.wrong(0, "Strings", &value.describe())),
            },
            other => return Err(arguments.wrong(0, "Strings", &other.describe())),
        }
    }
    Ok(parts.concat())
}
