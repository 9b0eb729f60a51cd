//! What the metadata of a Llama-style model says of its sizes: the keys
//! `ARCHITECTURE.*` of the GGUF specification. Safetensors files say nothing of
//! the kind, but a `config.json` beside them does.

use super::Index;
use crate::gguf::Value;

impl Index {
    /// The kind of model, such as `llama`: `general.architecture`.
    pub fn architecture(&self) -> Option<&str> {
        self.get("general.architecture")?.text()
    }

    /// The value of `ARCHITECTURE.suffix`, such as `llama.block_count`.
    pub fn of_architecture(&self, suffix: &str) -> Option<&Value> {
        self.get(&format!("{}.{suffix}", self.architecture()?))
    }

    /// The number of layers: `ARCHITECTURE.block_count`.
    pub fn block_count(&self) -> Option<u64> {
        self.of_architecture("block_count")?.unsigned()
    }

    /// The longest context the model was trained for, in tokens.
    pub fn context_length(&self) -> Option<u64> {
        self.of_architecture("context_length")?.unsigned()
    }

    /// The size of the residual stream.
    pub fn embedding_length(&self) -> Option<u64> {
        self.of_architecture("embedding_length")?.unsigned()
    }

    /// The inner size of the feed-forward network.
    pub fn feed_forward_length(&self) -> Option<u64> {
        self.of_architecture("feed_forward_length")?.unsigned()
    }

    /// The number of query heads.
    pub fn head_count(&self) -> Option<u64> {
        self.of_architecture("attention.head_count")?.unsigned()
    }

    /// The number of key and value heads; as many as query heads when absent.
    pub fn head_count_kv(&self) -> Option<u64> {
        match self.of_architecture("attention.head_count_kv") {
            Some(value) => value.unsigned(),
            None => self.head_count(),
        }
    }

    /// The size of a key of one head; its share of the residual stream when absent.
    pub fn key_length(&self) -> Option<u64> {
        self.head_length("attention.key_length")
    }

    /// The size of a value of one head; its share of the residual stream when absent.
    pub fn value_length(&self) -> Option<u64> {
        self.head_length("attention.value_length")
    }

    fn head_length(&self, key: &str) -> Option<u64> {
        match self.of_architecture(key) {
            Some(value) => value.unsigned(),
            None => self.embedding_length()?.checked_div(self.head_count()?),
        }
    }

    /// The ε of the model's `rms_norm`.
    pub fn rms_epsilon(&self) -> Option<f64> {
        self.of_architecture("attention.layer_norm_rms_epsilon")?.number()
    }

    /// How many elements of each head rotate; the size of a head when absent.
    pub fn rope_dimensions(&self) -> Option<u64> {
        match self.of_architecture("rope.dimension_count") {
            Some(value) => value.unsigned(),
            None => self.embedding_length()?.checked_div(self.head_count()?),
        }
    }

    /// The base of the rotary frequencies; 10000 when absent.
    pub fn rope_base(&self) -> f64 {
        self.of_architecture("rope.freq_base").and_then(Value::number).unwrap_or(10_000.0)
    }
}
