//! What has to hold of the parser for any text, right or wrong, and after any edit of it.
//!
//! It answers in time, the ranges of its tree lie inside of each other, and a tree that was
//! brought up to date after an edit is the tree of the new text.
//!
//! The last of these has a limit that lies in tree-sitter. Where a text has an error, the
//! parser follows several ways to go on and drops the dearer one when two of them meet. On
//! the ground of an older tree one way may take a whole declaration in one step while the
//! other still goes word by word, so that they do not meet at the same place; if both cost
//! the same, as in `test e)bench w{}main`, the other one of them may stay. Such differences
//! of the library are counted and told, and are no failure. Without an error there is only
//! one way.
//!
//! The trees that the language core works with are brought up to date by [`product`], which
//! has what is broken parsed anew. They may not differ at all.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{InputEdit, ParseOptions, Parser, Point, Tree, TreeCursor};

/// The language core's own source: its tree of an edited text, without all else of it.
#[path = "../../../language/src/syntax/edited.rs"]
mod product;

/// How long one text may take. A text of this fuzzer has a few thousand bytes, which take
/// a millisecond.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);

/// A part of a text is replaced.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Where the part begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stands there afterwards.
    pub inserted: Vec<u8>,
}

impl Edit {
    /// The text after the edit.
    pub fn apply(&self, text: &[u8]) -> Vec<u8> {
        [&text[..self.start], &self.inserted, &text[self.end..]].concat()
    }

    fn as_input_edit(&self, text: &[u8], edited: &[u8]) -> InputEdit {
        let new_end = self.start + self.inserted.len();
        InputEdit {
            start_byte: self.start,
            old_end_byte: self.end,
            new_end_byte: new_end,
            start_position: position(text, self.start),
            old_end_position: position(text, self.end),
            new_end_position: position(edited, new_end),
        }
    }
}

/// The row of a byte, and its distance to the start of this row.
fn position(text: &[u8], byte: usize) -> Point {
    let before = &text[..byte];
    let start = before.iter().rposition(|&one| one == b'\n').map_or(0, |at| at + 1);
    Point::new(before.iter().filter(|&&one| one == b'\n').count(), byte - start)
}

/// What does not hold.
#[derive(Debug)]
pub enum Failure {
    /// The parser took longer than [`TIME_LIMIT`].
    Slow,
    /// A range of the tree is not inside of its parent's or not behind its neighbour's.
    Ranges(String),
    /// After an edit the tree differs from that of the new text.
    Different {
        /// What the first difference is.
        what: String,
        /// Whether the new text has a fault in the tree made from it alone.
        has_error: bool,
    },
    /// The same of the tree that the language core makes.
    ProductDifferent(String),
}

impl Failure {
    /// Whether tree-sitter does not promise this: a difference where the text has a fault.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Failure::Different { has_error: true, .. })
    }
}

/// A parser with what it has done so far.
pub struct Checker {
    parser: Parser,
    /// Texts that were parsed.
    pub parses: u64,
    /// The bytes of these texts.
    pub bytes: u64,
    /// The longest time that one of them took, and the number of its bytes.
    pub slowest: (Duration, usize),
}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

impl Checker {
    /// A parser of the language.
    ///
    /// # Panics
    ///
    /// If this version of tree-sitter does not take the grammar.
    pub fn new() -> Self {
        let mut parser = Parser::new();
        parser.set_language(&tree_sitter_tensorlogic::LANGUAGE.into()).expect("the versions agree");
        Self { parser, parses: 0, bytes: 0, slowest: (Duration::ZERO, 0) }
    }

