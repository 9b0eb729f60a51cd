//! Arithmetic of two tensors, or of a tensor and a number, element by element,
//! with NumPy's broadcasting. Floats follow IEEE 754, integers wrap around.

use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::{Dispatch, DispatchTensor, Scalar};
use rayon::prelude::*;
use tensorlogic_language::shape::ElementType;

use super::data::{floats, integers};
use super::layout::broadcast_shape;
use super::promotion::computable;
use super::{Data, Number, Result, Tensor, TensorError, room_for};

/// From this many elements on, work on the processor is divided among threads.
pub(super) const PARALLEL: usize = 1 << 16;

type FloatOperation = fn(DispatchTensor, DispatchTensor) -> DispatchTensor;

impl Tensor {
    /// `self + other`.
    pub fn add(&self, other: &Tensor) -> Result<Tensor> {
        self.combine(other, Dispatch::float_add, Dispatch::int_add)
    }

    /// `self - other`.
    pub fn sub(&self, other: &Tensor) -> Result<Tensor> {
        self.combine(other, Dispatch::float_sub, Dispatch::int_sub)
    }

    /// `self * other`.
    pub fn mul(&self, other: &Tensor) -> Result<Tensor> {
        self.combine(other, Dispatch::float_mul, Dispatch::int_mul)
    }

    /// `self / other`; integers divide to float32.
    pub fn div(&self, other: &Tensor) -> Result<Tensor> {
        let (element, weak) = self.promoted(other);
        let element = if element.is_float() { element } else { ElementType::Float32 };
        self.combine_floats(other, element, weak, Dispatch::float_div)
    }

    /// `self % other` with the sign of `self`; an integer has no remainder by zero.
    pub fn remainder(&self, other: &Tensor) -> Result<Tensor> {
        self.combine_on_host(other, |a, b| a % b, |a, b| (b != 0).then(|| a.wrapping_rem(b)))
    }

    /// `self ** other`; integers give float32 unless the exponent is a whole
    /// number ([`Tensor::power_number`]).
    pub fn power(&self, other: &Tensor) -> Result<Tensor> {
        let (element, weak) = self.promoted(other);
        let element = if element.is_float() { element } else { ElementType::Float32 };
        self.combine_floats(other, element, weak, Dispatch::float_powf)
    }

    /// The larger of both; NaN if either is NaN.
    pub fn maximum(&self, other: &Tensor) -> Result<Tensor> {
        self.combine_on_host(other, f32_max, |a, b| Some(a.max(b)))
    }

    /// The smaller of both; NaN if either is NaN.
    pub fn minimum(&self, other: &Tensor) -> Result<Tensor> {
        self.combine_on_host(other, |a, b| -f32_max(-a, -b), |a, b| Some(a.min(b)))
    }

    /// `self + number`.
    pub fn add_number(&self, number: Number) -> Result<Tensor> {
        self.combine_number(number, Dispatch::float_add_scalar, Dispatch::int_add_scalar)
    }

    /// `self - number`.
    pub fn sub_number(&self, number: Number) -> Result<Tensor> {
        self.combine_number(number, Dispatch::float_sub_scalar, Dispatch::int_sub_scalar)
    }

    /// `number - self`.
    pub fn subtracted_from(&self, number: Number) -> Result<Tensor> {
        let (element, _) = self.promoted_number(number);
        if element.is_float() {
            // Not `-self + number`: that would turn 0 - 0 into -0 + 0 on some devices.
            return self.number_tensor(number, element)?.sub(self);
        }
        self.neg()?.add_number(number)
    }

    /// `self * number`.
    pub fn mul_number(&self, number: Number) -> Result<Tensor> {
        self.combine_number(number, Dispatch::float_mul_scalar, Dispatch::int_mul_scalar)
    }

    /// `self / number`; integers divide to float32.
    pub fn div_number(&self, number: Number) -> Result<Tensor> {
        let (element, weak) = self.promoted_number(number);
        let element = if element.is_float() { element } else { ElementType::Float32 };
        self.number_floats(number, element, weak, Dispatch::float_div_scalar)
    }

