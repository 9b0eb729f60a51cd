//! Scripts run where they are written: what a run tells, in which order and with
//! which places, while the user goes on typing.

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::{Client, is_error};
use super::editor::{codes, command, edit, range_of, script};
use crate::events::{equal, of_kind, texts};
use crate::folders;

pub const PROMISES: Promises = &[
    ("a run tells its start, its texts and its end", events),
    ("every event carries the document and the number of the run", numbers),
    ("outputs of one call are joined, with what to show of them", joined),
    ("the error stream has events of its own", error_output),
    ("what is shown is bounded, the text is whole", long_line),
    ("a story is written token by token", story),
    ("a buffer that was never saved runs from its text", untitled),
    ("what runs is the text at the start", text_at_start),
    ("places follow 200 edits and go with their text", places),
    ("places of events count in the client's units", units),
    ("a failure is a problem until the next edit", failure),
    ("a failure in an imported file is shown there and at the import", failure_elsewhere),
    ("a failure goes away with the next run", failure_then_run),
    ("a script with errors is refused with its problems", refused),
    ("a script without main has nothing to run", no_main),
    ("the lens stops while it runs, and is asked for anew", lens),
    ("documents run beside each other", two_documents),
    ("commands about nothing are refused", wrong_commands),
];

/// A session whose runs compute on the processor.
pub fn session(capabilities: Value) -> Result<Client, Failed> {
    Client::begin(capabilities, json!({ "device": "cpu" }), &folders::root())
}

/// Prints without end, a call in line 2.
pub const ENDLESS: &str = "main {\n  let i = 0 loop { i = i + 1\n    print(i)\n  }\n}";

/// Runs a script to its end; gives the events.
fn run(text: &str) -> Result<Vec<Value>, Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved(text)?;
    client.run(&uri)?;
    let events = client.events()?;
    client.end()?;
    Ok(events)
}

/// How the events end.
pub fn ending(events: &[Value]) -> &str {
    events.last().and_then(|event| event["ending"].as_str()).unwrap_or_default()
}

fn events() -> Result<(), Failed> {
    let events = run("main {\n  print(\"a\")\n  print(\"b\")\n}")?;
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    equal(kinds, vec!["started", "output", "output", "finished"], "the kinds")?;
    equal(&events[0]["device"], &json!("cpu"), "the device")?;
    equal(events[0]["seed"].is_u64(), true, "whether there is a seed")?;
    equal(texts(&events, "output"), "a\nb\n".to_owned(), "the text")?;
    equal(range_of(&events[1]), [1, 2, 1, 12], "the first place")?;
    equal(range_of(&events[2]), [2, 2, 2, 12], "the second place")?;
    equal((&events[1]["shown"], &events[2]["shown"]), (&json!("a"), &json!("b")), "what is shown")?;
    equal(events[1]["place"] == events[2]["place"], false, "whether both are one place")?;
    let last = &events[3];
    equal((&last["ending"], &last["code"]), (&json!("finished"), &json!(0)), "the end")?;
    equal((last["seconds"].is_f64(), &last["tokens"]), (true, &json!(0)), "the figures")
}

fn numbers() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved("main { print(1) }")?;
    let first = client.run(&uri)?;
    for event in client.events()? {
        equal((&event["uri"], &event["runId"]), (&json!(uri), &json!(first)), &event.to_string())?;
    }
    let second = client.run(&uri)?;
    equal(second > first, true, "whether numbers grow")?;
    equal(&client.events()?[0]["runId"], &json!(second), "the number of the second run")?;
    client.end()
}

