//! The product with a weight, `linear(x, w) = x · wᵀ`, and rows by their number.
//!
//! On the processor the blocks of the weight are read where they lie, with
//! 32-bit activations and 32-bit sums. Few vectors are multiplied row by row,
//! as reading the weight is what takes the time; many vectors in tiles. On a
//! GPU the weight is decoded and uploaded once.

use rayon::prelude::*;
use tensorlogic_language::shape::ElementType;

use super::tile::Tile;
use super::{Weight, blocks, portable};
use crate::device::Device;
use crate::tensor::{Result, Tensor, promote, room_for, unfit};

/// Up to this many vectors are multiplied row by row.
const FEW: usize = 3;

/// A thread takes rows of at least this many bytes at once.
const GRAIN: usize = 1 << 15;

/// Weights below this many bytes are not worth waking other threads.
const SERIAL: usize = 1 << 16;

/// A GPU binds at least this many bytes at once; larger matrices are divided.
const BINDING: usize = 120 << 20;

/// `x · wᵀ`: `[…, k]` with a weight of `[n, k]` gives `[…, n]`. The element
/// type is the one that both promote to.
pub fn linear(x: &Tensor, w: &Weight) -> Result<Tensor> {
    let (&[n, k], Some((last, lead))) = (w.shape(), x.shape().split_last()) else {
        return unfit(format!(
            "linear needs a weight of two axes: x is {:?}, `{}` is {:?}",
            x.shape(),
            w.name(),
            w.shape()
        ));
    };
    if *last != k {
        return unfit(format!(
            "linear needs rows of {k} elements for `{}` of {:?}: x is {:?}",
            w.name(),
            w.shape(),
            x.shape()
        ));
    }
    w.check_supported()?;
    let shape = [lead, &[n]].concat();
    let (element, weak) = promote((x.element(), x.is_weak()), (w.element(), false));
    let element = if element.is_float() { element } else { ElementType::Float32 };
    let count = room_for(&shape)?;
    let product = if count == 0 || k == 0 {
        Tensor::zeros(&shape, element, x.device())?
    } else if x.device().is_cpu() {
        let values = multiply(w, &x.host_floats()?, k, n, count / n);
        Tensor::from_floats(values, &shape, element, x.device())?
    } else {
        multiply_on_device(w, x, k, n)?.reshape(&shape)?.cast(element)?
    };
    Ok(if weak { product.weak() } else { product })
}

/// The rows of a weight at `rows`: `[v, d]` gives `[n, d]`.
pub fn embedding(w: &Weight, rows: &[usize], device: &Device) -> Result<Tensor> {
    let Some((count, rest)) = w.shape().split_first() else {
        return unfit(format!("`{}` has no rows", w.name()));
    };
    if let Some(beyond) = rows.iter().find(|row| *row >= count) {
        return unfit(format!("row {beyond} lies outside of `{}` of shape {:?}", w.name(), w.shape()));
    }
    // A row of a tensor of more axes consists of several rows of the file.
    let each = if rest.is_empty() { 1 } else { rest[..rest.len() - 1].iter().product() };
    let shape = [&[rows.len()], rest].concat();
    let values = if rest.is_empty() {
        let all = w.decode_all()?;
        rows.iter().map(|row| all[*row]).collect()
    } else {
        let picked: Vec<usize> = rows.iter().flat_map(|row| row * each..(row + 1) * each).collect();
        w.decode_rows(picked.into_iter())?
    };
    Tensor::from_floats(values, &shape, ElementType::Float32, device)?.cast(w.element())
}

/// The products on the processor, `[vector, row]`.
fn multiply(w: &Weight, vectors: &[f32], k: usize, n: usize, count: usize) -> Vec<f32> {
    let row_bytes = w.row_bytes();
    let bytes = w.bytes();
    // First `[row, vector]`, so that threads write to stretches of their own.
    let mut products = vec![0.0f32; n * count];
    if count <= FEW {
        let rows = GRAIN.div_ceil(row_bytes).min(n.div_ceil(4 * rayon::current_num_threads())).max(1);
        let work = |(into, bytes): (&mut [f32], &[u8])| few_vectors(w, bytes, row_bytes, vectors, k, into, count);
        let parts = (rows * count, rows * row_bytes);
        if bytes.len() < SERIAL {
            work((&mut products, bytes));
        } else {
            products.par_chunks_mut(parts.0).zip(bytes.par_chunks(parts.1)).for_each(work);
        }
    } else {
        products
            .par_chunks_mut(Tile::ROWS * count)
            .zip(bytes.par_chunks(Tile::ROWS * row_bytes))
            .for_each_init(Tile::new, |tile, (into, bytes)| tile.multiply(w.ggml_type(), bytes, k, vectors, into));
    }
    if count == 1 { products } else { transposed(&products, n, count) }
}

/// Rows times few vectors: every row is read once.
fn few_vectors(w: &Weight, bytes: &[u8], row_bytes: usize, vectors: &[f32], k: usize, into: &mut [f32], count: usize) {
    let rows = bytes.chunks(row_bytes).zip(into.chunks_mut(count));
    #[cfg(target_arch = "x86_64")]
    if super::x86::is_available() {
        let kernel = super::x86::row_kernel(w.ggml_type());
        // SAFETY: the processor has the features, and the kernel checks the lengths.
        rows.for_each(|(row, into)| unsafe { kernel(w.ggml_type(), row, vectors, k, into) });
        return;
    }
    let mut scratch = vec![0.0f32; k];
    for (row, into) in rows {
        blocks::decode(w.ggml_type(), row, &mut scratch);
        portable::dots(&scratch, vectors, into);
    }
}

/// `[rows, columns]` to `[columns, rows]`, in squares that stay in the cache.
fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    const SIDE: usize = 32;
    let mut turned = vec![0.0f32; values.len()];
    turned.par_chunks_mut(SIDE * rows).enumerate().for_each(|(block, into)| {
        for first in (0..rows).step_by(SIDE) {
            for (at, into) in into.chunks_mut(rows).enumerate() {
                let column = block * SIDE + at;
                let part = &mut into[first..(first + SIDE).min(rows)];
                part.iter_mut().enumerate().for_each(|(row, into)| *into = values[(first + row) * columns + column]);
            }
        }
    });
    turned
}

/// The products on a GPU, `[vectors, rows]`, from decoded copies that stay there.
fn multiply_on_device(w: &Weight, x: &Tensor, k: usize, n: usize) -> Result<Tensor> {
    let exact = w.computing_in(ElementType::Float32);
    let parts = match exact.kept(x.device()) {
        Some(parts) => parts,
        None => {
            let rows = (BINDING / (k * 4)).clamp(1, n);
            let parts = (0..n)
                .step_by(rows)
                .map(|first| {
                    let last = (first + rows).min(n);
                    Tensor::from_floats(
                        exact.decode_range(first..last)?,
                        &[last - first, k],
                        ElementType::Float32,
                        x.device(),
                    )
                })
                .collect::<Result<Vec<Tensor>>>()?;
            exact.keep(x.device(), parts.clone());
            parts
        }
    };
    let flat = x.reshape(&[x.count() / k, k])?.cast(ElementType::Float32)?;
    let products = parts.iter().map(|part| flat.matmul(&part.transpose()?)).collect::<Result<Vec<Tensor>>>()?;
    Tensor::concatenate(&products, 1)
}
