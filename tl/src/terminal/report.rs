//! Shows a run's events as they come: the script's own output at once, progress
//! of a loading model as a bar on a terminal, failures with their place.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use tensorlogic_language::event::{Event, Listener};
use tensorlogic_language::source::Sources;

use super::diagnostics;

/// When things happened, for `--stats`.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// When the run began.
    pub started: Instant,
    /// When the first token was drawn.
    pub first_token: Option<Instant>,
    /// When the last token was drawn.
    pub last_token: Option<Instant>,
    /// How many tokens were drawn.
    pub tokens: usize,
}

/// The listener of `tl run`.
pub struct Report<'s> {
    sources: &'s Sources,
    bar: Option<ProgressBar>,
    /// When things happened.
    pub timing: Timing,
    /// Whether the last output ended its line.
    line_open: bool,
}

impl<'s> Report<'s> {
    /// A report that starts now.
    pub fn new(sources: &'s Sources) -> Report<'s> {
        let timing = Timing { started: Instant::now(), first_token: None, last_token: None, tokens: 0 };
        Report { sources, bar: None, timing, line_open: false }
    }

    /// Ends an open line on a terminal and removes the bar.
    pub fn finish(&mut self) {
        self.clear_bar();
        if self.line_open && io::stdout().is_terminal() {
            let _ = writeln!(io::stdout());
        }
    }

    fn clear_bar(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn loading(&mut self, path: &str, done: u64, total: u64) {
        if !io::stderr().is_terminal() {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(total).with_style(style.progress_chars("=> "))
        });
        bar.set_length(total);
        bar.set_message(format!("loading {path}"));
        bar.set_position(done);
        if done >= total {
            self.clear_bar();
        }
    }

    fn failed(&mut self, failure: &tensorlogic_language::event::Failure) {
        if self.line_open {
            let _ = writeln!(io::stdout());
            self.line_open = false;
        }
        super::tell(&diagnostics::render_failure(self.sources, failure, io::stderr().is_terminal()));
    }
}

/// Ends the process when output cannot be written: quietly where the reader has
/// closed its end, for nobody reads on; else with the reason.
fn give_up(error: &io::Error) -> ! {
    if error.kind() == io::ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    diagnostics::plain_error(&format!("the output cannot be written: {error}"));
    std::process::exit(1);
}

impl Listener for Report<'_> {
    fn tell(&mut self, event: Event) {
        match event {
            Event::Started { .. } => {}
            Event::Output { text, .. } => {
                self.clear_bar();
                let mut out = io::stdout().lock();
                if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
                    give_up(&error);
                }
                self.line_open = !text.ends_with('\n') && (self.line_open || !text.is_empty());
            }
            Event::ErrorOutput { text, .. } => super::tell(&text),
            Event::Loading { path, done, total } => self.loading(&path, done, total),
            Event::Sampled { .. } => {
                let now = Instant::now();
                self.timing.first_token.get_or_insert(now);
                self.timing.last_token = Some(now);
                self.timing.tokens += 1;
            }
            Event::Notice(text) => super::tell(&format!("note: {text}\n")),
            Event::Failed(failure) => self.failed(&failure),
        }
    }
}
