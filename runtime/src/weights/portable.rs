//! Dot products in plain Rust, for processors without the wider kernels. They
//! add in eight lanes, as those do.

/// The products of one row with several vectors, `[count, size]` one after another.
pub(super) fn dots(row: &[f32], vectors: &[f32], into: &mut [f32]) {
    for (into, vector) in into.iter_mut().zip(vectors.chunks(row.len().max(1))) {
        *into = dot(row, vector);
    }
}

/// The product of two vectors of equal length.
pub(super) fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (left_eights, left_rest) = left.as_chunks::<8>();
    let (right_eights, right_rest) = right.as_chunks::<8>();
    for (left, right) in left_eights.iter().zip(right_eights) {
        for lane in 0..8 {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f32>() + rest
}
