//! `tl-lsp`: TensorLogic in the editor.

use std::process::ExitCode;

fn main() -> ExitCode {
    tensorlogic_tl::tl_lsp()
}
