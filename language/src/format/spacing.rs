//! Whether a blank stands between two tokens of one line.

use super::tokens::Token;
use crate::syntax::Kind;

/// Whether a blank parts two neighbours.
pub(super) fn is_space(left: &Token, right: &Token) -> bool {
    if left.kind == Kind::StrayComma {
        return true;
    }
    if matches!(right.kind, Kind::Semicolon | Kind::StrayComma) {
        return false;
    }
    let (before, after) = (left.symbol(), right.symbol());
    match (before, after) {
        (_, ")" | "]" | "," | ";") => return false,
        ("," | ";", _) => return true,
        ("(" | "[" | "." | "::" | "..", _) => return false,
        (_, "." | "::" | ".." | "?") => return false,
        _ => {}
    }
    if left.is_comment() || right.is_comment() {
        return true;
    }
    !is_tight_after(left) && !is_tight_before(right)
}

fn is_tight_after(left: &Token) -> bool {
    match left.symbol() {
        "-" | "!" => matches!(left.parent, Kind::UnaryExpression | Kind::NegativeNumber),
        ":" => left.parent == Kind::SliceRange,
        "<" => is_type_bracket(left),
        "{" => left.parent == Kind::EntitySet,
        _ => false,
    }
}

fn is_tight_before(right: &Token) -> bool {
    match right.symbol() {
        ":" => true,
        "(" => match right.parent {
            Kind::ArgumentList | Kind::ParameterList | Kind::LegacyMain => true,
            // What is unknown stays as it was written.
            Kind::Token => right.gap == 0,
            _ => false,
        },
        "[" => match right.parent {
            Kind::IndexList | Kind::DimensionList => true,
            Kind::Token => right.gap == 0,
            _ => false,
        },
        "<" | ">" => is_type_bracket(right),
        "}" => right.parent == Kind::EntitySet,
        _ => false,
    }
}

fn is_type_bracket(token: &Token) -> bool {
    matches!(token.parent, Kind::TypeArguments | Kind::TypeParameters)
}
