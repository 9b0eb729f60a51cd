//! Ways through a program: what is never reached, what gives nothing, what does nothing.

use super::{check, check_fix, silent};
use crate::diagnostic::Code;

#[test]
fn nothing_is_reached_behind_what_leaves() {
    check(
        Code::UnreachableCode,
        r#"
fn f(x: int) -> int {
    return x
    print(1) // warning[unreachable-code]: this is never reached
    print(2)
}
main {
    for i in range(3) {
        if i > 1 {
            break
            print(i) // warning[unreachable-code]: never reached
        } else { continue }
        print(f(i)) // warning[unreachable-code]: never reached
    }
    loop { print(1) }
    print(2) // warning[unreachable-code]: never reached
}"#,
    );
    check(Code::UnreachableCode, "exit(1)\nprint(2) // warning[unreachable-code]: never");
    silent(
        r"
fn f(x: int) -> int {
    if x > 1 { return 1 }
    print(x)
    while true {
        if x > 2 { break }
    }
    loop { if x > 3 { return 3 } else { break } }
    match x {
        1 => { return 4 },
        _ => print(5),
    }
    x
}
main { print(f(1)) }",
    );
}

#[test]
fn a_function_that_declares_a_result_gives_one() {
    check(
        Code::MissingReturn,
        r"
fn f(x: int) -> int { // error[missing-return]: `f` declares a result and gives none
    let y = x * 2
    print(y)
}
fn g(x: int) -> int { // warning[missing-return]: `g` gives a result on some ways only
    if x > 1 { 2 }
}
fn h(x: int) -> int { // warning[missing-return]: `h` gives a result on some ways only
    for i in range(x) {
        if i > 2 { return i }
    }
}
fn k(x: int) -> int { // error[missing-return]: gives none
    if x > 1 { print(x) } else { let y = x }
}
fn unsaid(x: int) { // error[missing-return]: the result of `unsaid` is used
    print(x)
}
main { print(f(1), g(2), h(3), k(4), unsaid(5)) }"
            .replace("let y = x }", "let _y = x }")
            .as_str(),
    );
    silent(
        r#"
fn a(x: int) -> int { x }
fn b(x: int) -> int { if x > 1 { 2 } else { return 3 } }
fn c(x: int) -> void { print(x) }
fn d(x: int) { print(x) }
fn e(x: int) -> int { match x { 1 => 2, _ => 3 } }
fn f(x: int) -> int { loop { if x > 2 { return x } } }
fn g(x: int) -> int { panic("no") }
fn h(x: int) -> int {
    if x > 1 { return 1 }
    let y = x
    y = y + 1
}
fn i(x: int) -> int {
    if x > 1 { 1 } else if x > 2 { 2 } else { panic("never") }
}
fn j(x: int) -> float16[?, ?] { c(x) d(x) return k(x) }
fn k(x: int) { [[x, 1], [2, 3]] }
main { print(a(1), b(2), e(3), f(4), g(5), h(6), i(7), j(8)) }"#
            .replace("c(x) d(x) return", "c(x)\nd(x)\nreturn")
            .as_str(),
    );
}

#[test]
fn a_value_that_goes_nowhere_has_no_effect() {
    check(
        Code::NoEffect,
        r"
let x = [1, 2]
x // warning[no-effect]: the value of `x` goes nowhere
x[0] + 1 // warning[no-effect]: this value goes nowhere
x[0] == 5 // warning[no-effect]: this compares two values
append(x, 3) // warning[no-effect]: the result of `append` goes nowhere
softmax(x) // warning[no-effect]: the result of `softmax` goes nowhere
if x[0] > 0 { 5 } // warning[no-effect]: this value goes nowhere
print(x)",
    );
    silent(
        r"
fn f(x: Tensor) -> Tensor {
    let y = if x[0] > 1 { x } else { x + 1 }
    if x[0] > 2 { y } else { softmax(y) }
}
fn shown(x: Tensor) { print(x) }
main {
    let x = [1, 2]
    x.append(3)
    f(x)
    shown(x)
    f(x) + 1
    set_seed(1)
    match x[0] {
        1 => 0,
        _ => print(x),
    }
}",
    );
    check_fix(Code::NoEffect, "let x = 1\nx == 5\nprint(x)", "let x = 1\nx = 5\nprint(x)");
    check_fix(Code::NoEffect, "let x = [1]\nappend(x, 5)\nprint(x)", "let x = [1]\nx = append(x, 5)\nprint(x)");
}

#[test]
fn broken_text_may_hold_anything() {
    check(Code::NoEffect, "let x = 1\nlet = 2 // error[syntax-error]: \nx");
}

#[test]
fn a_function_may_hide_a_builtin() {
    check(
        Code::ShadowedBuiltin,
        r"
fn softmax(x: Tensor) -> Tensor { x } // hint[shadowed-builtin]: `softmax` is also a builtin
fn silu(x: Tensor) -> Tensor { x }
fn swiglu_ffn(x: Tensor) -> Tensor { silu(softmax(x)) }
main { print(swiglu_ffn([1])) }",
    );
}
