//! What the server sends on its own: notifications and requests to the client.
//! The queue takes everything at once; while the client does not keep up,
//! messages that a later one outdates are merged. Nobody waits for an answer of
//! the client: who asks leaves word what to do with it.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use futures::{Sink, Stream};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower_lsp::Loopback;
use tower_lsp::jsonrpc::{Id, Request, Response};
use tower_lsp::ls_types::{MessageType, PublishDiagnosticsParams};

use crate::lock::lock;
use crate::runs::event::RunEvent;
use crate::stdio::Pipe;

/// With so many messages in the queue, who makes them should wait.
const MOST_WAITING: usize = 100;

/// What happens with the result of a request to the client.
type Answered = Box<dyn FnOnce(Value) + Send>;

/// The queue of messages to the client; a cheap handle.
#[derive(Clone, Default)]
pub struct Outgoing {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// Tells that messages have left.
    left: Notify,
}

#[derive(Default)]
struct Queue {
    messages: VecDeque<Message>,
    waker: Option<Waker>,
    requests: i64,
    unanswered: HashMap<i64, Answered>,
}

enum Message {
    Diagnostics(PublishDiagnosticsParams),
    Event(RunEvent),
    Other(Request),
}

impl Outgoing {
    /// The diagnostics of a document, instead of older ones that still wait.
    pub fn diagnostics(&self, params: PublishDiagnosticsParams) {
        let mut queue = self.queue();
        let same = |message: &Message| matches!(message, Message::Diagnostics(older) if older.uri == params.uri);
        queue.messages.retain(|message| !same(message));
        queue.push(Message::Diagnostics(params));
    }

    /// An event of a run, joined to the one before it where that loses nothing.
    pub fn event(&self, event: RunEvent) {
        let mut queue = self.queue();
        let waiting = queue.messages.iter_mut().rev().map_while(|message| match message {
            Message::Event(event) => Some(event),
            _ => None,
        });
        if let Some(event) = RunEvent::join(waiting, event) {
            queue.push(Message::Event(event));
        }
    }

    /// A line for the log that the client keeps.
    pub fn log(&self, kind: MessageType, message: impl Into<String>) {
        self.notify("window/logMessage", json!({ "type": kind, "message": message.into() }));
    }

    /// A message that the user should see.
    pub fn show(&self, kind: MessageType, message: impl Into<String>) {
        self.notify("window/showMessage", json!({ "type": kind, "message": message.into() }));
    }

    /// The log's line on a fault of the server itself.
    pub fn internal_error(&self, during: &str, error: &dyn std::fmt::Display) {
        self.log(MessageType::ERROR, format!("an error of the server in {during}: {error}; please report it"));
    }

    /// Asks the client; `answered` gets the result, nothing gets an error.
    pub fn request(&self, method: &'static str, params: Value, answered: impl FnOnce(Value) + Send + 'static) {
        let mut queue = self.queue();
        queue.requests += 1;
        let id = queue.requests;
        queue.unanswered.insert(id, Box::new(answered));
        let request = Request::build(method).id(id);
        // A request without parameters has none, not `null`.
        let request = if params.is_null() { request } else { request.params(params) };
        queue.push(Message::Other(request.finish()));
    }

    /// Asks the client for something whose result does not matter.
    pub fn ask(&self, method: &'static str) {
        self.request(method, Value::Null, |_| ());
    }

    /// Waits until the queue is short enough for more.
    pub async fn room(&self) {
        loop {
            let left = self.shared.left.notified();
            if self.queue().messages.len() < MOST_WAITING {
                return;
            }
            left.await;
        }
    }

    fn notify(&self, method: &'static str, params: Value) {
        self.queue().push(Message::Other(Request::build(method).params(params).finish()));
    }

    fn answer(&self, response: Response) {
        let (id, result) = response.into_parts();
        let Id::Number(id) = id else { return };
        let answered = self.queue().unanswered.remove(&id);
        if let (Some(answered), Ok(result)) = (answered, result) {
            answered(result);
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.shared.queue)
    }
}

impl Queue {
    fn push(&mut self, message: Message) {
        self.messages.push_back(message);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Message {
    fn into_request(self) -> Request {
        let (method, params) = match self {
            Message::Diagnostics(params) => ("textDocument/publishDiagnostics", serde_json::to_value(params)),
            Message::Event(event) => ("tensorlogic/event", Ok(event.into_params())),
            Message::Other(request) => return request,
        };
        Request::build(method).params(params.unwrap_or_default()).finish()
    }
}

/// The queue as the transport takes it: messages leave while the pipe is clear.
pub struct Client {
    /// What is to be sent.
    pub outgoing: Outgoing,
    /// The way that it goes.
    pub pipe: Pipe,
}

impl Loopback for Client {
    type RequestStream = Messages;
    type ResponseSink = Answers;

    fn split(self) -> (Messages, Answers) {
        (Messages { outgoing: self.outgoing.clone(), pipe: self.pipe }, Answers(self.outgoing))
    }
}

/// The messages that leave.
pub struct Messages {
    outgoing: Outgoing,
    pipe: Pipe,
}

impl Stream for Messages {
    type Item = Request;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Request>> {
        if self.pipe.poll_clear(context).is_pending() {
            return Poll::Pending;
        }
        let mut queue = self.outgoing.queue();
        match queue.messages.pop_front() {
            Some(message) => {
                drop(queue);
                self.outgoing.shared.left.notify_waiters();
                Poll::Ready(Some(message.into_request()))
            }
            None => {
                queue.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Takes the client's answers.
pub struct Answers(Outgoing);

impl Sink<Response> for Answers {
    type Error = std::convert::Infallible;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, response: Response) -> Result<(), Self::Error> {
        self.0.answer(response);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }
}
