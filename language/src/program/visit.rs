//! Walking a program: every expression and every statement, in source order.

use super::tree::*;

/// Calls `visit` for every expression of the program, outer before inner.
pub fn expressions<'p>(program: &'p Program, visit: &mut dyn FnMut(&'p Expression)) {
    everything(program, &mut Visitor { expression: visit, statement: &mut |_| {} });
}

/// Calls `visit` for every statement of the program, outer before inner.
pub fn statements<'p>(program: &'p Program, visit: &mut dyn FnMut(&'p Statement)) {
    everything(program, &mut Visitor { expression: &mut |_| {}, statement: visit });
}

struct Visitor<'v, 'p> {
    expression: &'v mut dyn FnMut(&'p Expression),
    statement: &'v mut dyn FnMut(&'p Statement),
}

fn everything<'p>(program: &'p Program, visit: &mut Visitor<'_, 'p>) {
    for global in &program.globals {
        global.value.iter().for_each(|value| inside_expression(value, visit));
    }
    for function in &program.functions {
        inside_block(&function.body, visit);
    }
    program.main.iter().for_each(|main| inside_block(main, visit));
}

fn inside_block<'p>(block: &'p Block, visit: &mut Visitor<'_, 'p>) {
    for statement in &block.statements {
        (visit.statement)(statement);
        match &statement.kind {
            StatementKind::Let { value, .. } | StatementKind::Expression(value) => inside_expression(value, visit),
            StatementKind::Assign { target, value, .. } => {
                inside_target(target, visit);
                inside_expression(value, visit);
            }
            StatementKind::Tensor(declaration) => {
                declaration.value.iter().for_each(|value| inside_expression(value, visit));
            }
            StatementKind::Return(value) => value.iter().for_each(|value| inside_expression(value, visit)),
            StatementKind::For { iterable, body, .. } => {
                inside_expression(iterable, visit);
                inside_block(body, visit);
            }
            StatementKind::While { condition, body } => {
                inside_expression(condition, visit);
                inside_block(body, visit);
            }
            StatementKind::Loop { body } | StatementKind::Block(body) => inside_block(body, visit),
            StatementKind::Break | StatementKind::Continue | StatementKind::Unsupported(_) | StatementKind::Invalid => {
            }
        }
    }
}

fn inside_target<'p>(target: &'p Target, visit: &mut Visitor<'_, 'p>) {
    if let Target::Index { object, index, .. } = target {
        inside_target(object, visit);
        inside_expression(index, visit);
    }
}

fn inside_expression<'p>(expression: &'p Expression, visit: &mut Visitor<'_, 'p>) {
    (visit.expression)(expression);
    let mut go = |inner: &'p Expression| inside_expression(inner, visit);
    match &expression.kind {
        ExpressionKind::Array(items) => items.iter().for_each(go),
        ExpressionKind::Unary(_, inner) | ExpressionKind::Cast(inner, _) => go(inner),
        ExpressionKind::Field { object, .. } => go(object),
        ExpressionKind::Repeat { value: left, count: right }
        | ExpressionKind::Binary(_, left, right)
        | ExpressionKind::Logical(_, left, right)
        | ExpressionKind::Range(left, right) => {
            go(left);
            go(right);
        }
        ExpressionKind::Call { arguments, .. } => arguments.iter().for_each(|argument| go(&argument.value)),
        ExpressionKind::Method { receiver, arguments, .. } => {
            go(receiver);
            arguments.iter().for_each(|argument| go(&argument.value));
        }
        ExpressionKind::Index { object, items } => {
            go(object);
            for item in items {
                match item {
                    IndexItem::At(index) => go(index),
                    IndexItem::Slice(start, end, _) => start.iter().chain(end).for_each(&mut go),
                }
            }
        }
        ExpressionKind::If { condition, consequence, alternative } => {
            go(condition);
            inside_block(consequence, visit);
            alternative.iter().for_each(|block| inside_block(block, visit));
        }
        ExpressionKind::Match { value, arms } => {
            go(value);
            for arm in arms {
                arm.guard.iter().for_each(&mut go);
                go(&arm.value);
            }
        }
        ExpressionKind::Variable(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Float(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Boolean(_)
        | ExpressionKind::Unsupported(_)
        | ExpressionKind::Invalid => {}
    }
}
