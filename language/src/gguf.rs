//! The index of a GGUF weight file: its metadata and the table of its tensors,
//! read from the header alone.
//!
//! The layout is that of the public specification,
//! <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>, versions 2 and 3,
//! little-endian. Nothing in the file is trusted: every count and length is
//! checked against the bytes that are really there before memory is taken, and
//! no tensor data is ever touched. Who maps the file passes its bytes; a prefix
//! that holds the header is enough.

mod error;
mod ggml_type;
mod indexes;
mod look_up;
mod metadata;
mod names;
mod reader;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::HashMap;
use std::ops::Range;

pub use error::{GgufError, Part};
pub use ggml_type::GgmlType;
pub use indexes::{IndexError, Indexes};
pub use look_up::{Found, look_up, near_keys};
pub use metadata::{Array, Value, ValueType};
pub use names::NameTree;
use reader::Reader;

/// Where tensor data begins a multiple of, unless `general.alignment` says otherwise.
pub const DEFAULT_ALIGNMENT: u64 = 32;

/// The most axes that a tensor of a GGUF file may have.
pub const MAX_RANK: u32 = 4;

/// The fewest bytes that one metadata entry takes: an empty key, a type, one byte.
const SMALLEST_ENTRY: u64 = 8 + 4 + 1;

/// The fewest bytes that one tensor entry takes: an empty name, a rank of 0, a
/// type, an offset.
const SMALLEST_TENSOR: u64 = 8 + 4 + 4 + 8;

/// One tensor of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name, such as `blk.0.attn_q.weight`.
    pub name: String,
    /// Its sizes, outermost first: the file's list reversed, so that a weight
    /// from `in` to `out` features has shape `[out, in]`.
    pub shape: Vec<usize>,
    /// How its elements are stored.
    pub ggml_type: GgmlType,
    /// Where its data begins, in bytes from the beginning of the file.
    pub offset: u64,
    /// How many bytes its data takes.
    pub length: u64,
}

impl TensorInfo {
    /// The number of its elements.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The bytes of the file that hold its data.
    pub fn bytes(&self) -> Range<u64> {
        self.offset..self.offset + self.length
    }
}

/// What a GGUF file says about itself, without its tensor data.
#[derive(Clone, Debug)]
pub struct Index {
    /// The version of the format, 2 or 3.
    pub version: u32,
    /// What every tensor's offset is a multiple of.
    pub alignment: u64,
    /// Where the data section begins, in bytes from the beginning of the file.
    pub data_start: u64,
    metadata: Vec<(String, Value)>,
    keys: HashMap<String, usize>,
    tensors: Vec<TensorInfo>,
    names: HashMap<String, usize>,
    tree: NameTree,
}

impl Index {
    /// Reads the header at the beginning of `bytes`, of a file of `file_size`
    /// bytes in all.
    pub fn read(bytes: &[u8], file_size: u64) -> Result<Index, GgufError> {
        let mut reader = Reader::new(bytes);
        let (version, tensor_count, entry_count) = read_preamble(&mut reader)?;
        let (metadata, keys) = read_metadata(&mut reader, entry_count)?;
        let alignment = read_alignment(&metadata, &keys)?;
        let mut tensors = read_tensors(&mut reader, tensor_count)?;
        let data_start = reader
            .position()
            .checked_next_multiple_of(alignment)
            .ok_or(GgufError::BadAlignment { found: alignment.to_string() })?;
        place_tensors(&mut tensors, data_start, alignment, file_size)?;
        let mut names = HashMap::with_capacity(tensors.len());
        for (at, tensor) in tensors.iter().enumerate() {
            if names.insert(tensor.name.clone(), at).is_some() {
                return Err(GgufError::DuplicateTensor { name: tensor.name.clone() });
            }
        }
        let tree = NameTree::of(tensors.iter().map(|tensor| tensor.name.as_str()));
        Ok(Index { version, alignment, data_start, metadata, keys, tensors, names, tree })
    }

    /// The tensors in the order of the file.
    pub fn tensors(&self) -> &[TensorInfo] {
        &self.tensors
    }

