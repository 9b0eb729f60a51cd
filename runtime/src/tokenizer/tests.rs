use std::path::PathBuf;

use super::*;

const SPACE: char = '▁';

/// A small vocabulary of the "llama" kind: three special entries, all bytes,
/// letters and some joins.
fn small() -> Vocabulary {
    let mut tokens: Vec<String> = ["<unk>", "<s>", "</s>"].map(str::to_owned).to_vec();
    tokens.extend((0..=255u8).map(|byte| format!("<0x{byte:02X}>")));
    let joins = ["ab", "bc", "abc", "▁a", "▁ab", "cc", "▁▁", "ca", "cab", "▁cab"];
    tokens.extend(joins.map(str::to_owned));
    tokens.extend("▁abcé".chars().map(String::from));
    tokens.push("<|user|>".to_owned());
    let mut types = vec![1; tokens.len()];
    (types[0], types[1], types[2]) = (2, 3, 3);
    types[3..259].fill(6);
    *types.last_mut().unwrap() = 4;
    // Longer joins are not always better ones.
    let scores = (0..tokens.len()).map(|id| -((id * 7 % 11) as f32)).collect();
    let kind = Kind::Scores { scores, space_prefix: true };
    Vocabulary { tokens, types, kind, bos: Some(1), eos: Some(2), add_bos: true, add_eos: false }
}

/// The rule itself: join the neighbours with the best score, the leftmost first.
fn joined_one_by_one(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
    let Kind::Scores { scores, .. } = &vocabulary.kind else { panic!("scores are needed") };
    let score = |piece: &str| {
        let id = vocabulary.tokens.iter().position(|token| token == piece)?;
        (vocabulary.types[id] == 1).then(|| scores[id])
    };
    let mut pieces: Vec<String> = format!("{SPACE}{}", text.replace(' ', "▁")).chars().map(String::from).collect();
    loop {
        let scored = pieces.windows(2).enumerate().filter_map(|(at, pair)| Some((score(&pair.concat())?, at)));
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, at)) = best else { return pieces };
        let right = pieces.remove(at + 1);
        pieces[at].push_str(&right);
    }
}

fn texts() -> Vec<String> {
    let mut state = 9u32;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    (0..300).map(|_| (0..next(30)).map(|_| ['a', 'b', 'c', ' '][next(4) as usize]).collect()).collect()
}

#[test]
fn the_best_score_joins_first() {
    let vocabulary = small();
    let tokenizer = from_vocabulary(&vocabulary).unwrap();
    for text in texts() {
        let ids = tokenizer.encode(&text, false).unwrap();
        let pieces: Vec<String> = ids.iter().map(|id| tokenizer.token(*id).unwrap()).collect();
        let expected = if text.is_empty() { Vec::new() } else { joined_one_by_one(&vocabulary, &text) };
        assert_eq!(pieces, expected, "{text:?}");
    }
}

#[test]
fn any_text_comes_back() {
    let tokenizer = from_vocabulary(&small()).unwrap();
    for text in ["", "a", " a", "  ab  c", "日本 😀", "x\ny\t", "é\u{0}", "a<0x0A>"]
        .iter()
        .map(|text| text.to_string())
        .chain(texts())
    {
        for special in [false, true] {
            let ids = tokenizer.encode(&text, special).unwrap();
            assert_eq!(ids.first() == Some(&1), special, "{text:?}");
            assert_eq!(tokenizer.decode(&ids, true).unwrap(), text);
        }
    }
    assert_eq!((tokenizer.bos_id(), tokenizer.eos_id(), tokenizer.size()), (Some(1), Some(2), small().tokens.len()));
    let ids = tokenizer.encode("a</s><|user|>", false).unwrap();
    assert_eq!(ids[1..].iter().filter(|id| **id == 2).count(), 1);
    assert_eq!(tokenizer.id("<|user|>"), ids.last().copied());
    assert_eq!(tokenizer.decode(&ids, true).unwrap(), "a<|user|>");
    assert_eq!(tokenizer.decode(&ids, false).unwrap(), "a</s><|user|>");
    assert_eq!(
        tokenizer.decode(&[9999], true).unwrap_err().to_string(),
        format!("token 9999 does not exist: the vocabulary has {} tokens", tokenizer.size())
    );
}

