//! What a call passes and what comes back. A function knows the sizes of whoever calls it
//! only as those of its arguments, and the places only by their numbers. So what was found
//! for some arguments holds for every call that passes the like, and an edit of `main` has
//! nothing below it walked again.

use std::sync::Arc;

use super::cache_layers::Counted;
use super::known::Known;
use super::symbols::{Passed, Site, Symbols};
use crate::diagnostic::Diagnostic;
use crate::program::names::TopLevel;
use crate::program::tree::Function;
use crate::size::{Birth, Size, Symbol};
use crate::source::{Span, TextId};

/// What becomes of the symbols and of the places in a value.
pub(super) trait Translation {
    /// The size that a symbol stands for there.
    fn symbol(&mut self, symbol: &Symbol) -> Size;
    /// The place that a place is there.
    fn place(&mut self, place: Span) -> Span;
}

/// The sizes and places that one call passes.
pub(super) struct Passing {
    function: TopLevel,
    /// The symbols of the caller, each with what the function sees.
    symbols: Vec<(Symbol, Symbol)>,
    places: Vec<Span>,
}

impl Passing {
    /// Nothing so far, for a call of this function.
    pub(super) fn to(function: TopLevel) -> Passing {
        Passing { function, symbols: Vec::new(), places: Vec::new() }
    }

    /// An argument as the function sees it.
    pub(super) fn argument(&mut self, known: Known, symbols: &mut Symbols) -> Known {
        known.inside().translated(&mut Entering { passing: self, symbols })
    }

    /// What a call at `span` gives. The symbols that its function found are renamed:
    /// another call gives other numbers.
    pub(super) fn result(&self, known: &Known, function: &Function, span: Span, symbols: &mut Symbols) -> Known {
        let mut known = known.clone();
        // Each call may load another model.
        known.history = std::mem::take(&mut known.history).without_absent();
        known.translated(&mut Leaving { passing: self, function, span, symbols })
    }

    /// The places, by their numbers.
    pub(super) fn into_places(self) -> Arc<[Span]> {
        self.places.into()
    }
}

/// From the caller into the function.
struct Entering<'p> {
    passing: &'p mut Passing,
    symbols: &'p mut Symbols,
}

impl Translation for Entering<'_> {
    fn symbol(&mut self, symbol: &Symbol) -> Size {
        let all = &self.passing.symbols;
        if let Some((_, inner)) = all.iter().find(|(outer, _)| outer == symbol) {
            return Size::symbol(inner.clone());
        }
        let position = all.len();
        let birth = Birth { span: self.place(symbol.birth.span), message: symbol.birth.message.clone() };
        let counted = self.symbols.counted(symbol).copied();
        let counted = counted.map(|counted| Counted { bound: self.place(counted.bound), ..counted });
        let (name, is_size) = (symbol.name.clone(), symbol.is_size);
        let passed = Passed { function: self.passing.function, position, name, is_size, birth, counted };
        let inner = self.symbols.passed(passed);
        self.passing.symbols.push((symbol.clone(), inner.clone()));
        Size::symbol(inner)
    }

    fn place(&mut self, place: Span) -> Span {
        let places = &mut self.passing.places;
        places.push(place);
        numbered(places.len() - 1)
    }
}

/// From the function back to the caller.
struct Leaving<'p> {
    passing: &'p Passing,
    function: &'p Function,
    span: Span,
    symbols: &'p mut Symbols,
}

impl Translation for Leaving<'_> {
    fn symbol(&mut self, symbol: &Symbol) -> Size {
        if self.symbols.is_of_result(symbol) {
            let message = format!("a size that `{}` finds", self.function.name.text);
            let birth = Birth { span: self.span, message };
            return self.symbols.lettered_as(Site::Call(self.span, symbol.id), symbol.is_size, birth);
        }
        let passed = self.passing.symbols.iter().find(|(_, inner)| inner == symbol);
        Size::symbol(passed.map_or(symbol, |(outer, _)| outer).clone())
    }

    fn place(&mut self, place: Span) -> Span {
        outer(place, &self.passing.places)
    }
}

