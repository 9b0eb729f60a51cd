//! The value of one element of a block, written down as the table of layouts
//! says it, without regard to speed.

use half::{bf16, f16};

use super::*;

fn half_of(bytes: &[u8], at: usize) -> f64 {
    f64::from(f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32())
}

fn bit(bytes: &[u8], at: usize, bit: usize) -> i32 {
    i32::from(bytes[at] >> bit & 1)
}

/// The scale and minimum of group `g` in 12 bytes.
fn packed(sc: &[u8], g: usize) -> (f64, f64) {
    let (s, m) = if g < 4 {
        (sc[g] & 63, sc[g + 4] & 63)
    } else {
        ((sc[g + 4] & 15) | ((sc[g - 4] >> 6) << 4), (sc[g + 4] >> 4) | ((sc[g] >> 6) << 4))
    };
    (f64::from(s), f64::from(m))
}

fn element(ggml_type: GgmlType, block: &[u8], i: usize) -> f64 {
    let nibble = |at: usize| {
        let byte = block[at + i % 16];
        i32::from(if i < 16 { byte & 15 } else { byte >> 4 })
    };
    let fifth = |at: usize| {
        i32::from((u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]) >> i & 1) as u8) * 16
    };
    let (upper, j, l) = (i / 128, i % 128 / 32, i % 32);
    let two_bits = |at: usize| i32::from(block[at + 32 * upper + l] >> (2 * j) & 3);
    match ggml_type {
        GgmlType::F32 => f64::from(f32::from_le_bytes(block.try_into().unwrap())),
        GgmlType::F64 => f64::from_le_bytes(block.try_into().unwrap()),
        GgmlType::F16 => half_of(block, 0),
        GgmlType::BF16 => f64::from(bf16::from_le_bytes([block[0], block[1]]).to_f32()),
        GgmlType::Q4_0 => half_of(block, 0) * f64::from(nibble(2) - 8),
        GgmlType::Q4_1 => half_of(block, 0) * f64::from(nibble(4)) + half_of(block, 2),
        GgmlType::Q5_0 => half_of(block, 0) * f64::from(nibble(6) + fifth(2) - 16),
        GgmlType::Q5_1 => half_of(block, 0) * f64::from(nibble(8) + fifth(4)) + half_of(block, 2),
        GgmlType::Q8_0 => half_of(block, 0) * f64::from(block[2 + i] as i8),
        GgmlType::Q2_K => {
            let sc = block[i / 16];
            half_of(block, 80) * f64::from(sc & 15) * f64::from(two_bits(16)) - half_of(block, 82) * f64::from(sc >> 4)
        }
        GgmlType::Q3_K => {
            let (sc, b) = (&block[96..108], i / 16);
            let low = if b < 8 { sc[b] & 15 } else { sc[b - 8] >> 4 };
            let s = low | (sc[8 + b % 4] >> (2 * (b / 4)) & 3) << 4;
            let v = two_bits(32) - if bit(block, l, 4 * upper + j) == 1 { 0 } else { 4 };
            half_of(block, 108) * f64::from(i32::from(s) - 32) * f64::from(v)
        }
        GgmlType::Q4_K | GgmlType::Q5_K => {
            let g = i / 32;
            let (s, m) = packed(&block[4..16], g);
            let at = if ggml_type == GgmlType::Q4_K { 16 } else { 48 };
            let byte = block[at + 32 * (i / 64) + l];
            let mut v = i32::from(if g.is_multiple_of(2) { byte & 15 } else { byte >> 4 });
            if ggml_type == GgmlType::Q5_K {
                v += 16 * bit(block, 16 + l, g);
            }
            half_of(block, 0) * s * f64::from(v) - half_of(block, 2) * m
        }
        GgmlType::Q6_K => {
            let byte = block[64 * upper + l + 32 * (j % 2)];
            let low = if j < 2 { byte & 15 } else { byte >> 4 };
            let v = i32::from(low) | i32::from(block[128 + 32 * upper + l] >> (2 * j) & 3) << 4;
            half_of(block, 208) * f64::from(block[192 + i / 16] as i8) * f64::from(v - 32)
        }
        _ => f64::NAN,
    }
}

/// All elements of some blocks.
pub(super) fn decode(ggml_type: GgmlType, bytes: &[u8]) -> Vec<f64> {
    bytes
        .chunks(ggml_type.block_bytes() as usize)
        .flat_map(|block| (0..ggml_type.block_elements() as usize).map(|i| element(ggml_type, block, i)))
        .collect()
}

#[test]
fn blocks_decode_as_the_table_says() {
    for ggml_type in TYPES {
        let bytes = random_blocks(ggml_type, 256 * 7, 3);
        let expected = decode(ggml_type, &bytes);
        let mut values = vec![0.0f32; expected.len()];
        blocks::decode(ggml_type, &bytes, &mut values);
        let mut plain = vec![0.0f32; expected.len()];
        blocks::decode_any(ggml_type, &bytes, &mut plain);
        for (at, (found, expected)) in plain.iter().zip(&values).enumerate() {
            assert!(
                (found - expected).abs() <= 1e-6 * expected.abs().max(0.1),
                "{ggml_type} element {at}: {found} {expected}"
            );
        }
        for (at, (found, expected)) in values.iter().zip(&expected).enumerate() {
            let close = (f64::from(*found) - expected).abs() <= 1e-6 * expected.abs().max(0.1);
            assert!(close, "{ggml_type} element {at}: expected {expected}, found {found}");
        }
    }
}

#[test]
fn every_half_is_read() {
    for bits in 0..=u16::MAX {
        let (expected, found) = (f16::from_bits(bits).to_f32(), blocks::half(bits.to_le_bytes()));
        assert!(expected == found || (expected.is_nan() && found.is_nan()), "{bits:#06x}: {expected} {found}");
    }
}
