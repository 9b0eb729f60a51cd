//! Functions that nothing calls, and those of which not all calls were followed: they
//! are walked for any arguments that their parameters allow.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::harvest::Harvest;
use super::known::{Handle, Known};
use super::walk::{Reach, Walk};
use crate::catalogue::fact::{Fact, HandleKind};
use crate::program::names::{Binding, TopLevel};
use crate::program::tree::Function;

impl<'w> Walk<'w> {
    /// Walks the functions that nothing calls, and those that were not followed
    /// through all their calls, for any arguments that their parameters allow. Where a
    /// part was given up, nobody knows what it calls: then these are all.
    pub(super) fn uncalled_functions(&mut self, harvest: &mut Harvest) {
        let analysis = self.analysis;
        let mut looked_at = FxHashSet::default();
        let mut unknown = Vec::new();
        loop {
            // A walk may widen functions that come before, or be given up.
            let before = looked_at.len();
            for function in &self.program.functions {
                let Binding::Function(number) = analysis.names.binding(&function.name) else { continue };
                let is_followed = harvest.called.contains(&number) && !self.widened.contains(&number);
                let is_due = (!is_followed || self.given_up) && looked_at.insert(number);
                if is_due && !self.any_arguments(number, harvest) {
                    unknown.push(function.name.id.text);
                }
            }
            if looked_at.len() == before {
                break;
            }
        }
        for text in unknown {
            harvest.texts.remove(&text);
        }
    }

    /// Walks one function for any arguments. Gives whether that came to its end.
    fn any_arguments(&mut self, number: TopLevel, harvest: &mut Harvest) -> bool {
        let Some(function) = self.analysis.names.function(number) else { return false };
        self.begin(Reach::Likely);
        if self.is_over() {
            self.given_up = true;
            return false;
        }
        self.symbols.enter(FxHashSet::default());
        let is_called = harvest.called.contains(&number);
        let only = (!is_called).then(|| self.models.only(self.world, &harvest.models));
        let any = self.any_of_parameters(function, only.as_ref());
        let earlier = self.earlier(Some(number), function.name.id.text, &any);
        let walked = match earlier.and_then(|earlier| self.still(&earlier)) {
            Some(walked) => Some(walked),
            None => self.walk_over(number, function, any).map(Arc::new),
        };
        if self.is_exhausted() {
            self.given_up = true;
            return false;
        }
        let Some(walked) = walked else { return false };
        let stored = (!is_called).then(|| harvest.stored.clone());
        harvest.walked(&walked, &[].into());
        // What never runs stores nothing.
        harvest.stored = stored.unwrap_or_else(|| std::mem::take(&mut harvest.stored));
        self.roots.push(walked);
        true
    }

    /// Any arguments that a function's parameters allow. Where nothing that runs says
    /// otherwise, a model is the one that the script has.
    fn any_of_parameters(&mut self, function: &'w Function, only: Option<&Option<Handle>>) -> Arc<[Known]> {
        let mut sizes = FxHashMap::default();
        let any = function.parameters.iter().map(|parameter| self.any_value(parameter, &mut sizes));
        let mut any: Vec<Known> = any.collect();
        if let Some(only) = only {
            let models = any.iter_mut().filter(|known| known.fact == Fact::Handle(HandleKind::Model));
            models.for_each(|known| known.handle.clone_from(only));
        }
        any.into()
    }
}
