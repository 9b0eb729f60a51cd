//! Sampling: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::sampling::Sampling;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::random::RandomStream;
use crate::value::Value;

/// Up to this temperature the largest logit is taken.
const GREEDY: f64 = 1e-4;

/// Logits of a model that works differ by more than this.
const FLAT: f32 = 1.0;

/// Runs one builtin that samples.
pub fn call(which: Sampling, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        Sampling::TemperatureSample => {
            let logits = last_row(context, arguments)?;
            let temperature = arguments.float(1)?;
            tell_flat_logits(context, &logits);
            let index = draw("temperature_sample", &mut context.random, &logits, temperature)?;
            if let Ok(id) = u32::try_from(index) {
                context.sampled(id);
            }
            Ok(Value::Integer(index as i64))
        }
        Sampling::SetSeed => {
            // A negative seed is a seed too: its bits count.
            context.random = RandomStream::from_seed(arguments.integer(0)? as u64);
            Ok(Value::Void)
        }
    }
}

pub(super) fn last_row(context: &Context, arguments: &Arguments) -> Result<Vec<f32>, Failure> {
    let logits = arguments.tensor(context, 0)?;
    let row = match logits.shape() {
        [rows, _] => logits.entry(0, rows.saturating_sub(1))?,
        _ => logits,
    };
    Ok(row.to_floats()?)
}

fn tell_flat_logits(context: &mut Context, logits: &[f32]) {
    if context.told_flat_logits || logits.len() < 2 {
        return;
    }
    let finite = || logits.iter().copied().filter(|logit| logit.is_finite());
    let (least, most) = (finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max));
    // One finite logit among infinite ones decides by itself.
    if finite().count() < 2 || most - least >= FLAT {
        return;
    }
    context.told_flat_logits = true;
    let all = logits.len();
    context.notice(if least == most {
        format!("all {all} logits are {most}: every token is equally likely")
    } else {
        format!("the {all} logits are nearly flat, from {least} to {most}: the token is almost a matter of chance")
    });
}

/// Draws an index; greedily the first largest logit.
pub(super) fn draw(
    function: &str,
    random: &mut RandomStream,
    logits: &[f32],
    temperature: f64,
) -> Result<usize, Failure> {
    if let Some(index) = logits.iter().position(|logit| logit.is_nan()) {
        let message = format!("`{function}` cannot draw from logits with NaN: the first is at index {index}");
        return Err(
            Failure::runtime(message).help("look for the first operation that gives NaN: `print(x)` counts them")
        );
    }
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return Err(Failure::runtime(format!("`{function}` finds no token to draw: every logit is -inf")));
    }
    let first_largest = || logits.iter().position(|logit| *logit == most).unwrap_or(0);
    if temperature <= GREEDY {
        return Ok(first_largest());
    }
    let weight = |logit: f32| match most {
        // Infinite logits share everything.
        f32::INFINITY => f64::from(u8::from(logit == most)),
        _ => ((f64::from(logit) - f64::from(most)) / temperature).exp(),
    };
    let weights: Vec<f64> = logits.iter().map(|logit| weight(*logit)).collect();
    Ok(random.index(&weights).unwrap_or_else(first_largest))
}
