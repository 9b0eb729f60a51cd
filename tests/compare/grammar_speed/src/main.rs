//! Measures the grammar of TensorLogic beside tree-sitter-rust;
//! started by `tests/compare/grammar_speed.sh`, which says how.

mod programs;

use std::process::ExitCode;

use programs::Dialect;
use rustix::time::{ClockId, clock_gettime};
use tree_sitter::{InputEdit, Node, Parser, Point, Tree};

/// How often every text is parsed; the grammars take turns.
const PARSES: usize = 25;
/// How often every text is edited, at places that are spread over it.
const EDITS: usize = 40;
/// How often the texts of every length are parsed; the lengths take turns.
const LENGTHS: usize = 7;

const PARSER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tree-sitter-tensorlogic/src/parser.c");
const PARSER_BOUND: u64 = 3_000_000; // bytes
const SPEED_BOUND: f64 = 1.0; // ours / tree-sitter-rust
const EDIT_BOUND: f64 = 1.0; // per cent of a full parse
const BLOCK_EDIT_BOUND: f64 = 1.0; // ours / tree-sitter-rust
const LINE_BOUND: f64 = 1.5; // a line among 100,000 / a line among 10,000

/// A text with its parser and its tree.
struct Subject {
    text: String,
    parser: Parser,
    tree: Tree,
    /// Where the edits are: behind a name and behind a number, in turns.
    places: Vec<usize>,
}

impl Subject {
    fn new(dialect: Dialect, text: String) -> Self {
        let mut parser = Parser::new();
        let language = match dialect {
            Dialect::TensorLogic => tree_sitter_tensorlogic::LANGUAGE.into(),
            Dialect::Rust => tree_sitter_rust::LANGUAGE.into(),
        };
        parser.set_language(&language).expect("the grammar fits the library");
        let tree = parser.parse(&text, None).expect("a language is set");
        if let Some(fault) = fault(tree.root_node()) {
            let row = fault.start_position().row;
            panic!("{} in line {}: {:?}", fault.kind(), row + 1, text.lines().nth(row));
        }
        let spots: Vec<usize> = text
            .match_indices("total + sum(x[step]) * 0.5")
            .flat_map(|(start, found)| [start + "total".len(), start + found.len()])
            .collect();
        let places = (0..EDITS).map(|edit| spots[edit * (spots.len() - 1) / EDITS / 2 * 2 + edit % 2]).collect();
        Self { text, parser, tree, places }
    }

    /// Seconds for a parse of the whole text.
    fn parse(&mut self) -> f64 {
        let since = now();
        let tree = self.parser.parse(&self.text, None).expect("a language is set");
        let took = now() - since;
        self.tree = tree;
        took
    }

    /// Seconds until the tree is that of the text again, after a digit comes and
    /// after it goes; such a digit may end a name and a number.
    fn edit(&mut self, edit: usize) -> [f64; 2] {
        let place = self.places[edit];
        self.text.insert(place, '1');
        let came = self.update(place, 0, 1);
        self.text.remove(place);
        [came, self.update(place, 1, 0)]
    }

    fn update(&mut self, place: usize, old: usize, new: usize) -> f64 {
        let line = self.text[..place].rfind('\n').map_or(0, |end| end + 1);
        let row = self.text[..place].matches('\n').count();
        let point = |byte: usize| Point::new(row, byte - line);
        let change = InputEdit {
            start_byte: place,
            old_end_byte: place + old,
            new_end_byte: place + new,
            start_position: point(place),
            old_end_position: point(place + old),
            new_end_position: point(place + new),
        };
        let since = now();
        self.tree.edit(&change);
        let tree = self.parser.parse(&self.text, Some(&self.tree)).expect("a language is set");
        let took = now() - since;
        self.tree = tree;
        took
    }

    fn lines(&self) -> f64 {
        self.text.lines().count() as f64
    }

    fn megabytes(&self) -> f64 {
        self.text.len() as f64 / 1e6
    }
}

/// The same program in both languages, with the medians of what was measured.
struct Pair {
    ours: Subject,
    rust: Subject,
    /// Seconds of a parse, of ours and of tree-sitter-rust.
    parse: [f64; 2],
    /// Seconds of an edit, likewise.
    edit: [f64; 2],
    /// Ours / tree-sitter-rust of a parse and of an edit. Only what was measured one right after
    /// the other is divided, since a machine may be slower for a while.
    ratio: [f64; 2],
}

