//! Masks: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::mask::{Mask, placed, query_and_key};
use tensorlogic_language::catalogue::rules::negative_size;
use tensorlogic_language::shape::{ElementType, Shape};

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::Value;

/// The lowest finite 16-bit float.
const LOWEST_HALF: f32 = -65504.0;

/// Runs one builtin on masks.
pub fn call(which: Mask, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let (element, device) = (context.default_element, &context.device);
    Ok(Value::Tensor(match which {
        Mask::CausalMask => {
            let queries = arguments.size(0)?;
            let keys = if arguments.get(1).is_some() { arguments.size(1)? } else { queries };
            Tensor::causal_mask(queries, keys, element, device)?
        }
        Mask::ApplyAttentionMask => masked(&arguments.tensor(context, 0)?, &arguments.tensor(context, 1)?)?,
        Mask::ApplyCausalMask => {
            let scores = arguments.tensor(context, 0)?;
            let (queries, keys) = query_and_key(scores.rank()).unwrap_or_default();
            let (queries, keys) = (scores.shape()[queries], scores.shape()[keys]);
            masked(&scores, &Tensor::causal_mask(queries, keys, element, device)?)?
        }
        Mask::PaddingMask => padding_mask(context, arguments)?,
        Mask::CombineMasks => arguments.tensor(context, 0)?.mul(&arguments.tensor(context, 1)?)?,
    }))
}

/// Scores with the lowest finite number where a mask is 0.
fn masked(scores: &Tensor, mask: &Tensor) -> Result<Tensor, Failure> {
    let place = placed(&Shape::known(scores.shape()), &Shape::known(mask.shape()))?;
    let sizes: Vec<usize> = place.0.iter().filter_map(|size| size.known()).collect();
    let lowest = if scores.element() == ElementType::Float16 { LOWEST_HALF } else { f32::MIN };
    Ok(scores.keep_where(&mask.reshape(&sizes)?, lowest)?)
}

fn padding_mask(context: &Context, arguments: &Arguments) -> Result<Tensor, Failure> {
    let size = arguments.size(1)?;
    let lengths = arguments.integers(0)?;
    let mut values = Vec::with_capacity(lengths.len() * size);
    for length in &lengths {
        let length = usize::try_from(*length).map_err(|_| negative_size("padding_mask", *length, 0))?;
        values.extend((0..size).map(|at| if at < length { 1.0 } else { 0.0 }));
    }
    let mask = Tensor::from_floats(values, &[lengths.len(), size], ElementType::Float32, &context.device)?;
    Ok(mask.cast(context.default_element)?.weak())
}
