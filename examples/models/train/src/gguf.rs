//! Reads and writes GGUF files, version 3.
//!
//! Layout and names follow <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>. Only what
//! this program needs is here: a handful of value types, and files that fit into memory. Every
//! length that is read is checked before anything is done with it.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::quantise::Encoding;

const MAGIC: &[u8; 4] = b"GGUF";
const VERSION: u32 = 3;
pub const ALIGNMENT: usize = 32;

/// A metadata value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    U32(u32),
    U64(u64),
    F32(f32),
    Bool(bool),
    Text(String),
    Integers(Vec<i32>),
    Floats(Vec<f32>),
    Texts(Vec<String>),
}

/// A tensor as its bytes; the shape is row-major, as everywhere in this program.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub name: String,
    pub shape: Vec<usize>,
    pub encoding: Encoding,
    pub bytes: Vec<u8>,
}

impl Stored {
    /// Encodes numbers; the last dimension must be a multiple of the encoding's block.
    pub fn encode(name: &str, shape: &[usize], values: &[f32], encoding: Encoding) -> Self {
        Self { name: name.to_owned(), shape: shape.to_vec(), encoding, bytes: encoding.encode(values) }
    }

    pub fn decode(&self) -> Vec<f32> {
        self.encoding.decode(&self.bytes)
    }
}

/// The contents of a file; metadata keep their order when written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    pub metadata: Vec<(String, Value)>,
    pub tensors: Vec<Stored>,
}

impl File {
    pub fn set(&mut self, key: &str, value: Value) {
        self.metadata.push((key.to_owned(), value));
    }

    pub fn get(&self, key: &str) -> Result<&Value> {
        let found = self.metadata.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value).with_context(|| format!("the file has no metadata `{key}`"))
    }

    /// A count, stored with 32 or 64 bits.
    pub fn count(&self, key: &str) -> Result<usize> {
        match self.get(key)? {
            Value::U32(count) => Ok(*count as usize),
            Value::U64(count) => usize::try_from(*count).with_context(|| format!("`{key}` is too large")),
            other => bail!("`{key}` should be a count, found {other:?}"),
        }
    }

    pub fn float(&self, key: &str) -> Result<f32> {
        match self.get(key)? {
            Value::F32(number) => Ok(*number),
            other => bail!("`{key}` should be a number, found {other:?}"),
        }
    }

    /// Writes a temporary file beside the path and renames it, so that no reader sees half a file.
    pub fn write(&self, path: &Path) -> Result<()> {
        let partial = path.with_extension("partial");
        let mut file = fs::File::create(&partial).with_context(|| format!("cannot write {}", partial.display()))?;
        file.write_all(&self.to_bytes()).with_context(|| format!("cannot write {}", partial.display()))?;
        file.sync_all()?;
        fs::rename(&partial, path).with_context(|| format!("cannot write {}", path.display()))
    }

    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::from_bytes(&bytes).with_context(|| format!("{} is not a GGUF file of this program", path.display()))
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.metadata.len() as u64).to_le_bytes());
        for (key, value) in &self.metadata {
            put_text(&mut out, key);
            put_value(&mut out, value);
        }
        let mut offset = 0;
        for tensor in &self.tensors {
            put_text(&mut out, &tensor.name);
            out.extend((tensor.shape.len() as u32).to_le_bytes());
            for &size in tensor.shape.iter().rev() {
                out.extend((size as u64).to_le_bytes());
            }
            out.extend(tensor.encoding.id().to_le_bytes());
            out.extend((offset as u64).to_le_bytes());
            offset += tensor.bytes.len().next_multiple_of(ALIGNMENT);
        }
        for tensor in &self.tensors {
            out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
            out.extend(&tensor.bytes);
        }
        out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
        out
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader { bytes, at: 0 };
        ensure!(reader.take(4)? == MAGIC, "the first bytes are not `GGUF`");
        let version = reader.u32()?;
        ensure!(version == VERSION, "expected version {VERSION}, found {version}");
        let (tensor_count, metadata_count) = (reader.u64()?, reader.u64()?);
        let mut file = Self::default();
        for _ in 0..metadata_count {
            let key = reader.text()?;
            let value = reader.value().with_context(|| format!("in the metadata `{key}`"))?;
            file.metadata.push((key, value));
        }
        let mut entries = Vec::new();
        for _ in 0..tensor_count {
            entries.push(reader.entry()?);
        }
        let start = reader.at.next_multiple_of(ALIGNMENT);
        for (name, shape, encoding, offset) in entries {
            let place = || -> Option<&[u8]> {
                let length = encoding.bytes(shape.iter().try_fold(1_usize, |all, &size| all.checked_mul(size))?)?;
                let from = start.checked_add(usize::try_from(offset).ok()?)?;
                bytes.get(from..from.checked_add(length)?)
            };
            let data = place().with_context(|| format!("the tensor `{name}` {shape:?} reaches past the end"))?;
            file.tensors.push(Stored { bytes: data.to_vec(), name, shape, encoding });
        }
        Ok(file)
    }
}

