//! The text of an open document: a rope, edited at the positions that a client
//! names, in whichever units it counts. A position outside of the text means
//! the nearest one inside.

use ropey::Rope;
use tensorlogic_language::source::Encoding;
use tower_lsp::ls_types::{Position, Range, TextDocumentContentChangeEvent};

/// A part of a document's text.
pub type Bytes = std::ops::Range<usize>;

/// One change of a text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where it begins.
    pub start: usize,
    /// Where the replaced text ended.
    pub old_end: usize,
    /// Where the new text ends.
    pub new_end: usize,
}

impl Edit {
    /// Where `bytes` lie after the edit; `None` if nothing of them is left.
    pub fn follow(self, bytes: Bytes) -> Option<Bytes> {
        let moved = |offset: usize| offset - self.old_end + self.new_end;
        if bytes.end <= self.start && bytes.start < bytes.end {
            return Some(bytes);
        }
        let start = match bytes.start {
            start if start >= self.old_end => moved(start),
            start if start <= self.start => start,
            _ => self.new_end,
        };
        let end = if bytes.end >= self.old_end { moved(bytes.end) } else { self.start };
        let covered = self.start <= bytes.start && bytes.end <= self.old_end && self.old_end > self.start;
        (!covered && start < end).then_some(start..end)
    }
}

/// Applies one change that a client made. Clients may exchange more than differs,
/// up to the whole text; what comes back is the part that differs.
pub fn apply(text: &mut Rope, change: &TextDocumentContentChangeEvent, encoding: Encoding) -> Edit {
    let (a, b) = match change.range {
        Some(range) => (offset(text, range.start, encoding), offset(text, range.end, encoding)),
        None => (0, text.len_bytes()),
    };
    replace(text, a.min(b), a.max(b), &change.text)
}

fn replace(text: &mut Rope, start: usize, end: usize, new: &str) -> Edit {
    let old = text.byte_slice(start..end).to_string();
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let length = |pair: (char, char)| pair.0.len_utf8();
    let prefix: usize = old.chars().zip(new.chars()).take_while(same).map(length).sum();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix: usize = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).map(length).sum();
    let (start, old_end, new) = (start + prefix, end - suffix, &new_rest[..new_rest.len() - suffix]);
    let first = text.byte_to_char(start);
    text.remove(first..text.byte_to_char(old_end));
    text.insert(first, new);
    Edit { start, old_end, new_end: start + new.len() }
}

/// The byte that a position means.
pub fn offset(text: &Rope, position: Position, encoding: Encoding) -> usize {
    let line = position.line as usize;
    if line >= text.len_lines() {
        return text.len_bytes();
    }
    let mut offset = text.line_to_byte(line);
    let mut left = position.character as usize;
    for character in text.line(line).chars() {
        let width = width(character, encoding);
        if left < width || matches!(character, '\n' | '\r') {
            break;
        }
        left -= width;
        offset += character.len_utf8();
    }
    offset
}

/// The position of a byte.
pub fn position(text: &Rope, offset: usize, encoding: Encoding) -> Position {
    let offset = offset.min(text.len_bytes());
    let line = text.byte_to_line(offset);
    let before = text.byte_slice(text.line_to_byte(line)..text.char_to_byte(text.byte_to_char(offset)));
    let character: usize = before.chars().map(|character| width(character, encoding)).sum();
    Position { line: line as u32, character: character as u32 }
}

/// The range of bytes of the text.
pub fn range(text: &Rope, bytes: &Bytes, encoding: Encoding) -> Range {
    Range { start: position(text, bytes.start, encoding), end: position(text, bytes.end, encoding) }
}

