//! `learn`, `with` and the statements of Python. None of it can be executed yet,
//! so hints about spelling inside of it would only distract.

use super::super::tree::*;
use super::Lowering;
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    pub(super) fn learn(&mut self, node: Node) -> StatementKind {
        let body = node.field(Field::Body).unwrap_or(node);
        let id = self.block_of(body.span(), Vec::new()).id;
        let entries = self.deeper(body, |this| this.quietly(|this| this.entries(body)));
        StatementKind::Learn(Learn { id, entries: entries.unwrap_or_default(), span: body.span() })
    }

    fn entries(&mut self, body: Node) -> Vec<LearnEntry> {
        let children = body.children().into_iter();
        let entries = children.filter_map(|child| match child.kind() {
            Kind::LearnField => {
                let name = self.name(child.field(Field::Name)?);
                let field = LearnField { name, value: self.expression_field(child, Field::Value) };
                Some(LearnEntry::Field(field.into()))
            }
            _ => self.statement(child).map(|statement| LearnEntry::Statement(statement.into())),
        });
        entries.collect()
    }

    pub(super) fn with(&mut self, node: Node) -> StatementKind {
        let name = self.declared_name(node);
        StatementKind::With { name, body: self.quietly(|this| this.body(node)) }
    }

    pub(super) fn python_import(&mut self, node: Node) -> StatementKind {
        let parts = node.field(Field::Module).map(Node::children).unwrap_or_default();
        let module = parts.into_iter().map(|part| self.text(part)).collect::<Vec<_>>().join(".");
        StatementKind::PythonImport { module, alias: node.field(Field::Alias).map(|alias| self.name(alias)) }
    }

    pub(super) fn python_call(&mut self, node: Node) -> ExpressionKind {
        ExpressionKind::PythonCall(self.quietly(|this| this.arguments(node)))
    }
}
