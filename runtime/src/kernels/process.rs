//! The run itself: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::process::Process;

use super::arguments::Arguments;
use super::{equality, io};
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::text;
use crate::value::Value;

/// How far values that are about equal may lie apart.
const EPSILON: f64 = 1e-5;

/// Runs one builtin on the run.
pub fn call(which: Process, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match which {
        Process::Exit => {
            let code = arguments.optional_integer(0)?.unwrap_or(0);
            let outside = |_| arguments.wrong(0, "an exit code of 32 bits", &code.to_string());
            Err(Stop::Exit(i32::try_from(code).map_err(outside)?))
        }
        Process::Panic => {
            let message = io::line(context, arguments)?;
            Err(Failure::runtime(if message.is_empty() { "panic".into() } else { message }).into())
        }
        Process::Time => Ok(Value::Float(context.started.elapsed().as_secs_f64())),
        Process::Assert => {
            let condition = arguments.flag(0, false)?;
            if condition {
                Ok(Value::Void)
            } else {
                Err(failed(context, arguments, 1, "the condition is false")?.into())
            }
        }
        Process::AssertEq => {
            let (left, right) = (arguments.value(0), arguments.value(1));
            if equality::equal(left, right, context)? {
                return Ok(Value::Void);
            }
            let (left, right) = (text::of(left, context)?, text::of(right, context)?);
            let failure = failed(context, arguments, 2, &format!("{left} is not equal to {right}"))?;
            Err(failure.note(format!("left is {left}")).note(format!("right is {right}")).into())
        }
        Process::AssertAboutEq => {
            let epsilon = if arguments.get(2).is_some() { arguments.float(2)? } else { EPSILON };
            let (left, right) = (arguments.value(0), arguments.value(1));
            let distance = equality::distance(left, right, context)?;
            if distance < epsilon {
                return Ok(Value::Void);
            }
            let reason = format!("the values differ by {distance}, {epsilon} or more");
            let failure = failed(context, arguments, 3, &reason)?;
            let (left, right) = (text::of(left, context)?, text::of(right, context)?);
            Err(failure.note(format!("left is {left}")).note(format!("right is {right}")).into())
        }
    }
}

/// The failure of an assertion: its own message, if it has one, and the reason.
fn failed(context: &Context, arguments: &Arguments, message: usize, reason: &str) -> Result<Failure, Failure> {
    let name = arguments.entry.name;
    Ok(Failure::runtime(match arguments.get(message) {
        Some(told) => format!("`{name}` failed: {}: {reason}", text::of(told, context)?),
        None => format!("`{name}` failed: {reason}"),
    }))
}
