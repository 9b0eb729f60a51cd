//! Places in source texts: byte spans, files, and the conversion of byte
//! offsets into lines and columns in the three encodings that editors use.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Which text a span counts its bytes in: that of a file, or that of one of the
/// declarations in it. A declaration moves when the text before it is edited;
/// what is known of it counts from its own beginning and stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct TextId(u32);

impl TextId {
    /// No text of its own: its places are numbers for those of whoever calls a function,
    /// until it is known who does.
    pub const CALLER: TextId = TextId(u32::MAX);

    /// Its number, for tables: texts are numbered from 0.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in one text. There are many of them, so that they are small: as
/// tree-sitter does, they count to 4 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub text: TextId,
    start: u32,
    end: u32,
}

impl Span {
    /// The bytes from `start` to before `end` of a text.
    pub fn new(text: TextId, start: usize, end: usize) -> Span {
        let short = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Span { text, start: short(start), end: short(end) }
    }

    /// The first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// These bytes of the same text.
    pub fn with(self, start: usize, end: usize) -> Span {
        Span::new(self.text, start, end)
    }

    /// The span that covers both, of one text.
    pub fn to(self, other: Span) -> Span {
        Span { text: self.text, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether all of `other` lies in it.
    pub fn contains(self, other: Span) -> bool {
        self.text == other.text && self.start <= other.start && other.end <= self.end
    }
}

/// Which file of a [`Sources`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct FileId(u32);

/// A range of bytes in a file, where a span stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileSpan {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One source text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user wrote it; used in messages.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// Where its lines begin.
    pub lines: LineIndex,
    /// The number of the whole text, as it is now.
    pub whole: TextId,
}

/// All texts that a program consists of. A copy shares them.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
    /// For each text the file that it lies in and where it begins there.
    texts: Vec<(FileId, usize)>,
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        let file = FileId(self.files.len() as u32);
        let whole = self.text_in(file, 0);
        let text = text.into();
        let lines = LineIndex::new(&text);
        self.files.push(Arc::new(SourceFile { path: path.into(), text, lines, whole }));
        file
    }

    /// Gives a file another text. What counted in its whole text before no longer
    /// stands anywhere.
    pub fn replace(&mut self, file: FileId, text: impl Into<Arc<str>>) {
        let whole = self.text_in(file, 0);
        let text = text.into();
        let (path, lines) = (self.file(file).path.clone(), LineIndex::new(&text));
        self.files[file.0 as usize] = Arc::new(SourceFile { path, text, lines, whole });
    }

    /// A new text that begins at byte `start` of a file.
    pub fn text_in(&mut self, file: FileId, start: usize) -> TextId {
        self.texts.push((file, start));
        TextId(self.texts.len() as u32 - 1)
    }

    /// Tells where a text begins now.
    pub fn move_to(&mut self, text: TextId, start: usize) {
        self.texts[text.index()].1 = start;
    }

    /// The file of this number. Numbers come from [`Sources::add`] alone.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Every file, in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), &**file))
    }

    /// The file that a text lies in.
    pub fn file_of(&self, text: TextId) -> FileId {
        self.of(text).0
    }

    /// Whether a text is the whole of a file, as it is now.
    pub fn is_whole(&self, text: TextId) -> bool {
        self.file(self.file_of(text)).whole == text
    }

    /// Where a span stands.
    pub fn place(&self, span: Span) -> FileSpan {
        let (file, base) = self.of(span.text);
        FileSpan { file, start: base + span.start(), end: base + span.end() }
    }

    /// The span of a place of a file as text `text` counts it, if it lies in it.
    pub fn offset_in(&self, text: TextId, offset: usize) -> Option<usize> {
        offset.checked_sub(self.of(text).1)
    }

    /// The file of a text and where it begins there.
    fn of(&self, text: TextId) -> (FileId, usize) {
        self.texts.get(text.index()).copied().unwrap_or_default()
    }

    /// The text at a span; nothing where it stands nowhere.
    pub fn text(&self, span: Span) -> &str {
        let place = self.place(span);
        self.file(place.file).text.get(place.start..place.end).unwrap_or_default()
    }

    /// The blanks that the line of a place begins with.
    pub fn indent(&self, span: Span) -> &str {
        let place = self.place(span);
        let text = &self.file(place.file).text;
        let before = text.get(..place.start).unwrap_or_default();
        let line = &text[before.rfind('\n').map_or(0, |end| end + 1)..];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// `file:line:column`, counted from 1, the column in characters.
    pub fn describe(&self, span: Span) -> String {
        let place = self.place(span);
        let file = self.file(place.file);
        let position = file.lines.position(&file.text, place.start, Encoding::Utf32);
        format!("{}:{}:{}", file.path.display(), position.line + 1, position.character + 1)
    }
}

