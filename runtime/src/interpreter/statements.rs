//! Statements and blocks.

use std::sync::Arc;

use tensorlogic_language::catalogue::Builtin;
use tensorlogic_language::catalogue::collection::Collection;
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::program::executable;
use tensorlogic_language::program::names::Binding;
use tensorlogic_language::program::tree::*;
use tensorlogic_language::source::Span;

use super::{Flow, Interpreter, Interrupt};
use crate::failure::Failure;
use crate::tensor::{Number, Tensor};
use crate::value::{Array, Value};

impl<'p> Interpreter<'p, '_, '_> {
    /// Runs a block in its own scope; its value is that of its last statement.
    pub(super) fn block(&mut self, block: &'p Block) -> Flow {
        let mut value = Value::Void;
        for statement in &block.statements {
            value = self.statement(statement)?;
        }
        let declared = self.names.block_slots(block.id);
        self.slots()[declared].fill(Value::Void);
        Ok(value)
    }

    fn statement(&mut self, statement: &'p Statement) -> Flow {
        self.at(statement.span, self.context.check_cancelled())?;
        match &statement.kind {
            StatementKind::Let { name, annotation, value, .. } => {
                let mut value = self.expression(value)?;
                if let Some(annotation) = annotation {
                    value = self.annotated(name, annotation, value)?;
                }
                self.keeps_promise(name, &value)?;
                self.bind(name, value);
                Ok(Value::Void)
            }
            StatementKind::Tensor(declaration) => {
                let value = self.tensor_declaration(declaration)?;
                self.keeps_promise(&declaration.name, &value)?;
                self.bind(&declaration.name, value);
                Ok(Value::Void)
            }
            StatementKind::Assign { target, .. } if executable::sets_a_field(target) => {
                Err(self.not_executable(statement))
            }
            StatementKind::Assign { target, operator, value } => {
                let right = self.expression(value)?;
                let value = match operator {
                    None => right,
                    Some(operator) => {
                        let left = self.target_value(target)?;
                        self.binary(*operator, left, right, statement.span)?
                    }
                };
                self.assign(target, value.clone())?;
                Ok(value)
            }
            StatementKind::Expression(expression) => match self.appends_to(expression) {
                Some(name) => {
                    let value = self.expression(expression)?;
                    self.keeps_promise(name, &value)?;
                    self.bind(name, value);
                    Ok(Value::Void)
                }
                None => self.expression(expression),
            },
            StatementKind::Return(value) => {
                let value = value.as_ref().map(|value| self.expression(value)).transpose()?;
                Err(Interrupt::Return(Box::new(value.unwrap_or(Value::Void))))
            }
            StatementKind::Break => Err(Interrupt::Break),
            StatementKind::Continue => Err(Interrupt::Continue),
            StatementKind::For { variable, iterable, body, .. } => self.for_loop(variable, iterable, body),
            StatementKind::While { condition, body } => {
                while self.condition(condition)? {
                    if self.iteration(body)? {
                        break;
                    }
                }
                Ok(Value::Void)
            }
            StatementKind::Loop { body } => {
                while !self.iteration(body)? {}
                Ok(Value::Void)
            }
            StatementKind::Block(block) => self.block(block),
            StatementKind::Rule(_)
            | StatementKind::Query(_)
            | StatementKind::Equation(_)
            | StatementKind::Infer(_)
            | StatementKind::Learn(_)
            | StatementKind::With { .. }
            | StatementKind::PythonImport { .. }
            | StatementKind::Refused(_)
            | StatementKind::Invalid => Err(self.not_executable(statement)),
        }
    }

    fn not_executable(&self, statement: &Statement) -> Interrupt {
        match executable::statement(&statement.kind) {
            Some(construct) => self.unsupported(construct, statement.span),
            None => self.fail(statement.span, not_understood()),
        }
    }

