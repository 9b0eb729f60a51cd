//! The queries of every editor, against the grammar and against what the editor knows.
//!
//! A query that names a node or a field that does not exist is refused by the editor as a
//! whole, and a capture that it does not know is passed over without a word. Neither shows
//! before somebody opens a file, so both are looked at here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator};

/// What an editor knows of captures, by the name of the query's file.
struct Editor {
    /// Its folder in `queries/`.
    folder: &'static str,
    captures: &'static [(&'static str, Known)],
}

/// Captures that are known.
#[derive(Clone, Copy)]
enum Known {
    /// These and no others.
    Only(&'static [&'static str]),
    /// These, and those that begin with one of them and a dot: `function.call` is drawn
    /// as `function`.
    Under(&'static [&'static str]),
}

use Known::{Only, Under};

/// Every editor. A list states where it is from.
const EDITORS: [Editor; 4] = [
    Editor {
        folder: "",
        captures: &[
            // The vocabulary of Neovim, which goes on from that of tree-sitter.
            ("highlights", Under(NVIM_HIGHLIGHTS)),
            // tree-sitter's manual, "Syntax highlighting: local variables, language injection",
            // and the crate `tree-sitter-highlight`.
            ("locals", Only(&["local.scope", "local.definition", "local.reference"])),
            ("injections", Only(&["injection.content", "injection.language"])),
            // tree-sitter's manual, "Code navigation systems", and the crate `tree-sitter-tags`.
            ("tags", Under(&["name", "doc", "definition", "reference"])),
            // tree-sitter has no names for these; Neovim's are the most widely read ones.
            ("folds", Only(&["fold"])),
            ("indents", Only(NVIM_INDENTS)),
            ("textobjects", Only(NVIM_TEXTOBJECTS)),
        ],
    },
    Editor {
        folder: "nvim",
        captures: &[
            ("highlights", Under(NVIM_HIGHLIGHTS)),
            ("locals", Under(NVIM_LOCALS)),
            ("folds", Only(&["fold"])),
            ("indents", Only(NVIM_INDENTS)),
            ("injections", Only(&["injection.content", "injection.language", "injection.filename"])),
            ("textobjects", Only(NVIM_TEXTOBJECTS)),
        ],
    },
    Editor {
        folder: "helix",
        captures: &[
            ("highlights", Under(HELIX_SCOPES)),
            // Helix, `book/src/guides`: "Adding indent queries", "Adding textobject queries",
            // "Adding injection queries", "Adding tags queries", "Adding rainbow bracket queries".
            (
                "indents",
                Only(&[
                    "indent",
                    "indent.always",
                    "outdent",
                    "outdent.always",
                    "align",
                    "extend",
                    "extend.prevent-once",
                    "anchor",
                ]),
            ),
            ("textobjects", Only(HELIX_TEXTOBJECTS)),
            (
                "injections",
                Only(&["injection.content", "injection.language", "injection.filename", "injection.shebang"]),
            ),
            ("tags", Only(HELIX_TAGS)),
            ("rainbows", Only(&["rainbow.scope", "rainbow.bracket"])),
            // A definition goes on with the scope that its references are drawn in.
            ("locals", Under(&["local.scope", "local.reference", "local.definition"])),
        ],
    },
    Editor {
        folder: "zed",
        captures: &[
            // Zed's documentation, "Language extensions".
            ("highlights", Under(ZED_HIGHLIGHTS)),
            ("brackets", Only(&["open", "close"])),
            ("outline", Only(&["name", "item", "context", "context.extra", "annotation"])),
            ("indents", Only(&["indent", "start", "end", "outdent"])),
            ("injections", Only(&["injection.content", "injection.language", "content", "language"])),
            // Free names, as `config.toml` has them; `inclusive` counts the end in.
            ("overrides", Only(&["comment.inclusive", "string"])),
            (
                "textobjects",
                Only(&[
                    "function.around",
                    "function.inside",
                    "class.around",
                    "class.inside",
                    "comment.around",
                    "comment.inside",
                ]),
            ),
            ("runnables", Only(&["run"])),
        ],
    },
];

