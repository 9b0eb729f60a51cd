//! Tries random input for some time, with any compiler, and tells what does not hold.
//!
//!     run headers MINUTES [--seed N]
//!     run programs MINUTES [--seed N] [--keep FOLDER] FILE…
//!
//! Headers are those of weight files; the first panic ends it. Programs are the files,
//! changed, and scripts of its own: each failure is made as small as possible and written
//! to the folder. A run repeats with its seed.

mod headers;
mod programs;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fuzz::Random;

fn main() -> ExitCode {
    let Some(options) = Options::read() else {
        eprintln!(
            "usage: run headers MINUTES [--seed N]\n       run programs MINUTES [--seed N] [--keep FOLDER] FILE…"
        );
        return ExitCode::from(2);
    };
    println!("seed {}", options.seed);
    let mut random = Random(options.seed);
    let end = Instant::now() + options.time;
    if options.of_headers {
        headers::run(end, &mut random);
        return ExitCode::SUCCESS;
    }
    match programs::run(end, random, options.files, options.keep) {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

struct Options {
    of_headers: bool,
    time: Duration,
    seed: u64,
    keep: PathBuf,
    files: Vec<String>,
}

impl Options {
    fn read() -> Option<Options> {
        let mut arguments = std::env::args().skip(1);
        let of_headers = match arguments.next()?.as_str() {
            "headers" => true,
            "programs" => false,
            _ => return None,
        };
        let minutes: f64 = arguments.next()?.parse().ok()?;
        let since = std::time::UNIX_EPOCH.elapsed().ok()?;
        let mut options = Options {
            of_headers,
            time: Duration::from_secs_f64(minutes * 60.0),
            seed: since.as_nanos() as u64,
            keep: std::env::temp_dir().join("tensorlogic-fuzz"),
            files: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--seed" => options.seed = arguments.next()?.parse().ok()?,
                "--keep" => options.keep = arguments.next()?.into(),
                path => options.files.push(std::fs::read_to_string(path).ok()?),
            }
        }
        std::fs::create_dir_all(&options.keep).ok()?;
        (of_headers || !options.files.is_empty()).then_some(options)
    }
}
