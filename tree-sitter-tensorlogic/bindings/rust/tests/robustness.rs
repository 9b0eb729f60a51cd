//! What the corpus cannot say: how the tree behaves while a program is being typed.

use std::collections::BTreeMap;

use tree_sitter::{InputEdit, Node, Point, Tree};

use super::tree::{parser, visit};

const SAMPLE: &str = include_str!("../../../test/sample.tl");

fn parse(text: &str) -> Tree {
    parser().parse(text, None).unwrap()
}

/// The nodes that stand for nothing in the text, and the errors.
fn is_fault(node: Node) -> bool {
    node.is_error() || node.is_missing() || node.kind().starts_with("missing_")
}

fn faults(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    visit(tree.root_node(), &mut |node| {
        if is_fault(node) {
            found.push(format!("{} at {}", node.kind(), node.start_position()));
        }
    });
    found
}

/// The declarations and statements that stand on one line, by the text of that line.
fn items(text: &str) -> BTreeMap<(usize, String), String> {
    let tree = parse(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut found = BTreeMap::new();
    visit(tree.root_node(), &mut |node| {
        let in_list =
            node.parent().is_some_and(|parent| matches!(parent.kind(), "source_file" | "block" | "learn_block"));
        let row = node.start_position().row;
        if in_list && node.is_named() && row == node.end_position().row && !is_fault(node) {
            found.insert((row, lines[row].to_owned()), node.to_sexp());
        }
    });
    found
}

#[test]
fn the_sample_has_no_faults() {
    assert_eq!(faults(&parse(SAMPLE)), Vec::<String>::new());
}

/// Whether a line goes on in the next one or is a part of the one before.
fn joins_its_neighbours(line: &str) -> bool {
    let line = line.trim();
    line.ends_with('=') || line.starts_with("as$") || line == "as"
}

/// Cuts every line without braces at every place, as if it were being typed, and compares
/// the statements on all other lines.
#[test]
fn a_half_typed_line_leaves_the_other_lines_alone() {
    let before = items(SAMPLE);
    let lines: Vec<&str> = SAMPLE.lines().collect();
    let mut damaged = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        if line.contains(['{', '}']) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        for end in indent..line.len() {
            if joins_its_neighbours(&line[..end]) {
                continue;
            }
            let mut edited = lines.clone();
            edited[row] = &line[..end];
            let after = items(&edited.join("\n"));
            for (place, tree) in before.iter().filter(|(place, _)| place.0 != row) {
                if after.get(place) != Some(tree) {
                    damaged.push(format!("`{}` damages `{}`", &line[..end], place.1.trim()));
                }
            }
        }
    }
    assert!(damaged.is_empty(), "{} places\n{}", damaged.len(), damaged.join("\n"));
}

/// Puts a character that is in no token into every line.
#[test]
fn a_stray_character_leaves_the_other_lines_alone() {
    let before = items(SAMPLE);
    let lines: Vec<&str> = SAMPLE.lines().collect();
    let mut damaged = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        if line.contains(['{', '}']) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        for place in (indent..=line.len()).step_by(3) {
            let text = format!("{}${}", &line[..place], &line[place..]);
            if joins_its_neighbours(&text) {
                continue;
            }
            let mut edited = lines.clone();
            edited[row] = &text;
            let after = items(&edited.join("\n"));
            for (place, tree) in before.iter().filter(|(place, _)| place.0 != row) {
                if after.get(place) != Some(tree) {
                    damaged.push(format!("`{text}` damages `{}`", place.1.trim()));
                }
            }
        }
    }
    assert!(damaged.is_empty(), "{} places\n{}", damaged.len(), damaged.join("\n"));
}

/// Types the sample from its first character to its last. Wherever the fresh tree has no
/// error, the tree that grew with the text is the same.
#[test]
fn a_tree_that_grows_is_the_fresh_tree() {
    let mut parser = parser();
    let mut tree = parser.parse("", None).unwrap();
    let mut position = Point::new(0, 0);
    for (index, character) in SAMPLE.char_indices() {
        let end = index + character.len_utf8();
        let next = match character {
            '\n' => Point::new(position.row + 1, 0),
            _ => Point::new(position.row, position.column + character.len_utf8()),
        };
        tree.edit(&InputEdit {
            start_byte: index,
            old_end_byte: index,
            new_end_byte: end,
            start_position: position,
            old_end_position: position,
            new_end_position: next,
        });
        position = next;
        let text = &SAMPLE[..end];
        tree = parser.parse(text, Some(&tree)).unwrap();
        if index % 5 != 0 {
            continue;
        }
        let fresh = parse(text);
        if !fresh.root_node().has_error() {
            assert_eq!(tree.root_node().to_sexp(), fresh.root_node().to_sexp(), "after {text}");
        }
    }
}

