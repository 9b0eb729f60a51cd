//! Texts before and after, by subject.

use super::*;

/// Whether `before` is laid out as `after`, and `after` stays as it is.
fn check(before: &str, after: &str) {
    assert_eq!(format(before).as_deref(), Ok(after), "from {before:?}");
    assert_eq!(format(after).as_deref(), Ok(after), "once more");
}

/// The same for statements, which stand in `main`.
fn check_body(before: &str, after: &str) {
    let body = |text: &str, indent: &str| {
        let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") };
        format!("main {{\n{}}}\n", text.lines().map(line).collect::<String>())
    };
    check(&body(before, ""), &body(after, "    "));
}

/// A text that stays as it is.
fn keep(text: &str) {
    check(text, text);
}

fn keep_body(text: &str) {
    check_body(text, text);
}

#[test]
fn blanks_between_tokens() {
    check_body("let x=1+2*-3", "let x = 1 + 2 * -3");
    check_body("x:=f ( a ,b , c = 1 )", "x := f(a, b, c = 1)");
    check_body("y = ! a&&b [ 0 ,: , 1 : 2 ]", "y = !a && b[0, :, 1:2]");
    check_body("let p:Point=Point{x:1,y:-2}", "let p: Point = Point { x: 1, y: -2 }");
    check_body("let e = [ 0.0;64 ]", "let e = [0.0; 64]");
    check_body("for i in 0 .. 3{print(model . blk[ i ] . w)}", "for i in 0..3 { print(model.blk[i].w) }");
    check_body("let c = KVCache :: new( 3 )", "let c = KVCache::new(3)");
    check_body("print( - ( a+b ) , not c )", "print(-(a + b), not c)");
    check("tensor w:float16[ 2,? ]learnable=[1,2]\n", "tensor w: float16[2, ?] learnable = [1, 2]\n");
    check("fn f( a:int,b ) ->float16[ n ]{ a }\n", "fn f(a: int, b) -> float16[n] { a }\n");
    check("entity E={ a,b }\n", "entity E = {a, b}\n");
    check("struct S < T >{ x:T }\n", "struct S<T> { x: T }\n");
}

#[test]
fn statements_have_a_line_each() {
    check_body("let a = 1 let b = 2", "let a = 1\nlet b = 2");
    check_body("a = 1; b = 2;", "a = 1\nb = 2");
    check_body("a = 1;\n\n;b = 2", "a = 1\n\nb = 2");
    check_body("if a { b() c() }", "if a {\n    b()\n    c()\n}");
    check_body("x = 1;\n-y", "x = 1;\n-y");
    check_body("f(x)\n-y", "f(x)\n-y");
}

#[test]
fn blocks_may_stay_on_a_line() {
    keep_body("if x { break }");
    keep_body("let a = if x { 1 } else { 2 }");
    check_body("if x {}\nelse {\n}", "if x { } else { }");
    check_body("if x\n{ a }\nelse\n{ b }", "if x { a } else { b }");
    check_body("if x { a } else {\n b\n}", "if x {\n    a\n} else {\n    b\n}");
    check_body("if x { a }\nelse if y {\n b } else { c }", "if x {\n    a\n} else if y {\n    b\n} else {\n    c\n}");
    check("fn f() -> int { 1 }\nfn g() { }\n", "fn f() -> int { 1 }\n\nfn g() { }\n");
    keep("struct Point { x: float, y: float }\n");
}

#[test]
fn blank_lines_part_groups() {
    check_body("\n\na = 1\n\n\n\nb = 2\n\n", "a = 1\n\nb = 2");
    check("\n\nmain{}\n\n\n", "main { }\n");
    check("", "");
    check(" \n\t\n", "");
    check(
        "import \"a.tl\"\nrelation p(x: entity)\np(a) <- p(b)\nfn f() { a }\nmain { f() }",
        "import \"a.tl\"\nrelation p(x: entity)\np(a) <- p(b)\n\nfn f() { a }\n\nmain { f() }\n",
    );
    check(
        "fn f() { a }\n// about g\n// and more\nfn g() { b }\n",
        "fn f() { a }\n\n// about g\n// and more\nfn g() { b }\n",
    );
    check("fn f() { a } // this f\nfn g() { b }\n", "fn f() { a }  // this f\n\nfn g() { b }\n");
    check(
        "impl P {\nfn a(self) { 1 }\nfn b(self) { 2 }\n}\n",
        "impl P {\n    fn a(self) { 1 }\n\n    fn b(self) { 2 }\n}\n",
    );
}

