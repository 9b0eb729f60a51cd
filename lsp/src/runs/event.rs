//! The events of a run on their way to the client: at a steady rate instead of
//! one by one, texts of one place joined, figures replaced by newer ones.

use serde_json::{Value, json};
use tower_lsp::ls_types::Uri;

use super::places::Printed;

/// Texts are joined to so many bytes.
const LONGEST_TEXT: usize = 64 << 10;

/// One event as the client gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunEvent {
    /// The document that runs.
    pub uri: Uri,
    /// Which of its runs.
    pub run: u64,
    /// What happened.
    pub news: News,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The script printed text.
    Printed {
        /// The text.
        text: String,
        /// Whether it went to the error stream.
        is_error: bool,
        /// Where, and how that place looks now.
        at: Printed,
    },
    /// A figure that the next one of its kind replaces.
    Figure(Figure, Value),
    /// Anything else, as the client gets it.
    Other(Value),
}

/// The kinds of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// How many tokens were drawn.
    Sampled,
    /// How much of a file is read.
    Loading(String),
}

/// How an event and an earlier one that still waits go together.
enum Meeting {
    /// The earlier one tells both.
    Joined,
    /// They have nothing to do with each other; an earlier one yet may have.
    Passed(RunEvent),
    /// Their order matters.
    Stopped(RunEvent),
}

impl RunEvent {
    /// Joins an event to one of the earlier ones, the latest first, if that loses
    /// nothing; else gives it back.
    pub fn join<'e>(earlier: impl IntoIterator<Item = &'e mut RunEvent>, event: RunEvent) -> Option<RunEvent> {
        let mut event = event;
        for other in earlier {
            event = match other.meet(event) {
                Meeting::Joined => return None,
                Meeting::Passed(event) => event,
                Meeting::Stopped(event) => return Some(event),
            };
        }
        Some(event)
    }

    fn meet(&mut self, later: RunEvent) -> Meeting {
        if self.run != later.run || self.uri != later.uri {
            return Meeting::Stopped(later);
        }
        match (&mut self.news, &later.news) {
            (News::Printed { text, is_error, at }, News::Printed { text: more, is_error: other, at: newer }) => {
                let joins = is_error == other && at.place == newer.place && text.len() + more.len() <= LONGEST_TEXT;
                if !joins {
                    return Meeting::Stopped(later);
                }
                text.push_str(more);
                *at = newer.clone();
                Meeting::Joined
            }
            (News::Figure(figure, value), News::Figure(newer, newest)) if figure == newer => {
                *value = newest.clone();
                Meeting::Joined
            }
            (News::Other(_), _) | (_, News::Other(_)) => Meeting::Stopped(later),
            _ => Meeting::Passed(later),
        }
    }

    /// How many bytes of text it carries.
    pub fn weight(&self) -> usize {
        match &self.news {
            News::Printed { text, .. } => text.len(),
            News::Figure(..) | News::Other(_) => 0,
        }
    }

    /// The parameters of `tensorlogic/event`.
    pub fn into_params(self) -> Value {
        let mut params = match self.news {
            News::Printed { text, is_error, at } => {
                let name = if is_error { "errorOutput" } else { "output" };
                let mut params = json!({ "event": name, "text": text, "shown": at.shown, "place": at.place });
                if let Some(range) = at.range {
                    params["range"] = json!(range);
                }
                params
            }
            News::Figure(_, value) | News::Other(value) => value,
        };
        params["uri"] = json!(self.uri);
        params["runId"] = json!(self.run);
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(news: News) -> RunEvent {
        RunEvent { uri: "file:///a.tl".parse().unwrap(), run: 1, news }
    }

    fn printed(place: usize, text: &str) -> RunEvent {
        event(News::Printed {
            text: text.into(),
            is_error: false,
            at: Printed { place, range: None, shown: text.into() },
        })
    }

    fn sampled(count: u64) -> RunEvent {
        event(News::Figure(Figure::Sampled, json!({"event": "sampled", "count": count})))
    }

    /// What is left of some events that wait together.
    fn check(events: Vec<RunEvent>, expected: &[&str]) {
        let mut waiting: Vec<RunEvent> = Vec::new();
        for event in events {
            let rest = RunEvent::join(waiting.iter_mut().rev(), event);
            waiting.extend(rest);
        }
        let told = |event: &RunEvent| match &event.news {
            News::Printed { text, at, .. } => format!("{}: {text} | {}", at.place, at.shown),
            News::Figure(_, value) | News::Other(value) => value.to_string(),
        };
        assert_eq!(waiting.iter().map(told).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn texts_of_one_place_are_joined() {
        check(
            vec![printed(1, "a"), printed(1, "b"), printed(2, "c"), printed(1, "d")],
            &["1: ab | b", "2: c | c", "1: d | d"],
        );
    }

    #[test]
    fn figures_are_replaced() {
        let expected = ["1: ab | b", r#"{"count":2,"event":"sampled"}"#];
        check(vec![printed(1, "a"), sampled(1), printed(1, "b"), sampled(2)], &expected);
    }

    #[test]
    fn nothing_passes_the_end() {
        let end = event(News::Other(json!({"event": "finished"})));
        check(vec![printed(1, "a"), end, printed(1, "b")], &["1: a | a", r#"{"event":"finished"}"#, "1: b | b"]);
    }

    #[test]
    fn texts_are_not_joined_without_end() {
        let long = "x".repeat(LONGEST_TEXT);
        let mut waiting = printed(1, &long);
        assert!(RunEvent::join([&mut waiting], printed(1, "y")).is_some());
    }
}
