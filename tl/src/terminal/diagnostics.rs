//! Problems as text: code, place, the source line with carets, the second
//! place, notes and advice, drawn as rustc draws its own.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use tensorlogic_language::configuration::{ConfigurationFile, Fault};
use tensorlogic_language::diagnostic::{Diagnostic, Severity};
use tensorlogic_language::event::{Call, Failure};
use tensorlogic_language::source::{FileId, Sources, Span};

/// A failure shows all its calls up to this many, else the first and the last.
const MOST_CALLS: usize = 12;
const KEPT_CALLS: usize = 4;

/// Draws one problem.
pub fn render(sources: &Sources, problem: &Diagnostic, colour: bool) -> String {
    draw(sources, problem, &[], colour)
}

/// Draws a failure of a run with the calls that led to it.
pub fn render_failure(sources: &Sources, failure: &Failure, colour: bool) -> String {
    draw(sources, &failure.diagnostic, &failure.calls, colour)
}

/// Prints an error that has no place in a script.
pub fn plain_error(message: &str) {
    plain_error_with_help(message, None);
}

/// The same, with what the reader can do about it.
pub fn plain_error_with_help(message: &str, help: Option<&str>) {
    let group = Group::with_title(Level::ERROR.primary_title(message));
    let report = [match help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }];
    super::tell(&format!("{}\n", renderer(super::errors_are_colourful()).render(&report)));
}

/// Draws what is wrong with the configuration of a project.
pub fn render_fault(file: &ConfigurationFile, fault: &Fault, severity: Severity, colour: bool) -> String {
    let annotation = AnnotationKind::Primary.span(fault.bytes.clone());
    let snippet = Snippet::source(file.text.as_str()).path(file.path.to_string_lossy()).annotation(annotation);
    let mut group = level(severity).primary_title(fault.message.as_str()).element(snippet);
    if let Some(help) = &fault.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    format!("{}\n\n", renderer(colour).render(&[group]))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::HELP.with_name("hint"),
    }
}

fn draw(sources: &Sources, problem: &Diagnostic, calls: &[Call], colour: bool) -> String {
    let title = level(problem.severity).primary_title(problem.message.as_str()).id(problem.code.name());
    let mut places = vec![(problem.place, None)];
    places.extend(problem.related.iter().map(|label| (label.place, Some(label.message.as_str()))));
    let mut group = title.elements(snippets(sources, &places));
    for note in &problem.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    for help in &problem.helps {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    if let (Some(fix), true) = (&problem.fix, problem.helps.is_empty()) {
        group = group.element(Level::HELP.message(fix.title.as_str()));
    }
    let hidden = if calls.len() > MOST_CALLS { KEPT_CALLS..calls.len() - KEPT_CALLS } else { 0..0 };
    for (index, call) in calls.iter().enumerate() {
        if hidden.contains(&index) {
            if index == hidden.start {
                group = group.element(Level::NOTE.message(format!("and {} more calls", hidden.len())));
            }
            continue;
        }
        let arguments = if call.arguments.is_empty() { String::new() } else { format!(" with {}", call.arguments) };
        let text = format!("in `{}`{arguments}, called at {}", call.function, sources.describe(call.place));
        group = group.element(Level::NOTE.message(text));
    }
    format!("{}\n", renderer(colour).render(&[group]))
}

/// One snippet for each file, the primary place's file first.
fn snippets<'s>(
    sources: &'s Sources,
    spans: &[(Span, Option<&'s str>)],
) -> Vec<Snippet<'s, annotate_snippets::Annotation<'s>>> {
    let places: Vec<_> = spans.iter().map(|(span, label)| (sources.place(*span), *label)).collect();
    let mut files: Vec<FileId> = Vec::new();
    for (place, _) in &places {
        if !files.contains(&place.file) {
            files.push(place.file);
        }
    }
    files
        .into_iter()
        .map(|id| {
            let file = sources.file(id);
            let annotations = places.iter().filter(|(place, _)| place.file == id).map(|(place, label)| {
                let span = place.start..place.end.max(place.start);
                match label {
                    None => AnnotationKind::Primary.span(span),
                    Some(label) => AnnotationKind::Context.span(span).label(*label),
                }
            });
            Snippet::source(&*file.text).path(file.path.to_string_lossy()).annotations(annotations)
        })
        .collect()
}

fn renderer(colour: bool) -> Renderer {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii)
}
