//! Pages on attention and on the generation of text.

use super::Page;
use crate::diagnostic::Code;

pub(super) const PAGES: &[Page] = &[
    Page {
        code: Code::GqaExpansion,
        meaning: "Queries have more heads than keys and values: several query heads share one key head. Before they \
                  meet, each key head has to stand as often as query heads look at it. Where the shapes fit although \
                  the heads do not belong together, it is a warning.",
        example: r#"
main {
    let q = ones([4, 6, 32])
    let k = ones([4, 2, 32])
    print(shape(einsum("ihd,jhd->ihj", q, k)))
}
"#,
        beside: &[],
        matters: "Repeated in another order, each query head would look at the keys of another group.",
        repair: "Repeat each head in its place, `[n, kv, d]` to `[n, kv, 1, d]` to `[n, heads, d]`:",
        repaired: r#"
main {
    let q = ones([4, 6, 32])
    let k = ones([4, 2, 32])
    let shared = reshape(broadcast_to(reshape(k, [4, 2, 1, 32]), [4, 2, 3, 32]), [4, 6, 32])
    print(shape(einsum("ihd,jhd->ihj", q, shared)))
}
"#,
    },
    Page {
        code: Code::MaskShape,
        meaning: "A mask has a row for each query and a column for each key, `[q, k]`, and counts for every head. Here \
                  it has other sizes than the scores.",
        example: r#"
main {
    let scores = ones([2, 6, 9])
    print(shape(apply_attention_mask(scores, causal_mask(2))))
}
"#,
        beside: &[],
        matters: "With a cache there are few new queries and many keys: a square mask of the queries' length says \
                  nothing about the others.",
        repair: "Make the mask for both lengths, `causal_mask(q, k)`:",
        repaired: r#"
main {
    let scores = ones([2, 6, 9])
    print(shape(apply_attention_mask(scores, causal_mask(2, 9))))
}
"#,
    },
    Page {
        code: Code::SoftmaxAxis,
        meaning: "Attention scores are normalised over another axis than that of the keys.",
        example: r#"
main {
    let q = ones([4, 6, 32])
    let k = ones([4, 6, 32])
    let scores = einsum("ihd,jhd->ihj", q, k) * 0.1768
    print(shape(softmax(scores, 1)))
}
"#,
        beside: &[],
        matters: "The weights of one query then do not add up to 1, and heads compete with each other. The result has \
                  the right shape and the wrong values.",
        repair: "Normalise over the keys, usually the last axis:",
        repaired: r#"
main {
    let q = ones([4, 6, 32])
    let k = ones([4, 6, 32])
    let scores = einsum("ihd,jhd->ihj", q, k) * 0.1768
    print(shape(softmax(scores, 2)))
}
"#,
    },
    Page {
        code: Code::RopePosition,
        meaning: "`rope` with one argument turns the first row as position 0. Here its result joins or meets rows from earlier \
                  steps, which have these positions already.",
        example: r#"
main {
    let keys = rope(ones([1, 2, 32]))
    for step in range(3) {
        keys = concat(keys, rope(ones([1, 2, 32])), 0)
    }
    print(shape(keys))
}
"#,
        beside: &[],
        matters: "Every new token claims to be the first: the text begins well and soon repeats itself.",
        repair: "Pass the position of the first row:",
        repaired: r#"
main {
    let keys = rope(ones([1, 2, 32]))
    for step in range(3) {
        keys = concat(keys, rope(ones([1, 2, 32]), step + 1), 0)
    }
    print(shape(keys))
}
"#,
    },
    Page {
        code: Code::RopeInput,
        meaning: "`rope` takes `[rows, heads, head size]` with an even head size. Turning twice, turning values, or \
                  turning keys without queries is a warning.",
        example: r#"
main {
    let q = ones([4, 192])
    print(shape(rope(q)))
}
"#,
        beside: &[],
        matters: "Each head is turned by itself. Before the split into heads, pairs across heads would be turned.",
        repair: "Split into heads first:",
        repaired: r#"
main {
    let q = ones([4, 192])
    print(shape(rope(reshape(q, [4, 6, 32]))))
}
"#,
    },
    Page {
        code: Code::LayerCountMismatch,
        meaning: "A loop over `model.blk[i]` has a number as its bound that is less than the number of layers. A name or \
                  an expression as bound is taken as intended.",
        example: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    for i in range(2) {
        print(shape(model.blk[i].attn_q.weight))
    }
}
"#,
        beside: &[],
        matters: "The model answers without its last layers: fluent at best, and wrong.",
        repair: "Ask the model how many there are:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    for i in range(len(model.blk)) {
        print(shape(model.blk[i].attn_q.weight))
    }
}
"#,
    },
    Page {
        code: Code::LayerOutOfRange,
        meaning: "A layer is asked for that the model, or a cache, does not have. Layers count from 0.",
        example: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    print(shape(model.blk[4].attn_q.weight))
}
"#,
        beside: &[],
        matters: "The run would end there, after the model was loaded.",
        repair: "Stay below the number of layers:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    print(shape(model.blk[3].attn_q.weight))
}
"#,
    },
    Page {
        code: Code::NoEosCheck,
        meaning: "A loop draws a token and appends it, and nothing in it ends when the token is the one that ends a \
                  text.",
        example: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let tokenizer = load_tokenizer("models/tokenizer.json")
    let tokens = tokenize(tokenizer, "Once")
    let token = bos_id(tokenizer)
    for step in range(20) {
        let x = embedding(model.token_embd.weight, token)
        token = temperature_sample(linear(x, model.output.weight), 0.8)
        tokens = append(tokens, token)
    }
    print(detokenize(tokenizer, tokens))
}
"#,
        beside: &[],
        matters: "The model goes on behind its own end, with text that belongs to nothing.",
        repair: "Leave the loop at the end of the text:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let tokenizer = load_tokenizer("models/tokenizer.json")
    let tokens = tokenize(tokenizer, "Once")
    let token = bos_id(tokenizer)
    for step in range(20) {
        let x = embedding(model.token_embd.weight, token)
        token = temperature_sample(linear(x, model.output.weight), 0.8)
        if token == eos_id(tokenizer) { break }
        tokens = append(tokens, token)
    }
    print(detokenize(tokenizer, tokens))
}
"#,
    },
    Page {
        code: Code::QuadraticRecompute,
        meaning: "A loop appends one token and computes the whole sequence again for the next.",
        example: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let tokenizer = load_tokenizer("models/tokenizer.json")
    let tokens = tokenize(tokenizer, "Once")
    for step in range(20) {
        let x = embedding(model.token_embd.weight, tokens)
        let token = temperature_sample(linear(x, model.output.weight), 0.8)
        if token == eos_id(tokenizer) { break }
        tokens = append(tokens, token)
    }
    print(detokenize(tokenizer, tokens))
}
"#,
        beside: &[],
        matters: "Twice as many tokens take four times as long. For a short text that does not matter.",
        repair: "Compute the new token only, and keep keys and values of the others in a cache:",
        repaired: r#"
