//! From the syntax tree to a program: lowering gives every construct its
//! meaning, name resolution gives every name its binding. A program always
//! exists, however broken the text; the problems stand beside it.

pub mod allow;
pub mod check;
pub mod executable;
pub mod lower;
pub mod names;
pub mod operators;
pub mod print;
pub mod tree;
pub mod visit;

use crate::diagnostic::{Diagnostic, Severities, Severity};
use crate::source::{FileId, Sources};
use crate::syntax;

/// A program, its names and everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The program as understood.
    pub program: tree::Program,
    /// What its names stand for.
    pub names: names::Names,
    /// All problems, ordered by place.
    pub problems: Vec<Diagnostic>,
    /// Problems that a comment of the script allows: nobody is told of them, but
    /// an error among them still forbids a run.
    pub allowed: Vec<Diagnostic>,
}

impl Analysis {
    /// Whether a problem forbids to run the program.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// The problems as somebody wants to hear of them.
    pub fn chosen(&self, severities: &Severities) -> Vec<Diagnostic> {
        self.problems.iter().filter_map(|problem| problem.chosen(severities)).collect()
    }

    /// The problems of a run as somebody wants to hear of them. What forbids it
    /// stays an error, whatever was chosen and whatever a comment allows.
    pub fn of_run(&self, severities: &Severities) -> Vec<Diagnostic> {
        let certain = |problem: &&Diagnostic| problem.severity == Severity::Error;
        let mut told: Vec<Diagnostic> = self.problems.iter().chain(&self.allowed).filter(certain).cloned().collect();
        let others = self.problems.iter().filter(|problem| !certain(problem));
        told.extend(others.filter_map(|problem| problem.chosen(severities)));
        told.sort_by_key(|problem| problem.place);
        told
    }
}

/// Understands one file: parse, lower, resolve, check.
pub fn analyse(sources: &Sources, file: FileId) -> Analysis {
    let tree = syntax::parse(&sources.file(file).text);
    let (program, mut problems) = lower::lower(&tree, &sources.file(file).text, file);
    let (names, unresolved) = names::resolve(&program);
    problems.extend(unresolved);
    problems.extend(executable::check(&program));
    problems.extend(check::calls(&program, &names));
    problems.sort_by_key(|problem| problem.place);
    Analysis { program, names, problems, allowed: Vec::new() }
}
