//! What is said of names that nothing declares.

use rustc_hash::{FxHashMap, FxHashSet};

use super::resolver::Resolver;
use crate::catalogue;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::program::tree::*;
use crate::program::visit;
use crate::source::Span;

impl<'p> Resolver<'_, 'p> {
    pub(super) fn unknown_name(&mut self, name: &'p Name) {
        self.names.lacks = true;
        let place = name.span;
        let text = name.text.as_str();
        if text == "self" {
            let problem = Diagnostic::new(Code::UnknownName, place, "`self` is known in methods only");
            self.names.problems.push(problem.help("write a function of `impl` with `self` as its first parameter"));
            return;
        }
        if let Some((_, assigned)) = self.left.iter().rev().find(|(left, _)| *left == text) {
            let told = |other: &Diagnostic| other.code == Code::BlockLocalAssignment && other.place == *assigned;
            if self.names.problems.iter().any(told) {
                return;
            }
            let message = format!("`{text}` is first assigned inside a block and read after it");
            let problem = Diagnostic::new(Code::BlockLocalAssignment, *assigned, message)
                .related(place, "read here, where it no longer exists")
                .help(format!("declare `{text}` with `let` before the block"));
            self.names.problems.push(problem);
            return;
        }
        let seen_by_caller = self.in_function.and_then(|function| self.declared.variable_of_caller(text, function));
        if let Some((owner, declared)) = seen_by_caller {
            if !self.captured.insert(text) {
                return;
            }
            let message = format!("`{text}` is a variable of `{owner}`, which this function cannot see");
            let problem = Diagnostic::new(Code::CapturedCallerVariable, place, message)
                .related(declared, "declared here")
                .help(format!("pass `{text}` as a parameter"));
            self.names.problems.push(problem);
            return;
        }
        let mut problem = Diagnostic::new(Code::UnknownName, place, format!("nothing is called `{text}` here"));
        let visible = self.scopes.iter().flat_map(|scope| scope.keys().copied()).chain(self.declared.value_names());
        if let Some(close) = did_you_mean(text, visible) {
            problem = problem.did_you_mean(text, close);
        } else if self.outside(text).function.is_some() || catalogue::find(text).is_some() {
            problem = problem.help(format!("`{text}` is a function: call it with `{text}(…)`"));
        }
        self.names.problems.push(problem);
    }

    pub(super) fn unknown_function(&mut self, function: &'p Name) {
        self.names.lacks = true;
        let text = function.text.as_str();
        let message = format!("no function is called `{text}`");
        let mut problem = Diagnostic::new(Code::UnknownFunction, function.span, message);
        let known = self.declared.function_names().chain(catalogue::names());
        if let Some(close) = did_you_mean(text, known) {
            problem = problem.did_you_mean(text, close);
        }
        self.names.problems.push(problem);
    }

    /// A problem of a name that nothing declares, with the nearest of those that are
    /// known.
    pub(super) fn unknown<'a>(
        &mut self,
        code: Code,
        span: Span,
        message: String,
        word: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        self.names.lacks = true;
        let mut problem = Diagnostic::new(code, span, message);
        if let Some(close) = did_you_mean(word, known) {
            // Where the place is more than the word, the word is not to be replaced alone.
            problem = match span.end() - span.start() == word.len() {
                true => problem.did_you_mean(word, close),
                false => problem.help(format!("did you mean `{close}`?")),
            };
        }
        self.names.problems.push(problem);
    }
}

/// The variables of a body, and where each is bound first.
pub(super) type Variables = FxHashMap<String, Span>;

pub(super) fn variables(body: &Block) -> Variables {
    let mut found = Variables::default();
    for_each_bound(body, &mut |name| {
        found.entry(name.text.clone()).or_insert(name.span);
    });
    found
}

/// The names that a body binds in one place only.
pub(super) fn bound_once(body: &Block) -> FxHashSet<&str> {
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for_each_bound(body, &mut |name| *places.entry(&name.text).or_default() += 1);
    places.into_iter().filter(|(_, places)| *places == 1).map(|(name, _)| name).collect()
}

/// The names that a body assigns to: their values may be of another kind later.
pub(super) fn assigned(body: &Block) -> FxHashSet<&str> {
    let mut names = FxHashSet::default();
    visit::statements_in(body, &mut |statement| {
        if let StatementKind::Assign { target: Target::Variable(name), .. } = &statement.kind {
            names.insert(name.text.as_str());
        }
    });
    names
}

/// Calls `visit` for every name that statements of a body bind or assign.
fn for_each_bound<'p>(body: &'p Block, visit: &mut dyn FnMut(&'p Name)) {
    visit::statements_in(body, &mut |statement| match &statement.kind {
        StatementKind::Let { name, .. } | StatementKind::Assign { target: Target::Variable(name), .. } => visit(name),
        StatementKind::Tensor(declaration) => visit(&declaration.name),
        StatementKind::For { variable, .. } => visit(variable),
        _ => {}
    });
}
