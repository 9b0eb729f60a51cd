//! What is well formed and yet not meant: lints over the program tree. Each is a
//! function of one body ([`Body`]) or of the declarations; none knows a shape. Those
//! that need the sizes of a model only find the place here (`layers`, `recompute`),
//! and the inference says what the numbers are.
//!
//! One mistake is told once: a lint is silent where an error is told at the same
//! place, in text that could not be read, and inside of what cannot be executed yet.

mod body;
mod flow;
pub mod layers;
mod learning;
mod logic;
mod loop_variable;
mod lost_update;
mod missing_return;
mod no_effect;
mod no_eos_check;
mod paths;
mod recompute;
mod repetition;
mod rope_position;
mod sampling;
mod shadowing;
#[cfg(test)]
mod tests;
mod unreachable;
mod unused;
mod variables;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashSet, FxHasher};

use super::names::{Names, TopLevel};
use super::outline::{self, Outlines};
use super::parts::Part;
use super::tree::{Block, Function, Program, TensorDeclaration};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{Sources, Span, TextId};
use body::Body;
use sampling::LoopStatement;
use variables::Variables;

/// Whether a call of this name may sample a token.
pub(super) fn may_sample(name: &str) -> bool {
    sampling::may_sample(name)
}

/// Whether a function that says nothing of its result may give none.
pub(super) fn may_lack_result(function: &Function, names: &Names) -> bool {
    missing_return::may_lack_result(function, names)
}

/// What the bodies of a part mention of the rest of the program.
pub(super) fn outlines(part: Part, names: &Names) -> Vec<outline::Body> {
    let of = |body: Body| {
        let mut calls = BTreeMap::new();
        for called in repetition::calls(names, body.block) {
            *calls.entry(called).or_default() += 1;
        }
        let parameters = body.parameters().iter().map(|parameter| parameter.name.text.as_str());
        let layer_number = |parameter| layers::layer_number(names, body.block, parameter);
        let embedded = |parameter| recompute::embedded(names, body.block, parameter);
        outline::Body {
            function: body.function.and_then(|function| body::number_of(names, function)),
            calls,
            loops: repetition::loops(names, body.block),
            layer_numbers: parameters.clone().map(layer_number).collect(),
            embedded: parameters.map(embedded).collect(),
            used: missing_return::used(&body, names),
            gives_token: OnceLock::new(),
        }
    };
    body::of_part(part).into_iter().map(of).collect()
}

/// Everything that the lints find in a part of a program; `before` is what is known to
/// be wrong with it.
pub(super) fn of_part<'p>(
    part: Part<'p>,
    facts: &Facts<'p>,
    sources: &Sources,
    before: &[Diagnostic],
) -> Vec<Diagnostic> {
    let bodies = body::of_part(part);
    let found = bodies.iter().flat_map(|body| of_body(body, facts, sources, before)).collect();
    told_once(found, before, sources)
}

/// Everything that the lints find among the declarations; `before` is what is known to
/// be wrong with all.
pub(super) fn of_program(facts: &Facts, sources: &Sources, before: &[Diagnostic]) -> Vec<Diagnostic> {
    let program = facts.program;
    let mut problems = shadowing::check(program);
    problems.extend(logic::check(program, facts.outlines));
    problems.extend(missing_return::of_undeclared(program, facts.names, facts.outlines));
    told_once(problems, before, sources)
}

/// What the lints of a body know of the rest of the program.
pub(super) struct Facts<'p> {
    program: &'p Program,
    names: &'p Names,
    outlines: &'p Outlines,
    /// Functions that give a token they have sampled.
    samplers: FxHashSet<TopLevel>,
    /// Functions that run a model over one of their parameters, and which.
    embedders: FxHashSet<(TopLevel, usize)>,
    layering: OnceCell<Layering>,
    learnable: OnceCell<bool>,
    /// One number for the sizes of all top-level tensors, if somebody asks.
    tensors: OnceCell<u64>,
    /// One number for what the lints of every body depend on.
    common: u64,
}

/// What is done for each layer and what for each token, if somebody asks.
struct Layering {
    /// Parameters that are the number of a layer.
    numbers: FxHashSet<(TopLevel, usize)>,
    /// Functions that are executed again and again.
    repeated: FxHashSet<TopLevel>,
}

