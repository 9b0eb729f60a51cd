use super::{check_help, check_line, check_main, check_problems, lowered, print};

#[test]
fn old_spellings_are_accepted_with_a_hint() {
    check_main("x := 3\nlet y := 4", "x = 3\nlet y = 4");
    check_line("x := 3", &["3 legacy-syntax `:=` is accepted as `=`"]);
    check_line("let y := 4", &["7 legacy-syntax `:=` is accepted as `=`"]);
    check_line("a;", &["2 legacy-syntax `;` is not needed: a line end parts statements"]);
    check_line("query p(X)?", &["1 legacy-syntax `query` is not needed in front of a query"]);
    check_line("p(X) :- q(X)", &["6 legacy-syntax `:-` is accepted as `<-`"]);
    check_line("rule p(X) <- q(X)", &["1 legacy-syntax `rule` is not needed in front of a rule"]);
    check_line("for i in 0..3 { }", &["10 legacy-syntax `a..b` is accepted as `range(a, b)`"]);
}

#[test]
fn strings_of_other_languages_are_refused() {
    check_line("print('a')", &["7 syntax-error a string stands in `\"`, not in `'`"]);
    check_help("print('a')", "write `\"a\"`");
    check_line("print(f\"{x}\")", &["7 syntax-error a string has no `f` in front"]);
    check_line("print(“a”)", &["7 syntax-error unexpected `“`"]);
    check_help("print(“a”)", "write `\"`");
}

#[test]
fn comments_of_other_languages_are_refused() {
    check_line("a # comment", &["3 syntax-error a comment begins with `//`, not with `#`"]);
    check_help("a # comment", "write `//`");
}

#[test]
fn keywords_of_other_languages_are_named() {
    check_line("var x = 3", &["1 syntax-error `var` is not a keyword"]);
    check_help("var x = 3", "write `let`");
    check_help("elif x { }", "write `else if`");
    check_help("lte x = 3", "did you mean `let`?");
    check_problems("mian { print(1) }", &["1:1 syntax-error `mian` is not a keyword"]);
    check_problems("function f(x) { x }", &["1:1 syntax-error `function` is not a keyword"]);
    check_problems("def f(x): x", &["1:1 syntax-error `def` is not a keyword"]);
    check_line("var", &[]);
}

#[test]
fn a_foreign_declaration_still_declares() {
    let printed = |source: &str| print::program(&lowered(source).0);
    assert_eq!(printed("main {\nvar x = 3\nx\n}"), "main {\n    <invalid>\n    x = 3\n    x\n}\n");
    assert_eq!(printed("main {\nelif x { }\nx\n}"), "main {\n    <invalid>\n    x\n}\n");
}

#[test]
fn operators_of_other_languages_are_named() {
    check_line("x = a & b", &["7 syntax-error unexpected `&`"]);
    check_help("x = a & b", "write `&&` or `and`");
    check_line("x = a === b", &["7 syntax-error unexpected `===`"]);
    check_help("x = a <> b", "write `!=`");
    check_help("x = a ≤ b", "write `<=`");
    check_help("x = a ? b : c", "write `if c { a } else { b }` to choose a value");
    check_line("match x { 1 -> 2 }", &["13 syntax-error unexpected `->`"]);
    check_line("x++", &["2 syntax-error there is no operator `++`"]);
    check_help("x--", "write `-= 1`");
    check_main("x = a--b", "x = (a - (-b))");
}

#[test]
fn forms_of_other_languages_are_told_once() {
    check_line("x = {\"a\": [1, 2]}", &["5 syntax-error there are no dictionaries"]);
    check_line(
        "f({}, {a: {b: 1}})",
        &["3 syntax-error there are no dictionaries", "7 syntax-error there are no dictionaries"],
    );
    check_line("s = {1, 2}", &["5 syntax-error there are no sets"]);
    check_line("x = { f(y) }", &["5 syntax-error a block is not a value"]);
    let header = "5 syntax-error a loop runs over values and has no header in parentheses";
    check_line("for (let i = 0; i < 3; i++) { f(i) }", &[header]);
    check_line("for (const x of xs) { f(x) }", &[header]);
    check_line("if x > 1: f(x)", &["9 syntax-error a block begins with `{`, not with `:`"]);
    check_line("while true:", &["11 syntax-error a block begins with `{`, not with `:`"]);
}

#[test]
fn numbers_of_other_languages_say_what_is_wrong() {
    check_line("0x1F", &["1 malformed-number `0x1F` is hexadecimal, and numbers are decimal"]);
    check_help("0x1F", "write `31`");
    check_help("0b101", "write `5`");
    check_line("1_000", &["1 malformed-number `1_000` has `_` between its digits"]);
    check_help("1_000.5", "write `1000.5`");
    check_line("1.5f32", &["1 malformed-number `1.5f32` has a suffix, which numbers do not have"]);
    check_help("1_f32", "write `1`");
    check_line("10x", &["1 malformed-number `10x` is neither a number nor a name"]);
    check_line("1e", &["1 malformed-number `1e` has no digits in its exponent"]);
    check_line(".5", &["1 malformed-number `.5` has no digit before its point"]);
    check_help(".5", "write `0.5`");
    check_help(".5f", "write `0.5`");
    check_line("x = 3.", &["5 malformed-number `3.` has no digit after its point"]);
    check_help("x = 3.", "write `3.0`");
    check_line("1 + 2i", &["5 not-supported-yet complex numbers cannot be executed yet"]);
}

#[test]
fn names_are_english() {
    check_line("let π = 3", &["5 syntax-error the name `π` has letters that are not English"]);
}

#[test]
fn strange_spaces_are_named() {
    check_line("a =\u{A0}3", &["4 syntax-error the space character U+00A0 is not allowed"]);
    check_problems("\u{FEFF}main { }", &[]);
    check_problems("\u{FEFF}main { ) }", &["1:9 syntax-error this `)` closes nothing"]);
    check_problems("main {\u{FEFF} }", &["1:7 syntax-error the space character U+FEFF is not allowed"]);
}
