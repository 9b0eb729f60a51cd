//! The suite: programs that say in comments what they print and what is wrong
//! with them. `tests/README.md` describes the comments.

mod cases;
mod comments;
mod complete;
pub mod fixes;

use std::fmt::Write;

use libtest_mimic::{Failed, Trial};
use tensorlogic_runtime::run::Ending;

use crate::Trials;
use crate::script::{Problem, Told, tell};
use comments::{Expected, ExpectedProblem};

pub use cases::{Case, cases};

/// One trial for each case of each file, and two for the suite as a whole.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    for (topic, cases) in cases::all()? {
        for case in cases {
            trials.push(Trial::test(format!("suite: {topic}: {}", case.title()), move || check(&case)));
        }
    }
    trials.push(Trial::test("suite: every code fires in a case and stays silent in another", complete::codes));
    trials.push(Trial::test("suite: every fix is applied by a case", complete::fixes));
    Ok(trials)
}

fn check(case: &Case) -> Result<(), Failed> {
    let expected = &case.expected;
    let told = tell(case.script(case.text().to_owned()));
    let mut report = String::new();
    compare_problems(expected, &told, &mut report)?;
    fixes::check(case, &told.problems, &mut report)?;
    compare_lines("printed", &expected.prints, &told.output, &mut report)?;
    compare_lines("written to the error stream", &expected.eprints, &told.error_output, &mut report)?;
    for notice in &expected.notices {
        if !told.notices.iter().any(|found| found.contains(notice)) {
            writeln!(report, "missing notice: {notice}\n  told: {:?}", told.notices)?;
        }
    }
    let (code, wanted) = (exit_code(told.ending), case.exit_code());
    if code != wanted {
        writeln!(report, "exit code {wanted} is expected, found {code}: {:?}", told.ending)?;
    }
    if told.ending == Some(Ending::Failed) && !told.has_errors() {
        writeln!(report, "the run failed and told no reason: it panicked")?;
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}

/// What `tl run` exits with; no ending is that of a script that the check refuses.
fn exit_code(ending: Option<Ending>) -> i32 {
    match ending {
        Some(Ending::Finished) => 0,
        None | Some(Ending::Failed | Ending::Cancelled) => 1,
        Some(Ending::Exited(code)) => code & 0xff,
    }
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
    for found in told.problems.iter().filter(|found| expected.silent.iter().any(|code| code == found.code)) {
        writeln!(report, "told where silence is expected: {found}")?;
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
