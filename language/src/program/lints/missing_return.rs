//! `missing-return`: a function that declares a result, or whose result is used, and
//! ends without one.
//!
//! An error where no way through the function gives a value, a warning where only
//! some do not: the last statement is an `if` without `else`, a loop may end before
//! its `return`. Silent for `void`, and where nothing is declared or used.
//! Source: the decisions on `missing-return` and on severities.

use std::collections::BTreeMap;

use super::body::{Body, Called, bodies, call_of, called, function, number_of, of_function};
use super::paths::{ends, expression_ends};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::program::names::{Names, TopLevel};
use crate::program::outline::{Outline, Outlines};
use crate::program::tree::*;
use crate::source::Span;

/// Looks at a function that declares its result.
pub(super) fn of_declared(function: &Function, names: &Names) -> Option<Diagnostic> {
    function.result.as_ref()?;
    problem(function, None, names)
}

/// Looks at the functions that do not.
pub(super) fn of_undeclared(program: &Program, names: &Names, outlines: &Outlines) -> Vec<Diagnostic> {
    let may_lack = |outline: &Outline| outline.may_lack_result;
    if !outlines.any(may_lack) {
        return Vec::new();
    }
    let used = |function: &Function| {
        let number = number_of(names, function)?;
        let mut all = bodies(program).filter_map(|body| {
            let owner = body.function.and_then(|function| number_of(names, function));
            outlines.body(body.block.id.text, owner)?.used.get(&number).copied()
        });
        all.next()
    };
    let all = program.functions.iter().filter(|function| function.result.is_none());
    let suspects = all.filter(|function| outlines.of(function.name.id.text).is_some_and(may_lack));
    suspects.filter_map(|function| problem(function, used(function), names)).collect()
}

/// Whether a function may end without a value.
pub(super) fn may_lack_result(function: &Function, names: &Names) -> bool {
    let mut found = Found { names, gives: false, lacks: false };
    let body = of_function(function);
    found.value_of(body.block);
    found.returns(body.block);
    found.lacks
}

fn problem(function: &Function, used: Option<Span>, names: &Names) -> Option<Diagnostic> {
    let (name, body) = (&function.name.text, of_function(function));
    match &function.result {
        Some(Type { kind: TypeKind::Void | TypeKind::Refused(_), .. }) => return None,
        None if used.is_none() => return None,
        _ => {}
    }
    let mut found = Found { names, gives: false, lacks: false };
    found.value_of(body.block);
    found.returns(body.block);
    if !found.lacks {
        return None;
    }
    let message = match (found.gives, &function.result) {
        (false, Some(_)) => format!("`{name}` declares a result and gives none"),
        (false, None) => format!("the result of `{name}` is used and it gives none"),
        (true, _) => format!("`{name}` gives a result on some ways only"),
    };
    let mut problem = Diagnostic::new(Code::MissingReturn, function.header, message);
    if found.gives {
        problem = problem.severity(Severity::Warning);
    }
    if let Some(last) = body.block.statements.last() {
        problem = problem.related(last.span, "this last statement may give no value");
    }
    if let (None, Some(used)) = (&function.result, used) {
        problem = problem.related(used, "used here");
    }
    Some(problem.help("end each way with the value or with `return`, or declare `-> void`"))
}

/// Where in a body the value of a call goes somewhere first, by the function that is
/// called.
pub(super) fn used(body: &Body, names: &Names) -> BTreeMap<TopLevel, Span> {
    let mut used = Used { names, first: BTreeMap::new() };
    used.in_block(body.block, body.function.is_some_and(|function| function.result.is_some()));
    used.first
}

struct Used<'n> {
    names: &'n Names,
    first: BTreeMap<TopLevel, Span>,
}

