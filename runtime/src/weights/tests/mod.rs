//! Weights from small files written here, with random blocks.

mod file;
mod products;
mod reference;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Types that can be decoded.
const TYPES: [GgmlType; 14] = [
    GgmlType::F32,
    GgmlType::F16,
    GgmlType::BF16,
    GgmlType::F64,
    GgmlType::Q4_0,
    GgmlType::Q4_1,
    GgmlType::Q5_0,
    GgmlType::Q5_1,
    GgmlType::Q8_0,
    GgmlType::Q2_K,
    GgmlType::Q3_K,
    GgmlType::Q4_K,
    GgmlType::Q5_K,
    GgmlType::Q6_K,
];

fn device() -> Device {
    let name = std::env::var("TL_TEST_DEVICE").unwrap_or_else(|_| "cpu".to_owned());
    Device::choose(&name).unwrap()
}

/// Random bytes, the same ones each time.
fn random_bytes(count: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 24) as u8
        })
        .collect()
}

/// Where the 16-bit scales of a block stand.
fn scales(ggml_type: GgmlType) -> &'static [usize] {
    match ggml_type {
        GgmlType::Q4_0 | GgmlType::Q5_0 | GgmlType::Q8_0 => &[0],
        GgmlType::Q4_1 | GgmlType::Q5_1 | GgmlType::Q4_K | GgmlType::Q5_K => &[0, 2],
        GgmlType::Q2_K => &[80, 82],
        GgmlType::Q3_K => &[108],
        GgmlType::Q6_K => &[208],
        _ => &[],
    }
}

/// Blocks with random contents and small finite scales.
fn random_blocks(ggml_type: GgmlType, elements: usize, seed: u64) -> Vec<u8> {
    let block = ggml_type.block_bytes() as usize;
    let mut bytes = random_bytes(elements / ggml_type.block_elements() as usize * block, seed);
    let numbers = random_bytes(bytes.len().div_ceil(block) * 2, seed + 1);
    for (at, into) in bytes.chunks_mut(block).enumerate() {
        let value = (f32::from(numbers[at * 2]) - 127.5) / 128.0;
        match ggml_type {
            GgmlType::F32 => into.copy_from_slice(&value.to_le_bytes()),
            GgmlType::F64 => into.copy_from_slice(&f64::from(value).to_le_bytes()),
            GgmlType::F16 => into.copy_from_slice(&half::f16::from_f32(value).to_le_bytes()),
            GgmlType::BF16 => into.copy_from_slice(&half::bf16::from_f32(value).to_le_bytes()),
            _ => {
                for (which, position) in scales(ggml_type).iter().enumerate() {
                    let scale = half::f16::from_f32(value / 16.0 + which as f32 * 0.01);
                    into[*position..position + 2].copy_from_slice(&scale.to_le_bytes());
                }
            }
        }
    }
    bytes
}

/// A file that goes away with the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(bytes: &[u8]) -> Temporary {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tl-weights-{}-{number}.gguf", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Temporary(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A GGUF file with these tensors and no metadata.
fn gguf(tensors: &[(&str, GgmlType, &[usize], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend((tensors.len() as u64).to_le_bytes());
    bytes.extend(0u64.to_le_bytes());
    let mut offset = 0u64;
    for (name, ggml_type, shape, data) in tensors {
        bytes.extend((name.len() as u64).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.extend((shape.len() as u32).to_le_bytes());
        shape.iter().rev().for_each(|size| bytes.extend((*size as u64).to_le_bytes()));
        bytes.extend(ggml_type.id().to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        offset = (offset + data.len() as u64).next_multiple_of(32);
    }
    for (_, _, _, data) in tensors {
        bytes.resize(bytes.len().next_multiple_of(32), 0);
        bytes.extend(data);
    }
    bytes
}

/// One weight of this type and shape with random contents.
fn weight(ggml_type: GgmlType, shape: &[usize], seed: u64) -> (Weight, Vec<u8>) {
    let blocks = random_blocks(ggml_type, shape.iter().product(), seed);
    let file = Temporary::new(&gguf(&[("w", ggml_type, shape, blocks.clone())]));
    let weight = WeightFile::open(&file.0).unwrap().weight("w", ElementType::Float32).unwrap();
    (weight, blocks)
}
