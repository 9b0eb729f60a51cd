//! What `tl run --events json` writes: one object a line on standard output and
//! nothing else, the same texts as without it, and an end for every run.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::tool::{Finished, finish};
use crate::{Trials, folders, models, tool};

/// One trial for each promise.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    let mut add = |name: &str, check: fn() -> Result<(), Failed>| {
        trials.push(Trial::test(format!("events: {name}"), check));
    };
    add("a story arrives token by token, each with the call that wrote it", story);
    add("a refused script tells its errors and does not run", refused);
    add("warnings are told with --check only", warnings);
    add("a script without main says so", nothing_to_run);
    add("a missing script is a problem as well", missing_script);
    add("a failure tells where and through which calls", failed);
    add("a missing model is a failure at the call that loads it", missing_model);
    add("a truncated model is a failure", truncated_model);
    add("the script's own exit code", exited);
    add("the error stream of the script is an event", error_output);
    add("a notice is an event", notice);
    add("--stats goes to the error stream", stats);
    add("Ctrl-C ends with a last line", interrupted);
    add("a closed pipe ends the run quietly", closed_pipe);
    add("another format is refused", unknown_format);
    Ok(trials)
}

/// The events in an output. Every line is one, the first alone has the version,
/// the last alone says that it is over.
pub fn events(output: &str) -> Result<Vec<Value>, Failed> {
    let read = |line| serde_json::from_str(line).map_err(|error| format!("{error} in the line {line}"));
    let events = output.lines().map(read).collect::<Result<Vec<Value>, String>>()?;
    let last = events.len().checked_sub(1).ok_or("there are no events")?;
    for (index, event) in events.iter().enumerate() {
        let version = if index == 0 { json!(1) } else { Value::Null };
        if event["v"] != version || (event["event"] == "finished") != (index == last) {
            return Err(format!("line {} of {} should not read {event}", index + 1, events.len()).into());
        }
    }
    Ok(events)
}

/// The events of one kind.
pub fn of_kind<'e>(events: &'e [Value], kind: &str) -> Vec<&'e Value> {
    events.iter().filter(|event| event["event"] == kind).collect()
}

/// The texts of one kind, joined.
pub fn texts(events: &[Value], kind: &str) -> String {
    of_kind(events, kind).iter().filter_map(|event| event["text"].as_str()).collect()
}

/// Fails unless both are equal.
pub fn equal<T: PartialEq + std::fmt::Debug>(found: T, expected: T, what: &str) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}").into()) }
}

/// Fails unless the kinds of the events are these.
fn kinds(events: &[Value], expected: &[&str]) -> Result<(), Failed> {
    let found: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    equal(found, expected.to_vec(), "the kinds of events")
}

/// The events of a run that left its error stream empty.
fn read(finished: Finished) -> Result<Vec<Value>, Failed> {
    if !finished.errors.is_empty() {
        return Err(finished.describe().into());
    }
    events(&finished.output)
}

fn script(text: &str) -> Result<PathBuf, Failed> {
    let path = folders::scratch()?.join("script.tl");
    std::fs::write(&path, text)?;
    Ok(path)
}

fn command(script: &Path, flags: &[&str]) -> Result<Command, Failed> {
    let mut command = tool::command()?;
    command.args(["run", "--events", "json", "--device", "cpu"]).args(flags).arg(script);
    Ok(command)
}

/// Runs a script; gives its events if it ends with `code`.
fn run(text: &str, flags: &[&str], code: i32) -> Result<Vec<Value>, Failed> {
    read(finish(&mut command(&script(text)?, flags)?)?.expect_code(code)?)
}

/// The text that the range of an event or problem covers; columns are UTF-16.
fn covered(text: &str, place: &Value) -> String {
    let units: Vec<Vec<u16>> = text.split_inclusive('\n').map(|line| line.encode_utf16().collect()).collect();
    let at = |end: &str| {
        let number = |field: &str| place["range"][end][field].as_u64().unwrap_or(u64::MAX) as usize;
        units.iter().take(number("line")).map(Vec::len).sum::<usize>().saturating_add(number("character"))
    };
    let all: Vec<u16> = units.concat();
    all.get(at("start")..at("end")).map_or_else(|| "nothing".to_owned(), String::from_utf16_lossy)
}

