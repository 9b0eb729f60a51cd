//! Softmax, RMS norm and layer norm, each in one pass over the values on the
//! processor, composed of burn's operations elsewhere.

use burn::backend::ops::{ActivationOps, FloatTensorOps};
use burn::backend::{Dispatch, Scalar};
use rayon::prelude::*;
use tensorlogic_language::shape::ElementType;

use super::arithmetic::PARALLEL;
use super::data::floats;
use super::{Data, Result, Tensor, unfit};

impl Tensor {
    /// e^x divided by its sum along `axis`, with the largest x subtracted
    /// before. A line of nothing but −∞ gives zeros; where +∞ stands, the
    /// infinite ones share 1.
    pub fn softmax(&self, axis: usize) -> Result<Tensor> {
        let size = self.size(axis)?;
        if !self.element.is_float() {
            return self.in_type(ElementType::Float32)?.softmax(axis);
        }
        if matches!(self.data, Data::Empty) {
            return Ok(self.clone());
        }
        if axis + 1 != self.rank() {
            let mut axes: Vec<usize> = (0..self.rank()).collect();
            axes.swap(axis, self.rank() - 1);
            return self.permute(&axes)?.softmax(self.rank() - 1)?.permute(&axes);
        }
        if let Some(values) = self.local_floats() {
            let results = each_row(&values, size, softmax_row);
            return self.like(floats(results, &self.shape, &self.device), self.shape.clone()).rounded();
        }
        let data = self.float_data()?;
        let largest = Dispatch::float_max_dim(data.clone(), axis);
        // A line of −∞ would subtract −∞ from itself.
        let largest = Dispatch::float_clamp(largest, Scalar::from(f32::MIN), Scalar::from(f32::MAX));
        let powers = Dispatch::float_exp(Dispatch::float_sub(data, largest));
        let sum = Dispatch::float_sum_dim(powers.clone(), axis);
        let sum = Dispatch::float_clamp_min(sum, Scalar::from(f32::MIN_POSITIVE));
        self.like(Data::Float(Dispatch::float_div(powers, sum)), self.shape.clone()).rounded()
    }

    /// log(softmax(x)) along `axis`, without forming the quotient.
    pub fn log_softmax(&self, axis: usize) -> Result<Tensor> {
        self.size(axis)?;
        let typed = if self.element.is_float() { self.clone() } else { self.in_type(ElementType::Float32)? };
        typed.map_floats(|data| Dispatch::log_softmax(data, axis))
    }

    /// x / √(mean(x²) + ε) · weight. The mean is taken over as many last axes
    /// as the weight has, or over the last axis without one; the weight has
    /// their sizes. <https://arxiv.org/abs/1910.07467>
    pub fn rms_norm(&self, weight: Option<&Tensor>, epsilon: f64) -> Result<Tensor> {
        let (size, element, weak) = self.normalized(weight)?;
        let typed = self.in_type(element)?;
        if matches!(typed.data, Data::Empty) {
            return Ok(Tensor { weak, ..typed });
        }
        let weight = weight.map(|weight| weight.in_type(element)).transpose()?;
        let result = match typed.local_floats() {
            Some(values) => {
                let weight = weight.map(|weight| weight.host_floats()).transpose()?;
                let weight = weight.as_deref();
                let results = each_row(&values, size, |row, into| rms_norm_row(row, weight, epsilon, into));
                typed.like(floats(results, &self.shape, &self.device), self.shape.clone()).rounded()?
            }
            None => {
                let rows = typed.reshape(&[self.count() / size, size])?;
                let data = rows.float_data()?;
                let squares = Dispatch::float_mean_dim(Dispatch::float_mul(data.clone(), data.clone()), 1);
                let root = Dispatch::float_sqrt(Dispatch::float_add_scalar(squares, Scalar::from(epsilon as f32)));
                let scaled = Dispatch::float_div(data, root);
                typed.weighted(scaled, weight, None, size)?
            }
        };
        Ok(Tensor { weak, ..result })
    }

    /// (x − mean) / √(variance + ε) · gamma + beta over the last axes, as many
    /// as gamma has (one without gamma). <https://arxiv.org/abs/1607.06450>
    pub fn layer_norm(&self, gamma: Option<&Tensor>, beta: Option<&Tensor>, epsilon: f64) -> Result<Tensor> {
        let (size, element, weak) = self.normalized(gamma.or(beta))?;
        let typed = self.in_type(element)?;
        if matches!(typed.data, Data::Empty) {
            return Ok(Tensor { weak, ..typed });
        }
        let gamma = gamma.map(|gamma| gamma.in_type(element)).transpose()?;
        let beta = beta.map(|beta| beta.in_type(element)).transpose()?;
        let result = match typed.local_floats() {
            Some(values) => {
                let gamma = gamma.map(|gamma| gamma.host_floats()).transpose()?;
                let beta = beta.map(|beta| beta.host_floats()).transpose()?;
                let (gamma, beta) = (gamma.as_deref(), beta.as_deref());
                if [gamma, beta].into_iter().flatten().any(|part| part.len() != size) {
                    return unfit(format!("gamma and beta need {size} elements for shape {:?}", self.shape));
                }
                let results = each_row(&values, size, |row, into| layer_norm_row(row, gamma, beta, epsilon, into));
                typed.like(floats(results, &self.shape, &self.device), self.shape.clone()).rounded()?
            }
            None => {
                let rows = typed.reshape(&[self.count() / size, size])?;
                let data = rows.float_data()?;
                let centred = Dispatch::float_sub(data.clone(), Dispatch::float_mean_dim(data, 1));
                let variance = Dispatch::float_mean_dim(Dispatch::float_mul(centred.clone(), centred.clone()), 1);
                let root = Dispatch::float_sqrt(Dispatch::float_add_scalar(variance, Scalar::from(epsilon as f32)));
                typed.weighted(Dispatch::float_div(centred, root), gamma, beta, size)?
            }
        };
        Ok(Tensor { weak, ..result })
    }

