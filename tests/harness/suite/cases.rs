//! Suite files, split into cases.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::comments::{Expected, expectations};
use crate::folders;
use crate::script::Script;

/// A program and what it is to do.
pub struct Case {
    title: String,
    path: PathBuf,
    text: String,
    files: Vec<(PathBuf, String)>,
    /// What its comments say.
    pub(super) expected: Expected,
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

    /// It with this text.
    pub(super) fn script(&self, text: String) -> Script<'_> {
        let Expected { words, input, .. } = &self.expected;
        Script { path: &self.path, text, files: self.files.clone(), words: words.clone(), input: input.clone() }
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

/// The files of the suite by their topics, with their cases.
pub fn all() -> Result<Vec<(String, Vec<Case>)>, String> {
    let folder = folders::file("tests/suite");
    let topic = |path: &Path| path.strip_prefix(&folder).unwrap_or(path).with_extension("").display().to_string();
    folders::find(&folder, "tl")?.iter().map(|path| Ok((topic(path), cases(path)?))).collect()
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