fn story() -> Result<(), Failed> {
    let words = ["--device", "cpu", "--seed", "1", "examples/chat.tl", "--", "--tokens", "8"];
    let plain = tool::tl(["run"].iter().chain(&words))?.expect_code(0)?;
    let events = read(tool::tl(["run", "--events", "json"].iter().chain(&words))?.expect_code(0)?)?;
    let started = json!({"v": 1, "event": "started", "path": "examples/chat.tl", "device": "cpu", "seed": 1});
    equal(&events[0], &started, "the first line")?;
    equal(texts(&events, "output"), plain.output, "the text")?;

    let loading = of_kind(&events, "loading");
    let last = loading.last().ok_or("no loading was told")?;
    let complete = last["done"].as_u64().is_some_and(|done| done > 0) && last["done"] == last["total"];
    if !complete || last["path"] != "models/stories-f16.gguf" {
        return Err(format!("the last that was told of loading is {last}").into());
    }

    let text = folders::read(&folders::file("examples/chat.tl"))?;
    let calls: Vec<String> = of_kind(&events, "output").iter().map(|event| covered(&text, event)).collect();
    let mut expected = vec!["write(decode_stream(tokenizer, tokens))"; calls.len() - 1];
    expected.push("print()");
    equal(calls.iter().map(String::as_str).collect(), expected, "the calls")?;
    if of_kind(&events, "output").iter().any(|event| event["path"] != "examples/chat.tl") {
        return Err("an output has another path".into());
    }

    let counts = of_kind(&events, "sampled").iter().filter_map(|event| event["count"].as_u64()).collect();
    equal(counts, (1..=8).collect::<Vec<u64>>(), "the counts")?;
    ended(&events, "finished", 0)?;
    equal(&events[events.len() - 1]["tokens"], &json!(8), "the tokens")
}

/// Fails unless the last event says so.
pub fn ended(events: &[Value], ending: &str, code: u64) -> Result<(), Failed> {
    let last = events.last().ok_or("there are no events")?;
    let seconds = last["seconds"].as_f64().unwrap_or_default();
    if last["ending"] == ending && last["code"] == code && seconds > 0.0 && last["tokens"].is_u64() {
        return Ok(());
    }
    Err(format!("expected the ending {ending} with code {code}, found {last}").into())
}

fn refused() -> Result<(), Failed> {
    let text = "main {\n    print(\"before\")\n    write(\"🦊\") prnt(\"x\")\n    let y = z\n}\n";
    let events = run(text, &[], 1)?;
    kinds(&events, &["problem", "problem", "finished"])?;
    ended(&events, "refused", 1)?;
    let problem = &events[0]["problem"];
    equal(covered(text, problem), "prnt".to_owned(), "the text at fault")?;
    equal(&problem["severity"], &json!("error"), "the severity")?;
    equal(&problem["code"], &json!("unknown-function"), "the code")?;
    equal(&problem["helps"], &json!(["did you mean `print`?"]), "the advice")?;
    equal(covered(text, &events[1]["problem"]), "z".to_owned(), "the second text at fault")
}

fn warnings() -> Result<(), Failed> {
    let text = "main { print(\"{}\", 1, 2) }";
    kinds(&run(text, &[], 0)?, &["started", "output", "finished"])?;
    let events = run(text, &["--check"], 0)?;
    kinds(&events, &["problem", "started", "output", "finished"])?;
    equal(&events[0]["problem"]["severity"], &json!("warning"), "the severity")
}

fn nothing_to_run() -> Result<(), Failed> {
    let events = run("fn f() { 1 }\n", &[], 0)?;
    kinds(&events, &["notice", "finished"])?;
    ended(&events, "refused", 0)
}

fn missing_script() -> Result<(), Failed> {
    let events = read(tool::tl(["run", "--events", "json", "nowhere/story.tl"])?.expect_code(1)?)?;
    kinds(&events, &["problem", "finished"])?;
    equal(&events[0]["problem"]["message"], &json!("there is no file `nowhere/story.tl`"), "the message")?;
    ended(&events, "refused", 1)
}

fn failed() -> Result<(), Failed> {
    let text =
        "fn part(n: int) -> int {\n    10 / n\n}\n\nmain {\n    write(\"kept\")\n    print(part(to_int(\"0\")))\n}\n";
    let events = run(text, &[], 1)?;
    kinds(&events, &["started", "output", "failed", "finished"])?;
    equal(texts(&events, "output"), "kept".to_owned(), "the text")?;
    let failed = &events[2];
    equal(&failed["problem"]["code"], &json!("division-by-zero"), "the code")?;
    equal(covered(text, &failed["problem"]), "10 / n".to_owned(), "the text at fault")?;
    let call = &failed["calls"][0];
    equal(&call["function"], &json!("part"), "the function")?;
    equal(&call["arguments"], &json!("n: the Integer 0"), "its arguments")?;
    equal(covered(text, call), "part(to_int(\"0\"))".to_owned(), "the call")?;
    ended(&events, "failed", 1)
}

