//! The parts of a program that are looked at one by one: what is found of a part
//! depends on its text and on what its names stand for, and is kept as long as both
//! stay the same.

use std::collections::HashMap;

use super::names::Names;
use super::tree::*;
use super::{check, executable};
use crate::diagnostic::Diagnostic;
use crate::source::TextId;

/// A part of a program in which names are resolved.
#[derive(Clone, Copy, Debug)]
pub enum Part<'p> {
    /// A top-level tensor.
    Global(&'p TensorDeclaration),
    /// A function.
    Function(&'p Function),
    /// `main`.
    Main(&'p Main),
}

impl Part<'_> {
    /// What its places count in.
    pub fn text(&self) -> TextId {
        match self {
            Part::Global(global) => global.name.id.text,
            Part::Function(function) => function.name.id.text,
            Part::Main(main) => main.body.id.text,
        }
    }
}

/// The parts of a program: tensors, functions, `main`.
pub fn parts(program: &Program) -> impl Iterator<Item = Part<'_>> {
    let globals = program.globals.iter().map(|global| Part::Global(global));
    let functions = program.functions.iter().map(|function| Part::Function(function));
    globals.chain(functions).chain(program.main.iter().map(|main| Part::Main(main)))
}

/// The problems of parts, by their texts, with the resolution that they stand on.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(HashMap<TextId, (u32, Vec<Diagnostic>)>);

/// Everything that is wrong with the parts of `program`, with what was found the
/// last time.
pub(super) fn problems(program: &Program, names: &Names, before: &mut Found) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut now = HashMap::with_capacity(before.0.len());
    for part in parts(program) {
        let text = part.text();
        let resolution = names.resolution(text).unwrap_or_default();
        let known = before.0.remove(&text).filter(|(number, _)| *number == resolution);
        let found = known.map_or_else(|| of_part(part, names), |(_, found)| found);
        problems.extend(found.iter().cloned());
        // The whole text has several parts, and what is said of another text may not
        // stand there for long.
        let other = |diagnostic: &Diagnostic| diagnostic.related.iter().any(|label| label.place.text != text);
        if text != program.beginning.text && !found.iter().any(other) {
            now.insert(text, (resolution, found));
        }
    }
    *before = Found(now);
    problems
}

fn of_part(part: Part, names: &Names) -> Vec<Diagnostic> {
    let mut problems = executable::of_part(part);
    problems.extend(check::calls(part, names));
    problems
}
