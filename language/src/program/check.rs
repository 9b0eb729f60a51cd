//! What can be said of calls before a run: their arguments find their
//! parameters, literal arguments are of the right kind, format strings have as
//! many `{}` as values.

use super::names::{Binding, Names};
use super::parts::Part;
use super::tree::*;
use super::visit;
use crate::catalogue::entry::Entry;
use crate::catalogue::fact::Fact;
use crate::catalogue::io::Io;
use crate::catalogue::later::optimizer;
use crate::catalogue::process::Process;
use crate::catalogue::{self, Builtin};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity, did_you_mean};
use crate::source::Span;

/// Checks every call in a part of a program.
pub fn calls(part: Part, names: &Names) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    visit::expressions_of_part(part, &mut |expression| {
        let (function, receiver, arguments) = match &expression.kind {
            ExpressionKind::Call { function, arguments, .. } | ExpressionKind::TypeCall { function, arguments, .. } => {
                (function, None, arguments)
            }
            ExpressionKind::Method { receiver, method, arguments } => (method, Some(&**receiver), arguments),
            _ => return,
        };
        // Lowering reports a positional argument behind a named one.
        if !arguments.is_sorted_by_key(|argument| argument.name.is_some()) {
            return;
        }
        let call = Call { function, receiver, arguments };
        match names.binding(function) {
            Binding::Builtin(builtin) => call.of_builtin(builtin, &mut problems),
            Binding::Function(number) => {
                names.function(number).iter().for_each(|function| call.of_function(function, &mut problems));
            }
            Binding::Unresolved | Binding::Local(_) | Binding::Global(_) | Binding::Logic(_) => {}
        }
    });
    problems
}

struct Call<'p> {
    function: &'p Name,
    receiver: Option<&'p Expression>,
    arguments: &'p [Argument],
}

