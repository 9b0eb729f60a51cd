//! Dot products with AVX2, FMA and F16C. Weights are widened to 32-bit floats
//! in registers and multiplied with 32-bit activations, so that results differ
//! from the plain kernels only in the order of additions.

use std::arch::x86_64::*;
use std::cell::RefCell;

use tensorlogic_language::gguf::GgmlType;

use super::lanes::*;

/// Whether the processor has what these kernels need.
pub(super) fn is_available() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("f16c")
}

/// Multiplies the blocks of one row with vectors, `[count, size]`.
///
/// Safe to call where [`is_available`], when the row holds exactly `size`
/// elements and every vector as many.
pub(super) type RowKernel = unsafe fn(GgmlType, row: &[u8], vectors: &[f32], size: usize, into: &mut [f32]);

/// The kernel that reads the blocks of this type, or the one for decoded rows.
pub(super) fn row_kernel(ggml_type: GgmlType) -> RowKernel {
    match ggml_type {
        GgmlType::F32 => rows_f32,
        GgmlType::F16 => rows_f16,
        GgmlType::BF16 => rows_bf16,
        GgmlType::Q4_0 => rows_q4_0,
        GgmlType::Q4_1 => rows_q4_1,
        GgmlType::Q5_0 => rows_q5_0,
        GgmlType::Q5_1 => rows_q5_1,
        GgmlType::Q8_0 => rows_q8_0,
        GgmlType::Q4_K => rows_q4_k,
        GgmlType::Q5_K => rows_q5_k,
        GgmlType::Q6_K => rows_q6_k,
        _ => rows_decoded,
    }
}

/// The sum of eight lanes.
#[inline(always)]
unsafe fn sum_lanes(lanes: __m256) -> f32 {
    // SAFETY: the caller has the features.
    unsafe {
        let four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
    }
}

/// How many bytes ahead of the multiplication weights are fetched from memory.
const AHEAD: usize = 1024;

/// `T` vectors times one row, as far as it makes whole stretches of 32.
///
/// # Safety
/// The row and every vector hold `size` elements, the vectors one after
/// another; the processor has the features.
#[inline(always)]
unsafe fn dots<L: Lanes, const T: usize>(row: *const u8, vectors: *const f32, size: usize) -> [f32; T] {
    // SAFETY: the caller's promise.
    unsafe {
        // More sums for each vector would not stay in registers.
        let mut sums = [[_mm256_setzero_ps(); 2]; T];
        let step = L::TYPE.block_bytes() as usize * 32 / L::TYPE.block_elements() as usize;
        for index in 0..size / 32 {
            _mm_prefetch::<_MM_HINT_T0>(row.wrapping_add(index * step + AHEAD).cast());
            let (values, scale) = L::load(row, index);
            for (t, sums) in sums.iter_mut().enumerate() {
                let vector = vectors.add(t * size + index * 32);
                if L::SCALED {
                    let mut sum = _mm256_mul_ps(values[0], _mm256_loadu_ps(vector));
                    for (at, value) in values.iter().enumerate().skip(1) {
                        sum = _mm256_fmadd_ps(*value, _mm256_loadu_ps(vector.add(at * 8)), sum);
                    }
                    sums[0] = _mm256_fmadd_ps(scale, sum, sums[0]);
                } else {
                    for (at, value) in values.iter().enumerate() {
                        let vector = _mm256_loadu_ps(vector.add(at * 8));
                        sums[at % 2] = _mm256_fmadd_ps(*value, vector, sums[at % 2]);
                    }
                }
            }
        }
        let mut results = [0.0; T];
        for (result, [a, b]) in results.iter_mut().zip(sums) {
            *result = sum_lanes(_mm256_add_ps(a, b));
        }
        results
    }
}

