//! From what a worker tells to what the client gets: places follow the document,
//! messages leave at a steady rate, and a client or a worker that is too fast or
//! too slow for the other is waited for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tensorlogic_language::event::message::{CallSite, Finished, Location, Message, Problem, Related};
use tokio::time::{Instant, sleep_until};
use tower_lsp::ls_types::Uri;

use super::event::{Figure, News, RunEvent};
use super::places::Places;
use crate::convert::event_range;
use crate::lock::lock;
use crate::outgoing::Outgoing;

/// The time between two messages.
const RATE: Duration = Duration::from_millis(25);

/// With so many bytes of text waiting, the worker waits as well.
const ENOUGH: usize = 64 << 10;

/// Relays one run.
pub struct Relay {
    uri: Uri,
    run: u64,
    places: Arc<Mutex<Places>>,
    outgoing: Outgoing,
    waiting: Vec<RunEvent>,
    last_sent: Option<Instant>,
    /// How many tokens were drawn.
    pub tokens: u64,
    /// How it failed, if it did.
    pub failure: Option<Problem>,
    /// How it ended, if it has told.
    pub finished: Option<Finished>,
}

impl Relay {
    /// Relays the run of this number to the client.
    pub fn new(uri: Uri, run: u64, places: Arc<Mutex<Places>>, outgoing: Outgoing) -> Relay {
        Relay {
            uri,
            run,
            places,
            outgoing,
            waiting: Vec::new(),
            last_sent: None,
            tokens: 0,
            failure: None,
            finished: None,
        }
    }

    /// Takes what the worker has told.
    pub fn take(&mut self, message: Message) {
        let Some(news) = self.news(message) else { return };
        let event = RunEvent { uri: self.uri.clone(), run: self.run, news };
        let rest = RunEvent::join(self.waiting.iter_mut().rev(), event);
        self.waiting.extend(rest);
    }

    /// Whether something waits to be sent.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether more can be taken before something is sent.
    pub fn has_room(&self) -> bool {
        self.waiting.iter().map(RunEvent::weight).sum::<usize>() < ENOUGH
    }

    /// Waits until it is time to send and the client keeps up.
    pub async fn due(&self) {
        if let Some(last) = self.last_sent {
            sleep_until(last + RATE).await;
        }
        self.outgoing.room().await;
    }

    /// Sends what waits.
    pub fn send(&mut self) {
        self.last_sent = Some(Instant::now());
        self.waiting.drain(..).for_each(|event| self.outgoing.event(event));
    }

    fn news(&mut self, message: Message) -> Option<News> {
        let with_places = |work: &mut dyn FnMut(&mut Places)| {
            work(&mut lock(&self.places));
        };
        match message {
            Message::Output { text, location } => Some(self.printed(text, false, &location)),
            Message::ErrorOutput { text, location } => Some(self.printed(text, true, &location)),
            Message::Sampled { count, .. } => {
                self.tokens = count;
                Some(News::Figure(Figure::Sampled, value(&message)))
            }
            Message::Loading { ref path, .. } => Some(News::Figure(Figure::Loading(path.clone()), value(&message))),
            Message::Problem { mut problem } => {
                with_places(&mut |places| move_problem(&mut problem, places));
                Some(News::Other(value(&Message::Problem { problem })))
            }
            Message::Failed { mut problem, mut calls } => {
                with_places(&mut |places| {
                    move_problem(&mut problem, places);
                    calls.iter_mut().for_each(|call| move_location(&mut call.location, places));
                });
                self.failure = Some(with_calls(problem.clone(), &calls));
                Some(News::Other(value(&Message::Failed { problem, calls })))
            }
            Message::Finished(ref finished) => {
                self.finished = Some(finished.clone());
                Some(News::Other(value(&message)))
            }
            Message::Started { .. } | Message::Notice { .. } => Some(News::Other(value(&message))),
            Message::Other => None,
        }
    }

    fn printed(&self, text: String, is_error: bool, location: &Location) -> News {
        let mut places = lock(&self.places);
        let at = places.print(location, &text);
        News::Printed { text, is_error, at }
    }
}

/// The message as a client reads it.
fn value(message: &Message) -> Value {
    serde_json::to_value(message).unwrap_or_else(|error| json!({ "event": "notice", "text": error.to_string() }))
}

/// What is gone from the text stays where it was.
fn move_location(location: &mut Location, places: &Places) {
    if let Some(range) = places.range(location) {
        location.range = event_range(range);
    }
}

fn move_problem(problem: &mut Problem, places: &Places) {
    move_location(&mut problem.location, places);
    problem.related.iter_mut().for_each(|related| move_location(&mut related.location, places));
}

fn with_calls(mut problem: Problem, calls: &[CallSite]) -> Problem {
    problem.related.extend(calls.iter().map(|call| Related {
        location: call.location.clone(),
        message: format!("called here as `{}({})`", call.function, call.arguments),
    }));
    problem
}
