//! Pages on models and other files.

use super::Page;
use crate::diagnostic::Code;

pub(super) const PAGES: &[Page] = &[
    Page {
        code: Code::ModelNotFound,
        meaning: "No file is found for a model or a tokenizer. Relative paths are looked for beside the script, in the \
                  working directory and in the models directory (`TL_MODELS`). The check and editors tell it as a \
                  warning, since the file may exist where the script runs.",
        example: r#"
main {
    let model = load_model("models/no-such-model.gguf")
    print(model)
}
"#,
        beside: &[],
        matters: "Without the file nothing is known of its weights, and no shape that depends on them is checked.",
        repair: "Correct the path, or set `TL_MODELS` to the folder of your models. The note lists what was tried.",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    print(model)
}
"#,
    },
    Page {
        code: Code::ModelUnreadable,
        meaning: "The file exists and is no weight file that can be used: another format, another version, or cut off \
                  while it was copied.",
        example: r#"
main {
    let model = load_model("notes.gguf")
    print(model)
}
"#,
        beside: &[("notes.gguf", "\nnothing but words\n")],
        matters: "A weight file that is wrong in one place cannot be trusted in another.",
        repair: "Name a GGUF file; fetch it again if it was cut off:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    print(model)
}
"#,
    },
    Page {
        code: Code::UnknownTensor,
        meaning: "The weight file holds no tensor of this name. The place is the first part of the name that does not \
                  exist.",
        example: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    print(shape(model.blk[0].attn_qq.weight))
}
"#,
        beside: &[],
        matters: "Files of other architectures name their tensors otherwise.",
        repair: "Use a name that the file has; completion behind the dot offers them:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    print(shape(model.blk[0].attn_q.weight))
}
"#,
    },
    Page {
        code: Code::TokenizerMismatch,
        meaning: "The tokenizer's vocabulary is not the one that the model was made with: their sizes differ.",
        example: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let tokenizer = load_tokenizer("words.json")
    let tokens = tokenize(tokenizer, "one two")
    print(shape(embedding(model.token_embd.weight, tokens)))
}
"#,
        beside: &[(
            "words.json",
            r#"
{
  "version": "1.0",
  "pre_tokenizer": { "type": "Whitespace" },
  "model": { "type": "WordLevel", "vocab": { "?": 0, "one": 1, "two": 2 }, "unk_token": "?" }
}
"#,
        )],
        matters: "Ids mean other words to the model, so it answers nonsense without any error.",
        repair: "Load the tokenizer that belongs to the model; a weight file often holds its own:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let tokenizer = load_tokenizer("models/tokenizer.json")
    let tokens = tokenize(tokenizer, "one two")
    print(shape(embedding(model.token_embd.weight, tokens)))
}
"#,
    },
    Page {
        code: Code::ImportNotFound,
        meaning: "An imported file is not there. A relative path begins at the file that imports.",
        example: r#"
import "helper.tl"

main {
    print(twice(1.5))
}
"#,
        beside: &[(
            "helpers.tl",
            r#"
fn twice(x: float) -> float {
    x * 2.0
}
"#,
        )],
        matters: "Its functions and tensors are unknown, so every use of them would be told as well.",
        repair: "Correct the path:",
        repaired: r#"
import "helpers.tl"

main {
    print(twice(1.5))
}
"#,
    },
    Page {
        code: Code::ImportCycle,
        meaning: "Files import each other in a circle. Importing one file by several ways is no circle.",
        example: r#"
import "other.tl"

fn twice(x: float) -> float {
    x * 2.0
}

main {
    print(thrice(1.5))
}
"#,
        beside: &[(
            "other.tl",
            r#"
import "example.tl"

fn thrice(x: float) -> float {
    twice(x) + x
}
"#,
        )],
        matters: "The tensors of neither file could get their values first.",
        repair: "Move what both need into one of them, or into a third file:",
        repaired: r#"
fn twice(x: float) -> float {
    x * 2.0
}

fn thrice(x: float) -> float {
    twice(x) + x
}

main {
    print(thrice(1.5))
}
"#,
    },
];
