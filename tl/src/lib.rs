//! The command line of TensorLogic, behind two executables: `tl`, and
//! `tl-lsp`, which is the editors' server and can do all that `tl` does, so
//! that an editor needs to ship one file. Each subcommand has a file of its own
//! in `commands/`; what a person sees is made in `terminal/`.

mod checked;
mod commands;
mod ending;
mod events;
mod execution;
mod project;
mod script;
mod search;
mod teal;
mod terminal;

use clap::{Parser, Subcommand};

/// Write and run transformers in TensorLogic.
#[derive(Parser)]
#[command(
    name = "tl",
    version,
    arg_required_else_help = true,
    after_help = "Try it:\n  tl run examples/chat.tl\n  tl run examples/chat.tl -- --prompt \"One day\" --temperature 0.8"
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// The language server of TensorLogic: started by an editor, it speaks the
/// Language Server Protocol on standard input and output. With a subcommand it
/// does what `tl` does.
#[derive(Parser)]
#[command(name = "tl-lsp", version)]
struct ServerCommandLine {
    /// Speak on standard input and output, as it does anyway
    #[arg(long)]
    stdio: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Check a script and run its `main`
    Run(commands::run::Arguments),

    /// Tell what is wrong with scripts, without running them
    Check(commands::check::Arguments),

    /// Explain a code of the check
    Explain(commands::explain::Arguments),

    /// Print how a script is understood
    Parse(commands::parse::Arguments),

    /// Show what is in a weight file, or check it
    Model(commands::model::Arguments),

    /// Lay out scripts, as every script is laid out
    Fmt(commands::format::Arguments),

    /// Run the script that standard input describes, for the server
    #[command(hide = true)]
    Worker,
}

/// `tl`: does what its arguments say.
pub fn tl() -> ! {
    // Clap prints help and usage errors itself; a usage error exits with 2.
    ending::end(CommandLine::parse().command.run())
}

/// `tl-lsp`: serves an editor, or does what `tl` does.
pub fn tl_lsp() -> ! {
    match ServerCommandLine::parse().command {
        Some(command) => ending::end(command.run()),
        // It has written what somebody reads; nobody may read the rest.
        None => ending::cut_off(tensorlogic_lsp::serve()),
    }
}

impl Command {
    fn run(self) -> u8 {
        match self {
            Command::Run(arguments) => commands::run::run(arguments),
            Command::Check(arguments) => commands::check::run(&arguments),
            Command::Explain(arguments) => commands::explain::run(&arguments),
            Command::Parse(arguments) => commands::parse::run(&arguments),
            Command::Model(arguments) => commands::model::run(&arguments),
            Command::Fmt(arguments) => commands::format::run(&arguments),
            Command::Worker => commands::worker::run(),
        }
    }
}
