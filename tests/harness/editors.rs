//! What editors are given of the language, as a list: the names of the builtins.
//! Grammars that have no parser behind them read it. The catalogue is the truth,
//! and the list is written from it with `TL_UPDATE=1`.

use libtest_mimic::{Failed, Trial};
use tensorlogic_language::catalogue;

use crate::{Trials, folders};

const BUILTINS: &str = "editors/builtins.txt";

/// One trial for each list.
pub fn trials() -> Trials {
    Ok(vec![Trial::test("editors: the list of builtins is that of the catalogue", builtins_are_listed)])
}

fn builtins_are_listed() -> Result<(), Failed> {
    let mut names: Vec<&str> = catalogue::names().collect();
    // Spellings with `::` or `.` are not words.
    names.retain(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    names.sort_unstable();
    let wanted = names.join("\n") + "\n";
    let path = folders::file(BUILTINS);
    if std::env::var_os("TL_UPDATE").is_some() {
        std::fs::write(&path, &wanted)?;
    }
    if folders::read(&path)? != wanted {
        return Err(format!("{BUILTINS} is stale; `TL_UPDATE=1` before this test writes it").into());
    }
    Ok(())
}