fn missing_model() -> Result<(), Failed> {
    let text = "main { print(\"go\") let m = load_model(\"no/such.gguf\") print(m) }";
    let events = run(text, &[], 1)?;
    kinds(&events, &["started", "output", "failed", "finished"])?;
    equal(&events[2]["problem"]["code"], &json!("model-not-found"), "the code")?;
    let at_fault = covered(text, &events[2]["problem"]);
    if !at_fault.contains("no/such.gguf") {
        return Err(format!("the text at fault is {at_fault}").into());
    }
    ended(&events, "failed", 1)
}

fn truncated_model() -> Result<(), Failed> {
    let whole = std::fs::read(models::shipped("q4_0"))?;
    let path = script("main { let m = load_model(\"model.gguf\") print(m) }")?;
    std::fs::write(path.with_file_name("model.gguf"), &whole[..whole.len() / 2])?;
    let events = read(finish(&mut command(&path, &[])?)?.expect_code(1)?)?;
    equal(of_kind(&events, "failed").len(), 1, "the failures")?;
    ended(&events, "failed", 1)
}

fn exited() -> Result<(), Failed> {
    let events = run("main { print(1) exit(3) print(2) }", &[], 3)?;
    equal(texts(&events, "output"), "1\n".to_owned(), "the text")?;
    ended(&events, "exited", 3)
}

fn error_output() -> Result<(), Failed> {
    let text = "main { write(\"a\") eprint(\"b\") }";
    let events = run(text, &[], 0)?;
    kinds(&events, &["started", "output", "errorOutput", "finished"])?;
    equal(&events[2]["text"], &json!("b\n"), "the text")?;
    equal(covered(text, &events[2]), "eprint(\"b\")".to_owned(), "the call")
}

fn notice() -> Result<(), Failed> {
    let events = run("main { temperature_sample(zeros([9]), 1.0) }", &[], 0)?;
    kinds(&events, &["started", "notice", "sampled", "finished"])?;
    equal(&events[1]["text"], &json!("all 9 logits are 0: every token is equally likely"), "the text")
}

fn stats() -> Result<(), Failed> {
    let path = script("main { print(1) }")?;
    let finished = finish(&mut command(&path, &["--stats"])?)?.expect_code(0)?;
    if !finished.errors.lines().any(|line| line.starts_with("total time")) {
        return Err(finished.describe().into());
    }
    kinds(&events(&finished.output)?, &["started", "output", "finished"])
}

/// A loop notices the interrupt by itself, a wait for input does not.
fn interrupted() -> Result<(), Failed> {
    for text in ["main { print(\"go\") let i = 0 loop { i = i + 1 } }", "main { print(\"go\") print(input()) }"] {
        let path = script(text)?;
        let mut child =
            command(&path, &[])?.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut told = String::new();
        output.read_line(&mut told)?;
        output.read_line(&mut told)?;
        Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
        output.read_to_string(&mut told)?;
        let finished: Finished = child.wait_with_output()?.into();
        let finished = Finished { output: told, ..finished }.expect_code(130)?;
        let events = read(finished)?;
        kinds(&events, &["started", "output", "finished"])?;
        ended(&events, "cancelled", 130)?;
    }
    Ok(())
}

fn closed_pipe() -> Result<(), Failed> {
    let path = script("main { let i = 0 loop { i = i + 1 print(i) } }")?;
    let mut child = command(&path, &[])?.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let first = BufReader::new(child.stdout.take().ok_or("no output")?).lines().next();
    let first = first.ok_or("nothing was told")??;
    let finished: Finished = child.wait_with_output()?.into();
    if first.contains("started") && finished.errors.is_empty() { Ok(()) } else { Err(finished.describe().into()) }
}

fn unknown_format() -> Result<(), Failed> {
    let finished = tool::tl(["run", "--events", "xml", "examples/chat.tl"])?.expect_code(2)?;
    if finished.errors.contains("json") { Ok(()) } else { Err(finished.describe().into()) }
}
