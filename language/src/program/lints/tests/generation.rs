//! Loops that generate text: the end of the text, repeated work, positions.

use super::{check, check_fix, silent};
use crate::diagnostic::Code;

/// A `main` that generates, with `rest` in its loop behind the sampling.
fn generating(header: &str, rest: &str) -> String {
    format!(
        r#"
fn forward(model: Model, tokens: Tokens) -> Tensor {{
    linear(embedding(model.token_embd.weight, tokens), model.output.weight)
}}
main {{
    let model = load_model("m.gguf")
    let tok = load_tokenizer("t.json")
    let tokens = tokenize(tok, "hello")
    let going = true
    let steps = 0
    {header}
        let logits = forward(model, tokens)
        let token = temperature_sample(logits, 0.8)
{rest}
    }}
    print(detokenize(tok, tokens), going, steps)
}}"#
    )
}

#[test]
fn a_loop_that_generates_looks_for_the_end() {
    let fires = |header: &str, rest: &str| {
        let header = format!("{header} // warning[no-eos-check]: this loop generates text and never looks for its end");
        check(Code::NoEosCheck, &generating(&header, rest));
    };
    fires("for i in range(10) {", "tokens = append(tokens, token)");
    fires("while len(tokens) < 10 {", "tokens.append(token)");
    fires("loop {", "tokens = concat(tokens, [token])\nif len(tokens) > 20 { break }");
    fires("for i in range(10) {", "if token == 2 { print(token) }\ntokens = append(tokens, token)");
    fires(
        "for i in range(10) {",
        "let id = to_int(token)\ntokens = append(tokens, id)\nsteps = steps + 1\nif steps > 5 { break }",
    );
}

#[test]
fn a_loop_that_looks_for_the_end_is_fine() {
    let silent = |header: &str, rest: &str| check(Code::NoEosCheck, &generating(header, rest));
    silent("for i in range(10) {", "if token == eos_id(tok) { break }\ntokens = append(tokens, token)");
    silent("for i in range(10) {", "let id = to_int(token)\nif id == 2 { return }\ntokens = append(tokens, token)");
    silent("while going {", "tokens = append(tokens, token)\nif token == 2 { going = false }");
    silent("while tokens[len(tokens) - 1] != 2 {", "tokens = append(tokens, token)");
    silent("loop {", "if token != 2 {\ntokens = append(tokens, token)\ncontinue\n}\nbreak");
    silent("loop {", "if token != 2 { tokens = append(tokens, token) } else { break }");
    silent(
        "for i in range(10) {",
        "tokens = append(tokens, token)\nmatch token {\n2 => { break },\n_ => print(token),\n}",
    );
    silent("for i in range(10) {", "let done = token == 2\nif done || i > 5 { break }\ntokens = append(tokens, token)");
    silent("for i in range(10) {", "print(token)");
}

#[test]
fn draws_and_classes_have_no_end() {
    silent(
        r"
let logits = [0.1, 0.9]
let draws = []
for i in range(10) {
    let token = temperature_sample(logits, 1.0)
    draws = append(draws, token)
}
let classes = []
for i in range(2) {
    classes.append(argmax([[0.1, 0.9], [0.8, 0.2]][i]))
}
print(draws, classes)",
    );
}

#[test]
fn the_token_may_come_from_a_function() {
    let script = |rest: &str| {
        format!(
            r#"
fn next(model: Model, tokens: Tokens) -> int {{
    let x = embedding(model.token_embd.weight, tokens)
    temperature_sample(linear(x, model.output.weight), 0.0)
}}
fn write_on(model: Model, tokenizer: Tokenizer, tokens: Tokens) -> string {{
{rest}
        tokens = append(tokens, token)
    }}
    detokenize(tokenizer, tokens)
}}"#
        )
    };
    let header = "for i in range(10) { // warning[no-eos-check]: never looks\nlet token = next(model, tokens)";
    check(Code::NoEosCheck, &script(header));
    let header = "for i in range(10) {\nlet token = next(model, tokens)\nif token == eos_id(tokenizer) { break }";
    check(Code::NoEosCheck, &script(header));
}

