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
use crate::program::tree::*;

pub(super) fn check(body: &Body, program: &Program) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    in_block(body.block, program, &mut problems);
    problems
}

fn in_block(block: &Block, program: &Program, problems: &mut Vec<Diagnostic>) {
    for (index, statement) in block.statements.iter().enumerate() {
        in_statement(statement, program, problems);
        let behind = &block.statements[index + 1..];
        let (true, Some(first), Some(last)) = (ends(program, statement), behind.first(), behind.last()) else {
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

fn in_statement(statement: &Statement, program: &Program, problems: &mut Vec<Diagnostic>) {
    match &statement.kind {
        StatementKind::For { body, .. }
        | StatementKind::While { body, .. }
        | StatementKind::Loop { body }
        | StatementKind::Block(body)
        | StatementKind::With { body, .. } => in_block(body, program, problems),
        StatementKind::Expression(value) | StatementKind::Let { value, .. } | StatementKind::Assign { value, .. } => {
            in_expression(value, program, problems);
        }
        _ => {}
    }
}

fn in_expression(expression: &Expression, program: &Program, problems: &mut Vec<Diagnostic>) {
    match &expression.kind {
        ExpressionKind::If { consequence, alternative, .. } => {
            in_block(consequence, program, problems);
            alternative.iter().for_each(|block| in_block(block, program, problems));
        }
        ExpressionKind::Match { arms, .. } => {
            arms.iter().for_each(|arm| in_expression(&arm.value, program, problems));
        }
        ExpressionKind::Block(block) => in_block(block, program, problems),
        _ => {}
    }
}
