//! Properties: what stands behind a dot without parentheses. Those of a model follow
//! the names of its weight file; `<…>` stands for such a name.

use super::fact::{Fact, HandleKind};

/// The declaration of one property.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// What has it, as a reader would write it: `model`.
    pub of: &'static str,
    /// What is written behind that: `.<name>`.
    pub written: &'static str,
    /// What it is.
    pub result: &'static str,
    /// One sentence, complete in itself.
    pub summary: &'static str,
    /// The body of a `main` that shows it; empty where no shipped file has one.
    pub example: &'static str,
    /// What the example prints.
    pub prints: &'static str,
    /// Whether a value of this kind has it.
    pub has: fn(&Fact) -> bool,
}

/// Every property, from the outermost value to the innermost.
pub const ALL: &[Property] = &[
    Property {
        of: "x",
        written: ".shape",
        result: "an IntArray of sizes",
        summary: "The sizes of a tensor's axes, as `shape(x)`; arrays and tokens have one.",
        example: "print(zeros([2, 3]).shape)",
        prints: "[2, 3]",
        has: |fact| matches!(fact, Fact::Tensor { .. } | Fact::Array { .. } | Fact::Tokens(_)),
    },
    Property {
        of: "model",
        written: ".<name>",
        result: "Layers, a Feature or a tensor",
        summary: "What the weight file has under a name: `blk` are its layers, `token_embd` and `output_norm` features.",
        example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(model.blk, model.output_norm)",
        prints: "<Layers: 4> <Feature output_norm>",
        has: |fact| *fact == Fact::Handle(HandleKind::Model),
    },
    Property {
        of: "layers",
        written: "[i]",
        result: "a Layer",
        summary: "One layer by its number; negative ones count from the end.",
        example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(model.blk[-1])",
        prints: "<Layer 3>",
        has: |fact| *fact == Fact::Handle(HandleKind::Layers),
    },
    Property {
        of: "layer",
        written: ".<name>",
        result: "a Feature",
        summary: "A feature of a layer: `attn_norm`, `attn_q`, `attn_k`, `attn_v`, `attn_output`, `ffn_norm`, `ffn_gate`, `ffn_up` and `ffn_down` in files of the llama family.",
        example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(shape(model.blk[0].attn_q))",
        prints: "[192, 192]",
        has: |fact| *fact == Fact::Handle(HandleKind::Layer),
    },
    Property {
        of: "feature",
        written: ".weight",
        result: "a tensor",
        summary: "The weight of a feature, in the blocks of its file; a weight from k to n features is [n, k].",
        example: "let model = load_model(\"models/stories-f16.gguf\")\nprint(shape(model.blk[0].ffn_up.weight))",
        prints: "[512, 192]",
        has: |fact| *fact == Fact::Handle(HandleKind::Feature),
    },
    Property {
        of: "feature",
        written: ".bias",
        result: "a tensor",
        summary: "The bias of a feature, where the file has one.",
        example: "",
        prints: "",
        has: |fact| *fact == Fact::Handle(HandleKind::Feature),
    },
];
