//! Dot products with AVX2, FMA and F16C. Weights are widened to 32-bit floats
//! in registers and multiplied with 32-bit activations, so that results differ
//! from the plain kernels only in the order of additions.

use std::arch::x86_64::*;
use std::cell::RefCell;

use tensorlogic_language::gguf::GgmlType;

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
        GgmlType::Q8_0 => rows_q8_0,
        GgmlType::Q4_0 => rows_q4_0,
        GgmlType::Q6_K => rows_q6_k,
        GgmlType::Q4_K => rows_q4_k,
        _ => rows_decoded,
    }
}

/// How 32 elements of a row are read.
trait Lanes {
    const TYPE: GgmlType;
    /// Whether the elements still have to be multiplied with the scale.
    const SCALED: bool;

    /// The elements from `32 * index` on, in order, and their scale.
    ///
    /// # Safety
    /// The row has that many elements; the processor has the features.
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256);
}

struct F32;
struct F16;
struct Bf16;
struct Q8;
struct Q4;
struct Q4K;
struct Q6K;

impl Lanes for F32 {
    const TYPE: GgmlType = GgmlType::F32;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let eight = |at: usize| _mm256_loadu_ps(row.cast::<f32>().add(index * 32 + at * 8));
            ([eight(0), eight(1), eight(2), eight(3)], _mm256_setzero_ps())
        }
    }
}

impl Lanes for F16 {
    const TYPE: GgmlType = GgmlType::F16;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let eight = |at: usize| _mm256_cvtph_ps(_mm_loadu_si128(row.cast::<__m128i>().add(index * 4 + at)));
            ([eight(0), eight(1), eight(2), eight(3)], _mm256_setzero_ps())
        }
    }
}

impl Lanes for Bf16 {
    const TYPE: GgmlType = GgmlType::BF16;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let eight = |at: usize| {
                let bits = _mm256_cvtepu16_epi32(_mm_loadu_si128(row.cast::<__m128i>().add(index * 4 + at)));
                _mm256_castsi256_ps(_mm256_slli_epi32(bits, 16))
            };
            ([eight(0), eight(1), eight(2), eight(3)], _mm256_setzero_ps())
        }
    }
}

impl Lanes for Q8 {
    const TYPE: GgmlType = GgmlType::Q8_0;
    const SCALED: bool = true;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let block = row.add(index * 34);
            let eight = |at: usize| widen(_mm_loadl_epi64(block.add(2 + at * 8).cast()));
            ([eight(0), eight(1), eight(2), eight(3)], half_at(block, 0))
        }
    }
}

impl Lanes for Q4 {
    const TYPE: GgmlType = GgmlType::Q4_0;
    const SCALED: bool = true;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let block = row.add(index * 18);
            let (nibble, eight) = (_mm_set1_epi8(15), _mm_set1_epi8(8));
            let both = _mm_loadu_si128(block.add(2).cast());
            let low = _mm_sub_epi8(_mm_and_si128(both, nibble), eight);
            let high = _mm_sub_epi8(_mm_and_si128(_mm_srli_epi16(both, 4), nibble), eight);
            let values = [widen(low), widen(_mm_srli_si128(low, 8)), widen(high), widen(_mm_srli_si128(high, 8))];
            (values, half_at(block, 0))
        }
    }
}

impl Lanes for Q4K {
    const TYPE: GgmlType = GgmlType::Q4_K;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let (block, run) = (row.add(index / 8 * 144), index % 8);
            let packed = std::slice::from_raw_parts(block.add(4), 12);
            let (scale, minimum) = super::blocks::scale_and_minimum(packed, run);
            let scale = _mm256_mul_ps(half_at(block, 0), _mm256_set1_ps(scale));
            let offset = _mm256_mul_ps(half_at(block, 2), _mm256_set1_ps(minimum));
            let bytes = _mm256_loadu_si256(block.add(16 + run / 2 * 32).cast());
            let bytes = if run % 2 == 0 { bytes } else { _mm256_srli_epi16(bytes, 4) };
            let values = widen_all(_mm256_and_si256(bytes, _mm256_set1_epi8(15)));
            (values.map(|value| _mm256_fmsub_ps(value, scale, offset)), scale)
        }
    }
}

