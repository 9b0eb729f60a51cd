//! Keywords of other languages and misspelt ones. Before a name they read as a
//! statement that holds nothing but a variable, followed by more on its line.

use super::Lowering;
use crate::diagnostic::did_you_mean;
use crate::syntax::{Field, Kind, Node};

/// What is likely to be misspelt.
const KEYWORDS: [&str; 15] = [
    "main", "let", "tensor", "while", "loop", "return", "match", "struct", "impl", "import", "entity", "relation",
    "learn", "infer", "test",
];

/// A statement that is no more than a foreign or misspelt keyword.
pub(super) struct ForeignKeyword {
    /// What to write instead.
    pub(super) meant: &'static str,
    /// Whether the word is that of another language, and no misspelt one.
    pub(super) is_known: bool,
    /// Whether an assignment follows that means the same without the keyword.
    pub(super) declares: bool,
}

impl Lowering<'_> {
    /// The foreign keyword that a statement consists of, if it does.
    pub(super) fn foreign_keyword(&self, statement: Node) -> Option<ForeignKeyword> {
        let kind = statement.kind();
        let word = match kind {
            Kind::StrayStatement => return self.foreign_keyword(statement.field(Field::Statement)?),
            Kind::ExpressionStatement => statement.field(Field::Expression)?,
            _ => return None,
        };
        if word.kind() != Kind::Identifier || !self.continues(word.span().end()) {
            return None;
        }
        let word = self.text(word);
        let known = match word {
            "var" | "const" | "mut" | "val" | "auto" => "let",
            "def" | "function" | "func" | "fun" => "fn",
            "elif" | "elseif" | "elsif" => "else if",
            "switch" | "case" => "match",
            "foreach" => "for",
            "class" => "struct",
            _ => "",
        };
        if !known.is_empty() {
            return Some(ForeignKeyword { meant: known, is_known: true, declares: known == "let" });
        }
        let close = did_you_mean(word, KEYWORDS).filter(|_| word.len() > 2)?;
        Some(ForeignKeyword { meant: close, is_known: false, declares: close == "let" })
    }

    /// Whether more of a statement stands behind byte `at` on its line.
    fn continues(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or_default().split(['\n', '\r']).next().unwrap_or_default().trim();
        !(rest.is_empty() || rest.starts_with(['}', ';', ',']) || rest.starts_with("//"))
    }
}
