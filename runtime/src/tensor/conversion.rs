//! Element types: conversion, rounding to half precision, wrapping of integers.

use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::{Dispatch, FloatDType, Scalar};
use half::f16;
use half::slice::HalfFloatSliceExt;
use tensorlogic_language::shape::ElementType;

use super::data::{floats, integers};
use super::{Data, Result, Tensor, TensorError};

/// Rounds every value to the nearest 16-bit float; beyond 65504 lies infinity.
pub(super) fn round_half(values: &mut [f32]) {
    let mut halves = [f16::ZERO; 256];
    for chunk in values.chunks_mut(halves.len()) {
        let halves = &mut halves[..chunk.len()];
        halves.convert_from_f32_slice(chunk);
        halves.convert_to_f32_slice(chunk);
    }
}

/// Brings integers into the range of their type: two's complement, or 0 and 1.
pub(super) fn wrap(values: &mut [i64], element: ElementType) {
    match element {
        ElementType::Int16 => values.iter_mut().for_each(|value| *value = i64::from(*value as i16)),
        ElementType::Int32 => values.iter_mut().for_each(|value| *value = i64::from(*value as i32)),
        ElementType::Bool => values.iter_mut().for_each(|value| *value = i64::from(*value != 0)),
        ElementType::Int64 | ElementType::Float16 | ElementType::Float32 => {}
    }
}

impl Tensor {
    /// The tensor with its values rounded, where they are float16.
    pub(super) fn rounded(self) -> Result<Tensor> {
        let Data::Float(data) = &self.data else { return Ok(self) };
        if self.element != ElementType::Float16 {
            return Ok(self);
        }
        let data = if self.device.has_half() && !self.device.is_cpu() {
            let halves = Dispatch::float_cast(data.clone(), FloatDType::F16);
            Data::Float(Dispatch::float_cast(halves, FloatDType::F32))
        } else {
            let mut values: Vec<f32> = self.host_floats()?.into();
            round_half(&mut values);
            floats(values, &self.shape, &self.device)
        };
        Ok(Tensor { data, ..self })
    }

    /// The tensor with its integers wrapped to the width of their type.
    pub(super) fn wrapped(self) -> Result<Tensor> {
        let bits = match self.element {
            ElementType::Int16 => 16,
            ElementType::Int32 => 32,
            _ => return Ok(self),
        };
        let Data::Int(data) = &self.data else { return Ok(self) };
        let width = if self.device.has_wide_integers() { 64 } else { 32 };
        if bits == width {
            return Ok(self);
        }
        let data = if self.device.is_cpu() {
            let mut values: Vec<i64> = self.host_integers()?.into();
            wrap(&mut values, self.element);
            integers(values, &self.shape, &self.device)
        } else {
            let shift = Scalar::from(width - bits);
            let shifted = Dispatch::bitwise_left_shift_scalar(data.clone(), shift);
            Data::Int(Dispatch::bitwise_right_shift_scalar(shifted, shift))
        };
        Ok(Tensor { data, ..self })
    }

    /// The values as another element type; the result is strong. Floats become
    /// integers by truncation and saturate at the bounds of the type; NaN has
    /// no integer value. For bool everything but 0 is true.
    pub fn cast(&self, element: ElementType) -> Result<Tensor> {
        if element == self.element || matches!(self.data, Data::Empty) {
            return Ok(Tensor { element, ..self.clone() }.strong());
        }
        let cast = match (self.element.is_float(), element.is_float()) {
            (true, true) => self.clone(),
            (false, true) => Tensor { data: Data::Float(self.float_data()?), ..self.clone() },
            (false, false) => {
                let mut values: Vec<i64> = self.host_integers()?.into();
                wrap(&mut values, element);
                Tensor { data: integers(values, &self.shape, &self.device), ..self.clone() }
            }
            (true, false) => {
                let values = self.host_floats()?;
                if values.iter().any(|value| value.is_nan()) {
                    return Err(TensorError::NotANumber { element });
                }
                let converted = values.iter().map(|value| saturate(*value, element)).collect();
                Tensor { data: integers(converted, &self.shape, &self.device), ..self.clone() }
            }
        };
        Tensor { element, ..cast }.strong().rounded()
    }

    /// The same tensor in the element type of a computation; weakness is kept.
    pub(super) fn in_type(&self, element: ElementType) -> Result<Tensor> {
        if element == self.element {
            return Ok(self.clone());
        }
        let weak = self.weak;
        self.cast(element).map(|tensor| Tensor { weak, ..tensor })
    }

    /// How many elements are NaN and how many are infinite.
    pub fn count_non_finite(&self) -> Result<(usize, usize)> {
        if !self.element.is_float() {
            return Ok((0, 0));
        }
        let values = self.host_floats()?;
        if values.iter().all(|value| value.is_finite()) {
            return Ok((0, 0));
        }
        let nan = values.iter().filter(|value| value.is_nan()).count();
        let infinite = values.iter().filter(|value| value.is_infinite()).count();
        Ok((nan, infinite))
    }
}

fn saturate(value: f32, element: ElementType) -> i64 {
    match element {
        ElementType::Bool => i64::from(value != 0.0),
        ElementType::Int16 => i64::from(value as i16),
        ElementType::Int32 => i64::from(value as i32),
        ElementType::Int64 | ElementType::Float16 | ElementType::Float32 => value as i64,
    }
}
