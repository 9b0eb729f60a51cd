//! Decodes blocks into 32-bit floats. The layouts are those of
//! `ggml-common.h` and `ggml-quants.c` in <https://github.com/ggml-org/llama.cpp>:
//! scales are little-endian 16-bit floats, and bits are counted from the lowest.
//!
//! Every decoder is written as loops over 16 or 32 equal steps, so that the
//! compiler can do eight of them at once.

use tensorlogic_language::gguf::GgmlType;

/// Whether [`decode`] knows the type.
pub(super) fn is_supported(ggml_type: GgmlType) -> bool {
    use GgmlType::*;
    matches!(ggml_type, F32 | F16 | BF16 | F64 | Q4_0 | Q4_1 | Q5_0 | Q5_1 | Q8_0 | Q2_K | Q3_K | Q4_K | Q5_K | Q6_K)
}

/// Decodes whole blocks. `from` and `into` hold the same number of elements;
/// the type is one that [`is_supported`] accepts, others give NaN.
pub(super) fn decode(ggml_type: GgmlType, from: &[u8], into: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if super::x86::is_available() {
        // SAFETY: the processor has the features.
        unsafe {
            if !super::x86::decode(ggml_type, from, into) {
                decode_wide(ggml_type, from, into);
            }
        }
        return;
    }
    decode_any(ggml_type, from, into);
}

/// The same decoders, compiled for wider registers.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,f16c")]
fn decode_wide(ggml_type: GgmlType, from: &[u8], into: &mut [f32]) {
    decode_any(ggml_type, from, into);
}

#[inline(always)]
pub(super) fn decode_any(ggml_type: GgmlType, from: &[u8], into: &mut [f32]) {
    match ggml_type {
        GgmlType::F32 => {
            each(from, into, |bytes: &[u8; 4], value: &mut [f32; 1]| value[0] = f32::from_le_bytes(*bytes))
        }
        GgmlType::F16 => each(from, into, |bytes: &[u8; 2], value: &mut [f32; 1]| value[0] = half(*bytes)),
        GgmlType::BF16 => each(from, into, |bytes: &[u8; 2], value: &mut [f32; 1]| {
            value[0] = f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16);
        }),
        GgmlType::F64 => {
            each(from, into, |bytes: &[u8; 8], value: &mut [f32; 1]| value[0] = f64::from_le_bytes(*bytes) as f32);
        }
        GgmlType::Q4_0 => each(from, into, q4_0),
        GgmlType::Q4_1 => each(from, into, q4_1),
        GgmlType::Q5_0 => each(from, into, q5_0),
        GgmlType::Q5_1 => each(from, into, q5_1),
        GgmlType::Q8_0 => each(from, into, q8_0),
        GgmlType::Q2_K => each(from, into, q2_k),
        GgmlType::Q3_K => each(from, into, q3_k),
        GgmlType::Q4_K => each(from, into, q4_k),
        GgmlType::Q5_K => each(from, into, q5_k),
        GgmlType::Q6_K => each(from, into, q6_k),
        _ => into.fill(f32::NAN),
    }
}

#[inline(always)]
fn each<const BYTES: usize, const VALUES: usize>(
    from: &[u8],
    into: &mut [f32],
    decode_block: impl Fn(&[u8; BYTES], &mut [f32; VALUES]),
) {
    let (blocks, _) = from.as_chunks::<BYTES>();
    let (values, _) = into.as_chunks_mut::<VALUES>();
    for (block, values) in blocks.iter().zip(values) {
        decode_block(block, values);
    }
}

/// A 16-bit float: the exponent is rebased by a multiplication, which also
/// brings subnormal numbers right.
#[inline(always)]
pub(super) fn half(bytes: [u8; 2]) -> f32 {
    let bits = u16::from_le_bytes(bytes);
    let magnitude = u32::from(bits & 0x7fff) << 13;
    let scaled = (f32::from_bits(magnitude) * f32::from_bits(0x7780_0000)).to_bits();
    let special = magnitude | 0x7f80_0000;
    let value = if bits & 0x7c00 == 0x7c00 { special } else { scaled };
    f32::from_bits(value | u32::from(bits & 0x8000) << 16)
}

/// The 16-bit float at a byte of a block.
#[inline(always)]
fn half_at<const N: usize>(block: &[u8; N], at: usize) -> f32 {
    half([block[at], block[at + 1]])
}

#[inline(always)]
fn q4_0(block: &[u8; 18], values: &mut [f32; 32]) {
    let d = half_at(block, 0);
    for i in 0..16 {
        values[i] = d * (i32::from(block[2 + i] & 15) - 8) as f32;
        values[16 + i] = d * (i32::from(block[2 + i] >> 4) - 8) as f32;
    }
}

#[inline(always)]
fn q4_1(block: &[u8; 20], values: &mut [f32; 32]) {
    let (d, m) = (half_at(block, 0), half_at(block, 2));
    for i in 0..16 {
        values[i] = d * f32::from(block[4 + i] & 15) + m;
        values[16 + i] = d * f32::from(block[4 + i] >> 4) + m;
    }
}

/// The fifth bits of 32 values.
#[inline(always)]
fn high_bits<const N: usize>(block: &[u8; N], at: usize) -> u32 {
    u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]])
}

#[inline(always)]
fn q5_0(block: &[u8; 22], values: &mut [f32; 32]) {
    let (d, high) = (half_at(block, 0), high_bits(block, 2));
    for i in 0..16 {
        let low = u32::from(block[6 + i] & 15) | (high >> i & 1) << 4;
        let upper = u32::from(block[6 + i] >> 4) | (high >> (16 + i) & 1) << 4;
        values[i] = d * (low as i32 - 16) as f32;
        values[16 + i] = d * (upper as i32 - 16) as f32;
    }
}

