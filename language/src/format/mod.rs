//! One layout for every script: what people leave to a tool so that they need
//! not talk about it. Works on the tokens of the syntax tree and changes the
//! white space between them, never their order and never what a program means;
//! that is checked once more before a text is given back.
//!
//! The text becomes a row of [`tokens`]; [`breaks`] says which of them begin a
//! line, [`lines`] indents these and breaks what is too long, [`align`] keeps
//! what stands in columns. [`spacing`] knows where a blank belongs, and
//! [`outline`] whether two trees say the same.

mod align;
mod breaks;
mod lines;
mod outline;
#[cfg(test)]
mod properties;
mod spacing;
#[cfg(test)]
mod tests;
mod tokens;

use std::ops::Range;

use crate::syntax::{self, Kind, Node};

use align::Columns;
use outline::Outline;
use tokens::{Collector, Tokens};

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
    let Some(root) = tree.root() else { return Ok(text.to_owned()) };
    let reading = Reading::of(root, content).map_err(|Broken { range }| {
        let mark = text.len() - content.len();
        Broken { range: range.start + mark..range.end + mark }
    })?;
    let result = lay_out(&reading.tokens, line_end(content));
    let same = result == content || reading.outline.is_that_of(&syntax::parse(&result), &result);
    Ok(if same { result } else { text.to_owned() })
}

/// What a layout needs of a text, from one walk over its tree.
struct Reading<'t> {
    tokens: Tokens<'t>,
    outline: Outline<'t>,
}

impl<'t> Reading<'t> {
    /// Reads the text below `root`, up to the first place that is broken or has
    /// still to be typed.
    fn of(root: Node, text: &'t str) -> Result<Reading<'t>, Broken> {
        let mut tokens = Collector::new(text);
        let mut outline = Outline::default();
        let mut fault = None;
        root.walk(&mut |node, ancestors| {
            if fault.is_none() && is_fault(node) {
                fault = Some(node.span());
            }
            if fault.is_some() {
                return false;
            }
            outline.add(node, ancestors.len(), text);
            tokens.visit(node, ancestors)
        });
        match fault.or_else(|| root.has_error().then(|| root.span())) {
            Some(span) => Err(Broken { range: span.start()..span.end() }),
            None => Ok(Reading { tokens: tokens.finish(), outline }),
        }
    }
}

/// The text of these tokens in their layout.
fn lay_out(tokens: &Tokens, line_end: &str) -> String {
    let starts = breaks::breaks(tokens);
    let lines = lines::lines(tokens, starts);
    let columns = Columns::of(tokens, &lines);
    write(tokens, &lines, &columns, line_end)
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

/// Whether a node is broken, has still to be typed or is a form of another language.
fn is_fault(node: Node) -> bool {
    let is_fault = matches!(
        node.kind(),
        Kind::Error
            | Kind::BlockValue
            | Kind::Dictionary
            | Kind::ForeignHeader
            | Kind::HeaderColon
            | Kind::InvalidSpace
            | Kind::MissingBlock
            | Kind::MissingBracket
            | Kind::MissingName
            | Kind::MissingType
            | Kind::MissingValue
            | Kind::StepStatement
            | Kind::UnterminatedBlockComment
            | Kind::UnterminatedString
    );
    is_fault || node.is_missing()
}
