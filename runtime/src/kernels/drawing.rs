//! The steps of sampling: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::drawing::Drawing;
use tensorlogic_language::shape::ElementType;

use super::arguments::Arguments;
use super::sampling::{draw, last_row};
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::{Number, Tensor};
use crate::value::Value;

/// Probabilities sum to 1 within this.
const SUM: f64 = 0.01;

/// How many logits `print_top_k` shows unless it is told.
const SHOWN: usize = 10;

/// Runs one step of sampling.
pub fn call(which: Drawing, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let name = arguments.entry.name;
    Ok(match which {
        Drawing::Temperature => {
            let temperature = Number::Float(arguments.float(1)?);
            Value::Tensor(arguments.tensor(context, 0)?.div_number(temperature)?)
        }
        Drawing::TopK => {
            let k = arguments.size(1)?;
            Value::Tensor(each_row(name, &arguments.tensor(context, 0)?, |row| keep_largest(row, k))?)
        }
        Drawing::TopP => {
            let p = arguments.float(1)?;
            Value::Tensor(each_row(name, &arguments.tensor(context, 0)?, |row| keep_nucleus(row, p, 1.0))?)
        }
        Drawing::Sample => drawn(context, |context| by_probabilities(context, arguments))?,
        Drawing::SampleTopK => {
            let (mut row, temperature) = (likely(context, arguments)?, temperature(arguments)?);
            keep_largest(&mut row, arguments.size(1)?);
            drawn(context, |context| draw(name, &mut context.random, &row, temperature))?
        }
        Drawing::TopPSample => {
            let (mut row, temperature) = (likely(context, arguments)?, temperature(arguments)?);
            keep_nucleus(&mut row, arguments.float(1)?, temperature);
            drawn(context, |context| draw(name, &mut context.random, &row, temperature))?
        }
        Drawing::PrintTopK => {
            let row = likely(context, arguments)?;
            let count = arguments.optional_integer(1)?.and_then(|k| usize::try_from(k).ok()).unwrap_or(SHOWN);
            let lines = order(&row).into_iter().take(count).map(|at| format!("{at}: {}\n", row[at]));
            let text: String = lines.collect();
            context.output(text);
            Value::Void
        }
    })
}

/// Tells what was drawn and gives it.
fn drawn(context: &mut Context, draw: impl FnOnce(&mut Context) -> Result<usize, Failure>) -> Result<Value, Failure> {
    let index = draw(context)?;
    if let Ok(id) = u32::try_from(index) {
        context.sampled(id);
    }
    Ok(Value::Integer(index as i64))
}

fn by_probabilities(context: &mut Context, arguments: &Arguments) -> Result<usize, Failure> {
    let row = last_row(context, arguments)?;
    let weights: Vec<f64> = row.iter().map(|p| f64::from(*p)).collect();
    let sum: f64 = weights.iter().sum();
    let fits = weights.iter().all(|p| *p >= 0.0) && (sum - 1.0).abs() <= SUM;
    let draw = if fits { context.random.index(&weights) } else { None };
    draw.ok_or_else(|| {
        let message = format!("`sample` needs probabilities that are not negative and sum to 1, found a sum of {sum}");
        Failure { argument: Some(0), ..Failure::runtime(message) }.help("make them of logits with `softmax`")
    })
}

/// The last row of logits, none of them NaN.
fn likely(context: &Context, arguments: &Arguments) -> Result<Vec<f32>, Failure> {
    let row = last_row(context, arguments)?;
    without_nan(arguments.entry.name, &row).map(|()| row)
}

fn temperature(arguments: &Arguments) -> Result<f64, Failure> {
    match arguments.get(2) {
        None => Ok(1.0),
        Some(value) => match arguments.float(2)? {
            temperature if temperature >= 0.0 => Ok(temperature),
            _ => Err(arguments.wrong(2, "a temperature of at least 0", &value.describe())),
        },
    }
}

fn without_nan(function: &str, logits: &[f32]) -> Result<(), Failure> {
    match logits.iter().position(|logit| logit.is_nan()) {
        None => Ok(()),
        Some(index) => Err(Failure::runtime(format!("`{function}` cannot order NaN: the first is at index {index}"))),
    }
}

/// The tensor with every row of its last axis changed.
fn each_row(function: &str, x: &Tensor, change: impl Fn(&mut [f32])) -> Result<Tensor, Failure> {
    let mut values = x.to_floats()?;
    without_nan(function, &values)?;
    let size = x.shape().last().copied().unwrap_or(1).max(1);
    values.chunks_mut(size).for_each(change);
    let element = if x.element().is_float() { x.element() } else { ElementType::Float32 };
    let changed = Tensor::from_floats(values, x.shape(), element, x.device())?;
    Ok(if x.is_weak() { changed.weak() } else { changed })
}

/// The positions of logits, the largest first; of equal ones the first.
fn order(logits: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]));
    order
}

fn keep_largest(logits: &mut [f32], k: usize) {
    for at in order(logits).into_iter().skip(k) {
        logits[at] = f32::NEG_INFINITY;
    }
}

/// Keeps the shortest list of the likeliest whose probabilities sum to `p`.
fn keep_nucleus(logits: &mut [f32], p: f64, temperature: f64) {
    let order = order(logits);
    let Some(most) = order.first().map(|first| f64::from(logits[*first])) else { return };
    let weights: Vec<f64> = order.iter().map(|at| ((f64::from(logits[*at]) - most) / temperature).exp()).collect();
    let target = p * weights.iter().sum::<f64>();
    let mut sum = 0.0;
    for (at, weight) in order.into_iter().zip(weights) {
        if sum >= target && sum > 0.0 {
            logits[at] = f32::NEG_INFINITY;
        }
        sum += weight;
    }
}
