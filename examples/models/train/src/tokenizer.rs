//! A `tokenizers::Tokenizer` from the vocabulary of a GGUF file of the "llama" kind.
//!
//! Such a vocabulary is byte-pair encoding with scores: of all neighbouring pieces whose
//! concatenation is an entry, the pair with the highest score is joined first. In the `tokenizers`
//! crate this is a BPE model whose merges are all splits of an entry into two other entries, in
//! the order of the scores. Characters without an entry fall back to byte entries.

use std::collections::HashMap;

use tokenizers::decoders::byte_fallback::ByteFallback;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::decoders::sequence::Sequence as Decoders;
use tokenizers::decoders::strip::Strip;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::{Prepend, Replace, Sequence as Normalizers};
use tokenizers::processors::template::TemplateProcessing;
use tokenizers::{AddedToken, Result, Tokenizer};

/// The character that stands for a space inside a piece.
pub const SPACE: char = '\u{2581}';

/// Values of `tokenizer.ggml.token_type`.
pub const NORMAL: i32 = 1;
pub const UNKNOWN: i32 = 2;
pub const CONTROL: i32 = 3;
pub const USER_DEFINED: i32 = 4;
pub const BYTE: i32 = 6;

/// Builds the tokenizer; the three slices have one item for each id.
///
/// Encoding with special tokens puts the token `bos` first. Unknown and control entries, `bos` and
/// `eos` are recognised in the text as special tokens, user-defined entries as ordinary ones.
pub fn tokenizer(tokens: &[String], scores: &[f32], types: &[i32], bos: u32, eos: u32) -> Result<Tokenizer> {
    if tokens.len() != scores.len() || tokens.len() != types.len() {
        let (tokens, scores, types) = (tokens.len(), scores.len(), types.len());
        return Err(format!("the vocabulary has {tokens} tokens, {scores} scores and {types} types").into());
    }
    let name = |id: u32| tokens.get(id as usize).ok_or_else(|| format!("the vocabulary has no token {id}"));
    let (bos_name, eos_name) = (name(bos)?, name(eos)?);
    let vocabulary: Vocab = tokens.iter().cloned().zip(0..).collect();
    let mut model =
        BPE::builder().vocab_and_merges(vocabulary, merges(tokens, scores, types)).byte_fallback(true).fuse_unk(true);
    if let Some(unknown) = types.iter().position(|&kind| kind == UNKNOWN) {
        model = model.unk_token(tokens[unknown].clone());
    }
    let mut tokenizer = Tokenizer::new(model.build()?);
    tokenizer.with_normalizer(Some(Normalizers::new(vec![
        Prepend::new(SPACE.to_string()).into(),
        Replace::new(" ", SPACE.to_string())?.into(),
    ])))?;
    tokenizer.with_decoder(Some(Decoders::new(vec![
        Replace::new(SPACE.to_string(), " ")?.into(),
        ByteFallback::new().into(),
        Fuse::new().into(),
        Strip::new(' ', 1, 0).into(),
    ])));
    let template = TemplateProcessing::builder()
        .try_single(vec![bos_name.as_str(), "$A"])?
        .try_pair(vec![bos_name.as_str(), "$A", bos_name.as_str(), "$B"])?
        .special_tokens(vec![(bos_name.clone(), bos)])
        .build()?;
    tokenizer.with_post_processor(Some(template));
    for (token, &kind) in tokens.iter().zip(types) {
        let added = |special| [AddedToken::from(token.clone(), special).normalized(false)];
        if matches!(kind, UNKNOWN | CONTROL) || token == bos_name || token == eos_name {
            tokenizer.add_special_tokens(added(true))?;
        } else if kind == USER_DEFINED {
            tokenizer.add_tokens(added(false))?;
        }
    }
    Ok(tokenizer)
}

/// All ways to join two normal entries to a third, best score first.
fn merges(tokens: &[String], scores: &[f32], types: &[i32]) -> Vec<(String, String)> {
    let normal = |id: &usize| types[*id] == NORMAL;
    let entries: HashMap<&str, usize> = (0..tokens.len()).filter(normal).map(|id| (tokens[id].as_str(), id)).collect();
    let mut ranked: Vec<usize> = (0..tokens.len()).filter(normal).collect();
    ranked.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut merges = Vec::new();
    for id in ranked {
        let token = &tokens[id];
        for (at, _) in token.char_indices().skip(1) {
            let (left, right) = token.split_at(at);
            if entries.contains_key(left) && entries.contains_key(right) {
                merges.push((left.to_owned(), right.to_owned()));
            }
        }
    }
    merges
}
