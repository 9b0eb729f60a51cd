//! A program exists for every text, and what is broken in it has a problem.

use super::{lowered, print, scripts};
use crate::diagnostic::Severity;

#[track_caller]
fn check_broken_parts_are_reported(source: &str) {
    let (program, problems) = lowered(source);
    let reported = problems.iter().any(|problem| problem.severity == Severity::Error);
    let printed = print::program(&program);
    let broken = ["<invalid>", "<missing>", "<refused: "].iter().any(|mark| printed.contains(mark));
    assert!(reported || !broken, "nothing is said about\n{source}");
    for problem in &problems {
        let span = problem.place;
        assert!(source.get(span.start()..span.end()).is_some(), "{span:?} is no part of\n{source}");
    }
}

/// The script once with each of its lines cut, halved and spoiled.
fn spoiled(script: &str) -> impl Iterator<Item = String> {
    let ends = script.char_indices().map(|(at, _)| at).step_by(7);
    let cut = ends.clone().map(|at| script[..at].to_owned());
    let gap =
        ends.clone().filter(|at| at + 3 <= script.len()).map(|at| format!("{}{}", &script[..at], &script[at + 3..]));
    let signs = ["}", "(", "\"", "/*", "$", "=", "fn ", "..", "⊙"];
    let more =
        ends.zip(signs.into_iter().cycle()).map(|(at, sign)| format!("{}{sign}{}", &script[..at], &script[at..]));
    cut.chain(gap).chain(more)
}

#[test]
fn broken_scripts_are_reported() {
    for script in scripts::all() {
        for source in spoiled(script) {
            check_broken_parts_are_reported(&source);
        }
    }
}

#[test]
fn a_lost_bracket_is_one_or_two_problems() {
    let script = scripts::all()[0];
    for (at, _) in script.match_indices(['(', ')', '[', ']', '{', '}']) {
        let source = format!("{}{}", &script[..at], &script[at + 1..]);
        let problems = lowered(&source).1;
        assert!((1..=2).contains(&problems.len()), "byte {at}: {problems:#?}");
    }
}

#[track_caller]
fn check_too_deep(source: String) {
    let (program, problems) = lowered(&source);
    let deep = problems.iter().filter(|problem| problem.message.starts_with("this is nested too deeply"));
    assert_eq!(deep.count(), 1, "{} …", &source[..source.len().min(40)]);
    let printed = print::program(&program);
    assert!(printed.contains("<invalid>") || printed.contains("<refused: ") || source.contains("{ {"));
}

#[test]
fn nesting_is_bounded() {
    let n = 100_000;
    let main = |body: String| format!("main {{\n{body}\n}}");
    check_too_deep(main(format!("let x = 1{}", " + 1".repeat(n))));
    check_too_deep(main(format!("let x = 2{}", " ** 2".repeat(10_000))));
    check_too_deep(main(format!("let x = {}1{}", "(".repeat(10_000), ")".repeat(10_000))));
    check_too_deep(main(format!("let x = {}1{}", "[".repeat(10_000), "]".repeat(10_000))));
    check_too_deep(main(format!("let x = {}1", "- ".repeat(10_000))));
    check_too_deep(main(format!("let x = a{}", ".b".repeat(n))));
    check_too_deep(main(format!("let x = a{}", "[0]".repeat(n))));
    check_too_deep(main(format!("a{} = 3", "[0]".repeat(n))));
    check_too_deep(main(format!("let x = {}1{}", "f(".repeat(10_000), ")".repeat(10_000))));
    check_too_deep(main(format!("let x: {}int{} = 1", "A<".repeat(10_000), ">".repeat(10_000))));
    check_too_deep(main(format!("match x {{ {}a{} => 1 }}", "(".repeat(10_000), ")".repeat(10_000))));
    check_too_deep(main(format!("a{} = 3", ".b".repeat(n))));
    check_too_deep(main(format!("if a {{ }}{}", " else if a { }".repeat(10_000))));
    check_too_deep(main(format!("{}{}", "{ ".repeat(10_000), "} ".repeat(10_000))));
}

#[test]
fn long_scripts_are_not_deep() {
    let calls = "f(x)\n".repeat(10_000);
    assert_eq!(lowered(&format!("main {{\n{calls}}}")).1, []);
}

#[test]
fn a_file_that_is_no_script_has_a_bounded_number_of_problems() {
    let bytes: String = (0..20_000u32).filter_map(|i| char::from_u32(i * 7 % 1000)).collect();
    assert!((1..=200).contains(&lowered(&bytes).1.len()));
    assert!((1..=200).contains(&lowered(&"( ".repeat(20_000)).1.len()));
    assert!((1..=200).contains(&lowered(&"} ".repeat(20_000)).1.len()));
}
