//! `singleton-logic-variable`: a variable of a rule that occurs once, so that it says
//! nothing; likely a slip of the pen. Silent for names that begin with `_`, for
//! constants, and in queries, where it is what is asked for.
//! `relation-arity`: a fact, a part of a rule, or a query with more or fewer arguments
//! than its relation declares.
//! Source: the section on logic programming, and its pitfalls.

use rustc_hash::FxHashSet;

use super::body::bodies;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::program::outline::Outlines;
use crate::program::tree::*;
use crate::program::visit;
use crate::source::Span;

pub(super) fn check(program: &Program, outlines: &Outlines) -> Vec<Diagnostic> {
    let has_logic = !program.relations.is_empty() || !program.rules.is_empty();
    if !has_logic && !outlines.any(|outline| outline.rules) {
        return Vec::new();
    }
    let mut rules: Vec<&Rule> = program.rules.iter().map(|rule| &**rule).collect();
    let mut problems = Vec::new();
    for body in bodies(program) {
        visit::statements_in(body.block, &mut |statement| {
            if let StatementKind::Rule(rule) = &statement.kind {
                rules.push(rule);
            }
        });
        super::body::expressions_in(body.block, &mut |expression| {
            problems.extend(arity(program, expression));
        });
    }
    let constants = constants(program);
    for rule in &program.rules {
        in_rule(rule, &mut |expression| problems.extend(arity(program, expression)));
    }
    problems.extend(rules.iter().flat_map(|rule| singletons(program, rule, &constants)));
    problems
}

fn arity(program: &Program, atom: &Expression) -> Option<Diagnostic> {
    let ExpressionKind::Call { namespace: None, function: name, arguments } = &atom.kind else { return None };
    let relation = program.relations.iter().find(|relation| relation.name.text == name.text);
    let (expected, declared) = match relation {
        Some(relation) => (relation.parameters.len(), relation.name.span),
        None => concluded(program, &name.text)?,
    };
    let found = arguments.len();
    if expected == found || program.function(&name.text).is_some() {
        return None;
    }
    let plural = if expected == 1 { "argument" } else { "arguments" };
    let message = format!("`{}` takes {expected} {plural}, found {found}", name.text);
    let problem = Diagnostic::new(Code::RelationArity, atom.span, message);
    Some(problem.related(declared, if relation.is_some() { "declared here" } else { "a rule concludes it here" }))
}

/// How many arguments the rules that conclude something give it, and where the first
/// does; nothing unless all of them agree.
fn concluded(program: &Program, name: &str) -> Option<(usize, Span)> {
    let mut heads = program.rules.iter().filter_map(|rule| match &rule.head {
        Term::Expression(Expression { kind: ExpressionKind::Call { function, arguments, .. }, span })
            if function.text == name =>
        {
            Some((arguments.len(), *span))
        }
        _ => None,
    });
    let first = heads.next()?;
    heads.all(|(count, _)| count == first.0).then_some(first)
}

fn singletons(program: &Program, rule: &Rule, constants: &FxHashSet<&str>) -> Vec<Diagnostic> {
    let mut names: Vec<(&Name, Option<&Name>)> = Vec::new();
    let mut relation = None;
    in_rule(rule, &mut |expression| match &expression.kind {
        ExpressionKind::Call { function, .. } => relation = Some(function),
        ExpressionKind::Variable(name) if is_variable(name, constants) => names.push((name, relation)),
        _ => {}
    });
    let is_single = |one: &Name| names.iter().filter(|(other, _)| other.text == one.text).count() == 1;
    let single = names.iter().filter(|(name, _)| is_single(name) && !name.text.starts_with('_'));
    let problem = |(name, relation): &(&Name, Option<&Name>)| {
        let text = &name.text;
        let message = format!("`{text}` occurs only once in this rule, so it may be anything");
        let mut problem = Diagnostic::new(Code::SingletonLogicVariable, name.span, message);
        let declared =
            relation.and_then(|relation| program.relations.iter().find(|one| one.name.text == relation.text));
        if let Some(declared) = declared {
            problem = problem.related(declared.name.span, format!("`{}` is declared here", declared.name.text));
        }
        let fix = Fix::likely(format!("rename it to `_{text}`")).replace(name.span, format!("_{text}"));
        problem.help(format!("use it once more, or call it `_{text}` if any value will do")).fix(fix)
    };
    single.map(problem).collect()
}

/// Identifiers that begin with a capital are variables, unless they are known things.
fn is_variable(name: &Name, constants: &FxHashSet<&str>) -> bool {
    let is_capital = name.text.starts_with(|first: char| first.is_ascii_uppercase() || first == '_');
    is_capital && !constants.contains(name.text.as_str())
}

/// The capitalised names of things: members of entities, and what facts speak of.
fn constants(program: &Program) -> FxHashSet<&str> {
    let mut found = FxHashSet::default();
    let mut note = |value| {
        if let Some(name) = super::body::variable_of(value) {
            found.insert(name.text.as_str());
        }
    };
    program.entities.iter().flat_map(|entity| entity.members.iter().flatten()).for_each(&mut note);
    for body in bodies(program) {
        visit::statements_in(body.block, &mut |statement| {
            let StatementKind::Expression(Expression {
                kind: ExpressionKind::Call { function, arguments, .. }, ..
            }) = &statement.kind
            else {
                return;
            };
            if program.relations.iter().any(|relation| relation.name.text == function.text) {
                arguments.iter().for_each(|argument| note(&argument.value));
            }
        });
    }
    found
}

/// Calls `visit` for every expression of a rule.
fn in_rule<'p>(rule: &'p Rule, visit: &mut dyn FnMut(&'p Expression)) {
    fn inside<'p>(expression: &'p Expression, visit: &mut dyn FnMut(&'p Expression)) {
        visit(expression);
        expression.for_each_part(&mut |part| inside(part, visit));
    }
    for term in std::iter::once(&rule.head).chain(&rule.body) {
        match term {
            Term::Expression(expression) => inside(expression, visit),
            Term::Equation(Equation { left, right }) => {
                inside(left, visit);
                inside(right, visit);
            }
        }
    }
}