/// What one unit of a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// 16-bit units, as most editors count.
    Utf16,
    /// Unicode characters.
    Utf32,
}

/// A line and a column, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column in units of an [`Encoding`].
    pub character: u32,
}

/// The byte offset at which each line begins. Lines end at `\n`, `\r\n` or `\r`.
#[derive(Clone, Debug, Default)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes `text`.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let ends_line = bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
            if ends_line {
                starts.push(at + 1);
            }
        }
        LineIndex { starts }
    }

    /// The position of a byte offset; an offset inside a character counts as
    /// that character's start, one past the text as its end.
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let offset = floor_boundary(text, offset.min(text.len()));
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = &text[self.starts[line]..offset];
        Position { line: line as u32, character: units(before, encoding) as u32 }
    }

    /// The byte offset of a position. A column past the end of its line means
    /// the end of that line, a line past the text the end of the text.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let Some(start) = self.starts.get(position.line as usize).copied() else { return text.len() };
        let end = self.starts.get(position.line as usize + 1).copied().unwrap_or(text.len());
        let line = text[start..end].trim_end_matches(['\n', '\r']);
        let mut left = position.character as usize;
        for (at, character) in line.char_indices() {
            let width = match encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + line.len()
    }

    /// The text of a line, without its end.
    pub fn line<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let Some(start) = self.starts.get(line as usize).copied() else { return "" };
        let end = self.starts.get(line as usize + 1).copied().unwrap_or(text.len());
        text[start..end].trim_end_matches(['\n', '\r'])
    }
}

fn units(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => text.chars().map(char::len_utf16).sum(),
        Encoding::Utf32 => text.chars().count(),
    }
}

fn floor_boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: usize, encoding: Encoding, line: u32, character: u32) {
        let index = LineIndex::new(text);
        let position = Position { line, character };
        assert_eq!(index.position(text, offset, encoding), position, "offset {offset} in {text:?}");
        assert_eq!(index.offset(text, position, encoding), offset, "{position:?} in {text:?}");
    }

    #[test]
    fn columns_count_units_of_the_encoding() {
        let text = "a⊙🦊b\nzweite";
        check(text, 8, Encoding::Utf8, 0, 8);
        check(text, 8, Encoding::Utf16, 0, 4);
        check(text, 8, Encoding::Utf32, 0, 3);
        check(text, 10, Encoding::Utf16, 1, 0);
    }

    #[test]
    fn every_line_end_counts_once() {
        let text = "a\r\nb\rc\nd";
        check(text, 3, Encoding::Utf16, 1, 0);
        check(text, 5, Encoding::Utf16, 2, 0);
        check(text, 7, Encoding::Utf16, 3, 0);
    }

    #[test]
    fn positions_outside_are_clamped() {
        let text = "a🦊\nb";
        let index = LineIndex::new(text);
        let at = |line, character| index.offset(text, Position { line, character }, Encoding::Utf16);
        assert_eq!(at(0, 2), 1, "the middle of a surrogate pair is the start of its character");
        assert_eq!(at(0, 99), 5, "past the end of a line is the end of that line");
        assert_eq!(at(9, 0), text.len());
        assert_eq!(index.position(text, 3, Encoding::Utf16), Position { line: 0, character: 1 });
    }
}
