//! After every edit a script is understood as if it had been read anew.

use std::path::PathBuf;

use super::*;
use crate::files::Disk;
use crate::shape::ElementType;
use crate::weights::Indexes;

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

pub(super) fn with_world<T>(then: impl FnOnce(&World) -> T) -> T {
    let script = folder().join("test.tl");
    let world = World {
        files: &Disk,
        indexes: &Indexes::default(),
        script: &script,
        model: None,
        words: None,
        default_element: ElementType::Float32,
    };
    then(&world)
}

/// Checks the states of a script one after the other, and each of them anew.
#[track_caller]
fn check(states: &[String]) {
    with_world(|world| {
        let path = folder().join("test.tl");
        let mut checker = Checker::new(&path);
        for state in states {
            let edited = checker.check(state.as_str(), world).told();
            let anew = Checker::new(&path).check(state.as_str(), world).told();
            let difference = edited.iter().zip(&anew).find(|(edited, anew)| edited != anew);
            assert!(difference.is_none() && edited.len() == anew.len(), "{difference:#?} in\n{state}");
        }
    });
}

fn states(states: &[&str]) -> Vec<String> {
    states.iter().map(|state| state.to_string()).collect()
}

#[test]
fn a_body_changes_what_its_callers_know() {
    let script = |size: &str| {
        format!(
            "fn make() {{ zeros([{size}, 4]) }}\nfn twice(x) {{ concat(x, x) }}\n\
             fn idle(x: float32[?, 3]) {{ x + 1 }}\nmain {{\n    let a = twice(make())\n    print(a + zeros([6, 4]))\n}}\n"
        )
    };
    check(&[script("3"), script("2"), script("3"), script("n"), script("3, 3"), script("3")]);
}

#[test]
fn a_header_changes_what_its_callers_may_pass() {
    let script = |annotation: &str| format!("fn f(x{annotation}) {{ print(x) }}\nmain {{ f([[1.0, 2.0]]) }}\n");
    check(&[script(": Tensor"), script(": float"), script(""), script(": float32[1, 3]"), script(": float32[?, ?]")]);
    let script =
        |size: &str| format!("struct S {{ w: float32[{size}] }}\nmain {{ let s = S {{ w: ones([2]) }} print(s.w) }}\n");
    check(&[script("2"), script("3"), script("2")]);
}

#[test]
fn a_problem_of_a_call_points_into_the_function_as_it_stands() {
    let script = |body: &str| format!("fn f(x: float32[3]) {{ {body}print(x) }}\nmain {{ f([[1.0, 2.0]]) }}\n");
    check(&[script(""), script("print(1) "), script("")]);
    check(&states(&["fn f(x\nmain { f([[1, 2], [3, 4]]) }", "fn f(x:float\nmain { f([[1, 2], [3, 4]]) }"]));
}

#[test]
fn sizes_have_the_same_names_whatever_was_found_before() {
    let script = |first: &str| {
        format!(
            "fn rows(x, ids) {{ let y = zeros([len(ids), shape(x)[0]]) y }}\nmain {{ let t = load_tokenizer(\"t\")\n\
             {first}let q = tokenize(t, \"b\", true)\nprint(rows(ones([len(q)]), [1]), rows(ones([2]), q)) }}\n"
        )
    };
    check(&[script(""), script("let p = tokenize(t, \"a\", true)\n"), script("print(1)\n"), script("")]);
}

#[test]
fn text_that_is_no_declaration_means_something_else_elsewhere() {
    check(&states(&["fn f(){l for i in n{x{;{t- ", "in", "f(x)", "f(x).\nmain { }", "f(x)"]));
    check(&states(&["main\nn{i{if{if{if{if{i)", "main"]));
}

#[test]
fn names_come_and_go() {
    check(&states(&[
        "fn f(x) { g(x) }\nmain { print(f([1.0])) }\n",
        "fn f(x) { g(x) }\nfn g(x) { x + 1 }\nmain { print(f([1.0])) }\n",
        "fn f(x) { g(x) }\nfn g(x, y) { x + y }\nmain { print(f([1.0])) }\n",
        "fn f(x) { g(x) }\ntensor g: float32[3]\nmain { print(f(g)) }\n",
        "fn f(x) { g(x) }\ntensor g: float32[4]\nmain { print(f(g)) }\n",
        "fn f(x) { sum(x) }\ntensor g: float32[4]\nmain { g = zeros([2]) print(f(g)) }\n",
        "fn f(x) { sum(x) }\nfn sum(x) { x }\nmain { print(f([1.0])) }\n",
    ]));
}

#[test]
fn a_half_typed_declaration_is_like_any_other() {
    let script = "fn f(x: float32[?, 8]) { let y = x @ zeros([8, 2]) y }\nmain { let z = f(ones([3, 8])) print(z) }\n";
    let ends = (0..script.len()).step_by(3);
    check(&ends.map(|end| script[..end].to_string()).collect::<Vec<_>>());
}

#[test]
fn declarations_move_and_repeat() {
    check(&states(&[
        "fn f() { ones([2]) }\nmain { print(f()) }\n",
        "// above\n\nfn f() { ones([2]) }\nmain { print(f()) }\n",
        "fn f() { ones([2]) }\nfn f() { ones([2]) }\nmain { print(f()) }\n",
        "main { print(f()) }\nfn f() { ones([2]) }\n",
        "main { print(f()) }\n",
    ]));
}

