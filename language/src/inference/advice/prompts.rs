//! `bos-token`: a prompt in the form of a chat template without the token that
//! begins texts, or a prompt that writes it out and gets a second one.
//! Source: pitfall G6, decision 5.

use super::Part;
use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inference::walk::Walk;

impl Walk<'_> {
    /// `tokenize(tokenizer, text, add_special)`.
    pub(super) fn advise_prompt(&mut self, text: Part, add_special: Option<Part>) {
        let Some(prompt) = text.0.history.prompt else { return };
        let adds = match add_special.map(|(known, _)| &known.fact) {
            None => true,
            Some(Fact::Boolean(Some(adds))) => *adds,
            Some(_) => return,
        };
        let place = text.0.text.as_ref().map_or(text.1, |text| text.span);
        let (at, message, help) = match (prompt.begins, adds) {
            (Some(true), true) => (
                text.1,
                "the prompt gets two tokens that begin a text: it writes one, and `tokenize` adds one",
                "pass `false` to `tokenize`, or leave the token out of the text",
            ),
            (Some(false), false) if prompt.is_template => (
                add_special.map_or(text.1, |(_, place)| place),
                "this chat prompt does not begin with the token that the model expects",
                "pass `true` to `tokenize`, which adds it",
            ),
            _ => return,
        };
        let mut problem = Diagnostic::new(Code::BosToken, at, message).severity(Severity::Warning).help(help);
        if place != at {
            problem = problem.related(place, "the prompt is written here");
        }
        self.tell(problem);
    }
}
