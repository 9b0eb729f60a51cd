//! Between the language's data and the protocol's: places, problems, texts.

use std::path::Path;

use ropey::Rope;
use tensorlogic_language::diagnostic::{Code, Diagnostic as Problem, Edit, Severity};
use tensorlogic_language::event::message;
use tensorlogic_language::program::imports::Imported;
use tensorlogic_language::source::{self, Span};
use tower_lsp::ls_types::*;

use crate::files::real;
use crate::snapshot::Snapshot;
use crate::text::{self, Bytes};

/// Problems of text that could go without a loss, which editors dim.
const UNNECESSARY: [Code; 3] = [Code::UnusedVariable, Code::UnreachableCode, Code::UnusedAllow];

/// What the server calls itself in diagnostics.
const SOURCE: &str = "tensorlogic";

/// The byte of the script that a position means.
pub fn offset(snapshot: &Snapshot, position: Position) -> usize {
    text::offset(&snapshot.text, position, snapshot.environment.encoding)
}

/// The range of bytes of the script.
pub fn range(snapshot: &Snapshot, bytes: &Bytes) -> Range {
    text::range(&snapshot.text, bytes, snapshot.environment.encoding)
}

/// Edits of the script, in the order of its text.
pub fn edits<'e>(snapshot: &Snapshot, edits: impl IntoIterator<Item = &'e Edit>) -> WorkspaceEdit {
    let edit = |edit: &Edit| TextEdit { range: place(snapshot, edit.place), new_text: edit.text.clone() };
    let mut edits: Vec<TextEdit> = edits.into_iter().map(edit).collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    WorkspaceEdit { changes: Some([(snapshot.uri.clone(), edits)].into()), ..WorkspaceEdit::default() }
}

/// The range of a place of the script.
pub fn place(snapshot: &Snapshot, place: Span) -> Range {
    range(snapshot, &snapshot.script().bytes(place))
}

/// The bytes of the script that a range means.
pub fn bytes(snapshot: &Snapshot, range: Range) -> Bytes {
    let (start, end) = (offset(snapshot, range.start), offset(snapshot, range.end));
    start..end.max(start)
}

/// A range as events count it.
pub fn event_range(range: Range) -> message::Range {
    let position = |at: Position| source::Position { line: at.line, character: at.character };
    message::Range { start: position(range.start), end: position(range.end) }
}

/// The protocol's name of a range of an event.
pub fn range_of_event(range: message::Range) -> Range {
    let position = |at: source::Position| Position { line: at.line, character: at.character };
    Range { start: position(range.start), end: position(range.end) }
}

/// A problem of the script and hints at its other places; nothing if the user
/// wants to hear nothing of it.
pub fn problem(snapshot: &Snapshot, problem: &Problem) -> Vec<Diagnostic> {
    let Some(severity) = snapshot.severities().of(problem.code, problem.severity) else { return Vec::new() };
    let related = problem.related.iter().map(|label| (location(snapshot, label.place), label.message.clone()));
    let told = Told {
        range: place(snapshot, problem.place),
        severity,
        code: problem.code.name(),
        message: &problem.message,
        notes: &problem.notes,
        helps: &problem.helps,
        related: related.collect(),
    };
    told.diagnostics(snapshot)
}

