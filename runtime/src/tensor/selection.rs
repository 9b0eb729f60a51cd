//! Choosing values: by mask, by row, by index.

use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::{Dispatch, Scalar};
use rayon::prelude::*;
use tensorlogic_language::shape::ElementType;

use super::arithmetic::PARALLEL;
use super::data::{bool_type, floats, integers};
use super::layout::{broadcast_shape, burn_slices};
use super::{Data, Number, Result, Tensor, room_for, unfit};

impl Tensor {
    /// `yes` where the mask differs from 0, else `no`; all three broadcast.
    pub fn select_where(mask: &Tensor, yes: &Tensor, no: &Tensor) -> Result<Tensor> {
        let shape = broadcast_shape(&broadcast_shape(&yes.shape, &no.shape)?, &mask.shape)?;
        let (element, weak) = yes.promoted(no);
        if room_for(&shape)? == 0 {
            return Ok(Tensor { weak, ..Tensor::without_elements(shape, element, &mask.device)? });
        }
        let mask = mask.broadcast_to(&shape)?.truth_data()?;
        let yes = yes.in_type(element)?.broadcast_to(&shape)?;
        let no = no.in_type(element)?.broadcast_to(&shape)?;
        let data = if element.is_float() {
            Data::Float(Dispatch::float_mask_where(no.float_data()?, mask, yes.float_data()?))
        } else {
            Data::Int(Dispatch::int_mask_where(no.int_data()?, mask, yes.int_data()?))
        };
        Ok(Tensor { weak, ..Tensor::new(data, shape, element, &no.device) })
    }

    /// The same values with `fill` where the mask is 0. The mask broadcasts to
    /// this tensor, whose type the result keeps.
    pub fn keep_where(&self, mask: &Tensor, fill: f32) -> Result<Tensor> {
        let narrow = mask.aligned(self.rank())?;
        narrow.broadcast_to(&self.shape)?;
        if matches!(self.data, Data::Empty) {
            return Ok(self.clone());
        }
        if let Some(values) = self.local_floats() {
            return self.keep_on_host(&values, &narrow, fill);
        }
        let mask = mask.broadcast_to(&self.shape)?;
        let drop = if mask.element.is_float() {
            Dispatch::float_equal_elem(mask.float_data()?, Scalar::from(0.0f32), bool_type(&self.device))
        } else {
            Dispatch::int_equal_elem(mask.int_data()?, Scalar::from(0i64), bool_type(&self.device))
        };
        let kept = Dispatch::float_mask_fill(self.float_data()?, drop, Scalar::from(fill));
        let element = if self.element.is_float() { self.element } else { ElementType::Float32 };
        let kept = Tensor::from_float_data(kept, self.shape.clone(), element, &self.device)?;
        Ok(Tensor { weak: self.weak, ..kept })
    }

    /// The same with a mask of equal rank whose sizes of 1 are not repeated in memory.
    fn keep_on_host(&self, values: &[f32], mask: &Tensor, fill: f32) -> Result<Tensor> {
        let (lead, size) = match self.shape.split_last() {
            Some((last, lead)) => (lead, *last),
            None => (self.shape.as_slice(), 1),
        };
        let kept: Vec<bool> = match mask.element.is_float() {
            true => mask.host_floats()?.iter().map(|value| *value != 0.0).collect(),
            false => mask.host_integers()?.iter().map(|value| *value != 0).collect(),
        };
        let strides = strides(&mask.shape);
        // Where a row of values finds its row of the mask.
        let begin = |row: usize| {
            let mut rest = row;
            (0..lead.len()).rev().fold(0, |begin, axis| {
                let at = rest % lead[axis];
                rest /= lead[axis];
                if mask.shape[axis] == 1 { begin } else { begin + at * strides[axis] }
            })
        };
        let width = mask.shape.last().copied().unwrap_or(1);
        let mut results = vec![0.0f32; values.len()];
        let work = |(row, (into, values)): (usize, (&mut [f32], &[f32]))| {
            let kept = &kept[begin(row)..][..width];
            match kept {
                [true] => into.copy_from_slice(values),
                [false] if size > 1 => into.fill(fill),
                _ => {
                    for ((into, value), kept) in into.iter_mut().zip(values).zip(kept) {
                        *into = if *kept { *value } else { fill };
                    }
                }
            }
        };
        if values.len() < PARALLEL {
            results.chunks_mut(size).zip(values.chunks(size)).enumerate().for_each(work);
        } else {
            results.par_chunks_mut(size).zip(values.par_chunks(size)).enumerate().with_min_len(64).for_each(work);
        }
        self.like(floats(results, &self.shape, &self.device), self.shape.clone()).rounded()
    }

