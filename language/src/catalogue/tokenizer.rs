//! Tokenizers: text to token ids and back. The ids of a text mean something
//! only to the model that was trained with the same tokenizer.

use super::entry::{Accepts, Entry, Parameter};
use super::fact::{Fact, HandleKind};
use crate::shape::Dim;

/// The builtins on tokenizers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tokenizer {
    /// Opens a tokenizer.
    LoadTokenizer,
    /// Text to ids.
    Tokenize,
    /// Ids to text.
    Detokenize,
    /// The text that ids have added.
    DecodeStream,
    /// The id that ends a text.
    EosId,
    /// The id that begins a text.
    BosId,
    /// The text of one id.
    DetokenizeSingle,
    /// The text of all ids.
    DetokenizeIncremental,
    /// One id as a list.
    IntToTokenids,
}

impl Tokenizer {
    /// Every builtin of the family.
    pub const ALL: &[Tokenizer] = &[
        Tokenizer::LoadTokenizer,
        Tokenizer::Tokenize,
        Tokenizer::Detokenize,
        Tokenizer::DecodeStream,
        Tokenizer::EosId,
        Tokenizer::BosId,
        Tokenizer::DetokenizeSingle,
        Tokenizer::DetokenizeIncremental,
        Tokenizer::IntToTokenids,
    ];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Tokenizer::LoadTokenizer => &Entry {
                name: "load_tokenizer",
                spellings: &[],
                parameters: const { &[Parameter::required("source", Accepts::TokenizerSource)] },
                result: "a Tokenizer",
                summary: "Opens a tokenizer.json, or the vocabulary inside of a .gguf file or of a loaded model.",
                documentation: "A relative path is looked for beside the script, in the working directory and in the models directory (`TL_MODELS`).",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(tokenizer)",
                prints: "<Tokenizer>",
                rule: |_| Ok(Fact::Handle(HandleKind::Tokenizer)),
            },
            Tokenizer::Tokenize => &Entry {
                name: "tokenize",
                spellings: &[],
                parameters: const {
                    &[
                        TOKENIZER,
                        Parameter::required("text", Accepts::String),
                        Parameter::optional("add_special", Accepts::Boolean, "true"),
                    ]
                },
                result: "Tokens",
                summary: "Turns text into token ids.",
                documentation: "With `add_special` the ids begin with the token that the model expects in front. Special tokens written in the text, such as `</s>`, are recognised either way.",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nlet ids = tokenize(tokenizer, \"Once upon a time\")\nprint(ids[0] == bos_id(tokenizer))\nprint(detokenize(tokenizer, ids))",
                prints: "true\nOnce upon a time",
                rule: |_| Ok(Fact::Tokens(Dim::Unknown)),
            },
            Tokenizer::Detokenize => &Entry {
                name: "detokenize",
                spellings: &[],
                parameters: const {
                    &[
                        TOKENIZER,
                        Parameter::required("ids", Accepts::Ids),
                        Parameter::optional("skip_special", Accepts::Boolean, "true"),
                    ]
                },
                result: "a String",
                summary: "Turns token ids, or one id, into text.",
                documentation: "One id alone loses the space before its word; print generated text with `decode_stream`.",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(detokenize(tokenizer, [1, 2], false))",
                prints: "<s></s>",
                rule: |_| Ok(Fact::String(None)),
            },
            Tokenizer::DecodeStream => &Entry {
                name: "decode_stream",
                spellings: &[],
                parameters: const { &[TOKENIZER, Parameter::required("ids", Accepts::Ids)] },
                result: "a String, the new text",
                summary: "The text that a growing list of ids has gained since the last call, in whole characters.",
                documentation: "Meant for `write` in a loop that appends tokens. It begins anew when `ids` does not continue the list of the last call. Special tokens are skipped. Each tokenizer has one such stream.",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nlet ids = tokenize(tokenizer, \"One day\")\nwrite(decode_stream(tokenizer, slice(ids, 0, 2)))\nwrite(decode_stream(tokenizer, ids))\nprint()",
                prints: "One day",
                rule: |_| Ok(Fact::String(None)),
            },
            Tokenizer::EosId => &Entry {
                name: "eos_id",
                spellings: &[],
                parameters: &[TOKENIZER],
                result: "an Integer",
                summary: "The id of the token that ends a text.",
                documentation: "An error where the tokenizer has none.",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(eos_id(tokenizer))",
                prints: "2",
                rule: |_| Ok(Fact::Integer(None)),
            },
            Tokenizer::BosId => &Entry {
                name: "bos_id",
                spellings: &[],
                parameters: &[TOKENIZER],
                result: "an Integer",
                summary: "The id of the token that begins a text.",
                documentation: "An error where the tokenizer has none.",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(bos_id(tokenizer))",
                prints: "1",
                rule: |_| Ok(Fact::Integer(None)),
            },
            Tokenizer::DetokenizeSingle => &Entry {
                name: "detokenize_single",
                spellings: &[],
                parameters: const {
                    &[
                        TOKENIZER,
                        Parameter::required("id", Accepts::Integer),
                        Parameter::optional("skip_special", Accepts::Boolean, "true"),
                    ]
                },
                result: "a String",
                summary: "The text of one token alone.",
                documentation: "It loses the space before its word, and a character that is spread over several tokens; print generated text with `decode_stream`.",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(detokenize_single(tokenizer, 2, false))",
                prints: "</s>",
                rule: |_| Ok(Fact::String(None)),
            },
            Tokenizer::DetokenizeIncremental => &Entry {
                name: "detokenize_incremental",
                spellings: &[],
                parameters: const { &[TOKENIZER, Parameter::required("ids", Accepts::Ids)] },
                result: "a String",
                summary: "The whole text of ids, special tokens included.",
                documentation: "Despite its name it does not remember what it has told; `decode_stream` does.",
                example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(detokenize_incremental(tokenizer, [1, 2]))",
                prints: "<s></s>",
                rule: |_| Ok(Fact::String(None)),
            },
            Tokenizer::IntToTokenids => &Entry {
                name: "int_to_tokenids",
                spellings: &[],
                parameters: const { &[Parameter::required("id", Accepts::Integer)] },
                result: "Tokens of length 1",
                summary: "One id as Tokens.",
                documentation: "",
                example: "print(append(int_to_tokenids(5), 6))",
                prints: "[5, 6]",
                rule: |_| Ok(Fact::Tokens(Dim::Known(1))),
            },
        }
    }
}

const TOKENIZER: Parameter = Parameter::required("tokenizer", Accepts::Handle(HandleKind::Tokenizer));

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;
    use crate::diagnostic::Code;

    const HANDLE: Fact = Fact::Handle(HandleKind::Tokenizer);

    #[test]
    fn ids_are_of_many_kinds() {
        let entry = Tokenizer::Detokenize.entry();
        check(entry, &[HANDLE, ints(&[1, 2])], Ok(Fact::String(None)));
        check(entry, &[HANDLE, int(1)], Ok(Fact::String(None)));
        let message = "`detokenize` needs token ids for `ids`, found a String";
        check(entry, &[HANDLE, text("a")], Err((Code::ArgumentType, message)));
    }

    #[test]
    fn sources_are_paths_and_models() {
        let entry = Tokenizer::LoadTokenizer.entry();
        check(entry, &[Fact::Handle(HandleKind::Model)], Ok(HANDLE));
        let message = "`load_tokenizer` needs the path of a tokenizer or a Model for `source`, found the Integer 1";
        check(entry, &[int(1)], Err((Code::ArgumentType, message)));
    }
}
