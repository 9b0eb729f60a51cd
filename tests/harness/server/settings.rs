//! The user's settings, in every way that editors send them: with the first
//! message, with the word that they have changed, or when the server asks.

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::Client;
use super::editor::{at, codes, end_of, model, script};
use crate::events::{equal, texts};
use crate::folders;

pub const PROMISES: Promises = &[
    ("settings come with initialize", options),
    ("settings come with the word that they have changed", changed),
    ("settings are asked for where the client can be asked", asked),
    ("a client that has no settings keeps its options", no_section),
    ("a severity may be changed, or be off", severities),
    ("a setting of a wrong kind is told by its name, once", wrong_kind),
    ("hints may be turned off", hints),
    ("names and shapes come from the user's model", user_model),
    ("a run gets the user's arguments and seed", run),
];

/// A script with a warning.
const WARNED: &str = "main { print(load_model(\"no.gguf\")) }";

fn severity(value: &str) -> Value {
    json!({ "diagnostics": { "severity": { "model-not-found": value } } })
}

/// Opens a script in a session of these options; gives severities and codes.
fn found(client: &mut Client, uri: &str) -> Result<Vec<(u64, String)>, Failed> {
    let problems = client.problems(uri)?;
    let severities = problems.iter().map(|problem| problem["severity"].as_u64().unwrap_or_default());
    Ok(severities.zip(codes(&problems).into_iter().map(str::to_owned)).collect())
}

fn with_options(options: Value) -> Result<Client, Failed> {
    Client::begin(json!({}), options, &folders::root())
}

fn options() -> Result<(), Failed> {
    for options in [severity("hint"), json!({ "tensorlogic": severity("hint") })] {
        let mut client = with_options(options)?;
        let uri = client.open_unsaved(WARNED)?;
        equal(found(&mut client, &uri)?, vec![(4, "model-not-found".to_owned())], "the problems")?;
        client.end()?;
    }
    Ok(())
}

fn changed() -> Result<(), Failed> {
    let mut client = with_options(severity("off"))?;
    let uri = client.open_unsaved(WARNED)?;
    equal(found(&mut client, &uri)?, vec![], "the problems")?;
    for (settings, expected) in [
        (json!({ "tensorlogic": severity("error") }), 1),
        (severity("hint"), 4),
        (json!({ "tensorlogic": {} }), 2),
        (json!({ "tensorlogic": severity("error") }), 1),
    ] {
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }))?;
        equal(found(&mut client, &uri)?, vec![(expected, "model-not-found".to_owned())], &settings.to_string())?;
    }
    client.end()
}

/// A client that can be asked for settings.
fn askable() -> Value {
    let registers = json!({ "dynamicRegistration": true });
    json!({ "workspace": { "configuration": true, "didChangeConfiguration": registers } })
}

fn asked() -> Result<(), Failed> {
    let mut client = Client::start()?;
    client.settings = severity("error");
    client.initialize(askable(), severity("hint"), &folders::root())?;
    client.notify("initialized", json!({}))?;
    let registered = client.told("client/registerCapability")?;
    let expected = json!({
        "id": "workspace/didChangeConfiguration",
        "method": "workspace/didChangeConfiguration",
        "registerOptions": { "section": "tensorlogic" },
    });
    equal(&registered["registrations"][0], &expected, "what is registered")?;
    let asked = client.told("workspace/configuration")?;
    equal(&asked["items"], &json!([{ "section": "tensorlogic" }]), "what is asked for")?;
    let uri = client.open_unsaved(WARNED)?;
    equal(found(&mut client, &uri)?, vec![(1, "model-not-found".to_owned())], "the problems")?;
    client.settings = severity("off");
    client.notify("workspace/didChangeConfiguration", json!({ "settings": null }))?;
    equal(found(&mut client, &uri)?, vec![], "the problems after a change")?;
    client.end()
}

fn no_section() -> Result<(), Failed> {
    let mut client = Client::begin(askable(), severity("hint"), &folders::root())?;
    client.told("workspace/configuration")?;
    let uri = client.open_unsaved(WARNED)?;
    equal(found(&mut client, &uri)?, vec![(4, "model-not-found".to_owned())], "the problems")?;
    client.end()
}

fn severities() -> Result<(), Failed> {
    for (value, expected) in [("error", Some(1)), ("warning", Some(2)), ("hint", Some(4)), ("off", None)] {
        for options in [severity(value), json!({ "diagnostics.severity": { "model-not-found": value } })] {
            let mut client = with_options(options)?;
            let uri = client.open_unsaved(WARNED)?;
            let expected = expected.map(|severity| (severity, "model-not-found".to_owned()));
            equal(found(&mut client, &uri)?, expected.into_iter().collect(), value)?;
            client.end()?;
        }
    }
    Ok(())
}

