//! What is noted while a part of a program is walked, and what was walked with it:
//! the calls that lead from one walk to the next.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::BindingKind;
use super::caches::Caches;
use super::known::Known;
use super::passing::{Shown, is_callers, tells_of_caller};
use super::walk::{CALLS_DIFFER, Reach};
use crate::diagnostic::Diagnostic;
use crate::program::names::TopLevel;
use crate::source::{Span, TextId};

/// What is noted of a part of the program. A part that is walked several times
/// keeps the notes of the last time.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    pub(super) values: FxHashMap<Span, Known>,
    pub(super) bindings: FxHashMap<Span, Bound>,
    /// What stands before a dot: the object, and where the name behind ends.
    pub(super) receivers: FxHashSet<(Span, usize)>,
    pub(super) problems: Vec<Diagnostic>,
    /// Prompts whose tokens are put behind others: they need not begin a text.
    pub(super) continued: FxHashSet<Span>,
    /// Divisions of Integers whose result is meant to be whole: it counts something.
    pub(super) whole: FxHashSet<Span>,
    /// What is stored in caches.
    pub(super) stored: Caches,
    /// Whether something is loaded from a cache.
    pub(super) loads: bool,
    /// The models that were opened.
    pub(super) models: Vec<usize>,
    /// The functions that were called, with the places of the calls.
    pub(super) calls: Vec<Call>,
}

/// A call of a function of the script.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) span: Span,
    pub(super) walked: Arc<Walked>,
    /// The places that the function knows by their numbers.
    pub(super) places: Arc<[Span]>,
}

/// A name that was bound.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) name: String,
    pub(super) kind: BindingKind,
    pub(super) known: Known,
}

impl Bound {
    /// The same for a reader of the whole script.
    pub(super) fn shown(&self, places: &[Span]) -> Bound {
        let known = match places.is_empty() {
            true => self.known.clone(),
            false => self.known.clone().translated(&mut Shown(places)),
        };
        Bound { name: self.name.clone(), kind: self.kind, known }
    }
}

impl Notes {
    /// Adds the notes of another part, or of another walk of the same one.
    pub(super) fn add(&mut self, other: Notes) {
        self.values.reserve(other.values.len());
        join_values(&mut self.values, other.values.into_iter());
        join_bindings(&mut self.bindings, other.bindings.into_iter());
        self.receivers.extend(other.receivers);
        self.problems.extend(other.problems);
        self.continued.extend(other.continued);
        self.whole.extend(other.whole);
        self.stored.join(&other.stored);
        self.loads |= other.loads;
        self.models.extend(other.models);
        self.calls.extend(other.calls);
    }

    /// The texts that they say something of, besides `own`.
    pub(super) fn point_to(&self, own: TextId) -> Vec<TextId> {
        let mut texts = Vec::new();
        for problem in &self.problems {
            problem.for_each_place(&mut |place| texts.push(place.text));
        }
        texts.retain(|text| *text != own && *text != TextId::CALLER);
        texts
    }

    /// Whether they are of no interest beside what is known of values.
    pub(super) fn are_silent(&self) -> bool {
        let Notes { problems, continued, whole, stored, models, .. } = self;
        let is_silent = problems.is_empty() && continued.is_empty() && whole.is_empty();
        is_silent && models.is_empty() && stored.is_empty()
    }

    /// Whether they or what these calls lead to say something of places that only the
    /// caller knows.
    pub(super) fn tell_callers(&self, calls: &[Call]) -> bool {
        let passes_on = |call: &Call| call.walked.tells_callers && call.places.iter().copied().any(is_callers);
        self.continued.iter().chain(&self.whole).copied().any(is_callers)
            || self.problems.iter().any(tells_of_caller)
            || calls.iter().any(passes_on)
    }

