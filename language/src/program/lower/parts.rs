//! A file in parts: sound declarations are understood one by one and kept for the
//! next time, the broken ones together, in the places of the whole text.

use std::sync::Arc;

use super::super::items::{Declaration, Item, Kept};
use super::super::tree::*;
use super::{Lowering, is_missing};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Sources};
use crate::syntax::{Field, Kind, Node};

/// What the parts of one file are put together to.
pub(super) struct Parts<'p> {
    pub(super) sources: &'p mut Sources,
    pub(super) file: FileId,
    pub(super) kept: &'p mut Kept,
    pub(super) program: &'p mut Program,
    pub(super) problems: &'p mut Vec<Diagnostic>,
}

impl Parts<'_> {
    /// Understands everything below `root`, what is broken by `broken`.
    pub(super) fn source_file(&mut self, root: Node, broken: &mut Lowering) {
        let nodes = root.all_children();
        let kept: Vec<Option<Arc<Item>>> = nodes.iter().map(|node| self.take(*node, broken.text)).collect();
        let whole = nodes.iter().zip(&kept).filter(|(_, kept)| kept.is_none());
        let faulty = broken.faults(root, &whole.map(|(node, _)| *node).collect::<Vec<_>>());
        let main = nodes.iter().find(|node| matches!(node.kind(), Kind::MainBlock | Kind::LegacyMain));
        let mut stray: Vec<Node> = Vec::new();
        let mut groups: Vec<(Vec<Node>, bool)> = Vec::new();
        let mut before: Option<Node> = None;
        for (node, kept) in nodes.iter().zip(kept) {
            match node.kind() {
                Kind::StrayStatement => {
                    self.program.refused.push(Refusal { form: "statement outside of main", span: node.span() });
                    stray.push(*node);
                }
                Kind::LineComment | Kind::BlockComment => {}
                _ => {
                    if !stray.is_empty() {
                        groups.push((std::mem::take(&mut stray), before.is_some_and(is_broken)));
                    }
                    before = Some(*node);
                    match kept {
                        Some(item) => self.add(&item),
                        None if faulty.contains(&node.span().start()) || node.has_error() => {
                            let declaration = broken.declaration(*node);
                            declaration.into_iter().for_each(|declaration| self.declare(&declaration));
                        }
                        None => self.understand(*node, broken.text),
                    }
                }
            }
        }
        if !stray.is_empty() {
            groups.push((stray, before.is_some_and(is_broken)));
        }
        for (stray, after_broken) in &groups {
            // Several groups would each become a `main` of their own.
            let fix = if groups.len() == 1 { broken.moved_into_main(stray, main.copied()) } else { None };
            broken.outside_main(stray, *after_broken, fix);
        }
    }

    fn take(&mut self, node: Node, text: &str) -> Option<Arc<Item>> {
        if !node.is_named() || node.has_error() || node.kind() == Kind::StrayStatement {
            return None;
        }
        let item = self.kept.take(node.text(text))?;
        self.sources.move_to(item.text, node.span().start());
        Some(item)
    }

    fn understand(&mut self, node: Node, text: &str) {
        let id = self.sources.text_in(self.file, node.span().start());
        let own = node.text(text);
        let mut lowering = Lowering { text: own, id, ..Lowering::default() };
        let declaration = lowering.declaration(node.alone(id));
        let item = Arc::new(Item { text: id, declaration, problems: lowering.problems });
        self.add(&item);
        // What is no declaration may mean something else between others.
        if item.declaration.is_some() {
            self.kept.keep(own, item);
        }
    }

    fn add(&mut self, item: &Item) {
        self.program.texts.push(item.text);
        self.problems.extend(item.problems.iter().cloned());
        item.declaration.iter().for_each(|declaration| self.declare(declaration));
    }

    fn declare(&mut self, declaration: &Declaration) {
        let program = &mut *self.program;
        match declaration {
            Declaration::Import(import) => program.imports.push(import.clone()),
            Declaration::Entity(entity) => program.entities.push(entity.clone()),
            Declaration::Relation(relation) => program.relations.push(relation.clone()),
            Declaration::Embedding(embedding) => program.embeddings.push(embedding.clone()),
            Declaration::Struct(declared) => program.structs.push(declared.clone()),
            Declaration::Impl(implementation) => program.impls.push(implementation.clone()),
            Declaration::Rule(rule) => program.rules.push(rule.clone()),
            Declaration::Function(function) => program.functions.push(function.clone()),
            Declaration::Global(global) => program.globals.push(global.clone()),
            Declaration::Test(test) => program.tests.push(test.clone()),
            Declaration::Bench(bench) => program.benches.push(bench.clone()),
            Declaration::Main(main) => self.main(main),
        }
    }

    fn main(&mut self, main: &Arc<Main>) {
        let Some(first) = &self.program.main else {
            self.program.main = Some(main.clone());
            return;
        };
        let problem = Diagnostic::new(Code::DuplicateName, main.header, "there are two `main` blocks")
            .related(first.header, "the first one is here")
            .help("join them, or make one a function");
        self.problems.push(problem);
        self.program.further_mains.push(main.clone());
    }
}

/// Whether what stands behind a declaration may belong to it: it cannot be read, or lacks
/// its body.
fn is_broken(node: Node) -> bool {
    let has_body = matches!(node.kind(), Kind::FunctionDeclaration | Kind::MainBlock | Kind::LegacyMain);
    node.kind() == Kind::Error || has_body && node.field(Field::Body).is_none_or(is_missing)
}