fn wrong_kind() -> Result<(), Failed> {
    for (options, name) in [
        (json!({ "model": { "path": 5 } }), "tensorlogic.model.path"),
        (json!({ "device": "toaster" }), "tensorlogic.device"),
        (json!({ "threads": "many" }), "tensorlogic.threads"),
        (json!({ "run": { "arguments": "--tokens 3" } }), "tensorlogic.run.arguments"),
        (json!({ "run": { "seed": -1 } }), "tensorlogic.run.seed"),
        (json!({ "inlayHints": { "enable": "yes" } }), "tensorlogic.inlayHints.enable"),
        (json!({ "diagnostics": { "severity": "off" } }), "tensorlogic.diagnostics.severity"),
        (severity("loud"), "tensorlogic.diagnostics.severity.model-not-found"),
        (json!({ "diagnostics": { "severity": { "no-such-code": "off" } } }), "`no-such-code`"),
    ] {
        let mut client = with_options(options.clone())?;
        client.notify("workspace/didChangeConfiguration", json!({ "settings": { "tensorlogic": options } }))?;
        let message = client.told("window/showMessage")?;
        let is_clear = message["message"].as_str().is_some_and(|text| text.contains(name));
        if message["type"] != 2 || !is_clear {
            return Err(format!("{options}: the user is shown {message}").into());
        }
        equal(client.all_told("window/showMessage")?, Vec::new(), "what is shown besides")?;
        // Everything else is as by default.
        let uri = client.open_unsaved(WARNED)?;
        equal(found(&mut client, &uri)?, vec![(2, "model-not-found".to_owned())], "the problems")?;
        client.end()?;
    }
    // Nothing at all is no setting of a wrong kind.
    for options in [Value::Null, json!({}), json!({ "trace": "off", "server": { "path": "" } }), json!([]), json!(3)] {
        let mut client = with_options(options)?;
        equal(client.all_told("window/showMessage")?, Vec::new(), "what is shown")?;
        client.end()?;
    }
    Ok(())
}

fn hints() -> Result<(), Failed> {
    let capabilities = json!({ "workspace": { "inlayHint": { "refreshSupport": true } } });
    let mut client = Client::with(capabilities)?;
    let uri = client.open_unsaved("main { let x = zeros([2, 3]) print(x) }")?;
    for (enable, expected) in [(true, 1), (false, 0), (true, 1)] {
        let settings = json!({ "tensorlogic": { "inlayHints": { "enable": enable } } });
        client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }))?;
        let range = json!({ "range": { "start": at([0, 0]), "end": at([9, 0]) } });
        let hints = client.request_about("inlayHint", &uri, range)?;
        equal(hints.as_array().map(Vec::len), Some(expected), &format!("hints with {enable}"))?;
    }
    // The first of the three changed nothing.
    client.told("workspace/inlayHint/refresh")?;
    client.told("workspace/inlayHint/refresh")?;
    equal(client.all_told("workspace/inlayHint/refresh")?, Vec::new(), "how often hints are refreshed besides")?;
    client.end()
}

fn user_model() -> Result<(), Failed> {
    let text = "main { let m = load_model(arg(\"m\", \"theirs.gguf\")) let w = m.token_embd.weight print(w) }";
    let (folder, uri) = script(text)?;
    std::fs::write(folder.join("mine.gguf"), model(None)?)?;
    for path in ["mine.gguf".to_owned(), folder.join("mine.gguf").display().to_string()] {
        let mut client = Client::begin(json!({}), json!({ "model": { "path": path } }), &folder)?;
        client.open(&uri, text)?;
        let (hover, _) = client.hover(&uri, end_of(text, "let w")?)?;
        if !hover.contains("[1024, 192]") {
            return Err(format!("with the model {path} the weight is {hover}").into());
        }
        client.end()?;
    }
    Ok(())
}

fn run() -> Result<(), Failed> {
    let options = json!({ "device": "cpu", "threads": 1, "run": { "arguments": ["--name", "Zoë"], "seed": 7 } });
    let mut client = with_options(options)?;
    let uri = client.open_unsaved("main { print(arg(\"name\", \"none\")) }")?;
    client.run(&uri)?;
    let events = client.events()?;
    equal(texts(&events, "output"), "Zoë\n".to_owned(), "the text")?;
    equal(&events[0]["seed"], &json!(7), "the seed")?;
    client.end()
}
