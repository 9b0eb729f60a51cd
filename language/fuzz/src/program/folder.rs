//! The files that a script of the fuzzer finds: models, scripts that it imports, and
//! what only looks like one.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use tensorlogic_language::files::{Files, Readable, Stamp};
use tensorlogic_language::gguf::{GgmlType, Llama};

/// Where the script lies.
pub const SCRIPT: &str = "script.tl";

/// Files in memory.
#[derive(Clone, Default)]
pub struct Folder(BTreeMap<PathBuf, Content>);

/// The first bytes of a file; zeros follow up to its length.
#[derive(Clone)]
struct Content {
    bytes: Vec<u8>,
    length: u64,
}

impl Folder {
    /// One of everything that a script may name.
    pub fn of_all_kinds() -> Folder {
        let mut folder = Folder::default();
        for (name, sizes) in [("tiny.gguf", Llama::TINY_LLAMA), ("small.gguf", Llama::SMALL)] {
            let draft = sizes.draft(GgmlType::Q4_0);
            let content = Content { bytes: draft.header(), length: draft.file_size() };
            folder.0.insert(name.into(), content);
        }
        let truncated = Llama::SMALL.draft(GgmlType::F16).header();
        folder.set("truncated.gguf", truncated[..truncated.len() / 2].to_vec());
        let mut lying = Llama::SMALL.draft(GgmlType::F16).header();
        lying[8..24].fill(0xff);
        folder.set("lying.gguf", lying);
        folder.set("binary.tl", vec![0xff, 0xfe, 0, 1, 2, 3]);
        folder.set("lib.tl", "fn twice(x: float32[n]) { concat(x, x) }\ntensor shared: float32[4]\n");
        folder.set("loop.tl", "import \"script.tl\"\nimport \"loop.tl\"\nfn looped(x) { x }\n");
        folder.set("broken.tl", "fn f( { main } \"\nfn g(x) { x @ }\n");
        folder
    }

    /// Puts a file there.
    pub fn set(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        self.0.insert(name.into(), Content { length: bytes.len() as u64, bytes });
    }

    fn find(&self, path: &Path) -> io::Result<&Content> {
        self.0.get(&plain(path)).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    plain
}

impl Files for Folder {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.find(path).map(|content| content.bytes.clone())
    }

    fn exists(&self, path: &Path) -> bool {
        self.find(path).is_ok()
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.find(path).map(|_| plain(path))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.find(path).map(|content| Stamp { modified: None, length: content.length })
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        let Content { bytes, length } = self.find(path)?.clone();
        Ok(Box::new(Open { bytes: Cursor::new(bytes), length }))
    }
}

/// A file that is read.
struct Open {
    bytes: Cursor<Vec<u8>>,
    length: u64,
}

impl Read for Open {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.bytes.position();
        if at < self.bytes.get_ref().len() as u64 {
            return self.bytes.read(buffer);
        }
        let count = buffer.len().min(self.length.saturating_sub(at) as usize);
        buffer[..count].fill(0);
        self.bytes.set_position(at + count as u64);
        Ok(count)
    }
}

impl Seek for Open {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::End(behind) => {
                let at = self.length.checked_add_signed(behind).ok_or(io::ErrorKind::InvalidInput)?;
                self.bytes.seek(SeekFrom::Start(at))
            }
            other => self.bytes.seek(other),
        }
    }
}
