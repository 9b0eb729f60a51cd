//! The 1,024 pieces of text that the model knows, learnt from the stories.
//!
//! The order is the one of SentencePiece vocabularies: unknown, begin, end, the 256 bytes, then
//! the learnt pieces from the most to the least useful one, then the single characters. The score
//! of a piece is its negated rank. No piece crosses a space, and none mixes letters and marks.

use anyhow::{Result, anyhow, ensure};
use tokenizers::Tokenizer;
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::tokenizer::Trainer;

use crate::stories::story;
use crate::tokenizer::{BYTE, CONTROL, NORMAL, SPACE, UNKNOWN, tokenizer};

pub const SIZE: usize = 1024;
pub const UNK: u32 = 0;
pub const BOS: u32 = 1;
pub const EOS: u32 = 2;

/// Texts, scores and types (`tokenizer.ggml.token_type`) by id.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    pub tokens: Vec<String>,
    pub scores: Vec<f32>,
    pub types: Vec<i32>,
}

impl Vocabulary {
    /// Learns the pieces from the first `count` stories of a seed.
    pub fn learn(seed: u64, count: u64) -> Result<Self> {
        let alphabet = ('!'..='~').chain([SPACE]);
        let mut trainer = BpeTrainer::builder()
            .vocab_size(SIZE - 3 - 256)
            .initial_alphabet(alphabet.clone().collect())
            .show_progress(false)
            .build();
        let texts = (0..count).map(|number| story(seed, number).text);
        trainer.feed(texts, |text| Ok(words(text))).map_err(|error| anyhow!(error))?;
        let mut model = BPE::default();
        trainer.train(&mut model).map_err(|error| anyhow!(error))?;
        let mut learnt: Vec<(String, u32)> = model.get_vocab().into_iter().collect();
        learnt.sort_by_key(|(_, id)| *id);
        let pieces = learnt.into_iter().map(|(piece, _)| piece).filter(|piece| piece.chars().count() > 1);
        let pieces: Vec<String> = pieces.chain(alphabet.map(String::from)).collect();
        let mut vocabulary = Self::special();
        ensure!(
            vocabulary.tokens.len() + pieces.len() == SIZE,
            "the stories are too few to learn {SIZE} pieces: there are {}",
            vocabulary.tokens.len() + pieces.len()
        );
        for (rank, piece) in pieces.into_iter().enumerate() {
            vocabulary.push(piece, -(rank as f32), NORMAL);
        }
        Ok(vocabulary)
    }

    fn special() -> Self {
        let mut vocabulary = Self { tokens: Vec::new(), scores: Vec::new(), types: Vec::new() };
        vocabulary.push("<unk>".to_owned(), 0.0, UNKNOWN);
        vocabulary.push("<s>".to_owned(), 0.0, CONTROL);
        vocabulary.push("</s>".to_owned(), 0.0, CONTROL);
        for byte in 0..=u8::MAX {
            vocabulary.push(format!("<0x{byte:02X}>"), 0.0, BYTE);
        }
        vocabulary
    }

    fn push(&mut self, token: String, score: f32, kind: i32) {
        self.tokens.push(token);
        self.scores.push(score);
        self.types.push(kind);
    }

    pub fn tokenizer(&self) -> Result<Tokenizer> {
        tokenizer(&self.tokens, &self.scores, &self.types, BOS, EOS).map_err(|error| anyhow!(error))
    }
}

