//! The language server of TensorLogic.

/// Serves on standard input and output until the client says `exit`; gives the
/// exit code of the process.
pub fn serve() -> u8 {
    1
}
