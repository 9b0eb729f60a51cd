//! The header of a safetensors file, and the map of a model that is divided
//! among several.
//!
//! The layout is that of <https://github.com/huggingface/safetensors>: eight bytes
//! that say how long the header is, the header as JSON, the data. Nothing in
//! the file is trusted, and the data is never touched. A header says shapes and
//! element types only; what the model is stands in other files.

mod dtype;
mod error;
mod map;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;
use std::ops::Range;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

pub use dtype::Dtype;
pub use error::SafetensorsError;
pub use map::ShardMap;
pub use write::Draft;

use crate::files::{Readable, Shortfall, Window};

/// The longest header that is read, in bytes; the reference reads none that is longer.
pub const LONGEST_HEADER: u64 = 100_000_000;

/// The most tensors of one file that are believed.
const MOST_TENSORS: usize = 1 << 18;

/// The key of what is no tensor: texts about the file.
const ABOUT: &str = "__metadata__";

/// One tensor of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, such as `model.layers.0.self_attn.q_proj.weight`.
    pub name: String,
    /// Its sizes, outermost first.
    pub shape: Vec<u64>,
    /// The type of its elements.
    pub dtype: Dtype,
    /// Where its bytes are, counted from the beginning of the data.
    pub bytes: Range<u64>,
}

/// What a safetensors file says about itself.
#[derive(Clone, Debug)]
pub struct Header {
    /// Where the data begins, in bytes from the beginning of the file.
    pub data_start: u64,
    /// Texts about the file.
    pub about: Vec<(String, String)>,
    /// The tensors in the order of the data.
    pub tensors: Vec<Entry>,
}

impl Header {
    /// Reads the header at the beginning of an open file of `file_size` bytes.
    pub fn read(file: &mut dyn Readable, file_size: u64) -> Result<Header, SafetensorsError> {
        let mut window = Window::new(file, file_size).map_err(SafetensorsError::unreadable)?;
        let length = window.u64().map_err(told)?;
        if length > LONGEST_HEADER {
            return Err(SafetensorsError::TooLong { length });
        }
        let json = window.take(length).map_err(told)?;
        if json.first() != Some(&b'{') {
            return Err(SafetensorsError::NoObject);
        }
        let raw: RawHeader = serde_json::from_slice(json).map_err(SafetensorsError::json)?;
        let mut tensors = raw.tensors.into_iter().map(checked).collect::<Result<Vec<_>, _>>()?;
        tensors.sort_by_key(|tensor| (tensor.bytes.start, tensor.bytes.end));
        Ok(Header { data_start: window.position(), about: raw.about, tensors })
    }
}

/// Whether a file that begins with these bytes may be one: a plausible length
/// and the beginning of an object.
pub fn begins_like_one(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map(|length| u64::from_le_bytes(*length));
    length.is_some_and(|length| (2..=LONGEST_HEADER).contains(&length)) && bytes.get(8) == Some(&b'{')
}

fn told(shortfall: Shortfall) -> SafetensorsError {
    match shortfall {
        Shortfall::Io(error) => SafetensorsError::unreadable(error),
        Shortfall::Ends { needed, left } => SafetensorsError::Truncated { needed, left },
    }
}

/// A tensor whose bytes are as many as its shape needs.
fn checked((name, raw): (String, RawEntry)) -> Result<Entry, SafetensorsError> {
    let Some(dtype) = Dtype::of_name(&raw.dtype) else {
        return Err(SafetensorsError::UnknownType { name, dtype: raw.dtype });
    };
    let [start, end] = raw.data_offsets;
    // Sizes beside a 0 are multiplied too: the shape must be countable without it.
    let count = raw.shape.iter().try_fold(1u64, |count, size| count.checked_mul((*size).max(1)));
    let bits = count.and_then(|count| count.checked_mul(dtype.bits())).filter(|bits| isize::try_from(*bits).is_ok());
    let Some(bits) = bits else { return Err(SafetensorsError::TooLarge { name, shape: raw.shape }) };
    let needed = if raw.shape.contains(&0) { 0 } else { bits.div_ceil(8) };
    match end.checked_sub(start) {
        Some(length) if length == needed && bits % 8 == 0 => {
            Ok(Entry { name, shape: raw.shape, dtype, bytes: start..end })
        }
        _ => Err(SafetensorsError::WrongLength { name, needed, start, end }),
    }
}

#[derive(Deserialize)]
struct RawEntry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// The object of the header in its order, each key once.
struct RawHeader {
    about: Vec<(String, String)>,
    tensors: Vec<(String, RawEntry)>,
}

impl<'de> Deserialize<'de> for RawHeader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RawHeader, D::Error> {
        deserializer.deserialize_map(HeaderVisitor)
    }
}

struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = RawHeader;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<RawHeader, M::Error> {
        let mut header = RawHeader { about: Vec::new(), tensors: Vec::new() };
        let mut names = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name.clone()) {
                return Err(M::Error::custom(format!("`{name}` occurs twice")));
            }
            let of = |error: M::Error| M::Error::custom(format!("`{name}`: {error}"));
            if name == ABOUT {
                let about: std::collections::BTreeMap<String, String> = map.next_value().map_err(of)?;
                header.about = about.into_iter().collect();
                continue;
            }
            if header.tensors.len() == MOST_TENSORS {
                return Err(M::Error::custom(format!("it has more than {MOST_TENSORS} tensors")));
            }
            let entry = map.next_value().map_err(of)?;
            header.tensors.push((name, entry));
        }
        Ok(header)
    }
}
