use super::{check, lowered, print};

/// The minimal generation loop, written as one script.
const GENERATION: &str = r#"fn silu(x: float16[?, ?]) -> float16[?, ?] { x * sigmoid(x) }

fn widen(t: float16[?, ?, ?], n: int) -> float16[?, ?, ?] {
    let g = reshape(t, [n, 4, 1, 64])
    let b = broadcast_to(g, [n, 4, 8, 64])
    reshape(b, [n, 32, 64])
}

main {
    let m = load_model(env("HOME") + "/models/tinyllama.gguf")
    let tok = load_tokenizer(env("HOME") + "/models/tokenizer.json")
    let user = input("you: ")
    let ids = tokenize(tok, "<|user|>\n" + user + "</s>\n<|assistant|>\n", true)

    for n_new in range_i(32) {
        let x = embedding(m.token_embd.weight, ids)
        let dims = shape(x)
        let n = dims[0]
        let keep = broadcast_to(reshape(causal_mask(n), [n, 1, n]), [n, 32, n])
        for i in range_i(22) {
            let h = rms_norm(x, m.blk[i].attn_norm.weight, 0.00001)
            let q = rope(reshape(linear(h, m.blk[i].attn_q.weight), [n, 32, 64]))
            let k = rope(reshape(linear(h, m.blk[i].attn_k.weight), [n, 4, 64]))
            let v = reshape(linear(h, m.blk[i].attn_v.weight), [n, 4, 64])
            let s = einsum("ihd,jhd->ihj", q, widen(k, n)) * 0.125
            let p = softmax(apply_attention_mask(s, keep), 2)
            let o = reshape(einsum("ihj,jhd->ihd", p, widen(v, n)), [n, 2048])
            let y = x + linear(o, m.blk[i].attn_output.weight)
            let f = rms_norm(y, m.blk[i].ffn_norm.weight, 0.00001)
            let a = silu(linear(f, m.blk[i].ffn_gate.weight))
            x = y + linear(a * linear(f, m.blk[i].ffn_up.weight), m.blk[i].ffn_down.weight)
        }
        let last = reshape(slice_last(x, 0), [1, 2048])
        let logits = linear(rms_norm(last, m.output_norm.weight, 0.00001), m.output.weight)
        let next = temperature_sample(logits, 0.0)
        if next == 2 { break }
        ids = append(ids, next)
        print(detokenize(tok, ids, true))
    }
}
"#;

/// The loop over layers and the loop over tokens, as first sketched.
const SKETCH: &str = r#"fn process_through_all_layers(
    input_emb: float16[?, ?],    // Current sequence embeddings
    model: Model                  // Model with all weights
) -> float16[?, ?] {
    let x = input_emb

    // Loop through 22 transformer layers
    for layer_idx in range(22) {
        let norm1_w = model.blk[layer_idx].attn_norm.weight
        let W_q = model.blk[layer_idx].attn_q.weight

        let normed1 = rms_norm(x, norm1_w)
        let Q = linear(normed1, W_q)
        let attn_out = tinyllama_gqa_attention(Q, K, V, W_o)
        let x_after_attn = x + attn_out

        let ffn_out = swiglu_ffn(normed2, W_gate, W_up, W_down)
        x = x_after_attn + ffn_out
    }

    x  // Return final layer output
}

main {
    let gen_tokens = initial_tokens  // e.g., [1, 15043]
    let max_tokens = 10
    let generated_count = 0

    for token_step in range(max_tokens) {
        let final_output = process_through_all_layers(current_emb, model)
        let last_pos = get_last_position(final_output)  // [1, 2048]
        let next_token = sample_token(logits, temperature)

        let next_token_int = to_int(next_token)
        if next_token_int == eos_token_id {
            print("[EOS detected at token", token_step + 1, "]")
            break
        }

        gen_tokens = append(gen_tokens, next_token)
        generated_count = generated_count + 1
        print(decoded, "")
    }

    print("")
    print("Generated", generated_count, "tokens")
    let shape_tensor = shape(final_output)
    let seq_len = shape_tensor[0]
    let last_idx = seq_len - 1.0
    let last_pos = slice(final_output, last_idx, last_idx + 1.0, 0)
}
"#;

