//! The indexes of models that have been read, kept until a file changes. An
//! editor asks for the same model with every key that is pressed.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Index, IndexError, open};
use crate::files::{Files, Readable, Stamp};

/// The indexes read so far, by path.
#[derive(Debug, Default)]
pub struct Indexes {
    known: Mutex<HashMap<PathBuf, Known>>,
    vocabularies: Mutex<HashMap<PathBuf, (Stamp, Option<usize>)>>,
}

/// What a reading gave, and the state of every file that it looked at.
#[derive(Debug)]
struct Known {
    seen: Vec<(PathBuf, Option<Stamp>)>,
    outcome: Result<Arc<Index>, IndexError>,
}

impl Indexes {
    /// The index of a model as its files are now.
    pub fn get(&self, files: &dyn Files, path: &Path) -> Result<Arc<Index>, IndexError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |known: &Known| known.seen.iter().all(|(path, stamp)| files.stamp(path).ok() == *stamp);
        if let Some(known) = known().get(path).filter(|known| is_fresh(known)) {
            return known.outcome.clone();
        }
        let watched = Watched { files, seen: Mutex::default() };
        let outcome = open(&watched, path).map(Arc::new);
        let seen = watched.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        known().insert(path.to_owned(), Known { seen, outcome: outcome.clone() });
        outcome
    }

    /// How many tokens the tokenizer in a weight file has.
    pub fn vocabulary_of_model(&self, files: &dyn Files, path: &Path) -> Option<usize> {
        let index = self.get(files, path).ok()?;
        usize::try_from(index.get("tokenizer.ggml.tokens")?.array()?.count).ok()
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

/// Files, and which of them were opened in what state.
struct Watched<'f> {
    files: &'f dyn Files,
    seen: Mutex<Vec<(PathBuf, Option<Stamp>)>>,
}

impl Files for Watched<'_> {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.read_text(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.files.exists(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.files.canonical(path)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.files.stamp(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        let stamp = self.files.stamp(path).ok();
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push((path.to_owned(), stamp));
        self.files.open(path)
    }
}
