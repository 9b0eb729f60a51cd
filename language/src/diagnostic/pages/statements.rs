//! Pages on statements, calls and numbers.

use super::Page;
use crate::diagnostic::Code;

pub(super) const PAGES: &[Page] = &[
    Page {
        code: Code::NoEffect,
        meaning: "A statement computes a value that nobody uses: a name, a literal, an operation. The last statement \
                  of a function is its result and is meant.",
        example: r#"
main {
    let x = 2
    x + 1
    print(x)
}
"#,
        beside: &[],
        matters: "An assignment or a call was probably meant.",
        repair: "Use the value, or remove the statement:",
        repaired: r#"
main {
    let x = 2
    x = x + 1
    print(x)
}
"#,
    },
    Page {
        code: Code::UnreachableCode,
        meaning: "Every way to this statement ends before: in a `return`, a `break`, a `continue`, or in a loop that \
                  nothing leaves.",
        example: r#"
main {
    print("first")
    return
    print("second")
}
"#,
        beside: &[],
        matters: "It is never executed, though it reads as if it were.",
        repair: "Remove it, or move it before the end:",
        repaired: r#"
main {
    print("first")
    print("second")
}
"#,
    },
    Page {
        code: Code::MissingReturn,
        meaning: "A function declares a result, but its last statement gives none: it is a loop, a `let`, or an `if` \
                  without a value in each branch. Where only some ways to the end lack a value, it is a warning.",
        example: r#"
fn larger(a: float, b: float) -> float {
    if a > b {
        return a
    }
}

main {
    print(larger(2.0, 1.0))
}
"#,
        beside: &[],
        matters: "The run ends with an error at the call that takes the wrong way, which may be the thousandth.",
        repair: "End the function with a value:",
        repaired: r#"
fn larger(a: float, b: float) -> float {
    if a > b {
        return a
    }
    b
}

main {
    print(larger(2.0, 1.0))
}
"#,
    },
    Page {
        code: Code::ReturnType,
        meaning: "A function gives a value of another kind or shape than it declares behind `->`. Whole Floats and \
                  Integers convert into each other.",
        example: r#"
fn rows(x: Tensor) -> int {
    "three"
}

main {
    print(rows(ones([3, 2])))
}
"#,
        beside: &[],
        matters: "Who calls the function relies on what it declares.",
        repair: "Give what is declared, or declare what is given:",
        repaired: r#"
fn rows(x: Tensor) -> int {
    len(x)
}

main {
    print(rows(ones([3, 2])))
}
"#,
    },
    Page {
        code: Code::BreakOutsideLoop,
        meaning: "`break` and `continue` belong to the innermost loop of the same function. Here there is none.",
        example: r#"
main {
    print("start")
    break
}
"#,
        beside: &[],
        matters: "There is nothing to leave: a loop of the caller is not meant.",
        repair: "Use `return` to end the function or `main`, or remove it:",
        repaired: r#"
main {
    print("start")
}
"#,
    },
    Page {
        code: Code::ReturnOutsideFunction,
        meaning: "`return` with a value ends a function. In `main` and in a test, `return` alone ends early.",
        example: r#"
main {
    let result = 3
    return result
}
"#,
        beside: &[],
        matters: "Nobody takes the value.",
        repair: "Print the value, or end the run with it by `exit(code)`:",
        repaired: r#"
main {
    let result = 3
    print(result)
}
"#,
    },
    Page {
        code: Code::Arity,
        meaning: "A call has too many or too few arguments, names one that the function does not have, or gives one \
                  twice. Arguments may be named, as in `softmax(x, axis = 1)`, behind those without a name.",
        example: r#"
fn area(width: float, height: float) -> float {
    width * height
}

main {
    print(area(3.0))
}
"#,
        beside: &[],
        matters: "Functions of a script have no defaults, so nothing can stand for what is missing.",
        repair: "Pass what the function takes:",
        repaired: r#"
fn area(width: float, height: float) -> float {
    width * height
}

main {
    print(area(3.0, 2.0))
}
"#,
    },
    Page {
        code: Code::ArgumentType,
        meaning: "An argument or operand is of a kind that cannot stand there. Whole Floats stand for Integers, \
                  numeric arrays for tensors; texts and Booleans stand for nothing else.",
        example: r#"
main {
    print("layers: " + 4)
}
"#,
        beside: &[],
        matters: "There is no meaning that both sides share.",
        repair: "Convert the value, as with `str`, `to_int` or `as float32`, or pass another one:",
        repaired: r#"
main {
    print("layers: " + str(4))
}
"#,
    },
    Page {
        code: Code::FormatArguments,
        meaning: "Each `{}` in the text of `print`, `write` or `eprint` stands for one of the values behind it. Too few \
                  values are an error, too many a warning. An empty text at the end, which is meant to keep the line \
                  open, is a hint: `write` does that.",
        example: r#"
main {
    print("{} of {}", 1)
}
"#,
        beside: &[],
        matters: "A value would be missing from what is printed, or never be seen.",
        repair: "Pass as many values as there are `{}`:",
        repaired: r#"
main {
    print("{} of {}", 1, 3)
}
"#,
    },
    Page {
        code: Code::DivisionByZero,
        meaning: "An Integer or Float is divided by zero, or its remainder by zero is asked for. Tensors follow IEEE \
                  754 and hold `inf` or `nan` then.",
        example: r#"
main {
    let count = 0
    print(10 / count)
}
"#,
        beside: &[],
        matters: "The result would be no number, and everything computed from it neither.",
        repair: "Ask before:",
        repaired: r#"
main {
    let count = 0
    if count > 0 {
        print(10 / count)
    }
}
"#,
    },
    Page {
        code: Code::IntegerDivision,
        meaning: "Two Integers are divided, which drops the fraction, and the result goes on as a Float or into a \
                  tensor.",
        example: r#"
main {
    let head_dim = 64
    let scale = 1 / head_dim
    print(ones([2]) * scale)
}
"#,
        beside: &[],
        matters: "`1 / 64` is 0: scores scaled by it are all the same, and nothing fails.",
        repair: "Make one side a Float:",
        repaired: r#"
main {
    let head_dim = 64
    let scale = 1.0 / head_dim
    print(ones([2]) * scale)
}
"#,
    },
    Page {
        code: Code::RuntimeError,
        meaning: "The run cannot go on, for a reason that has no code of its own: a text that is no number, a failed \
                  assertion, a file that cannot be written, `panic`.",
        example: r#"
main {
    print(to_int("many"))
}
"#,
        beside: &[],
        matters: "What was printed before is kept; the message shows the place and the calls that led to it.",
        repair: "Read the message: it names the value at fault.",
        repaired: r#"
main {
    print(to_int("12"))
}
"#,
    },
];
