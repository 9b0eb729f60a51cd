//! Structs: their fields and methods where they are declared and where they are used.

use std::sync::Arc;

use super::Binding;
use super::declared::{Shape, duplicate};
use super::resolver::Resolver;
use crate::catalogue;
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::program::tree::*;

impl<'p> Resolver<'_, 'p> {
    pub(super) fn structure(&mut self, declared: &'p Struct) {
        self.type_parameters = declared.type_parameters.iter().map(|name| name.text.as_str()).collect();
        for (index, field) in declared.fields.iter().enumerate() {
            let before = &declared.fields[..index];
            if let Some(first) = before.iter().find(|first| first.name.text == field.name.text) {
                self.names.problems.push(duplicate(&field.name, "field", first.name.span));
            }
            field.annotation.iter().for_each(|annotation| self.written_type(annotation));
        }
    }

    pub(super) fn implementation(&mut self, implementation: &'p Impl) {
        self.type_parameters = implementation.type_parameters.iter().map(|name| name.text.as_str()).collect();
        if let Some(interface) = implementation.interface.as_ref().filter(|written| written.name() != Some("Drop")) {
            let name = interface.name().unwrap_or_default();
            let message = "a struct implements nothing but `Drop`".to_owned();
            self.unknown(Code::UnknownName, interface.span, message, name, ["Drop"]);
        }
        let target = implementation.target.as_ref();
        target.iter().for_each(|target| self.written_type(target));
        let of = target.and_then(Type::name).unwrap_or_default();
        for method in &implementation.methods {
            let number = self.outside(of).structure.and_then(|shape| method_of(&shape, &method.name.text));
            self.set(&method.name, number.map(Binding::Function).unwrap_or_default());
            self.function(method, Some(of));
        }
    }

    /// The name of the struct that an expression gives, where that is written.
    pub(super) fn struct_of(&mut self, expression: &Expression) -> Option<String> {
        let name = match &expression.kind {
            ExpressionKind::Variable(name) => match self.bound(name) {
                Binding::Local(slot) => self.structs.get(&slot).cloned(),
                _ => None,
            },
            ExpressionKind::Struct { name, .. } => name.as_ref().and_then(Type::name).map(str::to_owned),
            ExpressionKind::Call { namespace: None, function, .. } => match self.bound(function) {
                Binding::Function(_) => self.outside(&function.text).result,
                _ => None,
            },
            ExpressionKind::Call { namespace: Some(scope), function, .. } => self.result_of(&scope.text, function),
            ExpressionKind::TypeCall { scope, function, .. } => self.result_of(scope.name()?, function),
            ExpressionKind::Method { receiver, method, .. } => {
                let of = self.struct_of(receiver)?;
                self.result_of(&of, method)
            }
            ExpressionKind::Field { object, property } => {
                let of = self.struct_of(object)?;
                self.type_of_field(&of, property)
            }
            _ => None,
        };
        // What a struct is open for may be anything.
        name.filter(|name| self.outside(name).structure.is_some())
    }

    /// The same of what an assignment changes.
    pub(super) fn struct_of_target(&mut self, target: &Target) -> Option<String> {
        match target {
            Target::Variable(name) => match self.bound(name) {
                Binding::Local(slot) => self.structs.get(&slot).cloned(),
                _ => None,
            },
            Target::Field { object, property, .. } => {
                let of = self.struct_of_target(object)?;
                self.type_of_field(&of, property)
            }
            Target::Index { .. } | Target::Invalid(_) => None,
        }
    }

    fn type_of_field(&mut self, of: &str, property: &Name) -> Option<String> {
        let shape = self.outside(of).structure?;
        shape.fields.iter().find(|(field, _)| *field == property.text).and_then(|(_, annotation)| annotation.clone())
    }

    fn result_of(&mut self, of: &str, function: &Name) -> Option<String> {
        let shape = self.outside(of).structure?;
        shape.methods.iter().find(|method| method.name == function.text).and_then(|method| method.result.clone())
    }

    /// A field of a value of this struct.
    pub(super) fn field(&mut self, of: &str, property: &'p Name) {
        let Some(shape) = self.outside(of).structure else { return };
        // An empty name has still to be typed.
        if property.text.is_empty() || shape.fields.iter().any(|(field, _)| *field == property.text) {
            return;
        }
        let word = property.text.as_str();
        if method_of(&shape, word).is_some() {
            let message = format!("`{word}` is a method of `{of}`, not a field");
            let problem = Diagnostic::new(Code::UnknownField, property.span, message);
            self.names.problems.push(problem.help(format!("call it with `{word}(…)`")));
            return self.declared_at(&shape);
        }
        let fields = shape.fields.iter().map(|(field, _)| field.as_str());
        self.unknown(Code::UnknownField, property.span, format!("`{of}` has no field `{word}`"), word, fields);
        self.declared_at(&shape);
    }

    /// Adds to the last problem where its struct is declared.
    fn declared_at(&mut self, shape: &Shape) {
        if let Some(problem) = self.names.problems.last_mut() {
            problem.related.push(Label { place: shape.place, message: "the struct is declared here".to_string() });
        }
    }

    /// `x.f(a)`: a method of the kind of `x`, a method of its struct, a function of the
    /// script, a builtin. The kind is often known only later.
    pub(super) fn method(&mut self, receiver: &'p Expression, method: &'p Name) {
        let name = method.text.as_str();
        if let Some(of) = self.struct_of(receiver) {
            let shape = self.outside(&of).structure.unwrap_or_default();
            let is_function = self.outside(name).function.is_some() || catalogue::find(name).is_some();
            match method_of(&shape, name) {
                Some(number) => return self.set(method, Binding::Function(number)),
                None if is_function => {}
                None => {
                    let methods = shape.methods.iter().map(|method| method.name.as_str());
                    let message = format!("`{of}` has no method `{name}`");
                    self.unknown(Code::UnknownFunction, method.span, message, name, methods);
                    return self.declared_at(&shape);
                }
            }
        } else {
            let seen = self.outside(name);
            let is_function = seen.function.is_some() || catalogue::find(name).is_some();
            match seen.methods[..] {
                [] => {}
                [only] if !is_function => return self.set(method, Binding::Function(only)),
                _ => return,
            }
        }
        self.method_of_a_kind(method);
    }

    /// `Point::f`.
    pub(super) fn associated(&mut self, of: &str, function: &'p Name) {
        let Some(shape) = self.outside(of).structure else { return };
        let name = function.text.as_str();
        match method_of(&shape, name) {
            Some(number) => self.set(function, Binding::Function(number)),
            None => {
                let methods = shape.methods.iter().map(|method| method.name.as_str());
                let message = format!("`{of}` has no function `{name}`");
                self.unknown(Code::UnknownFunction, function.span, message, name, methods);
                self.declared_at(&shape);
            }
        }
    }

    pub(super) fn struct_literal(&mut self, name: Option<&'p Type>, fields: &'p [FieldValue]) {
        let shape = self.struct_named(name);
        let of = name.and_then(Type::name).unwrap_or_default();
        for (index, field) in fields.iter().enumerate() {
            let first = fields[..index].iter().find(|first| first.name.text == field.name.text);
            if let Some(first) = first {
                self.names.problems.push(duplicate(&field.name, "field", first.name.span));
            }
            self.field(of, &field.name);
            self.without_reports(|this| this.expression(&field.value));
        }
        let (Some(shape), Some(name)) = (shape, name) else { return };
        let is_given = |field: &str| fields.iter().any(|given| given.name.text == field);
        let missing: Vec<String> =
            shape.fields.iter().filter(|(field, _)| !is_given(field)).map(|(field, _)| format!("`{field}`")).collect();
        if !missing.is_empty() {
            self.problem(Code::Arity, name.span, format!("`{of}` needs {} too", missing.join(", ")));
            self.declared_at(&shape);
        }
    }

    pub(super) fn struct_pattern(&mut self, name: Option<&'p Type>, fields: &'p [FieldPattern]) {
        self.struct_named(name);
        let of = name.and_then(Type::name).unwrap_or_default();
        fields.iter().for_each(|field| self.field(of, &field.name));
    }

    /// The struct that a literal or a pattern names.
    fn struct_named(&mut self, name: Option<&'p Type>) -> Option<Arc<Shape>> {
        let written = name?;
        let of = written.name()?;
        let shape = self.outside(of).structure;
        if shape.is_some() {
            self.written_type(written);
        } else {
            let known: Vec<&str> = self.declared.struct_names().collect();
            let span = written.span.with(written.span.start(), written.span.start() + of.len());
            self.unknown(Code::UnknownName, span, format!("no struct is called `{of}`"), of, known);
        }
        shape
    }
}

fn method_of(shape: &Shape, name: &str) -> Option<super::TopLevel> {
    shape.methods.iter().find(|method| method.name == name).map(|method| method.number)
}
