//! Files as a session sees them: what is open in the editor counts as it stands there,
//! saved or not.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ropey::Rope;
use tensorlogic_language::files::{Disk, Files, Readable, Stamp};

use crate::lock::lock;

/// The texts of the open documents, by where they lie; a cheap handle.
#[derive(Clone, Debug, Default)]
pub struct OpenTexts(Arc<Mutex<HashMap<PathBuf, Rope>>>);

impl OpenTexts {
    /// A document has this text now.
    pub fn put(&self, path: &Path, text: &Rope) {
        lock(&self.0).insert(real(path), text.clone());
    }

    /// A document was closed.
    pub fn remove(&self, path: &Path) {
        lock(&self.0).remove(&real(path));
    }

    fn get(&self, path: &Path) -> Option<Rope> {
        lock(&self.0).get(&real(path)).cloned()
    }
}

/// The files that one state of a document asks for.
#[derive(Debug)]
pub struct DocumentFiles {
    open: OpenTexts,
    asked: Mutex<HashSet<PathBuf>>,
}

impl DocumentFiles {
    /// Nothing was asked for yet.
    pub fn new(open: OpenTexts) -> DocumentFiles {
        DocumentFiles { open, asked: Mutex::default() }
    }

    /// Whether this file was asked for, be it there or not.
    pub fn asked_for(&self, path: &Path) -> bool {
        lock(&self.asked).contains(&real(path))
    }

    fn note(&self, path: &Path) {
        lock(&self.asked).insert(real(path));
    }
}

impl Files for DocumentFiles {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.note(path);
        self.open.get(path).map_or_else(|| Disk.read_text(path), |text| Ok(text.to_string().into_bytes()))
    }

    fn exists(&self, path: &Path) -> bool {
        self.note(path);
        self.open.get(path).is_some() || Disk.exists(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        match self.open.get(path) {
            Some(_) => Ok(real(path)),
            None => Disk.canonical(path),
        }
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        Disk.stamp(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        Disk.open(path)
    }
}

/// The one path of a file that may not exist yet.
pub fn real(path: &Path) -> PathBuf {
    let of_folder = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(of_folder).unwrap_or_else(|| path.to_owned())
}