/// The parts of a text inside which pieces are learnt: each begins at a space or a mark.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for letter in std::iter::once(SPACE).chain(text.chars().map(|c| if c == ' ' { SPACE } else { c })) {
        let joins = letter != SPACE && (previous == SPACE || previous.is_alphanumeric() == letter.is_alphanumeric());
        match words.last_mut() {
            Some(word) if joins => word.push(letter),
            _ => words.push(letter.to_string()),
        }
        previous = letter;
    }
    words
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::{HashMap, HashSet};
    use std::sync::OnceLock;

    use super::*;
    use crate::dice::Dice;

    /// The vocabulary of a few stories, for tests.
    pub(crate) fn small() -> Vocabulary {
        static SMALL: OnceLock<Vocabulary> = OnceLock::new();
        SMALL.get_or_init(learnt).clone()
    }

    fn learnt() -> Vocabulary {
        Vocabulary::learn(1, 2000).expect("the stories are enough")
    }

    fn check_round_trip(tokenizer: &Tokenizer, text: &str) {
        let encoding = tokenizer.encode(text, true).expect("any text can be encoded");
        assert_eq!(encoding.get_ids()[0], BOS);
        let back = tokenizer.decode(encoding.get_ids(), true).expect("any ids can be decoded");
        assert_eq!(back, text);
    }

    #[test]
    fn the_vocabulary_has_its_parts_in_order() {
        let vocabulary = small();
        assert_eq!(vocabulary.tokens.len(), SIZE);
        assert_eq!(vocabulary.tokens[..4], ["<unk>", "<s>", "</s>", "<0x00>"]);
        assert_eq!(vocabulary.types[..4], [UNKNOWN, CONTROL, CONTROL, BYTE]);
        assert_eq!(vocabulary.tokens[258], "<0xFF>");
        assert_eq!(vocabulary.scores[259..], (0..SIZE - 259).map(|rank| -(rank as f32)).collect::<Vec<_>>());
        let entries: HashSet<_> = vocabulary.tokens.iter().collect();
        assert_eq!(entries.len(), SIZE);
        for letter in ('!'..='~').chain([SPACE]) {
            assert!(entries.contains(&letter.to_string()), "`{letter}` is missing");
        }
        let inner_space = |token: &&String| token.chars().skip(1).any(|letter| letter == SPACE);
        assert_eq!(vocabulary.tokens.iter().find(inner_space), None);
        assert_eq!(learnt(), vocabulary);
    }

    #[test]
    fn stories_survive_encoding() {
        let tokenizer = small().tokenizer().expect("the vocabulary is sound");
        for number in 0..500 {
            check_round_trip(&tokenizer, &story(21, number).text);
        }
    }

    #[test]
    fn any_text_survives_encoding() {
        let tokenizer = small().tokenizer().expect("the vocabulary is sound");
        for text in ["", " ", "  two  spaces ", "line\nbreak\ttab", "Müller ißt Käse", "日本語 😀", "a\u{0}b", "<0x0A>"]
        {
            check_round_trip(&tokenizer, text);
        }
        let mut dice = Dice::new(3, 0);
        for _ in 0..500 {
            let text: String = (0..dice.below(40))
                .map(|_| match dice.below(4) {
                    0 => char::from_u32(dice.below(0x11_0000) as u32).unwrap_or('\u{FFFD}'),
                    1 => ' ',
                    _ => char::from(32 + dice.below(95) as u8),
                })
                .filter(|&letter| letter != SPACE)
                .collect();
            check_round_trip(&tokenizer, &text);
        }
    }

    /// The rule itself: join the neighbours with the best score, the leftmost first.
    fn joined_one_by_one(scores: &HashMap<&str, f32>, text: &str) -> Vec<String> {
        let mut pieces: Vec<String> =
            format!("{SPACE}{}", text.replace(' ', &SPACE.to_string())).chars().map(String::from).collect();
        loop {
            let pairs = pieces.windows(2).enumerate();
            let scored = pairs.filter_map(|(at, pair)| Some((*scores.get(pair.concat().as_str())?, at)));
            let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Some((_, at)) = best else { return pieces };
            let right = pieces.remove(at + 1);
            pieces[at].push_str(&right);
        }
    }

    #[test]
    fn the_merges_follow_the_scores() {
        let vocabulary = small();
        let tokenizer = vocabulary.tokenizer().expect("the vocabulary is sound");
        let normal = (0..SIZE).filter(|&id| vocabulary.types[id] == NORMAL);
        let scores = normal.map(|id| (vocabulary.tokens[id].as_str(), vocabulary.scores[id])).collect();
        let mut dice = Dice::new(4, 0);
        let stories = (0..5).map(|number| story(22, number).text);
        let letters: Vec<char> = "aehlnorstw ".chars().collect();
        let noise: Vec<String> = (0..100).map(|_| (0..30).map(|_| *dice.pick(&letters)).collect()).collect();
        for text in stories.chain(noise) {
            let encoding = tokenizer.encode(text.as_str(), false).expect("any text can be encoded");
            assert_eq!(encoding.get_tokens(), joined_one_by_one(&scores, &text), "{text}");
        }
    }
}
