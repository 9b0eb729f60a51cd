//! Shape changes: reshape, permute, slice, concatenate, broadcast. On the
//! processor most of them are views of the same memory.

use std::ops::Range;

use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::{Dispatch, Slice};

use super::data::burn_shape;
use super::{Data, Result, Tensor, promote, room_for, unfit};

impl Tensor {
    /// The same values in row-major order under another shape of equal count.
    pub fn reshape(&self, shape: &[usize]) -> Result<Tensor> {
        if shape == self.shape {
            return Ok(self.clone());
        }
        let count = room_for(shape)?;
        if count != self.count() {
            return unfit(format!("{count} elements of {shape:?} cannot be reshaped from {:?}", self.shape));
        }
        let data = match &self.data {
            Data::Empty => Data::Empty,
            Data::Float(data) => Data::Float(Dispatch::float_reshape(data.clone(), burn_shape(shape))),
            Data::Int(data) => Data::Int(Dispatch::int_reshape(data.clone(), burn_shape(shape))),
        };
        Ok(self.like(data, shape.to_vec()))
    }

    /// The axes in another order: axis `i` of the result is axis `axes[i]` here.
    pub fn permute(&self, axes: &[usize]) -> Result<Tensor> {
        let mut sorted = axes.to_vec();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(0..self.rank()) {
            return unfit(format!("{axes:?} is no order of the axes of {:?}", self.shape));
        }
        if axes.iter().copied().eq(0..axes.len()) {
            return Ok(self.clone());
        }
        let shape = axes.iter().map(|axis| self.shape[*axis]).collect();
        let data = match &self.data {
            Data::Empty => Data::Empty,
            Data::Float(data) => Data::Float(Dispatch::float_permute(data.clone(), axes)),
            Data::Int(data) => Data::Int(Dispatch::int_permute(data.clone(), axes)),
        };
        Ok(self.like(data, shape))
    }

    /// The last two axes exchanged.
    pub fn transpose(&self) -> Result<Tensor> {
        let Some(last) = self.rank().checked_sub(1).filter(|last| *last > 0) else {
            return unfit(format!("a transpose needs two axes, found shape {:?}", self.shape));
        };
        let mut axes: Vec<usize> = (0..=last).collect();
        axes.swap(last - 1, last);
        self.permute(&axes)
    }

    /// The part inside `ranges`, one for each axis; missing ones keep the axis whole.
    pub fn slice(&self, ranges: &[Range<usize>]) -> Result<Tensor> {
        let full = self.full_ranges(ranges)?;
        let shape: Vec<usize> = full.iter().map(|range| range.len()).collect();
        if shape == self.shape {
            return Ok(self.clone());
        }
        if shape.contains(&0) {
            return Ok(self.like(Data::Empty, shape));
        }
        let slices = burn_slices(&full);
        let data = match &self.data {
            Data::Empty => Data::Empty,
            Data::Float(data) => Data::Float(Dispatch::float_slice(data.clone(), &slices)),
            Data::Int(data) => Data::Int(Dispatch::int_slice(data.clone(), &slices)),
        };
        Ok(self.like(data, shape))
    }

    /// One range for each axis, all of them inside of the shape.
    pub(super) fn full_ranges(&self, ranges: &[Range<usize>]) -> Result<Vec<Range<usize>>> {
        if ranges.len() > self.rank() {
            return unfit(format!("{} ranges for a tensor of shape {:?}", ranges.len(), self.shape));
        }
        let mut full: Vec<Range<usize>> = self.shape.iter().map(|size| 0..*size).collect();
        for (axis, range) in ranges.iter().enumerate() {
            if range.start > range.end || range.end > self.shape[axis] {
                return unfit(format!("{range:?} lies outside of axis {axis} of shape {:?}", self.shape));
            }
            full[axis] = range.clone();
        }
        Ok(full)
    }

    /// The part of one axis inside `range`.
    pub fn narrow(&self, axis: usize, range: Range<usize>) -> Result<Tensor> {
        self.size(axis)?;
        let mut ranges: Vec<Range<usize>> = self.shape[..axis].iter().map(|size| 0..*size).collect();
        ranges.push(range);
        self.slice(&ranges)
    }

    /// The entry at `index` of `axis`, without that axis.
    pub fn entry(&self, axis: usize, index: usize) -> Result<Tensor> {
        let part = self.narrow(axis, index..index.saturating_add(1))?;
        let mut shape = part.shape.clone();
        shape.remove(axis);
        part.reshape(&shape)
    }

    /// A new axis of size 1 at `axis`.
    pub fn unsqueeze(&self, axis: usize) -> Result<Tensor> {
        if axis > self.rank() {
            return unfit(format!("no axis {axis} can be added to shape {:?}", self.shape));
        }
        let mut shape = self.shape.clone();
        shape.insert(axis, 1);
        self.reshape(&shape)
    }

