//! `tl run`: checks a script, runs its `main`, prints what it prints.

use std::io::{self, BufReader, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Args, ValueEnum};
use tensorlogic_language::diagnostic::{Diagnostic, Severity};
use tensorlogic_language::program::{Analysis, analyse};
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Sources;
use tensorlogic_runtime::device::Device;
use tensorlogic_runtime::run::{Ending, Options, Outcome};

use crate::terminal::{diagnostics, report::Report, statistics, tell};

/// What `tl run` takes.
#[derive(Args)]
#[command(after_help = "Words after `--` belong to the script, which reads them with `arg(name, default)`:\n  \
    tl run examples/chat.tl -- --prompt \"One day\" --tokens 60")]
pub struct Arguments {
    /// The script
    file: PathBuf,

    /// Where to compute: a GPU if there is one (auto), the processor, or any GPU
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    device: DeviceName,

    /// The element type of what names none, loaded models included
    #[arg(long, value_name = "TYPE", default_value = "f32")]
    dtype: Precision,

    /// How many threads the processor uses [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,

    /// Start the random numbers here, so that a run can be repeated
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Tell speed, seed and memory at the end, on the error stream
    #[arg(long)]
    stats: bool,

    /// Show warnings and hints of the check as well
    #[arg(long, conflicts_with = "no_check")]
    check: bool,

    /// Run even if the check finds errors
    #[arg(long)]
    no_check: bool,

    /// Compare every result of a builtin with its shape rule
    #[arg(long)]
    check_shapes: bool,

    /// Words for the script, after `--`
    #[arg(last = true, value_name = "ARGS")]
    words: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum DeviceName {
    Auto,
    Cpu,
    Wgpu,
}

impl DeviceName {
    fn name(self) -> &'static str {
        match self {
            DeviceName::Auto => "auto",
            DeviceName::Cpu => "cpu",
            DeviceName::Wgpu => "wgpu",
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Precision {
    F32,
    F16,
}

/// Ctrl-C waits so long for the run to end by itself.
const PATIENCE: Duration = Duration::from_millis(300);

/// The exit code of a run that was ended by Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Runs the subcommand; gives the exit code.
pub fn run(arguments: Arguments) -> u8 {
    let mut sources = Sources::default();
    let Some(text) = read(&arguments.file) else { return 1 };
    let file = sources.add(&arguments.file, text);
    let analysis = analyse(&sources, file);
    show_problems(&sources, &analysis, &arguments);
    if analysis.has_errors() && !arguments.no_check {
        return 1;
    }
    if analysis.program.main.is_none() {
        tell(&format!("note: {} has no `main {{ }}`, so nothing runs\n", arguments.file.display()));
        return 0;
    }
    let device = match Device::choose(arguments.device.name()) {
        Ok(device) => device,
        Err(error) => {
            diagnostics::plain_error(&error.to_string());
            return 1;
        }
    };
    let cancelled = Arc::new(AtomicBool::new(false));
    listen_for_interrupts(cancelled.clone());

    let mut report = Report::new(&sources);
    let options = Options {
        device: device.clone(),
        default_element: match arguments.dtype {
            Precision::F32 => ElementType::Float32,
            Precision::F16 => ElementType::Float16,
        },
        threads: arguments.threads.map(usize::from),
        seed: arguments.seed,
        script: arguments.file.clone(),
        words: arguments.words,
        check_shapes: arguments.check_shapes,
        cancelled,
    };
    let input = Box::new(BufReader::new(io::stdin()));
    let outcome = tensorlogic_runtime::run::run(&analysis, options, input, &mut report);
    report.finish();
    if arguments.stats {
        tell(&statistics::text(&report.timing, &outcome, &device));
    }
    exit_code(&outcome)
}

fn exit_code(outcome: &Outcome) -> u8 {
    match outcome.ending {
        Ending::Finished => 0,
        Ending::Failed => 1,
        Ending::Exited(code) => (code & 0xff) as u8,
        Ending::Cancelled => INTERRUPTED,
    }
}

/// The text of a script; says why where there is none.
fn read(path: &PathBuf) -> Option<String> {
    let shown = path.display();
    let problem = match std::fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => return Some(text),
            Err(error) => format!(
                "`{shown}` is not a text: byte {} is not UTF-8; save the script as UTF-8",
                error.utf8_error().valid_up_to()
            ),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => format!("there is no file `{shown}`"),
        Err(error) => format!("`{shown}` cannot be read: {error}"),
    };
    diagnostics::plain_error(&problem);
    None
}

/// Errors are always shown, the rest only when asked for.
fn show_problems(sources: &Sources, analysis: &Analysis, arguments: &Arguments) {
    let wanted = |problem: &&Diagnostic| match problem.severity {
        Severity::Error => !arguments.no_check,
        Severity::Warning | Severity::Hint => arguments.check,
    };
    let problems: Vec<&Diagnostic> = analysis.problems.iter().filter(wanted).collect();
    for problem in &problems {
        tell(&format!("{}\n", diagnostics::render(sources, problem, io::stderr().is_terminal())));
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if errors > 0 {
        let plural = if errors == 1 { "error" } else { "errors" };
        tell(&format!("{} has {errors} {plural} and was not run\n", arguments.file.display()));
    }
}

/// Ctrl-C asks the run to end; if it does not within a moment, the process does.
fn listen_for_interrupts(cancelled: Arc<AtomicBool>) {
    let handler = move || {
        let again = cancelled.swap(true, Ordering::Relaxed);
        if !again {
            std::thread::sleep(PATIENCE);
        }
        std::process::exit(i32::from(INTERRUPTED));
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        tell(&format!("note: Ctrl-C cannot be caught: {error}\n"));
    }
}
