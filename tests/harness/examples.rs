//! The example of every builtin and property is run and prints what its entry says, or is checked
//! where nothing executes it yet; every script in `examples/` passes the check.

use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};
use tensorlogic_language::catalogue::entry::Entry;
use tensorlogic_language::catalogue::{Builtin, property};

use crate::script::{Script, Told, tell};
use crate::{Trials, folders};

/// One trial for each builtin, each property and each script.
pub fn trials() -> Trials {
    let mut trials: Vec<Trial> = Builtin::all()
        .map(|builtin| {
            let entry = builtin.entry();
            match builtin.is_executable() {
                true => shown(entry.name, entry.script(), entry.prints),
                false => {
                    let name = format!("examples: that of `{}` lacks nothing but a kernel", entry.name);
                    Trial::test(name, move || waits(entry))
                }
            }
        })
        .collect();
    for property in property::ALL.iter().filter(|property| !property.example.is_empty()) {
        let name = format!("{}{}", property.of, property.written);
        trials.push(shown(&name, format!("main {{\n{}\n}}\n", property.example), property.prints));
    }
    for path in folders::find(&folders::file("examples"), "tl")? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        trials.push(Trial::test(format!("examples: {name} has neither errors nor warnings"), move || is_clean(path)));
    }
    Ok(trials)
}

fn shown(name: &str, script: String, expected: &'static str) -> Trial {
    Trial::test(format!("examples: that of `{name}` prints what it says"), move || prints(&script, expected))
}

/// Examples stand in `examples/`, so their relative paths begin there.
fn told_of(text: &str) -> Told {
    tell(Script {
        path: &folders::file("examples/example.tl"),
        text: text.to_owned(),
        files: Vec::new(),
        words: Vec::new(),
        input: String::new(),
    })
}

/// The example has no problem but that something in it cannot be executed yet.
fn waits(entry: &Entry) -> Result<(), Failed> {
    let told = told_of(&entry.script());
    let (waiting, other): (Vec<_>, Vec<_>) =
        told.problems.iter().filter(|p| p.severity != "hint").partition(|p| p.code == "not-supported-yet");
    match (waiting.is_empty(), other.first()) {
        (false, None) => Ok(()),
        (true, None) => Err(format!("{}\n\nruns after all", entry.example).into()),
        (_, Some(problem)) => Err(format!("{}\n\n{problem}", entry.example).into()),
    }
}

/// The example runs without a warning and prints this.
fn prints(text: &str, expected: &str) -> Result<(), Failed> {
    let told = told_of(text);
    if let Some(problem) = told.problems.iter().find(|problem| problem.severity != "hint") {
        return Err(format!("{text}\n\n{problem}").into());
    }
    if told.output.trim_end_matches('\n') != expected {
        return Err(format!("{text}\n\nexpected:\n{expected}\n\nfound:\n{}", told.output).into());
    }
    Ok(())
}

fn is_clean(path: PathBuf) -> Result<(), Failed> {
    use tensorlogic_language::diagnostic::Severity;
    use tensorlogic_language::files::Disk;
    use tensorlogic_language::program::analyse;
    use tensorlogic_language::source::Sources;

    let mut sources = Sources::default();
    let file = sources.add(&path, folders::read(&path)?);
    match analyse(&mut sources, file, &Disk).problems.iter().find(|problem| problem.severity != Severity::Hint) {
        Some(problem) => Err(format!("{}: {}", sources.describe(problem.place), problem.message).into()),
        None => Ok(()),
    }
}
