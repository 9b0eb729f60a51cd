//! Products with many vectors at once, for prompts: rows are decoded in
//! stretches that stay in the cache and multiplied with all vectors.

use tensorlogic_language::gguf::GgmlType;

use super::{blocks, portable};

/// How many rows are worked on together.
const ROWS: usize = 12;

/// How many elements of a row are worked on together: a whole number of all blocks.
const STRETCH: usize = 512;

/// Products of some rows with all vectors.
pub(super) struct Tile {
    weights: Vec<f32>,
    products: Vec<f32>,
}

impl Tile {
    /// How many rows one call of [`Tile::multiply`] is made for.
    pub(super) const ROWS: usize = ROWS;

    pub(super) fn new() -> Tile {
        Tile { weights: Vec::new(), products: Vec::new() }
    }

    /// Multiplies rows of `size` elements, stored in `bytes`, with every vector
    /// of `vectors`, and writes `[row, vector]`.
    pub(super) fn multiply(
        &mut self,
        ggml_type: GgmlType,
        bytes: &[u8],
        size: usize,
        vectors: &[f32],
        into: &mut [f32],
    ) {
        let count = vectors.len() / size.max(1);
        let rows = into.len() / count.max(1);
        let row_bytes = bytes.len() / rows.max(1);
        self.products.clear();
        self.products.resize(rows * count, 0.0);
        for start in (0..size).step_by(STRETCH) {
            let length = STRETCH.min(size - start);
            self.decode(ggml_type, bytes, row_bytes, start, length);
            self.add(rows, &vectors[start..], size, length);
        }
        for (row, into) in into.chunks_mut(count).enumerate() {
            into.iter_mut().enumerate().for_each(|(vector, into)| *into = self.products[vector * rows + row]);
        }
    }

    /// Decodes one stretch of every row.
    fn decode(&mut self, ggml_type: GgmlType, bytes: &[u8], row_bytes: usize, start: usize, length: usize) {
        let (elements, block) = (ggml_type.block_elements() as usize, ggml_type.block_bytes() as usize);
        let (first, last) = (start / elements * block, (start + length) / elements * block);
        self.weights.resize(bytes.len() / row_bytes.max(1) * length, 0.0);
        for (row, into) in bytes.chunks(row_bytes).zip(self.weights.chunks_mut(length)) {
            blocks::decode(ggml_type, &row[first..last], into);
        }
    }

    /// Adds the products of the decoded stretch; `vectors` begins where it does.
    fn add(&mut self, rows: usize, vectors: &[f32], stride: usize, length: usize) {
        #[cfg(target_arch = "x86_64")]
        if super::x86::is_available() && length.is_multiple_of(8) {
            // SAFETY: the processor has the features.
            unsafe { super::x86::tile(&self.weights, length, vectors, stride, &mut self.products, rows) };
            return;
        }
        for (vector, products) in vectors.chunks(stride).zip(self.products.chunks_mut(rows)) {
            for (row, product) in self.weights.chunks(length).zip(products) {
                *product += portable::dot(row, &vector[..length]);
            }
        }
    }
}