impl Pair {
    fn new(program: fn(Dialect, usize) -> String, lines: usize) -> Self {
        let subject = |dialect| Subject::new(dialect, program(dialect, lines));
        let (mut ours, mut rust) = (subject(Dialect::TensorLogic), subject(Dialect::Rust));
        let mut parses = [vec![], vec![]];
        for _ in 0..PARSES {
            parses[0].push(ours.parse());
            parses[1].push(rust.parse());
        }
        let mut edits = [vec![], vec![]];
        for edit in 0..EDITS {
            edits[0].extend(ours.edit(edit));
            edits[1].extend(rust.edit(edit));
        }
        let ratio = [&parses, &edits].map(|[ours, rust]| median(ours.iter().zip(rust).map(|(a, b)| a / b).collect()));
        Self { ours, rust, parse: parses.map(median), edit: edits.map(median), ratio }
    }

    /// Megabytes a second, of ours and of tree-sitter-rust.
    fn speed(&self) -> [f64; 2] {
        [self.ours.megabytes() / self.parse[0], self.rust.megabytes() / self.parse[1]]
    }
}

/// A node that only a text with a mistake has. What the language refuses has
/// nodes of its own beside those of tree-sitter.
fn fault(root: Node) -> Option<Node> {
    let refused = ["missing_", "malformed", "stray", "misplaced", "unterminated"];
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() || refused.iter().any(|start| node.kind().starts_with(start)) {
            return Some(node);
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return None;
            }
        }
    }
}

/// Seconds that this thread has worked; other work of the machine is not in it.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

fn median(mut took: Vec<f64>) -> f64 {
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

/// Prints one line of figures; says whether the bound is kept.
fn tell(kept: bool, name: &str, figures: String) -> bool {
    println!("{}  {name:<36} {figures}", if kept { "PASS" } else { "FAIL" });
    kept
}

fn tell_speed(name: &str, pair: &Pair) -> bool {
    let [ours, rust] = pair.speed();
    let ratio = pair.ours.megabytes() / pair.rust.megabytes() / pair.ratio[0];
    let figures = format!(
        "{ours:.2} MB/s, tree-sitter-rust {rust:.2} MB/s, ratio {ratio:.2}; bound at least {SPEED_BOUND:.2} \
         ({:.2} and {:.2} MB)",
        pair.ours.megabytes(),
        pair.rust.megabytes(),
    );
    tell(ratio >= SPEED_BOUND, name, figures)
}

fn tell_lengths(name: &str, program: fn(Dialect, usize) -> String) -> bool {
    let mut subjects = [1_000, 10_000, 100_000]
        .map(|lines| (Subject::new(Dialect::TensorLogic, program(Dialect::TensorLogic, lines)), vec![]));
    for _ in 0..LENGTHS {
        for (subject, took) in &mut subjects {
            took.push(subject.parse() * 1e6 / subject.lines());
        }
    }
    let [few, middle, many] = subjects.map(|(_, took)| median(took));
    let ratio = many / middle;
    let figures = format!("{few:.2}, {middle:.2}, {many:.2} µs a line, 100k / 10k {ratio:.2}; bound {LINE_BOUND}");
    tell(ratio <= LINE_BOUND, name, figures)
}

fn main() -> ExitCode {
    let functions = Pair::new(programs::functions, 10_000);
    let block = Pair::new(programs::block, 10_000);
    let mut kept = vec![
        tell_speed("parse of 10,000 lines of functions", &functions),
        tell_speed("parse of a block of 10,000 lines", &block),
    ];

    let share = |side: usize| 100.0 * functions.edit[side] / functions.parse[side];
    let figures = format!(
        "{:.1} µs, {:.2} % of a parse (tree-sitter-rust {:.1} µs, {:.2} %); bound {EDIT_BOUND} %",
        functions.edit[0] * 1e6,
        share(0),
        functions.edit[1] * 1e6,
        share(1),
    );
    kept.push(tell(share(0) < EDIT_BOUND, "edit in 10,000 lines of functions", figures));

    let [ours, rust] = block.edit;
    let figures = format!(
        "{:.1} µs, tree-sitter-rust {:.1} µs, ratio {:.2}; bound {BLOCK_EDIT_BOUND:.2}",
        ours * 1e6,
        rust * 1e6,
        block.ratio[1],
    );
    kept.push(tell(block.ratio[1] <= BLOCK_EDIT_BOUND, "edit in a block of 10,000 lines", figures));

    kept.push(tell_lengths("functions of 1k, 10k, 100k lines", programs::functions));
    kept.push(tell_lengths("a block of 1k, 10k, 100k lines", programs::block));

    let size = std::fs::metadata(PARSER).expect("the parser is generated").len();
    let figures = format!("{:.2} MB; bound {} MB", size as f64 / 1e6, PARSER_BOUND / 1_000_000);
    kept.push(tell(size < PARSER_BOUND, "size of src/parser.c", figures));

    if kept.iter().all(|kept| *kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
