//! `rope-input`: a rotation of what must not be rotated, or of keys without their
//! queries. `softmax-axis`: scores normalised over another axis than the keys.
//! `argmax-flat`: a position that counts through all rows. `mask-shape`: a mask that
//! is added and does not fit.
//! Source: pitfalls N10, G2, G4; decisions 8 and 60.

use super::{Part, beside};
use crate::catalogue::mask::query_and_key;
use crate::diagnostic::{Code, Diagnostic, Fix, Label, Severity};
use crate::inference::equations;
use crate::inference::history::{Role, Stream};
use crate::inference::known::Known;
use crate::inference::symbols::changes_with_rounds;
use crate::inference::walk::Walk;
use crate::shape::{Dim, Mismatch, Shape, resolve_index};
use crate::source::Span;

impl Walk<'_> {
    /// `rope(x)`.
    pub(super) fn advise_rope(&mut self, x: Part, span: Span) {
        let history = &x.0.history;
        let (message, help) = if history.turned == Some(true) {
            ("`rope` turns what it has turned already", "turn queries and keys once, before they are stored")
        } else if history.role == Some(Role::Stream(Stream::Values)) {
            ("`rope` turns values, which have no position", "turn queries and keys only")
        } else {
            return;
        };
        let problem = Diagnostic::new(Code::RopeInput, x.1, message).severity(Severity::Warning).help(help);
        let around = [span.with(span.start(), x.1.start()), span.with(x.1.end(), span.end())];
        let problem = problem.fix(around.into_iter().fold(Fix::likely("remove this `rope`"), Fix::remove));
        let labels = self.births([x], x.1);
        self.tell(beside(problem, labels));
    }

    /// A product of queries and keys of which only one side was turned, or whose queries
    /// were turned as if they stood in front of all keys.
    pub(super) fn advise_scores(&mut self, equation: Option<&str>, parts: [Part; 2], known: &Known) {
        if !matches!(known.history.role, Some(Role::Scores { by_form: false, .. })) {
            return;
        }
        let of = |stream: Stream| parts.iter().find(|(known, _)| known.history.role == Some(Role::Stream(stream)));
        let (Some(queries), Some(keys)) = (of(Stream::Queries), of(Stream::Keys)) else { return };
        if let Some(rope) = queries.0.history.rare().from_0.filter(|_| keys.0.history.rare().from_0.is_none()) {
            let are_swapped = std::ptr::eq(queries.0, parts[1].0);
            self.advise_position(rope, [*queries, *keys], compared(equation, [queries.0, keys.0], are_swapped));
        }
        let (left_out, name) = match (queries.0.history.turned, keys.0.history.turned) {
            (Some(false), Some(true)) => (queries, ["queries", "keys"]),
            (Some(true), Some(false)) => (keys, ["keys", "queries"]),
            _ => return,
        };
        let message = format!("`rope` has turned the {} and not the {}", name[1], name[0]);
        let problem = Diagnostic::new(Code::RopeInput, left_out.1, message)
            .severity(Severity::Warning)
            .help(format!("turn the {} too: `rope` belongs to both", name[0]));
        let labels = self.births(parts, left_out.1);
        self.tell(beside(problem, labels));
    }

    /// Queries that `rope` has turned from position 0, which meet more keys than they are.
    fn advise_position(&mut self, rope: Span, parts: [Part; 2], sizes: Option<(Dim, Dim)>) {
        let Some((queries, keys)) = sizes.filter(|(queries, keys)| queries != keys) else { return };
        let (Some(few), Some(many)) = (queries.size(), keys.size()) else { return };
        if !many.minus(&few).is_some_and(|others| others.is_natural()) && few.known() != Some(1) {
            return;
        }
        let meet = if few.known() == Some(1) { "query meets" } else { "queries meet" };
        let message = format!("`rope` without a position begins at 0, but {queries} {meet} {keys} keys");
        let problem = Diagnostic::new(Code::RopePosition, rope, message)
            .severity(Severity::Warning)
            .help("pass the position of the first row: `rope(x, position)`, as in `cache.len(layer)`");
        let mut labels = self.births([parts[1]], rope);
        if labels.iter().all(|label| label.place != parts[1].1) {
            labels.push(Label { place: parts[1].1, message: format!("it meets {keys} keys here") });
        }
        self.tell(beside(problem, labels));
    }

    /// `softmax(x, axis)`.
    pub(super) fn advise_softmax(&mut self, x: Part, axis: Part) {
        let Some(Role::Scores { keys, by_form: false }) = x.0.history.role else { return };
        let (Some(shape), Some(at)) = (x.0.fact.shape(), axis.0.fact.integer()) else { return };
        let (Some(at), Some(keys)) = (resolve_index(at, shape.rank()), shape.rank().checked_sub(keys + 1)) else {
            return;
        };
        if at == keys {
            return;
        }
        let message = format!("`softmax` over axis {at} of scores {shape}, whose keys are on axis {keys}");
        let problem = Diagnostic::new(Code::SoftmaxAxis, axis.1, message)
            .severity(Severity::Warning)
            .help(format!("normalise over the keys: `softmax(scores, {keys})`"))
            .fix(Fix::likely(format!("normalise over axis {keys}")).replace(axis.1, keys.to_string()));
        let labels = self.births([x], axis.1);
        self.tell(beside(problem, labels));
    }

    /// A mask that fits scores in one round of a loop at most, or only where there is
    /// nothing to look at.
    pub(super) fn advise_mask(&mut self, scores: Part, mask: Part) {
        let (Some(of), Some(shape)) = (scores.0.fact.shape(), mask.0.fact.shape()) else { return };
        let between = match &shape.0[..] {
            [queries, keys] => Shape(vec![queries.clone(), Dim::Known(1), keys.clone()]),
            _ => shape.clone(),
        };
        if fits_always(&between, &of) || fits_always(&shape, &of) {
            return;
        }
        let grows = |shape: &Shape| shape.0.iter().filter_map(Dim::size).any(|size| changes_with_rounds(&size));
        let when = if grows(&shape) == grows(&of) { "does not fit" } else { "fits in one round at most" };
        let message = format!("the mask is {shape}, which {when}: the scores are {of}");
        let Some((queries, keys)) = query_and_key(of.rank()) else { return };
        let (queries, keys) = (&of.0[queries], &of.0[keys]);
        let sizes = if queries == keys { queries.to_string() } else { format!("{queries}, {keys}") };
        let problem = Diagnostic::new(Code::MaskShape, mask.1, message)
            .severity(Severity::Warning)
            .help(format!("make the mask for each round: `causal_mask({sizes})`"));
        let labels = self.births([mask, scores], mask.1);
        self.tell(beside(problem, labels));
    }

    /// `argmax(x)` without an axis.
    pub(super) fn advise_argmax(&mut self, x: Part, span: Span) {
        let Some(shape) = x.0.fact.shape() else { return };
        let Some((last, rows)) = shape.0.split_last().filter(|(_, rows)| !rows.is_empty()) else { return };
        let several = rows.iter().any(|size| matches!(size, Dim::Known(2..) | Dim::Symbolic(_)));
        if !several || rows.contains(&Dim::Known(0)) {
            return;
        }
        let message = format!(
            "`argmax` without an axis counts through all elements of {}, not through the {last} of a row",
            x.0.fact.describe()
        );
        let problem = Diagnostic::new(Code::ArgmaxFlat, x.1, message)
            .severity(Severity::Warning)
            .help(format!("name the axis, `argmax(x, {})`, or take the last row first", rows.len()));
        let labels = self.births([x], x.1);
        let labels = if labels.is_empty() { self.births([x], span) } else { labels };
        self.tell(beside(problem, labels));
    }
}

