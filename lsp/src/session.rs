//! A session with one client, from `initialize` to `shutdown`: the documents, the
//! runs and what the user has chosen. Notifications change it, in the order in
//! which they come and without waiting for anything.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};
use tensorlogic_language::source::{Encoding, LineIndex};
use tensorlogic_language::weights::Indexes;
use tower_lsp::ls_types::*;

use crate::client::{self, Abilities};
use crate::documents::Documents;
use crate::files::OpenTexts;
use crate::outgoing::Outgoing;
use crate::publisher::Publisher;
use crate::runs::{Failures, Runs};
use crate::settings::Settings;
use crate::snapshot::{Environment, Snapshot};

/// The section of the user's settings.
const SECTION: &str = "tensorlogic";

/// Files that scripts depend on.
const WATCHED: &str = "**/*.{gguf,json,safetensors,tl,toml}";

/// A session with one client.
pub struct Session {
    /// The open documents.
    pub documents: Documents,
    /// Their runs.
    pub runs: Runs,
    publisher: Publisher,
    outgoing: Outgoing,
    /// What was told already about settings, so that it is told once.
    told: HashSet<String>,
}

impl Session {
    /// Begins a session; also gives what the server offers in it.
    pub fn begin(params: &InitializeParams, outgoing: Outgoing) -> (Session, InitializeResult) {
        let abilities = Abilities::of(&params.capabilities);
        let encoding = client::encoding(&params.capabilities);
        let root = client::root(params);
        if let Some(root) = &root {
            // Relative paths mean the same here and in the runs, which inherit it.
            if let Err(error) = std::env::set_current_dir(root) {
                let message = format!("the workspace `{}` cannot be entered: {error}", root.display());
                outgoing.log(MessageType::WARNING, message);
            }
        }
        let publisher = match abilities.pulls_diagnostics {
            false => Publisher::push(outgoing.clone()),
            true => Publisher::Pull(abilities.refreshes.diagnostics.then(|| outgoing.clone())),
        };
        let failures = Failures::default();
        let runs = Runs::new(outgoing.clone(), publisher.clone(), failures.clone(), abilities.refreshes.lenses);
        let result = InitializeResult {
            capabilities: client::offered(&abilities, encoding),
            server_info: Some(ServerInfo {
                name: "tl-lsp".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        };
        let environment = Environment {
            settings: Settings::default(),
            encoding,
            abilities,
            root,
            indexes: Arc::new(Indexes::default()),
            failures,
            texts: OpenTexts::default(),
        };
        let documents = Documents::new(environment);
        let mut session = Session { documents, runs, publisher, outgoing, told: HashSet::new() };
        if let Some(options) = &params.initialization_options {
            session.configure(options.get(SECTION).unwrap_or(options));
        }
        (session, result)
    }

    /// The client is ready: asks it to tell what changes. Gives whether it can be
    /// asked for settings.
    pub fn initialized(&mut self) -> bool {
        let abilities = &self.documents.environment().abilities;
        let mut registrations = Vec::new();
        if abilities.registers_watchers {
            let options = json!({ "watchers": [{ "globPattern": WATCHED }] });
            registrations.push(registration("workspace/didChangeWatchedFiles", options));
        }
        if abilities.registers_configuration {
            registrations.push(registration("workspace/didChangeConfiguration", json!({ "section": SECTION })));
        }
        if !registrations.is_empty() {
            let params = json!({ "registrations": registrations });
            self.outgoing.request("client/registerCapability", params, |_| ());
        }
        abilities.has_configuration
    }

    /// Takes the settings that a client sends along with the word that they have
    /// changed. Gives whether it has to be asked for them instead.
    pub fn configuration_changed(&mut self, params: &DidChangeConfigurationParams) -> bool {
        if self.documents.environment().abilities.has_configuration {
            return true;
        }
        if !params.settings.is_null() {
            self.configure(params.settings.get(SECTION).unwrap_or(&params.settings));
        }
        false
    }

    /// Takes the user's settings.
    pub fn configure(&mut self, section: &Value) {
        let (settings, problems) = Settings::read(section);
        for problem in problems {
            if self.told.insert(problem.clone()) {
                self.outgoing.show(MessageType::WARNING, problem);
            }
        }
        if settings != self.documents.environment().settings {
            self.surround(Environment { settings, ..Environment::clone(self.documents.environment()) });
        }
    }

    /// The client has opened a document.
    pub fn opened(&mut self, params: DidOpenTextDocumentParams) {
        // A run that failed while the document was being closed is over.
        self.documents.environment().failures.forget(&params.text_document.uri);
        let snapshot = self.documents.open(params.text_document);
        self.tell_faults(&snapshot);
        self.publisher.changed(&snapshot);
        self.text_changed(&snapshot.uri);
    }

    /// A document has another text than before, or its file counts again: those that
    /// import it are to be told of anew.
    fn text_changed(&mut self, uri: &Uri) {
        let environment = self.documents.environment();
        if environment.failures.forget_inside(&environment.path(uri)) {
            self.publisher.again();
        }
        let others = self.documents.understood_with(uri);
        others.iter().for_each(|snapshot| self.publisher.changed(snapshot));
        if !others.is_empty() {
            self.ask_again();
        }
    }

    /// Tells what is wrong with the `tl.toml` of a document, each fault once.
    fn tell_faults(&mut self, snapshot: &Snapshot) {
        let Some(project) = snapshot.project() else { return };
        let lines = LineIndex::new(&project.text);
        for fault in &project.faults {
            let at = lines.position(&project.text, fault.bytes.start, Encoding::Utf32);
            let place = format!("{}:{}:{}", project.path.display(), at.line + 1, at.character + 1);
            let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
            let problem = format!("{place}: {}{help}", fault.message);
            if self.told.insert(problem.clone()) {
                self.outgoing.show(MessageType::WARNING, problem);
            }
        }
    }

    /// The client has changed a document. Says what is wrong with that.
    pub fn changed(&mut self, params: &DidChangeTextDocumentParams) -> Result<(), String> {
        let uri = &params.text_document.uri;
        let Some((snapshot, edits)) = self.documents.change(params) else {
            return Err(format!("`{}` was changed and is not open", uri.as_str()));
        };
        self.runs.edited(uri, &edits, &snapshot.text);
        snapshot.environment.failures.forget(uri);
        self.publisher.changed(&snapshot);
        self.text_changed(uri);
        Ok(())
    }

    /// The client has closed a document: its run ends.
    pub fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let uri = &params.text_document.uri;
        if !self.documents.close(uri) {
            return;
        }
        // It ends by itself, whether somebody waits for that or not.
        drop(self.runs.stop(uri));
        self.documents.environment().failures.forget(uri);
        self.publisher.closed(uri);
        self.text_changed(uri);
    }

    /// Files have changed that scripts may depend on.
    pub fn files_changed(&mut self) {
        self.surround(Environment::clone(self.documents.environment()));
        let documents: Vec<Arc<Snapshot>> = self.documents.all().cloned().collect();
        documents.iter().for_each(|snapshot| self.tell_faults(snapshot));
    }

    /// The document that a command names.
    pub fn document_of(&self, arguments: &[Value]) -> Result<Arc<Snapshot>, String> {
        let uri = arguments.first().and_then(|argument| argument.get("uri").unwrap_or(argument).as_str());
        let uri = uri.ok_or("the command needs a document: `[{\"uri\": …}]`")?;
        let found = uri.parse().ok().and_then(|uri| self.documents.get(&uri));
        found.ok_or_else(|| format!("`{uri}` is not open in the editor; open it and run it again"))
    }

    fn surround(&mut self, environment: Environment) {
        self.documents.surround(environment);
        self.documents.all().for_each(|snapshot| self.publisher.changed(snapshot));
        self.ask_again();
    }

    /// Has the client ask again for what it asks for by itself.
    fn ask_again(&self) {
        let Abilities { refreshes, pulls_diagnostics: pulls, .. } = self.documents.environment().abilities;
        for (wanted, method) in [
            (refreshes.hints, "workspace/inlayHint/refresh"),
            (refreshes.diagnostics && pulls, "workspace/diagnostic/refresh"),
        ] {
            if wanted && self.documents.all().next().is_some() {
                self.outgoing.ask(method);
            }
        }
    }
}

fn registration(method: &str, options: Value) -> Value {
    json!({ "id": method, "method": method, "registerOptions": options })
}
