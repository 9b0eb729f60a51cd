//! Fixes of problems, applied to the cases that have them: each removes its problem and
//! adds none, and where a case says so, the lines that it changes are those.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::cases::Case;
use super::comments::code_of;
use super::matches;
use crate::script::{Problem, Script, problems};

/// Tells which fixes of a script do not remove their problems, or add others; `of` is
/// the same script with another text.
pub fn repair<'s>(told: &[Problem], of: impl Fn(String) -> Script<'s>, report: &mut String) -> std::fmt::Result {
    for problem in told {
        let Some(fix) = &problem.fix else { continue };
        let after = problems(&of(fix.text.clone()));
        let (before, after) = (counts(told), counts(&after));
        let remaining = after.get(problem.code).copied().unwrap_or_default();
        if remaining >= before[problem.code] {
            writeln!(report, "the fix `{}` leaves its problem: {problem}", fix.title)?;
        }
        let added = after.iter().filter(|(code, count)| before.get(*code).is_none_or(|before| before < *count));
        for (code, _) in added {
            writeln!(report, "the fix `{}` adds {code}: {problem}", fix.title)?;
        }
    }
    Ok(())
}

/// What is wrong with the fixes of the problems that a case has.
pub fn check(case: &Case, told: &[Problem], report: &mut String) -> std::fmt::Result {
    repair(told, |text| case.script(text), report)?;
    for wanted in &case.expected.problems {
        let Some(lines) = &wanted.fixed else { continue };
        let Some(found) = told.iter().find(|found| matches(wanted, found)) else { continue };
        let Some(fix) = &found.fix else {
            writeln!(report, "no fix is offered: {found}")?;
            continue;
        };
        let changed = changed_lines(case.text(), &fix.text);
        if changed != lines.iter().map(|line| line.trim_end()).filter(|line| !line.is_empty()).collect::<Vec<_>>() {
            writeln!(report, "line {}: the fix `{}` gives:", wanted.line, fix.title)?;
            changed.iter().try_for_each(|line| writeln!(report, "    // fixed: {line}"))?;
        }
    }
    Ok(())
}

/// How often each code is told.
fn counts(problems: &[Problem]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    problems.iter().for_each(|problem| *counts.entry(problem.code).or_default() += 1);
    counts
}

/// From the first line that differs to the last one, as they are afterwards; comments
/// of the suite and empty lines do not count.
fn changed_lines<'t>(before: &str, after: &'t str) -> Vec<&'t str> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.lines().map(code_of).collect(), after.lines().map(code_of).collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let first = before.iter().zip(&after).take_while(same).count();
    let last = before[first..].iter().rev().zip(after[first..].iter().rev()).take_while(same).count();
    after[first..after.len() - last].iter().copied().filter(|line| !line.is_empty()).collect()
}
