//! How a connection begins and ends, and that nothing a client sends brings it
//! down: malformed messages are answered or passed over, and the next good one
//! is answered as ever.

use std::process::Stdio;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::{Client, is_error};
use super::editor::{about, at};
use crate::events::equal;
use crate::{folders, tool};

pub const PROMISES: Promises = &[
    ("it says what it is and what it can do", introduction),
    ("columns are UTF-16 unless the client offers something better", encodings),
    ("diagnostics can be asked for by clients that do", pull_is_offered),
    ("an old client that names its folder by a path is served", old_client),
    ("a workspace that is not there is in the log", missing_workspace),
    ("nothing is answered before initialize", before_initialize),
    ("a second initialize is refused", second_initialize),
    ("nothing is answered after shutdown", after_shutdown),
    ("exit without shutdown ends with 1", exit_alone),
    ("a client that is gone ends it with 1", hang_up),
    ("a client that is gone after shutdown ends it with 0", hang_up_after_shutdown),
    ("an unknown request is refused by name", unknown_request),
    ("an unknown notification is passed over", unknown_notification),
    ("a document that is not open has nothing to be told", not_open),
    ("a body that is no message is told", no_message),
    ("wrong parameters are told and harm nothing", wrong_parameters),
    ("a notification with wrong parameters is in the log", wrong_notification),
    ("it finds the next message after a wrong length", wrong_length),
    ("noise between messages is passed over", noise),
    ("a message may come in pieces, and several at once", pieces),
    ("it also starts without a flag", no_flag),
];

fn introduction() -> Result<(), Failed> {
    let mut client = Client::start()?;
    let answer = client.initialize(json!({}), Value::Null, &folders::root())?;
    let info = json!({ "name": "tl-lsp", "version": env!("CARGO_PKG_VERSION") });
    equal(&answer["serverInfo"], &info, "the server")?;
    let expected = json!({
        "positionEncoding": "utf-16",
        "textDocumentSync": { "openClose": true, "change": 2, "save": true },
        "hoverProvider": true,
        "completionProvider": { "triggerCharacters": ["."] },
        "inlayHintProvider": true,
        "codeLensProvider": {},
        "codeActionProvider": true,
        "executeCommandProvider": { "commands": ["tensorlogic.run", "tensorlogic.stop"] },
    });
    equal(&answer["capabilities"], &expected, "the capabilities")?;
    client.end()
}

fn encodings() -> Result<(), Failed> {
    for (offered, expected) in [
        (json!({}), "utf-16"),
        (json!({ "positionEncodings": [] }), "utf-16"),
        (json!({ "positionEncodings": ["utf-16"] }), "utf-16"),
        (json!({ "positionEncodings": ["utf-16", "utf-8"] }), "utf-8"),
        (json!({ "positionEncodings": ["utf-8", "utf-32", "utf-16"] }), "utf-8"),
        (json!({ "positionEncodings": ["utf-32", "utf-16"] }), "utf-32"),
        (json!({ "positionEncodings": ["utf-9"] }), "utf-16"),
    ] {
        let mut client = Client::start()?;
        let answer = client.initialize(json!({ "general": offered }), Value::Null, &folders::root())?;
        equal(&answer["capabilities"]["positionEncoding"], &json!(expected), &format!("offered {offered}"))?;
        client.end()?;
    }
    Ok(())
}

fn pull_is_offered() -> Result<(), Failed> {
    let mut client = Client::start()?;
    let pulls = json!({ "textDocument": { "diagnostic": {} } });
    let answer = client.initialize(pulls, Value::Null, &folders::root())?;
    let offered = &answer["capabilities"]["diagnosticProvider"];
    equal(&offered["workspaceDiagnostics"], &json!(false), "whether a workspace has diagnostics")?;
    equal(&offered["interFileDependencies"], &json!(false), "whether files depend on each other")?;
    client.end()
}

fn old_client() -> Result<(), Failed> {
    let mut client = Client::start()?;
    let root = folders::root().display().to_string();
    let params = json!({ "processId": null, "rootUri": null, "rootPath": root, "capabilities": {} });
    client.request("initialize", params)?;
    client.end()
}

fn missing_workspace() -> Result<(), Failed> {
    let mut client = Client::begin(json!({}), Value::Null, &folders::file("no such folder"))?;
    let message = client.told("window/logMessage")?;
    let is_clear = message["message"].as_str().is_some_and(|text| text.contains("no such folder"));
    equal((&message["type"], is_clear), (&json!(2), true), "the log")?;
    let uri = client.open_unsaved("main { print(1) }")?;
    equal(client.hover(&uri, [0, 8])?.1, [0, 7, 0, 12], "what is hovered")?;
    client.end()
}

fn before_initialize() -> Result<(), Failed> {
    let mut client = Client::start()?;
    client.refused("textDocument/hover", json!({}), -32002, "initialize")?;
    client.refused("shutdown", Value::Null, -32002, "initialize")?;
    client.notify("textDocument/didOpen", json!({}))?;
    client.initialize(json!({}), Value::Null, &folders::root())?;
    client.end()
}

