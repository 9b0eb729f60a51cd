//! The worker that the editors' server starts for a run: it takes a script as
//! text, tells events, and never outlives its owner. Also what `tl-lsp` is
//! beside the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::events::{ended, equal, events, of_kind, texts};
use crate::tool::{Finished, finish};
use crate::{Trials, folders, tool};

/// One trial for each promise.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    let mut add = |name: &str, check: fn() -> Result<(), Failed>| {
        trials.push(Trial::test(format!("worker: {name}"), check));
    };
    add("a text that is not on the disk runs", unsaved_text);
    add("relative paths begin beside the script", paths);
    add("a script reads nothing", input);
    add("errors of the check and of the run are events", errors);
    add("a malformed job ends with 2 and says what is wrong", malformed);
    add("it ends with its owner while it loops", || ends_with_owner("print(\"go\") let i = 0 loop { i = i + 1 }"));
    add("it ends with its owner while it computes", || {
        ends_with_owner("print(\"go\") let x = ones([2000, 2000]) loop { x = softmax(x @ x) }")
    });
    add("it ends with its owner while nobody reads what it tells", || {
        ends_with_owner("let i = 0 loop { i = i + 1 print(i) }")
    });
    add("it ends when what it tells cannot be written", closed_output);
    #[cfg(target_os = "linux")]
    add("a kill leaves nothing behind", kill);
    add("tl-lsp does what tl does", server_as_tool);
    add("tl-lsp says what it is", server_help);
    Ok(trials)
}

/// A worker with its pipes.
struct Worker {
    child: Child,
    owner: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Worker {
    fn start(job: &Value) -> Result<Worker, Failed> {
        let mut command = tool::server()?;
        command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let mut owner = child.stdin.take().ok_or("no input")?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        writeln!(owner, "{job}")?;
        Ok(Worker { child, owner, output })
    }

    fn line(&mut self) -> Result<String, Failed> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line)
    }

    /// Everything that it tells until it ends by itself.
    fn finish(mut self) -> Result<Finished, Failed> {
        let mut output = String::new();
        self.output.read_to_string(&mut output)?;
        let finished: Finished = self.child.wait_with_output()?.into();
        drop(self.owner);
        Ok(Finished { output, ..finished })
    }
}

/// Runs a job to its end, which comes with `code`.
fn run(job: Value, code: i32) -> Result<Vec<Value>, Failed> {
    let finished = Worker::start(&job)?.finish()?.expect_code(code)?;
    if !finished.errors.is_empty() {
        return Err(finished.describe().into());
    }
    events(&finished.output)
}

/// A script of this `main` that lies nowhere.
fn job(main: &str) -> Value {
    json!({"path": "/nowhere/unsaved.tl", "text": format!("main {{ {main} }}"), "device": "cpu"})
}

fn unsaved_text() -> Result<(), Failed> {
    let mut job = job("print(arg(\"name\", \"none\"))\n    write(ones([2]) / 3)");
    job["words"] = json!(["--name", "Zoë"]);
    job["seed"] = json!(7);
    job["dtype"] = json!("f16");
    job["threads"] = json!(1);
    let events = run(job, 0)?;
    equal(&events[0]["path"], &json!("/nowhere/unsaved.tl"), "the path")?;
    equal(&events[0]["seed"], &json!(7), "the seed")?;
    equal(texts(&events, "output"), "Zoë\n[0.3333, 0.3333]".to_owned(), "the text")?;
    let lines = of_kind(&events, "output").iter().map(|event| event["range"]["start"]["line"].clone()).collect();
    equal(lines, vec![json!(0), json!(1)], "the lines")?;
    ended(&events, "finished", 0)
}

fn paths() -> Result<(), Failed> {
    let path = folders::file("examples/unsaved.tl").display().to_string();
    let text = "main { print(len(load_model(\"models/stories-q4_0.gguf\").blk) > 0) }";
    let events = run(json!({"path": path, "text": text, "device": "cpu"}), 0)?;
    equal(texts(&events, "output"), "true\n".to_owned(), "the text")
}

fn input() -> Result<(), Failed> {
    let events = run(job("print(\"<\" + input() + \">\")"), 0)?;
    equal(texts(&events, "output"), "<>\n".to_owned(), "the text")
}

fn errors() -> Result<(), Failed> {
    let refused = run(job("prnt(1)"), 1)?;
    equal(&refused[0]["problem"]["code"], &json!("unknown-function"), "the code of the check")?;
    ended(&refused, "refused", 1)?;
    let failed = run(job("print(1 / to_int(\"0\"))"), 1)?;
    equal(&of_kind(&failed, "failed")[0]["problem"]["code"], &json!("division-by-zero"), "the code of the run")?;
    ended(&failed, "failed", 1)?;
    ended(&run(job("exit(9)"), 9)?, "exited", 9)
}

