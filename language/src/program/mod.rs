//! From the syntax tree to a program: lowering gives every construct its
//! meaning, name resolution gives every name its binding. A program always
//! exists, however broken the text; the problems stand beside it.

pub mod allow;
mod callers;
pub mod check;
pub mod executable;
pub mod items;
pub mod lints;
pub mod lower;
pub mod names;
pub mod operators;
pub mod outline;
pub mod parts;
pub mod print;
pub mod tree;
pub mod visit;

use outline::Outlines;

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
    /// What its parts mention.
    pub outlines: Outlines,
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

/// What is remembered of a program from the last time it was understood.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    kept: items::Kept,
    names: names::Memory,
    outlines: Outlines,
    parts: parts::Found,
}

/// The program that a file spells, before its names stand for anything.
pub fn lowered(sources: &mut Sources, file: FileId) -> (tree::Program, Vec<Diagnostic>) {
    let tree = syntax::parse(&sources.file(file).text);
    let (program, mut problems) = lower::lower(&tree, sources, file, &mut items::Kept::default());
    problems.sort_by_key(|problem| sources.place(problem.place));
    (program, problems)
}

/// Understands one file: parse, lower, resolve, check.
pub fn analyse(sources: &mut Sources, file: FileId) -> Analysis {
    let tree = syntax::parse(&sources.file(file).text);
    analyse_tree(&tree, sources, file, &mut Memory::default())
}

/// Understands a file of which the syntax tree is known, with what is remembered
/// from the last time.
pub fn analyse_tree(tree: &syntax::Tree, sources: &mut Sources, file: FileId, memory: &mut Memory) -> Analysis {
    let (program, mut problems) = lower::lower(tree, sources, file, &mut memory.kept);
    let (names, unresolved) = names::resolve(&program, &mut memory.names);
    problems.extend(unresolved);
    problems.extend(executable::declarations(&program));
    let resolution = |text| names.resolution(text).unwrap_or_default();
    let outlines = Outlines::new(&program, resolution, &memory.outlines);
    memory.outlines.clone_from(&outlines);
    problems.extend(parts::problems(&program, &names, &outlines, sources, &problems, &mut memory.parts));
    problems.sort_by_key(|problem| sources.place(problem.place));
    Analysis { program, names, outlines, problems, allowed: Vec::new() }
}
