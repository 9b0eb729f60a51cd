//! What was found of scripts as lines of JSON, for other programs: one object a
//! line, ordered by path and position. Lines and columns count from 0, columns in
//! UTF-16.

use serde::Serialize;
use tensorlogic_language::catalogue::fact::Fact;
use tensorlogic_language::diagnostic::{Diagnostic, Severity};
use tensorlogic_language::event::message::{Location, Problem, Range, Related};
use tensorlogic_language::inference::Binding;
use tensorlogic_language::shape::{Dim, Shape};
use tensorlogic_language::source::{Sources, Span};

use super::Checked;

/// One line.
#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Problem(ProblemLine),
    Binding(BindingLine),
}

#[derive(Serialize)]
struct ProblemLine {
    #[serde(flatten)]
    location: Location,
    severity: Severity,
    code: &'static str,
    message: String,
    related: Vec<Related>,
    fix: Option<FixLine>,
}

#[derive(Serialize)]
struct FixLine {
    title: String,
    safe: bool,
    edits: Vec<EditLine>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EditLine {
    range: Range,
    new_text: String,
}

#[derive(Serialize)]
struct BindingLine {
    #[serde(flatten)]
    location: Location,
    name: String,
    dtype: Option<&'static str>,
    shape: Option<Vec<SizeLine>>,
    reason: Option<String>,
}

/// A number is known, a text is an expression, nothing is not known.
#[derive(PartialEq, Serialize)]
#[serde(untagged)]
enum SizeLine {
    Known(usize),
    Symbolic(String),
    Unknown,
}

/// The lines of scripts; with what is bound in them, or without.
pub fn lines(all: &[Checked], with_bindings: bool) -> serde_json::Result<String> {
    let mut lines: Vec<Line> = Vec::new();
    for checked in all {
        let sources = &checked.sources;
        lines.extend(checked.problems.iter().map(|problem| Line::Problem(ProblemLine::new(problem, sources))));
        if with_bindings {
            let bindings = checked.inference.bindings().iter();
            lines.extend(bindings.map(|binding| Line::Binding(BindingLine::new(binding, checked))));
        }
    }
    lines.sort_by(|a, b| a.key().cmp(&b.key()));
    // A file and those that import it each know something of its variables.
    lines.dedup_by(|line, before| match (line, before) {
        (Line::Binding(line), Line::Binding(before)) if line.location == before.location => {
            before.learn(line);
            true
        }
        _ => false,
    });
    let mut text = String::new();
    for line in &lines {
        let line = serde_json::to_string(line)?;
        // Two files that import a third may both tell of it.
        if text.lines().next_back().is_none_or(|before| before != line) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    Ok(text)
}

impl Line {
    /// Where it stands, in the order of lines.
    fn key(&self) -> (&str, [u32; 4]) {
        let location = match self {
            Line::Problem(problem) => &problem.location,
            Line::Binding(binding) => &binding.location,
        };
        let Range { start, end } = location.range;
        (&location.path, [start.line, start.character, end.line, end.character])
    }
}

impl ProblemLine {
    fn new(diagnostic: &Diagnostic, sources: &Sources) -> ProblemLine {
        let Problem { location, severity, message, related, .. } = Problem::new(diagnostic, sources);
        let fix = diagnostic.fix.as_ref().map(|fix| FixLine {
            title: fix.title.clone(),
            safe: fix.safe,
            edits: fix.edits.iter().map(|edit| EditLine::new(edit.place, &edit.text, sources)).collect(),
        });
        ProblemLine { location, severity, code: diagnostic.code.name(), message, related, fix }
    }
}

impl EditLine {
    fn new(place: Span, text: &str, sources: &Sources) -> EditLine {
        EditLine { range: Location::new(place, sources).range, new_text: text.to_owned() }
    }
}

impl BindingLine {
    fn new(binding: &Binding, checked: &Checked) -> BindingLine {
        let (dtype, shape) = match &binding.known.fact {
            Fact::Tensor { element, shape } => (element.map(|element| element.name()), shape.as_ref().map(sizes)),
            Fact::Array { len, .. } | Fact::Tokens(len) => (None, Some(vec![SizeLine::new(len)])),
            _ => (None, binding.known.shape().as_ref().map(sizes)),
        };
        BindingLine {
            location: Location::new(binding.span, &checked.sources),
            name: binding.name.clone(),
            dtype,
            reason: reason(binding, &shape),
            shape,
        }
    }
}

impl BindingLine {
    /// Takes what another script knows of the same variable, and leaves open what differs.
    fn learn(&mut self, other: &mut BindingLine) {
        let (Some(sizes), Some(others)) = (&mut self.shape, &other.shape) else {
            if other.shape.is_some() {
                (self.shape, self.dtype) = (other.shape.take(), other.dtype);
                self.reason = other.reason.take();
            }
            return;
        };
        let is_open = |sizes: &[SizeLine]| sizes.contains(&SizeLine::Unknown);
        if sizes == others || is_open(others) && !is_open(sizes) {
            return;
        }
        if is_open(sizes) && !is_open(others) {
            (self.shape, self.dtype) = (other.shape.take(), other.dtype);
            self.reason = other.reason.take();
            return;
        }
        let reason = "the scripts that import this file differ".to_owned();
        if sizes.len() == others.len() {
            let differ = sizes.iter_mut().zip(others).filter(|(size, other)| size != other);
            differ.for_each(|(size, _)| *size = SizeLine::Unknown);
        } else {
            self.shape = None;
        }
        self.dtype = self.dtype.filter(|dtype| Some(*dtype) == other.dtype);
        self.reason = Some(reason);
    }
}

/// Why a shape or a part of it is not there.
fn reason(binding: &Binding, shape: &Option<Vec<SizeLine>>) -> Option<String> {
    let is_open = shape.as_ref().is_none_or(|sizes| sizes.iter().any(|size| matches!(size, SizeLine::Unknown)));
    let known = &binding.known;
    let told = || known.reason.as_ref().map(|reason| reason.message.clone());
    match &known.fact {
        _ if !is_open => None,
        Fact::Unknown | Fact::Tensor { .. } | Fact::Array { .. } | Fact::Tokens(_) => {
            Some(told().unwrap_or_else(|| "only a run knows it".to_owned()))
        }
        fact => Some(format!("{} has no shape", fact.describe())),
    }
}

fn sizes(shape: &Shape) -> Vec<SizeLine> {
    shape.0.iter().map(SizeLine::new).collect()
}

impl SizeLine {
    fn new(size: &Dim) -> SizeLine {
        match size {
            Dim::Known(size) => SizeLine::Known(*size),
            Dim::Symbolic(size) => SizeLine::Symbolic(size.to_string()),
            Dim::Unknown => SizeLine::Unknown,
        }
    }
}