impl Lanes for Q6K {
    const TYPE: GgmlType = GgmlType::Q6_K;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let (block, run) = (row.add(index / 8 * 210), index % 8);
            let (upper, lane) = (run / 4, run % 4);
            let low = _mm256_loadu_si256(block.add(upper * 64 + lane % 2 * 32).cast());
            let high = _mm256_loadu_si256(block.add(128 + upper * 32).cast());
            let low = _mm256_srl_epi16(low, _mm_cvtsi32_si128(lane as i32 / 2 * 4));
            let high = _mm256_srl_epi16(high, _mm_cvtsi32_si128(lane as i32 * 2));
            let low = _mm256_and_si256(low, _mm256_set1_epi8(15));
            let high = _mm256_slli_epi16(_mm256_and_si256(high, _mm256_set1_epi8(3)), 4);
            let bits = _mm256_sub_epi8(_mm256_or_si256(low, high), _mm256_set1_epi8(32));
            let d = half_at(block, 208);
            let scale = |at: usize| {
                let scale = f32::from(block.add(192 + run * 2 + at).cast::<i8>().read());
                _mm256_mul_ps(d, _mm256_set1_ps(scale))
            };
            let (first, second) = (scale(0), scale(1));
            let [a, b, c, e] = widen_all(bits);
            let mul = |a, b| _mm256_mul_ps(a, b);
            ([mul(a, first), mul(b, first), mul(c, second), mul(e, second)], d)
        }
    }
}

/// Eight signed bytes as floats.
#[inline(always)]
unsafe fn widen(bytes: __m128i) -> __m256 {
    // SAFETY: the caller has the features.
    unsafe { _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes)) }
}

/// 32 signed bytes as floats.
#[inline(always)]
unsafe fn widen_all(bytes: __m256i) -> [__m256; 4] {
    // SAFETY: the caller has the features.
    unsafe {
        let (low, high) = (_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
        [widen(low), widen(_mm_srli_si128(low, 8)), widen(high), widen(_mm_srli_si128(high, 8))]
    }
}

/// The 16-bit float at a byte of a block, eight times.
#[inline(always)]
unsafe fn half_at(block: *const u8, at: usize) -> __m256 {
    // SAFETY: the caller has two readable bytes there and the features.
    unsafe { _mm256_cvtph_ps(_mm_set1_epi16(block.add(at).cast::<i16>().read_unaligned())) }
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
        for index in 0..size / 32 {
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
        sums.map(|[a, b]| sum_lanes(_mm256_add_ps(a, b)))
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
        let element = L::TYPE.block_bytes() as usize;
        super::blocks::decode(L::TYPE, &row[(size - rest) * element..], &mut values[..rest]);
        for (into, vector) in into.iter_mut().zip(vectors.chunks(size)) {
            *into += super::portable::dot(&values[..rest], &vector[size - rest..]);
        }
    }
}

macro_rules! row_kernels {
    ($($name:ident, $lanes:ident;)*) => {
        $(
            #[target_feature(enable = "avx2,fma,f16c")]
            fn $name(_: GgmlType, bytes: &[u8], vectors: &[f32], size: usize, into: &mut [f32]) {
                let block = ($lanes::TYPE.block_elements() as usize, $lanes::TYPE.block_bytes() as usize);
                assert!(bytes.len() >= size / block.0 * block.1 && vectors.len() >= into.len() * size);
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
    rows_q8_0, Q8;
    rows_q4_0, Q4;
    rows_q4_k, Q4K;
    rows_q6_k, Q6K;
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
    assert!(size % 8 == 0 && weights.len() >= rows * size);
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
            let loaded: [__m256; R] = std::array::from_fn(|r| _mm256_loadu_ps(weights.add(r * size + at)));
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
