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
        let has_sizes = matches!(
            &binding.known.fact,
            Fact::Tensor { shape: Some(_), .. } | Fact::Array { len: Dim::Unknown, .. } | Fact::Tokens(Dim::Unknown)
        );
        differs && has_sizes
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
    let (span, name) = (binding.span, &binding.name);
    let mut letter = |size: &mut Dim, what: String| {
        if *size == Dim::Unknown {
            let message = format!("{what} of `{name}`, which differs from call to call");
            *size = Dim::of(&letters.next(Birth { span, message })).unwrap_or(Dim::Unknown);
        }
    };
    match &mut binding.known.fact {
        Fact::Tensor { shape: Some(shape), .. } => {
            shape.0.iter_mut().enumerate().for_each(|(axis, size)| letter(size, format!("axis {axis}")));
        }
        Fact::Array { len, .. } | Fact::Tokens(len) => letter(len, "the length".to_string()),
        _ => {}
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
