//! Tells the client what is wrong, on a lane of its own: typing never waits for
//! it, and of the states that queue up only the newest is looked at.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tensorlogic_language::diagnostic::{Diagnostic as Problem, Severity};
use tensorlogic_language::event::message;
use tokio::sync::mpsc;
use tower_lsp::ls_types::{Diagnostic, PublishDiagnosticsParams, Uri};

use crate::convert;
use crate::outgoing::Outgoing;
use crate::snapshot::Snapshot;

/// Everything that is wrong with a document.
pub fn diagnostics(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let script = snapshot.script();
    let failure = snapshot.environment.failures.get(&snapshot.uri);
    let seen = script.checked.analysis.seen_from_script(&script.checked.sources);
    let own =
        seen.iter().filter(|problem| !failure.as_ref().is_some_and(|failure| is_outdone(snapshot, problem, failure)));
    let in_others = snapshot.environment.failures.inside(&snapshot.path, &snapshot.uri);
    let of_run = failure.iter().chain(&in_others).flat_map(|failure| convert::failure(snapshot, failure));
    // Two problems may share a second place, which is one hint.
    let mut told = HashSet::new();
    let all = own.flat_map(|problem| convert::problem(snapshot, problem)).chain(of_run);
    all.filter(|diagnostic| told.insert((diagnostic.range, diagnostic.message.clone()))).collect()
}

/// Whether a problem was only feared where a run has failed by now.
fn is_outdone(snapshot: &Snapshot, problem: &Problem, failure: &message::Problem) -> bool {
    let (feared, happened) = (convert::place(snapshot, problem.place), convert::range_of_event(failure.location.range));
    problem.severity != Severity::Error && feared.start <= happened.end && happened.start <= feared.end
}

/// Tells the client; a cheap handle.
#[derive(Clone)]
pub enum Publisher {
    /// The client gets diagnostics as they change.
    Push(mpsc::UnboundedSender<Work>),
    /// It asks for them, and asks again when it is told to.
    Pull(Option<Outgoing>),
}

/// What there is to do.
pub enum Work {
    /// A document has a new state.
    Changed(Arc<Snapshot>),
    /// Something else has changed what is to be told of the documents.
    Again,
    /// A document was closed.
    Closed(Uri),
}

impl Publisher {
    /// Starts the lane of a client that does not ask by itself.
    pub fn push(outgoing: Outgoing) -> Publisher {
        let (sender, work) = mpsc::unbounded_channel();
        tokio::spawn(publish(work, outgoing));
        Publisher::Push(sender)
    }

    /// A document has a new state.
    pub fn changed(&self, snapshot: &Arc<Snapshot>) {
        self.send(|| Work::Changed(snapshot.clone()));
    }

    /// A document was closed.
    pub fn closed(&self, uri: &Uri) {
        self.send(|| Work::Closed(uri.clone()));
    }

    /// Something besides their texts has changed what is to be told of the documents: a
    /// run failed, perhaps in the file of another one.
    pub fn again(&self) {
        self.send(|| Work::Again);
        if let Publisher::Pull(Some(outgoing)) = self {
            outgoing.ask("workspace/diagnostic/refresh");
        }
    }

    fn send(&self, work: impl FnOnce() -> Work) {
        if let Publisher::Push(sender) = self {
            // The lane ends with the server only.
            let _ = sender.send(work());
        }
    }
}

async fn publish(mut work: mpsc::UnboundedReceiver<Work>, outgoing: Outgoing) {
    let mut open: HashMap<Uri, Arc<Snapshot>> = HashMap::new();
    while let Some(first) = work.recv().await {
        let mut due: Vec<Uri> = Vec::new();
        let mut next = Some(first);
        while let Some(work_item) = next {
            let uris = match work_item {
                Work::Changed(snapshot) => {
                    let uri = snapshot.uri.clone();
                    open.insert(uri.clone(), snapshot);
                    vec![uri]
                }
                Work::Again => open.keys().cloned().collect(),
                Work::Closed(uri) => {
                    if open.remove(&uri).is_some() {
                        outgoing.diagnostics(PublishDiagnosticsParams::new(uri, Vec::new(), None));
                    }
                    Vec::new()
                }
            };
            for uri in uris {
                if !due.contains(&uri) {
                    due.push(uri);
                }
            }
            next = work.try_recv().ok();
        }
        for snapshot in due.iter().filter_map(|uri| open.get(uri)).cloned().collect::<Vec<_>>() {
            let found = tokio::task::spawn_blocking(move || {
                let diagnostics = diagnostics(&snapshot);
                PublishDiagnosticsParams::new(snapshot.uri.clone(), diagnostics, Some(snapshot.version))
            });
            match found.await {
                Ok(params) => outgoing.diagnostics(params),
                Err(error) => outgoing.internal_error("the diagnostics", &error),
            }
        }
    }
}