    /// `number / self`; integers divide to float32.
    pub fn dividing(&self, number: Number) -> Result<Tensor> {
        let (element, _) = self.promoted_number(number);
        let element = if element.is_float() { element } else { ElementType::Float32 };
        self.number_tensor(number, element)?.div(self)
    }

    /// `self % number` with the sign of `self`.
    pub fn remainder_number(&self, number: Number) -> Result<Tensor> {
        let (element, _) = self.promoted_number(number);
        self.remainder(&self.number_tensor(number, computable(element))?)
    }

    /// `number % self` with the sign of `number`.
    pub fn remainder_of(&self, number: Number) -> Result<Tensor> {
        let (element, _) = self.promoted_number(number);
        self.number_tensor(number, computable(element))?.remainder(self)
    }

    /// `self ** number`. Integers stay integers where the exponent is an
    /// Integer that is not negative.
    pub fn power_number(&self, number: Number) -> Result<Tensor> {
        let (element, weak) = self.promoted_number(number);
        match number {
            Number::Integer(exponent) if !element.is_float() && exponent >= 0 => self.integer_power(exponent as u64),
            _ => {
                let element = if element.is_float() { element } else { ElementType::Float32 };
                let number = Number::Float(number.float());
                let typed = self.in_type(element)?;
                let square = number.float() == 2.0;
                if square {
                    return typed.mul(&typed).map(|tensor| Tensor { weak, ..tensor });
                }
                typed.number_floats(number, element, weak, Dispatch::float_powf_scalar)
            }
        }
    }

    /// `number ** self`.
    pub fn exponent_of(&self, number: Number) -> Result<Tensor> {
        let (element, _) = self.promoted_number(number);
        let element = if element.is_float() { element } else { ElementType::Float32 };
        self.number_tensor(number, element)?.power(self)
    }

    /// `-self`; truth values become integers.
    pub fn neg(&self) -> Result<Tensor> {
        if self.element.is_float() {
            return self.map_floats(Dispatch::float_neg);
        }
        let typed = self.in_type(computable(self.element))?;
        match &typed.data {
            Data::Int(data) => typed.like(Data::Int(Dispatch::int_neg(data.clone())), self.shape.clone()).wrapped(),
            _ => Ok(typed),
        }
    }

    /// The number as a weak 0-d tensor.
    pub(super) fn number_tensor(&self, number: Number, element: ElementType) -> Result<Tensor> {
        Ok(Tensor::filled(number, &[], element, &self.device)?.weak())
    }

    /// A float operation without a second operand on the device.
    pub(super) fn map_floats(&self, operation: impl FnOnce(DispatchTensor) -> DispatchTensor) -> Result<Tensor> {
        match &self.data {
            Data::Empty => Ok(self.clone()),
            _ => self.like(Data::Float(operation(self.dense_float_data()?)), self.shape.clone()).rounded(),
        }
    }

    fn combine(&self, other: &Tensor, of_floats: FloatOperation, of_integers: FloatOperation) -> Result<Tensor> {
        let (element, weak) = self.promoted(other);
        let element = computable(element);
        if element.is_float() {
            return self.combine_floats(other, element, weak, of_floats);
        }
        let shape = broadcast_shape(&self.shape, &other.shape)?;
        if room_for(&shape)? == 0 {
            return Ok(Tensor { weak, ..Tensor::without_elements(shape, element, &self.device)? });
        }
        let left = self.aligned(shape.len())?.int_data()?;
        let right = other.aligned(shape.len())?.int_data()?;
        let result = Tensor::new(Data::Int(of_integers(left, right)), shape, element, &self.device);
        Tensor { weak, ..result }.wrapped()
    }

    fn combine_floats(
        &self,
        other: &Tensor,
        element: ElementType,
        weak: bool,
        operation: FloatOperation,
    ) -> Result<Tensor> {
        let shape = broadcast_shape(&self.shape, &other.shape)?;
        if room_for(&shape)? == 0 {
            return Ok(Tensor { weak, ..Tensor::without_elements(shape, element, &self.device)? });
        }
        let left = self.in_type(element)?.aligned(shape.len())?.float_data()?;
        let right = other.in_type(element)?.aligned(shape.len())?.float_data()?;
        let result = Tensor::from_float_data(operation(left, right), shape, element, &self.device)?;
        Ok(Tensor { weak, ..result })
    }

