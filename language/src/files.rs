//! How files are reached: the only door to the file system for everything that
//! stands on this crate. The editors' server answers from open documents first.

mod window;

use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use window::{Shortfall, Window};

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When it was last changed, where the system keeps that.
    pub modified: Option<SystemTime>,
    /// How many bytes it has.
    pub length: u64,
}

/// A way to reach files.
pub trait Files: Send + Sync {
    /// The whole text of a file.
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Whether a file of this path exists.
    fn exists(&self, path: &Path) -> bool;

    /// The one path of a file that may be reached by several.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;

    /// What tells the present state of a file from later ones.
    fn stamp(&self, path: &Path) -> io::Result<Stamp>;

    /// A file that is read in parts. It is read, not mapped: a mapping would end
    /// the process when somebody shortens the file.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>>;
}

/// An open file, to be read anywhere.
pub trait Readable: Read + Seek {}

impl<R: Read + Seek> Readable for R {}

/// The files of the disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn exists(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        let metadata = std::fs::metadata(path)?;
        Ok(Stamp { modified: metadata.modified().ok(), length: metadata.len() })
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        let file = std::fs::File::open(path)?;
        match file.metadata()?.is_dir() {
            true => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
            false => Ok(Box::new(file)),
        }
    }
}

/// The folder of the user, which `~` and `env("HOME")` mean.
pub fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from)
}

/// Where relative paths of a script are looked for, in this order: beside the
/// file that names them, beside the started script, in the working directory,
/// in the models directory.
#[derive(Clone, Debug, Default)]
pub struct SearchPath {
    folders: Vec<PathBuf>,
    home: Option<PathBuf>,
}

impl SearchPath {
    /// The search path of a script, with the environment's home and models
    /// directory (`TL_MODELS`, else `~/.cache/tensorlogic/models`).
    pub fn of_script(script: &Path) -> SearchPath {
        let home = home();
        let models = std::env::var_os("TL_MODELS")
            .map(PathBuf::from)
            .or_else(|| home.as_ref().map(|home| home.join(".cache/tensorlogic/models")));
        let folders = std::iter::once(PathBuf::new()).chain(models).collect();
        SearchPath { folders, home }.of_file(script)
    }

    /// The same for paths that stand in another file: its folder comes first.
    pub fn of_file(mut self, file: &Path) -> SearchPath {
        let beside = file.parent().map(Path::to_path_buf).unwrap_or_default();
        self.folders.retain(|folder| *folder != beside);
        self.folders.insert(0, beside);
        self
    }

    /// Every path that `name` may mean, most likely first. `~` is expanded.
    pub fn candidates(&self, name: &str) -> Vec<PathBuf> {
        let expanded = match (name.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(name),
        };
        if expanded.is_absolute() {
            return vec![expanded];
        }
        self.folders.iter().map(|folder| folder.join(&expanded)).collect()
    }

    /// The first path that exists, or every path that was tried.
    pub fn find(&self, files: &dyn Files, name: &str) -> Result<PathBuf, Vec<PathBuf>> {
        let candidates = self.candidates(name);
        match candidates.iter().find(|path| files.exists(path)) {
            Some(found) => Ok(found.clone()),
            None => Err(candidates),
        }
    }
}
