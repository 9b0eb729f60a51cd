//! What can be checked of a model from its headers: that tensors lie where they
//! can, and that tensors, sizes and vocabulary fit each other.

use std::collections::{HashMap, HashSet};

use super::fault::Fault;
use super::{Format, Index};
use crate::gguf::{Array, Value};

/// The most messages of one kind; the rest is counted.
const MOST_ALIKE: usize = 5;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is about, in one word.
    pub subject: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// What was found.
    pub message: String,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It is unusual, and harms nothing.
    Note,
    /// The model is broken.
    Fails,
}

/// Checks everything that the headers tell.
pub fn verify(index: &Index) -> Vec<Check> {
    let mut report = Report::default();
    places(index, &mut report);
    unused_bytes(index, &mut report);
    if let Format::Gguf { .. } = index.format {
        layers(index, &mut report);
        heads(index, &mut report);
        shapes(index, &mut report);
        vocabulary(index, &mut report);
        numbers(index, &mut report);
    }
    report.0
}

#[derive(Default)]
struct Report(Vec<Check>);

impl Report {
    fn add(&mut self, subject: &'static str, verdict: Verdict, message: impl Into<String>) {
        self.0.push(Check { subject, verdict, message: message.into() });
    }

    /// A check that holds if there is nothing to say against it.
    fn unless(&mut self, subject: &'static str, against: Vec<String>, holds: String) {
        let more = against.len().saturating_sub(MOST_ALIKE);
        if against.is_empty() {
            self.add(subject, Verdict::Holds, holds);
        }
        against.into_iter().take(MOST_ALIKE).for_each(|message| self.add(subject, Verdict::Fails, message));
        if more > 0 {
            self.add(subject, Verdict::Fails, format!("and {more} more"));
        }
    }
}

fn places(index: &Index, report: &mut Report) {
    let beyond = |fault: &&Fault| matches!(fault, Fault::BeyondEnd { .. });
    let cut = index.faults.iter().filter(beyond).count();
    let mut against: Vec<String> = Vec::new();
    if cut > 1 {
        let (all, data) = (index.tensors().len(), index.data_bytes());
        against
            .push(format!("{cut} of {all} tensors, {data} bytes of data in all, reach beyond the end of their file"));
    }
    // One example of what is cut off, everything else in full.
    against.extend(index.faults.iter().filter(beyond).take(1).map(Fault::to_string));
    against.extend(index.faults.iter().filter(|fault| !beyond(fault)).map(Fault::to_string));
    let files = if index.parts.len() == 1 { "the file" } else { "their files" };
    let holds = format!("all {} tensors lie inside of {files}, each on bytes of its own", index.tensors().len());
    report.unless("places", against, holds);
}

/// Bytes that belong to no tensor; up to the alignment they are padding.
fn unused_bytes(index: &Index, report: &mut Report) {
    let padding = match index.format {
        Format::Gguf { alignment, .. } => alignment,
        Format::Safetensors => 1,
    };
    for (number, part) in index.parts.iter().enumerate() {
        let mut tensors: Vec<_> = index.tensors().iter().filter(|tensor| tensor.part == number).collect();
        tensors.sort_by_key(|tensor| tensor.offset);
        let mut end = part.data_start;
        let mut unused = 0u64;
        for (start, next) in tensors.iter().map(|tensor| (tensor.offset, tensor.bytes().end)).chain([(part.size, 0)]) {
            unused += start.checked_sub(end).filter(|gap| *gap >= padding).unwrap_or_default();
            end = end.max(next);
        }
        if unused > 0 {
            let name = part.path.file_name().unwrap_or_default().display();
            let message = format!("{unused} bytes of `{name}` belong to no tensor");
            report.add("bytes", Verdict::Note, message);
        }
    }
}

