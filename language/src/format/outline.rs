//! What a text says: the nodes and words of its tree in their order. Comments,
//! commas and semicolons are no part of it, since a layout may move or drop them.

use super::tokens::is_atom;
use crate::syntax::{Kind, Node, Tree};

/// What one text says.
#[derive(Default, Debug, PartialEq)]
pub(super) struct Outline<'t>(Vec<Entry<'t>>);

/// A node, how deep it lies in the tree, and its text if nothing is inside of it.
type Entry<'t> = (Kind, usize, &'t str);

impl<'t> Outline<'t> {
    /// Adds the next node of a walk over the tree of `text`.
    pub fn add(&mut self, node: Node, depth: usize, text: &'t str) {
        self.0.extend(entry(node, depth, text));
    }

    /// Whether another text, of which this is the tree, says the same.
    pub fn is_that_of(&self, tree: &Tree, text: &str) -> bool {
        let mut expected = self.0.iter();
        let mut same = true;
        if let Some(root) = tree.root() {
            root.walk(&mut |node, ancestors| {
                same = same && entry(node, ancestors.len(), text).is_none_or(|entry| expected.next() == Some(&entry));
                same && !is_atom(node)
            });
        }
        same && expected.next().is_none()
    }
}

fn entry<'t>(node: Node, depth: usize, text: &'t str) -> Option<Entry<'t>> {
    let kind = node.kind();
    let own = if is_atom(node) { node.text(text) } else { "" };
    let passed = matches!(kind, Kind::LineComment | Kind::BlockComment | Kind::InvalidHashComment | Kind::Semicolon);
    (!passed && (kind, own) != (Kind::Token, ",")).then_some((kind, depth, own))
}

#[cfg(test)]
mod tests {
    use super::super::Reading;
    use crate::syntax;

    const TEXT: &str = "main { let x = f(1, \"a b\"); print(x) }";

    fn says_the_same(other: &str) -> bool {
        let tree = syntax::parse(TEXT);
        let reading = Reading::of(tree.root().unwrap(), TEXT).unwrap();
        reading.outline.is_that_of(&syntax::parse(other), other)
    }

    #[test]
    fn white_space_comments_commas_and_semicolons_say_nothing() {
        assert!(says_the_same(TEXT));
        assert!(says_the_same("main {\n    let x = f(\n        1, // one\n        \"a b\",\n    )\n    print(x)\n}\n"));
    }

    #[test]
    fn words_and_what_they_belong_to_do() {
        assert!(!says_the_same(&TEXT.replace("print(x)", "print(y)")), "another word");
        assert!(!says_the_same(&TEXT.replace("a b", "a  b")), "another string");
        assert!(!says_the_same(&TEXT.replace("; print", "\n(print)")), "another tree");
        assert!(!says_the_same(&TEXT.replace("print(x) ", "")), "less");
        assert!(!says_the_same(&TEXT.replace("print(x) ", "print(x) print(x) ")), "more");
        assert!(!says_the_same(&TEXT.replace("print(x) }", "print(x)")), "something is missing");
    }
}
