//! Prints what the highlighting query says of files: one line of JSON for each file,
//! a list of `[start, end, capture]` in bytes, ordered so that later entries win. Tests
//! of grammars without a parser compare themselves with it.
//!
//!     cargo run --release -p tree-sitter-tensorlogic --example captures -- FILE…

use std::error::Error;

use tree_sitter::{Parser, Query, QueryCursor, StreamingIterator};
use tree_sitter_tensorlogic::{HIGHLIGHTS_QUERY, LANGUAGE};

fn main() -> Result<(), Box<dyn Error>> {
    let language = LANGUAGE.into();
    let query = Query::new(&language, HIGHLIGHTS_QUERY)?;
    let mut parser = Parser::new();
    parser.set_language(&language)?;
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(path)?;
        let tree = parser.parse(&text, None).ok_or("the parser was stopped")?;
        let mut found = Vec::new();
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(&query, tree.root_node(), text.as_bytes());
        while let Some(one) = matches.next() {
            for capture in one.captures() {
                let range = capture.node.byte_range();
                let name = query.capture_names()[capture.index as usize];
                found.push((range.start, range.end, one.pattern_index, name));
            }
        }
        // What lies inside of something wins, and of two patterns the later one.
        found.sort_by_key(|&(start, end, pattern, _)| (std::cmp::Reverse(end - start), start, pattern));
        let entries: Vec<String> =
            found.iter().map(|(start, end, _, name)| format!("[{start},{end},\"{name}\"]")).collect();
        println!("[{}]", entries.join(","));
    }
    Ok(())
}
