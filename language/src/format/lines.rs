//! From tokens to lines: where each one begins, how far it is indented, and
//! what becomes of one that is too long.

use super::breaks::Start;
use super::spacing::is_space;
use super::tokens::{Bracket, Index, ROOT, Token, Tokens, column_after};
use crate::syntax::Kind;

/// The blanks of one level.
const INDENT: usize = 4;

/// Deeper levels are not indented any further.
const DEEPEST: usize = 64 * INDENT;

/// Lists on longer lines are broken, unless that leaves too little room.
const WIDTH: usize = 100;
const DEEPEST_BROKEN: usize = 60;

/// A line of the layout.
pub(super) struct Line {
    /// Where it begins.
    pub margin: Margin,
    /// The same in columns, as long as nothing is lined up.
    pub indent: usize,
    /// Whether a blank line parts it from the one before.
    pub after_blank: bool,
    /// Its first token, and one past its last.
    pub start: Index,
    pub end: Index,
}

/// A distance from the left edge: blanks, or the column of an earlier token and
/// blanks.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Margin {
    pub token: Option<Index>,
    pub blanks: usize,
}

impl Margin {
    fn indented(self) -> Margin {
        Margin { blanks: (self.blanks + INDENT).min(DEEPEST), ..self }
    }
}

/// How many blanks stand in front of a token that does not begin its line.
pub(super) fn gap(tokens: &Tokens, index: Index) -> usize {
    let (left, right) = (&tokens.all[index - 1], &tokens.all[index]);
    if right.ends_line() { 2 } else { usize::from(is_space(left, right)) }
}

/// The lines of a text whose tokens begin them as `starts` says.
pub(super) fn lines(tokens: &Tokens, starts: Vec<Start>) -> Vec<Line> {
    let count = tokens.all.len();
    let mut layout = Layout {
        tokens,
        hanging: hanging_groups(tokens, &starts),
        starts,
        lines: Vec::new(),
        frames: vec![Frame { group: ROOT, ..Frame::default() }],
        margins: vec![Margin::default(); count],
        columns: vec![0; count],
    };
    let mut start = 0;
    while start < count {
        start = layout.line(start);
    }
    layout.lines
}

/// The groups whose further lines begin below their first item, as their author
/// wrote it; the rows of a matrix always do.
fn hanging_groups(tokens: &Tokens, starts: &[Start]) -> Vec<bool> {
    let mut hanging = vec![false; tokens.groups.len()];
    let mut loose = vec![false; tokens.groups.len()];
    for (index, token) in tokens.all.iter().enumerate() {
        let group = &tokens.groups[token.group];
        let Some(first) = group.first.filter(|_| token.item.is_some() && !group.lines) else { continue };
        if starts[first] == Start::InLine && starts[index] != Start::InLine {
            hanging[token.group] = true;
            let is_row = group.kind == Kind::ArrayLiteral && token.item == Some(Kind::ArrayLiteral);
            loose[token.group] |= !is_row && token.column != tokens.all[first].column;
        }
    }
    hanging.iter().zip(loose).map(|(hanging, loose)| *hanging && !loose).collect()
}

struct Layout<'a, 't> {
    tokens: &'a Tokens<'t>,
    starts: Vec<Start>,
    hanging: Vec<bool>,
    lines: Vec<Line>,
    frames: Vec<Frame>,
    /// The margin of each token's line, and its column, as far as these are known.
    margins: Vec<Margin>,
    columns: Vec<usize>,
}

/// A pair of brackets that is open.
#[derive(Clone, Copy, Default)]
struct Frame {
    group: usize,
    /// Where its items and its closing bracket begin.
    content: Margin,
    close: Margin,
    /// Where the line of the current item begins.
    item: Margin,
}

impl Layout<'_, '_> {
    /// Lays out the line that begins with a token; gives the one behind it.
    fn line(&mut self, start: Index) -> Index {
        let margin = self.margin(start);
        let indent = margin.token.map_or(0, |token| self.columns[token]) + margin.blanks;
        loop {
            let end = self.place(start, indent);
            if self.is_too_long(start, end) && self.shorten(start, end, indent) {
                continue;
            }
            let after_blank = self.starts[start] == Start::AfterBlank;
            self.lines.push(Line { margin, indent, after_blank, start, end });
            (start..end).for_each(|index| self.pass(index, margin));
            return end;
        }
    }

