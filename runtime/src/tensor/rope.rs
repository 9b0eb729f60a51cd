//! Rotary position embedding: pairs of elements of every head are turned by an
//! angle that grows with the position. <https://arxiv.org/abs/2104.09864>

use burn::backend::Dispatch;
use burn::backend::ops::FloatTensorOps;
use rayon::prelude::*;
use tensorlogic_language::shape::ElementType;

use super::arithmetic::PARALLEL;
use super::data::floats;
use super::{Data, Result, Tensor, unfit};

/// Which elements of a head form a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RopeStyle {
    /// 2i and 2i + 1, as GGUF files of the llama family need it.
    Interleaved,
    /// i and i + half of the rotated elements, as GPT-NeoX and Hugging Face do.
    Neox,
}

/// At which positions the rows stand.
#[derive(Clone, Debug, PartialEq)]
pub enum Positions {
    /// The first row at this one, the others after it.
    From(i64),
    /// One for each row.
    Each(Vec<i64>),
}

/// The parameters of a rotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rope {
    /// Which elements form a pair.
    pub style: RopeStyle,
    /// Pair i turns by position · base^(−2i / rotated) radians.
    pub base: f64,
    /// How many elements of each head turn, an even number; the rest stays.
    pub rotated: usize,
    /// Divisors of the frequencies, one for each pair: `rope_freqs.weight` of Llama 3 files.
    pub divisors: Option<Vec<f32>>,
}

impl Rope {
    /// The cosines and sines of the angles, `[rows, rotated / 2]`, computed in 64 bits.
    fn tables(&self, positions: &[i64]) -> (Vec<f32>, Vec<f32>) {
        let pairs = self.rotated / 2;
        let frequency = |pair: usize| {
            let divisor = self.divisors.as_ref().and_then(|divisors| divisors.get(pair)).map_or(1.0, |d| f64::from(*d));
            self.base.powf(-2.0 * pair as f64 / self.rotated as f64) / divisor
        };
        let frequencies: Vec<f64> = (0..pairs).map(frequency).collect();
        let angles = positions.iter().flat_map(|at| frequencies.iter().map(move |frequency| *at as f64 * frequency));
        angles.map(|angle| (angle.cos() as f32, angle.sin() as f32)).unzip()
    }
}

impl Tensor {
    /// Turns the heads of `[…, rows, heads, size]`.
    pub fn rope(&self, positions: &Positions, rope: &Rope) -> Result<Tensor> {
        let Some([rows, _, size]) = self.shape.last_chunk::<3>().copied() else {
            return unfit(format!("rope needs three axes, found shape {:?}", self.shape));
        };
        if rope.rotated > size || !rope.rotated.is_multiple_of(2) {
            return unfit(format!("{} of {size} elements cannot be rotated in pairs", rope.rotated));
        }
        let positions: Vec<i64> = match positions {
            Positions::From(first) => (0..rows as i64).map(|row| first.saturating_add(row)).collect(),
            Positions::Each(each) if each.len() == rows => each.clone(),
            Positions::Each(each) => {
                return unfit(format!("rope needs one position for each of {rows} rows, found {}", each.len()));
            }
        };
        if rope.divisors.as_ref().is_some_and(|divisors| divisors.len() != rope.rotated / 2) {
            return unfit(format!("rope needs {} divisors of frequencies", rope.rotated / 2));
        }
        if !self.element.is_float() {
            return self.in_type(ElementType::Float32)?.rotate(&rope.tables(&positions), rope);
        }
        self.rotate(&rope.tables(&positions), rope)
    }

    /// Turns the heads of `[…, rows, heads, size]` by given cosines and sines,
    /// one for each row and pair: `[rows, rotated / 2]`.
    pub fn rope_by_tables(&self, cos: &Tensor, sin: &Tensor, style: RopeStyle) -> Result<Tensor> {
        let Some([rows, _, size]) = self.shape.last_chunk::<3>().copied() else {
            return unfit(format!("rope needs three axes, found shape {:?}", self.shape));
        };
        let pairs = match cos.shape[..] {
            [table_rows, pairs] if table_rows == rows && pairs * 2 <= size && cos.shape == sin.shape => pairs,
            _ => {
                return unfit(format!(
                    "rope of shape {:?} needs tables of [{rows}, {}], found {:?} and {:?}",
                    self.shape,
                    size / 2,
                    cos.shape,
                    sin.shape
                ));
            }
        };
        let rope = Rope { style, base: 0.0, rotated: pairs * 2, divisors: None };
        let typed = if self.element.is_float() { self.clone() } else { self.in_type(ElementType::Float32)? };
        typed.rotate(&(cos.to_floats()?, sin.to_floats()?), &rope)
    }

