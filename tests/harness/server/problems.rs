//! What is wrong with a script reaches the editor in the way that it declares:
//! pushed or asked for, with second places or without, for the text that it has
//! now, and anew when a file changes that the script depends on.

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::{self, Client};
use super::editor::{about, codes, edit, model, range_of, script};
use crate::events::equal;

pub const PROMISES: Promises = &[
    ("problems are pushed for each version and go away", pushed),
    ("problems are cleared when the document closes", closed),
    ("a client that asks for problems gets none pushed", pulled),
    ("a problem has its code, severity, place and advice", complete),
    ("a second place is marked, and related or told in the message", related),
    ("errors of an imported file are told at its import", imported),
    ("a missing model is a warning until the file is there", missing_model),
    ("a save makes it look at the files again", saved),
    ("a client that asks is told to ask again when files change", refresh),
    ("an imported file counts as it stands in the editor", imported_unsaved),
    ("files are watched by clients that offer it", watchers),
    ("a document is understood where it lies", paths),
];

fn pushed() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("main { print(x) }")?;
    equal(codes(&client.problems(&uri)?), vec!["unknown-name"], "version 1")?;
    client.change(&uri, json!([edit([0, 13, 0, 14], "1")]))?;
    equal(codes(&client.problems(&uri)?), vec![], "version 2")?;
    client.change(&uri, json!([edit([0, 7, 0, 12], "prnt")]))?;
    equal(codes(&client.problems(&uri)?), vec!["unknown-function"], "version 3")?;
    client.end()
}

fn closed() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("main { print(x) }")?;
    client.problems(&uri)?;
    client.close(&uri)?;
    let told = client.told("textDocument/publishDiagnostics")?;
    equal((&told["uri"], &told["diagnostics"]), (&json!(uri), &json!([])), "what is told at the end")?;
    equal(client.is_silent("textDocument/publishDiagnostics")?, true, "whether it is silent then")?;
    client.end()
}

fn pulled() -> Result<(), Failed> {
    let mut client = Client::with(json!({ "textDocument": { "diagnostic": {}, "publishDiagnostics": {} } }))?;
    let uri = client.open_unsaved("main { print(x) }")?;
    for (text, expected) in [("x", vec!["unknown-name"]), ("1", vec![]), ("y", vec!["unknown-name"])] {
        client.change(&uri, json!([edit([0, 13, 0, 14], text)]))?;
        let report = client.request_about("diagnostic", &uri, json!({}))?;
        equal(&report["kind"], &json!("full"), "the kind of report")?;
        equal(codes(report["items"].as_array().ok_or("no items")?), expected, text)?;
    }
    client.close(&uri)?;
    equal(client.is_silent("textDocument/publishDiagnostics")?, true, "whether nothing is pushed")?;
    client.end()
}

fn complete() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("main {\n    prnt(1)\n    print(2);\n}")?;
    let problems = client.problems(&uri)?;
    let expected = json!({
        "range": { "start": { "line": 1, "character": 4 }, "end": { "line": 1, "character": 8 } },
        "severity": 1,
        "code": "unknown-function",
        "source": "tensorlogic",
        "message": "no function is called `prnt`\nhelp: did you mean `print`?",
    });
    equal(&problems[0], &expected, "the error")?;
    client.end()
}

/// `n` is read in line 2 and declared in line 1.
const CAPTURED: &str = "fn f() { let n = 1 print(n) g() }\nfn g() { print(n) }\nmain { f() }";

