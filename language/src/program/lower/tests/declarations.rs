use std::sync::Arc;

use super::{check, check_problems, lower, lowered, print};
use crate::program::items::Kept;
use crate::source::Sources;
use crate::syntax;

#[test]
fn functions_have_parameters_and_a_result() {
    check(
        "fn f(x: float16[?, n], k: int, m: Model, y) -> float16[n] { x }",
        "
        fn f(x: float16[?, n], k: int, m: Model, y) -> float16[n] {
            x
        }",
    );
    check("fn forward() { }", "fn forward() {\n}");
    check("fn f() -> void { return }", "fn f() -> void {\n    return\n}");
}

#[test]
fn declarations_stand_in_any_order() {
    check(
        "main { f() } tensor w: float32[2] fn f() { w }",
        "
        tensor w: float32[2]
        fn f() {
            w
        }
        main {
            f()
        }",
    );
    check("", "");
}

#[test]
fn sized_words_outside_of_tensors_are_accepted() {
    check(
        "fn f(a: float32, b: int64, c: f16, d: i32) -> float64 { a }",
        "fn f(a: float, b: int, c: float, d: int) -> float {\n    a\n}",
    );
    check_problems(
        "fn f(a: f32) { }\ntensor w: float64[2]",
        &[
            "1:9 legacy-syntax `f32` outside of a tensor type is read as `float`",
            "2:11 legacy-syntax `float64` is read as `float32`",
        ],
    );
}

#[test]
fn functions_return_one_value() {
    check_problems(
        "fn f() -> (int, int) { return 1, 2 }",
        &["1:11 syntax-error a function returns one value, not a tuple"],
    );
}

#[test]
fn parameters_have_no_defaults() {
    check_problems(
        "fn f(x: int = 3) { }",
        &["1:15 syntax-error the parameter `x` has a default, which functions do not have"],
    );
}

#[test]
fn fn_main_is_main() {
    check("fn main() -> int { 3 }", "main {\n    3\n}");
    check_problems("fn main() { }", &["1:1 legacy-syntax `fn main()` is accepted as `main`"]);
}

#[test]
fn there_is_one_main() {
    check_problems("main { }\nmain { }", &["2:1 duplicate-name there are two `main` blocks"]);
    let (_, problems) = lowered("main { }\nmain { }");
    assert_eq!(problems[0].related[0].message, "the first one is here");
}

#[test]
fn statements_belong_in_main() {
    check_problems("print(1)", &["1:1 outside-main this statement stands outside of `main`"]);
    check_problems(
        "let x = 1\nfor i in x {\n    print(i)\n}\nmain { }\nx = 2",
        &[
            "1:1 outside-main these 2 statements stand outside of `main`",
            "6:1 outside-main this statement stands outside of `main`",
        ],
    );
    let (_, problems) = lowered("print(1)");
    assert_eq!(problems[0].helps, ["move it into `main { }`"]);
}

#[test]
fn tests_and_benches_do_not_run() {
    check(
        "test addition { assert_eq(1, 1) } bench b { f() }",
        "test addition {\n    assert_eq(1, 1)\n}\nbench b {\n    f()\n}",
    );
    check_problems("test t {\n    let x = 1_000\n}", &["2:13 malformed-number `1_000` has `_` between its digits"]);
}

