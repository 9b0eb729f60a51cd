//! What the grammar could not read, or keeps only to refuse it: broken text,
//! forgotten brackets, values that have still to be typed, spellings of other
//! languages. Found in one walk over the whole tree, wherever it stands, and one
//! mistake is reported once.

use rustc_hash::FxHashSet;

use super::brackets::is_closer;
use super::{Lowering, unexpected};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity};
use crate::source::{Encoding, LineIndex, Span};
use crate::syntax::{Field, Kind, Node};

/// Enough to see that a file is something else altogether.
const LIMIT: usize = 100;

/// Stands at the very start of some files and means nothing.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// How much is known about a fault. The parser's own repairs often stand beside
/// the true cause, which is then told alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certainty {
    /// The text says what is wrong.
    Known,
    /// The parser found no way to go on here.
    Guessed,
}

/// One fault and the nodes around it, the nearest last.
pub(super) struct Fault<'t> {
    pub(super) node: Node<'t>,
    pub(super) ancestors: Vec<Node<'t>>,
    certainty: Certainty,
}

impl Fault<'_> {
    /// Whether the parser only found no way to go on.
    pub(super) fn is_guess(&self) -> bool {
        self.certainty == Certainty::Guessed
    }
}

impl<'t> Lowering<'t> {
    /// Reports every fault in `among`, which are nodes of the top level. Gives where the
    /// ones begin that have any.
    pub(super) fn faults(&mut self, root: Node, among: &[Node]) -> FxHashSet<usize> {
        let (found, faulty) = self.collect(root, among);
        if found.is_empty() {
            return faulty;
        }
        let lines = LineIndex::new(self.text);
        let line = |node: Node| lines.position(self.text, node.span().start(), Encoding::Utf8).line;
        let known = found.iter().filter(|fault| !fault.is_guess());
        let known: FxHashSet<u32> = known.map(|fault| line(fault.node)).collect();
        let mut guessed = None;
        let mut comma = None;
        let mut told = Vec::new();
        for fault in &found {
            let at = Some(line(fault.node));
            let is_comma = fault.node.kind() == Kind::StrayComma;
            let repeats = if fault.is_guess() {
                guessed == at || at.is_some_and(|at| known.contains(&at))
            } else {
                is_comma && comma == at
            };
            if repeats || self.follows_from_another(fault, &found) {
                continue;
            }
            if fault.is_guess() {
                guessed = at;
            }
            if is_comma {
                comma = at;
            }
            told.extend(self.describe(fault));
        }
        told.dedup_by_key(|problem| problem.place);
        if told.is_empty() {
            told.extend(found.iter().find_map(|fault| self.describe(fault)));
        }
        self.problems.extend(told);
        faulty
    }