fn joined() -> Result<(), Failed> {
    let events = run("main {\n  for i in range(2000) { write(\"⊙\") }\n  for i in range(3000) { print(i) }\n}")?;
    let counted: String = (0..3000).map(|i| format!("{i}\n")).collect();
    equal(texts(&events, "output"), "⊙".repeat(2000) + &counted, "the text")?;
    let outputs = of_kind(&events, "output");
    equal(outputs.len() < 500, true, &format!("whether {} events are few", outputs.len()))?;
    equal(&outputs[outputs.len() - 1]["shown"], &json!("2999"), "what is shown at last")?;
    let mut places: Vec<&Value> = outputs.iter().map(|output| &output["place"]).collect();
    places.dedup();
    equal(places.len(), 2, "how many places")
}

fn error_output() -> Result<(), Failed> {
    let events = run("main {\n  print(\"a\")\n  eprint(\"b\")\n}")?;
    equal(texts(&events, "errorOutput"), "b\n".to_owned(), "the text")?;
    let event = of_kind(&events, "errorOutput")[0];
    equal((range_of(event), &event["shown"]), ([2, 2, 2, 13], &json!("b")), "its place and what is shown")
}

fn long_line() -> Result<(), Failed> {
    let events = run("main { for i in range(5000) { write(\"⊙🦊\") } }")?;
    equal(texts(&events, "output"), "⊙🦊".repeat(5000), "the text")?;
    for event in of_kind(&events, "output") {
        let shown = event["shown"].as_str().unwrap_or_default();
        equal(shown.chars().count() <= 160 && !shown.contains('\n'), true, &format!("whether {shown} is bounded"))?;
    }
    Ok(())
}

fn story() -> Result<(), Failed> {
    let options = json!({ "device": "cpu", "run": { "arguments": ["--tokens", "8"] } });
    let mut client = Client::begin(json!({}), options, &folders::root())?;
    let path = folders::file("examples/chat.tl");
    let uri = super::client::uri(&path);
    client.open(&uri, &folders::read(&path)?)?;
    client.run(&uri)?;
    let events = client.events()?;
    equal(texts(&events, "output").starts_with("Once upon a time"), true, "the start of the story")?;
    let last = of_kind(&events, "sampled").last().map(|event| event["count"].clone());
    equal(last, Some(json!(8)), "how many tokens were drawn")?;
    let end = &events[events.len() - 1];
    equal((ending(&events), &end["tokens"]), ("finished", &json!(8)), "the end")?;
    client.end()
}

fn untitled() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = "untitled:Untitled-1";
    client.open(uri, "main {\n  print(\"one\")\n}")?;
    client.change(uri, json!([edit([1, 9, 1, 12], "two")]))?;
    client.run(uri)?;
    let events = client.events()?;
    equal(texts(&events, "output"), "two\n".to_owned(), "the text")?;
    equal(&events[1]["uri"], &json!(uri), "the document")?;
    equal(range_of(&events[1]), [1, 2, 1, 14], "the place")?;
    client.end()
}

fn text_at_start() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved("main { print(\"before\") }")?;
    let id = client.ask("workspace/executeCommand", command("tensorlogic.run", &uri))?;
    client.change(&uri, json!([{ "text": "main { print(\"after\") }" }]))?;
    client.answer(id)?;
    equal(texts(&client.events()?, "output"), "before\n".to_owned(), "the text")?;
    client.end()
}

fn places() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved(ENDLESS)?;
    client.run(&uri)?;
    let is_at = |event: &Value, range| event["event"] == "output" && range_of(event) == range;
    client.event("an output in line 2", |event| is_at(event, [2, 4, 2, 12]))?;
    for _ in 0..100 {
        client.change(&uri, json!([edit([0, 0, 0, 0], "// ⊙🦊\n"), edit([2, 0, 2, 0], " ")]))?;
    }
    // The blanks went in front of what was line 1 at first, then of comments.
    client.event("an output in line 102", |event| is_at(event, [102, 4, 102, 12]))?;
    client.change(&uri, json!([edit([102, 0, 102, 0], "/* 🦊 */ ")]))?;
    client.event("an output in column 13", |event| is_at(event, [102, 13, 102, 21]))?;
    client.change(&uri, json!([edit([102, 0, 103, 0], "")]))?;
    let event =
        client.event("an output without a place", |event| event["event"] == "output" && event["range"].is_null())?;
    equal(event["shown"].is_string() && event["place"].is_u64(), true, "whether it is shown all the same")?;
    client.change(&uri, json!([{ "text": "" }]))?;
    equal(client.stop(&uri)?, true, "whether it was stopped")?;
    client.end()
}

