//! One file per subcommand.

pub mod format;
pub mod run;
pub mod worker;
