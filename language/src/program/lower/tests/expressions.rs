use super::{check_line, check_main, lowered, print};

#[test]
fn operators_bind_as_the_grammar_says() {
    check_main("a + b * c ** d", "(a + (b * (c ** d)))");
    check_main("a - b - c", "((a - b) - c)");
    check_main("2 ** 3 ** 2", "(2 ** (3 ** 2))");
    check_main("-2 ** 2", "(-(2 ** 2))");
    check_main("a @ b * c", "((a @ b) * c)");
    check_main("a ⊙ b", "(a * b)");
    check_main("a ⊗ b * c", "((a ⊗ b) * c)");
    check_main("a == b < c", "(a == (b < c))");
    check_main("a != b >= c", "(a != (b >= c))");
    check_main("a ≈ 1.0 && b", "((a ≈ 1.0) && b)");
    check_main("!a == b", "((!a) == b)");
}

#[test]
fn words_stand_for_logical_operators() {
    check_main("a or b and not c == d", "(a || (b && (!(c == d))))");
    check_main("a || b && !c", "(a || (b && (!c)))");
}

#[test]
fn a_minus_and_a_literal_are_one_number() {
    check_main("-5", "(-5)");
    check_main("a -1", "(a - 1)");
    check_main("- -3", "(-(-3))");
    check_main("-x.len()", "(-x.len())");
    check_main("-0.5", "(-0.5)");
    check_main("-9223372036854775808", "(-9223372036854775808)");
    check_line("9223372036854775808", &["1 malformed-number number too large: `9223372036854775808`"]);
    check_line("-9223372036854775809", &["2 malformed-number number too large: `9223372036854775809`"]);
}

#[test]
fn numbers_have_a_value() {
    check_main("007", "7");
    check_main("1e5", "100000.0");
    check_main("1.5e-3", "0.0015");
    check_main("1E2", "100.0");
    check_line("1e999", &["1 malformed-number number too large: `1e999`"]);
}

