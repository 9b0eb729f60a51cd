//! The weights of a model: mapped from a GGUF file, kept in their blocks, and
//! decoded only where something other than a product or a row is asked for.
//!
//! A [`WeightFile`] maps the file and hands out a [`Weight`] for every tensor;
//! both are cheap to clone and share one copy of everything. Products with a
//! weight go through [`linear`], rows through [`embedding`]; nobody else needs
//! to know how a weight is stored.

mod blocks;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod linear;
mod portable;
#[cfg(test)]
mod tests;
mod tile;
#[cfg(target_arch = "x86_64")]
mod x86;

use std::fmt;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use memmap2::Mmap;
use rayon::prelude::*;
use tensorlogic_language::files::Disk;
use tensorlogic_language::gguf::GgmlType;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::weights::{Index, IndexError, Part, TensorInfo, open};

use crate::device::Device;
use crate::tensor::{Result, Tensor, TensorError, unfit};

pub use linear::{embedding, linear};

/// Why a weight file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeightError {
    /// A file cannot be opened or mapped.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It is no usable weight file.
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: IndexError,
    },
    /// It is a safetensors file, whose weights cannot be computed with.
    Safetensors {
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for WeightError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            WeightError::Io { path, reason } => write!(f, "cannot read `{}`: {reason}", path.display()),
            WeightError::Unusable { path, error } => write!(f, "cannot use `{}`: {error}", path.display()),
            WeightError::Safetensors { path } => {
                write!(f, "`{}` is a safetensors file: only GGUF files can be loaded yet", path.display())
            }
        }
    }
}

impl std::error::Error for WeightError {}

/// How far loading has come, in bytes of tensor data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The bytes that are in memory.
    pub done: u64,
    /// All bytes.
    pub total: u64,
}

/// A model's GGUF file, or all of several, mapped, and their index.
#[derive(Clone)]
pub struct WeightFile {
    inner: Arc<FileInner>,
}

struct FileInner {
    path: PathBuf,
    /// One for each file, in their order.
    maps: Vec<Arc<Mmap>>,
    index: Index,
    weights: Vec<Arc<Stored>>,
}

impl WeightFile {
    /// Maps the file, and those that belong to it, and reads their headers; the
    /// weights stay on disk until they are used, or until [`WeightFile::preload`].
    pub fn open(path: impl AsRef<Path>) -> std::result::Result<WeightFile, WeightError> {
        let path = path.as_ref().to_path_buf();
        let index = match open(&Disk, &path) {
            Ok(index) => index,
            Err(IndexError::Unreadable { reason, .. }) => return Err(WeightError::Io { path, reason }),
            Err(error) => return Err(WeightError::Unusable { path, error }),
        };
        let maps = index.parts.iter().map(map).collect::<std::result::Result<Vec<_>, _>>()?;
        let stored = |info: &TensorInfo| Some(Arc::new(Stored::new(info, maps.get(info.part)?)?));
        match index.tensors().iter().map(stored).collect() {
            Some(weights) => Ok(WeightFile { inner: Arc::new(FileInner { path, maps, index, weights }) }),
            None => Err(WeightError::Safetensors { path }),
        }
    }

    /// Where it was opened.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Its metadata and tensor table.
    pub fn index(&self) -> &Index {
        &self.inner.index
    }

    /// All bytes of its first file, for decoding arrays of the metadata.
    pub fn bytes(&self) -> &[u8] {
        self.inner.maps.first().map_or(&[], |map| map)
    }

    /// The weight of this name, computing in `element`.
    pub fn weight(&self, name: &str, element: ElementType) -> Option<Weight> {
        let at = self.inner.index.tensors().iter().position(|info| info.name == name)?;
        self.inner.weights.get(at).map(|stored| Weight { stored: stored.clone(), element })
    }

    /// All weights in the order of the file, computing in `element`.
    pub fn weights(&self, element: ElementType) -> impl Iterator<Item = Weight> {
        self.inner.weights.iter().map(move |stored| Weight { stored: stored.clone(), element })
    }