/// Deletes every character once and puts it back.
#[test]
fn an_edit_that_is_undone_gives_the_same_tree() {
    let mut parser = parser();
    let original = parser.parse(SAMPLE, None).unwrap();
    let expected = original.root_node().to_sexp();
    let mut position = Point::new(0, 0);
    for (index, character) in SAMPLE.char_indices() {
        let end = index + character.len_utf8();
        let next = match character {
            '\n' => Point::new(position.row + 1, 0),
            _ => Point::new(position.row, position.column + character.len_utf8()),
        };
        let removal = InputEdit {
            start_byte: index,
            old_end_byte: end,
            new_end_byte: index,
            start_position: position,
            old_end_position: next,
            new_end_position: position,
        };
        let insertion = InputEdit {
            old_end_byte: index,
            new_end_byte: end,
            old_end_position: position,
            new_end_position: next,
            ..removal
        };
        let mut tree = original.clone();
        tree.edit(&removal);
        let shorter = format!("{}{}", &SAMPLE[..index], &SAMPLE[end..]);
        tree = parser.parse(&shorter, Some(&tree)).unwrap();
        tree.edit(&insertion);
        tree = parser.parse(SAMPLE, Some(&tree)).unwrap();
        assert_eq!(tree.root_node().to_sexp(), expected, "at byte {index}");
        position = next;
    }
}

#[test]
fn line_ends_of_either_kind_give_the_same_tree() {
    let windows = SAMPLE.replace('\n', "\r\n");
    assert_eq!(parse(&windows).root_node().to_sexp(), parse(SAMPLE).root_node().to_sexp());
}

/// Breaks the sample at every place inside parentheses and square brackets where a break is
/// free: after an opening bracket, a comma and an operator, and before a closing bracket.
#[test]
fn line_ends_in_brackets_change_nothing() {
    let mut text = String::new();
    let mut depth = 0;
    let mut in_string = false;
    for line in SAMPLE.lines() {
        for character in line.chars() {
            if character == '"' {
                in_string = !in_string;
            }
            if in_string || line.starts_with("//") {
                text.push(character);
                continue;
            }
            if matches!(character, ')' | ']') {
                depth -= 1;
                text.push_str("\n// closed\n");
            }
            text.push(character);
            if matches!(character, '(' | '[') {
                depth += 1;
            }
            if depth > 0 && matches!(character, '(' | '[' | ',' | '*' | '+' | '=') {
                text.push('\n');
            }
        }
        text.push('\n');
    }
    let text = text.replace("*\n*", "**").replace("=\n=", "==");
    let tree = parse(&text);
    assert_eq!(faults(&tree), Vec::<String>::new(), "{text}");
    let shape = |tree: &Tree| tree.root_node().to_sexp().replace(" (line_comment)", "").replace("(line_comment) ", "");
    assert_eq!(shape(&tree), shape(&parse(SAMPLE)), "{text}");
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(faults(&parse("\u{FEFF}main { }")), Vec::<String>::new());
}

#[test]
fn a_comment_may_end_with_the_file() {
    let tree = parse("main { }\n// the end");
    assert_eq!(tree.root_node().to_sexp(), "(source_file (main_block body: (block)) (line_comment))");
}

#[test]
fn deep_and_long_programs_have_no_faults() {
    let deep = format!("main {{ let x = {}1{} }}", "(".repeat(2000), ")".repeat(2000));
    let chain = format!("main {{ let x = {}1 }}", "1 + ".repeat(20_000));
    let long = format!("main {{\n{}}}", "    let x = f(a + b * 2, [1, 2])[i].weight\n".repeat(20_000));
    for text in [deep, chain, long] {
        assert_eq!(faults(&parse(&text)), Vec::<String>::new());
    }
}
