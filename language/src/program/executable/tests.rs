use crate::diagnostic::Code;
use crate::files::Disk;
use crate::program::analyse;
use crate::source::{Encoding, LineIndex, Sources};

/// The script has these problems, as `line:column code message`, and no others but
/// what lints say of scripts that only name a construct, and names that nothing declares.
#[track_caller]
fn check(source: &str, expected: &[&str]) {
    let mut sources = Sources::default();
    let file = sources.add("script.tl", source);
    let lines = LineIndex::new(source);
    let analysis = analyse(&mut sources, file, &Disk);
    let told: Vec<String> = analysis
        .problems
        .iter()
        .filter(|problem| !is_lint(problem.code))
        .filter(|problem| !matches!(problem.code, Code::UnknownName | Code::UnknownFunction))
        .map(|problem| {
            let at = lines.position(source, sources.place(problem.place).start, Encoding::Utf32);
            format!("{}:{} {} {}", at.line + 1, at.character + 1, problem.code.name(), problem.message)
        })
        .collect();
    assert_eq!(told, expected, "{source}");
}

fn is_lint(code: Code) -> bool {
    matches!(code, Code::UnusedVariable | Code::NoEffect | Code::MissingReturn | Code::LearnNoParameters)
}

/// The statement in `main` cannot be executed, and nothing else is said of it.
#[track_caller]
fn check_statement(statement: &str, expected: &str) {
    check(&format!("main {{\n{statement}\n}}"), &[&format!("2:{expected} cannot be executed yet")]);
}

#[test]
fn declarations_are_named_at_their_name() {
    check(
        "entity Person = {ann, bob}
relation Parent(x: entity, y: entity)
rule Ancestor(X, Y) <- Parent(X, Y)
Ancestor(X, Z) <- Parent(X, Y), Ancestor(Y, Z)
embedding e { entities: auto dimension: 3 }
struct Point { x: float, y: float }
impl Point { fn f(self) { } }",
        &[
            "1:8 not-supported-yet entities cannot be executed yet",
            "2:10 not-supported-yet relations cannot be executed yet",
            "3:1 legacy-syntax `rule` is not needed in front of a rule",
            "3:6 not-supported-yet rules cannot be executed yet",
            "4:1 not-supported-yet rules cannot be executed yet",
            "5:11 not-supported-yet embeddings cannot be executed yet",
            "6:8 not-supported-yet structs cannot be executed yet",
            "7:6 not-supported-yet structs cannot be executed yet",
        ],
    );
}

#[test]
fn statements_are_named_whole() {
    check_statement("p(a, X)? where X != b", "1 not-supported-yet queries");
    check_statement("p(X) <- q(X), r(X, X)", "1 not-supported-yet rules");
    check_statement("a ~ b", "1 not-supported-yet equations with `~`");
    check_statement("infer { forward p(X)? }", "1 not-supported-yet `infer`");
    check_statement("learn { optimizer: adam(lr=x) epochs: n for e in range(epochs) { backward(l) } }", {
        "1 not-supported-yet `learn`"
    });
    check_statement("with m { f(x) }", "1 not-supported-yet `with`");
    check_statement("python import numpy as np", "1 not-supported-yet `python import`");
    check_statement("p.x = y", "1 not-supported-yet the assignment to a field");
}

#[test]
fn expressions_are_named_at_their_place() {
    check_statement("let a = P { x: unknown, y: f(1) }", "9 not-supported-yet structs");
    check_statement("let a = P<int> { x: 1 }", "9 not-supported-yet structs");
    check_statement("let a = p(X, Y)?", "9 not-supported-yet queries");
    check_statement("let a = Box<int>::new(x)", "9 not-supported-yet type arguments");
    check_statement("let a = inv x", "9 not-supported-yet `inv`");
    check_statement("let a = python.call(\"f\", x)", "9 not-supported-yet `python.call`");
    check_statement("for p in {a, b} { print(p) }", "10 not-supported-yet sets of entities");
    check_statement("print(shape([1]) == [?])", "22 not-supported-yet `?` as a size");
}

#[test]
fn patterns_bind_their_names_all_the_same() {
    check_statement("let a = match 1 { (b, c) => b }", "19 not-supported-yet patterns in parentheses");
    check_statement("let a = match 1 { P { x: b } => b, _ => 0 }", "19 not-supported-yet structs");
}

#[test]
fn types_are_named_wherever_they_stand() {
    check("fn f(a: entity) { }", &["1:9 not-supported-yet entities cannot be executed yet"]);
    check("fn f() -> Box<int> { }", &["1:14 not-supported-yet type arguments cannot be executed yet"]);
    check("test t { let x: entity = 1 }", &["1:17 not-supported-yet entities cannot be executed yet"]);
}

#[test]
fn what_is_declared_is_known() {
    check(
        "entity Person = {ann}
relation Parent(x: entity, y: entity)
main {
    Parent(ann, bob)
    print(Person, ann)
    Parent(ann, X)?
}",
        &[
            "1:8 not-supported-yet entities cannot be executed yet",
            "2:10 not-supported-yet relations cannot be executed yet",
            "6:5 not-supported-yet queries cannot be executed yet",
        ],
    );
}

#[test]
fn hints_inside_would_only_distract() {
    check("struct P { x: float32 }", &["1:8 not-supported-yet structs cannot be executed yet"]);
    check_statement("learn { x := 3; epochs: 3 }", "1 not-supported-yet `learn`");
}

#[test]
fn tests_and_benches_do_not_run() {
    check("test t { learn { } p(X)? unknown }", &[]);
    check("bench b { let p = P { x: 1 } }", &[]);
}

#[test]
fn mistakes_inside_are_told() {
    check(
        "impl P { fn f() -> (int, int) { } }",
        &[
            "1:6 not-supported-yet structs cannot be executed yet",
            "1:20 syntax-error a function returns one value, not a tuple",
        ],
    );
}
