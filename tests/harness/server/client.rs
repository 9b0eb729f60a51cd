//! A small client of the server: it starts `tl-lsp`, speaks JSON-RPC over its
//! pipes and keeps what comes until a test asks for it. Every wait has an end,
//! so that a server that hangs fails its test. Whatever a test does, the process
//! is gone with its client.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::events::equal;
use crate::{folders, tool};

/// How long a test waits for one thing, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server and the client that talks to it.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    arriving: Receiver<Result<Value, String>>,
    /// What has come and nobody has asked for.
    kept: VecDeque<Value>,
    errors: Option<JoinHandle<String>>,
    is_deaf: Arc<AtomicBool>,
    last_id: i64,
    /// The versions of documents.
    pub versions: HashMap<String, i64>,
    /// The user's settings, for a server that asks.
    pub settings: Value,
    /// Whether requests of the server get answers.
    pub answers: bool,
}

impl Client {
    /// A server that was told nothing yet.
    pub fn start() -> Result<Client, Failed> {
        let mut command = tool::server()?;
        command.arg("--stdio").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut error_stream = child.stderr.take().ok_or("no error stream")?;
        let (sender, arriving) = channel();
        let is_deaf = Arc::new(AtomicBool::new(false));
        let deaf = is_deaf.clone();
        thread::spawn(move || listen(BufReader::new(output), &sender, &deaf));
        let errors = thread::spawn(move || {
            let mut text = String::new();
            let _ = error_stream.read_to_string(&mut text);
            text
        });
        Ok(Client {
            input: child.stdin.take(),
            child,
            arriving,
            kept: VecDeque::new(),
            errors: Some(errors),
            is_deaf,
            last_id: 0,
            versions: HashMap::new(),
            settings: Value::Null,
            answers: true,
        })
    }

    /// A server in a session with a client of these capabilities, in the root of
    /// the repository.
    pub fn with(capabilities: Value) -> Result<Client, Failed> {
        Client::begin(capabilities, Value::Null, &folders::root())
    }

    /// A session that begins with these capabilities and options in this folder.
    pub fn begin(capabilities: Value, options: Value, folder: &Path) -> Result<Client, Failed> {
        let mut client = Client::start()?;
        client.initialize(capabilities, options, folder)?;
        client.notify("initialized", json!({}))?;
        Ok(client)
    }

    /// Begins the session; gives the server's answer.
    pub fn initialize(&mut self, capabilities: Value, options: Value, folder: &Path) -> Result<Value, Failed> {
        let folders = json!([{ "uri": uri(folder), "name": "work" }]);
        let params = json!({
            "processId": std::process::id(), "capabilities": capabilities, "initializationOptions": options,
            "rootUri": uri(folder), "workspaceFolders": folders,
        });
        self.request("initialize", params)
    }

