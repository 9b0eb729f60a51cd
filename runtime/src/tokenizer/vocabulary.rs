//! Tokenizers from bare vocabularies, as GGUF files carry them.
//!
//! Two kinds exist. "llama" is byte-pair encoding with scores: of all
//! neighbouring pieces whose concatenation is an entry, the pair with the
//! highest score is joined first; as a BPE model these are all splits of an
//! entry into two entries, in the order of the scores. "gpt2" is byte-level
//! BPE with its merges written out.

use std::collections::HashMap;

use tensorlogic_language::gguf::Value;
use tensorlogic_language::weights::Index;
use tokenizers::AddedToken;
use tokenizers::decoders::byte_fallback::ByteFallback;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::decoders::sequence::Sequence as Decoders;
use tokenizers::decoders::strip::Strip;
use tokenizers::models::bpe::{BPE, Merges, Vocab};
use tokenizers::normalizers::{NormalizerWrapper, Prepend, Replace, Sequence as Normalizers};
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence as PreTokenizers;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::processors::template::TemplateProcessing;
use tokenizers::tokenizer::SplitDelimiterBehavior;

use super::{Result, Tokenizer, TokenizerError};

/// The character that stands for a space inside a piece.
const SPACE: &str = "\u{2581}";

/// Values of `tokenizer.ggml.token_type`.
const UNKNOWN: i32 = 2;
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
const BYTE: i32 = 6;

/// How Llama 3 and Qwen 2 divide a text before pieces are joined; they differ
/// in how many digits stay together.
const WORDS: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,DIGITS}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// The rule by which pieces are joined.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// "llama": the best score first.
    Scores {
        /// One score for each token.
        scores: Vec<f32>,
        /// Whether a space is put before a text.
        space_prefix: bool,
    },
    /// "gpt2": the merges in their order.
    Merges {
        /// Pairs of pieces, each pair divided by a space.
        merges: Vec<String>,
        /// How a text is divided into words: `tokenizer.ggml.pre`.
        words: String,
    },
}

/// The tokens of a model and how texts are divided into them.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    /// The texts by id.
    pub tokens: Vec<String>,
    /// What each token is (`tokenizer.ggml.token_type`): 1 normal, 2 unknown,
    /// 3 control, 4 user-defined, 5 unused, 6 byte.
    pub types: Vec<i32>,
    /// The rule.
    pub kind: Kind,
    /// The token that begins a text.
    pub bos: Option<u32>,
    /// The token that ends a text.
    pub eos: Option<u32>,
    /// Whether encoding puts `bos` first when asked for special tokens.
    pub add_bos: bool,
    /// Whether encoding puts `eos` last when asked for special tokens.
    pub add_eos: bool,
}

impl Vocabulary {
    /// Reads the vocabulary of a GGUF file, `tokenizer.ggml.*`.
    pub fn from_gguf(index: &Index, bytes: &[u8]) -> Result<Vocabulary> {
        let get = |key: &str| index.get(&format!("tokenizer.ggml.{key}"));
        let strings = |key: &str| {
            let strings = get(key)?.array()?.strings(bytes)?;
            Some(strings.into_iter().map(|text| text.into_owned()).collect::<Vec<String>>())
        };
        let model = get("model").and_then(Value::text).unwrap_or_default();
        if model.is_empty() {
            return refuse("the file has no `tokenizer.ggml.model`");
        }
        let Some(tokens) = strings("tokens") else {
            return refuse("the file has no `tokenizer.ggml.tokens`");
        };
        let numbers = |key: &str| get(key).and_then(Value::array).and_then(|array| array.numbers(bytes));
        let types = match numbers("token_type") {
            Some(types) => types.into_iter().map(|value| value as i32).collect(),
            None => vec![1; tokens.len()],
        };
        let words = get("pre").and_then(Value::text).unwrap_or("default").to_owned();
        let adds_bos = model == "llama" || matches!(words.as_str(), "llama-bpe" | "llama3" | "llama-v3");
        let kind = match model {
            "llama" => Kind::Scores {
                scores: numbers("scores").map_or_else(
                    || vec![0.0; tokens.len()],
                    |scores| scores.into_iter().map(|score| score as f32).collect(),
                ),
                space_prefix: get("add_space_prefix").and_then(Value::truth).unwrap_or(true),
            },
            "gpt2" => match strings("merges") {
                Some(merges) => Kind::Merges { merges, words },
                None => return refuse("the file has no `tokenizer.ggml.merges`"),
            },
            other => return refuse(format!("the kind `{other}` is not supported (`llama` and `gpt2` are)")),
        };
        let id = |key: &str| get(key).and_then(Value::unsigned).and_then(|id| u32::try_from(id).ok());
        Ok(Vocabulary {
            tokens,
            types,
            kind,
            bos: id("bos_token_id"),
            eos: id("eos_token_id"),
            add_bos: get("add_bos_token").and_then(Value::truth).unwrap_or(adds_bos),
            add_eos: get("add_eos_token").and_then(Value::truth).unwrap_or(false),
        })
    }