    /// The entries of axis 0 at `rows`, in that order: `[v, …]` to `[n, …]`.
    pub fn rows(&self, rows: &[usize]) -> Result<Tensor> {
        let size = self.size(0)?;
        if let Some(beyond) = rows.iter().find(|row| **row >= size) {
            return unfit(format!("row {beyond} lies outside of shape {:?}", self.shape));
        }
        let mut shape = self.shape.clone();
        shape[0] = rows.len();
        if room_for(&shape)? == 0 {
            return Ok(self.like(Data::Empty, shape));
        }
        let positions: Vec<i64> = rows.iter().map(|row| *row as i64).collect();
        let Data::Int(positions) = integers(positions, &[rows.len()], &self.device) else {
            return Ok(self.like(Data::Empty, shape));
        };
        let data = match &self.data {
            Data::Empty => Data::Empty,
            Data::Float(data) => Data::Float(Dispatch::float_select(data.clone(), 0, positions)),
            Data::Int(data) => Data::Int(Dispatch::int_select(data.clone(), 0, positions)),
        };
        Ok(self.like(data, shape))
    }

    /// PyTorch's `gather`: the result has the shape of `index`, and its element
    /// at `[…, i, …]` is this tensor's at `[…, index[…, i, …], …]` along `axis`.
    /// Indices are whole, not negative and inside of the axis.
    pub fn gather(&self, axis: usize, index: &Tensor) -> Result<Tensor> {
        let positions = self.positions(axis, index)?;
        if matches!(index.data, Data::Empty) {
            return Ok(self.like(Data::Empty, index.shape.clone()));
        }
        let Data::Int(positions) = integers(positions, &index.shape, &self.device) else {
            return Ok(self.like(Data::Empty, index.shape.clone()));
        };
        let data = match &self.data {
            Data::Empty => return unfit("nothing to gather from"),
            Data::Float(data) => Data::Float(Dispatch::float_gather(axis, data.clone(), positions)),
            Data::Int(data) => Data::Int(Dispatch::int_gather(axis, data.clone(), positions)),
        };
        Ok(self.like(data, index.shape.clone()))
    }

    /// PyTorch's `scatter`: the values of `source` (of the shape of `index`)
    /// written to where `index` points along `axis`; the last one wins.
    pub fn scatter(&self, axis: usize, index: &Tensor, source: &Tensor) -> Result<Tensor> {
        let positions = self.positions(axis, index)?;
        if source.shape != index.shape {
            return unfit(format!("scatter needs one value for each index: {:?} and {:?}", index.shape, source.shape));
        }
        let strides = strides(&self.shape);
        let source = source.in_type(self.element)?;
        let targets: Vec<usize> = positions
            .iter()
            .enumerate()
            .map(|(flat, position)| {
                let mut rest = flat;
                let mut target = 0;
                for at in (0..index.rank()).rev() {
                    let coordinate = if at == axis { *position as usize } else { rest % index.shape[at] };
                    rest /= index.shape[at];
                    target += coordinate * strides[at];
                }
                target
            })
            .collect();
        let result = if self.element.is_float() {
            let mut values = self.to_floats()?;
            targets.iter().zip(&*source.host_floats()?).for_each(|(target, value)| values[*target] = *value);
            Tensor::from_floats(values, &self.shape, self.element, &self.device)?
        } else {
            let mut values = self.to_integers()?;
            targets.iter().zip(&*source.host_integers()?).for_each(|(target, value)| values[*target] = *value);
            Tensor::from_integers(values, &self.shape, self.element, &self.device)?
        };
        Ok(Tensor { weak: self.weak, ..result })
    }

