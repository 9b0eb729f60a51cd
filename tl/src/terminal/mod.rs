//! What a person sees in the terminal: problems, progress, output, figures.

pub mod diagnostics;
pub mod model;
pub mod page;
pub mod progress;
pub mod report;
pub mod shapes;
pub mod statistics;
mod table;

use std::io::{self, IsTerminal, Write};

use crate::ending::cut_off;

/// Writes to the error stream. Nobody can be told where it is closed, and a run
/// does not end for that.
pub fn tell(text: &str) {
    let mut errors = std::io::stderr().lock();
    let _ = errors.write_all(text.as_bytes()).and_then(|()| errors.flush());
}

/// Writes to standard output.
pub fn say(text: &str) {
    let mut output = io::stdout().lock();
    if let Err(error) = output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        drop(output);
        give_up(&error);
    }
}

/// Whether standard output may be coloured.
pub fn is_colourful() -> bool {
    may_colour(&io::stdout(), |name| std::env::var(name).ok())
}

/// Whether the error stream may be coloured.
pub fn errors_are_colourful() -> bool {
    may_colour(&io::stderr(), |name| std::env::var(name).ok())
}

/// Whether a stream is a terminal that shows colours, unless the person has set
/// `NO_COLOR` (<https://no-color.org>), or `CLICOLOR` or `CLICOLOR_FORCE`
/// (<https://bixense.com/clicolors>).
fn may_colour(stream: &impl IsTerminal, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, expected: &str| variable(name).as_deref() == Some(expected);
    if is_set("NO_COLOR") {
        return false;
    }
    if is_set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") {
        return true;
    }
    stream.is_terminal() && !is("CLICOLOR", "0") && !is("TERM", "dumb")
}

/// Ends the process when output cannot be written: quietly where the reader has
/// closed its end, for nobody reads on; else with the reason.
pub fn give_up(error: &io::Error) -> ! {
    if error.kind() == io::ErrorKind::BrokenPipe {
        cut_off(0);
    }
    diagnostics::plain_error(&format!("the output cannot be written: {error}"));
    cut_off(1);
}
