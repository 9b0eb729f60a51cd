//! `tl check`: tells what is wrong with scripts without running them, to a person
//! or to another program, and what is known of their shapes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use tensorlogic_language::diagnostic::Severity;

use crate::checked::{Checked, Script, check_all, json, sarif};
use crate::project::tell_faults;
use crate::script::{STANDARD_INPUT, read, read_or_input};
use crate::search;
use crate::terminal::diagnostics::{plain_error, render};
use crate::terminal::{errors_are_colourful, is_colourful, progress, say, shapes, tell};

/// What `tl check` takes.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    tl check                      every script below the current folder\n  \
    tl check chat.tl examples     this script, and every script below `examples`\n  \
    tl check --shapes chat.tl     the script with the shape of each variable beside it\n  \
    tl check --format json -      standard input, one object a line for each problem\n\n\
    The exit code is 1 if there is an error. `tl explain CODE` tells more about a problem; a comment\n\
    `// tl: allow(CODE)` silences it, and `tl.toml` says how severe it is.")]
pub struct Arguments {
    /// Scripts, and folders whose scripts are meant; `-` is standard input [default: .]
    paths: Vec<PathBuf>,

    /// How to tell what is found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    /// Tell the shape of each variable as well
    #[arg(long)]
    shapes: bool,
}

/// From this many files on a bar shows how far the check is.
const FILES_OF_A_BAR: usize = 40;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person, on the error stream.
    Text,
    /// One object a line.
    Json,
    /// One document for a platform of code review.
    Sarif,
}

/// Runs the subcommand; gives the exit code.
pub fn run(arguments: &Arguments) -> u8 {
    if arguments.shapes && arguments.format == Format::Sarif {
        plain_error("SARIF has no place for shapes; use `--format json` with `--shapes`");
        return 2;
    }
    let (scripts, unreadable) = match scripts(&arguments.paths, arguments.format) {
        Ok(found) => found,
        Err(problem) => {
            plain_error(problem);
            return 2;
        }
    };
    for problem in &unreadable {
        plain_error(problem);
    }
    // Few files are checked before anybody could look at a bar.
    let bar = (scripts.len() >= FILES_OF_A_BAR).then(|| progress::of_files(scripts.len(), "checking"));
    let checked = check_all(scripts, || bar.iter().for_each(|bar| bar.inc(1)));
    bar.iter().for_each(ProgressBar::finish_and_clear);
    let all = match checked {
        Ok(all) => all,
        Err(error) => {
            plain_error(&format!("no thread can be started: {error}"));
            return 1;
        }
    };
    let faults = tell_projects(&all);
    let told = match arguments.format {
        Format::Text => {
            tell_person(&all, arguments.shapes, unreadable.len());
            Ok(())
        }
        Format::Json => json::lines(&all, arguments.shapes).map(|lines| say(&lines)),
        Format::Sarif => serde_json::to_string_pretty(&sarif::document(&all)).map(|text| say(&format!("{text}\n"))),
    };
    if let Err(error) = told {
        plain_error(&format!("what was found cannot be written: {error}"));
        return 1;
    }
    let fails = |checked: &Checked| checked.problems.iter().any(|problem| problem.severity == Severity::Error);
    u8::from(!unreadable.is_empty() || faults > 0 || all.iter().any(fails))
}

/// The scripts that are meant, and what cannot be read; else why there are none.
fn scripts(paths: &[PathBuf], format: Format) -> Result<(Vec<Script>, Vec<String>), &'static str> {
    if paths.iter().any(|path| path.as_os_str() == "-") {
        if paths.len() > 1 {
            return Err("`-` stands alone: standard input is not checked together with files");
        }
        let path = PathBuf::from("-");
        let name = if format == Format::Text { PathBuf::from(STANDARD_INPUT) } else { path.clone() };
        return Ok(match read_or_input(&path) {
            Ok(text) => (vec![Script { name, path, text }], Vec::new()),
            Err(problem) => (Vec::new(), vec![problem]),
        });
    }
    let here = [PathBuf::from(".")];
    let search::Found { mut scripts, problems: mut unreadable } =
        search::scripts(if paths.is_empty() { &here } else { paths });
    scripts.sort();
    let mut found = Vec::new();
    for path in scripts {
        match read(&path) {
            Ok(text) => found.push(Script { name: path.clone(), path, text }),
            Err(problem) => unreadable.push(problem),
        }
    }
    Ok((found, unreadable))
}

/// Tells what is wrong with the configuration of each project, once; gives how
/// much that is.
fn tell_projects(all: &[Checked]) -> usize {
    let projects: BTreeMap<&Path, _> =
        all.iter().filter_map(|checked| checked.project.as_ref()).map(|file| (file.path.as_path(), file)).collect();
    projects.values().for_each(|file| tell_faults(file, Severity::Error));
    projects.values().map(|file| file.faults.len()).sum()
}

/// Tells a person: shapes on standard output, problems on the error stream.
fn tell_person(all: &[Checked], with_shapes: bool, unreadable: usize) {
    if with_shapes {
        let colour = is_colourful();
        let listings: Vec<String> = all.iter().map(|checked| shapes::listing(checked, all.len() > 1, colour)).collect();
        say(&listings.join("\n"));
    }
    let colour = errors_are_colourful();
    for checked in all {
        for problem in &checked.problems {
            tell(&format!("{}\n", render(&checked.sources, problem, colour)));
        }
    }
    tell(&format!("{}\n", summary(all, unreadable)));
}

/// How many scripts were checked and what was found, in one line.
fn summary(all: &[Checked], unreadable: usize) -> String {
    if all.is_empty() && unreadable == 0 {
        return "no `.tl` files found".to_owned();
    }
    let number = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let problems = || all.iter().flat_map(|checked| &checked.problems);
    let counts = [Severity::Error, Severity::Warning, Severity::Hint]
        .map(|severity| (problems().filter(|problem| problem.severity == severity).count(), severity.name()));
    let mut counts: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, name)| number(count, name)).collect();
    if unreadable > 0 {
        counts.push(format!("{unreadable} could not be read"));
    }
    let found = if counts.is_empty() { "no problems".to_owned() } else { counts.join(", ") };
    format!("{} checked: {found}", number(all.len(), "file"))
}