fn units() -> Result<(), Failed> {
    for (encoding, column) in [("utf-8", 17), ("utf-16", 13), ("utf-32", 12)] {
        let mut client = session(json!({ "general": { "positionEncodings": [encoding] } }))?;
        let uri = client.open_unsaved("main {\r\n write(\"⊙🦊\") print(1 / to_int(\"0\")) \r\n}")?;
        client.run(&uri)?;
        let events = client.events()?;
        equal(range_of(of_kind(&events, "output")[0]), [1, 1, 1, column], &format!("the output in {encoding}"))?;
        let failed = of_kind(&events, "failed")[0];
        let place = [1, column + 7, 1, column + 22];
        equal(range_of(&failed["problem"]), place, &format!("the failure in {encoding}"))?;
        client.end()?;
    }
    Ok(())
}

const FAILS: &str = "fn part(n: int) -> int {\n  10 / n\n}\nmain {\n  print(part(to_int(\"0\")))\n}";

fn failure() -> Result<(), Failed> {
    let related = json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } });
    let mut client = session(related)?;
    let uri = client.open_unsaved(FAILS)?;
    equal(client.problems(&uri)?, vec![], "the problems before")?;
    client.run(&uri)?;
    let events = client.events()?;
    let failed = of_kind(&events, "failed");
    equal((failed.len(), ending(&events)), (1, "failed"), "how it ends")?;
    equal(&failed[0]["problem"]["code"], &json!("division-by-zero"), "the code")?;
    equal(&failed[0]["calls"][0]["function"], &json!("part"), "the call that led to it")?;
    let problems = client.problems_until(&uri, |problems| !problems.is_empty())?;
    equal(codes(&problems), vec!["division-by-zero"; 2], "the problems after")?;
    equal(range_of(&problems[0]), [1, 2, 1, 8], "its place")?;
    equal(range_of(&problems[1]), [4, 8, 4, 25], "the place of the hint")?;
    let related = &problems[0]["relatedInformation"][0];
    equal(range_of(&related["location"]), [4, 8, 4, 25], "the place of the call")?;
    client.change(&uri, json!([edit([0, 0, 0, 0], "\n")]))?;
    equal(client.problems(&uri)?, vec![], "the problems after an edit")?;
    client.end()
}

fn failure_elsewhere() -> Result<(), Failed> {
    let (text, library) =
        ("import \"lib.tl\"\nmain { print(part(len(args()))) }", "// parts\nfn part(n: int) -> int { 1 / n }");
    let (folder, uri) = script(text)?;
    let path = folder.join("lib.tl");
    std::fs::write(&path, library)?;
    let mut client = session(json!({}))?;
    client.open(&uri, text)?;
    let there = super::client::uri(&path);
    client.open(&there, library)?;
    client.run(&uri)?;
    client.events()?;
    let problems = client.problems_until(&there, |problems| !problems.is_empty())?;
    equal(
        (codes(&problems), range_of(&problems[0])),
        (vec!["division-by-zero"], [1, 25, 1, 30]),
        "what is shown there",
    )?;
    let problems = client.problems_until(&uri, |problems| !problems.is_empty())?;
    equal((codes(&problems)[0], range_of(&problems[0])), ("division-by-zero", [0, 7, 0, 15]), "what is shown here")?;
    client.change(&there, json!([edit([0, 0, 0, 0], "\n")]))?;
    equal(client.problems_until(&there, |_| true)?, vec![], "what is shown there after an edit")?;
    client.problems_until(&uri, |problems| problems.is_empty())?;
    client.end()
}