#[test]
fn strings_have_five_escapes() {
    check_main(r#""a\n\t\r\"\\n""#, r#""a\n\t\r\"\\n""#);
    check_main("\"one\ntwo\"", r#""one\ntwo""#);
    check_main("\"one\r\ntwo\rthree\"", r#""one\ntwo\nthree""#);
    check_main(r#""  // no comment # no space ""#, r#""  // no comment # no space ""#);
    check_main(r#""{} ⊙ 🦊""#, r#""{} ⊙ 🦊""#);
}

#[test]
fn unknown_escapes_stay() {
    check_main(r#""\d\⊙""#, r#""\\d\\⊙""#);
    check_line(r#""a\d\\d""#, &[r"3 legacy-syntax `\d` is no escape: both characters stay"]);
}

#[test]
fn casts_apply_to_sums() {
    check_main("a + b as int", "((a + b) as int)");
    check_main("a == b as int", "(a == (b as int))");
    check_main("x as f32 as int", "((x as f32) as int)");
    check_main("x as i64", "(x as int)");
    check_main("x as i32", "(x as i32)");
    check_main("x as f64", "(x as float)");
    check_main("x as f16", "(x as float16)");
    check_main("x as bool", "(x as bool)");
    check_main("a + b as int * 2", "(((a + b) as int) * 2)");
    check_line("a + b as int * 2", &["1 legacy-syntax the cast applies to everything on its left"]);
    check_line("((a + b) as int) * 2", &[]);
    check_line("x as string", &["6 syntax-error `as` does not convert to `string`"]);
}

#[test]
fn postfixes_follow_any_value() {
    check_main("(a + b).sum()", "(a + b).sum()");
    check_main("[1, 2][0]", "[1, 2][0]");
    check_main("\"s\".len()", "\"s\".len()");
    check_main("f(x)[0].g(1)", "f(x)[0].g(1)");
    check_main("model.blk[i + 1].attn_q.weight", "model.blk[(i + 1)].attn_q.weight");
    check_main("x.in.range", "x.in.range");
    check_main("f(x) - 1", "(f(x) - 1)");
}

#[test]
fn a_number_behind_a_dot_is_an_index() {
    check_main("model.blk.0.attn_norm", "model.blk[0].attn_norm");
    check_line("model.blk.10.weight", &["10 legacy-syntax `.10` is accepted as `[10]`"]);
}

#[test]
fn index_items_are_values_or_slices() {
    check_main("w[i, :]", "w[i, :]");
    check_main("w[1:, :n, 0:5]", "w[1:, :n, 0:5]");
    check_main("w[-1]", "w[(-1)]");
    check_main("e[\"k\"]", "e[\"k\"]");
    check_main("w[0..5]", "w[0:5]");
    check_line("w[0..5]", &["3 legacy-syntax `a..b` is accepted as `a:b`"]);
    check_line("w[]", &["2 syntax-error an index is missing between `[` and `]`"]);
}

#[test]
fn arguments_have_names_after_equals_or_colon() {
    check_main("adam(lr = 0.1, beta: 2)", "adam(lr = 0.1, beta = 2)");
    check_main("f(a, b,)", "f(a, b)");
    check_main("f32::zeros([2, 3.0])", "f32::zeros([2, 3.0])");
    check_main("KVCache::new(22)", "KVCache::new(22)");
    check_main("tensor([1, 2])", "tensor([1, 2])");
    check_line("f(a = 1, 2)", &["10 syntax-error an argument without a name stands behind a named one"]);
    check_line("f(1)(2)", &["1 syntax-error only functions can be called"]);
    check_line("f32::zeros", &["1 syntax-error `f32::zeros` is a function"]);
}

#[test]
fn arrays_list_or_repeat() {
    check_main("[]", "[]");
    check_main("[1, n + 1, 2.0,]", "[1, (n + 1), 2.0]");
    check_main("[0.0; 2 * n]", "[0.0; (2 * n)]");
    check_line("let x = (1, 2)", &["9 syntax-error there are no tuples"]);
}

#[test]
fn if_is_a_value() {
    check_main(
        "let x = if a { 1 } else { 2 }",
        "
        let x = if a {
            1
        } else {
            2
        }",
    );
    check_main(
        "if a { 1 }\nelse if b { 2 }\nelse { 3 }",
        "
        if a {
            1
        } else if b {
            2
        } else {
            3
        }",
    );
    check_main("let n = 1 + 2\nif n > 2 { }", "let n = (1 + 2)\nif (n > 2) {\n}");
}

#[test]
fn an_inline_if_is_understood_and_refused() {
    check_line("let x = if a then 1 else 2", &["9 syntax-error `if` needs braces instead of `then`"]);
}

#[test]
fn match_arms_have_patterns_and_guards() {
    check_main(
        "match x { 1 | -2 => \"a\", 1.5 => b, \"s\" => c, true => d, n if n > 3 => n, _ => 0 }",
        "
        match x {
            1 | -2 => \"a\",
            1.5 => b,
            \"s\" => c,
            true => d,
            n if (n > 3) => n,
            _ => 0,
        }",
    );
    check_main(
        "let y = match x { _ => { print(1) 2 } }",
        "
        let y = match x {
            _ => {
                print(1)
                2
            },
        }",
    );
}

#[test]
fn what_cannot_be_executed_yet_has_its_meaning() {
    check_main("let s = P { x: 1, y: a + b, }", "let s = (P { x: 1, y: (a + b) })");
    check_main("let s = Box<int, float32[2]> { }.x", "let s = (Box<int, float32[2]> { }).x");
    check_main("let a = p(X, Y)?", "let a = (p(X, Y)?)");
    check_main("inv x\ninv x ** 2\nlet y = - inv x", "(inv x)\ninv((x ** 2))\nlet y = (-(inv x))");
    check_main("shape(x) == [n, ?]", "(shape(x) == [n, ?])");
    check_main("python.call(\"f\", x)", "python.call(\"f\", x)");
    check_main("Box<int>::new(1)", "Box<int>::new(1)");
    check_main("for i in (0..n) { }", "for i in range(0, n) {\n}");
    check_main(
        "match x { 1 => { a } 2 => b, _ => { c } }",
        "match x {\n    1 => {\n        a\n    },\n    2 => b,\n    _ => {\n        c\n    },\n}",
    );
    check_main(
        "match x { (a, 1 | 2) => 1, P { x: 0, y: b } => b, P { } => c }",
        "match x {\n    (a, 1 | 2) => 1,\n    P { x: 0, y: b } => b,\n    P { } => c,\n}",
    );
}

#[test]
fn what_is_refused_prints_as_no_script() {
    let printed = |line: &str| print::program(&lowered(&format!("main {{\n{line}\n}}")).0);
    assert_eq!(printed("let x = (1, 2)"), "main {\n    let x = <refused: tuple>\n}\n");
    assert_eq!(printed("let (a, b) = x"), "main {\n    <refused: tuple pattern>\n}\n");
    assert_eq!(printed("for (a, b) in x { print(a) }"), "main {\n    <refused: tuple pattern>\n}\n");
    assert_eq!(printed("a = b = 3"), "main {\n    a = <refused: assignment as a value>\n}\n");
    assert_eq!(printed("x = 1 + 2i"), "main {\n    x = (1 + <refused: complex number>)\n}\n");
    assert_eq!(printed("x = 10x"), "main {\n    x = <refused: malformed number>\n}\n");
    assert_eq!(printed("x = a +"), "main {\n    x = (a + <invalid>)\n}\n");
}
