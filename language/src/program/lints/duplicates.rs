//! `duplicate-name` among entities, relations, embeddings, structs, fields and methods.
//! Each kind has names of its own: an entity and a struct may share one.
//! Source: the section on scopes, and the table of places.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::program::tree::*;

pub(super) fn check(program: &Program) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut of = |what: &str, names: &mut dyn Iterator<Item = &Name>| {
        let mut seen: Vec<&Name> = Vec::new();
        for name in names.filter(|name| !name.text.is_empty()) {
            match seen.iter().find(|first| first.text == name.text) {
                Some(first) => {
                    let message = format!("the {what} `{}` is declared twice", name.text);
                    let problem = Diagnostic::new(Code::DuplicateName, name.span, message);
                    problems.push(problem.related(first.span, "first declared here"));
                }
                None => seen.push(name),
            }
        }
    };
    of("entity", &mut program.entities.iter().map(|entity| &entity.name));
    of("relation", &mut program.relations.iter().map(|relation| &relation.name));
    of("embedding", &mut program.embeddings.iter().map(|embedding| &embedding.name));
    of("struct", &mut program.structs.iter().map(|declared| &declared.name));
    for declared in &program.structs {
        of("field", &mut declared.fields.iter().map(|field| &field.name));
        let name = &declared.name.text;
        let of_struct = |one: &&Arc<Impl>| match one.target.as_ref().map(|target| &target.kind) {
            Some(TypeKind::Named(target) | TypeKind::Generic { name: target, .. }) => target == name,
            _ => false,
        };
        let methods = program.impls.iter().filter(of_struct).flat_map(|one| &one.methods);
        of("method", &mut methods.map(|method| &method.name));
    }
    problems
}
