//! What each lint says and where it is silent, as scripts with the expectation on the
//! line: `// warning[code]: part of the message`, as in the suite. A script without a
//! `main` or a function is the body of a `main`.

mod generation;
mod logic;
mod paths;
mod variables;

use super::super::outline::Outlines;
use super::super::parts::parts;
use super::super::{check as calls, lowered, names};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{Encoding, Sources};

/// Checks what is told of `script`: every error and warning, and the hints of `code`.
fn check(code: Code, script: &str) {
    let (sources, problems) = problems(script);
    let file = sources.file(Default::default());
    let (text, lines) = (&file.text, &file.lines);
    let mut told: Vec<(u32, String, String)> = problems
        .iter()
        .filter(|problem| problem.severity != Severity::Hint || problem.code == code)
        .map(|problem| {
            let line = lines.position(text, sources.place(problem.place).start, Encoding::Utf8).line;
            let severity = format!("{:?}", problem.severity).to_lowercase();
            (line, format!("{severity}[{}]", problem.code.name()), problem.message.clone())
        })
        .collect();
    told.sort();
    let mut expected: Vec<(u32, &str, &str)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for wanted in line.split(" // ").skip(1) {
            let (kind, message) = wanted.split_once(": ").unwrap_or((wanted, ""));
            expected.push((number as u32, kind, message.trim()));
        }
    }
    expected.sort();
    let matches = told.len() == expected.len()
        && told
            .iter()
            .zip(&expected)
            .all(|(told, wanted)| told.0 == wanted.0 && told.1 == wanted.1 && told.2.contains(wanted.2));
    assert!(matches, "{text}\ntold: {told:#?}\nexpected: {expected:#?}");
}

/// Checks that nothing at all is told of `script`, hints included.
fn silent(script: &str) {
    let (sources, problems) = problems(script);
    assert!(problems.is_empty(), "{}\n{problems:#?}", sources.file(Default::default()).text);
}

/// Checks what the only fix of a script makes of it.
fn check_fix(code: Code, script: &str, expected: &str) {
    let (sources, problems) = problems(script);
    let fix = problems.iter().find(|problem| problem.code == code).and_then(|problem| problem.fix.clone());
    let fix = fix.expect("there is a fix");
    let mut text = sources.file(Default::default()).text.to_string();
    for edit in fix.edits.iter().rev() {
        let place = sources.place(edit.place);
        text.replace_range(place.start..place.end, &edit.text);
    }
    assert_eq!(text, whole(expected));
}

/// Everything that is told of a script, but what cannot be executed yet: so are the
/// methods of a cache, which read as calls of unknown functions.
fn problems(script: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("script.tl", whole(script));
    let (program, mut problems) = lowered(&mut sources, file);
    let (names, unresolved) = names::resolve(&program, &mut Default::default());
    problems.extend(unresolved);
    problems.extend(parts(&program).flat_map(|part| calls::calls(part, &names)));
    problems.retain(|problem| !matches!(problem.code, Code::NotSupportedYet | Code::Arity | Code::UnknownFunction));
    let outlines = Outlines::new(&program, &names, &sources, &Outlines::default());
    let facts = super::Facts::of(&program, &names, &outlines);
    let of_parts: Vec<Diagnostic> =
        parts(&program).flat_map(|part| super::of_part(part, &facts, &sources, &problems)).collect();
    problems.extend(of_parts);
    problems.extend(super::of_program(&facts, &sources, &problems));
    (sources, problems)
}

fn whole(script: &str) -> String {
    let script = script.trim_matches('\n');
    let is_program = script.lines().any(|line| line.starts_with("main") || line.starts_with("fn "));
    if is_program { script.to_owned() } else { format!("main {{\n{script}\n}}") }
}