#[test]
fn comments_stay_at_their_statement() {
    check_body("// one\na = 1 // two\n    // three\n\n// four", "// one\na = 1  // two\n// three\n\n// four");
    check_body("if a { // one\nb }", "if a {  // one\n    b\n}");
    check_body(
        "f( // one\na, // two\n// three\nb // four\n)",
        "f(  // one\n    a,  // two\n    // three\n    b  // four\n)",
    );
    check_body("f(\na // one\n, b\n)", "f(\n    a,  // one\n    b\n)");
    check_body("if a {\n b\n}\n// otherwise\nelse {\n c\n}", "if a {\n    b\n}\n// otherwise\nelse {\n    c\n}");
    check_body("if a {\n b\n} // then\nelse {\n c\n}", "if a {\n    b\n}  // then\nelse {\n    c\n}");
    check_body("if a // why\n{ b }", "if a  // why\n{ b }");
    check_body("/* c */ a = 1\nb /* d */ = 2 /* e */", "/* c */ a = 1\nb /* d */ = 2 /* e */");
    check("main {\n  /* a\n b */\nc\n}", "main {\n    /* a\n b */\n    c\n}\n");
    check("main { }\n// the end", "main { }\n// the end\n");
    check_body("let a = 1 // sum\n  + 2", "let a = 1  // sum\n    + 2");
}

#[test]
fn lines_go_on_where_they_did() {
    check_body("let a = x\n+ y\n  * z", "let a = x\n    + y\n    * z");
    check_body("let a =\nx", "let a =\n    x");
    check_body("x\n.f()\n  .g(\n1)", "x\n    .f()\n    .g(\n        1)");
    check_body("let a = (\nx\n+ y\n)", "let a = (\n    x\n    + y\n)");
    check_body("if a\n&& b {\nc\n}", "if a\n    && b {\n    c\n}");
    check("fn f(\na: int,\nb: int\n) -> int\n{\na\n}", "fn f(\n    a: int,\n    b: int\n) -> int {\n    a\n}\n");
    check("p(X) <- q(X),\nr(X)\n", "p(X) <- q(X),\n    r(X)\n");
}

#[test]
fn what_hangs_below_the_first_item_stays_there() {
    check_body("let m=[[1,2],\n[3,4]]", "let m = [[1, 2],\n         [3, 4]]");
    check_body("f(aa,\n  b)", "f(aa,\n  b)");
    check_body("f(aa,\n      b)", "f(aa,\n    b)");
    keep_body("let m = [\n    [1, 2],\n    [3, 4],\n]");
}

#[test]
fn long_lists_are_broken() {
    let long = "a".repeat(40);
    check_body(
        &format!("let x = f({long}, g({long}), {long})"),
        &format!("let x = f(\n    {long},\n    g({long}),\n    {long}\n)"),
    );
    check_body(
        &format!("let x = tensor([[{long}, {long}], [{long}, 1]])"),
        &format!("let x = tensor([\n    [{long}, {long}],\n    [{long}, 1]\n])"),
    );
    check(
        &format!("fn f(a: int, {long}: int) -> int {{ {long} }}"),
        &format!("fn f(a: int, {long}: int) -> int {{\n    {long}\n}}\n"),
    );
    check_body(
        &format!("if {long} {{ f({long}) }} else {{ g({long}) }}"),
        &format!("if {long} {{\n    f({long})\n}} else {{\n    g({long})\n}}"),
    );
    check_body(
        &format!("if {long} {{ f({long}) }} else if b {{ /* c */ }} else {{ d }}"),
        &format!("if {long} {{\n    f({long})\n}} else if b {{ /* c */\n}} else {{\n    d\n}}"),
    );
    // Nothing is gained with a string alone, and a comment is as long as it is.
    keep_body(&format!("print(\"{long}{long}{long}\")"));
    keep_body(&format!("f({long})  // {long}{long}"));
}

