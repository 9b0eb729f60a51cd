//! The interpreter: walks a program, keeps its variables and hands every
//! builtin to its kernel. It gives each failure its place and its calls.

mod calls;
mod conversion;
mod expressions;
mod indexing;
mod literals;
mod operators;
mod properties;
mod statements;

use tensorlogic_language::catalogue::fact::{Fact, agrees};
use tensorlogic_language::diagnostic::Diagnostic;
use tensorlogic_language::event::{self, Event};
use tensorlogic_language::inference::Promises;
use tensorlogic_language::program::Analysis;
use tensorlogic_language::program::names::Names;
use tensorlogic_language::program::tree::{Name, Program, TensorDeclaration};
use tensorlogic_language::source::Span;

use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::value::Value;

/// How deeply calls may nest.
const MOST_CALLS: usize = 1000;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `main` came to its end.
    Finished,
    /// The run failed; the failure was told as an event.
    Failed,
    /// The script ended it with this code.
    Exited(i32),
    /// Somebody outside ended it.
    Cancelled,
}

/// Runs the declarations and `main` of a program.
///
/// With `check_shapes`, every result of a builtin is compared with what its
/// shape rule promised; every value is compared with what `promises` say of it.
/// A difference fails the run.
pub fn run(analysis: &Analysis, context: &mut Context, check_shapes: bool, promises: &Promises) -> Ending {
    let Analysis { program, names, .. } = analysis;
    let mut interpreter = Interpreter {
        program,
        names,
        context,
        check_shapes,
        promises,
        globals: vec![Value::Void; program.globals.len()],
        frames: vec![vec![Value::Void; names.main_frame_size()]],
    };
    match interpreter.program() {
        Ok(()) => Ending::Finished,
        Err(Interrupt::Exit(code)) => Ending::Exited(code),
        Err(Interrupt::Cancelled) => Ending::Cancelled,
        Err(Interrupt::Failed(failure)) => {
            interpreter.context.listener.tell(Event::Failed(failure));
            Ending::Failed
        }
        // The check reports these; without it they end the run.
        Err(Interrupt::Break | Interrupt::Continue | Interrupt::Return(_)) => Ending::Finished,
    }
}

/// What ends the normal course of statements.
enum Interrupt {
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `return value`.
    Return(Box<Value>),
    /// A failure, complete with its place.
    Failed(Box<event::Failure>),
    /// `exit(code)`.
    Exit(i32),
    /// Somebody outside ends the run.
    Cancelled,
}

type Flow<T = Value> = Result<T, Interrupt>;

struct Interpreter<'p, 'c, 'r> {
    program: &'p Program,
    names: &'p Names,
    context: &'c mut Context<'r>,
    check_shapes: bool,
    promises: &'p Promises,
    globals: Vec<Value>,
    /// The variables of every call in progress, innermost last.
    frames: Vec<Vec<Value>>,
}

impl<'p> Interpreter<'p, '_, '_> {
    fn program(&mut self) -> Flow<()> {
        for (index, declaration) in self.program.globals.iter().enumerate() {
            let value = self.tensor_declaration(declaration)?;
            self.keeps_promise(&declaration.name, &value)?;
            self.globals[index] = value;
        }
        if let Some(main) = &self.program.main {
            match self.block(&main.body) {
                Ok(_) | Err(Interrupt::Return(_)) => {}
                Err(interrupt) => return Err(interrupt),
            }
        }
        Ok(())
    }

    /// The value that a `tensor` declaration binds.
    fn tensor_declaration(&mut self, declaration: &'p TensorDeclaration) -> Flow {
        let value = declaration.value.as_ref().map(|value| self.expression(value)).transpose()?;
        self.declared_tensor(declaration, value)
    }

    /// Compares a value with what was found of it before the run.
    fn keeps_promise(&self, name: &Name, value: &Value) -> Flow<()> {
        let Some(promised) = self.promises.bindings.get(&name.span) else { return Ok(()) };
        self.agrees(promised, value, name.span, &format!("`{}`", name.text))
    }

    fn agrees(&self, promised: &Fact, value: &Value, span: Span, what: &str) -> Flow<()> {
        if agrees(promised, &value.fact()) {
            return Ok(());
        }
        let message =
            format!("the inference promises that {what} is {}, the run has {}", promised.describe(), value.describe());
        Err(self.fail(span, Failure::runtime(message)))
    }

    /// The variables of the innermost call.
    fn slots(&mut self) -> &mut Vec<Value> {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// A failure of the run at a place.
    fn fail(&self, span: Span, failure: Failure) -> Interrupt {
        let mut diagnostic = Diagnostic::new(failure.code, span, failure.message)
            .severity(tensorlogic_language::diagnostic::Severity::Error);
        diagnostic.notes = failure.notes;
        diagnostic.helps = failure.help.into_iter().collect();
        Interrupt::Failed(Box::new(event::Failure { diagnostic, calls: Vec::new() }))
    }

    /// A stopped kernel, seen from the place that called it.
    fn stop(&self, span: Span, stop: Stop) -> Interrupt {
        match stop {
            Stop::Failure(failure) => self.fail(span, *failure),
            Stop::Exit(code) => Interrupt::Exit(code),
            Stop::Cancelled => Interrupt::Cancelled,
        }
    }

    /// `result`, its failure placed at `span`.
    fn at<T>(&self, span: Span, result: Result<T, impl Into<Stop>>) -> Flow<T> {
        result.map_err(|stop| self.stop(span, stop.into()))
    }
}
