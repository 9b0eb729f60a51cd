//! The part of a history that most values do not have, so that it is shared and left out
//! where there is none.

use std::sync::Arc;

use super::absent::Absent;
use super::cache_layers::CacheLayers;
use super::caches::Maker;
use super::history::{Division, Prompt, Vocabulary, same};
use super::known::{Known, translated};
use super::passing::Translation;
use crate::source::Span;

/// The part of a history that most values do not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rare {
    /// The call of the present function that has turned it without a position.
    pub(super) from_0: Option<Span>,
    /// The division of Integers that it comes from and that may have dropped a
    /// fraction.
    pub(super) division: Option<Arc<Division>>,
    /// What is known of a text as a prompt.
    pub(super) prompt: Option<Prompt>,
    /// The vocabulary of a tokenizer, or of ids.
    pub(super) vocabulary: Option<Vocabulary>,
    /// What holds for every entry of a list of tensors.
    pub(super) entry: Option<Arc<Known>>,
    /// A text of which all is known but the numbers in it, each written `*`.
    pub(super) pattern: Option<Arc<str>>,
    /// The call that made a cache.
    pub(super) maker: Option<Maker>,
    /// How many layers a cache has.
    pub(super) layers: Option<Arc<CacheLayers>>,
    /// Where in which model it stands whose file is not at hand.
    pub(super) absent: Option<Arc<Absent>>,
}

impl Rare {
    pub(super) const NONE: Rare = Rare {
        from_0: None,
        division: None,
        prompt: None,
        vocabulary: None,
        entry: None,
        pattern: None,
        maker: None,
        layers: None,
        absent: None,
    };
}

impl Rare {
    /// What both share.
    pub(super) fn join(&self, other: &Rare) -> Rare {
        Rare {
            from_0: same(&self.from_0, &other.from_0),
            division: same(&self.division, &other.division),
            prompt: self.prompt.zip(other.prompt).and_then(|(a, b)| a.or(b)),
            // Ids that no tokenizer gave fit any, so they are still those of the other one.
            vocabulary: match (self.vocabulary, other.vocabulary) {
                (Some(a), Some(b)) => Some(a).filter(|_| a == b),
                (a, b) => a.or(b),
            },
            pattern: same(&self.pattern, &other.pattern),
            maker: same(&self.maker, &other.maker),
            layers: same(&self.layers, &other.layers),
            absent: same(&self.absent, &other.absent),
            entry: self.entry.as_ref().zip(other.entry.as_ref()).map(|(a, b)| Arc::new(a.join(b))),
        }
    }

    /// The same with its symbols and places as they are somewhere else.
    pub(super) fn translated(&self, with: &mut dyn Translation) -> Rare {
        let division = self.division.as_ref().map(|division| {
            let Division { span, left, right } = &**division;
            let [left, right] = [left, right].map(|fact| translated(fact, with));
            Arc::new(Division { span: with.place(*span), left, right })
        });
        let prompt = self.prompt.map(|prompt| Prompt { place: prompt.place.map(|place| with.place(place)), ..prompt });
        Rare {
            division,
            prompt,
            vocabulary: self.vocabulary.map(|of| Vocabulary { span: with.place(of.span), ..of }),
            layers: self.layers.as_ref().map(|of| Arc::new(CacheLayers { made: with.place(of.made), ..**of })),
            absent: self.absent.as_ref().map(|absent| Arc::new((**absent).clone().translated(with))),
            entry: self.entry.as_ref().map(|entry| Arc::new((**entry).clone().translated(with))),
            ..self.clone()
        }
    }
}