/// # Safety
/// As [`RowKernel`].
#[inline(always)]
unsafe fn row<L: Lanes>(row: &[u8], vectors: &[f32], size: usize, into: &mut [f32]) {
    for (into, vectors) in into.chunks_mut(4).zip(vectors.chunks(4 * size.max(1))) {
        let (bytes, vectors) = (row.as_ptr(), vectors.as_ptr());
        // SAFETY: the caller's promise; there are as many vectors as results.
        unsafe {
            match into {
                [a] => [*a] = dots::<L, 1>(bytes, vectors, size),
                [a, b] => [*a, *b] = dots::<L, 2>(bytes, vectors, size),
                [a, b, c] => [*a, *b, *c] = dots::<L, 3>(bytes, vectors, size),
                [a, b, c, d] => [*a, *b, *c, *d] = dots::<L, 4>(bytes, vectors, size),
                _ => {}
            }
        }
    }
    let rest = size % 32;
    if rest != 0 {
        // Only types whose blocks are single elements have such rows.
        let mut values = [0.0f32; 32];
        super::blocks::decode_any(L::TYPE, &row[bytes_of::<L>(size - rest)..], &mut values[..rest]);
        for (into, vector) in into.iter_mut().zip(vectors.chunks(size)) {
            *into += super::portable::dot(&values[..rest], &vector[size - rest..]);
        }
    }
}

macro_rules! row_kernels {
    ($($name:ident, $lanes:ident;)*) => {
        /// Decodes a row, where the type has lanes; else it says false.
        #[target_feature(enable = "avx2,fma,f16c")]
        pub(super) fn decode(ggml_type: GgmlType, bytes: &[u8], into: &mut [f32]) -> bool {
            match ggml_type {
                $($lanes::TYPE => {
                    let whole = into.len() / 32 * 32;
                    assert!(bytes.len() >= bytes_of::<$lanes>(into.len()));
                    // SAFETY: the lengths were checked, and the features are enabled.
                    unsafe { decode_lanes::<$lanes>(bytes, &mut into[..whole]) };
                    if whole < into.len() {
                        // Only types whose blocks are single elements have such rows.
                        super::blocks::decode_any(ggml_type, &bytes[bytes_of::<$lanes>(whole)..], &mut into[whole..]);
                    }
                    true
                })*
                _ => false,
            }
        }

        $(
            #[target_feature(enable = "avx2,fma,f16c")]
            fn $name(_: GgmlType, bytes: &[u8], vectors: &[f32], size: usize, into: &mut [f32]) {
                assert!(bytes.len() >= bytes_of::<$lanes>(size) && vectors.len() >= into.len() * size);
                // SAFETY: the lengths were checked, and the features are enabled.
                unsafe { row::<$lanes>(bytes, vectors, size, into) }
            }
        )*
    };
}

row_kernels! {
    rows_f32, F32;
    rows_f16, F16;
    rows_bf16, Bf16;
    rows_q4_0, Q40;
    rows_q4_1, Q41;
    rows_q5_0, Q50;
    rows_q5_1, Q51;
    rows_q8_0, Q80;
    rows_q4_k, Q4K;
    rows_q5_k, Q5K;
    rows_q6_k, Q6K;
}

/// How many bytes a row of `size` elements has.
fn bytes_of<L: Lanes>(size: usize) -> usize {
    size / L::TYPE.block_elements() as usize * L::TYPE.block_bytes() as usize
}

/// # Safety
/// The bytes hold as many elements as are asked for, a multiple of 32; the
/// processor has the features.
#[inline(always)]
unsafe fn decode_lanes<L: Lanes>(bytes: &[u8], into: &mut [f32]) {
    for (index, into) in into.as_chunks_mut::<32>().0.iter_mut().enumerate() {
        // SAFETY: the caller's promise.
        unsafe {
            let (values, scale) = L::load(bytes.as_ptr(), index);
            for (at, value) in values.into_iter().enumerate() {
                let value = if L::SCALED { _mm256_mul_ps(value, scale) } else { value };
                _mm256_storeu_ps(into.as_mut_ptr().add(at * 8), value);
            }
        }
    }
}