/// How many queries and how many keys a product compares: an `einsum` of this equation, or
/// `matmul` of matrices of heads.
fn compared(equation: Option<&str>, parts: [&Known; 2], are_swapped: bool) -> Option<(Dim, Dim)> {
    if let Some(text) = equation {
        return equations::compared(text, parts, are_swapped);
    }
    let [queries, keys] = [parts[0].fact.shape()?, parts[1].fact.shape()?];
    let before_last = queries.rank().checked_sub(2).filter(|_| !are_swapped)?;
    Some((queries.0.get(before_last)?.clone(), keys.0.last()?.clone()))
}

/// Whether nothing says that a mask, its axes counted from the last one, does not fit.
fn fits_always(mask: &Shape, scores: &Shape) -> bool {
    let Some(missing) = scores.rank().checked_sub(mask.rank()) else { return true };
    mask.0.iter().zip(&scores.0[missing..]).all(|(size, of)| match (size, of) {
        (Dim::Known(0 | 1), _) => true,
        (Dim::Known(_), Dim::Symbolic(other)) | (Dim::Symbolic(other), Dim::Known(_)) => !changes_with_rounds(other),
        (size, of) => size.unify(of).is_some(),
    })
}

/// A mask that is added to scores, or scores to which something is added.
pub(super) fn refined_mask([left, right]: [&Known; 2], mismatch: Mismatch) -> Mismatch {
    let is = |known: &Known| matches!(known.history.role, Some(Role::Mask));
    let scores = if is(left) { right } else { left };
    match (mismatch.code, is(left) || is(right), scores.fact.shape()) {
        (Code::ShapeMismatch, true, Some(shape)) => {
            let fault = Mismatch { code: Code::MaskShape, argument: Some(usize::from(is(right))), ..mismatch };
            match &shape.0[..] {
                [queries, _, keys] => fault.help(format!(
                    "reshape a mask [{queries}, {keys}] to [{queries}, 1, {keys}], or use `apply_attention_mask`"
                )),
                _ => fault,
            }
        }
        _ => mismatch,
    }
}