    fn rotate(&self, (cos, sin): &(Vec<f32>, Vec<f32>), rope: &Rope) -> Result<Tensor> {
        if matches!(self.data, Data::Empty) || rope.rotated == 0 {
            return Ok(self.clone());
        }
        match self.local_floats() {
            Some(values) => self.rotate_on_host(&values, cos, sin, rope),
            None => self.rotate_on_device(cos, sin, rope),
        }
    }

    fn rotate_on_host(&self, values: &[f32], cos: &[f32], sin: &[f32], rope: &Rope) -> Result<Tensor> {
        let [rows, heads, size] = self.shape.last_chunk::<3>().copied().unwrap_or([1; 3]);
        let pairs = rope.rotated / 2;
        let mut turned = values.to_vec();
        let turn_row = |(row, into): (usize, &mut [f32])| {
            let table = row % rows * pairs;
            let (cos, sin) = (&cos[table..][..pairs], &sin[table..][..pairs]);
            for head in into.chunks_mut(size) {
                turn_head(&mut head[..rope.rotated], cos, sin, rope.style);
            }
        };
        if turned.len() < PARALLEL {
            turned.chunks_mut(heads * size).enumerate().for_each(turn_row);
        } else {
            turned.par_chunks_mut(heads * size).enumerate().for_each(turn_row);
        }
        self.like(floats(turned, &self.shape, &self.device), self.shape.clone()).rounded()
    }

    fn rotate_on_device(&self, cos: &[f32], sin: &[f32], rope: &Rope) -> Result<Tensor> {
        let [rows, heads, size] = self.shape.last_chunk::<3>().copied().unwrap_or([1; 3]);
        let pairs = rope.rotated / 2;
        let batch = self.count() / (rows * heads * size);
        let heads_of = self.reshape(&[batch, rows, heads, size])?;
        let turning = heads_of.narrow(3, 0..rope.rotated)?;
        // The pair is an axis of its own: the last one, or the one before.
        let (split, pair_axis) = match rope.style {
            RopeStyle::Interleaved => ([batch, rows, heads, pairs, 2], 4),
            RopeStyle::Neox => ([batch, rows, heads, 2, pairs], 3),
        };
        let both = turning.reshape(&split)?;
        let one_shape = match rope.style {
            RopeStyle::Interleaved => [batch, rows, heads, pairs, 1],
            RopeStyle::Neox => [batch, rows, heads, 1, pairs],
        };
        let table_shape = match rope.style {
            RopeStyle::Interleaved => [1, rows, 1, pairs, 1],
            RopeStyle::Neox => [1, rows, 1, 1, pairs],
        };
        let table = |values: &[f32]| {
            Tensor::new(
                floats(values.to_vec(), &table_shape, &self.device),
                table_shape.to_vec(),
                ElementType::Float32,
                &self.device,
            )
            .float_data()
        };
        let (cos, sin) = (table(cos)?, table(sin)?);
        let a = both.narrow(pair_axis, 0..1)?.float_data()?;
        let b = both.narrow(pair_axis, 1..2)?.float_data()?;
        let first = Dispatch::float_sub(
            Dispatch::float_mul(a.clone(), cos.clone()),
            Dispatch::float_mul(b.clone(), sin.clone()),
        );
        let second = Dispatch::float_add(Dispatch::float_mul(a, sin), Dispatch::float_mul(b, cos));
        let first = self.like(Data::Float(first), one_shape.to_vec());
        let second = self.like(Data::Float(second), one_shape.to_vec());
        let turned = Tensor::concatenate(&[first, second], pair_axis)?.reshape(&[batch, rows, heads, rope.rotated])?;
        let rest = heads_of.narrow(3, rope.rotated..size)?;
        Tensor::concatenate(&[turned, rest], 3)?.reshape(&self.shape)?.rounded()
    }
}

fn turn_head(head: &mut [f32], cos: &[f32], sin: &[f32], style: RopeStyle) {
    match style {
        RopeStyle::Interleaved => {
            for ((pair, cos), sin) in head.chunks_exact_mut(2).zip(cos).zip(sin) {
                let (a, b) = (pair[0], pair[1]);
                pair[0] = a * cos - b * sin;
                pair[1] = a * sin + b * cos;
            }
        }
        RopeStyle::Neox => {
            let (first, second) = head.split_at_mut(cos.len());
            for (((a, b), cos), sin) in first.iter_mut().zip(second).zip(cos).zip(sin) {
                (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
            }
        }
    }
}
