//! How statements end: whether what stands behind them is ever reached.

use super::body::{Called, call_of, called};
use crate::catalogue::Builtin;
use crate::catalogue::process::Process;
use crate::program::names::Names;
use crate::program::tree::*;
use crate::source::Span;

/// The place of the keyword that a statement begins with.
pub(super) fn keyword(statement: &Statement, word: &str) -> Span {
    let end = statement.span.end().min(statement.span.start() + word.len());
    statement.span.with(statement.span.start(), end)
}

/// Whether nothing behind a statement is reached.
pub(super) fn ends(names: &Names, statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Return(_) | StatementKind::Break | StatementKind::Continue => true,
        StatementKind::Expression(expression) => expression_ends(names, expression),
        StatementKind::Block(block) => block_ends(names, block),
        StatementKind::Loop { body } => !has_break(body),
        StatementKind::While { condition, body } => is_true(condition) && !has_break(body),
        _ => false,
    }
}

/// Whether the end of a block is never reached.
pub(super) fn block_ends(names: &Names, block: &Block) -> bool {
    block.statements.iter().any(|statement| ends(names, statement))
}

/// The same of an expression.
pub(super) fn expression_ends(names: &Names, expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::If { consequence, alternative: Some(alternative), .. } => {
            block_ends(names, consequence) && block_ends(names, alternative)
        }
        ExpressionKind::Match { arms, .. } => {
            let arm_ends = |arm: &MatchArm| match &arm.value.kind {
                ExpressionKind::Block(block) => block_ends(names, block),
                _ => expression_ends(names, &arm.value),
            };
            !arms.is_empty() && arms.iter().all(arm_ends)
        }
        _ => call_of(expression).is_some_and(|call| {
            let ending = |builtin| matches!(builtin, Builtin::Process(Process::Exit | Process::Panic));
            matches!(called(names, call.function), Called::Builtin(builtin) if ending(builtin))
        }),
    }
}

fn is_true(condition: &Expression) -> bool {
    matches!(condition.kind, ExpressionKind::Boolean(true))
}

/// Whether a `break` in the body of a loop leaves that loop.
pub(super) fn has_break(body: &Block) -> bool {
    body.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Break => true,
        StatementKind::Block(block) => has_break(block),
        StatementKind::With { body, .. } => has_break(body),
        StatementKind::Expression(value) | StatementKind::Let { value, .. } | StatementKind::Assign { value, .. } => {
            expression_has_break(value)
        }
        _ => false,
    })
}

fn expression_has_break(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::If { consequence, alternative, .. } => {
            has_break(consequence) || alternative.as_ref().is_some_and(has_break)
        }
        ExpressionKind::Match { arms, .. } => arms.iter().any(|arm| expression_has_break(&arm.value)),
        ExpressionKind::Block(block) => has_break(block),
        _ => false,
    }
}
