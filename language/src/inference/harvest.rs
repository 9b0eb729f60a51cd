//! What the walks of a program found, brought together: the notes of each text and
//! the problems, each with the calls that led to it.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::caches::Stored;
use super::notes::{Notes, Walked};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::program::names::{Names, TopLevel};
use crate::source::{Span, TextId};

/// How many of the calls that lead to a problem are told.
const MOST_RELATED: usize = 4;

/// What has been brought together so far.
pub(super) struct Harvest<'n> {
    names: &'n Names,
    pub(super) texts: FxHashMap<TextId, OfText>,
    pub(super) problems: Vec<Diagnostic>,
    /// Prompts whose tokens are put behind others.
    pub(super) continued: FxHashSet<Span>,
    /// Divisions whose result counts something.
    pub(super) whole: FxHashSet<Span>,
    /// What is stored in caches, and whether one of them changes the type of it.
    pub(super) stored: Stored,
    pub(super) converts: bool,
    /// Every walk, each once.
    pub(super) live: Vec<Arc<Walked>>,
    /// The functions that are called from somewhere.
    pub(super) called: FxHashSet<TopLevel>,
    /// The models that are opened.
    pub(super) models: FxHashSet<usize>,
    seen: FxHashSet<*const Walked>,
    /// The calls on the way to the walk at hand, outermost first.
    path: Vec<Label>,
}

/// The notes of one text: of every walk over it.
#[derive(Clone, Debug, Default)]
pub(super) struct OfText {
    parts: Vec<Arc<Notes>>,
    joined: OnceLock<Notes>,
}

impl OfText {
    /// What holds in every walk.
    pub(super) fn notes(&self) -> &Notes {
        match &self.parts[..] {
            [one] => one,
            parts => self.joined.get_or_init(|| {
                let mut joined = Notes::default();
                parts.iter().for_each(|part| joined.join(part));
                joined
            }),
        }
    }
}

impl<'n> Harvest<'n> {
    pub(super) fn new(names: &'n Names) -> Harvest<'n> {
        Harvest {
            names,
            texts: FxHashMap::default(),
            problems: Vec::new(),
            continued: FxHashSet::default(),
            whole: FxHashSet::default(),
            stored: Stored::default(),
            converts: false,
            live: Vec::new(),
            called: FxHashSet::default(),
            models: FxHashSet::default(),
            seen: FxHashSet::default(),
            path: Vec::new(),
        }
    }

    /// Takes notes that no call leads to, and all that their calls lead to.
    pub(super) fn root(&mut self, text: TextId, notes: Arc<Notes>, calls: &[(Span, Arc<Walked>)]) {
        self.models.extend(&notes.models);
        self.continued.extend(&notes.continued);
        self.whole.extend(&notes.whole);
        self.stored = self.stored.join(&notes.stored);
        self.converts |= notes.converts;
        for problem in &notes.problems {
            let mut problem = problem.clone();
            let room = MOST_RELATED.saturating_sub(problem.related.len());
            problem.related.extend(self.path.iter().rev().take(room).cloned());
            self.problems.push(problem);
        }
        self.texts.entry(text).or_default().parts.push(notes);
        for (span, call) in calls {
            self.path.push(Label { place: *span, message: format!("`{}` is called here", call.name) });
            self.called.extend(call.function);
            self.walked(call);
            self.path.pop();
        }
    }

    /// Takes a walk and all that its calls lead to.
    pub(super) fn walked(&mut self, walked: &Arc<Walked>) {
        if !self.seen.insert(Arc::as_ptr(walked)) {
            return;
        }
        self.live.push(walked.clone());
        let text = walked.function.and_then(|number| self.names.function(number)).map(|function| function.name.id.text);
        if let Some(text) = text {
            self.root(text, walked.notes.clone(), &walked.calls);
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
