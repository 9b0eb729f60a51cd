//! Structs: what is known of their fields. A struct is a value, so its fields are
//! those that it was made with until its own variable is assigned; what a method
//! does to `self` is not followed, the fields that it may change are open behind it.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::known::Known;
use super::walk::Walk;
use crate::diagnostic::{Code, Diagnostic, Label, did_you_mean};
use crate::program::names::{Binding, Names, TopLevel};
use crate::program::tree::*;
use crate::program::visit;
use crate::source::Span;

/// The most fields of a struct that is followed.
const MOST_FIELDS: usize = 255;

/// How deeply structs are followed that are fields of others.
const DEEPEST: usize = 3;

/// The fields of one struct, in the order in which they were written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fields {
    /// What the struct is called; nothing for an answer of a query.
    of: Arc<str>,
    all: Arc<Vec<(String, Known)>>,
}

impl Fields {
    /// Each field as `with` makes it of its number and what is known of it.
    pub(super) fn map(&self, with: &mut dyn FnMut(usize, &Known) -> Known) -> Fields {
        let all = self.all.iter().enumerate().map(|(index, (name, known))| (name.clone(), with(index, known)));
        Fields { of: self.of.clone(), all: Arc::new(all.collect()) }
    }

    /// Looks at each field.
    pub(super) fn for_each(&self, look: &mut dyn FnMut(&Known)) {
        self.all.iter().for_each(|(_, known)| look(known));
    }

    /// What holds for both; nothing for two structs of different kinds.
    pub(super) fn join(&self, other: &Fields) -> Option<Fields> {
        if self.of != other.of || self.all.len() != other.all.len() {
            return None;
        }
        let all = self.all.iter().map(|(name, known)| Some((name.clone(), known.join(other.get(name)?))));
        all.collect::<Option<Vec<_>>>().map(|all| Fields { of: self.of.clone(), all: Arc::new(all) })
    }

    /// The same with nothing known of these.
    fn without(&self, names: &HashSet<String>, span: Span) -> Fields {
        let all = self.all.iter().map(|(name, known)| {
            let is_open = names.contains(name);
            (name.clone(), if is_open { Known::lost("a method may have changed it", span) } else { known.clone() })
        });
        Fields { of: self.of.clone(), all: Arc::new(all.collect()) }
    }

    fn get(&self, name: &str) -> Option<&Known> {
        self.all.iter().find(|(field, _)| field == name).map(|(_, known)| known)
    }

    /// How many structs lie in one another.
    fn depth(&self) -> usize {
        1 + self.all.iter().filter_map(|(_, known)| Some(known.fields.as_ref()?.depth())).max().unwrap_or(0)
    }
}

impl Known {
    /// What is known of a field.
    pub(super) fn field(&self, name: &str) -> Option<&Known> {
        self.fields.as_ref()?.get(name)
    }

    /// The same as an answer of a query with these variables.
    pub(super) fn with_answers(self, variables: &[&str]) -> Known {
        let all = variables.iter().map(|name| (name.to_string(), Known::unknown())).collect();
        Known { fields: Some(Fields { of: "".into(), all: Arc::new(all) }), ..self }
    }

    /// The same struct with another value in a field.
    pub(super) fn with_field(self, name: &str, value: Known) -> Known {
        let Some(mut fields) = self.fields.clone() else { return self };
        if let Some((_, field)) = Arc::make_mut(&mut fields.all).iter_mut().find(|(field, _)| field == name) {
            *field = value;
        }
        Known { fields: Some(fields).filter(|fields| fields.depth() <= DEEPEST), ..self }
    }
}

