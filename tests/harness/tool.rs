//! Runs the executable `tl` as a user does and keeps what it printed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::SystemTime;

use libtest_mimic::Failed;

use crate::folders;

/// What a process left behind.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code; nothing if a signal ended it.
    pub code: Option<i32>,
    /// Its standard output.
    pub output: String,
    /// Its error stream.
    pub errors: String,
}

impl Finished {
    /// The same, or a failure that shows everything if the code is another one.
    pub fn expect_code(self, code: i32) -> Result<Finished, Failed> {
        if self.code == Some(code) {
            return Ok(self);
        }
        Err(format!("expected exit code {code}\n{}", self.describe()).into())
    }

    /// Everything, for the message of a failed test.
    pub fn describe(&self) -> String {
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        format!("exit code: {code}\n-- output\n{}\n-- errors\n{}", self.output, self.errors)
    }
}

impl From<Output> for Finished {
    fn from(output: Output) -> Finished {
        Finished {
            code: output.status.code(),
            output: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs `tl` with these arguments in the root of the repository.
pub fn tl<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Result<Finished, Failed> {
    finish(command()?.args(arguments))
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Result<Finished, Failed> {
    let output = command.stdin(Stdio::null()).output();
    Ok(output.map_err(|error| format!("{command:?} cannot be started: {error}"))?.into())
}

/// `tl`, to be started in the root of the repository without any colours.
pub fn command() -> Result<Command, Failed> {
    match &*EXECUTABLE {
        Ok(path) => Ok(prepared(path)),
        Err(problem) => Err(problem.into()),
    }
}

/// An executable, to be started in the root of the repository.
pub fn prepared(executable: &Path) -> Command {
    let mut command = Command::new(executable);
    command.current_dir(folders::root()).env_remove("TL_MODELS");
    command
}

/// `tl` lies where cargo put it, beside the folder of this test.
static EXECUTABLE: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = here.parent().and_then(Path::parent).ok_or("the test lies in no folder")?;
    let path = folder.join(format!("tl{}", std::env::consts::EXE_SUFFIX));
    let built = std::fs::metadata(&path).and_then(|data| data.modified());
    let Ok(built) = built else {
        return Err(format!(
            "there is no {}: run `cargo build --release` first, and test with `--release`",
            path.display()
        ));
    };
    match newest_source()? {
        (source, changed) if changed > built => {
            Err(format!("{} is older than {}: run `cargo build --release` first", path.display(), source.display()))
        }
        _ => Ok(path),
    }
});

fn newest_source() -> Result<(PathBuf, SystemTime), String> {
    let mut newest = (PathBuf::new(), SystemTime::UNIX_EPOCH);
    for folder in ["language/src", "runtime/src", "tl/src"] {
        for path in folders::find(&folders::file(folder), "rs")? {
            let changed = std::fs::metadata(&path).and_then(|data| data.modified());
            let changed = changed.map_err(|error| format!("{}: {error}", path.display()))?;
            if changed > newest.1 {
                newest = (path, changed);
            }
        }
    }
    Ok(newest)
}
