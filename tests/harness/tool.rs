//! Runs the executables `tl` and `tl-lsp` as a user does and keeps what they
//! printed.

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
    executable("tl")
}

/// `tl-lsp`, to be started in the root of the repository without any colours.
pub fn server() -> Result<Command, Failed> {
    executable("tl-lsp")
}

fn executable(name: &str) -> Result<Command, Failed> {
    match &*EXECUTABLES {
        Ok(folder) => Ok(prepared(&folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))),
        Err(problem) => Err(problem.into()),
    }
}

/// An executable, to be started in the root of the repository.
pub fn prepared(executable: &Path) -> Command {
    let mut command = Command::new(executable);
    command.current_dir(folders::root()).env_remove("TL_MODELS");
    command
}

/// The processes that a process has started, on all of its threads; none where
/// the system does not list them.
pub fn children_of(id: u32) -> Result<Vec<u32>, Failed> {
    let mut children = Vec::new();
    let Ok(entries) = std::fs::read_dir("/proc") else { return Ok(children) };
    for entry in entries {
        let name = entry?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process may end while the list is read.
        let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) else { continue };
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        if parent.is_some_and(|parent| parent.trim() == id.to_string()) {
            children.push(process);
        }
    }
    Ok(children)
}

/// The executables lie where cargo put them, beside the folder of this test.
static EXECUTABLES: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let folder = here.parent().and_then(Path::parent).ok_or("the test lies in no folder")?;
    let (source, changed) = newest_source()?;
    for name in ["tl", "tl-lsp"] {
        let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let built = std::fs::metadata(&path).and_then(|data| data.modified());
        let advice = "run `cargo build --release` first";
        match built {
            Err(_) => return Err(format!("there is no {}: {advice}, and test with `--release`", path.display())),
            Ok(built) if changed > built => {
                return Err(format!("{} is older than {}: {advice}", path.display(), source.display()));
            }
            Ok(_) => {}
        }
    }
    Ok(folder.to_owned())
});

fn newest_source() -> Result<(PathBuf, SystemTime), String> {
    let mut newest = (PathBuf::new(), SystemTime::UNIX_EPOCH);
    for folder in ["language/src", "runtime/src", "lsp/src", "tl/src"] {
        let folder = folders::file(folder);
        for path in folders::find(&folder, "rs")? {
            // Unit tests are no part of the executables, and each has its own few lines in `bin`.
            let inside = path.strip_prefix(&folder).unwrap_or(&path);
            if inside.iter().any(|part| ["tests", "tests.rs", "bin"].contains(&part.to_str().unwrap_or_default())) {
                continue;
            }
            let changed = std::fs::metadata(&path).and_then(|data| data.modified());
            let changed = changed.map_err(|error| format!("{}: {error}", path.display()))?;
            if changed > newest.1 {
                newest = (path, changed);
            }
        }
    }
    Ok(newest)
}