main {
    let model = load_model("models/stories-f16.gguf")
    let tokenizer = load_tokenizer("models/tokenizer.json")
    let tokens = tokenize(tokenizer, "Once")
    let token = tokens[-1]
    for step in range(20) {
        let x = embedding(model.token_embd.weight, token)
        token = temperature_sample(linear(x, model.output.weight), 0.8)
        if token == eos_id(tokenizer) { break }
        tokens = append(tokens, token)
    }
    print(detokenize(tokenizer, tokens))
}
"#,
    },
    Page {
        code: Code::BosToken,
        meaning: "A prompt is recognisably a chat template and is tokenised without the token that begins a text, or \
                  it spells that token itself and gets a second one.",
        example: r#"
main {
    let tokenizer = load_tokenizer("models/tokenizer.json")
    let tokens = tokenize(tokenizer, "<|user|>\nHello</s>\n<|assistant|>\n", false)
    print(len(tokens) > 0)
}
"#,
        beside: &[],
        matters: "Models have seen the token exactly once in front of every text. Without it, or with two, answers get \
                  worse, and nothing says why.",
        repair: "Let `tokenize` add it, and leave it out of the text:",
        repaired: r#"
main {
    let tokenizer = load_tokenizer("models/tokenizer.json")
    let tokens = tokenize(tokenizer, "<|user|>\nHello</s>\n<|assistant|>\n", true)
    print(len(tokens) > 0)
}
"#,
    },
];
