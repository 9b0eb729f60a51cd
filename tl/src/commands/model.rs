//! `tl model`: shows what is in a weight file, from its header alone, and checks
//! it. A model that is divided among several files is shown as one.

mod json;
mod weights;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use tensorlogic_language::files::{Disk, Files};
use tensorlogic_language::gguf::{Array, Value};
use tensorlogic_language::weights::{Check, Index, IndexError, Verdict, survey, verify};

use crate::terminal::{diagnostics, is_colourful, model, progress, say, tell};

/// How many elements of a long array are shown.
const GLANCE: usize = 8;

/// What `tl model` takes.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    tl model models/stories-q4_0.gguf            metadata, tensors, memory\n  \
    tl model --all model.gguf                    every layer on lines of its own\n  \
    tl model --verify model-00001-of-00003.gguf  check a model of three files\n  \
    tl model --format json model.safetensors     one object, described in tl/MODEL.md\n\n\
    Without --verify only the header of each file is read, however large the file is. A shape is shown as scripts\n\
    see it: a weight from `in` to `out` features has shape [out, in]. Its sizes in the file, which\n\
    GGUF calls `ne`, are the same in the opposite order.")]
pub struct Arguments {
    /// The weight file: .gguf, .safetensors, or any file of a divided model
    file: PathBuf,

    /// How it is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Check what the header tells and read every weight; exit with 1 if something is wrong
    #[arg(long)]
    verify: bool,

    /// List every tensor, instead of one line for all layers
    #[arg(long)]
    all: bool,
}

/// How an index is shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for people
    Text,
    /// One object for programs
    Json,
}

/// Runs the subcommand; gives the exit code.
pub fn run(arguments: &Arguments) -> u8 {
    let index = match survey(&Disk, &arguments.file) {
        Ok(index) => index,
        Err(error) => {
            refuse(arguments, &error);
            return 1;
        }
    };
    let checks = arguments.verify.then(|| verified(&index));
    match (arguments.format, &checks) {
        (Format::Json, _) => say(&json::text(&index, checks.as_deref(), &arguments.file)),
        (Format::Text, Some(checks)) => say(&model::checks(checks, is_colourful())),
        (Format::Text, None) => say(&model::index(&index, &arguments.file, arguments.all, is_colourful())),
    }
    // A model with faults cannot be loaded; the checks name them all.
    if let (None, Some(fault)) = (&checks, index.faults.first()) {
        refuse(arguments, &IndexError::Fault(fault.clone()));
        tell("the rest is told by `tl model --verify`\n");
    }
    let fails = checks.iter().flatten().any(|check| check.verdict == Verdict::Fails);
    u8::from(fails || !index.faults.is_empty())
}

/// Everything that can be checked: the header, and where it is sound the weights.
fn verified(index: &Index) -> Vec<Check> {
    let mut checks = verify(index);
    if index.faults.is_empty() && checks.iter().all(|check| check.verdict != Verdict::Fails) {
        let bar = progress::of_bytes(index.data_bytes(), "reading the weights".to_owned());
        checks.extend(weights::check(index, &bar));
        bar.finish_and_clear();
    }
    checks
}

fn refuse(arguments: &Arguments, error: &IndexError) {
    let path = arguments.file.display();
    let message = match error {
        IndexError::Unreadable { kind: std::io::ErrorKind::NotFound, .. } => format!("there is no file `{path}`"),
        IndexError::Unreadable { .. } => format!("`{path}` cannot be read: {error}"),
        _ => format!("`{path}` cannot be used: {error}"),
    };
    diagnostics::plain_error_with_help(&message, error.help().as_deref());
}

/// The first elements of an array; none where the file cannot be read any more.
pub(crate) fn glance(index: &Index, array: &Array) -> Vec<Value> {
    let file = index.parts.first().and_then(|part| Disk.open(&part.path).ok());
    file.and_then(|mut file| array.glance(&mut *file, GLANCE).ok()).unwrap_or_default()
}