fn malformed() -> Result<(), Failed> {
    let text = r#""path": "/a.tl", "text": "main { print(1) }""#;
    for (line, part) in [
        (String::new(), "one line of JSON"),
        ("run this".to_owned(), "malformed"),
        ("{\"path\": \"/a.tl\"}".to_owned(), "text"),
        (format!("{{{text}, \"device\": \"quantum\"}}"), "`device` is one of `auto`, `cpu`, `wgpu`, found `quantum`"),
        (format!("{{{text}, \"dtype\": \"f64\"}}"), "`dtype` is one of `f32`, `f16`, found `f64`"),
        (format!("{{{text}, \"threads\": 0}}"), "`threads` is at least 1"),
        (format!("{{{text}, \"seed\": -1}}"), "malformed"),
        (format!("{{{text}, \"words\": \"one\"}}"), "malformed"),
    ] {
        let mut command = tool::server()?;
        command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        // A worker that has seen enough closes its end.
        let _ = child.stdin.take().ok_or("no input")?.write_all(line.as_bytes());
        let finished = Finished::from(child.wait_with_output()?).expect_code(2)?;
        let clear = finished.errors.contains(part) && !finished.errors.contains("panicked");
        if !clear || !finished.output.is_empty() {
            return Err(format!("{line}\n{}", finished.describe()).into());
        }
    }
    Ok(())
}

/// How long a worker may outlive its owner, on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Starts a script that never ends, lets it go on until its pipe is full or it
/// computes, and closes the owner's end.
fn ends_with_owner(main: &str) -> Result<(), Failed> {
    let Worker { mut child, owner, mut output } = Worker::start(&job(main))?;
    let mut first = String::new();
    output.read_line(&mut first)?;
    output.read_line(&mut first)?;
    std::thread::sleep(Duration::from_millis(300));
    if let Some(status) = child.try_wait()? {
        return Err(format!("it ended by itself with {status}\n{first}").into());
    }
    drop(owner);
    gone(&mut child).map(drop)
}

/// How a worker ends that has no reason to go on.
fn gone(child: &mut Child) -> Result<ExitStatus, Failed> {
    let asked = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) => return Ok(status),
            None if asked.elapsed() > AT_ONCE => {
                child.kill()?;
                return Err(format!("the worker went on for {AT_ONCE:?}").into());
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

fn closed_output() -> Result<(), Failed> {
    let mut worker = Worker::start(&job("let i = 0 loop { i = i + 1 print(i) }"))?;
    worker.line()?;
    drop(worker.output);
    gone(&mut worker.child)?;
    let mut errors = String::new();
    worker.child.stderr.take().ok_or("no error stream")?.read_to_string(&mut errors)?;
    equal(errors, String::new(), "the error stream")
}

/// A worker is one process: when it is killed, nothing else goes on.
#[cfg(target_os = "linux")]
fn kill() -> Result<(), Failed> {
    let mut worker = Worker::start(&job("print(\"go\") loop { let x = ones([500, 500]) let y = x @ x }"))?;
    worker.line()?;
    worker.line()?;
    let id = worker.child.id();
    let children = tool::children_of(id)?;
    worker.child.kill()?;
    worker.child.wait()?;
    let mut rest = String::new();
    worker.output.read_to_string(&mut rest)?;
    if !children.is_empty() || std::path::Path::new(&format!("/proc/{id}")).exists() {
        return Err(format!("the worker {id} left something behind; its children were {children:?}").into());
    }
    Ok(())
}

fn server_as_tool() -> Result<(), Failed> {
    let words = ["run", "--device", "cpu", "examples/chat.tl", "--", "--tokens", "3"];
    let server = finish(tool::server()?.args(words))?.expect_code(0)?;
    equal(server.output, tool::tl(words)?.expect_code(0)?.output, "the text")
}

fn server_help() -> Result<(), Failed> {
    for (flags, code, part) in [
        (&["--version"][..], 0, "tl-lsp "),
        (&["--stdio", "--version"], 0, "tl-lsp "),
        (&["--help"], 0, "language server"),
        (&["--listen"], 2, "--listen"),
        (&["fly"], 2, "fly"),
    ] {
        let finished = finish(tool::server()?.args(flags))?.expect_code(code)?;
        if !format!("{}{}", finished.output, finished.errors).contains(part) {
            return Err(format!("{flags:?}\n{}", finished.describe()).into());
        }
    }
    Ok(())
}
