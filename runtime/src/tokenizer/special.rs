//! Which tokens begin and end a text. A `tokenizer.json` does not say it; the
//! file beside it does, and else the names are well known.

use serde_json::Value;
use tokenizers::Tokenizer;

/// Names that begin a text, the most telling first.
const BEGIN: &[&str] = &["<s>", "<|begin_of_text|>", "<bos>", "<|startoftext|>", "[BOS]", "<|begin▁of▁sentence|>"];

/// Names that end a text or an answer, the most telling first.
const END: &[&str] = &[
    "</s>",
    "<|eot_id|>",
    "<|im_end|>",
    "<|end_of_text|>",
    "<eos>",
    "<|endoftext|>",
    "<|end|>",
    "[EOS]",
    "<|end▁of▁sentence|>",
];

/// The ids that begin and end a text.
pub(super) fn find(tokenizer: &Tokenizer, json: &Value, config: Option<&Value>) -> (Option<u32>, Option<u32>) {
    let named = |key: &str| {
        let entry = config?.get(key)?;
        let name = entry.as_str().or_else(|| entry.get("content")?.as_str())?;
        tokenizer.token_to_id(name)
    };
    let known = |names: &[&str]| names.iter().find_map(|name| tokenizer.token_to_id(name));
    let bos = named("bos_token").or_else(|| leading(tokenizer, json)).or_else(|| known(BEGIN));
    let eos = named("eos_token").or_else(|| known(END));
    (bos, eos)
}

/// The token that the tokenizer itself puts before a text.
fn leading(tokenizer: &Tokenizer, json: &Value) -> Option<u32> {
    let processor = json.get("post_processor")?;
    let inner = processor.get("processors").and_then(Value::as_array);
    let mut templates = inner.into_iter().flatten().chain([processor]).filter_map(|one| one.get("single")?.as_array());
    let first = templates.next()?.first()?.get("SpecialToken")?.get("id")?.as_str()?;
    tokenizer.token_to_id(first)
}
