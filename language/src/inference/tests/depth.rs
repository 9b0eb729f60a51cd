//! Programs that lie deep in themselves: what is looked at must not multiply from level to
//! level, and nothing may be left out for it.

use std::fmt::Write as _;

use super::{check_script, inferred};
use crate::diagnostic::Code;

#[test]
fn loops_in_loops_are_followed() {
    const DEPTH: usize = 40;
    let mut text = "main {\nlet x = zeros([1, 4])\nlet n = 0\n".to_string();
    (0..DEPTH).for_each(|level| writeln!(text, "for i{level} in range(3) {{").unwrap());
    text += "x = concat(x, zeros([2, 4]), 0)\nn = n + 1\nlet y = x[0] // : [4]\nprint(y + zeros([3])) // error[shape-mismatch]\n";
    text += &"}\n".repeat(DEPTH);
    text += "print(x, n)\n}\n";
    check_script(&text);
}

#[test]
fn loops_in_loops_find_what_changes_in_them() {
    check_script(
        "main {\nlet x = zeros([1, 4])\nlet y = zeros([0, 2])\n\
         for i in range(3) {\n\
         let z = y // : [2 * t, 2]\n\
         for j in range(2) {\n\
         x = concat(x, x, 0)\n\
         y = concat(y, zeros([1, 2]), 0)\n\
         let w = y // : [2 * t + u + 1, 2]\nprint(w)\n}\nprint(z)\n}\n\
         let last = y // : [6, 2]\nprint(x, last)\n}",
    );
    // An inner loop that does something else in the first round of the outer one.
    check_script(
        "main {\nlet x = zeros([1])\nfor i in range(3) {\nlet step = zeros([2])\n\
         if i == 1 { step = zeros([3]) }\n\
         for j in range(2) {\nx = concat(x, step, 0)\n}\nstep = zeros([1])\nprint(step)\n}\n\
         print(x + zeros([13]))\n}",
    );
}

#[test]
fn functions_in_a_circle_are_followed() {
    const COUNT: usize = 300;
    let mut text = String::new();
    for number in 0..COUNT {
        let next = (number + 1) % COUNT;
        let wrong = if number == COUNT - 1 { "print(x @ zeros([7, 7]))\n" } else { "" };
        writeln!(
            text,
            "fn f{number}(x: float32[2, 3], k: int) -> Tensor {{\n{wrong}if k == 0 {{ return x }}\nf{next}(x + 1.0, k - 1)\n}}"
        )
        .unwrap();
    }
    text += "main {\nprint(f0(zeros([2, 3]), 5))\n}\n";
    let (_, analysis, _) = inferred("examples/test.tl", &text);
    let found: Vec<Code> = analysis.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(found, [Code::ShapeMismatch]);
}
