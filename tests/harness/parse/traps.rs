//! Traps and ambiguities of the older grammar, and what is meant.

use super::cases::Case;

/// One case for each trap and each ambiguity that can be seen in a program.
pub const CASES: &[Case] = &[
    Case::main(
        "T1 a word with i behind a sum",
        "let n = 1 + 2\nif n > 2 { f() }\nlet m = 1 - 2\ni = 3",
        "let n = (1 + 2)\nif (n > 2) {\n    f()\n}\nlet m = (1 - 2)\ni = 3",
    ),
    Case::main(
        "T2 names that begin like keywords",
        "letter = 5 break_count = 3 returned = 3 y = inv_freq * inverse(x) truex",
        "letter = 5\nbreak_count = 3\nreturned = 3\ny = (inv_freq * inverse(x))\ntruex",
    ),
    Case::main("T2 a cast to a sized word", "let a = x as float16", "let a = (x as float16)"),
    Case::script("T2 types that begin like keywords", "fn f(a: integer, b: entityx) { }", {
        "fn f(a: integer, b: entityx) {\n}"
    }),
    Case::main("T3 elements that begin with a number", "[1 + n, 2 * n, true && x]", "[(1 + n), (2 * n), (true && x)]"),
    Case::main("T4 an index on anything", "let a = (x)[0]\nlet b = [1, 2][0]\neinsum(\"ij->ji\", m)[0]", {
        "let a = x[0]\nlet b = [1, 2][0]\neinsum(\"ij->ji\", m)[0]"
    }),
    Case::main("T5 anything as an index", "let a = x[i+1]\nx[-1]\nx[\"key\"]\nx[f(1)]\nx[:, 0]\nx[0:5]", {
        "let a = x[(i + 1)]\nx[(-1)]\nx[\"key\"]\nx[f(1)]\nx[:, 0]\nx[0:5]"
    }),
    Case::main(
        "T6 a call goes on",
        "f(x) + 1\nf(x + 1) * 2\nf(x).g()\nf(x) - 1\nf(x)[0]\nKVCache::new_f32(22)\nm.f(x).g[0]",
        "(f(x) + 1)\n(f((x + 1)) * 2)\nf(x).g()\n(f(x) - 1)\nf(x)[0]\nKVCache::new_f32(22)\nm.f(x).g[0]",
    ),
    Case::main(
        "T7 conditions of queries and of if",
        "p(X)? where X != b, X > 1 or not q\nif a == 1 and b == 2 { }\nif not a == 1 { }",
        "p(X)? where (X != b), ((X > 1) || (!q))\nif ((a == 1) && (b == 2)) {\n}\nif (!(a == 1)) {\n}",
    ),
    Case::main(
        "T8 else belongs to its if however it is spaced",
        "if a {\n  if b { 1 }\n  else{ 2 }\n  print(\"} else {\")\n}  else\n{ 3 }",
        "if a {
    if b {
        1
    } else {
        2
    }
    print(\"} else {\")
} else {
    3
}",
    ),
    Case::script("T9 self", "impl P { fn f(self) -> int { self.x } }", {
        "impl P {\n    fn f(self) -> int {\n        self.x\n    }\n}"
    }),
    Case::main("T10 struct literals", "let p = P { x: 1 }\nlet q = P { }", "let p = (P { x: 1 })\nlet q = (P { })"),
    Case::script(
        "T11 a function without -> spoils nothing",
        "fn f(x: int) int { x }\nfn g() { 1 }",
        "fn f(x: int) {\n    x\n}\nfn g() {\n    1\n}",
    )
    .refused(),
    Case::main("A1 facts and calls are one node", "p(a)\np(a + 1)\np(a)?", "p(a)\np((a + 1))\np(a)?"),
    Case::main(
        "A2 a struct literal or a block",
        "let p = P { x: 1 }\nq\n{ x }",
        "let p = (P { x: 1 })\nq\n{\n    x\n}",
    ),
    Case::main(
        "A3 no struct literal in a header",
        "if x { y } while x { y } for i in xs { y } match x { y => 1 } if (P { x: 1 }).x { }",
        "if x {
    y
}
while x {
    y
}
for i in xs {
    y
}
match x {
    y => 1,
}
if (P { x: 1 }).x {
}",
    ),
    Case::main(
        "A4 comparisons and type arguments",
        "a < b > (c)\nVec<int>::new(c)\nlet p = P<int> { x: 1 }",
        "((a < b) > c)\nVec<int>::new(c)\nlet p = (P<int> { x: 1 })",
    ),
    Case::main("A5 a -1 is a difference", "a -1\nf(a, -1)", "(a - 1)\nf(a, (-1))"),
    Case::main("A6 brackets on a new line", "x\n[1]\nx\n(3)\nx\n-y", "x\n[1]\nx\n3\n(x - y)"),
    Case::main(
        "A7 blocks and sets",
        "{ a }\nfor p in {a, b} { p }\nfor p in {a} { }",
        "{\n    a\n}\nfor p in {a, b} {\n    p\n}\nfor p in {a} {\n}",
    ),
    Case::main(
        "A8 fields of learn are words elsewhere",
        "let epochs = 3\nlearn { let s = epochs objective: s epochs: 3 }",
        "let epochs = 3\nlearn {\n    let s = epochs\n    objective: s\n    epochs: 3\n}",
    ),
    Case::main(
        "A9 what stands before ::",
        "f16::zeros([2])\nTensor::new(1)\nIntVec::new()\nP::make(1)",
        "f16::zeros([2])\nTensor::new(1)\nIntVec::new()\nP::make(1)",
    ),
    Case::main(
        "A10 words that are keywords in places only",
        "test = 1 bench = 2 with = 3 where = 4 embedding(t, ids) query = 5 rule = 6 inv = 7 scheduler = 8",
        "test = 1\nbench = 2\nwith = 3\nwhere = 4\nembedding(t, ids)\nquery = 5\nrule = 6\ninv = 7\nscheduler = 8",
    ),
    Case::script("A11 rules and statements at the top", "p(X) <- q(X)\np(X)", {
        "p(X) <- q(X)\n<refused: statement outside of main>"
    })
    .refused(),
    Case::main("A12 alternatives", "match x { 1 | 2 => a || b }", "match x {\n    1 | 2 => (a || b),\n}"),
    Case::main(
        "A13 guards",
        "match x { n if n > 1 => n, _ => 0 }",
        "match x {\n    n if (n > 1) => n,\n    _ => 0,\n}",
    ),
    Case::main("A14 as is a word", "x as int\nassert(x)", "(x as int)\nassert(x)"),
    Case::main(
        "A15 reserved words as fields",
        "x.range\nmodel.embed.in\nx.for(1)",
        "x.range\nmodel.embed.in\nx.for(1)",
    ),
    Case::main("A16 numbers as fields", "model.blk.0.attn_norm.12", "model.blk[0].attn_norm[12]"),
    Case::main("A17 an index is an index", "e[alice]", "e[alice]"),
    Case::main(
        "how strongly operators bind",
        "-2 ** 2\n2 ** 3 ** 2\na @ b * c\na * b as int\na == b as int\n!a == b\na < b < c\na || b && c\nx as f32 * 2",
        "(-(2 ** 2))\n(2 ** (3 ** 2))\n((a @ b) * c)\n((a * b) as int)\n(a == (b as int))\n((!a) == b)\n\
         ((a < b) < c)\n(a || (b && c))\n((x as f32) * 2)",
    ),
];