fn failure_then_run() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved(FAILS)?;
    client.problems(&uri)?;
    for _ in 0..2 {
        client.run(&uri)?;
        client.events()?;
        client.problems_until(&uri, |problems| !problems.is_empty())?;
    }
    client.end()
}

fn refused() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved("main { print(x) }")?;
    client.run(&uri)?;
    let events = client.events()?;
    let problems = of_kind(&events, "problem");
    equal((problems.len(), ending(&events)), (1, "refused"), "how it ends")?;
    equal(range_of(&problems[0]["problem"]), [0, 13, 0, 14], "the place of the problem")?;
    equal(codes(&client.problems(&uri)?), vec!["unknown-name"], "the problems")?;
    equal(client.is_silent("textDocument/publishDiagnostics")?, true, "whether they are told once")?;
    client.end()
}

fn no_main() -> Result<(), Failed> {
    let events = run("fn f() -> int { 1 }")?;
    equal((of_kind(&events, "notice").len(), ending(&events)), (1, "refused"), "how it ends")
}

fn lens() -> Result<(), Failed> {
    let mut client = session(json!({ "workspace": { "codeLens": { "refreshSupport": true } } }))?;
    let uri = client.open_unsaved(ENDLESS)?;
    equal(client.lenses(&uri)?, vec![("▶ Run".to_owned(), 0)], "the lens before")?;
    client.run(&uri)?;
    client.told("workspace/codeLens/refresh")?;
    equal(client.lenses(&uri)?, vec![("■ Stop".to_owned(), 0)], "the lens meanwhile")?;
    client.stop(&uri)?;
    client.told("workspace/codeLens/refresh")?;
    equal(client.lenses(&uri)?, vec![("▶ Run".to_owned(), 0)], "the lens after")?;
    client.end()?;
    let mut client = session(json!({}))?;
    let uri = client.open_unsaved("main { print(1) }")?;
    client.run(&uri)?;
    client.events()?;
    equal(client.all_told("workspace/codeLens/refresh")?, vec![], "what is asked of a client that offers nothing")?;
    client.end()
}

fn two_documents() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let (first, second) = ("untitled:Untitled-1", "untitled:Untitled-2");
    client.open(first, ENDLESS)?;
    client.open(second, "main { print(\"other\") }")?;
    client.run(first)?;
    client.run(second)?;
    let end = client.event("the end of the second", |event| event["event"] == "finished")?;
    equal((&end["uri"], &end["ending"]), (&json!(second), &json!("finished")), "who ended")?;
    client.event("an output of the first", |event| event["uri"] == first && event["event"] == "output")?;
    equal(client.stop(second)?, false, "whether the second was stopped")?;
    equal(client.stop(first)?, true, "whether the first was stopped")?;
    client.end()
}

fn wrong_commands() -> Result<(), Failed> {
    let mut client = session(json!({}))?;
    let execute = "workspace/executeCommand";
    client.refused(execute, command("tensorlogic.run", "file:///nowhere/a.tl"), -32602, "`file:///nowhere/a.tl`")?;
    client.refused(execute, command("tensorlogic.run", "no uri at all"), -32602, "is not open")?;
    let uri = client.open_unsaved("main { print(1) }")?;
    client.refused(execute, command("tensorlogic.fly", &uri), -32602, "`tensorlogic.run` and `tensorlogic.stop`")?;
    let id = client.ask(execute, json!({ "command": "tensorlogic.run", "arguments": [] }))?;
    is_error(&client.answer(id)?, -32602, "needs a document")?;
    equal(client.stop(&uri)?, false, "whether anything was stopped")?;
    // The document may also stand for itself.
    client.request(execute, json!({ "command": "tensorlogic.run", "arguments": [uri] }))?;
    equal(ending(&client.events()?), "finished", "the ending")?;
    client.end()
}
