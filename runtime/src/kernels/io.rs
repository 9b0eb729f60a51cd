//! Input and output: see the catalogue's family of the same name.

use std::io::BufRead;
use std::sync::Arc;

use tensorlogic_language::catalogue::io::{Given, Io, format_holes, given};

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::text;
use crate::value::{Array, Value};

/// Runs one builtin of input and output.
pub fn call(which: Io, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        Io::Print => {
            let text = line(context, arguments)? + "\n";
            context.output(text);
            Ok(Value::Void)
        }
        Io::Write => {
            let text = line(context, arguments)?;
            if !text.is_empty() {
                context.output(text);
            }
            Ok(Value::Void)
        }
        Io::Eprint => {
            let text = line(context, arguments)? + "\n";
            context.error_output(text);
            Ok(Value::Void)
        }
        Io::Input => Ok(input(context, arguments)?),
        Io::Env => Ok(env(arguments)?),
        Io::Arg => Ok(arg(&context.words, arguments)?),
        Io::Args => {
            let words = context.words.iter().map(|word| Arc::from(word.as_str())).collect();
            Ok(Value::Array(Arc::new(Array::String(words))))
        }
    }
}

/// The text of all values: a first String with `{}` filled by the others, else
/// side by side.
pub(super) fn line(context: &Context, arguments: &Arguments) -> Result<String, Failure> {
    let texts =
        arguments.rest().iter().map(|value| text::of(value, context)).collect::<Result<Vec<String>, Failure>>()?;
    match arguments.rest() {
        [Value::String(format), others @ ..] if arguments.template && format_holes(format, others.len()).is_some() => {
            Ok(filled(format, &texts[1..]))
        }
        _ => Ok(texts.join(" ")),
    }
}

/// A format with each `{}` replaced by the next text; what is put in is not looked
/// at again.
pub(super) fn filled(format: &str, texts: &[String]) -> String {
    let mut texts = texts.iter();
    let mut parts = format.split("{}");
    let mut line = parts.next().unwrap_or_default().to_string();
    for part in parts {
        line.push_str(texts.next().map_or("{}", String::as_str));
        line.push_str(part);
    }
    line
}

fn input(context: &mut Context, arguments: &Arguments) -> Result<Value, Failure> {
    if let Some(prompt) = arguments.get(0) {
        let prompt = text::of(prompt, context)?;
        context.output(prompt);
    }
    let mut bytes = Vec::new();
    let read = context.input.read_until(b'\n', &mut bytes);
    read.map_err(|error| Failure::runtime(format!("standard input cannot be read: {error}")))?;
    Ok(Value::string(String::from_utf8_lossy(&bytes).trim_end()))
}

fn env(arguments: &Arguments) -> Result<Value, Failure> {
    let name = arguments.string(0)?;
    // The standard library does not promise to take any other name.
    let is_name = !name.is_empty() && !name.contains(['=', '\0']);
    match is_name.then(|| std::env::var_os(name)).flatten() {
        Some(value) => Ok(Value::string(value.to_string_lossy())),
        None => match arguments.get(1) {
            Some(default) => Ok(default.clone()),
            None => Err(Failure::runtime(format!("the environment variable `{name}` is not set"))
                .help(format!("pass a default: `env(\"{name}\", \"…\")`"))),
        },
    }
}

fn arg(words: &[String], arguments: &Arguments) -> Result<Value, Failure> {
    let name = arguments.string(0)?.trim_start_matches('-');
    let flag = format!("--{name}");
    let default = arguments.get(1);
    let value = match (given(words, &flag), default) {
        (None, Some(default)) => return Ok(default.clone()),
        (None, None) => {
            return Err(Failure::runtime(format!("the script needs the argument `{flag}`"))
                .help(format!("run it with `tl run FILE -- {flag} VALUE`")));
        }
        // Another word behind a flag is none of its value.
        (Some(Given::Next(next)), Some(Value::Boolean(_))) => {
            return Ok(Value::Boolean(next.as_deref() != Some("false")));
        }
        (Some(Given::Value(value) | Given::Next(Some(value))), _) => value,
        (Some(Given::Next(None)), _) => {
            return Err(Failure::runtime(format!("the argument `{flag}` needs a value"))
                .help(format!("write `{flag} VALUE` or `{flag}=VALUE`")));
        }
    };
    let (parsed, expected) = match default {
        Some(Value::Integer(_)) => (value.parse().ok().map(Value::Integer), "a whole number"),
        Some(Value::Float(_)) => (value.parse().ok().map(Value::Float), "a number"),
        Some(Value::Boolean(_)) => (value.parse().ok().map(Value::Boolean), "`true` or `false`"),
        _ => (Some(Value::string(value.as_str())), "a text"),
    };
    parsed.ok_or_else(|| Failure::runtime(format!("the argument `{flag}` needs {expected}, found `{value}`")))
}
