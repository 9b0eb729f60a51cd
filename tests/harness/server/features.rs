//! What the editor shows of a script that is right: shapes behind names, names
//! behind dots, what is under the pointer, and how to run it.

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::{Client, uri};
use super::editor::{at, edit, end_of};
use crate::events::equal;
use crate::folders;

pub const PROMISES: Promises = &[
    ("the examples have no error and no warning", examples),
    ("chat.tl has its shapes behind the names", shapes),
    ("hints are those of the range that is asked for", hint_range),
    ("behind a layer come its nine weights with their shapes", weights),
    ("names are completed while a line is being typed", while_typed),
    ("nothing is completed in texts, comments and numbers", no_completion),
    ("a builtin is explained, as the client renders it", builtin),
    ("a builtin without a kernel says so", planned),
    ("a value tells its shape and where its sizes come from", value),
    ("nothing is said where nothing is", nothing),
    ("main has a lens that runs it", lens),
    ("without lenses the line of main has an action", action),
];

/// A session with an example open.
fn example(name: &str, capabilities: Value) -> Result<(Client, String, String), Failed> {
    let mut client = Client::with(capabilities)?;
    let path = folders::file("examples").join(name);
    let (text, uri) = (folders::read(&path)?, uri(&path));
    client.open(&uri, &text)?;
    Ok((client, uri, text))
}

fn examples() -> Result<(), Failed> {
    for path in folders::find(&folders::file("examples"), "tl")? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (mut client, uri, _) = example(&name, json!({}))?;
        let problems = client.problems(&uri)?;
        let bad: Vec<&Value> = problems.iter().filter(|problem| problem["severity"] != 4).collect();
        equal(bad, Vec::new(), &name)?;
        client.end()?;
    }
    Ok(())
}

/// The hints of some lines, by the text before them.
fn hints(client: &mut Client, uri: &str, text: &str, lines: [u32; 2]) -> Result<Vec<(String, String)>, Failed> {
    let range = json!({ "range": { "start": at([lines[0], 0]), "end": at([lines[1], 0]) } });
    let hints = client.request_about("inlayHint", uri, range)?;
    let lines: Vec<&str> = text.lines().collect();
    let hints = hints.as_array().ok_or("the hints are no list")?.iter();
    let named = hints.map(|hint| {
        let number = |field: &str| hint["position"][field].as_u64().unwrap_or_default() as usize;
        let before: String = lines[number("line")].chars().take(number("character")).collect();
        let name = before.rsplit(' ').next().unwrap_or_default().to_owned();
        (name, hint["label"].as_str().unwrap_or_default().to_owned())
    });
    Ok(named.collect())
}

fn shapes() -> Result<(), Failed> {
    let (mut client, uri, text) = example("chat.tl", json!({}))?;
    let hints = hints(&mut client, &uri, &text, [0, 1000])?;
    for (name, label) in [
        ("x", ": [n + t, 192]"),
        ("normed", ": [n + t, 192]"),
        ("q", ": [n + t, 6, 32]"),
        ("up", ": [n + t, 512]"),
        ("last", ": [1, 192]"),
        ("logits", ": [1, 1024]"),
    ] {
        if !hints.contains(&(name.to_owned(), label.to_owned())) {
            return Err(format!("there is no hint {name}{label} in {hints:?}").into());
        }
    }
    client.end()
}

fn hint_range() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let text = "main {\n  let a = zeros([1])\n  let b = zeros([2])\n  let c = zeros([3])\n  print(a, b, c)\n}";
    let uri = client.open_unsaved(text)?;
    let b = vec![("b".to_owned(), ": [2]".to_owned())];
    equal(hints(&mut client, &uri, text, [2, 3])?, b, "the hints of line 3")?;
    equal(hints(&mut client, &uri, text, [0, u32::MAX])?.len(), 3, "how many there are")?;
    equal(hints(&mut client, &uri, text, [3, 2])?, vec![], "the hints of nothing")?;
    client.end()
}

fn weights() -> Result<(), Failed> {
    let (mut client, uri, text) = example("chat.tl", json!({}))?;
    client.change(&uri, json!([edit_behind(&text, "let layer = model.blk[i]", ".")?]))?;
    let [line, column] = end_of(&text, "let layer = model.blk[i]")?;
    let expected = [
        ("attn_k.weight", "F16 [64, 192]"),
        ("attn_norm.weight", "F32 [192]"),
        ("attn_output.weight", "F16 [192, 192]"),
        ("attn_q.weight", "F16 [192, 192]"),
        ("attn_v.weight", "F16 [64, 192]"),
        ("ffn_down.weight", "F16 [192, 512]"),
        ("ffn_gate.weight", "F16 [512, 192]"),
        ("ffn_norm.weight", "F32 [192]"),
        ("ffn_up.weight", "F16 [512, 192]"),
    ];
    let mut found = client.completions(&uri, [line, column + 1])?;
    found.sort();
    equal(found, expected.map(|(label, detail)| (label.to_owned(), detail.to_owned())).to_vec(), "the weights")?;
    client.end()
}

fn edit_behind(text: &str, part: &str, new: &str) -> Result<Value, Failed> {
    let [line, column] = end_of(text, part)?;
    Ok(edit([line, column, line, column], new))
}

/// Labels at the end of a text that is not finished.
fn labels(text: &str) -> Result<Vec<String>, Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved(text)?;
    let found = client.completions(&uri, end_of(text, text)?)?;
    client.end()?;
    Ok(found.into_iter().map(|(label, _)| label).collect())
}

