//! Tokenizers: single ids, and the names of older scripts.

use crate::catalogue::entry::{Accepts, Entry, Parameter};
use crate::catalogue::fact::{Fact, HandleKind};
use crate::shape::Dim;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "detokenize_single",
        spellings: &[],
        parameters: &[
            TOKENIZER,
            Parameter::required("id", Accepts::Integer),
            Parameter::optional("skip_special", Accepts::Boolean, "true"),
        ],
        result: "a String",
        summary: "The text of one token alone.",
        documentation: "It loses the space before its word, and a character that is spread over several tokens; print generated text with `decode_stream`.",
        example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(detokenize_single(tokenizer, 2, false))",
        prints: "</s>",
        rule: |_| Ok(Fact::String(None)),
    },
    Entry {
        name: "detokenize_incremental",
        spellings: &[],
        parameters: &[TOKENIZER, Parameter::required("ids", Accepts::Ids)],
        result: "a String",
        summary: "The whole text of ids, special tokens included.",
        documentation: "Despite its name it does not remember what it has told; `decode_stream` does.",
        example: "let tokenizer = load_tokenizer(\"models/tokenizer.json\")\nprint(detokenize_incremental(tokenizer, [1, 2]))",
        prints: "<s></s>",
        rule: |_| Ok(Fact::String(None)),
    },
    Entry {
        name: "int_to_tokenids",
        spellings: &[],
        parameters: &[Parameter::required("id", Accepts::Integer)],
        result: "Tokens of length 1",
        summary: "One id as Tokens.",
        documentation: "",
        example: "print(append(int_to_tokenids(5), 6))",
        prints: "[5, 6]",
        rule: |_| Ok(Fact::Tokens(Dim::Known(1))),
    },
];

const TOKENIZER: Parameter = Parameter::required("tokenizer", Accepts::Handle(HandleKind::Tokenizer));
