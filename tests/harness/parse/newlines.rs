//! Where statements end.

use super::cases::Case;

/// One case for each rule.
pub const CASES: &[Case] = &[
    Case::main("an operator goes on", "let a = x\n* y\n+ z\n&& w", "let a = (((x * y) + z) && w)"),
    Case::main("a minus goes on", "let a = x\n-y", "let a = (x - y)"),
    Case::main("a minus behind a bare call begins a statement", "f(x)\n-y", "f(x)\n(-y)"),
    Case::main("a minus beside a call goes on", "f(x) - y", "(f(x) - y)"),
    Case::main("a name behind a dot goes on", "let a = x\n  .f(1)\n  .g", "let a = x.f(1).g"),
    Case::main("[ begins a statement", "let a = x\n[1]\nf(x)\n[1]", "let a = x\n[1]\nf(x)\n[1]"),
    Case::main("( begins a statement", "let a = f\n(3)\nf(x)\n(y)", "let a = f\n3\nf(x)\ny"),
    Case::main("return takes a value from its own line", "return\nx = 3\nreturn x + 1\nreturn\n", {
        "return\nx = 3\nreturn (x + 1)\nreturn"
    }),
    Case::main("break stands alone", "loop { break\nx = 1 }", "loop {\n    break\n    x = 1\n}"),
    Case::main("several statements on a line", "x = 1 y = 2 f(x) z", "x = 1\ny = 2\nf(x)\nz"),
    Case::main("line ends inside brackets mean nothing", "f(a\n-b\n(c), [1\n, 2\n])\nx[\ni\n]", {
        "f((a - b(c)), [1, 2])\nx[i]"
    }),
    Case::main("an assignment is no value", "a = b = 3", "a = <refused: assignment as a value>").refused(),
    Case::main("commas part nothing", "x = 1, y = 2", "x = 1\ny = 2").refused(),
    Case::main("comments may stand anywhere", "let a = // one\n x /* two */ + // three\n y", "let a = (x + y)"),
];
