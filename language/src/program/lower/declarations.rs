//! What stands at the top level: functions, tensors and blocks that run. The rest
//! has files of its own.

use super::super::tree::*;
use super::types::TensorType;
use super::{Lowering, first_line, is_missing};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    pub(super) fn source_file(&mut self, root: Node, program: &mut Program) {
        let mut main = None;
        let mut stray: Vec<Node> = Vec::new();
        let mut broken = false;
        for item in root.all_children() {
            match item.kind() {
                Kind::StrayStatement => {
                    program.refused.push(Refusal { form: "statement outside of main", span: item.span() });
                    stray.push(item);
                }
                Kind::LineComment | Kind::BlockComment => {}
                kind => {
                    self.outside_main(&std::mem::take(&mut stray), broken);
                    let has_body = matches!(kind, Kind::FunctionDeclaration | Kind::MainBlock | Kind::LegacyMain);
                    let bodiless = has_body && item.field(Field::Body).is_none_or(is_missing);
                    broken = kind == Kind::Error || bodiless;
                    self.item(item, program, &mut main);
                }
            }
        }
        self.outside_main(&stray, broken);
    }

    fn item(&mut self, item: Node, program: &mut Program, main: &mut Option<Span>) {
        match item.kind() {
            Kind::FunctionDeclaration => {
                let function = self.function(item);
                program.functions.push(function);
            }
            Kind::TensorDeclaration => {
                let declaration = self.tensor_declaration(item);
                program.globals.push(declaration);
            }
            Kind::MainBlock | Kind::LegacyMain => self.main(item, program, main),
            Kind::TestBlock => program.tests.push(self.named_block(item)),
            Kind::BenchBlock => program.benches.push(self.named_block(item)),
            Kind::Semicolon => self.semicolon(item),
            Kind::RuleDeclaration => program.rules.push(self.rule(item)),
            Kind::StructDeclaration => program.structs.push(self.structure(item)),
            Kind::ImplDeclaration => program.impls.push(self.implementation(item)),
            Kind::EntityDeclaration => program.entities.push(self.entity(item)),
            Kind::RelationDeclaration => program.relations.push(self.relation(item)),
            Kind::EmbeddingDeclaration => program.embeddings.push(self.embedding(item, Embedded::Entities)),
            Kind::RelationEmbeddingDeclaration => program.embeddings.push(self.embedding(item, Embedded::Relations)),
            Kind::ImportDeclaration => program.imports.push(self.import(item)),
            // Anything else is broken, and reported.
            _ => {}
        }
    }

    fn main(&mut self, item: Node, program: &mut Program, main: &mut Option<Span>) {
        let keyword = header(item);
        if item.kind() == Kind::LegacyMain {
            let help = "write `main { … }`";
            let fix = self.instead(keyword, "main");
            self.legacy(keyword, "`fn main()` is accepted as `main`", help, Some(fix));
            self.result(item);
        }
        let body = self.body(item);
        match *main {
            None => {
                *main = Some(keyword);
                program.main = Some(body);
            }
            Some(first) => {
                program.further_mains.push(body);
                let problem = Diagnostic::new(Code::DuplicateName, self.place(keyword), "there are two `main` blocks")
                    .related(self.place(first), "the first one is here")
                    .help("join them, or make one a function");
                self.problems.push(problem);
            }
        }
    }

    /// One problem for statements that follow each other, unless they are what the
    /// parser made of broken text before them.
    fn outside_main(&mut self, stray: &[Node], after_broken: bool) {
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
        self.problem_with_help(Code::OutsideMain, place, format!("{what} outside of `main`"), help);
    }

    fn import(&mut self, item: Node) -> Import {
        let path = match item.field(Field::Path) {
            Some(path) if path.kind() == Kind::String => self.quietly(|this| this.string(path)),
            Some(path) => self.refused_string(path),
            None => String::new(),
        };
        Import { path, span: item.span() }
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
        Function { name, parameters, result, modifier: self.modifier(item), body, header: header(item) }
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
    let before = parts.filter(|part| body.is_none_or(|body| part.end <= body.start && *part != body));
    before.reduce(Span::to).unwrap_or(item.span())
}