#[test]
fn long_rows_of_numbers_fill_lines() {
    let numbers = |range: std::ops::Range<usize>| range.map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    check_body(
        &format!("let a = [{}]", numbers(100..150)),
        &format!("let a = [\n    {},\n    {},\n    {}\n]", numbers(100..118), numbers(118..136), numbers(136..150)),
    );
}

#[test]
fn columns_stay_lined_up() {
    check_body("let a   = 1\nlet bcd = 2\nlet e = 3", "let a   = 1\nlet bcd = 2\nlet e = 3");
    check_body("let a  = 1\nlet bcd = 2", "let a = 1\nlet bcd = 2");
    check_body(
        "match x {\n1   => a,\n100 => b,\n_   => c }",
        "match x {\n    1   => a,\n    100 => b,\n    _   => c\n}",
    );
    check("struct P {\nx:    int\nname: string\n}\n", "struct P {\n    x:    int\n    name: string\n}\n");
    check("struct P {\nx    : int\nname : string\n}\n", "struct P {\n    x   : int\n    name: string\n}\n");
    check_body(
        "a = 1    // one\nbcd = 2  // two\ne = 3 // three",
        "a = 1    // one\nbcd = 2  // two\ne = 3    // three",
    );
    check_body("a = 1 // one\nbcd = 2 // two", "a = 1  // one\nbcd = 2  // two");
    check_body(
        "let bcd = 1\nlet a   = [[1],\n[2]]\nlet e = 1",
        "let bcd = 1\nlet a   = [[1],\n           [2]]\nlet e = 1",
    );
}

#[test]
fn commas_stay_as_they_are() {
    keep_body("f(\n    a,\n    b,\n)");
    keep_body("f(\n    a,\n    b\n)");
    check_body("x = 1, y = 2", "x = 1,\ny = 2");
}

#[test]
fn ends_of_lines() {
    check("main {\r\na\r\n}\r\n", "main {\r\n    a\r\n}\r\n");
    check("main {\r\na\n}\r\n", "main {\n    a\n}\n");
    check("\u{FEFF}main { }\n", "main { }\n");
    check("main { }  \t", "main { }\n");
    check("main {\nlet s = \"a  \n  b\"\nc\n}", "main {\n    let s = \"a  \n  b\"\n    c\n}\n");
    check("// a  \t\nmain { }\n", "// a\nmain { }\n");
}

#[test]
fn logic_and_learning() {
    check_body("p( X , Y )? where X>1 and Y<2", "p(X, Y)? where X > 1 and Y < 2");
    check("embedding E{entities:auto dimension:4}\n", "embedding E { entities: auto dimension: 4 }\n");
    check_body(
        "learn {\nlet w = 1\nobjective: f(w),\noptimizer: sgd(lr=0.1), epochs: 10 }",
        "learn {\n    let w = 1\n    objective: f(w),\n    optimizer: sgd(lr = 0.1),\n    epochs: 10\n}",
    );
    check_body(
        "learn { objective: a, optimizer: sgd(lr: 0.1), epochs: 10 }",
        "learn { objective: a, optimizer: sgd(lr: 0.1), epochs: 10 }",
    );
    check_body("infer{forward p(X)? backward q(X)?}", "infer {\n    forward p(X)?\n    backward q(X)?\n}");
    keep_body("infer forward p(X)?");
}

#[test]
fn broken_texts_are_told() {
    let fault = |text: &str| format(text).unwrap_err().range.start;
    assert!((11..20).contains(&fault("main {\n    let a = \n}\n")));
    assert!(fault("main {\n    f(1\n}\n") >= 12);
    assert!(fault("main {\n    let s = \"a\n}\n") >= 19);
    assert_eq!(fault("\u{FEFF}main { \u{A0}x }\n"), 10);
    assert!(format("main { } }").is_err());
}

#[test]
fn old_spellings_stay() {
    keep("fn main() {\n    x := model.blk.0.norm\n}\n");
    keep_body("# not a comment\nlet s = 'a'");
}
