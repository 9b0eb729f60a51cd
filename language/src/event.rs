//! What a run tells while it goes on. The terminal's report and the editors'
//! server read the same events.

use crate::diagnostic::Diagnostic;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The script printed text; line ends are part of it.
    Output(String),
    /// The script wrote text to the error stream; line ends are part of it.
    ErrorOutput(String),
    /// A weight file is being read: bytes done of bytes in all.
    Loading {
        /// The file as the script names it.
        path: String,
        /// Bytes that are ready.
        done: u64,
        /// Bytes of the whole file.
        total: u64,
    },
    /// A token was drawn by a sampling builtin.
    Sampled {
        /// The token's id.
        id: u32,
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
    pub place: crate::source::Place,
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
