//! What stands in columns: signs of neighbouring lines that their author lined
//! up stay so, and so do comments at the ends of lines. Nothing is lined up that
//! was not.

use super::lines::{Line, Margin, gap};
use super::tokens::{Index, Tokens};
use crate::syntax::Kind;

/// The blanks in front of each token that does not begin its line, and the
/// columns of all.
pub(super) struct Columns {
    gaps: Vec<usize>,
    columns: Vec<usize>,
}

/// What may be lined up with its like on the lines above and below.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// The `:` in front of a type or a value.
    Colon,
    /// What follows it.
    AfterColon,
    /// An assignment, or the arrow of a `match`.
    Sign,
    /// A comment at the end of a line.
    Comment,
}

impl Columns {
    /// The columns of the tokens of these lines.
    pub fn of(tokens: &Tokens, lines: &[Line]) -> Columns {
        let gaps = (0..tokens.all.len()).map(|index| if index == 0 { 0 } else { gap(tokens, index) }).collect();
        let mut columns = Columns { gaps, columns: vec![0; tokens.all.len()] };
        columns.place(tokens, lines);
        for mark in [Mark::Colon, Mark::AfterColon, Mark::Sign, Mark::Comment] {
            let mut moved = false;
            for run in runs(tokens, lines, mark) {
                moved |= columns.line_up(tokens, &run, mark);
            }
            if moved {
                columns.place(tokens, lines);
            }
        }
        columns
    }

    /// The blanks in front of a token that does not begin its line.
    pub fn gap(&self, index: Index) -> usize {
        self.gaps[index]
    }

    /// The blanks in front of a line.
    pub fn margin(&self, line: &Line) -> usize {
        let Margin { token, blanks } = line.margin;
        token.map_or(0, |token| self.columns[token]) + blanks
    }

    fn place(&mut self, tokens: &Tokens, lines: &[Line]) {
        for line in lines {
            let mut column = self.margin(line);
            for index in line.start..line.end {
                if index > line.start {
                    column += self.gaps[index];
                }
                self.columns[index] = column;
                column = super::tokens::column_after(column, tokens.all[index].text);
            }
        }
    }

    /// Lines up the marks of neighbouring lines, if their author did; says whether that was so.
    fn line_up(&mut self, tokens: &Tokens, run: &[Index], mark: Mark) -> bool {
        let lined_up = match mark {
            Mark::Comment => any_lined_up(tokens, run),
            _ => run.iter().any(|index| tokens.all[*index].gap > gap(tokens, *index)),
        };
        if !lined_up || run.len() < 2 {
            return false;
        }
        let column = run.iter().map(|index| self.columns[*index]).max().unwrap_or_default();
        for index in run {
            self.gaps[*index] += column - self.columns[*index];
        }
        true
    }
}

/// Whether two comments of a run stand in one column behind code of different length.
fn any_lined_up(tokens: &Tokens, run: &[Index]) -> bool {
    let mut places: Vec<_> = run.iter().map(|index| (tokens.all[*index].column, tokens.all[*index].gap)).collect();
    places.sort_unstable();
    places.windows(2).any(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1)
}

/// The marks of this kind on neighbouring lines: all comments, and of the other
/// marks those that stand in one column of the text.
fn runs(tokens: &Tokens, lines: &[Line], mark: Mark) -> Vec<Vec<Index>> {
    let mut runs: Vec<Vec<Index>> = Vec::new();
    let mut last: Option<&Line> = None;
    for line in lines {
        let Some(found) = find(tokens, line, mark) else {
            last = None;
            continue;
        };
        let goes_on = last.is_some_and(|last| {
            last.indent == line.indent && !line.after_blank && (mark == Mark::Comment || same_list(tokens, last, line))
        });
        let run = runs.last_mut().filter(|run| {
            let column = run.first().map(|first| tokens.all[*first].column);
            goes_on && (mark == Mark::Comment || column == Some(tokens.all[found].column))
        });
        match run {
            Some(run) => run.push(found),
            None => runs.push(vec![found]),
        }
        last = Some(line);
    }
    runs
}

fn same_list(tokens: &Tokens, one: &Line, other: &Line) -> bool {
    let (one, other) = (&tokens.all[one.start], &tokens.all[other.start]);
    one.group == other.group && one.item.is_some() && other.item.is_some()
}

/// The first such mark of a line, in the item that the line begins with.
fn find(tokens: &Tokens, line: &Line, mark: Mark) -> Option<Index> {
    let first = &tokens.all[line.start];
    if mark == Mark::Comment {
        return Some(line.end - 1).filter(|last| *last > line.start && tokens.all[*last].ends_line());
    }
    first.item?;
    let mut inside = line.start + 1..line.end;
    inside.find(|index| {
        let is_mark = |index: Index| {
            let token = &tokens.all[index];
            token.group == first.group
                && match mark {
                    Mark::Sign => is_sign(token.symbol()),
                    _ => token.symbol() == ":" && token.parent != Kind::SliceRange,
                }
        };
        match mark {
            Mark::AfterColon => is_mark(*index - 1),
            _ => is_mark(*index),
        }
    })
}

fn is_sign(symbol: &str) -> bool {
    matches!(symbol, "=" | ":=" | "+=" | "-=" | "*=" | "/=" | "=>")
}
