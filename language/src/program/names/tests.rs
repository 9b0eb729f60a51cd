use std::sync::Arc;

use super::*;
use crate::diagnostic::{Code, Severity};
use crate::files::Disk;
use crate::program;
use crate::source::Sources;
use crate::syntax;

/// The script has these problems, each with the text at fault and its advice, besides
/// what cannot be executed yet.
#[track_caller]
fn check(source: &str, expected: &[&str]) {
    let mut sources = Sources::default();
    let file = sources.add("script.tl", source);
    let analysis = program::analyse(&mut sources, file, &Disk);
    let others = analysis.problems.iter().filter(|problem| problem.code != Code::NotSupportedYet);
    let told = others.filter(|problem| problem.severity == Severity::Error).map(|problem| {
        let helps = problem.helps.iter().map(|help| format!("; {help}")).collect::<String>();
        format!("{} at {}: {}{helps}", problem.code.name(), sources.text(problem.place), problem.message)
    });
    assert_eq!(told.collect::<Vec<_>>(), expected, "{source}");
}

#[test]
fn fields_of_structs_are_known() {
    let point = "struct Point { x: float, y: float } impl Point { fn norm(self) -> float { self.x + self.z } }";
    check(point, &["unknown-field at z: `Point` has no field `z`"]);
    let point = "struct Point { x: float, y: float } impl Point { fn norm(self) -> float { self.x } }\n";
    let check = |main: &str, expected: &[&str]| check(&format!("{point}main {{ {main} }}"), expected);
    check("let p = Point { x: 1.0, y: 2.0 } print(p.x, p.norm())", &[]);
    check(
        "let p = Point { x: 1.0, yy: 2.0 }",
        &["arity at Point: `Point` needs `y` too", "unknown-field at yy: `Point` has no field `yy`; did you mean `y`?"],
    );
    check("let p = Point { x: 1.0, y: 2.0, x: 3.0 }", &["duplicate-name at x: the field `x` is declared twice"]);
    check("let p = Pint { x: 1.0 }", &["unknown-name at Pint: no struct is called `Pint`; did you mean `Point`?"]);
    check("let p = Point { x: 1.0, y: 2.0 } p.zz = 1", &["unknown-field at zz: `Point` has no field `zz`"]);
    check(
        "let p = Point { x: 1.0, y: 2.0 } print(p.norm)",
        &["unknown-field at norm: `norm` is a method of `Point`, not a field; call it with `norm(…)`"],
    );
    check("let p = Point { x: 1.0, y: 2.0 } p = 3 print(p.zz)", &[]);
    check(
        "let n = match 1 { Point { x: a, q: b } => a + b, _ => 0 }",
        &["unknown-field at q: `Point` has no field `q`"],
    );
}

#[test]
fn methods_of_structs_are_known() {
    let counter = "struct Counter { n: int }
impl Counter {
    fn new(n: int) -> Counter { Counter { n: n } }
    fn plus(self, k: int) -> Counter { Counter { n: self.n + k } }
}\n";
    let check = |main: &str, expected: &[&str]| check(&format!("{counter}main {{ {main} }}"), expected);
    check("let c = Counter::new(1) print(c.plus(1).plus(2).n)", &[]);
    check("let c = Counter::make(1)", &["unknown-function at make: `Counter` has no function `make`"]);
    check("let c = Counter::new()", &["arity at new: `new` takes 1 argument, found 0"]);
    check(
        "let c = Counter::new(1) print(c.plus(1).pluss(2))",
        &["unknown-function at pluss: `Counter` has no method `pluss`; did you mean `plus`?"],
    );
    check("let c = Counter::new(1) c.plus()", &["arity at plus: `plus` takes 2 arguments, found 1"]);
    check("let c = [Counter::new(1)] print(c[0].plus(1), c[0].len())", &[]);
    self::check(
        "struct A { } impl A { fn f() { } fn f() { } } impl B { fn g(self) { h() } }",
        &[
            "duplicate-name at f: the method `f` is declared twice",
            "unknown-name at B: no type is called `B`",
            "unknown-function at h: no function is called `h`",
        ],
    );
    self::check(
        "struct A { x: int, x: int } impl Drp for A { fn drop(self) { } }",
        &[
            "duplicate-name at x: the field `x` is declared twice",
            "unknown-name at Drp: a struct implements nothing but `Drop`; did you mean `Drop`?",
        ],
    );
}

