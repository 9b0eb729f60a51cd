//! From text to a syntax tree, and a typed view of its nodes. The tree says what
//! is written and never what it means; there is one for every text, however
//! broken. The names of nodes and fields stand in [`nodes`] alone.

mod nodes;

pub use nodes::{Field, Kind};

use crate::source::Span;

/// The syntax tree of one text.
#[derive(Clone, Debug)]
pub struct Tree(Option<tree_sitter::Tree>);

/// Parses `text`.
pub fn parse(text: &str) -> Tree {
    let mut parser = tree_sitter::Parser::new();
    // Refused only if grammar and library are of different ages, which a test
    // excludes; there is no tree then.
    let ready = parser.set_language(&language()).is_ok();
    Tree(if ready { parser.parse(text, None) } else { None })
}

impl Tree {
    /// The node of the whole text.
    pub fn root(&self) -> Option<Node<'_>> {
        self.0.as_ref().map(|tree| Node(tree.root_node()))
    }
}

fn language() -> tree_sitter::Language {
    tree_sitter_tensorlogic::LANGUAGE.into()
}

/// One node of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t>(tree_sitter::Node<'t>);

impl<'t> Node<'t> {
    /// What it is.
    pub fn kind(self) -> Kind {
        Kind::of(self.0.kind_id())
    }

    /// The bytes it covers.
    pub fn span(self) -> Span {
        Span { start: self.0.start_byte(), end: self.0.end_byte() }
    }

    /// The part of `text` it covers, where `text` is what was parsed.
    pub fn text(self, text: &str) -> &str {
        text.get(self.0.byte_range()).unwrap_or_default()
    }

    /// The child that plays this part, unless it has still to be typed.
    pub fn field(self, field: Field) -> Option<Node<'t>> {
        self.0.child_by_field_id(field.id()).map(Node).filter(|child| !child.is_missing())
    }

    /// The named children that mean something: no comments, nothing broken.
    pub fn children(self) -> Vec<Node<'t>> {
        let mut cursor = self.0.walk();
        let named = self.0.named_children(&mut cursor).map(Node);
        named.filter(|child| !child.is_extra() && !child.is_missing()).collect()
    }

    /// Every child, tokens and broken ones included.
    pub fn all_children(self) -> Vec<Node<'t>> {
        let mut cursor = self.0.walk();
        self.0.children(&mut cursor).map(Node).collect()
    }

    /// Whether the parser put it in where the text lacks it.
    pub fn is_missing(self) -> bool {
        self.0.is_missing()
    }

    /// Whether the text is broken somewhere inside.
    pub fn has_error(self) -> bool {
        self.0.has_error()
    }

    /// The spelling of a token: `)`, `while`.
    pub fn token(self) -> &'static str {
        self.0.kind()
    }

    /// Calls `visit` for every node below this one, parents first, in the order
    /// of the text; the descendants of a node are left out where it says so.
    /// Uses no stack, however deep the tree is.
    pub fn walk(self, visit: &mut dyn FnMut(Node<'t>, Descent<'t>) -> Walk) {
        let mut cursor = self.0.walk();
        let mut parents = vec![self];
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            let node = Node(cursor.node());
            let parent = parents.last().copied().unwrap_or(self);
            let inside = visit(node, Descent { parent }) == Walk::Inside;
            if inside && cursor.goto_first_child() {
                parents.push(node);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if parents.len() <= 1 || !cursor.goto_parent() {
                    return;
                }
                parents.pop();
            }
        }
    }

    fn is_extra(self) -> bool {
        self.0.is_extra() || self.0.is_error()
    }
}
