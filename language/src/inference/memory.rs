//! What is kept from one inference to the next. A walk stays true as long as its
//! text, the names in it and what its calls give are the same; only what an edit
//! reaches is walked again.

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::World;
use super::caches::Caches;
use super::known::Known;
use super::models::Models;
use super::notes::{Call, Walked};
use super::symbols::Symbols;
use super::walk::Walk;
use crate::files::{Files, Stamp};
use crate::program::names::TopLevel;
use crate::shape::ElementType;
use crate::source::TextId;

/// How many paths may have been asked for; beyond, everything is found anew.
const MOST_PATHS: usize = 256;

/// What is remembered from the last inference.
#[derive(Debug, Default)]
pub struct Memory {
    pub(super) symbols: Symbols,
    pub(super) models: Models,
    pub(super) walks: Walks,
    /// The values of the top-level tensors.
    pub(super) globals: Vec<(TopLevel, Known)>,
    /// What the stores into caches have in common.
    pub(super) stored: Caches,
    surroundings: Option<Surroundings>,
}

/// Walks over `main` and over functions, with any arguments that they had.
#[derive(Debug, Default)]
pub(super) struct Walks {
    of: FxHashMap<Option<TopLevel>, Vec<Arc<Walked>>>,
}

impl Walks {
    pub(super) fn all(&self, function: Option<TopLevel>) -> &[Arc<Walked>] {
        self.of.get(&function).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether some stand on what caches hold.
    pub(super) fn load(&self) -> bool {
        self.of.values().flatten().any(|walked| walked.loads)
    }

    /// Only those that do not.
    pub(super) fn without_loads(mut self) -> Walks {
        self.of.values_mut().for_each(|all| all.retain(|walked| !walked.loads));
        self
    }

    pub(super) fn add(&mut self, walked: Arc<Walked>) {
        self.of.entry(walked.function).or_default().push(walked);
    }
}

/// What an inference depends on besides the text.
#[derive(Debug, PartialEq)]
struct Surroundings {
    script: PathBuf,
    model: Option<PathBuf>,
    words: Option<Vec<String>>,
    default_element: ElementType,
}

impl Memory {
    /// What still holds in this world.
    pub(super) fn in_world(self, world: &World) -> Memory {
        let surroundings = Surroundings {
            script: world.script.to_owned(),
            model: world.model.map(ToOwned::to_owned),
            words: world.words.map(ToOwned::to_owned),
            default_element: world.default_element,
        };
        let holds = self.surroundings.as_ref() == Some(&surroundings) && self.models.paths.hold(world.files);
        Memory { surroundings: Some(surroundings), ..if holds { self } else { Memory::default() } }
    }
}

/// The paths that were asked for, and what was there.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths(FxHashMap<PathBuf, Option<Stamp>>);

impl Paths {
    pub(super) fn note(&mut self, files: &dyn Files, path: &std::path::Path) {
        if !self.0.contains_key(path) {
            self.0.insert(path.to_owned(), files.stamp(path).ok());
        }
    }

    fn hold(&self, files: &dyn Files) -> bool {
        self.0.len() <= MOST_PATHS && self.0.iter().all(|(path, stamp)| files.stamp(path).ok() == *stamp)
    }
}

impl<'w> Walk<'w> {
    /// An earlier walk over a part for these arguments.
    pub(super) fn earlier(
        &self,
        function: Option<TopLevel>,
        text: TextId,
        arguments: &Arc<[Known]>,
    ) -> Option<Arc<Walked>> {
        let fits = |walked: &&Arc<Walked>| walked.text == text && walked.fits(arguments, self.reach, self.may_end);
        self.before.all(function).iter().find(fits).cloned()
    }

    /// An earlier walk with the calls in it as they are now, if it still holds.
    pub(super) fn still(&mut self, walked: &Arc<Walked>) -> Option<Arc<Walked>> {
        let function = walked.function;
        if walked.recursive || self.analysis.names.resolution(walked.text) != Some(walked.resolution) {
            return None;
        }
        // A part that is written anew may not stand any more where a problem points to.
        if !walked.points_to.iter().all(|text| self.texts.contains(text)) {
            return None;
        }
        let mut needs = Vec::with_capacity(walked.needs.len());
        let mut changed = false;
        for need in &walked.needs {
            let again = self.again(function, need)?;
            if !Arc::ptr_eq(&again, need) {
                changed = true;
                if again.outcome != need.outcome {
                    return None;
                }
            }
            needs.push(again);
        }
        if !changed {
            return Some(walked.clone());
        }
        let now: FxHashMap<*const Walked, &Arc<Walked>> = walked.needs.iter().map(Arc::as_ptr).zip(&needs).collect();
        let calls = walked.calls.iter().map(|call| {
            let now = now.get(&Arc::as_ptr(&call.walked)).copied().unwrap_or(&call.walked);
            Call { walked: now.clone(), ..call.clone() }
        });
        let calls: Vec<Call> = calls.collect();
        let Walked { name, resolution, arguments, reach, may_end, outcome, notes, loads, points_to, is_silent, .. } =
            &**walked;
        let tells_callers = notes.tell_callers(&calls);
        Some(Arc::new(Walked {
            function,
            text: walked.text,
            name: name.clone(),
            resolution: *resolution,
            arguments: arguments.clone(),
            reach: *reach,
            may_end: *may_end,
            outcome: outcome.clone(),
            notes: notes.clone(),
            calls,
            needs,
            recursive: false,
            loads: *loads,
            points_to: points_to.clone(),
            is_silent: *is_silent,
            tells_callers,
        }))
    }

    /// The walk of a call inside of `caller`, as it is now.
    fn again(&mut self, caller: Option<TopLevel>, call: &Arc<Walked>) -> Option<Arc<Walked>> {
        let number = call.function?;
        let function = self.analysis.names.function(number)?;
        let (reach, may_end) = (self.reach, self.may_end);
        (self.reach, self.may_end) = (call.reach, call.may_end);
        self.calling.extend(caller);
        let again = self.walked(number, function, call.arguments.clone(), Some(call));
        if caller.is_some() {
            self.calling.pop();
        }
        (self.reach, self.may_end) = (reach, may_end);
        again
    }

    /// Keeps what is true of the program as it is now: also what a loop was walked for until
    /// nothing changed in it, for a walk holds only as long as all that it needed gives the
    /// same again. Nothing where there was too much to look at, which would then be less.
    pub(super) fn into_memory(self, surroundings: Memory) -> Memory {
        let mut walks = Walks::default();
        if !self.given_up && !self.is_exhausted() {
            walks = self.done;
            self.roots.into_iter().for_each(|walked| walks.add(walked));
        }
        let mut symbols = self.symbols;
        symbols.keep(&self.texts);
        if symbols.are_too_many() {
            (symbols, walks) = Default::default();
        }
        Memory { symbols, models: self.models, walks, globals: self.global_values, ..surroundings }
    }
}
