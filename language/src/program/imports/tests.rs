use std::io;

use super::*;
use crate::files::{Readable, Stamp};
use crate::program::{self, names::Binding};

/// Files that are nowhere but here; `./` in a path means nothing.
struct Texts<'t>(Vec<(&'t str, &'t str)>);

impl<'t> Texts<'t> {
    fn get(&self, path: &Path) -> io::Result<&'t str> {
        let path = path.to_string_lossy().replace("./", "");
        let found = self.0.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| *text).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Files for Texts<'_> {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.get(path).map(|text| text.as_bytes().to_vec())
    }

    fn exists(&self, path: &Path) -> bool {
        self.get(path).is_ok()
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.get(path).map(|_| path.to_string_lossy().replace("./", "").into())
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.get(path).map(|text| Stamp { modified: None, length: text.len() as u64 })
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        Ok(Box::new(io::Cursor::new(self.read_text(path)?)))
    }
}

/// The first file as a script.
fn script(files: &Texts) -> (Analysis, Sources) {
    let mut sources = Sources::default();
    let (path, text) = files.0[0];
    let file = sources.add(path, text);
    (program::analyse(&mut sources, file, files), sources)
}

fn described(problems: &[Diagnostic], sources: &Sources) -> Vec<String> {
    let told = problems.iter();
    told.map(|problem| format!("{} {} {}", sources.describe(problem.place), problem.code.name(), problem.message))
        .collect()
}

/// The first file has these problems, each with its place.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) -> Vec<Diagnostic> {
    let (analysis, sources) = script(&Texts(files.to_vec()));
    assert_eq!(described(&analysis.problems, &sources), expected);
    analysis.problems
}

#[test]
fn declarations_of_imported_files_are_known() {
    check(
        &[
            ("a/main.tl", "import \"lib.tl\"\nmain { print(twice(g)) }"),
            (
                "a/lib.tl",
                "tensor g: float32[2]\nfn twice(x) { x + other(x) }\nimport \"deep/more.tl\"\nmain { broken() }",
            ),
            ("a/deep/more.tl", "fn other(x) { x }\ntest t { broken() }"),
        ],
        &[],
    );
}

#[test]
fn a_file_counts_once() {
    let (analysis, _) = script(&Texts(vec![
        ("main.tl", "import \"left.tl\" import \"right.tl\" import \"./left.tl\" main { f() }"),
        ("left.tl", "import \"base.tl\""),
        ("right.tl", "import \"base.tl\""),
        ("base.tl", "fn f() { }"),
    ]));
    assert_eq!(analysis.problems, []);
    assert_eq!(analysis.program.functions.len(), 1);
    assert_eq!(analysis.imported.len(), 3);
}

#[test]
fn circles_are_told_at_the_import_of_the_script() {
    let problems = check(
        &[
            ("a.tl", "import \"b.tl\"\nmain { f() }"),
            ("b.tl", "import \"c.tl\""),
            ("c.tl", "fn f() { }\nimport \"a.tl\""),
        ],
        &["a.tl:1:8 import-cycle `a.tl` imports itself"],
    );
    assert_eq!(problems[0].notes, ["the circle: a.tl → b.tl → c.tl → a.tl"]);
    assert_eq!(problems[0].related.len(), 2);
    check(&[("a.tl", "import \"a.tl\"")], &["a.tl:1:8 import-cycle `a.tl` imports itself"]);
    let problems = check(
        &[("a.tl", "import \"b.tl\""), ("b.tl", "import \"c.tl\""), ("c.tl", "import \"b.tl\"")],
        &["a.tl:1:8 import-cycle `b.tl` imports itself"],
    );
    assert_eq!(problems[0].notes, ["the circle: b.tl → c.tl → b.tl"]);
}

#[test]
fn a_missing_file_lists_what_was_tried() {
    let problems = check(
        &[("a/main.tl", "import \"lib\"\nimport \"\""), ("a/lib.tl", "import \"none.tl\"")],
        &["a/main.tl:1:8 import-not-found no file is found at `lib`"],
    );
    assert_eq!(problems[0].notes[..2], ["tried `a/lib`", "tried `lib`"]);
    assert_eq!(problems[0].helps, ["write `lib.tl`"]);
    let problems = check(
        &[("main.tl", "import \"a/lib.tl\""), ("a/lib.tl", "import \"none.tl\"")],
        &["a/lib.tl:1:8 import-not-found no file is found at `none.tl`"],
    );
    assert_eq!(problems[0].notes[..2], ["tried `a/none.tl`", "tried `none.tl`"]);
}

