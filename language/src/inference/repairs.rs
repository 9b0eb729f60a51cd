//! Fixes that need to see how the faulty expression or statement is written: what finds
//! these problems knows values and places only. They are added when everything is told.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, Fix, Severity};
use crate::program::parts::parts;
use crate::program::tree::*;
use crate::program::visit;
use crate::source::{Sources, Span, TextId};

/// Adds to problems that have no fix the change that repairs them, where one does.
pub(super) fn add(program: &Program, problems: &mut [Diagnostic], sources: &Sources) {
    let mut lacking: FxHashMap<TextId, Vec<&mut Diagnostic>> = FxHashMap::default();
    for problem in problems.iter_mut().filter(|problem| problem.fix.is_none() && has_repair(problem.code)) {
        lacking.entry(problem.place.text).or_default().push(problem);
    }
    if lacking.is_empty() {
        return;
    }
    for part in parts(program) {
        let Some(problems) = lacking.get_mut(&part.text()) else { continue };
        let mut look = |repair: &dyn Fn(&Diagnostic) -> Option<Fix>| {
            for problem in problems.iter_mut().filter(|problem| problem.fix.is_none()) {
                problem.fix = repair(problem);
            }
        };
        visit::expressions_of_part(part, &mut |expression| {
            look(&|problem| of_expression(problem, expression, sources));
        });
        visit::statements_of_part(part, &mut |statement| look(&|problem| of_statement(problem, statement, sources)));
    }
}

/// Whether a problem of this code may be repaired here.
fn has_repair(code: Code) -> bool {
    matches!(
        code,
        Code::ArgumentType
            | Code::ArgmaxFlat
            | Code::BlockLocalAssignment
            | Code::BosToken
            | Code::FormatArguments
            | Code::IntegerDivision
            | Code::LearnObjective
            | Code::ReturnOutsideFunction
            | Code::TransposedWeight
    )
}

fn of_expression(problem: &Diagnostic, expression: &Expression, sources: &Sources) -> Option<Fix> {
    let place = problem.place;
    match (problem.code, &expression.kind) {
        (Code::ArgumentType, ExpressionKind::Binary(BinaryOperator::Add, left, right))
            if place == left.span || place == right.span =>
        {
            Some(as_text(place, sources))
        }
        (Code::IntegerDivision, ExpressionKind::Binary(BinaryOperator::Divide, left, right))
            if place == expression.span =>
        {
            Some(of_floats(expression, left, right))
        }
        (Code::TransposedWeight, ExpressionKind::Binary(BinaryOperator::MatrixMultiply, left, right))
            if place == right.span =>
        {
            linear_for_sign(expression.span, left.span, right.span, sources)
        }
        (Code::FormatArguments, ExpressionKind::Call { function, arguments, .. }) => {
            let [.., before, last] = &arguments[..] else { return None };
            let gap = place.with(before.value.span.end(), place.start());
            // What is said of an empty text at the end.
            let is_alone = problem.severity == Severity::Hint && last.value.span == place;
            let fix = Fix::likely("call `write` instead").replace(function.span, "write");
            (is_alone && sources.text(gap).trim() == ",").then(|| fix.remove(gap.to(place)))
        }
        (
            Code::ArgmaxFlat | Code::BosToken | Code::TransposedWeight,
            ExpressionKind::Call { function, arguments, .. }
            | ExpressionKind::Method { method: function, arguments, .. },
        ) => {
            let receiver = match &expression.kind {
                ExpressionKind::Method { receiver, .. } => Some(&**receiver),
                _ => None,
            };
            let values: Vec<&Expression> =
                receiver.into_iter().chain(arguments.iter().map(|argument| &argument.value)).collect();
            let at = values.iter().position(|value| value.span == place)?;
            match (problem.code, values[at]) {
                (Code::BosToken, Expression { kind: ExpressionKind::Boolean(adds), .. }) => {
                    Some(special_tokens(!adds).replace(place, (!adds).to_string()))
                }
                // The text writes the token itself.
                (Code::BosToken, _) => match values.get(at + 1) {
                    None => Some(special_tokens(false).insert_before(end_of_call(expression), ", false")),
                    Some(Expression { kind: ExpressionKind::Boolean(true), span }) => {
                        Some(special_tokens(false).replace(*span, "false"))
                    }
                    Some(_) => None,
                },
                (Code::ArgmaxFlat, _) if values.len() == 1 => {
                    let separator = if arguments.is_empty() { "" } else { ", " };
                    let fix = Fix::likely("take the best of each row");
                    Some(fix.insert_before(end_of_call(expression), format!("{separator}-1")))
                }
                (Code::TransposedWeight, weight) => match function.text.as_str() {
                    "matmul" => Some(Fix::likely("multiply by `linear`").replace(function.span, "linear")),
                    _ => as_stored(weight),
                },
                _ => None,
            }
        }
        (Code::LearnObjective, kind) if place == expression.span && !is_written_out(kind) => {
            Some(Fix::likely("reduce it with `mean`").insert_before(place, "mean(").insert_after(place, ")"))
        }
        _ => None,
    }
}