fn second_initialize() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    client.refused("initialize", json!({ "capabilities": {} }), -32600, "initialized already")?;
    client.end()
}

fn after_shutdown() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    client.request("shutdown", Value::Null)?;
    client.refused(
        "textDocument/hover",
        about("file:///a.tl", json!({ "position": at([0, 0]) })),
        -32600,
        "shut down",
    )?;
    client.refused("initialize", json!({ "capabilities": {} }), -32600, "shut down")?;
    client.refused("shutdown", Value::Null, -32600, "shut down")?;
    client.notify("textDocument/didOpen", json!({}))?;
    client.notify("exit", Value::Null)?;
    equal(client.gone()?, Some(0), "the exit code")
}

fn exit_alone() -> Result<(), Failed> {
    for is_initialized in [true, false] {
        let mut client = if is_initialized { Client::with(json!({}))? } else { Client::start()? };
        client.notify("exit", Value::Null)?;
        equal(client.gone()?, Some(1), "the exit code")?;
    }
    Ok(())
}

fn hang_up() -> Result<(), Failed> {
    for part in ["", "Content-Length: 100\r\n\r\n{\"jsonrpc\"", "Content-Le"] {
        let mut client = Client::with(json!({}))?;
        client.send_bytes(part.as_bytes())?;
        client.hang_up();
        equal(client.gone()?, Some(1), "the exit code")?;
    }
    let mut client = Client::start()?;
    client.hang_up();
    equal(client.gone()?, Some(1), "the exit code before a session")
}

fn hang_up_after_shutdown() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    client.request("shutdown", Value::Null)?;
    client.hang_up();
    equal(client.gone()?, Some(0), "the exit code")
}

fn unknown_request() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    client.refused("textDocument/rename", json!({}), -32601, "the server does not offer `textDocument/rename`")?;
    client.end()
}

fn unknown_notification() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    for method in ["$/setTrace", "textDocument/didSave", "textDocument/didFly"] {
        client.notify(method, json!({ "value": "off" }))?;
    }
    equal(client.all_told("window/logMessage")?, Vec::new(), "the log")?;
    client.end()
}

fn not_open() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    for method in ["hover", "completion"] {
        let answer = client.request_about(method, "file:///nowhere.tl", json!({ "position": at([0, 0]) }))?;
        equal(answer, Value::Null, method)?;
    }
    equal(client.request_about("codeLens", "file:///nowhere.tl", json!({}))?, Value::Null, "codeLens")?;
    client.change("file:///nowhere.tl", json!([{ "text": "main { }" }]))?;
    let message = client.told("window/logMessage")?;
    equal(message["message"].as_str().is_some_and(|text| text.contains("`file:///nowhere.tl`")), true, "the log")?;
    client.close("file:///nowhere.tl")?;
    client.end()
}

/// What came is no message: the answer without a request says so.
fn no_message() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    for (body, id, code, part) in [
        ("{\"jsonrpc\": \"2.0\", ", Value::Null, -32700, "no JSON"),
        ("", Value::Null, -32700, "no JSON"),
        ("null", Value::Null, -32600, "no JSON-RPC 2.0 message"),
        ("[{\"jsonrpc\": \"2.0\", \"method\": \"exit\"}]", Value::Null, -32600, "no JSON-RPC 2.0 message"),
        ("{\"method\": \"shutdown\", \"id\": \"a\"}", json!("a"), -32600, "jsonrpc"),
        ("{\"jsonrpc\": \"1.0\", \"method\": \"shutdown\", \"id\": 77}", json!(77), -32600, "jsonrpc"),
        ("{\"jsonrpc\": \"2.0\", \"method\": 5, \"id\": 78}", json!(78), -32600, "method"),
    ] {
        client.send_body(body)?;
        let answer = client.wait(&format!("the answer to {body}"), |message| message["id"] == id)?;
        is_error(&answer, code, part)?;
    }
    let deep = "[".repeat(100_000);
    client.send_body(&format!("{{\"jsonrpc\": \"2.0\", \"method\": \"a\", \"params\": {deep}"))?;
    is_error(&client.wait("the answer to a deep body", |message| message["id"].is_null())?, -32700, "no JSON")?;
    client.send_bytes(b"Content-Length: 4\r\n\r\n\xff\xfe{}")?;
    is_error(&client.wait("the answer to bytes", |message| message["id"].is_null())?, -32700, "no JSON")?;
    client.settle()?;
    client.end()
}

