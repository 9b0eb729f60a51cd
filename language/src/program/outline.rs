//! What the parts of a program mention, in a few words each: enough to leave out of a
//! search every part that cannot matter to it. Kept like everything else of a part.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::lints;
use super::names::{Binding, Names, TopLevel};
use super::parts::{Part, parts};
use super::tree::*;
use super::visit;
use crate::source::{Sources, Span, TextId};

/// What one part mentions.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// What is executed as one piece: a function, `main`, each method of an `impl`.
    pub bodies: Vec<Body>,
    /// Whether a token may be sampled.
    pub samples: bool,
    /// Whether something is turned by its position.
    pub turns: bool,
    /// Where it is a function that indexes the layers of one parameter by another.
    pub walks_layers: Vec<LayersOf>,
    /// The top-level tensors that are assigned, whole or in part, or may be by a method.
    pub assigned: BTreeSet<TopLevel>,
    /// Whether there are rules.
    pub rules: bool,
    /// Whether something is trained.
    pub learns: bool,
    /// Whether something is made `learnable` by a call.
    pub makes_learnable: bool,
    /// Whether it is a function that says nothing of its result and may give none.
    pub may_lack_result: bool,
}

/// The layers of this name of one parameter, indexed by another.
#[derive(Clone, Debug)]
pub struct LayersOf {
    /// The position of the parameter that has the layers.
    pub model: usize,
    /// That of the one which says which layer.
    pub index: usize,
    /// What the layers are called.
    pub layers: String,
}

/// What one body mentions of the rest of the program.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The function that it is the body of, if it is one.
    pub function: Option<TopLevel>,
    /// The functions that it calls, and how often.
    pub calls: BTreeMap<TopLevel, usize>,
    /// Its loops.
    pub loops: Vec<Loop>,
    /// For each parameter whether it is the number of a layer.
    pub layer_numbers: Vec<Fate>,
    /// For each parameter whether the model runs over all of it.
    pub embedded: Vec<Fate>,
    /// Where the result of a function goes somewhere first.
    pub used: BTreeMap<TopLevel, Span>,
    /// Whether its value is a token that it samples itself, if somebody has asked.
    pub gives_token: OnceLock<bool>,
}

impl Body {
    /// Whether one of these is called.
    pub fn calls_any(&self, functions: &FxHashSet<TopLevel>) -> bool {
        !functions.is_empty() && self.calls.keys().any(|called| functions.contains(called))
    }
}

/// One loop.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Whether its variable is the number of a layer.
    pub layer_number: Fate,
    /// Whether its bounds are numbers in the script.
    pub bounded: bool,
    /// Whether its variable indexes something.
    pub indexes: bool,
    /// The functions that are called in it.
    pub calls: BTreeSet<TopLevel>,
}

/// What becomes of a variable: whether a body does something certain with it, or by
/// which parameters of functions it is passed on.
#[derive(Clone, Debug, Default)]
pub struct Fate {
    /// Whether it is done here.
    pub here: bool,
    /// The functions that get it, and as which parameter.
    pub passed_on: Vec<(TopLevel, usize)>,
}

impl Fate {
    /// Whether it is done at all, where these parameters have this fate.
    pub fn is_met(&self, parameters: &FxHashSet<(TopLevel, usize)>) -> bool {
        self.here || self.passed_on.iter().any(|parameter| parameters.contains(parameter))
    }
}

impl Outline {
    fn of(part: Part, names: &Names) -> Outline {
        let mut outline = Outline { bodies: lints::outlines(part, names), ..Outline::default() };
        visit::expressions_of_part(part, &mut |expression| match &expression.kind {
            ExpressionKind::Call { function: name, .. } | ExpressionKind::Method { method: name, .. } => {
                let word = name.text.as_str();
                outline.samples |= lints::may_sample(word);
                outline.turns |= word.contains("rope");
                outline.makes_learnable |= word == "learnable";
            }
            _ => {}
        });
        visit::statements_of_part(part, &mut |statement| match &statement.kind {
            StatementKind::Rule(_) => outline.rules = true,
            StatementKind::Learn(_) => outline.learns = true,
            StatementKind::Assign { target, .. } => outline.assigned.extend(assigned(target, names)),
            StatementKind::Expression(Expression { kind: ExpressionKind::Method { receiver, .. }, .. }) => {
                outline.assigned.extend(receiver.variable().and_then(|name| global(name, names)));
            }
            _ => {}
        });
        if let Part::Function(function) = part {
            outline.walks_layers = lints::layers::walked_by(function);
            outline.may_lack_result = function.result.is_none() && lints::may_lack_result(function, names);
        }
        outline
    }

