//! `tokenizer-mismatch`: ids of a tokenizer that looks up rows in the table of a
//! model with another vocabulary.

use std::fmt;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Part, beside};
use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Diagnostic, Label, Severity};
use crate::inference::history::{Role, Vocabulary};
use crate::inference::known::Known;
use crate::inference::models::place_of;
use crate::inference::walk::Walk;
use crate::source::Span;

/// How much smaller than the table a vocabulary may be: files pad their tables.
const LEAST_SHARE: f64 = 0.9;

impl Walk<'_> {
    /// The vocabulary of a `tokenizer.json` or of the tokenizer in a model, where it is at
    /// hand.
    pub(in crate::inference) fn vocabulary(&mut self, source: &Known, span: Span) -> Option<Vocabulary> {
        let text = source.text.as_ref()?;
        let path = self.models.find(self.world, "tokenizer", &text.content).ok()?;
        let (indexes, files) = (self.world.indexes, self.world.files);
        let count = match path.extension()?.to_str()? {
            "json" => indexes.vocabulary(files, &path, count)?,
            "gguf" => indexes.vocabulary_of_model(files, &path)?,
            _ => return None,
        };
        Some(Vocabulary { count, span: place_of(source, span) })
    }

    /// `embedding(table, ids)`.
    pub(super) fn advise_embedding(&mut self, parts: [Part; 2]) {
        let ids = parts.iter().find_map(|(known, _)| known.history.rare().vocabulary);
        let table = parts.iter().find(|(known, _)| matches!(known.history.role, Some(Role::Weight(_))));
        let (Some(ids), Some(table)) = (ids, table) else { return };
        let Fact::Tensor { shape: Some(shape), .. } = &table.0.fact else { return };
        let Some(rows) = shape.0.first().and_then(|rows| rows.known()) else { return };
        if ids.count <= rows && ids.count as f64 >= rows as f64 * LEAST_SHARE {
            return;
        }
        let message = format!("the tokenizer has {} tokens, the model has rows for {rows}", ids.count);
        let problem = Diagnostic::new(Code::TokenizerMismatch, ids.span, message)
            .severity(Severity::Warning)
            .help("load the tokenizer that belongs to the model");
        let mut labels = self.births([*table], ids.span);
        if labels.iter().all(|label| label.place != table.1) {
            labels.push(Label { place: table.1, message: "its ids look up rows here".to_string() });
        }
        self.tell(beside(problem, labels));
    }
}

#[derive(Deserialize)]
struct File {
    model: Model,
    #[serde(default)]
    added_tokens: Vec<Added>,
}

#[derive(Deserialize)]
struct Model {
    vocab: Count,
}

#[derive(Deserialize)]
struct Added {
    id: usize,
}

/// How many entries a list or an object has.
struct Count(usize);

/// How many ids a `tokenizer.json` has.
fn count(bytes: &[u8]) -> Option<usize> {
    let file: File = serde_json::from_slice(bytes).ok()?;
    let added = file.added_tokens.iter().map(|token| token.id + 1).max().unwrap_or(0);
    Some(file.model.vocab.0.max(added))
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Count, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("the entries of a vocabulary")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Count, A::Error> {
                let mut count = 0;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Count(count))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Count, A::Error> {
                let mut count = 0;
                while list.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_any(Entries)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::files::Disk;
    use crate::weights::Indexes;

    #[test]
    fn the_vocabulary_of_a_model_is_that_of_its_tokenizer() {
        let models = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/models"));
        let count = |file: &str| Indexes::default().vocabulary_of_model(&Disk, &models.join(file));
        assert_eq!(count("stories-f16.gguf"), Some(1024));
        assert_eq!(count("tokenizer.json"), None);
    }

    #[test]
    fn vocabularies_are_counted() {
        let text =
            r#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}}, "added_tokens": [{"id": 4, "content": "x"}]}"#;
        assert_eq!(count(text.as_bytes()), Some(5));
        assert_eq!(count(br#"{"model": {"vocab": [["a", 0.5], ["b", 1.0]]}}"#), Some(2));
        assert_eq!(count(b"{}"), None);
    }
}
