//! What stands at the top level.

use super::expressions::string;
use super::types::{annotation, modifier_behind, sizes, type_or_invalid, type_parameters, written_type};
use super::{Printer, list, name, refused};
use crate::program::tree::*;

impl Printer {
    pub(super) fn declarations(&mut self, program: &Program) {
        for import in &program.imports {
            self.line(&format!("import {}", string(&import.path)));
        }
        program.entities.iter().for_each(|entity| self.entity(entity));
        program.relations.iter().for_each(|relation| self.relation(relation));
        program.embeddings.iter().for_each(|embedding| self.embedding(embedding));
        program.structs.iter().for_each(|declared| self.structure(declared));
        program.impls.iter().for_each(|implementation| self.implementation(implementation));
        for rule in &program.rules {
            let rule = self.rule(rule);
            self.line(&rule);
        }
        for global in &program.globals {
            let global = self.tensor(global);
            self.line(&global);
        }
        program.functions.iter().for_each(|function| self.function(function));
        for refusal in &program.refused {
            self.line(&refused(refusal.form));
        }
    }

    fn entity(&mut self, entity: &Entity) {
        let members = entity.members.as_ref().map(|members| format!(" = {{{}}}", self.expressions(members)));
        self.line(&format!("entity {}{}", name(&entity.name), members.unwrap_or_default()));
    }

    fn relation(&mut self, relation: &Relation) {
        let Relation { name: relation_name, parameters: all, embedding, modifier, .. } = relation;
        let embedding = embedding.as_ref().map(|written| format!(" embed {}", written_type(written)));
        let behind = embedding.unwrap_or_default() + &modifier_behind(*modifier);
        self.line(&format!("relation {}({}){behind}", name(relation_name), parameters(all)));
    }

    fn embedding(&mut self, embedding: &Embedding) {
        let keyword = match embedding.of {
            Embedded::Entities => "embedding",
            Embedded::Relations => "relation_embedding",
        };
        let fields = self.braces(|inner| {
            for field in &embedding.fields {
                let value = inner.expression(&field.value);
                inner.line(&format!("{}: {value}", name(&field.name)));
            }
        });
        self.line(&format!("{keyword} {} {fields}", name(&embedding.name)));
    }

    fn structure(&mut self, declared: &Struct) {
        let fields = self.braces(|inner| {
            for field in &declared.fields {
                let written = type_or_invalid(field.annotation.as_ref());
                inner.line(&format!("{}: {written}{}", name(&field.name), modifier_behind(field.modifier)));
            }
        });
        self.line(&format!("struct {}{} {fields}", name(&declared.name), type_parameters(&declared.type_parameters)));
    }

    fn implementation(&mut self, implementation: &Impl) {
        let interface = implementation.interface.as_ref().map(|interface| format!("{} for ", written_type(interface)));
        let target = type_or_invalid(implementation.target.as_ref());
        let open = type_parameters(&implementation.type_parameters);
        let methods = self.braces(|inner| implementation.methods.iter().for_each(|method| inner.function(method)));
        self.line(&format!("impl{open} {}{target} {methods}", interface.unwrap_or_default()));
    }

    fn function(&mut self, function: &Function) {
        let result = function.result.as_ref().map(|result| format!("-> {}", written_type(result)));
        let result = result.map(|result| format!("{result}{} ", modifier_behind(function.modifier)));
        let head = format!("fn {}({}) ", name(&function.name), parameters(&function.parameters));
        self.braced(&(head + &result.unwrap_or_default()), &function.body);
    }

    pub(super) fn tensor(&self, declaration: &TensorDeclaration) -> String {
        let written = match declaration.refused {
            Some(form) => refused(form),
            None => format!("{}[{}]", declaration.element, sizes(&declaration.sizes)),
        };
        let value = declaration.value.as_ref().map(|value| format!(" = {}", self.expression(value)));
        let behind = modifier_behind(declaration.modifier) + &value.unwrap_or_default();
        format!("tensor {}: {written}{behind}", name(&declaration.name))
    }

    pub(super) fn rule(&self, rule: &Rule) -> String {
        let head = self.term(&rule.head);
        format!("{head} <- {}", list(rule.body.iter().map(|term| self.term(term))))
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Expression(expression) => self.expression(expression),
            Term::Equation(equation) => self.equation(equation),
        }
    }

    pub(super) fn equation(&self, equation: &Equation) -> String {
        format!("{} ~ {}", self.operand(&equation.left), self.operand(&equation.right))
    }
}

fn parameters(all: &[Parameter]) -> String {
    list(all.iter().map(|parameter| {
        let default = if parameter.has_default { format!(" {}", refused("default")) } else { String::new() };
        format!("{}{}{default}", name(&parameter.name), annotation(parameter.annotation.as_ref(), parameter.modifier))
    }))
}
