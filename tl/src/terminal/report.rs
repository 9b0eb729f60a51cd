//! Shows what becomes of a script as it happens: the script's own output at
//! once, progress of a loading model as a bar on a terminal, problems and
//! failures with their places.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use indicatif::ProgressBar;
use tensorlogic_language::diagnostic::Diagnostic;
use tensorlogic_language::event::{Event, Failure};
use tensorlogic_language::source::Sources;
use tensorlogic_runtime::device::Device;
use tensorlogic_runtime::run::Outcome;

use super::{diagnostics, errors_are_colourful, give_up, progress, statistics, tell};
use crate::execution::{Audience, Refusal, Timing};

/// A person at the terminal.
pub struct Report {
    script: PathBuf,
    bar: Option<ProgressBar>,
    timing: Timing,
    /// Whether figures are shown at the end.
    statistics: bool,
    /// Whether the last output ended its line.
    line_open: bool,
}

impl Report {
    /// A report on this script, with figures at its end or without.
    pub fn new(script: PathBuf, statistics: bool) -> Report {
        Report { script, bar: None, timing: Timing::start(), statistics, line_open: false }
    }

    fn clear_bar(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn output(&mut self, text: &str) {
        self.clear_bar();
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            give_up(&error);
        }
        self.line_open = !text.ends_with('\n') && (self.line_open || !text.is_empty());
    }

    fn loading(&mut self, path: &str, done: u64, total: u64) {
        let bar = self.bar.get_or_insert_with(|| progress::of_bytes(total, format!("loading {path}")));
        bar.set_length(total);
        bar.set_message(format!("loading {path}"));
        bar.set_position(done);
        if done >= total {
            self.clear_bar();
        }
    }

    fn failed(&mut self, sources: &Sources, failure: &Failure) {
        if self.line_open {
            let _ = writeln!(io::stdout());
            self.line_open = false;
        }
        tell(&diagnostics::render_failure(sources, failure, errors_are_colourful()));
    }
}

impl Audience for Report {
    fn problem(&mut self, sources: &Sources, problem: &Diagnostic) {
        tell(&format!("{}\n", diagnostics::render(sources, problem, errors_are_colourful())));
    }

    fn event(&mut self, sources: &Sources, event: Event) {
        self.timing.note(&event);
        match event {
            Event::Started { .. } | Event::Sampled { .. } => {}
            Event::Output { text, .. } => self.output(&text),
            Event::ErrorOutput { text, .. } => tell(&text),
            Event::Loading { path, done, total } => self.loading(&path, done, total),
            Event::Notice(text) => tell(&format!("note: {text}\n")),
            Event::Failed(failure) => self.failed(sources, &failure),
        }
    }

    fn refused(&mut self, refusal: &Refusal) {
        let script = self.script.display();
        match refusal {
            Refusal::Errors(count) => {
                let plural = if *count == 1 { "error" } else { "errors" };
                tell(&format!("{script} has {count} {plural} and was not run\n"));
            }
            Refusal::NothingToRun => tell(&format!("note: {script} has no `main {{ }}`, so nothing runs\n")),
            Refusal::Unreadable(problem) => diagnostics::plain_error(problem),
            Refusal::Device(error) => diagnostics::plain_error(&error.to_string()),
        }
    }

    /// Ends an open line on a terminal and removes the bar.
    fn finished(&mut self, outcome: &Outcome, device: &Device) {
        self.clear_bar();
        if self.line_open && io::stdout().is_terminal() {
            let _ = writeln!(io::stdout());
        }
        if self.statistics {
            tell(&statistics::text(&self.timing, outcome, device));
        }
    }
}
