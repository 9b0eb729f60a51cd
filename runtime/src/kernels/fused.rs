//! Fused operations: see the catalogue's family of the same name.

use tensorlogic_language::catalogue::fused::Fused;

use super::arguments::Arguments;
use crate::context::Context;
use crate::failure::Stop;
use crate::tensor::Unary;
use crate::value::Value;

/// Runs one fused operation.
pub fn call(which: Fused, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let (a, b) = (arguments.tensor(context, 0)?, arguments.tensor(context, 1)?);
    Ok(Value::Tensor(match which {
        Fused::AddRelu => a.add(&b)?.map(Unary::Relu)?,
        Fused::MulRelu => a.mul(&b)?.map(Unary::Relu)?,
        Fused::Affine => a.mul(&b)?.add(&arguments.tensor(context, 2)?)?,
        Fused::GeluLinear => a.map(Unary::Gelu)?.matmul(&b)?.add(&arguments.tensor(context, 2)?)?,
    }))
}