    fn for_loop(&mut self, variable: &'p Name, iterable: &'p Expression, body: &'p Block) -> Flow {
        let over = self.expression(iterable)?;
        let elements = self.at(iterable.span, Elements::of(over))?;
        for index in 0..elements.count() {
            self.at(iterable.span, self.context.check_cancelled())?;
            let element = elements.get(index);
            self.keeps_promise(variable, &element)?;
            self.bind(variable, element);
            if self.iteration(body)? {
                break;
            }
        }
        self.bind(variable, Value::Void);
        Ok(Value::Void)
    }

    /// Runs a loop's body once; true when it asked to leave the loop.
    fn iteration(&mut self, body: &'p Block) -> Flow<bool> {
        match self.block(body) {
            Ok(_) | Err(Interrupt::Continue) => Ok(false),
            Err(Interrupt::Break) => Ok(true),
            Err(interrupt) => Err(interrupt),
        }
    }

    /// The truth value of a condition.
    pub(super) fn condition(&mut self, condition: &'p Expression) -> Flow<bool> {
        let value = self.expression(condition)?;
        self.truth(&value, condition.span)
    }

    /// A Boolean, or a one-element tensor that is not NaN.
    pub(super) fn truth(&self, value: &Value, span: Span) -> Flow<bool> {
        let truth = match value {
            Value::Boolean(b) => Ok(*b),
            Value::Tensor(_) => value.to_boolean(),
            other => Err(other.describe()),
        };
        truth.map_err(|found| {
            let failure = Failure::new(Code::ArgumentType, format!("a condition needs a Boolean, found {found}"));
            let many = matches!(value, Value::Tensor(tensor) if tensor.count() != 1);
            self.fail(span, if many { failure.help("reduce it with `all(x)` or `any(x)`") } else { failure })
        })
    }

    /// Binds a name to a value in the slot that resolution gave it.
    pub(super) fn bind(&mut self, name: &Name, value: Value) {
        match self.names.binding(name) {
            Binding::Local(slot) => self.slots()[slot as usize] = value,
            Binding::Global(number) => {
                if let Some(index) = self.names.global(number) {
                    self.globals[index] = value;
                }
            }
            Binding::Function(_) | Binding::Builtin(_) | Binding::Logic(_) | Binding::Unresolved => {}
        }
    }