thread_local! {
    /// A decoded row; one for each thread is enough.
    static ROW: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// Decodes the row first, for types that have no kernel of their own.
#[target_feature(enable = "avx2,fma,f16c")]
fn rows_decoded(ggml_type: GgmlType, bytes: &[u8], vectors: &[f32], size: usize, into: &mut [f32]) {
    ROW.with_borrow_mut(|values| {
        values.resize(size, 0.0);
        super::blocks::decode(ggml_type, bytes, values);
        // SAFETY: any float is four readable bytes.
        let bytes = unsafe { std::slice::from_raw_parts(values.as_ptr().cast::<u8>(), size * 4) };
        rows_f32(ggml_type, bytes, vectors, size, into);
    });
}

/// Adds to `into[t * rows + r]` the product of row `r` of `weights` (stretches
/// of `size` elements, one after another) with the part of vector `t` that
/// begins at `vectors[t * stride]`.
///
/// # Safety
/// The processor has the features.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn tile(weights: &[f32], size: usize, vectors: &[f32], stride: usize, into: &mut [f32], rows: usize) {
    let count = into.len() / rows.max(1);
    assert!(size.is_multiple_of(8) && weights.len() >= rows * size);
    assert!(count == 0 || vectors.len() >= (count - 1) * stride + size);
    for first in (0..count).step_by(4) {
        let part = &mut into[first * rows..];
        // SAFETY: all positions were checked above, and the features are enabled.
        unsafe {
            let vectors = vectors.as_ptr().add(first * stride);
            match count - first {
                1 => tile_rows::<1>(weights.as_ptr(), size, vectors, stride, part, rows),
                2 => tile_rows::<2>(weights.as_ptr(), size, vectors, stride, part, rows),
                3 => tile_rows::<3>(weights.as_ptr(), size, vectors, stride, part, rows),
                _ => tile_rows::<4>(weights.as_ptr(), size, vectors, stride, part, rows),
            }
        }
    }
}

/// # Safety
/// As checked by [`tile`].
#[inline(always)]
unsafe fn tile_rows<const T: usize>(
    weights: *const f32,
    size: usize,
    vectors: *const f32,
    stride: usize,
    into: &mut [f32],
    rows: usize,
) {
    let mut row = 0;
    // SAFETY: the caller's promise.
    unsafe {
        while row + 3 <= rows {
            tile_step::<3, T>(weights.add(row * size), size, vectors, stride, into, rows, row);
            row += 3;
        }
        while row < rows {
            tile_step::<1, T>(weights.add(row * size), size, vectors, stride, into, rows, row);
            row += 1;
        }
    }
}

/// `R` rows times `T` vectors, with all sums in registers.
///
/// # Safety
/// As checked by [`tile`].
#[inline(always)]
unsafe fn tile_step<const R: usize, const T: usize>(
    weights: *const f32,
    size: usize,
    vectors: *const f32,
    stride: usize,
    into: &mut [f32],
    rows: usize,
    row: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[_mm256_setzero_ps(); T]; R];
        let mut at = 0;
        while at < size {
            let mut loaded = [_mm256_setzero_ps(); R];
            for (r, loaded) in loaded.iter_mut().enumerate() {
                *loaded = _mm256_loadu_ps(weights.add(r * size + at));
            }
            for t in 0..T {
                let vector = _mm256_loadu_ps(vectors.add(t * stride + at));
                for (sums, weight) in sums.iter_mut().zip(loaded) {
                    sums[t] = _mm256_fmadd_ps(weight, vector, sums[t]);
                }
            }
            at += 8;
        }
        for (r, sums) in sums.into_iter().enumerate() {
            for (t, sum) in sums.into_iter().enumerate() {
                into[t * rows + row + r] += sum_lanes(sum);
            }
        }
    }
}
