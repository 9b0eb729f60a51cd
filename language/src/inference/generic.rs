//! Names for the sizes that the calls of a function do not share: inside it they are
//! any sizes, as `n` and `m` of a signature are. Every one gets a letter of its own, so
//! that nothing is claimed to be equal.

use std::sync::Arc;

use super::Binding;
use super::known::map_sizes;
use super::symbols::{Birth, Site, Symbols};
use super::walk::CALLS_DIFFER;
use crate::catalogue::fact::Fact;
use crate::shape::Dim;

/// Names them in bindings, which are sorted by their places.
pub(super) fn name_sizes(bindings: &mut [Binding], symbols: &mut Symbols) {
    for group in bindings.chunk_by_mut(|a, b| a.span.text == b.span.text) {
        let is_open = |binding: &Binding| {
            let differs = binding.known.reason.as_ref().is_some_and(|reason| reason.message == CALLS_DIFFER);
            differs && matches!(&binding.known.fact, Fact::Tensor { shape: Some(_), .. })
        };
        if !group.iter().any(is_open) {
            continue;
        }
        let used = names_in(group);
        let aside = symbols.set_aside();
        symbols.take_back(used.into_iter().collect());
        for binding in group.iter_mut().filter(|binding| is_open(binding)) {
            name(binding, symbols);
        }
        symbols.take_back(aside);
    }
}

fn name(binding: &mut Binding, symbols: &mut Symbols) {
    let Fact::Tensor { shape: Some(shape), .. } = &mut binding.known.fact else { return };
    for (axis, size) in shape.0.iter_mut().enumerate().filter(|(_, size)| **size == Dim::Unknown) {
        let message = format!("axis {axis} of `{}`, which differs from call to call", binding.name);
        let symbol = symbols.lettered(Site::Called(binding.span, axis), Birth { span: binding.span, message });
        *size = Dim::of(&symbol).unwrap_or(Dim::Unknown);
    }
}

/// The names of all sizes in these bindings.
fn names_in(bindings: &[Binding]) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for binding in bindings {
        map_sizes(&binding.known.fact, &mut |size, _| {
            size.symbols(&mut |symbol| names.push(symbol.name.clone()));
            None
        });
    }
    names
}
