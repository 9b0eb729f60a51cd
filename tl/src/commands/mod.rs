//! One file per subcommand.

pub mod parse;
pub mod run;
pub mod worker;
