//! Every piece of advice where it is given, and where it is not.

use super::super::tests::check_script;

/// A script with the story model: 6 query heads and 2 key heads of 32, width 192.
fn check(lines: &str) {
    check_script(&format!(
        "main {{\nlet m = load_model(\"models/stories-f16.gguf\")\nlet b = m.blk[0]\nlet x = zeros([5, 192])\n{lines}\n}}"
    ));
}

#[test]
fn weights_are_not_multiplied_as_they_are_stored() {
    check("let a = x @ b.attn_q.weight // warning[transposed-weight]");
    check("let a = matmul(x, b.attn_q) // warning[transposed-weight]");
    check("let a = x @ b.attn_k.weight // error[transposed-weight]");
    check("let a = matmul(x, get_tensor(m, \"blk.0.ffn_up.weight\")) // error[transposed-weight]");
    check("let w = transpose(b.attn_q.weight)\nlet a = linear(x, w) // warning[transposed-weight]");
    check("let a = linear(x, transpose(b.attn_k.weight)) // error[transposed-weight]");
    check("let a = x @ transpose(b.attn_q.weight)");
    check("let a = linear(x, b.attn_q.weight)\nlet c = linear(x, transpose(transpose(b.attn_q.weight)))");
    check("for i in range(4) {\nlet w = m.blk[i].attn_q.weight\nlet a = x @ w // warning[transposed-weight]\n}");
    check("let a = einsum(\"ij,jk->ik\", x, b.attn_q.weight) // warning[transposed-weight]");
    check("let a = einsum(\"ij,jk->ik\", x, b.attn_k.weight) // error[transposed-weight]");
    check("let a = einsum(\"ij,kj->ik\", x, b.attn_q.weight)\nlet c = einsum(\"ij,kj->ik\", x, b.attn_k.weight)");
}

#[test]
fn shared_heads_are_repeated() {
    let q = "let q = rope(reshape(linear(x, b.attn_q.weight), [5, 6, 32]))\nlet k = rope(reshape(linear(x, b.attn_k.weight), [5, 2, 32]))\n";
    check(&format!("{q}let s = einsum(\"ihd,jhd->ihj\", q, k) // error[gqa-expansion]"));
    check(&format!("{q}let s = transpose(q, 0, 1) @ transpose(transpose(k, 0, 1), 1, 2) // error[gqa-expansion]"));
    let right = "let e = reshape(broadcast_to(reshape(k, [5, 2, 1, 32]), [5, 2, 3, 32]), [5, 6, 32])\n";
    check(&format!("{q}{right}let s = einsum(\"ihd,jhd->ihj\", q, e)"));
    let wrong = "let g = reshape(k, [5, 1, 2, 32])\nlet e = broadcast_to(g, [5, 3, 2, 32]) // warning[gqa-expansion]";
    check(&format!("{q}{wrong}"));
    let wrong = "let e = reshape(k, [5, 1, 2, 32]) * ones([1, 3, 1, 1]) // warning[gqa-expansion]";
    check(&format!("{q}{wrong}"));
    check(&format!("{q}let e = concat(k, k, 1) // warning[gqa-expansion]"));
    check(&format!("{q}let e = einsum(\"nkd,g->ngkd\", k, ones([3])) // warning[gqa-expansion]"));
    check(&format!("{q}let e = reshape(einsum(\"nkd,g->nkgd\", k, ones([3])), [5, 6, 32])"));
    check(&format!("{q}let e = concat(k, rope(reshape(linear(x, b.attn_k.weight), [5, 2, 32])), 0)"));
    let tokens =
        "let t = load_tokenizer(\"models/tokenizer.json\")\nlet ids = tokenize(t, input())\nlet n = len(ids)\n";
    let k = "let k = linear(embedding(m.token_embd.weight, ids), b.attn_k.weight)\n";
    check(&format!("{tokens}{k}let h = reshape(k, [n, 6, 32]) // warning[gqa-expansion]"));
    check(&format!("{tokens}{k}let h = reshape(k, [n, 2, 32])"));
}

