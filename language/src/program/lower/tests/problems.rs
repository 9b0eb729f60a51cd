use super::{check_line, check_problems, lowered};

#[test]
fn open_brackets_are_named_by_what_they_open() {
    check_line("print(\"a\"", &["6 syntax-error `)` is missing to close the arguments of `print`"]);
    check_line("x.f(1", &["4 syntax-error `)` is missing to close the arguments of `f`"]);
    check_line("f32::zeros(1", &["11 syntax-error `)` is missing to close the arguments of `zeros`"]);
    check_line("let x = [1, 2", &["9 syntax-error `]` is missing to close the array"]);
    check_line("let x = (1 + 2", &["9 syntax-error `)` is missing to close `(`"]);
    check_line("x[1", &["2 syntax-error `]` is missing to close the index"]);
    check_line("tensor w: float32[2", &["18 syntax-error `]` is missing to close the sizes"]);
    check_problems("fn f(a { a }", &["1:5 syntax-error `)` is missing to close the parameters of `f`"]);
}

#[test]
fn a_bracket_stays_open_until_the_next_statement() {
    check_problems(
        "main {\n    let x = f(1,\n        g(2)\n    let y = 3\n}",
        &["2:14 syntax-error `)` is missing to close the arguments of `f`"],
    );
}

#[test]
fn open_blocks_are_named_by_their_keyword() {
    check_problems("main {\n    print(1)\n", &["1:6 syntax-error `}` is missing to close the block of `main`"]);
    check_problems("fn f(x) {\n    x\nmain { }", &["1:9 syntax-error `}` is missing to close the function `f`"]);
    check_problems("main {\n  match x { 1 => 2\n}", &["2:11 syntax-error `}` is missing to close `match`"]);
}

#[test]
fn indentation_tells_which_block_is_open() {
    check_problems(
        "main {\n    for i in range(3) {\n        print(i)\n    if x {\n        print(2)\n    }\n}\n",
        &["2:23 syntax-error `}` is missing to close the block of `for`"],
    );
    check_problems(
        "main {\n    for i in range(3) {\n        if x {\n            print(i)\n    }\n    print(2)\n}\n",
        &["3:14 syntax-error `}` is missing to close the block of `if`"],
    );
}

#[test]
fn brackets_that_close_nothing() {
    check_line("print(1))", &["9 syntax-error this `)` closes nothing"]);
    check_line("let x = 3 ]", &["11 syntax-error this `]` closes nothing"]);
    check_problems("main { } }", &["1:10 syntax-error this `}` closes nothing"]);
    check_problems("main {\n    a\n} }\nprint(3)", &["3:3 syntax-error this `}` closes nothing"]);
}

#[test]
fn what_has_still_to_be_typed() {
    check_line("let x =", &["7 syntax-error a value is missing after `=`"]);
    check_line("x = 1 +", &["7 syntax-error a value is missing after `+`"]);
    check_line("x += ", &["3 syntax-error a value is missing after `+=`"]);
    check_line("f(a = )", &["5 syntax-error a value is missing after `=`"]);
    check_line("let = 3", &["1 syntax-error a name is missing after `let`"]);
    check_line("x.", &["2 syntax-error a name is missing after `.`"]);
    check_line("f32::", &["4 syntax-error a name is missing after `::`"]);
    check_line("let x: = 3", &["6 syntax-error a type is missing after `:`"]);
    check_line("while { }", &["1 syntax-error a condition is missing after `while`"]);
    check_line("if { }", &["1 syntax-error a condition is missing after `if`"]);
    check_line("match { 1 => 2 }", &["1 syntax-error a value is missing after `match`"]);
    check_line("for i in { }", &["8 syntax-error a value is missing after `in`"]);
    check_line("while x print(1)", &["1 syntax-error a block `{ … }` is missing after this `while`"]);
    check_line("if x { } else", &["10 syntax-error a block `{ … }` is missing after this `else`"]);
    check_problems("fn f(a: ) { }", &["1:7 syntax-error a type is missing after `:`"]);
    check_problems("fn f() -> { }", &["1:8 syntax-error a type is missing after `->`"]);
    check_problems("fn f()", &["1:1 syntax-error a block `{ … }` is missing after this `fn`"]);
}

#[test]
fn keywords_without_the_rest() {
    check_line("else { }", &["1 syntax-error this `else` belongs to no `if`"]);
    check_problems("main print(1)", &["1:1 syntax-error this `main` is incomplete"]);
    check_problems("import foo", &["1:1 syntax-error this `import` is incomplete"]);
    check_problems("fn (a) { a }", &["1:1 syntax-error this `fn` is incomplete"]);
    let (_, problems) = lowered("import foo");
    assert_eq!(problems[0].helps, ["write `import \"file.tl\"`"]);
}

#[test]
fn commas_part_what_brackets_hold_and_no_statements() {
    check_line("f(a b)", &["5 syntax-error `,` is missing between `a` and `b`"]);
    check_line("x = 1, y = 2", &["6 syntax-error a comma does not part statements"]);
    check_problems("fn f(a int) { }", &["1:6 syntax-error `:` or `,` is missing after `a`"]);
    check_problems("fn f a { a }", &["1:6 syntax-error the function has no parameter list `( )`"]);
}

#[test]
fn assignments_are_no_values() {
    check_line("a = b = 3", &["7 syntax-error an assignment is not a value"]);
    check_line("if x = 3 { }", &["6 syntax-error an assignment is not a value"]);
    check_line("f(x) = 3", &["6 syntax-error unexpected `=`"]);
}

#[test]
fn strings_and_comments_end_somewhere() {
    check_line("print(\"abc)", &["7 syntax-error this string is not closed"]);
    check_problems("main { let x = \"abc }", &["1:16 syntax-error this string is not closed"]);
    check_line("a /* b", &["3 syntax-error this comment is not closed"]);
}

#[test]
fn declarations_stand_at_the_top_level() {
    check_line("  fn g() { }", &["3 syntax-error `fn` stands inside of a block"]);
    check_line("  struct P { x: int }", &["3 syntax-error `struct` stands inside of a block"]);
    check_problems("main {\nfn g() { }\n}", &["1:6 syntax-error `}` is missing to close the block of `main`"]);
}

#[test]
fn characters_that_begin_nothing() {
    check_line("x = 3 $ 4", &["7 syntax-error unexpected `$`"]);
    check_line("x = §", &["5 syntax-error unexpected `§`"]);
}

#[test]
fn one_line_tells_one_guess() {
    check_line("x = 3 ) ] $", &["7 syntax-error this `)` closes nothing"]);
}