    /// Whether a loop with numbers as bounds indexes something by its variable, or calls
    /// one of these.
    pub fn indexes_in_loops(&self, functions: &FxHashSet<TopLevel>) -> bool {
        let mut loops = self.bodies.iter().flat_map(|body| &body.loops);
        loops.any(|one| one.bounded && (one.indexes || one.calls.iter().any(|called| functions.contains(called))))
    }
}

/// The top-level tensor that an assignment changes.
fn assigned(target: &Target, names: &Names) -> Option<TopLevel> {
    match target {
        Target::Variable(name) => global(name, names),
        Target::Index { object, .. } => assigned(object, names),
        Target::Field { .. } | Target::Invalid(_) => None,
    }
}

fn global(name: &Name, names: &Names) -> Option<TopLevel> {
    match names.binding(name) {
        Binding::Global(number) => Some(number),
        _ => None,
    }
}

/// The outlines of a program's parts.
#[derive(Clone, Debug, Default)]
pub struct Outlines {
    of: FxHashMap<TextId, (u32, Arc<Outline>)>,
}

impl Outlines {
    /// The outlines of `program`, which has these names; those that hold are `kept`.
    pub(super) fn new(program: &Program, names: &Names, sources: &Sources, kept: &Outlines) -> Outlines {
        let mut of: FxHashMap<TextId, (u32, Arc<Outline>)> =
            FxHashMap::with_capacity_and_hasher(program.texts.len(), FxBuildHasher);
        for part in parts(program) {
            let text = part.text();
            let number = names.resolution(text).unwrap_or_default();
            let before = kept.of.get(&text).filter(|(before, _)| *before == number && !sources.is_whole(text));
            let outline = before.map_or_else(|| Arc::new(Outline::of(part, names)), |(_, outline)| outline.clone());
            match of.get_mut(&text) {
                // Broken parts share a text.
                Some((_, all)) => Arc::make_mut(all).join(&outline),
                None => {
                    of.insert(text, (number, outline));
                }
            }
        }
        Outlines { of }
    }

    /// What the part in a text mentions.
    pub fn of(&self, text: TextId) -> Option<&Outline> {
        self.of.get(&text).map(|(_, outline)| &**outline)
    }

    /// Every body of the program.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        self.of.values().flat_map(|(_, outline)| &outline.bodies)
    }

    /// The parameters of functions that have the fate which `of` tells of each, be it by
    /// way of other functions.
    pub fn parameters(&self, of: impl Fn(&Body) -> &[Fate]) -> FxHashSet<(TopLevel, usize)> {
        let functions = self.bodies().filter_map(|body| Some((body.function?, of(body))));
        let all = functions.flat_map(|(function, fates)| {
            fates.iter().enumerate().map(move |(position, fate)| ((function, position), fate))
        });
        let mut open: Vec<_> = all.filter(|(_, fate)| fate.here || !fate.passed_on.is_empty()).collect();
        let mut met = FxHashSet::default();
        loop {
            let before = met.len();
            open.retain(|(parameter, fate)| {
                let is_met = fate.is_met(&met);
                if is_met {
                    met.insert(*parameter);
                }
                !is_met
            });
            if met.len() == before {
                return met;
            }
        }
    }

    /// The outline of the body in a text that belongs to a function, or to none.
    pub fn body(&self, text: TextId, function: Option<TopLevel>) -> Option<&Body> {
        self.of(text)?.bodies.iter().find(|body| body.function == function)
    }

    /// The top-level tensors that are assigned anywhere.
    pub fn assigned(&self) -> FxHashSet<TopLevel> {
        self.of.values().flat_map(|(_, outline)| &outline.assigned).copied().collect()
    }

    /// Whether any part is like this.
    pub fn any(&self, is: impl Fn(&Outline) -> bool) -> bool {
        self.of.values().any(|(_, outline)| is(outline))
    }
}

impl Outline {
    fn join(&mut self, other: &Outline) {
        self.bodies.extend(other.bodies.iter().cloned());
        self.samples |= other.samples;
        self.turns |= other.turns;
        self.walks_layers.extend(other.walks_layers.iter().cloned());
        self.assigned.extend(&other.assigned);
        self.rules |= other.rules;
        self.learns |= other.learns;
        self.makes_learnable |= other.makes_learnable;
        self.may_lack_result |= other.may_lack_result;
    }
}
