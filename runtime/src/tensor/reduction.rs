//! Reductions over all elements or over one axis.
//!
//! Sums are formed in 64 bits on the host; NaN propagates. What ends in a
//! number of the script anyway is read back from a GPU and reduced here.

use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use rayon::prelude::*;
use tensorlogic_language::shape::ElementType;

use super::data::{floats, integers};
use super::promotion::computable;
use super::{Data, Number, Result, Tensor, room_for, unfit};

/// What a reduction computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    /// The sum; 0 for no elements.
    Sum,
    /// The arithmetic mean; NaN for no elements.
    Mean,
    /// The largest value; an error for no elements.
    Max,
    /// The smallest value; an error for no elements.
    Min,
}

impl Tensor {
    /// Reduces all elements to a 0-d tensor: float32 for floats and for every
    /// mean, int64 for integers and truth values.
    pub fn fold(&self, fold: Fold) -> Result<Tensor> {
        self.check_fold(fold, self.count())?;
        let value = if self.element.is_float() || fold == Fold::Mean {
            let values = self.host_floats()?;
            Number::Float(fold_floats(fold, values.iter().copied(), values.len()))
        } else {
            Number::Integer(fold_integers(fold, self.host_integers()?.iter().copied()))
        };
        let element = match value {
            Number::Float(_) => ElementType::Float32,
            Number::Integer(_) => ElementType::Int64,
        };
        let folded = Tensor::filled(value, &[], element, &self.device)?;
        Ok(Tensor { weak: self.weak, ..folded })
    }

    /// Reduces one axis, which disappears, or keeps size 1 with `keep`. Floats
    /// keep their type, a mean of integers is float32, truth values count as int64.
    pub fn fold_axis(&self, fold: Fold, axis: usize, keep: bool) -> Result<Tensor> {
        let size = self.size(axis)?;
        let (outer, inner) = self.around(axis);
        if outer * inner > 0 {
            self.check_fold(fold, size)?;
        }
        let shape = self.reduced_shape(axis, keep);
        room_for(&shape)?;
        let folded = if self.element.is_float() || fold == Fold::Mean {
            let element = if self.element.is_float() { self.element } else { ElementType::Float32 };
            if !self.device.is_cpu() && size > 0 && outer * inner > 0 && matches!(fold, Fold::Sum | Fold::Mean) {
                let data = self.float_data()?;
                let data = match fold {
                    Fold::Sum => Dispatch::float_sum_dim(data, axis),
                    _ => Dispatch::float_mean_dim(data, axis),
                };
                let mut kept = self.shape.clone();
                kept[axis] = 1;
                Tensor::from_float_data(data, kept, element, &self.device)?.reshape(&shape)?
            } else {
                let values = self.host_floats()?;
                let results = each_line(outer, inner, |o, i| {
                    let line = (0..size).map(|at| values[(o * size + at) * inner + i]);
                    fold_floats(fold, line, size) as f32
                });
                Tensor::new(floats(results, &shape, &self.device), shape, element, &self.device).rounded()?
            }
        } else {
            let values = self.host_integers()?;
            let results = each_line(outer, inner, |o, i| {
                fold_integers(fold, (0..size).map(|at| values[(o * size + at) * inner + i]))
            });
            let element = computable(self.element);
            Tensor::new(integers(results, &shape, &self.device), shape, element, &self.device).wrapped()?
        };
        Ok(Tensor { weak: self.weak, ..folded })
    }

    /// The flat position of the first largest element; NaN counts as largest.
    pub fn argmax(&self) -> Result<usize> {
        self.extreme(true)
    }

    /// The flat position of the first smallest element; NaN counts as smallest.
    pub fn argmin(&self) -> Result<usize> {
        self.extreme(false)
    }