#[test]
fn declarations_print_by_kind() {
    check(
        "
        impl<T> Drop for Point<T> { fn drop(self) { } fn len(self, n: int) -> float { n } }
        struct Point<T> { x: float32[2] learnable y: T, z: Box<int32> }
        rule Ancestor(X, Y) <- Parent(X, Y), X != Y
        Y[i] ~ W[i, j] <- X[j]
        embedding e { entities: {ann, bob}, dimension: 3 init: xavier }
        relation_embedding r { relations: all dimension: 4; }
        relation Parent(x: entity, y: concept) embed float16[4] learnable
        relation Alive(x: Person)
        entity Person = { ann, \"bob\", }
        entity Thing
        import \"other.tl\"",
        "
        import \"other.tl\"
        entity Person = {ann, \"bob\"}
        entity Thing
        relation Parent(x: entity, y: entity) embed float16[4] learnable
        relation Alive(x: Person)
        embedding e {
            entities: {ann, bob}
            dimension: 3
            init: xavier
        }
        relation_embedding r {
            relations: all
            dimension: 4
        }
        struct Point<T> {
            x: float32[2] learnable
            y: T
            z: Box<int>
        }
        impl<T> Drop for Point<T> {
            fn drop(self) {
            }
            fn len(self, n: int) -> float {
                n
            }
        }
        Ancestor(X, Y) <- Parent(X, Y), (X != Y)
        Y[i] ~ W[i, j] <- X[j]",
    );
    check("fn f(w: float32[2] learnable, v frozen) -> float32[2] frozen { w }", {
        "fn f(w: float32[2] learnable, v frozen) -> float32[2] frozen {\n    w\n}"
    });
}

#[test]
fn what_is_refused_prints_as_no_script() {
    let printed = |source: &str| print::program(&lowered(source).0);
    assert_eq!(printed("fn f(x = 3) -> (int, int) { }"), "fn f(x <refused: default>) -> <refused: tuple type> {\n}\n");
    assert_eq!(printed("print(1)\nmain { }"), "<refused: statement outside of main>\nmain {\n}\n");
    assert_eq!(printed("main { } main { a }"), "main {\n}\nmain {\n    a\n}\n");
    assert_eq!(printed("tensor w: complex16[2]\ntensor v: int"), {
        "tensor w: <refused: complex type>\ntensor v: <refused: type without sizes>\n"
    });
    assert_eq!(printed("main { fn f() { } }"), "main {\n    <refused: declaration in a block>\n}\n");
}

#[test]
fn names_and_blocks_are_numbered_in_the_order_of_their_declaration() {
    let (program, _) = lowered("fn f(a) { a } main { if b { } else { } }");
    let (function, main) = (&program.functions[0], program.main.as_ref().unwrap());
    assert_eq!((function.name.id.index, function.parameters[0].name.id.index), (0, 1));
    assert_eq!((function.body.id.index, main.body.id.index), (0, 0));
    assert_ne!(function.body.id.text, main.body.id.text);
    assert_eq!(program.texts, [function.name.id.text, main.body.id.text]);
}

#[test]
fn declarations_are_kept_while_the_text_around_them_changes() {
    let (mut sources, mut kept) = (Sources::default(), Kept::default());
    let file = sources.add("test.tl", "fn f(a) { a }\nmain { f(1) }\n");
    let mut lowered = |text: &str| {
        sources.replace(file, text);
        let program = lower(&syntax::parse(text), &mut sources, file, &mut kept).0;
        let places = program.functions.iter().map(|function| sources.place(function.name.span).start).collect();
        let places: Vec<usize> = places;
        (program, places)
    };
    let (first, _) = lowered("fn f(a) { a }\nmain { f(1) }\n");
    let (second, places) = lowered("// a comment\nfn g() { 2 }\nfn f(a) { a }\nmain { f(2) }\n");
    assert!(Arc::ptr_eq(&first.functions[0], &second.functions[1]));
    assert!(!Arc::ptr_eq(first.main.as_ref().unwrap(), second.main.as_ref().unwrap()));
    assert_eq!(places, [16, 29]);
    let (third, places) = lowered("fn f(a) { a }\nfn f(a) { a }\nfn h( { 1 }");
    assert!(Arc::ptr_eq(&first.functions[0], &third.functions[0]));
    assert_eq!(places[..2], [3, 17]);
}

#[test]
fn headers_end_before_the_body() {
    let source = "fn f(x: int) -> int { x }";
    let header = lowered(source).0.functions[0].header;
    assert_eq!(&source[header.start()..header.end()], "fn f(x: int) -> int");
}