    /// The number of the server's process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends these bytes.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        let input = self.input.as_mut().ok_or("the input is closed")?;
        input.write_all(bytes).and_then(|()| input.flush()).map_err(|error| format!("the server is gone: {error}"))?;
        Ok(())
    }

    /// Sends a message of this body.
    pub fn send_body(&mut self, body: &str) -> Result<(), Failed> {
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
    }

    /// Tells the server something.
    pub fn notify(&mut self, method: &str, params: Value) -> Result<(), Failed> {
        self.send_body(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string())
    }

    /// Asks the server; gives the number of the request.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<i64, Failed> {
        self.last_id += 1;
        let id = self.last_id;
        self.send_body(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string())?;
        Ok(id)
    }

    /// The answer to a request.
    pub fn answer(&mut self, id: i64) -> Result<Value, Failed> {
        let is_answer = |message: &Value| message["id"] == id && message.get("method").is_none();
        self.wait(&format!("the answer to request {id}"), is_answer)
    }

    /// Asks the server; gives the result.
    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Failed> {
        let id = self.ask(method, params)?;
        let mut answer = self.answer(id)?;
        match answer.get("error") {
            Some(error) => Err(format!("{method} is answered with the error {error}").into()),
            None => Ok(answer["result"].take()),
        }
    }

    /// Asks the server for what it refuses, with this code and words.
    pub fn refused(&mut self, method: &str, params: Value, code: i64, part: &str) -> Result<(), Failed> {
        let id = self.ask(method, params)?;
        let answer = self.answer(id)?;
        is_error(&answer, code, part)
    }

    /// Waits for a message; what else comes is kept.
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value, Failed> {
        if let Some(at) = self.kept.iter().position(&wanted) {
            return Ok(self.kept.remove(at).unwrap_or_default());
        }
        let end = Instant::now() + PATIENCE;
        loop {
            match self.arriving.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(message) => {
                    let message = message?;
                    self.serve(&message)?;
                    if wanted(&message) {
                        return Ok(message);
                    }
                    self.kept.push_back(message);
                }
                Err(problem) => {
                    let newest: Vec<String> = self.kept.iter().rev().take(5).map(Value::to_string).collect();
                    return Err(format!("{what} did not come: {problem}; the newest are {newest:#?}").into());
                }
            }
        }
    }

    /// Waits for the notification or request of this method; gives its parameters.
    pub fn told(&mut self, method: &str) -> Result<Value, Failed> {
        Ok(self.wait(method, |message| message["method"] == method)?["params"].take())
    }

    /// What of a method has come by now: everything that the server had to say
    /// before it answered one more request.
    pub fn all_told(&mut self, method: &str) -> Result<Vec<Value>, Failed> {
        self.settle()?;
        let (told, rest) = self.kept.drain(..).partition(|message| message["method"] == method);
        self.kept = rest;
        Ok(told.into())
    }

    /// Waits until the server has looked at everything before.
    pub fn settle(&mut self) -> Result<(), Failed> {
        self.refused("tests/nothing", Value::Null, -32601, "tests/nothing")
    }

    /// Whether nothing of a method comes for a while.
    pub fn is_silent(&mut self, method: &str) -> Result<bool, Failed> {
        thread::sleep(Duration::from_millis(150));
        Ok(self.all_told(method)?.is_empty())
    }

    /// Answers a request of the server.
    fn serve(&mut self, message: &Value) -> Result<(), Failed> {
        let (Some(id), Some(method), true) = (message.get("id"), message["method"].as_str(), self.answers) else {
            return Ok(());
        };
        let result = match method {
            "workspace/configuration" => json!([self.settings]),
            _ => Value::Null,
        };
        let answer = json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string();
        self.send_body(&answer)
    }

    /// Stops reading what the server writes, or reads on.
    pub fn set_deaf(&mut self, is_deaf: bool) {
        self.is_deaf.store(is_deaf, Ordering::Relaxed);
    }

    /// Ends the session as the protocol wants it. The server leaves with code 0,
    /// has complained about nothing and leaves nothing running.
    pub fn end(mut self) -> Result<(), Failed> {
        let children = tool::children_of(self.process())?;
        equal(self.request("shutdown", Value::Null)?, Value::Null, "the answer to shutdown")?;
        self.notify("exit", Value::Null)?;
        equal(self.gone()?, Some(0), "the exit code")?;
        all_gone(&children)
    }

    /// Closes the server's input.
    pub fn hang_up(&mut self) {
        self.input = None;
    }

    /// Waits for the end of the server; gives its exit code, none after a signal.
    pub fn gone(&mut self) -> Result<Option<i32>, Failed> {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait()? {
                Some(status) => break status,
                None if Instant::now() > end => return Err("the server does not end".into()),
                None => thread::sleep(Duration::from_millis(2)),
            }
        };
        let errors = self.errors.take().and_then(|errors| errors.join().ok()).unwrap_or_default();
        equal(errors, String::new(), "the error stream")?;
        Ok(status.code())
    }

    /// Kills the server.
    pub fn kill(&mut self) -> Result<(), Failed> {
        Ok(self.child.kill()?)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads messages until there are no more.
fn listen(mut output: impl BufRead, sender: &Sender<Result<Value, String>>, is_deaf: &AtomicBool) {
    loop {
        while is_deaf.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(2));
        }
        let message = match read(&mut output) {
            Ok(None) => return,
            Ok(Some(message)) => Ok(message),
            Err(problem) => Err(problem),
        };
        let is_last = message.is_err();
        if sender.send(message).is_err() || is_last {
            return;
        }
    }
}

/// Reads a message; none at the end.
fn read(output: &mut impl BufRead) -> Result<Option<Value>, String> {
    let mut header = String::new();
    while !header.ends_with("\r\n\r\n") {
        if output.read_line(&mut header).map_err(|error| error.to_string())? == 0 {
            return if header.is_empty() { Ok(None) } else { Err(format!("the output ends after {header:?}")) };
        }
    }
    let length = header.strip_prefix("Content-Length: ").and_then(|rest| rest.trim_end().parse().ok());
    let length: usize = length.ok_or_else(|| format!("the server wrote the header {header:?}"))?;
    let mut body = vec![0; length];
    output.read_exact(&mut body).map_err(|error| error.to_string())?;
    let message: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    if message["jsonrpc"] == "2.0" { Ok(Some(message)) } else { Err(format!("the server wrote {message}")) }
}

/// Fails unless a message is an error of this code and words.
pub fn is_error(message: &Value, code: i64, part: &str) -> Result<(), Failed> {
    let error = &message["error"];
    if error["code"] == code && error["message"].as_str().is_some_and(|text| text.contains(part)) {
        return Ok(());
    }
    Err(format!("expected the error {code} that says `{part}`, found {message}").into())
}

/// Fails unless every one of these processes ends in a moment.
pub fn all_gone(processes: &[u32]) -> Result<(), Failed> {
    let end = Instant::now() + PATIENCE;
    for process in processes {
        while is_running(*process) {
            if Instant::now() > end {
                return Err(format!("process {process} goes on").into());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
    Ok(())
}

/// Whether a process goes on; one that nobody has looked after yet does not.
fn is_running(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let state = status.lines().find_map(|line| line.strip_prefix("State:"));
    state.is_some_and(|state| !state.trim().starts_with(['Z', 'X']))
}

/// The name of a file as the protocol writes it.
pub fn uri(path: &Path) -> String {
    let path = path.display().to_string();
    let byte = |byte: u8| match byte {
        b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    format!("file://{}", path.bytes().map(byte).collect::<String>())
}
