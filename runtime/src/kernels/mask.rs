//! Masks: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::mask::{Mask, placed};
use tensorlogic_language::shape::{ElementType, Shape};

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::Stop;
use crate::tensor::Tensor;
use crate::value::Value;

/// The lowest finite 16-bit float.
const LOWEST_HALF: f32 = -65504.0;

/// Runs one builtin on masks.
pub fn call(which: Mask, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    Ok(Value::Tensor(match which {
        Mask::CausalMask => {
            let queries = arguments.size(0)?;
            let keys = if arguments.get(1).is_some() { arguments.size(1)? } else { queries };
            Tensor::causal_mask(queries, keys, context.default_element, &context.device)?
        }
        Mask::ApplyAttentionMask => {
            let (scores, mask) = (arguments.tensor(context, 0)?, arguments.tensor(context, 1)?);
            let place = placed(&Shape::known(scores.shape()), &Shape::known(mask.shape()))?;
            let sizes: Vec<usize> = place.0.iter().filter_map(|size| size.known()).collect();
            let lowest = if scores.element() == ElementType::Float16 { LOWEST_HALF } else { f32::MIN };
            scores.keep_where(&mask.reshape(&sizes)?, lowest)?
        }
    }))
}