/// From the function to a reader, who sees where in the script everything stands.
pub(super) struct Shown<'p>(pub(super) &'p [Span]);

impl Translation for Shown<'_> {
    fn symbol(&mut self, symbol: &Symbol) -> Size {
        if !is_callers(symbol.birth.span) {
            return Size::symbol(symbol.clone());
        }
        let birth = Birth { span: self.place(symbol.birth.span), message: symbol.birth.message.clone() };
        Size::symbol(Symbol { birth: birth.into(), ..symbol.clone() })
    }

    fn place(&mut self, place: Span) -> Span {
        outer(place, self.0)
    }
}

/// The place of a caller that has this number.
fn numbered(number: usize) -> Span {
    Span::new(TextId::CALLER, number, number)
}

/// Whether a place is known to the caller only.
pub(super) fn is_callers(place: Span) -> bool {
    place.text == TextId::CALLER
}

/// A place as the caller knows it that passed these.
pub(super) fn outer(place: Span, places: &[Span]) -> Span {
    let passed = is_callers(place).then(|| places.get(place.start())).flatten();
    passed.copied().unwrap_or(place)
}

/// Whether a problem is told at a place of the caller, or points to one.
pub(super) fn tells_of_caller(problem: &Diagnostic) -> bool {
    let mut tells = false;
    problem.for_each_place(&mut |place| tells |= is_callers(place));
    tells
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check_script, inferred};
    use crate::diagnostic::Code;

    #[test]
    fn sizes_come_back_as_the_caller_knows_them() {
        check_script(
            "fn joined(a, b) {\nlet c = concat(a, b) // : [m + n, 4]\nc\n}\n\
             fn turned(x) {\ntranspose(x)\n}\n\
             main {\nlet t = load_tokenizer(\"t.json\") // warning[model-not-found]\n\
             let p = tokenize(t, \"a\", true) // : Tokens[n]\nlet q = tokenize(t, \"b\", true) // : Tokens[m]\n\
             let x = zeros([len(p), 4]) // : [n, 4]\nlet y = zeros([len(q), 4]) // : [m, 4]\n\
             let z = turned(joined(x, y)) // : [4, m + n]\nprint(z)\n}",
        );
    }

    #[test]
    fn a_function_is_looked_at_once_for_arguments_that_are_alike() {
        check_script(
            "fn double(ids) {\nlet y = zeros([len(ids) * 2, 4]) // : [2 * n, 4]\ny\n}\n\
             fn one(t: Tokenizer) {\nprint(double(tokenize(t, \"a\", true)))\n}\n\
             fn two(t: Tokenizer) {\nprint(double(tokenize(t, \"b\", true)))\n}\n\
             main {\nlet t = load_tokenizer(\"t.json\") // warning[model-not-found]\none(t)\ntwo(t)\n}",
        );
    }

    #[test]
    fn a_problem_is_told_where_each_caller_has_its_cause() {
        let (sources, analysis, _) = inferred(
            "examples/test.tl",
            "fn open(path: string) -> Model {\nload_model(path)\n}\n\
             main {\nprint(open(\"a.gguf\"))\nprint(open(\"a.gguf\"))\n}",
        );
        let places: Vec<String> = analysis
            .problems
            .iter()
            .filter(|problem| problem.code == Code::ModelNotFound)
            .map(|problem| sources.describe(problem.place))
            .collect();
        assert_eq!(places, ["examples/test.tl:5:12", "examples/test.tl:6:12"]);
    }

    #[test]
    fn a_division_of_any_caller_may_count_something() {
        check_script(
            "fn rows(k) {\nzeros([k, 4])\n}\nfn half(k) {\nk * 0.5\n}\n\
             main {\nlet n = 7\nprint(rows(n / 2))\nprint(rows(n / 2))\n\
             print(half(n / 2)) // warning[integer-division]\n}",
        );
    }
}
