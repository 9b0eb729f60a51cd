//! What logic gives to the rest of a script: vectors of embeddings, the names of things,
//! the answers of queries.

use std::sync::Arc;

use super::history::History;
use super::known::Known;
use super::walk::Walk;
use crate::catalogue::fact::{ArrayKind, Fact};
use crate::program::names::{Binding, Logic};
use crate::program::tree::*;
use crate::shape::{Dim, Shape};
use crate::source::Span;

impl<'w> Walk<'w> {
    /// The vector of one thing: an entry of the embedding of this name.
    pub(super) fn vector_of(&self, object: &Expression, items: &[IndexItem]) -> Option<Known> {
        let name = object.variable()?;
        let Binding::Logic(Logic::Embedding(_)) = self.analysis.names.binding(name) else { return None };
        let embedding = self.program.embeddings.iter().find(|one| one.name.text == name.text)?;
        let dimension = embedding.fields.iter().find(|field| field.name.text == "dimension")?;
        let (ExpressionKind::Integer(size), [IndexItem::At(_)]) = (&dimension.value.kind, items) else { return None };
        let size = usize::try_from(*size).ok()?;
        let vector = Known::of(Fact::shaped(Some(Shape::known(&[size]))));
        Some(self.of_default_element(vector))
    }

    /// `{anna, bernd}`, and the name of a kind of things: what a loop goes over.
    pub(super) fn things(&self, iterable: &Expression) -> Option<Known> {
        let len = match &iterable.kind {
            ExpressionKind::Set(members) => Dim::Known(members.len()),
            ExpressionKind::Variable(name) => {
                let Binding::Logic(Logic::Entity(_)) = self.analysis.names.binding(name) else { return None };
                Dim::Unknown
            }
            _ => return None,
        };
        Some(Known::of(Fact::Array { kind: Some(ArrayKind::String), len, integers: None }))
    }

    /// `parent(anna, X)?`: a list of answers, each with the variables; a truth value
    /// where there are none.
    pub(super) fn answers(&self, query: &Query, span: Span) -> Known {
        let ExpressionKind::Call { arguments, .. } = &query.relation.kind else { return Known::unknown() };
        let mut variables: Vec<&str> = Vec::new();
        for name in arguments.iter().filter_map(|argument| argument.value.variable()) {
            let is_variable = matches!(self.analysis.names.binding(name), Binding::Logic(Logic::Variable(_)));
            if is_variable && name.text != "_" && !variables.contains(&name.text.as_str()) {
                variables.push(&name.text);
            }
        }
        if variables.is_empty() {
            return Known::of(Fact::Boolean(None));
        }
        let answer = Known::lost("an answer has no shape", span).born_at(span).with_answers(&variables);
        let list = Known::of(Fact::Array { kind: None, len: Dim::Unknown, integers: None });
        list.with(History::default().with_entry(Some(Arc::new(answer))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_script;

    const FAMILY: &str = "entity Person = {anna, bernd}\nrelation parent(p: Person, c: Person)\n\
        embedding people {\nentities: Person\ndimension: 8\n}\n";

    fn of_main(lines: &str) {
        check_script(&format!("{FAMILY}main {{\nparent(anna, bernd)\n{lines}\n}}"));
    }

    #[test]
    fn a_vector_has_the_declared_dimension() {
        of_main("let x = people[\"anna\"] // : [8]\nprint(x + zeros([7])) // error[shape-mismatch]");
        of_main("for p in Person {\nlet x = people[p] // : [8]\nprint(x, p + \"!\")\n}");
        of_main("for p in {anna, bernd} {\nlet q = p // : a String\nprint(q)\n}");
    }

    #[test]
    fn answers_have_the_variables_of_their_query() {
        of_main("for a in parent(X, Y)? {\nprint(a.X, a.Y)\nprint(a.Z) // warning[unknown-field]\n}");
        of_main("let all = parent(anna, C)?\nprint(all[0].C)\nprint(all[0].D) // error[unknown-field]");
        of_main("let is = parent(anna, bernd)? // : a Boolean\nprint(is)");
    }
}