#[inline(always)]
fn q5_1(block: &[u8; 24], values: &mut [f32; 32]) {
    let (d, m, high) = (half_at(block, 0), half_at(block, 2), high_bits(block, 4));
    for i in 0..16 {
        let low = u32::from(block[8 + i] & 15) | (high >> i & 1) << 4;
        let upper = u32::from(block[8 + i] >> 4) | (high >> (16 + i) & 1) << 4;
        values[i] = d * low as i32 as f32 + m;
        values[16 + i] = d * upper as i32 as f32 + m;
    }
}

#[inline(always)]
fn q8_0(block: &[u8; 34], values: &mut [f32; 32]) {
    let d = half_at(block, 0);
    for i in 0..32 {
        values[i] = d * f32::from(block[2 + i] as i8);
    }
}

/// 16 bytes of scales and minima, 64 of bits, scale, minimum.
#[inline(always)]
fn q2_k(block: &[u8; 84], values: &mut [f32; 256]) {
    let (d, least) = (half_at(block, 80), half_at(block, 82));
    for run in 0..16 {
        let (scale, offset) = (d * f32::from(block[run] & 15), least * f32::from(block[run] >> 4));
        let (upper, shift) = (run / 8, run / 2 % 4 * 2);
        let bits = &block[16 + upper * 32 + run % 2 * 16..][..16];
        for (value, byte) in values[run * 16..][..16].iter_mut().zip(bits) {
            *value = scale * f32::from(byte >> shift & 3) - offset;
        }
    }
}

/// 32 bytes of third bits, 64 of lower bits, 12 of 6-bit scales, scale.
#[inline(always)]
fn q3_k(block: &[u8; 110], values: &mut [f32; 256]) {
    let d = half_at(block, 108);
    let packed = &block[96..108];
    for run in 0..16 {
        let low = if run < 8 { packed[run] & 15 } else { packed[run - 8] >> 4 };
        let high = packed[8 + run % 4] >> (run / 4 * 2) & 3;
        let scale = d * (i32::from(low | high << 4) - 32) as f32;
        let (upper, lane) = (run / 8, run / 2 % 4);
        let third = &block[run % 2 * 16..][..16];
        let bits = &block[32 + upper * 32 + run % 2 * 16..][..16];
        for ((value, byte), third) in values[run * 16..][..16].iter_mut().zip(bits).zip(third) {
            let kept = third >> (upper * 4 + lane) & 1;
            *value = scale * (i32::from(byte >> (lane * 2) & 3) - 4 + 4 * i32::from(kept)) as f32;
        }
    }
}

/// The 6-bit scale and minimum of 32 values, from 12 bytes.
#[inline(always)]
pub(super) fn scale_and_minimum(packed: &[u8], run: usize) -> (f32, f32) {
    let (scale, minimum) = if run < 4 {
        (packed[run] & 63, packed[run + 4] & 63)
    } else {
        (packed[run + 4] & 15 | packed[run - 4] >> 6 << 4, packed[run + 4] >> 4 | packed[run] >> 6 << 4)
    };
    (f32::from(scale), f32::from(minimum))
}

/// Scale, minimum, 12 bytes of scales and minima, 128 of nibbles.
#[inline(always)]
fn q4_k(block: &[u8; 144], values: &mut [f32; 256]) {
    let (d, least) = (half_at(block, 0), half_at(block, 2));
    for run in 0..8 {
        let (scale, minimum) = scale_and_minimum(&block[4..16], run);
        let (scale, offset) = (d * scale, least * minimum);
        let nibbles = &block[16 + run / 2 * 32..][..32];
        let shift = run % 2 * 4;
        for (value, byte) in values[run * 32..][..32].iter_mut().zip(nibbles) {
            *value = scale * f32::from(byte >> shift & 15) - offset;
        }
    }
}

/// As Q4_K, with 32 bytes of fifth bits before the nibbles.
#[inline(always)]
fn q5_k(block: &[u8; 176], values: &mut [f32; 256]) {
    let (d, least) = (half_at(block, 0), half_at(block, 2));
    let fifth = &block[16..48];
    for run in 0..8 {
        let (scale, minimum) = scale_and_minimum(&block[4..16], run);
        let (scale, offset) = (d * scale, least * minimum);
        let nibbles = &block[48 + run / 2 * 32..][..32];
        let shift = run % 2 * 4;
        for ((value, byte), fifth) in values[run * 32..][..32].iter_mut().zip(nibbles).zip(fifth) {
            *value = scale * f32::from(byte >> shift & 15 | (fifth >> run & 1) << 4) - offset;
        }
    }
}

/// 128 bytes of lower bits, 64 of upper bits, 16 signed scales, scale.
#[inline(always)]
fn q6_k(block: &[u8; 210], values: &mut [f32; 256]) {
    let d = half_at(block, 208);
    for run in 0..16 {
        let scale = d * f32::from(block[192 + run] as i8);
        let (upper, lane, offset) = (run / 8, run / 2 % 4, run % 2 * 16);
        let low = &block[upper * 64 + lane % 2 * 32 + offset..][..16];
        let high = &block[128 + upper * 32 + offset..][..16];
        let (low_shift, high_shift) = (lane / 2 * 4, lane * 2);
        for ((value, low), high) in values[run * 16..][..16].iter_mut().zip(low).zip(high) {
            let bits = low >> low_shift & 15 | (high >> high_shift & 3) << 4;
            *value = scale * (i32::from(bits) - 32) as f32;
        }
    }
}
