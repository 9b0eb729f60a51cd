//! The values of a tensor as burn holds them. Rank 0 is kept as rank 1, and
//! tensors without elements are kept as nothing at all, since burn's back ends
//! take neither everywhere.

use burn::backend::flex::FlexTensor;
use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::{
    BackendTensor, BoolDType, Dispatch, DispatchTensor, DispatchTensorKind, ExecutionError, FloatDType, IntDType,
    Shape, TensorData, get_device_settings,
};
use burn::tensor::try_read_sync;

use super::{Result, Tensor, TensorError, room_for};
use crate::device::Device;
use tensorlogic_language::shape::ElementType;

/// The values of a tensor.
#[derive(Clone)]
pub(crate) enum Data {
    /// There are none.
    Empty,
    /// 32-bit floats.
    Float(DispatchTensor),
    /// Integers and truth values.
    Int(DispatchTensor),
}

/// The shape that burn sees.
pub(super) fn burn_shape(shape: &[usize]) -> Shape {
    if shape.is_empty() { Shape::from(vec![1]) } else { Shape::from(shape.to_vec()) }
}

/// The integer type of a device.
pub(super) fn int_type(device: &Device) -> IntDType {
    if device.has_wide_integers() { IntDType::I64 } else { IntDType::I32 }
}

/// How a device stores truth values on the way from a comparison.
pub(super) fn bool_type(device: &Device) -> BoolDType {
    get_device_settings::<Dispatch>(device.dispatch()).bool_dtype
}

/// Numbers for the device, from the host.
pub(super) fn floats(values: Vec<f32>, shape: &[usize], device: &Device) -> Data {
    if values.is_empty() {
        return Data::Empty;
    }
    Data::Float(Dispatch::float_from_data(TensorData::new(values, burn_shape(shape)), device.dispatch()))
}

/// Integers for the device, from the host.
pub(super) fn integers(values: Vec<i64>, shape: &[usize], device: &Device) -> Data {
    if values.is_empty() {
        return Data::Empty;
    }
    let data = if device.has_wide_integers() {
        TensorData::new(values, burn_shape(shape))
    } else {
        TensorData::new(values.into_iter().map(|value| value as i32).collect(), burn_shape(shape))
    };
    Data::Int(Dispatch::int_from_data(data, device.dispatch()))
}

/// The tensor's memory, where it lies in this process.
pub(super) fn flex(tensor: &DispatchTensor) -> Option<FlexTensor> {
    // A build with one back end has one kind of tensor.
    #[allow(unreachable_patterns)]
    match &tensor.kind {
        DispatchTensorKind::Flex(BackendTensor::Float(tensor) | BackendTensor::Int(tensor)) => Some(tensor.clone()),
        _ => None,
    }
}

fn failed(error: impl std::fmt::Display) -> TensorError {
    TensorError::Device(error.to_string())
}

fn wait(read: impl Future<Output = std::result::Result<TensorData, ExecutionError>>) -> Result<TensorData> {
    match try_read_sync(read) {
        Some(data) => data.map_err(failed),
        None => Err(failed("it does not let this thread wait for values")),
    }
}

pub(super) fn read_floats(tensor: &DispatchTensor) -> Result<Vec<f32>> {
    wait(Dispatch::float_into_data(tensor.clone()))?.try_into_vec::<f32>().map_err(|error| failed(format!("{error:?}")))
}

pub(super) fn read_integers(tensor: &DispatchTensor, device: &Device) -> Result<Vec<i64>> {
    let data = wait(Dispatch::int_into_data(tensor.clone()))?;
    if device.has_wide_integers() {
        return data.try_into_vec::<i64>().map_err(|error| failed(format!("{error:?}")));
    }
    let narrow = data.try_into_vec::<i32>().map_err(|error| failed(format!("{error:?}")))?;
    Ok(narrow.into_iter().map(i64::from).collect())
}

impl Tensor {
    /// Wraps values that have been made for `shape`.
    pub(super) fn new(data: Data, shape: Vec<usize>, element: ElementType, device: &Device) -> Tensor {
        Tensor { data, shape, element, weak: false, device: device.clone() }
    }

    /// The same element type, weakness and device with other values.
    pub(super) fn like(&self, data: Data, shape: Vec<usize>) -> Tensor {
        Tensor { data, shape, element: self.element, weak: self.weak, device: self.device.clone() }
    }

    /// The values as 32-bit floats on the device, for tensors that have any.
    pub(super) fn float_data(&self) -> Result<DispatchTensor> {
        match &self.data {
            Data::Float(data) => Ok(data.clone()),
            Data::Int(data) => Ok(Dispatch::int_into_float(data.clone(), FloatDType::F32)),
            Data::Empty => Err(TensorError::Unfit("the tensor has no elements".to_owned())),
        }
    }

    /// The same as [`Tensor::float_data`], row-major in memory where that is
    /// this process's: burn goes through other orders one element at a time.
    pub(super) fn dense_float_data(&self) -> Result<DispatchTensor> {
        let data = self.float_data()?;
        Ok(match flex(&data) {
            Some(tensor) if !tensor.is_contiguous() => DispatchTensor {
                kind: DispatchTensorKind::Flex(BackendTensor::Float(tensor.to_contiguous())),
                autodiff: data.autodiff,
            },
            _ => data,
        })
    }

    /// The values as integers on the device, for integer and bool tensors that have any.
    pub(super) fn int_data(&self) -> Result<DispatchTensor> {
        match &self.data {
            Data::Int(data) => Ok(data.clone()),
            Data::Float(data) => Ok(Dispatch::float_into_int(data.clone(), int_type(&self.device))),
            Data::Empty => Err(TensorError::Unfit("the tensor has no elements".to_owned())),
        }
    }

    /// A float tensor on the device that needs rounding where `element` is half.
    pub(super) fn from_float_data(
        data: DispatchTensor,
        shape: Vec<usize>,
        element: ElementType,
        device: &Device,
    ) -> Result<Tensor> {
        Tensor::new(Data::Float(data), shape, element, device).rounded()
    }

    /// A tensor without elements.
    pub(super) fn without_elements(shape: Vec<usize>, element: ElementType, device: &Device) -> Result<Tensor> {
        match room_for(&shape)? {
            0 => Ok(Tensor::new(Data::Empty, shape, element, device)),
            _ => Err(TensorError::Unfit(format!("a tensor of shape {shape:?} has elements"))),
        }
    }
}