#[test]
fn self_is_known_in_methods_only() {
    let help = "write a function of `impl` with `self` as its first parameter";
    let told = format!("unknown-name at self: `self` is known in methods only; {help}");
    check("fn f() { print(self) }", &[&told]);
    check("fn f(self) { print(self) }", &[&told]);
    check("struct A { } impl A { fn f(self) { print(self) } }", &[]);
}

#[test]
fn types_are_known() {
    check("fn f(m: Model, t: Tokenizer, k: KVCache, a: IntVec, x: Tensor, y) -> TokenIds { y }", &[]);
    check(
        "fn f(m: Modle) -> Tensr { m }",
        &[
            "unknown-name at Modle: no type is called `Modle`; did you mean `Model`?",
            "unknown-name at Tensr: no type is called `Tensr`; did you mean `Tensor`?",
        ],
    );
    check("struct Box<T> { value: T, next: Box<T> } impl<T> Box<T> { fn get(self) -> T { self.value } }", &[]);
    check(
        "struct Box<T> { value: U } fn f(b: Box<int, int>) { }",
        &["unknown-name at U: no type is called `U`", "arity at <int, int>: `Box` takes 1 type, found 2"],
    );
    check(
        "entity Person = {ann} relation R(x: Person, y: Persn) fn f(p: Person) { let q: Persoon = p }",
        &[
            "unknown-name at Persn: no type is called `Persn`; did you mean `Person`?",
            "unknown-name at Persoon: no type is called `Persoon`; did you mean `Person`?",
        ],
    );
}

#[test]
fn relations_are_known() {
    let family = "entity Person = {ann, bob, Carol}
relation Parent(x: entity, y: entity)
Ancestor(X, Y) <- Parent(X, Y)
Ancestor(X, Z) <- Parent(X, Y), Ancestor(Y, Z), X != Z, not Parent(Z, X)\n";
    let check = |main: &str, expected: &[&str]| check(&format!("{family}main {{ {main} }}"), expected);
    check("Parent(ann, bob) Parent(Ann, \"x\") Ancestor(a, b)", &[]);
    check("Parent(ann, X)? where X != bob, X == ann let all = Ancestor(X, Y)?", &[]);
    check("Parnt(ann, bob)", &["unknown-function at Parnt: no function is called `Parnt`; did you mean `Parent`?"]);
    check("Parnt(ann, X)?", &["unknown-name at Parnt: no relation is called `Parnt`; did you mean `Parent`?"]);
    check(
        "infer forward Ancesstor(ann, X)?",
        &["unknown-name at Ancesstor: no relation is called `Ancesstor`; did you mean `Ancestor`?"],
    );
    check("for p in {ann, bob} { print(p) } for p in Person { print(p) } with Person { print(ann) }", &[]);
    check(
        "with Persn { let a = b }",
        &[
            "unknown-name at Persn: no entity is called `Persn`; did you mean `Person`?",
            "unknown-name at b: nothing is called `b` here",
        ],
    );
    self::check("P(X) <- Q(X), print(X)", &["unknown-name at Q: no relation is called `Q`"]);
}

