//! What becomes of a script, told to another process: one object of JSON a line
//! on standard output and nothing else there. The lines are those of the
//! language's `event::message`.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use tensorlogic_language::diagnostic::{Code, Diagnostic, Severity};
use tensorlogic_language::event::Event;
use tensorlogic_language::event::message::{Ending, Finished, Line, Location, Message, Problem, Range, VERSION};
use tensorlogic_language::source::{Position, Sources};
use tensorlogic_runtime::device::Device;
use tensorlogic_runtime::run::{self, Outcome};

use crate::ending::cut_off;
use crate::execution::{Audience, INTERRUPTED, Refusal, Timing, exit_code};
use crate::terminal::{give_up, statistics, tell};

/// A process that reads events. Clones write to the same lines.
#[derive(Clone)]
pub struct EventLines {
    script: String,
    /// Whether figures are shown at the end, on the error stream.
    statistics: bool,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    /// The line being made; kept, since most lines are short.
    line: Vec<u8>,
    begun: Instant,
    timing: Timing,
    written: u64,
    finished: bool,
}

/// An interrupt waits so long for a line that is being written.
const PATIENCE: Duration = Duration::from_millis(200);

impl EventLines {
    /// The lines on a script that begins now, with figures at its end or without.
    pub fn new(script: &Path, statistics: bool) -> EventLines {
        let (begun, timing) = (Instant::now(), Timing::start());
        let inner = Inner { line: Vec::new(), begun, timing, written: 0, finished: false };
        EventLines { script: script.to_string_lossy().into_owned(), statistics, inner: Arc::new(Mutex::new(inner)) }
    }

    /// Ends the process of an interrupted run that does not end by itself, with
    /// its last line if nobody hinders it from being written.
    pub fn interrupt(&self) -> ! {
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            match self.inner.try_lock() {
                Ok(mut inner) => {
                    inner.finish(Ending::Cancelled, INTERRUPTED);
                    // The lines stay locked, so that nothing follows the last.
                    cut_off(INTERRUPTED);
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
                Err(TryLockError::Poisoned(_)) => break,
            }
        }
        cut_off(INTERRUPTED);
    }

    fn with(&self, work: impl FnOnce(&mut Inner)) {
        work(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// An error that has no place in the text.
    fn plain_error(&self, message: String) -> Message {
        let start = Position { line: 0, character: 0 };
        Message::Problem {
            problem: Problem {
                location: Location { path: self.script.clone(), range: Range { start, end: start } },
                severity: Severity::Error,
                code: Code::RuntimeError.name().to_owned(),
                message,
                related: Vec::new(),
                notes: Vec::new(),
                helps: Vec::new(),
            },
        }
    }
}

impl Inner {
    fn write(&mut self, message: Message) {
        let line = Line { v: (self.written == 0).then_some(VERSION), message };
        self.written += 1;
        self.line.clear();
        let made = serde_json::to_writer(&mut self.line, &line).map_err(io::Error::from);
        self.line.push(b'\n');
        let mut out = io::stdout().lock();
        if let Err(error) = made.and_then(|()| out.write_all(&self.line)).and_then(|()| out.flush()) {
            drop(out);
            give_up(&error);
        }
    }

    fn finish(&mut self, ending: Ending, code: u8) {
        if self.finished {
            return;
        }
        self.finished = true;
        let seconds = self.begun.elapsed().as_secs_f64();
        self.write(Message::Finished(Finished { ending, code, seconds, tokens: self.timing.tokens, message: None }));
    }
}

impl Audience for EventLines {
    fn problem(&mut self, sources: &Sources, problem: &Diagnostic) {
        self.with(|inner| inner.write(Message::Problem { problem: Problem::new(problem, sources) }));
    }

    fn event(&mut self, sources: &Sources, event: Event) {
        self.with(|inner| {
            inner.timing.note(&event);
            inner.write(Message::new(event, sources));
        });
    }

    fn refused(&mut self, refusal: &Refusal) {
        let message = match refusal {
            Refusal::Errors(_) => None,
            Refusal::NothingToRun => {
                let text = format!("{} has no `main {{ }}`, so nothing runs", self.script);
                Some(Message::Notice { text })
            }
            Refusal::Unreadable(problem) => Some(self.plain_error(problem.clone())),
            Refusal::Device(error) => Some(self.plain_error(error.to_string())),
        };
        self.with(|inner| {
            if let Some(message) = message {
                inner.write(message);
            }
            inner.finish(Ending::Refused, refusal.exit_code());
        });
    }

    fn finished(&mut self, outcome: &Outcome, device: &Device) {
        let ending = match outcome.ending {
            run::Ending::Finished => Ending::Finished,
            run::Ending::Failed => Ending::Failed,
            run::Ending::Exited(_) => Ending::Exited,
            run::Ending::Cancelled => Ending::Cancelled,
        };
        self.with(|inner| {
            inner.finish(ending, exit_code(outcome.ending));
            if self.statistics {
                tell(&statistics::text(&inner.timing, outcome, device));
            }
        });
    }
}