    /// Brings all tensor data into memory and tells how far it is, so that the
    /// first token does not wait for the disk. Stops when `progress` says false.
    pub fn preload(&self, progress: &mut dyn FnMut(Progress) -> bool) {
        const STEP: usize = 32 << 20;
        const PAGE: usize = 4096;
        let parts = self.inner.maps.iter().zip(&self.inner.index.parts);
        let data = parts.map(|(map, part)| map.get(part.data_start as usize..).unwrap_or_default());
        let total = data.clone().map(|data| data.len() as u64).sum();
        let mut done = 0;
        for step in data.flat_map(|data| data.chunks(STEP)) {
            // One byte of a page brings all of it.
            let seen: u64 = step.par_chunks(PAGE * 64).map(|pages| touch(pages, PAGE)).sum();
            std::hint::black_box(seen);
            done += step.len() as u64;
            if !progress(Progress { done, total }) {
                return;
            }
        }
    }
}

/// Maps a file whose header was read.
fn map(part: &Part) -> std::result::Result<Arc<Mmap>, WeightError> {
    let io = |error: std::io::Error| WeightError::Io { path: part.path.clone(), reason: error.to_string() };
    let file = File::open(&part.path).map_err(io)?;
    // SAFETY: the map is only read. As with every mapped file, another
    // program must not shorten or rewrite it meanwhile; model files are
    // written once.
    let map = unsafe { Mmap::map(&file) }.map_err(io)?;
    if (map.len() as u64) < part.size {
        return Err(WeightError::Io { path: part.path.clone(), reason: "it became shorter meanwhile".to_owned() });
    }
    Ok(Arc::new(map))
}

fn touch(pages: &[u8], page: usize) -> u64 {
    pages.iter().step_by(page).map(|byte| u64::from(*byte)).sum()
}

impl fmt::Debug for WeightFile {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "WeightFile({})", self.inner.path.display())
    }
}

/// One tensor of a file as all its handles share it.
struct Stored {
    name: String,
    ggml_type: GgmlType,
    shape: Vec<usize>,
    map: Arc<Mmap>,
    bytes: Range<usize>,
    /// Decoded copies that are worth keeping.
    decoded: Mutex<Vec<Decoded>>,
}

/// A decoded copy on a device: one tensor, or for large matrices on a GPU
/// several, one for each stretch of rows.
#[derive(Clone)]
struct Decoded {
    device: Device,
    element: ElementType,
    parts: Vec<Tensor>,
}

impl Stored {
    /// A tensor of this file; nothing if it is stored as no GGUF file stores one.
    fn new(info: &TensorInfo, map: &Arc<Mmap>) -> Option<Stored> {
        let bytes = info.bytes();
        Some(Stored {
            name: info.name.clone(),
            ggml_type: info.storage.ggml()?,
            shape: info.shape.clone(),
            map: map.clone(),
            bytes: bytes.start as usize..bytes.end as usize,
            decoded: Mutex::new(Vec::new()),
        })
    }
}

/// How many of the values in whole blocks are NaN, and how many are infinite: none, in a
/// sound file. Nothing for types that have no decoder.
pub fn count_non_finite(ggml_type: GgmlType, blocks: &[u8]) -> Option<(usize, usize)> {
    const BLOCKS: usize = 64;
    if !blocks::is_supported(ggml_type) {
        return None;
    }
    let (bytes, elements) = (ggml_type.block_bytes() as usize, ggml_type.block_elements() as usize);
    let count = |scratch: &mut Vec<f32>, some: &[u8]| {
        scratch.resize(some.len() / bytes * elements, 0.0);
        blocks::decode(ggml_type, some, scratch);
        let nan = scratch.iter().filter(|value| value.is_nan()).count();
        (nan, scratch.iter().filter(|value| value.is_infinite()).count())
    };
    let counts = blocks.par_chunks(bytes * BLOCKS).with_min_len(8).map_init(Vec::new, count);
    Some(counts.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1)))
}

/// A tensor of a weight file; a cheap handle.
#[derive(Clone)]
pub struct Weight {
    stored: Arc<Stored>,
    element: ElementType,
}

/// Decoded copies of at most this many elements are kept on the processor.
const KEEP: usize = 1 << 18;

impl Weight {
    /// Its name in the file.
    pub fn name(&self) -> &str {
        &self.stored.name
    }

    /// How it is stored.
    pub fn ggml_type(&self) -> GgmlType {
        self.stored.ggml_type
    }

    /// Its shape, outermost first: `[out, in]` for a matrix.
    pub fn shape(&self) -> &[usize] {
        &self.stored.shape
    }

    /// The number of its elements.
    pub fn count(&self) -> usize {
        self.stored.shape.iter().product()
    }

    /// The element type it computes in, which is strong.
    pub fn element(&self) -> ElementType {
        self.element
    }

