//! The index of a model's weights: names, shapes, element types and places of
//! all tensors, and the metadata, read from the headers alone. A model is one
//! file or several beside each other, GGUF or safetensors; who uses the index
//! need not know which.

mod architecture;
mod config;
mod error;
mod fault;
mod groups;
mod indexes;
mod kind;
mod look_up;
mod memory;
mod names;
mod open;
mod parts;
#[cfg(test)]
mod tests;
mod verify;

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

pub use error::IndexError;
pub use fault::Fault;
pub use groups::{Group, groups};
pub use indexes::Indexes;
pub use kind::Kind;
pub use look_up::{Found, look_up, near_keys};
pub use memory::Memory;
pub use names::NameTree;
pub use open::{open, survey};
pub use verify::{Check, Verdict, verify};

use crate::gguf::{GgmlType, Metadata, Value};
use crate::safetensors::Dtype;

/// What a model's weights say about themselves, without their data.
#[derive(Clone, Debug)]
pub struct Index {
    /// How the files are laid out.
    pub format: Format,
    /// The files, in their order. The first one's metadata is the model's.
    pub parts: Vec<Part>,
    /// The metadata; that of safetensors files is texts about them, and what a
    /// `config.json` beside them says.
    pub metadata: Metadata,
    /// What is wrong with where tensors lie. An index with faults is good for
    /// telling them, and for nothing else.
    pub faults: Vec<Fault>,
    tensors: Vec<TensorInfo>,
    names: HashMap<String, usize>,
    tree: NameTree,
}

/// How weight files are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GGUF.
    Gguf {
        /// The version of the format, 2 or 3.
        version: u32,
        /// What the place of every tensor is a multiple of, in bytes.
        alignment: u64,
    },
    /// Safetensors.
    Safetensors,
}

/// One file of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub path: PathBuf,
    /// How many bytes it has.
    pub size: u64,
    /// Where tensor data begins, in bytes from the beginning of the file.
    pub data_start: u64,
}

/// One tensor of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name, such as `blk.0.attn_q.weight`.
    pub name: String,
    /// Its sizes, outermost first: a weight from `in` to `out` features has
    /// shape `[out, in]`, in every format.
    pub shape: Vec<usize>,
    /// How its elements are stored.
    pub storage: Storage,
    /// Which file holds it, counted from 0.
    pub part: usize,
    /// Where its data begins, in bytes from the beginning of that file.
    pub offset: u64,
    /// How many bytes its data takes.
    pub length: u64,
}

impl TensorInfo {
    /// The number of its elements.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// The bytes of its file that hold its data.
    pub fn bytes(&self) -> Range<u64> {
        self.offset..self.offset.saturating_add(self.length)
    }

    /// Its sizes as GGUF files list them (`ne`): the fastest first.
    pub fn ne(&self) -> Vec<usize> {
        self.shape.iter().rev().copied().collect()
    }
}

/// How the elements of a tensor are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Storage {
    /// In a type of GGUF files.
    Ggml(GgmlType),
    /// In a type of safetensors files.
    Safetensors(Dtype),
}

impl Storage {
    /// Its usual name, such as `Q4_0` or `BF16`.
    pub fn name(self) -> &'static str {
        match self {
            Storage::Ggml(ggml_type) => ggml_type.name(),
            Storage::Safetensors(dtype) => dtype.name(),
        }
    }

    /// The type of a GGUF file.
    pub fn ggml(self) -> Option<GgmlType> {
        match self {
            Storage::Ggml(ggml_type) => Some(ggml_type),
            Storage::Safetensors(_) => None,
        }
    }
}

impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Index {
    /// The tensors in the order of the files.
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
        self.metadata.iter()
    }

    /// The metadata value of this key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.metadata.get(key)
    }

    /// How many elements all tensors have together.
    pub fn parameters(&self) -> u64 {
        self.tensors.iter().fold(0, |sum, tensor| sum.saturating_add(tensor.count() as u64))
    }

    /// How many bytes the data of all tensors takes.
    pub fn data_bytes(&self) -> u64 {
        self.tensors.iter().fold(0, |sum, tensor| sum.saturating_add(tensor.length))
    }

    /// How many bytes all files have.
    pub fn file_bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.size).sum()
    }
}