    /// Parses a text, on the ground of an edited tree if there is one.
    pub fn parse(&mut self, text: &[u8], old: Option<&Tree>) -> Result<Tree, Failure> {
        let started = Instant::now();
        let mut watch = |_: &_| {
            if started.elapsed() > TIME_LIMIT { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut watch);
        let tree = self.parser.parse_with_options(&mut |byte, _| text.get(byte..).unwrap_or(&[]), old, Some(options));
        let time = started.elapsed();
        self.parses += 1;
        self.bytes += text.len() as u64;
        self.slowest = self.slowest.max((time, text.len()));
        let Some(tree) = tree else {
            self.parser.reset();
            return Err(Failure::Slow);
        };
        match wrong_range(&tree, text.len()) {
            None => Ok(tree),
            Some(what) => Err(Failure::Ranges(what)),
        }
    }

    /// Parses a text and then what an edit makes of it.
    pub fn edit(&mut self, text: &[u8], edit: &Edit) -> Result<Tree, Failure> {
        let old = self.parse(text, None)?;
        self.update(text, old, edit)
    }

    /// Brings the tree of a text up to date after an edit, as the library and as the
    /// language core do, and compares both with a new one.
    pub fn update(&mut self, text: &[u8], tree: Tree, edit: &Edit) -> Result<Tree, Failure> {
        let edited = edit.apply(text);
        let mut ground = tree.clone();
        ground.edit(&edit.as_input_edit(text, &edited));
        let updated = self.parse(&edited, Some(&ground))?;
        let fresh = self.parse(&edited, None)?;
        let between = product::edit_between(text, &edited);
        let product = product::parse_edited(&mut self.parser, &tree, &between, &edited).ok_or(Failure::Slow)?;
        if let Some(what) = difference(&product, &fresh) {
            return Err(Failure::ProductDifferent(what));
        }
        match difference(&updated, &fresh) {
            None => Ok(product),
            Some(what) => Err(Failure::Different { what, has_error: fresh.root_node().has_error() }),
        }
    }
}

/// Goes on to the next node in the order of the text; false behind the last one.
fn advance(cursor: &mut TreeCursor) -> bool {
    if cursor.goto_first_child() {
        return true;
    }
    while !cursor.goto_next_sibling() {
        if !cursor.goto_parent() {
            return false;
        }
    }
    true
}

/// The first place where two trees differ, in kinds, fields, places or faults.
pub fn difference(left: &Tree, right: &Tree) -> Option<String> {
    let (mut left, mut right) = (left.walk(), right.walk());
    loop {
        let (a, b) = (describe(&left), describe(&right));
        if a != b {
            return Some(format!("updated {a:?}, new {b:?}"));
        }
        match (advance(&mut left), advance(&mut right)) {
            (true, true) => {}
            (false, false) => return None,
            (updated, _) => return Some(format!("only the {} tree goes on", if updated { "updated" } else { "new" })),
        }
    }
}

type Description<'tree> = (u32, &'tree str, Option<&'tree str>, tree_sitter::Range, [bool; 5]);

fn describe<'tree>(cursor: &TreeCursor<'tree>) -> Description<'tree> {
    let node = cursor.node();
    let marks = [node.is_missing(), node.is_error(), node.is_extra(), node.has_error(), node.is_named()];
    (cursor.depth(), node.kind(), cursor.field_name(), node.range(), marks)
}

/// The first node whose range cannot be.
fn wrong_range(tree: &Tree, length: usize) -> Option<String> {
    if tree.root_node().end_byte() > length {
        return Some(format!("the root ends at {}, the text at {length}", tree.root_node().end_byte()));
    }
    let mut cursor = tree.walk();
    // The parents of the node with the place where their next child may begin.
    let mut open = vec![(0, length)];
    loop {
        let (node, depth) = (cursor.node(), cursor.depth() as usize);
        open.truncate(depth + 1);
        let (earliest, latest) = open[depth];
        let range = node.byte_range();
        if range.start < earliest || range.end < range.start || range.end > latest {
            return Some(format!("{} at {range:?} does not lie in {earliest}..{latest}", node.kind()));
        }
        open[depth].0 = range.end;
        open.push((range.start, range.end));
        if !advance(&mut cursor) {
            return None;
        }
    }
}
