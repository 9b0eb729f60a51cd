//! Forms that older interpreters reject or misread although scripts and manuals
//! have them: what each of them means here.

use super::cases::Case;

/// One case for each form.
pub const CASES: &[Case] = &[
    Case::main("range counts", "for i in range(2, n) { f(i) }", "for i in range(2, n) {\n    f(i)\n}"),
    Case::main("range_i stays a call", "for i in range_i(n) { }", "for i in range_i(n) {\n}"),
    Case::main(":= is =", "x := e\nlet y := 2", "x = e\nlet y = 2"),
    Case::main("learnable is a function", "let w = learnable(zeros([2]))", "let w = learnable(zeros([2]))"),
    Case::main(
        "learn with a loop",
        "learn {\n optimizer: adam(lr=0.1) // no commas\n epochs: 50, clip_grad_norm: 1.0\n
         for epoch in range(epochs) {\n let err = matmul(x, w) - y\n backward(mean(err * err))\n if err < 1 { break } } }",
        "learn {
    optimizer: adam(lr = 0.1)
    epochs: 50
    clip_grad_norm: 1.0
    for epoch in range(epochs) {
        let err = (matmul(x, w) - y)
        backward(mean((err * err)))
        if (err < 1) {
            break
        }
    }
}",
    ),
    Case::main(
        "learn with an objective",
        "learn { objective: l, optimizer: adam(lr: 1e-3, beta = b), epochs: 3, scheduler: cosine(t = 10) }",
        "learn {
    objective: l
    optimizer: adam(lr = 0.001, beta = b)
    epochs: 3
    scheduler: cosine(t = 10)
}",
    ),
    Case::script(
        "sized scalar types",
        "fn f(x: float32, n: int16) -> float16 { x } struct P { b: Box<int32> }",
        "struct P {\n    b: Box<int>\n}\nfn f(x: float, n: int) -> float {\n    x\n}",
    ),
    Case::main("struct literals", "let p = P { x: 1, y: 2, }", "let p = (P { x: 1, y: 2 })"),
    Case::main("struct literals with types", "let p = P<int, T> { x: 1 }.x", "let p = (P<int, T> { x: 1 }).x"),
    Case::script(
        "self and Drop",
        "impl Drop for P { fn drop(self) { print(self.x) } } impl P { fn len(self, n: int) -> int { self.x + n } }",
        "impl Drop for P {
    fn drop(self) {
        print(self.x)
    }
}
impl P {
    fn len(self, n: int) -> int {
        (self.x + n)
    }
}",
    ),
    Case::script("functions without ->", "fn f(x, y: int) { x }", "fn f(x, y: int) {\n    x\n}"),
    Case::script("fn main", "fn main() -> void { f() }", "main {\n    f()\n}"),
    Case::script(
        "words that were reserved are names",
        "fn forward(embed: int) -> int { embed } fn range(auto) { auto } fn objective(epochs, optimizer) { epochs }",
        "fn forward(embed: int) -> int {\n    embed\n}\nfn range(auto) {\n    auto\n}\n\
         fn objective(epochs, optimizer) {\n    epochs\n}",
    ),
    Case::script(
        "declarations in any order",
        "test t { f() } main { f() } fn f() { w } tensor w: float32[2]",
        "tensor w: float32[2]\nfn f() {\n    w\n}\nmain {\n    f()\n}\ntest t {\n    f()\n}",
    ),
    Case::script(
        "statements outside of main",
        "let x = 1\nprint(x)\nmain { }",
        "<refused: statement outside of main>\n<refused: statement outside of main>\nmain {\n}",
    )
    .refused(),
    Case::main("let with a type", "let x: float32[2, n] = e", "let x: float32[2, n] = e"),
    Case::main("let without a value", "let x: int", "let x: int = <invalid>").refused(),
    Case::script("a tuple as a result", "fn f() -> (A, B) { x }", "fn f() -> <refused: tuple type> {\n    x\n}").refused(),
    Case::main("a tuple in let", "let (a, b) = f()", "<refused: tuple pattern>").refused(),
    Case::main("a tuple as a value", "let a = (1, 2)", "let a = <refused: tuple>").refused(),
    Case::main("slices", "w[i, :]\nw[0:5]\nw[1:]\nw[:2, n - 1:n]", "w[i, :]\nw[0:5]\nw[1:]\nw[:2, (n - 1):n]"),
    Case::main("index arithmetic", "a[i - 10]\na[-1]", "a[(i - 10)]\na[(-1)]"),
    Case::main("a whole float as an index", "s[0.0]", "s[0.0]"),
    Case::main(
        "every value has an index and methods",
        "x[f(1)]\n(e)[0]\n[1, 2][0]\n(a + b).sum()\n\"s\".len()\nf(x).g()",
        "x[f(1)]\ne[0]\n[1, 2][0]\n(a + b).sum()\n\"s\".len()\nf(x).g()",
    ),
    Case::main("text as an index", "emb[\"a\"]", "emb[\"a\"]"),
    Case::main("numbers as fields", "model.blk.0.attn_norm", "model.blk[0].attn_norm"),
    Case::main(
        "tensor is a function",
        "let a = tensor([1, 2], [2, 1])\nlet b = tensor([1], float32)",
        "let a = tensor([1, 2], [2, 1])\nlet b = tensor([1], float32)",
    ),
    Case::main("array repetition", "let a = [0.0; 2 * n]", "let a = [0.0; (2 * n)]"),
    Case::main("semicolons", "x = 1; y = 2;", "x = 1\ny = 2"),
    Case::main(
        "if, then, else",
        "let x = if c then a else b",
        "let x = if c {\n    a\n} else {\n    b\n}",
    )
    .refused(),
    Case::main("if as a value", "let x = if c { a } else { b }", "let x = if c {\n    a\n} else {\n    b\n}"),
    Case::script(
        "if as the value of a function",
        "fn f(c) { if c { 1 } else { 2 } }",
        "fn f(c) {\n    if c {\n        1\n    } else {\n        2\n    }\n}",
    ),
    Case::main("exponents", "let e = 1e-7 + 2E3 + 1.5e+2", "let e = ((1e-7 + 2000.0) + 150.0)"),
    Case::main("minus in front of anything", "-x\n-f(x) * -(a + b)", "((-x) - (f(x) * (-(a + b))))"),
    Case::main(
        "else if",
        "if a { 1 } else if b { 2 } else { 3 }",
        "if a {\n    1\n} else if b {\n    2\n} else {\n    3\n}",
    ),
    Case::main("else on its own line", "if a { 1 }\nelse\n{ 2 }", "if a {\n    1\n} else {\n    2\n}"),
    Case::main("continue", "while a { continue }", "while a {\n    continue\n}"),
    Case::main("a..b", "for i in 0..10 { }", "for i in range(0, 10) {\n}"),
    Case::script("the keyword of rules", "rule p(X) <- q(X), X > 1", "p(X) <- q(X), (X > 1)"),
    Case::main("the keyword of queries", "query p(X)\nquery q(X, a)?", "p(X)?\nq(X, a)?"),
    Case::main("infer with query", "infer forward query p(X)", "infer forward p(X)?"),
    Case::main(
        "assignments to parts",
        "a[i] = v\na.b = v\na.b[1].c = v\na += v\na[0] *= 2",
        "a[i] = v\na.b = v\na.b[1].c = v\na += v\na[0] *= 2",
    ),
    Case::script(
        "trailing commas",
        "entity E = {a, b,} fn f(x: int, y: Box<int,>,) { g(x, y,)\n[1, 2,]\nx[0,] }",
        "entity E = {a, b}\nfn f(x: int, y: Box<int>) {\n    g(x, y)\n    [1, 2]\n    x[0]\n}",
    ),
    Case::main("comments of other languages", "x = 1 # no\ny = 2", "x = 1\ny = 2").refused(),
    Case::main("strings of other languages", "print('a')", "print(\"a\")").refused(),
    Case::main("interpolation", "print(f\"{x}\")", "print(\"{x}\")").refused(),
    Case::main("and, or, not", "not a == b and c or d", "(((!(a == b)) && c) || d)"),
    Case::main("about equal", "if a ≈ b { }", "if (a ≈ b) {\n}"),
    Case::script("float64", "tensor w: float64[2]", "tensor w: float32[2]"),
    Case::script("complex numbers", "tensor w: complex64[2]", "tensor w: <refused: complex type>").refused(),
    Case::script("a comment at the very end", "main { a } // end", "main {\n    a\n}"),
];
