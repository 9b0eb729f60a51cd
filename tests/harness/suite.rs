//! The suite: programs that say in comments what they print and what is wrong
//! with them. `tests/README.md` describes the comments.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use tensorlogic_runtime::run::Ending;

use crate::script::{Problem, Script, Told, tell};
use crate::{Trials, folders};

/// One trial for each case of each file.
pub fn trials() -> Trials {
    let folder = folders::file("tests/suite");
    let mut trials = Vec::new();
    for path in folders::find(&folder, "tl")? {
        let topic = path.strip_prefix(&folder).unwrap_or(&path).with_extension("");
        for case in cases(&path)? {
            let name = format!("suite: {}: {}", topic.display(), case.title);
            trials.push(Trial::test(name, move || check(&case)));
        }
    }
    Ok(trials)
}

/// A program and what it is to do.
pub struct Case {
    title: String,
    path: PathBuf,
    text: String,
    files: Vec<(PathBuf, String)>,
    expected: Expected,
}

#[derive(Default)]
struct Expected {
    prints: Vec<String>,
    eprints: Vec<String>,
    notices: Vec<String>,
    problems: Vec<ExpectedProblem>,
    words: Vec<String>,
    input: String,
    exit: Option<i32>,
}

struct ExpectedProblem {
    line: usize,
    severity: &'static str,
    code: String,
    message: String,
    notes: Vec<String>,
    helps: Vec<String>,
}

impl Case {
    /// What its title says.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The program, behind as many empty lines as stand before it in its file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it consists of several files.
    pub fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// The lines that it prints.
    pub fn prints(&self) -> &[String] {
        &self.expected.prints
    }

    /// The words that it is given.
    pub fn words(&self) -> &[String] {
        &self.expected.words
    }

    /// The lines that it can read.
    pub fn input(&self) -> &str {
        &self.expected.input
    }

    /// The exit code of its run.
    pub fn exit_code(&self) -> i32 {
        let fails = self.expected.problems.iter().any(|problem| problem.severity == "error");
        self.expected.exit.unwrap_or(i32::from(fails))
    }

    /// How the error begins that its run tells. A run that ends well tells none: what is
    /// wrong lies in what does not run.
    pub fn error(&self) -> Option<String> {
        if self.exit_code() == 0 {
            return None;
        }
        let problem = self.expected.problems.iter().find(|problem| problem.severity == "error")?;
        Some(format!("error[{}]", problem.code))
    }
}

/// Splits a suite file. Each case keeps the line numbers of the file, so that
/// a place in a message is the place in the file.
pub fn cases(path: &Path) -> Result<Vec<Case>, String> {
    let text = folders::read(path)?;
    let mut cases: Vec<Case> = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("// --- ") {
            finish(&mut cases, &lines)?;
            let title = title.trim().to_owned();
            if cases.iter().any(|case| case.title == title) {
                return Err(format!("{}: two cases are called `{title}`", path.display()));
            }
            let text = "\n".repeat(number);
            cases.push(Case { title, path: path.to_owned(), text, files: Vec::new(), expected: Expected::default() });
            lines.clear();
        }
        lines.push(line);
    }
    finish(&mut cases, &lines)?;
    if cases.is_empty() {
        return Err(format!("{} has no case: one begins with `// --- ` and a title", path.display()));
    }
    Ok(cases)
}

/// Gives the last case its lines, the title's first. Its further files keep the line
/// numbers too.
fn finish(cases: &mut [Case], all: &[&str]) -> Result<(), String> {
    let Some(case) = cases.last_mut() else { return Ok(()) };
    let first = case.text.lines().count() + 1;
    let file = |line: &str| line.strip_prefix("// file: ").map(|name| name.trim().to_owned());
    let own = all.iter().position(|line| file(line).is_some()).unwrap_or(all.len());
    for (index, line) in all.iter().enumerate().skip(own) {
        if let Some(name) = file(line) {
            case.files.push((case.path.with_file_name(name), "\n".repeat(first - 1 + index)));
        }
        if let Some((_, text)) = case.files.last_mut() {
            writeln!(text, "{line}").map_err(|error| error.to_string())?;
        }
    }
    let lines = &all[..own];
    let has_main = lines.iter().any(|line| line.starts_with("main") || line.starts_with("fn main"));
    for (index, line) in lines.iter().enumerate() {
        match (index, has_main) {
            (0, true) => case.text.push('\n'),
            (0, false) => case.text.push_str("main {\n"),
            _ => writeln!(case.text, "{line}").map_err(|error| error.to_string())?,
        }
    }
    if !has_main {
        case.text.push_str("}\n");
    }
    case.expected = expectations(all, first).map_err(|why| format!("{}: {why}", case.path.display()))?;
    Ok(())
}

const MARKS: &[&str] = &[
    "// prints:",
    "// eprints:",
    "// notice:",
    "// note:",
    "// help:",
    "// words:",
    "// input:",
    "// exits:",
    "// error[",
    "// warning[",
    "// hint[",
];

