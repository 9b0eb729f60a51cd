//! Tensors from values of the host, and back.

use burn::backend::Dispatch;
use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::{FloatDType, Scalar};
use tensorlogic_language::shape::ElementType;

use super::conversion::{round_half, wrap};
use super::data::{burn_shape, floats, int_type, integers};
use super::{Data, Number, Result, Tensor, room_for, unfit};
use crate::device::Device;

impl Tensor {
    /// A strong tensor of a floating-point type from row-major values; values
    /// of type float16 are rounded.
    pub fn from_floats(mut values: Vec<f32>, shape: &[usize], element: ElementType, device: &Device) -> Result<Tensor> {
        check_count(values.len(), shape)?;
        if !element.is_float() {
            return unfit(format!("floats make no tensor of {element}"));
        }
        if element == ElementType::Float16 {
            round_half(&mut values);
        }
        Ok(Tensor::new(floats(values, shape, device), shape.to_vec(), element, device))
    }

    /// A strong tensor of an integer type or bool from row-major values.
    /// Integers wrap around at their width; for bool everything but 0 is true.
    pub fn from_integers(
        mut values: Vec<i64>,
        shape: &[usize],
        element: ElementType,
        device: &Device,
    ) -> Result<Tensor> {
        check_count(values.len(), shape)?;
        if element.is_float() {
            return unfit(format!("integers make no tensor of {element}"));
        }
        wrap(&mut values, element);
        Ok(Tensor::new(integers(values, shape, device), shape.to_vec(), element, device))
    }

    /// A strong tensor with the same value everywhere, converted to `element`
    /// (floats are truncated for integer types).
    pub fn filled(value: Number, shape: &[usize], element: ElementType, device: &Device) -> Result<Tensor> {
        if room_for(shape)? == 0 {
            return Tensor::without_elements(shape.to_vec(), element, device);
        }
        let sizes = burn_shape(shape);
        let data = if element.is_float() {
            let mut value = [value.float() as f32];
            if element == ElementType::Float16 {
                round_half(&mut value);
            }
            Data::Float(Dispatch::float_full(sizes, Scalar::from(value[0]), device.dispatch(), FloatDType::F32))
        } else {
            let mut value = [match value {
                Number::Integer(value) => value,
                Number::Float(value) if element == ElementType::Bool => i64::from(value != 0.0),
                Number::Float(value) => value as i64,
            }];
            wrap(&mut value, element);
            Data::Int(Dispatch::int_full(sizes, Scalar::from(value[0]), device.dispatch(), int_type(device)))
        };
        Ok(Tensor::new(data, shape.to_vec(), element, device))
    }

    /// A strong tensor of zeros.
    pub fn zeros(shape: &[usize], element: ElementType, device: &Device) -> Result<Tensor> {
        Tensor::filled(Number::Integer(0), shape, element, device)
    }

    /// A strong tensor of ones.
    pub fn ones(shape: &[usize], element: ElementType, device: &Device) -> Result<Tensor> {
        Tensor::filled(Number::Integer(1), shape, element, device)
    }

    /// The values `start`, `start + 1`, … before `end`; none when `end ≤ start`.
    pub fn arange(start: i64, end: i64, element: ElementType, device: &Device) -> Result<Tensor> {
        let count = end.checked_sub(start).map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(0));
        room_for(&[count])?;
        if element.is_float() {
            Tensor::from_floats((start..end).map(|value| value as f32).collect(), &[count], element, device)
        } else {
            Tensor::from_integers((start..end).collect(), &[count], element, device)
        }
    }

    /// Row-major values as floats.
    pub fn to_floats(&self) -> Result<Vec<f32>> {
        Ok(self.host_floats()?.into())
    }

    /// Row-major values as integers; floats are truncated and saturate, NaN is 0.
    pub fn to_integers(&self) -> Result<Vec<i64>> {
        Ok(self.host_integers()?.into())
    }

    /// The value of a tensor with one element: a Float for floating-point
    /// types, an Integer for the others.
    pub fn item(&self) -> Result<Number> {
        if self.count() != 1 {
            return unfit(format!("expected one element, found a tensor of shape {:?}", self.shape));
        }
        if self.element.is_float() {
            Ok(Number::Float(self.host_floats()?.first().copied().map_or(f64::NAN, f64::from)))
        } else {
            Ok(Number::Integer(self.host_integers()?.first().copied().unwrap_or_default()))
        }
    }

    /// The same tensor on another device.
    pub fn to_device(&self, device: &Device) -> Result<Tensor> {
        if *device == self.device {
            return Ok(self.clone());
        }
        let mut moved = if self.element.is_float() {
            Tensor::from_floats(self.to_floats()?, &self.shape, self.element, device)?
        } else {
            Tensor::from_integers(self.to_integers()?, &self.shape, self.element, device)?
        };
        moved.weak = self.weak;
        Ok(moved)
    }
}

fn check_count(count: usize, shape: &[usize]) -> Result<()> {
    match room_for(shape)? {
        expected if expected == count => Ok(()),
        expected => unfit(format!("shape {shape:?} takes {expected} values, found {count}")),
    }
}