/// Neovim 0.11, `:help treesitter-highlight-groups`. `error` is a group of the plugin in
/// `editors/nvim`.
const NVIM_HIGHLIGHTS: &[&str] = &[
    "attribute",
    "boolean",
    "character",
    "character.special",
    "comment",
    "constant",
    "constructor",
    "error",
    "function",
    "keyword",
    "label",
    "module",
    "nospell",
    "number",
    "operator",
    "property",
    "punctuation.bracket",
    "punctuation.delimiter",
    "punctuation.special",
    "spell",
    "string",
    "type",
    "variable",
];

/// nvim-treesitter, `CONTRIBUTING.md`, "Locals".
const NVIM_LOCALS: &[&str] = &["local.scope", "local.reference", "local.definition"];

/// nvim-treesitter, `CONTRIBUTING.md`, "Indents".
const NVIM_INDENTS: &[&str] = &[
    "indent.begin",
    "indent.end",
    "indent.align",
    "indent.dedent",
    "indent.branch",
    "indent.ignore",
    "indent.auto",
    "indent.zero",
];

/// nvim-treesitter-textobjects, `README.md`, "Built-in textobjects".
const NVIM_TEXTOBJECTS: &[&str] = &[
    "assignment.inner",
    "assignment.lhs",
    "assignment.outer",
    "assignment.rhs",
    "attribute.inner",
    "attribute.outer",
    "block.inner",
    "block.outer",
    "call.inner",
    "call.outer",
    "class.inner",
    "class.outer",
    "comment.inner",
    "comment.outer",
    "conditional.inner",
    "conditional.outer",
    "frame.inner",
    "frame.outer",
    "function.inner",
    "function.outer",
    "loop.inner",
    "loop.outer",
    "number.inner",
    "parameter.inner",
    "parameter.outer",
    "regex.inner",
    "regex.outer",
    "return.inner",
    "return.outer",
    "scopename.inner",
    "statement.outer",
];

/// Helix, `book/src/themes.md`, "Scopes". `error` is there among the interface's.
const HELIX_SCOPES: &[&str] = &[
    "attribute",
    "comment",
    "constant",
    "constructor",
    "error",
    "function",
    "keyword",
    "label",
    "namespace",
    "operator",
    "punctuation",
    "special",
    "string",
    "tag",
    "type",
    "variable",
];

const HELIX_TEXTOBJECTS: &[&str] = &[
    "function.inside",
    "function.around",
    "function.movement",
    "class.inside",
    "class.around",
    "class.movement",
    "test.inside",
    "test.around",
    "test.movement",
    "parameter.inside",
    "parameter.around",
    "parameter.movement",
    "comment.inside",
    "comment.around",
    "comment.movement",
    "entry.inside",
    "entry.around",
    "entry.movement",
];

const HELIX_TAGS: &[&str] = &[
    "name",
    "definition.class",
    "definition.constant",
    "definition.field",
    "definition.function",
    "definition.interface",
    "definition.macro",
    "definition.module",
    "definition.struct",
    "definition.type",
];

const ZED_HIGHLIGHTS: &[&str] = &[
    "attribute",
    "boolean",
    "comment",
    "constant",
    "constructor",
    "embedded",
    "enum",
    "function",
    "hint",
    "keyword",
    "label",
    "namespace",
    "number",
    "operator",
    "predictive",
    "preproc",
    "primary",
    "property",
    "punctuation",
    "string",
    "tag",
    "type",
    "variable",
    "variant",
];

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

/// What a query colours in the samples: the number of a sample with a range in it.
fn coloured(file: &File, samples: &[String], without: &str) -> BTreeMap<(usize, usize, usize), Vec<String>> {
    let query = file.query();
    let mut parser = parser();
    let mut found: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (number, text) in samples.iter().enumerate() {
        let tree = parser.parse(text, None).unwrap();
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(&query, tree.root_node(), text.as_bytes());
        while let Some(one) = matches.next() {
            for capture in one.captures() {
                let name = query.capture_names()[capture.index as usize];
                if name != without {
                    let range = capture.node.byte_range();
                    found.entry((number, range.start, range.end)).or_default().push(name.to_owned());
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
