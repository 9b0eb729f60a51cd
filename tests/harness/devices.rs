//! The same script on a GPU and on the processor. `TL_WGPU` names an
//! executable that was built with the cargo feature `wgpu`; `tests/check.sh`
//! makes one. A software adapter will do.

use std::fmt::Write;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::numbers::{TOKENS, distance, logits};
use crate::suite::cases;
use crate::tool::Finished;
use crate::{Trials, folders, models, tool};

/// How far numbers of two devices may lie apart, relative to their size.
const BOUND: f64 = 1e-3;

type Check = Box<dyn FnOnce(&Path) -> Result<(), Failed> + Send>;

/// One trial for each model and question; without `TL_WGPU` all are ignored.
pub fn trials() -> Trials {
    let executable = std::env::var_os("TL_WGPU").map(|path| folders::root().join(path));
    let kind = if executable.is_some() { "wgpu" } else { "no TL_WGPU" };
    let trial = |name: String, check: Check| {
        let executable = executable.clone();
        let ignored = executable.is_none();
        let run = move || check(&executable.ok_or("TL_WGPU names no executable")?);
        Trial::test(format!("devices: {name}"), run).with_kind(kind).with_ignored_flag(ignored)
    };
    let mut trials = vec![
        trial("the adapter is named".into(), Box::new(adapter)),
        trial("chat.tl tells the same story on the GPU".into(), Box::new(same_story)),
    ];
    for kind in ["f32", "f16", "q8_0", "q4_0"] {
        let name = format!("logits of a random {kind} model agree within {BOUND}");
        trials.push(trial(name, Box::new(move |executable| same_logits(executable, &models::random(kind, 1)?))));
    }
    for kind in models::SHIPPED {
        let name = format!("logits of stories-{kind} agree within {BOUND}");
        trials.push(trial(name, Box::new(move |executable| same_logits(executable, &models::shipped(kind)))));
    }
    let suite = folders::file("tests/suite");
    for path in folders::find(&suite, "tl")? {
        let topic = path.strip_prefix(&suite).unwrap_or(&path).with_extension("");
        let name = format!("the suite's {} holds on the GPU", topic.display());
        trials.push(trial(name, Box::new(move |executable| same_case(executable, &path))));
    }
    Ok(trials)
}

fn same_logits(executable: &Path, model: &Path) -> Result<(), Failed> {
    let cpu = logits(tool::prepared(executable), model, &TOKENS, "cpu")?;
    let gpu = logits(tool::prepared(executable), model, &TOKENS, "wgpu")?;
    let distance = distance(&gpu, &cpu)?;
    if distance <= BOUND { Ok(()) } else { Err(format!("the logits differ by {distance:.2e}").into()) }
}

/// Every case of a suite file prints the same, up to the rounding of numbers.
fn same_case(executable: &Path, suite: &Path) -> Result<(), Failed> {
    let scratch = folders::scratch()?;
    let (script, input) = (scratch.join("case.tl"), scratch.join("input"));
    let mut report = String::new();
    for case in cases(suite)?.iter().filter(|case| !case.has_files()) {
        std::fs::write(&script, case.text())?;
        std::fs::write(&input, case.input())?;
        let mut command = tool::prepared(executable);
        // The paths of models begin at the suite file.
        command.current_dir(suite.parent().unwrap_or(suite)).stdin(File::open(&input)?);
        command.args(["run", "--device", "wgpu", "--seed", "0", "--check-shapes"]);
        let finished: Finished = command.arg(&script).arg("--").args(case.words()).output()?.into();
        let lines: Vec<&str> = finished.output.lines().collect();
        let expected = case.prints();
        let prints = lines.len() == expected.len() && lines.iter().zip(expected).all(|(a, b)| alike(a, b));
        let told = case.error().is_none_or(|error| finished.errors.contains(&error));
        if !prints || !told || finished.code != Some(case.exit_code()) {
            writeln!(report, "{}\nexpected\n{}\n{}", case.title(), expected.join("\n"), finished.describe())?;
        }
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}

/// Whether two lines are equal, their numbers up to [`BOUND`].
fn alike(found: &str, expected: &str) -> bool {
    let parts = |line: &str| -> Vec<String> {
        let is_number = |c: char| c.is_ascii_digit() || c == '.';
        let mut parts: Vec<String> = Vec::new();
        for character in line.chars() {
            match parts.last_mut() {
                Some(part) if part.ends_with(is_number) == is_number(character) => part.push(character),
                _ => parts.push(character.to_string()),
            }
        }
        parts
    };
    let near = |(a, b): (&String, &String)| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= BOUND * b.abs().max(1.0),
        _ => a == b,
    };
    let (found, expected) = (parts(found), parts(expected));
    found.len() == expected.len() && found.iter().zip(&expected).all(near)
}

fn adapter(executable: &Path) -> Result<(), Failed> {
    let script: PathBuf = folders::scratch()?.join("one.tl");
    std::fs::write(&script, "main { print(sum([1.5, 2])) }")?;
    let mut command = tool::prepared(executable);
    let finished = tool::finish(command.args(["run", "--device", "wgpu", "--stats"]).arg(script))?.expect_code(0)?;
    if finished.output != "3.5\n" || !finished.errors.contains("wgpu: ") {
        return Err(finished.describe().into());
    }
    Ok(())
}

fn same_story(executable: &Path) -> Result<(), Failed> {
    let story = |device: &str| {
        let mut command: Command = tool::prepared(executable);
        let words = ["run", "--device", device, "examples/chat.tl", "--", "--tokens", "40"];
        tool::finish(command.args(words))?.expect_code(0)
    };
    let (cpu, gpu) = (story("cpu")?, story("wgpu")?);
    if cpu.output == gpu.output { Ok(()) } else { Err(format!("{}\n{}", cpu.output, gpu.output).into()) }
}
