//! Models: weight files, their tensors by name and what they say about
//! themselves. A model is a handle; its weights stay in the file's blocks until
//! they are used.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{Fact, HandleKind};
use crate::shape::{ElementType, Mismatch};

/// The builtins on models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// Opens a weight file.
    LoadModel,
    /// Opens a weight file to compute in float16.
    LoadModelF16,
    /// Opens a weight file to compute in float32.
    LoadModelF32,
    /// A tensor by its name.
    GetTensor,
    /// A metadata value.
    Metadata,
}

impl Model {
    /// Every builtin of the family.
    pub const ALL: &[Model] =
        &[Model::LoadModel, Model::LoadModelF16, Model::LoadModelF32, Model::GetTensor, Model::Metadata];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Model::LoadModel => &Entry {
                name: "load_model",
                spellings: &[],
                parameters: PATH,
                result: "a Model",
                summary: "Opens a GGUF weight file. Its weights are decoded to the default element type where they are used.",
                documentation: "A relative path is looked for beside the script, in the working directory and in the models directory (`TL_MODELS`). `~` is the home directory. Tensors are reached as `model.blk[i].attn_q.weight` or with `get_tensor`.",
                example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(len(model.blk))\nprint(shape(model.blk[0].attn_q.weight))",
                prints: "4\n[192, 192]",
                rule: load,
            },
            Model::LoadModelF16 => &Entry {
                name: "load_model_f16",
                spellings: &["load_f16"],
                parameters: PATH,
                result: "a Model",
                summary: "Opens a GGUF weight file whose weights are used as float16.",
                documentation: "",
                example: "let model = load_model_f16(\"models/stories-f16.gguf\")\nprint(model)",
                prints: "<Model>",
                rule: load,
            },
            Model::LoadModelF32 => &Entry {
                name: "load_model_f32",
                spellings: &["load_f32"],
                parameters: PATH,
                result: "a Model",
                summary: "Opens a GGUF weight file whose weights are used as float32.",
                documentation: "",
                example: "let model = load_model_f32(\"models/stories-q4_0.gguf\")\nprint(shape(model.output_norm.weight))",
                prints: "[192]",
                rule: load,
            },
            Model::GetTensor => &Entry {
                name: "get_tensor",
                spellings: &["get_weight"],
                parameters: const {
                    &[
                        Parameter::required("model", Accepts::Handle(HandleKind::Model)),
                        Parameter::required("name", Accepts::String),
                    ]
                },
                result: "a tensor",
                summary: "The tensor of a model by its full name, such as \"blk.0.attn_q.weight\".",
                documentation: "Shapes are row-major: a weight from k to n features is [n, k]. Without an `output.weight` of its own a model shares `token_embd.weight`.",
                example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(shape(get_tensor(model, \"token_embd.weight\")))",
                prints: "[1024, 192]",
                rule: |_| Ok(Fact::Tensor { element: None, shape: None }),
            },
            Model::Metadata => &Entry {
                name: "metadata",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("model", Accepts::Handle(HandleKind::Model)),
                        Parameter::required("key", Accepts::String),
                        Parameter::optional("default", Accepts::Any, "an error for absent keys"),
                    ]
                },
                result: "an Integer, a Float, a Boolean, a String or an array",
                summary: "A metadata value of a model file by its key, with or without the architecture in front.",
                documentation: "\"block_count\" finds `llama.block_count` in a file of the architecture llama. For absent keys without a default `attention.head_count_kv` is the head count and `rope.freq_base` is 10000.",
                example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(metadata(model, \"llama.block_count\"))\nprint(metadata(model, \"attention.head_count\"))\nprint(metadata(model, \"my.key\", \"none\"))",
                prints: "4\n6\nnone",
                rule: |_| Ok(Fact::Unknown),
            },
        }
    }

    /// The element type that a way of loading fixes.
    pub fn element(self) -> Option<ElementType> {
        match self {
            Model::LoadModelF16 => Some(ElementType::Float16),
            Model::LoadModelF32 => Some(ElementType::Float32),
            Model::LoadModel | Model::GetTensor | Model::Metadata => None,
        }
    }
}

const PATH: &[Parameter] = &[Parameter::required("path", Accepts::String)];

fn load(_: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(Fact::Handle(HandleKind::Model))
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn models_come_from_paths() {
        check(Model::LoadModel.entry(), &[text("a.gguf")], Ok(Fact::Handle(HandleKind::Model)));
        let message = "`load_model` needs a String for `path`, found the Integer 3";
        check(Model::LoadModel.entry(), &[int(3)], Err((Code::ArgumentType, message)));
        let message = "`get_tensor` needs a Model for `model`, found a String";
        check(Model::GetTensor.entry(), &[text("a"), text("b")], Err((Code::ArgumentType, message)));
    }
}
