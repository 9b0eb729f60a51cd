use super::*;

#[test]
fn an_index_knows_shapes_types_and_sizes() {
    let files = Folder::default().gguf("m.gguf", &Llama::TINY_LLAMA.draft(GgmlType::Q4_0));
    let index = files.open("m.gguf").unwrap();
    assert_eq!((index.tensors().len(), index.parameters()), (201, 1_100_048_384));
    let q = index.tensor("blk.21.attn_k.weight").unwrap();
    assert_eq!((&q.shape[..], q.ne(), q.storage.name()), (&[256, 2048][..], vec![2048, 256], "Q4_0"));
    assert_eq!(q.length, 256 * 2048 / 32 * 18);
    assert_eq!((index.block_count(), index.head_count(), index.head_count_kv()), (Some(22), Some(32), Some(4)));
    assert_eq!((index.key_length(), index.rope_dimensions(), index.rope_base()), (Some(64), Some(64), 10_000.0));
    assert_eq!(index.tree().layer_count("blk"), Some(22));
    let memory = Memory::of(&index);
    assert_eq!(memory.cache, Some(22 * 2048 * 4 * 64 * 2 * 4));
    assert_eq!(memory.total(), Some(memory.weights + memory.cache.unwrap() + memory.step.unwrap()));
}

/// Of a file of 40 GB the header is read and, at most, one window behind it; the
/// vocabulary's numbers are not even read.
#[test]
fn only_the_header_is_touched() {
    let draft = Llama::TINY_LLAMA.draft(GgmlType::Q4_0).set("numbers", vec![0u64; 1 << 20]).tensor_at(
        "last",
        &[1 << 20],
        GgmlType::F32,
        40 << 30,
    );
    let header = draft.header().len() as u64;
    let files = Folder::default().gguf("m.gguf", &draft);
    let index = files.open("m.gguf").unwrap();
    assert!(index.file_bytes() > 40 << 30);
    let read = files.read.load(Ordering::Relaxed);
    assert!(read < header - (8 << 20) + (512 << 10), "{read} bytes of a header of {header}");
    // A text that is said to be most of the file is no reason to read that.
    let mut lying = gguf::Draft::default().set("k", "").header();
    let end = lying.len();
    lying[end - 8..].copy_from_slice(&(39u64 << 30).to_le_bytes());
    let files = Folder::default().with("m.gguf", lying, 40 << 30);
    assert_eq!(files.refusal("m.gguf"), "its header is longer than 256 MiB, which none is");
    assert!(files.read.load(Ordering::Relaxed) < 1 << 20);
}

#[test]
fn any_part_leads_to_all() {
    let name = |number| format!("models/m-{number:05}-of-00003.gguf");
    let whole = Llama::SMALL.draft(GgmlType::Q8_0);
    let files = (1..).zip(whole.split(3)).fold(Folder::default(), |files, (n, part)| files.gguf(&name(n), &part));
    let single = Folder::default().gguf("m.gguf", &whole).open("m.gguf").unwrap();
    for number in 1..=3 {
        let index = files.open(&name(number)).unwrap();
        assert_eq!(index.parts.len(), 3);
        assert_eq!(index.tensors().len(), single.tensors().len());
        assert_eq!(index.architecture(), Some("llama"), "the metadata is that of the first part");
        for (found, expected) in index.tensors().iter().zip(single.tensors()) {
            assert_eq!((&found.name, &found.shape, found.length), (&expected.name, &expected.shape, expected.length));
            assert!(found.bytes().end <= index.parts[found.part].size);
        }
        assert_eq!((index.tensors()[0].part, index.tensor("output.weight").unwrap().part), (0, 2));
    }
}

#[test]
fn a_part_that_is_missing_or_foreign_is_named() {
    let parts = Llama::SMALL.draft(GgmlType::F16).split(2);
    let first = "a/m-00001-of-00002.gguf";
    let second = "a/m-00002-of-00002.gguf";
    let with = |path: &str, draft: &gguf::Draft| Folder::default().gguf(first, &parts[0]).gguf(path, draft);
    let alone = Folder::default().gguf(first, &parts[0]);
    assert_eq!(alone.refusal(first), format!("file 2 of 2 is missing: `{second}`"));
    let help = alone.open(first).unwrap_err().help().unwrap();
    assert_eq!(help, "put `m-00002-of-00002.gguf` beside the other files of the model: there are 2 in all");
    let unnamed = Folder::default().gguf("m.gguf", &parts[1]).refusal("m.gguf");
    assert_eq!(unnamed, "it is file 2 of 2, but its name does not say how the others are called");
    let foreign = with(second, &parts[0]).refusal(first);
    assert_eq!(foreign, format!("`{second}` does not belong to it: expected file 2 of 2, it is file 1 of 2"));
    let plain = with(second, &gguf::Draft::default()).refusal(first);
    assert_eq!(plain, format!("`{second}` does not belong to it: expected file 2 of 2, it is file unknown of unknown"));
    let page = Folder::default().gguf(first, &parts[0]).text(second, "<html>").refusal(first);
    assert_eq!(page, format!("its file `{second}` is not usable: not a weight file: it is an HTML page"));
    let fewer = with(second, &parts[1].clone().without("output.weight")).refusal(first);
    assert_eq!(fewer, "the files hold 20 tensors, and say that all of them together have 21");
}

