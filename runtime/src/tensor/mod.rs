//! The tensors that scripts compute with: any rank, any element type, on any
//! device.
//!
//! Floats are kept in 32 bits whatever their element type; results of type
//! float16 are rounded to half precision after every operation. Integers and
//! truth values are kept in 64-bit integers (32-bit ones on a GPU that has no
//! wider); int16 and int32 wrap around at their own width. The work is done by
//! burn, except for what burn does not have or does slowly on the processor,
//! which reads the same memory directly.
//!
//! Every operation returns a `Result`: shapes that do not fit, results that
//! memory cannot hold and a device that fails are errors, never panics. The
//! language's shape rules have been applied before, with better messages than
//! the ones made here.

mod arithmetic;
mod comparison;
mod conversion;
mod creation;
mod data;
mod einsum;
mod host;
mod layout;
mod normalization;
mod product;
mod promotion;
mod reduction;
mod rope;
mod rows;
mod selection;
#[cfg(test)]
mod tests;
mod unary;

use std::fmt;

use tensorlogic_language::shape::ElementType;

use crate::device::Device;

pub use comparison::Comparison;
pub(crate) use data::Data;
pub use promotion::promote;
pub use reduction::Fold;
pub use rope::{Positions, Rope, RopeStyle};
pub use rows::Rows;
pub use unary::Unary;

/// The result of an operation on tensors.
pub type Result<T> = std::result::Result<T, TensorError>;

/// Why an operation on tensors could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TensorError {
    /// Shapes, axes or element types do not fit the operation.
    Unfit(String),
    /// The result has more elements than memory holds.
    TooLarge {
        /// Its shape.
        shape: Vec<usize>,
    },
    /// NaN has no integer value.
    NotANumber {
        /// The element type asked for.
        element: ElementType,
    },
    /// Integers have no remainder by zero.
    DivisionByZero,
    /// A weight is stored in a way that cannot be computed with.
    Unsupported {
        /// The weight.
        name: String,
        /// How it is stored.
        stored: &'static str,
    },
    /// The device failed.
    Device(String),
}

impl fmt::Display for TensorError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            TensorError::Unfit(message) => f.write_str(message),
            TensorError::TooLarge { shape } => write!(f, "a tensor of shape {shape:?} does not fit into memory"),
            TensorError::NotANumber { element } => write!(f, "NaN cannot be converted to {element}"),
            TensorError::DivisionByZero => f.write_str("integers have no remainder by zero"),
            TensorError::Unsupported { name, stored } => {
                write!(f, "weight `{name}` is stored as {stored}, which cannot be decoded yet")
            }
            TensorError::Device(reason) => write!(f, "the device failed: {reason}"),
        }
    }
}

impl std::error::Error for TensorError {}

/// The error for inputs that an operation does not take.
pub(crate) fn unfit<T>(message: impl Into<String>) -> Result<T> {
    Err(TensorError::Unfit(message.into()))
}

/// A number of a script.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An Integer.
    Integer(i64),
    /// A Float.
    Float(f64),
}

impl Number {
    /// The value as a Float.
    pub fn float(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

/// A tensor: shape, element type and values on a device. Cheap to clone, and
/// never changed once made.
#[derive(Clone)]
pub struct Tensor {
    data: Data,
    shape: Vec<usize>,
    element: ElementType,
    weak: bool,
    device: Device,
}

impl Tensor {
    /// The sizes of its axes, outermost first; empty for a 0-d tensor.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The number of its axes.
    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// The number of its elements.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The type of its elements.
    pub fn element(&self) -> ElementType {
        self.element
    }

    /// Whether its element type gives way to that of any tensor it meets.
    pub fn is_weak(&self) -> bool {
        self.weak
    }

    /// Where it lives.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The same values with a weak element type.
    pub fn weak(mut self) -> Tensor {
        self.weak = true;
        self
    }

    /// The same values with an element type that stands its ground.
    pub fn strong(mut self) -> Tensor {
        self.weak = false;
        self
    }

    /// The size of an axis that exists.
    fn size(&self, axis: usize) -> Result<usize> {
        match self.shape.get(axis) {
            Some(size) => Ok(*size),
            None => unfit(format!("a tensor of shape {:?} has no axis {axis}", self.shape)),
        }
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{:?}", self.element, self.shape)?;
        if self.weak { f.write_str(" weak") } else { Ok(()) }
    }
}

/// The number of elements of a result, if memory can hold them.
pub(crate) fn room_for(shape: &[usize]) -> Result<usize> {
    let too_large = || TensorError::TooLarge { shape: shape.to_vec() };
    // Sizes beside a 0 are multiplied too, so that every part of a shape can be counted.
    let count = shape.iter().try_fold(1usize, |count, size| count.checked_mul((*size).max(1))).ok_or_else(too_large)?;
    let bytes = count.checked_mul(8).filter(|bytes| isize::try_from(*bytes).is_ok()).ok_or_else(too_large)?;
    if shape.contains(&0) {
        return Ok(0);
    }
    // Asking for the memory and giving it back costs nothing for what is small.
    if bytes > 1 << 28 {
        Vec::<u8>::new().try_reserve_exact(bytes).map_err(|_| too_large())?;
    }
    Ok(count)
}
