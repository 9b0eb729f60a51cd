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
    /// through all their calls, for any arguments that their parameters allow.
    pub(super) fn uncalled_functions(&mut self, harvest: &mut Harvest) {
        let analysis = self.analysis;
        let mut looked_at = FxHashSet::default();
        for function in &self.program.functions {
            let Binding::Function(number) = analysis.names.binding(&function.name) else { continue };
            if looked_at.insert(number) && (!harvest.called.contains(&number) || self.widened.contains(&number)) {
                self.any_arguments(number, harvest);
            }
        }
        // What was widened only now has been called from those.
        let mut done = self.widened.clone();
        while let Some(number) = self.widened.iter().find(|number| !done.contains(number)).copied() {
            done.insert(number);
            self.any_arguments(number, harvest);
        }
    }

    fn any_arguments(&mut self, number: TopLevel, harvest: &mut Harvest) {
        let Some(function) = self.analysis.names.function(number) else { return };
        self.begin(Reach::Likely);
        self.symbols.enter(FxHashSet::default());
        let only = (!harvest.called.contains(&number)).then(|| self.models.only(self.world, &harvest.models));
        let any = self.any_of_parameters(function, only.as_ref());
        let earlier = self.earlier(Some(number), function.name.id.text, &any);
        let walked = match earlier.and_then(|earlier| self.still(&earlier)) {
            Some(walked) => Some(walked),
            None => self.walk_over(number, function, any).map(Arc::new),
        };
        if let Some(walked) = walked.filter(|_| !self.is_exhausted()) {
            harvest.walked(&walked, &[].into());
            self.roots.push(walked);
        }
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
