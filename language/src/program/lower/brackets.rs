//! Brackets without their other half: which of them is told, where, and what it
//! was to close.

use super::Lowering;
use super::faults::Fault;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::{Field, Kind, Node};

/// How far a line is indented, and whether the byte asked for is its first text.
struct Indent {
    width: usize,
    first: bool,
}

impl<'t> Lowering<'t> {
    /// Whether a bracket lacks its other half only because an open string or
    /// comment has swallowed it, because another one is missing at the same place, or
    /// because the block that it belongs to is broken or was taken to be open.
    pub(super) fn follows_from_another(&self, fault: &Fault, all: &[Fault]) -> bool {
        let mut before = all.iter().take_while(|other| !std::ptr::eq(*other, fault));
        if !is_closer(fault.node) {
            let closes = self.text(fault.node).starts_with('}');
            return closes && before.any(|other| other.is_guess() || self.lacks_brace(other));
        }
        let Some(list) = fault.ancestors.last() else { return false };
        before.any(|other| match other.node.kind() {
            Kind::UnterminatedString | Kind::UnterminatedBlockComment => {
                other.node.span().start() > list.span().start() && self.text(other.node).contains(closer(list.kind()))
            }
            _ => is_closer(other.node) && other.node.span() == fault.node.span(),
        })
    }

    fn lacks_brace(&self, fault: &Fault) -> bool {
        fault.node.kind() == Kind::MissingBlock
            || is_closer(fault.node) && fault.ancestors.last().is_some_and(|list| closer(list.kind()) == "}")
    }

    /// Points at the bracket that is open: where its other half belongs is a guess.
    pub(super) fn missing_bracket(&self, fault: &Fault<'t>) -> Option<Diagnostic> {
        let (list, around) = fault.ancestors.split_last()?;
        let closer = closer(list.kind());
        let (list, what) = match self.wrongly_indented(*list) {
            Some((inner, around)) => (inner, self.what_is_closed(inner, Some(around))),
            None => (*list, self.what_is_closed(*list, around.last().copied())),
        };
        let opener = list.all_children().into_iter().find(|child| self.text(*child) == opener(closer));
        let span = opener.map_or_else(|| self.end_of_text(fault.node), Node::span);
        let message = format!("`{closer}` is missing to close {what}");
        Some(Diagnostic::new(Code::SyntaxError, span, message).help(format!("add `{closer}`")))
    }

    /// The braces inside of an open block of which the first `}` stands further left
    /// than the line of its `{`: that `}` was probably meant for another block.
    fn wrongly_indented(&self, open: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        let mut found: Option<(usize, Node<'t>, Node<'t>)> = None;
        open.walk(&mut |node, ancestors| {
            let children = if has_braces(node.kind()) { node.all_children() } else { Vec::new() };
            let brace =
                |brace: &str| children.iter().find(|child| self.text(**child) == brace).map(|child| child.span());
            if let (Some(left), Some(right), Some(parent)) = (brace("{"), brace("}"), ancestors.last()) {
                let (outer, inner) = (self.indent(left.start()), self.indent(right.start()));
                let leaves = inner.zip(outer).is_some_and(|(inner, outer)| inner.first && inner.width < outer.width);
                if leaves && found.is_none_or(|(first, ..)| right.start() < first) {
                    found = Some((right.start(), node, *parent));
                }
            }
            true
        });
        found.map(|(_, node, parent)| (node, parent))
    }

    /// How the line of byte `at` is indented.
    fn indent(&self, at: usize) -> Option<Indent> {
        let before = self.text.get(..at)?;
        let line = before.rfind(['\n', '\r']).map_or(before, |end| &before[end + 1..]);
        let width = line.len() - line.trim_start().len();
        Some(Indent { width, first: width == line.len() })
    }

    fn what_is_closed(&self, list: Node, around: Option<Node>) -> String {
        let around_kind = around.map(Node::kind);
        let named = |field: Field| around.and_then(|around| around.field(field)).map(|name| self.last_word(name));
        match (list.kind(), around_kind) {
            (Kind::ArgumentList, _) => match named(Field::Function) {
                Some(name) => format!("the arguments of `{name}`"),
                None => "the arguments".into(),
            },
            (Kind::ParameterList, _) => match named(Field::Name) {
                Some(name) => format!("the parameters of `{name}`"),
                None => "the parameters".into(),
            },
            (Kind::Block, Some(Kind::FunctionDeclaration)) => match named(Field::Name) {
                Some(name) => format!("the function `{name}`"),
                None => "the function".into(),
            },
            (Kind::Block | Kind::LearnBlock, Some(_)) => match around.and_then(keyword) {
                Some(keyword) => format!("the block of `{}`", self.text(keyword)),
                None => "the block".into(),
            },
            (Kind::IndexList, _) => "the index".into(),
            (Kind::ArrayLiteral | Kind::ArrayRepeat, _) => "the array".into(),
            (Kind::DimensionList, _) => "the sizes".into(),
            (Kind::MatchExpression, _) => "`match`".into(),
            (Kind::EntitySet, _) => "the set".into(),
            (Kind::ParenthesizedExpression | Kind::TupleExpression, _) => "`(`".into(),
            _ => "`{`".into(),
        }
    }

    /// `f` of `a.b::f`.
    fn last_word(&self, node: Node) -> &'t str {
        let text = self.text(node);
        text.rsplit(['.', ':']).next().unwrap_or(text)
    }
}

/// Whether the node stands for a bracket that should close and is not there.
pub(super) fn is_closer(node: Node) -> bool {
    node.kind() == Kind::MissingBracket || (node.is_missing() && matches!(node.token(), ")" | "]" | "}"))
}

fn has_braces(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Block
            | Kind::LearnBlock
            | Kind::MatchExpression
            | Kind::StructLiteral
            | Kind::StructBody
            | Kind::ImplBody
    )
}

/// The keyword that a node begins with.
fn keyword(node: Node) -> Option<Node> {
    node.all_children().into_iter().next().filter(|first| first.kind() == Kind::Token)
}

fn closer(list: Kind) -> &'static str {
    match list {
        Kind::ArgumentList | Kind::ParameterList | Kind::ParenthesizedExpression | Kind::TupleExpression => ")",
        Kind::ArrayLiteral | Kind::ArrayRepeat | Kind::IndexList | Kind::DimensionList => "]",
        _ => "}",
    }
}

fn opener(closer: &str) -> &'static str {
    match closer {
        ")" => "(",
        "]" => "[",
        _ => "{",
    }
}
