//! `unreachable-code`: statements behind one that always leaves: `return`, `break`,
//! `continue`, `exit`, `panic`, a loop without `break`, an `if` whose branches all
//! leave.
//!
//! One problem for one block, from the first statement that is never reached to the
//! last. Silent inside of what is told already.
//! Source: the decision on severities.

use super::body::Body;
use super::paths::ends;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::program::names::Names;
use crate::program::tree::*;

pub(super) fn check(body: &Body, names: &Names) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    in_block(body.block, names, &mut problems);
    problems
}

fn in_block(block: &Block, names: &Names, problems: &mut Vec<Diagnostic>) {
    for (index, statement) in block.statements.iter().enumerate() {
        in_statement(statement, names, problems);
        let behind = &block.statements[index + 1..];
        let (true, Some(first), Some(last)) = (ends(names, statement), behind.first(), behind.last()) else {
            continue;
        };
        let place = first.span.to(last.span);
        let problem = Diagnostic::new(Code::UnreachableCode, place, "this is never reached");
        let problem = problem.related(statement.span, reason(statement)).help("remove it, or move it up");
        problems.push(problem.fix(Fix::likely("remove what is never reached").remove(place)));
        return;
    }
}

fn reason(statement: &Statement) -> &'static str {
    match &statement.kind {
        StatementKind::Return(_) => "`return` leaves the function here",
        StatementKind::Break => "`break` leaves the loop here",
        StatementKind::Continue => "`continue` begins the next round here",
        StatementKind::Loop { .. } | StatementKind::While { .. } => "this loop has no `break`",
        _ => "nothing goes on behind this",
    }
}

fn in_statement(statement: &Statement, names: &Names, problems: &mut Vec<Diagnostic>) {
    match &statement.kind {
        StatementKind::For { body, .. }
        | StatementKind::While { body, .. }
        | StatementKind::Loop { body }
        | StatementKind::Block(body)
        | StatementKind::With { body, .. } => in_block(body, names, problems),
        StatementKind::Expression(value) | StatementKind::Let { value, .. } | StatementKind::Assign { value, .. } => {
            in_expression(value, names, problems);
        }
        _ => {}
    }
}

fn in_expression(expression: &Expression, names: &Names, problems: &mut Vec<Diagnostic>) {
    match &expression.kind {
        ExpressionKind::If { consequence, alternative, .. } => {
            in_block(consequence, names, problems);
            alternative.iter().for_each(|block| in_block(block, names, problems));
        }
        ExpressionKind::Match { arms, .. } => {
            arms.iter().for_each(|arm| in_expression(&arm.value, names, problems));
        }
        ExpressionKind::Block(block) => in_block(block, names, problems),
        _ => {}
    }
}
