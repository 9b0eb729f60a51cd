//! Linear algebra: see the catalogue's family of the same name. Weights are
//! multiplied and looked up in the blocks of their file.

use tensorlogic_language::catalogue::linear_algebra::{LinearAlgebra, no_row, table_slot};
use tensorlogic_language::diagnostic::Code;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::tensor::Tensor;
use crate::value::Value;
use crate::weights;

/// Runs one builtin of linear algebra.
pub fn call(which: LinearAlgebra, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    Ok(Value::Tensor(match which {
        LinearAlgebra::Matmul => matmul(&arguments.tensor(context, 0)?, &arguments.tensor(context, 1)?)?,
        LinearAlgebra::Linear => linear(context, arguments)?,
        LinearAlgebra::Einsum => {
            let operands = arguments.rest().iter().map(|operand| context.tensor(operand));
            Tensor::einsum(arguments.string(0)?, &operands.collect::<Result<Vec<Tensor>, Failure>>()?)?
        }
        LinearAlgebra::Embedding => embedding(context, arguments)?,
    }))
}

/// The matrix product, of vectors too.
pub fn matmul(left: &Tensor, right: &Tensor) -> Result<Tensor, Failure> {
    let row = left.rank() == 1;
    let column = right.rank() == 1;
    if !row && !column {
        return Ok(left.matmul(right)?);
    }
    let left = if row { left.unsqueeze(0)? } else { left.clone() };
    let right = if column { right.unsqueeze(1)? } else { right.clone() };
    let product = left.matmul(&right)?;
    let mut shape = product.shape().to_vec();
    if column {
        shape.pop();
    }
    if row {
        shape.remove(shape.len() - if column { 1 } else { 2 });
    }
    Ok(product.reshape(&shape)?)
}

fn linear(context: &Context, arguments: &Arguments) -> Result<Tensor, Failure> {
    let x = arguments.tensor(context, 0)?;
    let product = match arguments.value(1) {
        Value::Weight(_, weight) => weights::linear(&x, weight)?,
        weight => {
            let weight = context.tensor(weight)?;
            let mut shape = x.shape().to_vec();
            let inner = shape.pop().unwrap_or(1);
            let rows: usize = shape.iter().product();
            shape.push(weight.shape()[0]);
            x.reshape(&[rows, inner])?.matmul(&weight.transpose()?)?.reshape(&shape)?
        }
    };
    match arguments.get(2) {
        Some(bias) => Ok(product.add(&context.tensor(bias)?)?),
        None => Ok(product),
    }
}

fn embedding(context: &Context, arguments: &Arguments) -> Result<Tensor, Failure> {
    let slot = table_slot(&arguments.value(0).fact(), &arguments.value(1).fact());
    let (ids, mut shape) = arguments.ids(1 - slot)?;
    if shape.is_empty() {
        shape.push(1);
    }
    let (rows, width) = match arguments.value(slot) {
        Value::Tensor(table) => (table.shape()[0], table.shape()[1]),
        Value::Weight(_, table) => (table.shape()[0], table.shape()[1]),
        other => return Err(arguments.wrong(slot, "a tensor [v, d]", &other.describe())),
    };
    let mut picked = Vec::with_capacity(ids.len());
    for id in ids {
        let row = usize::try_from(id).ok().filter(|row| *row < rows);
        picked.push(row.ok_or_else(|| no_row(id, rows, 1 - slot))?);
    }
    let looked_up = match arguments.value(slot) {
        Value::Weight(_, table) => weights::embedding(table, &picked, &context.device)?,
        table => context.tensor(table)?.rows(&picked)?,
    };
    shape.push(width);
    if looked_up.shape() == shape {
        return Ok(looked_up);
    }
    looked_up.reshape(&shape).map_err(|error| Failure::new(Code::ShapeMismatch, error.to_string()))
}