    /// Along one axis the position of the first largest (or smallest) element,
    /// as a strong int64 tensor.
    pub fn arg_axis(&self, largest: bool, axis: usize, keep: bool) -> Result<Tensor> {
        let size = self.size(axis)?;
        let (outer, inner) = self.around(axis);
        if outer * inner > 0 && size == 0 {
            return unfit(format!("axis {axis} of shape {:?} has no elements", self.shape));
        }
        let shape = self.reduced_shape(axis, keep);
        room_for(&shape)?;
        let results = if self.element.is_float() {
            let values = self.host_floats()?;
            each_line(outer, inner, |o, i| {
                first_extreme(largest, (0..size).map(|at| values[(o * size + at) * inner + i])) as i64
            })
        } else {
            let values = self.host_integers()?;
            each_line(outer, inner, |o, i| {
                first_integer(largest, (0..size).map(|at| values[(o * size + at) * inner + i])) as i64
            })
        };
        Ok(Tensor::new(integers(results, &shape, &self.device), shape, ElementType::Int64, &self.device))
    }

    /// The square root of the sum of all squares, a Float.
    pub fn norm(&self) -> Result<f64> {
        let values = self.host_floats()?;
        Ok(values.iter().map(|value| f64::from(*value) * f64::from(*value)).sum::<f64>().sqrt())
    }

    fn extreme(&self, largest: bool) -> Result<usize> {
        if matches!(self.data, Data::Empty) {
            return unfit(format!("a tensor of shape {:?} has no elements", self.shape));
        }
        Ok(if self.element.is_float() {
            first_extreme(largest, self.host_floats()?.iter().copied())
        } else {
            first_integer(largest, self.host_integers()?.iter().copied())
        })
    }

    fn check_fold(&self, fold: Fold, count: usize) -> Result<()> {
        match fold {
            Fold::Max | Fold::Min if count == 0 => {
                unfit(format!("a tensor of shape {:?} has no largest or smallest element", self.shape))
            }
            _ => Ok(()),
        }
    }

    /// The number of positions before and after an axis.
    pub(super) fn around(&self, axis: usize) -> (usize, usize) {
        (self.shape[..axis].iter().product(), self.shape[axis + 1..].iter().product())
    }

    fn reduced_shape(&self, axis: usize, keep: bool) -> Vec<usize> {
        let mut shape = self.shape.clone();
        if keep {
            shape[axis] = 1;
        } else {
            shape.remove(axis);
        }
        shape
    }
}

/// The results of all lines along an axis, row-major.
fn each_line<T: Send>(outer: usize, inner: usize, line: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
    let compute = |at: usize| line(at / inner, at % inner);
    match outer * inner {
        count if count < 64 => (0..count).map(compute).collect(),
        count => (0..count).into_par_iter().with_min_len(16).map(compute).collect(),
    }
}

fn fold_floats(fold: Fold, values: impl Iterator<Item = f32>, count: usize) -> f64 {
    match fold {
        // The empty sum of the standard library is -0.
        Fold::Sum => values.map(f64::from).fold(0.0, |sum, x| sum + x),
        Fold::Mean => values.map(f64::from).sum::<f64>() / count as f64,
        Fold::Max => values.fold(f64::NEG_INFINITY, |a, b| pick(a, f64::from(b), f64::from(b) > a)),
        Fold::Min => values.fold(f64::INFINITY, |a, b| pick(a, f64::from(b), f64::from(b) < a)),
    }
}

/// `b` where it is better or NaN; NaN stays.
fn pick(a: f64, b: f64, better: bool) -> f64 {
    if !a.is_nan() && (better || b.is_nan()) { b } else { a }
}

fn fold_integers(fold: Fold, values: impl Iterator<Item = i64>) -> i64 {
    match fold {
        Fold::Sum | Fold::Mean => values.fold(0, i64::wrapping_add),
        Fold::Max => values.max().unwrap_or_default(),
        Fold::Min => values.min().unwrap_or_default(),
    }
}

fn first_extreme(largest: bool, values: impl Iterator<Item = f32>) -> usize {
    let mut best = (0, f32::NAN);
    for (at, value) in values.enumerate() {
        if value.is_nan() {
            return at;
        }
        let better = if largest { value > best.1 } else { value < best.1 };
        if at == 0 || better {
            best = (at, value);
        }
    }
    best.0
}

fn first_integer(largest: bool, values: impl Iterator<Item = i64>) -> usize {
    let mut best = (0, 0);
    for (at, value) in values.enumerate() {
        let better = if largest { value > best.1 } else { value < best.1 };
        if at == 0 || better {
            best = (at, value);
        }
    }
    best.0
}
