//! Names for the sizes that the calls of a function do not share: inside it they are
//! any sizes, as `n` and `m` of a signature are. Every one gets a letter of its own, so
//! that nothing is claimed to be equal.

use std::sync::Arc;

use super::Binding;
use super::known::map_sizes;
use super::symbols::Letters;
use super::walk::CALLS_DIFFER;
use crate::catalogue::fact::Fact;
use crate::shape::Dim;
use crate::size::Birth;

/// Names them in the bindings of one text.
pub(super) fn name_sizes(bindings: &mut [Binding]) {
    let is_open = |binding: &Binding| {
        let differs = binding.known.reason.as_ref().is_some_and(|reason| reason.message == CALLS_DIFFER);
        differs && matches!(&binding.known.fact, Fact::Tensor { shape: Some(_), .. })
    };
    if !bindings.iter().any(is_open) {
        return;
    }
    let mut letters = Letters::beside(names_in(bindings));
    for binding in bindings.iter_mut().filter(|binding| is_open(binding)) {
        name(binding, &mut letters);
    }
}

fn name(binding: &mut Binding, letters: &mut Letters) {
    let Fact::Tensor { shape: Some(shape), .. } = &mut binding.known.fact else { return };
    for (axis, size) in shape.0.iter_mut().enumerate().filter(|(_, size)| **size == Dim::Unknown) {
        let message = format!("axis {axis} of `{}`, which differs from call to call", binding.name);
        let letter = letters.next(Birth { span: binding.span, message });
        *size = Dim::of(&letter).unwrap_or(Dim::Unknown);
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
