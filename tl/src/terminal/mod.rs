//! What a person sees in the terminal: problems, progress, output, figures.

pub mod diagnostics;
pub mod report;
pub mod statistics;
