//! The process of a run: this executable once more, which computes where a
//! crash harms nobody. It gets its job, tells events, and is killed when it is
//! no longer wanted.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tensorlogic_language::event::message::{Job, Line, Message};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A process that has told its end, or was killed, has so long to be gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// So much of the end of the error stream is kept, in bytes.
const KEPT_ERRORS: usize = 4096;

/// A process that runs a script.
pub struct Worker {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// Its input stays open as long as it is wanted.
    input: JoinHandle<ChildStdin>,
    errors: JoinHandle<String>,
}

/// How a process ended.
pub struct Exit {
    /// What the system says of it, if it is gone.
    pub status: Option<ExitStatus>,
    /// The last line of its error stream.
    pub last_words: Option<String>,
}

impl Worker {
    /// Starts a process for `job`.
    pub fn start(job: &Job) -> Result<Worker, String> {
        let executable =
            executable().map_err(|error| format!("the server does not find its own executable: {error}"))?;
        let cannot_start = |error| format!("`{}` cannot be started for the run: {error}", executable.display());
        let mut command = Command::new(&executable);
        command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(cannot_start)?;
        let (Some(mut input), Some(output), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err("the run has no pipes to its process".to_owned());
        };
        let mut line = serde_json::to_vec(job).map_err(|error| format!("the run cannot be described: {error}"))?;
        line.push(b'\n');
        let input = tokio::spawn(async move {
            // A process that is gone before it has read everything ends the run by that.
            let _ = input.write_all(&line).await;
            input
        });
        Ok(Worker { child, lines: BufReader::new(output).lines(), input, errors: tokio::spawn(keep_end(errors)) })
    }

    /// The next event; `None` at the end. What cannot be read is passed over. Loses
    /// nothing when it is given up while it waits.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            let line = self.lines.next_line().await.ok()??;
            if let Ok(Line { message, .. }) = serde_json::from_str(&line) {
                return Some(message);
            }
        }
    }

    /// Sees it off, by force if it does not go.
    pub async fn end(mut self, by_force: bool) -> Exit {
        if by_force {
            self.kill();
        }
        let mut status = timeout(PATIENCE, self.child.wait()).await;
        if status.is_err() {
            self.kill();
            status = timeout(PATIENCE, self.child.wait()).await;
        }
        self.input.abort();
        let errors = timeout(PATIENCE, self.errors).await.ok().and_then(Result::ok).unwrap_or_default();
        let last_words = errors.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
        Exit { status: status.ok().and_then(Result::ok), last_words }
    }

    fn kill(&mut self) {
        // Fails only for a process that has ended by itself.
        let _ = self.child.start_kill();
    }
}

impl Exit {
    /// What happened to a process that did not tell its end.
    pub fn describe(&self) -> String {
        let how = match self.status {
            None => "the run's process does not end".to_owned(),
            Some(status) => match signal(status) {
                Some(9) => "the run was ended by signal 9, as the system does when memory runs out".to_owned(),
                Some(signal) => format!("the run was ended by signal {signal}"),
                None => format!("the run's process ended without a result, {status}"),
            },
        };
        match &self.last_words {
            Some(words) => format!("{how}; its last words: {words}"),
            None => how,
        }
    }

    /// The exit code as a shell would tell it.
    pub fn code(&self) -> u8 {
        let status = self.status;
        let code = status.and_then(|status| status.code().or_else(|| signal(status).map(|signal| 128 + signal)));
        code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
    }
}

/// This executable, also where its file was replaced while it runs.
fn executable() -> std::io::Result<PathBuf> {
    let own = PathBuf::from("/proc/self/exe");
    if cfg!(target_os = "linux") && own.exists() { Ok(own) } else { std::env::current_exe() }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// Reads everything, keeps the end.
async fn keep_end(mut errors: ChildStderr) -> String {
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(length @ 1..) = errors.read(&mut buffer).await {
        kept.extend_from_slice(&buffer[..length]);
        if kept.len() > 2 * KEPT_ERRORS {
            kept.drain(..kept.len() - KEPT_ERRORS);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}
