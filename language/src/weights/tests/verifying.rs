use super::*;

/// Everything but what holds: `fails` or `note`, the subject, the message.
fn check(draft: gguf::Draft, expected: &[&str]) {
    let files = Folder::default().gguf("m.gguf", &draft);
    assert_eq!(found(&survey(&files, Path::new("m.gguf")).unwrap()), expected);
}

fn found(index: &Index) -> Vec<String> {
    let shown = |check: Check| {
        let verdict = match check.verdict {
            Verdict::Holds => return None,
            Verdict::Note => "note",
            Verdict::Fails => "fails",
        };
        Some(format!("{verdict} {}: {}", check.subject, check.message))
    };
    verify(index).into_iter().filter_map(shown).collect()
}

fn small() -> gguf::Draft {
    Llama::SMALL.draft(GgmlType::Q8_0)
}

#[test]
fn a_sound_model_passes() {
    check(small(), &[]);
    check(Llama::TINY_LLAMA.draft(GgmlType::Q4_0), &[]);
    let tied = Llama::SMALL.draft(GgmlType::F16).without("output.weight");
    check(tied, &["note output: there is no output matrix: the embedding table stands for it"]);
}

#[test]
fn layers_are_counted() {
    check(
        small().set("llama.block_count", 3u32),
        &["fails layers: the metadata says 3 layers, the tensors are those of 2"],
    );
    check(
        small().without("blk.1.attn_q.weight"),
        &["note bytes: 4352 bytes of `m.gguf` belong to no tensor", "fails layers: `blk.1.attn_q.weight` is missing"],
    );
    check(small().unset("llama.block_count"), &["note layers: the metadata does not say how many layers there are"]);
}

#[test]
fn heads_and_shapes_fit_the_metadata() {
    check(
        small().set("llama.attention.head_count_kv", 3u32),
        &[
            "fails heads: 4 heads cannot share 3 key-value heads evenly",
            "fails shapes: `blk.0.attn_k.weight` has shape [32, 64], the metadata asks for [48, 64]",
            "fails shapes: `blk.0.attn_v.weight` has shape [32, 64], the metadata asks for [48, 64]",
            "fails shapes: `blk.1.attn_k.weight` has shape [32, 64], the metadata asks for [48, 64]",
            "fails shapes: `blk.1.attn_v.weight` has shape [32, 64], the metadata asks for [48, 64]",
        ],
    );
    check(
        small().set("llama.attention.head_count", 0u32),
        &["fails heads: 0 heads and 2 key-value heads: there must be some"],
    );
    check(
        small().set("llama.rope.dimension_count", 15u32),
        &["fails heads: 15 elements of each head rotate: expected an even number up to 16"],
    );
    let unknown = small().set("general.architecture", "mamba");
    let messages = found(&Folder::default().gguf("m.gguf", &unknown).open("m.gguf").unwrap());
    assert!(messages.iter().all(|message| message.starts_with("note")), "{messages:?}");
}

#[test]
fn the_vocabulary_fits_the_embedding() {
    check(
        small().set("tokenizer.ggml.scores", vec![0f32; 3]).set("tokenizer.ggml.eos_token_id", 40u32),
        &[
            "fails vocabulary: 40 tokens, but 3 entries in `tokenizer.ggml.scores`",
            "fails vocabulary: `tokenizer.ggml.eos_token_id` is 40, but there are 40 tokens",
        ],
    );
    check(
        small()
            .set("tokenizer.ggml.tokens", vec!["x"; 41])
            .unset("tokenizer.ggml.scores")
            .unset("tokenizer.ggml.token_type"),
        &["fails vocabulary: 41 tokens, but `token_embd.weight` has rows for 40"],
    );
    check(
        small().set("llama.vocab_size", 41u32),
        &["fails vocabulary: `vocab_size` is 41, but `token_embd.weight` has 40 rows"],
    );
    check(
        small().unset("tokenizer.ggml.tokens"),
        &["note vocabulary: the file has no vocabulary: pass a tokenizer.json to `load_tokenizer`"],
    );
}

#[test]
fn numbers_are_usable() {
    check(
        small()
            .set("llama.context_length", 0u32)
            .set("llama.attention.layer_norm_rms_epsilon", f32::NAN)
            .set("llama.rope.freq_base", 0f32),
        &[
            "fails numbers: a `context_length` of 0 leaves room for no token",
            "fails numbers: `attention.layer_norm_rms_epsilon` is NaN: expected a small positive number",
            "fails numbers: `rope.freq_base` is 0: expected a number above 1",
        ],
    );
}

#[test]
fn what_is_cut_off_is_told_once() {
    let draft = small();
    let size = draft.file_size() - 4096;
    let files = Folder::default().with("m.gguf", draft.header(), size);
    let index = survey(&files, Path::new("m.gguf")).unwrap();
    let messages = found(&index);
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(
        messages[0],
        "fails places: 3 of 21 tensors, 72000 bytes of data in all, reach beyond the end of their file"
    );
    assert!(messages[1].starts_with("fails places: tensor `blk.1.ffn_down.weight` ends at byte "), "{messages:?}");
}
