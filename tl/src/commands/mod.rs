//! One file per subcommand.

pub mod check;
pub mod explain;
pub mod format;
pub mod model;
pub mod parse;
pub mod run;
pub mod worker;
