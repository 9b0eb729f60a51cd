//! Trees of texts, for every test.

use tree_sitter::{Node, Parser};

/// A parser of the language.
pub fn parser() -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_tensorlogic::LANGUAGE.into()).unwrap();
    parser
}

/// Every node in the order of the text, without recursion, since trees can be deep.
pub fn visit<'tree>(root: Node<'tree>, action: &mut impl FnMut(Node<'tree>)) {
    let mut cursor = root.walk();
    loop {
        action(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}
