//! The models that tests read: the shipped ones, small random ones, and the
//! reference in NumPy that says what their numbers are.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use libtest_mimic::Failed;
use serde_json::Value;

use crate::{folders, tool};

/// The types of the shipped and of the random models.
pub const SHIPPED: &[&str] = &["f16", "q8_0", "q4_0"];

/// The random models of each type differ in their seeds.
pub const SEEDS: &[u32] = &[1, 2, 3, 4, 5];

/// The shipped model of one type.
pub fn shipped(kind: &str) -> PathBuf {
    folders::models().join(format!("stories-{kind}.gguf"))
}

/// The shipped tokenizer.
pub fn tokenizer() -> PathBuf {
    folders::models().join("tokenizer.json")
}

/// A random model of two layers.
pub fn random(kind: &str, seed: u32) -> Result<PathBuf, Failed> {
    match &*RANDOM {
        Ok(folder) => Ok(folder.join(format!("random-{kind}-{seed}.gguf"))),
        Err(problem) => Err(problem.into()),
    }
}

static RANDOM: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let folder = folders::file(".cache/models");
    let made = python("random_model.py").map(|mut command| tool::finish(command.arg(&folder)));
    match made.map_err(|failed| message(&failed))?.map_err(|failed| message(&failed))? {
        finished if finished.code == Some(0) => Ok(folder),
        finished => Err(finished.describe()),
    }
});

/// The reference's logits behind the last token.
pub fn reference_logits(model: &Path, tokens: &[u32]) -> Result<Vec<f64>, Failed> {
    let answer = reference(&["logits"], model, tokens)?;
    let logits = answer["logits"].as_array().ok_or("the reference told no logits")?;
    Ok(logits.iter().filter_map(Value::as_f64).collect())
}

/// One step of the reference's greedy continuation.
pub struct Step {
    /// The token it takes.
    pub token: u32,
    /// Whether the second best lies so close that it may win elsewhere.
    pub is_close: bool,
}

/// The reference's greedy continuation.
pub fn reference_greedy(model: &Path, tokens: &[u32], steps: usize) -> Result<Vec<Step>, Failed> {
    let answer = reference(&["greedy", "--steps", &steps.to_string()], model, tokens)?;
    let chosen = answer["tokens"].as_array().ok_or("the reference told no tokens")?;
    let close = answer["close"].as_array().ok_or("the reference told no gaps")?;
    let steps = chosen.iter().zip(close);
    let step = |(token, close): (&Value, &Value)| {
        Some(Step { token: u32::try_from(token.as_u64()?).ok()?, is_close: close.as_bool()? })
    };
    steps.map(|pair| step(pair).ok_or_else(|| "the reference told no token".into())).collect()
}

fn reference(words: &[&str], model: &Path, tokens: &[u32]) -> Result<Value, Failed> {
    let mut command = python("llama.py")?;
    command.args(words).arg("--model").arg(model).arg("--tokens").arg(ids(tokens));
    let finished = tool::finish(&mut command)?.expect_code(0)?;
    Ok(serde_json::from_str(&finished.output)?)
}

/// Ids as the command lines of the scripts take them.
pub fn ids(tokens: &[u32]) -> String {
    tokens.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// A script of `tests/reference/`, to be run by the Python that
/// `tests/check.sh` prepares.
fn python(script: &str) -> Result<Command, Failed> {
    let python = folders::file(".cache/python/bin/python");
    if !python.exists() {
        return Err("the reference needs Python with NumPy: run `bash tests/check.sh` once, it prepares one".into());
    }
    let mut command = tool::prepared(&python);
    command.arg("-B").arg(folders::file("tests/reference").join(script));
    Ok(command)
}

fn message(failed: &Failed) -> String {
    failed.message().unwrap_or("it failed").to_owned()
}
