//! Calls: of the script's own functions and of builtins.

use std::collections::HashMap;

use tensorlogic_language::catalogue::Builtin;
use tensorlogic_language::catalogue::fact::{Fact, agrees};
use tensorlogic_language::catalogue::io::Io;
use tensorlogic_language::catalogue::process::Process;
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::event;
use tensorlogic_language::program::check;
use tensorlogic_language::program::names::Binding;
use tensorlogic_language::program::tree::*;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Span;

use super::{Flow, Interpreter, Interrupt, MOST_CALLS};
use crate::failure::{Failure, Stop};
use crate::kernels::{self, arguments::Arguments};
use crate::text;
use crate::value::Value;

/// Evaluated arguments with their places and names, the receiver first.
#[derive(Default)]
struct Evaluated<'p> {
    values: Vec<Value>,
    spans: Vec<Span>,
    names: Vec<Option<&'p str>>,
    /// Whether the first argument is a format: a literal text, or a name that is
    /// bound once to one.
    template: bool,
}

impl<'p> Interpreter<'p, '_, '_> {
    /// Calls a function, a builtin, or one of them as a method of `receiver`.
    pub(super) fn call(
        &mut self,
        namespace: Option<&'p Name>,
        function: &'p Name,
        receiver: Option<(Value, Span)>,
        arguments: &'p [Argument],
        span: Span,
    ) -> Flow {
        let mut evaluated = Evaluated::default();
        if let Some((value, span)) = receiver {
            evaluated.values.push(value);
            evaluated.spans.push(span);
            evaluated.names.push(None);
        }
        let asserts = self.names.binding(function) == Binding::Builtin(Builtin::Process(Process::Assert));
        let mut sides = None;
        for argument in arguments {
            let value = match &argument.value.kind {
                ExpressionKind::Binary(operator, left, right) if asserts && sides.is_none() => {
                    let (left, right) = (self.expression(left)?, self.expression(right)?);
                    sides = Some((left.clone(), right.clone()));
                    self.binary(*operator, left, right, argument.value.span)?
                }
                _ => self.expression(&argument.value)?,
            };
            evaluated.values.push(value);
            evaluated.spans.push(argument.value.span);
            evaluated.names.push(argument.name.as_ref().map(|name| name.text.as_str()));
        }
        evaluated.template = arguments.first().is_some_and(|first| self.names.is_template(&first.value));
        match self.names.binding(function) {
            Binding::Function(number) => match self.names.function(number) {
                Some(called) => self.function(called, evaluated, span),
                None => Err(self.unknown_function(function)),
            },
            Binding::Builtin(builtin) => {
                let element = namespace.and_then(|name| ElementType::from_word(&name.text));
                let value = self.builtin(builtin, evaluated, span);
                let value = value.map_err(|interrupt| self.with_sides(interrupt, sides))?;
                match (element, value) {
                    (Some(element), Value::Tensor(tensor)) => Ok(Value::Tensor(self.at(span, tensor.cast(element))?)),
                    (_, value) => Ok(value),
                }
            }
            Binding::Local(_) | Binding::Global(_) | Binding::Logic(_) | Binding::Unresolved => {
                Err(self.unknown_function(function))
            }
        }
    }

    /// The failure that the check has named already.
    fn unknown_function(&self, function: &Name) -> Interrupt {
        let message = format!("no function is called `{}`", function.text);
        self.fail(function.span, Failure::new(Code::UnknownFunction, message))
    }

    /// A failed assertion of a comparison tells both sides.
    fn with_sides(&self, interrupt: Interrupt, sides: Option<(Value, Value)>) -> Interrupt {
        match (interrupt, sides) {
            (Interrupt::Failed(mut failure), Some((left, right))) => {
                let text = |value: &Value| text::of(value, self.context).unwrap_or_else(|_| value.describe());
                let notes = [format!("left is {}", text(&left)), format!("right is {}", text(&right))];
                failure.diagnostic.notes.extend(notes);
                Interrupt::Failed(failure)
            }
            (interrupt, _) => interrupt,
        }
    }

