//! How much is known of typical chat scripts over a model of TinyLlama's shape: the
//! header of its file is made here, its data is not needed.

use std::io;
use std::path::{Path, PathBuf};

use super::super::*;
use super::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{Files, Readable, Stamp};
use crate::gguf::{GgmlType, Llama};

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

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn Readable>> {
        Ok(Box::new(Sparse(io::Cursor::new(self.header.clone()))))
    }
}

/// A file that is as long as it says, of which only the header is there.
struct Sparse(io::Cursor<Vec<u8>>);

impl io::Read for Sparse {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        into.fill(0);
        self.0.read(into)?;
        Ok(into.len())
    }
}

impl io::Seek for Sparse {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        match to {
            io::SeekFrom::End(_) => Ok(1 << 40),
            to => self.0.seek(to),
        }
    }
}

fn tiny_llama() -> Folder {
    Folder { header: Llama::TINY_LLAMA.draft(GgmlType::F16).header(), tokenizer: "" }
}

/// Whether everything is known of a tensor that a name is bound to.
fn is_whole(known: &Known) -> Option<bool> {
    match &known.fact {
        Fact::Tensor { shape, .. } => {
            Some(shape.as_ref().is_some_and(|shape| !shape.0.contains(&crate::shape::Dim::Unknown)))
        }
        Fact::Tokens(len) => Some(*len != crate::shape::Dim::Unknown),
        Fact::Unknown if known.fields.is_some() => None,
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
        ("kv_cache", include_str!("chat/kv_cache.tl")),
        ("struct_config", include_str!("chat/struct_config.tl")),
        ("recursive", include_str!("chat/recursive.tl")),
        ("grouped", include_str!("chat/grouped.tl")),
        ("scaled_config", include_str!("chat/scaled_config.tl")),
        ("chunked", include_str!("chat/chunked.tl")),
        ("layer_outputs", include_str!("chat/layer_outputs.tl")),
        ("prompts", include_str!("chat/prompts.tl")),
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
            inference.bindings().iter().filter_map(|binding| Some((binding, is_whole(&binding.known)?))).collect();
        let whole = judged.iter().filter(|(_, whole)| *whole).count();
        report += &format!("{name}: {whole} of {}\n", judged.len());
        for (binding, _) in judged.iter().filter(|(_, whole)| !whole) {
            report += &format!("    {} {} {:?}\n", sources.describe(binding.span), binding.name, binding.known.fact);
        }
        failed |= whole * 100 < judged.len() * 95;
        let is_mistake = |problem: &&Diagnostic| problem.severity != Severity::Hint;
        for problem in analysis.problems.iter().filter(is_mistake) {
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
