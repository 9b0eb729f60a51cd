//! `tl`: TensorLogic on the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    tensorlogic_tl::tl()
}
