//! Why a file is not a usable safetensors file.

use std::fmt;

use super::LONGEST_HEADER;

/// Why a file is not a usable safetensors file. The message says it in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SafetensorsError {
    /// The system does not let it be read.
    Unreadable {
        /// What the system says.
        reason: String,
    },
    /// The bytes end before the header does.
    Truncated {
        /// How many more bytes it takes.
        needed: u64,
        /// How many there are.
        left: u64,
    },
    /// The header is longer than any that is read.
    TooLong {
        /// How long it says it is.
        length: u64,
    },
    /// The header does not begin as JSON.
    NoObject,
    /// The header is not the JSON that it should be.
    Json {
        /// What is wrong with it, and where.
        reason: String,
    },
    /// A tensor has no known type.
    UnknownType {
        /// Its name.
        name: String,
        /// The type.
        dtype: String,
    },
    /// A tensor has more elements than can be counted.
    TooLarge {
        /// Its name.
        name: String,
        /// Its sizes.
        shape: Vec<u64>,
    },
    /// A tensor has not the bytes that its shape needs.
    WrongLength {
        /// Its name.
        name: String,
        /// How many it needs.
        needed: u64,
        /// Where they are said to begin.
        start: u64,
        /// Where they are said to end.
        end: u64,
    },
}

impl SafetensorsError {
    pub(super) fn unreadable(error: std::io::Error) -> SafetensorsError {
        SafetensorsError::Unreadable { reason: error.to_string() }
    }

    pub(super) fn json(error: serde_json::Error) -> SafetensorsError {
        SafetensorsError::Json { reason: error.to_string() }
    }
}

impl fmt::Display for SafetensorsError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            SafetensorsError::Unreadable { reason } => f.write_str(reason),
            SafetensorsError::Truncated { needed, left } => {
                write!(f, "the file ends inside its header, which takes {needed} more bytes, {left} are left")
            }
            SafetensorsError::TooLong { length } => {
                write!(f, "its header is said to have {length} bytes, at most {LONGEST_HEADER} are read")
            }
            SafetensorsError::NoObject => f.write_str("its header is not a JSON object"),
            SafetensorsError::Json { reason } => write!(f, "its header is no table of tensors: {reason}"),
            SafetensorsError::UnknownType { name, dtype } => {
                write!(f, "tensor `{name}` has the unknown type `{}`", dtype.escape_debug())
            }
            SafetensorsError::TooLarge { name, shape } => {
                write!(f, "tensor `{name}` of shape {shape:?} has more elements than can be counted")
            }
            SafetensorsError::WrongLength { name, needed, start, end } => {
                write!(f, "tensor `{name}` needs {needed} bytes, but is said to lie in bytes {start} to {end}")
            }
        }
    }
}

impl std::error::Error for SafetensorsError {}
