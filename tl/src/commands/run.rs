//! `tl run`: checks a script, runs its `main`, prints what it prints.

use std::io::{self, BufReader};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::ending::cut_off;
use crate::events::EventLines;
use crate::execution::{Audience, Check, DeviceName, Execution, INTERRUPTED, Precision, Refusal, execute, named};
use crate::terminal::{report::Report, tell};
use crate::{project, script};

/// What `tl run` takes.
#[derive(Args)]
#[command(after_help = "Words after `--` belong to the script, which reads them with `arg(name, default)`:\n  \
    tl run examples/chat.tl -- --prompt \"One day\" --tokens 60\n\n\
    What no flag says is taken from `tl.toml` beside or above the script.")]
pub struct Arguments {
    /// The script
    file: PathBuf,

    /// Where to compute: a GPU if there is one (auto), the processor, or any GPU [default: auto]
    #[arg(long, value_name = "DEVICE")]
    device: Option<DeviceName>,

    /// The element type of what names none, loaded models included [default: f32]
    #[arg(long, value_name = "TYPE")]
    dtype: Option<Precision>,

    /// How many threads the processor uses [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,

    /// Start the random numbers here, so that a run can be repeated
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Tell speed, seed and memory at the end, on the error stream
    #[arg(long)]
    stats: bool,

    /// Tell everything that happens on standard output, for another program to read
    #[arg(long, value_name = "FORMAT")]
    events: Option<EventFormat>,

    /// Show warnings and hints of the check as well
    #[arg(long, conflicts_with = "no_check")]
    check: bool,

    /// Run even if the check finds errors
    #[arg(long)]
    no_check: bool,

    /// Compare every value with what was found of it before the run
    #[arg(long)]
    check_shapes: bool,

    /// Words for the script, after `--`
    #[arg(last = true, value_name = "ARGS")]
    words: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum EventFormat {
    /// One object a line.
    Json,
}

/// Ctrl-C waits so long for the run to end by itself.
const PATIENCE: Duration = Duration::from_millis(300);

/// Runs the subcommand; gives the exit code.
pub fn run(arguments: Arguments) -> u8 {
    match arguments.events {
        None => {
            let mut report = Report::new(arguments.file.clone(), arguments.stats);
            run_for(arguments, &mut report, || cut_off(INTERRUPTED))
        }
        Some(EventFormat::Json) => {
            let mut lines = EventLines::new(&arguments.file, arguments.stats);
            let interrupted = lines.clone();
            run_for(arguments, &mut lines, move || interrupted.interrupt())
        }
    }
}

/// Runs the script; `interrupted` ends the process if Ctrl-C has to.
fn run_for(arguments: Arguments, audience: &mut dyn Audience, interrupted: impl Fn() + Send + 'static) -> u8 {
    let text = match script::read(&arguments.file) {
        Ok(text) => text,
        Err(problem) => {
            let refusal = Refusal::Unreadable(problem);
            audience.refused(&refusal);
            return refusal.exit_code();
        }
    };
    let project = project::configuration(&arguments.file);
    let execution = Execution {
        path: arguments.file,
        text,
        device: arguments.device.or(named(project.device)).unwrap_or_default(),
        precision: arguments.dtype.or(named(project.dtype)).unwrap_or_default(),
        threads: arguments.threads.or(project.threads),
        seed: arguments.seed.or(project.seed),
        words: arguments.words,
        check: match (arguments.check, arguments.no_check) {
            (_, true) => Check::Nothing,
            (true, false) => Check::Everything,
            (false, false) => Check::Errors,
        },
        severities: project.severities,
        check_shapes: arguments.check_shapes,
        cancelled: Arc::new(AtomicBool::new(false)),
    };
    listen_for_interrupts(execution.cancelled.clone(), interrupted);
    execute(execution, Box::new(BufReader::new(io::stdin())), audience)
}

/// Ctrl-C asks the run to end; if it does not within a moment, the process does.
fn listen_for_interrupts(cancelled: Arc<AtomicBool>, interrupted: impl Fn() + Send + 'static) {
    let handler = move || {
        let again = cancelled.swap(true, Ordering::Relaxed);
        if !again {
            std::thread::sleep(PATIENCE);
        }
        interrupted();
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        tell(&format!("note: Ctrl-C cannot be caught: {error}\n"));
    }
}
