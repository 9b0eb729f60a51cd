//! Shapes and element types of every value of a script, found without running
//! it and without annotations: the editor shows them, the check finds mistakes
//! with them, a run is compared with them. What cannot be known is left open;
//! what is claimed holds in every run.
//!
//! The program is walked as the interpreter walks it, with facts in place of
//! values. Every rule of a builtin or an operator is the one that the
//! interpreter applies; nothing here knows a shape rule of its own.

mod absent;
mod advice;
mod cache_layers;
mod caches;
mod calls;
mod cost;
mod declared;
mod equations;
mod expressions;
mod generic;
mod harvest;
mod history;
mod joints;
mod known;
mod layer_loops;
mod literals;
mod logic;
mod loops;
mod memory;
mod models;
mod notes;
mod passing;
mod rare;
mod recursion;
mod repairs;
mod structs;
mod symbols;
#[cfg(test)]
mod tests;
mod uncalled;
mod walk;

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::catalogue::fact::Fact;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::Files;
use crate::program::{Analysis, allow};
use crate::shape::ElementType;
use crate::size::Birth;
use crate::source::{FileId, Sources, Span, TextId};
use crate::syntax::Tree;
use crate::weights::Indexes;
use caches::Caches;
use harvest::{Harvest, OfText, told_once};
use models::Models;
use notes::Bound;
use walk::{Reach, Walk};

pub use known::{Handle, Known, Reason};
pub use memory::Memory;
pub use models::NameAfter;

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
    /// What is certainly or very likely wrong.
    pub problems: Vec<Diagnostic>,
    texts: FxHashMap<TextId, OfText>,
    /// The texts in the order of the script.
    order: Vec<TextId>,
    bindings: OnceLock<Vec<Binding>>,
    models: Models,
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
    pub bindings: FxHashMap<Span, Fact>,
    /// Of what expressions give, by their places.
    pub expressions: FxHashMap<Span, Fact>,
}

/// How often a script is walked until what its caches hold is known.
const MOST_PASSES: usize = 4;

/// Finds what is known of a script, with what is remembered from the last time.
pub fn infer(analysis: &Analysis, world: &World, memory: &mut Memory) -> Inference {
    // What the caches held in an earlier text is mostly what they hold now. Where it is not,
    // and where it leaves something open, which may keep itself open, the search begins anew.
    let mut is_of_before = !memory.stored.is_empty();
    for _ in 0..MOST_PASSES {
        let (inference, stored, holds) = pass(analysis, world, memory);
        let is_assumed = stored == memory.stored;
        if holds || is_assumed && !(is_of_before && stored.leave_open()) {
            memory.stored = stored;
            return inference;
        }
        memory.stored = if is_of_before { Caches::default() } else { stored };
        memory.walks = std::mem::take(&mut memory.walks).without_loads();
        is_of_before = false;
    }
    memory.stored = Caches::anything();
    pass(analysis, world, memory).0
}

/// Walks a script once; with what its caches hold, and whether that is what every walk
/// has taken them to hold.
fn pass(analysis: &Analysis, world: &World, memory: &mut Memory) -> (Inference, Caches, bool) {
    let mut before = std::mem::take(memory).in_world(world);
    let mut walk = Walk::new(analysis, world, &mut before);
    let mut harvest = Harvest::default();
    walk.begin(Reach::Certain);
    walk.top_level_tensors(&mut harvest);
    if walk.global_values != before.globals {
        walk.before = Default::default();
    }
    let is_anew = !walk.before.load();
    if let (Some(main), Some(walked)) = (&analysis.program.main, walk.main().filter(|_| !walk.is_exhausted())) {
        walk.roots.push(walked.clone());
        harvest.root(main.body.id.text, &walked.notes, &walked.calls);
    }
    walk.tests_and_benches(&mut harvest);
    walk.uncalled_functions(&mut harvest);
    // Nobody knows what a part stores that was given up.
    let stored = match walk.given_up && !walk.loaded.is_empty() {
        true => Caches::anything(),
        false => std::mem::take(&mut harvest.stored),
    };
    let holds = is_anew && stored.are_what_was_loaded(&walk.loaded);
    let mut inference = Inference {
        problems: Vec::new(),
        texts: harvest.texts,
        order: analysis.program.texts.clone(),
        bindings: OnceLock::new(),
        models: walk.models.clone(),
    };
    let mut problems = harvest.problems;
    problems.extend(layer_loops::check(analysis, &inference));
    problems.retain(|problem| match problem.code {
        Code::BosToken => !harvest.continued.contains(&problem.place),
        Code::IntegerDivision => !harvest.whole.contains(&problem.place),
        _ => true,
    });
    inference.problems = told_once(problems, &analysis.problems);
    *memory = walk.into_memory(before);
    (inference, stored, holds)
}

