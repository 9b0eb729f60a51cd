//! Which scripts the paths of a command mean: files themselves, and of folders
//! every `.tl` file below, without those that are somebody else's or that git leaves
//! alone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use crate::teal::is_teal;

/// Folders whose scripts are somebody else's, apart from hidden ones.
const FOREIGN_FOLDERS: &[&str] = &["target", "node_modules"];

/// What was found.
#[derive(Default)]
pub struct Found {
    /// The scripts that are meant, each once, in the order of the paths.
    pub scripts: Vec<PathBuf>,
    /// What could not be searched, and why.
    pub problems: Vec<String>,
}

/// Looks for scripts.
pub fn scripts(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut known = BTreeSet::new();
    let mut add = |path: PathBuf, found: &mut Found| {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if known.insert(real) {
            found.scripts.push(path);
        }
    };
    for path in paths {
        if !path.exists() {
            found.problems.push(format!("there is no file or folder `{}`", path.display()));
        } else if path.is_file() {
            add(path.clone(), &mut found);
        } else {
            // Hidden files are left out as well.
            let mut walk = WalkBuilder::new(path);
            walk.ignore(false).sort_by_file_name(|a, b| a.cmp(b)).filter_entry(is_ours);
            for entry in walk.build() {
                match entry {
                    Ok(entry) if is_script(entry.path()) => add(shown(path, entry.path()), &mut found),
                    Ok(_) => {}
                    Err(error) => found.problems.push(format!("`{}` cannot be searched: {error}", path.display())),
                }
            }
        }
    }
    found
}

fn is_script(path: &Path) -> bool {
    let is_named = path.extension().is_some_and(|extension| extension == "tl") && path.is_file();
    // What cannot be read is told by who reads it.
    is_named && !std::fs::read_to_string(path).is_ok_and(|text| is_teal(&text))
}

/// Whether a folder is not somebody else's; the one that the user named is meant, however
/// it is called.
fn is_ours(entry: &DirEntry) -> bool {
    let is_foreign = FOREIGN_FOLDERS.iter().any(|name| *name == entry.file_name());
    entry.depth() == 0 || !entry.path().is_dir() || !is_foreign
}

/// A found path as a person writes it: without the `./` of the current folder.
fn shown(folder: &Path, path: &Path) -> PathBuf {
    let inside = if folder == Path::new(".") { path.strip_prefix(folder).ok() } else { None };
    inside.unwrap_or(path).to_owned()
}