#[test]
fn queries_and_keys_are_turned_once() {
    let q = "let q = reshape(linear(x, b.attn_q.weight), [5, 6, 32])\nlet k = reshape(linear(x, b.attn_k.weight), [5, 2, 32])\nlet v = reshape(linear(x, b.attn_v.weight), [5, 2, 32])\n";
    check(&format!("{q}let r = rope(rope(q)) // warning[rope-input]"));
    check(&format!("{q}let r = rope(v) // warning[rope-input]"));
    check(&format!("{q}let r = rope(q)"));
    let e = "let e = reshape(broadcast_to(reshape(rope(k), [5, 2, 1, 32]), [5, 2, 3, 32]), [5, 6, 32])\n";
    check(&format!("{q}{e}let s = einsum(\"ihd,jhd->ihj\", q, e) // warning[rope-input]"));
    check(&format!("{q}{e}let s = einsum(\"ihd,jhd->ihj\", rope(q), e)"));
    check("let r = rope(x) // error[rope-input]");
}

#[test]
fn scores_are_normalised_over_the_keys() {
    let s = "let q = zeros([5, 6, 32])\nlet s = einsum(\"ihd,jhd->ihj\", q, q)\n";
    check(&format!("{s}let p = softmax(s * 0.125, 2)\nlet r = softmax(s * 0.125)\nlet o = softmax(s * 0.125, -1)"));
    check(&format!("{s}let p = softmax(s * 0.125, 0) // warning[softmax-axis]"));
    check(&format!("{s}let p = softmax(apply_attention_mask(s, causal_mask(5)), 1) // warning[softmax-axis]"));
    check("let p = softmax(x, 0)");
    check("let s = zeros([5, 6, 5]) + reshape(causal_mask(4), [4, 1, 4]) // error[mask-shape]");
    check("let s = apply_attention_mask(zeros([1, 6, 5]), causal_mask(5)) // error[mask-shape]");
}

#[test]
fn positions_are_those_of_a_row() {
    check("let a = argmax(x) // warning[argmax-flat]");
    check("let a = argmax(x, 1)\nlet b = argmax(zeros([9]))\nlet c = argmax(zeros([1, 9]))");
}

#[test]
fn fractions_are_not_lost() {
    check("let s = 1 / 32 // warning[integer-division]\nlet a = x * s");
    check("let a = x * (7 / 2) // warning[integer-division]");
    check("let a = x * (192 / 6)");
    check("let n = 7 / 2\nprint(n)");
    check("let a = 1 / 0 // error[division-by-zero]");
    check("let a = 1.5 / 0.0 // error[division-by-zero]");
    check("let a = 7 % 0 // error[division-by-zero]");
    check("let a = 1.0 / 3");
}

#[test]
fn indices_lie_inside() {
    check("let a = x[5] // error[index-out-of-range]");
    check("let a = x[0, -193] // error[index-out-of-range]");
    check("let a = x[0, 0, 0] // error[rank-mismatch]");
    check("let a = x[2:6] // error[index-out-of-range]");
    check("let a = x[3:2] // error[index-out-of-range]");
    check("let s = [1, 2, 3]\nlet a = s[3] // error[index-out-of-range]");
    check("let a = x[4, -192]\nlet c = x[:, 3:]\nlet d = x[5:5]");
    check("let a = [[1, 2], [3]] // error[shape-mismatch]");
    check("tensor a: float32[2, 3] = [1, 2] // error[shape-mismatch]");
    check(
        "tensor a: float32[2, 3] = [1, 2, 3, 4, 5, 6]\ntensor c: float32[?, 2] = [[1, 2]]\ntensor d: float32[3] = [7]",
    );
}