fn width(character: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16 => character.len_utf16(),
        Encoding::Utf32 => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(range: Option<[u32; 4]>, text: &str) -> TextDocumentContentChangeEvent {
        let range = range.map(|[line, character, end_line, end]| Range {
            start: Position { line, character },
            end: Position { line: end_line, character: end },
        });
        TextDocumentContentChangeEvent { range, range_length: None, text: text.into() }
    }

    /// Applies a change to `before`; its range counts in `encoding`.
    fn check(before: &str, encoding: Encoding, range: [u32; 4], new: &str, after: &str) {
        let mut text = Rope::from_str(before);
        let edit = apply(&mut text, &change(Some(range), new), encoding);
        assert_eq!(text.to_string(), after, "{range:?} in {before:?}");
        assert_eq!(before[..edit.start], after[..edit.start]);
        assert_eq!(before[edit.old_end..], after[edit.new_end..]);
    }

    #[test]
    fn columns_count_units_of_the_encoding() {
        let text = "a⊙🦊b\nc";
        check(text, Encoding::Utf8, [0, 8, 0, 9], "x", "a⊙🦊x\nc");
        check(text, Encoding::Utf16, [0, 4, 0, 5], "x", "a⊙🦊x\nc");
        check(text, Encoding::Utf32, [0, 3, 0, 4], "x", "a⊙🦊x\nc");
    }

    #[test]
    fn positions_outside_are_the_nearest_inside() {
        check("ab\r\nc", Encoding::Utf16, [0, 99, 0, 99], "x", "abx\r\nc");
        check("ab\nc", Encoding::Utf16, [9, 0, 9, 9], "x", "ab\ncx");
        check("🦊", Encoding::Utf16, [0, 1, 0, 2], "x", "x");
        check("⊙", Encoding::Utf8, [0, 2, 0, 2], "x", "x⊙");
        check("abc", Encoding::Utf16, [0, 2, 0, 1], "x", "axc");
        check("", Encoding::Utf16, [0, 0, 0, 0], "x", "x");
    }

    #[test]
    fn every_line_end_counts_once() {
        check("a\r\nb\rc\nd", Encoding::Utf16, [2, 0, 3, 0], "", "a\r\nb\rd");
    }

    #[test]
    fn an_exchange_is_an_edit_of_the_part_that_differs() {
        let mut text = Rope::from_str("a ⊙ b ⊙ c");
        let edit = apply(&mut text, &change(None, "a ⊙ x ⊙ c"), Encoding::Utf16);
        assert_eq!(edit, Edit { start: 6, old_end: 7, new_end: 7 });
        assert_eq!(text.to_string(), "a ⊙ x ⊙ c");
        let edit = apply(&mut text, &change(None, "a ⊙ x ⊙ c"), Encoding::Utf16);
        assert_eq!((edit.start, edit.old_end), (edit.new_end, edit.new_end), "the same text is no edit");
        let lines = change(Some([0, 0, 0, 10]), "a ⊙ x\n  ⊙ c");
        assert_eq!(apply(&mut text, &lines, Encoding::Utf16), Edit { start: 7, old_end: 7, new_end: 9 });
        apply(&mut text, &change(None, ""), Encoding::Utf16);
        assert_eq!(text.to_string(), "");
        let mut text = Rope::from_str("aa");
        let edit = apply(&mut text, &change(None, "aaa"), Encoding::Utf16);
        assert_eq!(edit, Edit { start: 2, old_end: 2, new_end: 3 });
    }

    #[test]
    fn bytes_have_positions() {
        let text = Rope::from_str("a⊙🦊b\r\nc");
        for (offset, encoding, line, character) in [
            (8, Encoding::Utf8, 0, 8),
            (8, Encoding::Utf16, 0, 4),
            (8, Encoding::Utf32, 0, 3),
            (2, Encoding::Utf16, 0, 1),
            (11, Encoding::Utf16, 1, 0),
            (99, Encoding::Utf16, 1, 1),
        ] {
            assert_eq!(position(&text, offset, encoding), Position { line, character }, "{offset} in {encoding:?}");
        }
    }

    #[test]
    fn spans_follow_edits() {
        let follow =
            |edit: [usize; 3], at: Bytes| Edit { start: edit[0], old_end: edit[1], new_end: edit[2] }.follow(at);
        assert_eq!(follow([0, 0, 5], 10..20), Some(15..25), "text before it");
        assert_eq!(follow([10, 10, 15], 10..20), Some(15..25), "text right before it");
        assert_eq!(follow([20, 20, 25], 10..20), Some(10..20), "text right behind it");
        assert_eq!(follow([12, 14, 13], 10..20), Some(10..19), "text inside of it");
        assert_eq!(follow([5, 12, 5], 10..20), Some(5..13), "its first part goes");
        assert_eq!(follow([18, 25, 18], 10..20), Some(10..18), "its last part goes");
        assert_eq!(follow([5, 25, 30], 10..20), None, "all of it goes");
        assert_eq!(follow([10, 20, 12], 10..20), None, "it is replaced");
    }
}
