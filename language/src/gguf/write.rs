//! Drafts of GGUF files: a header of any shape, for tests and measurements that
//! need a model's shapes and not its weights. On disk the data is a hole, which
//! reads as zeros and takes no room.

use std::io::{self, Write};
use std::path::Path;

use super::{DEFAULT_ALIGNMENT, GgmlType};

/// A file that is being drafted.
#[derive(Clone, Debug)]
pub struct Draft {
    version: u32,
    alignment: u64,
    /// Key, number of the type, bytes of the value.
    metadata: Vec<(String, u32, Vec<u8>)>,
    tensors: Vec<DraftTensor>,
}

#[derive(Clone, Debug)]
struct DraftTensor {
    name: String,
    shape: Vec<u64>,
    /// Number of the type.
    id: u32,
    offset: u64,
    length: u64,
}

/// What can be a metadata value of a draft.
pub trait Content {
    /// The number of its type in the file.
    const ID: u32;

    /// Adds its bytes.
    fn write(&self, bytes: &mut Vec<u8>);
}

macro_rules! numbers {
    ($($number:ty = $id:literal),*) => {
        $(impl Content for $number {
            const ID: u32 = $id;

            fn write(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
        })*
    };
}

numbers!(u8 = 0, i8 = 1, u16 = 2, i16 = 3, u32 = 4, i32 = 5, f32 = 6, u64 = 10, i64 = 11, f64 = 12);

impl Content for bool {
    const ID: u32 = 7;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }
}

impl Content for &str {
    const ID: u32 = 8;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.len() as u64).to_le_bytes());
        bytes.extend(self.as_bytes());
    }
}

impl<C: Content> Content for Vec<C> {
    const ID: u32 = 9;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(C::ID.to_le_bytes());
        bytes.extend((self.len() as u64).to_le_bytes());
        self.iter().for_each(|element| element.write(bytes));
    }
}

impl Default for Draft {
    fn default() -> Draft {
        Draft { version: 3, alignment: DEFAULT_ALIGNMENT, metadata: Vec::new(), tensors: Vec::new() }
    }
}

impl Draft {
    /// With this version of the format.
    pub fn version(mut self, version: u32) -> Draft {
        self.version = version;
        self
    }

    /// With `general.alignment`, to be said before the tensors.
    pub fn alignment(mut self, alignment: u32) -> Draft {
        self.alignment = u64::from(alignment);
        self.set("general.alignment", alignment)
    }

    /// With this metadata value, in the place of one that has the key.
    pub fn set<C: Content>(mut self, key: &str, value: C) -> Draft {
        let mut bytes = Vec::new();
        value.write(&mut bytes);
        self.metadata.retain(|(known, ..)| known != key);
        self.metadata.push((key.to_owned(), C::ID, bytes));
        self
    }

    /// Without this metadata value.
    pub fn unset(mut self, key: &str) -> Draft {
        self.metadata.retain(|(known, ..)| known != key);
        self
    }

    /// With this tensor behind the others; `shape` is outermost first.
    pub fn tensor(self, name: &str, shape: &[u64], ggml_type: GgmlType) -> Draft {
        let offset = self.data_length().next_multiple_of(self.alignment);
        self.tensor_at(name, shape, ggml_type, offset)
    }

    /// With this tensor at an offset of the data section, right or wrong.
    pub fn tensor_at(mut self, name: &str, shape: &[u64], ggml_type: GgmlType, offset: u64) -> Draft {
        let elements = shape.iter().fold(1u64, |count, size| count.saturating_mul(*size));
        let length = (elements / ggml_type.block_elements()).saturating_mul(ggml_type.block_bytes());
        self.tensors.push(DraftTensor {
            name: name.to_owned(),
            shape: shape.to_vec(),
            id: ggml_type.id(),
            offset,
            length,
        });
        self
    }

    /// With a tensor of an element that the format does not have.
    pub fn tensor_of_type(mut self, name: &str, id: u32) -> Draft {
        self.tensors.push(DraftTensor { name: name.to_owned(), shape: vec![1], id, offset: 0, length: 0 });
        self
    }

    /// Without this tensor; the others stay where they are.
    pub fn without(mut self, name: &str) -> Draft {
        self.tensors.retain(|tensor| tensor.name != name);
        self
    }

    /// The same model in `count` files, with what they say of each other.
    pub fn split(&self, count: u16) -> Vec<Draft> {
        let share = self.tensors.len().div_ceil(usize::from(count.max(1))).max(1);
        let parts = (0..count).map(|number| {
            let start = Draft { version: self.version, alignment: self.alignment, ..Draft::default() };
            let start = if number == 0 { Draft { metadata: self.metadata.clone(), ..start } } else { start };
            let start = start
                .set("split.no", number)
                .set("split.count", count)
                .set("split.tensors.count", self.tensors.len() as i32);
            let tensors = self.tensors.iter().skip(usize::from(number) * share).take(share);
            tensors.fold(start, |mut part, tensor| {
                let offset = part.data_length().next_multiple_of(part.alignment);
                part.tensors.push(DraftTensor { offset, ..tensor.clone() });
                part
            })
        });
        parts.collect()
    }

