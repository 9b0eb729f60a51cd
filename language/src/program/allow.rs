//! `// tl: allow(code, …)`: comments by which a script silences problems, on
//! their own line, or, where one stands alone on its line, in the next statement
//! or declaration. One that silences nothing is itself told.

use crate::diagnostic::{Code, Diagnostic, Fix, Severities};
use crate::source::{FileId, FileSpan, SourceFile, Sources, Span};
use crate::syntax::{Kind, Node, Tree};

/// How such a comment begins, behind `//` and space.
const MARK: &str = "tl:";

/// Takes the problems of a file that a comment allows out of `problems` and gives
/// them; adds what is wrong with the comments.
pub fn apply(tree: &Tree, sources: &Sources, file: FileId, problems: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
    let SourceFile { text, whole, .. } = sources.file(file);
    let Some(root) = tree.root_in(*whole) else { return Vec::new() };
    let (comments, mut wrong) = comments(text, root, file);
    let mut used = vec![false; comments.len()];
    let is_allowed = |problem: &mut Diagnostic| {
        let place = sources.place(problem.place);
        let mut allowed = false;
        for (comment, used) in comments.iter().zip(&mut used) {
            if comment.code == problem.code && comment.covers(text, place) {
                (*used, allowed) = (true, true);
            }
        }
        allowed
    };
    let mut allowed: Vec<Diagnostic> = problems.extract_if(.., is_allowed).collect();
    // In a text that is not understood, much is not looked for.
    if !problems.iter().chain(&allowed).any(|problem| problem.code == Code::SyntaxError) {
        let unused = comments.iter().zip(&used).filter(|(comment, used)| !**used && comment.code != Code::UnusedAllow);
        wrong.extend(unused.map(|(comment, _)| comment.unused()));
    }
    let mut is_allowed = |problem: &mut Diagnostic| {
        let place = sources.place(problem.place);
        comments.iter().any(|comment| comment.code == Code::UnusedAllow && comment.covers(text, place))
    };
    allowed.extend(wrong.extract_if(.., &mut is_allowed));
    problems.extend(wrong);
    allowed
}

/// One code of one comment.
struct Allowed {
    file: FileId,
    code: Code,
    /// The code in the comment.
    word: Span,
    /// What goes with it: the word and a comma, or the whole comment.
    removable: Span,
    /// The bytes in which a problem may begin.
    start: usize,
    end: usize,
}

impl Allowed {
    fn covers(&self, text: &str, place: FileSpan) -> bool {
        place.file == self.file && self.start <= place.start && place.start < self.end.max(self.start + 1)
            // What begins behind the last statement is told at the end of the text.
            || place.file == self.file && place.start == self.end && self.end == text.len()
    }

    fn unused(&self) -> Diagnostic {
        let message = format!("there is no `{}` to allow here", self.code.name());
        let fix = Fix::safe("remove what allows it").remove(self.removable);
        Diagnostic::new(Code::UnusedAllow, self.word, message).help("remove it").fix(fix)
    }
}

/// What the comments of a text allow, and what is wrong with them.
fn comments(text: &str, root: Node, file: FileId) -> (Vec<Allowed>, Vec<Diagnostic>) {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    let mut read = 0;
    for at in memchr::memmem::find_iter(text.as_bytes(), MARK) {
        let node = root.at(at).filter(|node| node.kind() == Kind::LineComment);
        // The words behind the mark of a comment may look like another mark.
        if let Some(span) = node.map(Node::span).filter(|span| span.start() >= read) {
            read = span.end();
            Comment { text, span, file }.read(root, &mut found, &mut wrong);
        }
    }
    (found, wrong)
}

struct Comment<'t> {
    text: &'t str,
    span: Span,
    file: FileId,
}

