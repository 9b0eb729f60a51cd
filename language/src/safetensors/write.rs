//! Drafts of safetensors files, for tests that need shapes and not weights.

use std::io::{self, Write};
use std::path::Path;

use super::Dtype;

/// A file that is being drafted; its tensors lie one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    entries: Vec<String>,
    data_length: u64,
}

impl Draft {
    /// With a text about the file.
    pub fn about(mut self, key: &str, text: &str) -> Draft {
        self.entries.push(format!("\"__metadata__\":{{{key:?}:{text:?}}}"));
        self
    }

    /// With this tensor behind the others.
    pub fn tensor(mut self, name: &str, dtype: Dtype, shape: &[u64]) -> Draft {
        let start = self.data_length;
        let end = start + shape.iter().product::<u64>() * dtype.bits() / 8;
        self.data_length = end;
        self.entry(name, dtype.name(), shape, start, end)
    }

    /// With a tensor that says this of itself, right or wrong.
    pub fn entry(mut self, name: &str, dtype: &str, shape: &[u64], start: u64, end: u64) -> Draft {
        let said = format!("{name:?}:{{\"dtype\":{dtype:?},\"shape\":{shape:?},\"data_offsets\":[{start},{end}]}}");
        self.entries.push(said);
        self
    }

    /// The bytes of the header, its length in front.
    pub fn header(&self) -> Vec<u8> {
        let json = format!("{{{}}}", self.entries.join(","));
        [&(json.len() as u64).to_le_bytes(), json.as_bytes()].concat()
    }

    /// How many bytes the whole file has.
    pub fn file_size(&self) -> u64 {
        self.header().len() as u64 + self.data_length
    }

    /// Writes the file; its data is a hole.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let mut file = std::fs::File::create(path)?;
        file.write_all(&self.header())?;
        file.set_len(self.file_size())
    }
}
