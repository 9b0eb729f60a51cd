//! A model as a GGUF file, and back.
//!
//! Keys and tensor names are those of the architecture "llama". The vocabulary is part of every
//! file, so that a file is all that is needed to generate text.

use anyhow::{Result, bail, ensure};

use crate::gguf::{ALIGNMENT, File, Stored, Value};
use crate::model::{Config, Parameter};
use crate::quantise::Encoding;
use crate::vocabulary::{BOS, EOS, UNK, Vocabulary};

/// How the matrices of a file are stored; norms are always F32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    pub matrices: Encoding,
    pub embedding: Encoding,
}

impl Storage {
    pub const fn all(encoding: Encoding) -> Self {
        Self { matrices: encoding, embedding: encoding }
    }

    /// The value of `general.file_type`, which names the type of most tensors.
    fn file_type(self) -> u32 {
        match self.matrices {
            Encoding::F32 => 0,
            Encoding::F16 => 1,
            Encoding::Q4_0 => 2,
            Encoding::Q8_0 => 7,
        }
    }

    fn encoding(self, parameter: &Parameter) -> Encoding {
        match parameter.shape.len() {
            1 => Encoding::F32,
            _ if parameter.name == "token_embd.weight" => self.embedding,
            _ => self.matrices,
        }
    }
}

/// The file of a model.
pub fn write_model(config: &Config, parameters: &[Parameter], vocabulary: &Vocabulary, storage: Storage) -> File {
    let mut file = File::default();
    let count = |value: usize| Value::U32(value as u32);
    let text = |value: &str| Value::Text(value.to_owned());
    file.set("general.architecture", text("llama"));
    file.set("general.name", text("TensorLogic Stories"));
    file.set("general.license", text("MIT OR Apache-2.0"));
    file.set("general.alignment", count(ALIGNMENT));
    file.set("general.file_type", Value::U32(storage.file_type()));
    file.set("general.quantization_version", Value::U32(2));
    file.set("llama.vocab_size", count(config.vocabulary));
    file.set("llama.context_length", count(config.context));
    file.set("llama.embedding_length", count(config.width));
    file.set("llama.block_count", count(config.layers));
    file.set("llama.feed_forward_length", count(config.feed_forward));
    file.set("llama.attention.head_count", count(config.heads));
    file.set("llama.attention.head_count_kv", count(config.kv_heads));
    file.set("llama.attention.layer_norm_rms_epsilon", Value::F32(config.epsilon));
    file.set("llama.rope.dimension_count", count(config.head()));
    file.set("llama.rope.freq_base", Value::F32(config.rope_base));
    file.set("tokenizer.ggml.model", text("llama"));
    file.set("tokenizer.ggml.tokens", Value::Texts(vocabulary.tokens.clone()));
    file.set("tokenizer.ggml.scores", Value::Floats(vocabulary.scores.clone()));
    file.set("tokenizer.ggml.token_type", Value::Integers(vocabulary.types.clone()));
    file.set("tokenizer.ggml.bos_token_id", Value::U32(BOS));
    file.set("tokenizer.ggml.eos_token_id", Value::U32(EOS));
    file.set("tokenizer.ggml.unknown_token_id", Value::U32(UNK));
    file.set("tokenizer.ggml.add_bos_token", Value::Bool(true));
    file.set("tokenizer.ggml.add_eos_token", Value::Bool(false));
    file.set("tokenizer.ggml.add_space_prefix", Value::Bool(true));
    let store = |p: &Parameter| Stored::encode(&p.name, &p.shape, &p.values, storage.encoding(p));
    file.tensors = parameters.iter().map(store).collect();
    file
}

