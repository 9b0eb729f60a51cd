//! What is wrong with scripts as SARIF 2.1.0, which platforms for code review
//! read: one document with every rule and every problem.

use serde_json::{Value, json};
use tensorlogic_language::diagnostic::{Code, Diagnostic, Fix, Severity};
use tensorlogic_language::event::message::{Location, Range};
use tensorlogic_language::source::Sources;

use super::Checked;

/// Where the form of the document is described.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The document on these scripts.
pub fn document(all: &[Checked]) -> Value {
    let results = all.iter().flat_map(|checked| {
        checked.problems.iter().map(|problem| result(problem, &checked.sources)).collect::<Vec<_>>()
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tl",
                "fullName": "TensorLogic's check",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn rule(code: Code) -> Value {
    let mut rule = json!({
        "id": code.name(),
        "shortDescription": { "text": code.summary() },
        "defaultConfiguration": { "level": level(code.default_severity()) },
    });
    if let Some(page) = code.page() {
        rule["fullDescription"] = json!({ "text": page.meaning });
        let text = format!("{}\n\n{}", page.matters, page.repair);
        rule["help"] = json!({ "text": text, "markdown": page.markdown() });
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn result(problem: &Diagnostic, sources: &Sources) -> Value {
    let location = Location::new(problem.place, sources);
    let related = problem.related.iter().enumerate().map(|(id, label)| {
        let mut place = place(&Location::new(label.place, sources));
        place["id"] = json!(id);
        place["message"] = json!({ "text": label.message });
        place
    });
    let notes = problem.notes.iter().map(|note| format!("\nnote: {note}"));
    let helps = problem.helps.iter().map(|help| format!("\nhelp: {help}"));
    let mut result = json!({
        "ruleId": problem.code.name(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == problem.code),
        "level": level(problem.severity),
        "message": { "text": problem.message.clone() + &notes.chain(helps).collect::<String>() },
        "locations": [place(&location)],
        "relatedLocations": related.collect::<Vec<_>>(),
    });
    if let Some(fix) = &problem.fix {
        result["fixes"] = json!([changes(fix, &location, sources)]);
    }
    result
}

fn changes(fix: &Fix, location: &Location, sources: &Sources) -> Value {
    let replacements = fix.edits.iter().map(|edit| {
        let range = Location::new(edit.place, sources).range;
        json!({ "deletedRegion": region(range), "insertedContent": { "text": edit.text } })
    });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(&location.path) },
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

fn place(location: &Location) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&location.path) },
        "region": region(location.range),
    } })
}

/// Lines and columns count from 1 here.
fn region(range: Range) -> Value {
    json!({
        "startLine": range.start.line + 1,
        "startColumn": range.start.character + 1,
        "endLine": range.end.line + 1,
        "endColumn": range.end.character + 1,
    })
}

/// A path as a URI: relative if it is, with `/` between its parts.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let encoded = path.bytes().map(|byte| match byte {
        b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    let encoded: String = encoded.collect();
    if encoded.starts_with('/') { format!("file://{encoded}") } else { encoded }
}
