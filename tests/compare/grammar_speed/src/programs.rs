//! The texts that are measured: the same programs in TensorLogic and in Rust.

/// The two languages, and with them their grammars.
#[derive(Clone, Copy, PartialEq)]
pub enum Dialect {
    TensorLogic,
    Rust,
}

/// What bodies are made of, as Rust writes it; every `#` is a number. TensorLogic
/// writes the same without semicolons and without `mut`.
const PARTS: [&str; 7] = [
    "\
    // Query, key and value of every head.
    let h# = rms_norm(x, model.blk[#].attn_norm.weight, 1e-5);
    let q# = rope(reshape(linear(h#, model.blk[#].attn_q.weight), [n, 32, 64]));
    let k# = rope(reshape(linear(h#, model.blk[#].attn_k.weight), [n, 4, 64]));
    let v# = reshape(linear(h#, model.blk[#].attn_v.weight), [n, 4, 64]);
    cache.append(i, k#, v#);
",
    "\
    if n > # {
        let extra = n - 1;
        print(\"long\", extra, #);
    } else {
        print(\"short\");
    }
",
    "\
    let mut total = 0.0;
    for step in range(32) {
        total = total + sum(x[step]) * 0.5;
        if total > 100.0 && step > # {
            break;
        }
    }
",
    "\
    let o# = attention_with_cache(x, cache.get_k(i), cache.get_v(i), model.blk[#].attn_output.weight);
    let y# = x + o#;
",
    "\
    let table# = [[1, 2, #], [4, 5, 6]];
    let first = table#[0][1] * (n + 3) - 7;
    print(\"first\", first, table#);
",
    "\
    // The gate decides how much of a row goes on.
    let gate# = silu(linear(x, model.blk[#].ffn_gate.weight));
    let wide# = gate# * linear(x, model.blk[#].ffn_up.weight);
    save(x + linear(wide#, model.blk[#].ffn_down.weight));
",
    "\
    if n == # || total >= 0.25 {
        return x;
    }
",
];

/// Functions of 14 to 50 lines, until there are so many lines.
pub fn functions(dialect: Dialect, lines: usize) -> String {
    let mut text = String::new();
    let mut count = 0;
    for number in 0.. {
        if count >= lines {
            break;
        }
        let mut function = match dialect {
            Dialect::TensorLogic => format!(
                "fn layer_{number}(x: float16[?, ?], model: Model, i: int, cache: KVCache) -> float16[?, ?] {{\n"
            ),
            Dialect::Rust => format!(
                "fn layer_{number}(x: Tensor<f16, 2>, model: Model, i: usize, cache: KvCache) -> Tensor<f16, 2> {{\n"
            ),
        };
        function.push_str(&spell(dialect, "    let n = shape(x)[0];\n", number));
        for part in 0..2 + number % 8 {
            function.push_str(&spell(dialect, PARTS[(number + part) % PARTS.len()], number));
        }
        function.push_str("    x + linear(x, model.output.weight)\n}\n\n");
        count += function.lines().count();
        text.push_str(&function);
    }
    text
}

/// One block with so many lines.
pub fn block(dialect: Dialect, lines: usize) -> String {
    let mut text = String::from(match dialect {
        Dialect::TensorLogic => "main {\n",
        Dialect::Rust => "fn main() {\n",
    });
    let mut count = 2;
    for number in 0.. {
        if count >= lines {
            break;
        }
        let part = spell(dialect, PARTS[number % PARTS.len()], number / PARTS.len());
        count += part.lines().count();
        text.push_str(&part);
    }
    text.push_str("}\n");
    text
}

fn spell(dialect: Dialect, part: &str, number: usize) -> String {
    let part = part.replace('#', &number.to_string());
    match dialect {
        Dialect::TensorLogic => part.replace(";\n", "\n").replace("let mut ", "let "),
        Dialect::Rust => part,
    }
}
