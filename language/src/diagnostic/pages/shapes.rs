//! Pages on shapes, axes and element types.

use super::Page;
use crate::diagnostic::Code;

pub(super) const PAGES: &[Page] = &[
    Page {
        code: Code::ShapeMismatch,
        meaning: "Two sizes that an operation needs to be equal differ. Operators align shapes at the right, and a \
                  size of 1 stretches; `a @ b` needs the last size of `a` and the first of `b` to be equal.",
        example: r#"
main {
    let x = ones([2, 3])
    let bias = ones([4])
    print(x + bias)
}
"#,
        beside: &[],
        matters: "The operation has no meaning for these shapes.",
        repair: "Compare both shapes with the message, and correct the one that is not as you think:",
        repaired: r#"
main {
    let x = ones([2, 3])
    let bias = ones([3])
    print(x + bias)
}
"#,
    },
    Page {
        code: Code::RankMismatch,
        meaning: "A tensor has more or fewer axes than the operation takes.",
        example: r#"
main {
    let x = ones([2, 3, 4])
    print(shape(transpose(x)))
}
"#,
        beside: &[],
        matters: "Which axes are meant cannot be guessed.",
        repair: "Take a part with fewer axes, or `reshape` the tensor:",
        repaired: r#"
main {
    let x = ones([2, 3, 4])
    print(shape(transpose(x[0])))
}
"#,
    },
    Page {
        code: Code::EinsumMismatch,
        meaning: "The operands of `einsum` do not fit its equation: another number of operands or axes, or one letter \
                  for two sizes.",
        example: r#"
main {
    let a = ones([2, 3])
    let b = ones([4, 5])
    print(shape(einsum("ij,jk->ik", a, b)))
}
"#,
        beside: &[],
        matters: "A letter is one size wherever it stands; that is all the equation says.",
        repair: "Write the axes in the order in which the operands have them:",
        repaired: r#"
main {
    let a = ones([2, 3])
    let b = ones([3, 5])
    print(shape(einsum("ij,jk->ik", a, b)))
}
"#,
    },
    Page {
        code: Code::IndexOutOfRange,
        meaning: "An index, an axis or the bound of a slice lies outside of the value. Negative ones count from the \
                  end: `x[-1]` is the last entry.",
        example: r#"
main {
    let x = ones([3, 4])
    print(x[3])
}
"#,
        beside: &[],
        matters: "There is nothing at this place.",
        repair: "Count from 0, or from the end:",
        repaired: r#"
main {
    let x = ones([3, 4])
    print(x[2])
}
"#,
    },
    Page {
        code: Code::DtypeMix,
        meaning: "Two tensors whose element types were chosen meet; the result has the wider one. What names no type \
                  takes the type of what it meets and is not told. Keys that a `KVCache` keeps in another type are \
                  converted. Where a parameter declares another type than a chosen one that it gets, it is a \
                  warning.",
        example: r#"
main {
    let a = f16::ones([2, 2])
    let b = f32::ones([2, 2])
    print(a + b)
}
"#,
        beside: &[],
        matters: "What was chosen to save memory takes more again, or what was chosen to be exact was rounded before.",
        repair: "Choose one type, or convert where the change is meant:",
        repaired: r#"
main {
    let a = f32::ones([2, 2])
    let b = f32::ones([2, 2])
    print(a + b)
}
"#,
    },
    Page {
        code: Code::TransposedWeight,
        meaning: "Weights are stored as `[out, in]`. `linear(x, w)` multiplies with the transposed weight, `@` and \
                  `matmul` do not. For a square weight both work, and it is a warning.",
        example: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let x = ones([4, 192])
    print(shape(x @ model.blk[0].attn_q.weight))
}
"#,
        beside: &[],
        matters: "With a square weight nothing fails, and every value is wrong.",
        repair: "Use `linear`:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let x = ones([4, 192])
    print(shape(linear(x, model.blk[0].attn_q.weight)))
}
"#,
    },
    Page {
        code: Code::ArgmaxFlat,
        meaning: "`argmax` and `argmin` without an axis count through the whole tensor. With several rows the result is \
                  an index into all of them, not into one.",
        example: r#"
main {
    let logits = [[0.1, 0.9], [0.8, 0.2]]
    print(argmax(logits))
}
"#,
        beside: &[],
        matters: "As a token id it is right for the first row only.",
        repair: "Name the axis, or take one row before:",
        repaired: r#"
main {
    let logits = [[0.1, 0.9], [0.8, 0.2]]
    print(argmax(logits, 1))
}
"#,
    },
];
