//! Axes: see the catalogue's family of the same name.

use std::sync::Arc;

use tensorlogic_language::catalogue::axes::{Axes, chunk_size, new_axis, split_ends};
use tensorlogic_language::catalogue::rules;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::{Array, Value};

/// Runs one builtin on axes.
pub fn call(which: Axes, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let x = arguments.tensor(context, 0)?;
    Ok(match which {
        Axes::Numel => Value::Integer(x.count() as i64),
        Axes::Rank => Value::Integer(x.rank() as i64),
        Axes::Flatten => Value::Tensor(x.reshape(&[x.count()])?),
        Axes::Permute => {
            let axis = |axis: &i64| rules::axis("permute", *axis, x.rank(), 1);
            let order = arguments.integers(1)?.iter().map(axis).collect::<Result<Vec<usize>, _>>();
            Value::Tensor(x.permute(&order?)?)
        }
        Axes::Squeeze => {
            let axis = arguments.axis(1, x.rank())?;
            let kept = |(at, size): (usize, &usize)| axis.map_or(*size != 1, |axis| at != axis);
            let sizes = x.shape().iter().enumerate().filter(|(at, size)| kept((*at, size))).map(|(_, size)| *size);
            Value::Tensor(x.reshape(&sizes.collect::<Vec<usize>>())?)
        }
        Axes::Unsqueeze => {
            let axis = new_axis(arguments.integer(1)?, x.rank())?;
            Value::Tensor(x.unsqueeze(axis)?)
        }
        Axes::Split => {
            let axis = arguments.axis(2, x.rank())?.unwrap_or(0);
            let ends = match arguments.value(1) {
                Value::Array(_) => split_ends(&arguments.integers(1)?, x.shape()[axis])?,
                _ => equal_parts(x.shape()[axis], arguments.size(1)?),
            };
            parts(&x, axis, &ends)?
        }
        Axes::Chunk => {
            let axis = arguments.axis(2, x.rank())?.unwrap_or(0);
            let size = x.shape()[axis];
            parts(&x, axis, &equal_parts(size, chunk_size(size, arguments.size(1)?)))?
        }
    })
}

/// Where parts of one size end; the last one has what is left.
fn equal_parts(size: usize, part: usize) -> Vec<usize> {
    (1..=size.div_ceil(part.max(1))).map(|count| (count * part).min(size)).collect()
}

/// The parts of an axis up to each of these positions, as an array.
fn parts(x: &Tensor, axis: usize, ends: &[usize]) -> Result<Value, Failure> {
    let starts = [0].into_iter().chain(ends.iter().copied());
    let parts = starts.zip(ends).map(|(start, end)| x.narrow(axis, start..*end));
    Ok(Value::Array(Arc::new(Array::Tensor(parts.collect::<Result<Vec<Tensor>, _>>()?))))
}