    /// The faults in the order of the text, up to a limit, and the beginnings of the
    /// top-level nodes that have any, or may have.
    fn collect<'n>(&self, root: Node<'n>, among: &[Node<'n>]) -> (Vec<Fault<'n>>, FxHashSet<usize>) {
        let mut found = Vec::new();
        let mut faulty = FxHashSet::default();
        let mut top_level = 0;
        // How many ancestors the outermost `ERROR` has, while inside of it.
        let mut broken_above = None;
        if root.kind() == Kind::Error {
            found.push(Fault { node: root, ancestors: Vec::new(), certainty: Certainty::Guessed });
            broken_above = Some(0);
        }
        let mut look = |node: Node<'n>, ancestors: &[Node<'n>]| {
            if ancestors.len() == 1 {
                top_level = node.span().start();
            }
            broken_above = broken_above.filter(|above| *above < ancestors.len());
            let broken = node.kind() == Kind::Error || node.is_missing();
            let told_above = broken_above.is_some() && (broken || super::is_missing(node));
            let refused = is_refused(node.kind()) || self.foreign_keyword(node).is_some();
            let refused = refused && !self.is_byte_order_mark(node) && !is_in_dictionary(node, ancestors);
            if broken || refused {
                faulty.insert(top_level);
            }
            if (broken || refused) && !told_above && found.len() < LIMIT {
                let certainty = if broken { Certainty::Guessed } else { Certainty::Known };
                let ancestors = ancestors[ancestors.len().saturating_sub(2)..].to_vec();
                found.push(Fault { node, ancestors, certainty });
            }
            if node.kind() == Kind::Error && broken_above.is_none() {
                broken_above = Some(ancestors.len());
            }
            if found.len() >= LIMIT {
                faulty.insert(top_level);
            }
            found.len() < LIMIT
        };
        for node in among {
            if look(*node, &[root]) {
                node.walk_inside(&[root], &mut look);
            }
        }
        (found, faulty)
    }

    fn is_byte_order_mark(&self, node: Node) -> bool {
        node.span().start() == 0 && self.text(node).strip_prefix(BYTE_ORDER_MARK) == Some("")
    }

    fn describe(&self, fault: &Fault<'t>) -> Option<Diagnostic> {
        let node = fault.node;
        let text = self.text(node);
        let error = |span, message: String| Diagnostic::new(Code::SyntaxError, span, message);
        Some(match node.kind() {
            Kind::Error => {
                let (span, message, help) = unexpected::describe(self.text, node, &fault.ancestors);
                let problem = error(span, message);
                let problem = help.into_iter().fold(problem, |problem, help| problem.help(help));
                let sign = unexpected::instead(self.at(span)).filter(|_| !problem.helps.is_empty());
                match sign.filter(|sign| unexpected::may_stand(sign, self.text, span)) {
                    Some(sign) => problem.fix(self.instead(span, sign)),
                    None => problem,
                }
            }
            _ if is_closer(node) => self.missing_bracket(fault)?,
            Kind::MissingBlock => self.missing_block(fault),
            Kind::MissingValue => {
                let (span, message) = self.missing_value(fault);
                error(span, message)
            }
            Kind::MissingType => {
                let before = self.token_before(fault);
                error(before, format!("a type is missing after `{}`", self.at(before)))
            }
            _ if node.is_missing() && node.kind() == Kind::Token => {
                error(self.end_of_text(node), format!("`{}` is missing", node.token()))
            }
            Kind::MissingName => self.missing_name(fault),
            _ if node.is_missing() => {
                let before = self.token_before(fault);
                error(before, format!("something is missing after `{}`", self.at(before)))
            }
            Kind::ReservedName => error(node.span(), format!("`{text}` is a keyword")).help("choose another name"),
            Kind::InvalidName => {
                let message = format!("the name `{text}` has letters that are not English");
                error(node.span(), message).help("use `A` to `Z`, `a` to `z`, `0` to `9` and `_`")
            }
            Kind::Dictionary => self.dictionary(node),
            Kind::BlockValue => {
                let help = "write `if c { a } else { b }`, or make the block a function";
                error(self.first_byte(node), "a block is not a value".into()).help(help)
            }
            Kind::ForeignHeader => {
                let message = "a loop runs over values and has no header in parentheses".into();
                error(node.span(), message).help("write `for i in range(n) { … }`, or `for x in values { … }`")
            }
            Kind::HeaderColon => {
                let message = "a block begins with `{`, not with `:`".into();
                error(node.span(), message).help("write `{` here and `}` behind the last statement of the block")
            }
            Kind::StepStatement => {
                let sign = node.field(Field::Operator).unwrap_or(node).span();
                let instead = if self.at(sign) == "--" { "-= 1" } else { "+= 1" };
                let problem = error(sign, format!("there is no operator `{}`", self.at(sign)));
                let space =
                    if self.text.get(..sign.start()).is_some_and(|text| text.ends_with(' ')) { "" } else { " " };
                let fix = Fix::safe(format!("write `{instead}`")).replace(sign, format!("{space}{instead}"));
                problem.help(format!("write `{instead}`")).fix(fix)
            }
            Kind::StrayComma => {
                let fix = self.without_separator(node.span());
                let problem = error(node.span(), "a comma does not part statements".into());
                Diagnostic { fix, ..problem.help("begin a new line instead") }
            }
            Kind::MisplacedDeclaration => {
                let keyword = node.field(Field::Declaration).unwrap_or(node);
                let keyword = super::first_word(self.text, keyword.span());
                let message = format!("`{}` stands inside of a block", self.at(keyword));
                error(keyword, message).help("move it to the top level of the file")
            }
            Kind::AssignmentExpression => {
                let sign = node.field(Field::Operator).unwrap_or(node).span();
                let help = "write `==` to compare, or assign in a statement of its own";
                let fix = Fix { safe: false, ..self.instead(sign, "==") };
                error(sign, "an assignment is not a value".into()).help(help).fix(fix)
            }
            Kind::UnterminatedString => {
                error(self.first_byte(node), "this string is not closed".into()).help("add `\"` at its end")
            }
            Kind::UnterminatedBlockComment => {
                let opener = node.span().with(node.span().start(), node.span().start() + 2);
                error(opener, "this comment is not closed".into()).help("add `*/` at its end")
            }
            Kind::InvalidHashComment => {
                let sign = self.first_byte(node);
                let problem = error(sign, "a comment begins with `//`, not with `#`".into());
                problem.help("write `//`").fix(self.instead(sign, "//"))
            }
            Kind::InvalidSpace => {
                let character = text.chars().next()?;
                let message = format!("the space character U+{:04X} is not allowed", character as u32);
                let fix = Fix::safe("write an ordinary space").replace(node.span(), " ");
                error(node.span(), message).help("write an ordinary space").fix(fix)
            }
            Kind::SingleQuotedString => {
                let message = "a string stands in `\"`, not in `'`".into();
                let inside = text.trim_matches('\'');
                let instead = format!("\"{inside}\"");
                let fix = (!inside.contains(['"', '\\'])).then(|| self.instead(node.span(), instead.as_str()));
                Diagnostic { fix, ..error(node.span(), message).help(format!("write `{instead}`")) }
            }
            Kind::FormattedString => {
                let help = "write `print(\"x = {}\", x)`, where `{}` stands for the next argument";
                error(self.first_byte(node), "a string has no `f` in front".into()).help(help)
            }
            Kind::MalformedNumber => {
                // `1_000.5` reads as the entry 5 of `1_000`.
                let parent = fault.ancestors.last().filter(|parent| parent.kind() == Kind::NumericFieldExpression);
                let node = parent.copied().unwrap_or(node);
                let (message, instead) = super::literals::malformed(self.text(node));
                let problem = Diagnostic::new(Code::MalformedNumber, node.span(), message);
                match instead {
                    Ok(number) => problem.help(format!("write `{number}`")).fix(self.instead(node.span(), number)),
                    Err(help) => problem.help(help),
                }
            }
            Kind::ExpressionStatement => {
                let keyword = self.foreign_keyword(node)?;
                let problem = error(node.span(), format!("`{text}` is not a keyword"));
                match keyword.is_known {
                    true => {
                        problem.help(format!("write `{}`", keyword.meant)).fix(self.instead(node.span(), keyword.meant))
                    }
                    false => problem.did_you_mean(text, keyword.meant),
                }
            }
            Kind::ComplexNumber => {
                let message = "complex numbers cannot be executed yet";
                Diagnostic::new(Code::NotSupportedYet, node.span(), message).severity(Severity::Error)
            }
            _ => return None,
        })
    }

    fn dictionary(&self, node: Node<'t>) -> Diagnostic {
        let braces = self.first_byte(node);
        let entries = node.children();
        if entries.is_empty() || entries.iter().any(|entry| entry.kind() == Kind::DictionaryEntry) {
            let problem = Diagnostic::new(Code::SyntaxError, braces, "there are no dictionaries");
            return problem.help("declare a `struct` with a field for each key, or keep the values in an array");
        }
        let problem = Diagnostic::new(Code::SyntaxError, braces, "there are no sets");
        problem.help("write `[a, b]` for an array")
    }

    fn missing_name(&self, fault: &Fault<'t>) -> Diagnostic {
        let before = self.token_before(fault);
        let object = fault.ancestors.last().and_then(|owner| owner.field(Field::Object));
        if let Some(number) = object.filter(|object| object.kind() == Kind::Integer) {
            let span = number.span().to(before);
            let message = format!("`{}` has no digit after its point", self.at(span));
            let number = format!("{}0", self.at(span));
            let problem = Diagnostic::new(Code::MalformedNumber, span, message);
            return problem.help(format!("write `{number}`")).fix(self.instead(span, number));
        }
        let message = format!("a name is missing after `{}`", self.at(before));
        Diagnostic::new(Code::SyntaxError, before, message)
    }

    fn missing_block(&self, fault: &Fault<'t>) -> Diagnostic {
        let owner = fault.ancestors.last().copied();
        let set =
            owner.and_then(|owner| owner.field(Field::Iterable)).filter(|set| super::statements::is_empty_set(*set));
        if let Some(set) = set {
            let before = self.end_of_text(set);
            let problem = Diagnostic::new(Code::SyntaxError, before, "a value is missing after `in`");
            return problem.help("write `for name in values { … }`");
        }
        let endless =
            owner.filter(|owner| owner.kind() == Kind::ForStatement && owner.field(Field::Iterable).is_none());
        if let Some(variable) = endless.and_then(|owner| owner.field(Field::Variable)) {
            let name = self.text(variable);
            let message = format!("`in` is missing after `{name}`");
            let help = format!("write `for {name} in values {{ … }}`");
            return Diagnostic::new(Code::SyntaxError, variable.span(), message).help(help);
        }
        let span = owner.and_then(|owner| {
            let before =
                owner.all_children().into_iter().filter(|child| child.span().end() <= fault.node.span().start());
            before
                .rev()
                .find(|child| child.kind() == Kind::Token && self.is_word(*child) && self.text(*child) != "in")
                .map(Node::span)
        });
        let span = span.unwrap_or_else(|| self.token_before(fault));
        let message = format!("a block `{{ … }}` is missing after this `{}`", self.at(span));
        Diagnostic::new(Code::SyntaxError, span, message)
    }

    fn missing_value(&self, fault: &Fault<'t>) -> (Span, String) {
        let before = self.token_before(fault);
        let token = self.at(before);
        let owner = fault.ancestors.last().map(|owner| owner.kind());
        let message = match owner {
            Some(Kind::WhileStatement | Kind::IfExpression | Kind::InlineIfExpression) => {
                format!("a condition is missing after `{token}`")
            }
            _ => format!("a value is missing after `{token}`"),
        };
        (before, message)
    }

    /// The last sign before a fault.
    fn token_before(&self, fault: &Fault<'t>) -> Span {
        let at = fault.node.span().start();
        let siblings = fault.ancestors.last().map(|owner| owner.all_children()).unwrap_or_default();
        let before = siblings.into_iter().rfind(|child| child.span().end() <= at && child.span() != fault.node.span());
        match before {
            Some(child) if child.kind() == Kind::Token => child.span(),
            _ => self.end_of_text(fault.node),
        }
    }

    /// The last character of the text before a node.
    pub(super) fn end_of_text(&self, node: Node) -> Span {
        let before = self.text.get(..node.span().start()).unwrap_or_default().trim_end();
        let last = before.chars().next_back().map_or(0, char::len_utf8);
        node.span().with(before.len() - last, before.len())
    }

    fn first_byte(&self, node: Node) -> Span {
        node.span().with(node.span().start(), node.span().start() + 1)
    }

    fn is_word(&self, node: Node) -> bool {
        self.text(node).starts_with(|first: char| first.is_ascii_alphabetic())
    }
}

/// Whether it is a dictionary inside of another one, which is told alone.
fn is_in_dictionary(node: Node, ancestors: &[Node]) -> bool {
    node.kind() == Kind::Dictionary && ancestors.iter().any(|around| around.kind() == Kind::Dictionary)
}

/// Whether the grammar knows the node only to refuse it.
fn is_refused(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::MissingBlock
            | Kind::MissingBracket
            | Kind::MissingName
            | Kind::MissingType
            | Kind::MissingValue
            | Kind::ReservedName
            | Kind::InvalidName
            | Kind::StrayComma
            | Kind::BlockValue
            | Kind::Dictionary
            | Kind::ForeignHeader
            | Kind::HeaderColon
            | Kind::StepStatement
            | Kind::MisplacedDeclaration
            | Kind::AssignmentExpression
            | Kind::UnterminatedString
            | Kind::UnterminatedBlockComment
            | Kind::InvalidHashComment
            | Kind::InvalidSpace
            | Kind::SingleQuotedString
            | Kind::FormattedString
            | Kind::MalformedNumber
            | Kind::ComplexNumber
    )
}
