//! `tl`: TensorLogic on the command line. Each subcommand has a file of its own
//! in `commands/`; what a person sees is made in `terminal/`.

mod commands;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Write and run transformers in TensorLogic.
#[derive(Parser)]
#[command(
    name = "tl",
    version,
    arg_required_else_help = true,
    after_help = "Try it:\n  tl run examples/chat.tl\n  tl run examples/chat.tl -- --prompt \"One day\" --temperature 0.8"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a script and run its `main`
    Run(commands::run::Arguments),
}

fn main() -> ExitCode {
    // Clap prints help and usage errors itself; a usage error exits with 2.
    let code = match Arguments::parse().command {
        Command::Run(arguments) => commands::run::run(arguments),
    };
    ExitCode::from(code)
}
