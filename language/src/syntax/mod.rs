//! From text to a syntax tree, and a typed view of its nodes. The tree says what
//! is written and never what it means; there is one for every text, however
//! broken. The names of nodes and fields stand in [`nodes`] alone.

mod edited;
mod nodes;

pub use nodes::{Field, Kind};

use crate::source::{Span, TextId};

/// The syntax tree of one text.
#[derive(Clone, Debug)]
pub struct Tree(Option<tree_sitter::Tree>);

/// Parses `text`.
pub fn parse(text: &str) -> Tree {
    Tree(parser().and_then(|mut parser| parser.parse(text, None)))
}

/// None only if grammar and library are of different ages, which a test excludes.
fn parser() -> Option<tree_sitter::Parser> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&language()).is_ok().then_some(parser)
}

impl Tree {
    /// The node of the whole text, for who knows one text alone.
    pub fn root(&self) -> Option<Node<'_>> {
        self.root_in(TextId::default())
    }

    /// The node of the whole text, whose spans count in `text`.
    pub fn root_in(&self, text: TextId) -> Option<Node<'_>> {
        self.0.as_ref().map(|tree| Node { node: tree.root_node(), text, base: 0 })
    }

    /// The tree of `new`, where this is the tree of `old`: what is the same in
    /// both, and sound, is not parsed again.
    pub fn of_edited(&self, old: &str, new: &str) -> Tree {
        let (Some(tree), Some(mut parser)) = (&self.0, parser()) else { return parse(new) };
        let (old, new) = (old.as_bytes(), new.as_bytes());
        Tree(edited::parse_edited(&mut parser, tree, &edited::edit_between(old, new), new))
    }
}

fn language() -> tree_sitter::Language {
    tree_sitter_tensorlogic::LANGUAGE.into()
}

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    node: tree_sitter::Node<'t>,
    /// What its spans count in, and where that begins.
    text: TextId,
    base: usize,
}

impl<'t> Node<'t> {
    /// What it is.
    pub fn kind(self) -> Kind {
        Kind::of(self.node.kind_id())
    }

    /// The bytes it covers.
    pub fn span(self) -> Span {
        Span::new(self.text, self.node.start_byte() - self.base, self.node.end_byte() - self.base)
    }

    /// The part of `text` it covers, where `text` is what its spans count in.
    pub fn text(self, text: &str) -> &str {
        let span = self.span();
        text.get(span.start()..span.end()).unwrap_or_default()
    }

    /// The same node, with spans of itself and of what is inside of it that count
    /// in a text which begins with it.
    pub fn alone(self, text: TextId) -> Node<'t> {
        Node { node: self.node, text, base: self.node.start_byte() }
    }

    fn beside(self, node: tree_sitter::Node<'t>) -> Node<'t> {
        Node { node, ..self }
    }

    /// The child that plays this part, unless it has still to be typed.
    pub fn field(self, field: Field) -> Option<Node<'t>> {
        self.node.child_by_field_id(field.id()).filter(|child| !child.is_missing()).map(|child| self.beside(child))
    }

    /// The named children that mean something: no comments, nothing broken.
    pub fn children(self) -> Vec<Node<'t>> {
        let mut cursor = self.node.walk();
        let named = self.node.named_children(&mut cursor).map(|child| self.beside(child));
        named.filter(|child| !child.is_extra() && !child.is_missing()).collect()
    }

    /// Every child, tokens and broken ones included.
    pub fn all_children(self) -> Vec<Node<'t>> {
        let mut cursor = self.node.walk();
        self.node.children(&mut cursor).map(|child| self.beside(child)).collect()
    }

    /// Whether it has a name in the grammar; keywords, operators and brackets have none.
    pub fn is_named(self) -> bool {
        self.node.is_named()
    }

    /// Whether nothing is inside of it.
    pub fn is_leaf(self) -> bool {
        self.node.child_count() == 0
    }

    /// Whether the parser put it in where the text lacks it.
    pub fn is_missing(self) -> bool {
        self.node.is_missing()
    }

    /// Whether the text is broken somewhere inside.
    pub fn has_error(self) -> bool {
        self.node.has_error()
    }

    /// The spelling of a token: `)`, `while`.
    pub fn token(self) -> &'t str {
        self.node.kind()
    }

    /// Calls `visit` with every node below this one and its ancestors, outermost
    /// first, in the order of the text. What is inside of a node is left out
    /// where `visit` says `false`. Needs no stack, however deep the tree is.
    pub fn walk(self, visit: &mut dyn FnMut(Node<'t>, &[Node<'t>]) -> bool) {
        self.walk_inside(&[], visit);
    }

    /// The same for a node that is itself inside of these, outermost first.
    pub fn walk_inside(self, outer: &[Node<'t>], visit: &mut dyn FnMut(Node<'t>, &[Node<'t>]) -> bool) {
        let mut cursor = self.node.walk();
        let mut ancestors = [outer, &[self]].concat();
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            let node = self.beside(cursor.node());
            if visit(node, &ancestors) && cursor.goto_first_child() {
                ancestors.push(node);
                continue;
            }
            while !cursor.goto_next_sibling() {
                ancestors.pop();
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    /// The smallest node that covers a byte.
    pub fn at(self, offset: usize) -> Option<Node<'t>> {
        let byte = self.base + offset;
        self.node.descendant_for_byte_range(byte, byte + 1).map(|found| self.beside(found))
    }

    fn is_extra(self) -> bool {
        self.node.is_extra() || self.node.is_error()
    }
}
