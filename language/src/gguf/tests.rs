use super::*;

pub(crate) fn string(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

pub(crate) fn entry(bytes: &mut Vec<u8>, key: &str, value_type: u32, value: &[u8]) {
    string(bytes, key);
    bytes.extend(value_type.to_le_bytes());
    bytes.extend(value);
}

pub(crate) fn tensor(bytes: &mut Vec<u8>, name: &str, sizes: &[u64], id: u32, offset: u64) {
    string(bytes, name);
    bytes.extend((sizes.len() as u32).to_le_bytes());
    sizes.iter().for_each(|size| bytes.extend(size.to_le_bytes()));
    bytes.extend(id.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
}

pub(crate) fn preamble(version: u32, tensors: u64, entries: u64) -> Vec<u8> {
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend(tensors.to_le_bytes());
    bytes.extend(entries.to_le_bytes());
    bytes
}

/// A small valid header and the size that its file has.
fn sample(version: u32) -> (Vec<u8>, u64) {
    let mut bytes = preamble(version, 3, 9);
    let mut text = Vec::new();
    string(&mut text, "llama");
    entry(&mut bytes, "general.architecture", 8, &text);
    entry(&mut bytes, "general.alignment", 4, &64u32.to_le_bytes());
    entry(&mut bytes, "llama.block_count", 10, &22u64.to_le_bytes());
    entry(&mut bytes, "llama.attention.head_count", 2, &32u16.to_le_bytes());
    entry(&mut bytes, "llama.attention.layer_norm_rms_epsilon", 6, &1e-5f32.to_le_bytes());
    entry(&mut bytes, "tokenizer.ggml.add_bos_token", 7, &[1]);
    let mut tokens = 8u32.to_le_bytes().to_vec();
    tokens.extend(3u64.to_le_bytes());
    ["<s>", "▁a", ""].iter().for_each(|token| string(&mut tokens, token));
    entry(&mut bytes, "tokenizer.ggml.tokens", 9, &tokens);
    let mut scores = 6u32.to_le_bytes().to_vec();
    scores.extend(2u64.to_le_bytes());
    [0.5f32, -1.0].iter().for_each(|score| scores.extend(score.to_le_bytes()));
    entry(&mut bytes, "tokenizer.ggml.scores", 9, &scores);
    entry(&mut bytes, "small", 1, &[0xff]);
    tensor(&mut bytes, "blk.0.attn_q.weight", &[64, 2], 2, 0);
    tensor(&mut bytes, "norm", &[5], 0, 128);
    tensor(&mut bytes, "scalar", &[], 30, 192);
    let data = (bytes.len() as u64).next_multiple_of(64);
    (bytes, data + 192 + 2)
}

fn message(bytes: &[u8]) -> String {
    Index::read(bytes, bytes.len() as u64).unwrap_err().to_string()
}

#[test]
fn a_header_reads_back() {
    for version in [2, 3] {
        let (bytes, size) = sample(version);
        let index = Index::read(&bytes, size).unwrap();
        assert_eq!((index.version, index.alignment), (version, 64));
        assert_eq!(index.architecture(), Some("llama"));
        assert_eq!(index.block_count(), Some(22));
        assert_eq!((index.head_count(), index.head_count_kv()), (Some(32), Some(32)));
        assert_eq!(index.rms_epsilon().map(|e| e as f32), Some(1e-5));
        assert_eq!(index.rope_base(), 10_000.0);
        assert_eq!(index.get("tokenizer.ggml.add_bos_token"), Some(&Value::Bool(true)));
        assert_eq!(index.get("small").and_then(Value::integer), Some(-1));
        let tokens = index.get("tokenizer.ggml.tokens").and_then(Value::array).unwrap();
        assert_eq!(tokens.strings(&bytes).unwrap(), ["<s>", "▁a", ""]);
        assert_eq!(tokens.numbers(&bytes), None);
        let scores = index.get("tokenizer.ggml.scores").and_then(Value::array).unwrap();
        assert_eq!(scores.numbers(&bytes).unwrap(), [0.5, -1.0]);
        let q = index.tensor("blk.0.attn_q.weight").unwrap();
        assert_eq!((q.shape.as_slice(), q.ggml_type, q.length), ([2, 64].as_slice(), GgmlType::Q4_0, 72));
        assert_eq!((q.offset, q.count()), (index.data_start, 128));
        assert_eq!(index.tensor("scalar").map(|t| (t.count(), t.length)), Some((1, 2)));
        assert!(index.tensor("missing").is_none());
    }
}

#[test]
fn every_truncation_is_told() {
    let (bytes, size) = sample(3);
    for length in 0..bytes.len() {
        let error = Index::read(&bytes[..length], size).unwrap_err();
        match error {
            GgufError::NotGguf { .. } if length < 4 => {}
            GgufError::Truncated { .. } if length >= 4 => {}
            other => panic!("{length}: {other}"),
        }
    }
    let error = Index::read(&bytes, size - 1).unwrap_err();
    assert_eq!(error, GgufError::DataBeyondEnd { name: "scalar".into(), end: Some(size), file_size: size - 1 });
}

/// Every byte of a header may hold anything without a panic or a large allocation.
#[test]
fn any_byte_may_lie() {
    let (bytes, size) = sample(3);
    for at in 0..bytes.len() {
        for value in [0, 1, 9, 0x7f, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] = value;
            let _ = Index::read(&changed, size);
            let end = (at + 8).min(changed.len());
            changed[at..end].fill(value);
            let _ = Index::read(&changed, size);
        }
    }
}

#[test]
fn counts_up_to_the_largest_are_refused() {
    for count in [40, 1 << 32, 1 << 60, u64::MAX / 24, u64::MAX] {
        assert!(matches!(Index::read(&preamble(3, count, 0), 24), Err(GgufError::Truncated { .. })));
        assert!(matches!(Index::read(&preamble(3, 0, count), 24), Err(GgufError::Truncated { .. })));
        for element in [0u32, 8, 9, 12] {
            let mut bytes = preamble(3, 0, 1);
            let mut array = element.to_le_bytes().to_vec();
            array.extend(count.to_le_bytes());
            entry(&mut bytes, "k", 9, &array);
            assert!(matches!(Index::read(&bytes, 99), Err(GgufError::Truncated { .. })), "{element} {count}");
        }
        let mut bytes = preamble(3, 1, 0);
        tensor(&mut bytes, "t", &[count, 1 << 40], 0, 0);
        let error = Index::read(&bytes, 1 << 20).unwrap_err();
        assert!(matches!(error, GgufError::TooLarge { .. } | GgufError::DataBeyondEnd { .. }), "{error}");
        let mut bytes = preamble(3, 1, 0);
        tensor(&mut bytes, "t", &[32], 0, count & !31);
        assert!(matches!(Index::read(&bytes, 100), Err(GgufError::DataBeyondEnd { .. })));
    }
}

#[test]
fn messages_say_what_is_wrong() {
    let one = |sizes: &[u64], id, offset| {
        let mut bytes = preamble(3, 1, 0);
        tensor(&mut bytes, "w", sizes, id, offset);
        message(&bytes)
    };
    assert_eq!(message(b""), "not a GGUF file: it is empty");
    assert_eq!(message(b"ggml1234"), "not a GGUF file: it begins with `ggml` instead of `GGUF`");
    assert_eq!(message(&preamble(7, 0, 0)), "GGUF version 7 is not supported (2 and 3 are)");
    assert_eq!(message(&preamble(1, 0, 0)), "GGUF version 1 is not supported (2 and 3 are)");
    assert_eq!(
        message(&preamble(3u32.swap_bytes(), 0, 0)),
        "the file is big-endian; only little-endian GGUF files are supported"
    );
    assert_eq!(
        message(&preamble(3, 39, 0)),
        "the file ends inside the tensor table: tensor 1 of 39 takes at least 936 more bytes, 0 are left"
    );
    assert_eq!(one(&[33], 2, 0), "tensor `w` has rows of 33 elements, Q4_0 needs a multiple of 32");
    assert_eq!(one(&[1, 1, 1, 1, 1], 0, 0), "tensor `w` has 5 axes, at most 4 are allowed");
    assert_eq!(one(&[1], 4, 0), "tensor `w` has the type Q4_2, which the format no longer has");
    assert_eq!(one(&[1], 99, 0), "tensor `w` has the unknown type 99");
    assert_eq!(one(&[1], 0, 8), "tensor `w` begins at offset 8, which is no multiple of 32");
    let mut bytes = preamble(3, 0, 1);
    entry(&mut bytes, "general.alignment", 4, &12u32.to_le_bytes());
    assert_eq!(message(&bytes), "`general.alignment` must be a power of two, found 12");
    let mut bytes = preamble(3, 0, 1);
    entry(&mut bytes, "k", 13, &[]);
    bytes.push(0);
    assert_eq!(message(&bytes), "metadata `k` has the unknown value type 13");
    let mut bytes = preamble(3, 2, 0);
    tensor(&mut bytes, "w", &[0], 0, 0);
    tensor(&mut bytes, "w", &[0], 0, 0);
    assert_eq!(message(&[bytes, vec![0; 64]].concat()), "tensor `w` occurs twice");
}

#[test]
fn type_ids_are_unique_and_named() {
    for ggml_type in GgmlType::ALL {
        assert_eq!(GgmlType::from_id(ggml_type.id()), Some(*ggml_type));
        assert_eq!(GgmlType::removed(ggml_type.id()), None);
    }
    assert!((0..42).all(|id| GgmlType::from_id(id).is_some() || GgmlType::removed(id).is_some()));
}
