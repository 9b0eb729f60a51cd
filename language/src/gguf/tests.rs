use std::io::Cursor;

use super::*;

fn read(bytes: &[u8]) -> Result<Header, GgufError> {
    Header::read(&mut Cursor::new(bytes), bytes.len() as u64)
}

fn message(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

fn preamble(version: u32, tensors: u64, entries: u64) -> Vec<u8> {
    [b"GGUF", &version.to_le_bytes()[..], &tensors.to_le_bytes(), &entries.to_le_bytes()].concat()
}

/// A header with one metadata entry, whose value is these bytes.
fn with_entry(key: &str, value_type: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = preamble(3, 0, 1);
    key.write(&mut bytes);
    value_type.write(&mut bytes);
    bytes.extend(value);
    bytes
}

/// A small header of every kind of content.
fn sample(version: u32) -> Draft {
    Draft::default()
        .version(version)
        .set("general.architecture", "llama")
        .alignment(64)
        .set("llama.block_count", 22u64)
        .set("llama.attention.head_count", 32u16)
        .set("llama.attention.layer_norm_rms_epsilon", 1e-5f32)
        .set("tokenizer.ggml.add_bos_token", true)
        .set("tokenizer.ggml.tokens", vec!["<s>", "▁a", ""])
        .set("tokenizer.ggml.scores", vec![0.5f32, -1.0])
        .set("nested", vec![vec![1i8], vec![2, 3]])
        .set("small", -1i8)
        .tensor("blk.0.attn_q.weight", &[2, 64], GgmlType::Q4_0)
        .tensor("norm", &[5], GgmlType::F32)
        .tensor("scalar", &[], GgmlType::BF16)
}

#[test]
fn a_header_reads_back() {
    for version in [2, 3] {
        let bytes = sample(version).header();
        let header = read(&bytes).unwrap();
        assert_eq!((header.version, header.alignment), (version, 64));
        assert_eq!(header.data_start, (bytes.len() as u64).next_multiple_of(64));
        let get = |key: &str| header.metadata.get(key).unwrap();
        assert_eq!(get("general.architecture"), &Value::String("llama".to_owned()));
        assert_eq!(get("llama.block_count"), &Value::U64(22));
        assert_eq!(get("llama.attention.layer_norm_rms_epsilon"), &Value::F32(1e-5));
        assert_eq!(get("tokenizer.ggml.add_bos_token"), &Value::Bool(true));
        assert_eq!(get("small").integer(), Some(-1));
        let names: Vec<_> = header.tensors.iter().map(|tensor| (tensor.name.as_str(), &tensor.sizes[..])).collect();
        assert_eq!(names, [("blk.0.attn_q.weight", &[64, 2][..]), ("norm", &[5]), ("scalar", &[])]);
        let places: Vec<_> = header.tensors.iter().map(|tensor| (tensor.offset, tensor.length)).collect();
        assert_eq!(places, [(0, 72), (128, 20), (192, 2)]);
    }
}

#[test]
fn arrays_are_decoded_when_asked() {
    let bytes = sample(3).header();
    let header = read(&bytes).unwrap();
    let array = |key: &str| header.metadata.get(key).and_then(Value::array).unwrap();
    let tokens = array("tokenizer.ggml.tokens");
    assert_eq!(tokens.strings(&bytes).unwrap(), ["<s>", "▁a", ""]);
    assert_eq!(tokens.numbers(&bytes), None);
    assert_eq!(array("tokenizer.ggml.scores").numbers(&bytes).unwrap(), [0.5, -1.0]);
    let nested = array("nested");
    assert_eq!((nested.element, nested.count, nested.values(&bytes).count()), (ValueType::Array, 2, 0));
    let glance = tokens.glance(&mut Cursor::new(&bytes), 2).unwrap();
    assert_eq!(glance, [Value::String("<s>".to_owned()), Value::String("▁a".to_owned())]);
    let another = tokens.values(&bytes[..60]);
    assert_eq!(another.count(), 0, "another file holds no such array");
}

#[test]
fn every_truncation_is_told() {
    let bytes = sample(3).header();
    for length in 0..bytes.len() {
        match read(&bytes[..length]).unwrap_err() {
            GgufError::NotGguf { .. } if length < 4 => {}
            GgufError::Truncated { .. } if length >= 4 => {}
            other => panic!("{length}: {other}"),
        }
    }
}

/// Every byte of a header may hold anything without a panic or a large allocation.
#[test]
fn any_byte_may_lie() {
    let bytes = sample(3).header();
    for at in 0..bytes.len() {
        for value in 0..=255 {
            let mut changed = bytes.clone();
            changed[at] = value;
            _ = read(&changed);
        }
        for value in [0, 1, 9, 0x7f, 0x80, 0xff] {
            let mut changed = bytes.clone();
            let end = (at + 8).min(changed.len());
            changed[at..end].fill(value);
            _ = read(&changed);
        }
    }
}

#[test]
fn counts_up_to_the_largest_are_refused() {
    let truncated = |bytes: &[u8]| assert!(matches!(read(bytes), Err(GgufError::Truncated { .. })));
    for count in [40, 1 << 32, 1 << 60, u64::MAX / 24, u64::MAX] {
        truncated(&preamble(3, count, 0));
        truncated(&preamble(3, 0, count));
        for element in [0u32, 8, 9, 12] {
            truncated(&with_entry("k", 9, &[&element.to_le_bytes()[..], &count.to_le_bytes()].concat()));
        }
        truncated(&with_entry("k", 8, &count.to_le_bytes()));
        let large = Draft::default().tensor_at("t", &[1 << 40, count], GgmlType::F32, 0);
        let error = read(&large.header());
        assert!(matches!(error, Err(GgufError::TooLarge { .. })) || count == 40, "{error:?}");
    }
}

/// A file may be as large as it says and still announce what nobody should keep.
#[test]
fn what_no_model_has_is_refused() {
    let mut many = preamble(3, 0, 1 << 17);
    many.resize(many.len() + (13 << 17), 0);
    assert_eq!(message(&many), "it announces 131072 metadata entries, at most 65536 are read");
    let mut many = preamble(3, 1 << 19, 0);
    many.resize(many.len() + (24 << 19), 0);
    assert_eq!(message(&many), "it announces 524288 tensors, at most 262144 are read");
    let nested = [9u32.to_le_bytes(), [1, 0, 0, 0], [0; 4]].concat().repeat(9);
    assert_eq!(message(&with_entry("k", 9, &nested)), "metadata `k` nests arrays too deeply");
}

#[test]
fn messages_say_what_is_wrong() {
    let one = |shape: &[u64], ggml_type| message(&Draft::default().tensor("w", shape, ggml_type).header());
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
    assert_eq!(one(&[33], GgmlType::Q4_0), "tensor `w` has rows of 33 elements, Q4_0 needs a multiple of 32");
    assert_eq!(one(&[1, 1, 1, 1, 1], GgmlType::F32), "tensor `w` has 5 axes, at most 4 are allowed");
    let of_type = |id| message(&Draft::default().tensor_of_type("w", id).header());
    assert_eq!(of_type(4), "tensor `w` has the type Q4_2, which the format no longer has");
    assert_eq!(of_type(99), "tensor `w` has the unknown type 99");
    let alignment = message(&Draft::default().set("general.alignment", 12u32).header());
    assert_eq!(alignment, "`general.alignment` must be a power of two, found 12");
    let alignment = message(&Draft::default().set("general.alignment", "32").header());
    assert_eq!(alignment, "`general.alignment` must be a power of two, found a value of type string");
    assert_eq!(message(&with_entry("k", 13, &[0])), "metadata `k` has the unknown value type 13");
    assert_eq!(message(&with_entry("k", 7, &[2])), "metadata `k` is a truth value: expected 0 or 1, found 2");
    let mut twice = Draft::default().set("a", 1u8).set("b", 2u8).header();
    twice[46] = b'a';
    assert_eq!(message(&twice), "metadata `a` occurs twice");
}

#[test]
fn type_ids_are_unique_and_named() {
    for ggml_type in GgmlType::ALL {
        assert_eq!(GgmlType::from_id(ggml_type.id()), Some(*ggml_type));
        assert_eq!(GgmlType::removed(ggml_type.id()), None);
    }
    assert!((0..42).all(|id| GgmlType::from_id(id).is_some() || GgmlType::removed(id).is_some()));
}
