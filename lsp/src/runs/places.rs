//! Where the calls of a running script stand by now. A run knows the text with
//! which it began; the user goes on typing. Places of its events follow the
//! edits, and each keeps the last line that was printed there.

use std::collections::HashMap;

use ropey::Rope;
use tensorlogic_language::event::message::{Location, Range};
use tensorlogic_language::source::{Encoding, LineIndex};
use tower_lsp::ls_types;

use crate::text::{self, Bytes, Edit};

/// A line is shown with its newest so many characters.
const SHOWN: usize = 160;

/// The places of one run.
pub struct Places {
    path: String,
    /// The text with which the run began, and its lines.
    begun: (String, LineIndex),
    /// What has changed since.
    edits: Vec<Edit>,
    now: Rope,
    encoding: Encoding,
    known: HashMap<Location, Place>,
}

struct Place {
    number: usize,
    bytes: Option<Bytes>,
    line: LastLine,
}

/// What became of a printed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The number of the call that printed it; calls are numbered as they first print.
    pub place: usize,
    /// Where that call stands by now.
    pub range: Option<ls_types::Range>,
    /// The last line of what it has printed.
    pub shown: String,
}

impl Places {
    /// The places of a run of `text` under `path`.
    pub fn new(path: String, text: &Rope, encoding: Encoding) -> Places {
        let begun = text.to_string();
        let lines = LineIndex::new(&begun);
        Places { path, begun: (begun, lines), edits: Vec::new(), now: text.clone(), encoding, known: HashMap::new() }
    }

    /// The user has changed the text, which is `now`.
    pub fn edited(&mut self, edits: &[Edit], now: &Rope) {
        self.edits.extend_from_slice(edits);
        for place in self.known.values_mut() {
            place.bytes = follow(place.bytes.take(), edits);
        }
        self.now = now.clone();
    }

    /// A call has printed text.
    pub fn print(&mut self, location: &Location, printed: &str) -> Printed {
        let number = self.known.len() + 1;
        let bytes = if self.known.contains_key(location) { None } else { self.bytes(location) };
        let new = || Place { number, bytes, line: LastLine::default() };
        let place = self.known.entry(location.clone()).or_insert_with(new);
        place.line.push(printed);
        Printed {
            place: place.number,
            range: place.bytes.as_ref().map(|bytes| text::range(&self.now, bytes, self.encoding)),
            shown: place.line.shown(),
        }
    }

    /// Where a place of the script stands by now.
    pub fn range(&self, location: &Location) -> Option<ls_types::Range> {
        let bytes = self.bytes(location)?;
        Some(text::range(&self.now, &bytes, self.encoding))
    }

    fn bytes(&self, location: &Location) -> Option<Bytes> {
        if location.path != self.path {
            return None;
        }
        let (text, lines) = &self.begun;
        let offset = |position| lines.offset(text, position, Encoding::Utf16);
        let Range { start, end } = location.range;
        follow(Some(offset(start)..offset(end)), &self.edits)
    }
}

fn follow(bytes: Option<Bytes>, edits: &[Edit]) -> Option<Bytes> {
    edits.iter().try_fold(bytes?, |bytes, edit| edit.follow(bytes))
}

/// The last line of a text that grows; an empty line leaves it as it is.
#[derive(Default)]
struct LastLine {
    text: String,
    is_cut: bool,
    is_ended: bool,
}

impl LastLine {
    fn push(&mut self, printed: &str) {
        for part in printed.split_inclusive(['\n', '\r']) {
            let line = part.trim_end_matches(['\n', '\r']);
            if !line.is_empty() {
                if std::mem::take(&mut self.is_ended) {
                    self.text.clear();
                    self.is_cut = false;
                }
                self.text.extend(line.chars().map(|c| if c.is_control() { ' ' } else { c }));
                self.cut();
            }
            self.is_ended |= part.len() > line.len();
        }
    }

    fn cut(&mut self) {
        let newest = self.text.char_indices().rev().nth(SHOWN - 1);
        if let Some((start, _)) = newest.filter(|(start, _)| *start > 0) {
            self.text.drain(..start);
            self.is_cut = true;
        }
    }

    fn shown(&self) -> String {
        if !self.is_cut {
            return self.text.clone();
        }
        // The mark takes the place of one character.
        std::iter::once('…').chain(self.text.chars().skip(1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tensorlogic_language::source::Position;

    /// What is shown after each of some texts.
    fn check(printed: &[&str], shown: &str) {
        let mut line = LastLine::default();
        printed.iter().for_each(|text| line.push(text));
        assert_eq!(line.shown(), shown, "{printed:?}");
    }

    #[test]
    fn the_last_line_is_shown() {
        check(&["Once", " upon"], "Once upon");
        check(&["Once\n"], "Once");
        check(&["Once\n", "\n", "a"], "a");
        check(&["a\nb", "c\r\n"], "bc");
        check(&["10 %\r", "20 %"], "20 %");
        check(&["a\tb"], "a b");
        check(&[], "");
    }

    #[test]
    fn a_long_line_is_shown_with_its_end() {
        let long = "⊙".repeat(200);
        let mut line = LastLine::default();
        line.push(&long);
        line.push("end");
        assert_eq!(line.shown().chars().count(), SHOWN);
        assert!(line.shown().starts_with("…⊙") && line.shown().ends_with("⊙end"));
        check(&[&"x".repeat(SHOWN)], &"x".repeat(SHOWN));
    }

    #[test]
    fn places_follow_the_text() {
        let mut now = Rope::from_str("main {\n  print(\"⊙🦊\") print(2)\n}");
        let mut places = Places::new("a.tl".into(), &now, Encoding::Utf8);
        let location = |start, end| Location {
            path: "a.tl".into(),
            range: Range { start: Position { line: 1, character: start }, end: Position { line: 1, character: end } },
        };
        let mut edit = |places: &mut Places, start: usize, end: usize, new: &str| {
            let range = Some(text::range(&now, &(start..end), Encoding::Utf8));
            let change = ls_types::TextDocumentContentChangeEvent { range, range_length: None, text: new.into() };
            let edit = text::apply(&mut now, &change, Encoding::Utf8);
            places.edited(&[edit], &now);
        };
        let columns =
            |range: Option<ls_types::Range>| range.map(|r| (r.start.line, r.start.character, r.end.character));

        let second = location(15, 23);
        assert_eq!(columns(places.print(&second, "2").range), Some((1, 19, 27)));
        edit(&mut places, 0, 0, "// first\n");
        assert_eq!(columns(places.print(&second, "").range), Some((2, 19, 27)));
        assert_eq!(columns(places.print(&location(2, 14), "").range), Some((2, 2, 18)), "seen after the edit");
        edit(&mut places, 0, 43, "");
        assert_eq!(columns(places.print(&second, "").range), None, "its text is gone");
        assert_eq!(places.print(&second, "!").shown, "2!");
        assert_eq!(places.print(&second, "").place, 1);
    }

    #[test]
    fn another_file_has_no_place_here() {
        let mut places = Places::new("a.tl".into(), &Rope::from_str("print(1)"), Encoding::Utf16);
        let at = Position { line: 0, character: 0 };
        let location = Location { path: "b.tl".into(), range: Range { start: at, end: at } };
        assert_eq!(places.print(&location, "1").range, None);
    }
}
