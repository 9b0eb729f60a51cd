//! Whether the suite is complete: each code of the check fires in a case and stays
//! silent in another one, and each fix that the check makes is applied by a case.

use std::collections::BTreeSet;
use std::path::Path;

use libtest_mimic::Failed;
use tensorlogic_language::diagnostic::Code;

use super::cases::{Case, all};
use crate::folders;
use crate::script::problems;

/// Every code is expected by a case, and another one says that it stays silent.
pub fn codes() -> Result<(), Failed> {
    let cases: Vec<Case> = all()?.into_iter().flat_map(|(_, cases)| cases).collect();
    let expected = |case: &Case, code: &str| case.expected.problems.iter().any(|problem| problem.code == code);
    let silent = |case: &Case, code: &str| case.expected.silent.iter().any(|silent| silent == code);
    let mut lacking = Vec::new();
    for code in Code::ALL.iter().map(|code| code.name()) {
        if !cases.iter().any(|case| expected(case, code)) {
            lacking.push(format!("no case of the suite expects {code}"));
        }
        if !cases.iter().any(|case| silent(case, code)) {
            lacking.push(format!("no case of the suite says `// silent: {code}`"));
        }
    }
    for case in &cases {
        let unknown = case.expected.silent.iter().filter(|code| Code::from_name(code).is_none());
        lacking.extend(unknown.map(|code| format!("{}: there is no code `{code}`", case.title())));
    }
    if lacking.is_empty() { Ok(()) } else { Err(lacking.join("\n").into()) }
}

/// The title of every fix in the source is that of a fix which a case applies.
pub fn fixes() -> Result<(), Failed> {
    let mut titles = BTreeSet::new();
    for case in all()?.iter().flat_map(|(_, cases)| cases) {
        if case.expected.problems.iter().any(|problem| problem.fixed.is_some()) {
            let told = problems(&case.script(case.text().to_owned()));
            titles.extend(told.into_iter().filter_map(|problem| problem.fix).map(|fix| fix.title));
        }
    }
    let mut lacking = Vec::new();
    let folder = folders::file("language/src");
    let mut found = 0;
    for path in folders::find(&folder, "rs")? {
        for shape in shapes(&folders::read(&path)?, &path)? {
            found += 1;
            if !titles.iter().any(|title| fits(title, &shape)) {
                lacking.push(format!("{}: no case applies the fix {shape:?}", path.display()));
            }
        }
    }
    if found < 20 {
        lacking.push(format!("only {found} fixes are found in {}", folder.display()));
    }
    if lacking.is_empty() { Ok(()) } else { Err(lacking.join("\n").into()) }
}

/// The titles of the fixes that a file makes, with `{…}` for what differs.
fn shapes(text: &str, path: &Path) -> Result<Vec<String>, String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut shapes = Vec::new();
    for maker in ["Fix::likely(", "Fix::safe("] {
        for (at, _) in text.match_indices(maker) {
            let argument = text[at + maker.len()..].trim_start();
            // The one maker calls the other with the title that it is given.
            if argument.starts_with("title)") {
                continue;
            }
            let literal = argument.strip_prefix("format!(").unwrap_or(argument).trim_start().strip_prefix('"');
            let title = literal.and_then(|rest| rest.split_once('"')).map(|(title, _)| title.to_owned());
            let place = || format!("{}: a fix has a title that is no literal: {argument:.40}", path.display());
            shapes.push(title.ok_or_else(place)?);
        }
    }
    Ok(shapes)
}

/// Whether a title is of a shape: the texts between its `{…}` follow each other.
fn fits(title: &str, shape: &str) -> bool {
    let mut parts = shape.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    let Some(mut rest) = title.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let end = if parts.peek().is_none() { rest.ends_with(part).then_some(rest.len()) } else { None };
        match end.or_else(|| rest.find(part).map(|at| at + part.len())) {
            Some(end) => rest = &rest[end..],
            None => return false,
        }
    }
    rest.is_empty()
}
