//! Where things lie in the repository and in its build folder.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The repository.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}

/// A file of the repository, by its path from the root.
pub fn file(path: &str) -> PathBuf {
    root().join(path)
}

/// The shipped models and their tokenizer.
pub fn models() -> PathBuf {
    file("examples/models")
}

/// A new empty folder for one test, inside of the build folder.
pub fn scratch() -> Result<PathBuf, String> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let folder = all_scratch().join(NEXT.fetch_add(1, Ordering::Relaxed).to_string());
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// Removes every folder that [`scratch`] made in this process.
pub fn remove_scratch() {
    // What is left behind harms nobody; it may never have been made.
    let _ = std::fs::remove_dir_all(all_scratch());
}

fn all_scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scratch-{}", std::process::id()))
}

/// The text of a file.
pub fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// Every file below `folder` with this extension, ordered by path.
pub fn find(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let describe = |error: std::io::Error| format!("{} cannot be listed: {error}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(describe)? {
        let path = entry.map_err(describe)?.path();
        if path.is_dir() {
            found.extend(find(&path, extension)?);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
