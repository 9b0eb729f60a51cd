//! `bos-token`: a prompt in the form of a chat template without the token that
//! begins texts, or a prompt that writes it out and gets a second one. Tokens may get
//! it later, from what they are joined to.
//! Source: pitfall G6, decision 5.

use super::Part;
use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::inference::calls::Passed;
use crate::inference::history::Prompt;
use crate::inference::known::Known;
use crate::inference::walk::Walk;
use crate::shape::Dim;
use crate::size::Size;
use crate::source::Span;

impl Walk<'_> {
    /// `tokenize(tokenizer, text, add_special)`.
    pub(super) fn advise_prompt(&mut self, text: Part, add_special: Option<Part>) {
        let Some(prompt) = text.0.history.rare().prompt else { return };
        let Some(adds) = adds(add_special.map(|(known, _)| known)) else { return };
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

    /// `concat(front, tokens, …)`: what stands in front may begin the text.
    pub(super) fn advise_joined(&mut self, parts: &[Part], span: Span) {
        let Some((front, behind)) = parts.split_first() else { return };
        for (tokens, _) in behind {
            let Some(Prompt { begins: Some(begins), place: Some(place), .. }) = tokens.history.rare().prompt else {
                continue;
            };
            if !begins {
                self.notes.continued.insert(place);
            } else if begins_a_text(front.0) {
                let message =
                    "the prompt gets two tokens that begin a text: `tokenize` adds one, and one is put in front of it";
                let problem = Diagnostic::new(Code::BosToken, place, message)
                    .severity(Severity::Warning)
                    .help("pass `false` to `tokenize`, or put nothing in front of its tokens")
                    .related(span, "another one is put in front here");
                self.tell(problem);
            }
        }
    }
}

/// What is known of the tokens of a text as a prompt.
pub(in crate::inference) fn prompt_of_tokens(text: &Passed, add_special: Option<&Passed>) -> Option<Prompt> {
    let prompt = text.0.history.rare().prompt;
    let adds = adds(add_special.map(|(known, ..)| known))?;
    let begins = if adds { Some(true) } else { prompt.and_then(|prompt| prompt.begins) };
    let is_template = prompt.is_some_and(|prompt| prompt.is_template);
    Some(Prompt {
        begins,
        may_be_empty: false,
        is_template,
        place: Some(add_special.map_or(text.1, |(_, place, _)| *place)),
    })
}

/// Whether `tokenize` adds the tokens that begin and end a text, where that is known.
fn adds(add_special: Option<&Known>) -> Option<bool> {
    match add_special.map(|known| &known.fact) {
        None => Some(true),
        Some(Fact::Boolean(adds)) => *adds,
        Some(_) => None,
    }
}

/// Whether a list of ids is the token that begins texts: by its name or, as models of
/// the Llama family have it, by its number.
fn begins_a_text(known: &Known) -> bool {
    if known.fact.list_len() != Dim::Known(1) {
        return false;
    }
    let is_number =
        matches!(&known.fact, Fact::Array { integers: Some(all), .. } if all[..] == [Some(Size::Number(1))]);
    is_number || known.history.rare().prompt.is_some_and(|prompt| prompt.begins == Some(true))
}
