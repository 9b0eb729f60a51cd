//! The open documents. One owner holds them and changes them in the order in
//! which the client tells; everybody else gets snapshots.

use std::collections::HashMap;
use std::sync::Arc;

use ropey::Rope;
use tower_lsp::ls_types::{DidChangeTextDocumentParams, TextDocumentItem, Uri};

use crate::snapshot::{Environment, Snapshot, path_of_file};
use crate::text::{self, Edit};

/// The open documents.
pub struct Documents {
    environment: Arc<Environment>,
    open: HashMap<Uri, Arc<Snapshot>>,
}

impl Documents {
    /// No documents.
    pub fn new(environment: Environment) -> Documents {
        Documents { environment: Arc::new(environment), open: HashMap::new() }
    }

    /// What they share.
    pub fn environment(&self) -> &Arc<Environment> {
        &self.environment
    }

    /// The present state of one.
    pub fn get(&self, uri: &Uri) -> Option<Arc<Snapshot>> {
        self.open.get(uri).cloned()
    }

    /// The present state of each.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Snapshot>> {
        self.open.values()
    }

    /// The client has opened one.
    pub fn open(&mut self, document: TextDocumentItem) -> Arc<Snapshot> {
        self.put(document.uri, document.version, Rope::from_str(&document.text))
    }

    /// The client has changed one: its new state and what changed. Nothing if it
    /// is not open.
    pub fn change(&mut self, change: &DidChangeTextDocumentParams) -> Option<(Arc<Snapshot>, Vec<Edit>)> {
        let document = &change.text_document;
        let mut text = self.open.get(&document.uri)?.text.clone();
        let encoding = self.environment.encoding;
        let edits = change.content_changes.iter().map(|change| text::apply(&mut text, change, encoding)).collect();
        Some((self.put(document.uri.clone(), document.version, text), edits))
    }

    /// The client has closed one. Says whether it was open.
    pub fn close(&mut self, uri: &Uri) -> bool {
        if let Some(path) = path_of_file(uri) {
            self.environment.texts.remove(&path);
        }
        self.open.remove(uri).is_some()
    }

    /// The documents that were understood with the file of this one: it has another text
    /// now, so they are to be understood anew.
    pub fn understood_with(&mut self, uri: &Uri) -> Vec<Arc<Snapshot>> {
        let Some(path) = path_of_file(uri) else { return Vec::new() };
        let depends = |other: &&Arc<Snapshot>| other.uri != *uri && other.files.asked_for(&path);
        let documents: Vec<Arc<Snapshot>> = self.open.values().filter(depends).cloned().collect();
        let again = |document: &Arc<Snapshot>| self.put(document.uri.clone(), document.version, document.text.clone());
        documents.iter().map(again).collect()
    }

    /// What they share has changed, or a file that they depend on: everything is
    /// to be understood anew.
    pub fn surround(&mut self, environment: Environment) {
        self.environment = Arc::new(environment);
        let documents: Vec<Arc<Snapshot>> = self.open.values().cloned().collect();
        for document in documents {
            self.put(document.uri.clone(), document.version, document.text.clone());
        }
    }

    fn put(&mut self, uri: Uri, version: i32, text: Rope) -> Arc<Snapshot> {
        let snapshot = Arc::new(Snapshot::new(
            uri.clone(),
            version,
            text,
            self.environment.clone(),
            self.open.get(&uri).map(Arc::as_ref),
        ));
        if let Some(path) = path_of_file(&uri) {
            self.environment.texts.put(&path, &snapshot.text);
        }
        self.open.insert(uri, snapshot.clone());
        snapshot
    }
}