    fn combine_number(
        &self,
        number: Number,
        of_floats: fn(DispatchTensor, Scalar) -> DispatchTensor,
        of_integers: fn(DispatchTensor, Scalar) -> DispatchTensor,
    ) -> Result<Tensor> {
        let (element, weak) = self.promoted_number(number);
        let element = computable(element);
        match number {
            Number::Integer(value) if !element.is_float() => {
                let typed = self.in_type(element)?;
                match &typed.data {
                    Data::Int(data) => {
                        let data = of_integers(data.clone(), Scalar::from(value));
                        Tensor { weak, ..typed.like(Data::Int(data), self.shape.clone()) }.wrapped()
                    }
                    _ => Ok(Tensor { weak, ..typed }),
                }
            }
            _ => self.number_floats(number, element, weak, of_floats),
        }
    }

    /// A float operation with a number, which is first rounded to `element`.
    fn number_floats(
        &self,
        number: Number,
        element: ElementType,
        weak: bool,
        operation: fn(DispatchTensor, Scalar) -> DispatchTensor,
    ) -> Result<Tensor> {
        let typed = self.in_type(element)?;
        let mut value = [number.float() as f32];
        if element == ElementType::Float16 {
            super::conversion::round_half(&mut value);
        }
        typed.map_floats(|data| operation(data, Scalar::from(value[0]))).map(|tensor| Tensor { weak, ..tensor })
    }

    fn integer_power(&self, exponent: u64) -> Result<Tensor> {
        let mut result =
            Tensor { weak: self.weak, ..Tensor::ones(&self.shape, computable(self.element), &self.device)? };
        let mut base = self.in_type(computable(self.element))?;
        let mut left = exponent;
        while left > 0 {
            if left & 1 == 1 {
                result = result.mul(&base)?;
            }
            left >>= 1;
            if left > 0 {
                base = base.mul(&base)?;
            }
        }
        Ok(result)
    }

    /// An operation that the devices lack, done on the host.
    fn combine_on_host(
        &self,
        other: &Tensor,
        of_floats: fn(f32, f32) -> f32,
        of_integers: fn(i64, i64) -> Option<i64>,
    ) -> Result<Tensor> {
        let (element, weak) = self.promoted(other);
        let element = computable(element);
        let shape = broadcast_shape(&self.shape, &other.shape)?;
        room_for(&shape)?;
        let left = self.in_type(element)?.broadcast_to(&shape)?;
        let right = other.in_type(element)?.broadcast_to(&shape)?;
        let result = if element.is_float() {
            let (left, right) = (left.host_floats()?, right.host_floats()?);
            let mut values = vec![0.0; left.len()];
            zip_into(&left, &right, &mut values, of_floats);
            Tensor::new(floats(values, &shape, &self.device), shape, element, &self.device).rounded()?
        } else {
            let (left, right) = (left.host_integers()?, right.host_integers()?);
            let values: Option<Vec<i64>> = left.iter().zip(&*right).map(|(a, b)| of_integers(*a, *b)).collect();
            let values = values.ok_or(TensorError::DivisionByZero)?;
            Tensor::new(integers(values, &shape, &self.device), shape, element, &self.device).wrapped()?
        };
        Ok(Tensor { weak, ..result })
    }
}

/// Combines two slices of equal length into a third, on all threads where it is long.
fn zip_into(left: &[f32], right: &[f32], into: &mut [f32], operation: fn(f32, f32) -> f32) {
    let one = |((into, left), right): ((&mut [f32], &[f32]), &[f32])| {
        into.iter_mut().zip(left).zip(right).for_each(|((into, a), b)| *into = operation(*a, *b));
    };
    if into.len() < PARALLEL {
        return one(((into, left), right));
    }
    let chunk = PARALLEL / 4;
    into.par_chunks_mut(chunk).zip(left.par_chunks(chunk)).zip(right.par_chunks(chunk)).for_each(one);
}

fn f32_max(a: f32, b: f32) -> f32 {
    if a > b || a.is_nan() { a } else { b }
}
