//! From the syntax tree to a program: lowering gives every construct its
//! meaning, name resolution gives every name its binding. A program always
//! exists, however broken the text; the problems stand beside it.

pub mod allow;
mod callers;
pub mod check;
pub mod executable;
pub mod imports;
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

use crate::diagnostic::{Code, Diagnostic, Severities, Severity};
use crate::files::Files;
use crate::source::{FileId, Sources};
use crate::syntax;

/// A program, its names and everything that is wrong with it.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The program as understood, with the declarations of the files that it imports.
    pub program: tree::Program,
    /// These files, each before those that it imports.
    pub imported: Vec<imports::Imported>,
    /// What its names stand for.
    pub names: names::Names,
    /// What its parts mention.
    pub outlines: Outlines,
    /// All problems, those of imported files too, ordered by place.
    pub problems: Vec<Diagnostic>,
    /// Problems that a comment of the script allows: nobody is told of them, but
    /// an error among them still forbids a run.
    pub allowed: Vec<Diagnostic>,
}

impl Analysis {
    /// Whether a problem forbids to run the program.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| self.forbids_run(problem))
    }

    /// Whether this problem forbids to run `main`: an error does, unless it lies in a
    /// test or a bench, which fails alone.
    pub fn forbids_run(&self, problem: &Diagnostic) -> bool {
        let blocks = self.program.tests.iter().chain(&self.program.benches);
        let is_alone = || blocks.clone().any(|block| block.body.span.contains(problem.place));
        ends_run(problem) && (problem.code == Code::SyntaxError || !is_alone())
    }

    /// The problems of the script as somebody wants to hear of them, with those of the
    /// imported files that are `shown`.
    pub fn chosen(
        &self,
        sources: &Sources,
        severities: &Severities,
        shown: &dyn Fn(FileId) -> bool,
    ) -> Vec<Diagnostic> {
        self.seen_beside(sources, shown).iter().filter_map(|problem| problem.chosen(severities)).collect()
    }

    /// The problems of a run as somebody wants to hear of them. What forbids it
    /// stays an error, whatever was chosen and whatever a comment allows.
    pub fn of_run(&self, severities: &Severities) -> Vec<Diagnostic> {
        let certain = |problem: &Diagnostic| problem.clone().severity(Severity::Error);
        let told = self.problems.iter().filter_map(|problem| match ends_run(problem) {
            true => Some(certain(problem)),
            false => problem.chosen(severities),
        });
        told.chain(self.allowed.iter().filter(|problem| ends_run(problem)).map(certain)).collect()
    }
}

/// Whether a run comes to no good end with it: a mistake, or what is right and cannot be
/// executed yet, which is a hint as long as nobody runs it.
fn ends_run(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Error || problem.code == Code::NotSupportedYet
}

/// What is remembered of a program from the last time it was understood.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    kept: items::Kept,
    imports: imports::Memory,
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

/// Understands a script and the files that it imports: parse, lower, resolve, check.
/// `files` is how they are reached.
pub fn analyse(sources: &mut Sources, file: FileId, files: &dyn Files) -> Analysis {
    let tree = syntax::parse(&sources.file(file).text);
    analyse_tree(&tree, sources, file, files, &mut Memory::default())
}

/// Understands a script of which the syntax tree is known, with what is remembered
/// from the last time, in the same sources.
pub fn analyse_tree(
    tree: &syntax::Tree,
    sources: &mut Sources,
    file: FileId,
    files: &dyn Files,
    memory: &mut Memory,
) -> Analysis {
    let (mut program, mut problems) = lower::lower(tree, sources, file, &mut memory.kept);
    let (imported, found) = imports::load(&mut program, sources, files, &mut memory.imports);
    problems.extend(found);
    let (names, unresolved) = names::resolve(&program, &mut memory.names);
    // A file that is not found may declare what is missing.
    let lacks_a_file = problems.iter().any(|problem| problem.code == Code::ImportNotFound);
    let is_missing = |problem: &Diagnostic| matches!(problem.code, Code::UnknownName | Code::UnknownFunction);
    problems.extend(unresolved.into_iter().filter(|problem| !(lacks_a_file && is_missing(problem))));
    problems.extend(executable::declarations(&program));
    let outlines = Outlines::new(&program, &names, sources, &memory.outlines);
    memory.outlines.clone_from(&outlines);
    problems.extend(parts::problems(&program, &names, &outlines, sources, &problems, &mut memory.parts));
    without_captured(&mut problems);
    problems.sort_by_key(|problem| sources.place(problem.place));
    Analysis { program, imported, names, outlines, problems, allowed: Vec::new() }
}

/// Takes away that a variable is never read where a function tries to read it.
fn without_captured(problems: &mut Vec<Diagnostic>) {
    let captured = problems.iter().filter(|problem| problem.code == Code::CapturedCallerVariable);
    let wanted: Vec<_> = captured.flat_map(|problem| problem.related.iter().map(|label| label.place)).collect();
    if !wanted.is_empty() {
        problems.retain(|problem| problem.code != Code::UnusedVariable || !wanted.contains(&problem.place));
    }
}