impl Inference {
    /// Adds to an analysis what was found here, and takes away what comments allow.
    pub fn complete(&self, analysis: &mut Analysis, tree: &Tree, sources: &Sources) {
        cost::add_notes(&analysis.program, &mut analysis.problems, self);
        analysis.problems.extend(self.problems.iter().cloned());
        repairs::add(&analysis.program, &mut analysis.problems, sources);
        analysis.allowed = allow::apply(tree, sources, analysis.program.file, &mut analysis.problems);
        analysis.problems.sort_by_key(|problem| sources.place(problem.place));
    }

    /// Every name that is bound, text by text in the order of the script.
    pub fn bindings(&self) -> &[Binding] {
        self.bindings.get_or_init(|| {
            let texts = self.order.iter().filter_map(|text| self.texts.get(text));
            let of_text = |text: &OfText| {
                let bound = text.bindings().into_iter();
                let mut bindings: Vec<Binding> =
                    bound.map(|(span, Bound { name, kind, known })| Binding { name, span, kind, known }).collect();
                bindings.sort_by_key(|binding| binding.span);
                generic::name_sizes(&mut bindings);
                bindings
            };
            texts.flat_map(of_text).collect()
        })
    }

    /// What is known of the smallest expression, or of the name being bound, at
    /// a byte of the script's text; with its place.
    pub fn at(&self, sources: &Sources, offset: usize) -> Option<(Span, &Known)> {
        let found = self.around(sources, offset).into_iter().flat_map(|(offset, text)| {
            let notes = text.notes();
            let names = notes.bindings.iter().map(|(span, bound)| (*span, &bound.known));
            let all = notes.values.iter().map(|(span, known)| (*span, known)).chain(names);
            all.filter(move |(span, _)| span.start() <= offset && offset <= span.end())
        });
        found.min_by_key(|(span, _)| (span.end() - span.start(), *span))
    }

    /// What is known of the value of the expression that stands exactly here, as the
    /// function around it sees it: its reason may lie in a caller.
    pub fn of(&self, span: Span) -> Option<&Known> {
        self.texts.get(&span.text)?.value(span)
    }

    /// What is known of the value before the dot behind which `offset` lies,
    /// also where the name behind the dot has still to be typed.
    pub fn receiver(&self, sources: &Sources, offset: usize) -> Option<&Known> {
        let mut found = self.around(sources, offset).into_iter().flat_map(|(offset, text)| {
            let behind =
                move |(object, end): &&(Span, usize)| object.end() < offset && offset <= *end.max(&(object.end() + 1));
            let object = text.notes().receivers.iter().filter(behind).max_by_key(|(object, _)| object.end());
            object.and_then(|(object, _)| text.notes().values.get(object))
        });
        found.next()
    }

    /// The texts of the script that a byte may lie in, with that byte as each counts
    /// it: the last one that begins before it, and the whole.
    fn around(&self, sources: &Sources, offset: usize) -> Vec<(usize, &OfText)> {
        let texts = self.texts.iter().filter(|(text, _)| sources.file_of(**text) == FileId::default());
        let inside = texts.filter_map(|(text, notes)| Some((sources.offset_in(*text, offset)?, notes)));
        let mut inside: Vec<(usize, &OfText)> = inside.collect();
        inside.sort_by_key(|(offset, _)| *offset);
        inside.retain({
            let nearest = inside.first().map(|(offset, _)| *offset);
            move |(inside, _)| Some(*inside) == nearest || *inside == offset
        });
        inside
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
    pub fn births(&self, fact: &Fact) -> Vec<(String, Arc<Birth>)> {
        let mut found: Vec<(String, Arc<Birth>)> = Vec::new();
        known::map_sizes(fact, &mut |size, _| {
            size.symbols(&mut |symbol| {
                if !found.iter().any(|(name, _)| **name == *symbol.name) {
                    found.push((symbol.name.to_string(), symbol.birth.clone()));
                }
            });
            None
        });
        found
    }

    /// The facts that a run must agree with.
    pub fn promises(&self) -> Promises {
        let mut promises = Promises::default();
        for notes in self.texts.values().map(OfText::notes) {
            let bindings = notes.bindings.iter().map(|(span, bound)| (*span, bound.known.fact.clone()));
            promises.bindings.extend(bindings);
            promises.expressions.extend(notes.values.iter().map(|(span, known)| (*span, known.fact.clone())));
        }
        promises
    }
}
