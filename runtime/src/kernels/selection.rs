//! Selection: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::selection::{Selection, selected};
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::shape::{ElementType, resolve_index};

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::Value;

/// Runs one builtin that selects.
pub fn call(which: Selection, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let x = arguments.tensor(context, 0)?;
    let axis = arguments.axis(1, x.rank())?.unwrap_or(0);
    Ok(Value::Tensor(match which {
        Selection::Gather => x.gather(axis, &index(context, arguments, x.shape()[axis])?)?,
        Selection::Scatter => {
            let index = index(context, arguments, x.shape()[axis])?;
            x.scatter(axis, &index, &arguments.tensor(context, 3)?)?
        }
        Selection::IndexSelect => {
            let (indices, _) = arguments.ids(2)?;
            let size = x.shape()[axis];
            let rows = indices.into_iter().map(|index| selected(index, size, axis));
            let rows = rows.collect::<Result<Vec<usize>, _>>()?;
            // Rows are entries of the first axis.
            let mut order: Vec<usize> = (0..x.rank()).collect();
            order.swap(0, axis);
            x.permute(&order)?.rows(&rows)?.permute(&order)?
        }
    }))
}

/// The positions of an index as whole numbers from the front of an axis of some size.
fn index(context: &Context, arguments: &Arguments, size: usize) -> Result<Tensor, Failure> {
    let given = arguments.tensor(context, 2)?;
    let whole = |x: &f32| x.fract() == 0.0;
    if given.element().is_float() && !given.to_floats()?.iter().all(whole) {
        return Err(arguments.wrong(2, "whole numbers", &arguments.value(2).describe()));
    }
    let position = |index: i64| {
        resolve_index(index, size).map(|at| at as i64).ok_or_else(|| {
            let name = arguments.entry.name;
            let message = format!("`{name}` finds no position {index} on the axis, which has {size}");
            Failure { argument: Some(2), ..Failure::new(Code::IndexOutOfRange, message) }
        })
    };
    let positions = given.to_integers()?.into_iter().map(position).collect::<Result<Vec<i64>, Failure>>()?;
    Ok(Tensor::from_integers(positions, given.shape(), ElementType::Int64, &context.device)?)
}
