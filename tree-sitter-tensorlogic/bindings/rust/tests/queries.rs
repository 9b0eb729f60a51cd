//! The queries of every editor, against the grammar and against what the editor knows.
//!
//! A query that names a node or a field that does not exist is refused by the editor as a
//! whole, and a capture that it does not know is passed over without a word. Neither shows
//! before somebody opens a file, so both are looked at here.

mod editors;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use editors::{EDITORS, Editor, NAMES, Only, Under};
use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator};

/// A query as it lies in the folder.
struct File {
    path: PathBuf,
    editor: &'static Editor,
    name: String,
    text: String,
}

impl File {
    /// The query, or where it does not fit the grammar.
    fn compile(&self) -> Result<Query, String> {
        Query::new(&language(), &self.text).map_err(|problem| {
            format!("{}:{}:{}: {}", self.path.display(), problem.row + 1, problem.column + 1, problem.message)
        })
    }

    fn query(&self) -> Query {
        self.compile().unwrap_or_else(|problem| panic!("{problem}"))
    }
}

fn language() -> Language {
    tree_sitter_tensorlogic::LANGUAGE.into()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every query, those of a folder in the order of their names.
fn files() -> Vec<File> {
    let mut found = Vec::new();
    for editor in &EDITORS {
        let folder = root().join("queries").join(editor.folder);
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let known = EDITORS.iter().any(|one| path.ends_with(Path::new("queries").join(one.folder)));
                assert!(known, "{}: no editor of this name is known here", path.display());
                continue;
            }
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().to_owned();
            found.push(File { path, editor, name, text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn file(path: &str) -> File {
    files().into_iter().find(|file| file.path == Path::new("queries").join(path)).unwrap()
}

#[test]
fn every_query_fits_the_grammar() {
    let files = files();
    let problems: Vec<String> = files.iter().filter_map(|file| file.compile().err()).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    for editor in &EDITORS {
        assert!(files.iter().any(|file| file.editor.folder == editor.folder), "`{}` has no queries", editor.folder);
    }
}

#[test]
fn every_capture_is_known_to_its_editor() {
    let mut problems = Vec::new();
    for file in files() {
        let Some((_, known)) = file.editor.captures.iter().find(|(name, _)| *name == file.name) else {
            problems.push(format!("{}: this editor reads no such query", file.path.display()));
            continue;
        };
        for capture in file.query().capture_names() {
            let holds = match known {
                Only(names) => names.contains(capture),
                Under(names) => names.iter().any(|name| {
                    capture.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                }),
            };
            // A name that begins with an underscore is the query's own.
            if !holds && !capture.starts_with('_') {
                let line = file.text.lines().position(|line| line.contains(&format!("@{capture}"))).unwrap_or(0);
                problems.push(format!("{}:{}: `@{capture}` is not known", file.path.display(), line + 1));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// Forms that are rare in the other samples.
const RARE: &str = "\
main {
    let where_it_is = match point { Point { x: a, y: _ } => a, one | other => 0 }
}
";

/// Everything in `test/`: whole programs, and the sources of the corpus.
fn samples() -> Vec<String> {
    let mut found = vec![RARE.to_owned()];
    for folder in ["", "highlight", "tags"] {
        for entry in fs::read_dir(root().join("test").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "tl") {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    for entry in fs::read_dir(root().join("test/corpus")).unwrap() {
        found.extend(corpus_sources(&fs::read_to_string(entry.unwrap().path()).unwrap()));
    }
    found
}

/// The sources in a file of the corpus: between the second line of `=` and that of `-`.
fn corpus_sources(text: &str) -> Vec<String> {
    let is_rule = |line: &str, sign: &str| line.len() >= 3 && line.trim_end_matches(sign).is_empty();
    let mut found = Vec::new();
    let mut lines = text.lines();
    while lines.any(|line| is_rule(line, "=")) {
        if !lines.any(|line| is_rule(line, "=")) {
            break;
        }
        let source: Vec<&str> = lines.by_ref().take_while(|line| !is_rule(line, "-")).collect();
        found.push(source.join("\n") + "\n");
    }
    found
}

/// A pattern that the grammar can never produce, or that nobody has tried, is not kept.
#[test]
fn every_pattern_matches_somewhere_in_the_samples() {
    let samples = samples();
    assert!(samples.len() > 100, "only {} samples", samples.len());
    let mut parser = parser();
    let trees: Vec<_> = samples.iter().map(|text| parser.parse(text, None).unwrap()).collect();
    let mut problems = Vec::new();
    for file in files() {
        let query = file.query();
        let mut unused: BTreeSet<usize> = (0..query.pattern_count()).collect();
        for (text, tree) in samples.iter().zip(&trees) {
            let mut cursor = QueryCursor::new();
            let mut matches = cursor.matches(&query, tree.root_node(), text.as_bytes());
            while let Some(one) = matches.next() {
                unused.remove(&one.pattern_index);
            }
        }
        for pattern in unused {
            let line = file.text[..query.start_byte_for_pattern(pattern)].lines().count() + 1;
            problems.push(format!("{}:{line}: no sample has this", file.path.display()));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// The number of a sample, with a range in it.
type Place = (usize, usize, usize);

/// What a query colours in the samples, and the names that its patterns give, by their number.
fn coloured(file: &File, samples: &[String], without: &str) -> BTreeMap<Place, BTreeMap<usize, String>> {
    let query = file.query();
    let mut parser = parser();
    let mut found: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for (number, text) in samples.iter().enumerate() {
        let tree = parser.parse(text, None).unwrap();
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(&query, tree.root_node(), text.as_bytes());
        while let Some(one) = matches.next() {
            for capture in one.captures() {
                let name = query.capture_names()[capture.index as usize];
                if name != without {
                    let range = capture.node.byte_range();
                    let names = found.entry((number, range.start, range.end)).or_default();
                    names.insert(one.pattern_index, name.to_owned());
                }
            }
        }
    }
    found
}

/// Editors differ in how they call a thing, and not in what has a colour.
#[test]
fn every_editor_colours_the_same_words() {
    let samples = samples();
    let standard = file("highlights.scm");
    let wanted = coloured(&standard, &samples, "error");
    let with_errors = coloured(&standard, &samples, "");
    for path in ["helix/highlights.scm", "zed/highlights.scm"] {
        let found = coloured(&file(path), &samples, "");
        for (place @ (number, start, end), names) in &wanted {
            let word = &samples[*number][*start..*end];
            assert!(found.contains_key(place), "{path} leaves out `{word}`, which is {names:?}");
        }
        for (place @ (number, start, end), names) in &found {
            let word = &samples[*number][*start..*end];
            assert!(with_errors.contains_key(place), "only {path} has a colour for `{word}`: {names:?}");
        }
    }
}

/// What the common query calls by one name has one name in every other, so that a change of one
/// query is a change of all.
#[test]
fn every_editor_has_its_own_names_for_the_same_things() {
    let samples = samples();
    // The pattern that comes last wins.
    let last = |path: &str| -> BTreeMap<Place, String> {
        let all = coloured(&file(path), &samples, "").into_iter();
        all.filter_map(|(place, mut names)| Some((place, names.pop_last()?.1))).collect()
    };
    let standard = last("highlights.scm");
    let (helix, zed) = (last("helix/highlights.scm"), last("zed/highlights.scm"));
    let in_other = |names: &BTreeMap<Place, String>, place: &Place| names.get(place).cloned().unwrap_or_default();
    let names = |(place, name): (&Place, &String)| [name.clone(), in_other(&helix, place), in_other(&zed, place)];
    let found: BTreeSet<[String; 3]> = standard.iter().map(names).collect();
    let known: BTreeSet<[String; 3]> = NAMES.iter().map(|names| names.map(str::to_owned)).collect();
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty() && gone.is_empty(), "not in the table: {new:#?}\nonly in the table: {gone:#?}");
}

fn parser() -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&language()).unwrap();
    parser
}

/// What a capture covers in a text; nodes that one match repeats are taken together.
fn found(path: &str, capture: &str, text: &str) -> Vec<String> {
    let query = file(path).query();
    let tree = parser().parse(text, None).unwrap();
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(&query, tree.root_node(), text.as_bytes());
    let mut found = BTreeSet::new();
    while let Some(one) = matches.next() {
        let ranges = one.captures().iter().filter(|one| query.capture_names()[one.index as usize] == capture);
        let (start, end) = ranges.fold((usize::MAX, 0), |(start, end), one| {
            (start.min(one.node.start_byte()), end.max(one.node.end_byte()))
        });
        if start < end {
            found.insert((start, end));
        }
    }
    found.into_iter().map(|(start, end)| text[start..end].to_owned()).collect()
}

#[track_caller]
fn check(path: &str, capture: &str, text: &str, expected: &[&str]) {
    assert_eq!(found(path, capture, text), expected, "`@{capture}` of {path}");
}

const PROGRAM: &str = "\
// Greets
fn greet(name: string, loud: bool) -> string {
    let text = \"hello \" + name
    text
}
struct Point { x: int, y: int }
main { print(greet(\"Mia\", true)) }
test greets { assert_eq(1, 1) }
";

#[test]
fn functions_are_objects_of_text() {
    let body = "let text = \"hello \" + name\n    text";
    check("textobjects.scm", "function.inner", PROGRAM, &[body, "print(greet(\"Mia\", true))", "assert_eq(1, 1)"]);
    check("zed/textobjects.scm", "function.inside", PROGRAM, &[body, "print(greet(\"Mia\", true))", "assert_eq(1, 1)"]);
    check("helix/textobjects.scm", "test.around", PROGRAM, &["test greets { assert_eq(1, 1) }"]);
    check("helix/textobjects.scm", "class.around", PROGRAM, &["struct Point { x: int, y: int }"]);
}

#[test]
fn parameters_are_objects_of_text_with_their_comma() {
    let text = "fn f(a: int, b: int) { }\n";
    check("textobjects.scm", "parameter.inner", text, &["a: int", "b: int"]);
    check("textobjects.scm", "parameter.outer", text, &["a: int,", ", b: int"]);
    check("helix/textobjects.scm", "parameter.inside", text, &["a: int", "b: int"]);
    check("helix/textobjects.scm", "parameter.around", text, &["a: int,", "b: int"]);
}

#[test]
fn zed_has_a_button_at_main_and_an_outline() {
    check("zed/runnables.scm", "run", PROGRAM, &["main"]);
    check("zed/outline.scm", "name", PROGRAM, &["greet", "Point", "x", "y", "main", "greets"]);
}

#[test]
fn comments_and_python_are_injected() {
    let text = "main {\n    // TODO: faster\n    let a = python.call(\"np.dot\", x)\n}\n";
    for path in ["injections.scm", "helix/injections.scm", "zed/injections.scm"] {
        check(path, "injection.content", text, &["// TODO: faster", "np.dot"]);
    }
}
