//! Creation: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::creation::{Creation, range_count};
use tensorlogic_language::catalogue::rules::negative_size;
use tensorlogic_language::shape::ElementType;

use super::arguments::Arguments;
use super::shaping::completed;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::Value;

/// Runs one builtin that creates.
pub fn call(which: Creation, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let (element, device) = (context.default_element, &context.device);
    Ok(match which {
        Creation::Zeros => Value::Tensor(Tensor::zeros(&sizes(arguments, 0)?, element, device)?.weak()),
        Creation::ZerosF32 => Value::Tensor(Tensor::zeros(&sizes(arguments, 0)?, ElementType::Float32, device)?),
        Creation::Ones => Value::Tensor(Tensor::ones(&sizes(arguments, 0)?, element, device)?.weak()),
        Creation::Range => range(arguments)?,
        Creation::Arange => {
            let (start, end) = bounds(arguments)?;
            Value::Tensor(Tensor::arange(start, end, element, device)?.weak())
        }
        Creation::Tensor => {
            let values = arguments.tensor(context, 0)?;
            Value::Tensor(match arguments.get(1) {
                Some(_) => values.reshape(&completed(values.count(), &arguments.integers(1)?))?,
                None => values,
            })
        }
    })
}

/// The sizes that a parameter lists.
pub(super) fn sizes(arguments: &Arguments, slot: usize) -> Result<Vec<usize>, Failure> {
    let size = |size: i64| usize::try_from(size).map_err(|_| negative_size(arguments.entry.name, size, slot).into());
    arguments.integers(slot)?.into_iter().map(size).collect()
}

/// Where counting starts and ends: one number is the end, counted from 0.
fn bounds(arguments: &Arguments) -> Result<(i64, i64), Failure> {
    let first = arguments.integer(0)?;
    Ok(match arguments.optional_integer(1)? {
        Some(end) => (first, end),
        None => (0, first),
    })
}

fn range(arguments: &Arguments) -> Result<Value, Failure> {
    let (start, end) = bounds(arguments)?;
    let step = arguments.optional_integer(2)?.unwrap_or(1);
    // The rule has bounded the count.
    let count = range_count(start, end, step).and_then(|count| i64::try_from(count).ok()).unwrap_or(0);
    // Every entry fits into 64 bits, though the way to it may not.
    Ok(Value::integers((0..count).map(|index| start.wrapping_add(index.wrapping_mul(step)))))
}
