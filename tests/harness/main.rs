//! Tests of TensorLogic as a whole, one file per subject. The suite under
//! `tests/suite/` says what programs mean; the other subjects say what the
//! command line does, whether the numbers are right and how the parts of the
//! repository stand to each other.
//!
//! `tests/check.sh` installs what some of them need and runs everything.

mod architecture;
mod broken;
mod check;
mod command_line;
mod devices;
mod editors;
mod events;
mod examples;
mod explain;
mod folders;
mod format;
mod model;
mod models;
mod numbers;
mod parse;
mod reference;
mod script;
mod server;
mod story;
mod suite;
mod tokenizer;
mod tool;
mod worker;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// The trials of a subject, or why there are none.
type Trials = Result<Vec<Trial>, String>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let subjects: &[fn() -> Trials] = &[
        suite::trials,
        broken::trials,
        examples::trials,
        parse::trials,
        architecture::trials,
        command_line::trials,
        format::trials,
        check::trials,
        explain::trials,
        model::trials,
        events::trials,
        worker::trials,
        server::trials,
        tokenizer::trials,
        numbers::trials,
        story::trials,
        devices::trials,
        editors::trials,
        reference::trials,
    ];
    let mut trials = Vec::new();
    for subject in subjects {
        match subject() {
            Ok(more) => trials.extend(more),
            Err(problem) => {
                eprintln!("{problem}");
                return ExitCode::FAILURE;
            }
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    folders::remove_scratch();
    conclusion.exit_code()
}