    /// The tensor of this name.
    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        self.names.get(name).map(|at| &self.tensors[*at])
    }

    /// The tensor that a script means by this name: the one of this name, or the
    /// one that a tied output matrix shares.
    pub fn find(&self, name: &str) -> Option<&TensorInfo> {
        self.tensor(name).or_else(|| self.tensor(&names::tied(name)?))
    }

    /// The tree of names that scripts walk.
    pub fn tree(&self) -> &NameTree {
        &self.tree
    }

    /// The metadata in the order of the file.
    pub fn metadata(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.metadata.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The metadata value of this key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key).map(|at| &self.metadata[*at].1)
    }

    /// The kind of model, such as `llama`: `general.architecture`.
    pub fn architecture(&self) -> Option<&str> {
        self.get("general.architecture")?.text()
    }

    /// The value of `ARCHITECTURE.suffix`, such as `llama.block_count`.
    pub fn of_architecture(&self, suffix: &str) -> Option<&Value> {
        self.get(&format!("{}.{suffix}", self.architecture()?))
    }

    /// The number of layers: `ARCHITECTURE.block_count`.
    pub fn block_count(&self) -> Option<u64> {
        self.of_architecture("block_count")?.unsigned()
    }

    /// The longest context the model was trained for, in tokens.
    pub fn context_length(&self) -> Option<u64> {
        self.of_architecture("context_length")?.unsigned()
    }

    /// The size of the residual stream.
    pub fn embedding_length(&self) -> Option<u64> {
        self.of_architecture("embedding_length")?.unsigned()
    }

    /// The inner size of the feed-forward network.
    pub fn feed_forward_length(&self) -> Option<u64> {
        self.of_architecture("feed_forward_length")?.unsigned()
    }

    /// The number of query heads.
    pub fn head_count(&self) -> Option<u64> {
        self.of_architecture("attention.head_count")?.unsigned()
    }

    /// The number of key and value heads; as many as query heads when absent.
    pub fn head_count_kv(&self) -> Option<u64> {
        match self.of_architecture("attention.head_count_kv") {
            Some(value) => value.unsigned(),
            None => self.head_count(),
        }
    }

    /// The ε of the model's `rms_norm`.
    pub fn rms_epsilon(&self) -> Option<f64> {
        self.of_architecture("attention.layer_norm_rms_epsilon")?.number()
    }

    /// How many elements of each head rotate; the size of a head when absent.
    pub fn rope_dimensions(&self) -> Option<u64> {
        match self.of_architecture("rope.dimension_count") {
            Some(value) => value.unsigned(),
            None => self.embedding_length()?.checked_div(self.head_count()?),
        }
    }

    /// The base of the rotary frequencies; 10000 when absent.
    pub fn rope_base(&self) -> f64 {
        self.of_architecture("rope.freq_base").and_then(Value::number).unwrap_or(10_000.0)
    }
}

fn read_preamble(reader: &mut Reader) -> Result<(u32, u64, u64), GgufError> {
    let magic = match reader.take(4, Part::Preamble) {
        Ok(magic) => magic,
        Err(_) => return Err(GgufError::NotGguf { found: reader.rest().to_vec() }),
    };
    if magic != b"GGUF" {
        return Err(GgufError::NotGguf { found: magic.to_vec() });
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

type Metadata = (Vec<(String, Value)>, HashMap<String, usize>);

fn read_metadata(reader: &mut Reader, count: u64) -> Result<Metadata, GgufError> {
    reader.expect_entries(count, SMALLEST_ENTRY, Part::Entry { at: 0, count })?;
    let mut metadata = Vec::new();
    let mut keys = HashMap::new();
    for at in 0..count {
        let part = Part::Entry { at, count };
        let key = reader.string(part)?.to_owned();
        let value = metadata::read_value(reader, &key, part)?;
        if keys.insert(key.clone(), metadata.len()).is_some() {
            return Err(GgufError::DuplicateKey { key });
        }
        metadata.push((key, value));
    }
    Ok((metadata, keys))
}

fn read_alignment(metadata: &[(String, Value)], keys: &HashMap<String, usize>) -> Result<u64, GgufError> {
    let Some(at) = keys.get("general.alignment") else { return Ok(DEFAULT_ALIGNMENT) };
    let value = &metadata[*at].1;
    match value.unsigned() {
        Some(alignment) if alignment.is_power_of_two() && alignment <= u64::from(u32::MAX) => Ok(alignment),
        Some(alignment) => Err(GgufError::BadAlignment { found: alignment.to_string() }),
        None => Err(GgufError::BadAlignment { found: format!("a value of type {}", value.value_type().name()) }),
    }
}

/// The tensor table, with offsets still counted from the data section.
fn read_tensors(reader: &mut Reader, count: u64) -> Result<Vec<TensorInfo>, GgufError> {
    reader.expect_entries(count, SMALLEST_TENSOR, Part::Tensor { at: 0, count })?;
    let mut tensors = Vec::new();
    for at in 0..count {
        tensors.push(read_tensor(reader, Part::Tensor { at, count })?);
    }
    Ok(tensors)
}

fn read_tensor(reader: &mut Reader, part: Part) -> Result<TensorInfo, GgufError> {
    let name = reader.string(part)?.to_owned();
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
    let ggml_type = match GgmlType::from_id(id) {
        Some(ggml_type) => ggml_type,
        None => return Err(GgufError::UnknownType { name, id }),
    };
    let Some(length) = data_length(&sizes, ggml_type) else {
        return Err(match sizes.first() {
            Some(fastest) if fastest % ggml_type.block_elements() != 0 => {
                GgufError::BrokenRow { name, ggml_type, size: *fastest }
            }
            _ => GgufError::TooLarge { name, sizes },
        });
    };
    let mut shape = Vec::with_capacity(sizes.len());
    for size in sizes.iter().rev() {
        match usize::try_from(*size) {
            Ok(size) => shape.push(size),
            Err(_) => return Err(GgufError::TooLarge { name, sizes }),
        }
    }
    Ok(TensorInfo { name, shape, ggml_type, offset, length })
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

/// Turns offsets into positions in the file and checks that the data is there.
fn place_tensors(tensors: &mut [TensorInfo], data_start: u64, alignment: u64, file_size: u64) -> Result<(), GgufError> {
    for tensor in tensors {
        if tensor.offset % alignment != 0 {
            return Err(GgufError::Misaligned { name: tensor.name.clone(), offset: tensor.offset, alignment });
        }
        let start = data_start.checked_add(tensor.offset);
        match start.and_then(|start| start.checked_add(tensor.length)) {
            Some(end) if end <= file_size => tensor.offset += data_start,
            end => return Err(GgufError::DataBeyondEnd { name: tensor.name.clone(), end, file_size }),
        }
    }
    Ok(())
}
