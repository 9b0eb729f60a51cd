//! Functions of one element. Integers and truth values give float32, except
//! for those that keep whole numbers whole.

use burn::backend::ops::{ActivationOps, FloatTensorOps, IntTensorOps};
use burn::backend::{Dispatch, Scalar};
use rayon::prelude::*;
use tensorlogic_language::shape::ElementType;

use super::arithmetic::PARALLEL;
use super::data::{bool_type, floats};
use super::promotion::computable;
use super::{Data, Result, Tensor};

/// The functions of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// e to the power of x.
    Exp,
    /// The natural logarithm.
    Log,
    /// The square root.
    Sqrt,
    /// The sine of an angle in radians.
    Sin,
    /// The cosine of an angle in radians.
    Cos,
    /// The tangent of an angle in radians.
    Tan,
    /// The hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-x).
    Sigmoid,
    /// x · sigmoid(x).
    Silu,
    /// x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), as in llama.cpp.
    Gelu,
    /// The larger of x and 0.
    Relu,
    /// The distance from 0.
    Abs,
    /// The largest whole number that is not above x.
    Floor,
    /// The smallest whole number that is not below x.
    Ceil,
    /// The nearest whole number; halves go away from 0.
    Round,
    /// −1, 0 or 1.
    Sign,
}

impl Tensor {
    /// Applies `function` to every element.
    pub fn map(&self, function: Unary) -> Result<Tensor> {
        use Unary::*;
        if !self.element.is_float() {
            return match function {
                Abs | Relu | Floor | Ceil | Round | Sign => self.map_integers(function),
                _ => self.in_type(ElementType::Float32)?.map(function),
            };
        }
        match function {
            Sigmoid => self.map_host_or(sigmoid, Dispatch::sigmoid),
            Silu => self.map_host_or(silu, |x| Dispatch::float_mul(x.clone(), Dispatch::sigmoid(x))),
            Gelu => self.map_host_or(gelu, device_gelu),
            Relu => self.map_host_or(|x| if x < 0.0 { 0.0 } else { x }, Dispatch::relu),
            Tanh => self.map_host_or(f32::tanh, Dispatch::float_tanh),
            Round => self.map_host_or(f32::round, |x| {
                let halves = Dispatch::float_add_scalar(Dispatch::float_abs(x.clone()), Scalar::from(0.5f32));
                Dispatch::float_mul(Dispatch::float_floor(halves), Dispatch::float_sign(x))
            }),
            Sign => self.map_host_or(
                |x| if x == 0.0 || x.is_nan() { x } else { x.signum() },
                // Some drivers give 0 the sign of a negative number.
                |x| {
                    let zero = Dispatch::float_equal_elem(x.clone(), Scalar::from(0.0f32), bool_type(&self.device));
                    Dispatch::float_mask_fill(Dispatch::float_sign(x), zero, Scalar::from(0.0f32))
                },
            ),
            Exp => self.map_host_or(f32::exp, Dispatch::float_exp),
            Log => self.map_host_or(f32::ln, Dispatch::float_log),
            Sin => self.map_host_or(f32::sin, Dispatch::float_sin),
            Cos => self.map_host_or(f32::cos, Dispatch::float_cos),
            Tan => self.map_host_or(f32::tan, Dispatch::float_tan),
            Sqrt => self.map_host_or(f32::sqrt, Dispatch::float_sqrt),
            Abs => self.map_host_or(f32::abs, Dispatch::float_abs),
            Floor => self.map_host_or(f32::floor, Dispatch::float_floor),
            Ceil => self.map_host_or(f32::ceil, Dispatch::float_ceil),
        }
    }

    /// On the processor `on_host` for every element, else `on_device` for all of them.
    fn map_host_or(
        &self,
        on_host: impl Fn(f32) -> f32 + Sync,
        on_device: impl FnOnce(burn::backend::DispatchTensor) -> burn::backend::DispatchTensor,
    ) -> Result<Tensor> {
        let Some(values) = self.local_floats() else { return self.map_floats(on_device) };
        let mut mapped = vec![0.0f32; values.len()];
        if values.len() < PARALLEL / 4 {
            mapped.iter_mut().zip(&*values).for_each(|(into, x)| *into = on_host(*x));
        } else {
            let chunk = PARALLEL / 16;
            mapped.par_chunks_mut(chunk).zip(values.par_chunks(chunk)).for_each(|(into, values)| {
                into.iter_mut().zip(values).for_each(|(into, x)| *into = on_host(*x));
            });
        }
        self.like(floats(mapped, &self.shape, &self.device), self.shape.clone()).rounded()
    }

    fn map_integers(&self, function: Unary) -> Result<Tensor> {
        let typed = self.in_type(computable(self.element))?;
        let Data::Int(data) = typed.data.clone() else { return Ok(typed) };
        let data = match function {
            Unary::Abs => Dispatch::int_abs(data),
            Unary::Relu => Dispatch::int_clamp_min(data, Scalar::from(0i64)),
            Unary::Sign => Dispatch::int_sign(data),
            _ => return Ok(typed),
        };
        typed.like(Data::Int(data), self.shape.clone()).wrapped()
    }
}

pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn silu(x: f32) -> f32 {
    x / (1.0 + (-x).exp())
}

/// √(2/π).
const GELU_SCALE: f32 = 0.797_884_6;

fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + (GELU_SCALE * x * (1.0 + 0.044_715 * x * x)).tanh())
}

fn device_gelu(x: burn::backend::DispatchTensor) -> burn::backend::DispatchTensor {
    let square = Dispatch::float_mul(x.clone(), x.clone());
    let inner = Dispatch::float_add_scalar(
        Dispatch::float_mul_scalar(square, Scalar::from(0.044_715f32)),
        Scalar::from(1.0f32),
    );
    let inner = Dispatch::float_mul_scalar(Dispatch::float_mul(inner, x.clone()), Scalar::from(GELU_SCALE));
    let bent = Dispatch::float_add_scalar(Dispatch::float_tanh(inner), Scalar::from(1.0f32));
    Dispatch::float_mul_scalar(Dispatch::float_mul(bent, x), Scalar::from(0.5f32))
}
