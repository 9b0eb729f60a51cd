//! The ids of the shipped vocabulary against llama.cpp's: a thousand strings
//! and their ids lie in `tests/fixtures/`, written by `tests/compare/`.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::script::{Script, tell};
use crate::{Trials, folders, models};

/// One trial for each file that holds the vocabulary.
pub fn trials() -> Trials {
    let sources = [("tokenizer.json", models::tokenizer()), ("stories-f16.gguf", models::shipped("f16"))];
    let trials = sources.into_iter().map(|(name, path)| {
        let name = format!("tokenizer: the ids of {name} equal llama.cpp's on a thousand strings");
        Trial::test(name, move || same_ids(&path))
    });
    Ok(trials.collect())
}

/// A string and llama.cpp's ids of it.
struct Line {
    text: String,
    ids: String,
}

fn same_ids(tokenizer: &Path) -> Result<(), Failed> {
    let lines = fixture()?;
    if lines.len() < 1000 {
        return Err(format!("expected a thousand strings, found {}", lines.len()).into());
    }
    let mut script = format!("main {{\n    let t = load_tokenizer(\"{}\")\n", tokenizer.display());
    for line in &lines {
        script.push_str(&format!("    print(tokenize(t, \"{}\"))\n", escaped(&line.text)));
    }
    script.push('}');
    let path = folders::file("tests/tokenizer.tl");
    let told = tell(Script { path: &path, text: script, files: Vec::new(), words: Vec::new(), input: String::new() });
    if let Some(problem) = told.problems.iter().find(|problem| problem.severity == "error") {
        return Err(problem.to_string().into());
    }
    let found: Vec<&str> = told.output.lines().collect();
    let wrong: Vec<String> = lines
        .iter()
        .enumerate()
        .filter(|(index, line)| found.get(*index) != Some(&&*line.ids))
        .map(|(index, line)| format!("{:?}\n  expected {}\n  found    {:?}", line.text, line.ids, found.get(index)))
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{} of {} strings differ\n{}", wrong.len(), lines.len(), wrong[..wrong.len().min(10)].join("\n"))
        .into())
}

fn fixture() -> Result<Vec<Line>, Failed> {
    let text = folders::read(&folders::file("tests/fixtures/tokenizer-ids.jsonl"))?;
    text.lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line)?;
            let ids = line["ids"].as_array().ok_or("a line without ids")?;
            let ids: Vec<String> = ids.iter().map(Value::to_string).collect();
            let text = line["text"].as_str().ok_or("a line without a text")?.to_owned();
            Ok(Line { text, ids: format!("[{}]", ids.join(", ")) })
        })
        .collect()
}

/// The text as a string literal holds it.
fn escaped(text: &str) -> String {
    let escape = |character| match character {
        '\\' => "\\\\".to_owned(),
        '"' => "\\\"".to_owned(),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(escape).collect()
}