impl<'p> Facts<'p> {
    pub(super) fn of(program: &'p Program, names: &'p Names, outlines: &'p Outlines) -> Facts<'p> {
        let samplers = sampling::samplers(program, names, outlines);
        let embedders = outlines.parameters(|body| &body.embedded);
        let ordered = (samplers.iter().collect::<BTreeSet<_>>(), embedders.iter().collect::<BTreeSet<_>>());
        let common = fingerprint(&ordered);
        let (layering, learnable, tensors) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Facts { program, names, outlines, samplers, embedders, layering, learnable, tensors, common }
    }

    fn layering(&self) -> &Layering {
        self.layering.get_or_init(|| {
            let numbers = self.outlines.parameters(|body| &body.layer_numbers);
            let repeated = repetition::repeated(self.program, self.names, self.outlines, &numbers);
            Layering { numbers, repeated }
        })
    }

    /// Whether a loop goes over the layers of a model once.
    fn counts_layers(&self, one: &LoopStatement) -> bool {
        repetition::counts_layers(self.names, one).is_met(&self.layering().numbers)
    }

    /// Whether anything is `learnable`, besides what a body keeps to itself.
    fn learnable(&self) -> bool {
        *self.learnable.get_or_init(|| learning::is_learnable(self.program, self.outlines))
    }

    /// One number for all that the lints of the part in a text depend on, besides the
    /// text itself and what its names stand for.
    pub(super) fn fingerprint(&self, text: TextId) -> u64 {
        let Some(outline) = self.outlines.of(text) else { return self.common };
        let turns = outline.turns.then(|| {
            let of_body = |body: &outline::Body| {
                let repeats = body.function.is_some_and(|function| self.layering().repeated.contains(&function));
                let loops = body.loops.iter().map(|one| one.layer_number.is_met(&self.layering().numbers));
                let functions = body.calls.keys().filter_map(|called| self.names.function(*called));
                let take_rows = functions.map(|function| flow::takes_one_tensor(function));
                (repeats, loops.collect::<Vec<_>>(), take_rows.collect::<Vec<_>>())
            };
            outline.bodies.iter().map(of_body).collect::<Vec<_>>()
        });
        let learns = outline.learns.then(|| {
            let sizes = |tensor: &Arc<TensorDeclaration>| (tensor.name.text.clone(), format!("{:?}", tensor.sizes));
            let tensors = || fingerprint(&self.program.globals.iter().map(sizes).collect::<Vec<_>>());
            (self.learnable(), *self.tensors.get_or_init(tensors))
        });
        fingerprint(&(self.common, turns, learns))
    }
}

fn fingerprint(of: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    of.hash(&mut hasher);
    hasher.finish()
}

fn of_body<'p>(body: &Body<'p>, facts: &Facts<'p>, sources: &Sources, before: &[Diagnostic]) -> Vec<Diagnostic> {
    let variables = Variables::of(body);
    let mut problems = lost_update::check(&variables);
    problems.extend(loop_variable::check(&variables));
    problems.extend(unused::check(&variables));
    problems.extend(no_effect::check(body, facts.names));
    problems.extend(unreachable::check(body, facts.names));
    problems.extend(no_eos_check::check(body, facts, sources));
    problems.extend(recompute::check(body, facts));
    problems.extend(rope_position::check(body, facts));
    problems.extend(learning::check(body, facts, sources));
    problems.extend(body.function.and_then(|function| missing_return::of_declared(function, facts.names)));
    if is_broken(body.block, sources, before) {
        problems.retain(|problem| !needs_all_the_text(problem.code));
    }
    problems
}

/// Whether a part of a body could not be read, so that it may say anything.
fn is_broken(block: &Block, sources: &Sources, before: &[Diagnostic]) -> bool {
    let unread = |code| matches!(code, Code::SyntaxError | Code::MalformedNumber);
    before.iter().any(|problem| unread(problem.code) && contains(sources, block.span, problem.place))
}

/// Whether a lint says that something is missing, which text that could not be read
/// may hold.
fn needs_all_the_text(code: Code) -> bool {
    matches!(
        code,
        Code::UnusedVariable
            | Code::BlockLocalAssignment
            | Code::NoEffect
            | Code::UnreachableCode
            | Code::NoEosCheck
            | Code::QuadraticRecompute
    )
}

/// Without what another problem tells already.
fn told_once(mut found: Vec<Diagnostic>, before: &[Diagnostic], sources: &Sources) -> Vec<Diagnostic> {
    // The worst comes first, so that it is the one to stay.
    found.sort_by_key(|problem| (problem.severity, problem.place));
    let hints = found.split_off(found.partition_point(|problem| problem.severity != Severity::Hint));
    let mut told: Vec<Diagnostic> = Vec::new();
    for problem in found {
        if !before.iter().chain(&told).any(|other| explains(other, &problem, sources)) {
            told.push(problem);
        }
    }
    let is_new = |hint: &Diagnostic| !before.iter().chain(&told).any(|other| explains(other, hint, sources));
    let hints: Vec<Diagnostic> = hints.into_iter().filter(is_new).collect();
    told.extend(hints);
    told
}

/// Whether `other` tells what `problem` would tell again.
fn explains(other: &Diagnostic, problem: &Diagnostic, sources: &Sources) -> bool {
    if other.code == Code::NotSupportedYet {
        let is_of_later = matches!(
            problem.code,
            Code::LearnNoParameters | Code::LearnObjective | Code::SingletonLogicVariable | Code::RelationArity
        );
        return !is_of_later && contains(sources, other.place, problem.place);
    }
    // Why a variable is never read, or why a statement does nothing.
    let speaks_of = |place| other.place == place || other.related.iter().any(|label| label.place == place);
    match problem.code {
        Code::UnusedVariable => speaks_of(problem.place) || suggests(other, problem),
        Code::BlockLocalAssignment => speaks_of(problem.place),
        Code::NoEffect => other.severity == Severity::Error && contains(sources, problem.place, other.place),
        // A loop that runs too long may also do too much in each round.
        Code::QuadraticRecompute if other.code == Code::NoEosCheck => false,
        _ => other.place == problem.place && other.severity <= problem.severity,
    }
}

/// Whether a misspelt name was to be the variable that is never read.
fn suggests(other: &Diagnostic, unused: &Diagnostic) -> bool {
    let name = unused.message.split('`').nth(1).unwrap_or_default();
    let meant =
        |help: &String| help.strip_prefix("did you mean `").and_then(|rest| rest.strip_suffix("`?")) == Some(name);
    other.helps.iter().any(meant)
}

/// Whether one place lies in another, whatever text each of them counts in.
fn contains(sources: &Sources, outer: Span, inner: Span) -> bool {
    let (outer, inner) = (sources.place(outer), sources.place(inner));
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}