    /// The values repeated along axes of size 1, and along new leading axes,
    /// until the shape is `shape`. A view where the device has views.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Tensor> {
        if shape == self.shape {
            return Ok(self.clone());
        }
        let fits = shape.len() >= self.rank()
            && self.shape.iter().rev().zip(shape.iter().rev()).all(|(from, to)| from == to || *from == 1);
        if !fits {
            return unfit(format!("shape {:?} cannot be broadcast to {shape:?}", self.shape));
        }
        if room_for(shape)? == 0 {
            return Ok(self.like(Data::Empty, shape.to_vec()));
        }
        let mut aligned = vec![1; shape.len() - self.rank()];
        aligned.extend(&self.shape);
        let aligned = self.reshape(&aligned)?;
        let data = match aligned.data {
            Data::Empty => Data::Empty,
            Data::Float(data) => Data::Float(Dispatch::float_expand(data, burn_shape(shape))),
            Data::Int(data) => Data::Int(Dispatch::int_expand(data, burn_shape(shape))),
        };
        Ok(self.like(data, shape.to_vec()))
    }

    /// The tensors one after another along `axis`; their other sizes are equal.
    /// The result has the type that all of them promote to.
    pub fn concatenate(tensors: &[Tensor], axis: usize) -> Result<Tensor> {
        let Some(first) = tensors.first() else { return unfit("nothing to concatenate") };
        first.size(axis)?;
        let mut shape = first.shape.clone();
        let (mut element, mut weak) = (first.element, first.weak);
        shape[axis] = 0;
        for tensor in tensors {
            let same = tensor.rank() == first.rank()
                && (0..first.rank()).all(|at| at == axis || tensor.shape[at] == first.shape[at]);
            if !same {
                return unfit(format!(
                    "{:?} and {:?} do not fit together along axis {axis}",
                    first.shape, tensor.shape
                ));
            }
            shape[axis] += tensor.shape[axis];
            (element, weak) = promote((element, weak), (tensor.element, tensor.weak));
        }
        room_for(&shape)?;
        let parts: Vec<Tensor> = tensors
            .iter()
            .filter(|tensor| !matches!(tensor.data, Data::Empty))
            .map(|tensor| tensor.in_type(element))
            .collect::<Result<_>>()?;
        let data = match parts.as_slice() {
            [] => Data::Empty,
            [one] => one.data.clone(),
            _ if element.is_float() => {
                let parts = parts.iter().map(Tensor::float_data).collect::<Result<_>>()?;
                Data::Float(Dispatch::float_cat(parts, axis))
            }
            _ => {
                let parts = parts.iter().map(Tensor::int_data).collect::<Result<_>>()?;
                Data::Int(Dispatch::int_cat(parts, axis))
            }
        };
        let joined = Tensor::new(data, shape, element, &first.device);
        Ok(if weak { joined.weak() } else { joined })
    }

    /// The tensors as entries of a new axis; their shapes are equal.
    pub fn stack(tensors: &[Tensor], axis: usize) -> Result<Tensor> {
        let entries: Vec<Tensor> = tensors.iter().map(|tensor| tensor.unsqueeze(axis)).collect::<Result<_>>()?;
        Tensor::concatenate(&entries, axis)
    }

    /// The same shape with sizes of 1 in front, up to `rank` axes.
    pub(super) fn aligned(&self, rank: usize) -> Result<Tensor> {
        let mut shape = vec![1; rank.saturating_sub(self.rank())];
        shape.extend(&self.shape);
        self.reshape(&shape)
    }
}

/// Ranges as burn takes them.
pub(super) fn burn_slices(ranges: &[Range<usize>]) -> Vec<Slice> {
    ranges.iter().map(|range| Slice::new(range.start as isize, Some(range.end as isize), 1)).collect()
}

/// The shape of the values of both together, as NumPy broadcasts.
pub(super) fn broadcast_shape(left: &[usize], right: &[usize]) -> Result<Vec<usize>> {
    let rank = left.len().max(right.len());
    let at = |shape: &[usize], i: usize| (i + shape.len()).checked_sub(rank).map_or(1, |i| shape[i]);
    let shape = (0..rank)
        .map(|i| match (at(left, i), at(right, i)) {
            (1, size) | (size, 1) => Some(size),
            (a, b) => (a == b).then_some(a),
        })
        .collect::<Option<Vec<usize>>>();
    match shape {
        Some(shape) => Ok(shape),
        None => unfit(format!("shapes {left:?} and {right:?} do not fit together")),
    }
}
