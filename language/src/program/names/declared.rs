//! The names at the top level of a program, and what a text sees of each.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::{TopLevel, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::tree::*;
use crate::program::{callers, executable};
use crate::source::Span;

/// Numbers for names, which stay as long as they are kept.
#[derive(Clone, Debug, Default)]
pub struct Numbers(HashMap<String, TopLevel>);

impl Numbers {
    fn of(&mut self, name: &str) -> TopLevel {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = TopLevel(self.0.len() as u32);
        self.0.insert(name.to_owned(), number);
        number
    }
}

/// What a text sees of a name outside of it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Seen {
    pub(super) function: Option<TopLevel>,
    /// What its parameters are called and whether it gives a result, as one number.
    header: u64,
    pub(super) global: Option<TopLevel>,
    /// Whether it is declared by something that cannot be executed yet.
    pub(super) later: bool,
}

/// Everything that a program declares at its top level.
pub(super) struct Declared<'p> {
    functions: HashMap<&'p str, (TopLevel, &'p Arc<Function>)>,
    globals: HashMap<&'p str, (TopLevel, usize)>,
    later: HashSet<&'p str>,
    program: &'p Program,
    /// For messages: which variables bodies have, and where.
    variables: OnceCell<HashMap<&'p str, Vec<(&'p str, Span)>>>,
}

impl<'p> Declared<'p> {
    /// Collects what `program` declares, and reports what it declares twice.
    pub(super) fn of(program: &'p Program, numbers: &mut Numbers) -> (Declared<'p>, Vec<Diagnostic>) {
        let mut declared = Declared {
            functions: HashMap::with_capacity(program.functions.len()),
            globals: HashMap::new(),
            later: executable::declared_names(program),
            program,
            variables: OnceCell::new(),
        };
        let mut problems = Vec::new();
        for function in &program.functions {
            match declared.functions.get(function.name.text.as_str()) {
                Some((_, first)) => problems.push(duplicate(&function.name, "function", first.name.span)),
                None => {
                    let number = numbers.of(&function.name.text);
                    declared.functions.insert(&function.name.text, (number, function));
                }
            }
        }
        for (index, global) in program.globals.iter().enumerate() {
            let number = numbers.of(&global.name.text);
            if let Some((_, first)) = declared.globals.insert(&global.name.text, (number, index)) {
                problems.push(duplicate(&global.name, "tensor", program.globals[first].name.span));
            }
        }
        (declared, problems)
    }

    pub(super) fn seen(&self, name: &str) -> Seen {
        let function = self.functions.get(name);
        Seen {
            function: function.map(|(number, _)| *number),
            header: function.map_or(0, |(_, function)| header(function)),
            global: self.globals.get(name).map(|(number, _)| *number),
            later: self.later.contains(name),
        }
    }

    /// The body that has a variable of this name and calls `function`, and where; any
    /// function may be called by `main`.
    pub(super) fn variable_of_caller(&self, name: &str, function: &str) -> Option<(&'p str, Span)> {
        let all = self.variables.get_or_init(|| unknown::variables(self.program)).get(name)?;
        let calls = |owner: &str| owner == "main" || callers::reaches(self.program, owner, function);
        all.iter().find(|(owner, _)| calls(owner)).copied()
    }

    pub(super) fn function_names(&self) -> impl Iterator<Item = &'p str> {
        self.functions.keys().copied()
    }

    pub(super) fn global_names(&self) -> impl Iterator<Item = &'p str> {
        self.globals.keys().copied()
    }

    /// Functions and the positions of top-level tensors, by their numbers.
    pub(super) fn tables(&self) -> (HashMap<TopLevel, Arc<Function>>, HashMap<TopLevel, usize>) {
        let functions = self.functions.values().map(|(number, function)| (*number, (*function).clone()));
        (functions.collect(), self.globals.values().copied().collect())
    }
}

/// What the parameters of a function are called and whether it gives a result, as one
/// number.
fn header(function: &Function) -> u64 {
    let mut hasher = DefaultHasher::new();
    let gives = function.result.as_ref().map(|result| result.kind != TypeKind::Void);
    gives.hash(&mut hasher);
    function.parameters.iter().for_each(|parameter| parameter.name.text.hash(&mut hasher));
    hasher.finish()
}

/// The problem of a name that is declared again.
pub(super) fn duplicate(name: &Name, what: &str, first: Span) -> Diagnostic {
    let message = format!("the {what} `{}` is declared twice", name.text);
    Diagnostic::new(Code::DuplicateName, name.span, message).related(first, "first declared here")
}