/// Numbers of the value types.
const U32: u32 = 4;
const I32: u32 = 5;
const F32: u32 = 6;
const BOOL: u32 = 7;
const TEXT: u32 = 8;
const ARRAY: u32 = 9;
const U64: u32 = 10;

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    let array = |out: &mut Vec<u8>, item: u32, count: usize| {
        out.extend(ARRAY.to_le_bytes());
        out.extend(item.to_le_bytes());
        out.extend((count as u64).to_le_bytes());
    };
    match value {
        Value::U32(number) => {
            out.extend(U32.to_le_bytes());
            out.extend(number.to_le_bytes());
        }
        Value::U64(number) => {
            out.extend(U64.to_le_bytes());
            out.extend(number.to_le_bytes());
        }
        Value::F32(number) => {
            out.extend(F32.to_le_bytes());
            out.extend(number.to_le_bytes());
        }
        Value::Bool(truth) => {
            out.extend(BOOL.to_le_bytes());
            out.push(u8::from(*truth));
        }
        Value::Text(text) => {
            out.extend(TEXT.to_le_bytes());
            put_text(out, text);
        }
        Value::Integers(items) => {
            array(out, I32, items.len());
            out.extend(items.iter().flat_map(|item| item.to_le_bytes()));
        }
        Value::Floats(items) => {
            array(out, F32, items.len());
            out.extend(items.iter().flat_map(|item| item.to_le_bytes()));
        }
        Value::Texts(items) => {
            array(out, TEXT, items.len());
            items.iter().for_each(|item| put_text(out, item));
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let taken = self.at.checked_add(count).and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.with_context(|| format!("the file ends {count} bytes too early at {}", self.at))?;
        self.at += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(self.take(N)?.try_into()?)
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn f32(&mut self) -> Result<f32> {
        Ok(f32::from_le_bytes(self.array()?))
    }

    fn text(&mut self) -> Result<String> {
        let length = usize::try_from(self.u64()?)?;
        Ok(std::str::from_utf8(self.take(length)?)?.to_owned())
    }

    fn value(&mut self) -> Result<Value> {
        Ok(match self.u32()? {
            U32 => Value::U32(self.u32()?),
            U64 => Value::U64(self.u64()?),
            F32 => Value::F32(self.f32()?),
            BOOL => Value::Bool(self.array::<1>()? != [0]),
            TEXT => Value::Text(self.text()?),
            ARRAY => {
                let (item, count) = (self.u32()?, self.u64()?);
                match item {
                    I32 => Value::Integers(
                        (0..count).map(|_| Ok(i32::from_le_bytes(self.array()?))).collect::<Result<_>>()?,
                    ),
                    F32 => Value::Floats((0..count).map(|_| self.f32()).collect::<Result<_>>()?),
                    TEXT => Value::Texts((0..count).map(|_| self.text()).collect::<Result<_>>()?),
                    other => bail!("arrays of value type {other} are not read"),
                }
            }
            other => bail!("value type {other} is not read"),
        })
    }

    /// Name, row-major shape, encoding and offset of a tensor.
    fn entry(&mut self) -> Result<(String, Vec<usize>, Encoding, u64)> {
        let name = self.text()?;
        let rank = self.u32()?;
        ensure!((1..=4).contains(&rank), "the tensor `{name}` has {rank} dimensions");
        let mut shape = (0..rank).map(|_| Ok(usize::try_from(self.u64()?)?)).collect::<Result<Vec<_>>>()?;
        shape.reverse();
        let kind = self.u32()?;
        let encoding = Encoding::from_id(kind).with_context(|| format!("the tensor `{name}` has type {kind}"))?;
        Ok((name, shape, encoding, self.u64()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> File {
        let mut file = File::default();
        file.set("a.text", Value::Text("höher".to_owned()));
        file.set("a.count", Value::U32(7));
        file.set("a.long", Value::U64(1 << 40));
        file.set("a.number", Value::F32(0.5));
        file.set("a.truth", Value::Bool(true));
        file.set("a.integers", Value::Integers(vec![-1, 2]));
        file.set("a.floats", Value::Floats(vec![]));
        file.set("a.texts", Value::Texts(vec!["x".to_owned(), String::new()]));
        let values: Vec<f32> = (0..96).map(|at| at as f32 - 40.0).collect();
        for (name, encoding) in
            [("one", Encoding::F32), ("two", Encoding::F16), ("three", Encoding::Q8_0), ("four", Encoding::Q4_0)]
        {
            file.tensors.push(Stored::encode(name, &[3, 32], &values, encoding));
        }
        file
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let file = sample();
        let bytes = file.to_bytes();
        assert_eq!(File::from_bytes(&bytes).expect("the file is sound"), file);
        assert_eq!(bytes.len() % ALIGNMENT, 0);
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        let bytes = sample().to_bytes();
        for end in 0..bytes.len() - ALIGNMENT {
            assert!(File::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
        }
        for at in 0..bytes.len().min(600) {
            let mut damaged = bytes.clone();
            damaged[at] = 0xFF;
            let _ = File::from_bytes(&damaged);
        }
    }
}
