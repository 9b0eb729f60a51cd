//! One method of the protocol after the other: who answers it, and when. What
//! changes a document is done at once and in order, before the next message is
//! read; what only reads gets a snapshot and a thread, so that no request waits
//! for another. Nobody waits for an answer of the client.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};
use tower::Service;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::ls_types::*;

use crate::handlers;
use crate::lock::lock;
use crate::outgoing::Outgoing;
use crate::runs::{RUN, STOP};
use crate::session::Session;
use crate::snapshot::Snapshot;

/// What becomes of a request.
type Answer = BoxFuture<'static, Result<Value, Error>>;

/// Requests that are being answered, with the way to give them up.
type Pending = Arc<Mutex<HashMap<Id, oneshot::Sender<()>>>>;

/// The server.
pub struct Server {
    /// The session, while there is one. Only the reader of messages uses it; it
    /// is shared with the client's answers, which that same reader brings.
    session: Arc<Mutex<Option<Session>>>,
    state: State,
    outgoing: Outgoing,
    pending: Pending,
    end: End,
}

/// How the connection ends; a cheap handle.
#[derive(Clone, Default)]
pub struct End {
    shared: Arc<(Notify, AtomicBool)>,
}

impl End {
    /// Waits until the client says `exit`.
    pub async fn wait(&self) {
        self.shared.0.notified().await;
    }

    /// Whether the client has said `shutdown` before.
    pub fn is_orderly(&self) -> bool {
        self.shared.1.load(Ordering::Relaxed)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Serving,
    ShutDown,
}

impl Server {
    /// A server that waits for `initialize`.
    pub fn new(outgoing: Outgoing, end: End) -> Server {
        Server { session: Arc::default(), state: State::Waiting, outgoing, pending: Pending::default(), end }
    }

    /// The session, for the end of the server.
    pub fn session(&self) -> Arc<Mutex<Option<Session>>> {
        self.session.clone()
    }

    fn request(&mut self, method: &str, id: &Id, params: Value) -> Answer {
        match (self.state, method) {
            (State::Waiting, "initialize") => return answer(self.initialize(params)),
            (State::Waiting, _) => return refuse(ErrorCode::ServerError(-32002), "the server waits for `initialize`"),
            (State::Serving, "initialize") => {
                return refuse(ErrorCode::InvalidRequest, "the server is initialized already");
            }
            (State::ShutDown, _) => return refuse(ErrorCode::InvalidRequest, "the server is shut down"),
            (State::Serving, _) => {}
        }
        match method {
            "shutdown" => self.shutdown(),
            "textDocument/hover" => {
                self.read(id, params, |p: &HoverParams| &p.text_document_position_params.text_document, handlers::hover)
            }
            "textDocument/completion" => self.read(
                id,
                params,
                |p: &CompletionParams| &p.text_document_position.text_document,
                handlers::completion,
            ),
            "textDocument/inlayHint" => {
                self.read(id, params, |p: &InlayHintParams| &p.text_document, handlers::inlay_hints)
            }
            "textDocument/diagnostic" => {
                let work = |snapshot: &Snapshot, _: &DocumentDiagnosticParams| handlers::diagnostic(snapshot);
                self.read(id, params, |p: &DocumentDiagnosticParams| &p.text_document, work)
            }
            "textDocument/codeLens" => {
                let running = self.running();
                let work = move |snapshot: &Snapshot, _: &CodeLensParams| {
                    handlers::code_lens(snapshot, running.contains(&snapshot.uri))
                };
                self.read(id, params, |p: &CodeLensParams| &p.text_document, work)
            }
            "textDocument/codeAction" => {
                let running = self.running();
                let work = move |snapshot: &Snapshot, params: &CodeActionParams| {
                    handlers::code_action(snapshot, params, running.contains(&snapshot.uri))
                };
                self.read(id, params, |p: &CodeActionParams| &p.text_document, work)
            }
            "workspace/executeCommand" => self.execute(params),
            _ => refuse(ErrorCode::MethodNotFound, format!("the server does not offer `{method}`")),
        }
    }

    fn notification(&mut self, method: &str, params: Value) {
        if method == "exit" {
            self.end.shared.0.notify_one();
            return;
        }
        if method == "$/cancelRequest" {
            self.cancel(params);
            return;
        }
        let told = match lock(&self.session()).as_mut() {
            Some(session) if self.state == State::Serving => self.tell(session, method, params),
            // Before and after a session there is nothing to tell anybody.
            _ => Ok(()),
        };
        if let Err(problem) = told {
            self.outgoing.log(MessageType::ERROR, format!("`{method}` is passed over: {problem}"));
        }
    }

    fn tell(&self, session: &mut Session, method: &str, params: Value) -> Result<(), String> {
        match method {
            "initialized" => self.ask_for_settings_if(session.initialized()),
            "textDocument/didOpen" => session.opened(read(params)?),
            "textDocument/didChange" => session.changed(&read(params)?)?,
            "textDocument/didClose" => session.closed(&read(params)?),
            "workspace/didChangeConfiguration" => {
                self.ask_for_settings_if(session.configuration_changed(&read(params)?));
            }
            // Not every client watches files; a person who waits for a change saves.
            "workspace/didChangeWatchedFiles" | "textDocument/didSave" => session.files_changed(),
            // What the protocol adds later may be passed over.
            _ => {}
        }
        Ok(())
    }