#[test]
fn vocabularies_may_do_without_a_space_or_end_with_eos() {
    let mut vocabulary = small();
    let Kind::Scores { space_prefix, .. } = &mut vocabulary.kind else { panic!() };
    *space_prefix = false;
    (vocabulary.add_bos, vocabulary.add_eos) = (false, true);
    let tokenizer = from_vocabulary(&vocabulary).unwrap();
    let ids = tokenizer.encode("a b", true).unwrap();
    assert_eq!((tokenizer.token(ids[0]).as_deref(), ids.last()), (Some("a"), Some(&2)));
    assert_eq!(tokenizer.decode(&ids, true).unwrap(), "a b");
    vocabulary.types.pop();
    let error = from_vocabulary(&vocabulary).unwrap_err().to_string();
    assert!(error.starts_with("the vocabulary makes no tokenizer: it has"), "{error}");
}

#[test]
fn merges_in_their_order() {
    let letters: Vec<String> = "abcĠÃ©!".chars().map(String::from).collect();
    let mut tokens = letters;
    tokens.extend(["ab", "Ġab", "bc", "<|end|>"].map(str::to_owned));
    let mut types = vec![1; tokens.len()];
    types[tokens.len() - 1] = 3;
    let end = tokens.len() as u32 - 1;
    let kind =
        |words: &str| Kind::Merges { merges: vec!["b c".into(), "a b".into(), "Ġ ab".into()], words: words.into() };
    let mut vocabulary =
        Vocabulary { tokens, types, kind: kind("gpt-2"), bos: None, eos: Some(end), add_bos: false, add_eos: false };
    for words in ["gpt-2", "llama-bpe", "qwen2", "smollm"] {
        vocabulary.kind = kind(words);
        let tokenizer = from_vocabulary(&vocabulary).unwrap();
        let pieces = |text: &str| -> Vec<String> {
            tokenizer.encode(text, true).unwrap().iter().map(|id| tokenizer.token(*id).unwrap()).collect()
        };
        assert_eq!(pieces("ab abc"), ["ab", "Ġ", "a", "bc"]);
        assert_eq!(pieces("a ab"), ["a", "Ġab"]);
        let ids = tokenizer.encode("é ab!<|end|>", true).unwrap();
        assert_eq!(tokenizer.decode(&ids, true).unwrap(), "é ab!");
        assert_eq!(ids.last(), Some(&end));
    }
    vocabulary.kind = kind("mystery");
    let error = from_vocabulary(&vocabulary).unwrap_err().to_string();
    assert!(error.contains("`mystery`, is not supported"), "{error}");
}

#[test]
fn the_stream_gives_whole_characters() {
    let tokenizer = from_vocabulary(&small()).unwrap();
    for text in ["ab cab  a", "日本 a 😀😀b", " a", "aé日 "].iter().map(|text| text.to_string()).chain(texts())
    {
        let ids = tokenizer.encode(&text, true).unwrap();
        let mut stream = tokenizer.stream();
        let mut whole = String::new();
        for end in 1..=ids.len() {
            let new = stream.push(&ids[..end]).unwrap();
            assert!(!new.contains('\u{FFFD}'), "{text:?}: {new:?}");
            whole.push_str(&new);
        }
        assert_eq!(whole, text);
        assert_eq!(stream.push(&ids).unwrap(), "");
        assert_eq!(tokenizer.stream().push(&ids).unwrap(), text);
    }
}