#[test]
fn recursion_is_understood_anew() {
    check(&states(&[
        "fn f(n: int, x) { if n < 1 { return x } f(n - 1, concat(x, x)) }\nmain { print(f(3, ones([2]))) }\n",
        "fn f(n: int, x) { if n < 1 { return x } f(n - 1, concat(x, x)) }\nmain { print(f(4, ones([2]))) }\n",
        "fn f(n: int, x) { if n < 2 { return x } f(n - 1, concat(x, x)) }\nmain { print(f(4, ones([2]))) }\n",
    ]));
}

#[test]
fn every_line_of_the_examples_may_go() {
    for script in ["chat.tl", "seed_chat.tl"] {
        let text = std::fs::read_to_string(folder().join(script)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let without = |gone: usize| {
            let left = lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line);
            left.collect::<Vec<_>>().join("\n")
        };
        let states: Vec<String> = (0..lines.len()).step_by(5).flat_map(|gone| [without(gone), text.clone()]).collect();
        check(&states);
    }
}

/// A script whose loop turns rows and keeps them, in a function that others call.
fn turning(layers: &str, loops: &str, called: &str) -> String {
    format!(
        "fn rows(x: float32[?, 4, 8], i: int, cache: KVCache) {{\n    let q = rope(x)\n    \
         cache.append(i, q, q)\n    {layers}\n    q\n}}\n\
         fn pass(x: float32[?, 4, 8], i: int, cache: KVCache) {{ rows(x, i, cache) }}\n\
         main {{\n    let cache = KVCache::new(2)\n    let x = ones([1, 4, 8])\n    \
         for step in {loops} {{ {called} }}\n}}\n"
    )
}

#[test]
fn what_turns_rows_is_looked_at_again_where_it_is_called_otherwise() {
    let once = "rows(x, step, cache)";
    check(&[
        turning("", "range(2)", once),
        turning("", "range(2)", "pass(x, step, cache)"),
        turning("", "range(2)", "pass(x, 0, cache)"),
        turning("print(model.blk[i])", "range(2)", "pass(x, 0, cache)"),
        turning("", "range(2)", "print(step)"),
        turning("", "range(2)", &format!("{once} {once}")),
        turning("let i = 1", "range(2)", once),
        turning("", "range(2)", once),
    ]);
}

#[test]
fn rows_go_through_functions_as_these_are_declared() {
    let script = |parameters: &str| {
        format!(
            "fn scaled({parameters}) {{ x * 2.0 }}\n\
             main {{\n    let cache = KVCache::new(2)\n    let all = ones([1, 4, 8])\n    for step in range(9) {{\n        \
             cache.append(0, scaled(rope(ones([1, 4, 8])), 2), all)\n        all = concat(all, rope(all))\n    }}\n}}\n"
        )
    };
    check(&[
        script("x: Tensor, by: int"),
        script("x: Tensor, by: Tensor"),
        script("x: Tensor, by: float"),
        script("x, by"),
        script("x: Tensor, by: int"),
    ]);
}

#[test]
fn learning_depends_on_what_is_learnable_anywhere() {
    let script = |tensor: &str, elsewhere: &str| {
        format!(
            "{tensor}\nfn train() {{\n    learn {{\n        objective: w\n        optimizer: \"sgd\"\n        \
             epochs: 3\n    }}\n}}\n{elsewhere}\nmain {{ train() }}\n"
        )
    };
    check(&[
        script("tensor w: float32[3]", ""),
        script("tensor w: float32[3] learnable", ""),
        script("tensor w: float32[1] learnable", ""),
        script("tensor w: float32[1]", "fn other() { learnable(ones([2])) }"),
        script("tensor w: float32[1]", "fn other() { ones([2]) }"),
        script("tensor w: float32[2]", "tensor v: float32[2] learnable"),
        script("", "tensor v: float32[2] learnable"),
        script("tensor w: float32[3]", ""),
    ]);
}

#[test]
fn samplers_and_what_runs_a_model_are_known_in_other_functions() {
    let script = |sampled: &str, run: &str| {
        format!(
            "fn choose(logits) {{ {sampled} }}\nfn hidden(ids, model: Model) {{ {run} }}\n\
             fn through(ids, model: Model) {{ hidden(ids, model) }}\n\
             main {{\n    let model = load_model(\"models/stories-f16.gguf\")\n    let ids = [1]\n    \
             for step in range(9) {{\n        let x = through(ids, model)\n        \
             let token = choose(linear(x, model.output.weight))\n        ids = append(ids, token)\n    }}\n}}\n"
        )
    };
    let run = "embedding(model.token_embd.weight, ids)";
    check(&[
        script("argmax(logits, 1)", run),
        script("logits", run),
        script("argmax(logits, 1)", "ones([1, 192])"),
        script("argmax(logits, 1)", run),
        script("sum(logits)", run),
    ]);
}

#[test]
fn tests_and_benches_are_kept_like_any_part() {
    let script = |rows: &str, test: &str| {
        format!(
            "fn rows() {{ zeros([{rows}, 2]) }}\ntest \"a\" {{\n    print(rows() + ones([3, 2]))\n}}\n\
             bench \"b\" {{\n    print({test})\n}}\nmain {{ print(1) }}\n"
        )
    };
    let wrong = "rows() @ ones([3, 2])";
    check(&[script("3", "1"), script("4", "1"), script("3", wrong), script("2", wrong), script("3", "1")]);
}
