//! What the fixes make of a text: with the edits of its first problem applied it
//! has that problem no more, and a safe fix keeps its meaning.

use super::lowered;
use crate::diagnostic::Fix;
use crate::program::print;

/// The first problem of the statements is repaired by its fix, which gives these.
#[track_caller]
fn check_fix(statements: &str, is_safe: bool, expected: &str) {
    let around = |statements: &str| format!("main {{\n{statements}\n}}");
    check_text(&around(statements), is_safe, &around(expected));
}

#[track_caller]
fn check_text(text: &str, is_safe: bool, expected: &str) {
    let (program, problems) = lowered(text);
    let first = problems.first().expect("there is no problem");
    let fix = first.fix.as_ref().unwrap_or_else(|| panic!("`{}` has no fix", first.message));
    assert_eq!(applied(text, fix), expected, "{}", fix.title);
    assert_eq!(fix.safe, is_safe, "{}", fix.title);
    let (after, left) = lowered(expected);
    assert!(left.len() < problems.len(), "{left:#?}");
    if fix.safe && !print::program(&program).contains('<') {
        assert_eq!(print::program(&after), print::program(&program), "the fix changes the meaning");
    }
}

/// A text with the edits of a fix.
fn applied(text: &str, fix: &Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.place.start()..edit.place.end(), &edit.text);
    }
    text
}

#[test]
fn old_spellings_become_those_of_today() {
    check_fix("x := 1", true, "x = 1");
    check_fix("let x: int32 = 1", true, "let x: int = 1");
    check_fix("tensor x: float64[2]", true, "tensor x: float32[2]");
    check_fix("print(x.0)", true, "print(x[0])");
    check_fix("print(x[1..n + 1])", true, "print(x[1:n + 1])");
    check_fix("for i in 0..n * 2 { }", true, "for i in range(0, n * 2) { }");
    check_fix("let x = a + b as int * 2", true, "let x = (a + b as int) * 2");
    check_fix("print(\"\\d\")", true, "print(\"\\\\d\")");
    check_text("fn main() { print(1) }", true, "main { print(1) }");
    check_text("rule p(X) <- q(X)", true, "p(X) <- q(X)");
    check_text("p(X) :- q(X)", true, "p(X) <- q(X)");
    check_fix("query p(X)?", true, "p(X)?");
}

#[test]
fn a_separator_gives_way_to_a_line_end() {
    check_fix("print(1);", true, "print(1)");
    check_fix("    print(1);  print(2)", true, "    print(1)\n    print(2)");
    check_fix("x = 1, y = 2", true, "x = 1\ny = 2");
    check_fix("print(1); // one", true, "print(1) // one");
    let (_, problems) = lowered("main {\nlet x = 1;\n-x\n}");
    assert_eq!(problems[0].fix, None, "`-x` would be read as a part of the line before");
}

#[test]
fn signs_and_words_of_other_languages() {
    check_fix("if a === 1 { }", true, "if a == 1 { }");
    check_fix("# words", true, "// words");
    check_fix("print('a')", true, "print(\"a\")");
    check_fix("var x = 1", true, "let x = 1");
    check_fix("whlie x > 1 { }", false, "while x > 1 { }");
    check_fix("if a = 1 { }", false, "if a == 1 { }");
}

#[test]
fn numbers_become_decimal() {
    for (written, meant) in [("0x1F", "31"), ("1_000", "1000"), ("2.5f32", "2.5"), (".5", "0.5"), ("1.", "1.0")] {
        check_fix(&format!("x = {written}"), true, &format!("x = {meant}"));
    }
}

#[test]
fn what_stands_outside_of_main_goes_into_it() {
    check_text("let x = 1\nprint(x)", false, "main {\n    let x = 1\n    print(x)\n}");
    check_text("fn f() { 1 }\nf()\n", false, "fn f() { 1 }\nmain {\n    f()\n}\n");
    check_text("let x = 1\nmain { print(x) }", false, "main {\n    let x = 1\n    print(x) }");
    check_text("main { print(1) }\nprint(2)\n", false, "main { print(1) \n    print(2)\n}\n");
    check_text("let x = 1 // one\nmain {\n    print(x)\n}", false, " // one\nmain {\n    let x = 1\n    print(x)\n}");
    for kept in ["let x = 1\nmain { }\nprint(2)", "let x = \"a\nb\"\nmain { }", "let x = 1\nmain {"] {
        let (_, problems) = lowered(kept);
        assert!(problems.iter().all(|problem| problem.fix.is_none()), "{kept}: {problems:#?}");
    }
}
