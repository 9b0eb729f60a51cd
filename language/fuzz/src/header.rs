//! What has to hold of the index for any bytes: there is one, or a message; both
//! come in time, and whatever `tl model` shows of an index can be shown.

use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tensorlogic_language::files::{Files, Readable, Stamp};
use tensorlogic_language::gguf::{self, GgmlType, Llama, Value};
use tensorlogic_language::safetensors::{self, Dtype};
use tensorlogic_language::weights::{Memory, groups, survey, verify};

/// How long one header may take. One of this fuzzer has a few thousand bytes,
/// which take less than a millisecond.
pub const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Indexes a file of these bytes, followed by zeros up to `size`, and everything
/// that is shown of it. Tells whether there is an index.
///
/// # Panics
///
/// If it takes longer than [`TIME_LIMIT`].
pub fn check(bytes: &[u8], size: u64) -> bool {
    let started = Instant::now();
    // Zeros behind the header take memory here, so there are few.
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().max(size.min(1 << 20) as usize), 0);
    let file = OneFile(bytes);
    let index = survey(&file, Path::new("file"));
    if let Ok(index) = &index {
        verify(index);
        groups(index.tensors());
        Memory::of(index);
        for (_, value) in index.metadata() {
            if let Value::Array(array) = value {
                array.glance(&mut Cursor::new(&file.0), 8).expect("the bytes are in memory");
                assert!(array.values(&file.0).count() as u64 <= array.count);
            }
        }
    }
    assert!(started.elapsed() < TIME_LIMIT, "{:?}", started.elapsed());
    index.is_ok()
}

/// Sound headers of every form, to begin with, and the sizes of their files.
pub fn seeds() -> Vec<(Vec<u8>, u64)> {
    let llama = Llama::SMALL.draft(GgmlType::Q8_0);
    let small = gguf::Draft::default().alignment(64).set("nested", vec![vec![1u8], vec![2, 3]]);
    let small = small.tensor("a.0.b", &[2, 256], GgmlType::Q4_K).tensor("c", &[], GgmlType::F32);
    let weights = safetensors::Draft::default().about("format", "pt").tensor("a.0.b", Dtype::BF16, &[2, 3]);
    let weights = weights.tensor("c", Dtype::F4, &[2, 2]);
    let mut seeds = vec![(weights.header(), weights.file_size())];
    seeds.extend([llama, small].iter().map(|draft| (draft.header(), draft.file_size())));
    seeds
}

/// A file that is all there is.
struct OneFile(Vec<u8>);

impl OneFile {
    fn find(&self, path: &Path) -> io::Result<&[u8]> {
        if path == Path::new("file") { Ok(&self.0) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

impl Files for OneFile {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.find(path).map(<[u8]>::to_vec)
    }

    fn exists(&self, path: &Path) -> bool {
        self.find(path).is_ok()
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.find(path).map(|_| path.to_owned())
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.find(path).map(|bytes| Stamp { modified: None, length: bytes.len() as u64 })
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        self.find(path).map(|bytes| Box::new(Cursor::new(bytes.to_vec())) as Box<dyn Readable>)
    }
}
