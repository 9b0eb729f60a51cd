//! The header of a GGUF file: its metadata and the table of its tensors.
//!
//! The layout is that of the public specification,
//! <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>, versions 2 and 3,
//! little-endian. Nothing in the file is trusted: every count and length is
//! checked against the bytes that are really there before memory is taken.
//! Tensor data is never touched, and the strings of a vocabulary are passed over
//! by their lengths.

mod error;
mod ggml_type;
mod metadata;
mod reader;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;

pub use error::{GgufError, Part};
pub use ggml_type::GgmlType;
pub use metadata::{Array, Value, ValueType};
pub use write::{Content, Draft, Llama};

use crate::files::Readable;
use reader::Reader;

/// Where tensor data begins a multiple of, unless `general.alignment` says otherwise.
pub const DEFAULT_ALIGNMENT: u64 = 32;

/// The most axes that a tensor of a GGUF file may have.
pub const MAX_RANK: u32 = 4;

/// The longest header that is read, in bytes: more than any vocabulary takes.
pub const LONGEST_HEADER: u64 = 1 << 28;

/// The most metadata entries and the most tensors that are believed: far more
/// than any model has, few enough to be kept in memory.
const MOST_ENTRIES: u64 = 1 << 16;
const MOST_TENSORS: u64 = 1 << 18;

/// The fewest bytes that one metadata entry takes: an empty key, a type, one byte.
const SMALLEST_ENTRY: u64 = 8 + 4 + 1;

/// The fewest bytes that one tensor entry takes: an empty name, a rank of 0, a
/// type, an offset.
const SMALLEST_TENSOR: u64 = 8 + 4 + 4 + 8;

/// One line of the tensor table, as the file writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, such as `blk.0.attn_q.weight`.
    pub name: String,
    /// Its sizes in the file's order (`ne`): the fastest first.
    pub sizes: Vec<u64>,
    /// How its elements are stored.
    pub ggml_type: GgmlType,
    /// Where its data begins, in bytes from the beginning of the data section.
    pub offset: u64,
    /// How many bytes its data takes.
    pub length: u64,
}

/// What a GGUF file says about itself, without its tensor data.
#[derive(Clone, Debug)]
pub struct Header {
    /// The version of the format, 2 or 3.
    pub version: u32,
    /// What every tensor's offset is a multiple of.
    pub alignment: u64,
    /// Where the data section begins, in bytes from the beginning of the file.
    pub data_start: u64,
    /// The metadata in the order of the file.
    pub metadata: Metadata,
    /// The tensor table in the order of the file.
    pub tensors: Vec<Entry>,
}

/// Metadata values by their keys, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    entries: Vec<(String, Value)>,
    keys: HashMap<String, usize>,
}

impl Metadata {
    /// The value of this key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key).map(|at| &self.entries[*at].1)
    }

    /// All of it in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Adds a value; tells whether its key is new.
    pub fn insert(&mut self, key: String, value: Value) -> bool {
        if self.keys.contains_key(&key) {
            return false;
        }
        self.keys.insert(key.clone(), self.entries.len());
        self.entries.push((key, value));
        true
    }
}

impl Header {
    /// Reads the header at the beginning of an open file of `file_size` bytes.
    pub fn read(file: &mut dyn Readable, file_size: u64) -> Result<Header, GgufError> {
        let result = Header::read_until(file, file_size.min(LONGEST_HEADER));
        match result {
            Err(GgufError::Truncated { .. }) if file_size > LONGEST_HEADER => Err(GgufError::HeaderTooLong),
            result => result,
        }
    }

    fn read_until(file: &mut dyn Readable, end: u64) -> Result<Header, GgufError> {
        let mut reader = Reader::new(file, end)?;
        let (version, tensor_count, entry_count) = read_preamble(&mut reader)?;
        let metadata = read_metadata(&mut reader, entry_count)?;
        let alignment = read_alignment(&metadata)?;
        let tensors = read_tensors(&mut reader, tensor_count)?;
        // Both are far below what would overflow.
        let data_start = reader.position().next_multiple_of(alignment);
        Ok(Header { version, alignment, data_start, metadata, tensors })
    }
}

