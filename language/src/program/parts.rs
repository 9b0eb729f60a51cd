//! The parts of a program that are looked at one by one: what is found of a part
//! depends on its text and on what its names stand for, and is kept as long as both
//! stay the same.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::lints::{self, Facts};
use super::names::Names;
use super::outline::Outlines;
use super::tree::*;
use super::{check, executable};
use crate::diagnostic::Diagnostic;
use crate::source::{Sources, TextId};

/// A part of a program in which names are resolved.
#[derive(Clone, Copy, Debug)]
pub enum Part<'p> {
    /// A top-level tensor.
    Global(&'p TensorDeclaration),
    /// A function.
    Function(&'p Function),
    /// `main`.
    Main(&'p Main),
    /// A test or a bench.
    Block(&'p NamedBlock),
    /// A struct.
    Struct(&'p Struct),
    /// The methods of a struct.
    Impl(&'p Impl),
    /// A kind of things.
    Entity(&'p Entity),
    /// A relation.
    Relation(&'p Relation),
    /// An embedding.
    Embedding(&'p Embedding),
    /// A rule or a fact.
    Rule(&'p Rule),
}

impl Part<'_> {
    /// What its places count in.
    pub fn text(&self) -> TextId {
        match self {
            Part::Global(global) => global.name.id.text,
            Part::Function(function) => function.name.id.text,
            Part::Main(main) => main.body.id.text,
            Part::Block(block) => block.body.id.text,
            Part::Struct(declared) => declared.span.text,
            Part::Impl(implementation) => implementation.span.text,
            Part::Entity(entity) => entity.span.text,
            Part::Relation(relation) => relation.span.text,
            Part::Embedding(embedding) => embedding.span.text,
            Part::Rule(rule) => rule.span.text,
        }
    }
}

/// The parts of a program, kind by kind.
pub fn parts(program: &Program) -> impl Iterator<Item = Part<'_>> {
    let globals = program.globals.iter().map(|global| Part::Global(global));
    let functions = program.functions.iter().map(|function| Part::Function(function));
    let main = program.main.iter().map(|main| Part::Main(main));
    let blocks = program.tests.iter().chain(&program.benches).map(|block| Part::Block(block));
    let structs = program.structs.iter().map(|declared| Part::Struct(declared));
    let impls = program.impls.iter().map(|implementation| Part::Impl(implementation));
    let entities = program.entities.iter().map(|entity| Part::Entity(entity));
    let relations = program.relations.iter().map(|relation| Part::Relation(relation));
    let embeddings = program.embeddings.iter().map(|embedding| Part::Embedding(embedding));
    let rules = program.rules.iter().map(|rule| Part::Rule(rule));
    let logic = entities.chain(relations).chain(embeddings).chain(rules);
    globals.chain(functions).chain(main).chain(blocks).chain(structs).chain(impls).chain(logic)
}

/// The problems of parts, by their texts, with what they stand on.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(FxHashMap<TextId, Of>);

#[derive(Clone, Debug)]
struct Of {
    resolution: u32,
    facts: u64,
    problems: Vec<Diagnostic>,
}

/// Everything that is wrong with the parts of `program` and among them, besides what
/// is known `already`. `before` is what was found the last time.
pub(super) fn problems(
    program: &Program,
    names: &Names,
    outlines: &Outlines,
    sources: &Sources,
    already: &[Diagnostic],
    before: &mut Found,
) -> Vec<Diagnostic> {
    let facts = Facts::of(program, names, outlines);
    let mut problems = Vec::new();
    let mut now = FxHashMap::with_capacity_and_hasher(before.0.len(), FxBuildHasher);
    for part in parts(program) {
        let text = part.text();
        let resolution = names.resolution(text).unwrap_or_default();
        let fingerprint = facts.fingerprint(text);
        let holds = |of: &Of| of.resolution == resolution && of.facts == fingerprint;
        if let Some(known) = before.0.remove(&text).filter(holds) {
            problems.extend(known.problems.iter().cloned());
            now.insert(text, known);
            continue;
        }
        let is_broken = sources.is_whole(text);
        let mut found = executable::of_part(part);
        found.extend(check::calls(part, names));
        let told: Vec<Diagnostic> = match is_broken {
            true => already.iter().chain(&found).cloned().collect(),
            false => names.problems(text).iter().chain(&found).cloned().collect(),
        };
        found.extend(lints::of_part(part, &facts, sources, &told));
        problems.extend(found.iter().cloned());
        // What is said of another text may not stand there for long.
        let says_of_another = |problem: &Diagnostic| problem.related.iter().any(|label| label.place.text != text);
        if !is_broken && !found.iter().any(says_of_another) {
            now.insert(text, Of { resolution, facts: fingerprint, problems: found });
        }
    }
    *before = Found(now);
    let told: Vec<Diagnostic> = already.iter().chain(&problems).cloned().collect();
    problems.extend(lints::of_program(&facts, sources, &told));
    problems
}