    fn token(&self, id: u32) -> Result<&str> {
        match self.tokens.get(id as usize) {
            Some(token) => Ok(token),
            None => refuse(format!("token {id} is beyond its {} tokens", self.tokens.len())),
        }
    }

    /// Every join of two entries to a third, the best score first. Entries
    /// that stand for bytes or control nothing in a text are never joined.
    fn joins(&self, scores: &[f32]) -> Merges {
        let joinable = |id: &usize| !matches!(self.types[*id], UNKNOWN | CONTROL | BYTE);
        let entries: HashMap<&str, usize> =
            (0..self.tokens.len()).filter(joinable).map(|id| (self.tokens[id].as_str(), id)).collect();
        let mut ranked: Vec<usize> = (0..self.tokens.len()).filter(joinable).collect();
        ranked.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        let mut joins = Vec::new();
        for token in ranked.into_iter().map(|id| self.tokens[id].as_str()) {
            for (at, _) in token.char_indices().skip(1) {
                let (left, right) = token.split_at(at);
                if entries.contains_key(left) && entries.contains_key(right) {
                    joins.push((left.to_owned(), right.to_owned()));
                }
            }
        }
        joins
    }
}

/// Builds a tokenizer. Unknown and control entries, `bos` and `eos` are
/// recognised in a text as special tokens, user-defined entries as ordinary ones.
pub fn from_vocabulary(vocabulary: &Vocabulary) -> Result<Tokenizer> {
    let Vocabulary { tokens, types, bos, eos, .. } = vocabulary;
    if types.len() != tokens.len() {
        return refuse(format!("it has {} tokens and {} types", tokens.len(), types.len()));
    }
    let mut tokenizer = match &vocabulary.kind {
        Kind::Scores { scores, space_prefix } => by_scores(vocabulary, scores, *space_prefix)?,
        Kind::Merges { merges, words } => by_merges(vocabulary, merges, words)?,
    };
    add_template(vocabulary, &mut tokenizer)?;
    let bos_or_eos = |id: u32| Some(id) == *bos || Some(id) == *eos;
    let (mut special, mut ordinary) = (Vec::new(), Vec::new());
    for ((token, kind), id) in tokens.iter().zip(types).zip(0..) {
        // An empty token would be found everywhere.
        if token.is_empty() {
            continue;
        }
        if matches!(*kind, UNKNOWN | CONTROL) || bos_or_eos(id) {
            special.push(AddedToken::from(token.clone(), true).normalized(false));
        } else if *kind == USER_DEFINED {
            ordinary.push(AddedToken::from(token.clone(), false).normalized(false));
        }
    }
    tokenizer.add_special_tokens(special).map_err(refused)?;
    tokenizer.add_tokens(ordinary).map_err(refused)?;
    Ok(Tokenizer::new(tokenizer, *bos, *eos))
}

fn by_scores(vocabulary: &Vocabulary, scores: &[f32], space_prefix: bool) -> Result<tokenizers::Tokenizer> {
    if scores.len() != vocabulary.tokens.len() {
        return refuse(format!("it has {} tokens and {} scores", vocabulary.tokens.len(), scores.len()));
    }
    let mut model = BPE::builder()
        .vocab_and_merges(entries(vocabulary), vocabulary.joins(scores))
        .byte_fallback(true)
        .fuse_unk(true);
    if let Some(unknown) = vocabulary.types.iter().position(|kind| *kind == UNKNOWN) {
        model = model.unk_token(vocabulary.tokens[unknown].clone());
    }
    let mut tokenizer = tokenizers::Tokenizer::new(model.build().map_err(refused)?);
    let mut normalizers: Vec<NormalizerWrapper> = Vec::new();
    let mut decoders =
        vec![Replace::new(SPACE, " ").map_err(refused)?.into(), ByteFallback::new().into(), Fuse::new().into()];
    if space_prefix {
        normalizers.push(Prepend::new(SPACE.to_owned()).into());
        decoders.push(Strip::new(' ', 1, 0).into());
    }
    normalizers.push(Replace::new(" ", SPACE).map_err(refused)?.into());
    tokenizer.with_normalizer(Some(Normalizers::new(normalizers))).map_err(refused)?;
    tokenizer.with_decoder(Some(Decoders::new(decoders)));
    Ok(tokenizer)
}

