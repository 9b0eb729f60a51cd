//! The indexes of weight files that have been read, kept until a file changes.
//! An editor asks for the same file with every key that is pressed.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{GgufError, Index};
use crate::files::{Files, Stamp};

/// How much of a file is read at first; a header may be longer.
const FIRST_READ: u64 = 1 << 20;

/// The longest header that is read.
const LONGEST_HEADER: u64 = 1 << 28;

/// Why there is no index of a file.
#[derive(Clone, Debug)]
pub enum IndexError {
    /// It cannot be read.
    Unreadable(Arc<io::Error>),
    /// It is no usable GGUF file.
    Unusable(GgufError),
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            IndexError::Unreadable(error) => write!(f, "{error}"),
            IndexError::Unusable(error) => write!(f, "{error}"),
        }
    }
}

type Outcome = Result<Arc<Index>, IndexError>;

/// The indexes read so far, by path.
#[derive(Debug, Default)]
pub struct Indexes {
    known: Mutex<HashMap<PathBuf, (Stamp, Outcome)>>,
    vocabularies: Mutex<HashMap<PathBuf, (Stamp, Option<usize>)>>,
}

impl Indexes {
    /// The index of a file as it is now.
    pub fn get(&self, files: &dyn Files, path: &Path) -> Result<Arc<Index>, IndexError> {
        let stamp = files.stamp(path).map_err(|error| IndexError::Unreadable(Arc::new(error)))?;
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, outcome)) = known().get(path).filter(|(before, _)| *before == stamp) {
            return outcome.clone();
        }
        let outcome = read(files, path, stamp.length);
        known().insert(path.to_owned(), (stamp, outcome.clone()));
        outcome
    }

    /// How many tokens a tokenizer file has, as it is now; `count` reads its text.
    pub fn vocabulary(&self, files: &dyn Files, path: &Path, count: fn(&[u8]) -> Option<usize>) -> Option<usize> {
        let stamp = files.stamp(path).ok()?;
        let known = || self.vocabularies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = known().get(path).filter(|(before, _)| *before == stamp) {
            return *found;
        }
        let found = files.read_text(path).ok().and_then(|text| count(&text));
        known().insert(path.to_owned(), (stamp, found));
        found
    }
}

/// Reads a header of unknown length: more of the file as long as more is needed.
fn read(files: &dyn Files, path: &Path, file_size: u64) -> Outcome {
    let mut length = FIRST_READ;
    loop {
        let bytes = files.read_prefix(path, length).map_err(|error| IndexError::Unreadable(Arc::new(error)))?;
        match Index::read(&bytes, file_size) {
            Err(GgufError::Truncated { .. }) if (bytes.len() as u64) < file_size && length < LONGEST_HEADER => {
                length *= 4;
            }
            outcome => return outcome.map(Arc::new).map_err(IndexError::Unusable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// One file whose content, and so its length, can be exchanged.
    struct OneFile(Mutex<(Vec<u8>, Cell<usize>)>);

    impl OneFile {
        fn lock(&self) -> std::sync::MutexGuard<'_, (Vec<u8>, Cell<usize>)> {
            self.0.lock().unwrap()
        }
    }

    impl Files for OneFile {
        fn read_text(&self, _: &Path) -> io::Result<Vec<u8>> {
            Ok(self.lock().0.clone())
        }

        fn exists(&self, _: &Path) -> bool {
            true
        }

        fn stamp(&self, _: &Path) -> io::Result<Stamp> {
            Ok(Stamp { modified: None, length: self.lock().0.len() as u64 })
        }

        fn read_prefix(&self, _: &Path, length: u64) -> io::Result<Vec<u8>> {
            let file = self.lock();
            file.1.set(file.1.get() + 1);
            Ok(file.0[..file.0.len().min(length as usize)].to_vec())
        }
    }

    #[test]
    fn a_file_is_read_again_only_when_it_changed() {
        let mut header = b"GGUF\x03\0\0\0".to_vec();
        header.extend([0; 16]);
        let file = OneFile(Mutex::new((header.clone(), Cell::new(0))));
        let indexes = Indexes::default();
        let get = || indexes.get(&file, Path::new("a.gguf")).map(|index| index.version);
        assert!(matches!(get(), Ok(3)));
        assert!(matches!(get(), Ok(3)));
        assert_eq!(file.lock().1.get(), 1);
        file.lock().0.truncate(10);
        assert!(matches!(get(), Err(IndexError::Unusable(GgufError::Truncated { .. }))));
        assert_eq!(file.lock().1.get(), 2);
    }
}
