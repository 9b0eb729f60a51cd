//! What a person sees in the terminal: problems, progress, output, figures.

pub mod diagnostics;
pub mod page;
pub mod report;
pub mod shapes;
pub mod statistics;

use std::io::{self, Write};

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

/// Ends the process when output cannot be written: quietly where the reader has
/// closed its end, for nobody reads on; else with the reason.
pub fn give_up(error: &io::Error) -> ! {
    if error.kind() == io::ErrorKind::BrokenPipe {
        cut_off(0);
    }
    diagnostics::plain_error(&format!("the output cannot be written: {error}"));
    cut_off(1);
}