impl Comment<'_> {
    fn read(&self, root: Node, found: &mut Vec<Allowed>, wrong: &mut Vec<Diagnostic>) {
        let inside = self.text.get(self.span.start()..self.span.end()).unwrap_or_default().trim_end();
        let Some(rest) = inside.trim_start_matches('/').trim_start().strip_prefix(MARK) else { return };
        let list = rest.trim_start().strip_prefix("allow").map(str::trim_start).and_then(|rest| rest.strip_prefix('('));
        let Some(list) = list.and_then(|list| list.split_once(')')).map(|(list, _)| list) else {
            let message = "this comment is for the tools and is not understood";
            let problem = Diagnostic::new(Code::UnusedAllow, self.place(self.span.start(), self.span.end()), message);
            wrong.push(problem.help("write `// tl: allow(code, …)`"));
            return;
        };
        let (start, end) = self.reach(root);
        // The list is a part of the text.
        let first = list.as_ptr() as usize - self.text.as_ptr() as usize;
        let mut at = first;
        for part in list.split(',') {
            let word = part.trim();
            let word_start = at + part.len() - part.trim_start().len();
            let place = self.place(word_start, word_start + word.len());
            let (part_start, part_end) = (at, at + part.len());
            at = part_end + 1;
            let removable = match list.contains(',') {
                false => self.with_space_before(),
                true if part_start == first => self.place(word_start, part_end + 1),
                true => self.place(part_start - 1, part_end),
            };
            match Severities::code(word) {
                Ok(code) => found.push(Allowed { file: self.file, code, word: place, removable, start, end }),
                Err(close) => {
                    let problem = Diagnostic::new(Code::UnusedAllow, place, format!("there is no code `{word}`"));
                    wrong.push(match close {
                        Some(close) => problem.did_you_mean(word, close),
                        None => problem.help("run `tl explain` to see every code"),
                    });
                }
            }
        }
    }

    /// The bytes for which the comment counts.
    fn reach(&self, root: Node) -> (usize, usize) {
        let before = self.text.get(..self.span.start()).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let rest = self.text.get(self.span.end()..).unwrap_or_default();
        let end = rest.find(['\n', '\r']).map_or(self.text.len(), |length| self.span.end() + length);
        if before.get(line..).is_some_and(|before| !before.trim().is_empty()) {
            return (line, end);
        }
        self.next(root).map_or((line, end), |next| (next.start(), next.end()))
    }

    /// The first thing behind the comment, unless its block ends before.
    fn next(&self, root: Node) -> Option<Span> {
        let mut found = None;
        root.walk(&mut |node, _| {
            let is_behind = node.span().start() >= self.span.end();
            let is_comment = matches!(node.kind(), Kind::LineComment | Kind::BlockComment);
            if found.is_none() && is_behind && !is_comment {
                let closes = node.kind() == Kind::Token && node.text(self.text) == "}";
                found = Some((!closes).then(|| node.span()));
            }
            found.is_none() && node.span().end() > self.span.end()
        });
        found.flatten()
    }

    fn with_space_before(&self) -> Span {
        let before = self.text.get(..self.span.start()).unwrap_or_default();
        self.place(before.trim_end_matches([' ', '\t']).len(), self.span.end())
    }

    fn place(&self, start: usize, end: usize) -> Span {
        self.span.with(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Disk;
    use crate::program::analyse;
    use crate::syntax;

    fn checked(text: &str) -> (Sources, Vec<Diagnostic>, Vec<Diagnostic>) {
        let mut sources = Sources::default();
        let file = sources.add("script.tl", text);
        let mut problems = analyse(&mut sources, file, &Disk).problems;
        // Short texts seldom read what they declare.
        problems.retain(|problem| problem.code != Code::BlockLocalAssignment);
        let allowed = apply(&syntax::parse(text), &sources, file, &mut problems);
        problems.sort_by_key(|problem| sources.place(problem.place));
        (sources, problems, allowed)
    }

    /// What is told of a text, as `line:code`, and how many problems are allowed.
    #[track_caller]
    fn check(text: &str, told: &[&str], allowed: usize) {
        let (sources, problems, silenced) = checked(text);
        let line = |problem: &Diagnostic| text[..sources.place(problem.place).start].matches('\n').count() + 1;
        let found: Vec<String> =
            problems.iter().map(|problem| format!("{}:{}", line(problem), problem.code.name())).collect();
        assert_eq!((found, silenced.len()), (told.iter().map(|told| told.to_string()).collect(), allowed), "{text}");
    }

    #[test]
    fn a_comment_counts_for_its_own_line() {
        check("main {\n  total := 1 // tl: allow(legacy-syntax)\n  half := total\n}", &["3:legacy-syntax"], 1);
        check("main {\n  x := y // tl: allow(legacy-syntax, unknown-name) since it is old\n}", &[], 2);
    }

    #[test]
    fn a_comment_alone_counts_for_the_next_statement() {
        let text = "main {\n  // tl: allow(legacy-syntax)\n  // more\n\n  for i in range(2) {\n    total := i\n  }\n  half := 2\n}";
        check(text, &["8:legacy-syntax"], 1);
        check("// tl: allow(unknown-name)\nfn f() {\n  x\n}\nmain { y }", &["5:unknown-name"], 1);
        let stacked = "main {\n  // tl: allow(legacy-syntax)\n  // tl: allow(unknown-name)\n  x := y\n}";
        check(stacked, &[], 2);
        let last = "main {\n  if true {\n    print(1)\n    // tl: allow(legacy-syntax)\n  }\n  x := 1\n}";
        check(last, &["4:unused-allow", "6:legacy-syntax"], 0);
    }

    #[test]
    fn what_silences_nothing_is_told() {
        check("main {\n  print(1) // tl: allow(legacy-syntax)\n}", &["2:unused-allow"], 0);
        check("main {\n  x := 1 // tl: allow(legacy-syntax, no-effect)\n}", &["2:unused-allow"], 1);
        check("main {\n  x := 1 // tl: allow(legacy-syntx)\n}", &["2:legacy-syntax", "2:unused-allow"], 0);
        check("main {\n  x := 1 // tl: allow legacy-syntax\n}", &["2:legacy-syntax", "2:unused-allow"], 0);
        check("main {\n  print(1) // tl: allow(no-effect, unused-allow)\n}", &[], 1);
        check("main {\n  print(1 // tl: allow(no-effect)\n}", &["2:syntax-error"], 0);
    }

    #[test]
    fn only_comments_are_read() {
        check("main {\n  print(\"// tl: allow(no-effect)\")\n  /* tl: allow(no-effect) */\n}", &[], 0);
        check("main {\n  // that tl: allow(no-effect) is no comment for the tools\n}", &[], 0);
    }

    #[test]
    fn the_fix_removes_the_word_or_the_comment() {
        for (before, after) in [
            ("main {\n  print(1) // tl: allow(no-effect)\n}", "main {\n  print(1)\n}"),
            (
                "main {\n  x := 1 // tl: allow(no-effect, legacy-syntax)\n}",
                "main {\n  x := 1 // tl: allow( legacy-syntax)\n}",
            ),
            (
                "main {\n  x := 1 // tl: allow(legacy-syntax, no-effect)\n}",
                "main {\n  x := 1 // tl: allow(legacy-syntax)\n}",
            ),
        ] {
            let (sources, problems, _) = checked(before);
            let unused = problems.iter().find(|problem| problem.code == Code::UnusedAllow).expect("it is unused");
            let edit = &unused.fix.as_ref().expect("it can be removed").edits[0];
            let mut text = before.to_owned();
            let place = sources.place(edit.place);
            text.replace_range(place.start..place.end, &edit.text);
            assert_eq!(text, after);
        }
    }
}