fn wrong_parameters() -> Result<(), Failed> {
    let mut client = Client::start()?;
    client.refused("initialize", json!({ "capabilities": 3 }), -32602, "malformed")?;
    client.initialize(json!({}), Value::Null, &folders::root())?;
    let uri = client.open_unsaved("main { print(1) }")?;
    for (method, params, part) in [
        ("textDocument/hover", json!({}), "textDocument"),
        ("textDocument/hover", Value::Null, "malformed"),
        ("textDocument/hover", json!([1, 2]), "malformed"),
        ("textDocument/hover", about(&uri, json!({ "position": at([0, 0])["line"] })), "malformed"),
        ("textDocument/hover", about(&uri, json!({ "position": { "line": -1, "character": 0 } })), "malformed"),
        ("textDocument/completion", about(&uri, json!({})), "position"),
        ("textDocument/inlayHint", about(&uri, json!({})), "range"),
        ("textDocument/diagnostic", json!({ "textDocument": 1 }), "malformed"),
        ("textDocument/codeLens", json!({ "textDocument": { "uri": 5 } }), "malformed"),
        ("textDocument/codeAction", about(&uri, json!({})), "malformed"),
        ("workspace/executeCommand", json!({ "command": 1 }), "malformed"),
        ("workspace/executeCommand", json!({ "command": "tensorlogic.run" }), "the command needs a document"),
        ("workspace/executeCommand", json!({ "command": "tensorlogic.run", "arguments": [5] }), "needs a document"),
    ] {
        client.refused(method, params, -32602, part)?;
    }
    equal(client.problems(&uri)?, Vec::new(), "the diagnostics")?;
    client.end()
}

fn wrong_notification() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let uri = client.open_unsaved("main { print(1) }")?;
    for (method, params) in [
        ("textDocument/didOpen", json!({ "textDocument": {} })),
        ("textDocument/didChange", json!({ "textDocument": { "uri": uri } })),
        ("textDocument/didChange", about(&uri, json!({ "contentChanges": [{ "range": 1, "text": "x" }] }))),
        ("textDocument/didClose", Value::Null),
        ("workspace/didChangeConfiguration", json!(7)),
    ] {
        client.notify(method, params)?;
        let message = client.told("window/logMessage")?;
        let clear = |text: &str| text.contains(&format!("`{method}`")) && text.contains("malformed");
        if message["type"] != 1 || !message["message"].as_str().is_some_and(clear) {
            return Err(format!("{method}: the log says {message}").into());
        }
    }
    for params in [Value::Null, json!({}), json!({ "id": [] }), json!({ "id": 99 }), json!({ "id": "x" })] {
        client.notify("$/cancelRequest", params)?;
    }
    equal(client.hover(&uri, [0, 8])?.1, [0, 7, 0, 12], "what is hovered")?;
    client.end()
}

/// What follows the message of a wrong length is answered; the message itself
/// and the one after it may be lost.
fn wrong_length() -> Result<(), Failed> {
    let body = |id| json!({ "jsonrpc": "2.0", "id": id, "method": "tests/nothing" }).to_string();
    let header = |length: &str| format!("Content-Length: {length}\r\n\r\n");
    let length = body(800).len();
    for (name, length) in [
        ("one too short", (length - 1).to_string()),
        ("much too short", "3".to_owned()),
        ("none", "0".to_owned()),
        ("one too long", (length + 1).to_string()),
        ("longer", (length + 30).to_string()),
        ("negative", "-5".to_owned()),
        ("no number", "many".to_owned()),
        ("empty", String::new()),
        ("more than there can be", "99999999999999999999999".to_owned()),
        ("more than is taken", "4000000000".to_owned()),
    ] {
        let mut client = Client::with(json!({}))?;
        client.send_bytes(format!("{}{}", header(&length), body(800)).as_bytes())?;
        client.send_body(&body(801))?;
        client.settle().map_err(|_| format!("{name}: the next messages are not answered"))?;
        client.end()?;
    }
    Ok(())
}

fn noise() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    for noise in [
        "\r\n\r\n".to_owned(),
        "noise\r\n".to_owned(),
        "noise: loud\r\n\r\n".to_owned(),
        "no line end".to_owned(),
        "\0\0\0".to_owned(),
        "{\"jsonrpc\": \"2.0\"}".to_owned(),
        "x".repeat(10_000),
    ] {
        client.send_bytes(noise.as_bytes())?;
        client.settle().map_err(|_| format!("after {:?} nothing is answered", &noise[..noise.len().min(20)]))?;
    }
    let body = json!({ "jsonrpc": "2.0", "id": 900, "method": "tests/nothing" }).to_string();
    for header in ["content-length: NUMBER\r\nContent-Type: text\r\n", "A: b\r\nCONTENT-LENGTH:NUMBER\r\n"] {
        let header = header.replace("NUMBER", &body.len().to_string());
        client.send_bytes(format!("{header}\r\n{body}").as_bytes())?;
        client.answer(900)?;
    }
    client.end()
}

fn pieces() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let message = |id: i64| {
        let body = json!({ "jsonrpc": "2.0", "id": id, "method": "tests/⊙🦊" }).to_string();
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    };
    for byte in message(900).bytes() {
        client.send_bytes(&[byte])?;
    }
    is_error(&client.answer(900)?, -32601, "tests/⊙🦊")?;
    client.send_bytes((901..1001).map(message).collect::<String>().as_bytes())?;
    for id in 901..1001 {
        client.answer(id)?;
    }
    client.end()
}

fn no_flag() -> Result<(), Failed> {
    let mut child = tool::server()?.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    drop(child.stdin.take());
    equal(child.wait()?.code(), Some(1), "the exit code")
}
