//! Broken programs: wherever a text breaks off and whatever falls out of it,
//! it is understood as far as it goes, and nothing panics.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use tensorlogic_language::files::Disk;
use tensorlogic_language::program::analyse;
use tensorlogic_language::source::Sources;

use crate::suite::{Case, cases};
use crate::{Trials, folders};

/// One trial for each suite file.
pub fn trials() -> Trials {
    let folder = folders::file("tests/suite");
    let trial = |path: &Path| {
        let topic = path.strip_prefix(&folder).unwrap_or(path).with_extension("").display().to_string();
        let path = path.to_owned();
        Trial::test(format!("broken: pieces of {topic} are understood without a panic"), move || {
            cases(&path)?.iter().try_for_each(pieces)
        })
    };
    Ok(folders::find(&folder, "tl")?.iter().map(|path| trial(path)).collect())
}

/// Every third beginning of a case, and the case without the three characters
/// that follow it.
fn pieces(case: &Case) -> Result<(), Failed> {
    let text: Vec<char> = case.text().trim_start().chars().collect();
    for at in (0..text.len()).step_by(3) {
        let beginning: String = text[..at].iter().collect();
        let end: String = text.iter().skip(at + 3).collect();
        understand(beginning.clone() + &end);
        understand(beginning);
    }
    Ok(())
}

fn understand(text: String) {
    let mut sources = Sources::default();
    let file = sources.add("broken.tl", text);
    analyse(&mut sources, file, &Disk);
}
