//! Lowering: the syntax tree becomes a [`Program`]. Layout and the choice between
//! spellings end here; operators, numbers and strings get their meaning. A
//! program always exists: what cannot be understood becomes `Invalid` and has a
//! problem. Names stand for nothing yet.

mod brackets;
mod declarations;
mod expressions;
mod faults;
mod fixes;
mod foreign;
mod learning;
mod literals;
mod logic;
mod parts;
mod patterns;
mod statements;
mod structs;
#[cfg(test)]
mod tests;
mod types;
mod unexpected;

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

use super::items::Kept;
use super::tree::*;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{FileId, SourceFile, Sources, Span, TextId};
use crate::syntax::{Kind, Node, Tree};
use parts::Parts;

/// How deep blocks and expressions may be nested. Whatever walks a program may
/// therefore use recursion.
const DEPTH_LIMIT: usize = 200;

/// The program that a file spells, where `tree` is its syntax tree. Declarations
/// that are `kept` from the last time are taken as they are.
pub fn lower(tree: &Tree, sources: &mut Sources, file: FileId, kept: &mut Kept) -> (Program, Vec<Diagnostic>) {
    let SourceFile { text, whole, .. } = sources.file(file);
    let (text, whole) = (text.clone(), *whole);
    let mut broken = Lowering { text: &text, id: whole, ..Lowering::default() };
    let beginning = Span::new(whole, 0, 0);
    let mut program = Program::default();
    (program.file, program.beginning) = (file, beginning);
    let mut problems = Vec::new();
    kept.turn();
    match tree.root_in(whole) {
        Some(root) => {
            let mut parts = Parts { sources, file, kept, program: &mut program, problems: &mut problems };
            parts.source_file(root, &mut broken);
        }
        None => broken.problem(Code::SyntaxError, beginning, "the text cannot be parsed"),
    }
    if broken.name_count + broken.block_count > 0 {
        program.texts.push(whole);
    }
    broken.drop_hints_beside_errors();
    problems.append(&mut broken.problems);
    (program, problems)
}

/// What one lowering needs and collects.
#[derive(Default)]
struct Lowering<'t> {
    text: &'t str,
    /// What its places count in.
    id: TextId,
    problems: Vec<Diagnostic>,
    name_count: u32,
    block_count: u32,
    depth: usize,
    too_deep: bool,
    /// Whether the function at hand declares several results, which is reported.
    returns_tuple: bool,
}

impl<'t> Lowering<'t> {
    fn text(&self, node: Node) -> &'t str {
        node.text(self.text)
    }

    fn at(&self, span: Span) -> &'t str {
        self.text.get(span.start()..span.end()).unwrap_or_default()
    }

    /// What is written at a place, as one number.
    fn fingerprint(&self, span: Span) -> u64 {
        FxBuildHasher.hash_one(self.at(span))
    }

    fn problem(&mut self, code: Code, span: Span, message: impl Into<String>) {
        let problem = Diagnostic::new(code, span, message);
        self.problems.push(problem);
    }

    fn problem_with_help(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let problem = Diagnostic::new(code, span, message).help(help);
        self.problems.push(problem);
    }

    fn syntax_error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problem_with_help(Code::SyntaxError, span, message, help);
    }

    /// Runs `inner` and keeps what it finds to be wrong, without its hints.
    fn quietly<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.problems.len();
        let result = inner(self);
        let found = self.problems.split_off(before);
        self.problems.extend(found.into_iter().filter(|problem| problem.severity == Severity::Error));
        result
    }

    /// On a line that cannot be read, an old spelling is no more than a guess.
    fn drop_hints_beside_errors(&mut self) {
        let broken = self.problems.iter().filter(|problem| problem.code == Code::SyntaxError);
        let mut broken = broken.map(|problem| problem.place.start()).collect::<Vec<_>>();
        broken.sort_unstable();
        let text = self.text;
        self.problems.retain(|problem| {
            let at = problem.place.start();
            let line = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
            let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length);
            let first = broken.partition_point(|start| *start < line);
            problem.severity == Severity::Error || broken.get(first).is_none_or(|start| *start > end)
        });
    }

    /// A name where it occurs. Where it has still to be typed, its text is empty.
    fn name(&mut self, node: Node) -> Name {
        self.name_at(self.text(node), node.span())
    }

    fn name_at(&mut self, text: &str, span: Span) -> Name {
        let id = NameId { text: self.id, index: self.name_count };
        self.name_count += 1;
        Name { id, text: text.into(), span }
    }

    fn block_of(&mut self, span: Span, statements: Vec<Statement>) -> Block {
        let id = BlockId { text: self.id, index: self.block_count };
        self.block_count += 1;
        Block { id, statements, span }
    }

    /// Runs `inner` one level deeper, or reports once that it is too deep.
    fn deeper<T>(&mut self, node: Node, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH_LIMIT {
            if !self.too_deep {
                self.too_deep = true;
                let first = self.text(node).chars().next().map_or(0, char::len_utf8);
                let span = node.span().with(node.span().start(), node.span().start() + first);
                let message = format!("this is nested too deeply: {DEPTH_LIMIT} levels are allowed");
                self.syntax_error(span, message, "name a part of it with `let`, or make it a function");
            }
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }
}

/// From the start of `node` to the end of its line.
fn first_line(text: &str, span: Span) -> Span {
    let inside = text.get(span.start()..span.end()).unwrap_or_default();
    let line = inside.split(['\n', '\r']).next().unwrap_or_default().trim_end();
    span.with(span.start(), span.start() + line.len())
}

/// The keyword at the start of `span`.
fn first_word(text: &str, span: Span) -> Span {
    let inside = text.get(span.start()..span.end()).unwrap_or_default();
    let length = inside.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(inside.len());
    span.with(span.start(), span.start() + length)
}

/// Whether the node stands where something has still to be typed.
fn is_missing(node: Node) -> bool {
    matches!(
        node.kind(),
        Kind::MissingValue | Kind::MissingName | Kind::MissingType | Kind::MissingBlock | Kind::MissingBracket
    )
}