fn while_typed() -> Result<(), Failed> {
    let model = "main {\n  let model = load_model(\"models/stories-f16.gguf\")\n  ";
    for (text, expected) in [
        (format!("{model}model.bl"), "blk"),
        (format!("{model}let w = linear(x, model.output"), "output_norm.weight"),
        ("main { let value = 1 pri".to_owned(), "value"),
        ("main { let value = 1 pri".to_owned(), "print"),
        ("fn twice(x: int) -> int { x * 2 }\nmain { ".to_owned(), "twice"),
        ("main { let x = zeros([2]) print(x.".to_owned(), "softmax"),
        ("main { let cache = KVCache::".to_owned(), "new_f16"),
        ("main { let cache = KVCache::new(2) cache.ge".to_owned(), "get_k"),
        ("".to_owned(), "main"),
    ] {
        let found = labels(&text)?;
        if !found.iter().any(|label| label == expected) {
            return Err(format!("`{expected}` is not offered behind {text:?}, only {found:?}").into());
        }
    }
    Ok(())
}

fn no_completion() -> Result<(), Failed> {
    for text in ["main { print(\"pri", "// pri", "main { /* pri", "main { let x = 12"] {
        equal(labels(text)?, vec![], text)?;
    }
    Ok(())
}

fn builtin() -> Result<(), Failed> {
    let renders = |formats: Value| json!({ "textDocument": { "hover": { "contentFormat": formats } } });
    for (capabilities, start) in [
        (renders(json!(["markdown", "plaintext"])), "```tensorlogic\nsoftmax("),
        (renders(json!(["plaintext"])), "softmax("),
        (json!({}), "softmax("),
    ] {
        let mut client = Client::with(capabilities)?;
        let uri = client.open_unsaved("main { print(softmax(ones([2]))) }")?;
        let (text, range) = client.hover(&uri, [0, 15])?;
        if !text.starts_with(start) || !text.contains("axis") {
            return Err(format!("softmax is explained by {text:?}").into());
        }
        equal(range, [0, 13, 0, 20], "what is hovered")?;
        client.end()?;
    }
    Ok(())
}

fn planned() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let text = "main { let cache = KVCache::new(2) cache.append(0, ones([1, 4]), ones([1, 4])) }";
    let uri = client.open_unsaved(text)?;
    for (part, signature) in [("KVCache::new", "KVCache::new(layers)"), ("cache.append", "cache.append(layer, k, v)")] {
        let (told, _) = client.hover(&uri, end_of(text, part)?)?;
        if !told.contains(signature) || !told.contains("cannot be executed yet") {
            return Err(format!("{part} is explained by {told:?}").into());
        }
    }
    client.end()
}

fn value() -> Result<(), Failed> {
    let (mut client, uri, text) = example("chat.tl", json!({}))?;
    for (part, expected) in [
        ("let normed", "[n + t, 192]"),
        ("let logits", "[1, 1024]"),
        ("layer.attn_q.weight", "[192, 192]"),
        ("let head_dim", "32"),
    ] {
        let (told, _) = client.hover(&uri, end_of(&text, part)?)?;
        if !told.contains(expected) {
            return Err(format!("{part} is not told to be {expected}, but {told:?}").into());
        }
    }
    client.end()
}

fn nothing() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("// words\nmain { print(\"text\") }\n\n")?;
    for position in [[0, 4], [2, 0], [3, 0], [99, 99]] {
        let answer = client.request_about("hover", &uri, json!({ "position": at(position) }))?;
        equal(answer, Value::Null, &format!("the hover at {position:?}"))?;
    }
    client.end()
}

fn lens() -> Result<(), Failed> {
    let (mut client, uri, text) = example("chat.tl", json!({}))?;
    let line = end_of(&text, "main {")?[0];
    let lenses = client.request_about("codeLens", &uri, json!({}))?;
    let expected = json!([{
        "range": { "start": at([line, 0]), "end": at([line, 4]) },
        "command": {
            "title": "▶ Run",
            "command": "tensorlogic.run",
            "arguments": [{ "uri": uri, "target": "main" }],
        },
    }]);
    equal(lenses, expected, "the lenses")?;
    let library = client.open_unsaved("fn f() -> int { 1 }")?;
    equal(client.lenses(&library)?, vec![], "the lenses without main")?;
    client.end()
}

fn action() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("// first\nmain {\n  print(1)\n}")?;
    let run = json!([{
        "title": "▶ Run",
        "command": "tensorlogic.run",
        "arguments": [{ "uri": uri, "target": "main" }],
    }]);
    for (lines, only, expected) in [
        ([1, 1], json!(null), run.clone()),
        ([0, 3], json!(null), run.clone()),
        ([0, 0], json!(null), json!([])),
        ([2, 2], json!(null), json!([])),
        ([1, 1], json!(["quickfix"]), json!([])),
    ] {
        let mut context = json!({ "diagnostics": [] });
        if !only.is_null() {
            context["only"] = only;
        }
        let range = json!({ "start": at([lines[0], 0]), "end": at([lines[1], 1]) });
        let actions = client.request_about("codeAction", &uri, json!({ "range": range, "context": context }))?;
        equal(actions, expected, &format!("the actions of lines {lines:?}"))?;
    }
    client.end()
}