    /// The same weight computing in another element type.
    pub fn computing_in(&self, element: ElementType) -> Weight {
        Weight { stored: self.stored.clone(), element }
    }

    /// The size of a row, its last axis.
    pub fn row_size(&self) -> usize {
        self.stored.shape.last().copied().unwrap_or(1)
    }

    /// The number of rows: the product of all other axes.
    pub fn row_count(&self) -> usize {
        let (_, lead) = self.stored.shape.split_last().unwrap_or((&1, &[]));
        lead.iter().product()
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.stored.map.get(self.stored.bytes.clone()).unwrap_or_default()
    }

    /// The bytes of one row.
    fn row_bytes(&self) -> usize {
        let blocks = self.row_size() as u64 / self.stored.ggml_type.block_elements();
        (blocks * self.stored.ggml_type.block_bytes()) as usize
    }

    /// Refuses types that have no decoder.
    fn check_supported(&self) -> Result<()> {
        if blocks::is_supported(self.stored.ggml_type) {
            return Ok(());
        }
        Err(TensorError::Unsupported { name: self.name().to_owned(), stored: self.stored.ggml_type.name() })
    }

    /// The values of some rows, one after another, as 32-bit floats.
    pub fn decode_rows(&self, rows: impl ExactSizeIterator<Item = usize>) -> Result<Vec<f32>> {
        self.check_supported()?;
        let (size, bytes) = (self.row_size(), self.row_bytes());
        let mut values = vec![0.0f32; crate::tensor::room_for(&[rows.len(), size])?];
        if values.is_empty() {
            return Ok(values);
        }
        for (row, into) in rows.zip(values.chunks_mut(size)) {
            let Some(from) = self.bytes().get(row.saturating_mul(bytes)..).and_then(|rest| rest.get(..bytes)) else {
                return unfit(format!("row {row} lies outside of `{}` of shape {:?}", self.name(), self.shape()));
            };
            blocks::decode(self.stored.ggml_type, from, into);
        }
        Ok(values)
    }

    /// All values, row-major, as 32-bit floats.
    pub fn decode_all(&self) -> Result<Vec<f32>> {
        self.decode_range(0..self.row_count())
    }

    fn decode_range(&self, rows: Range<usize>) -> Result<Vec<f32>> {
        self.check_supported()?;
        let (size, bytes) = (self.row_size(), self.row_bytes());
        let mut values = vec![0.0f32; crate::tensor::room_for(&[rows.len(), size])?];
        if values.is_empty() {
            return Ok(values);
        }
        let from = self.bytes().get(rows.start * bytes..rows.end * bytes).unwrap_or_default();
        let ggml_type = self.stored.ggml_type;
        if values.len() < 1 << 14 {
            values
                .chunks_mut(size)
                .zip(from.chunks(bytes))
                .for_each(|(into, from)| blocks::decode(ggml_type, from, into));
        } else {
            let rows = (1usize << 13).div_ceil(size);
            values
                .par_chunks_mut(rows * size)
                .zip(from.par_chunks(rows * bytes))
                .for_each(|(into, from)| blocks::decode(ggml_type, from, into));
        }
        Ok(values)
    }

    /// The whole weight as a strong tensor of its element type. Small ones are
    /// decoded once.
    pub fn to_tensor(&self, device: &Device) -> Result<Tensor> {
        if let Some([only]) = self.kept(device).as_deref() {
            return Ok(only.clone());
        }
        let tensor = Tensor::from_floats(self.decode_all()?, self.shape(), ElementType::Float32, device)?;
        let tensor = tensor.cast(self.element)?;
        if self.count() <= KEEP {
            self.keep(device, vec![tensor.clone()]);
        }
        Ok(tensor)
    }

    fn kept(&self, device: &Device) -> Option<Vec<Tensor>> {
        let decoded = self.stored.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = decoded.iter().find(|kept| kept.element == self.element && kept.device == *device)?;
        Some(kept.parts.clone())
    }

    fn keep(&self, device: &Device, parts: Vec<Tensor>) {
        let mut decoded = self.stored.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        if !decoded.iter().any(|kept| kept.element == self.element && kept.device == *device) {
            decoded.push(Decoded { device: device.clone(), element: self.element, parts });
        }
    }
}

impl fmt::Debug for Weight {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Weight({} {}{:?})", self.name(), self.ggml_type(), self.shape())
    }
}
