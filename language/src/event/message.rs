//! Events as lines of JSON: what `tl run --events json` and the worker write
//! and the editors' server reads, and the [`Job`] that a worker is given.
//! Places are paths and ranges here, since the reader has no table of sources.
//!
//! A reader may be older than the writer: it skips fields that it does not know
//! and reads an event that it does not know as [`Message::Other`].

use serde::{Deserialize, Serialize};

use super::{Call, Event, Failure};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Encoding, Position, Sources, Span};

/// The version of the lines; the first line of a run carries it.
pub const VERSION: u32 = 1;

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The version, on the first line of a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<u32>,
    /// What happened.
    #[serde(flatten)]
    pub message: Message,
}

/// One thing that happened, told to another process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Message {
    /// The run begins.
    Started {
        /// The script, as it was given.
        path: String,
        /// Where it computes.
        device: String,
        /// Where its random numbers start.
        seed: u64,
    },
    /// The script printed text; line ends are part of it.
    Output {
        /// The text.
        text: String,
        /// The call that printed it.
        #[serde(flatten)]
        location: Location,
    },
    /// The script wrote text to the error stream; line ends are part of it.
    ErrorOutput {
        /// The text.
        text: String,
        /// The call that wrote it.
        #[serde(flatten)]
        location: Location,
    },
    /// A weight file is being read: bytes done of bytes in all.
    Loading {
        /// The file as the script names it.
        path: String,
        /// Bytes that are ready.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// A token was drawn.
    Sampled {
        /// The token's id.
        id: u32,
        /// How many tokens the run has drawn so far, this one included.
        count: u64,
    },
    /// Something to know about the run that does not stop it.
    Notice {
        /// What.
        text: String,
    },
    /// The check found a problem; with an error the script does not run.
    Problem {
        /// The problem.
        problem: Problem,
    },
    /// The run failed.
    Failed {
        /// What went wrong and where.
        problem: Problem,
        /// The calls that led there, innermost first.
        calls: Vec<CallSite>,
    },
    /// It is over; nothing follows.
    Finished(Finished),
    /// Something that a newer writer tells.
    #[serde(other)]
    Other,
}

/// A place in a text that both sides know by its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The text's path, as it was given.
    pub path: String,
    /// Where in it.
    pub range: Range,
}

/// Two positions: lines from 0, columns from 0 in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Range {
    /// Where it begins.
    pub start: Position,
    /// One past its end.
    pub end: Position,
}

/// One problem with its places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The smallest text at fault.
    #[serde(flatten)]
    pub location: Location,
    /// How much it matters.
    pub severity: Severity,
    /// Its kind.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The other side of the conflict.
    #[serde(default)]
    pub related: Vec<Related>,
    /// Facts that explain it.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What to do about it.
    #[serde(default)]
    pub helps: Vec<String>,
}

/// A second place and what it has to do with a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Related {
    /// Where.
    #[serde(flatten)]
    pub location: Location,
    /// What is there.
    pub message: String,
}

/// One call on the way to a failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallSite {
    /// The function.
    pub function: String,
    /// Its arguments as name and kind or shape.
    pub arguments: String,
    /// Where it was called.
    #[serde(flatten)]
    pub location: Location,
}

/// How a run ended and what it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// Why it ended.
    pub ending: Ending,
    /// The exit code.
    pub code: u8,
    /// How long it took, the check included.
    pub seconds: f64,
    /// How many tokens were drawn.
    pub tokens: u64,
    /// More about it, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Why a run ended. Who starts runs as processes adds what such a process can
/// no longer say of itself: that it crashed or was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// `main` came to its end.
    Finished,
    /// The run failed.
    Failed,
    /// The script ended it with `exit`.
    Exited,
    /// An interrupt ended it.
    Cancelled,
    /// It never began: the check found errors, there is nothing to run, or the
    /// device cannot be used.
    Refused,
    /// The process came to an end that it did not choose.
    Crashed,
    /// The user stopped it.
    Stopped,
    /// Something that a newer writer tells.
    #[serde(other)]
    Other,
}

/// What a worker is to run: the text as it stands in an editor, saved or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Where the script lies, or would lie; its relative paths begin there.
    pub path: String,
    /// The script.
    pub text: String,
    /// Where to compute: `auto`, `cpu` or `wgpu`. What is not given here and below
    /// is as the script's project has chosen, else as by default.
    #[serde(default)]
    pub device: Option<String>,
    /// The element type of what names none: `f32` or `f16`.
    #[serde(default)]
    pub dtype: Option<String>,
    /// How many threads the processor uses; all cores by default.
    #[serde(default)]
    pub threads: Option<u16>,
    /// Where the random numbers start; anywhere by default.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The words that the script reads with `arg`.
    #[serde(default)]
    pub words: Vec<String>,
}

impl Job {
    /// A job that leaves everything else as it is by default.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Job {
        Job {
            path: path.into(),
            text: text.into(),
            device: None,
            dtype: None,
            threads: None,
            seed: None,
            words: Vec::new(),
        }
    }
}

impl Message {
    /// The event as another process reads it. Its places lie in `sources`.
    pub fn new(event: Event, sources: &Sources) -> Message {
        match event {
            Event::Started { file, device, seed } => {
                Message::Started { path: sources.file(file).path.to_string_lossy().into_owned(), device, seed }
            }
            Event::Output { text, place } => Message::Output { text, location: Location::new(place, sources) },
            Event::ErrorOutput { text, place } => {
                Message::ErrorOutput { text, location: Location::new(place, sources) }
            }
            Event::Loading { path, done, total } => Message::Loading { path, done, total },
            Event::Sampled { id, count } => Message::Sampled { id, count },
            Event::Notice(text) => Message::Notice { text },
            Event::Failed(failure) => {
                let Failure { diagnostic, calls } = *failure;
                let calls = calls.into_iter().map(|call| CallSite::new(call, sources)).collect();
                Message::Failed { problem: Problem::new(&diagnostic, sources), calls }
            }
        }
    }
}

impl Location {
    /// The place as another process finds it.
    pub fn new(span: Span, sources: &Sources) -> Location {
        let place = sources.place(span);
        let file = sources.file(place.file);
        let position = |offset| file.lines.position(&file.text, offset, Encoding::Utf16);
        let range = Range { start: position(place.start), end: position(place.end) };
        Location { path: file.path.to_string_lossy().into_owned(), range }
    }
}

impl Problem {
    /// The problem as another process reads it.
    pub fn new(diagnostic: &Diagnostic, sources: &Sources) -> Problem {
        let related = diagnostic
            .related
            .iter()
            .map(|label| Related { location: Location::new(label.place, sources), message: label.message.clone() });
        Problem {
            location: Location::new(diagnostic.place, sources),
            severity: diagnostic.severity,
            code: diagnostic.code.name().to_owned(),
            message: diagnostic.message.clone(),
            related: related.collect(),
            notes: diagnostic.notes.clone(),
            helps: diagnostic.helps.clone(),
        }
    }
}

impl CallSite {
    fn new(call: Call, sources: &Sources) -> CallSite {
        CallSite { function: call.function, arguments: call.arguments, location: Location::new(call.place, sources) }
    }
}

#[cfg(test)]
mod tests;
