//! Fixes as the editor offers them: for the problem at the cursor, preferred where
//! they are safe, and all safe ones at once.

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::Client;
use super::editor::{at, codes, script};
use crate::events::equal;
use crate::folders;

pub const PROMISES: Promises = &[
    ("a fix is offered at its problem and repairs it", offered),
    ("a fix that is safe is preferred", preferred),
    ("fixes come for the kinds that are asked for", kinds),
    ("all safe fixes can be applied at once", all_safe),
    ("a client without literal actions is offered no fixes", no_literals),
    ("what is off has no fix", off),
    ("a comment that allows a problem silences the editor", allowed),
    ("a project chooses severities for the editor, whose own settings win", project),
    ("tl.toml counts anew when it changes", project_changes),
    ("what is wrong with tl.toml is shown once", broken_project),
];

/// A client that takes edits.
fn capabilities() -> Value {
    let kinds = json!({ "codeActionKind": { "valueSet": ["quickfix", "source.fixAll"] } });
    json!({ "textDocument": { "codeAction": { "codeActionLiteralSupport": kinds } } })
}

/// The actions on a line of a document.
fn actions(client: &mut Client, uri: &str, line: u32, only: Value) -> Result<Vec<Value>, Failed> {
    let diagnostics = client.problems(uri)?;
    let mut context = json!({ "diagnostics": diagnostics });
    if !only.is_null() {
        context["only"] = only;
    }
    let range = json!({ "start": at([line, 0]), "end": at([line, 99]) });
    let answer = client.request_about("codeAction", uri, json!({ "range": range, "context": context }))?;
    Ok(answer.as_array().cloned().unwrap_or_default())
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap_or_default()).collect()
}

/// A text of ASCII with the edits of an action.
fn applied(text: &str, uri: &str, action: &Value) -> Result<String, Failed> {
    let offset = |position: &Value| {
        let line = position["line"].as_u64().unwrap_or_default() as usize;
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        before + position["character"].as_u64().unwrap_or_default() as usize
    };
    let edits = action["edit"]["changes"][uri].as_array().ok_or_else(|| format!("{action} has no edits"))?;
    let mut text_after = text.to_owned();
    for edit in edits.iter().rev() {
        let bytes = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        text_after.replace_range(bytes, edit["newText"].as_str().unwrap_or_default());
    }
    Ok(text_after)
}

fn offered() -> Result<(), Failed> {
    let text = "main {\n  prnt(1)\n}";
    let mut client = Client::with(capabilities())?;
    let uri = client.open_unsaved(text)?;
    let found = actions(&mut client, &uri, 1, Value::Null)?;
    equal(titles(&found), vec!["Replace `prnt` with `print`"], "the actions")?;
    equal(&found[0]["kind"], &json!("quickfix"), "the kind")?;
    equal(
        codes(found[0]["diagnostics"].as_array().ok_or("no diagnostics")?),
        vec!["unknown-function"],
        "what it repairs",
    )?;
    equal(applied(text, &uri, &found[0])?, "main {\n  print(1)\n}".to_owned(), "the text")?;
    client.end()
}

fn preferred() -> Result<(), Failed> {
    for (text, is_safe) in [("main {\n  prnt(1)\n}", false), ("main {\n  print(1);\n}", true)] {
        let mut client = Client::with(capabilities())?;
        let uri = client.open_unsaved(text)?;
        let found = actions(&mut client, &uri, 1, Value::Null)?;
        equal(found[0]["isPreferred"] == true, is_safe, text)?;
        client.end()?;
    }
    Ok(())
}

fn kinds() -> Result<(), Failed> {
    let all = "Apply all safe fixes";
    let one = "Remove `;`";
    for (only, expected) in [
        (json!(null), vec![one]),
        (json!(["quickfix"]), vec![one]),
        (json!(["refactor"]), vec![]),
        (json!(["source"]), vec![all]),
        (json!(["source.fixAll"]), vec![all]),
        (json!(["source.fixAll.tensorlogic"]), vec![all]),
        (json!(["source.fixAll.other"]), vec![]),
    ] {
        let mut client = Client::with(capabilities())?;
        let uri = client.open_unsaved("main {\n  print(1);\n}")?;
        equal(titles(&actions(&mut client, &uri, 1, only.clone())?), expected, &only.to_string())?;
        client.end()?;
    }
    Ok(())
}

