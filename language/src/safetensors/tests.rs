use std::io::Cursor;

use super::*;

fn read(bytes: &[u8]) -> Result<Header, SafetensorsError> {
    Header::read(&mut Cursor::new(bytes), bytes.len() as u64)
}

fn of_json(json: &str) -> Result<Header, SafetensorsError> {
    read(&[&(json.len() as u64).to_le_bytes(), json.as_bytes()].concat())
}

/// What is wrong with a header of this text.
fn check(json: &str, expected: &str) {
    assert_eq!(of_json(json).unwrap_err().to_string(), expected, "{json}");
}

fn sample() -> Draft {
    Draft::default()
        .about("format", "pt")
        .tensor("model.embed_tokens.weight", Dtype::BF16, &[40, 8])
        .tensor("model.norm.weight", Dtype::F32, &[8])
        .tensor("scalar", Dtype::I64, &[])
        .tensor("none", Dtype::F16, &[0, 7])
        .tensor("packed", Dtype::F4, &[3, 2])
}

#[test]
fn a_header_reads_back() {
    let bytes = sample().header();
    let header = read(&bytes).unwrap();
    assert_eq!(header.data_start, bytes.len() as u64);
    assert_eq!(header.about, [("format".to_owned(), "pt".to_owned())]);
    let found: Vec<_> = header.tensors.iter().map(|it| (it.name.as_str(), &it.shape[..], it.bytes.clone())).collect();
    assert_eq!(
        found,
        [
            ("model.embed_tokens.weight", &[40, 8][..], 0..640),
            ("model.norm.weight", &[8], 640..672),
            ("scalar", &[], 672..680),
            ("none", &[0, 7], 680..680),
            ("packed", &[3, 2], 680..683),
        ]
    );
    assert_eq!(header.tensors[0].dtype, Dtype::BF16);
    // Writers pad the header with blanks.
    assert!(of_json("{}        ").unwrap().tensors.is_empty());
}

#[test]
fn every_truncation_is_told() {
    let bytes = sample().header();
    for length in 0..bytes.len() {
        assert!(matches!(read(&bytes[..length]), Err(SafetensorsError::Truncated { .. })), "{length}");
    }
}

/// Every byte of a header may hold anything without a panic or a large allocation.
#[test]
fn any_byte_may_lie() {
    let bytes = sample().header();
    for at in 0..bytes.len() {
        for value in 0..=255 {
            let mut changed = bytes.clone();
            changed[at] = value;
            _ = read(&changed);
        }
    }
}

#[test]
fn lengths_up_to_the_largest_are_refused() {
    for length in [1 << 20, LONGEST_HEADER, LONGEST_HEADER + 1, 1 << 60, u64::MAX] {
        let bytes = [&length.to_le_bytes()[..], b"{}"].concat();
        let error = read(&bytes).unwrap_err();
        let expected = if length > LONGEST_HEADER { "at most 100000000 are read" } else { "2 are left" };
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[test]
fn messages_say_what_is_wrong() {
    let tensor = |dtype: &str, shape: &str, offsets: &str| {
        format!(r#"{{"w":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
    };
    check("[]", "its header is not a JSON object");
    check(&tensor("F32", "[2]", "[0,4]"), "tensor `w` needs 8 bytes, but is said to lie in bytes 0 to 4");
    check(&tensor("F32", "[2]", "[8,0]"), "tensor `w` needs 8 bytes, but is said to lie in bytes 8 to 0");
    check(&tensor("F4", "[3]", "[0,2]"), "tensor `w` needs 2 bytes, but is said to lie in bytes 0 to 2");
    check(&tensor("Q4", "[2]", "[0,4]"), "tensor `w` has the unknown type `Q4`");
    let huge = "[4294967296,4294967296]";
    let expected = "tensor `w` of shape [4294967296, 4294967296] has more elements than can be counted";
    check(&tensor("U8", huge, "[0,4]"), expected);
    check(
        &tensor("F32", "[-2]", "[0,4]"),
        "its header is no table of tensors: `w`: invalid value: integer `-2`, expected u64 at line 1 column 31",
    );
    check(
        r#"{"w":{"dtype":"F32"}}"#,
        "its header is no table of tensors: `w`: missing field `shape` at line 1 column 20",
    );
    let once = tensor("F32", "[1]", "[0,4]");
    let twice = [once.trim_end_matches('}'), r#"},"w":1}"#].concat();
    let error = of_json(&twice).unwrap_err().to_string();
    assert!(error.contains("`w` occurs twice"), "{error}");
    let nested = format!("{{\"w\":{}", "[".repeat(100_000));
    let error = of_json(&nested).unwrap_err().to_string();
    assert!(error.starts_with("its header is no table of tensors"), "{error}");
}

#[test]
fn a_map_names_files_beside_it_alone() {
    let map = |file: &str| ShardMap::read(format!(r#"{{"metadata":{{}},"weight_map":{{"a":"{file}"}}}}"#).as_bytes());
    assert_eq!(map("m-1.safetensors").unwrap().files().into_iter().collect::<Vec<_>>(), ["m-1.safetensors"]);
    for file in ["", "../x", "/etc/passwd", "a/b", ".hidden", "c:x"] {
        assert!(map(file).is_err(), "{file}");
    }
}
