//! Words for text that fits nowhere: which of it to point at, and what was
//! probably meant.

use crate::source::Span;
use crate::syntax::{Field, Kind, Node};

/// The place to point at, what is wrong there, and advice if there is any.
pub(super) fn describe(text: &str, error: Node, ancestors: &[Node]) -> (Span, String, Option<String>) {
    let parts = error.all_children();
    let part = offender(text, &parts).unwrap_or(error);
    let span = visible(text, part);
    let found = text.get(span.start()..span.end()).unwrap_or_default();
    let parent = ancestors.last().copied();
    if found == "in" && parent.is_some_and(|parent| parent.kind() == Kind::ForStatement) {
        return (span, "a name is missing between `for` and `in`".into(), None);
    }
    if let Some(form) = incomplete(found) {
        return (span, format!("this `{found}` is incomplete"), Some(format!("write `{form}`")));
    }
    if let Some(message) = missing_comma(text, part, parent) {
        return (span, message, None);
    }
    let message = match found {
        ")" | "]" | "}" => format!("this `{found}` closes nothing"),
        "else" => "this `else` belongs to no `if`".into(),
        _ => format!("unexpected `{found}`"),
    };
    (span, message, meant(found).map(str::to_owned))
}

/// The part of broken text that most likely breaks it: a closing bracket in front, a
/// character that no token begins with, a keyword in front, the first sign, or
/// whatever comes last.
fn offender<'t>(text: &str, parts: &[Node<'t>]) -> Option<Node<'t>> {
    let word = |part: &Node| part.text(text).starts_with(|first: char| first.is_ascii_alphabetic());
    let closes = |part: &Node| matches!(part.text(text), ")" | "]" | "}");
    let front =
        |wanted: &dyn Fn(&Node) -> bool| parts.first().filter(|part| part.kind() == Kind::Token && wanted(part));
    let any = |kind: Kind| parts.iter().find(|part| part.kind() == kind);
    let found = front(&closes).or(any(Kind::Error)).or(front(&word)).or(any(Kind::Token)).or(parts.last());
    found.copied()
}

/// A node without the space around it, and one line of it at most.
fn visible(text: &str, node: Node) -> Span {
    let inside = node.text(text);
    let start = node.span().start() + inside.len() - inside.trim_start().len();
    let word = super::first_line(text, node.span().with(start, node.span().end()));
    // Signs of other languages are broken into several, or take what follows with them.
    let rest = text.get(word.start()..).unwrap_or_default();
    let signs = rest.find(|c: char| !FOREIGN_SIGNS.contains(c)).unwrap_or(rest.len());
    if signs > 0 && matches!(node.kind(), Kind::Token | Kind::Error) {
        let before = text.get(..word.start()).unwrap_or_default();
        let start = before.trim_end_matches(|c| FOREIGN_SIGNS.contains(c)).len();
        return word.with(start, word.start() + signs);
    }
    let first = rest.chars().next().filter(|first| node.kind() == Kind::Error && !first.is_alphanumeric());
    first.map_or(word, |first| word.with(word.start(), word.start() + first.len_utf8()))
}

/// What the operators of other languages are made of.
const FOREIGN_SIGNS: &str = "+-*/%<>=!&|^~.:?";

/// The whole form of a construct that stopped after its keyword.
fn incomplete(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "fn" => "fn name(x) { … }",
        "main" => "main { … }",
        "let" => "let name = value",
        "tensor" => "tensor name: float32[2, 3] = value",
        "for" => "for name in values { … }",
        "while" => "while condition { … }",
        "loop" => "loop { … }",
        "if" => "if condition { … }",
        "match" => "match value { pattern => result }",
        "import" => "import \"file.tl\"",
        "struct" => "struct Name { field: float }",
        "impl" => "impl Name { … }",
        "entity" => "entity Name = {a, b}",
        "relation" => "relation Name(x: entity, y: entity)",
        "learn" => "learn { objective: loss, optimizer: adam(lr = 0.01), epochs: 10 }",
        _ => return None,
    })
}

fn missing_comma(text: &str, part: Node, parent: Option<Node>) -> Option<String> {
    let parent = parent?;
    let begins_value = !matches!(part.kind(), Kind::Token | Kind::Error);
    let found = part.text(text);
    match parent.kind() {
        _ if !begins_value || found.contains(['\n', '\r']) => None,
        Kind::FunctionDeclaration if parent.field(Field::Parameters).is_none() => {
            Some("the function has no parameter list `( )`".into())
        }
        Kind::ParameterList => Some(format!("`:` or `,` is missing after `{found}`")),
        Kind::ArgumentList | Kind::ArrayLiteral | Kind::IndexList | Kind::DimensionList | Kind::EntitySet => {
            let children = parent.children();
            let previous = children.iter().rev().find(|child| child.span().end() <= part.span().start());
            Some(match previous.map(|previous| previous.text(text)).filter(|previous| !previous.contains('\n')) {
                Some(previous) => format!("`,` is missing between `{previous}` and `{found}`"),
                None => format!("`,` is missing after `{found}`"),
            })
        }
        _ => None,
    }
}

/// What is written here for a sign of another language or keyboard.
fn meant(found: &str) -> Option<&'static str> {
    Some(match found {
        "&" => "write `&&` or `and`",
        "|" => "write `||` or `or`",
        ")" | "]" | "}" => "remove it, or open it before",
        "else" => "write `if condition { … } else { … }`",
        "->" => "write `=>` in `match`",
        "..." | ".." | "..=" => "write `range(a, b)`",
        "=" => "write `==` to compare; variables and elements can be assigned to",
        "===" => "write `==`",
        "!==" | "<>" | "~=" => "write `!=`",
        "“" | "”" | "„" | "«" | "»" => "write `\"`",
        "×" | "·" => "write `*`",
        "÷" => "write `/`",
        "−" | "–" => "write `-`",
        "≤" => "write `<=`",
        "≥" => "write `>=`",
        "≠" => "write `!=`",
        "∧" => "write `&&`",
        "∨" => "write `||`",
        "¬" => "write `!`",
        "^" => "write `**` for a power",
        "?" => "write `if c { a } else { b }` to choose a value",
        _ => return None,
    })
}

/// Whether a sign may stand at a place: an operator between two operands, a prefix where
/// none ends before it.
pub(super) fn may_stand(sign: &str, text: &str, place: Span) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
    let before = text[..place.start()].trim_end_matches([' ', '\t']).chars().next_back();
    let behind = text[place.end()..].trim_start().chars().next();
    let ends = before.is_some_and(|c| is_word(c) || matches!(c, ')' | ']'));
    let begins = behind.is_some_and(|c| is_word(c) || matches!(c, '(' | '[' | '-' | '!'));
    match sign {
        "\"" => true,
        "!" => !ends && begins,
        "-" => begins,
        _ => ends && begins,
    }
}

/// The one sign that stands here for a sign of another language or keyboard.
pub(super) fn instead(found: &str) -> Option<&'static str> {
    Some(match found {
        "===" => "==",
        "!==" | "<>" | "~=" => "!=",
        "“" | "”" | "„" | "«" | "»" => "\"",
        "×" | "·" => "*",
        "÷" => "/",
        "−" | "–" => "-",
        "≤" => "<=",
        "≥" => ">=",
        "≠" => "!=",
        "&" | "∧" => "&&",
        "|" | "∨" => "||",
        "¬" => "!",
        "^" => "**",
        _ => return None,
    })
}
