//! How far the damage of an edit reaches: what is deleted, inserted or half typed somewhere
//! leaves the functions that it is not in what they are, and what follows it in its block.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::path::{Path, PathBuf};

use tree_sitter::{Node, Tree};

use super::tree::{parser, visit};

/// Lines of other languages, and beginnings of lines.
const LINES: &str = include_str!("damage/lines.txt");

/// Where a tree begins, and a number for all that it is.
type Shape = (usize, u64);

struct Script {
    name: String,
    text: String,
    tree: Tree,
    bodies: Vec<(Shape, Range<usize>)>,
}

/// A part of a text is replaced.
struct Edit<'t> {
    range: Range<usize>,
    with: &'t str,
}

impl Edit<'_> {
    fn apply(&self, text: &str) -> String {
        [&text[..self.range.start], self.with, &text[self.range.end..]].concat()
    }

    /// Where a tree that the edit is not in stands behind it.
    fn moves(&self, (start, shape): Shape) -> Shape {
        let behind = start >= self.range.end;
        (if behind { start + self.with.len() - self.range.len() } else { start }, shape)
    }

    /// Whether it lies within a range or touches it.
    fn reaches(&self, range: &Range<usize>) -> bool {
        self.range.start <= range.end && range.start <= self.range.end
    }
}

/// How many of some trees stay what they are.
#[derive(Default)]
struct Share {
    kept: usize,
    all: usize,
    damaged: Vec<String>,
}

impl Share {
    fn count(&mut self, is_kept: bool, place: impl FnOnce() -> String) {
        self.all += 1;
        self.kept += usize::from(is_kept);
        if !is_kept && self.damaged.len() < 20 {
            self.damaged.push(place());
        }
    }

    /// Tells the share; it has to be at least that many of 1000.
    fn check(&self, what: &str, least: usize) {
        println!("{} of {} {what}", self.kept, self.all);
        assert!(self.all > 1000, "only {} {what}", self.all);
        assert!(self.kept * 1000 >= self.all * least, "{} of {} {what}: {:#?}", self.kept, self.all, self.damaged);
    }
}

/// The shape of a tree in which nothing is broken and nothing has still to be typed.
fn shape(root: Node) -> Option<Shape> {
    let mut hash = DefaultHasher::new();
    let mut is_clean = true;
    visit(root, &mut |node| {
        is_clean &= !(node.is_error() || node.is_missing() || node.kind().starts_with("missing_"));
        (node.kind_id(), node.child_count()).hash(&mut hash);
        (node.start_byte() - root.start_byte(), node.end_byte() - root.start_byte()).hash(&mut hash);
    });
    is_clean.then(|| (root.start_byte(), hash.finish()))
}

/// The clean functions, main blocks, tests and benches.
fn bodies(tree: &Tree) -> Vec<(Shape, Range<usize>)> {
    let mut found = Vec::new();
    visit(tree.root_node(), &mut |node| {
        let kinds = ["function_declaration", "main_block", "legacy_main", "test_block", "bench_block"];
        if kinds.contains(&node.kind()) {
            found.extend(shape(node).map(|shape| (shape, node.byte_range())));
        }
    });
    found
}

/// The clean statements of all blocks.
fn statements(tree: &Tree) -> HashSet<Shape> {
    let mut found = HashSet::new();
    visit(tree.root_node(), &mut |node| {
        if node.is_named() && node.parent().is_some_and(|parent| parent.kind() == "block") {
            found.extend(shape(node));
        }
    });
    found
}

/// All scripts in folders of the project and in those inside of them.
fn scripts(folders: &[&str]) -> Vec<Script> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| project.join(folder)).collect();
    let mut paths = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tl") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let mut parser = parser();
    let script = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let tree = parser.parse(&text, None).unwrap();
        Script { name: path.display().to_string(), bodies: bodies(&tree), text, tree }
    };
    paths.into_iter().map(script).collect()
}

fn everything() -> Vec<Script> {
    scripts(&["examples", "tests/suite", "tree-sitter-tensorlogic/test"])
}

/// Makes edits, each in the text as it was, and counts the functions elsewhere that stay.
fn share_of<'t>(scripts: &[Script], edits: impl Fn(&Script) -> Vec<Edit<'t>>) -> Share {
    let mut parser = parser();
    let mut share = Share::default();
    for script in scripts {
        for edit in edits(script) {
            let tree = parser.parse(edit.apply(&script.text), None).unwrap();
            count_bodies(&mut share, script, &edit, &tree);
        }
    }
    share
}

