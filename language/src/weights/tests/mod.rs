//! Models in memory: headers of drafts, and behind them data that is not there.

mod opening;
mod verifying;

use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::*;
use crate::files::{Files, Readable, Stamp};
use crate::gguf::{self, Llama};
use crate::safetensors;

/// Files by their paths; what was read of them is counted.
#[derive(Default)]
struct Folder {
    files: Mutex<HashMap<PathBuf, Hole>>,
    opened: AtomicU64,
    read: std::sync::Arc<AtomicU64>,
}

/// Some bytes, then zeros up to a size.
#[derive(Clone)]
struct Hole {
    bytes: Vec<u8>,
    size: u64,
    position: u64,
    read: std::sync::Arc<AtomicU64>,
}

impl Folder {
    fn with(self, path: &str, bytes: Vec<u8>, size: u64) -> Folder {
        let hole = Hole { bytes, size, position: 0, read: self.read.clone() };
        self.files.lock().unwrap().insert(path.into(), hole);
        self
    }

    fn gguf(self, path: &str, draft: &gguf::Draft) -> Folder {
        self.with(path, draft.header(), draft.file_size())
    }

    fn safetensors(self, path: &str, draft: &safetensors::Draft) -> Folder {
        self.with(path, draft.header(), draft.file_size())
    }

    fn text(self, path: &str, text: &str) -> Folder {
        self.with(path, text.into(), text.len() as u64)
    }

    fn remove(&self, path: &str) -> Hole {
        self.files.lock().unwrap().remove(Path::new(path)).unwrap()
    }

    fn find(&self, path: &Path) -> io::Result<Hole> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, "no such file");
        self.files.lock().unwrap().get(path).cloned().ok_or_else(missing)
    }

    fn open(&self, path: &str) -> Result<Index, IndexError> {
        open(self, Path::new(path))
    }

    /// Why there is no index of this file.
    fn refusal(&self, path: &str) -> String {
        self.open(path).unwrap_err().to_string()
    }
}

impl Files for Folder {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.find(path)?.bytes)
    }

    fn exists(&self, path: &Path) -> bool {
        self.find(path).is_ok()
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        Ok(Stamp { modified: None, length: self.find(path)?.size })
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(Box::new(self.find(path)?))
    }
}

impl Read for Hole {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = (self.size.saturating_sub(self.position)).min(into.len() as u64) as usize;
        into[..length].fill(0);
        let held = self.bytes.get(self.position as usize..).unwrap_or_default();
        let held = &held[..held.len().min(length)];
        into[..held.len()].copy_from_slice(held);
        self.position += length as u64;
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

impl Seek for Hole {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(position) => position,
            SeekFrom::End(offset) => self.size.saturating_add_signed(offset),
            SeekFrom::Current(offset) => self.position.saturating_add_signed(offset),
        };
        Ok(self.position)
    }
}
