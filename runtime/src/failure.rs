//! Why a run stops: a failure without a place, as kernels know it. The
//! interpreter adds the place and the calls.

use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::shape::Mismatch;

use crate::tensor::TensorError;

/// A failure, told without a place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The check code of the same mistake, else `runtime-error`.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The argument at fault, by its slot among the parameters, where one is.
    pub argument: Option<usize>,
}

impl Failure {
    /// A failure of one kind.
    pub fn new(code: Code, message: impl Into<String>) -> Failure {
        Failure { code, message: message.into(), notes: Vec::new(), help: None, argument: None }
    }

    /// A failure that has no code of its own.
    pub fn runtime(message: impl Into<String>) -> Failure {
        Failure::new(Code::RuntimeError, message)
    }

    /// The same with a fact that explains it.
    pub fn note(mut self, note: impl Into<String>) -> Failure {
        self.notes.push(note.into());
        self
    }

    /// The same with advice.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }
}

impl From<Mismatch> for Failure {
    fn from(mismatch: Mismatch) -> Failure {
        Failure {
            code: mismatch.code,
            message: mismatch.message,
            notes: Vec::new(),
            help: mismatch.help,
            argument: mismatch.argument,
        }
    }
}

impl From<TensorError> for Failure {
    fn from(error: TensorError) -> Failure {
        let code = match error {
            TensorError::DivisionByZero => Code::DivisionByZero,
            _ => Code::RuntimeError,
        };
        Failure::new(code, error.to_string())
    }
}

/// Why a kernel gives no value.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// Something is wrong.
    Failure(Box<Failure>),
    /// The script asked to end with this code.
    Exit(i32),
    /// The user asked to end.
    Cancelled,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failure(Box::new(failure))
    }
}

impl From<TensorError> for Stop {
    fn from(error: TensorError) -> Stop {
        Failure::from(error).into()
    }
}

impl From<Mismatch> for Stop {
    fn from(mismatch: Mismatch) -> Stop {
        Failure::from(mismatch).into()
    }
}
