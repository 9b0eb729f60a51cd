//! The language server as an editor meets it: a process that is spoken to over
//! its pipes. One file for each theme; every test starts a server of its own and
//! sees it off, so that nothing it does can harm another test.

mod broken;
mod client;
mod connection;
mod editor;
mod features;
mod fixes;
mod load;
mod problems;
mod run_ends;
mod runs;
mod settings;
mod text;

use libtest_mimic::{Failed, Trial};

use crate::Trials;

/// Names of promises and how they are checked.
type Promises = &'static [(&'static str, fn() -> Result<(), Failed>)];

/// One trial for each promise.
pub fn trials() -> Trials {
    let themes: [Promises; 10] = [
        connection::PROMISES,
        text::PROMISES,
        problems::PROMISES,
        settings::PROMISES,
        features::PROMISES,
        fixes::PROMISES,
        broken::PROMISES,
        load::PROMISES,
        runs::PROMISES,
        run_ends::PROMISES,
    ];
    let trial = |(name, check): &(&str, fn() -> Result<(), Failed>)| Trial::test(format!("server: {name}"), *check);
    Ok(themes.iter().flat_map(|promises| promises.iter().map(trial)).collect())
}
