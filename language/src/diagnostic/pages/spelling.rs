//! Pages on how a script is written.

use super::Page;
use crate::diagnostic::Code;

pub(super) const PAGES: &[Page] = &[
    Page {
        code: Code::SyntaxError,
        meaning: "The text cannot be read as a script: a bracket is open, a value or a name is missing, or a sign \
                  stands where none can stand. The message points at what is certain, such as the bracket that \
                  nothing closes, not at where the reading gave up.",
        example: r#"
main {
    print("hello"
}
"#,
        beside: &[],
        matters: "Nothing runs. The rest of the script is still understood as far as possible, so the problems \
                  that are told besides it are worth reading.",
        repair: "Write what the message names:",
        repaired: r#"
main {
    print("hello")
}
"#,
    },
    Page {
        code: Code::MalformedNumber,
        meaning: "Numbers are decimal: digits, at most one point with digits on both sides, and an exponent as in \
                  `1e-5`. There are no prefixes such as `0x`, no suffixes such as `f32` and no `_` between digits.",
        example: r#"
main {
    let vocabulary = 32_000
    print(vocabulary)
}
"#,
        beside: &[],
        matters: "What was meant is clear to a person, but a guess could be wrong by orders of magnitude, so none is \
                  made.",
        repair: "Write the number in decimal:",
        repaired: r#"
main {
    let vocabulary = 32000
    print(vocabulary)
}
"#,
    },
    Page {
        code: Code::OutsideMain,
        meaning: "A file holds declarations, such as `fn` and `tensor`, and at most one `main`. Statements stand \
                  inside of a block.",
        example: r#"
print("hello")
"#,
        beside: &[],
        matters: "Declarations are known all at once; statements run in an order. Outside of `main` there is none.",
        repair: "Move the statement into `main`:",
        repaired: r#"
main {
    print("hello")
}
"#,
    },
    Page {
        code: Code::LegacySyntax,
        meaning: "An older or foreign spelling is accepted and means what it seems to mean: `:=` for `=`, `;` at the \
                  end of a statement, `a..b` for `range(a, b)`, `.0` for `[0]`, sized words such as `int32` outside of \
                  tensors, backslashes that are no escape.",
        example: r#"
main {
    x := 3
    print(x)
}
"#,
        beside: &[],
        matters: "The script runs as it is. One spelling for each meaning makes scripts easier to read and to search.",
        repair: "Apply the fix, which keeps the meaning:",
        repaired: r#"
main {
    x = 3
    print(x)
}
"#,
    },
    Page {
        code: Code::NotSupportedYet,
        meaning: "The script is right, but a part of it cannot be executed yet. While it is written that is a hint; \
                  `tl run` and Run in an editor take it for an error and do not begin.",
        example: r#"
main {
    python import math as m
    print("done")
}
"#,
        beside: &[],
        matters: "It is told before anything runs, so that no model is loaded in vain.",
        repair: "Do without that part for now:",
        repaired: r#"
main {
    print("done")
}
"#,
    },
    Page {
        code: Code::UnusedAllow,
        meaning: "A comment `// tl: allow(…)` names a code that occurs nowhere in its reach, or that does not exist. \
                  The comment counts for its own line; alone on a line, for the next statement or declaration.",
        example: r#"
main {
    print("hello") // tl: allow(lost-update)
}
"#,
        beside: &[],
        matters: "A comment that silences nothing now would silence a real mistake later, and nobody would know.",
        repair: "Remove it, or move it to the line that it is for:",
        repaired: r#"
main {
    print("hello")
}
"#,
    },
];
