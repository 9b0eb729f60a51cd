//! Variables: lost updates, loop variables, what nobody reads.

use super::{check, check_fix, silent};
use crate::diagnostic::Code;

#[test]
fn a_let_in_a_loop_loses_an_update_that_is_read_behind_the_loop() {
    check(
        Code::LostUpdate,
        r"
let total = 0
for i in range(3) {
    let total = total + i // warning[lost-update]: `let` makes a new `total` here
}
print(total)",
    );
    check(
        Code::LostUpdate,
        r"
let best = 0
for i in range(3) {
    if i > 1 {
        let best = i // warning[lost-update]: the `best` outside of the loop keeps its value
        print(best)
    }
}
print(best)",
    );
    check(
        Code::LostUpdate,
        r"
fn forward(h: Tensor) -> Tensor {
    for i in range(3) {
        tensor h: float32[?, ?] = h * 2 // warning[lost-update]: `tensor` makes a new `h`
        print(h)
    }
    h
}",
    );
}

#[test]
fn a_let_in_a_loop_loses_an_update_that_the_next_round_reads() {
    check(
        Code::LostUpdate,
        r"
let logits = [0.1, 0.9]
for step in range(3) {
    let token = argmax(logits)
    let logits = [token, 1] // warning[lost-update]: `logits`
    print(logits)
}",
    );
    check(
        Code::LostUpdate,
        r"
let h = 1
for i in range(3) {
    let h = h + 1 // warning[lost-update]: `h`
    let h = h * 2
    print(h)
}",
    );
    check(
        Code::LostUpdate,
        r"
let position = 0
while position < 3 {
    for i in range(2) {
        let position = i // warning[lost-update]: `position`
        print(position)
    }
}",
    );
}

#[test]
fn a_let_in_a_loop_loses_nothing_that_nobody_reads() {
    silent(
        r"
let x = 1
print(x)
for i in range(3) {
    let x = i
    print(x)
}",
    );
    silent(
        r"
let x = 1
print(x)
for i in range(3) {
    let x = i
    print(x)
}
x = 5
print(x)",
    );
    silent(
        r"
let x = 1
print(x)
for i in range(3) {
    let x = i
    let x = x + 1
    print(x)
}
let x = 2
print(x)",
    );
    silent(
        r"
for i in range(3) {
    let x = i
    for j in range(2) { x = x + j }
    print(x)
}
for x in range(3) {
    let x = x * 2
    print(x)
}",
    );
    // Another function has an `x` of its own.
    silent(
        r"
fn f() -> int {
    let last = 0
    for i in range(3) { last = i }
    last
}
main {
    let last = 5
    print(f(), last)
}",
    );
}

#[test]
fn dropping_the_let_is_the_fix_of_a_lost_update() {
    check_fix(
        Code::LostUpdate,
        r"
let h = 1
for i in range(3) {
    let h: int = h + 1
    let g = h
    let h = h * g
}
print(h)",
        r"
let h = 1
for i in range(3) {
    h = h + 1
    let g = h
    h = h * g
}
print(h)",
    );
}

#[test]
fn a_loop_does_not_notice_that_its_variable_changes() {
    check(
        Code::LoopVariableOverwritten,
        r"
for i in range(10) {
    if i == 3 { i = i + 2 } // warning[loop-variable-overwritten]: `i` is the variable of the loop
    print(i)
}
for i in range(10) {
    print(i)
    i += 1 // warning[loop-variable-overwritten]: the next round sets it anew
}",
    );
    silent(
        r"
let i = 0
while i < 3 { i = i + 1 }
for row in [[1, 2]] {
    let row = row * 2
    print(row, i)
}
for n in range(3) {
    let k = n
    k += 1
    print(k)
}",
    );
}

#[test]
fn a_variable_that_nobody_reads_is_unused() {
    check(
        Code::UnusedVariable,
        r"
let a = 1 // hint[unused-variable]: `a` is never read
let b = 2 // hint[unused-variable]: `b` is never read
b += 1
let _c = 3
let list = [0] // hint[unused-variable]: `list`
list[0] = 1
tensor w: float32[2] // hint[unused-variable]: `w`
match 3 {
    n => print(1) // hint[unused-variable]: `n`
}
let d = 1 // hint[unused-variable]: `d`
let d = 2
print(d)",
    );
    silent(
        r"
fn f(parameter: int) -> int {
    let kept = 0
    kept = 5
}
fn sized(n: int) -> Tensor {
    tensor x: float32[n, 2]
    x
}
main {
    for i in range(3) { print(1) }
    let words = []
    words.append(f(1))
    let n = 2
    let m = n
    let inside = if m > 1 { let k = 2; k } else { 3 }
    print(inside, sized(2))
}"
        .replace("; ", "\n")
        .as_str(),
    );
}

#[test]
fn a_misspelt_name_is_told_where_it_is_used() {
    check(Code::UnusedVariable, "let total = 1\nprint(totl) // error[unknown-name]: nothing is called `totl`");
    check(
        Code::UnusedVariable,
        "let total = 0\nfor i in range(3) {\nlet total = i // warning[lost-update]: \n}\nprint(total)",
    );
}

#[test]
fn a_query_or_learn_reads_variables_too() {
    silent(
        r"
let rate = 0.1
tensor w: float32[1] learnable = [0.5]
learn {
    objective: sum(w * w)
    optimizer: sgd(lr = rate)
    epochs: 3
}",
    );
}

#[test]
fn an_assignment_that_nobody_reads_is_likely_a_slip() {
    check(
        Code::BlockLocalAssignment,
        r"
let total = 0
for i in range(3) {
    totl = total + i // warning[block-local-assignment]: `totl` is assigned here and never read
}
print(total)",
    );
    check(
        Code::BlockLocalAssignment,
        r"
if 1 == 1 {
    found = 5 // warning[block-local-assignment]: never read
}",
    );
    check(
        Code::BlockLocalAssignment,
        r"
for i in range(3) {
    last = i // error[block-local-assignment]: `last` is first assigned inside a block and read after it
}
print(last)
print(last)",
    );
    silent(
        r"
fn f(x: int) -> int { y = x * 2 }
main {
    for i in range(3) {
        twice = i * 2
        print(twice, f(i))
    }
}",
    );
}

#[test]
fn a_variable_of_the_caller_is_not_seen() {
    check(
        Code::CapturedCallerVariable,
        r"
fn f() -> int { w + 1 } // error[captured-caller-variable]: `w` is a variable of `main`
main {
    let w = 2
    print(f(), w)
}",
    );
    silent(
        r"
fn f(w: int) -> int { w + 1 }
main {
    let w = 2
    print(f(w))
}",
    );
}
