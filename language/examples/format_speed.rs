//! Measures how long the layout of a script takes: `format_speed SCRIPT`. The
//! script is repeated up to a thousand lines and more, without any indentation,
//! so that every line changes. Started by `tests/compare/format_speed.sh`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use tensorlogic_language::{format, syntax};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: format_speed SCRIPT");
        return ExitCode::from(2);
    };
    let script = match std::fs::read_to_string(&path) {
        Ok(script) => script,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
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
        let [parse, total] = [parse, format].map(|time| time.as_secs_f64() * 1e3);
        println!("{lines:8}  {parse:8.2}  {total:9.2}  {:9.2}", total * 1e3 / lines as f64);
    }
    ExitCode::SUCCESS
}

/// The median time of eleven runs.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..11)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
