//! `tl parse`: prints how a script is understood. There is a program for every
//! text; what is wrong with the text is told beside it.

use std::path::PathBuf;

use clap::Args;
use tensorlogic_language::diagnostic::Severity;
use tensorlogic_language::program::{self, print};
use tensorlogic_language::source::Sources;

use crate::script;
use crate::terminal::{diagnostics, errors_are_colourful, say, tell};

/// What `tl parse` takes.
#[derive(Args)]
#[command(after_help = "Two scripts that print alike mean the same: layout, comments and old spellings are gone,\n\
    every operator stands in parentheses, every statement on a line of its own.\n\n  \
    echo 'main { x := 1 + 2 * 3 }' | tl parse -\n\n\
    What the language refuses prints as `<refused: ...>`, what is not understood as `<invalid>`;\n\
    the exit code is then 1, and the reasons are on the error stream.")]
pub struct Arguments {
    /// The script; `-` is standard input
    file: PathBuf,
}

/// Runs the subcommand; gives the exit code.
pub fn run(arguments: &Arguments) -> u8 {
    let text = match script::read_or_input(&arguments.file) {
        Ok(text) => text,
        Err(problem) => {
            diagnostics::plain_error(&problem);
            return 1;
        }
    };
    let mut sources = Sources::default();
    let file = sources.add(&arguments.file, text);
    let (program, mut problems) = program::lowered(&mut sources, file);
    problems.retain(|problem| problem.severity == Severity::Error);
    say(&print::program(&program));
    for problem in &problems {
        tell(&format!("{}\n", diagnostics::render(&sources, problem, errors_are_colourful())));
    }
    u8::from(!problems.is_empty())
}