fn all_safe() -> Result<(), Failed> {
    let text = "main {\n  total := 0x1F;\n  prnt(total)\n  for i in 0..2 { print(i) }\n}";
    let mut client = Client::with(capabilities())?;
    let uri = client.open_unsaved(text)?;
    let found = actions(&mut client, &uri, 0, json!(["source.fixAll"]))?;
    let expected = "main {\n  total = 31\n  prnt(total)\n  for i in range(0, 2) { print(i) }\n}";
    equal(applied(text, &uri, &found[0])?, expected.to_owned(), "the text")?;
    client.end()
}

fn no_literals() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("main {\n  print(1);\n}")?;
    equal(actions(&mut client, &uri, 1, Value::Null)?, vec![], "the actions")?;
    client.end()
}

fn severity(code: &str, value: &str) -> Value {
    json!({ "diagnostics": { "severity": { code: value } } })
}

fn off() -> Result<(), Failed> {
    let mut client = Client::begin(capabilities(), severity("legacy-syntax", "off"), &folders::root())?;
    let uri = client.open_unsaved("main {\n  print(1);\n}")?;
    equal(actions(&mut client, &uri, 1, Value::Null)?, vec![], "the actions")?;
    client.end()
}

fn allowed() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client
        .open_unsaved("main {\n  print(1); // tl: allow(legacy-syntax)\n  print(2) // tl: allow(no-effect)\n}")?;
    let problems = client.problems(&uri)?;
    equal(codes(&problems), vec!["unused-allow"], "the codes")?;
    equal(&problems[0]["tags"], &json!([1]), "whether it is shown to be unnecessary")?;
    client.end()
}

const OLD: &str = "main {\n  print(1);\n}\n";

fn severities_of(problems: &[Value]) -> Vec<u64> {
    problems.iter().map(|problem| problem["severity"].as_u64().unwrap_or_default()).collect()
}

fn project() -> Result<(), Failed> {
    let (folder, uri) = script(OLD)?;
    std::fs::write(folder.join("tl.toml"), "[check]\nseverity.legacy-syntax = \"warning\"\n")?;
    for (options, expected) in [
        (json!({}), vec![2]),
        (severity("legacy-syntax", "error"), vec![1]),
        (severity("legacy-syntax", "off"), vec![]),
    ] {
        let mut client = Client::begin(json!({}), options.clone(), &folder)?;
        client.open(&uri, OLD)?;
        equal(severities_of(&client.problems(&uri)?), expected, &options.to_string())?;
        client.end()?;
    }
    Ok(())
}

fn project_changes() -> Result<(), Failed> {
    let (folder, uri) = script(OLD)?;
    let mut client = Client::begin(json!({}), Value::Null, &folder)?;
    client.open(&uri, OLD)?;
    equal(severities_of(&client.problems(&uri)?), vec![4], "without the file")?;
    let path = folder.join("tl.toml");
    std::fs::write(&path, "[check]\nseverity.legacy-syntax = \"error\"\n")?;
    let changes = json!({ "changes": [{ "uri": super::client::uri(&path), "type": 1 }] });
    client.notify("workspace/didChangeWatchedFiles", changes)?;
    equal(severities_of(&client.problems(&uri)?), vec![1], "with the file")?;
    client.end()
}

fn broken_project() -> Result<(), Failed> {
    let (folder, uri) = script(OLD)?;
    std::fs::write(folder.join("tl.toml"), "[check]\nseverity.legacy-syntx = \"off\"\n")?;
    let mut client = Client::begin(json!({}), Value::Null, &folder)?;
    client.open(&uri, OLD)?;
    let shown = client.told("window/showMessage")?;
    let message = shown["message"].as_str().unwrap_or_default();
    let is_clear = message.contains("tl.toml:2:10: there is no code `legacy-syntx`; did you mean `legacy-syntax`?");
    equal(is_clear, true, message)?;
    client.close(&uri)?;
    client.open(&uri, OLD)?;
    equal(client.all_told("window/showMessage")?, vec![], "what is shown again")?;
    client.end()
}
