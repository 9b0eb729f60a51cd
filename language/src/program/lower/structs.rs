//! Structs, their methods, literals and patterns. None of it can be executed yet,
//! so hints about spelling inside of it would only distract.

use super::super::tree::*;
use super::Lowering;
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    pub(super) fn structure(&mut self, item: Node) -> Struct {
        let name = self.declared_name(item);
        self.quietly(|this| {
            let type_parameters = this.type_parameters(item);
            let fields = item.field(Field::Body).map(Node::children).unwrap_or_default();
            let fields = fields.into_iter().filter(|field| field.kind() == Kind::FieldDeclaration);
            let fields = fields.filter_map(|field| this.struct_field(field)).collect();
            Struct { name, type_parameters, fields, span: item.span(), written: this.fingerprint(item.span()) }
        })
    }

    fn struct_field(&mut self, node: Node) -> Option<StructField> {
        let name = self.name(node.field(Field::Name)?);
        let annotation = node.field(Field::Type).and_then(|written| self.written_type(written));
        Some(StructField { name, annotation, modifier: self.modifier(node) })
    }

    pub(super) fn implementation(&mut self, item: Node) -> Impl {
        self.quietly(|this| {
            let type_parameters = this.type_parameters(item);
            let interface = item.field(Field::Trait).and_then(|written| this.written_type(written));
            let target = item.field(Field::Type).and_then(|written| this.written_type(written));
            let methods = item.field(Field::Body).map(Node::children).unwrap_or_default();
            let methods = methods.into_iter().filter(|method| method.kind() == Kind::FunctionDeclaration);
            let methods = methods.map(|method| this.function(method).into()).collect();
            Impl { type_parameters, interface, target, methods, span: item.span() }
        })
    }

    fn type_parameters(&mut self, item: Node) -> Vec<Name> {
        let list = item.field(Field::TypeParameters).map(Node::children).unwrap_or_default();
        list.into_iter().map(|name| self.name(name)).collect()
    }

    pub(super) fn struct_literal(&mut self, node: Node) -> ExpressionKind {
        self.quietly(|this| {
            let name = node.field(Field::Type).and_then(|written| this.written_type(written));
            let fields = node.children().into_iter().filter(|field| field.kind() == Kind::FieldInitializer);
            let fields = fields.filter_map(|field| {
                let name = this.name(field.field(Field::Name)?);
                Some(FieldValue { name, value: this.expression_field(field, Field::Value) })
            });
            ExpressionKind::Struct { name, fields: fields.collect() }
        })
    }

    pub(super) fn struct_pattern(&mut self, node: Node) -> Pattern {
        self.quietly(|this| {
            let name = node.field(Field::Type).and_then(|written| this.written_type(written));
            let fields = node.children().into_iter().filter(|field| field.kind() == Kind::FieldPattern);
            let fields = fields.filter_map(|field| {
                let name = this.name(field.field(Field::Name)?);
                let pattern = field.field(Field::Pattern).map_or(Pattern::Any, |pattern| this.pattern(pattern));
                Some(FieldPattern { name, pattern })
            });
            Pattern::Struct { name, fields: fields.collect(), span: node.span() }
        })
    }

    /// `Box<int>::new(…)`.
    pub(super) fn type_call(&mut self, call: Node, scope: Node, function: Node) -> ExpressionKind {
        self.quietly(|this| {
            let Some(scope) = this.written_type(scope) else { return ExpressionKind::Invalid };
            let function = this.name(function);
            ExpressionKind::TypeCall { scope, function, arguments: this.arguments(call) }
        })
    }
}