    /// What is known of values, for a reader of the whole script.
    pub(super) fn shown(&self, places: &[Span]) -> Cow<'_, Notes> {
        if places.is_empty() {
            return Cow::Borrowed(self);
        }
        let values = self.values.iter().map(|(span, known)| (*span, known.clone().translated(&mut Shown(places))));
        let bindings = self.bindings.iter().map(|(span, bound)| (*span, bound.shown(places)));
        Cow::Owned(Notes {
            values: values.collect(),
            bindings: bindings.collect(),
            receivers: self.receivers.clone(),
            ..Notes::default()
        })
    }

    /// Adds what another walk found of values: what holds is what both found.
    pub(super) fn join(&mut self, other: &Notes) {
        join_values(&mut self.values, other.values.iter().map(|(span, known)| (*span, known.clone())));
        join_bindings(&mut self.bindings, other.bindings.iter().map(|(span, bound)| (*span, bound.clone())));
        self.receivers.extend(&other.receivers);
    }
}

/// Adds what another walk found of expressions: what holds is what both found.
fn join_values(joined: &mut FxHashMap<Span, Known>, other: impl Iterator<Item = (Span, Known)>) {
    for (span, known) in other {
        match joined.entry(span) {
            Entry::Occupied(mut before) => join_known(before.get_mut(), &known, span),
            Entry::Vacant(place) => {
                place.insert(known);
            }
        }
    }
}

/// Adds what another walk found of names: what holds is what both found.
pub(super) fn join_bindings(joined: &mut FxHashMap<Span, Bound>, other: impl Iterator<Item = (Span, Bound)>) {
    for (span, bound) in other {
        match joined.entry(span) {
            Entry::Occupied(mut before) => join_known(&mut before.get_mut().known, &bound.known, span),
            Entry::Vacant(place) => {
                place.insert(bound);
            }
        }
    }
}

fn join_known(before: &mut Known, known: &Known, span: Span) {
    if before != known {
        *before = before.join_because(known, CALLS_DIFFER, span);
    }
}

/// One walk over a part of a program: over `main`, or over a function for certain
/// arguments.
#[derive(Debug)]
pub(super) struct Walked {
    /// The function; none for `main`, a test or a bench.
    pub(super) function: Option<TopLevel>,
    /// The text that it is written in.
    pub(super) text: TextId,
    /// What it is called.
    pub(super) name: String,
    /// Which resolution of its names it stands on.
    pub(super) resolution: u32,
    pub(super) arguments: Arc<[Known]>,
    pub(super) reach: Reach,
    pub(super) may_end: bool,
    pub(super) outcome: Outcome,
    pub(super) notes: Arc<Notes>,
    /// The calls in it as it was noted in the end.
    pub(super) calls: Vec<Call>,
    /// Every walk that it stands on, in the order in which they were asked for: also
    /// those of rounds of a loop that the last one made obsolete.
    pub(super) needs: Vec<Arc<Walked>>,
    /// Whether a call in it was not followed because it led back.
    pub(super) recursive: bool,
    /// Whether it stands on what caches hold.
    pub(super) loads: bool,
    /// The other parts of the program that it says something of.
    pub(super) points_to: Vec<TextId>,
    /// Whether its notes are of no interest beside what is known of values.
    pub(super) is_silent: bool,
    /// Whether it says something of places that only its caller knows.
    pub(super) tells_callers: bool,
}

/// What a walk means for who called.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) result: Known,
    pub(super) ends_always: bool,
    pub(super) ends_sometimes: bool,
}

/// The same walks without repetitions.
pub(super) fn each_once(mut walks: Vec<Arc<Walked>>) -> Vec<Arc<Walked>> {
    let mut seen = FxHashSet::default();
    walks.retain(|walked| seen.insert(Arc::as_ptr(walked)));
    walks
}

impl Walked {
    /// Whether it is the walk for these arguments in these circumstances.
    pub(super) fn fits(&self, arguments: &Arc<[Known]>, reach: Reach, may_end: bool) -> bool {
        let same = || Arc::ptr_eq(&self.arguments, arguments) || self.arguments == *arguments;
        (self.reach, self.may_end) == (reach, may_end) && same()
    }
}