/// The model in a file of this program; blocks become numbers again.
pub fn read_model(file: &File) -> Result<(Config, Vec<Parameter>, Vocabulary)> {
    let vocabulary = read_vocabulary(file)?;
    let config = Config {
        vocabulary: vocabulary.tokens.len(),
        width: file.count("llama.embedding_length")?,
        layers: file.count("llama.block_count")?,
        heads: file.count("llama.attention.head_count")?,
        kv_heads: file.count("llama.attention.head_count_kv")?,
        feed_forward: file.count("llama.feed_forward_length")?,
        context: file.count("llama.context_length")?,
        epsilon: file.float("llama.attention.layer_norm_rms_epsilon")?,
        rope_base: file.float("llama.rope.freq_base")?,
    };
    let (width, heads, kv_heads) = (config.width, config.heads, config.kv_heads);
    let whole = |all: usize, part: usize| part > 0 && all.is_multiple_of(part);
    ensure!(
        whole(width, heads) && whole(heads, kv_heads) && whole(width / heads, 2) && config.layers <= file.tensors.len(),
        "the sizes do not fit each other: width {width}, {heads} heads, {kv_heads} key-value heads"
    );
    Ok((config.clone(), read_parameters(file, &config, "")?, vocabulary))
}

/// Tensors with the names and shapes of a model, behind a prefix.
pub fn read_parameters(file: &File, config: &Config, prefix: &str) -> Result<Vec<Parameter>> {
    let read = |(name, shape): (String, Vec<usize>)| {
        let wanted = format!("{prefix}{name}");
        match file.tensors.iter().find(|tensor| tensor.name == wanted) {
            Some(tensor) if tensor.shape == shape => Ok(Parameter { values: tensor.decode(), name, shape }),
            Some(tensor) => bail!("the tensor `{wanted}` should be {shape:?}, found {:?}", tensor.shape),
            None => bail!("the file has no tensor `{wanted}`"),
        }
    };
    config.shapes().into_iter().map(read).collect()
}

fn read_vocabulary(file: &File) -> Result<Vocabulary> {
    let lists = (
        file.get("tokenizer.ggml.tokens")?,
        file.get("tokenizer.ggml.scores")?,
        file.get("tokenizer.ggml.token_type")?,
    );
    let (Value::Texts(tokens), Value::Floats(scores), Value::Integers(types)) = lists else {
        bail!("the vocabulary should be lists of texts, numbers and integers");
    };
    Ok(Vocabulary { tokens: tokens.clone(), scores: scores.clone(), types: types.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::initial;
    use crate::vocabulary::tests::small;

    #[test]
    fn a_model_file_is_what_llama_readers_expect() -> Result<()> {
        let (config, vocabulary) = (Config::STORIES, small());
        let parameters = initial(&config, 3);
        let mut total = 0;
        for encoding in [Encoding::F16, Encoding::Q8_0, Encoding::Q4_0] {
            let bytes = write_model(&config, &parameters, &vocabulary, Storage::all(encoding)).to_bytes();
            total += bytes.len();
            let file = File::from_bytes(&bytes)?;
            assert_eq!(file.get("general.architecture")?, &Value::Text("llama".to_owned()));
            assert_eq!(file.get("tokenizer.ggml.model")?, &Value::Text("llama".to_owned()));
            assert_eq!(file.count("llama.block_count")?, 4);
            assert_eq!(file.count("llama.rope.dimension_count")?, 32);
            assert_eq!(file.count("tokenizer.ggml.eos_token_id")?, 2);
            assert_eq!(file.tensors.len(), 2 + 4 * 9);
            for tensor in &file.tensors {
                let norm = tensor.name.contains("norm");
                assert_eq!(tensor.encoding, if norm { Encoding::F32 } else { encoding }, "{}", tensor.name);
            }
            let (read, back, words) = read_model(&file)?;
            assert_eq!((&read, &words), (&config, &vocabulary));
            assert_eq!(back.len(), parameters.len());
            assert_eq!(back[1], parameters[1], "norms are stored exactly");
        }
        assert!(total < 7_000_000, "the three files take {total} bytes");
        Ok(())
    }

    #[test]
    fn a_missing_tensor_is_named() {
        let config = Config::STORIES;
        let mut file = write_model(&config, &initial(&config, 3), &small(), Storage::all(Encoding::F16));
        file.tensors.retain(|tensor| tensor.name != "blk.2.ffn_up.weight");
        let error = read_model(&file).expect_err("a tensor is missing");
        assert_eq!(error.to_string(), "the file has no tensor `blk.2.ffn_up.weight`");
    }
}
