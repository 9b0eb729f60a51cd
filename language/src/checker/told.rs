//! Everything that is said of a script, spelled out: two understandings of it are the
//! same if they tell the same.

use std::collections::BTreeMap;

use super::Checked;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

impl Checked {
    /// Its problems, what is bound and what expressions give, one by one, with their
    /// places in files: the same however the script came to be understood.
    pub fn told(&self) -> Vec<String> {
        let Checked { analysis, inference, .. } = self;
        let mut problems: Vec<&Diagnostic> = analysis.problems.iter().chain(&analysis.allowed).collect();
        // Files are numbered in the order in which they were imported first.
        problems.sort_by_key(|problem| &self.sources.file(self.sources.file_of(problem.place.text)).path);
        let bindings = inference.bindings().iter().map(|binding| {
            let known = &binding.known;
            let reason = known.reason.as_ref().map(|reason| (self.place(reason.span), &reason.message));
            format!("{} {}: {} {reason:?}", self.place(binding.span), binding.name, known.fact.describe())
        });
        let values = inference.promises().expressions;
        let values: BTreeMap<_, _> = values.iter().map(|(span, fact)| (self.place(*span), fact.describe())).collect();
        let problems = problems.into_iter().map(|problem| self.problem(problem));
        problems.chain(bindings).chain(values.into_iter().map(|(place, fact)| format!("{place} {fact}"))).collect()
    }

    fn problem(&self, problem: &Diagnostic) -> String {
        let Diagnostic { code, severity, message, notes, helps, .. } = problem;
        let related: Vec<_> =
            problem.related.iter().map(|label| format!("{} {}", self.place(label.place), label.message)).collect();
        let fix = problem.fix.as_ref().map(|fix| {
            let edits: Vec<_> = fix.edits.iter().map(|edit| (self.place(edit.place), &edit.text)).collect();
            (&fix.title, fix.safe, edits)
        });
        let place = self.place(problem.place);
        format!("{place} {severity:?} {code:?} {message} {related:?} {notes:?} {helps:?} {fix:?}")
    }

    fn place(&self, span: Span) -> String {
        let place = self.sources.place(span);
        format!("{}:{}..{}", self.sources.file(place.file).path.display(), place.start, place.end)
    }
}
