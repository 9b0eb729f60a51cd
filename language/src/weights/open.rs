//! From a path to an index: what kind of file it is, which files belong to it,
//! and what their headers say together.

use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::config;
use super::fault::{Fault, faults_of};
use super::kind::{ENOUGH, Kind};
use super::names::NameTree;
use super::parts::PartName;
use super::{Format, Index, IndexError, Part, Storage, TensorInfo};
use crate::files::{Files, Readable};
use crate::gguf::{self, Metadata, Value};
use crate::safetensors::{self, ShardMap};

/// The end of the name of a divided model's map.
const MAP_NAME: &str = ".index.json";

/// The index of the model that this file is, or is a part of. Files beside it
/// are found by their names; of each one only the header is read.
pub fn open(files: &dyn Files, path: &Path) -> Result<Index, IndexError> {
    let index = survey(files, path)?;
    match index.faults.first() {
        Some(fault) => Err(IndexError::Fault(fault.clone())),
        None => Ok(index),
    }
}

/// The same, where tensors may lie where they cannot: the index says so itself.
pub fn survey(files: &dyn Files, path: &Path) -> Result<Index, IndexError> {
    let mut index = surveyed(files, path)?;
    if index.format == Format::Safetensors {
        for (key, value) in config::beside(files, path) {
            index.metadata.insert(key, value);
        }
    }
    Ok(index)
}

fn surveyed(files: &dyn Files, path: &Path) -> Result<Index, IndexError> {
    let mut opened = Opened::open(files, path)?;
    match opened.kind {
        Kind::Gguf => {
            let header = opened.gguf()?;
            let count = header.metadata.get("split.count").and_then(Value::unsigned).unwrap_or(1);
            match count {
                0 | 1 => Ok(of_gguf(vec![(opened.part(path, header.data_start), header)], Vec::new())),
                count => divided_gguf(files, path, &header, count),
            }
        }
        Kind::Safetensors => match PartName::of(path).filter(|name| name.count > 1) {
            None => {
                let header = opened.safetensors()?;
                Ok(of_safetensors(vec![(opened.part(path, header.data_start), header)], Vec::new()))
            }
            Some(name) => {
                let read = |(number, path): (u64, _)| part_of_safetensors(files, path, number, name.count);
                Ok(of_safetensors((1..).zip(name.all()).map(read).collect::<Result<_, _>>()?, Vec::new()))
            }
        },
        Kind::Json if path.to_string_lossy().ends_with(MAP_NAME) => mapped_safetensors(files, path, opened),
        other => Err(IndexError::WrongKind(other)),
    }
}

/// A file that is open, and what it is.
struct Opened {
    file: Box<dyn Readable>,
    size: u64,
    kind: Kind,
}

impl Opened {
    fn open(files: &dyn Files, path: &Path) -> Result<Opened, IndexError> {
        let mut file = files.open(path).map_err(|error| IndexError::io(&error))?;
        let looked = look(&mut *file).map_err(|error| IndexError::io(&error));
        let (size, kind) = looked?;
        Ok(Opened { file, size, kind })
    }

    fn gguf(&mut self) -> Result<gguf::Header, IndexError> {
        gguf::Header::read(&mut *self.file, self.size).map_err(IndexError::Gguf)
    }

    fn safetensors(&mut self) -> Result<safetensors::Header, IndexError> {
        safetensors::Header::read(&mut *self.file, self.size).map_err(IndexError::Safetensors)
    }

    fn part(&self, path: &Path, data_start: u64) -> Part {
        Part { path: path.to_owned(), size: self.size, data_start }
    }
}

fn look(file: &mut dyn Readable) -> io::Result<(u64, Kind)> {
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.take(ENOUGH).read_to_end(&mut bytes)?;
    Ok((size, Kind::of(&bytes)))
}

/// A part that must be there, of one kind.
fn open_part(files: &dyn Files, path: &Path, kind: Kind, number: u64, count: u64) -> Result<Opened, IndexError> {
    match Opened::open(files, path) {
        Ok(opened) if opened.kind == kind => Ok(opened),
        Ok(opened) => Err(broken(path, IndexError::WrongKind(opened.kind))),
        Err(IndexError::Unreadable { kind: io::ErrorKind::NotFound, .. }) => {
            Err(IndexError::MissingPart { path: path.to_owned(), number, count })
        }
        Err(error) => Err(broken(path, error)),
    }
}

fn broken(path: &Path, error: IndexError) -> IndexError {
    IndexError::BrokenPart { path: path.to_owned(), error: Box::new(error) }
}

