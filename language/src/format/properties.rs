//! What holds for every text: the layout of a layout is itself, and no token, no
//! comment and no meaning is lost, whatever the text looked like before.

use std::path::{Path, PathBuf};

use super::*;

/// Everything that the repository has in this language.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut texts = Vec::new();
    for path in find(&root.join("examples"), "tl").into_iter().chain(find(&root.join("tests"), "tl")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let cases: Vec<String> = text.split("// ---").map(str::to_owned).collect();
        texts.extend(cases.into_iter().map(|case| (path.display().to_string(), case)));
        texts.push((path.display().to_string(), text));
    }
    for path in find(&root.join("tree-sitter-tensorlogic/test/corpus"), "txt") {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut parts = text.split("\n---\n");
        let mut next = parts.next().map(str::to_owned);
        for part in parts {
            if let Some(code) = next.as_deref().and_then(|head| head.rsplit("====\n").next()) {
                texts.push((path.display().to_string(), code.to_owned()));
            }
            next = Some(part.to_owned());
        }
    }
    assert!(texts.len() > 200, "found {} texts", texts.len());
    texts
}

fn find(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(find(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The tokens of a text that is not broken.
fn tokens_of(text: &str) -> Tokens<'_> {
    Reading::of(syntax::parse(text).root().unwrap(), text).unwrap().tokens
}

/// All tokens but commas and semicolons; comments apart, since a comma moves in
/// front of one.
fn words(text: &str) -> (Vec<String>, Vec<String>) {
    let tokens = tokens_of(text);
    let (comments, code): (Vec<_>, Vec<_>) = tokens.all.iter().partition(|token| token.is_comment());
    let code = code.iter().filter(|token| !matches!(token.text, "," | ";"));
    let own = |token: &&tokens::Token| token.text.to_owned();
    (code.map(|token| token.text.to_owned()).collect(), comments.iter().map(own).collect())
}

/// Checks the layout of one text; says whether it has one.
fn check(name: &str, text: &str) -> bool {
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    let tree = syntax::parse(text);
    let Ok(Reading { tokens, outline }) = Reading::of(tree.root().unwrap(), text) else {
        assert!(format(text).is_err());
        return false;
    };
    // Without the last check of `format`, which would hide what fails here.
    let once = lay_out(&tokens, line_end(text));
    let shown = || format!("{name}\n-- before\n{text}\n-- after\n{once}");
    let tree = syntax::parse(&once);
    let again = Reading::of(tree.root().unwrap(), &once).unwrap_or_else(|_| panic!("broken: {}", shown()));
    assert_eq!(words(text), words(&once), "{}", shown());
    assert!(outline == again.outline && outline.is_that_of(&tree, &once), "another tree: {}", shown());
    let twice = lay_out(&again.tokens, line_end(&once));
    assert!(once == twice, "not at rest: {}\n-- again\n{twice}", shown());
    assert!(once.lines().all(|line| line.trim_end() == line || text.contains(line)), "{}", shown());
    true
}

/// A small generator of random numbers, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }
}

/// The same program in a layout that nobody would choose: blanks, tabs and line
/// ends wherever `change` puts them between two tokens.
fn scrambled(text: &str, mut change: impl FnMut(&tokens::Token, &str) -> String) -> String {
    let tokens = tokens_of(text);
    let mut result = String::new();
    let mut end = 0;
    for token in &tokens.all {
        let start = token.text.as_ptr() as usize - text.as_ptr() as usize;
        // A comma that moved has no white space of its own.
        let between = text.get(end..start).unwrap_or_default();
        result += &if between.trim().is_empty() { change(token, between) } else { between.to_owned() };
        result += token.text;
        end = start + token.text.len();
    }
    result + "\n"
}

#[test]
fn every_text_of_the_repository() {
    let laid_out = texts().iter().filter(|(name, text)| check(name, text)).count();
    assert!(laid_out > 150, "laid out {laid_out} texts");
}

#[test]
fn scrambled_layouts() {
    let mut random = Random(7);
    let mut laid_out = 0;
    for (name, text) in texts() {
        if format(&text).is_err() {
            continue;
        }
        let blanks = scrambled(&text, |_, between| match random.below(4) {
            0 if !between.is_empty() => format!("{between} \t "),
            1 if between == " " => "\t".into(),
            2 if between.contains('\n') => format!("\n\n{between}"),
            _ => between.to_owned(),
        });
        let joined = scrambled(&text, |token, between| {
            let inside = token.group != tokens::ROOT && token.lines > 0 && token.item.is_none();
            if inside && !token.is_comment() { " ".into() } else { between.to_owned() }
        });
        let broken = scrambled(&text, |token, between| {
            let in_list = token.item.is_some() || token.closes().is_some();
            if in_list && between.is_empty() && random.below(2) == 0 { "\n".into() } else { between.to_owned() }
        });
        let flat = scrambled(&text, |_, between| between.replace('\n', " "));
        for layout in [blanks, joined, broken, flat] {
            // A line end that means something may have gone: that is another text.
            laid_out += usize::from(check(&name, &layout));
        }
    }
    assert!(laid_out > 600, "laid out {laid_out} texts");
}

#[test]
fn every_prefix_of_an_example() {
    for (name, text) in texts().iter().filter(|(name, _)| name.contains("examples")) {
        for (end, _) in text.char_indices().step_by(37) {
            check(name, &text[..end]);
        }
    }
}

#[test]
fn narrow_and_deep_texts() {
    let deep = format!("main {{ let a = {}1{} }}", "[".repeat(3000), "]".repeat(3000));
    check("deep list", &deep);
    let blocks = format!("main {}{}", "{ ".repeat(500), "}".repeat(500));
    check("deep blocks", &blocks);
    let chain = format!("main {{ let a = 1{} }}", " + f(2)".repeat(2000));
    check("long chain", &chain);
}