#[test]
fn the_stream_begins_anew_and_ends() {
    let tokenizer = from_vocabulary(&small()).unwrap();
    let id = |token: &str| tokenizer.id(token).unwrap();
    let mut stream = tokenizer.stream();
    assert_eq!(stream.push(&[id("▁ab")]).unwrap(), "ab");
    assert_eq!(stream.push(&[id("▁cab"), id("▁a")]).unwrap(), "cab a");
    assert_eq!(stream.push(&[id("▁cab"), id("▁a"), 2, id("▁a")]).unwrap(), " a");
    assert_eq!(stream.push(&[id("▁cab")]).unwrap(), "cab");
    // Two of the three bytes of 日, then none.
    let bytes = [id("<0xE6>"), id("<0x97>"), id("<0xA5>")];
    assert_eq!(stream.push(&bytes[..2]).unwrap(), "");
    assert_eq!(stream.push(&bytes).unwrap(), "日");
    assert_eq!(stream.push(&bytes[..1]).unwrap(), "");
    assert_eq!(stream.finish().unwrap(), "\u{FFFD}");
    assert_eq!(stream.push(&[id("a")]).unwrap(), "a");
    let stray = [id("<0xFF>"), id("a"), id("<0xC3>"), id("<0xA9>"), id("<0xFF>"), id("b")];
    let mut whole = String::new();
    (1..=stray.len()).for_each(|end| whole.push_str(&stream.push(&stray[..end]).unwrap()));
    assert_eq!(whole.replace('\u{FFFD}', ""), "aéb");
}

#[test]
fn the_cost_of_a_step_does_not_grow() {
    let tokenizer = from_vocabulary(&small()).unwrap();
    let ids: Vec<u32> = tokenizer.encode(&"ab c ".repeat(20_000), false).unwrap();
    let mut stream = tokenizer.stream();
    stream.push(&ids[..ids.len() - 2000]).unwrap();
    let start = std::time::Instant::now();
    (ids.len() - 2000..=ids.len()).for_each(|end| drop(stream.push(&ids[..end]).unwrap()));
    assert!(start.elapsed().as_secs_f64() < 2.0);
}

fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/models").join(name)
}

/// The example model's GGUF files and its `tokenizer.json` say the same.
#[test]
fn both_kinds_of_files_agree() {
    let (json, gguf) = (example("tokenizer.json"), example("stories-q4_0.gguf"));
    if !json.exists() || !gguf.exists() {
        return;
    }
    let (json, gguf) = (Tokenizer::load(json).unwrap(), Tokenizer::load(gguf).unwrap());
    assert_eq!((json.bos_id(), json.eos_id(), json.size()), (gguf.bos_id(), gguf.eos_id(), gguf.size()));
    for text in ["Once upon a time there was a fox.", "  two  spaces\n", "日本 😀", "</s> a", ""] {
        for special in [false, true] {
            assert_eq!(json.encode(text, special).unwrap(), gguf.encode(text, special).unwrap(), "{text:?}");
        }
    }
    let again = Tokenizer::from_json(gguf.to_json().unwrap().as_bytes(), None).unwrap();
    assert_eq!((again.bos_id(), again.eos_id()), (Some(1), Some(2)));
}

#[test]
fn files_of_another_kind_are_refused() {
    let folder = std::env::temp_dir().join(format!("tl-tokenizer-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let load = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        Tokenizer::load(&path).unwrap_err().to_string()
    };
    assert!(load("a.json", "hello").contains("is no tokenizer: it is not JSON: expected value at line 1"));
    assert!(load("b.json", "{\"vocab\": 1}").ends_with("it is JSON without `model`, the vocabulary of a tokenizer"));
    assert!(load("c.gguf", "GGUF\u{3}\0\0\0").contains("is no tokenizer: the file ends inside"));
    let none = "GGUF\u{3}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert_eq!(load("d.gguf", none), "the vocabulary makes no tokenizer: the file has no `tokenizer.ggml.model`");
    let missing = Tokenizer::load(folder.join("missing.json")).unwrap_err().to_string();
    assert!(missing.contains("missing.json`: No such file"), "{missing}");
    assert!(Tokenizer::load(&folder).unwrap_err().to_string().ends_with("it is a folder"));
    std::fs::remove_dir_all(&folder).unwrap();
}
