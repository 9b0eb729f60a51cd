//! Every run ends, and its end is told: by itself, by the user, by a crash, with
//! its document or with the server. No process is ever left behind.

use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::{Client, all_gone};
use super::editor::command;
use super::runs::{ENDLESS, ending, session};
use crate::events::{equal, texts};
use crate::tool;

pub const PROMISES: Promises = &[
    ("a stop ends what prints without end", || stopped(ENDLESS)),
    ("a stop ends what computes without end", || {
        stopped("main { print(\"go\") let x = ones([1500, 1500]) loop { x = softmax(x @ x) } }")
    }),
    ("a stop of nothing says so", nothing_to_stop),
    ("a second run stops the first", again),
    ("many runs in a row leave one", many),
    ("a script's own exit code is told", exit_code),
    ("a document that closes stops its run", closed),
    #[cfg(target_os = "linux")]
    ("a run that is killed is told, and the next one works", crashed),
    #[cfg(target_os = "linux")]
    ("a server that is killed leaves no run behind", server_killed),
    #[cfg(target_os = "linux")]
    ("a client that is gone leaves no run behind", client_gone),
    ("a shutdown stops every run", shutdown),
];

/// A stop is a matter of moments, on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Starts a run and waits until it has printed.
fn running(client: &mut Client, uri: &str) -> Result<u64, Failed> {
    let run = client.run(uri)?;
    client.event("an output", |event| event["event"] == "output" && event["runId"] == run)?;
    Ok(run)
}

fn stopped(text: &str) -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved(text)?;
    running(&mut client, &uri)?;
    let workers = tool::children_of(client.process())?;
    let asked = Instant::now();
    equal(client.stop(&uri)?, true, "whether it was stopped")?;
    equal(asked.elapsed() < AT_ONCE, true, &format!("whether {:?} are a moment", asked.elapsed()))?;
    let events = client.events()?;
    equal(ending(&events), "stopped", "the ending")?;
    equal(client.all_told("tensorlogic/event")?, vec![], "what is told after the end")?;
    equal(client.stop(&uri)?, false, "whether it was stopped again")?;
    all_gone(&workers)?;
    client.end()
}

fn nothing_to_stop() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved("main { print(1) }")?;
    equal(client.stop(&uri)?, false, "whether it was stopped before any run")?;
    client.run(&uri)?;
    client.events()?;
    equal(client.stop(&uri)?, false, "whether it was stopped after its end")?;
    client.end()
}

fn again() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved(ENDLESS)?;
    let first = running(&mut client, &uri)?;
    client.change(&uri, json!([{ "text": "main { print(\"second\") }" }]))?;
    let second = client.run(&uri)?;
    equal(second > first, true, "whether numbers grow")?;
    let events = client.events()?;
    equal(ending(&events), "stopped", "the ending of the first")?;
    equal(events.iter().all(|event| event["runId"] == first), true, "whether the first ends before the second")?;
    let events = client.events()?;
    equal((ending(&events), texts(&events, "output")), ("finished", "second\n".to_owned()), "the second")?;
    client.end()
}

fn many() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved(ENDLESS)?;
    let mut asked = Vec::new();
    for _ in 0..10 {
        asked.push(client.ask("workspace/executeCommand", command("tensorlogic.run", &uri))?);
    }
    let mut runs = Vec::new();
    for id in asked {
        runs.push(client.answer(id)?["result"]["runId"].as_u64().ok_or("a run has no number")?);
    }
    equal(runs.windows(2).all(|pair| pair[0] < pair[1]), true, "whether numbers grow")?;
    for run in &runs[..9] {
        let events = client.events()?;
        let last = &events[events.len() - 1];
        equal((ending(&events), &last["runId"]), ("stopped", &json!(run)), "an end")?;
    }
    client.event("an output of the last", |event| event["event"] == "output" && event["runId"] == runs[9])?;
    equal(client.stop(&uri)?, true, "whether the last was stopped")?;
    client.end()
}

fn exit_code() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved("main { print(1) exit(3) }")?;
    client.run(&uri)?;
    let events = client.events()?;
    equal((ending(&events), &events[events.len() - 1]["code"]), ("exited", &json!(3)), "the end")?;
    client.end()
}

fn closed() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved(ENDLESS)?;
    running(&mut client, &uri)?;
    let workers = tool::children_of(client.process())?;
    client.close(&uri)?;
    equal(ending(&client.events()?), "stopped", "the ending")?;
    all_gone(&workers)?;
    client.open(&uri, "main { print(\"anew\") }")?;
    client.run(&uri)?;
    equal(texts(&client.events()?, "output"), "anew\n".to_owned(), "the text of the next run")?;
    client.end()
}

#[cfg(target_os = "linux")]
fn kill(process: u32) -> Result<(), Failed> {
    let status = std::process::Command::new("kill").args(["-KILL", &process.to_string()]).status()?;
    equal(status.success(), true, "whether the kill reached it")
}

#[cfg(target_os = "linux")]
fn crashed() -> Result<(), Failed> {
    let mut client = session(json!({ "workspace": { "codeLens": { "refreshSupport": true } } }))?;
    let uri = client.open_unsaved(ENDLESS)?;
    running(&mut client, &uri)?;
    let workers = tool::children_of(client.process())?;
    equal(workers.len(), 1, "how many processes run")?;
    kill(workers[0])?;
    let events = client.events()?;
    let last = &events[events.len() - 1];
    equal((ending(&events), &last["code"]), ("crashed", &json!(137)), "the end")?;
    let message = last["message"].as_str().unwrap_or_default();
    equal(message.contains("signal 9"), true, &format!("whether {message:?} tells the signal"))?;
    equal(client.lenses(&uri)?, vec![("▶ Run".to_owned(), 0)], "the lens after")?;
    client.change(&uri, json!([{ "text": "main { print(\"next\") }" }]))?;
    client.run(&uri)?;
    equal(texts(&client.events()?, "output"), "next\n".to_owned(), "the text of the next run")?;
    client.end()
}

/// Two runs, one that prints and one that computes.
#[cfg(target_os = "linux")]
fn two_runs() -> Result<(Client, Vec<u32>), Failed> {
    let mut client = session(json!({}))?;
    let computes = "main { print(\"go\") let x = ones([1500, 1500]) loop { x = softmax(x @ x) } }";
    for (uri, text) in [("untitled:Untitled-1", ENDLESS), ("untitled:Untitled-2", computes)] {
        client.open(uri, text)?;
        running(&mut client, uri)?;
    }
    let workers = tool::children_of(client.process())?;
    equal(workers.len(), 2, "how many processes run")?;
    Ok((client, workers))
}

#[cfg(target_os = "linux")]
fn server_killed() -> Result<(), Failed> {
    let (mut client, workers) = two_runs()?;
    client.kill()?;
    equal(client.gone()?, None, "the exit code")?;
    all_gone(&workers)
}

#[cfg(target_os = "linux")]
fn client_gone() -> Result<(), Failed> {
    let (mut client, workers) = two_runs()?;
    client.hang_up();
    equal(client.gone()?, Some(1), "the exit code")?;
    all_gone(&workers)
}

fn shutdown() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    for uri in ["untitled:Untitled-1", "untitled:Untitled-2"] {
        client.open(uri, ENDLESS)?;
        running(&mut client, uri)?;
    }
    client.request("shutdown", Value::Null)?;
    for _ in 0..2 {
        equal(ending(&client.events()?), "stopped", "an ending")?;
    }
    client.notify("exit", Value::Null)?;
    equal(client.gone()?, Some(0), "the exit code")
}
