//! What an editor does with documents: opens and changes them, waits for what the
//! server finds, runs them. Thin words over the client, so that tests read like
//! what a user does.

use std::path::PathBuf;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::client::{Client, uri};
use crate::{folders, models};

impl Client {
    /// Opens a document.
    pub fn open(&mut self, uri: &str, text: &str) -> Result<(), Failed> {
        let version = self.next_version(uri);
        let document = json!({ "uri": uri, "languageId": "tensorlogic", "version": version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }))
    }

    /// Opens a document of the examples' folder that lies nowhere.
    pub fn open_unsaved(&mut self, text: &str) -> Result<String, Failed> {
        let uri = uri(&folders::file("examples/unsaved.tl"));
        self.open(&uri, text)?;
        Ok(uri)
    }

    /// Changes a document.
    pub fn change(&mut self, uri: &str, changes: Value) -> Result<(), Failed> {
        let document = json!({ "uri": uri, "version": self.next_version(uri) });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
    }

    /// A version that a document never had.
    fn next_version(&mut self, uri: &str) -> i64 {
        let version = self.versions.entry(uri.to_owned()).or_default();
        *version += 1;
        *version
    }

    /// Closes a document.
    pub fn close(&mut self, uri: &str) -> Result<(), Failed> {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }))
    }

    /// The diagnostics that are pushed for the present text of a document.
    pub fn problems(&mut self, uri: &str) -> Result<Vec<Value>, Failed> {
        self.problems_until(uri, |_| true)
    }

    /// The first diagnostics for the present text of a document that are as wanted.
    pub fn problems_until(&mut self, uri: &str, wanted: impl Fn(&[Value]) -> bool) -> Result<Vec<Value>, Failed> {
        let version = self.versions.get(uri).copied().unwrap_or_default();
        let items = |message: &Value| message["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
        let message = self.wait(&format!("the diagnostics of version {version} of {uri}"), |message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
                && wanted(&items(message))
        })?;
        Ok(items(&message))
    }

    /// Asks about a document; `more` is what the request says besides.
    pub fn request_about(&mut self, method: &str, uri: &str, more: Value) -> Result<Value, Failed> {
        self.request(&format!("textDocument/{method}"), about(uri, more))
    }

    /// What the server says when the pointer rests at a position, and the range of
    /// what it says that about.
    pub fn hover(&mut self, uri: &str, position: [u32; 2]) -> Result<(String, [u64; 4]), Failed> {
        let answer = self.request_about("hover", uri, json!({ "position": at(position) }))?;
        Ok((answer["contents"]["value"].as_str().unwrap_or_default().to_owned(), range_of(&answer)))
    }

    /// Labels and details of what may be written at a position.
    pub fn completions(&mut self, uri: &str, position: [u32; 2]) -> Result<Vec<(String, String)>, Failed> {
        let items = self.request_about("completion", uri, json!({ "position": at(position) }))?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let items = items.as_array().ok_or("the completions are no list")?.iter();
        Ok(items.map(|item| (text(&item["label"]), text(&item["detail"]))).collect())
    }

    /// Titles of the lenses and the lines on which they stand.
    pub fn lenses(&mut self, uri: &str) -> Result<Vec<(String, u64)>, Failed> {
        let lenses = self.request_about("codeLens", uri, json!({}))?;
        let lenses = lenses.as_array().ok_or("the lenses are no list")?.iter();
        let title = |lens: &Value| lens["command"]["title"].as_str().unwrap_or_default().to_owned();
        Ok(lenses.map(|lens| (title(lens), range_of(lens)[0])).collect())
    }

    /// Runs a document; gives the number of the run.
    pub fn run(&mut self, uri: &str) -> Result<u64, Failed> {
        let answer = self.request("workspace/executeCommand", command("tensorlogic.run", uri))?;
        Ok(answer["runId"].as_u64().ok_or_else(|| format!("the run is answered with {answer}"))?)
    }

    /// Stops the run of a document; says whether there was one.
    pub fn stop(&mut self, uri: &str) -> Result<bool, Failed> {
        let answer = self.request("workspace/executeCommand", command("tensorlogic.stop", uri))?;
        Ok(answer["stopped"].as_bool().ok_or_else(|| format!("the stop is answered with {answer}"))?)
    }

    /// The next event of any run that is as wanted; what comes before it is dropped.
    pub fn event(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value, Failed> {
        loop {
            let event = self.wait(what, |message| message["method"] == "tensorlogic/event")?["params"].take();
            if wanted(&event) {
                return Ok(event);
            }
        }
    }

    /// Every event up to the next end of a run.
    pub fn events(&mut self) -> Result<Vec<Value>, Failed> {
        let mut events = Vec::new();
        loop {
            let event = self.told("tensorlogic/event")?;
            let is_last = event["event"] == "finished";
            events.push(event);
            if is_last {
                return Ok(events);
            }
        }
    }
}

/// The parameters of a request about a document.
pub fn about(uri: &str, mut more: Value) -> Value {
    more["textDocument"] = json!({ "uri": uri });
    more
}

/// The parameters of a command about a document.
pub fn command(name: &str, uri: &str) -> Value {
    json!({ "command": name, "arguments": [{ "uri": uri, "target": "main" }] })
}

/// A position as the protocol writes it.
pub fn at([line, character]: [u32; 2]) -> Value {
    json!({ "line": line, "character": character })
}

/// Where a part of a text ends.
pub fn end_of(text: &str, part: &str) -> Result<[u32; 2], Failed> {
    let end = text.find(part).ok_or_else(|| format!("the text lacks {part}"))? + part.len();
    let before = &text[..end];
    let line = before.matches('\n').count() as u32;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    Ok([line, before[start..].encode_utf16().count() as u32])
}

/// A change of the text from one position to another.
pub fn edit([line, start, end_line, end]: [u32; 4], text: &str) -> Value {
    json!({ "range": { "start": at([line, start]), "end": at([end_line, end]) }, "text": text })
}

/// The range of an answer: line and column of its start, line and column of its end.
pub fn range_of(value: &Value) -> [u64; 4] {
    let number = |end: &str, field: &str| value["range"][end][field].as_u64().unwrap_or(u64::MAX);
    [number("start", "line"), number("start", "character"), number("end", "line"), number("end", "character")]
}

/// The codes of diagnostics.
pub fn codes(problems: &[Value]) -> Vec<&str> {
    problems.iter().map(|problem| problem["code"].as_str().unwrap_or_default()).collect()
}

/// A new folder with this script in it: the folder and the script's name.
pub fn script(text: &str) -> Result<(PathBuf, String), Failed> {
    let folder = folders::scratch()?;
    let path = folder.join("script.tl");
    std::fs::write(&path, text)?;
    Ok((folder, uri(&path)))
}

/// The first bytes of the smallest shipped model; all of them without a number.
pub fn model(length: Option<usize>) -> Result<Vec<u8>, Failed> {
    let mut bytes = std::fs::read(models::shipped("q4_0"))?;
    bytes.truncate(length.unwrap_or(bytes.len()));
    Ok(bytes)
}