fn read_preamble(reader: &mut Reader) -> Result<(u32, u64, u64), GgufError> {
    let magic = reader.beginning(4)?;
    if magic != b"GGUF" {
        return Err(GgufError::NotGguf { found: magic });
    }
    let version = reader.u32(Part::Preamble)?;
    if !(2..=3).contains(&version) {
        // A version whose low half is empty is a small number written the other way round.
        return Err(match version {
            swapped if swapped & 0xffff == 0 && swapped != 0 => GgufError::BigEndian,
            version => GgufError::UnsupportedVersion { version },
        });
    }
    let tensor_count = reader.u64(Part::Preamble)?;
    let entry_count = reader.u64(Part::Preamble)?;
    Ok((version, tensor_count, entry_count))
}

fn read_metadata(reader: &mut Reader, count: u64) -> Result<Metadata, GgufError> {
    reader.expect_entries(count, SMALLEST_ENTRY, Part::Entry { at: 0, count })?;
    if count > MOST_ENTRIES {
        return Err(GgufError::TooMany { what: "metadata entries", count, most: MOST_ENTRIES });
    }
    let mut metadata = Metadata::default();
    for at in 0..count {
        let part = Part::Entry { at, count };
        let key = reader.string(part)?;
        let value = metadata::read_value(reader, &key, part)?;
        if metadata.get(&key).is_some() {
            return Err(GgufError::DuplicateKey { key });
        }
        metadata.insert(key, value);
    }
    Ok(metadata)
}

fn read_alignment(metadata: &Metadata) -> Result<u64, GgufError> {
    let Some(value) = metadata.get("general.alignment") else { return Ok(DEFAULT_ALIGNMENT) };
    match value.unsigned() {
        Some(alignment) if alignment.is_power_of_two() && alignment <= u64::from(u32::MAX) => Ok(alignment),
        Some(alignment) => Err(GgufError::BadAlignment { found: alignment.to_string() }),
        None => Err(GgufError::BadAlignment { found: format!("a value of type {}", value.value_type().name()) }),
    }
}

fn read_tensors(reader: &mut Reader, count: u64) -> Result<Vec<Entry>, GgufError> {
    reader.expect_entries(count, SMALLEST_TENSOR, Part::Tensor { at: 0, count })?;
    if count > MOST_TENSORS {
        return Err(GgufError::TooMany { what: "tensors", count, most: MOST_TENSORS });
    }
    (0..count).map(|at| read_tensor(reader, Part::Tensor { at, count })).collect()
}

fn read_tensor(reader: &mut Reader, part: Part) -> Result<Entry, GgufError> {
    let name = reader.string(part)?;
    let rank = reader.u32(part)?;
    if rank > MAX_RANK {
        return Err(GgufError::BadRank { name, rank });
    }
    let mut sizes = Vec::with_capacity(rank as usize);
    for _ in 0..rank {
        sizes.push(reader.u64(part)?);
    }
    let id = reader.u32(part)?;
    let offset = reader.u64(part)?;
    let Some(ggml_type) = GgmlType::from_id(id) else { return Err(GgufError::UnknownType { name, id }) };
    match data_length(&sizes, ggml_type) {
        Some(length) => Ok(Entry { name, sizes, ggml_type, offset, length }),
        None => Err(match sizes.first() {
            Some(fastest) if fastest % ggml_type.block_elements() != 0 => {
                GgufError::BrokenRow { name, ggml_type, size: *fastest }
            }
            _ => GgufError::TooLarge { name, sizes },
        }),
    }
}

/// How many bytes a tensor takes. `None` when a row is no whole number of
/// blocks, or when the elements or bytes are more than can be counted.
fn data_length(sizes: &[u64], ggml_type: GgmlType) -> Option<u64> {
    let row = sizes.first().copied().unwrap_or(1);
    if row % ggml_type.block_elements() != 0 {
        return None;
    }
    // Sizes beside a 0 are multiplied too: the shape must be countable without it.
    let count = sizes.iter().try_fold(1u64, |product, size| product.checked_mul((*size).max(1)))?;
    let length = (count / ggml_type.block_elements()).checked_mul(ggml_type.block_bytes())?;
    isize::try_from(count).ok()?;
    isize::try_from(length).ok()?;
    Some(if sizes.contains(&0) { 0 } else { length })
}