fn count_bodies(share: &mut Share, script: &Script, edit: &Edit, tree: &Tree) {
    let after: HashSet<Shape> = bodies(tree).into_iter().map(|(shape, _)| shape).collect();
    for (shape, _) in script.bodies.iter().filter(|(_, range)| !edit.reaches(range)) {
        share.count(after.contains(&edit.moves(*shape)), || {
            let line = |byte: usize| script.text[..byte].lines().count();
            format!("{}:{} damages line {}", script.name, line(edit.range.start), line(shape.0))
        });
    }
}

/// Every line of every script. The function it is in is not looked at.
#[test]
fn a_deleted_line_leaves_the_other_functions_alone() {
    let share = share_of(&everything(), |script| {
        let mut start = 0;
        let line = |line: &str| {
            start += line.len();
            Edit { range: start - line.len()..start, with: "" }
        };
        script.text.split_inclusive('\n').map(line).collect()
    });
    share.check("functions stay what they are when a line elsewhere is deleted", 995);
}

/// Every 41st character.
#[test]
fn a_deleted_character_leaves_the_other_functions_alone() {
    let share = share_of(&everything(), |script| {
        let characters = script.text.char_indices().step_by(41);
        characters.map(|(at, c)| Edit { range: at..at + c.len_utf8(), with: "" }).collect()
    });
    share.check("functions stay what they are when a character elsewhere is deleted", 995);
}

/// Every 17th token.
#[test]
fn a_deleted_token_leaves_the_other_functions_alone() {
    let share = share_of(&everything(), |script| {
        let mut tokens = Vec::new();
        visit(script.tree.root_node(), &mut |node| {
            if node.child_count() == 0 && !node.byte_range().is_empty() {
                tokens.push(Edit { range: node.byte_range(), with: "" });
            }
        });
        tokens.into_iter().step_by(17).collect()
    });
    share.check("functions stay what they are when a token elsewhere is deleted", 995);
}

/// Brackets, quotes and commas, each at every 401st place.
#[test]
fn an_inserted_bracket_leaves_the_other_functions_alone() {
    let share = share_of(&everything(), |script| {
        let signs = ["{", "}", "(", ")", "[", "]", "\"", ",", ":"].iter().cycle();
        let places = script.text.char_indices().step_by(401).flat_map(|(at, _)| [at; 9]);
        places.zip(signs).map(|(at, with)| Edit { range: at..at, with }).collect()
    });
    share.check("functions stay what they are when a sign is inserted elsewhere", 995);
}

/// Puts each of the lines in front of every ninth statement of the examples.
#[test]
fn a_foreign_line_leaves_what_follows_it_alone() {
    let mut parser = parser();
    let (mut functions, mut following) = (Share::default(), Share::default());
    for script in &scripts(&["examples"]) {
        let text = &script.text;
        let mut places = Vec::new();
        visit(script.tree.root_node(), &mut |block| {
            let mut cursor = block.walk();
            let children: Vec<Node> = match block.kind() {
                "block" => block.named_children(&mut cursor).filter(|child| !child.is_extra()).collect(),
                _ => return,
            };
            for (index, statement) in children.iter().enumerate() {
                let line = text[..statement.start_byte()].rfind('\n').map_or(0, |end| end + 1);
                if text[line..statement.start_byte()].trim().is_empty() {
                    let shapes: Vec<Shape> = children[index..].iter().filter_map(|node| shape(*node)).collect();
                    places.push((line, statement.start_byte() - line, shapes));
                }
            }
        });
        for (number, line) in LINES.lines().enumerate() {
            for (at, indent, shapes) in places.iter().skip(number % 9).step_by(9) {
                let with = format!("{:indent$}{line}\n", "");
                let edit = Edit { range: *at..*at, with: &with };
                let tree = parser.parse(edit.apply(text), None).unwrap();
                count_bodies(&mut functions, script, &edit, &tree);
                let after = statements(&tree);
                for shape in shapes {
                    following.count(after.contains(&edit.moves(*shape)), || format!("{line} in {}", script.name));
                }
            }
        }
    }
    functions.check("functions stay what they are when a foreign line is put elsewhere", 999);
    following.check("statements behind a foreign line stay what they are", 970);
}
