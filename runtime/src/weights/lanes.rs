//! Blocks in AVX2 registers: 32 elements of a row as four vectors of floats.
//! The layouts are told in [`super::blocks`].
//!
//! Everything is `inline(always)` into functions that enable the features;
//! no closure is handed to a function of the library, since that would be
//! compiled without them and called each time.

use std::arch::x86_64::*;

use tensorlogic_language::gguf::GgmlType;

/// How 32 elements of a row are read.
pub(super) trait Lanes {
    const TYPE: GgmlType;
    /// Whether the elements still have to be multiplied with the scale.
    const SCALED: bool;

    /// The elements from `32 * index` on, in order, and their scale.
    ///
    /// # Safety
    /// The row has that many elements; the processor has the features.
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256);
}

pub(super) struct F32;
pub(super) struct F16;
pub(super) struct Bf16;
pub(super) struct Q40;
pub(super) struct Q41;
pub(super) struct Q50;
pub(super) struct Q51;
pub(super) struct Q80;
pub(super) struct Q4K;
pub(super) struct Q5K;
pub(super) struct Q6K;

impl Lanes for F32 {
    const TYPE: GgmlType = GgmlType::F32;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let floats = row.cast::<f32>().add(index * 32);
            let values = [
                _mm256_loadu_ps(floats),
                _mm256_loadu_ps(floats.add(8)),
                _mm256_loadu_ps(floats.add(16)),
                _mm256_loadu_ps(floats.add(24)),
            ];
            (values, _mm256_setzero_ps())
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
            let eights = row.cast::<__m128i>().add(index * 4);
            let values = [
                _mm256_cvtph_ps(_mm_loadu_si128(eights)),
                _mm256_cvtph_ps(_mm_loadu_si128(eights.add(1))),
                _mm256_cvtph_ps(_mm_loadu_si128(eights.add(2))),
                _mm256_cvtph_ps(_mm_loadu_si128(eights.add(3))),
            ];
            (values, _mm256_setzero_ps())
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
            let eights = row.cast::<__m128i>().add(index * 4);
            let values = [upper(eights), upper(eights.add(1)), upper(eights.add(2)), upper(eights.add(3))];
            (values, _mm256_setzero_ps())
        }
    }
}

impl Lanes for Q80 {
    const TYPE: GgmlType = GgmlType::Q8_0;
    const SCALED: bool = true;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let block = row.add(index * 34);
            let (low, high) = (_mm_loadu_si128(block.add(2).cast()), _mm_loadu_si128(block.add(18).cast()));
            (widen_both(low, high), half_at(block, 0))
        }
    }
}

impl Lanes for Q40 {
    const TYPE: GgmlType = GgmlType::Q4_0;
    const SCALED: bool = true;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let block = row.add(index * 18);
            let eight = _mm_set1_epi8(8);
            let (low, high) = nibbles(block.add(2));
            let (low, high) = (_mm_sub_epi8(low, eight), _mm_sub_epi8(high, eight));
            (widen_both(low, high), half_at(block, 0))
        }
    }
}

impl Lanes for Q41 {
    const TYPE: GgmlType = GgmlType::Q4_1;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let block = row.add(index * 20);
            let (d, m) = (half_at(block, 0), half_at(block, 2));
            let (low, high) = nibbles(block.add(4));
            (scale_and_add(widen_both(low, high), d, m), d)
        }
    }
}

impl Lanes for Q50 {
    const TYPE: GgmlType = GgmlType::Q5_0;
    const SCALED: bool = true;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let block = row.add(index * 22);
            let bits = _mm256_sub_epi8(five_bits(block.add(2), block.add(6)), _mm256_set1_epi8(16));
            (widen_all(bits), half_at(block, 0))
        }
    }
}

impl Lanes for Q51 {
    const TYPE: GgmlType = GgmlType::Q5_1;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let block = row.add(index * 24);
            let (d, m) = (half_at(block, 0), half_at(block, 2));
            (scale_and_add(widen_all(five_bits(block.add(4), block.add(8))), d, m), d)
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
            let (scale, offset) = scale_and_offset(block, run);
            let bits = run_of_nibbles(block.add(16), run);
            (scale_and_add(widen_all(bits), scale, offset), scale)
        }
    }
}

impl Lanes for Q5K {
    const TYPE: GgmlType = GgmlType::Q5_K;
    const SCALED: bool = false;

    #[inline(always)]
    unsafe fn load(row: *const u8, index: usize) -> ([__m256; 4], __m256) {
        // SAFETY: the caller's promise.
        unsafe {
            let (block, run) = (row.add(index / 8 * 176), index % 8);
            let (scale, offset) = scale_and_offset(block, run);
            let fifth = _mm256_srl_epi16(_mm256_loadu_si256(block.add(16).cast()), _mm_cvtsi32_si128(run as i32));
            let fifth = _mm256_slli_epi16(_mm256_and_si256(fifth, _mm256_set1_epi8(1)), 4);
            let bits = _mm256_or_si256(run_of_nibbles(block.add(48), run), fifth);
            (scale_and_add(widen_all(bits), scale, offset), scale)
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
            let scales = block.add(192 + run * 2).cast::<i8>();
            let first = _mm256_mul_ps(d, _mm256_set1_ps(f32::from(scales.read())));
            let second = _mm256_mul_ps(d, _mm256_set1_ps(f32::from(scales.add(1).read())));
            let [a, b, c, e] = widen_all(bits);
            let values =
                [_mm256_mul_ps(a, first), _mm256_mul_ps(b, first), _mm256_mul_ps(c, second), _mm256_mul_ps(e, second)];
            (values, d)
        }
    }
}