#[test]
fn the_generation_loop() {
    check(
        GENERATION,
        r#"
        fn silu(x: float16[?, ?]) -> float16[?, ?] {
            (x * sigmoid(x))
        }
        fn widen(t: float16[?, ?, ?], n: int) -> float16[?, ?, ?] {
            let g = reshape(t, [n, 4, 1, 64])
            let b = broadcast_to(g, [n, 4, 8, 64])
            reshape(b, [n, 32, 64])
        }
        main {
            let m = load_model((env("HOME") + "/models/tinyllama.gguf"))
            let tok = load_tokenizer((env("HOME") + "/models/tokenizer.json"))
            let user = input("you: ")
            let ids = tokenize(tok, (("<|user|>\n" + user) + "</s>\n<|assistant|>\n"), true)
            for n_new in range_i(32) {
                let x = embedding(m.token_embd.weight, ids)
                let dims = shape(x)
                let n = dims[0]
                let keep = broadcast_to(reshape(causal_mask(n), [n, 1, n]), [n, 32, n])
                for i in range_i(22) {
                    let h = rms_norm(x, m.blk[i].attn_norm.weight, 1e-5)
                    let q = rope(reshape(linear(h, m.blk[i].attn_q.weight), [n, 32, 64]))
                    let k = rope(reshape(linear(h, m.blk[i].attn_k.weight), [n, 4, 64]))
                    let v = reshape(linear(h, m.blk[i].attn_v.weight), [n, 4, 64])
                    let s = (einsum("ihd,jhd->ihj", q, widen(k, n)) * 0.125)
                    let p = softmax(apply_attention_mask(s, keep), 2)
                    let o = reshape(einsum("ihj,jhd->ihd", p, widen(v, n)), [n, 2048])
                    let y = (x + linear(o, m.blk[i].attn_output.weight))
                    let f = rms_norm(y, m.blk[i].ffn_norm.weight, 1e-5)
                    let a = silu(linear(f, m.blk[i].ffn_gate.weight))
                    x = (y + linear((a * linear(f, m.blk[i].ffn_up.weight)), m.blk[i].ffn_down.weight))
                }
                let last = reshape(slice_last(x, 0), [1, 2048])
                let logits = linear(rms_norm(last, m.output_norm.weight, 1e-5), m.output.weight)
                let next = temperature_sample(logits, 0.0)
                if (next == 2) {
                    break
                }
                ids = append(ids, next)
                print(detokenize(tok, ids, true))
            }
        }"#,
    );
}

#[test]
fn the_sketched_loops() {
    check(
        SKETCH,
        r#"
        fn process_through_all_layers(input_emb: float16[?, ?], model: Model) -> float16[?, ?] {
            let x = input_emb
            for layer_idx in range(22) {
                let norm1_w = model.blk[layer_idx].attn_norm.weight
                let W_q = model.blk[layer_idx].attn_q.weight
                let normed1 = rms_norm(x, norm1_w)
                let Q = linear(normed1, W_q)
                let attn_out = tinyllama_gqa_attention(Q, K, V, W_o)
                let x_after_attn = (x + attn_out)
                let ffn_out = swiglu_ffn(normed2, W_gate, W_up, W_down)
                x = (x_after_attn + ffn_out)
            }
            x
        }
        main {
            let gen_tokens = initial_tokens
            let max_tokens = 10
            let generated_count = 0
            for token_step in range(max_tokens) {
                let final_output = process_through_all_layers(current_emb, model)
                let last_pos = get_last_position(final_output)
                let next_token = sample_token(logits, temperature)
                let next_token_int = to_int(next_token)
                if (next_token_int == eos_token_id) {
                    print("[EOS detected at token", (token_step + 1), "]")
                    break
                }
                gen_tokens = append(gen_tokens, next_token)
                generated_count = (generated_count + 1)
                print(decoded, "")
            }
            print("")
            print("Generated", generated_count, "tokens")
            let shape_tensor = shape(final_output)
            let seq_len = shape_tensor[0]
            let last_idx = (seq_len - 1.0)
            let last_pos = slice(final_output, last_idx, (last_idx + 1.0), 0)
        }"#,
    );
}

#[test]
fn line_ends_do_not_matter() {
    let windows = GENERATION.replace('\n', "\r\n");
    assert_eq!(print::program(&lowered(&windows).0), print::program(&lowered(GENERATION).0));
}

pub(super) fn all() -> [&'static str; 2] {
    [GENERATION, SKETCH]
}
