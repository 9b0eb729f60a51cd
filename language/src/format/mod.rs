//! One layout for every script: what people leave to a tool so that they need
//! not talk about it. Works on the tokens of the syntax tree and changes the
//! white space between them, never their order and never what a program means;
//! that is checked once more before a text is given back.
//!
//! The text becomes a row of [`tokens`]; [`breaks`] says which of them begin a
//! line, [`lines`] indents these and breaks what is too long, [`align`] keeps
//! what stands in columns. [`spacing`] knows where a blank belongs.

mod align;
mod breaks;
mod lines;
#[cfg(test)]
mod properties;
mod spacing;
#[cfg(test)]
mod tests;
mod tokens;

use std::ops::Range;

use crate::source::Span;
use crate::syntax::{self, Kind, Node, Tree};

use align::Columns;
use tokens::Tokens;

/// The first place at which a text is no script, so that it has no layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The bytes at fault; none where something is missing.
    pub range: Range<usize>,
}

/// The mark with which some editors begin a file.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Lays out `text`. A text that is laid out already comes back as it is, and so
/// does one whose meaning a new layout would change.
pub fn format(text: &str) -> Result<String, Broken> {
    let content = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let tree = syntax::parse(content);
    if let Some(fault) = first_fault(&tree) {
        let mark = text.len() - content.len();
        return Err(Broken { range: fault.start + mark..fault.end + mark });
    }
    let result = lay_out(&tree, content);
    let same = result == content || same_program((&tree, content), (&syntax::parse(&result), &result));
    Ok(if same { result } else { text.to_owned() })
}

/// The text of a tree in its layout.
fn lay_out(tree: &Tree, text: &str) -> String {
    let Some(root) = tree.root() else { return text.to_owned() };
    let tokens = Tokens::of(root, text);
    let starts = breaks::breaks(&tokens);
    let lines = lines::lines(&tokens, starts);
    let columns = Columns::of(&tokens, &lines);
    write(&tokens, &lines, &columns, line_end(text))
}

/// `\r\n` where every line of the text ends so.
fn line_end(text: &str) -> &'static str {
    let windows = text.matches("\r\n").count();
    if windows > 0 && windows == text.matches('\n').count() { "\r\n" } else { "\n" }
}

fn write(tokens: &Tokens, lines: &[lines::Line], columns: &Columns, line_end: &str) -> String {
    let mut text = String::new();
    for line in lines {
        if line.after_blank {
            text += line_end;
        }
        text.extend(std::iter::repeat_n(' ', columns.margin(line)));
        for index in line.start..line.end {
            if index > line.start {
                text.extend(std::iter::repeat_n(' ', columns.gap(index)));
            }
            text += tokens.all[index].text;
        }
        text += line_end;
    }
    text
}

/// The first place that is broken or has still to be typed.
fn first_fault(tree: &Tree) -> Option<Span> {
    let root = tree.root()?;
    let mut first = None;
    root.walk(&mut |node, _| {
        if first.is_none() && is_fault(node) {
            first = Some(node.span());
        }
        first.is_none()
    });
    first.or_else(|| root.has_error().then(|| root.span()))
}

fn is_fault(node: Node) -> bool {
    let is_fault = matches!(
        node.kind(),
        Kind::Error
            | Kind::InvalidSpace
            | Kind::MissingBlock
            | Kind::MissingBracket
            | Kind::MissingName
            | Kind::MissingType
            | Kind::MissingValue
            | Kind::UnterminatedBlockComment
            | Kind::UnterminatedString
    );
    is_fault || node.is_missing()
}

/// Whether two trees say the same: the same nodes and words in the same order.
/// Comments, commas and semicolons may differ in their places.
fn same_program(one: (&Tree, &str), other: (&Tree, &str)) -> bool {
    outline(one) == outline(other)
}

fn outline<'t>((tree, text): (&Tree, &'t str)) -> Vec<(Kind, usize, &'t str)> {
    let mut outline = Vec::new();
    let Some(root) = tree.root() else { return outline };
    root.walk(&mut |node, ancestors| {
        let kind = node.kind();
        let passed =
            matches!(kind, Kind::LineComment | Kind::BlockComment | Kind::InvalidHashComment | Kind::Semicolon);
        let comma = kind == Kind::Token && node.token() == ",";
        if !passed && !comma {
            let atom = node.is_leaf() || kind == Kind::String;
            outline.push((kind, ancestors.len(), if atom { node.text(text) } else { "" }));
        }
        !passed && kind != Kind::String
    });
    outline
}