/// Reads the comments; `first` is the number of the first line.
fn expectations(lines: &[&str], first: usize) -> Result<Expected, String> {
    let mut expected = Expected::default();
    let mut code_line = first;
    for (index, line) in lines.iter().enumerate() {
        let found = MARKS.iter().filter_map(|mark| line.find(mark).map(|at| (at, *mark))).min();
        let code = &line[..found.map_or(line.len(), |(at, _)| at)];
        if !code.trim().is_empty() {
            code_line = first + index;
        }
        let Some((at, mark)) = found else { continue };
        let rest = &line[at + mark.len()..];
        let text = rest.strip_prefix(' ').unwrap_or(rest).replace('␣', " ");
        let problem = || format!("line {}: `// {}` follows no problem", first + index, &mark[3..]);
        match mark {
            "// prints:" => expected.prints.push(text),
            "// eprints:" => expected.eprints.push(text),
            "// notice:" => expected.notices.push(text),
            "// note:" => expected.problems.last_mut().ok_or_else(problem)?.notes.push(text),
            "// help:" => expected.problems.last_mut().ok_or_else(problem)?.helps.push(text),
            "// words:" => expected.words.extend(text.split_whitespace().map(str::to_owned)),
            "// input:" => writeln!(expected.input, "{text}").map_err(|error| error.to_string())?,
            "// exits:" => {
                let code = text.trim().parse().map_err(|_| format!("`{text}` is no exit code"))?;
                expected.exit = Some(code);
            }
            _ => {
                let malformed = || format!("line {}: expected `{mark}code]: part of the message`", first + index);
                let (code, message) = rest.split_once("]: ").ok_or_else(malformed)?;
                expected.problems.push(ExpectedProblem {
                    line: code_line,
                    severity: match mark {
                        "// error[" => "error",
                        "// warning[" => "warning",
                        _ => "hint",
                    },
                    code: code.to_owned(),
                    message: message.trim().to_owned(),
                    notes: Vec::new(),
                    helps: Vec::new(),
                });
            }
        }
    }
    Ok(expected)
}

fn check(case: &Case) -> Result<(), Failed> {
    let expected = &case.expected;
    let told = tell(Script {
        path: &case.path,
        text: case.text.clone(),
        files: case.files.clone(),
        words: expected.words.clone(),
        input: expected.input.clone(),
    });
    let mut report = String::new();
    compare_problems(expected, &told, &mut report)?;
    compare_lines("printed", &expected.prints, &told.output, &mut report)?;
    compare_lines("written to the error stream", &expected.eprints, &told.error_output, &mut report)?;
    for notice in &expected.notices {
        if !told.notices.iter().any(|found| found.contains(notice)) {
            writeln!(report, "missing notice: {notice}\n  told: {:?}", told.notices)?;
        }
    }
    match (told.ending, expected.exit) {
        (Some(Ending::Exited(code)), Some(wanted)) if code == wanted => {}
        (Some(Ending::Finished), Some(0)) => {}
        (ending, Some(wanted)) => writeln!(report, "expected exit code {wanted}, found {ending:?}")?,
        (Some(Ending::Exited(code)), None) => writeln!(report, "the run exited with {code}")?,
        (Some(Ending::Failed), None) if !told.has_errors() => {
            writeln!(report, "the run failed and told no reason: it panicked")?;
        }
        _ => {}
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}

/// Every error and warning is expected, every expected problem occurs; hints
/// that nobody expects may occur.
fn compare_problems(expected: &Expected, told: &Told, report: &mut String) -> std::fmt::Result {
    let mut left: Vec<&Problem> = told.problems.iter().collect();
    for wanted in &expected.problems {
        match left.iter().position(|found| matches(wanted, found)) {
            Some(at) => {
                left.remove(at);
            }
            None => writeln!(
                report,
                "missing: line {}: {}[{}]: {}",
                wanted.line, wanted.severity, wanted.code, wanted.message
            )?,
        }
    }
    let show_hints = !report.is_empty();
    for found in left.iter().filter(|found| found.severity != "hint" || show_hints) {
        writeln!(report, "told but not expected: {found}")?;
    }
    Ok(())
}

fn matches(wanted: &ExpectedProblem, found: &Problem) -> bool {
    let holds = |parts: &[String], all: &[String]| parts.iter().all(|part| all.iter().any(|one| one.contains(part)));
    wanted.line == found.line
        && wanted.severity == found.severity
        && wanted.code == found.code
        && found.message.contains(&wanted.message)
        && holds(&wanted.notes, &found.notes)
        && holds(&wanted.helps, &found.helps)
}

fn compare_lines(what: &str, expected: &[String], found: &str, report: &mut String) -> std::fmt::Result {
    let found: Vec<&str> = found.lines().collect();
    if found == expected {
        return Ok(());
    }
    writeln!(report, "{what}, expected and found:")?;
    for index in 0..expected.len().max(found.len()) {
        let wanted = expected.get(index).map(String::as_str);
        let found = found.get(index).copied();
        if wanted == found {
            writeln!(report, "    {}", wanted.unwrap_or_default())?;
        } else {
            wanted.into_iter().try_for_each(|line| writeln!(report, "  - {line}"))?;
            found.into_iter().try_for_each(|line| writeln!(report, "  + {line}"))?;
        }
    }
    Ok(())
}
