//! Walking a program: every expression and every statement of its declarations and
//! blocks, kind by kind, each kind in source order.

use super::parts::{Part, parts};
use super::tree::*;

/// Calls `visit` for every expression of the program, outer before inner.
pub fn expressions<'p>(program: &'p Program, visit: &mut dyn FnMut(&'p Expression)) {
    everything(program, &mut Visitor { expression: visit, statement: &mut |_| {} });
}

/// Calls `visit` for every statement of the program, outer before inner.
pub fn statements<'p>(program: &'p Program, visit: &mut dyn FnMut(&'p Statement)) {
    everything(program, &mut Visitor { expression: &mut |_| {}, statement: visit });
}

/// Calls `visit` for every expression in one statement, outer before inner.
pub fn expressions_of<'p>(statement: &'p Statement, visit: &mut dyn FnMut(&'p Expression)) {
    inside_statement(statement, &mut Visitor { expression: visit, statement: &mut |_| {} });
}

/// Calls `visit` for every statement inside of a block, outer before inner.
pub fn statements_in<'p>(block: &'p Block, visit: &mut dyn FnMut(&'p Statement)) {
    inside_block(block, &mut Visitor { expression: &mut |_| {}, statement: visit });
}

/// Calls `visit` for one statement and every statement inside of it, outer before inner.
pub fn statements_of<'p>(statement: &'p Statement, visit: &mut dyn FnMut(&'p Statement)) {
    inside_statement(statement, &mut Visitor { expression: &mut |_| {}, statement: visit });
}

/// Calls `visit` for every expression inside of a block, outer before inner.
pub fn expressions_in<'p>(block: &'p Block, visit: &mut dyn FnMut(&'p Expression)) {
    inside_block(block, &mut Visitor { expression: visit, statement: &mut |_| {} });
}

/// Calls `visit` for every expression of a part, outer before inner.
pub fn expressions_of_part<'p>(part: Part<'p>, visit: &mut dyn FnMut(&'p Expression)) {
    inside_part(part, &mut Visitor { expression: visit, statement: &mut |_| {} });
}

/// Calls `visit` for every statement of a part, outer before inner.
pub fn statements_of_part<'p>(part: Part<'p>, visit: &mut dyn FnMut(&'p Statement)) {
    inside_part(part, &mut Visitor { expression: &mut |_| {}, statement: visit });
}

struct Visitor<'v, 'p> {
    expression: &'v mut dyn FnMut(&'p Expression),
    statement: &'v mut dyn FnMut(&'p Statement),
}

fn everything<'p>(program: &'p Program, visit: &mut Visitor<'_, 'p>) {
    parts(program).for_each(|part| inside_part(part, visit));
}

fn inside_part<'p>(part: Part<'p>, visit: &mut Visitor<'_, 'p>) {
    match part {
        Part::Global(global) => global.value.iter().for_each(|value| inside_expression(value, visit)),
        Part::Function(function) => inside_block(&function.body, visit),
        Part::Main(main) => inside_block(&main.body, visit),
        Part::Block(block) => inside_block(&block.body, visit),
        Part::Impl(implementation) => {
            implementation.methods.iter().for_each(|method| inside_block(&method.body, visit));
        }
        Part::Rule(rule) => inside_rule(rule, visit),
        Part::Struct(_) | Part::Entity(_) | Part::Relation(_) | Part::Embedding(_) => {}
    }
}

fn inside_block<'p>(block: &'p Block, visit: &mut Visitor<'_, 'p>) {
    block.statements.iter().for_each(|statement| inside_statement(statement, visit));
}

fn inside_statement<'p>(statement: &'p Statement, visit: &mut Visitor<'_, 'p>) {
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
        StatementKind::Rule(rule) => inside_rule(rule, visit),
        StatementKind::Query(query) => inside_query(query, visit),
        StatementKind::Equation(equation) => inside_equation(equation, visit),
        StatementKind::Infer(inferences) => {
            inferences.iter().for_each(|inference| inside_query(&inference.query, visit));
        }
        StatementKind::Learn(learn) => {
            for entry in &learn.entries {
                match entry {
                    LearnEntry::Field(field) => inside_expression(&field.value, visit),
                    LearnEntry::Statement(statement) => inside_statement(statement, visit),
                }
            }
        }
        StatementKind::With { body, .. } => inside_block(body, visit),
        StatementKind::Break
        | StatementKind::Continue
        | StatementKind::PythonImport { .. }
        | StatementKind::Refused(_)
        | StatementKind::Invalid => {}
    }
}

fn inside_rule<'p>(rule: &'p Rule, visit: &mut Visitor<'_, 'p>) {
    for term in std::iter::once(&rule.head).chain(&rule.body) {
        match term {
            Term::Expression(expression) => inside_expression(expression, visit),
            Term::Equation(equation) => inside_equation(equation, visit),
        }
    }
}

fn inside_equation<'p>(equation: &'p Equation, visit: &mut Visitor<'_, 'p>) {
    inside_expression(&equation.left, visit);
    inside_expression(&equation.right, visit);
}

fn inside_query<'p>(query: &'p Query, visit: &mut Visitor<'_, 'p>) {
    inside_expression(&query.relation, visit);
    query.constraints.iter().for_each(|constraint| inside_expression(constraint, visit));
}

fn inside_target<'p>(target: &'p Target, visit: &mut Visitor<'_, 'p>) {
    match target {
        Target::Index { object, index, .. } => {
            inside_target(object, visit);
            inside_expression(index, visit);
        }
        Target::Field { object, .. } => inside_target(object, visit),
        Target::Variable(_) | Target::Invalid(_) => {}
    }
}

fn inside_expression<'p>(expression: &'p Expression, visit: &mut Visitor<'_, 'p>) {
    (visit.expression)(expression);
    expression.for_each_part(&mut |part| inside_expression(part, visit));
    match &expression.kind {
        ExpressionKind::If { consequence, alternative, .. } => {
            inside_block(consequence, visit);
            alternative.iter().for_each(|block| inside_block(block, visit));
        }
        ExpressionKind::Block(block) => inside_block(block, visit),
        _ => {}
    }
}