    /// The tensor with `value` (broadcast) in place of the part inside
    /// `ranges`. Done in place where nobody else holds the same values.
    pub fn with_part(self, ranges: &[std::ops::Range<usize>], value: &Tensor) -> Result<Tensor> {
        let full = self.full_ranges(ranges)?;
        let shape: Vec<usize> = full.iter().map(|range| range.len()).collect();
        let value = value.in_type(self.element)?.broadcast_to(&shape)?;
        if matches!(value.data, Data::Empty) {
            return Ok(self);
        }
        if shape == self.shape {
            return Ok(Tensor { data: value.data, ..self });
        }
        let slices = burn_slices(&full);
        let data = match self.data {
            Data::Empty => Data::Empty,
            Data::Float(data) => Data::Float(Dispatch::float_slice_assign(data, &slices, value.float_data()?)),
            Data::Int(data) => Data::Int(Dispatch::int_slice_assign(data, &slices, value.int_data()?)),
        };
        Ok(Tensor { data, ..self })
    }

    /// A mask of ones and zeros, `[rows, columns]`: row i keeps the columns up
    /// to i + columns − rows. Weak, as masks are.
    pub fn causal_mask(
        rows: usize,
        columns: usize,
        element: ElementType,
        device: &crate::device::Device,
    ) -> Result<Tensor> {
        let count = room_for(&[rows, columns])?;
        let mut values = vec![0.0f32; count];
        if count > 0 {
            for (i, row) in values.chunks_mut(columns).enumerate() {
                let kept = (i + columns + 1).saturating_sub(rows).min(columns);
                row[..kept].fill(1.0);
            }
        }
        Ok(Tensor::from_floats(values, &[rows, columns], ElementType::Float32, device)?.in_type(element)?.weak())
    }

    /// The indices as integers, checked against an axis of this tensor.
    fn positions(&self, axis: usize, index: &Tensor) -> Result<Vec<i64>> {
        let size = self.size(axis)?;
        let fits =
            index.rank() == self.rank() && (0..self.rank()).all(|at| at == axis || index.shape[at] <= self.shape[at]);
        if !fits {
            return unfit(format!("indices of shape {:?} do not fit shape {:?}", index.shape, self.shape));
        }
        let whole = !index.element.is_float() || index.host_floats()?.iter().all(|value| value.fract() == 0.0);
        let positions = index.to_integers()?;
        match positions.iter().find(|position| !(0..size as i64).contains(position)) {
            _ if !whole => unfit("indices are whole numbers"),
            Some(beyond) => unfit(format!("index {beyond} lies outside of axis {axis} of shape {:?}", self.shape)),
            None => Ok(positions),
        }
    }
}

/// How far apart neighbours along each axis lie, in elements, row-major.
pub(super) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for at in (0..shape.len().saturating_sub(1)).rev() {
        strides[at] = strides[at + 1] * shape[at + 1];
    }
    strides
}

impl Tensor {
    /// The element at these coordinates, one for each axis.
    pub fn element_at(&self, coordinates: &[usize]) -> Result<Number> {
        if coordinates.len() != self.rank() {
            return unfit(format!("{} indices for a tensor of shape {:?}", coordinates.len(), self.shape));
        }
        let ranges: Vec<_> = coordinates.iter().map(|at| *at..at.saturating_add(1)).collect();
        self.slice(&ranges)?.item()
    }
}