impl Used<'_> {
    fn in_block(&mut self, block: &Block, is_value: bool) {
        let last = block.statements.len().checked_sub(1);
        for (index, statement) in block.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Expression(value) => self.in_expression(value, is_value && Some(index) == last),
                StatementKind::Let { value, .. }
                | StatementKind::Assign { value, .. }
                | StatementKind::Tensor(TensorDeclaration { value: Some(value), .. }) => {
                    self.in_expression(value, true)
                }
                StatementKind::For { iterable: value, body, .. } | StatementKind::While { condition: value, body } => {
                    self.in_expression(value, true);
                    self.in_block(body, false);
                }
                StatementKind::Loop { body } | StatementKind::Block(body) => self.in_block(body, false),
                StatementKind::Return(Some(value)) => self.in_expression(value, true),
                _ => {}
            }
        }
    }

    fn in_expression(&mut self, expression: &Expression, is_value: bool) {
        match &expression.kind {
            ExpressionKind::Call { function: name, .. } | ExpressionKind::Method { method: name, .. } if is_value => {
                if let Some((number, _)) = function(self.names, name) {
                    self.first.entry(number).or_insert(expression.span);
                }
            }
            ExpressionKind::If { condition, consequence, alternative } => {
                self.in_expression(condition, true);
                self.in_block(consequence, is_value);
                alternative.iter().for_each(|block| self.in_block(block, is_value));
                return;
            }
            ExpressionKind::Block(block) => return self.in_block(block, is_value),
            ExpressionKind::Match { value, arms } => {
                self.in_expression(value, true);
                arms.iter().for_each(|arm| self.in_expression(&arm.value, is_value));
                return;
            }
            _ => {}
        }
        expression.for_each_part(&mut |part| self.in_expression(part, true));
    }
}

/// What the ways through a function end with.
struct Found<'p> {
    names: &'p Names,
    /// Whether one of them gives a value.
    gives: bool,
    /// Whether one of them gives none.
    lacks: bool,
}

impl Found<'_> {
    /// What the end of a block gives whose value is that of the function.
    fn value_of(&mut self, block: &Block) {
        let Some((last, before)) = block.statements.split_last() else {
            self.lacks = true;
            return;
        };
        if before.iter().any(|statement| ends(self.names, statement)) {
            return;
        }
        match &last.kind {
            StatementKind::Expression(value) => self.value(value),
            StatementKind::Block(block) => self.value_of(block),
            StatementKind::Assign { .. } => self.gives = true,
            // What cannot be read or executed yet may be anything.
            StatementKind::Refused(_) | StatementKind::Invalid | StatementKind::Query(_) => self.gives = true,
            _ if ends(self.names, last) => {}
            _ => self.lacks = true,
        }
    }

    fn value(&mut self, value: &Expression) {
        match &value.kind {
            ExpressionKind::If { consequence, alternative, .. } => {
                self.value_of(consequence);
                match alternative {
                    Some(alternative) => self.value_of(alternative),
                    None => self.lacks = true,
                }
            }
            ExpressionKind::Match { arms, .. } => arms.iter().for_each(|arm| self.value(&arm.value)),
            ExpressionKind::Block(block) => self.value_of(block),
            _ if expression_ends(self.names, value) => {}
            _ if self.is_void(value) => self.lacks = true,
            _ => self.gives = true,
        }
    }

    /// Whether a call certainly gives nothing.
    fn is_void(&self, value: &Expression) -> bool {
        let Some(call) = call_of(value) else { return false };
        match called(self.names, call.function) {
            Called::Function(_, function) => matches!(function.result, Some(Type { kind: TypeKind::Void, .. })),
            Called::Builtin(builtin) => builtin.entry().result == "nothing",
            Called::Other => false,
        }
    }

    /// What the `return`s of a block give.
    fn returns(&mut self, block: &Block) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Return(Some(_)) => self.gives = true,
                StatementKind::Return(None) => self.lacks = true,
                StatementKind::For { body, .. } | StatementKind::While { body, .. } => self.returns(body),
                StatementKind::Loop { body } | StatementKind::Block(body) => self.returns(body),
                StatementKind::Expression(value)
                | StatementKind::Let { value, .. }
                | StatementKind::Assign { value, .. } => self.returns_in(value),
                _ => {}
            }
            if ends(self.names, statement) {
                return;
            }
        }
    }

    fn returns_in(&mut self, value: &Expression) {
        match &value.kind {
            ExpressionKind::If { consequence, alternative, .. } => {
                self.returns(consequence);
                alternative.iter().for_each(|block| self.returns(block));
            }
            ExpressionKind::Match { arms, .. } => arms.iter().for_each(|arm| self.returns_in(&arm.value)),
            ExpressionKind::Block(block) => self.returns(block),
            _ => {}
        }
    }
}
