//! What a person sees in the terminal: problems, progress, output, figures.

pub mod diagnostics;
pub mod model;
pub mod page;
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

/// Whether standard output may be coloured: it is a terminal, and the person has
/// not set `NO_COLOR` (<https://no-color.org>).
pub fn is_colourful() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
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
