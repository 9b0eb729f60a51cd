//! Why a file is not a usable GGUF file.

use std::fmt;

use super::ggml_type::GgmlType;
use super::{LONGEST_HEADER, MAX_RANK, metadata};

/// The part of the header that was being read; counted from 0 here, from 1 in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Magic, version and the two counts.
    Preamble,
    /// One metadata entry.
    Entry {
        /// Its number.
        at: u64,
        /// How many there are said to be.
        count: u64,
    },
    /// One entry of the tensor table.
    Tensor {
        /// Its number.
        at: u64,
        /// How many there are said to be.
        count: u64,
    },
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Part::Preamble => f.write_str("its first 24 bytes"),
            Part::Entry { at, count } => write!(f, "the metadata: entry {} of {count}", at + 1),
            Part::Tensor { at, count } => write!(f, "the tensor table: tensor {} of {count}", at + 1),
        }
    }
}

/// Why a file is not a usable GGUF file. The message says it in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GgufError {
    /// The system does not let it be read.
    Unreadable {
        /// What the system says.
        reason: String,
    },
    /// The magic is missing.
    NotGguf {
        /// What stands in its place, at most four bytes.
        found: Vec<u8>,
    },
    /// The numbers are stored most significant byte first.
    BigEndian,
    /// A version of the format that cannot be read.
    UnsupportedVersion {
        /// The version.
        version: u32,
    },
    /// The bytes end before what they announce.
    Truncated {
        /// What was being read.
        part: Part,
        /// How many more bytes it takes, at least.
        needed: u64,
        /// How many there are.
        left: u64,
    },
    /// The header is longer than any that is read.
    HeaderTooLong,
    /// A count that no model has.
    TooMany {
        /// What is counted.
        what: &'static str,
        /// How many there are said to be.
        count: u64,
        /// How many are read.
        most: u64,
    },
    /// A key or name is not text.
    NotUtf8 {
        /// What was being read.
        part: Part,
        /// The text with its faults replaced.
        found: String,
    },
    /// A metadata value of no known type.
    UnknownValueType {
        /// Its key.
        key: String,
        /// The number of the type.
        id: u32,
    },
    /// A truth value that is neither 0 nor 1.
    BadBool {
        /// Its key.
        key: String,
        /// The byte.
        found: u8,
    },
    /// Arrays inside of arrays, deeper than any writer nests them.
    NestedTooDeep {
        /// Its key.
        key: String,
    },
    /// Two metadata entries share a key.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// `general.alignment` is no usable alignment.
    BadAlignment {
        /// What it is.
        found: String,
    },
    /// A tensor has too many axes.
    BadRank {
        /// Its name.
        name: String,
        /// How many axes.
        rank: u32,
    },
    /// A tensor is stored in no known type.
    UnknownType {
        /// Its name.
        name: String,
        /// The number of the type.
        id: u32,
    },
    /// The rows of a tensor are no whole number of blocks.
    BrokenRow {
        /// Its name.
        name: String,
        /// Its type.
        ggml_type: GgmlType,
        /// The size of a row.
        size: u64,
    },
    /// A tensor has more elements than can be counted.
    TooLarge {
        /// Its name.
        name: String,
        /// Its sizes as the file lists them, fastest first.
        sizes: Vec<u64>,
    },
}

impl fmt::Display for GgufError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            GgufError::Unreadable { reason } => f.write_str(reason),
            GgufError::NotGguf { found } if found.is_empty() => f.write_str("not a GGUF file: it is empty"),
            GgufError::NotGguf { found } => {
                write!(f, "not a GGUF file: it begins with `{}` instead of `GGUF`", found.escape_ascii())
            }
            GgufError::BigEndian => f.write_str("the file is big-endian; only little-endian GGUF files are supported"),
            GgufError::UnsupportedVersion { version } => {
                write!(f, "GGUF version {version} is not supported (2 and 3 are)")
            }
            GgufError::Truncated { part, needed: u64::MAX, left } => {
                write!(f, "the file ends inside {part} announces more than can be counted, {left} bytes are left")
            }
            GgufError::Truncated { part, needed, left } => {
                write!(f, "the file ends inside {part} takes at least {needed} more bytes, {left} are left")
            }
            GgufError::HeaderTooLong => {
                write!(f, "its header is longer than {} MiB, which none is", LONGEST_HEADER >> 20)
            }
            GgufError::TooMany { what, count, most } => {
                write!(f, "it announces {count} {what}, at most {most} are read")
            }
            GgufError::NotUtf8 { part, found } => {
                write!(f, "a name in {part} is not UTF-8: `{}`", metadata::shorten(found))
            }
            GgufError::UnknownValueType { key, id } => {
                write!(f, "metadata `{key}` has the unknown value type {id}")
            }
            GgufError::BadBool { key, found } => {
                write!(f, "metadata `{key}` is a truth value: expected 0 or 1, found {found}")
            }
            GgufError::NestedTooDeep { key } => write!(f, "metadata `{key}` nests arrays too deeply"),
            GgufError::DuplicateKey { key } => write!(f, "metadata `{key}` occurs twice"),
            GgufError::BadAlignment { found } => {
                write!(f, "`general.alignment` must be a power of two, found {found}")
            }
            GgufError::BadRank { name, rank } => {
                write!(f, "tensor `{name}` has {rank} axes, at most {MAX_RANK} are allowed")
            }
            GgufError::UnknownType { name, id } => match GgmlType::removed(*id) {
                Some(removed) => write!(f, "tensor `{name}` has the type {removed}, which the format no longer has"),
                None => write!(f, "tensor `{name}` has the unknown type {id}"),
            },
            GgufError::BrokenRow { name, ggml_type, size } => {
                let block = ggml_type.block_elements();
                write!(f, "tensor `{name}` has rows of {size} elements, {ggml_type} needs a multiple of {block}")
            }
            GgufError::TooLarge { name, sizes } => {
                write!(f, "tensor `{name}` of sizes {sizes:?} has more elements than can be counted")
            }
        }
    }
}

impl std::error::Error for GgufError {}
