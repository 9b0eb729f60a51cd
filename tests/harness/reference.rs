//! The reference page of the builtins, and the names that scripts expect: what is
//! written from the catalogue is up to date, and nothing is missing from it.

use libtest_mimic::{Failed, Trial};
use tensorlogic_language::catalogue::{self, reference};

use crate::{Trials, folders};

const PAGE: &str = "language/BUILTINS.md";

/// Every name under which scripts call a builtin, one a line: `name`, `Type::name`
/// or `Kind.name` for a method.
const EXPECTED: &str = "tests/fixtures/builtins.txt";

/// One trial for the page and one for the names.
pub fn trials() -> Trials {
    Ok(vec![
        Trial::test("reference: the page is that of the catalogue", page_is_written),
        Trial::test("reference: every name that scripts expect is declared", names_are_declared),
    ])
}

fn page_is_written() -> Result<(), Failed> {
    let (path, wanted) = (folders::file(PAGE), reference::page());
    if std::env::var_os("TL_UPDATE").is_some() {
        std::fs::write(&path, &wanted)?;
    }
    if folders::read(&path)? != wanted {
        return Err(format!("{PAGE} is stale; `TL_UPDATE=1` before this test writes it").into());
    }
    Ok(())
}

fn names_are_declared() -> Result<(), Failed> {
    let text = folders::read(&folders::file(EXPECTED))?;
    let is_known = |name: &str| match (name.split_once("::"), name.split_once('.')) {
        (Some((namespace, name)), _) => catalogue::find_in(namespace, name).is_some(),
        // A function is a method of every value that it takes.
        (None, Some((_, method))) => catalogue::find(name).or_else(|| catalogue::find(method)).is_some(),
        (None, None) => catalogue::find(name).is_some(),
    };
    let missing: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !is_known(line)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("not in the catalogue: {}", missing.join(", ")).into()) }
}