#[test]
fn safetensors_say_shapes_too() {
    let draft = |name: &str| safetensors::Draft::default().about("format", "pt").tensor(name, Dtype::BF16, &[4, 8]);
    let files = Folder::default()
        .safetensors("model.safetensors", &draft("model.layers.0.mlp.up_proj.weight"))
        .safetensors("s-00001-of-00002.safetensors", &draft("a.weight"))
        .safetensors("s-00002-of-00002.safetensors", &draft("b.weight"))
        .text(
            "s.safetensors.index.json",
            r#"{"weight_map": {"a.weight": "s-00001-of-00002.safetensors", "b.weight": "s-00002-of-00002.safetensors"}}"#,
        );
    let index = files.open("model.safetensors").unwrap();
    let tensor = index.find("model.layers.0.mlp.up_proj.weight").unwrap();
    assert_eq!((&tensor.shape[..], tensor.storage.name(), tensor.length), (&[4, 8][..], "BF16", 64));
    assert_eq!(index.tree().layer_count("model.layers"), Some(1));
    assert_eq!(index.get("format").and_then(Value::text), Some("pt"));
    for path in ["s.safetensors.index.json", "s-00002-of-00002.safetensors"] {
        let index = files.open(path).unwrap();
        let places: Vec<_> = index.tensors().iter().map(|it| (it.name.as_str(), it.part)).collect();
        assert_eq!(places, [("a.weight", 0), ("b.weight", 1)], "{path}");
    }
    let wrong = files.text("x.index.json", r#"{"weight_map": {"c": "model.safetensors"}}"#);
    assert_eq!(wrong.refusal("x.index.json"), "tensor `c` is not in `model.safetensors`, where it should be");
    wrong.remove("s-00001-of-00002.safetensors");
    let missing = wrong.refusal("s.safetensors.index.json");
    assert_eq!(missing, "file 1 of 2 is missing: `s-00001-of-00002.safetensors`");
}

#[test]
fn tensors_that_cannot_lie_there_are_refused() {
    let check = |draft: gguf::Draft, size: u64, expected: &str| {
        let files = Folder::default().with("m.gguf", draft.header(), size);
        assert_eq!(files.refusal("m.gguf"), expected);
    };
    let draft = || gguf::Draft::default().tensor("a", &[32], GgmlType::F32);
    let size = draft().file_size();
    check(draft(), size - 1, &format!("tensor `a` ends at byte {size}, but the file has {} bytes", size - 1));
    let far = draft().tensor_at("b", &[1], GgmlType::F32, u64::MAX - 31);
    check(far, 1 << 40, &format!("tensor `b` ends at byte {}, but the file has {} bytes", u64::MAX, 1u64 << 40));
    let askew = draft().tensor_at("b", &[1], GgmlType::F32, 136);
    check(askew, 1 << 20, "tensor `b` begins at offset 136, which is no multiple of 32");
    let shared = draft().tensor_at("b", &[1], GgmlType::F32, 64);
    check(shared, 1 << 20, "tensors `a` and `b` share bytes");
    check(draft().tensor("a", &[1], GgmlType::F32), 1 << 20, "tensor `a` occurs twice");
    let long = draft().tensor(&"x.".repeat(600), &[1], GgmlType::F32);
    let name = "x.".repeat(20);
    check(long, 1 << 20, &format!("tensor `{name}…` has a name of 1200 bytes, at most 1024 are allowed"));
    let lying = safetensors::Draft::default().entry("w", "F32", &[2], 1 << 62, (1 << 62) + 8);
    let refusal = Folder::default().safetensors("m.safetensors", &lying).refusal("m.safetensors");
    assert!(refusal.starts_with("tensor `w` ends at byte 4611686018427"), "{refusal}");
}

#[test]
fn other_files_are_called_what_they_are() {
    let check = |bytes: &[u8], expected: &str| {
        let files = Folder::default().with("m.gguf", bytes.to_vec(), bytes.len() as u64);
        assert_eq!(files.refusal("m.gguf"), format!("not a weight file: {expected}"));
        assert!(files.open("m.gguf").unwrap_err().help().is_some());
    };
    check(b"", "it is empty");
    check(b"PK\x03\x04\0\0", "it is a zip archive, as PyTorch's are");
    check(b"\n <!DOCTYPE html><html>", "it is an HTML page");
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n";
    check(pointer, "it is a Git LFS pointer, which stands for the file");
    check(b"{\"model\": {}}", "it holds JSON, as tokenizers do");
    check(b"\x80\x02}q\0", "it is a Python pickle, as old files of PyTorch are");
    check(b"\x1f\x8b\x08\0", "it is compressed");
    check(b"tjgg\x03\0\0\0", "it is a ggml file from before GGUF");
    check(b"GGML is no text\n", "it holds text");
    check(b"\0\x01\x02\x03", "it begins neither as GGUF nor as safetensors");
    assert_eq!(Folder::default().refusal("m.gguf"), "no such file");
}

#[test]
fn a_model_is_read_again_only_when_a_file_changed() {
    let parts = Llama::SMALL.draft(GgmlType::F16).split(2);
    let (first, second) = ("m-00001-of-00002.gguf", "m-00002-of-00002.gguf");
    let files = Folder::default().gguf(first, &parts[0]).gguf(second, &parts[1]);
    let indexes = Indexes::default();
    let get = || indexes.get(&files, Path::new(first)).map(|index| index.parts.len());
    let opened = || files.opened.swap(0, Ordering::Relaxed);
    assert_eq!((get(), opened()), (Ok(2), 3));
    assert_eq!((get(), opened()), (Ok(2), 0));
    let hole = files.remove(second);
    assert!(matches!(get(), Err(IndexError::MissingPart { .. })));
    assert!(matches!(get(), Err(IndexError::MissingPart { .. })) && opened() == 3);
    files.files.lock().unwrap().insert(second.into(), hole);
    assert_eq!((get(), opened()), (Ok(2), 3));
}

/// Whatever the bytes of a header are, there is an index or a message; both are
/// checked as `tl model` does.
#[test]
fn any_header_is_indexed_or_refused() {
    let tiny = gguf::Draft::default()
        .set("general.architecture", "llama")
        .set("llama.block_count", 2u32)
        .set("llama.embedding_length", 32u32)
        .set("llama.attention.head_count", 2u32)
        .set("tokenizer.ggml.tokens", vec!["a", "b"])
        .tensor("token_embd.weight", &[2, 32], GgmlType::Q4_0)
        .tensor("blk.0.attn_q.weight", &[32, 32], GgmlType::F16)
        .tensor("blk.1.attn_q.weight", &[32, 32], GgmlType::F16);
    let weights = safetensors::Draft::default().tensor("a.0.b", Dtype::F32, &[4]).tensor("c", Dtype::U8, &[2, 2]);
    let samples = [(tiny.header(), tiny.file_size()), (weights.header(), weights.file_size())];
    for (bytes, size) in samples {
        let survey = |bytes: &[u8], size| {
            let files = Folder::default().with("m", bytes.to_vec(), size);
            if let Ok(index) = survey(&files, Path::new("m")) {
                verify(&index);
                groups(index.tensors());
                Memory::of(&index);
            }
        };
        for length in 0..bytes.len() {
            survey(&bytes[..length], length as u64);
            survey(&bytes[..length], size);
        }
        for at in 0..bytes.len() {
            for flip in (0..8).map(|bit| 1 << bit).chain([0xff]) {
                let mut changed = bytes.clone();
                changed[at] ^= flip;
                survey(&changed, size);
            }
        }
    }
}

#[test]
fn a_config_beside_safetensors_says_the_sizes() {
    let weights = safetensors::Draft::default().tensor("model.norm.weight", Dtype::F32, &[64]);
    let config = r#"{"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4,
        "num_key_value_heads": 2, "rms_norm_eps": 1e-5, "rope_theta": 500000.0, "tie_word_embeddings": true}"#;
    let files = Folder::default().safetensors("m/model.safetensors", &weights).text("m/config.json", config);
    let index = files.open("m/model.safetensors").unwrap();
    assert_eq!((index.architecture(), index.block_count(), index.key_length()), (Some("llama"), Some(2), Some(16)));
    assert_eq!((index.head_count_kv(), index.rms_epsilon(), index.rope_base()), (Some(2), Some(1e-5), 500_000.0));
    assert_eq!(index.context_length(), None);
    for text in ["", "[1]", "{\"model_type\": 7}", &"[".repeat(100_000)] {
        let files = Folder::default().safetensors("model.safetensors", &weights).text("config.json", text);
        assert_eq!(files.open("model.safetensors").unwrap().architecture(), None);
    }
}