fn layers(index: &Index, report: &mut Report) {
    let Some(count) = index.block_count() else {
        return report.add("layers", Verdict::Note, "the metadata does not say how many layers there are");
    };
    let mut against = Vec::new();
    let found = index.tree().layer_count("blk").unwrap_or(0);
    if found as u64 != count {
        against.push(format!("the metadata says {count} layers, the tensors are those of {found}"));
    }
    let mut parts: HashMap<usize, HashSet<&str>> = HashMap::new();
    for tensor in index.tensors() {
        if let Some((layer, part)) = tensor.name.strip_prefix("blk.").and_then(|rest| rest.split_once('.'))
            && let Ok(layer) = layer.parse()
        {
            parts.entry(layer).or_default().insert(part);
        }
    }
    let first = parts.get(&0).cloned().unwrap_or_default();
    for layer in 0..found {
        match parts.get(&layer).map(|these| first.difference(these).min()) {
            None => against.push(format!("layer {layer} has no tensors")),
            Some(Some(part)) if is_llama(index) => against.push(format!("`blk.{layer}.{part}` is missing")),
            Some(_) => {}
        }
    }
    report.unless("layers", against, format!("{count} layers, as the metadata says"));
}

fn heads(index: &Index, report: &mut Report) {
    let (Some(heads), Some(groups), Some(stream)) =
        (index.head_count(), index.head_count_kv(), index.embedding_length())
    else {
        return report.add("heads", Verdict::Note, "the metadata does not say how many heads there are, as one number");
    };
    let mut against = Vec::new();
    if heads == 0 || groups == 0 {
        against.push(format!("{heads} heads and {groups} key-value heads: there must be some"));
    } else {
        if heads % groups != 0 {
            against.push(format!("{heads} heads cannot share {groups} key-value heads evenly"));
        }
        if index.of_architecture("attention.key_length").is_none() && stream % heads != 0 {
            against.push(format!("an embedding of {stream} cannot be divided among {heads} heads"));
        }
        if let (Some(rotated), Some(key)) = (index.rope_dimensions(), index.key_length())
            && (rotated > key || rotated % 2 != 0)
        {
            against.push(format!("{rotated} elements of each head rotate: expected an even number up to {key}"));
        }
    }
    report.unless("heads", against, format!("{heads} heads share {groups} key-value heads; the embedding is {stream}"));
}

/// Whether the tensors are those of a Llama, whose shapes are known.
fn is_llama(index: &Index) -> bool {
    index.architecture() == Some("llama")
}

fn shapes(index: &Index, report: &mut Report) {
    let (Some(stream), Some(rows)) = (index.embedding_length(), vocabulary_size(index)) else {
        let message = "the metadata gives no `embedding_length`, or there is no `token_embd.weight`";
        return report.add("shapes", Verdict::Note, message);
    };
    if !is_llama(index) {
        let architecture = index.architecture().unwrap_or("none");
        let message = format!("shapes are checked for the architecture llama alone, this one is {architecture}");
        return report.add("shapes", Verdict::Note, message);
    }
    let mut against = Vec::new();
    let mut expect = |name: &str, sizes: &[Option<u64>]| {
        let Some(tensor) = index.tensor(name) else { return };
        let found: Vec<u64> = tensor.shape.iter().map(|size| *size as u64).collect();
        let Some(expected) = sizes.iter().copied().collect::<Option<Vec<u64>>>() else { return };
        if found != expected {
            against.push(format!("`{name}` has shape {found:?}, the metadata asks for {expected:?}"));
        }
    };
    let times = |count: Option<u64>, length: Option<u64>| count?.checked_mul(length?);
    let queries = times(index.head_count(), index.key_length());
    let keys = times(index.head_count_kv(), index.key_length());
    let values = times(index.head_count_kv(), index.value_length());
    let results = times(index.head_count(), index.value_length());
    let (inner, stream) = (index.feed_forward_length(), Some(stream));
    expect("token_embd.weight", &[Some(rows), stream]);
    expect("output.weight", &[Some(rows), stream]);
    expect("output_norm.weight", &[stream]);
    for layer in 0..index.tree().layer_count("blk").unwrap_or(0) {
        for (part, sizes) in [
            ("attn_norm", &[stream][..]),
            ("attn_q", &[queries, stream]),
            ("attn_k", &[keys, stream]),
            ("attn_v", &[values, stream]),
            ("attn_output", &[stream, results]),
            ("ffn_norm", &[stream]),
            ("ffn_gate", &[inner, stream]),
            ("ffn_up", &[inner, stream]),
            ("ffn_down", &[stream, inner]),
        ] {
            expect(&format!("blk.{layer}.{part}.weight"), sizes);
        }
    }
    report.unless("shapes", against, "every weight has the shape that the metadata asks for".to_owned());
    if index.tensor("output.weight").is_none() {
        report.add("output", Verdict::Note, "there is no output matrix: the embedding table stands for it");
    }
}

