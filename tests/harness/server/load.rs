//! Much at once, and clients that do not do their part: requests are answered
//! from the text that they were asked about, and nobody waits for a client that
//! does not answer or does not read.

use std::thread::sleep;
use std::time::Duration;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::{Client, all_gone, is_error, uri};
use super::editor::{about, at, command, edit, end_of, range_of};
use crate::events::equal;
use crate::{folders, tool};

pub const PROMISES: Promises = &[
    ("a request is answered from the text that it was asked about", from_its_text),
    ("500 edits and requests in a row get their answers", many),
    ("an edit outdates the diagnostics that nobody has read", superseded),
    ("a request may be cancelled", cancelled),
    ("a client that answers no requests is served", unanswered),
    ("a client that does not read for a while loses nothing", deaf),
    ("a client that does not read may leave while a script prints", deaf_leaves),
    #[cfg(target_os = "linux")]
    ("a client that does not read cannot fill the memory", memory),
];

fn from_its_text() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let path = folders::file("examples/chat.tl");
    let (text, uri) = (folders::read(&path)?, uri(&path));
    client.open(&uri, &text)?;
    let hover =
        client.ask("textDocument/hover", about(&uri, json!({ "position": at(end_of(&text, "let heads")?) })))?;
    client.change(&uri, json!([{ "text": "" }]))?;
    let lens = client.ask("textDocument/codeLens", about(&uri, json!({})))?;
    client.close(&uri)?;
    let closed = client.ask("textDocument/codeLens", about(&uri, json!({})))?;
    let told = client.answer(hover)?["result"]["contents"]["value"].to_string();
    equal(told.contains("heads: "), true, &format!("the hover {told}"))?;
    equal(&client.answer(lens)?["result"], &json!([]), "the lenses of the empty text")?;
    equal(&client.answer(closed)?["result"], &Value::Null, "the lenses of the closed text")?;
    client.end()
}

fn many() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("main {\n  let number = 1\n  print(number)\n}")?;
    let mut asked = Vec::new();
    for line in 1..=500 {
        client.change(&uri, json!([edit([0, 0, 0, 0], "// ⊙\n")]))?;
        let method = if line % 2 == 0 { "textDocument/hover" } else { "textDocument/codeLens" };
        let id = client.ask(method, about(&uri, json!({ "position": at([line + 1, 8]) })))?;
        asked.push((id, line));
    }
    for (id, line) in asked {
        let result = client.answer(id)?["result"].take();
        let line = u64::from(line);
        let expected = if line % 2 == 0 { [line + 1, 6, line + 1, 12] } else { [line, 0, line, 4] };
        let found = if line % 2 == 0 { range_of(&result) } else { range_of(&result[0]) };
        equal(found, expected, &format!("the answer after {line} edits"))?;
    }
    equal(client.problems(&uri)?, vec![], "the problems at the end")?;
    client.end()
}

fn superseded() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved(&format!("main {{ {} }}", "print(x) ".repeat(300)))?;
    client.set_deaf(true);
    for _ in 0..300 {
        client.change(&uri, json!([edit([0, 7, 0, 7], "print(y) ")]))?;
    }
    sleep(Duration::from_millis(300));
    client.set_deaf(false);
    equal(client.problems(&uri)?.len(), 600, "how many problems there are at last")?;
    let older = client.all_told("textDocument/publishDiagnostics")?.len();
    equal(older < 30, true, &format!("whether {older} are few"))?;
    client.end()
}

fn cancelled() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved(&format!("main {{ {} }}", "print(ones([2, 3])) ".repeat(20_000)))?;
    let id = client.ask("textDocument/hover", about(&uri, json!({ "position": at([0, 8]) })))?;
    client.notify("$/cancelRequest", json!({ "id": id }))?;
    is_error(&client.answer(id)?, -32800, "")?;
    client.notify("$/cancelRequest", json!({ "id": id }))?;
    client.notify("$/cancelRequest", json!({ "id": 4711 }))?;
    client.change(&uri, json!([{ "text": "main { print(1) }" }]))?;
    equal(client.hover(&uri, [0, 8])?.1, [0, 7, 0, 12], "what is hovered")?;
    client.end()
}

/// Everything that a server could ask a client for.
const ASKABLE: &str = r#"{
    "textDocument": {"diagnostic": {}},
    "workspace": {
        "configuration": true,
        "didChangeConfiguration": {"dynamicRegistration": true},
        "didChangeWatchedFiles": {"dynamicRegistration": true},
        "codeLens": {"refreshSupport": true},
        "inlayHint": {"refreshSupport": true},
        "diagnostics": {"refreshSupport": true}
    }
}"#;

