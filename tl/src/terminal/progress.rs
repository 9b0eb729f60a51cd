//! Bars for what takes time, on the error stream where that is a terminal.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts bytes, behind what is done with them.
pub fn of_bytes(total: u64, what: String) -> ProgressBar {
    bar(total, "{msg} [{bar:30}] {bytes}/{total_bytes}").with_message(what)
}

/// A bar that counts files, behind what is done with them.
pub fn of_files(total: usize, what: &'static str) -> ProgressBar {
    bar(total as u64, "{msg} [{bar:30}] {pos}/{len} files").with_message(what)
}

fn bar(total: u64, template: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style.progress_chars("=> "))
}
