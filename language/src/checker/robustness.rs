//! Whatever a text holds, its check ends in time and without a panic.

use std::fmt::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::Checker;
use super::tests::{folder, with_world};
use crate::diagnostic::{Code, Severity};

/// Each takes a second at most; a machine may have much other work.
const TIME_LIMIT: Duration = Duration::from_secs(600);

/// As much as the threads of the tools have.
const STACK: usize = 16 << 20;

/// The codes of the errors in a text.
fn errors(text: &str) -> Vec<Code> {
    thread::scope(|scope| {
        let checking = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || errors_here(text));
        checking.unwrap().join().unwrap()
    })
}

fn errors_here(text: &str) -> Vec<Code> {
    with_world(|world| {
        let started = Instant::now();
        let checked = Checker::new(Path::new("test.tl")).check(text, world);
        checked.told();
        assert!(started.elapsed() < TIME_LIMIT, "{:?} for {} …", started.elapsed(), &text[..text.len().min(60)]);
        let errors = checked.analysis.problems.iter().filter(|problem| problem.severity == Severity::Error);
        errors.map(|problem| problem.code).collect()
    })
}

#[track_caller]
fn check_is_refused(text: &str) {
    assert!(!errors(text).is_empty(), "{} …", &text[..text.len().min(60)]);
}

#[track_caller]
fn check_is_sound(text: &str) {
    assert_eq!(errors(text), [], "{} …", &text[..text.len().min(60)]);
}

fn main(body: &str) -> String {
    format!("main {{\n{body}\n}}\n")
}

#[test]
fn lists_that_are_longer_than_any_shape() {
    // An array that would have 8,589,934,592 entries.
    let long = format!("let s = [1]\n{}", "s = concat(s, s)\n".repeat(33));
    check_is_sound(&main(&format!("{long}print(reshape(ones([4]), s), zeros(s), permute(ones([4]), s))")));
}

#[test]
fn deep_and_long_texts() {
    let nested = |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    check_is_refused(&main(&format!("let x = {}", nested("(", ")"))));
    check_is_refused(&main(&format!("let x = {}", nested("[", "]"))));
    check_is_refused(&main(&format!("let x = {}", nested("sum(", ")"))));
    check_is_refused(&main(&format!("let x = 1{}", " + 1".repeat(100_000))));
    check_is_refused(&"{".repeat(20_000));
    check_is_refused(&"\"".repeat(20_001));
    check_is_sound(&main(&format!("print(\"{}\")", "x".repeat(1 << 20))));
    check_is_sound(&main(&format!("print([{}])", "1, ".repeat(200_000))));
    check_is_sound(&main(&"print(ones([2, 3]) + 1) ".repeat(10_000)));
    check_is_sound(&main(&format!("let x = 1\n{}", "x = x + 1\n".repeat(10_000))));
}

#[test]
fn functions_that_call_each_other() {
    let circle = |count: usize, arguments: &str| {
        let mut text = String::new();
        for number in 0..count {
            let next = (number + 1) % count;
            _ = writeln!(text, "fn f{number}(n: int, x) {{ if n < 1 {{ return x }} f{next}({arguments}) }}");
        }
        text + &main("print(f0(3, ones([2, 2])))")
    };
    check_is_sound(&circle(280, "n - 1, x"));
    check_is_sound(&circle(60, "n - 1, concat(x, x)"));
    let mut both = String::new();
    for number in 0..200 {
        let (left, right) = ((number * 7 + 1) % 200, (number * 3 + 2) % 200);
        _ = writeln!(both, "fn f{number}(x) {{ f{left}(concat(x, x)) + f{right}(x) }}");
    }
    errors(&(both + &main("print(f0(ones([2, 2])))")));
    // Each function calls the next one twice with other sizes.
    let mut wide = String::new();
    for number in 0..60 {
        let next = number + 1;
        _ = writeln!(wide, "fn f{number}(x) {{ f{next}(concat(x, x)) + f{next}(concat(concat(x, x), x)) }}");
    }
    errors(&(wide + "fn f60(x) { x }\n" + &main("print(f0(ones([2, 2])))")));
}

#[test]
fn loops_in_loops() {
    let mut text = "let x = ones([1, 2])\nlet y = ones([1, 2])\n".to_owned();
    for level in 0..10 {
        _ = writeln!(text, "for i{level} in range(3) {{\nx = concat(x, y)\ny = x + y");
    }
    text.push_str(&"}\n".repeat(10));
    errors(&main(&text));
}

#[test]
fn sizes_that_cannot_be() {
    check_is_refused(&main("let x = zeros([9223372036854775807, 9223372036854775807])\nlet y = x + ones([3, 4])"));
    check_is_refused(&main("let x = reshape(zeros([6]), [4, -1])\nprint(x)"));
    check_is_refused(&main("let x = reshape(zeros([6]), [-1, -1])\nprint(x)"));
    check_is_refused(&main("let x = zeros([-9223372036854775808])\nprint(x)"));
    check_is_refused(&main("let x = zeros([-3, 2])\nprint(x)"));
    check_is_refused(&main("let n = 0\nlet x = zeros([4 / n])\nprint(x)"));
    check_is_refused(&main("let n = 0\nlet x = zeros([4 % n])\nprint(x)"));
    for sizes in ["0, -1", "4294967296, 4294967296, 4294967296, -1", "9223372036854775807, -1", "1e300", "0.5"] {
        errors(&main(&format!("let x = reshape(zeros([0]), [{sizes}])\nprint(x[0])")));
    }
    for value in ["-9223372036854775808 / -1", "-9223372036854775808 % -1", "0 - -9223372036854775808", "2 ** 99"] {
        errors(&main(&format!("let n = {value}\nprint(zeros([n, n]))\nfor i in range(n) {{ print(i) }}")));
    }
    let step = "shape(x)[0] * shape(x)[0] * 9223372036854775807 + 9223372036854775807";
    errors(&format!("fn f(x: float32[?, ?]) {{ zeros([{step}]) }}\n{}", main("print(f(ones([3, 4])))")));
}

#[test]
fn any_part_of_an_example_may_be_missing() {
    for script in ["chat.tl", "seed_chat.tl"] {
        let text = std::fs::read_to_string(folder().join(script)).unwrap();
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let mut checker = Checker::new(&folder().join("test.tl"));
        with_world(|world| {
            for (number, start) in ends.iter().step_by(29).enumerate() {
                let started = Instant::now();
                let end = ends.iter().find(|end| **end >= start + 1 + number % 40).unwrap_or(start);
                checker.check(format!("{}{}", &text[..*start], &text[*end..]), world).told();
                checker.check(&text[..*start], world);
                assert!(started.elapsed() < TIME_LIMIT);
            }
        });
    }
}
