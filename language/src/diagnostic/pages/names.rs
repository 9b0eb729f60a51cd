//! Pages on names: what they stand for, and who sees them.

use super::Page;
use crate::diagnostic::Code;

pub(super) const PAGES: &[Page] = &[
    Page {
        code: Code::UnknownName,
        meaning: "A name is read that no variable, parameter or top-level tensor has at this place.",
        example: r#"
main {
    let total = 3
    print(total, totl)
}
"#,
        beside: &[],
        matters: "The run would end when it comes here, perhaps after minutes.",
        repair: "Correct the spelling, or declare the variable before:",
        repaired: r#"
main {
    let total = 3
    print(total, total)
}
"#,
    },
    Page {
        code: Code::UnknownFunction,
        meaning: "A function is called that neither the script nor the language has.",
        example: r#"
main {
    prnt("hello")
}
"#,
        beside: &[],
        matters: "Older interpreters took such a call for a fact and went on without a word.",
        repair: "Correct the spelling, or write the function:",
        repaired: r#"
main {
    print("hello")
}
"#,
    },
    Page {
        code: Code::UnknownField,
        meaning: "A value has no property of this name. Tensors, arrays and tokens have `shape`; models, layers and \
                  features have what their weight file holds, whose absence is `unknown-tensor`.",
        example: r#"
main {
    let x = zeros([2, 3])
    print(x.size)
}
"#,
        beside: &[],
        matters: "There is no value to go on with.",
        repair: "Use a property that the value has, or a function:",
        repaired: r#"
main {
    let x = zeros([2, 3])
    print(x.shape)
}
"#,
    },
    Page {
        code: Code::DuplicateName,
        meaning: "Two functions, two tensors, two parameters of a function or two `main` blocks share a name. A `let` \
                  may repeat: it makes a new variable.",
        example: r#"
fn double(x: float) -> float {
    x * 2.0
}

fn double(x: float) -> float {
    x + x
}

main {
    print(double(1.5))
}
"#,
        beside: &[],
        matters: "One of the two would never be used, and which one is nobody's choice.",
        repair: "Remove one, or give it another name:",
        repaired: r#"
fn double(x: float) -> float {
    x * 2.0
}

main {
    print(double(1.5))
}
"#,
    },
    Page {
        code: Code::ShadowedBuiltin,
        meaning: "A function of the script has the name of a builtin. The script's own function is called.",
        example: r#"
fn softmax(x: Tensor) -> Tensor {
    exp(x) / sum(exp(x))
}

main {
    print(softmax(ones([3])))
}
"#,
        beside: &[],
        matters: "A reader expects the builtin, with its parameters and its care for large numbers.",
        repair: "Give the function a name of its own, or call the builtin:",
        repaired: r#"
fn plain_softmax(x: Tensor) -> Tensor {
    exp(x) / sum(exp(x))
}

main {
    print(plain_softmax(ones([3])))
}
"#,
    },
    Page {
        code: Code::UnusedVariable,
        meaning: "A variable gets a value that is never read. Parameters, the variables of loops and names that begin \
                  with `_` may stay unread.",
        example: r#"
main {
    let scale = 0.125
    print("done")
}
"#,
        beside: &[],
        matters: "Often the value was to be used and something else is used in its place.",
        repair: "Use it, remove it, or begin its name with `_`:",
        repaired: r#"
main {
    let scale = 0.125
    print("done", scale)
}
"#,
    },
    Page {
        code: Code::CapturedCallerVariable,
        meaning: "A function reads a variable of the function that calls it. A function sees its parameters, its own \
                  variables and the top-level tensors, and nothing of its callers.",
        example: r#"
fn scaled(x: float) -> float {
    x * factor
}

main {
    let factor = 2.0
    print(scaled(3.0), factor)
}
"#,
        beside: &[],
        matters: "Older interpreters looked through the callers, so that a function meant something else wherever it \
                  was called.",
        repair: "Pass the value:",
        repaired: r#"
fn scaled(x: float, factor: float) -> float {
    x * factor
}

main {
    let factor = 2.0
    print(scaled(3.0, factor), factor)
}
"#,
    },
    Page {
        code: Code::BlockLocalAssignment,
        meaning: "`x = …` changes the nearest `x`. Where there is none it declares `x` in this block, and the end of \
                  the block is the end of `x`. Reading it afterwards is an error; never reading it at all, while a \
                  variable of a similar name exists, is a warning.",
        example: r#"
main {
    for i in range(3) {
        last = i
    }
    print(last)
}
"#,
        beside: &[],
        matters: "The value is gone before it is used.",
        repair: "Declare the variable with `let` before the block:",
        repaired: r#"
main {
    let last = 0
    for i in range(3) {
        last = i
    }
    print(last)
}
"#,
    },
    Page {
        code: Code::LostUpdate,
        meaning: "A `let` in a loop makes a new variable in every pass and leaves the outer one of the same name as it \
                  was. The outer one is read afterwards, or for the new one's value, so it was to change.",
        example: r#"
main {
    let h = 1.0
    for i in range(3) {
        let h = h * 2.0
    }
    print(h)
}
"#,
        beside: &[],
        matters: "The loop computes and its result is dropped: a model walked this way answers as if it had no layers.",
        repair: "Assign without `let`:",
        repaired: r#"
main {
    let h = 1.0
    for i in range(3) {
        h = h * 2.0
    }
    print(h)
}
"#,
    },
    Page {
        code: Code::LoopVariableOverwritten,
        meaning: "The variable of a `for` is assigned in the body. The loop takes the next value of its list all the \
                  same.",
        example: r#"
main {
    for i in range(10) {
        print(i)
        i = i + 2
    }
}
"#,
        beside: &[],
        matters: "The loop does not skip anything, though it reads as if it did.",
        repair: "Say in the header which values are meant, or use `while` with a variable of your own:",
        repaired: r#"
main {
    for i in range(0, 10, 3) {
        print(i)
    }
}
"#,
    },
];
