//! `config.json` beside safetensors files: what it says of the sizes of a model, under
//! the names by which the metadata of GGUF files says the same. What is not understood is
//! passed over: the file is no part of the model.

use std::io::Read;
use std::path::Path;

use serde_json::Value as Json;

use crate::files::Files;
use crate::gguf::Value;

/// What the file is called.
const NAME: &str = "config.json";

/// A file that is longer is something else.
const LONGEST: u64 = 1 << 20;

/// The names of sizes there, and behind `ARCHITECTURE.` in GGUF files.
const NAMES: &[(&str, &str)] = &[
    ("num_hidden_layers", "block_count"),
    ("max_position_embeddings", "context_length"),
    ("hidden_size", "embedding_length"),
    ("intermediate_size", "feed_forward_length"),
    ("vocab_size", "vocab_size"),
    ("num_attention_heads", "attention.head_count"),
    ("num_key_value_heads", "attention.head_count_kv"),
    ("head_dim", "attention.key_length"),
    ("head_dim", "attention.value_length"),
    ("rms_norm_eps", "attention.layer_norm_rms_epsilon"),
    ("rope_theta", "rope.freq_base"),
];

/// Keys and values of the file beside a weight file; none if there is no such file.
pub(super) fn beside(files: &dyn Files, path: &Path) -> Vec<(String, Value)> {
    let path = path.with_file_name(NAME);
    let Some(file) = files.exists(&path).then(|| files.open(&path).ok()).flatten() else { return Vec::new() };
    let mut text = Vec::new();
    match file.take(LONGEST + 1).read_to_end(&mut text) {
        Ok(_) if text.len() as u64 <= LONGEST => read(&text),
        _ => Vec::new(),
    }
}

fn read(text: &[u8]) -> Vec<(String, Value)> {
    let Ok(config) = serde_json::from_slice::<Json>(text) else { return Vec::new() };
    let Some(architecture) = config.get("model_type").and_then(Json::as_str) else { return Vec::new() };
    let number = |value: &Json| match value.as_u64() {
        Some(number) => Some(Value::U64(number)),
        None => value.as_f64().map(Value::F64),
    };
    let named = NAMES.iter().filter_map(|(theirs, name)| {
        let value = number(config.get(theirs)?)?;
        Some((format!("{architecture}.{name}"), value))
    });
    let first = ("general.architecture".to_owned(), Value::String(architecture.to_owned()));
    std::iter::once(first).chain(named).collect()
}