impl<'w> Walk<'w> {
    /// `Point { x: 1, y: 2 }`.
    pub(super) fn struct_literal(&mut self, name: Option<&'w Type>, fields: &'w [FieldValue], span: Span) -> Known {
        let name = name.and_then(Type::name).unwrap_or_default();
        let declared = self.program.structs.iter().find(|one| one.name.text == name);
        let mut known = Vec::with_capacity(fields.len());
        for field in fields {
            let value_place = field.value.span;
            let mut value = self.expression(&field.value);
            let declared = declared.and_then(|one| one.fields.iter().find(|other| other.name.text == field.name.text));
            if let Some((field, annotation)) = declared.and_then(|field| Some((field, field.annotation.as_ref()?))) {
                value = match self.advise_field_value((name, field, annotation), (&value, value_place)) {
                    true => self.annotated(annotation, value),
                    false => Known::failed("this is not what the field is declared to be", value_place, value.assured),
                };
            }
            value.history = std::mem::take(&mut value.history).without_absent();
            known.push((field.name.text.clone(), value));
        }
        let fields = Fields { of: name.into(), all: Arc::new(known) };
        let fields = Some(fields).filter(|fields| fields.all.len() <= MOST_FIELDS && fields.depth() <= DEEPEST);
        Known { fields, ..Known::lost(has_no_shape(name), span) }
    }

    /// What the rounds of a loop make of the fields of a struct.
    pub(super) fn carried_fields(
        &mut self,
        (slot, place): (usize, usize),
        [before, head, end]: [&Known; 3],
        span: Span,
    ) -> Option<Fields> {
        let fields = head.fields.as_ref()?;
        let (before, end) = (before.fields.as_ref()?, end.fields.as_ref()?);
        let mut all = Vec::with_capacity(fields.all.len());
        for (index, (name, head)) in fields.all.iter().enumerate() {
            let place = place * (MOST_FIELDS + 1) + index + 1;
            all.push((name.clone(), self.carried((slot, place), [before.get(name)?, head, end.get(name)?], span)));
        }
        Some(Fields { of: fields.of.clone(), all: Arc::new(all) })
    }

    /// A field that a struct does not have. Where the kind of a variable never changes the
    /// names have told so already.
    pub(super) fn advise_field(&mut self, object: &Known, property: &Name) {
        let Some(fields) = &object.fields else { return };
        let (of, word) = (&fields.of, property.text.as_str());
        if of.is_empty() {
            let names: Vec<String> = fields.all.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!("an answer has no `{word}`, it has {}", names.join(" and "));
            let asked = object.history.birth.map(|place| Label { place, message: "this is asked".to_string() });
            let problem = Diagnostic::new(Code::UnknownField, property.span, message);
            return self.problem(problem, asked.into_iter().collect(), object.assured);
        }
        let declared = self.program.structs.iter().find(|one| *one.name.text == **of);
        if declared.is_none_or(|one| one.fields.iter().any(|field| field.name.text == word)) {
            return;
        }
        let known = fields.all.iter().map(|(name, _)| name.as_str());
        let problem = Diagnostic::new(Code::UnknownField, property.span, format!("`{of}` has no field `{word}`"));
        let problem = match did_you_mean(word, known) {
            Some(close) => problem.did_you_mean(word, close),
            None => problem,
        };
        let made =
            declared.map(|one| Label { place: one.name.span, message: "the struct is declared here".to_string() });
        self.problem(problem, made.into_iter().collect(), object.assured);
    }

    /// A method that assigns its `self` has changed the variable before the dot.
    pub(super) fn changed_by(&mut self, receiver: &'w Expression, method: &'w Name) {
        let Binding::Function(number) = self.analysis.names.binding(method) else { return };
        let (place, first) = root_of(receiver);
        let ExpressionKind::Variable(name) = &place.kind else { return };
        let Binding::Local(slot) = self.analysis.names.binding(name) else { return };
        let changed = match self.changed_fields.get(&number) {
            Some(changed) => changed.clone(),
            None => {
                let mut changed = HashSet::new();
                changed_fields(&self.analysis.names, number, &mut HashSet::new(), &mut changed);
                self.changed_fields.entry(number).or_insert(Rc::new(changed)).clone()
            }
        };
        let Some(slot) = self.slots.get_mut(slot as usize).filter(|_| !changed.is_empty()) else { return };
        slot.fields = match slot.fields.take() {
            Some(fields) if first.is_empty() && !changed.contains("") => Some(fields.without(&changed, method.span)),
            _ => None,
        };
    }
}