#[test]
fn chains_and_files_have_bounds() {
    let names: Vec<(String, String)> =
        (0..5_000).map(|at| (format!("f{at}.tl"), format!("import \"f{}.tl\"", at + 1))).collect();
    let files = names.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (analysis, _) = script(&Texts(files));
    let [problem] = &analysis.problems[..] else { panic!("{:?}", analysis.problems) };
    assert_eq!(problem.message, "`f101.tl` is imported by way of more than 100 files");
    let long = " ".repeat((16 << 20) + 1);
    let (analysis, _) = script(&Texts(vec![("a.tl", "import \"b.tl\""), ("b.tl", &long)]));
    let expected = "`b.tl` cannot be read: it has 16777217 bytes, a script has 16777216 at most";
    assert_eq!(analysis.problems[0].message, expected);
}

#[test]
fn files_share_their_names() {
    check(
        &[("a.tl", "import \"b.tl\"\nfn f() { }\nfn g() { }"), ("b.tl", "fn f() { g() }")],
        &["a.tl:2:4 duplicate-name the function `f` is declared twice"],
    );
}

#[test]
fn a_script_shows_that_an_imported_file_has_errors() {
    let (analysis, sources) = script(&Texts(vec![
        ("a.tl", "fn g() { }\nimport \"b.tl\"\nmain { none() }"),
        ("b.tl", "import \"c.tl\""),
        ("c.tl", "fn f() { x + y }\nfn g() { }"),
    ]));
    assert_eq!(
        described(&analysis.seen_from_script(&sources), &sources),
        [
            "a.tl:1:4 duplicate-name the function `g` is declared twice",
            "a.tl:2:8 unknown-name `c.tl` has 2 errors, the first: nothing is called `x` here",
            "a.tl:3:8 unknown-function no function is called `none`",
        ]
    );
    assert_eq!(analysis.problems.len(), 4);
}

#[test]
fn beside_an_imported_file_its_problems_are_there() {
    let (analysis, sources) = script(&Texts(vec![
        ("a.tl", "import \"b.tl\"\nimport \"c.tl\"\nmain { f(1) }"),
        ("b.tl", "fn f() { x }\n// tl: allow(unknown-name)\nfn g() { y }"),
        ("c.tl", "fn h() { z }"),
    ]));
    let shown = |file| sources.file(file).path.ends_with("b.tl");
    assert_eq!(
        described(&analysis.seen_beside(&sources, &shown), &sources),
        [
            "a.tl:2:8 unknown-name `c.tl` has an error: nothing is called `z` here",
            "a.tl:3:10 arity `f` takes 0 arguments, found 1",
            "b.tl:1:10 unknown-name nothing is called `x` here",
        ]
    );
}

#[test]
fn only_a_changed_file_is_understood_again() {
    let mut sources = Sources::default();
    let mut memory = program::Memory::default();
    let file = sources.add("a.tl", "import \"b.tl\"\nimport \"c.tl\"\nmain { f(g()) }");
    let mut analyse = |files: &Texts, text: &str| {
        sources.replace(file, text);
        let tree = syntax::parse(text);
        let analysis = program::analyse_tree(&tree, &mut sources, file, files, &mut memory);
        assert_eq!(described(&analysis.problems, &sources), [""; 0]);
        analysis
    };
    let b = ("b.tl", "fn f(x) { x }");
    let script = "import \"b.tl\"\nimport \"c.tl\"\nmain { f(g()) }";
    let first = analyse(&Texts(vec![b, ("c.tl", "fn g() { 1 }")]), script);
    let second = analyse(&Texts(vec![b, ("c.tl", "fn h() { 2 }\nfn g() { 1 }")]), script);
    assert_eq!(first.imported, second.imported, "files keep their numbers");
    let texts = |analysis: &Analysis| -> Vec<_> {
        analysis.program.functions.iter().map(|function| (function.name.text.clone(), function.name.id.text)).collect()
    };
    let (first, second) = (texts(&first), texts(&second));
    assert_eq!(first[..2], [second[0].clone(), second[2].clone()], "so do declarations");
    let third = analyse(&Texts(vec![b, ("c.tl", "fn g() { 1 }")]), "import \"b.tl\"\nimport \"c.tl\"\nmain { g() }");
    let main = third.program.main.as_ref().and_then(|main| main.body.statements.first());
    let Some(StatementKind::Expression(Expression { kind: ExpressionKind::Call { function, .. }, .. })) =
        main.map(|statement| &statement.kind)
    else {
        panic!("`main` is a call")
    };
    assert!(matches!(third.names.binding(function), Binding::Function(_)));
}
