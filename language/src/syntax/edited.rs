//! The tree of a text after an edit, on the ground of the tree before it.
//!
//! Where a text has an error, tree-sitter follows several ways to go on, and which of two
//! equally good ones stays depends on how much it took from the older tree in one step. So
//! what is broken is parsed anew, with its neighbours: the tree is then that of the new
//! text, however it came about. What is sound is still taken over.

use tree_sitter::{InputEdit, Node, Parser, Point, Range, Tree};

/// Of a broken part that is longer, in bytes, only the parts of it that are broken are
/// parsed anew.
const LONG: usize = 8 * 1024;

/// How many parts may be broken before everything is parsed anew.
const PARTS: usize = 64;

/// How often what is broken may turn out to be more before everything is parsed anew.
const ROUNDS: usize = 4;

/// The tree of `text`, which `edit` made of the text that `old` is the tree of. None if the
/// parser has no language.
pub(super) fn parse_edited(parser: &mut Parser, old: &Tree, edit: &InputEdit, text: &[u8]) -> Option<Tree> {
    let mut ground = old.clone();
    ground.edit(edit);
    let mut renewed: Vec<Range> = Vec::new();
    for _ in 0..ROUNDS {
        let tree = parser.parse(text, Some(&ground))?;
        if tree.root_node().is_error() {
            break;
        }
        let mut broken = broken_parts(&tree);
        broken.retain(|part| !renewed.iter().any(|done| contains(done, part)));
        if broken.is_empty() {
            return Some(tree);
        }
        if renewed.len() + broken.len() > PARTS {
            break;
        }
        for part in &broken {
            ground.edit(&rewritten(part));
        }
        renewed.append(&mut broken);
    }
    parser.parse(text, None)
}

/// The one edit that makes `new` of `old`.
pub(super) fn edit_between(old: &[u8], new: &[u8]) -> InputEdit {
    let start_byte = same_start(old, new);
    let same_end = same_end(&old[start_byte..], &new[start_byte..]);
    let (old_end_byte, new_end_byte) = (old.len() - same_end, new.len() - same_end);
    InputEdit {
        start_byte,
        old_end_byte,
        new_end_byte,
        start_position: point(new, start_byte),
        old_end_position: point(old, old_end_byte),
        new_end_position: point(new, new_end_byte),
    }
}

/// How many bytes are compared at once where texts are the same for long.
const STRIDE: usize = 256;

/// How many bytes two texts have in common from their beginning.
fn same_start(a: &[u8], b: &[u8]) -> usize {
    let strides = a.chunks_exact(STRIDE).zip(b.chunks_exact(STRIDE));
    let skipped = strides.take_while(|(a, b)| a == b).count() * STRIDE;
    let rest = a[skipped..].iter().zip(&b[skipped..]);
    skipped + rest.take_while(|(a, b)| a == b).count()
}

/// How many bytes two texts have in common to their ends.
fn same_end(a: &[u8], b: &[u8]) -> usize {
    let strides = a.rchunks_exact(STRIDE).zip(b.rchunks_exact(STRIDE));
    let skipped = strides.take_while(|(a, b)| a == b).count() * STRIDE;
    let rest = a[..a.len() - skipped].iter().rev().zip(b[..b.len() - skipped].iter().rev());
    skipped + rest.take_while(|(a, b)| a == b).count()
}

/// Row and column, in bytes, of a byte.
fn point(text: &[u8], offset: usize) -> Point {
    let before = &text[..offset];
    let line = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let row = memchr::memchr_iter(b'\n', before).count();
    Point { row, column: offset - line }
}

/// What has an error, from the node before it to the node behind it.
fn broken_parts(tree: &Tree) -> Vec<Range> {
    let mut found = Vec::new();
    let mut open = vec![tree.root_node()];
    while let Some(around) = open.pop() {
        if !around.has_error() {
            continue;
        }
        let mut cursor = around.walk();
        let children: Vec<Node> = around.children(&mut cursor).collect();
        for (index, child) in children.iter().enumerate() {
            if !(child.has_error() || child.is_missing()) {
                continue;
            }
            if !child.is_error() && child.byte_range().len() > LONG {
                open.push(*child);
                continue;
            }
            let before = children[index.saturating_sub(1)].range();
            let behind = children[(index + 1).min(children.len() - 1)].range();
            found.push(Range { end_byte: behind.end_byte, end_point: behind.end_point, ..before });
        }
    }
    found
}

fn contains(outer: &Range, inner: &Range) -> bool {
    outer.start_byte <= inner.start_byte && inner.end_byte <= outer.end_byte
}

/// The edit that puts the same text in the place of a part.
fn rewritten(part: &Range) -> InputEdit {
    InputEdit {
        start_byte: part.start_byte,
        old_end_byte: part.end_byte,
        new_end_byte: part.end_byte,
        start_position: part.start_point,
        old_end_position: part.end_point,
        new_end_position: part.end_point,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNCTION: &str = "fn f(x: float16[n, d], k: int) -> float16[n, d] {
    let y = [g(x, k)]
    for i in range(k) {
        y[i] = y[i] * {2.0}
        if i > 3 { print(\"{} of {}\", i, k) }
    }
    y
}
";

    fn fresh(parser: &mut Parser, text: &str) -> String {
        parser.parse(text, None).unwrap().root_node().to_sexp()
    }

    /// Edits a text again and again, each time at another place, and compares the tree
    /// that is brought up to date with that of the text alone.
    fn check_edits(text: String, edits: usize) {
        let mut parser = Parser::new();
        parser.set_language(&crate::syntax::language()).unwrap();
        let mut text = text;
        let mut tree = parser.parse(&text, None).unwrap();
        let mut broken = 0;
        for step in 0..edits {
            let at = step * 7919 % (text.len() - 1);
            let with = ["}", "(", "\"", "", "<- x\n", ",", "fn ", "{", "", "]"][step % 10];
            let end = if with.is_empty() { at + 1 + step % 3 } else { at };
            let edited = format!("{}{with}{}", &text[..at], &text[end..]);
            let edit = edit_between(text.as_bytes(), edited.as_bytes());
            let next = parse_edited(&mut parser, &tree, &edit, edited.as_bytes()).unwrap();
            assert_eq!(next.root_node().to_sexp(), fresh(&mut parser, &edited), "{with:?} at {at} of\n{text}");
            broken += usize::from(next.root_node().has_error());
            // Now and then from the beginning, so that not everything is broken.
            (text, tree) = if step % 4 == 3 { (text, tree) } else { (edited, next) };
        }
        assert!(broken * 2 > edits, "only {broken} of {edits} texts are broken");
    }

    #[test]
    fn broken_functions_have_the_tree_of_their_text() {
        check_edits(FUNCTION.repeat(6), 300);
    }

    #[test]
    fn a_long_broken_block_has_the_tree_of_its_text() {
        let body = FUNCTION.lines().skip(1).take(5).collect::<Vec<_>>().join("\n") + "\n";
        check_edits(format!("main {{\n{}}}\n", body.repeat(120)), 40);
    }

    #[test]
    fn the_edit_between_two_texts_is_what_differs() {
        let edit = edit_between(b"a\nbcd\ne", b"a\nbXYd\ne");
        assert_eq!((edit.start_byte, edit.old_end_byte, edit.new_end_byte), (3, 4, 5));
        assert_eq!((edit.start_position, edit.new_end_position), (Point::new(1, 1), Point::new(1, 3)));
    }
}