fn of_statement(problem: &Diagnostic, statement: &Statement, sources: &Sources) -> Option<Fix> {
    match (problem.code, &statement.kind) {
        (Code::ArgumentType, StatementKind::Assign { operator: Some(BinaryOperator::Add), value, .. })
            if problem.place == value.span =>
        {
            Some(as_text(problem.place, sources))
        }
        (Code::BlockLocalAssignment, _) => declared_before(problem, statement, sources),
        (Code::ReturnOutsideFunction, StatementKind::Return(Some(value))) if problem.place == statement.span => {
            Some(without_value(statement, value, sources))
        }
        _ => None,
    }
}

/// A number that is joined to a text.
fn as_text(place: Span, sources: &Sources) -> Fix {
    let fix = Fix::likely(format!("write `str({})`", sources.text(place)));
    fix.insert_before(place, "str(").insert_after(place, ")")
}

/// A division that keeps its fraction.
fn of_floats(division: &Expression, left: &Expression, right: &Expression) -> Fix {
    let fix = Fix::likely("divide Floats");
    for operand in [left, right] {
        if let ExpressionKind::Integer(_) = operand.kind {
            return fix.insert_after(operand.span, ".0");
        }
    }
    fix.insert_before(division.span, "1.0 * ")
}

/// `linear(left, right)` for `left @ right`, whatever parentheses stand around the two.
fn linear_for_sign(whole: Span, left: Span, right: Span, sources: &Sources) -> Option<Fix> {
    let between = left.with(left.end(), right.start());
    let text = sources.text(between);
    if !text.chars().all(|c| matches!(c, '(' | ')' | '@') || c.is_whitespace()) {
        return None;
    }
    let sign = text.find('@')?;
    let blanks = sign - text[..sign].trim_end().len();
    let sign = between.with(between.start() + sign - blanks, between.start() + sign + 1);
    let fix = Fix::likely("multiply by `linear`").insert_before(whole, "linear(");
    Some(fix.replace(sign, ",").insert_after(whole, ")"))
}

/// A weight without the `transpose` around it.
fn as_stored(weight: &Expression) -> Option<Fix> {
    let (function, inner) = match &weight.kind {
        ExpressionKind::Call { namespace: None, function, arguments } => match &arguments[..] {
            [only] => (function, &only.value),
            _ => return None,
        },
        ExpressionKind::Method { receiver, method, arguments } if arguments.is_empty() => (method, &**receiver),
        _ => return None,
    };
    let (before, behind) = (
        weight.span.with(weight.span.start(), inner.span.start()),
        weight.span.with(inner.span.end(), weight.span.end()),
    );
    let fix = Fix::likely("pass the weight as it is stored");
    (function.text == "transpose").then(|| fix.remove(before).remove(behind))
}

fn special_tokens(adds: bool) -> Fix {
    Fix::likely(format!("pass `{adds}` to `tokenize`"))
}

/// The closing parenthesis of a call.
fn end_of_call(call: &Expression) -> Span {
    call.span.with(call.span.end() - 1, call.span.end())
}

/// A variable that is first assigned in a block: the same, declared before the
/// outermost block that the read does not lie in. Its first value is the assigned one
/// if that is written out, and 0 if it is the variable of a loop.
fn declared_before(problem: &Diagnostic, statement: &Statement, sources: &Sources) -> Option<Fix> {
    let read = problem.related.first()?.place;
    let holds = |statement: &Statement| statement.span.contains(problem.place) && !statement.span.contains(read);
    if !holds(statement) {
        return None;
    }
    let name = sources.text(problem.place);
    let mut value = None;
    let mut counters = Vec::new();
    let mut look = |inside: &Statement| match &inside.kind {
        StatementKind::For { variable, .. } => counters.push(variable.text.clone()),
        StatementKind::Assign { target: Target::Variable(target), value: assigned, .. }
            if target.span == problem.place =>
        {
            value = match &assigned.kind {
                ExpressionKind::Variable(name) if counters.contains(&name.text) => Some("0"),
                kind if is_written_out(kind) => Some(sources.text(assigned.span)),
                _ => None,
            };
        }
        _ => {}
    };
    visit::statements_of(statement, &mut look);
    let line = format!("let {name} = {}\n{}", value?, sources.indent(statement.span));
    Some(Fix::likely(format!("declare `{name}` before the block")).insert_before(statement.span, line))
}

/// A `return` alone; what it was to give is shown before, unless it is written out.
fn without_value(statement: &Statement, value: &Expression, sources: &Sources) -> Fix {
    let place = statement.span;
    if is_written_out(&value.kind) {
        return Fix::likely("write `return` alone").replace(place, "return");
    }
    let written = sources.text(place).strip_prefix("return").map_or("", str::trim);
    let text = format!("print({written})\n{}return", sources.indent(place));
    Fix::likely("show the value, and end with `return`").replace(place, text)
}

/// Whether a value is written out.
fn is_written_out(value: &ExpressionKind) -> bool {
    match value {
        ExpressionKind::Integer(_)
        | ExpressionKind::Float(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Boolean(_) => true,
        ExpressionKind::Array(items) => items.iter().all(|item| is_written_out(&item.kind)),
        ExpressionKind::Unary(_, inner) => is_written_out(&inner.kind),
        _ => false,
    }
}
