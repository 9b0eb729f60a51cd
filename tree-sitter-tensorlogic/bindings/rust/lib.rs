//! The grammar of TensorLogic for [tree-sitter](https://tree-sitter.github.io).
//!
//! Hand [`LANGUAGE`] to a parser to get a syntax tree of a `.tl` file. The tree says what
//! is written and never what it means: names are not resolved here, and forms that the
//! language refuses have nodes of their own so that a message can be made of them.
//!
//! ```
//! let mut parser = tree_sitter::Parser::new();
//! parser.set_language(&tree_sitter_tensorlogic::LANGUAGE.into()).unwrap();
//! let tree = parser.parse("main { print(1 + 2) }", None).unwrap();
//! assert!(!tree.root_node().has_error());
//! ```

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_tensorlogic() -> *const ();
}

/// The language, to be converted with `into()` for a parser.
// SAFETY: the function is the one that the generated parser exports.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_tensorlogic) };

/// All kinds of nodes with their fields, as JSON.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");

/// The syntax highlighting query.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");

/// The query for parts in other languages.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");

/// The query for scopes, definitions and references of variables.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");

/// The query for symbols that a file defines and calls.
pub const TAGS_QUERY: &str = include_str!("../../queries/tags.scm");

/// The query for ranges that an editor can fold.
pub const FOLDS_QUERY: &str = include_str!("../../queries/folds.scm");

/// The query for indentation.
pub const INDENTS_QUERY: &str = include_str!("../../queries/indents.scm");

/// The query for functions, parameters, loops and the like, to be selected as a whole.
pub const TEXTOBJECTS_QUERY: &str = include_str!("../../queries/textobjects.scm");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parser_takes_the_language() {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&LANGUAGE.into()).unwrap();
        let tree = parser.parse("main { let x = 1 }", None).unwrap();
        assert_eq!(
            tree.root_node().to_sexp(),
            "(source_file (main_block body: (block \
             (let_statement name: (identifier) value: (integer)))))"
        );
    }
}
