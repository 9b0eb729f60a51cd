//! Measures how long the layout of a script takes: `format-speed SCRIPT`. The script is repeated
//! up to a thousand lines and more, without any indentation, so that every line changes. Started
//! by `tests/compare/format_speed.sh`.

use std::process::ExitCode;

use rustix::time::{ClockId, clock_gettime};
use tensorlogic_language::{format, syntax};

/// How often each text is laid out.
const RUNS: usize = 15;

/// What 1,000 lines may take, in milliseconds.
const BOUND: f64 = 20.0;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: format-speed SCRIPT");
        return ExitCode::from(2);
    };
    let script = match std::fs::read_to_string(&path) {
        Ok(script) => script,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut holds = true;
    println!("   lines  parse ms  format ms  us a line");
    for lines in [1_000, 10_000, 100_000] {
        let text: String = script.lines().cycle().take(lines).map(|line| line.trim_start().to_owned() + "\n").collect();
        // The last part may be cut off in the middle of a block.
        let depth = text.matches('{').count() - text.matches('}').count();
        let text = text + &"}".repeat(depth);
        if let Err(broken) = format::format(&text) {
            eprintln!("{path} has no layout: {broken:?}");
            return ExitCode::FAILURE;
        }
        let parse = median(|| drop(syntax::parse(&text)));
        let format = median(|| drop(format::format(&text)));
        holds &= lines > 1_000 || format < BOUND;
        println!("{lines:8}  {parse:8.2}  {format:9.2}  {:9.2}", format * 1e3 / lines as f64);
    }
    println!("1,000 lines in less than {BOUND} ms: {}", if holds { "yes" } else { "no" });
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The median of some runs, in milliseconds that the processor worked for this thread.
fn median(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let since = now();
            run();
            now() - since
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[RUNS / 2]
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
