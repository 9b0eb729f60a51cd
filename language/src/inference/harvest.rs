//! What the walks of a program found, brought together: the notes of each text and
//! the problems, each with the calls that led to it.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::caches::Caches;
use super::known::Known;
use super::notes::{Bound, Call, Notes, Walked, join_bindings};
use super::passing::{is_callers, outer};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::program::names::TopLevel;
use crate::source::{Span, TextId};

/// How many of the calls that lead to a problem are told.
const MOST_RELATED: usize = 4;

/// For how many of its callers the problems of one walk are told.
const MOST_CALLERS: usize = 16;

/// What has been brought together so far.
#[derive(Default)]
pub(super) struct Harvest {
    pub(super) texts: FxHashMap<TextId, OfText>,
    pub(super) problems: Vec<Diagnostic>,
    /// Prompts whose tokens are put behind others.
    pub(super) continued: FxHashSet<Span>,
    /// Divisions whose result counts something.
    pub(super) whole: FxHashSet<Span>,
    /// What is stored in caches.
    pub(super) stored: Caches,
    /// The functions that are called from somewhere.
    pub(super) called: FxHashSet<TopLevel>,
    /// The models that are opened.
    pub(super) models: FxHashSet<usize>,
    seen: FxHashSet<*const Walked>,
    /// With which places each walk was taken that tells something of them.
    told: FxHashMap<*const Walked, Vec<Arc<[Span]>>>,
    /// The calls on the way to the walk at hand, outermost first, and what they call.
    path: Vec<(Span, Arc<Walked>)>,
}

/// The notes of one text: of every walk over it, with the places that the call passed.
#[derive(Clone, Debug, Default)]
pub(super) struct OfText {
    parts: Vec<(Arc<Notes>, Arc<[Span]>)>,
    joined: OnceLock<Box<Notes>>,
}

impl OfText {
    /// What holds in every walk of the value of one expression. The places in it are
    /// those that the function knows.
    pub(super) fn value(&self, span: Span) -> Option<&Known> {
        let notes = if let [(one, _)] = &self.parts[..] { one } else { self.notes() };
        notes.values.get(&span)
    }

    /// What is bound, and holds in every walk.
    pub(super) fn bindings(&self) -> Vec<(Span, Bound)> {
        let mut joined = FxHashMap::default();
        for (notes, places) in &self.parts {
            let shown = notes.bindings.iter().map(|(span, bound)| (*span, bound.shown(places)));
            join_bindings(&mut joined, shown);
        }
        joined.into_iter().collect()
    }

    /// What holds in every walk.
    pub(super) fn notes(&self) -> &Notes {
        match &self.parts[..] {
            [(one, places)] if places.is_empty() => one,
            parts => self.joined.get_or_init(|| {
                let mut joined = Notes::default();
                parts.iter().for_each(|(part, places)| joined.join(&part.shown(places)));
                joined.into()
            }),
        }
    }
}

impl Harvest {
    /// Takes notes that no call leads to, and all that their calls lead to.
    pub(super) fn root(&mut self, text: TextId, notes: &Arc<Notes>, calls: &[Call]) {
        let nowhere: Arc<[Span]> = [].into();
        self.texts.entry(text).or_default().parts.push((notes.clone(), nowhere.clone()));
        self.take(notes);
        self.tell(notes, &nowhere);
        self.follow(calls, &nowhere);
    }

    /// Takes a walk for a call that passes these places, and all that its calls lead to.
    pub(super) fn walked(&mut self, walked: &Arc<Walked>, places: &Arc<[Span]>) {
        let is_new = self.seen.insert(Arc::as_ptr(walked));
        if walked.tells_callers {
            let told = self.told.entry(Arc::as_ptr(walked)).or_default();
            if told.len() >= MOST_CALLERS || told.contains(places) {
                return;
            }
            told.push(places.clone());
        } else if !is_new {
            return;
        }
        if is_new {
            let of = self.texts.entry(walked.text).or_default();
            of.parts.push((walked.notes.clone(), places.clone()));
        }
        if !walked.is_silent {
            if is_new {
                self.take(&walked.notes);
            }
            self.tell(&walked.notes, places);
        }
        self.follow(&walked.calls, places);
    }

    /// Takes what is the same wherever the call is.
    fn take(&mut self, notes: &Notes) {
        self.models.extend(&notes.models);
        self.stored.join(&notes.stored);
    }

    /// Takes what is said of places.
    fn tell(&mut self, notes: &Notes, places: &[Span]) {
        let at = |place: &Span| outer(*place, places);
        self.continued.extend(notes.continued.iter().map(at));
        self.whole.extend(notes.whole.iter().map(at));
        for problem in &notes.problems {
            let mut problem = problem.clone().with_places(&mut |place| outer(place, places));
            let room = MOST_RELATED.saturating_sub(problem.related.len());
            for (place, walked) in self.path.iter().rev().take(room) {
                let message = format!("`{}` is called here", walked.name);
                problem.related.push(Label { place: *place, message });
            }
            self.problems.push(problem);
        }
    }

    fn follow(&mut self, calls: &[Call], places: &Arc<[Span]>) {
        for Call { span, walked, places: passed } in calls {
            let passed = match passed.iter().copied().any(is_callers) {
                true => passed.iter().map(|place| outer(*place, places)).collect(),
                false => passed.clone(),
            };
            self.path.push((*span, walked.clone()));
            self.called.extend(walked.function);
            self.walked(walked, &passed);
            self.path.pop();
        }
    }
}

/// Each problem once, the worst where a place was looked at more than once, and
/// none where the program has an error of its own.
pub(super) fn told_once(found: Vec<Diagnostic>, before: &[Diagnostic]) -> Vec<Diagnostic> {
    let errors = || before.iter().filter(|problem| problem.severity == Severity::Error);
    let told: FxHashSet<Span> = errors().map(|problem| problem.place).collect();
    let beside: FxHashSet<_> =
        errors().flat_map(|problem| problem.related.iter().map(|label| (label.place, problem.code))).collect();
    // A lint may have seen the same in what is written.
    let same: FxHashSet<_> = before.iter().map(|problem| (problem.place, problem.code)).collect();
    let mut known: FxHashMap<_, usize> = FxHashMap::default();
    let mut problems: Vec<Diagnostic> = Vec::new();
    for problem in found {
        let key = (problem.place, problem.code);
        if told.contains(&problem.place) || beside.contains(&key) || same.contains(&key) {
            continue;
        }
        match known.get(&key) {
            Some(at) if problem.severity < problems[*at].severity => problems[*at] = problem,
            Some(_) => {}
            None => {
                known.insert(key, problems.len());
                problems.push(problem);
            }
        }
    }
    problems
}
