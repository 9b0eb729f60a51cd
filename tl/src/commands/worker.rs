//! `tl worker`: runs one script for the editors' server, which is the owner of
//! this process. The script comes as one line of JSON on standard input, saved
//! or not; events go to standard output. The end of standard input means that
//! the owner is gone: the process then ends at once, whatever it does.

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::ValueEnum;
use tensorlogic_language::configuration::ConfigurationFile;
use tensorlogic_language::event::message::Job;
use tensorlogic_language::files::Disk;

use crate::ending::cut_off;
use crate::events::EventLines;
use crate::execution::{Check, Execution, execute, named};
use crate::terminal::diagnostics::plain_error;

/// The exit code of a worker that nobody needs any more.
const OWNERLESS: u8 = 3;

/// The exit code for a job that cannot be understood, as for every bad usage.
const BAD_USAGE: u8 = 2;

/// Runs the subcommand; gives the exit code.
pub fn run() -> u8 {
    let execution = match read_job() {
        Ok(execution) => execution,
        Err(problem) => {
            plain_error(&problem);
            return BAD_USAGE;
        }
    };
    if let Err(error) = end_with_owner() {
        plain_error(&format!("the worker cannot watch its owner: {error}"));
        return 1;
    }
    let mut lines = EventLines::new(&execution.path, false);
    execute(execution, Box::new(io::empty()), &mut lines)
}

fn read_job() -> Result<Execution, String> {
    let mut line = String::new();
    let length = io::stdin().lock().read_line(&mut line);
    match length.map_err(|error| format!("the worker's job cannot be read: {error}"))? {
        0 => Err("the worker needs its job as one line of JSON on standard input".to_owned()),
        _ => execution(serde_json::from_str(&line).map_err(|error| format!("the worker's job is malformed: {error}"))?),
    }
}

fn execution(job: Job) -> Result<Execution, String> {
    if job.threads == Some(0) {
        return Err("the worker's job is malformed: `threads` is at least 1, found 0".to_owned());
    }
    // What is wrong with the file is told by the server.
    let project = ConfigurationFile::of_script(&Disk, Path::new(&job.path));
    let project = project.map(|file| file.configuration).unwrap_or_default();
    let device = job.device.map(|word| one_of("device", &word)).transpose()?;
    let precision = job.dtype.map(|word| one_of("dtype", &word)).transpose()?;
    Ok(Execution {
        path: Path::new(&job.path).to_owned(),
        text: job.text,
        device: device.or(named(project.device)).unwrap_or_default(),
        precision: precision.or(named(project.dtype)).unwrap_or_default(),
        threads: job.threads.or(project.threads),
        seed: job.seed.or(project.seed),
        words: job.words,
        check: Check::Errors,
        severities: project.severities,
        check_shapes: false,
        cancelled: Arc::new(AtomicBool::new(false)),
    })
}

/// The value that a word names.
fn one_of<V: ValueEnum>(field: &str, word: &str) -> Result<V, String> {
    V::from_str(word, false).map_err(|_| {
        let known = V::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let known = known.map(|value| format!("`{}`", value.get_name())).collect::<Vec<_>>().join(", ");
        format!("the worker's job is malformed: `{field}` is one of {known}, found `{word}`")
    })
}

/// Watches standard input on a thread of its own, since the others may compute,
/// read a file or wait for a reader of their output.
fn end_with_owner() -> io::Result<()> {
    let watch = || {
        // An error means the same as the end: nobody is there any more.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        cut_off(OWNERLESS)
    };
    std::thread::Builder::new().name("owner".into()).spawn(watch).map(drop)
}