/// The same of a problem of a run; its places are those of the document now.
pub fn failure(snapshot: &Snapshot, problem: &message::Problem) -> Vec<Diagnostic> {
    let severity = match Code::from_name(&problem.code) {
        Some(code) => snapshot.severities().of(code, problem.severity),
        None => Some(problem.severity),
    };
    let Some(severity) = severity else { return Vec::new() };
    let is_own = |path: &str| real(Path::new(path)) == real(&snapshot.path);
    let place = |location: &message::Location| {
        let own = is_own(&location.path);
        let elsewhere = || std::path::absolute(&location.path).ok().and_then(Uri::from_file_path);
        let uri = if own { None } else { elsewhere() };
        Location { uri: uri.unwrap_or_else(|| snapshot.uri.clone()), range: range_of_event(location.range) }
    };
    let mut related: Vec<(Location, String)> =
        problem.related.iter().map(|related| (place(&related.location), related.message.clone())).collect();
    let mut at = place(&problem.location);
    if at.uri != snapshot.uri {
        // The document shows it at the import that leads to the file.
        related.insert(0, (at, "the run failed here".to_owned()));
        let script = snapshot.script();
        let leads = |file: &&Imported| {
            real(&script.checked.sources.file(file.file).path) == real(Path::new(&problem.location.path))
        };
        let import = script.checked.analysis.imported.iter().find(leads);
        let range = import.map(|import| self::place(snapshot, import.by)).unwrap_or_default();
        at = Location { uri: snapshot.uri.clone(), range };
    }
    let told = Told {
        range: at.range,
        severity,
        code: &problem.code,
        message: &problem.message,
        notes: &problem.notes,
        helps: &problem.helps,
        related,
    };
    told.diagnostics(snapshot)
}

fn location(snapshot: &Snapshot, span: Span) -> Location {
    let script = snapshot.script();
    let bytes = script.bytes(span);
    if script.is_own(span) {
        return Location { uri: snapshot.uri.clone(), range: range(snapshot, &bytes) };
    }
    let file = script.checked.sources.file(script.checked.sources.file_of(span.text));
    let range = text::range(&Rope::from_str(&file.text), &bytes, snapshot.environment.encoding);
    // Without a whole path the file has no name in the protocol.
    let uri = std::path::absolute(&file.path).ok().and_then(Uri::from_file_path);
    Location { uri: uri.unwrap_or_else(|| snapshot.uri.clone()), range }
}

/// What a diagnostic says.
struct Told<'p> {
    range: Range,
    severity: Severity,
    code: &'p str,
    message: &'p str,
    notes: &'p [String],
    helps: &'p [String],
    related: Vec<(Location, String)>,
}

impl Told<'_> {
    fn diagnostics(self, snapshot: &Snapshot) -> Vec<Diagnostic> {
        let shows_related = snapshot.environment.abilities.shows_related;
        let here = Location { uri: snapshot.uri.clone(), range: self.range };
        // Not every editor shows second places, so each is marked as well.
        let marked = |(place, _): &&(Location, String)| place.uri == here.uri && place.range != here.range;
        let hints: Vec<Diagnostic> = self
            .related
            .iter()
            .filter(marked)
            .map(|(place, text)| {
                let message = format!("{text}: {}", self.message);
                let back = vec![information(here.clone(), self.message)];
                self.shown(place.range, Severity::Hint, message, shows_related.then_some(back))
            })
            .collect();

        let mut message = self.message.to_owned();
        let mut add = |kind: &str, text: &str| message.push_str(&format!("\n{kind}: {text}"));
        self.notes.iter().for_each(|note| add("note", note));
        self.helps.iter().for_each(|help| add("help", help));
        if !shows_related {
            for (place, text) in &self.related {
                let line = format!("line {}", place.range.start.line + 1);
                let is_here = place.uri == here.uri;
                add(&if is_here { line } else { format!("{}, {line}", place.uri.as_str()) }, text);
            }
        }
        let related = || self.related.iter().map(|(place, text)| information(place.clone(), text)).collect();
        let mut first = self.shown(self.range, self.severity, message, shows_related.then(related));
        if UNNECESSARY.iter().any(|code| code.name() == self.code) {
            first.tags = Some(vec![DiagnosticTag::UNNECESSARY]);
        }
        std::iter::once(first).chain(hints).collect()
    }

    fn shown(
        &self,
        range: Range,
        severity: Severity,
        message: String,
        related_information: Option<Vec<DiagnosticRelatedInformation>>,
    ) -> Diagnostic {
        Diagnostic {
            range,
            severity: Some(match severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Hint => DiagnosticSeverity::HINT,
            }),
            code: Some(NumberOrString::String(self.code.to_owned())),
            source: Some(SOURCE.to_owned()),
            message,
            related_information,
            ..Diagnostic::default()
        }
    }
}

fn information(location: Location, message: &str) -> DiagnosticRelatedInformation {
    DiagnosticRelatedInformation { location, message: message.to_owned() }
}
