//! Scripts that are broken, huge or strange, and weight files that are: the
//! server finds what is wrong with them and answers on.

use std::fmt::Write;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::Client;
use super::editor::{at, codes, edit, model, script};
use crate::events::equal;

pub const PROMISES: Promises = &[
    ("an empty script is no problem", || check("", &[])),
    ("a script of blanks and comments is no problem", || check(" \n\t// ⊙\n/* 🦊 */\r\n", &[])),
    ("a text that is not closed", || check("main { print(\"x) }", &["syntax-error"])),
    ("a block that is not closed", || check("main { print(1)", &["syntax-error"])),
    ("another language", || check("local x = 1\nfunction f() return x end\n", &["outside-main"])),
    ("a byte order mark", || check("\u{feff}main { print(1) }", &[])),
    ("a NUL byte", || check("main { print(1)\0 }", &["syntax-error"])),
    ("10,000 nested parentheses", || check(&nested("(", "1", ")"), &["syntax-error"])),
    ("10,000 nested parentheses that are not closed", || check(&nested("(", "", ""), &["syntax-error"])),
    ("10,000 nested blocks", || check(&format!("main {}", nested("{", "", "}")), &["syntax-error"])),
    ("a chain of 10,000 operators", || {
        check(&format!("main {{ print(1{}) }}", " + 1".repeat(10_000)), &["syntax-error"])
    }),
    ("a chain of 10,000 words", || check(&format!("main {{ {} }}", "else if ".repeat(10_000)), &["syntax-error"])),
    ("a line of 2 MB", || check(&format!("main {{ print(\"{}\") }}", "⊙🦊".repeat(300_000)), &[])),
    ("a word of 2 MB", || check(&format!("main {{ print({}) }}", "x".repeat(2_000_000)), &["unknown-name"])),
    ("100,000 lines", many_lines),
    ("a file that is cut anywhere", cut),
    ("a weight file that is cut anywhere", cut_model),
    ("a weight file that is a folder, or empty, or a text", strange_model),
];

fn nested(open: &str, inner: &str, close: &str) -> String {
    format!("main {{ print({}{inner}{}) }}", open.repeat(10_000), close.repeat(10_000))
}

/// Opens a script whose first problem is of this code, or that has none, and
/// asks everything about it; then goes on with another.
fn check(text: &str, expected: &[&str]) -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved(text)?;
    equal(codes(&client.problems(&uri)?).into_iter().take(1).collect(), expected.to_vec(), "the problems")?;
    ask_all(&mut client, &uri, text)?;
    client.change(&uri, json!([edit([0, 0, 0, 0], "x")]))?;
    client.change(&uri, json!([{ "text": "main { print(1) }" }]))?;
    equal(client.problems(&uri)?, vec![], "the problems of a good script")?;
    equal(client.hover(&uri, [0, 8])?.1, [0, 7, 0, 12], "what is hovered")?;
    client.end()
}

/// Asks for everything, at the start, the end and outside of a text.
fn ask_all(client: &mut Client, uri: &str, text: &str) -> Result<(), Failed> {
    let last = text.lines().count().saturating_sub(1) as u32;
    for position in [[0, 0], [0, 15], [last, u32::MAX], [u32::MAX, 0]] {
        for method in ["hover", "completion"] {
            client.request_about(method, uri, json!({ "position": at(position) }))?;
        }
    }
    let range = json!({ "start": at([0, 0]), "end": at([u32::MAX, 0]) });
    client.request_about("inlayHint", uri, json!({ "range": range }))?;
    client.request_about("codeAction", uri, json!({ "range": range, "context": { "diagnostics": [] } }))?;
    client.request_about("codeLens", uri, json!({}))?;
    Ok(())
}

fn many_lines() -> Result<(), Failed> {
    let mut text = "main {\n".to_owned();
    for line in 0..100_000 {
        let _ = writeln!(text, "  print({line})");
    }
    text.push_str("}\n");
    check(&text, &[])
}

/// What a user types looks like the start of a file, at every character.
fn cut() -> Result<(), Failed> {
    let text = "fn f(x: Tensor) -> Tensor { x * 2 }\nmain { let a = f(ones([2, 3])) // ⊙\n for i in range(3) { \
                print(\"{} 🦊\", a[i]) if i == 2 { break } } }";
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("")?;
    for (end, _) in text.char_indices() {
        client.change(&uri, json!([{ "text": &text[..end] }]))?;
        ask_all(&mut client, &uri, &text[..end])?;
    }
    client.change(&uri, json!([{ "text": text }]))?;
    equal(client.problems(&uri)?, vec![], "the problems of the whole text")?;
    client.end()
}

const LOADS: &str = "main { let m = load_model(\"model.gguf\") print(m.blk[0].attn_q.weight) }";

fn cut_model() -> Result<(), Failed> {
    let (folder, uri) = script(LOADS)?;
    let mut client = Client::begin(json!({}), Value::Null, &folder)?;
    client.open(&uri, LOADS)?;
    client.problems(&uri)?;
    for length in [0, 3, 4, 8, 20, 24, 100, 1_000, 10_000, 100_000] {
        std::fs::write(folder.join("model.gguf"), model(Some(length))?)?;
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }))?;
        let problems = client.problems(&uri)?;
        equal(codes(&problems), vec!["model-unreadable"], &format!("the problems with {length} bytes"))?;
        equal(&problems[0]["severity"], &json!(2), "the severity")?;
        ask_all(&mut client, &uri, LOADS)?;
    }
    client.end()
}

fn strange_model() -> Result<(), Failed> {
    let (folder, uri) = script(LOADS)?;
    let path = folder.join("model.gguf");
    std::fs::create_dir(&path)?;
    let mut client = Client::begin(json!({}), Value::Null, &folder)?;
    client.open(&uri, LOADS)?;
    let is_told = |problems: &[Value]| codes(problems).iter().all(|code| code.starts_with("model-"));
    let problems = client.problems(&uri)?;
    equal((problems.len(), is_told(&problems)), (1, true), &format!("{problems:?}"))?;
    std::fs::remove_dir(&path)?;
    // Counts and lengths of a header are not to be believed.
    let huge = [b"GGUF".as_slice(), &3u32.to_le_bytes(), &u64::MAX.to_le_bytes(), &u64::MAX.to_le_bytes()].concat();
    for bytes in [b"this is a text".to_vec(), b"GGUF".repeat(1000), huge, vec![0xff; 5000]] {
        std::fs::write(&path, &bytes)?;
        client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }))?;
        equal(codes(&client.problems(&uri)?), vec!["model-unreadable"], "the problems")?;
        ask_all(&mut client, &uri, LOADS)?;
    }
    client.end()
}