/// Why a struct is not shown like a tensor.
pub(super) fn has_no_shape(name: &str) -> String {
    format!("a {name} has no shape")
}

/// The fields of `self` that a method may change, and methods that it calls; the empty name
/// stands for all of them.
fn changed_fields(names: &Names, number: TopLevel, seen: &mut HashSet<TopLevel>, changed: &mut HashSet<String>) {
    let Some(function) = names.function(number).filter(|_| seen.insert(number)) else { return };
    let mut called = Vec::new();
    visit::statements_in(&function.body, &mut |statement| {
        if let StatementKind::Assign { target, .. } = &statement.kind {
            let (mut root, mut first) = (target, "");
            while let Target::Field { object, .. } | Target::Index { object, .. } = root {
                if let Target::Field { property, .. } = root {
                    first = &property.text;
                }
                root = object;
            }
            if matches!(root, Target::Variable(name) if name.text == "self") {
                changed.insert(first.to_string());
            }
        }
        visit::expressions_of(statement, &mut |expression| {
            let ExpressionKind::Method { receiver, method, .. } = &expression.kind else { return };
            let (root, first) = root_of(receiver);
            if !matches!(&root.kind, ExpressionKind::Variable(name) if name.text == "self") {
                return;
            }
            match names.binding(method) {
                // A builtin changes handles, which stay the same.
                Binding::Builtin(_) => {}
                Binding::Function(number) if first.is_empty() => called.push(number),
                _ => {
                    changed.insert(first.to_string());
                }
            }
        });
    });
    called.into_iter().for_each(|number| changed_fields(names, number, seen, changed));
}

/// The expression that fields are taken of, and the first of them.
fn root_of(expression: &Expression) -> (&Expression, &str) {
    let (mut root, mut first) = (expression, "");
    while let ExpressionKind::Field { object, property } = &root.kind {
        (root, first) = (object, &property.text);
    }
    (root, first)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_script;

    const STRUCTS: &str = "struct Config {\ndim: int,\nheads: int\n}\nimpl Config {\n\
        fn width(self) -> int {\nself.dim / self.heads\n}\n\
        fn scale(self) -> float {\n1.0 / sqrt(self.width() as float)\n}\n\
        fn grow(self) {\nself.dim = self.dim * 2\n}\n\
        fn twice(self) {\nself.grow()\n}\n\
        fn wider(self) -> Config {\nConfig { dim: self.dim * 2, heads: self.heads }\n}\n}\n";

    fn of_main(lines: &str) {
        check_script(&format!("{STRUCTS}main {{\nlet c = Config {{ dim: 8, heads: 2 }}\n{lines}\n}}"));
    }

    #[test]
    fn methods_that_change_nothing_leave_fields_known() {
        of_main("print(c.scale())\nlet x = zeros([c.dim, c.width()]) // : [8, 4]\nprint(x)");
        of_main("c.twice()\nlet x = zeros([c.dim, 3]) // : a float32 tensor\nprint(x)");
    }

    #[test]
    fn fields_are_those_that_are_declared() {
        of_main("for i in range(3) {\nc = c.wider()\nprint(c.dim)\nprint(c.depth) // error[unknown-field]\n}");
        of_main("for i in range(3) {\nc = c.wider()\nprint(c.heads)\n}");
    }

    #[test]
    fn a_cache_in_a_field_is_appended_to() {
        check_script(
            "struct Session {\ncache: KVCache\n}\nimpl Session {\n\
             fn feed(self, k: Tensor) {\nself.cache.append(0, k, k)\nprint(self.cache.get_k(0))\n}\n}\n\
             main {\nlet s = Session { cache: KVCache::new(1) }\ns.feed(zeros([1, 4, 8]))\n}",
        );
    }
}
