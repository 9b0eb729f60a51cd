//! What stands at the top level: functions, tensors and blocks that run. The rest
//! has files of its own.

use super::super::items::Declaration;
use super::super::tree::*;
use super::types::TensorType;
use super::{Lowering, first_line};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    /// What a node of the top level declares.
    pub(super) fn declaration(&mut self, item: Node) -> Option<Declaration> {
        Some(match item.kind() {
            Kind::FunctionDeclaration => Declaration::Function(self.function(item).into()),
            Kind::TensorDeclaration => Declaration::Global(self.tensor_declaration(item).into()),
            Kind::MainBlock | Kind::LegacyMain => Declaration::Main(self.main(item).into()),
            Kind::TestBlock => Declaration::Test(self.named_block(item).into()),
            Kind::BenchBlock => Declaration::Bench(self.named_block(item).into()),
            Kind::RuleDeclaration => Declaration::Rule(self.rule(item).into()),
            Kind::StructDeclaration => Declaration::Struct(self.structure(item).into()),
            Kind::ImplDeclaration => Declaration::Impl(self.implementation(item).into()),
            Kind::EntityDeclaration => Declaration::Entity(self.entity(item).into()),
            Kind::RelationDeclaration => Declaration::Relation(self.relation(item).into()),
            Kind::EmbeddingDeclaration => Declaration::Embedding(self.embedding(item, Embedded::Entities).into()),
            Kind::RelationEmbeddingDeclaration => {
                Declaration::Embedding(self.embedding(item, Embedded::Relations).into())
            }
            Kind::ImportDeclaration => Declaration::Import(self.import(item).into()),
            Kind::Semicolon => {
                self.semicolon(item);
                return None;
            }
            // Anything else is broken, and reported.
            _ => return None,
        })
    }

    fn main(&mut self, item: Node) -> Main {
        let header = header(item);
        if item.kind() == Kind::LegacyMain {
            let help = "write `main { … }`";
            let fix = self.instead(header, "main");
            self.legacy(header, "`fn main()` is accepted as `main`", help, Some(fix));
            self.result(item);
        }
        Main { header, body: self.body(item) }
    }

    /// One problem for statements that follow each other, unless they are what the
    /// parser made of broken text before them.
    pub(super) fn outside_main(&mut self, stray: &[Node], after_broken: bool, fix: Option<Fix>) {
        let Some(first) = stray.first().filter(|_| !after_broken) else { return };
        if self.foreign_keyword(*first).is_some() {
            return;
        }
        let what = match stray.len() {
            1 => "this statement stands".into(),
            count => format!("these {count} statements stand"),
        };
        let place = first_line(self.text, first.span());
        let help = if stray.len() == 1 { "move it into `main { }`" } else { "move them into `main { }`" };
        let problem = Diagnostic::new(Code::OutsideMain, place, format!("{what} outside of `main`")).help(help);
        self.problems.push(Diagnostic { fix, ..problem });
    }

    fn import(&mut self, item: Node) -> Import {
        let path = match item.field(Field::Path) {
            Some(path) if path.kind() == Kind::String => self.quietly(|this| this.string(path)),
            Some(path) => self.refused_string(path),
            None => String::new(),
        };
        let place = item.field(Field::Path).map_or(item.span(), Node::span);
        Import { path, place, span: item.span() }
    }

    /// It runs only in `tl test` and `tl bench`; what is wrong in it counts.
    fn named_block(&mut self, item: Node) -> NamedBlock {
        NamedBlock { name: self.declared_name(item), body: self.body(item) }
    }

    /// The name in the field of that name; empty where it has still to be typed.
    pub(super) fn declared_name(&mut self, item: Node) -> Name {
        match item.field(Field::Name) {
            Some(node) => self.name(node),
            None => self.name_at("", header(item)),
        }
    }

    pub(super) fn modifier(&self, item: Node) -> Option<Modifier> {
        item.field(Field::Modifier).map(|modifier| match self.text(modifier) {
            "frozen" => Modifier::Frozen,
            _ => Modifier::Learnable,
        })
    }

    pub(super) fn function(&mut self, item: Node) -> Function {
        let name = self.declared_name(item);
        let parameters = item.field(Field::Parameters).map(|list| self.parameters(list)).unwrap_or_default();
        self.returns_tuple = item.field(Field::ReturnType).is_some_and(|result| result.kind() == Kind::TupleType);
        let result = self.result(item);
        let body = self.body(item);
        self.returns_tuple = false;
        let header = header(item);
        let signature = self.fingerprint(header);
        Function { name, parameters, result, modifier: self.modifier(item), body, header, signature }
    }

    pub(super) fn parameters(&mut self, list: Node) -> Vec<Parameter> {
        let parameters = list.children();
        parameters.into_iter().filter_map(|parameter| self.parameter(parameter)).collect()
    }

    fn parameter(&mut self, node: Node) -> Option<Parameter> {
        let name = self.name(node.field(Field::Name)?);
        let annotation = node.field(Field::Type).and_then(|written| self.written_type(written));
        let default = node.field(Field::Default);
        if let Some(default) = default {
            let message = format!("the parameter `{}` has a default, which functions do not have", name.text);
            self.syntax_error(default.span(), message, "remove it and pass a value in every call");
        }
        Some(Parameter { name, annotation, modifier: self.modifier(node), has_default: default.is_some() })
    }

    fn result(&mut self, item: Node) -> Option<Type> {
        let result = item.field(Field::ReturnType)?;
        if result.kind() == Kind::TupleType {
            self.syntax_error(
                result.span(),
                "a function returns one value, not a tuple",
                "return an array or a tensor",
            );
            return Some(Type { kind: TypeKind::Refused("tuple type"), span: result.span() });
        }
        self.written_type(result)
    }

    /// The block of a declaration or statement; empty where it has still to be typed.
    pub(super) fn body(&mut self, item: Node) -> Block {
        self.block_field(item, Field::Body)
    }

    pub(super) fn tensor_declaration(&mut self, item: Node) -> TensorDeclaration {
        let name = self.declared_name(item);
        let TensorType { element, sizes, refused } = self.declared_tensor_type(item, &name);
        let value = item.field(Field::Value).map(|value| self.expression(value));
        TensorDeclaration { name, element, sizes, refused, modifier: self.modifier(item), value, span: item.span() }
    }

    pub(super) fn semicolon(&mut self, node: Node) {
        let fix = self.without_separator(node.span());
        self.legacy(node.span(), "`;` is not needed: a line end parts statements", "remove it", fix);
    }
}

/// Everything before the body, without the space between them.
fn header(item: Node) -> Span {
    let body = item.field(Field::Body).map(Node::span);
    let parts = item.all_children().into_iter().map(Node::span);
    let before = parts.filter(|part| body.is_none_or(|body| part.end() <= body.start() && *part != body));
    before.reduce(Span::to).unwrap_or(item.span())
}
