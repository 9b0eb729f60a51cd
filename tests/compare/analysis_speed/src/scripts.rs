//! The scripts that are measured: functions of 14 to 50 lines that call each other, over
//! the weights of a model, and a `main` that lets them write a text.

/// What the functions of a script are made of.
#[derive(Clone, Copy, PartialEq)]
pub enum Style {
    /// Numbers, loops, conditions, texts; tensors of sizes that the script says.
    Plain,
    /// Also the layers of a model: their weights, `rope`, attention, caches; `learn`.
    Model,
}

/// What stands before all functions. `share_heads` is called by most of them.
const HELPERS: &str = "\
// Several query heads share one key and value head: [n, kv, d] -> [n, heads, d].
fn share_heads(x: Tensor, heads: int) -> Tensor {
    let n = shape(x)[0]
    let kv = shape(x)[1]
    let d = shape(x)[2]
    reshape(broadcast_to(reshape(x, [n, kv, 1, d]), [n, kv, heads / kv, d]), [n, heads, d])
}

// Every position is as long as the others: rows that are already short stay so.
fn scaled(x: Tensor, by: float) -> Tensor {
    let longest = max(x) + 1e-5
    x * by / longest
}

";

/// Parts of any function; every `#` is a number. `h` is [n, 2048].
const PLAIN: [&str; 7] = [
    "\
    // How far the rows are from each other.
    let total# = 0.0
    for step in range(32) {
        let row = ones([4, 16]) * 0.5
        total# = total# + mean(row) * 0.25
        if total# > 100.0 and step > # {
            break
        }
    }
    print(\"total {} of part #\", total#)
",
    "\
    if n > # {
        let extra = n - #
        print(\"long: {} rows more\", extra)
    } else {
        print(\"short\")
    }
",
    "\
    // One row joins the window in each round.
    let window# = zeros([1, 64])
    for step in range(#) {
        window# = concat(window#, ones([1, 64]) * 0.5)
    }
    print(shape(window#)[0])
",
    "\
    let table# = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    let sums# = sum(table#, 1)
    print(\"first: {}\", sums#[0])
    h = scaled(h, 0.5)
",
    "\
    let names# = [\"query\", \"key\", \"value\"]
    for number in range(len(names#)) {
        print(\"{}: {}\", number, names#[number])
    }
    let left# = #
    while left# > 0 {
        left# = left# - 3
    }
",
    "\
    // A gate in [0, 1] says how much of each row goes on.
    let gate# = sigmoid(mean(h, 1))
    let mixed# = h * reshape(gate#, [n, 1])
    h = relu(mixed#) + h
",
    "\
    let square# = reshape(range(64), [8, 8])
    let turned# = transpose(square#) @ square#
    let best# = argmax(turned#, 1)
    print(\"best of #: {}\", best#[0])
",
];

/// Parts of functions over a model.
const MODEL: [&str; 4] = [
    "\
    // Query, key and value of every head.
    let normed# = rms_norm(h, model.blk[i].attn_norm.weight, 1e-5)
    let q# = rope(reshape(linear(normed#, model.blk[i].attn_q.weight), [n, 32, 64]))
    let k# = rope(reshape(linear(normed#, model.blk[i].attn_k.weight), [n, 4, 64]))
    let v# = reshape(linear(normed#, model.blk[i].attn_v.weight), [n, 4, 64])
    let scores# = einsum(\"ihd,jhd->ihj\", q#, share_heads(k#, 32)) * 0.125
    let masked# = apply_attention_mask(scores#, causal_mask(n))
    let heads# = einsum(\"ihj,jhd->ihd\", softmax(masked#, 2), share_heads(v#, 32))
    h = h + linear(reshape(heads#, [n, 2048]), model.blk[i].attn_output.weight)
",
    "\
    // The gate decides how much of a row goes on.
    let layer# = model.blk[i]
    let short# = rms_norm(h, layer#.ffn_norm.weight)
    let gate# = silu(linear(short#, layer#.ffn_gate.weight))
    let wide# = gate# * linear(short#, layer#.ffn_up.weight)
    h = h + linear(wide#, layer#.ffn_down.weight)
",
    "\
    let last# = rms_norm(get_last_position(h), model.output_norm.weight)
    let logits# = linear(last#, model.output.weight)
    print(\"likely: {}\", argmax(logits#, 1))
",
    "\
    // The adapter follows what the layer has found.
    let goal# = mean(h)
    learn {
        objective: sum(adapter * adapter) * goal#,
        optimizer: sgd(lr = 0.1),
        epochs: #
    }
",
];

const PLAIN_MAIN: &str = "\
main {
    let most_tokens = arg(\"tokens\", 200)
    let x = ones([5, 2048])
    for step in range(most_tokens) {
        let h = stage_0(x, 0)
        print(\"step {}\", step)
        print(mean(h))
    }
}
";

const MODEL_MAIN: &str = "\
main {
    let model = load_model(arg(\"model\", \"tiny.gguf\"))
    let most_tokens = arg(\"tokens\", 200)
    let tokens = [1, 2, 3]
    for step in range(most_tokens) {  // tl: allow(quadratic-recompute)
        let x = embedding(model.token_embd.weight, tokens)
        for i in range(len(model.blk)) {
            x = stage_0(x, model, i)
        }
        let last = rms_norm(get_last_position(x), model.output_norm.weight)
        let token = temperature_sample(linear(last, model.output.weight), 0.8)
        if token == 2 { break }
        tokens = append(tokens, token)
        print(\"step {}\", step)
    }
}
";

/// A script of about so many lines.
pub fn script(style: Style, lines: usize) -> String {
    let mut text = String::from(HELPERS);
    if style == Style::Model {
        text.push_str("tensor adapter: float32[2048] learnable = zeros([2048])\n\n");
    }
    let main = if style == Style::Model { MODEL_MAIN } else { PLAIN_MAIN };
    let mut count = text.lines().count() + main.lines().count();
    let mut functions = Vec::new();
    while count < lines {
        let body = body(style, functions.len());
        count += body.lines().count() + 5;
        functions.push(body);
    }
    for (number, body) in functions.iter().enumerate() {
        text.push_str(&function(style, number, body, functions.len()));
    }
    text.push_str(main);
    text
}

fn body(style: Style, number: usize) -> String {
    let part = |at: usize| {
        let at = number * 3 + at;
        match style == Style::Model && at % 2 == 1 {
            true => MODEL[at / 2 % MODEL.len()],
            false => PLAIN[at % PLAIN.len()],
        }
    };
    let parts = (0..2 + number % 4).map(|at| part(at).replace('#', &format!("{}", 3 + number % 90 + at)));
    parts.collect()
}

/// A function that calls two others, if there are as many: all of them are reached, over
/// few steps each.
fn function(style: Style, number: usize, body: &str, count: usize) -> String {
    let (parameters, arguments) = match style {
        Style::Plain => ("x: Tensor, i: int", "h, i"),
        Style::Model => ("x: Tensor, model: Model, i: int", "h, model, i"),
    };
    let calls = [2 * number + 1, 2 * number + 2].into_iter().filter(|called| *called < count);
    let calls: String = calls.map(|called| format!("    h = stage_{called}({arguments})\n")).collect();
    format!(
        "fn stage_{number}({parameters}) -> Tensor {{\n    let n = shape(x)[0]\n    let h = x\n{body}{calls}    h\n}}\n\n"
    )
}
