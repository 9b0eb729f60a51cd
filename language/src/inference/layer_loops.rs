//! `layer-count-mismatch`: a loop whose literal bound leaves out layers of the model
//! that it indexes. `layer-out-of-range`: one that asks for more than there are.
//!
//! The loops are found in the program ([`layers`]); here the model says how many
//! layers it has. A named constant, a variable or an expression as bound is taken as
//! intended; so is a loop that another one goes on from.
//! Source: the decision on when `layer-count-mismatch` fires.

use super::Inference;
use super::known::Handle;
use crate::catalogue::fact::{Fact, HandleKind};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity};
use crate::program::lints::layers::{self, LayerLoop, Layers};
use crate::program::tree::*;
use crate::program::{Analysis, visit};
use crate::source::Span;

pub(super) fn check(analysis: &Analysis, inference: &Inference) -> Vec<Diagnostic> {
    let loops = layers::loops(&analysis.program, &analysis.names, &analysis.outlines);
    let found: Vec<Found> = loops.iter().filter_map(|one| known(one, inference)).collect();
    let goes_on = |end, handle: &Handle| found.iter().any(|other| other.one.first == end && other.handle == *handle);
    let mut problems = Vec::new();
    for layer_loop in &found {
        let Found { one, handle, assured, .. } = layer_loop;
        let Some(count) = inference.models.layer_count(handle).and_then(|count| i64::try_from(count).ok()) else {
            continue;
        };
        let problem = if one.end > count {
            let message = format!("the model has {count} layers, the loop asks for {}", one.end);
            let problem = Diagnostic::new(Code::LayerOutOfRange, one.bound, message);
            if *assured && one.certain { problem } else { problem.severity(Severity::Warning) }
        } else if one.end < count && one.first < one.end && !goes_on(one.end, handle) {
            let message = format!("the loop ends before layer {} of the model's {count}", one.end + 1);
            Diagnostic::new(Code::LayerCountMismatch, one.bound, message)
        } else {
            continue;
        };
        problems.push(explained(problem, layer_loop, analysis, inference));
    }
    problems
}

/// A loop over the layers of a known model.
struct Found<'p> {
    one: &'p LayerLoop<'p>,
    layers: Layers<'p>,
    handle: Handle,
    /// Whether the model is the same whatever the command line says.
    assured: bool,
}

/// The first layers of a known model that a loop indexes.
fn known<'p>(one: &'p LayerLoop<'p>, inference: &Inference) -> Option<Found<'p>> {
    one.layers.iter().find_map(|layers| {
        let (handle, assured) = layers_of(*layers, inference)?;
        Some(Found { one, layers: *layers, handle, assured })
    })
}

/// The layers that a loop indexes, and whether they are the same whatever the command
/// line says.
fn layers_of(layers: Layers, inference: &Inference) -> Option<(Handle, bool)> {
    match layers {
        Layers::Of(layers) => {
            let known = inference.of(layers.span)?;
            let are_layers = known.fact == Fact::Handle(HandleKind::Layers);
            Some((known.handle.clone().filter(|_| are_layers)?, known.assured))
        }
        Layers::Named(model, name) => {
            let known = inference.of(model.span)?;
            let layers = inference.models.step(known.handle.as_ref()?, name).ok()?;
            let are_layers = layers.fact == Fact::Handle(HandleKind::Layers);
            Some((layers.handle.filter(|_| are_layers)?, known.assured))
        }
    }
}

/// The same with the place where the model comes from, and what to write instead.
fn explained(problem: Diagnostic, found: &Found, analysis: &Analysis, inference: &Inference) -> Diagnostic {
    let Found { one, layers, handle, .. } = found;
    let mut problem = problem.note(format!("the model is {}", inference.models.path(handle).display()));
    if let Some(load) = load_of(handle, analysis, inference) {
        problem = problem.related(load, "the model is loaded here");
    }
    let Some(layers) = written(*layers) else { return problem };
    let count = format!("len({layers})");
    let fix = Fix::likely(format!("count to `{count}`")).replace(one.bound, count.clone());
    problem.help(format!("write `{count}`, which fits every model")).fix(fix)
}

/// Where the model of a handle is loaded.
fn load_of(handle: &Handle, analysis: &Analysis, inference: &Inference) -> Option<Span> {
    let mut found = None;
    visit::expressions(&analysis.program, &mut |expression| {
        let ExpressionKind::Call { function, .. } = &expression.kind else { return };
        let loads = function.text.starts_with("load_model");
        let known = inference.of(expression.span).and_then(|known| known.handle.as_ref());
        if loads && found.is_none() && known.is_some_and(|known| known.model == handle.model) {
            found = Some(expression.span);
        }
    });
    found
}

/// How a script writes layers, where that is short.
fn written(layers: Layers) -> Option<String> {
    match layers {
        Layers::Of(Expression { kind: ExpressionKind::Field { object, property }, .. }) => match &object.kind {
            ExpressionKind::Variable(model) => Some(format!("{}.{}", model.text, property.text)),
            _ => None,
        },
        Layers::Of(Expression { kind: ExpressionKind::Variable(name), .. }) => Some(name.text.clone()),
        Layers::Named(Expression { kind: ExpressionKind::Variable(model), .. }, name) => {
            Some(format!("{}.{name}", model.text))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_script;

    fn of_story(loops: &str) {
        check_script(&format!("main {{\nlet model = load_model(\"models/stories-f16.gguf\")\n{loops}\n}}"));
    }

    #[test]
    fn a_literal_bound_covers_all_layers() {
        of_story("for i in range(3) { // warning[layer-count-mismatch]\nprint(model.blk[i].attn_q.weight)\n}");
        of_story(
            "let names = [\"a\", \"b\", \"c\"]\nfor i in range(0, 3) { // warning[layer-count-mismatch]\nprint(names[i])\nlet layer = model.blk[i]\nprint(layer)\n}",
        );
        of_story("let i = 0\nwhile i < 3 { // warning[layer-count-mismatch]\nprint(model.blk[i])\ni += 1\n}");
        of_story("for i in range(4) {\nprint(model.blk[i])\n}");
        of_story("let most = 2\nfor i in range(most) {\nprint(model.blk[i])\n}");
        of_story("for i in range(len(model.blk) - 1) {\nprint(model.blk[i])\n}");
        of_story("for i in range(3) {\nprint(i)\n}\nprint(model.blk[0])");
        of_story("for i in range(2) {\nprint(model.blk[i])\n}\nfor i in range(2, 4) {\nprint(model.blk[i])\n}");
    }

    #[test]
    fn a_loop_asks_for_no_more_layers_than_there_are() {
        of_story("for i in range(22) { // error[layer-out-of-range]\nprint(model.blk[i])\n}");
        of_story("for i in range(22) { // warning[layer-out-of-range]\nif i == 4 { break }\nprint(model.blk[i])\n}");
        of_story("for i in range(22) {\nif i < 4 { print(model.blk[i]) }\n}");
    }

    #[test]
    fn a_function_may_do_the_indexing() {
        let functions =
            "fn layer(x: Tensor, model: Model, i: int) -> Tensor {\nlinear(x, model.blk[i].attn_q.weight)\n}\n";
        let script = |bound: &str| {
            format!(
                "{functions}main {{\nlet model = load_model(\"models/stories-f16.gguf\")\nlet x = zeros([1, 192])\n\
                 for i in range({bound}\nx = layer(x, model, i)\n}}\nprint(x)\n}}"
            )
        };
        check_script(&script("3) { // warning[layer-count-mismatch]"));
        check_script(&script("4) {"));
    }
}
