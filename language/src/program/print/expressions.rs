//! Expressions and patterns.

use super::types::{cast_type, type_or_invalid, written_type};
use super::{INVALID, Printer, list, name, refused};
use crate::program::tree::*;

impl Printer {
    pub(super) fn expression(&self, expression: &Expression) -> String {
        match &expression.kind {
            ExpressionKind::Variable(variable) => name(variable).into(),
            ExpressionKind::Integer(value) => signed(value.to_string()),
            ExpressionKind::Float(value) => signed(format!("{value:?}")),
            ExpressionKind::String(value) => string(value),
            ExpressionKind::Boolean(value) => value.to_string(),
            ExpressionKind::Array(items) => format!("[{}]", self.expressions(items)),
            ExpressionKind::Repeat { value, count } => {
                format!("[{}; {}]", self.expression(value), self.expression(count))
            }
            ExpressionKind::Unary(UnaryOperator::Negate, operand) => format!("(-{})", self.operand(operand)),
            ExpressionKind::Unary(UnaryOperator::Not, operand) => format!("(!{})", self.operand(operand)),
            ExpressionKind::Binary(operator, left, right) => {
                format!("({} {} {})", self.operand(left), operator.symbol(), self.operand(right))
            }
            ExpressionKind::Logical(operator, left, right) => {
                format!("({} {} {})", self.operand(left), operator.symbol(), self.operand(right))
            }
            ExpressionKind::Cast(value, to) => format!("({} as {})", self.operand(value), cast_type(*to)),
            ExpressionKind::Call { namespace, function, arguments } => {
                let namespace = namespace.as_ref().map(|namespace| format!("{}::", name(namespace)));
                format!("{}{}({})", namespace.unwrap_or_default(), name(function), self.arguments(arguments))
            }
            ExpressionKind::TypeCall { scope, function, arguments } => {
                format!("{}::{}({})", written_type(scope), name(function), self.arguments(arguments))
            }
            ExpressionKind::Method { receiver, method, arguments } => {
                format!("{}.{}({})", self.primary(receiver), name(method), self.arguments(arguments))
            }
            ExpressionKind::Field { object, property } => format!("{}.{}", self.primary(object), name(property)),
            ExpressionKind::Index { object, items } => {
                let items = list(items.iter().map(|item| self.index_item(item)));
                format!("{}[{items}]", self.primary(object))
            }
            ExpressionKind::Range(start, end) => {
                format!("range({}, {})", self.expression(start), self.expression(end))
            }
            ExpressionKind::If { condition, consequence, alternative } => {
                let head = format!("if {} {}", self.operand(condition), self.block(consequence));
                match alternative {
                    Some(alternative) => format!("{head} else {}", self.alternative(alternative)),
                    None => head,
                }
            }
            ExpressionKind::Match { value, arms } => self.match_expression(value, arms),
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::Struct { name: called, fields } => self.struct_literal(called.as_ref(), fields),
            ExpressionKind::Query(query) => format!("({})", self.query(query)),
            ExpressionKind::Set(members) => format!("{{{}}}", self.expressions(members)),
            ExpressionKind::Inverse(operand) => self.inverse(operand),
            ExpressionKind::AnySize => "?".into(),
            ExpressionKind::PythonCall(arguments) => format!("python.call({})", self.arguments(arguments)),
            ExpressionKind::Refused(form) => refused(form),
            ExpressionKind::Invalid => INVALID.into(),
        }
    }

    /// What may stand in front of `.` and `[`.
    fn primary(&self, expression: &Expression) -> String {
        let text = self.operand(expression);
        let needs = matches!(expression.kind, ExpressionKind::Integer(_) | ExpressionKind::Float(_));
        if needs && !text.starts_with('(') { format!("({text})") } else { text }
    }

