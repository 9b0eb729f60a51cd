//! The last check of `tl model --verify`: the weights themselves are read, and what is
//! no number among them is counted.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use indicatif::ProgressBar;
use tensorlogic_language::gguf::GgmlType;
use tensorlogic_language::safetensors::Dtype;
use tensorlogic_language::weights::{Check, Index, Storage, TensorInfo, Verdict};
use tensorlogic_runtime::weights::count_non_finite;

const SUBJECT: &str = "weights";

/// About how many bytes are read at once.
const WINDOW: u64 = 16 << 20;

/// Reads every weight and tells of each tensor that holds NaN or infinite values; the
/// bar counts bytes.
pub fn check(index: &Index, bar: &ProgressBar) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut unread: Vec<&str> = Vec::new();
    let mut add = |verdict, message| checks.push(Check { subject: SUBJECT, verdict, message });
    let mut values = 0u64;
    for tensor in index.tensors() {
        let Some(block) = block_of(tensor.storage) else {
            unread.push(tensor.storage.name());
            continue;
        };
        match non_finite(index, tensor, block, bar) {
            Ok((0, 0)) => values = values.saturating_add(tensor.count() as u64),
            Ok((nan, infinite)) => {
                let (name, count) = (&tensor.name, tensor.count());
                add(Verdict::Fails, format!("`{name}` holds {nan} NaN and {infinite} infinite of {count} values"));
            }
            Err(error) => add(Verdict::Fails, format!("`{}` cannot be read: {error}", tensor.name)),
        }
    }
    if !unread.is_empty() {
        let count = unread.len();
        unread.sort_unstable();
        unread.dedup();
        let names = unread.join(", ");
        add(Verdict::Note, format!("{count} tensors were not read: there is no decoder for {names}"));
    }
    if checks.iter().all(|check| check.verdict != Verdict::Fails) {
        let message = format!("{values} values were read, and all are finite");
        checks.push(Check { subject: SUBJECT, verdict: Verdict::Holds, message });
    }
    checks
}

/// How values are stored, as the decoders know it; whole numbers are always finite.
enum Block {
    Decoded(GgmlType),
    Whole,
}

/// None for types that nothing decodes.
fn block_of(storage: Storage) -> Option<Block> {
    use Dtype::*;
    match storage {
        Storage::Ggml(ggml_type) => count_non_finite(ggml_type, &[]).map(|_| Block::Decoded(ggml_type)),
        Storage::Safetensors(F16) => Some(Block::Decoded(GgmlType::F16)),
        Storage::Safetensors(BF16) => Some(Block::Decoded(GgmlType::BF16)),
        Storage::Safetensors(F32 | C64) => Some(Block::Decoded(GgmlType::F32)),
        Storage::Safetensors(F64) => Some(Block::Decoded(GgmlType::F64)),
        Storage::Safetensors(BOOL | U8 | I8 | I16 | U16 | I32 | U32 | I64 | U64) => Some(Block::Whole),
        Storage::Safetensors(_) => None,
    }
}

/// How many values of a tensor are NaN, and how many are infinite.
fn non_finite(index: &Index, tensor: &TensorInfo, block: Block, bar: &ProgressBar) -> io::Result<(usize, usize)> {
    let Block::Decoded(ggml_type) = block else {
        bar.inc(tensor.length);
        return Ok((0, 0));
    };
    let part = index.parts.get(tensor.part).ok_or_else(|| io::Error::other("its file is missing"))?;
    let mut file = File::open(&part.path)?;
    file.seek(SeekFrom::Start(tensor.offset))?;
    let step = (WINDOW / ggml_type.block_bytes()).max(1) * ggml_type.block_bytes();
    let (mut left, mut found, mut window) = (tensor.length, (0, 0), Vec::new());
    while left > 0 {
        let taken = step.min(left);
        window.resize(taken as usize, 0);
        file.read_exact(&mut window)?;
        let (nan, infinite) = count_non_finite(ggml_type, &window).unwrap_or_default();
        found = (found.0 + nan, found.1 + infinite);
        left -= taken;
        bar.inc(taken);
    }
    Ok(found)
}