    fn token(&self, index: Index) -> &Token<'_> {
        &self.tokens.all[index]
    }

    fn frame(&self) -> Frame {
        self.frames.last().copied().unwrap_or_default()
    }

    /// Where a line begins whose first token this is.
    fn margin(&self, index: Index) -> Margin {
        let token = self.token(index);
        let frame = self.frame();
        let in_parentheses = self.tokens.groups[frame.group].kind == Kind::ParenthesizedExpression;
        if token.closes().is_some() {
            frame.close
        } else if token.item.is_some() || (token.is_comment() && token.between_items) {
            frame.content
        } else if let Some(anchor) = token.anchor {
            self.margins[anchor]
        } else if in_parentheses {
            frame.content
        } else {
            frame.item.indented()
        }
    }

    /// Finds the columns of a line's tokens; gives the end of the line.
    fn place(&mut self, start: Index, indent: usize) -> Index {
        let mut column = indent;
        let mut index = start;
        loop {
            self.columns[index] = column;
            column = column_after(column, self.token(index).text);
            index += 1;
            if index == self.starts.len() || self.starts[index] != Start::InLine {
                return index;
            }
            column += gap(self.tokens, index);
        }
    }

    fn width(&self, index: Index) -> usize {
        let text = self.token(index).text;
        self.columns[index] + text.chars().take_while(|c| *c != '\n').count()
    }

    /// Comments may be as long as they are.
    fn is_too_long(&self, start: Index, end: Index) -> bool {
        let mut code = (start..end).filter(|index| !self.token(*index).is_comment());
        code.any(|index| self.width(index) > WIDTH)
    }

    /// Keeps track of the brackets and items of a line that is finished.
    fn pass(&mut self, index: Index, margin: Margin) {
        self.margins[index] = margin;
        let token = &self.tokens.all[index];
        if token.item.is_some()
            && let Some(frame) = self.frames.last_mut()
        {
            frame.item = margin;
        }
        match token.bracket {
            Some(Bracket::Opens(group)) => {
                let first = self.tokens.groups[group].first;
                let close = self.margins[self.tokens.groups[group].anchor];
                let hangs = self.hanging[group] && first == Some(index + 1);
                let content = if hangs { Margin { token: first, blanks: 0 } } else { close.indented() };
                self.frames.push(Frame { group, content, close, item: content });
            }
            Some(Bracket::Closes(_)) if self.frames.len() > 1 => drop(self.frames.pop()),
            _ => {}
        }
    }

    /// Breaks a line that is too long, if it can be broken.
    fn shorten(&mut self, start: Index, end: Index, indent: usize) -> bool {
        let bodies = self.flat_bodies(start, end);
        for group in &bodies {
            self.break_group(*group, Start::Line);
        }
        if !bodies.is_empty() {
            return true;
        }
        if self.break_items(start, end) {
            return true;
        }
        if indent + INDENT > DEEPEST_BROKEN {
            return false;
        }
        let Some(group) = self.widest_list(start, end) else { return false };
        if self.is_filled(group) {
            self.fill(group, indent + INDENT);
        } else {
            self.break_group(group, Start::Line);
        }
        true
    }

    /// The outermost blocks, bodies and matches that are written on this line.
    fn flat_bodies(&self, start: Index, end: Index) -> Vec<usize> {
        let mut bodies = Vec::new();
        let mut index = start;
        while index < end {
            if let Some(id) = self.token(index).opens() {
                let group = &self.tokens.groups[id];
                // One that holds comments alone is broken at its bracket.
                let first = group.first.unwrap_or(group.close);
                let is_empty = group.open + 1 == group.close;
                if group.lines && !is_empty && first < end && self.starts[first] == Start::InLine {
                    bodies.push(id);
                }
                if group.lines && group.close < end {
                    index = group.close;
                }
            }
            index += 1;
        }
        bodies
    }

    /// Gives each item of a group its line, and the closing bracket too.
    fn break_group(&mut self, id: usize, start: Start) {
        let group = &self.tokens.groups[id];
        for index in group.open + 1..group.close {
            let token = &self.tokens.all[index];
            if token.group == id && token.item.is_some() {
                self.starts[index] = self.starts[index].max(start);
            }
        }
        self.starts[group.close] = self.starts[group.close].max(start);
    }

    /// Breaks between the items of a list that was opened on an earlier line.
    fn break_items(&mut self, start: Index, end: Index) -> bool {
        let id = self.frame().group;
        if self.tokens.groups[id].lines {
            return false;
        }
        if self.is_filled(id) {
            return self.wrap(id, start + 1..end, self.columns[start]);
        }
        let mut found = false;
        for index in start + 1..end {
            let token = &self.tokens.all[index];
            if token.group == id && token.item.is_some() {
                self.starts[index] = Start::Line;
                found = true;
            }
        }
        found
    }

    /// The widest of the outermost lists that open on this line and can be broken.
    fn widest_list(&self, start: Index, end: Index) -> Option<usize> {
        let mut widest: Option<(usize, usize)> = None;
        let mut index = start;
        while index < end {
            let opened = self.token(index).opens();
            index += 1;
            let Some(id) = opened.filter(|id| self.is_breakable(*id, end)) else { continue };
            let last = self.tokens.groups[id].close.min(end - 1);
            let width = self.width(last) - self.columns[index - 1].min(self.width(last));
            if widest.is_none_or(|(known, _)| width >= known) {
                widest = Some((width, id));
            }
            index = last;
        }
        widest.map(|(_, id)| id)
    }

    /// Whether it helps to begin a line with each item of a group.
    fn is_breakable(&self, id: usize, end: Index) -> bool {
        let group = &self.tokens.groups[id];
        let list = matches!(
            group.kind,
            Kind::ArgumentList
                | Kind::ArrayLiteral
                | Kind::EntitySet
                | Kind::ParameterList
                | Kind::StructLiteral
                | Kind::TupleExpression
        );
        let Some(first) = group.first.filter(|first| *first < end && self.starts[*first] == Start::InLine) else {
            return false;
        };
        // A list alone inside of another one is broken in its place, and a word
        // alone gains nothing.
        let is_single = group.items == 1;
        let holds_list = self.token(first).item == Some(Kind::ArrayLiteral) && self.token(first).opens().is_some();
        let holds_word = first + 1 == group.close;
        list && !(is_single && (holds_list || holds_word))
    }

    /// Whether an array holds numbers and other words alone, which fill lines.
    fn is_filled(&self, id: usize) -> bool {
        let group = &self.tokens.groups[id];
        if group.kind != Kind::ArrayLiteral {
            return false;
        }
        let mut inside = self.tokens.all[group.open + 1..group.close].iter();
        inside.all(|token| token.bracket.is_none() && !token.is_comment() && !token.text.contains('\n'))
    }

    /// Begins a line with the first item of an array, and another one wherever
    /// the next item has no room.
    fn fill(&mut self, id: usize, indent: usize) {
        let group = &self.tokens.groups[id];
        if let Some(first) = group.first {
            self.starts[first] = self.starts[first].max(Start::Line);
            self.wrap(id, first + 1..group.close, indent);
        }
        self.starts[group.close] = self.starts[group.close].max(Start::Line);
    }

    /// Breaks wherever the next item has no room, if the item before the `range`
    /// begins in column `indent`.
    fn wrap(&mut self, id: usize, range: std::ops::Range<Index>, indent: usize) -> bool {
        let mut found = false;
        let mut column = indent + self.token(range.start - 1).text.chars().count();
        let mut item = None;
        let mut column_at_item = 0;
        for index in range.start..range.end {
            let token = self.token(index);
            if self.starts[index] != Start::InLine {
                column = indent;
            } else {
                column += gap(self.tokens, index);
            }
            if token.group == id && token.item.is_some() {
                item = Some(index);
                column_at_item = column;
            }
            column += token.text.chars().count();
            if column > WIDTH
                && let Some(item) = item.take()
                && self.starts[item] == Start::InLine
            {
                self.starts[item] = Start::Line;
                column = indent + (column - column_at_item);
                found = true;
            }
        }
        found
    }
}
