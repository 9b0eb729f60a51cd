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

    /// Whether it has a name in the grammar; keywords, operators and brackets have none.
    pub fn is_named(self) -> bool {
        self.0.is_named()
    }

    /// Whether nothing is inside of it.
    pub fn is_leaf(self) -> bool {
        self.0.child_count() == 0
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
    pub fn token(self) -> &'t str {
        self.0.kind()
    }

    /// Calls `visit` with every node below this one and its ancestors, outermost
    /// first, in the order of the text. What is inside of a node is left out
    /// where `visit` says `false`. Needs no stack, however deep the tree is.
    pub fn walk(self, visit: &mut dyn FnMut(Node<'t>, &[Node<'t>]) -> bool) {
        let mut cursor = self.0.walk();
        let mut ancestors = vec![self];
        if !cursor.goto_first_child() {
            return;
        }
        loop {
            let node = Node(cursor.node());
            if visit(node, &ancestors) && cursor.goto_first_child() {
                ancestors.push(node);
                continue;
            }
            while !cursor.goto_next_sibling() {
                ancestors.pop();
                if ancestors.is_empty() || !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn is_extra(self) -> bool {
        self.0.is_extra() || self.0.is_error()
    }
}
