//! The example of every builtin is run and prints what its entry says; every
//! script in `examples/` passes the check.

use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};
use tensorlogic_language::catalogue::Builtin;
use tensorlogic_language::catalogue::entry::Entry;

use crate::script::{Script, tell};
use crate::{Trials, folders};

/// One trial for each builtin and each script.
pub fn trials() -> Trials {
    let mut trials: Vec<Trial> = Builtin::all()
        .map(|builtin| {
            let entry = builtin.entry();
            Trial::test(format!("examples: the example of `{}` prints what it says", entry.name), || check(entry))
        })
        .collect();
    for path in folders::find(&folders::file("examples"), "tl")? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        trials.push(Trial::test(format!("examples: {name} has neither errors nor warnings"), move || is_clean(path)));
    }
    Ok(trials)
}

/// Examples stand in `examples/`, so their relative paths begin there.
fn check(entry: &Entry) -> Result<(), Failed> {
    let told = tell(Script {
        path: &folders::file("examples/example.tl"),
        text: format!("main {{\n{}\n}}\n", entry.example),
        files: Vec::new(),
        words: Vec::new(),
        input: String::new(),
    });
    if let Some(problem) = told.problems.iter().find(|problem| problem.severity != "hint") {
        return Err(format!("{}\n\n{problem}", entry.example).into());
    }
    if told.output.trim_end_matches('\n') != entry.prints {
        return Err(format!("{}\n\nexpected:\n{}\n\nfound:\n{}", entry.example, entry.prints, told.output).into());
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
