//! What a person has chosen about kinds of problems: how severe each is, or that
//! nothing is to be heard of it.

use std::collections::HashMap;

use super::{Code, Severity, did_you_mean};

/// Choices by code; what nobody chose is as the problem itself says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    /// `None` is off.
    chosen: HashMap<Code, Option<Severity>>,
}

impl Severities {
    /// The words that may be chosen, for messages.
    pub const WORDS: &str = "`error`, `warning`, `hint` or `off`";

    /// What a word chooses; `None` for other words.
    pub fn choice(word: &str) -> Option<Option<Severity>> {
        Some(match word {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "hint" => Some(Severity::Hint),
            "off" => None,
            _ => return None,
        })
    }

    /// The code that is spelled so, or the one that was probably meant.
    pub fn code(name: &str) -> Result<Code, Option<&'static str>> {
        Code::from_name(name).ok_or_else(|| did_you_mean(name, Code::ALL.iter().map(|code| code.name())))
    }

    /// Takes a choice.
    pub fn choose(&mut self, code: Code, severity: Option<Severity>) {
        self.chosen.insert(code, severity);
    }

    /// These choices, and those of `others` where there is none.
    pub fn or(mut self, others: &Severities) -> Severities {
        for (code, severity) in &others.chosen {
            self.chosen.entry(*code).or_insert(*severity);
        }
        self
    }

    /// How severe a problem is that is `own` by itself; `None` if nothing is to be
    /// heard of it.
    pub fn of(&self, code: Code, own: Severity) -> Option<Severity> {
        self.chosen.get(&code).copied().unwrap_or(Some(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_choice_wins() {
        let mut near = Severities::default();
        near.choose(Code::LostUpdate, None);
        let mut far = Severities::default();
        far.choose(Code::LostUpdate, Some(Severity::Error));
        far.choose(Code::DtypeMix, Some(Severity::Warning));
        let both = near.or(&far);
        assert_eq!(both.of(Code::LostUpdate, Severity::Warning), None);
        assert_eq!(both.of(Code::DtypeMix, Severity::Hint), Some(Severity::Warning));
        assert_eq!(both.of(Code::NoEffect, Severity::Warning), Some(Severity::Warning));
    }

    #[test]
    fn codes_are_looked_for_by_their_spelling() {
        assert_eq!(Severities::code("lost-update"), Ok(Code::LostUpdate));
        assert_eq!(Severities::code("lost-updat"), Err(Some("lost-update")));
        assert_eq!(Severities::code("nonsense"), Err(None));
    }
}
