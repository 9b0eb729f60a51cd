//! Files of tensors, weights that are read as they are needed, and whole texts.

use crate::catalogue::entry::{Accepts, Entry, Parameter};
use crate::catalogue::fact::{Fact, HandleKind};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "save",
        spellings: &[],
        parameters: &[Parameter::required("x", Accepts::Tensor), Parameter::required("path", Accepts::String)],
        result: "nothing",
        summary: "Writes a tensor to a file that `load` reads.",
        documentation: "A relative path begins in the working directory. The format is private: rank, sizes and element size as 32-bit numbers, then the elements, all little-endian.",
        example: "let path = \"/tmp/tensorlogic-example-save\"\nsave([1.0, 2.0], path)\nprint(load(path))",
        prints: "[1, 2]",
        rule: |_| Ok(Fact::Void),
    },
    Entry {
        name: "load",
        spellings: &[],
        parameters: PATH,
        result: "a tensor",
        summary: "Reads a tensor that `save` has written.",
        documentation: "",
        example: "let path = \"/tmp/tensorlogic-example-load\"\nsave([[1.0, 2.0]], path)\nprint(shape(load(path)))",
        prints: "[1, 2]",
        rule: |_| Ok(Fact::shaped(None)),
    },
    Entry {
        name: "load_weight_cache_f16",
        spellings: &[],
        parameters: CACHED,
        result: "a Model",
        summary: "Opens a safetensors file whose weights are used as float16.",
        documentation: "Weights are read where they are used, so nothing has to be kept: `capacity`, the number of weights that older interpreters kept, is taken and has no effect.",
        example: "let path = arg(\"weights\", \"\")\nif path != \"\" { print(load_weight_cache_f16(path, 200)) }",
        prints: "",
        rule: |_| Ok(Fact::Handle(HandleKind::Model)),
    },
    Entry {
        name: "load_weight_cache_f32",
        spellings: &[],
        parameters: CACHED,
        result: "a Model",
        summary: "Opens a safetensors file whose weights are used as float32.",
        documentation: "`capacity` has no effect, see `load_weight_cache_f16`.",
        example: "let path = arg(\"weights\", \"\")\nif path != \"\" { print(load_weight_cache_f32(path, 200)) }",
        prints: "",
        rule: |_| Ok(Fact::Handle(HandleKind::Model)),
    },
    Entry {
        name: "load_weight_cache_gguf_f16",
        spellings: &[],
        parameters: CACHED,
        result: "a Model",
        summary: "Opens a GGUF file as `load_model_f16` does.",
        documentation: "`capacity` has no effect, see `load_weight_cache_f16`.",
        example: "let model = load_weight_cache_gguf_f16(\"models/stories-f16.gguf\", 200)\nprint(len(model.blk))",
        prints: "4",
        rule: |_| Ok(Fact::Handle(HandleKind::Model)),
    },
    Entry {
        name: "load_weight_cache_gguf_f32",
        spellings: &[],
        parameters: CACHED,
        result: "a Model",
        summary: "Opens a GGUF file as `load_model_f32` does.",
        documentation: "`capacity` has no effect, see `load_weight_cache_f16`.",
        example: "let model = load_weight_cache_gguf_f32(\"models/stories-f16.gguf\", 200)\nprint(len(model.blk))",
        prints: "4",
        rule: |_| Ok(Fact::Handle(HandleKind::Model)),
    },
    Entry {
        name: "generate",
        spellings: &[],
        parameters: &[
            MODEL,
            Parameter::required("prompt", Accepts::String),
            Parameter::optional("max_tokens", Accepts::Integer, "100"),
            Parameter::optional("temperature", Accepts::Number, "0.7"),
        ],
        result: "a String",
        summary: "The text with which a model goes on after a prompt.",
        documentation: "Uses the tokenizer inside of the model's file and stops at its end token, at the latest after `max_tokens` tokens.",
        example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(len(generate(model, \"Once\", max_tokens = 0)))",
        prints: "0",
        rule: |_| Ok(Fact::String(None)),
    },
];

const PATH: &[Parameter] = &[Parameter::required("path", Accepts::String)];
const CACHED: &[Parameter] =
    &[Parameter::required("path", Accepts::String), Parameter::required("capacity", Accepts::Integer)];
const MODEL: Parameter = Parameter::required("model", Accepts::Handle(HandleKind::Model));
