//! The end of a process. A run on a GPU leaves threads of the driver behind, and what
//! libraries do when a process ends in the usual way (destructors, `atexit`) pulls the
//! ground from under them: now and then that ends in a crash after all is done. So the
//! process ends without them, once its output is written.

use std::io::Write;

/// Ends the process with this exit code when all is done.
pub fn end(code: u8) -> ! {
    // Where the reader has gone nobody can be told.
    let _ = std::io::stdout().flush();
    cut_off(code)
}

/// Ends the process with this exit code whatever it does: nothing is waited for.
pub fn cut_off(code: u8) -> ! {
    leave(i32::from(code))
}

#[cfg(unix)]
fn leave(code: i32) -> ! {
    // SAFETY: `_exit` touches nothing of this process; it does not come back.
    unsafe { libc::_exit(code) }
}

#[cfg(not(unix))]
fn leave(code: i32) -> ! {
    std::process::exit(code)
}