#[test]
fn prompts_begin_once() {
    let t = "let t = load_tokenizer(\"models/tokenizer.json\")\n";
    check(&format!("{t}let a = tokenize(t, \"<s>once\") // warning[bos-token]"));
    check(&format!("{t}let a = tokenize(t, \"<s>once\", false)"));
    check(&format!("{t}let a = tokenize(t, \"<|user|>\" + input(), false) // warning[bos-token]"));
    check(&format!("{t}let a = tokenize(t, \"<|user|>\" + input(), true)"));
    check(&format!("{t}let a = tokenize(t, input(), false)"));
    check(&format!("{t}let a = tokenize(t, \"<|user|>\", false)\nlet ids = concat([bos_id(t)], a)"));
    check(&format!("{t}let a = tokenize(t, \"<|user|>\", true) // warning[bos-token]\nlet ids = concat([1], a)"));
    check(&format!("{t}let a = tokenize(t, \"<|user|>\", false) // warning[bos-token]\nlet ids = append(a, 5)"));
}

#[test]
fn masks_grow_with_the_scores() {
    let grows = "let t = load_tokenizer(\"models/tokenizer.json\")\nlet ids = tokenize(t, input())\nfor i in range(9) {\nlet n = len(ids)\nlet s = zeros([n, 6, n])\n";
    check(&format!(
        "{grows}let p = apply_attention_mask(s, causal_mask(64)) // warning[mask-shape]\nids = append(ids, 5)\n}}"
    ));
    check(&format!(
        "{grows}let p = apply_attention_mask(s, causal_mask(n + 1)) // warning[mask-shape]\nids = append(ids, 5)\n}}"
    ));
    check(&format!("{grows}let p = apply_attention_mask(s, causal_mask(n))\nids = append(ids, 5)\n}}"));
    check(&format!(
        "{grows}let p = apply_attention_mask(transpose(s, 0, 1), causal_mask(n))\nids = append(ids, 5)\n}}"
    ));
}

#[test]
fn arguments_are_of_the_declared_kind() {
    check_script(
        "fn f(n: int) { n }\nfn g(m: Model) { m }\nmain {\nf(\"3\") // error[argument-type]\ng(3) // error[argument-type]\nf(3.0)\nf(zeros([1]))\n}",
    );
}

#[test]
fn what_fails_in_a_loop_is_told() {
    check("for i in range(4) {\nlet k = linear(x, m.blk[i].attn_k.weight)\nx = x + k // error[shape-mismatch]\n}");
    check(
        "let out = zeros([5, 0])\nfor i in range(3) {\nout = concat(out, zeros([1, 5, 2]), 1) // error[rank-mismatch]\n}",
    );
}

#[test]
fn element_types_that_the_script_chooses_are_declared() {
    let f = "fn f(x: float16[?, ?]) { x } // warning[dtype-mix]\nfn g(x: float16[?, ?]) { x }\nmain {\nlet m = load_model_f32(\"models/stories-f16.gguf\")\nlet w = f(m.output.weight)\nlet n = load_model(\"models/stories-f16.gguf\")\nlet v = g(n.output.weight)\n}";
    check_script(f);
}

#[test]
fn arguments_fit_what_is_declared() {
    check_script(
        "fn f(x: float32[?, ?]) { x }\nfn g(x: float32[n, 4], y: float32[n, ?]) { x }\nmain {\nf(zeros([3])) // error[rank-mismatch]\ng(zeros([2, 5]), zeros([2, 5])) // error[shape-mismatch]\ng(zeros([2, 4]), zeros([3, 5])) // error[shape-mismatch]\ng(zeros([2, 4]), zeros([2, 5]))\n}",
    );
}

#[test]
fn both_sides_of_a_conflict_are_told() {
    let (_, _, inference) = super::super::tests::inferred(
        "examples/test.tl",
        "main {\nlet m = load_model(\"models/stories-f16.gguf\")\nlet x = zeros([5, 100])\nlet w = m.blk[0].ffn_up.weight\nlet y = linear(x * 2, w)\n}",
    );
    let problem = &inference.problems[0];
    assert_eq!(problem.code.name(), "shape-mismatch");
    let told: Vec<&str> = problem.related.iter().map(|label| label.message.as_str()).collect();
    assert_eq!(told, ["this is float32[5, 100]", "`blk.0.ffn_up.weight` is float32[512, 192]"]);
}
