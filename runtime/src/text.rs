//! The text of values, as `print`, `str` and `{}` show them. Numbers have the
//! fewest digits that read back in their own type, and never an exponent.

use half::f16;
use tensorlogic_language::shape::{ElementType, Shape};

use crate::context::Context;
use crate::failure::Failure;
use crate::tensor::Tensor;
use crate::value::{Array, Value};

/// Tensors of up to so many elements are shown in full.
const MOST_ELEMENTS: usize = 64;

/// Arrays of up to so many entries are shown in full.
const MOST_ENTRIES: usize = 10;

/// The text of a value.
pub fn of(value: &Value, context: &Context) -> Result<String, Failure> {
    Ok(match value {
        Value::Void => "void".into(),
        Value::Integer(n) => n.to_string(),
        Value::Float(x) => x.to_string(),
        Value::Boolean(b) => b.to_string(),
        Value::String(text) => text.to_string(),
        Value::Tensor(tensor) => of_tensor(tensor)?,
        Value::Weight(..) => of_tensor(&context.tensor(value)?)?,
        Value::Array(array) => of_array(array)?,
        Value::Tokens(ids) => list(ids.iter().map(u32::to_string)),
        Value::Model(_) => "<Model>".into(),
        Value::Layers(model, collection) => format!("<Layers: {}>", model.layer_count(collection).unwrap_or(0)),
        Value::Layer(_, _, index) => format!("<Layer {index}>"),
        Value::Feature(_, path) => format!("<Feature {}>", path.rsplit('.').next().unwrap_or(path)),
        Value::Tokenizer(_) => "<Tokenizer>".into(),
    })
}

fn list(entries: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", entries.into_iter().collect::<Vec<String>>().join(", "))
}

fn of_array(array: &Array) -> Result<String, Failure> {
    Ok(match array {
        Array::Integer(all) => shortened(all, i64::to_string),
        Array::Float(all) => shortened(all, f64::to_string),
        Array::Boolean(all) => shortened(all, bool::to_string),
        Array::String(all) => shortened(all, |text| quoted(text)),
        Array::Tensor(all) => {
            let texts = all.iter().map(of_tensor).collect::<Result<Vec<String>, Failure>>()?;
            shortened(&texts, String::clone)
        }
    })
}

/// `[a, b, ..., z] (len=N)` where there are many.
fn shortened<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    match all {
        [first, second, .., last] if all.len() > MOST_ENTRIES => {
            format!("[{}, {}, ..., {}] (len={})", text(first), text(second), text(last), all.len())
        }
        _ => list(all.iter().map(text)),
    }
}

/// A text inside of an array.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// The text of a tensor: nested up to 64 elements, else a summary.
pub fn of_tensor(tensor: &Tensor) -> Result<String, Failure> {
    let head = || format!("{}{}", tensor.element(), Shape::known(tensor.shape()));
    match tensor.count() {
        0 => Ok(head()),
        count if count > MOST_ELEMENTS => Ok(format!("{} {}", head(), summary(tensor)?)),
        _ => {
            let elements = elements(tensor)?;
            Ok(nested(&elements, tensor.shape()))
        }
    }
}

fn elements(tensor: &Tensor) -> Result<Vec<String>, Failure> {
    Ok(match tensor.element() {
        ElementType::Float32 => tensor.to_floats()?.iter().map(f32::to_string).collect(),
        ElementType::Float16 => tensor.to_floats()?.into_iter().map(half_text).collect(),
        _ => tensor.to_integers()?.iter().map(i64::to_string).collect(),
    })
}

fn nested(elements: &[String], shape: &[usize]) -> String {
    match shape.split_first() {
        None => elements.concat(),
        Some((_, [])) => list(elements.iter().cloned()),
        Some((size, rest)) => list(elements.chunks(elements.len() / size).map(|part| nested(part, rest))),
    }
}

/// The fewest digits that read back as the same 16-bit float.
pub(crate) fn half_text(value: f32) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let half = f16::from_f32(value);
    // Five digits tell any two of them apart.
    let shortest = (0..5).map(|digits| format!("{value:.digits$e}")).find_map(|text| {
        let number: f64 = text.parse().ok()?;
        (f16::from_f64(number) == half).then(|| number.to_string())
    });
    shortest.unwrap_or_else(|| value.to_string())
}

/// Smallest, largest and mean finite element, and how many are none.
fn summary(tensor: &Tensor) -> Result<String, Failure> {
    if !tensor.element().is_float() {
        let all = tensor.to_integers()?;
        let (least, most) = all.iter().fold((i64::MAX, i64::MIN), |(least, most), n| (least.min(*n), most.max(*n)));
        let mean = all.iter().map(|n| *n as f64).sum::<f64>() / all.len() as f64;
        return Ok(format!("min {least} max {most} mean {}", four_digits(mean)));
    }
    let all = tensor.to_floats()?;
    let finite = || all.iter().copied().filter(|x| x.is_finite());
    let nan = all.iter().filter(|x| x.is_nan()).count();
    let count = finite().count();
    let infinite = all.len() - nan - count;
    let mut parts = Vec::new();
    if count > 0 {
        let least = f64::from(finite().fold(f32::INFINITY, f32::min));
        let most = f64::from(finite().fold(f32::NEG_INFINITY, f32::max));
        let mean = finite().map(f64::from).sum::<f64>() / count as f64;
        parts.push(format!("min {} max {} mean {}", four_digits(least), four_digits(most), four_digits(mean)));
    }
    if nan > 0 {
        parts.push(format!("nan {nan}"));
    }
    if infinite > 0 {
        parts.push(format!("inf {infinite}"));
    }
    Ok(parts.join(" "))
}

/// A number rounded to four significant digits.
fn four_digits(x: f64) -> String {
    let rounded = format!("{x:.3e}").parse().unwrap_or(x);
    // Zero has no sign here: it says nothing about the elements.
    if rounded == 0.0 { "0".into() } else { rounded.to_string() }
}
