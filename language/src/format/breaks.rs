//! Which tokens begin a line. Statements do; elsewhere a line goes on where its
//! author let it go on, as far as that is a place where people break lines. One
//! blank line between two groups of statements stays.

use super::tokens::{ROOT, Token, Tokens};
use crate::syntax::Kind;

/// What stands in front of a token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Start {
    /// The token before it.
    InLine,
    /// A line end.
    Line,
    /// A line end and a blank line.
    AfterBlank,
}

/// What stands in front of each token.
pub(super) fn breaks(tokens: &Tokens) -> Vec<Start> {
    let mut starts: Vec<Start> = (0..tokens.all.len()).map(|index| start(tokens, index)).collect();
    lead_with_comments(tokens, &mut starts);
    part_declarations(tokens, &mut starts);
    starts
}

fn start(tokens: &Tokens, index: usize) -> Start {
    let token = &tokens.all[index];
    let Some(before) = index.checked_sub(1).map(|before| &tokens.all[before]) else { return Start::InLine };
    let written = match token.lines {
        0 => Start::InLine,
        1 => Start::Line,
        _ => Start::AfterBlank,
    };
    // Nothing but lines: the edges of brackets have no blank line.
    let at_edge = before.opens().is_some() || token.closes().is_some();
    let most = if token.between_items && !at_edge { Start::AfterBlank } else { Start::Line };
    let start = if token.is_comment() {
        written
    } else if let Some(group) = token.closes().map(|group| &tokens.groups[group]).filter(|group| group.lines) {
        if group.flat { Start::InLine } else { Start::Line }
    } else if token.item.is_some() && tokens.groups[token.group].lines {
        if tokens.groups[token.group].flat { Start::InLine } else { written.max(Start::Line) }
    } else if token.item.is_none() && stays_in_line(before, token) {
        Start::InLine
    } else {
        written
    };
    let start = if before.ends_line() { start.max(Start::Line) } else { start };
    // An item is the first token of something that stands between items.
    let most = if token.item.is_some() && !at_edge { Start::AfterBlank } else { most };
    start.min(most)
}

/// Whether no line ends between two tokens, whatever the author wrote.
fn stays_in_line(before: &Token, token: &Token) -> bool {
    let with_the_next = match before.symbol() {
        "." | "::" | ".." | "!" | "<" => true,
        "-" => matches!(before.parent, Kind::UnaryExpression | Kind::NegativeNumber),
        word => HEADER_WORDS.contains(&word),
    };
    let with_the_last = match token.symbol() {
        "," | ";" | ":" | "?" | "::" | ".." | "else" | "in" | "=" | ":=" | "=>" => true,
        "{" => token.parent != Kind::EntitySet,
        "(" => matches!(token.parent, Kind::ArgumentList | Kind::ParameterList | Kind::LegacyMain),
        "[" => matches!(token.parent, Kind::IndexList | Kind::DimensionList),
        "<" | ">" => matches!(token.parent, Kind::TypeArguments | Kind::TypeParameters),
        _ => matches!(token.kind, Kind::Semicolon | Kind::StrayComma),
    };
    // In an open list `<` is the operator, which may end a line.
    let with_the_next = with_the_next
        && (before.symbol() != "<" || matches!(before.parent, Kind::TypeArguments | Kind::TypeParameters));
    with_the_next || with_the_last
}

/// Words that never end a line.
const HEADER_WORDS: &[&str] = &[
    "else", "entity", "fn", "for", "if", "impl", "import", "in", "let", "match", "relation", "return", "struct",
    "tensor", "while",
];

/// A block comment in front of a statement on its line leads that line.
fn lead_with_comments(tokens: &Tokens, starts: &mut [Start]) {
    for index in 1..starts.len() {
        let token = &tokens.all[index];
        if token.item.is_none() || token.lines > 0 || starts[index] == Start::InLine {
            continue;
        }
        let before = index - 1;
        if tokens.all[before].kind == Kind::BlockComment && (before == 0 || starts[before] != Start::InLine) {
            starts[index] = Start::InLine;
        }
    }
}

/// A blank line parts a function, a struct, a test or `main` from its neighbours.
fn part_declarations(tokens: &Tokens, starts: &mut [Start]) {
    let mut last = None;
    for (index, token) in tokens.all.iter().enumerate() {
        let Some(kind) = token.item else { continue };
        if token.group != ROOT && tokens.groups[token.group].kind != Kind::ImplBody {
            continue;
        }
        // In an `impl`, the first function follows the brace.
        let first = tokens.groups[token.group].first == Some(index);
        let parted = is_large(kind) || last.is_some_and(is_large);
        last = Some(kind);
        if first || !parted {
            continue;
        }
        let comments = tokens.all[..index].iter().rev().take_while(|before| before.is_comment()).count();
        let gap = &mut starts[index - comments..=index];
        if gap.contains(&Start::AfterBlank) {
            continue;
        }
        if let Some(start) = gap.iter_mut().find(|start| **start == Start::Line) {
            *start = Start::AfterBlank;
        }
    }
}

fn is_large(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::FunctionDeclaration
            | Kind::StructDeclaration
            | Kind::ImplDeclaration
            | Kind::MainBlock
            | Kind::LegacyMain
            | Kind::TestBlock
            | Kind::BenchBlock
    )
}