    fn builtin(&mut self, builtin: Builtin, arguments: Evaluated<'p>, span: Span) -> Flow {
        let entry = builtin.entry();
        let assigned = entry.assign(&arguments.names).map_err(|problem| {
            let at = problem.argument.map_or(span, |argument| arguments.spans[argument]);
            self.fail(at, Failure::new(Code::Arity, problem.message))
        })?;
        let blame = |argument: Option<usize>| argument.and_then(|a| arguments.spans.get(a)).copied().unwrap_or(span);
        let formats =
            matches!(builtin, Builtin::Io(Io::Print | Io::Write | Io::Eprint) | Builtin::Process(Process::Panic));
        let facts = arguments.values.iter().enumerate().map(|(index, value)| match value {
            Value::String(_) if index == 0 && formats && !arguments.template => Fact::String(None),
            value => value.fact(),
        });
        let promised = entry.infer(&assigned, facts.collect()).map_err(|mismatch| {
            let at = blame(mismatch.argument);
            self.fail(at, mismatch.into())
        })?;
        let template = arguments.template;
        let values = entry.bind(&assigned, arguments.values);
        self.context.place = span;
        let result = kernels::call(builtin, self.context, &Arguments { entry, values: &values, template });
        let value = result.map_err(|stop| match stop {
            Stop::Failure(failure) => {
                let at = blame(failure.argument.and_then(|slot| entry.argument_in(&assigned, slot)));
                self.fail(at, *failure)
            }
            stop => self.stop(span, stop),
        })?;
        if self.check_shapes && !agrees(&promised, &value.fact()) {
            let message = format!(
                "the shape rule of `{}` promises {}, the run has {}",
                entry.name,
                promised.describe(),
                value.describe()
            );
            return Err(self.fail(span, Failure::runtime(message)));
        }
        Ok(value)
    }

    fn function(&mut self, function: &'p Function, arguments: Evaluated<'p>, span: Span) -> Flow {
        if self.frames.len() > MOST_CALLS {
            let message = format!("calls are nested more than {MOST_CALLS} deep in `{}`", function.name.text);
            return Err(self.fail(span, Failure::runtime(message).help("end the recursion with a condition")));
        }
        let assigned = check::assign(function, &arguments.names).map_err(|(message, at)| {
            self.fail(at.map_or(span, |a| arguments.spans[a]), Failure::new(Code::Arity, message))
        })?;
        let mut frame = vec![Value::Void; self.names.frame_size(function)];
        let mut sizes = HashMap::new();
        for ((parameter, value), at) in assigned.into_iter().zip(arguments.values).zip(&arguments.spans) {
            let parameter = &function.parameters[parameter];
            let value = match &parameter.annotation {
                Some(annotation) => {
                    let what = format!("parameter `{}` of `{}`", parameter.name.text, function.name.text);
                    self.at(*at, self.converted(value, annotation, &mut sizes, &what, Code::ArgumentType))?
                }
                None => value,
            };
            self.keeps_promise(&parameter.name, &value)?;
            if let Binding::Local(slot) = self.names.binding(&parameter.name) {
                frame[slot as usize] = value;
            }
        }
        self.frames.push(frame);
        let outcome = match self.block(&function.body) {
            Ok(value) => self.returned(function, value, &mut sizes),
            Err(Interrupt::Return(value)) => self.returned(function, *value, &mut sizes),
            Err(interrupt) => Err(interrupt),
        };
        let outcome = outcome.map_err(|interrupt| self.record_call(interrupt, function, span));
        self.frames.pop();
        outcome
    }

    /// The value a function gives, converted to what it declares.
    fn returned(&mut self, function: &'p Function, value: Value, sizes: &mut HashMap<&'p str, usize>) -> Flow {
        let Some(result) = &function.result else { return Ok(value) };
        if result.kind == TypeKind::Void {
            return Ok(Value::Void);
        }
        let last = function.body.statements.last().map_or(function.header, |statement| statement.span);
        let what = format!("the result of `{}`", function.name.text);
        if matches!(value, Value::Void) {
            let message = format!("`{}` ends without a value", function.name.text);
            let failure = Failure::new(Code::ReturnType, message).help("end it with an expression or `return`");
            return Err(self.fail(last, failure));
        }
        self.at(last, self.converted(value, result, sizes, &what, Code::ReturnType))
    }

    /// Adds this call to a failure that passes through it.
    fn record_call(&mut self, interrupt: Interrupt, function: &'p Function, span: Span) -> Interrupt {
        let Interrupt::Failed(mut failure) = interrupt else { return interrupt };
        let arguments: Vec<String> = function
            .parameters
            .iter()
            .map(|parameter| match self.names.binding(&parameter.name) {
                Binding::Local(slot) => {
                    format!("{}: {}", parameter.name.text, self.slots()[slot as usize].describe())
                }
                _ => parameter.name.text.clone(),
            })
            .collect();
        failure.calls.push(event::Call {
            function: function.name.text.clone(),
            arguments: arguments.join(", "),
            place: span,
        });
        Interrupt::Failed(failure)
    }

    /// Calls a builtin on values that the interpreter itself provides.
    pub(super) fn builtin_on(&mut self, builtin: Builtin, values: Vec<Value>, span: Span) -> Flow {
        let count = values.len();
        let (spans, names) = (vec![span; count], vec![None; count]);
        self.builtin(builtin, Evaluated { values, spans, names, template: false }, span)
    }
}
