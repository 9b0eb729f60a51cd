//! What a run tells while it goes on. The terminal's report and the editors'
//! server read the same events: inside of one process as [`Event`], between
//! processes as lines of JSON, see [`message`]. Nothing here prints.

pub mod message;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The run begins.
    Started {
        /// The script.
        file: FileId,
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
        place: Span,
    },
    /// The script wrote text to the error stream; line ends are part of it.
    ErrorOutput {
        /// The text.
        text: String,
        /// The call that wrote it.
        place: Span,
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
    /// A token was drawn by a sampling builtin.
    Sampled {
        /// The token's id.
        id: u32,
        /// How many tokens the run has drawn so far, this one included.
        count: u64,
    },
    /// Something to know about the run that does not stop it.
    Notice(String),
    /// The run failed.
    Failed(Box<Failure>),
}

/// A failure with the calls that led to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What went wrong and where.
    pub diagnostic: Diagnostic,
    /// The calls, innermost first.
    pub calls: Vec<Call>,
}

/// One call on the way to a failure.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function.
    pub function: String,
    /// Its arguments as name and kind or shape.
    pub arguments: String,
    /// Where it was called.
    pub place: Span,
}

/// Who listens to a run.
pub trait Listener {
    /// Takes one event. Called in the order of events, from the run's thread.
    fn tell(&mut self, event: Event);
}

impl<F: FnMut(Event)> Listener for F {
    fn tell(&mut self, event: Event) {
        self(event);
    }
}
