//! What the client at the other end can do, and what the server offers to it.

use std::path::PathBuf;

use tensorlogic_language::source::Encoding;
use tower_lsp::ls_types::*;

use crate::handlers::FIX_ALL;
use crate::runs::{RUN, STOP};

/// What the server asks of the client's capabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// It asks for diagnostics itself.
    pub pulls_diagnostics: bool,
    /// It shows second places of diagnostics.
    pub shows_related: bool,
    /// It renders Markdown in hovers.
    pub renders_markdown: bool,
    /// It shows a word or two behind each completion, not only behind the selected one.
    pub shows_label_details: bool,
    /// It can be told to ask for lenses, for diagnostics, for hints again.
    pub refreshes: Refreshes,
    /// It can be asked for settings.
    pub has_configuration: bool,
    /// It tells of settings that change if it is asked to.
    pub registers_configuration: bool,
    /// It shows code actions that are more than commands.
    pub takes_edits: bool,
    /// It watches files if it is asked to.
    pub registers_watchers: bool,
}

/// What a client can be told to ask for again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshes {
    /// Code lenses.
    pub lenses: bool,
    /// Diagnostics.
    pub diagnostics: bool,
    /// Inlay hints.
    pub hints: bool,
}

impl Abilities {
    /// What a client declares.
    pub fn of(client: &ClientCapabilities) -> Abilities {
        let document = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let formats = document.and_then(|document| document.hover.as_ref()?.content_format.as_ref());
        let diagnostics = document.and_then(|document| document.publish_diagnostics.as_ref());
        let completions = document.and_then(|document| document.completion.as_ref()?.completion_item.as_ref());
        let dynamic = |capability: Option<&DynamicRegistrationClientCapabilities>| {
            capability.and_then(|capability| capability.dynamic_registration) == Some(true)
        };
        Abilities {
            pulls_diagnostics: document.is_some_and(|document| document.diagnostic.is_some()),
            shows_related: diagnostics.is_some_and(|diagnostics| diagnostics.related_information == Some(true)),
            renders_markdown: formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            shows_label_details: completions.is_some_and(|item| item.label_details_support == Some(true)),
            refreshes: Refreshes {
                lenses: workspace.and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support) == Some(true),
                diagnostics: workspace.and_then(|workspace| workspace.diagnostics.as_ref()?.refresh_support)
                    == Some(true),
                hints: workspace.and_then(|workspace| workspace.inlay_hint.as_ref()?.refresh_support) == Some(true),
            },
            takes_edits: document
                .and_then(|document| document.code_action.as_ref()?.code_action_literal_support.as_ref())
                .is_some(),
            has_configuration: workspace.and_then(|workspace| workspace.configuration) == Some(true),
            registers_configuration: dynamic(
                workspace.and_then(|workspace| workspace.did_change_configuration.as_ref()),
            ),
            registers_watchers: workspace
                .and_then(|workspace| workspace.did_change_watched_files.as_ref()?.dynamic_registration)
                == Some(true),
        }
    }
}

/// The units of columns: the first that the client offers and that are not
/// UTF-16, which need no table for text outside of ASCII.
pub fn encoding(client: &ClientCapabilities) -> Encoding {
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_deref());
    let known = offered.unwrap_or_default().iter().filter_map(|kind| match kind {
        kind if *kind == PositionEncodingKind::UTF8 => Some(Encoding::Utf8),
        kind if *kind == PositionEncodingKind::UTF32 => Some(Encoding::Utf32),
        _ => None,
    });
    known.into_iter().next().unwrap_or(Encoding::Utf16)
}

/// The folder that the client has open, if it has one.
#[expect(deprecated, reason = "older clients name one folder by its URI or path")]
pub fn root(params: &InitializeParams) -> Option<PathBuf> {
    let folder = params.workspace_folders.iter().flatten().next().map(|folder| &folder.uri);
    let path = folder.or(params.root_uri.as_ref()).and_then(|uri| Some(uri.to_file_path()?.into_owned()));
    path.or_else(|| params.root_path.as_ref().map(PathBuf::from))
}

/// What the server offers.
pub fn offered(abilities: &Abilities, encoding: Encoding) -> ServerCapabilities {
    let units = match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    };
    let synchronization = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(TextDocumentSyncSaveOptions::Supported(true)),
        ..TextDocumentSyncOptions::default()
    };
    let completion =
        CompletionOptions { trigger_characters: Some(vec![".".to_owned()]), ..CompletionOptions::default() };
    let diagnostics = DiagnosticOptions { identifier: Some("tensorlogic".into()), ..DiagnosticOptions::default() };
    ServerCapabilities {
        position_encoding: Some(units),
        text_document_sync: Some(TextDocumentSyncCapability::Options(synchronization)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(completion),
        inlay_hint_provider: Some(OneOf::Left(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: None }),
        code_action_provider: Some(match abilities.takes_edits {
            true => CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(vec![CodeActionKind::EMPTY, CodeActionKind::QUICKFIX, FIX_ALL]),
                ..CodeActionOptions::default()
            }),
            false => CodeActionProviderCapability::Simple(true),
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![RUN.to_owned(), STOP.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        diagnostic_provider: abilities.pulls_diagnostics.then_some(DiagnosticServerCapabilities::Options(diagnostics)),
        ..ServerCapabilities::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn utf_16_is_the_last_choice() {
        for (offered, expected) in [
            (json!(null), Encoding::Utf16),
            (json!(["utf-16"]), Encoding::Utf16),
            (json!(["utf-16", "utf-8"]), Encoding::Utf8),
            (json!(["utf-32", "utf-8", "utf-16"]), Encoding::Utf32),
            (json!(["utf-7"]), Encoding::Utf16),
        ] {
            let client = json!({"general": {"positionEncodings": offered}});
            assert_eq!(encoding(&serde_json::from_value(client).unwrap()), expected, "{offered}");
        }
    }

    #[test]
    fn a_client_that_declares_nothing_is_expected_to_do_nothing() {
        assert_eq!(Abilities::of(&ClientCapabilities::default()), Abilities::default());
    }
}
