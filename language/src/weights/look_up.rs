//! What a script gets for a metadata key: the value of the key itself, of the
//! key with the architecture in front, or what an absent key stands for.

use super::Index;
use crate::diagnostic::did_you_mean;
use crate::gguf::Value;

/// What a metadata key stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found<'i> {
    /// A value of the file.
    Value(&'i Value),
    /// The documented value of an absent key.
    Default(f64),
    /// Nothing.
    Absent,
}

/// The value of `key`, with or without the architecture in front. An absent key
/// gives nothing if the script passes a default of its own.
pub fn look_up<'i>(index: &'i Index, key: &str, has_default: bool) -> Found<'i> {
    if let Some(value) = index.get(key).or_else(|| index.of_architecture(key)) {
        return Found::Value(value);
    }
    let other = match short(index, key) {
        _ if has_default => None,
        "attention.head_count_kv" => index.of_architecture("attention.head_count"),
        "rope.freq_base" => return Found::Default(10_000.0),
        _ => None,
    };
    other.map_or(Found::Absent, Found::Value)
}

/// Keys of the file that a script may have meant by an absent `key`, best first.
pub fn near_keys<'i>(index: &'i Index, key: &str) -> Vec<&'i str> {
    let prefix = index.architecture().map(|architecture| format!("{architecture}."));
    let keys = index.metadata().map(|(key, _)| key);
    let short_keys = index.metadata().filter_map(|(key, _)| key.strip_prefix(prefix.as_deref()?));
    let all: Vec<&str> = keys.chain(short_keys).collect();
    match did_you_mean(key, all.iter().copied()) {
        Some(close) => vec![close],
        None => all.into_iter().filter(|candidate| candidate.contains(short(index, key))).take(3).collect(),
    }
}

/// The key without the architecture in front.
fn short<'k>(index: &Index, key: &'k str) -> &'k str {
    let rest = index.architecture().and_then(|architecture| key.strip_prefix(architecture)?.strip_prefix('.'));
    rest.unwrap_or(key)
}