impl Call<'_> {
    fn of_builtin(&self, builtin: Builtin, problems: &mut Vec<Diagnostic>) {
        let entry = builtin.entry();
        if self.may_be_another_method(builtin) {
            return;
        }
        match entry.assign(&self.names()) {
            Err(problem) => {
                let span = problem.argument.map_or(self.function.span, |argument| self.span_of(argument));
                let is_setting = optimizer::is_one(entry.name) && problem.argument.is_some();
                let code = if is_setting { Code::OptimizerArgument } else { Code::Arity };
                let known = entry.parameters.iter().map(|parameter| parameter.name);
                problems.push(self.meant(Diagnostic::new(code, span, problem.message), problem.argument, known));
            }
            Ok(assigned) => self.literal_kinds(entry, &assigned, problems),
        }
        match builtin {
            Builtin::Io(Io::Print | Io::Eprint) => {
                self.empty_text(problems);
                self.format_arguments(problems);
            }
            Builtin::Io(Io::Write) | Builtin::Process(Process::Panic) => self.format_arguments(problems),
            _ => {}
        }
    }

    /// Whether the value before the dot may be of a kind whose own method of this
    /// name takes these arguments: which one is meant, the inference knows.
    fn may_be_another_method(&self, builtin: Builtin) -> bool {
        let mut others = catalogue::methods(&self.function.text).iter().filter(|other| **other != builtin);
        self.receiver.is_some() && others.any(|other| other.entry().assign(&self.names()).is_ok())
    }

    fn literal_kinds(&self, entry: &Entry, assigned: &[usize], problems: &mut Vec<Diagnostic>) {
        for (argument, parameter) in assigned.iter().enumerate() {
            let parameter = &entry.parameters[*parameter];
            let fact = literal_fact(self.value_of(argument));
            if parameter.accepts.allows(&fact) {
                continue;
            }
            let message = format!(
                "`{}` needs {} for `{}`, found {}",
                entry.name,
                parameter.accepts.describe(),
                parameter.name,
                fact.describe()
            );
            problems.push(Diagnostic::new(Code::ArgumentType, self.span_of(argument), message));
        }
    }

    fn of_function(&self, function: &Function, problems: &mut Vec<Diagnostic>) {
        let declared = function.name.span;
        match assign(function, &self.names()) {
            Ok(_) => {}
            Err((message, argument)) => {
                let span = argument.map_or(self.function.span, |argument| self.span_of(argument));
                let problem = Diagnostic::new(Code::Arity, span, message).related(declared, "declared here");
                let known = function.parameters.iter().map(|parameter| parameter.name.text.as_str());
                problems.push(self.meant(problem, argument, known));
            }
        }
    }

    /// The same with the parameter that the name of an argument was to be.
    fn meant<'a>(
        &self,
        problem: Diagnostic,
        argument: Option<usize>,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> Diagnostic {
        let receiver = usize::from(self.receiver.is_some());
        let argument = argument.and_then(|argument| self.arguments.get(argument.checked_sub(receiver)?));
        let Some(name) = argument.and_then(|argument| argument.name.as_ref()) else { return problem };
        if known.clone().any(|known| known == name.text) {
            return problem;
        }
        let free = known.filter(|known| !self.names().contains(&Some(known)));
        match did_you_mean(&name.text, free) {
            Some(close) => {
                let fix = Fix::likely(format!("call it `{close}`")).replace(name.span, close);
                problem.help(format!("did you mean `{close}`?")).fix(fix)
            }
            None => problem,
        }
    }

    /// An empty text at the end, which is meant to keep the line open.
    fn empty_text(&self, problems: &mut Vec<Diagnostic>) {
        if let [.., _, Argument { value: Expression { kind: ExpressionKind::String(text), span }, .. }] = self.arguments
            && text.is_empty()
        {
            let message = "an empty text at the end does not keep the line open; `write` does";
            let hint = Diagnostic::new(Code::FormatArguments, *span, message).severity(Severity::Hint);
            problems.push(hint.help("call `write`, which ends no line"));
        }
    }

    fn format_arguments(&self, problems: &mut Vec<Diagnostic>) {
        let Some((first, values)) = self.arguments.split_first() else { return };
        let ExpressionKind::String(text) = &first.value.kind else { return };
        let holes = text.matches("{}").count();
        if holes == 0 || self.receiver.is_some() || values.is_empty() {
            return;
        }
        let report = |span: Span, message: String| {
            Diagnostic::new(Code::FormatArguments, span, message)
                .related(first.value.span, format!("{holes} `{{}}` here"))
        };
        let follow =
            if values.len() == 1 { "1 value follows".into() } else { format!("{} values follow", values.len()) };
        let message = format!("the text has {holes} `{{}}` and {follow}");
        if values.len() < holes {
            problems.push(report(self.function.span, message));
        } else if values.len() > holes {
            let span = values[holes].value.span;
            let problem = report(span, message).severity(Severity::Warning).help("remove the value or add a `{}`");
            // The text ends with its quote.
            let end = first.value.span.end() - 1;
            let place = first.value.span.with(end, end);
            let fix = Fix::likely("add what is missing to the text").replace(place, " {}".repeat(values.len() - holes));
            problems.push(problem.fix(fix));
        }
    }

    /// The names of all arguments, the receiver first.
    fn names(&self) -> Vec<Option<&str>> {
        let receiver = self.receiver.iter().map(|_| None);
        receiver.chain(self.arguments.iter().map(|a| a.name.as_ref().map(|n| n.text.as_str()))).collect()
    }

    fn value_of(&self, argument: usize) -> &Expression {
        match (self.receiver, argument) {
            (Some(receiver), 0) => receiver,
            (Some(_), argument) => &self.arguments[argument - 1].value,
            (None, argument) => &self.arguments[argument].value,
        }
    }

    fn span_of(&self, argument: usize) -> Span {
        self.value_of(argument).span
    }
}

/// Which parameter of `function` each argument belongs to; else what is wrong
/// and the argument at fault.
pub fn assign(function: &Function, names: &[Option<&str>]) -> Result<Vec<usize>, (String, Option<usize>)> {
    let called = &function.name.text;
    let mut assigned = Vec::with_capacity(names.len());
    for (argument, name) in names.iter().enumerate() {
        let parameter = match name {
            None => argument,
            Some(name) => {
                let found = function.parameters.iter().position(|p| p.name.text == *name);
                found.ok_or_else(|| (format!("`{called}` has no parameter `{name}`"), Some(argument)))?
            }
        };
        if assigned.contains(&parameter) {
            let twice = &function.parameters[parameter].name.text;
            return Err((format!("`{twice}` is passed twice to `{called}`"), Some(argument)));
        }
        assigned.push(parameter);
    }
    let expected = function.parameters.len();
    if names.len() != expected {
        let arguments = if expected == 1 { "argument" } else { "arguments" };
        let blamed = (names.len() > expected).then_some(expected);
        return Err((format!("`{called}` takes {expected} {arguments}, found {}", names.len()), blamed));
    }
    Ok(assigned)
}

/// What a literal is; unknown for anything that must be evaluated.
fn literal_fact(expression: &Expression) -> Fact {
    match &expression.kind {
        ExpressionKind::Integer(n) => Fact::int(*n),
        ExpressionKind::Float(x) => Fact::float(*x),
        ExpressionKind::String(text) => Fact::String(Some(text.clone())),
        ExpressionKind::Boolean(b) => Fact::Boolean(Some(*b)),
        _ => Fact::Unknown,
    }
}
