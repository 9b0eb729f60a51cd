//! Values as the processor sees them: without a copy where the tensor lies
//! contiguous in this process's memory, else copied or read back.

use std::ops::Deref;

use burn::backend::flex::FlexTensor;

use super::data::{flex, read_floats, read_integers};
use super::{Data, Result, Tensor};

/// Values of a tensor in row-major order.
pub(crate) enum Host<T> {
    /// The tensor's own memory, contiguous.
    Shared(FlexTensor),
    /// A copy.
    Owned(Vec<T>),
}

macro_rules! deref {
    ($type:ty) => {
        impl Deref for Host<$type> {
            type Target = [$type];

            fn deref(&self) -> &[$type] {
                match self {
                    Host::Shared(tensor) => tensor.as_slice::<$type>().unwrap_or_default(),
                    Host::Owned(values) => values,
                }
            }
        }

        impl From<Host<$type>> for Vec<$type> {
            fn from(host: Host<$type>) -> Vec<$type> {
                match host {
                    Host::Shared(_) => host.to_vec(),
                    Host::Owned(values) => values,
                }
            }
        }
    };
}

deref!(f32);
deref!(i64);

impl Tensor {
    /// The values as floats, row-major; integers and truth values are converted.
    pub(crate) fn host_floats(&self) -> Result<Host<f32>> {
        match &self.data {
            Data::Empty => Ok(Host::Owned(Vec::new())),
            Data::Float(data) => match flex(data) {
                Some(tensor) => Ok(Host::Shared(tensor.to_contiguous())),
                None => Ok(Host::Owned(read_floats(data)?)),
            },
            Data::Int(_) => Ok(Host::Owned(self.host_integers()?.iter().map(|value| *value as f32).collect())),
        }
    }

    /// The values as integers, row-major. Floats are truncated and saturate;
    /// NaN becomes 0 ([`Tensor::cast`] refuses it).
    pub(crate) fn host_integers(&self) -> Result<Host<i64>> {
        match &self.data {
            Data::Empty => Ok(Host::Owned(Vec::new())),
            Data::Int(data) => match flex(data) {
                Some(tensor) => Ok(Host::Shared(tensor.to_contiguous())),
                None => Ok(Host::Owned(read_integers(data, &self.device)?)),
            },
            Data::Float(_) => Ok(Host::Owned(self.host_floats()?.iter().map(|value| *value as i64).collect())),
        }
    }

    /// The values as floats, if they are floats in this process's memory.
    pub(super) fn local_floats(&self) -> Option<Host<f32>> {
        match &self.data {
            Data::Float(data) => flex(data).map(|tensor| Host::Shared(tensor.to_contiguous())),
            _ => None,
        }
    }
}
