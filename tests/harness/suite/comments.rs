//! The comments of a case, which say what is to happen. `tests/README.md` describes them.

use std::fmt::Write;

/// What a case is to do.
#[derive(Default)]
pub struct Expected {
    /// The lines that it prints.
    pub prints: Vec<String>,
    /// The lines that it writes to the error stream.
    pub eprints: Vec<String>,
    /// What the run tells about itself.
    pub notices: Vec<String>,
    /// What is wrong with it.
    pub problems: Vec<ExpectedProblem>,
    /// Codes that are not told of it.
    pub silent: Vec<String>,
    /// The words that it is given.
    pub words: Vec<String>,
    /// What it can read.
    pub input: String,
    /// The code that it exits with by itself.
    pub exit: Option<i32>,
}

/// A problem that a case has.
pub struct ExpectedProblem {
    /// The line that its place begins on.
    pub line: usize,
    /// How severe it is.
    pub severity: &'static str,
    /// Its code.
    pub code: String,
    /// Part of its message.
    pub message: String,
    /// Parts of its notes.
    pub notes: Vec<String>,
    /// Parts of its advice.
    pub helps: Vec<String>,
    /// The lines that its fix changes, as they are afterwards.
    pub fixed: Option<Vec<String>>,
}

const MARKS: &[&str] = &[
    "// prints:",
    "// eprints:",
    "// notice:",
    "// note:",
    "// help:",
    "// fixed:",
    "// silent:",
    "// words:",
    "// input:",
    "// exits:",
    "// error[",
    "// warning[",
    "// hint[",
];

/// A line without the comment that says what happens.
pub fn code_of(line: &str) -> &str {
    split(line).0.trim_end()
}

/// The code of a line, and its comment: which one, and what stands behind.
fn split(line: &str) -> (&str, Option<(&'static str, &str)>) {
    match MARKS.iter().filter_map(|mark| line.find(mark).map(|at| (at, *mark))).min() {
        Some((at, mark)) => (&line[..at], Some((mark, &line[at + mark.len()..]))),
        None => (line, None),
    }
}

/// Reads the comments; `first` is the number of the first line.
pub fn expectations(lines: &[&str], first: usize) -> Result<Expected, String> {
    let mut expected = Expected::default();
    let mut code_line = first;
    for (index, line) in lines.iter().enumerate() {
        let (code, comment) = split(line);
        if !code.trim().is_empty() {
            code_line = first + index;
        }
        let Some((mark, rest)) = comment else { continue };
        let text = rest.strip_prefix(' ').unwrap_or(rest).replace('␣', " ");
        let problem = || format!("line {}: `// {}` follows no problem", first + index, &mark[3..]);
        match mark {
            "// prints:" => expected.prints.push(text),
            "// eprints:" => expected.eprints.push(text),
            "// notice:" => expected.notices.push(text),
            "// note:" => expected.problems.last_mut().ok_or_else(problem)?.notes.push(text),
            "// help:" => expected.problems.last_mut().ok_or_else(problem)?.helps.push(text),
            "// fixed:" => {
                let about = expected.problems.last_mut().ok_or_else(problem)?;
                about.fixed.get_or_insert_default().push(text);
            }
            "// silent:" => expected.silent.extend(text.split(',').map(|code| code.trim().to_owned())),
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
                    fixed: None,
                });
            }
        }
    }
    Ok(expected)
}
