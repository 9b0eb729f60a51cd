//! Requests about one document: convert in, call the feature, convert out. Each
//! reads a snapshot and changes nothing.

use serde_json::json;
use tensorlogic_language::diagnostic::{Diagnostic as Problem, Fix};
use tower_lsp::ls_types::*;

use crate::convert;
use crate::features::code_lens::{Action, CodeLens as Lens, code_lenses};
use crate::features::completion::{CompletionKind, completion as completions};
use crate::features::fixes::{fixes, safe_edits};
use crate::features::hover::{Part, hover as what_is_there};
use crate::features::inlay_hints::inlay_hints as hints;
use crate::publisher::diagnostics;
use crate::runs::{RUN, STOP};
use crate::snapshot::Snapshot;

/// What is to be said at a position.
pub fn hover(snapshot: &Snapshot, params: &HoverParams) -> Option<Hover> {
    let offset = convert::offset(snapshot, params.text_document_position_params.position);
    let hover = what_is_there(snapshot.script(), offset)?;
    let contents = HoverContents::Markup(markup(snapshot, &hover.parts));
    Some(Hover { contents, range: Some(convert::range(snapshot, &hover.bytes)) })
}

/// What may be written at a position.
pub fn completion(snapshot: &Snapshot, params: &CompletionParams) -> CompletionResponse {
    let offset = convert::offset(snapshot, params.text_document_position.position);
    let (replaced, found) = completions(snapshot.script(), offset);
    let range = convert::range(snapshot, &replaced);
    let shows_details = snapshot.environment.abilities.shows_label_details;
    let items = found.into_iter().enumerate().map(|(at, completion)| CompletionItem {
        kind: Some(match completion.kind {
            CompletionKind::Weight => CompletionItemKind::FIELD,
            CompletionKind::Property => CompletionItemKind::PROPERTY,
            CompletionKind::Variable => CompletionItemKind::VARIABLE,
            CompletionKind::Function | CompletionKind::Builtin => CompletionItemKind::FUNCTION,
            CompletionKind::Method => CompletionItemKind::METHOD,
            CompletionKind::Keyword => CompletionItemKind::KEYWORD,
        }),
        // A type with a shape is short enough to stand behind every name of the list; a signature is not.
        label_details: (shows_details && matches!(completion.kind, CompletionKind::Weight | CompletionKind::Variable))
            .then(|| CompletionItemLabelDetails { detail: None, description: completion.detail.clone() }),
        detail: completion.detail,
        documentation: (!completion.documentation.is_empty())
            .then(|| Documentation::MarkupContent(markup(snapshot, &completion.documentation))),
        sort_text: Some(format!("{at:04}")),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: completion.label.clone() })),
        label: completion.label,
        ..CompletionItem::default()
    });
    CompletionResponse::Array(items.collect())
}

/// The shapes in a part of the text.
pub fn inlay_hints(snapshot: &Snapshot, params: &InlayHintParams) -> Vec<InlayHint> {
    if !snapshot.environment.settings.inlay_hints {
        return Vec::new();
    }
    let found = hints(snapshot.script(), &convert::bytes(snapshot, params.range)).into_iter();
    let hint = |hint: crate::features::inlay_hints::InlayHint| InlayHint {
        position: convert::range(snapshot, &(hint.offset..hint.offset)).start,
        label: InlayHintLabel::String(hint.label),
        kind: Some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: Some(InlayHintTooltip::String(hint.tooltip)),
        padding_left: Some(false),
        padding_right: Some(false),
        data: None,
    };
    found.map(hint).collect()
}

/// The lenses of a document that runs or not.
pub fn code_lens(snapshot: &Snapshot, is_running: bool) -> Vec<CodeLens> {
    let lens = |lens: &Lens| CodeLens {
        range: convert::range(snapshot, &lens.bytes),
        command: Some(command(snapshot, lens.action)),
        data: None,
    };
    code_lenses(snapshot.script(), is_running).iter().map(lens).collect()
}

/// The action that applies every safe fix of a document.
pub const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.tensorlogic");