/// 16 bytes as the lower and the upper half of each.
#[inline(always)]
unsafe fn nibbles(bytes: *const u8) -> (__m128i, __m128i) {
    // SAFETY: the caller has 16 readable bytes and the features.
    unsafe {
        let (both, nibble) = (_mm_loadu_si128(bytes.cast()), _mm_set1_epi8(15));
        (_mm_and_si128(both, nibble), _mm_and_si128(_mm_srli_epi16(both, 4), nibble))
    }
}

/// 32 values of which four bits stand in `bytes` and the fifth in `bits`.
#[inline(always)]
unsafe fn five_bits(bits: *const u8, bytes: *const u8) -> __m256i {
    // SAFETY: the caller has 4 and 16 readable bytes and the features.
    unsafe {
        let (low, high) = nibbles(bytes);
        let all = _mm256_set1_epi32(bits.cast::<i32>().read_unaligned());
        // Every bit's byte in the place of its value, then that bit alone.
        let (zero_one, two_three) = (0x0101_0101_0101_0101, 0x0303_0303_0303_0303);
        let spread = _mm256_shuffle_epi8(all, _mm256_setr_epi64x(0, zero_one, 2 * zero_one, two_three));
        let mask = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64 as i64);
        let set = _mm256_cmpeq_epi8(_mm256_and_si256(spread, mask), mask);
        _mm256_or_si256(_mm256_set_m128i(high, low), _mm256_and_si256(set, _mm256_set1_epi8(16)))
    }
}

/// The four bits of 32 values of a block of 256.
#[inline(always)]
unsafe fn run_of_nibbles(bytes: *const u8, run: usize) -> __m256i {
    // SAFETY: the caller has 128 readable bytes and the features.
    unsafe {
        let bytes = _mm256_loadu_si256(bytes.add(run / 2 * 32).cast());
        let bytes = _mm256_srl_epi16(bytes, _mm_cvtsi32_si128((run % 2 * 4) as i32));
        _mm256_and_si256(bytes, _mm256_set1_epi8(15))
    }
}

/// What 32 values of a block of Q4_K or Q5_K are multiplied with, and what is
/// added then.
#[inline(always)]
unsafe fn scale_and_offset(block: *const u8, run: usize) -> (__m256, __m256) {
    // SAFETY: the caller has 16 readable bytes and the features.
    unsafe {
        let packed = std::slice::from_raw_parts(block.add(4), 12);
        let (scale, minimum) = super::blocks::scale_and_minimum(packed, run);
        let scale = _mm256_mul_ps(half_at(block, 0), _mm256_set1_ps(scale));
        (scale, _mm256_mul_ps(half_at(block, 2), _mm256_set1_ps(-minimum)))
    }
}

/// 32 values times a scale plus an offset.
#[inline(always)]
unsafe fn scale_and_add([a, b, c, d]: [__m256; 4], scale: __m256, offset: __m256) -> [__m256; 4] {
    // SAFETY: the caller has the features.
    unsafe {
        [
            _mm256_fmadd_ps(a, scale, offset),
            _mm256_fmadd_ps(b, scale, offset),
            _mm256_fmadd_ps(c, scale, offset),
            _mm256_fmadd_ps(d, scale, offset),
        ]
    }
}

/// Twice 16 signed bytes as floats.
#[inline(always)]
unsafe fn widen_both(low: __m128i, high: __m128i) -> [__m256; 4] {
    // SAFETY: the caller has the features.
    unsafe { [widen(low), widen(_mm_srli_si128(low, 8)), widen(high), widen(_mm_srli_si128(high, 8))] }
}

/// Eight 16-bit values that are the upper halves of floats.
#[inline(always)]
unsafe fn upper(eight: *const __m128i) -> __m256 {
    // SAFETY: the caller has 16 readable bytes and the features.
    unsafe {
        let bits = _mm256_cvtepu16_epi32(_mm_loadu_si128(eight));
        _mm256_castsi256_ps(_mm256_slli_epi32(bits, 16))
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
    unsafe { widen_both(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1)) }
}

/// The 16-bit float at a byte of a block, eight times.
#[inline(always)]
unsafe fn half_at(block: *const u8, at: usize) -> __m256 {
    // SAFETY: the caller has two readable bytes there and the features.
    unsafe { _mm256_cvtph_ps(_mm_set1_epi16(block.add(at).cast::<i16>().read_unaligned())) }
}
