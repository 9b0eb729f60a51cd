//! The text of a list of ids that grows: each call gives what is new, in whole
//! characters.

use super::{Result, Tokenizer};

/// What `from_utf8_lossy` writes for bytes that make no character (yet).
const BROKEN: char = '\u{FFFD}';

/// So many broken bytes in a row cannot become a character any more, as none is
/// longer than four.
const PATIENCE: usize = 4;

/// Decodes a growing list of ids. Only the last few are decoded again at each
/// call, since the text of a token may depend on the one before it.
#[derive(Clone, Debug)]
pub struct DecodeStream {
    tokenizer: Tokenizer,
    ids: Vec<u32>,
    /// Where decoding begins again: one piece of given text before `given`.
    context: usize,
    /// The ids before it have been given out as text.
    given: usize,
}

impl DecodeStream {
    pub(super) fn new(tokenizer: Tokenizer) -> DecodeStream {
        DecodeStream { tokenizer, ids: Vec::new(), context: 0, given: 0 }
    }

    /// The text that `ids` has beyond the ids of the last call; all of it when
    /// `ids` does not extend them. Special tokens are skipped. Bytes that make
    /// no whole character are held back.
    pub fn push(&mut self, ids: &[u32]) -> Result<String> {
        if !ids.starts_with(&self.ids) {
            self.restart();
        }
        self.ids.extend_from_slice(ids.get(self.ids.len()..).unwrap_or_default());
        let text = self.new_text()?;
        let broken = text.chars().rev().take_while(|character| *character == BROKEN).count();
        if text.is_empty() || (1..PATIENCE).contains(&broken) {
            return Ok(String::new());
        }
        self.give(text)
    }

    /// What was held back, in whatever state it is. The stream begins anew.
    pub fn finish(&mut self) -> Result<String> {
        let text = self.new_text();
        self.restart();
        text
    }

    fn restart(&mut self) {
        self.ids.clear();
        self.context = 0;
        self.given = 0;
    }

    fn give(&mut self, text: String) -> Result<String> {
        self.context = self.given;
        self.given = self.ids.len();
        Ok(text)
    }

    /// The text of the ids that have not been given out.
    fn new_text(&self) -> Result<String> {
        if self.given == self.ids.len() {
            return Ok(String::new());
        }
        let before = self.tokenizer.decode(&self.ids[self.context..self.given], true)?;
        let all = self.tokenizer.decode(&self.ids[self.context..], true)?;
        match all.strip_prefix(&before) {
            Some(new) => Ok(new.to_owned()),
            // A later byte has undone an earlier character; what is out is out.
            None => self.tokenizer.decode(&self.ids[self.given..], true),
        }
    }
}
