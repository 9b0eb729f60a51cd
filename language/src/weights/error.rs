//! Why there is no index of a model.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::fault::Fault;
use super::kind::Kind;
use crate::gguf::GgufError;
use crate::safetensors::SafetensorsError;

/// Why there is no index of a model. The message says it in one line, for behind
/// the path that was asked for; where another file is at fault it names that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexError {
    /// The file cannot be read.
    Unreadable {
        /// The kind of the system's error.
        kind: io::ErrorKind,
        /// What the system says.
        reason: String,
    },
    /// It is a file of another kind.
    WrongKind(Kind),
    /// It is no usable GGUF file.
    Gguf(GgufError),
    /// It is no usable safetensors file.
    Safetensors(SafetensorsError),
    /// A tensor does not lie where it can.
    Fault(Fault),
    /// The file is one of several and has not the name that leads to the others.
    UnnamedPart {
        /// Its number, from 1.
        number: u64,
        /// How many there are.
        count: u64,
    },
    /// A file of the model is missing.
    MissingPart {
        /// Which.
        path: PathBuf,
        /// Its number, from 1.
        number: u64,
        /// How many there are.
        count: u64,
    },
    /// A file of the model is not usable.
    BrokenPart {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<IndexError>,
    },
    /// A file that should be one of the model's says that it is another one.
    ForeignPart {
        /// Which.
        path: PathBuf,
        /// What it says of itself, and what it should say.
        reason: String,
    },
}

impl IndexError {
    pub(super) fn io(error: &io::Error) -> IndexError {
        IndexError::Unreadable { kind: error.kind(), reason: error.to_string() }
    }

    /// What the reader can do about it, if that is plain.
    pub fn help(&self) -> Option<String> {
        match self {
            IndexError::Unreadable { kind: io::ErrorKind::NotFound, .. } => {
                Some("check the path; `~` and variables are expanded by the shell".to_owned())
            }
            IndexError::WrongKind(kind) => Some(kind.help().to_owned()),
            IndexError::Gguf(GgufError::Truncated { .. })
            | IndexError::Safetensors(SafetensorsError::Truncated { .. }) => {
                Some("the download may be incomplete: compare the size of the file with that at its source".to_owned())
            }
            IndexError::Gguf(GgufError::BigEndian) => Some("get the little-endian file of the same model".to_owned()),
            IndexError::Fault(fault) => fault.help().map(str::to_owned),
            IndexError::UnnamedPart { count, .. } => {
                Some(format!("name the files NAME-00001-of-{count:05}.gguf and so on, as their source does"))
            }
            IndexError::MissingPart { path, count, .. } => {
                let name = path.file_name().unwrap_or_default().display();
                Some(format!("put `{name}` beside the other files of the model: there are {count} in all"))
            }
            IndexError::BrokenPart { error, .. } => error.help(),
            _ => None,
        }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            IndexError::Unreadable { reason, .. } => f.write_str(reason),
            IndexError::WrongKind(kind) => write!(f, "not a weight file: {kind}"),
            IndexError::Gguf(error) => write!(f, "{error}"),
            IndexError::Safetensors(error) => write!(f, "{error}"),
            IndexError::Fault(fault) => write!(f, "{fault}"),
            IndexError::UnnamedPart { number, count } => {
                write!(f, "it is file {number} of {count}, but its name does not say how the others are called")
            }
            IndexError::MissingPart { path, number, count } => {
                write!(f, "file {number} of {count} is missing: `{}`", path.display())
            }
            IndexError::BrokenPart { path, error } => write!(f, "its file `{}` is not usable: {error}", path.display()),
            IndexError::ForeignPart { path, reason } => {
                write!(f, "`{}` does not belong to it: {reason}", path.display())
            }
        }
    }
}

impl std::error::Error for IndexError {}