    /// The variable that `x.append(v)` alone as a statement changes.
    fn appends_to(&self, expression: &'p Expression) -> Option<&'p Name> {
        let ExpressionKind::Method { receiver, method, .. } = &expression.kind else { return None };
        let ExpressionKind::Variable(name) = &receiver.kind else { return None };
        let append = Binding::Builtin(Builtin::Collection(Collection::Append));
        (self.names.binding(method) == append).then_some(name)
    }

    fn target_value(&mut self, target: &'p Target) -> Flow {
        match target {
            Target::Variable(name) => self.variable(name),
            Target::Index { object, index, span } => {
                let object = self.target_value(object)?;
                let index = self.expression(index)?;
                self.element(&object, &index, *span)
            }
            Target::Field { span, .. } | Target::Invalid(span) => Err(self.fail(*span, not_understood())),
        }
    }

    fn assign(&mut self, target: &'p Target, value: Value) -> Flow<()> {
        match target {
            Target::Variable(name) => {
                self.keeps_promise(name, &value)?;
                self.bind(name, value);
                Ok(())
            }
            Target::Index { object, index, span } => {
                let Target::Variable(name) = &**object else {
                    return Err(self.unsupported("assignment to an element of an element", *span));
                };
                let at = self.expression(index)?;
                let list = self.variable(name)?;
                // The variable gives up its copy, so that the list is changed in place.
                self.bind(name, Value::Void);
                let changed = self.at(*span, replace_element(list, &at, value))?;
                self.bind(name, changed);
                Ok(())
            }
            Target::Field { span, .. } | Target::Invalid(span) => Err(self.fail(*span, not_understood())),
        }
    }
}

/// The failure of text whose problem the check has reported.
pub(super) fn not_understood() -> Failure {
    Failure::new(Code::SyntaxError, "this text is not understood")
}

/// `list` with one element replaced.
fn replace_element(list: Value, index: &Value, value: Value) -> Result<Value, Failure> {
    let wrong = |kind: &str, found: &Value| {
        let message = format!("an element of {kind} cannot become {}", found.describe());
        Failure::new(Code::ArgumentType, message)
    };
    match list {
        Value::Array(mut array) => {
            let at = super::indexing::position(index, array.len())?;
            match (Arc::make_mut(&mut array), value) {
                (Array::Integer(all), Value::Integer(n)) => all[at] = n,
                (Array::Float(all), Value::Float(x)) => all[at] = x,
                (Array::Float(all), Value::Integer(n)) => all[at] = n as f64,
                (Array::String(all), Value::String(text)) => all[at] = text,
                (Array::Boolean(all), Value::Boolean(b)) => all[at] = b,
                (Array::Tensor(all), Value::Tensor(tensor)) => all[at] = tensor,
                (all, value) => return Err(wrong(&format!("an {}", all.kind().name()), &value)),
            }
            Ok(Value::Array(array))
        }
        Value::Tokens(mut ids) => {
            let at = super::indexing::position(index, ids.len())?;
            let id = value.to_integer().ok().and_then(|id| u32::try_from(id).ok());
            Arc::make_mut(&mut ids)[at] = id.ok_or_else(|| wrong("Tokens", &value))?;
            Ok(Value::Tokens(ids))
        }
        Value::Tensor(_) | Value::Weight(..) => {
            Err(Failure::new(Code::ArgumentType, "the elements of a tensor cannot be assigned")
                .note("tensors never change; operations make new ones")
                .help("build the new tensor with `concat`, `where` or arithmetic"))
        }
        other => Err(Failure::runtime(format!("{} has no elements that can be assigned", other.describe()))),
    }
}

/// What a `for` loop goes through, fetched once.
enum Elements {
    Array(Arc<Array>),
    Tokens(Arc<Vec<u32>>),
    Characters(Vec<char>),
    Tensor(Vec<Tensor>),
}

impl Elements {
    fn of(value: Value) -> Result<Elements, Failure> {
        Ok(match value {
            Value::Array(array) => Elements::Array(array),
            Value::Tokens(ids) => Elements::Tokens(ids),
            Value::String(text) => Elements::Characters(text.chars().collect()),
            Value::Tensor(tensor) if !tensor.shape().is_empty() => {
                let scalar = |value| Tensor::filled(value, &[], tensor.element(), tensor.device());
                let all: crate::tensor::Result<Vec<Tensor>> = if tensor.element().is_float() {
                    tensor.to_floats()?.into_iter().map(|x| scalar(Number::Float(f64::from(x)))).collect()
                } else {
                    tensor.to_integers()?.into_iter().map(|n| scalar(Number::Integer(n))).collect()
                };
                Elements::Tensor(all?)
            }
            other => {
                let message = format!("a `for` loop needs a list, found {}", other.describe());
                let failure = Failure::new(Code::ArgumentType, message);
                return Err(match other {
                    Value::Integer(n) => failure.help(format!("count with `range({n})`")),
                    _ => failure,
                });
            }
        })
    }

    fn count(&self) -> usize {
        match self {
            Elements::Array(array) => array.len(),
            Elements::Tokens(ids) => ids.len(),
            Elements::Characters(all) => all.len(),
            Elements::Tensor(all) => all.len(),
        }
    }

    fn get(&self, index: usize) -> Value {
        match self {
            Elements::Array(array) => array.get(index).unwrap_or(Value::Void),
            Elements::Tokens(ids) => Value::Integer(i64::from(ids[index])),
            Elements::Characters(all) => Value::string(all[index].to_string()),
            Elements::Tensor(all) => Value::Tensor(all[index].clone()),
        }
    }
}