fn by_merges(vocabulary: &Vocabulary, merges: &[String], words: &str) -> Result<tokenizers::Tokenizer> {
    let mut pairs = Merges::with_capacity(merges.len());
    for merge in merges {
        match merge.split_once(' ') {
            Some((left, right)) => pairs.push((left.to_owned(), right.to_owned())),
            None => return refuse(format!("the merge `{merge}` has no two parts")),
        }
    }
    let (divide, whole_words) = divide_into_words(words)?;
    let model = BPE::builder().vocab_and_merges(entries(vocabulary), pairs).ignore_merges(whole_words);
    let mut tokenizer = tokenizers::Tokenizer::new(model.build().map_err(refused)?);
    tokenizer.with_pre_tokenizer(Some(divide));
    tokenizer.with_decoder(Some(ByteLevel::new(false, true, true)));
    Ok(tokenizer)
}

/// The division into words of a `tokenizer.ggml.pre`, and whether words that
/// are entries are taken as they are.
fn divide_into_words(words: &str) -> Result<(PreTokenizerWrapper, bool)> {
    let bytes = |regex| PreTokenizerWrapper::from(ByteLevel::new(false, true, regex));
    let by_pattern = |digits: &str| -> Result<PreTokenizerWrapper> {
        let pattern = SplitPattern::Regex(WORDS.replace("DIGITS", digits));
        let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false).map_err(refused)?;
        Ok(PreTokenizers::new(vec![split.into(), bytes(false)]).into())
    };
    match words {
        "default" | "gpt-2" | "gpt2" => Ok((bytes(true), false)),
        "llama-bpe" | "llama3" | "llama-v3" => Ok((by_pattern("3")?, true)),
        "qwen2" => Ok((by_pattern("1")?, false)),
        "smollm" => Ok((PreTokenizers::new(vec![Digits::new(true).into(), bytes(true)]).into(), false)),
        other => refuse(format!(
            "its way to divide texts into words, `{other}`, is not supported; load its tokenizer.json instead"
        )),
    }
}

fn entries(vocabulary: &Vocabulary) -> Vocab {
    vocabulary.tokens.iter().cloned().zip(0..).collect()
}

/// Puts `bos` before and `eos` after a text, as the vocabulary says.
fn add_template(vocabulary: &Vocabulary, tokenizer: &mut tokenizers::Tokenizer) -> Result<()> {
    let bos = vocabulary.bos.filter(|_| vocabulary.add_bos);
    let eos = vocabulary.eos.filter(|_| vocabulary.add_eos);
    if bos.is_none() && eos.is_none() {
        return Ok(());
    }
    let mut single: Vec<String> = Vec::new();
    let mut pair: Vec<String> = Vec::new();
    for text in ["$A", "$B"] {
        if let Some(bos) = bos {
            pair.push(vocabulary.token(bos)?.to_owned());
        }
        pair.push(text.to_owned());
        if let Some(eos) = eos {
            pair.push(vocabulary.token(eos)?.to_owned());
        }
        if text == "$A" {
            single.clone_from(&pair);
        }
    }
    let mut special = Vec::new();
    for id in [bos, eos].into_iter().flatten() {
        special.push((vocabulary.token(id)?.to_owned(), id));
    }
    let template = TemplateProcessing::builder()
        .try_single(single)
        .and_then(|builder| builder.try_pair(pair))
        .map_err(|reason| TokenizerError::Vocabulary { reason })?
        .special_tokens(special)
        .build()
        .map_err(|error| TokenizerError::Vocabulary { reason: error.to_string() })?;
    tokenizer.with_post_processor(Some(template));
    Ok(())
}

fn refuse<T>(reason: impl Into<String>) -> Result<T> {
    Err(TokenizerError::Vocabulary { reason: reason.into() })
}

fn refused(error: impl std::fmt::Display) -> TokenizerError {
    TokenizerError::Vocabulary { reason: error.to_string() }
}