fn related() -> Result<(), Failed> {
    let shows = json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } });
    for (capabilities, is_shown) in [(shows, true), (json!({}), false)] {
        let mut client = Client::with(capabilities)?;
        let uri = client.open_unsaved(CAPTURED)?;
        let problems = client.problems(&uri)?;
        equal(codes(&problems), vec!["captured-caller-variable"; 2], "the codes")?;
        equal(range_of(&problems[1]), [0, 13, 0, 14], "the place of the hint")?;
        let said = (&problems[1]["severity"], &problems[1]["message"]);
        let told = "declared here: `n` is a variable of `f`, which this function cannot see";
        equal(said, (&json!(4), &json!(told)), "what the hint says")?;
        let message = problems[0]["message"].as_str().unwrap_or_default();
        equal(message.contains("line 1: declared here"), !is_shown, "whether the message tells the second place")?;
        let related = &problems[0]["relatedInformation"];
        if is_shown {
            equal(&related[0]["location"]["uri"], &json!(uri), "the related document")?;
            equal(range_of(&related[0]["location"]), [0, 13, 0, 14], "the related place")?;
            equal(&related[0]["message"], &json!("declared here"), "what is said there")?;
        } else {
            equal(related, &Value::Null, "the related places")?;
        }
        client.end()?;
    }
    Ok(())
}

fn imported() -> Result<(), Failed> {
    let (folder, uri) = script("import \"lib.tl\"\nmain { f() }")?;
    let library = folder.join("lib.tl");
    std::fs::write(&library, "// broken\nfn f() { g() }")?;
    let shows = json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } });
    let mut client = Client::begin(shows, Value::Null, &folder)?;
    client.open(&uri, &std::fs::read_to_string(folder.join("script.tl"))?)?;
    let problems = client.problems(&uri)?;
    equal(codes(&problems), vec!["unknown-function"], "the codes")?;
    equal(range_of(&problems[0]), [0, 7, 0, 15], "the place of the import's path")?;
    let related = &problems[0]["relatedInformation"][0]["location"];
    equal(&related["uri"], &json!(client::uri(&library)), "the imported file")?;
    equal(range_of(related), [1, 9, 1, 10], "the place there")?;
    client.end()
}

fn imported_unsaved() -> Result<(), Failed> {
    let text = "import \"lib.tl\"\nmain { print(f()) }";
    let (folder, uri) = script(text)?;
    let path = folder.join("lib.tl");
    let library = client::uri(&path);
    let mut client = Client::begin(json!({}), Value::Null, &folder)?;
    client.open(&uri, text)?;
    equal(codes(&client.problems(&uri)?), vec!["import-not-found"], "the codes without the file")?;
    // It is written in the editor and nowhere else.
    client.open(&library, "fn f() -> int { 1 }")?;
    equal(codes(&client.problems(&uri)?), vec![], "the codes with the unsaved file")?;
    client.change(&library, json!([{ "text": "fn g() -> int { 1 }" }]))?;
    equal(codes(&client.problems(&uri)?), vec!["unknown-function"], "the codes behind an edit")?;
    std::fs::write(&path, "fn f() -> int { 2 }")?;
    watched(&mut client, &path)?;
    equal(codes(&client.problems(&uri)?), vec!["unknown-function"], "the codes with another file on the disk")?;
    client.close(&library)?;
    equal(codes(&client.problems(&uri)?), vec![], "the codes with the file on the disk")?;
    client.end()
}

const LOADS: &str = "main { let m = load_model(\"model.gguf\") print(m.output.weight) }";

fn missing_model() -> Result<(), Failed> {
    let (folder, uri) = script(LOADS)?;
    let mut client = Client::begin(json!({}), Value::Null, &folder)?;
    client.open(&uri, LOADS)?;
    let problems = client.problems(&uri)?;
    equal(codes(&problems), vec!["model-not-found"], "the codes without a file")?;
    equal(&problems[0]["severity"], &json!(2), "the severity")?;
    equal(range_of(&problems[0]), [0, 26, 0, 38], "the place")?;
    let path = folder.join("model.gguf");
    for (length, expected) in
        [(Some(1000), vec!["model-unreadable"]), (None, vec![]), (Some(9), vec!["model-unreadable"])]
    {
        std::fs::write(&path, model(length)?)?;
        watched(&mut client, &path)?;
        equal(codes(&client.problems(&uri)?), expected, &format!("the codes with {length:?} bytes"))?;
    }
    std::fs::remove_file(&path)?;
    watched(&mut client, &path)?;
    equal(codes(&client.problems(&uri)?), vec!["model-not-found"], "the codes without the file again")?;
    client.end()
}

