//! Loops that generate: where a token is sampled, and the list that it is put behind.

use rustc_hash::FxHashSet;

use super::body::{Called, call_of, called, expressions_in, function, number_of, of_function, root_of, variable_of};
use super::flow::Flow;
use crate::catalogue::{self, Builtin};
use crate::program::names::{Names, TopLevel};
use crate::program::outline::Outlines;
use crate::program::tree::*;

/// Builtins that choose a token, besides those of the family.
const CHOOSE: &[&str] =
    &["argmax", "sample", "sample_greedy", "sample_top_k", "temperature_sample", "top_k_sample", "top_p_sample"];

/// Whether a call of this name may sample a token.
pub(super) fn may_sample(name: &str) -> bool {
    CHOOSE.contains(&name) || matches!(catalogue::find(name), Some(Builtin::Sampling(_)))
}

/// Whether an expression samples a token, itself or by a function of the script.
pub(super) fn samples(names: &Names, samplers: &FxHashSet<TopLevel>, expression: &Expression) -> bool {
    let Some(call) = call_of(expression) else { return false };
    let name = call.function.text.as_str();
    match called(names, call.function) {
        Called::Function(number, _) => samplers.contains(&number),
        Called::Builtin(Builtin::Sampling(_)) => name != "set_seed",
        Called::Builtin(_) | Called::Other => CHOOSE.contains(&name),
    }
}

/// The functions whose value is a token that they have sampled. One that samples in
/// a loop gives a whole text.
pub(super) fn samplers(program: &Program, names: &Names, outlines: &Outlines) -> FxHashSet<TopLevel> {
    let mut found = FxHashSet::default();
    loop {
        let known = found.clone();
        for function in &program.functions {
            let text = function.name.id.text;
            let Some(number) = number_of(names, function) else { continue };
            let Some(outline) = outlines.body(text, Some(number)) else { continue };
            let calls_one = outline.calls_any(&known);
            if !calls_one && !outlines.of(text).is_some_and(|outline| outline.samples) {
                continue;
            }
            let is_one = || {
                let source = |expression: &Expression| samples(names, &known, expression);
                of_function(function).gives_a_value()
                    && !samples_in_a_loop(&function.body, &source)
                    && gives(&function.body, &source)
            };
            // What it does by itself stays so while its text and its names stay.
            let gives_token = if calls_one { is_one() } else { *outline.gives_token.get_or_init(is_one) };
            if gives_token {
                found.insert(number);
            }
        }
        if found.len() == known.len() {
            return found;
        }
    }
}

/// Whether the value of a body depends on the source.
fn gives<'p>(block: &'p Block, source: &dyn Fn(&'p Expression) -> bool) -> bool {
    let flow = Flow::of(block, source);
    let last = match block.statements.last().map(|last| &last.kind) {
        Some(StatementKind::Expression(value) | StatementKind::Assign { value, .. }) => flow.depends(value),
        _ => false,
    };
    let mut returns = false;
    crate::program::visit::statements_in(block, &mut |statement| {
        if let StatementKind::Return(Some(value)) = &statement.kind {
            returns |= flow.depends(value);
        }
    });
    last || returns
}

fn samples_in_a_loop<'p>(block: &'p Block, source: &dyn Fn(&'p Expression) -> bool) -> bool {
    let mut found = false;
    crate::program::visit::statements_in(block, &mut |statement| {
        if let StatementKind::For { body, .. } | StatementKind::While { body, .. } | StatementKind::Loop { body } =
            &statement.kind
        {
            expressions_in(body, &mut |expression| found |= source(expression));
        }
    });
    found
}

/// A statement that puts something behind a list.
pub(super) struct Growth<'p> {
    /// The list.
    pub(super) list: &'p Name,
    /// What it grows by.
    pub(super) by: &'p Expression,
}

/// The growth that a statement is: `x = append(x, v)`, `x = concat(x, v)`,
/// `x.append(v)`; also of an entry, `x[i] = concat(x[i], v)`.
pub(super) fn growth<'p>(names: &Names, statement: &'p Statement) -> Option<Growth<'p>> {
    let (value, changes) = match &statement.kind {
        StatementKind::Assign { target, operator: None, value } => (value, Some(root_of(target)?)),
        StatementKind::Expression(value) => (value, None),
        _ => return None,
    };
    let call = call_of(value)?;
    let word = call.function.text.as_str();
    let grows = matches!(word, "append" | "concat" | "push") && function(names, call.function).is_none();
    let [list, by, ..] = &call.arguments[..] else { return None };
    let list = match &list.value.kind {
        ExpressionKind::Variable(list) => list,
        ExpressionKind::Index { object, .. } => variable_of(object)?,
        _ => return None,
    };
    let is_statement = matches!(value.kind, ExpressionKind::Method { .. }) && call.arguments.len() == 2;
    let same = changes.map_or(is_statement, |name| name.text == list.text);
    (grows && same).then_some(Growth { list, by: by.value })
}

/// The statements of a loop's body that are executed in each round of this loop
/// and of no inner one, branches included.
pub(super) fn own_statements<'p>(body: &'p Block, visit: &mut dyn FnMut(&'p Statement)) {
    for statement in &body.statements {
        visit(statement);
        match &statement.kind {
            StatementKind::Expression(value) => own_in_value(value, visit),
            StatementKind::Let { value, .. } | StatementKind::Assign { value, .. } => own_in_value(value, visit),
            StatementKind::Block(block) | StatementKind::With { body: block, .. } => own_statements(block, visit),
            _ => {}
        }
    }
}

fn own_in_value<'p>(value: &'p Expression, visit: &mut dyn FnMut(&'p Statement)) {
    match &value.kind {
        ExpressionKind::If { consequence, alternative, .. } => {
            own_statements(consequence, visit);
            alternative.iter().for_each(|block| own_statements(block, visit));
        }
        ExpressionKind::Match { arms, .. } => arms.iter().for_each(|arm| own_in_value(&arm.value, visit)),
        ExpressionKind::Block(block) => own_statements(block, visit),
        _ => {}
    }
}

/// Whether a block declares a variable itself, outside of inner blocks.
pub(super) fn declares(block: &Block, name: &str) -> bool {
    block.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Let { name: declared, .. } => declared.text == name,
        StatementKind::Tensor(declaration) => declaration.name.text == name,
        _ => false,
    })
}

/// One loop of a body.
pub(super) struct LoopStatement<'p> {
    pub(super) statement: &'p Statement,
    pub(super) condition: Option<&'p Expression>,
    pub(super) body: &'p Block,
    /// The keyword and what stands before the body.
    pub(super) header: crate::source::Span,
}

/// The loop that a statement is.
pub(super) fn loop_of(statement: &Statement) -> Option<LoopStatement<'_>> {
    let (condition, body, header) = match &statement.kind {
        StatementKind::For { body, header, .. } => (None, body, *header),
        StatementKind::While { condition, body } => {
            let header = statement.span.with(statement.span.start(), condition.span.end());
            (Some(condition), body, header)
        }
        StatementKind::Loop { body } => (None, body, super::paths::keyword(statement, "loop")),
        _ => return None,
    };
    Some(LoopStatement { statement, condition, body, header })
}

/// The name that a statement binds to a value.
pub(super) fn bound_by(statement: &Statement) -> Option<(&Name, &Expression)> {
    match &statement.kind {
        StatementKind::Let { name, value, .. } => Some((name, value)),
        StatementKind::Assign { target, value, .. } => Some((root_of(target)?, value)),
        _ => None,
    }
}
