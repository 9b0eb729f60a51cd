//! How much is known of typical chat scripts over a model of TinyLlama's shape: the
//! header of its file is made here, its data is not needed.

use std::io;
use std::path::Path;

use super::super::*;
use crate::files::{Files, Stamp};
use crate::gguf::tests::{entry, preamble, string, tensor};

/// A folder with the model and a tokenizer.
struct Folder {
    header: Vec<u8>,
    tokenizer: &'static str,
}

impl Files for Folder {
    fn read_text(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(self.tokenizer.into())
    }

    fn exists(&self, path: &Path) -> bool {
        path.ends_with("tinyllama.gguf") || path.ends_with("tokenizer.json")
    }

    fn stamp(&self, _: &Path) -> io::Result<Stamp> {
        Ok(Stamp { modified: None, length: 1 << 40 })
    }

    fn read_prefix(&self, _: &Path, length: u64) -> io::Result<Vec<u8>> {
        Ok(self.header[..self.header.len().min(length as usize)].to_vec())
    }
}

fn tiny_llama() -> Folder {
    let mut weights: Vec<(String, Vec<u64>)> = vec![
        ("token_embd.weight".into(), vec![2048, 32000]),
        ("output_norm.weight".into(), vec![2048]),
        ("output.weight".into(), vec![2048, 32000]),
    ];
    for layer in 0..22 {
        let mut add = |name: &str, sizes: &[u64]| weights.push((format!("blk.{layer}.{name}.weight"), sizes.to_vec()));
        add("attn_norm", &[2048]);
        add("ffn_norm", &[2048]);
        add("attn_q", &[2048, 2048]);
        add("attn_output", &[2048, 2048]);
        add("attn_k", &[2048, 256]);
        add("attn_v", &[2048, 256]);
        add("ffn_gate", &[2048, 5632]);
        add("ffn_up", &[2048, 5632]);
        add("ffn_down", &[5632, 2048]);
    }
    let numbers: &[(&str, u32)] = &[
        ("block_count", 22),
        ("context_length", 2048),
        ("embedding_length", 2048),
        ("feed_forward_length", 5632),
        ("attention.head_count", 32),
        ("attention.head_count_kv", 4),
    ];
    let mut header = preamble(3, weights.len() as u64, numbers.len() as u64 + 2);
    let mut text = Vec::new();
    string(&mut text, "llama");
    entry(&mut header, "general.architecture", 8, &text);
    entry(&mut header, "llama.attention.layer_norm_rms_epsilon", 6, &1e-5f32.to_le_bytes());
    for (key, number) in numbers {
        entry(&mut header, &format!("llama.{key}"), 4, &number.to_le_bytes());
    }
    let mut offset = 0;
    for (name, sizes) in &weights {
        tensor(&mut header, name, sizes, 1, offset);
        offset += (sizes.iter().product::<u64>() * 2).next_multiple_of(32);
    }
    Folder { header, tokenizer: "" }
}

/// Whether everything is known of a tensor that a name is bound to.
fn is_whole(known: &Known) -> Option<bool> {
    match &known.fact {
        Fact::Tensor { shape, .. } => {
            Some(shape.as_ref().is_some_and(|shape| !shape.0.contains(&crate::shape::Dim::Unknown)))
        }
        Fact::Tokens(len) => Some(*len != crate::shape::Dim::Unknown),
        Fact::Unknown => Some(false),
        _ => None,
    }
}

#[test]
fn nearly_every_tensor_of_a_chat_script_has_its_sizes() {
    let (files, indexes) = (tiny_llama(), Indexes::default());
    let scripts = [
        ("functions", include_str!("chat/functions.tl")),
        ("inlined", include_str!("chat/inlined.tl")),
        ("cached", include_str!("chat/cached.tl")),
        ("matrices", include_str!("chat/matrices.tl")),
        ("single_cache", include_str!("chat/single_cache.tl")),
    ];
    let mut report = String::new();
    let mut failed = false;
    for (name, text) in scripts {
        let mut sources = Sources::default();
        let file = sources.add(format!("{name}.tl"), text.to_string());
        let world = World {
            files: &files,
            indexes: &indexes,
            script: Path::new("chat.tl"),
            model: None,
            words: None,
            default_element: ElementType::Float32,
        };
        let (analysis, inference) = check(&mut sources, file, &world);
        let judged: Vec<(&Binding, bool)> =
            inference.bindings.iter().filter_map(|binding| Some((binding, is_whole(&binding.known)?))).collect();
        let whole = judged.iter().filter(|(_, whole)| *whole).count();
        report += &format!("{name}: {whole} of {}\n", judged.len());
        for (binding, _) in judged.iter().filter(|(_, whole)| !whole) {
            report += &format!("    {} {} {:?}\n", sources.describe(binding.span), binding.name, binding.known.fact);
        }
        failed |= whole * 100 < judged.len() * 95;
        for problem in analysis.problems.iter().filter(|problem| problem.severity != Severity::Hint) {
            report +=
                &format!("    {} {}: {}\n", sources.describe(problem.place), problem.code.name(), problem.message);
            failed = true;
        }
    }
    assert!(!failed, "\n{report}");
}

#[test]
fn the_tokenizer_belongs_to_the_model() {
    let files = Folder { tokenizer: r#"{"model": {"vocab": {"a": 0, "b": 1}}}"#, ..tiny_llama() };
    let text = "main {\nlet m = load_model(\"tinyllama.gguf\")\nlet t = load_tokenizer(\"tokenizer.json\")\nlet x = embedding(m.token_embd.weight, tokenize(t, input()))\nprint(x)\n}";
    let mut sources = Sources::default();
    let file = sources.add("chat.tl", text.to_string());
    let world = World {
        files: &files,
        indexes: &Indexes::default(),
        script: Path::new("chat.tl"),
        model: None,
        words: None,
        default_element: ElementType::Float32,
    };
    let (analysis, _) = check(&mut sources, file, &world);
    let [problem] = &analysis.problems[..] else { panic!("{:#?}", analysis.problems) };
    assert_eq!(problem.code, crate::diagnostic::Code::TokenizerMismatch);
    assert_eq!(problem.message, "the tokenizer has 2 tokens, the model has rows for 32000");
    assert_eq!(sources.text(problem.place), "\"tokenizer.json\"");
    let related: Vec<&str> = problem.related.iter().map(|label| sources.text(label.place)).collect();
    assert_eq!(related, ["m.token_embd.weight"]);
}
