//! Expressions.

use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::program::executable;
use tensorlogic_language::program::names::Binding;
use tensorlogic_language::program::tree::*;
use tensorlogic_language::source::Span;

use super::statements::not_understood;
use super::{Flow, Interpreter, Interrupt};
use crate::failure::Failure;
use crate::kernels::equality;
use crate::value::Value;

impl<'p> Interpreter<'p, '_, '_> {
    /// The value of an expression.
    pub(super) fn expression(&mut self, expression: &'p Expression) -> Flow {
        let value = self.expression_value(expression)?;
        if let Some(promised) = self.promises.expressions.get(&expression.span) {
            self.agrees(promised, &value, expression.span, "this")?;
        }
        Ok(value)
    }

    fn expression_value(&mut self, expression: &'p Expression) -> Flow {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Variable(name) => self.variable(name),
            ExpressionKind::Integer(n) => Ok(Value::Integer(*n)),
            ExpressionKind::Float(x) => Ok(Value::Float(*x)),
            ExpressionKind::String(text) => Ok(Value::string(text.as_str())),
            ExpressionKind::Boolean(b) => Ok(Value::Boolean(*b)),
            ExpressionKind::Array(items) => self.array(items, span),
            ExpressionKind::Repeat { value, count } => self.repeat(value, count, span),
            ExpressionKind::Unary(operator, operand) => {
                let value = self.expression(operand)?;
                self.unary(*operator, value, span)
            }
            ExpressionKind::Binary(operator, left, right) => {
                let left = self.expression(left)?;
                let right = self.expression(right)?;
                self.binary(*operator, left, right, span)
            }
            ExpressionKind::Logical(operator, left, right) => {
                let left = self.condition(left)?;
                let decided = left == (*operator == LogicalOperator::Or);
                Ok(Value::Boolean(if decided { left } else { self.condition(right)? }))
            }
            ExpressionKind::Cast(value, to) => {
                let value = self.expression(value)?;
                self.cast(value, *to, span)
            }
            ExpressionKind::Call { namespace, function, arguments } => {
                self.call(namespace.as_ref(), function, None, arguments, span)
            }
            ExpressionKind::Method { receiver, method, arguments } => {
                let receiver = (self.expression(receiver)?, receiver.span);
                self.call(None, method, Some(receiver), arguments, span)
            }
            ExpressionKind::Field { object, property } => {
                let object = self.expression(object)?;
                self.property(object, property)
            }
            ExpressionKind::Index { object, items } => {
                let value = self.expression(object)?;
                self.index(value, items, span)
            }
            ExpressionKind::Range(start, end) => {
                let start = self.bound(start)?;
                let end = self.bound(end)?;
                Ok(Value::integers(start..end))
            }
            ExpressionKind::If { condition, consequence, alternative } => {
                if self.condition(condition)? {
                    self.block(consequence)
                } else {
                    alternative.as_ref().map_or(Ok(Value::Void), |block| self.block(block))
                }
            }
            ExpressionKind::Match { value, arms } => self.match_arms(value, arms, span),
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::TypeCall { .. }
            | ExpressionKind::Struct { .. }
            | ExpressionKind::Query(_)
            | ExpressionKind::Set(_)
            | ExpressionKind::Inverse(_)
            | ExpressionKind::AnySize
            | ExpressionKind::PythonCall(_)
            | ExpressionKind::Refused(_)
            | ExpressionKind::Invalid => Err(match executable::expression(&expression.kind) {
                Some(construct) => self.unsupported(construct, span),
                None => self.fail(span, not_understood()),
            }),
        }
    }

    /// The value of a variable.
    pub(super) fn variable(&mut self, name: &'p Name) -> Flow {
        match self.names.binding(name) {
            Binding::Local(slot) => Ok(self.slots()[slot as usize].clone()),
            Binding::Global(number) => match self.names.global(number) {
                Some(index) => Ok(self.globals[index].clone()),
                None => Err(self.unknown_name(name)),
            },
            Binding::Function(_) | Binding::Builtin(_) | Binding::Logic(_) | Binding::Unresolved => {
                Err(self.unknown_name(name))
            }
        }
    }

    /// The failure that the check has named already.
    fn unknown_name(&self, name: &Name) -> Interrupt {
        let failure = Failure::new(Code::UnknownName, format!("nothing is called `{}` here", name.text));
        self.fail(name.span, failure)
    }

    /// The failure of something that the check has named already.
    pub(super) fn unsupported(&self, construct: &str, span: Span) -> Interrupt {
        self.fail(span, Failure::new(Code::NotSupportedYet, format!("{construct} cannot be executed yet")))
    }

    /// An expression that must be a whole number.
    pub(super) fn bound(&mut self, expression: &'p Expression) -> Flow<i64> {
        let value = self.expression(expression)?;
        value.to_integer().map_err(|found| {
            let message = format!("a whole number is needed here, found {found}");
            self.fail(expression.span, Failure::new(Code::ArgumentType, message))
        })
    }

    fn match_arms(&mut self, value: &'p Expression, arms: &'p [MatchArm], span: Span) -> Flow {
        let value = self.expression(value)?;
        for arm in arms {
            if !self.matches(&arm.pattern, &value)? {
                continue;
            }
            if let Some(guard) = &arm.guard
                && !self.condition(guard)?
            {
                continue;
            }
            return self.expression(&arm.value);
        }
        let failure = Failure::runtime(format!("no arm of this `match` takes {}", value.describe()));
        Err(self.fail(span, failure.help("add an arm `_ => …` for everything else")))
    }

    fn matches(&mut self, pattern: &'p Pattern, value: &Value) -> Flow<bool> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Bind(name) => {
                self.keeps_promise(name, value)?;
                self.bind(name, value.clone());
                Ok(true)
            }
            Pattern::Literal(literal) => {
                let expected = self.expression(literal)?;
                let equal = equality::equal(value, &expected, self.context);
                self.at(literal.span, equal)
            }
            Pattern::Either(all) => {
                for one in all {
                    if self.matches(one, value)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::Tuple(_, span) | Pattern::Struct { span, .. } => {
                let construct = executable::pattern(pattern).map_or("this pattern", |(construct, _)| construct);
                Err(self.unsupported(construct, *span))
            }
        }
    }
}