/// How many tokens the embedding table has a row for.
fn vocabulary_size(index: &Index) -> Option<u64> {
    index.tensor("token_embd.weight")?.shape.first().map(|rows| *rows as u64)
}

fn vocabulary(index: &Index, report: &mut Report) {
    let get = |key: &str| index.get(&format!("tokenizer.ggml.{key}"));
    let count = |key: &str| get(key).and_then(Value::array).map(|Array { count, .. }| *count);
    let Some(tokens) = count("tokens") else {
        let message = "the file has no vocabulary: pass a tokenizer.json to `load_tokenizer`";
        return report.add("vocabulary", Verdict::Note, message);
    };
    let mut against = Vec::new();
    let rows = vocabulary_size(index);
    if let Some(rows) = rows.filter(|rows| *rows < tokens) {
        against.push(format!("{tokens} tokens, but `token_embd.weight` has rows for {rows}"));
    }
    if let Some(said) = index.of_architecture("vocab_size").and_then(Value::unsigned)
        && rows.is_some_and(|rows| rows != said)
    {
        against.push(format!("`vocab_size` is {said}, but `token_embd.weight` has {} rows", rows.unwrap_or_default()));
    }
    for key in ["scores", "token_type"] {
        if let Some(count) = count(key).filter(|count| *count != tokens) {
            against.push(format!("{tokens} tokens, but {count} entries in `tokenizer.ggml.{key}`"));
        }
    }
    for key in ["bos_token_id", "eos_token_id", "unknown_token_id", "padding_token_id"] {
        if let Some(id) = get(key).and_then(Value::unsigned).filter(|id| *id >= tokens) {
            against.push(format!("`tokenizer.ggml.{key}` is {id}, but there are {tokens} tokens"));
        }
    }
    report.unless("vocabulary", against, format!("{tokens} tokens, each with a row of the embedding table"));
    if let Some(rows) = rows.filter(|rows| *rows > tokens) {
        let message = format!("`token_embd.weight` has {} rows more than there are tokens", rows - tokens);
        report.add("vocabulary", Verdict::Note, message);
    }
    if get("eos_token_id").is_none() {
        report.add("vocabulary", Verdict::Note, "no `tokenizer.ggml.eos_token_id` says which token ends a text");
    }
}

fn numbers(index: &Index, report: &mut Report) {
    let mut against = Vec::new();
    if index.context_length() == Some(0) {
        against.push("a `context_length` of 0 leaves room for no token".to_owned());
    }
    if let Some(epsilon) = index.rms_epsilon().filter(|epsilon| !(*epsilon > 0.0 && *epsilon < 1.0)) {
        against.push(format!("`attention.layer_norm_rms_epsilon` is {epsilon}: expected a small positive number"));
    }
    if !(index.rope_base() > 1.0 && index.rope_base().is_finite()) {
        against.push(format!("`rope.freq_base` is {}: expected a number above 1", index.rope_base()));
    }
    report.unless("numbers", against, "context, norms and rotation have usable values".to_owned());
}
