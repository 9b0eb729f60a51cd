//! What a file is, told from its first bytes: a download often brings something
//! else than weights, and people should hear what.

use std::fmt;

use crate::safetensors;

/// How many bytes tell a file's kind.
pub(super) const ENOUGH: u64 = 512;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A GGUF file.
    Gguf,
    /// A safetensors file.
    Safetensors,
    /// A text of JSON, such as a tokenizer or the map of a divided model.
    Json,
    /// Nothing.
    Empty,
    /// What Git keeps in the place of a large file.
    GitLfsPointer,
    /// A page for a browser.
    Html,
    /// A zip archive, as PyTorch makes them.
    Zip,
    /// A Python pickle, as older PyTorch makes them.
    Pickle,
    /// A compressed file.
    Compressed,
    /// HDF5, as Keras makes it.
    Hdf5,
    /// An array of NumPy.
    Numpy,
    /// What llama.cpp read before GGUF.
    OldGgml,
    /// Some text.
    Text,
    /// Anything else.
    Unknown,
}

impl Kind {
    /// The kind of a file that begins with these bytes: [`ENOUGH`], or all.
    pub(super) fn of(bytes: &[u8]) -> Kind {
        let starts = |beginnings: &[&[u8]]| beginnings.iter().any(|beginning| bytes.starts_with(beginning));
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
        match bytes {
            [] => Kind::Empty,
            _ if starts(&[b"GGUF"]) => Kind::Gguf,
            _ if safetensors::begins_like_one(bytes) => Kind::Safetensors,
            _ if starts(&[b"version https://git-lfs"]) => Kind::GitLfsPointer,
            _ if text.starts_with("<!doctype html") || text.starts_with("<html") => Kind::Html,
            _ if starts(&[b"PK\x03\x04", b"PK\x05\x06"]) => Kind::Zip,
            _ if starts(&[b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"]) => Kind::Pickle,
            _ if starts(&[b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"BZh", b"7z\xbc\xaf"]) => Kind::Compressed,
            _ if starts(&[b"\x89HDF"]) => Kind::Hdf5,
            _ if starts(&[b"\x93NUMPY"]) => Kind::Numpy,
            _ if starts(&[b"lmgg", b"fmgg", b"tjgg", b"algg"]) => Kind::OldGgml,
            _ if text.starts_with(['{', '[']) => Kind::Json,
            _ if bytes.iter().all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace()) => Kind::Text,
            _ => Kind::Unknown,
        }
    }

    /// What the reader can do who took it for a weight file.
    pub fn help(self) -> &'static str {
        match self {
            Kind::GitLfsPointer => "fetch the file itself: run `git lfs pull` in its folder",
            Kind::Html => "the download brought a page instead of the file: use the link behind its download button",
            Kind::Empty => "download it again",
            Kind::Json => "a tokenizer is for `load_tokenizer`; name the .gguf or .safetensors file here",
            Kind::Zip | Kind::Pickle => "look for a .gguf or .safetensors file of the same model, or convert it",
            Kind::Compressed => "unpack it first",
            Kind::OldGgml => "convert it to GGUF, or get the .gguf file of the same model",
            Kind::Gguf | Kind::Safetensors | Kind::Hdf5 | Kind::Numpy | Kind::Text | Kind::Unknown => {
                "a weight file ends in .gguf or .safetensors"
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Kind::Gguf => "it is a GGUF file",
            Kind::Safetensors => "it is a safetensors file",
            Kind::Json => "it holds JSON, as tokenizers do",
            Kind::Empty => "it is empty",
            Kind::GitLfsPointer => "it is a Git LFS pointer, which stands for the file",
            Kind::Html => "it is an HTML page",
            Kind::Zip => "it is a zip archive, as PyTorch's are",
            Kind::Pickle => "it is a Python pickle, as old files of PyTorch are",
            Kind::Compressed => "it is compressed",
            Kind::Hdf5 => "it is an HDF5 file",
            Kind::Numpy => "it is an array of NumPy",
            Kind::OldGgml => "it is a ggml file from before GGUF",
            Kind::Text => "it holds text",
            Kind::Unknown => "it begins neither as GGUF nor as safetensors",
        })
    }
}
