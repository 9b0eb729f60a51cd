//! Comparisons, element by element; the result is a strong bool tensor.

use burn::backend::ops::{BoolTensorOps, FloatTensorOps, IntTensorOps};
use burn::backend::{BoolDType, Dispatch, DispatchTensor, Scalar};
use tensorlogic_language::shape::ElementType;

use super::data::{bool_type, int_type};
use super::layout::broadcast_shape;
use super::{Data, Number, Result, Tensor, promote, room_for};

/// The comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Tensor {
    /// Compares with broadcasting, in the type that both promote to. NaN
    /// differs from everything and is neither less nor greater.
    pub fn compare(&self, comparison: Comparison, other: &Tensor) -> Result<Tensor> {
        let shape = broadcast_shape(&self.shape, &other.shape)?;
        if room_for(&shape)? == 0 {
            return Tensor::without_elements(shape, ElementType::Bool, &self.device);
        }
        let (element, _) = promote((self.element, self.weak), (other.element, other.weak));
        let left = self.in_type(element)?.aligned(shape.len())?;
        let right = other.in_type(element)?.aligned(shape.len())?;
        let truth = if element.is_float() {
            compare_floats(comparison, left.float_data()?, right.float_data()?, bool_type(&self.device))
        } else {
            compare_integers(comparison, left.int_data()?, right.int_data()?, bool_type(&self.device))
        };
        Ok(self.truth_tensor(truth, shape))
    }

    /// Compares with a number. It is rounded to the tensor's floating-point
    /// type; integers and truth values are compared with the number as it is.
    pub fn compare_number(&self, comparison: Comparison, number: Number) -> Result<Tensor> {
        if matches!(self.data, Data::Empty) {
            return Tensor::without_elements(self.shape.clone(), ElementType::Bool, &self.device);
        }
        let whole = match number {
            Number::Integer(value) => Some(value),
            Number::Float(value) => Some(value as i64).filter(|whole| *whole as f64 == value),
        };
        let truth = match whole {
            Some(value) if !self.element.is_float() => {
                let other = Tensor::filled(Number::Integer(value), &[], ElementType::Int64, &self.device)?;
                compare_integers(
                    comparison,
                    self.int_data()?,
                    other.aligned(self.rank().max(1))?.int_data()?,
                    bool_type(&self.device),
                )
            }
            _ => {
                let element = if self.element.is_float() { self.element } else { ElementType::Float32 };
                let other = self.number_tensor(number, element)?.aligned(self.rank().max(1))?;
                compare_floats(comparison, self.float_data()?, other.float_data()?, bool_type(&self.device))
            }
        };
        Ok(self.truth_tensor(truth, self.shape.clone()))
    }

    /// Whether every element differs from 0; true for no elements. NaN differs.
    pub fn all(&self) -> Result<bool> {
        Ok(if self.element.is_float() {
            self.host_floats()?.iter().all(|value| *value != 0.0)
        } else {
            self.host_integers()?.iter().all(|value| *value != 0)
        })
    }

    /// Whether some element differs from 0; false for no elements. NaN differs.
    pub fn any(&self) -> Result<bool> {
        Ok(if self.element.is_float() {
            self.host_floats()?.iter().any(|value| *value != 0.0)
        } else {
            self.host_integers()?.iter().any(|value| *value != 0)
        })
    }

    /// Where elements differ from 0, as 0 and 1.
    pub fn truth(&self) -> Result<Tensor> {
        if self.element == ElementType::Bool {
            return Ok(self.clone());
        }
        self.compare_number(Comparison::NotEqual, Number::Integer(0))
    }

    /// The truth values on the device, for [`Tensor::select_where`].
    pub(super) fn truth_data(&self) -> Result<DispatchTensor> {
        if self.element.is_float() {
            let zero = Dispatch::float_equal_elem(self.float_data()?, Scalar::from(0.0f32), bool_type(&self.device));
            return Ok(Dispatch::bool_not(zero));
        }
        Ok(Dispatch::int_not_equal_elem(self.int_data()?, Scalar::from(0i64), bool_type(&self.device)))
    }

    fn truth_tensor(&self, truth: DispatchTensor, shape: Vec<usize>) -> Tensor {
        let data = Data::Int(Dispatch::bool_into_int(truth, int_type(&self.device)));
        Tensor::new(data, shape, ElementType::Bool, &self.device)
    }
}

fn compare_floats(
    comparison: Comparison,
    left: DispatchTensor,
    right: DispatchTensor,
    stored: BoolDType,
) -> DispatchTensor {
    match comparison {
        Comparison::Equal => Dispatch::float_equal(left, right, stored),
        // Shaders have an ordered `!=`, to which NaN would equal everything.
        Comparison::NotEqual => Dispatch::bool_not(Dispatch::float_equal(left, right, stored)),
        Comparison::Less => Dispatch::float_lower(left, right, stored),
        Comparison::LessOrEqual => Dispatch::float_lower_equal(left, right, stored),
        Comparison::Greater => Dispatch::float_greater(left, right, stored),
        Comparison::GreaterOrEqual => Dispatch::float_greater_equal(left, right, stored),
    }
}

fn compare_integers(
    comparison: Comparison,
    left: DispatchTensor,
    right: DispatchTensor,
    stored: BoolDType,
) -> DispatchTensor {
    match comparison {
        Comparison::Equal => Dispatch::int_equal(left, right, stored),
        Comparison::NotEqual => Dispatch::int_not_equal(left, right, stored),
        Comparison::Less => Dispatch::int_lower(left, right, stored),
        Comparison::LessOrEqual => Dispatch::int_lower_equal(left, right, stored),
        Comparison::Greater => Dispatch::int_greater(left, right, stored),
        Comparison::GreaterOrEqual => Dispatch::int_greater_equal(left, right, stored),
    }
}
