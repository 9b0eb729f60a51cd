//! What texts mean, as canonical programs, and what is wrong with them, as
//! `line:column code message`.

mod declarations;
mod expressions;
mod fixes;
mod problems;
mod robustness;
mod scripts;
mod spellings;
mod statements;

use super::lower;
use crate::diagnostic::{Diagnostic, Severity};
use crate::program::items::Kept;
use crate::program::print;
use crate::program::tree::Program;
use crate::source::{Encoding, LineIndex, Sources, Span};
use crate::syntax;

fn lowered(source: &str) -> (Program, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("test.tl", source);
    let (program, mut problems) = lower(&syntax::parse(source), &mut sources, file, &mut Kept::default());
    // One text begins at the first byte: places are those of the file.
    for problem in &mut problems {
        problem.place = in_file(&sources, problem.place);
        for edit in problem.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.place = in_file(&sources, edit.place);
        }
    }
    problems.sort_by_key(|problem| problem.place);
    (program, problems)
}

fn in_file(sources: &Sources, span: Span) -> Span {
    let place = sources.place(span);
    Span::default().with(place.start, place.end)
}

/// The script means what the canonical text says, and the canonical text means itself.
#[track_caller]
fn check(source: &str, expected: &str) {
    let (program, problems) = lowered(source);
    let errors: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let printed = print::program(&program);
    assert_eq!(printed.trim_end(), unindent(expected));
    if !printed.contains('<') {
        assert_eq!(print::program(&lowered(&printed).0), printed, "the canonical text means something else");
    }
}

/// The statements mean what the canonical text says.
#[track_caller]
fn check_main(statements: &str, expected: &str) {
    let body: Vec<String> = unindent(expected).lines().map(|line| format!("    {line}")).collect();
    check(&format!("main {{\n{statements}\n}}"), &format!("main {{\n{}\n}}", body.join("\n")));
}

/// The script has these problems, hints included, and no others.
#[track_caller]
fn check_problems(source: &str, expected: &[&str]) {
    let lines = LineIndex::new(source);
    let tell = |problem: &Diagnostic| {
        let at = lines.position(source, problem.place.start(), Encoding::Utf32);
        format!("{}:{} {} {}", at.line + 1, at.character + 1, problem.code.name(), problem.message)
    };
    let told: Vec<String> = lowered(source).1.iter().map(tell).collect();
    assert_eq!(told, expected, "{source}");
}

/// The statements inside of `main` have these problems, given as `column code message`
/// for a single line of text.
#[track_caller]
fn check_line(statements: &str, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|line| format!("2:{line}")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check_problems(&format!("main {{\n{statements}\n}}"), &expected);
}

/// The first problem of the statements comes with this advice.
#[track_caller]
fn check_help(statements: &str, expected: &str) {
    let (_, problems) = lowered(&format!("main {{\n{statements}\n}}"));
    assert_eq!(problems.first().map(|problem| problem.helps.join("; ")).as_deref(), Some(expected), "{statements}");
}

/// The text without its outer line ends and the indentation that its lines share.
fn unindent(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().skip_while(|line| line.trim().is_empty()).collect();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = filled.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| line.get(shared..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}