    /// The bytes of the header, without the padding behind it.
    pub fn header(&self) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        self.version.write(&mut bytes);
        (self.tensors.len() as u64).write(&mut bytes);
        (self.metadata.len() as u64).write(&mut bytes);
        for (key, id, value) in &self.metadata {
            key.as_str().write(&mut bytes);
            id.write(&mut bytes);
            bytes.extend(value);
        }
        for tensor in &self.tensors {
            tensor.name.as_str().write(&mut bytes);
            (tensor.shape.len() as u32).write(&mut bytes);
            tensor.shape.iter().rev().for_each(|size| size.write(&mut bytes));
            tensor.id.write(&mut bytes);
            tensor.offset.write(&mut bytes);
        }
        bytes
    }

    /// How many bytes the whole file has.
    pub fn file_size(&self) -> u64 {
        (self.header().len() as u64).next_multiple_of(self.alignment) + self.data_length()
    }

    /// Writes the file; its data is a hole.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let mut file = std::fs::File::create(path)?;
        file.write_all(&self.header())?;
        file.set_len(self.file_size())
    }

    fn data_length(&self) -> u64 {
        self.tensors.iter().map(|tensor| tensor.offset.saturating_add(tensor.length)).max().unwrap_or(0)
    }
}

/// The sizes of a Llama-style model.
#[derive(Clone, Copy, Debug)]
pub struct Llama {
    /// Layers.
    pub layers: u32,
    /// The size of the residual stream.
    pub embedding: u32,
    /// Query heads.
    pub heads: u32,
    /// Key and value heads.
    pub kv_heads: u32,
    /// The inner size of the feed-forward network.
    pub feed_forward: u32,
    /// Tokens.
    pub vocabulary: u32,
    /// The longest context, in tokens.
    pub context: u32,
}

impl Llama {
    /// TinyLlama-1.1B.
    pub const TINY_LLAMA: Llama = Llama {
        layers: 22,
        embedding: 2048,
        heads: 32,
        kv_heads: 4,
        feed_forward: 5632,
        vocabulary: 32_000,
        context: 2048,
    };

    /// Small enough to be written down, and every row is a whole number of blocks.
    pub const SMALL: Llama =
        Llama { layers: 2, embedding: 64, heads: 4, kv_heads: 2, feed_forward: 96, vocabulary: 40, context: 128 };

    /// A file of these sizes: matrices in `ggml_type`, norms in F32, and a
    /// vocabulary of made-up words.
    pub fn draft(&self, ggml_type: GgmlType) -> Draft {
        let words = (0..self.vocabulary).map(|id| match id {
            0 => "<unk>".to_owned(),
            1 => "<s>".to_owned(),
            2 => "</s>".to_owned(),
            id => format!("▁w{id}"),
        });
        let words: Vec<String> = words.collect();
        let count = self.vocabulary as usize;
        let draft = Draft::default()
            .set("general.architecture", "llama")
            .set("general.name", "draft")
            .set("llama.block_count", self.layers)
            .set("llama.context_length", self.context)
            .set("llama.embedding_length", self.embedding)
            .set("llama.feed_forward_length", self.feed_forward)
            .set("llama.attention.head_count", self.heads)
            .set("llama.attention.head_count_kv", self.kv_heads)
            .set("llama.attention.layer_norm_rms_epsilon", 1e-5f32)
            .set("llama.rope.dimension_count", self.embedding / self.heads)
            .set("tokenizer.ggml.model", "llama")
            .set("tokenizer.ggml.tokens", words.iter().map(String::as_str).collect::<Vec<_>>())
            .set("tokenizer.ggml.scores", (0..count).map(|id| -(id as f32)).collect::<Vec<_>>())
            .set("tokenizer.ggml.token_type", (0..count).map(|id| if id < 3 { 3i32 } else { 1 }).collect::<Vec<_>>())
            .set("tokenizer.ggml.bos_token_id", 1u32)
            .set("tokenizer.ggml.eos_token_id", 2u32)
            .set("tokenizer.ggml.unknown_token_id", 0u32);
        self.tensors().into_iter().fold(draft, |draft, (name, shape)| {
            let stored = if shape.len() == 1 { GgmlType::F32 } else { ggml_type };
            draft.tensor(&name, &shape, stored)
        })
    }

    /// Every tensor by name, with its shape, outermost first.
    fn tensors(&self) -> Vec<(String, Vec<u64>)> {
        let [e, f, v] = [self.embedding, self.feed_forward, self.vocabulary].map(u64::from);
        let kv = u64::from(self.embedding / self.heads * self.kv_heads);
        let mut all = vec![("token_embd.weight".to_owned(), vec![v, e])];
        for layer in 0..self.layers {
            let parts = [
                ("attn_norm", vec![e]),
                ("attn_q", vec![e, e]),
                ("attn_k", vec![kv, e]),
                ("attn_v", vec![kv, e]),
                ("attn_output", vec![e, e]),
                ("ffn_norm", vec![e]),
                ("ffn_gate", vec![f, e]),
                ("ffn_up", vec![f, e]),
                ("ffn_down", vec![e, f]),
            ];
            all.extend(parts.map(|(part, shape)| (format!("blk.{layer}.{part}.weight"), shape)));
        }
        all.push(("output_norm.weight".to_owned(), vec![e]));
        all.push(("output.weight".to_owned(), vec![v, e]));
        all
    }
}
