//! Who calls whom, by name.

use rustc_hash::FxHashSet;

use super::tree::*;
use super::visit;

/// Whether the body called `owner`, a function or `main`, calls `function`, itself or
/// by way of other functions.
pub fn reaches(program: &Program, owner: &str, function: &str) -> bool {
    let mut seen = FxHashSet::default();
    let mut next = vec![owner];
    while let Some(at) = next.pop() {
        let block = match program.function(at) {
            Some(found) => Some(&found.body),
            None => program.main.as_ref().filter(|_| at == "main").map(|main| &main.body),
        };
        let mut called = Vec::new();
        for statement in block.into_iter().flat_map(|block| &block.statements) {
            visit::expressions_of(statement, &mut |expression| match &expression.kind {
                ExpressionKind::Call { function: name, .. } | ExpressionKind::Method { method: name, .. } => {
                    called.push(name.text.as_str());
                }
                _ => {}
            });
        }
        if called.contains(&function) {
            return true;
        }
        next.extend(called.into_iter().filter(|name| seen.insert(*name)));
    }
    false
}
