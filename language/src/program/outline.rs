//! What the parts of a program mention, in a few words each: enough to leave out of a
//! search every part that cannot matter to it. Kept like everything else of a part.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lints;
use super::parts::{Part, parts};
use super::tree::*;
use super::visit;
use crate::source::{Sources, TextId};

/// What one part mentions.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// Everything that is called, by name, as a function or as a method.
    pub calls: HashSet<String>,
    /// Whether a token may be sampled.
    pub samples: bool,
    /// Whether rows of a table are looked up.
    pub embeds: bool,
    /// Whether something is turned by its position.
    pub turns: bool,
    /// Whether something is indexed, as layers are.
    pub indexes: bool,
    /// Whether there is a loop.
    pub loops: bool,
    /// Whether there are rules.
    pub rules: bool,
    /// Whether something is trained.
    pub learns: bool,
    /// Whether it is a function that says nothing of its result and may give none.
    pub may_lack_result: bool,
}

impl Outline {
    fn of(part: Part, program: &Program) -> Outline {
        let mut outline = Outline::default();
        visit::expressions_of_part(part, &mut |expression| match &expression.kind {
            ExpressionKind::Call { function: name, .. } | ExpressionKind::Method { method: name, .. } => {
                let word = name.text.as_str();
                outline.samples |= lints::may_sample(word);
                outline.embeds |= word == "embedding";
                outline.turns |= word.contains("rope");
                if !outline.calls.contains(word) {
                    outline.calls.insert(word.to_owned());
                }
            }
            ExpressionKind::Index { .. } => outline.indexes = true,
            _ => {}
        });
        visit::statements_of_part(part, &mut |statement| match &statement.kind {
            StatementKind::For { .. } | StatementKind::While { .. } | StatementKind::Loop { .. } => {
                outline.loops = true;
            }
            StatementKind::Rule(_) => outline.rules = true,
            StatementKind::Learn(_) => outline.learns = true,
            _ => {}
        });
        if let Part::Function(function) = part {
            outline.may_lack_result = function.result.is_none() && lints::may_lack_result(function, program);
        }
        outline
    }

    /// Whether one of these is called.
    pub fn calls_any<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> bool {
        names.any(|name| self.calls.contains(name))
    }
}

/// The outlines of a program's parts.
#[derive(Clone, Debug, Default)]
pub struct Outlines {
    of: HashMap<TextId, (u32, Arc<Outline>)>,
}

impl Outlines {
    /// The outlines of `program`, whose texts have these resolutions; those that hold
    /// are `kept`.
    pub(super) fn new(
        program: &Program,
        sources: &Sources,
        resolution: impl Fn(TextId) -> u32,
        kept: &Outlines,
    ) -> Outlines {
        let mut of: HashMap<TextId, (u32, Arc<Outline>)> = HashMap::with_capacity(program.texts.len());
        for part in parts(program) {
            let (text, number) = (part.text(), resolution(part.text()));
            let before = kept.of.get(&text).filter(|(before, _)| *before == number && !sources.is_whole(text));
            let outline = before.map_or_else(|| Arc::new(Outline::of(part, program)), |(_, outline)| outline.clone());
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

    /// Whether any part is like this.
    pub fn any(&self, is: impl Fn(&Outline) -> bool) -> bool {
        self.of.values().any(|(_, outline)| is(outline))
    }
}

impl Outline {
    fn join(&mut self, other: &Outline) {
        self.calls.extend(other.calls.iter().cloned());
        self.samples |= other.samples;
        self.embeds |= other.embeds;
        self.turns |= other.turns;
        self.indexes |= other.indexes;
        self.loops |= other.loops;
        self.rules |= other.rules;
        self.learns |= other.learns;
        self.may_lack_result |= other.may_lack_result;
    }
}
