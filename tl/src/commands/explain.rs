//! `tl explain`: what a code of the check means, why it matters and how such a
//! problem is repaired.

use clap::Args;
use tensorlogic_language::diagnostic::Severities;

use crate::terminal::diagnostics::plain_error;
use crate::terminal::{is_colourful, page, say};

/// What `tl explain` takes.
#[derive(Args)]
pub struct Arguments {
    /// A code, as it stands in brackets behind `error`; without one, all of them
    code: Option<String>,
}

/// Runs the subcommand; gives the exit code.
pub fn run(arguments: &Arguments) -> u8 {
    let colour = is_colourful();
    let Some(name) = &arguments.code else {
        say(&page::list(colour));
        return 0;
    };
    let found = Severities::code(name).map(|code| code.page());
    let problem = match found {
        Ok(Some(found)) => {
            say(&page::page(found, colour));
            return 0;
        }
        Err(Some(close)) => format!("there is no code `{name}`; did you mean `{close}`?"),
        Ok(None) | Err(None) => format!("there is no code `{name}`; `tl explain` lists all of them"),
    };
    plain_error(&problem);
    2
}