/// Fixes of what is wrong there, and what lenses do, for editors without them: on
/// the line of `main`.
pub fn code_action(snapshot: &Snapshot, params: &CodeActionParams, is_running: bool) -> CodeActionResponse {
    let only = params.context.only.as_deref();
    let mut actions = Vec::new();
    if snapshot.environment.abilities.takes_edits {
        if only.is_none_or(|only| only.iter().any(|kind| includes(kind, &CodeActionKind::QUICKFIX))) {
            actions.extend(quick_fixes(snapshot, params));
        }
        // It is no answer to a problem at one place, so it comes when it is asked for.
        if only.is_some_and(|only| only.iter().any(|kind| *kind != CodeActionKind::EMPTY && includes(kind, &FIX_ALL))) {
            actions.extend(fix_all(snapshot));
        }
    }
    let wanted = only.is_none_or(|only| only.contains(&CodeActionKind::EMPTY));
    let (first, last) = (params.range.start.line, params.range.end.line);
    let lenses = code_lenses(snapshot.script(), is_running).into_iter();
    let here = lenses.filter(|lens| (first..=last).contains(&convert::range(snapshot, &lens.bytes).start.line));
    let commands = here.filter(|_| wanted).map(|lens| CodeActionOrCommand::Command(command(snapshot, lens.action)));
    actions.into_iter().chain(commands).collect()
}

/// Whether a kind that is asked for includes another: kinds are words with dots,
/// and the empty one includes all.
fn includes(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(asked.as_str());
    rest.is_some_and(|rest| asked.as_str().is_empty() || rest.is_empty() || rest.starts_with('.'))
}

fn quick_fixes(snapshot: &Snapshot, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let bytes = convert::bytes(snapshot, params.range);
    let told = |problem: &Problem| snapshot.severities().of(problem.code, problem.severity).is_some();
    let found = fixes(snapshot.script(), &bytes).into_iter().filter(|(problem, _)| told(problem));
    let action = |(problem, fix): (&Problem, &Fix)| {
        let (range, code) = (convert::place(snapshot, problem.place), problem.code.name());
        let repaired = params.context.diagnostics.iter().filter(|diagnostic| {
            diagnostic.range == range && diagnostic.code == Some(NumberOrString::String(code.to_owned()))
        });
        CodeActionOrCommand::CodeAction(CodeAction {
            title: capitalised(&fix.title),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(repaired.cloned().collect()),
            edit: Some(convert::edits(snapshot, &fix.edits)),
            is_preferred: fix.safe.then_some(true),
            ..CodeAction::default()
        })
    };
    found.map(action).collect()
}

fn fix_all(snapshot: &Snapshot) -> Option<CodeActionOrCommand> {
    let edits = safe_edits(snapshot.script());
    (!edits.is_empty()).then(|| {
        CodeActionOrCommand::CodeAction(CodeAction {
            title: "Apply all safe fixes".to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(convert::edits(snapshot, edits)),
            ..CodeAction::default()
        })
    })
}

/// A title as menus of editors show it.
fn capitalised(title: &str) -> String {
    let mut characters = title.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Everything that is wrong, for clients that ask.
pub fn diagnostic(snapshot: &Snapshot) -> DocumentDiagnosticReport {
    let items = diagnostics(snapshot);
    RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: None, items },
    }
    .into()
}

fn command(snapshot: &Snapshot, action: Action) -> Command {
    let name = match action {
        Action::Run => RUN,
        Action::Stop => STOP,
    };
    let arguments = vec![json!({ "uri": snapshot.uri, "target": "main" })];
    Command { title: action.title().to_owned(), command: name.to_owned(), arguments: Some(arguments) }
}

/// Parts as the client renders them.
fn markup(snapshot: &Snapshot, parts: &[Part]) -> MarkupContent {
    let markdown = snapshot.environment.abilities.renders_markdown;
    let text = |part: &Part| match part {
        Part::Code(code) if markdown => format!("```tensorlogic\n{code}\n```"),
        Part::Code(text) | Part::Text(text) => text.clone(),
    };
    MarkupContent {
        kind: if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText },
        value: parts.iter().map(text).collect::<Vec<_>>().join("\n\n"),
    }
}
