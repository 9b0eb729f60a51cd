//! Matrix products.

use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use tensorlogic_language::shape::ElementType;

use super::data::integers;
use super::layout::broadcast_shape;
use super::promotion::computable;
use super::{Result, Tensor, room_for, unfit};

impl Tensor {
    /// `[…, m, k] @ […, k, n] = […, m, n]`; the leading axes broadcast. Floats
    /// are accumulated in 32 bits, integers wrap around.
    pub fn matmul(&self, other: &Tensor) -> Result<Tensor> {
        let (left, right) = (self.rank(), other.rank());
        if left < 2 || right < 2 {
            return unfit(format!("matmul needs two axes: left is {:?}, right is {:?}", self.shape, other.shape));
        }
        let (m, k, n) = (self.shape[left - 2], self.shape[left - 1], other.shape[right - 1]);
        if other.shape[right - 2] != k {
            return unfit(format!(
                "matmul needs equal inner sizes: left is {:?}, right is {:?}",
                self.shape, other.shape
            ));
        }
        let batch = broadcast_shape(&self.shape[..left - 2], &other.shape[..right - 2])?;
        let shape = [batch.as_slice(), &[m, n]].concat();
        let (element, weak) = self.promoted(other);
        let element = computable(element);
        if room_for(&shape)? == 0 || k == 0 {
            return Ok(Tensor { weak, ..Tensor::zeros(&shape, element, &self.device)? });
        }
        let product = if element.is_float() {
            let left = self.in_type(element)?.aligned(shape.len())?.float_data()?;
            let right = other.in_type(element)?.aligned(shape.len())?.float_data()?;
            Tensor::from_float_data(Dispatch::float_matmul(left, right), shape, element, &self.device)?
        } else {
            self.integer_product(other, &batch, [m, k, n], element)?
        };
        Ok(Tensor { weak, ..product })
    }

    fn integer_product(
        &self,
        other: &Tensor,
        batch: &[usize],
        [m, k, n]: [usize; 3],
        element: ElementType,
    ) -> Result<Tensor> {
        let left = self.broadcast_to(&[batch, &[m, k]].concat())?;
        let right = other.broadcast_to(&[batch, &[k, n]].concat())?;
        let (left, right) = (left.host_integers()?, right.host_integers()?);
        let shape = [batch, &[m, n]].concat();
        let mut values = vec![0i64; room_for(&shape)?];
        for (at, into) in values.chunks_mut(n).enumerate() {
            let matrix = &right[at / m * k * n..][..k * n];
            for (x, row) in left[at * k..][..k].iter().zip(matrix.chunks(n)) {
                into.iter_mut().zip(row).for_each(|(sum, y)| *sum = sum.wrapping_add(x.wrapping_mul(*y)));
            }
        }
        Tensor::new(integers(values, &shape, &self.device), shape, element, &self.device).wrapped()
    }
}