fn unanswered() -> Result<(), Failed> {
    let mut client = Client::start()?;
    client.answers = false;
    client.initialize(serde_json::from_str(ASKABLE)?, json!({ "device": "cpu" }), &folders::root())?;
    client.notify("initialized", json!({}))?;
    let uri = client.open_unsaved("main { print(1) }")?;
    for _ in 0..200 {
        client.notify("workspace/didChangeConfiguration", json!({ "settings": null }))?;
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }))?;
    }
    equal(client.hover(&uri, [0, 8])?.1, [0, 7, 0, 12], "what is hovered")?;
    client.run(&uri)?;
    equal(&client.events()?.last().ok_or("no events")?["ending"], &json!("finished"), "the ending")?;
    // Answers to what was never asked, and errors, are as good as none.
    for answer in [json!({ "id": 4711, "result": null }), json!({ "id": "x", "result": [] })] {
        let mut answer = answer;
        answer["jsonrpc"] = json!("2.0");
        client.send_body(&answer.to_string())?;
    }
    for id in 1..10 {
        let error = json!({ "code": -32601, "message": "what is that?" });
        client.send_body(&json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string())?;
    }
    equal(client.hover(&uri, [0, 8])?.1, [0, 7, 0, 12], "what is hovered after strange answers")?;
    client.end()
}

/// A script that counts as fast as it can.
const COUNTS: &str = "main {\n  let i = 0\n  loop { i = i + 1 print(i) }\n}";

fn deaf() -> Result<(), Failed> {
    let mut client = Client::begin(json!({}), json!({ "device": "cpu" }), &folders::root())?;
    let uri = client.open_unsaved(COUNTS)?;
    client.run(&uri)?;
    client.event("an output", |event| event["event"] == "output")?;
    client.set_deaf(true);
    sleep(Duration::from_millis(500));
    let mut asked = Vec::new();
    for _ in 0..50 {
        asked.push(client.ask("textDocument/hover", about(&uri, json!({ "position": at([2, 20]) })))?);
        client.change(&uri, json!([edit([3, 1, 3, 1], "\n")]))?;
    }
    let stop = client.ask("workspace/executeCommand", command("tensorlogic.stop", &uri))?;
    sleep(Duration::from_millis(200));
    client.set_deaf(false);
    for id in asked {
        equal(range_of(&client.answer(id)?["result"]), [2, 19, 2, 24], "what is hovered")?;
    }
    equal(&client.answer(stop)?["result"], &json!({ "stopped": true }), "the answer to the stop")?;
    // Every number is there, whatever was joined on the way.
    let events = client.events()?;
    let text = crate::events::texts(&events, "output");
    let numbers: Vec<u64> = text.lines().filter_map(|line| line.parse().ok()).collect();
    let ascend = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    equal((numbers.len() > 1000, ascend), (true, true), "whether there are many numbers in a row")?;
    equal(&events.last().ok_or("no events")?["ending"], &json!("stopped"), "the ending")?;
    client.end()
}

fn deaf_leaves() -> Result<(), Failed> {
    for is_polite in [true, false] {
        let mut client = Client::begin(json!({}), json!({ "device": "cpu" }), &folders::root())?;
        let uri = client.open_unsaved(COUNTS)?;
        client.run(&uri)?;
        client.event("an output", |event| event["event"] == "output")?;
        let workers = tool::children_of(client.process())?;
        client.set_deaf(true);
        sleep(Duration::from_millis(300));
        if is_polite {
            client.ask("shutdown", Value::Null)?;
            client.notify("exit", Value::Null)?;
        } else {
            client.hang_up();
        }
        equal(client.gone()?, Some(i32::from(!is_polite)), "the exit code")?;
        all_gone(&workers)?;
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn memory() -> Result<(), Failed> {
    let mut client = Client::begin(json!({}), json!({ "device": "cpu" }), &folders::root())?;
    let uri = client
        .open_unsaved(&format!("main {{ let s = \"{}\" loop {{ print(s) eprint(s) }} }}", "long ".repeat(2000)))?;
    equal(client.problems(&uri)?, vec![], "the problems")?;
    client.run(&uri)?;
    client.set_deaf(true);
    sleep(Duration::from_millis(1500));
    let status = folders::read(std::path::Path::new(&format!("/proc/{}/status", client.process())))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    let kilobytes: u64 = resident.ok_or("the system does not tell the memory")?.parse()?;
    client.set_deaf(false);
    equal(client.stop(&uri)?, true, "whether it was stopped")?;
    if kilobytes > 100_000 { Err(format!("the server takes {kilobytes} kB").into()) } else { client.end() }
}
