//! The edits that repair what lowering finds: another spelling at the same
//! place, or a line of its own for a statement.

use super::Lowering;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;
use crate::syntax::{Field, Node};

impl Lowering<'_> {
    /// Gives the hint for an old spelling, with the edit that writes the new one.
    pub(super) fn legacy(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>, fix: Option<Fix>) {
        let hint = Diagnostic::new(Code::LegacySyntax, span, message).help(help);
        self.problems.push(Diagnostic { fix, ..hint });
    }

    /// Other text at a place, which means what was meant there.
    pub(super) fn instead(&self, span: Span, text: impl Into<String>) -> Fix {
        let text = text.into();
        Fix::safe(format!("replace `{}` with `{text}`", self.at(span))).replace(span, text)
    }

    /// A range `a..b` as something else: text before it, between its bounds and behind it.
    pub(super) fn range_as(&self, node: Node, [before, between, behind]: [&str; 3]) -> Option<Fix> {
        let (start, end) = (node.field(Field::Start)?.span(), node.field(Field::End)?.span());
        let dots = node.span().with(start.end(), end.start());
        let text = format!("{before}{}{between}{}{behind}", self.at(start), self.at(end));
        let fix = Fix::safe(format!("write `{text}`"));
        let fix = if before.is_empty() { fix } else { fix.insert_before(start, before) };
        let fix = fix.replace(dots, between);
        Some(if behind.is_empty() { fix } else { fix.insert_after(end, behind) })
    }

    /// A sign between statements goes: what follows on its line gets a line of its
    /// own. None where the next line would then be read as part of this one, or where a
    /// bracket behind it closes nothing, so that the mistake lies before.
    pub(super) fn without_separator(&self, sign: Span) -> Option<Fix> {
        let behind = self.text.get(sign.end()..).filter(|_| sign.end() > sign.start())?;
        let depths = behind.lines().next()?.chars().scan(0, |depth, character| {
            *depth += i32::from("([".contains(character)) - i32::from(")]".contains(character));
            Some(*depth)
        });
        if depths.min().is_some_and(|least| least < 0) {
            return None;
        }
        let rest = behind.trim_start_matches([' ', '\t']);
        let next = behind.trim_start();
        if next.starts_with(|c: char| "([.+-*/%@<>=&|⊙⊗≈".contains(c)) && !next.starts_with("//") {
            return None;
        }
        let fix = Fix::safe(format!("remove `{}`", self.at(sign)));
        if rest.is_empty() || rest.starts_with(['\n', '\r', '}', ';']) || rest.starts_with("//") {
            return Some(fix.remove(sign));
        }
        let before = self.text.get(..sign.start())?;
        let line = before.rfind(['\n', '\r']).map_or(before, |end| &before[end + 1..]);
        let indent = &line[..line.len() - line.trim_start().len()];
        let gap = sign.with(sign.start(), sign.end() + behind.len() - rest.len());
        Some(fix.replace(gap, format!("\n{indent}")))
    }

    /// A word and the space behind it go.
    pub(super) fn without_word(&self, word: Span) -> Fix {
        let behind = self.text.get(word.end()..).unwrap_or_default();
        let space = behind.len() - behind.trim_start().len();
        let fix = Fix::safe(format!("remove `{}`", self.at(word)));
        fix.remove(word.with(word.start(), word.end() + space))
    }

    /// Statements that follow each other go into `main`, at its beginning if they stand
    /// before it and else at its end; where there is none, they become one.
    pub(super) fn moved_into_main(&self, stray: &[Node], main: Option<Node>) -> Option<Fix> {
        let span = stray.first()?.span().to(stray.last()?.span());
        let text = self.at(span);
        // A string may go on in the next line, which is then not to be moved.
        if text.lines().any(|line| line.matches('"').count() % 2 == 1) {
            return None;
        }
        let lines: Vec<String> = text.lines().map(|line| format!("    {line}")).collect();
        let lines = lines.join("\n");
        let fix = Fix::likely("put it into `main`");
        let Some(main) = main else { return Some(fix.replace(span, format!("main {{\n{lines}\n}}"))) };
        let body = main.field(Field::Body)?.span();
        if !self.at(body).starts_with('{') || !self.at(body).ends_with('}') || main.has_error() {
            return None;
        }
        let fix = fix.remove(self.whole_lines(span));
        let (inside, before) = match span.start() < body.start() {
            true => (body.start() + 1, format!("\n{lines}")),
            false => (body.end() - 1, format!("{lines}\n")),
        };
        let line_ends = |text: &str| text.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        let line_begins = |text: &str| text.trim_end_matches([' ', '\t']).ends_with('\n');
        let text = match span.start() < body.start() {
            true if line_ends(self.text.get(inside..)?) => before,
            true => format!("{before}\n   "),
            false if line_begins(self.text.get(..inside)?) => before,
            false => format!("\n{before}"),
        };
        let at = span.with(inside, inside);
        Some(fix.replace(at, text))
    }

    /// A place with the rest of its lines, where nothing else stands on them.
    fn whole_lines(&self, span: Span) -> Span {
        let (before, behind) =
            (self.text.get(..span.start()).unwrap_or_default(), self.text.get(span.end()..).unwrap_or_default());
        let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
        let rest = behind.trim_start_matches([' ', '\t', '\r']);
        let begins = before.len() == indent || before[..before.len() - indent].ends_with('\n');
        match rest.strip_prefix('\n') {
            Some(next) if begins => span.with(span.start() - indent, span.end() + behind.len() - next.len()),
            _ => span,
        }
    }
}
