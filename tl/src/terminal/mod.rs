//! What a person sees in the terminal: problems, progress, output, figures.

pub mod diagnostics;
pub mod report;
pub mod statistics;

use std::io::Write;

/// Writes to the error stream. Nobody can be told where it is closed, and a run
/// does not end for that.
pub fn tell(text: &str) {
    let mut errors = std::io::stderr().lock();
    let _ = errors.write_all(text.as_bytes()).and_then(|()| errors.flush());
}
