//! Shapes and element types of every value of a script, found without running
//! it and without annotations: the editor shows them, the check finds mistakes
//! with them, a run is compared with them. What cannot be known is left open;
//! what is claimed holds in every run.
//!
//! The program is walked as the interpreter walks it, with facts in place of
//! values. Every rule of a builtin or an operator is the one that the
//! interpreter applies; nothing here knows a shape rule of its own.

mod advice;
mod calls;
mod declared;
mod expressions;
mod generic;
mod history;
mod known;
mod literals;
mod loops;
mod models;
mod symbols;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::HashMap;
use std::path::Path;

use crate::catalogue::fact::Fact;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::Files;
use crate::gguf::Indexes;
use crate::program::{self, Analysis};
use crate::shape::ElementType;
use crate::source::{FileId, Sources, Span};
use models::Models;
use walk::Walk;

pub use known::{Handle, Known, Reason};
pub use models::NameAfter;
pub use symbols::Birth;

/// What surrounds a script.
#[derive(Clone, Copy)]
pub struct World<'w> {
    /// How files are reached.
    pub files: &'w dyn Files,
    /// The indexes of weight files that are known already.
    pub indexes: &'w Indexes,
    /// The path of the script; relative paths begin beside it.
    pub script: &'w Path,
    /// The weight file to read names and shapes from, whatever the script says.
    pub model: Option<&'w Path>,
    /// The words for the script, where they are known: what `arg` reads.
    pub words: Option<&'w [String]>,
    /// The element type of what names none.
    pub default_element: ElementType,
}

/// What is known of a whole script.
#[derive(Clone, Debug, Default)]
pub struct Inference {
    /// Every name that is bound, in the order of the text.
    pub bindings: Vec<Binding>,
    /// What is certainly or very likely wrong, in the order of the text.
    pub problems: Vec<Diagnostic>,
    values: HashMap<Span, Known>,
    receivers: Vec<(Span, usize)>,
    models: Models,
    births: Vec<Birth>,
}

/// A name where it is bound, and what is known of its value there. Where a
/// place is executed more than once it holds for every time.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What binds it.
    pub kind: BindingKind,
    /// What is known of its value.
    pub known: Known,
}

/// What binds a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindingKind {
    /// `let name = …`.
    Let,
    /// `name = …`.
    Assignment,
    /// `tensor name: … = …`.
    Tensor,
    /// `name.append(…)` as a statement.
    Append,
    /// A parameter of a function.
    Parameter,
    /// The variable of a `for`.
    Loop,
    /// A name in a pattern.
    Pattern,
}

/// What the inference claims of every value that a run makes.
#[derive(Clone, Debug, Default)]
pub struct Promises {
    /// Of what is bound, by the place of the name.
    pub bindings: HashMap<Span, Fact>,
    /// Of what expressions give, by their places.
    pub expressions: HashMap<Span, Fact>,
}

/// Finds what is known of a script.
pub fn infer(analysis: &Analysis, world: &World) -> Inference {
    let mut walk = Walk::new(analysis, world);
    walk.program();
    if walk.is_exhausted() {
        return Inference::default();
    }
    let (values, bound) = (walk.notes.values, walk.notes.bindings);
    let mut bindings: Vec<Binding> = walk
        .bound
        .into_iter()
        .filter_map(|(span, (name, kind))| Some(Binding { name, span, kind, known: bound.get(&span)?.clone() }))
        .collect();
    bindings.sort_by_key(|binding| binding.span);
    generic::name_sizes(&mut bindings, &mut walk.symbols);
    let mut receivers: Vec<(Span, usize)> = walk.receivers.into_iter().collect();
    receivers.sort_unstable();
    Inference {
        bindings,
        problems: told_once(walk.notes.problems, &analysis.problems),
        values,
        receivers,
        models: walk.models,
        births: walk.symbols.births().to_vec(),
    }
}

