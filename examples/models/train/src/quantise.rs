//! How numbers are stored in a GGUF file: F32, F16, and blocks of 32 with a common scale.
//!
//! The rounding is that of ggml's reference (`quantize_row_q8_0_ref` and `quantize_row_q4_0_ref`
//! in `ggml-quants.c`), so that files made here and by other tools agree bit for bit.

use half::f16;

/// Numbers in one block.
pub const BLOCK: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    F32,
    F16,
    /// A half `d` and 32 signed bytes `q`; a value is `d q`.
    Q8_0,
    /// A half `d` and 32 nibbles `q`, those of values 0 to 15 low and 16 to 31 high; a value is `d (q - 8)`.
    Q4_0,
}

impl Encoding {
    /// The number of the ggml type.
    pub fn id(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q8_0 => 8,
        }
    }

    pub fn from_id(id: u32) -> Option<Self> {
        [Self::F32, Self::F16, Self::Q4_0, Self::Q8_0].into_iter().find(|encoding| encoding.id() == id)
    }

    /// Size of `count` numbers, if they are whole blocks.
    pub fn bytes(self, count: usize) -> Option<usize> {
        let (block, size) = match self {
            Self::F32 => (1, 4),
            Self::F16 => (1, 2),
            Self::Q8_0 => (BLOCK, 34),
            Self::Q4_0 => (BLOCK, 18),
        };
        if count.is_multiple_of(block) { (count / block).checked_mul(size) } else { None }
    }

    /// Stores whole blocks of numbers; what does not fill a block is left out.
    pub fn encode(self, values: &[f32]) -> Vec<u8> {
        match self {
            Self::F32 => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Self::F16 => values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect(),
            Self::Q8_0 => values.as_chunks().0.iter().flat_map(q8_0).collect(),
            Self::Q4_0 => values.as_chunks().0.iter().flat_map(q4_0).collect(),
        }
    }

    pub fn decode(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::F32 => bytes.as_chunks().0.iter().map(|&value| f32::from_le_bytes(value)).collect(),
            Self::F16 => bytes.as_chunks().0.iter().map(|&value| f16::from_le_bytes(value).to_f32()).collect(),
            Self::Q8_0 => bytes.as_chunks().0.iter().flat_map(from_q8_0).collect(),
            Self::Q4_0 => bytes.as_chunks().0.iter().flat_map(from_q4_0).collect(),
        }
    }
}

/// The scale takes the largest magnitude to 127. Halves are rounded away from zero.
fn q8_0(values: &[f32; BLOCK]) -> [u8; 34] {
    let largest = values.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    let mut block = [0; 34];
    block[..2].copy_from_slice(&f16::from_f32(scale).to_le_bytes());
    for (byte, value) in block[2..].iter_mut().zip(values) {
        *byte = ((value * inverse).round() as i8).cast_unsigned();
    }
    block
}

fn from_q8_0(block: &[u8; 34]) -> [f32; BLOCK] {
    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
    std::array::from_fn(|at| scale * f32::from(block[2 + at].cast_signed()))
}

/// The scale takes the number of the largest magnitude, the first of several, to -8.
fn q4_0(values: &[f32; BLOCK]) -> [u8; 18] {
    let largest =
        values.iter().fold(0.0_f32, |largest, &value| if value.abs() > largest.abs() { value } else { largest });
    let scale = largest / -8.0;
    let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
    let nibble = |value: f32| ((value * inverse + 8.5) as u8).min(15);
    let mut block = [0; 18];
    block[..2].copy_from_slice(&f16::from_f32(scale).to_le_bytes());
    for (at, byte) in block[2..].iter_mut().enumerate() {
        *byte = nibble(values[at]) | nibble(values[at + BLOCK / 2]) << 4;
    }
    block
}

fn from_q4_0(block: &[u8; 18]) -> [f32; BLOCK] {
    let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
    std::array::from_fn(|at| {
        let byte = block[2 + at % (BLOCK / 2)];
        let nibble = if at < BLOCK / 2 { byte & 15 } else { byte >> 4 };
        scale * (f32::from(nibble) - 8.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn numbers(count: usize) -> Vec<f32> {
        let mut dice = Dice::new(5, 0);
        (0..count).map(|at| dice.normal() * [0.02, 1.0, 30.0][at / BLOCK % 3]).collect()
    }

    /// Largest error of a block, as a part of its largest magnitude.
    fn check(encoding: Encoding, bound: f32) {
        let values = numbers(300 * BLOCK);
        let bytes = encoding.encode(&values);
        assert_eq!(Some(bytes.len()), encoding.bytes(values.len()));
        let decoded = encoding.decode(&bytes);
        assert_eq!(decoded.len(), values.len());
        for (block, back) in values.chunks(BLOCK).zip(decoded.chunks(BLOCK)) {
            let largest = block.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
            for (value, back) in block.iter().zip(back) {
                assert!((value - back).abs() <= bound * largest, "{value} became {back}, largest {largest}");
            }
        }
    }

    #[test]
    fn rounding_stays_within_bounds() {
        check(Encoding::F32, 0.0);
        check(Encoding::F16, 1.0 / 2048.0);
        // Half a step of 1/127, and the rounding of the scale to a half.
        check(Encoding::Q8_0, 0.5 / 127.0 + 1.0 / 2048.0);
        // Half a step of 1/8; a whole one at the end that -8 does not cover.
        check(Encoding::Q4_0, 1.0 / 8.0 + 1.0 / 2048.0);
    }

    #[test]
    fn rounded_numbers_stay_as_they_are() {
        for encoding in [Encoding::F16, Encoding::Q8_0, Encoding::Q4_0] {
            let once = encoding.decode(&encoding.encode(&numbers(100 * BLOCK)));
            let twice = encoding.decode(&encoding.encode(&once));
            for (once, twice) in once.iter().zip(&twice) {
                assert!((once - twice).abs() <= once.abs() / 1024.0, "{once} became {twice}");
            }
        }
    }

    #[test]
    fn blocks_have_the_documented_layout() {
        let mut values = [0.0; BLOCK];
        values[0] = -8.0;
        values[1] = 3.0;
        values[16] = 7.0;
        values[31] = -1.0;
        let block = Encoding::Q4_0.encode(&values);
        assert_eq!(block[..2], f16::from_f32(1.0).to_le_bytes());
        assert_eq!(block[2..5], [0xF0, 0x8B, 0x88]);
        assert_eq!(block[17], 0x78);
        values[0] = -127.0;
        let block = Encoding::Q8_0.encode(&values);
        assert_eq!(block[..2], f16::from_f32(1.0).to_le_bytes());
        assert_eq!(block[2..5], [129, 3, 0]);
        assert_eq!(block[33], 255);
    }

    #[test]
    fn blocks_of_zeros_stay_zeros() {
        for encoding in [Encoding::Q8_0, Encoding::Q4_0] {
            assert_eq!(encoding.decode(&encoding.encode(&[0.0; BLOCK])), [0.0; BLOCK]);
        }
    }
}
