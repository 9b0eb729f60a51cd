//! One body of a program: what a lint looks at on its own.

use smallvec::SmallVec;

use crate::catalogue::Builtin;
use crate::program::names::{Binding, Names, TopLevel};
use crate::program::parts::Part;
use crate::program::tree::*;
use crate::program::visit;

/// What runs as one piece: `main`, a function, a test or a bench.
#[derive(Clone, Copy)]
pub(super) struct Body<'p> {
    /// The function that it is the body of, if it is one.
    pub(super) function: Option<&'p Function>,
    /// What it runs.
    pub(super) block: &'p Block,
}

impl<'p> Body<'p> {
    /// The parameters; none unless it is that of a function.
    pub(super) fn parameters(&self) -> &'p [Parameter] {
        self.function.map_or(&[], |function| &function.parameters)
    }

    /// Whether the value of the last statement goes anywhere.
    pub(super) fn gives_a_value(&self) -> bool {
        self.function.is_some_and(|function| {
            !matches!(function.result, Some(Type { kind: TypeKind::Void, .. })) && function.name.text != "main"
        })
    }
}

/// Every body of a program.
pub(super) fn bodies(program: &Program) -> impl Iterator<Item = Body<'_>> {
    let main = program.main.iter().map(|main| Body { function: None, block: &main.body });
    let methods = program.impls.iter().flat_map(|one| &one.methods).map(|method| &**method);
    let functions = program.functions.iter().map(|function| &**function).chain(methods).map(of_function);
    let blocks = program.tests.iter().chain(&program.benches);
    main.chain(functions).chain(blocks.map(|one| Body { function: None, block: &one.body }))
}

/// Every body of a part.
pub(super) fn of_part(part: Part<'_>) -> Vec<Body<'_>> {
    match part {
        Part::Function(function) => vec![of_function(function)],
        Part::Main(main) => vec![Body { function: None, block: &main.body }],
        Part::Block(one) => vec![Body { function: None, block: &one.body }],
        Part::Impl(implementation) => implementation.methods.iter().map(|method| of_function(method)).collect(),
        _ => Vec::new(),
    }
}

/// The body of a function.
pub(super) fn of_function(function: &Function) -> Body<'_> {
    Body { function: Some(function), block: &function.body }
}

/// What a call calls.
#[derive(Clone, Copy)]
pub(super) enum Called<'p> {
    /// A function of the script, or a method of one of its structs.
    Function(TopLevel, &'p Function),
    /// A builtin.
    Builtin(Builtin),
    /// Something else: a fact, or what does not exist or cannot be executed yet.
    Other,
}

/// What a call of `name` calls.
pub(super) fn called<'p>(names: &'p Names, name: &Name) -> Called<'p> {
    match names.binding(name) {
        Binding::Builtin(builtin) => Called::Builtin(builtin),
        _ => function(names, name).map_or(Called::Other, |(number, function)| Called::Function(number, function)),
    }
}

/// The function of the script that `name` stands for, where it is declared or called.
pub(super) fn function<'p>(names: &'p Names, name: &Name) -> Option<(TopLevel, &'p Function)> {
    match names.binding(name) {
        Binding::Function(number) => names.function(number).map(|function| (number, &**function)),
        _ => None,
    }
}

/// The number of a function.
pub(super) fn number_of(names: &Names, declared: &Function) -> Option<TopLevel> {
    function(names, &declared.name).map(|(number, _)| number)
}

/// A call in either of its forms: what is called, and what is passed, the receiver first.
pub(super) struct Call<'p> {
    pub(super) function: &'p Name,
    pub(super) arguments: SmallVec<[Passed<'p>; 4]>,
}

/// One value that a call passes.
pub(super) struct Passed<'p> {
    pub(super) name: Option<&'p str>,
    pub(super) value: &'p Expression,
}

/// The call that an expression is.
pub(super) fn call_of(expression: &Expression) -> Option<Call<'_>> {
    match &expression.kind {
        ExpressionKind::Call { function, arguments, .. } => {
            Some(Call { function, arguments: arguments.iter().map(pass).collect() })
        }
        ExpressionKind::Method { receiver, method, arguments } => {
            let first = Passed { name: None, value: receiver };
            let arguments = std::iter::once(first).chain(arguments.iter().map(pass)).collect();
            Some(Call { function: method, arguments })
        }
        _ => None,
    }
}

fn pass(argument: &Argument) -> Passed<'_> {
    Passed { name: argument.name.as_ref().map(|name| name.text.as_str()), value: &argument.value }
}

impl<'p> Call<'p> {
    /// Whether a builtin takes what is passed.
    pub(super) fn fits(&self, builtin: Builtin) -> bool {
        let names: Vec<Option<&str>> = self.arguments.iter().map(|passed| passed.name).collect();
        builtin.entry().assign(&names).is_ok()
    }

    /// The parameters of a function of the script that get values for which `is` holds.
    pub(super) fn positions(&self, function: &Function, is: impl Fn(&Expression) -> bool) -> Vec<usize> {
        let all = 0..function.parameters.len();
        all.filter(|position| self.argument_of(function, *position).is_some_and(&is)).collect()
    }

    /// The value for the parameter of a function of the script at `position`.
    pub(super) fn argument_of(&self, function: &Function, position: usize) -> Option<&'p Expression> {
        let name = &function.parameters.get(position)?.name.text;
        let by_name = self.arguments.iter().find(|passed| passed.name == Some(name));
        let by_position = self.arguments.get(position).filter(|passed| passed.name.is_none());
        by_name.or(by_position).map(|passed| passed.value)
    }
}

/// Calls `visit` for every expression in a statement, outer before inner, those in
/// blocks included.
pub(super) fn expressions_of<'p>(statement: &'p Statement, visit: &mut dyn FnMut(&'p Expression)) {
    visit::expressions_of(statement, visit);
}

/// Calls `visit` for every expression in a block.
pub(super) fn expressions_in<'p>(block: &'p Block, visit: &mut dyn FnMut(&'p Expression)) {
    block.statements.iter().for_each(|statement| expressions_of(statement, visit));
}

/// The name of the variable that an expression is.
pub(super) fn variable_of(expression: &Expression) -> Option<&Name> {
    match &expression.kind {
        ExpressionKind::Variable(name) => Some(name),
        _ => None,
    }
}

/// The variable that an assignment changes, whole or in part.
pub(super) fn root_of(target: &Target) -> Option<&Name> {
    match target {
        Target::Variable(name) => Some(name),
        Target::Index { object, .. } | Target::Field { object, .. } => root_of(object),
        Target::Invalid(_) => None,
    }
}
