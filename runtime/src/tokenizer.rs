//! Text to token ids and back: tokenizers of Hugging Face `tokenizer.json`
//! files, and those that GGUF files carry in their metadata.
//!
//! The work is done by the `tokenizers` crate. What is ours: building a
//! tokenizer from a bare vocabulary, telling which ids begin and end a text,
//! and a stream that gives out whole characters while ids keep coming.

mod special;
mod stream;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tensorlogic_language::weights::Index;

use crate::weights::{WeightError, WeightFile};

pub use stream::DecodeStream;
pub use vocabulary::{Kind, Vocabulary, from_vocabulary};

/// Why a tokenizer cannot be made or used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenizerError {
    /// The file cannot be read.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file holds something else.
    WrongKind {
        /// The file.
        path: PathBuf,
        /// What it is not, or what it lacks.
        reason: String,
    },
    /// A vocabulary does not make a tokenizer.
    Vocabulary {
        /// Why.
        reason: String,
    },
    /// An id is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many there are.
        size: usize,
    },
    /// The tokenizer refuses its input.
    Failed {
        /// What it says.
        reason: String,
    },
}

impl fmt::Display for TokenizerError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            TokenizerError::Io { path, reason } => write!(f, "cannot read `{}`: {reason}", path.display()),
            TokenizerError::WrongKind { path, reason } => {
                write!(f, "`{}` is no tokenizer: {reason}", path.display())
            }
            TokenizerError::Vocabulary { reason } => write!(f, "the vocabulary makes no tokenizer: {reason}"),
            TokenizerError::UnknownId { id, size } => {
                write!(f, "token {id} does not exist: the vocabulary has {size} tokens")
            }
            TokenizerError::Failed { reason } => write!(f, "the tokenizer failed: {reason}"),
        }
    }
}

impl std::error::Error for TokenizerError {}

/// The result of an operation on tokenizers.
pub type Result<T> = std::result::Result<T, TokenizerError>;

/// A tokenizer; cheap to clone.
#[derive(Clone)]
pub struct Tokenizer {
    inner: Arc<Inner>,
}

struct Inner {
    tokenizer: tokenizers::Tokenizer,
    bos: Option<u32>,
    eos: Option<u32>,
    size: usize,
}

impl Tokenizer {
    /// Loads a `tokenizer.json`, or the vocabulary of a GGUF file.
    pub fn load(path: impl AsRef<Path>) -> Result<Tokenizer> {
        let path = path.as_ref();
        let io = |error: std::io::Error| TokenizerError::Io { path: path.to_path_buf(), reason: error.to_string() };
        if path.is_dir() {
            return Err(TokenizerError::Io { path: path.to_path_buf(), reason: "it is a folder".to_owned() });
        }
        if starts_like_gguf(path).map_err(io)? {
            let file = WeightFile::open(path).map_err(|error| match error {
                WeightError::Io { path, reason } => TokenizerError::Io { path, reason },
                WeightError::Unusable { path, error } => TokenizerError::WrongKind { path, reason: error.to_string() },
                WeightError::Safetensors { path } => {
                    TokenizerError::WrongKind { path, reason: "it holds weights alone".to_owned() }
                }
            })?;
            return Tokenizer::from_gguf(file.index(), file.bytes());
        }
        let bytes = std::fs::read(path).map_err(io)?;
        let config = std::fs::read(path.with_file_name("tokenizer_config.json")).ok();
        Tokenizer::from_json(&bytes, config.as_deref())
            .map_err(|reason| TokenizerError::WrongKind { path: path.to_path_buf(), reason })
    }

    /// Reads the text of a `tokenizer.json` and of the `tokenizer_config.json`
    /// beside it, which names the tokens that begin and end a text. The error
    /// says what is wrong with the first.
    fn from_json(bytes: &[u8], config: Option<&[u8]>) -> std::result::Result<Tokenizer, String> {
        let json: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| format!("it is not JSON: {error}"))?;
        if json.get("model").is_none() {
            return Err("it is JSON without `model`, the vocabulary of a tokenizer".to_owned());
        }
        let mut tokenizer = tokenizers::Tokenizer::from_bytes(bytes).map_err(|error| error.to_string())?;
        // A script decides itself how many ids it takes.
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| error.to_string())?;
        let config: Option<serde_json::Value> = config.and_then(|config| serde_json::from_slice(config).ok());
        let (bos, eos) = special::find(&tokenizer, &json, config.as_ref());
        Ok(Tokenizer::new(tokenizer, bos, eos))
    }

    /// Builds the tokenizer that the metadata of a GGUF file describes; `bytes`
    /// are those of the file.
    pub fn from_gguf(index: &Index, bytes: &[u8]) -> Result<Tokenizer> {
        from_vocabulary(&Vocabulary::from_gguf(index, bytes)?)
    }

    fn new(tokenizer: tokenizers::Tokenizer, bos: Option<u32>, eos: Option<u32>) -> Tokenizer {
        // Ids may have gaps: what counts is the largest.
        let largest = tokenizer.get_vocab(true).into_values().max();
        let size = largest.map_or(0, |largest| largest as usize + 1);
        Tokenizer { inner: Arc::new(Inner { tokenizer, bos, eos, size }) }
    }

    /// The ids of a text. With `add_special` the tokens that begin or end a
    /// text are added where the tokenizer has them.
    pub fn encode(&self, text: &str, add_special: bool) -> Result<Vec<u32>> {
        let encoding = self.inner.tokenizer.encode_fast(text, add_special).map_err(failed)?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text of ids. With `skip_special` tokens that stand for no text are
    /// left out.
    pub fn decode(&self, ids: &[u32], skip_special: bool) -> Result<String> {
        let size = self.size();
        if let Some(id) = ids.iter().copied().find(|id| *id as usize >= size) {
            return Err(TokenizerError::UnknownId { id, size });
        }
        self.inner.tokenizer.decode(ids, skip_special).map_err(failed)
    }

    /// The id that begins a text, if there is one.
    pub fn bos_id(&self) -> Option<u32> {
        self.inner.bos
    }

    /// The id that ends a text, if there is one.
    pub fn eos_id(&self) -> Option<u32> {
        self.inner.eos
    }

    /// The number of ids: the largest and one more.
    pub fn size(&self) -> usize {
        self.inner.size
    }

    /// The token of an id as the vocabulary writes it.
    pub fn token(&self, id: u32) -> Option<String> {
        self.inner.tokenizer.id_to_token(id)
    }

    /// The id of a token as the vocabulary writes it.
    pub fn id(&self, token: &str) -> Option<u32> {
        self.inner.tokenizer.token_to_id(token)
    }

    /// A stream of text for a growing list of ids.
    pub fn stream(&self) -> DecodeStream {
        DecodeStream::new(self.clone())
    }

    /// The text of an equivalent `tokenizer.json`.
    pub fn to_json(&self) -> Result<String> {
        self.inner.tokenizer.to_string(true).map_err(failed)
    }
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Tokenizer({} tokens)", self.size())
    }
}

fn failed(error: tokenizers::Error) -> TokenizerError {
    TokenizerError::Failed { reason: error.to_string() }
}

fn starts_like_gguf(path: &Path) -> std::io::Result<bool> {
    use std::io::Read;
    let mut magic = Vec::new();
    std::fs::File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(magic == b"GGUF")
}