/// All files of a divided GGUF model, from the header of any.
fn divided_gguf(files: &dyn Files, path: &Path, header: &gguf::Header, count: u64) -> Result<Index, IndexError> {
    let said = |header: &gguf::Header, key| header.metadata.get(key).and_then(Value::unsigned);
    let Some(name) = PartName::of(path).filter(|name| name.count == count) else {
        let number = said(header, "split.no").map_or(1, |number| number.saturating_add(1));
        return Err(IndexError::UnnamedPart { number, count });
    };
    let mut parts = Vec::new();
    for (number, path) in (1..).zip(name.all()) {
        let mut opened = open_part(files, &path, Kind::Gguf, number, count)?;
        let header = opened.gguf().map_err(|error| broken(&path, error))?;
        let found = (said(&header, "split.no"), said(&header, "split.count"));
        if found != (Some(number - 1), Some(count)) {
            let shown = |value: Option<u64>| value.map_or("unknown".to_owned(), |value| value.to_string());
            let found = (shown(found.0.map(|number| number.saturating_add(1))), shown(found.1));
            let reason = format!("expected file {number} of {count}, it is file {} of {}", found.0, found.1);
            return Err(IndexError::ForeignPart { path, reason });
        }
        parts.push((opened.part(&path, header.data_start), header));
    }
    let all = parts.iter().map(|(_, header)| header.tensors.len() as u64).sum();
    let mut faults = Vec::new();
    if let Some(said) = said(header, "split.tensors.count").filter(|said| *said != all) {
        faults.push(Fault::WrongCount { said, found: all });
    }
    Ok(of_gguf(parts, faults))
}

fn part_of_safetensors(
    files: &dyn Files,
    path: impl AsRef<Path>,
    number: u64,
    count: u64,
) -> Result<(Part, safetensors::Header), IndexError> {
    let path = path.as_ref();
    let mut opened = open_part(files, path, Kind::Safetensors, number, count)?;
    let header = opened.safetensors().map_err(|error| broken(path, error))?;
    Ok((opened.part(path, header.data_start), header))
}

/// All files that the map of a divided model names.
fn mapped_safetensors(files: &dyn Files, path: &Path, mut opened: Opened) -> Result<Index, IndexError> {
    if opened.size > safetensors::LONGEST_HEADER {
        return Err(IndexError::WrongKind(Kind::Json));
    }
    let mut text = Vec::new();
    let read = opened.file.rewind().and_then(|()| opened.file.take(opened.size).read_to_end(&mut text));
    read.map_err(|error| IndexError::io(&error))?;
    let map = ShardMap::read(&text).map_err(IndexError::Safetensors)?;
    let names = map.files();
    let mut parts = Vec::new();
    for (number, name) in (1..).zip(&names) {
        parts.push(part_of_safetensors(files, path.with_file_name(name), number, names.len() as u64)?);
    }
    let holders: HashMap<&str, &str> = parts
        .iter()
        .zip(&names)
        .flat_map(|((_, header), file)| header.tensors.iter().map(|tensor| (tensor.name.as_str(), *file)))
        .collect();
    let absent = map.tensors().filter(|(name, file)| holders.get(name) != Some(file));
    let faults = absent.map(|(name, file)| Fault::NotInPart { name: name.to_owned(), file: file.to_owned() }).collect();
    Ok(of_safetensors(parts, faults))
}

fn of_gguf(parts: Vec<(Part, gguf::Header)>, faults: Vec<Fault>) -> Index {
    let mut index = empty(Format::Gguf { version: 3, alignment: gguf::DEFAULT_ALIGNMENT }, faults);
    for (number, (part, header)) in parts.into_iter().enumerate() {
        if number == 0 {
            index.format = Format::Gguf { version: header.version, alignment: header.alignment };
            index.metadata = header.metadata;
        }
        index.tensors.extend(header.tensors.into_iter().map(|entry| TensorInfo {
            name: entry.name,
            shape: shape(entry.sizes.iter().rev()),
            storage: Storage::Ggml(entry.ggml_type),
            part: number,
            offset: part.data_start.saturating_add(entry.offset),
            length: entry.length,
        }));
        index.parts.push(part);
    }
    finished(index)
}

fn of_safetensors(parts: Vec<(Part, safetensors::Header)>, faults: Vec<Fault>) -> Index {
    let mut index = empty(Format::Safetensors, faults);
    for (number, (part, header)) in parts.into_iter().enumerate() {
        for (key, text) in header.about {
            // Every file of a divided model says the same about itself.
            index.metadata.insert(key, Value::String(text));
        }
        index.tensors.extend(header.tensors.into_iter().map(|entry| TensorInfo {
            name: entry.name,
            shape: shape(entry.shape.iter()),
            storage: Storage::Safetensors(entry.dtype),
            part: number,
            offset: part.data_start.saturating_add(entry.bytes.start),
            length: entry.bytes.end - entry.bytes.start,
        }));
        index.parts.push(part);
    }
    finished(index)
}

/// The headers have seen to it that the elements can be counted.
fn shape<'s>(sizes: impl Iterator<Item = &'s u64>) -> Vec<usize> {
    sizes.map(|size| usize::try_from(*size).unwrap_or(usize::MAX)).collect()
}

fn empty(format: Format, faults: Vec<Fault>) -> Index {
    Index {
        format,
        parts: Vec::new(),
        metadata: Metadata::default(),
        faults,
        tensors: Vec::new(),
        names: HashMap::new(),
        tree: NameTree::default(),
    }
}

fn finished(mut index: Index) -> Index {
    for (at, tensor) in index.tensors.iter().enumerate() {
        if index.names.insert(tensor.name.clone(), at).is_some() {
            index.faults.push(Fault::Duplicate { name: tensor.name.clone() });
        }
    }
    index.tree = NameTree::of(index.tensors.iter().map(|tensor| tensor.name.as_str()));
    index.faults.extend(faults_of(&index));
    index
}