#[test]
fn words_are_variables_or_things() {
    let source = "relation Parent(x: entity, y: entity)
main {
    let who = \"ann\"
    Parent(who, Bob)
    Parent(bob, X)? where X != Y, X != Bob, X != _z, X != who
}";
    let mut sources = Sources::default();
    let file = sources.add("script.tl", source);
    let analysis = program::analyse(&mut sources, file, &Disk);
    let mut found = Vec::new();
    program::visit::expressions(&analysis.program, &mut |expression| {
        if let Some(name) = expression.variable() {
            found.push((name.text.as_str(), analysis.names.binding(name)));
        }
    });
    let constant = Binding::Logic(Logic::Constant);
    let variable = |number| Binding::Logic(Logic::Variable(number));
    let expected = [
        ("who", Binding::Local(0)),
        ("Bob", constant),
        ("bob", constant),
        ("X", variable(0)),
        ("X", variable(0)),
        ("Y", variable(1)),
        ("X", variable(0)),
        ("Bob", constant),
        ("X", variable(0)),
        ("_z", variable(2)),
        ("X", variable(0)),
        ("who", Binding::Local(0)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn embeddings_are_known() {
    check(
        "entity Person = {ann}
relation Likes(x: entity, y: entity)
embedding e { entities: Person dimension: 4 init: xavier }
embedding f { entities: auto dimension: 4 }
relation_embedding r { relations: all dimension: 4 }
main { let x = e[ann] let y = e[\"ann\"] print(x, y, e) }",
        &[],
    );
    check("embedding e { entities: Persn dimension: 4 }", &["unknown-name at Persn: no entity is called `Persn`"]);
}

#[test]
fn each_kind_of_declarations_has_names_of_its_own() {
    check("fn f() { } relation f(x: entity)", &[]);
    check("tensor e: float32[1] embedding e { entities: auto dimension: 4 }", &[]);
    check("struct P { } entity P", &[]);
    check("struct P { } struct P { }", &["duplicate-name at P: the struct `P` is declared twice"]);
}

#[test]
fn learn_sees_and_keeps_its_variables() {
    let learn = "tensor w: float32[1] learnable = [0.5]\nmain { let x = 2.0 learn {";
    let check = |inside: &str, expected: &[&str]| check(&format!("{learn} {inside} }} }}"), expected);
    check(
        "let y = x * w objective: y * y, optimizer: adam(lr = 0.1), epochs: 5, scheduler: step(gamma = 0.5) } { y",
        &[],
    );
    check(
        "objective: z, optimizer: adm(lr = 0.1), epochs: 5, shedule: 3",
        &[
            "unknown-name at z: nothing is called `z` here",
            "unknown-name at adm: no optimizer is called `adm`; did you mean `adam`?",
            "unknown-field at shedule: `learn` has no field `shedule`; did you mean `scheduler`?",
        ],
    );
    check(
        "optimizer: sgd(lr = 0.1) epochs: 5 for e in range(epochs) { backward(x * w) backwards(e) }",
        &["unknown-function at backwards: no function is called `backwards`; did you mean `backward`?"],
    );
    check(
        "objective: w, optimizer: sgd(), epochs: 5 } { print(epochs)",
        &["unknown-name at epochs: nothing is called `epochs` here"],
    );
}

#[test]
fn tests_and_benches_have_scopes_of_their_own() {
    check(
        "test a { let x = 1 } test b { print(x) } bench c { y() } main { let z = 1 }",
        &["unknown-name at x: nothing is called `x` here", "unknown-function at y: no function is called `y`"],
    );
}

#[test]
fn only_what_depends_on_an_edit_is_resolved_again() {
    let before = "struct P { x: int }
fn f(p: P) { p.x }
fn g() { 1 }
fn h() { g() }
relation R(x: entity)
Q(X) <- R(X)
test t { g() }
main { h() }";
    let mut sources = Sources::default();
    let file = sources.add("script.tl", before);
    let mut memory = program::Memory::default();
    let mut resolved = |text: &str| -> Vec<usize> {
        let before: Vec<_> = memory.names.texts.iter().flatten().cloned().collect();
        sources.replace(file, text);
        let analysis = program::analyse_tree(&syntax::parse(text), &mut sources, file, &Disk, &mut memory);
        let is_new = |names: &&Arc<TextNames>| !before.iter().any(|before| Arc::ptr_eq(before, names));
        let texts = analysis.program.texts.iter().enumerate();
        let new = texts.filter(|(_, text)| memory.names.texts[text.index()].as_ref().is_some_and(|n| is_new(&n)));
        new.map(|(index, _)| index).collect()
    };
    assert_eq!(resolved(before), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(resolved(before), [0; 0]);
    assert_eq!(resolved(&before.replace("{ 1 }", "{ 2 }")), [2], "the function itself");
    assert_eq!(resolved(&before.replace("x: int }", "x: int, y: int }")), [0, 1, 2], "who uses the struct");
    assert_eq!(resolved(before), [0, 1], "the same");
    assert_eq!(resolved(&before.replace("relation R(", "// none\nrelation R(")), [0; 0], "places are no part of it");
}