#[test]
fn the_fix_leaves_the_loop_behind_the_sampling() {
    let rest = "        tokens = append(tokens, token)";
    let fixed = format!("        if token == eos_id(tok) {{ break }}\n{rest}");
    let header = "for i in range(10) {";
    check_fix(Code::NoEosCheck, &generating(header, rest), &generating(header, &fixed));
}

#[test]
fn a_whole_list_again_and_again_is_repeated_work() {
    let end = "if token == eos_id(tok) { break }\ntokens = append(tokens, token)";
    let header = "for i in range(10) { // hint[quadratic-recompute]: each round runs the model over all of `tokens`";
    check(Code::QuadraticRecompute, &generating(header, end));
    check(
        Code::QuadraticRecompute,
        r#"
let model = load_model("m.gguf")
let ids = [1, 2]
while len(ids) < 10 { // hint[quadratic-recompute]: all of `ids`
    let input = ids
    for i in range(2) {
        let x = embedding(input, model.token_embd.weight)
        print(x)
    }
    ids.append(3)
}"#,
    );
}

#[test]
fn a_new_token_alone_is_no_repeated_work() {
    silent(
        r#"
let model = load_model("m.gguf")
let tokens = [1, 2]
let input = tokens
for i in range(10) {
    let x = embedding(model.token_embd.weight, input)
    let last = embedding(model.token_embd.weight, [tokens[i]])
    let first = if i == 0 { embedding(model.token_embd.weight, tokens) } else { x }
    print(last, first)
    tokens = append(tokens, 3)
    input = [3]
}"#,
    );
}

/// An attention step with a cache: `turn` makes the keys, `rest` uses them.
fn cached(turn: &str, rest: &str) -> String {
    format!(
        r#"
fn attend(x: Tensor, cache: KVCache, layer: int, position: int) -> Tensor {{
    let k = {turn}
    {rest}
}}"#
    )
}

#[test]
fn keys_behind_others_need_their_position() {
    let told = "// warning[rope-position]: `rope` without a position begins at 0";
    check(Code::RopePosition, &cached(&format!("rope(x) {told}"), "cache.append(layer, k, x)\nx + position"));
    check(
        Code::RopePosition,
        &cached(
            &format!("rope(x, base = 500000.0) {told}"),
            "einsum(\"ihd,jhd->ihj\", k, cache.get_k(layer)) + position",
        ),
    );
    check(
        Code::RopePosition,
        r#"
let keys = [[[1, 2]]]
for step in range(3) {
    let k = rope([[[3, 4]]]) // warning[rope-position]: begins at 0
    keys = concat(keys, k, 0)
}
print(keys)"#,
    );
    check(
        Code::RopePosition,
        r#"
fn block(x: Tensor, cache: KVCache, i: int) -> Tensor {
    cache.append(i, rope(x), x) // warning[rope-position]: begins at 0
    x
}
fn step(x: Tensor, cache: KVCache) -> Tensor {
    for i in range(4) { x = block(x, cache, i) }
    x
}
fn write_on(x: Tensor, cache: KVCache) -> Tensor {
    for t in range(10) { x = step(x, cache) }
    x
}"#,
    );
}

#[test]
fn keys_with_a_position_or_at_the_beginning_are_fine() {
    silent(&cached("rope(x, position)", "cache.append(layer, k, x)\nx"));
    silent(&cached("rope(x, position = position)", "cache.append(layer, k, x)\nx"));
    silent(&cached("rope(x)", "cache.set(layer, k, x)\nx + position"));
    silent(&cached("rope(x)", "einsum(\"ihd,jhd->ihj\", k, x) + position"));
    // The prompt fills an empty cache, once for each layer.
    silent(
        r#"
fn block(x: Tensor, cache: KVCache, i: int) -> Tensor {
    cache.append(i, rope(x), x)
    x
}
fn prefill(x: Tensor, cache: KVCache) -> Tensor {
    for i in range(4) { x = block(x, cache, i) }
    x
}
fn write_on(x: Tensor, cache: KVCache) -> Tensor {
    x = prefill(x, cache)
    for t in range(10) { x = x + rope(x, t) }
    x
}"#,
    );
}