    /// The number of elements that are normalized together, and the type of the result.
    fn normalized(&self, weight: Option<&Tensor>) -> Result<(usize, ElementType, bool)> {
        let (element, weak) = match weight {
            Some(weight) => self.promoted(weight),
            None => (self.element, self.weak),
        };
        let element = if element.is_float() { element } else { ElementType::Float32 };
        let axes = weight.map_or(1, Tensor::rank);
        let Some(first) = self.rank().checked_sub(axes).filter(|_| axes > 0) else {
            return unfit(format!("shape {:?} has fewer than {axes} axes to normalize", self.shape));
        };
        match weight {
            Some(weight) if weight.shape[..] != self.shape[first..] => {
                unfit(format!("a weight of shape {:?} does not fit the last axes of {:?}", weight.shape, self.shape))
            }
            _ => Ok((self.shape[first..].iter().product(), element, weak)),
        }
    }

    /// Rows of `size` elements times a weight plus an offset, in this tensor's shape.
    fn weighted(
        &self,
        rows: burn::backend::DispatchTensor,
        weight: Option<Tensor>,
        offset: Option<Tensor>,
        size: usize,
    ) -> Result<Tensor> {
        let mut data = rows;
        if let Some(weight) = weight {
            data = Dispatch::float_mul(data, weight.reshape(&[1, size])?.float_data()?);
        }
        if let Some(offset) = offset {
            data = Dispatch::float_add(data, offset.reshape(&[1, size])?.float_data()?);
        }
        let count = self.count() / size.max(1);
        self.like(Data::Float(data), vec![count, size]).reshape(&self.shape)?.rounded()
    }
}

/// Computes every row of `size` values, on all threads where they are many.
fn each_row(values: &[f32], size: usize, row: impl Fn(&[f32], &mut [f32]) + Sync) -> Vec<f32> {
    let mut results = vec![0.0f32; values.len()];
    if size == 0 {
        return results;
    }
    if values.len() < PARALLEL / 8 {
        results.chunks_mut(size).zip(values.chunks(size)).for_each(|(into, values)| row(values, into));
    } else {
        let rows = (PARALLEL / 16).div_ceil(size);
        results.par_chunks_mut(rows * size).zip(values.par_chunks(rows * size)).for_each(|(into, values)| {
            into.chunks_mut(size).zip(values.chunks(size)).for_each(|(into, values)| row(values, into));
        });
    }
    results
}

fn softmax_row(row: &[f32], into: &mut [f32]) {
    let largest = row.iter().fold(f32::NEG_INFINITY, |largest, x| if *x > largest { *x } else { largest });
    if largest == f32::INFINITY {
        let infinite = row.iter().filter(|x| **x == f32::INFINITY).count() as f32;
        for (into, x) in into.iter_mut().zip(row) {
            *into = match *x {
                x if x.is_nan() => f32::NAN,
                f32::INFINITY => 1.0 / infinite,
                _ => 0.0,
            };
        }
        return;
    }
    let largest = largest.max(f32::MIN);
    let mut sum = 0.0f64;
    for (into, x) in into.iter_mut().zip(row) {
        // Below this e^x is 0 in 32 bits, which the library takes long to find out.
        let below = x - largest;
        *into = if below < -104.0 { 0.0 } else { below.exp() };
        sum += f64::from(*into);
    }
    // Of nothing but −∞ the sum is 0, and so are the results.
    let scale = if sum == 0.0 { 0.0 } else { (1.0 / sum) as f32 };
    into.iter_mut().for_each(|into| *into *= scale);
}

fn rms_norm_row(row: &[f32], weight: Option<&[f32]>, epsilon: f64, into: &mut [f32]) {
    let squares = sum_of_squares(row);
    let scale = (1.0 / (squares / row.len() as f64 + epsilon).sqrt()) as f32;
    match weight {
        Some(weight) => into.iter_mut().zip(row).zip(weight).for_each(|((into, x), w)| *into = x * scale * w),
        None => into.iter_mut().zip(row).for_each(|(into, x)| *into = x * scale),
    }
}

/// In 32 bits over short stretches, which the compiler turns into vectors, and
/// in 64 bits over those.
fn sum_of_squares(row: &[f32]) -> f64 {
    let mut sum = 0.0f64;
    for stretch in row.chunks(256) {
        let mut lanes = [0.0f32; 8];
        let (eights, rest) = stretch.as_chunks::<8>();
        for eight in eights {
            lanes.iter_mut().zip(eight).for_each(|(lane, x)| *lane += x * x);
        }
        let rest: f32 = rest.iter().map(|x| x * x).sum();
        sum += lanes.into_iter().chain([rest]).map(f64::from).sum::<f64>();
    }
    sum
}

fn layer_norm_row(row: &[f32], gamma: Option<&[f32]>, beta: Option<&[f32]>, epsilon: f64, into: &mut [f32]) {
    let count = row.len() as f64;
    let mean = row.iter().map(|x| f64::from(*x)).sum::<f64>() / count;
    let variance = row.iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / count;
    let scale = 1.0 / (variance + epsilon).sqrt();
    for (at, (into, x)) in into.iter_mut().zip(row).enumerate() {
        let normal = ((f64::from(*x) - mean) * scale) as f32;
        *into = normal * gamma.map_or(1.0, |gamma| gamma[at]) + beta.map_or(0.0, |beta| beta[at]);
    }
}