/// Understands a file and finds everything that can be said before a run: the
/// problems of both are the analysis's.
pub fn check(sources: &mut Sources, file: FileId, world: &World) -> (Analysis, Inference) {
    let mut analysis = program::analyse(sources, file);
    let inference = infer(&analysis, world);
    analysis.problems.extend(inference.problems.iter().cloned());
    analysis.problems.sort_by_key(|problem| sources.place(problem.place));
    (analysis, inference)
}

impl Inference {
    /// What is known of the smallest expression, or of the name being bound, at
    /// a byte of the script's text; with its place.
    pub fn at(&self, sources: &Sources, offset: usize) -> Option<(Span, &Known)> {
        let names = self.bindings.iter().map(|binding| (binding.span, &binding.known));
        let all = self.values.iter().map(|(span, known)| (*span, known)).chain(names);
        let around = all.filter(|(span, _)| {
            let place = sources.place(*span);
            place.file == FileId::default() && place.start <= offset && offset <= place.end
        });
        around.min_by_key(|(span, _)| (span.end - span.start, *span))
    }

    /// What is known of the value of the expression that stands exactly here.
    pub fn of(&self, span: Span) -> Option<&Known> {
        self.values.get(&span)
    }

    /// What is known of the value before the dot behind which `offset` lies,
    /// also where the name behind the dot has still to be typed.
    pub fn receiver(&self, sources: &Sources, offset: usize) -> Option<&Known> {
        let behind = |(object, end): &&(Span, usize)| {
            let place = sources.place(*object);
            let end = place.end + end.saturating_sub(object.end).max(1);
            place.file == FileId::default() && place.end < offset && offset <= end
        };
        let (object, _) = self.receivers.iter().filter(behind).max_by_key(|(object, _)| sources.place(*object).end)?;
        self.values.get(object)
    }

    /// What may be written behind a value and a dot: the names of a model.
    pub fn names_after(&self, known: &Known) -> Vec<NameAfter> {
        known.handle.as_ref().map(|handle| self.models.names_after(handle)).unwrap_or_default()
    }

    /// The weight file that a handle belongs to.
    pub fn model_path(&self, known: &Known) -> Option<&Path> {
        known.handle.as_ref().map(|handle| self.models.path(handle))
    }

    /// Where the symbols of a fact come from, each once, by name.
    pub fn births(&self, fact: &Fact) -> Vec<(String, &Birth)> {
        let mut found: Vec<(String, &Birth)> = Vec::new();
        known::map_sizes(fact, &mut |size, _| {
            size.symbols(&mut |symbol| {
                let is_new = !found.iter().any(|(name, _)| **name == *symbol.name);
                if let (Some(birth), true) = (self.births.get(symbol.id as usize), is_new) {
                    found.push((symbol.name.to_string(), birth));
                }
            });
            None
        });
        found
    }

    /// The facts that a run must agree with.
    pub fn promises(&self) -> Promises {
        let facts = |(span, known): (&Span, &Known)| (*span, known.fact.clone());
        Promises {
            bindings: self.bindings.iter().map(|binding| facts((&binding.span, &binding.known))).collect(),
            expressions: self.values.iter().map(facts).collect(),
        }
    }
}

/// Each problem once, the worst where a place was looked at more than once, and
/// none where the program has an error of its own.
fn told_once(found: Vec<Diagnostic>, before: &[Diagnostic]) -> Vec<Diagnostic> {
    let told = |found: &Diagnostic| {
        let same = |problem: &Diagnostic| {
            let is_beside = problem.related.iter().any(|label| label.place == found.place);
            problem.place == found.place || (is_beside && problem.code == found.code)
        };
        before.iter().any(|problem| problem.severity == Severity::Error && same(problem))
    };
    let mut problems: Vec<Diagnostic> = Vec::new();
    for problem in found.into_iter().filter(|problem| !told(problem)) {
        match problems.iter_mut().find(|other| other.place == problem.place && other.code == problem.code) {
            Some(other) if problem.severity < other.severity => *other = problem,
            Some(_) => {}
            None => problems.push(problem),
        }
    }
    problems.sort_by_key(|problem| problem.place);
    problems
}