    fn initialize(&mut self, params: Value) -> Result<Value, Error> {
        let params = read(params).map_err(Error::invalid_params)?;
        let (session, result) = Session::begin(&params, self.outgoing.clone());
        *self.lock() = Some(session);
        self.state = State::Serving;
        to_value(result)
    }

    fn shutdown(&mut self) -> Answer {
        self.state = State::ShutDown;
        self.end.shared.1.store(true, Ordering::Relaxed);
        let ended = self.lock().as_ref().map(|session| session.runs.end());
        async move {
            if let Some(ended) = ended {
                ended.await;
            }
            Ok(Value::Null)
        }
        .boxed()
    }

    fn execute(&mut self, params: Value) -> Answer {
        let mut session = self.lock();
        let Some(session) = session.as_mut() else { return answer(Ok(Value::Null)) };
        let params: ExecuteCommandParams = match read(params) {
            Ok(params) => params,
            Err(problem) => return refuse(ErrorCode::InvalidParams, problem),
        };
        let document = match session.document_of(&params.arguments) {
            Ok(document) => document,
            Err(problem) => return refuse(ErrorCode::InvalidParams, problem),
        };
        match params.command.as_str() {
            RUN => {
                let start = session.runs.start(&document);
                async move {
                    let run = start.await.map_err(|problem| error(ErrorCode::InternalError, problem))?;
                    Ok(json!({ "runId": run }))
                }
                .boxed()
            }
            STOP => session.runs.stop(&document.uri).map(|stopped| Ok(json!({ "stopped": stopped }))).boxed(),
            other => {
                let problem = format!("there is no command `{other}`; there are `{RUN}` and `{STOP}`");
                refuse(ErrorCode::InvalidParams, problem)
            }
        }
    }

    /// Answers a request about a document from its present state, on a thread of
    /// its own. A document that is not open has nothing to be told.
    fn read<P, R>(
        &self,
        id: &Id,
        params: Value,
        document: fn(&P) -> &TextDocumentIdentifier,
        work: impl FnOnce(&Snapshot, &P) -> R + Send + 'static,
    ) -> Answer
    where
        P: DeserializeOwned + Send + 'static,
        R: Serialize + Send + 'static,
    {
        let params: P = match read(params) {
            Ok(params) => params,
            Err(problem) => return refuse(ErrorCode::InvalidParams, problem),
        };
        let snapshot = self.lock().as_ref().and_then(|session| session.documents.get(&document(&params).uri));
        let Some(snapshot) = snapshot else { return answer(Ok(Value::Null)) };
        let (give_up, given_up) = oneshot::channel();
        let (pending, id) = (self.pending.clone(), id.clone());
        lock(&pending).insert(id.clone(), give_up);
        let mut working = tokio::task::spawn_blocking(move || to_value(work(&snapshot, &params)));
        async move {
            let result = tokio::select! {
                result = &mut working => result.unwrap_or_else(|fault| {
                    Err(error(ErrorCode::InternalError, format!("an error of the server: {fault}; please report it")))
                }),
                Ok(()) = given_up => {
                    // What has not begun is not begun any more.
                    working.abort();
                    Err(Error::request_cancelled())
                }
            };
            lock(&pending).remove(&id);
            result
        }
        .boxed()
    }

    fn cancel(&mut self, params: Value) {
        let id = params.get("id").and_then(|id| serde_json::from_value::<Id>(id.clone()).ok());
        if let Some(give_up) = id.and_then(|id| lock(&self.pending).remove(&id)) {
            // It may just have been answered.
            let _ = give_up.send(());
        }
    }

    /// Asks the client for the user's settings if it can be asked; they are taken
    /// when they come.
    fn ask_for_settings_if(&self, can_be_asked: bool) {
        if !can_be_asked {
            return;
        }
        let session = self.session.clone();
        let params = json!({ "items": [{ "section": "tensorlogic" }] });
        self.outgoing.request("workspace/configuration", params, move |answer| {
            let section = answer.get(0).filter(|section| !section.is_null());
            let mut session = lock(&session);
            if let (Some(section), Some(session)) = (section, session.as_mut()) {
                session.configure(section);
            }
        });
    }

    fn running(&self) -> Vec<Uri> {
        let session = self.lock();
        let Some(session) = session.as_ref() else { return Vec::new() };
        let uris = session.documents.all().map(|snapshot| snapshot.uri.clone());
        uris.filter(|uri| session.runs.is_running(uri)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Session>> {
        lock(&self.session)
    }
}

impl Service<Request> for Server {
    type Response = Option<Response>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Option<Response>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (method, id, params) = request.into_parts();
        let params = params.unwrap_or_default();
        match id {
            None => {
                self.notification(&method, params);
                ready(Ok(None)).boxed()
            }
            Some(id) => {
                let answer = self.request(&method, &id, params);
                answer.map(|answer| Ok(Some(Response::from_parts(id, answer)))).boxed()
            }
        }
    }
}

fn read<P: DeserializeOwned>(params: Value) -> Result<P, String> {
    serde_json::from_value(params).map_err(|problem| format!("its parameters are malformed: {problem}"))
}

fn to_value(result: impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(result).map_err(|problem| error(ErrorCode::InternalError, problem.to_string()))
}

fn error(code: ErrorCode, message: String) -> Error {
    Error { code, message: message.into(), data: None }
}

fn answer(result: Result<Value, Error>) -> Answer {
    ready(result).boxed()
}

fn refuse(code: ErrorCode, message: impl Into<String>) -> Answer {
    answer(Err(error(code, message.into())))
}