    /// What may stand beside an operator and in front of a block.
    pub(super) fn operand(&self, expression: &Expression) -> String {
        let text = self.expression(expression);
        let needs = matches!(expression.kind, ExpressionKind::If { .. } | ExpressionKind::Match { .. });
        if needs { format!("({text})") } else { text }
    }

    pub(super) fn expressions(&self, all: &[Expression]) -> String {
        list(all.iter().map(|expression| self.expression(expression)))
    }

    fn arguments(&self, arguments: &[Argument]) -> String {
        list(arguments.iter().map(|argument| match &argument.name {
            Some(parameter) => format!("{} = {}", name(parameter), self.expression(&argument.value)),
            None => self.expression(&argument.value),
        }))
    }

    fn struct_literal(&self, called: Option<&Type>, fields: &[FieldValue]) -> String {
        let field = |field: &FieldValue| format!("{}: {}", name(&field.name), self.expression(&field.value));
        format!("({} {})", type_or_invalid(called), fields_in_braces(fields.iter().map(field)))
    }

    /// `inv` is an operator in front of a name only; elsewhere it reads as a call.
    fn inverse(&self, operand: &Expression) -> String {
        let text = self.operand(operand);
        if text.starts_with('(') { format!("inv({text})") } else { format!("(inv {text})") }
    }

    fn index_item(&self, item: &IndexItem) -> String {
        match item {
            IndexItem::At(index) => self.expression(index),
            IndexItem::Slice(start, end, _) => {
                let bound = |bound: &Option<Box<Expression>>| bound.as_ref().map(|bound| self.expression(bound));
                let (start, end) = (bound(start), bound(end));
                format!("{}:{}", start.unwrap_or_default(), end.unwrap_or_default())
            }
        }
    }

    /// The block behind `else`, or the `if` that is all of it.
    fn alternative(&self, block: &Block) -> String {
        match block.statements.as_slice() {
            [Statement { kind: StatementKind::Expression(next), .. }]
                if matches!(next.kind, ExpressionKind::If { .. }) =>
            {
                self.expression(next)
            }
            _ => self.block(block),
        }
    }

    fn match_expression(&self, value: &Expression, arms: &[MatchArm]) -> String {
        let arms = self.braces(|inner| {
            for arm in arms {
                let guard = arm.guard.as_ref().map(|guard| format!(" if {}", inner.operand(guard)));
                let (pattern, value) = (inner.pattern(&arm.pattern), inner.expression(&arm.value));
                inner.line(&format!("{pattern}{} => {value},", guard.unwrap_or_default()));
            }
        });
        format!("match {} {arms}", self.operand(value))
    }

    fn pattern(&self, pattern: &Pattern) -> String {
        match pattern {
            Pattern::Any => "_".into(),
            Pattern::Bind(bound) => name(bound).into(),
            Pattern::Literal(value) => {
                let text = self.expression(value);
                text.trim_start_matches('(').trim_end_matches(')').to_owned()
            }
            Pattern::Either(all) => all.iter().map(|one| self.pattern(one)).collect::<Vec<_>>().join(" | "),
            Pattern::Tuple(all, _) => format!("({})", list(all.iter().map(|one| self.pattern(one)))),
            Pattern::Struct { name: called, fields, .. } => {
                let field = |field: &FieldPattern| format!("{}: {}", name(&field.name), self.pattern(&field.pattern));
                format!("{} {}", type_or_invalid(called.as_ref()), fields_in_braces(fields.iter().map(field)))
            }
        }
    }
}

fn fields_in_braces(fields: impl Iterator<Item = String>) -> String {
    let fields = list(fields);
    if fields.is_empty() { "{ }".into() } else { format!("{{ {fields} }}") }
}

/// A negative number would otherwise lose its sign to what stands behind it.
fn signed(text: String) -> String {
    if text.starts_with('-') { format!("({text})") } else { text }
}

pub(super) fn string(value: &str) -> String {
    let mut text = String::from("\"");
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            _ => text.push(character),
        }
    }
    text + "\""
}
