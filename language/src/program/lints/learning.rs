//! `learn-no-parameters`: a `learn` block that finds no tensor it may change.
//! `learn-objective`: an objective that certainly is no single number.
//!
//! Silent where anything of the program is `learnable`, or may be: an import, a call
//! of `learnable`. The objective is judged by what is written; where shapes are known
//! the inference judges it too.
//! Source: the section on `learn`, and the pitfalls of training.

use super::Facts;
use super::body::Body;
use super::paths::keyword;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::program::outline::Outlines;
use crate::program::tree::*;
use crate::program::visit;
use crate::source::{Sources, Span};

pub(super) fn check(body: &Body, facts: &Facts, sources: &Sources) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    visit::statements_in(body.block, &mut |statement| {
        if let StatementKind::Learn(learn) = &statement.kind {
            problems.extend(no_parameters(statement, body, facts, sources));
            problems.extend(objective(learn, body, facts.program));
        }
    });
    problems
}

fn no_parameters(learn: &Statement, body: &Body, facts: &Facts, sources: &Sources) -> Option<Diagnostic> {
    if facts.learnable() || has_learnable(body) {
        return None;
    }
    let message = "`learn` finds no tensor that it may change";
    let mut problem = Diagnostic::new(Code::LearnNoParameters, keyword(learn, "learn"), message.to_string())
        .help("write `learnable` behind the type of a tensor that is to be trained");
    let mut read = Vec::new();
    visit::expressions_of(learn, &mut |expression| {
        if let ExpressionKind::Variable(name) = &expression.kind {
            read.push(name.text.as_str());
        }
    });
    let candidate = tensors(body, facts.program).into_iter().find(|one| read.contains(&one.name.text.as_str()));
    if let Some(tensor) = candidate {
        let name = &tensor.name.text;
        problem = problem.related(tensor.name.span, format!("`{name}` is read by `learn` and is not `learnable`"));
        problem = match end_of_type(sources, tensor) {
            Some(at) => {
                let fix = Fix::likely(format!("make `{name}` `learnable`"));
                problem.fix(fix.insert_after(at, " learnable"))
            }
            None => problem,
        };
    }
    Some(problem)
}

/// The end of a tensor's type: before ` =`, or the end of the declaration.
fn end_of_type(sources: &Sources, tensor: &TensorDeclaration) -> Option<Span> {
    let Some(value) = &tensor.value else { return Some(tensor.span) };
    let head = sources.text(tensor.span.with(tensor.span.start(), value.span.start())).trim_end();
    let written = head.strip_suffix('=')?.trim_end_matches(':').trim_end();
    Some(tensor.span.with(tensor.span.start(), tensor.span.start() + written.len()))
}

/// Whether anything that `learn` may change is declared in a body.
fn has_learnable(body: &Body) -> bool {
    let mut found = false;
    visit::statements_in(body.block, &mut |statement| {
        found |= match &statement.kind {
            StatementKind::Let { modifier, .. } => *modifier == Some(Modifier::Learnable),
            StatementKind::Tensor(declaration) => declaration.modifier == Some(Modifier::Learnable),
            _ => false,
        };
    });
    found
}

/// Whether anything that `learn` may change is declared outside of the bodies, or may
/// be made anywhere.
pub(super) fn is_learnable(program: &Program, outlines: &Outlines) -> bool {
    let learnable = |modifier: Option<Modifier>| modifier == Some(Modifier::Learnable);
    let mut fields = program.structs.iter().flat_map(|declared| &declared.fields);
    let mut parameters = program.functions.iter().flat_map(|one| &one.parameters);
    !program.imports.is_empty()
        || !program.embeddings.is_empty()
        || program.globals.iter().any(|tensor| learnable(tensor.modifier))
        || program.relations.iter().any(|relation| learnable(relation.modifier))
        || fields.any(|field| learnable(field.modifier))
        || parameters.any(|one| learnable(one.modifier))
        || outlines.any(|outline| outline.makes_learnable)
}

/// The tensors that a body can see.
fn tensors<'p>(body: &Body<'p>, program: &'p Program) -> Vec<&'p TensorDeclaration> {
    let mut found: Vec<&TensorDeclaration> = program.globals.iter().map(|global| &**global).collect();
    visit::statements_in(body.block, &mut |statement| {
        if let StatementKind::Tensor(declaration) = &statement.kind {
            found.push(declaration);
        }
    });
    found
}

fn objective(learn: &Learn, body: &Body, program: &Program) -> Option<Diagnostic> {
    let objective = learn.entries.iter().find_map(|entry| match entry {
        LearnEntry::Field(field) if field.name.text == "objective" => Some(&field.value),
        _ => None,
    })?;
    let tensors = tensors(body, program);
    let (what, declared) = match &objective.kind {
        ExpressionKind::String(_) => ("a String".to_string(), None),
        ExpressionKind::Boolean(_) => ("a Boolean".to_string(), None),
        ExpressionKind::Integer(_) | ExpressionKind::Float(_) => ("a number that nothing changes".to_string(), None),
        ExpressionKind::Array(items) if items.len() != 1 => (format!("{} values", items.len()), None),
        ExpressionKind::Variable(name) => {
            // A `let` of the same name may stand between.
            let tensor = tensors.iter().find(|tensor| tensor.name.text == name.text)?;
            let mut count = 1usize;
            for size in &tensor.sizes {
                let Size::Fixed(size) = size else { return None };
                count = count.checked_mul(*size)?;
            }
            if count == 1 || is_bound_again(body, &name.text) {
                return None;
            }
            (format!("`{}` with its {count} elements", name.text), Some(tensor.name.span))
        }
        _ => return None,
    };
    let message = format!("the objective has to be a single number, found {what}");
    let mut problem = Diagnostic::new(Code::LearnObjective, objective.span, message);
    if let Some(declared) = declared {
        problem = problem.related(declared, "declared here");
    }
    Some(problem.help("reduce it to one number with `mean` or `sum`"))
}

fn is_bound_again(body: &Body, name: &str) -> bool {
    let mut found = false;
    visit::statements_in(body.block, &mut |statement| {
        found |= super::sampling::bound_by(statement).is_some_and(|(bound, _)| bound.text == name);
    });
    found
}
