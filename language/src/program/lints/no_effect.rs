//! `no-effect`: a statement that computes something and drops it: a literal, a name,
//! or an expression of operators and builtins that only compute.
//!
//! Silent for the value of a function, for arms of `match`, and for everything that
//! calls a function of the script or a builtin that does something.
//! Source: the pitfall of dropped indices, and the decision on severities.

use super::body::{Body, Called, call_of, called};
use crate::catalogue::Builtin;
use crate::catalogue::collection::Collection;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::program::names::Names;
use crate::program::tree::*;

pub(super) fn check(body: &Body, names: &Names) -> Vec<Diagnostic> {
    let mut walk = Walk { names, problems: Vec::new() };
    walk.block(body.block, body.function.is_some());
    walk.problems
}

struct Walk<'p> {
    names: &'p Names,
    problems: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block, is_value: bool) {
        let last = block.statements.len().checked_sub(1);
        for (index, statement) in block.statements.iter().enumerate() {
            let is_value = is_value && Some(index) == last;
            match &statement.kind {
                StatementKind::Expression(expression) => self.statement(expression, is_value),
                StatementKind::For { body, .. } | StatementKind::While { body, .. } | StatementKind::Loop { body } => {
                    self.block(body, false);
                }
                StatementKind::Block(block) => self.block(block, is_value),
                StatementKind::Let { value, .. } | StatementKind::Assign { value, .. } => self.value(value),
                _ => {}
            }
        }
    }

    fn statement(&mut self, expression: &Expression, is_value: bool) {
        match &expression.kind {
            ExpressionKind::If { consequence, alternative, .. } => {
                self.block(consequence, is_value);
                alternative.iter().for_each(|block| self.block(block, is_value));
            }
            ExpressionKind::Match { .. } => self.value(expression),
            _ if is_value => self.value(expression),
            _ if self.appends_to_a_variable(expression) => {}
            _ if self.only_computes(expression) => self.report(expression),
            _ => {}
        }
    }

    /// Looks for statements in the blocks of a value.
    fn value(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::If { consequence, alternative, .. } => {
                self.block(consequence, true);
                alternative.iter().for_each(|block| self.block(block, true));
            }
            ExpressionKind::Block(block) => self.block(block, true),
            _ => expression.for_each_part(&mut |part| self.value(part)),
        }
    }

    fn report(&mut self, expression: &Expression) {
        let place = expression.span;
        let problem = |message: String| Diagnostic::new(Code::NoEffect, place, message);
        self.problems.push(match &expression.kind {
            ExpressionKind::Variable(name) => {
                problem(format!("the value of `{}` goes nowhere", name.text)).help("remove it, or show it with `print`")
            }
            ExpressionKind::Binary(BinaryOperator::Equal, left, right) => {
                let found = problem("this compares two values, and nobody asks for the result".into());
                match &left.kind {
                    // Parentheses around a side are no part of it.
                    ExpressionKind::Variable(name)
                        if left.span.start() == place.start() && right.span.end() == place.end() =>
                    {
                        let sign = left.span.with(left.span.end(), right.span.start());
                        let fix = Fix::likely(format!("assign to `{}`", name.text));
                        found.help(format!("write `{} = …` to assign", name.text)).fix(fix.replace(sign, " = "))
                    }
                    _ => found.help("remove it, or test it with `if` or `assert`"),
                }
            }
            ExpressionKind::Call { function, arguments, .. } => {
                let called = &function.text;
                let found = problem(format!("the result of `{called}` goes nowhere"));
                let list = arguments.first().map(|argument| &argument.value);
                match list.map(|list| &list.kind) {
                    Some(ExpressionKind::Variable(name)) if self.is_append(function) => {
                        let name = &name.text;
                        let fix = Fix::likely(format!("assign the new list to `{name}`"));
                        found
                            .note("`append` gives a new list and leaves the old one as it is")
                            .help(format!("write `{name} = append({name}, …)`"))
                            .fix(fix.insert_before(place, format!("{name} = ")))
                    }
                    _ => found.help("bind the result to a variable, or remove the call"),
                }
            }
            ExpressionKind::Method { method, .. } => problem(format!("the result of `{}` goes nowhere", method.text))
                .help("bind the result to a variable, or remove the call"),
            _ => problem("this value goes nowhere".into()).help("remove it, or bind it to a variable"),
        });
    }

    /// `x.append(v)` alone changes the variable `x`.
    fn appends_to_a_variable(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Method { receiver, method, .. } => {
                matches!(receiver.kind, ExpressionKind::Variable(_)) && self.is_append(method)
            }
            _ => false,
        }
    }

    fn is_append(&self, name: &Name) -> bool {
        let append = Builtin::Collection(Collection::Append);
        matches!(called(self.names, name), Called::Builtin(builtin) if builtin == append)
    }

    /// Whether an expression does nothing but give its value.
    fn only_computes(&self, expression: &Expression) -> bool {
        let itself = match &expression.kind {
            ExpressionKind::Variable(_)
            | ExpressionKind::Integer(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Array(_)
            | ExpressionKind::Repeat { .. }
            | ExpressionKind::Unary(..)
            | ExpressionKind::Binary(..)
            | ExpressionKind::Logical(..)
            | ExpressionKind::Cast(..)
            | ExpressionKind::Field { .. }
            | ExpressionKind::Index { .. }
            | ExpressionKind::Range(..) => true,
            ExpressionKind::Call { .. } | ExpressionKind::Method { .. } => {
                call_of(expression).is_some_and(|call| match called(self.names, call.function) {
                    // Behind a dot may stand a method of some handle that has the same name.
                    Called::Builtin(builtin) => is_pure(builtin) && call.fits(builtin),
                    _ => false,
                })
            }
            _ => false,
        };
        let mut parts = true;
        expression.for_each_part(&mut |part| parts &= self.only_computes(part));
        itself && parts
    }
}

/// Whether a builtin only computes: it neither writes nor reads anything outside,
/// draws no random number and changes no handle.
fn is_pure(builtin: Builtin) -> bool {
    let computes = matches!(
        builtin,
        Builtin::Shaping(_)
            | Builtin::Indexing(_)
            | Builtin::Conversion(_)
            | Builtin::Reduction(_)
            | Builtin::LinearAlgebra(_)
            | Builtin::Activation(_)
            | Builtin::Normalization(_)
            | Builtin::Position(_)
            | Builtin::Mask(_)
    );
    computes
        || matches!(builtin.entry().name, "append" | "len" | "get" | "zeros" | "ones" | "range" | "range_i" | "arange")
}