fn saved() -> Result<(), Failed> {
    let (folder, uri) = script(LOADS)?;
    let mut client = Client::begin(json!({}), Value::Null, &folder)?;
    client.open(&uri, LOADS)?;
    equal(codes(&client.problems(&uri)?), vec!["model-not-found"], "the codes without a file")?;
    std::fs::write(folder.join("model.gguf"), model(None)?)?;
    client.notify("textDocument/didSave", about(&uri, json!({})))?;
    equal(codes(&client.problems(&uri)?), vec![], "the codes with the file")?;
    client.end()
}

/// Tells the server that a file has changed.
fn watched(client: &mut Client, path: &std::path::Path) -> Result<(), Failed> {
    let changes = json!({ "changes": [{ "uri": super::client::uri(path), "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changes)
}

fn refresh() -> Result<(), Failed> {
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true }, "inlayHint": { "refreshSupport": true } },
    });
    let (folder, uri) = script(LOADS)?;
    let mut client = Client::begin(capabilities, Value::Null, &folder)?;
    client.open(&uri, LOADS)?;
    let codes_now = |client: &mut Client| -> Result<Vec<Value>, Failed> {
        let report = client.request_about("diagnostic", &uri, json!({}))?;
        Ok(report["items"].as_array().ok_or("no items")?.clone())
    };
    equal(codes(&codes_now(&mut client)?), vec!["model-not-found"], "the codes without a file")?;
    std::fs::write(folder.join("model.gguf"), model(None)?)?;
    watched(&mut client, &folder.join("model.gguf"))?;
    client.told("workspace/diagnostic/refresh")?;
    client.told("workspace/inlayHint/refresh")?;
    equal(codes(&codes_now(&mut client)?), vec![], "the codes with the file")?;
    client.end()
}

fn watchers() -> Result<(), Failed> {
    let registers = json!({ "dynamicRegistration": true });
    let mut client = Client::with(json!({ "workspace": { "didChangeWatchedFiles": registers } }))?;
    let told = client.told("client/registerCapability")?;
    equal(told["registrations"].as_array().map(Vec::len), Some(1), "how many registrations")?;
    let registration = &told["registrations"][0];
    equal(&registration["method"], &json!("workspace/didChangeWatchedFiles"), "what is registered")?;
    let glob = &registration["registerOptions"]["watchers"][0]["globPattern"];
    equal(glob, &json!("**/*.{gguf,json,safetensors,tl,toml}"), "what is watched")?;
    client.end()?;
    let mut client = Client::with(json!({}))?;
    equal(client.all_told("client/registerCapability")?, Vec::new(), "what is asked of a client that offers nothing")?;
    client.end()
}

/// Relative paths begin beside the script; a buffer that was never saved has the
/// workspace.
fn paths() -> Result<(), Failed> {
    let (folder, _) = script("")?;
    let inner = folder.join("with blank ⊙");
    std::fs::create_dir(&inner)?;
    std::fs::write(inner.join("model.gguf"), model(None)?)?;
    for (root, uri, expected) in [
        (&folder, super::client::uri(&inner.join("a.tl")), vec![]),
        (&folder, super::client::uri(&folder.join("a.tl")), vec!["model-not-found"]),
        (&inner, "untitled:Untitled-1".to_owned(), vec![]),
        (&folder, "untitled:Untitled-1".to_owned(), vec!["model-not-found"]),
    ] {
        let mut client = Client::begin(json!({}), Value::Null, root)?;
        client.open(&uri, LOADS)?;
        equal(codes(&client.problems(&uri)?), expected, &format!("the codes of {uri} in {}", root.display()))?;
        client.end()?;
    }
    Ok(())
}
