//! `dtype-mix`: tensors of two element types meet, which the wider one decides; and
//! a function that declares another type than the script has chosen.
//! Source: pitfalls N4 and N5, decisions 13, 38 and 60.

use super::{Part, beside};
use crate::diagnostic::{Code, Diagnostic, Label, Severity};
use crate::inference::calls::Passed;
use crate::inference::history::Typing;
use crate::inference::known::Known;
use crate::inference::walk::Walk;
use crate::program::tree::*;

impl Walk<'_> {
    /// Two tensors that one operation combines.
    pub(super) fn advise_types(&mut self, parts: [Part; 2]) {
        let named = |known: &Known| known.fact.element().filter(|_| known.history.typing > Some(Typing::Weak));
        let [(left, _), (right, place)] = parts;
        let (Some(a), Some(b)) = (named(left), named(right)) else { return };
        if a == b || !a.is_float() || !b.is_float() {
            return;
        }
        let message = format!("{a} meets {b}: the result is {}", a.wider(b));
        let problem = Diagnostic::new(Code::DtypeMix, place, message).severity(Severity::Hint);
        let labels = self.births(parts, place);
        self.tell(beside(problem, labels));
    }

    /// Keys that a cache keeps in another element type.
    pub(in crate::inference) fn advise_cache_type(&mut self, cache: &Known, keys: Part) {
        let kept = cache.history.rare().maker.as_ref().and_then(|maker| maker.element);
        let named = keys.0.fact.element().filter(|_| keys.0.history.typing > Some(Typing::Weak));
        let (Some(kept), Some(found)) = (kept, named) else { return };
        if kept == found {
            return;
        }
        let message = format!("the keys are {found}, the cache keeps {kept}: they are converted");
        let mut labels = self.births([keys], keys.1);
        let made = cache.history.rare().layers.as_ref().map(|layers| layers.made);
        labels.extend(made.map(|place| Label { place, message: "the cache is made here".to_string() }));
        let problem = Diagnostic::new(Code::DtypeMix, keys.1, message).severity(Severity::Hint);
        self.tell(beside(problem.help("make the cache with `KVCache::new`, which keeps what it is given"), labels));
    }

    /// The first parameter of a function that declares another element type than the
    /// script has chosen for its argument.
    pub(super) fn declared_types(&mut self, function: &Function, assigned: &[usize], passed: &[Passed]) {
        for (parameter, (known, place, _)) in assigned.iter().zip(passed) {
            let parameter = &function.parameters[*parameter];
            let Some(Type { kind: TypeKind::Tensor(declared, _), .. }) = &parameter.annotation else { continue };
            let chosen = known.fact.element().filter(|_| known.history.typing == Some(Typing::Chosen));
            let Some(found) = chosen.filter(|found| found != declared) else { continue };
            let message = format!("`{}` is declared {declared} and is given {found}", parameter.name.text);
            let problem = Diagnostic::new(Code::DtypeMix, parameter.name.span, message)
                .severity(Severity::Warning)
                .help(format!("declare {found}, or load and convert to {declared}"))
                .related(*place, "it is passed here");
            let births = self.births([(known, *place)], *place);
            let mut problem = problem;
            problem.related.extend(births);
            self.tell(problem);
            return;
        }
    }
}
