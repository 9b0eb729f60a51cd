//! What depends on what in a block: which variables hold, at some time, a value that
//! was made of a source. By name, so that a variable which goes round a loop counts.

use rustc_hash::FxHashSet;

use super::body::{Called, call_of, called, root_of};
use crate::catalogue::Builtin;
use crate::program::names::Names;
use crate::program::tree::*;

/// The variables that depend on a source.
pub(super) struct Flow<'p, 's> {
    source: &'s dyn Fn(&'p Expression) -> bool,
    /// Where only the rows of the source themselves count, in whatever shape: the
    /// meaning of its names.
    rows_in: Option<&'p Names>,
    names: FxHashSet<&'p str>,
}

impl<'p, 's> Flow<'p, 's> {
    /// Follows everything that is made of what `source` says is one through a block.
    pub(super) fn of(block: &'p Block, source: &'s dyn Fn(&'p Expression) -> bool) -> Flow<'p, 's> {
        Flow { source, rows_in: None, names: FxHashSet::default() }.through(block)
    }

    /// Follows the rows of a source alone: reshaped, joined or scaled, they are the
    /// same rows.
    pub(super) fn of_rows(
        names: &'p Names,
        block: &'p Block,
        source: &'s dyn Fn(&'p Expression) -> bool,
    ) -> Flow<'p, 's> {
        Flow { source, rows_in: Some(names), names: FxHashSet::default() }.through(block)
    }

    fn through(mut self, block: &'p Block) -> Flow<'p, 's> {
        let flow = &mut self;
        loop {
            let before = flow.names.len();
            flow.block(block, false);
            if flow.names.len() == before {
                return self;
            }
        }
    }

    /// Whether a value is made of the source. The length of a list or the shape of a
    /// tensor says nothing of what is in it.
    pub(super) fn depends(&self, value: &'p Expression) -> bool {
        if (self.source)(value) {
            return true;
        }
        if self.rows_in.is_some_and(|names| !keeps_rows(names, value)) {
            return false;
        }
        match &value.kind {
            ExpressionKind::Variable(name) => self.names.contains(name.text.as_str()),
            ExpressionKind::Field { property, .. } if property.text == "shape" => false,
            ExpressionKind::If { condition, consequence, alternative } => {
                let blocks = std::iter::once(consequence).chain(alternative);
                (self.rows_in.is_none() && self.depends(condition))
                    || blocks.into_iter().any(|block| self.value_depends(block))
            }
            ExpressionKind::Block(block) => self.value_depends(block),
            _ => {
                let asks_for_size = call_of(value)
                    .is_some_and(|call| matches!(call.function.text.as_str(), "len" | "shape" | "dims" | "numel"));
                // What is struck out of a choice is not what the next one is made of.
                if let Some(call) = call_of(value)
                    && let Some(kept) = kept_arguments(&call.function.text)
                {
                    let mut parts = call.arguments.iter().enumerate().filter(|(at, _)| kept.contains(at));
                    return parts.any(|(_, passed)| self.depends(passed.value));
                }
                let mut depends = false;
                value.for_each_part(&mut |part| depends |= !asks_for_size && self.depends(part));
                depends
            }
        }
    }

    fn value_depends(&self, block: &'p Block) -> bool {
        match block.statements.last().map(|last| &last.kind) {
            Some(StatementKind::Expression(value) | StatementKind::Assign { value, .. }) => self.depends(value),
            _ => false,
        }
    }

    /// `decided`: whether the source decides that the block is executed.
    fn block(&mut self, block: &'p Block, decided: bool) {
        block.statements.iter().for_each(|statement| self.statement(statement, decided));
    }

    fn statement(&mut self, statement: &'p Statement, decided: bool) {
        match &statement.kind {
            StatementKind::Let { name, value, .. } => self.binds(name, value, decided),
            StatementKind::Tensor(TensorDeclaration { name, value: Some(value), .. }) => {
                self.binds(name, value, decided);
            }
            StatementKind::Assign { target, value, .. } => {
                if let Some(name) = root_of(target) {
                    self.binds(name, value, decided);
                }
            }
            StatementKind::Expression(value) => {
                if let ExpressionKind::Method { receiver, arguments, .. } = &value.kind
                    && self.rows_in.is_none()
                    && let ExpressionKind::Variable(name) = &receiver.kind
                {
                    let changed = arguments.iter().any(|argument| self.depends(&argument.value));
                    if changed {
                        self.names.insert(&name.text);
                    }
                }
                self.inside(value, decided);
            }
            StatementKind::For { variable, iterable, body, .. } => {
                if self.depends(iterable) {
                    self.names.insert(&variable.text);
                }
                self.block(body, decided);
            }
            StatementKind::While { condition, body } => self.block(body, decided || self.depends(condition)),
            StatementKind::Loop { body } | StatementKind::Block(body) | StatementKind::With { body, .. } => {
                self.block(body, decided);
            }
            _ => {}
        }
    }

    fn binds(&mut self, name: &'p Name, value: &'p Expression, decided: bool) {
        if decided || self.depends(value) {
            self.names.insert(&name.text);
        }
        self.inside(value, decided);
    }

    /// The statements in the blocks of a value.
    fn inside(&mut self, value: &'p Expression, decided: bool) {
        match &value.kind {
            ExpressionKind::If { condition, consequence, alternative } => {
                let decided = decided || (self.rows_in.is_none() && self.depends(condition));
                self.block(consequence, decided);
                alternative.iter().for_each(|block| self.block(block, decided));
            }
            ExpressionKind::Match { value, arms } => {
                let decided = decided || self.depends(value);
                arms.iter().for_each(|arm| self.inside(&arm.value, decided));
            }
            ExpressionKind::Block(block) => self.block(block, decided),
            _ => {}
        }
    }
}

/// Which arguments the values of a result come from, where others only say where.
fn kept_arguments(function: &str) -> Option<std::ops::Range<usize>> {
    match function {
        "scatter" => Some(0..1),
        "where" => Some(1..3),
        _ => None,
    }
}

/// Whether the rows of a part may be those of the whole.
fn keeps_rows(names: &Names, value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Variable(_)
        | ExpressionKind::If { .. }
        | ExpressionKind::Match { .. }
        | ExpressionKind::Block(_)
        | ExpressionKind::Cast(..)
        | ExpressionKind::Index { .. }
        | ExpressionKind::Binary(BinaryOperator::Multiply | BinaryOperator::Divide, ..) => true,
        _ => call_of(value).is_some_and(|call| match called(names, call.function) {
            Called::Builtin(builtin) => {
                matches!(builtin, Builtin::Shaping(_) | Builtin::Axes(_)) || builtin.entry().name == "repeat_kv"
            }
            Called::Other => false,
            Called::Function(_, function) => takes_one_tensor(function),
        }),
    }
}

/// Whether a function of the script takes one tensor, beside numbers.
pub(super) fn takes_one_tensor(function: &Function) -> bool {
    let is_tensor = |parameter: &&Parameter| match &parameter.annotation {
        Some(annotation) => !matches!(annotation.kind, TypeKind::Integer | TypeKind::Float),
        None => true,
    };
    function.parameters.iter().filter(is_tensor).count() == 1
}
