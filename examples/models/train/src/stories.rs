//! Writes small stories in simple English.
//!
//! A story has one character, at most one friend and one plot: an opening, a small problem, how it
//! is solved, an end. Everything drawn for a story is kept as named slots, so that names, things
//! and pronouns agree from the first sentence to the last. The same seed and number always give
//! the same story. The sentences are in `plots`, the words in `words`.

use std::collections::BTreeMap;

use crate::dice::Dice;
use crate::plots::{Heroes, PLOTS, Plot};
use crate::words;

pub struct Story {
    pub text: String,
    /// How the text calls its character: `Lily`, or `the little cat`.
    pub hero: String,
    /// How the text calls the friend, who need not appear.
    pub friend: String,
    pub plot: &'static str,
}

/// The story with this number among the stories of a seed.
pub fn story(seed: u64, number: u64) -> Story {
    write_story(&mut Dice::new(seed, number))
}

/// One story, of 40 to 96 words, drawn from the dice.
pub fn write_story(dice: &mut Dice) -> Story {
    let plot = dice.pick(PLOTS);
    loop {
        let mut scene = Scene::new(plot, dice);
        let text = scene.tell(plot, dice);
        if (40..=96).contains(&text.split(' ').count()) {
            let Scene { slots, .. } = scene;
            return Story { text, hero: slots["hero"].clone(), friend: slots["friend"].clone(), plot: plot.name };
        }
    }
}

const TOY_INTRODUCTIONS: &[&str] = &[
    "{He} had a {toy}.",
    "{He} had a {toy} and loved it very much.",
    "{Hero} loved {his} {toy} very much.",
    "{His} best toy was a {toy}.",
];

const CHILD_OPENINGS: &[&str] = &[
    "Once upon a time, there was a little {kind} named {hero}.",
    "Once upon a time, there was a {trait} {kind} named {hero}.",
    "Once upon a time, there was a little {kind} named {hero} who lived {home}.",
    "Once there was a {trait} {kind} called {hero}.",
    "There was a little {kind} named {hero}.",
    "There was once a {trait} {kind} named {hero}.",
    "In a small village, there lived a {trait} {kind} named {hero}.",
    "In a little house near the forest, there lived a {kind} named {hero}.",
    "{Hero} was a {trait} {kind}.",
    "{Hero} was a little {kind} who lived {home}.",
    "Long ago, there lived a {trait} {kind} named {hero}.",
    "This is a story about a {kind} named {hero}.",
];

const NAMED_ANIMAL_OPENINGS: &[&str] = &[
    "Once upon a time, there was a {look} {kind} named {hero}. {He} lived {home}.",
    "Once upon a time, a {look} {kind} named {hero} lived {home}.",
    "There was a {look} {kind} named {hero} who lived {home}.",
    "{Hero} was a {look} {kind}. {He} lived {home}.",
    "{Home}, there lived a {look} {kind} named {hero}.",
    "This is a story about a {kind} named {hero}. {He} lived {home}.",
];

const ANIMAL_OPENINGS: &[&str] = &[
    "Once upon a time, there was a {look} {kind}. {He} lived {home}.",
    "Once upon a time, a {look} {kind} lived {home}.",
    "There was a {look} {kind} who lived {home}.",
    "There was once a {look} {kind}. {He} lived {home}.",
    "A {look} {kind} lived {home}.",
    "The {look} {kind} lived {home}.",
    "{Home}, there lived a {look} {kind}.",
];

/// Openings that already say that it is one day; `{one day}` is then told differently.
const DAY_OPENINGS: &[&str] = &["One day, {someone} woke up early.", "One morning, {someone} sat down to think."];
const WEATHER_OPENINGS: &[&str] = &[
    "It was a {weather} day, and {someone} was happy.",
    "One {weather} morning, {someone} went outside.",
    "One {weather} day, {someone} wanted to have fun.",
];

/// Everything that stays the same in one story.
struct Scene {
    slots: BTreeMap<&'static str, String>,
    opening: String,
}

impl Scene {
    fn new(plot: &Plot, dice: &mut Dice) -> Self {
        let mut scene = Self { slots: BTreeMap::new(), opening: String::new() };
        let child = match plot.heroes {
            Heroes::Children => true,
            Heroes::Animals => false,
            Heroes::Anyone => dice.chance(60),
        };
        let female = dice.chance(50);
        let [he, him, his] = pronouns(female);
        scene.set("he", he);
        scene.set("him", him);
        scene.set("his", his);
        let openings = if child { scene.cast_child(female, dice) } else { scene.cast_animal(dice) };
        scene.cast_others(child, dice);
        scene.choose_things(plot, dice);
        scene.choose_opening(plot, openings, dice);
        scene
    }

    fn set(&mut self, slot: &'static str, words: impl Into<String>) {
        self.slots.insert(slot, words.into());
    }

    fn cast_child(&mut self, female: bool, dice: &mut Dice) -> &'static [&'static str] {
        let name = child_name(female, dice);
        let kind = if female { "girl" } else { "boy" };
        self.set("someone", format!("a little {kind} named {name}"));
        self.set("dear hero", name.clone());
        self.set("hero", name);
        self.set("kind", kind);
        self.set("trait", *dice.pick(words::TRAITS));
        self.set("home", *dice.pick(words::CHILD_HOMES));
        CHILD_OPENINGS
    }

    fn cast_animal(&mut self, dice: &mut Dice) -> &'static [&'static str] {
        let animal = dice.pick(words::ANIMALS);
        let look = *dice.pick(words::LOOKS);
        self.set("kind", animal.kind);
        self.set("look", look);
        self.set("home", *dice.pick(animal.homes));
        if dice.chance(40) {
            let name = *dice.pick(words::PET_NAMES);
            self.set("someone", format!("a {look} {} named {name}", animal.kind));
            self.set("dear hero", name);
            self.set("hero", name);
            NAMED_ANIMAL_OPENINGS
        } else {
            self.set("someone", format!("a {look} {}", animal.kind));
            self.set("dear hero", format!("{look} {}", animal.kind));
            self.set("hero", format!("the {look} {}", animal.kind));
            ANIMAL_OPENINGS
        }
    }

    fn cast_others(&mut self, child: bool, dice: &mut Dice) {
        if child && dice.chance(60) {
            let friend = loop {
                let girl = dice.chance(50);
                let name = child_name(girl, dice);
                if name != self.slots["hero"] {
                    break name;
                }
            };
            self.set("a friend", format!("{{his}} friend {friend}"));
            self.set("friend", friend);
        } else {
            let kind = loop {
                let kind = *dice.pick(words::FRIENDLY_ANIMALS);
                if kind != self.slots["kind"] {
                    break kind;
                }
            };
            self.set("a friend", format!("a friendly {kind}"));
            self.set("friend", format!("the {kind}"));
        }
        let parents: [(&str, bool); 4] = if child {
            [("mom", true), ("dad", false), ("grandma", true), ("grandpa", false)]
        } else {
            [("mother", true), ("father", false), ("mother", true), ("father", false)]
        };
        let (parent, female) = *dice.pick(&parents);
        let [she, her, _] = pronouns(female);
        self.set("parent", parent);
        self.set("she", she);
        self.set("her", her);
    }

    fn choose_things(&mut self, plot: &Plot, dice: &mut Dice) {
        let (color, thing) = (*dice.pick(words::COLORS), *dice.pick(words::TOYS));
        self.set("color", color);
        self.set("thing", thing);
        self.set("toy", format!("{color} {thing}"));
        let place = dice.pick(words::PLACES);
        self.set("to", place.to);
        self.set("in", place.inside);
        let first = dice.below(place.spots.len());
        for (step, slot) in ["spot", "other spot", "hidden"].into_iter().enumerate() {
            self.set(slot, place.spots[(first + step) % place.spots.len()]);
        }
        self.set("weather", *dice.pick(words::WEATHER));
        self.set("food", *dice.pick(words::FOODS));
        if !plot.cases.is_empty() {
            let hero = self.slots["kind"].clone();
            let case = loop {
                let case = *dice.pick(plot.cases);
                if case.iter().all(|(_, words)| *words != hero) {
                    break case;
                }
            };
            for (slot, words) in case {
                self.set(slot, *words);
            }
        }
    }

    fn choose_opening(&mut self, plot: &Plot, usual: &'static [&'static str], dice: &mut Dice) {
        let by_day = dice.chance(25);
        let opening = match (by_day, plot.outdoors) {
            (true, true) if dice.chance(60) => *dice.pick(WEATHER_OPENINGS),
            (true, _) => *dice.pick(DAY_OPENINGS),
            (false, _) => *dice.pick(usual),
        };
        self.opening = opening.to_owned();
        if by_day {
            self.set("one day", *dice.pick(&["that day", "that afternoon", "that same day"]));
            self.set("one night", *dice.pick(&["that night", "that evening"]));
        } else {
            self.set("one day", *dice.pick(&["one day", "one day", "one day", "one morning", "one afternoon"]));
            self.set("one night", *dice.pick(&["one night", "one evening"]));
        }
        if plot.about_toy {
            let toy = if !by_day && dice.chance(25) {
                self.opening.clear();
                "{Hero} had a {toy}. {He} loved it very much."
            } else {
                *dice.pick(TOY_INTRODUCTIONS)
            };
            if !self.opening.is_empty() {
                self.opening.push(' ');
            }
            self.opening.push_str(toy);
        }
    }

    fn tell(&mut self, plot: &Plot, dice: &mut Dice) -> String {
        let mut text = self.fill(&self.opening);
        for beat in plot.beats {
            let sentence = self.fill(dice.pick::<&str>(beat));
            if !sentence.is_empty() {
                text.push(' ');
                text.push_str(&sentence);
            }
        }
        text
    }

    /// Replaces the slots of a sentence, and the slots in what they stand for.
    ///
    /// A slot that is written with a capital gets its first letter in upper case.
    fn fill(&self, sentence: &str) -> String {
        let Some((before, rest)) = sentence.split_once('{') else {
            return sentence.to_owned();
        };
        let (slot, after) = rest.split_once('}').expect("a slot in the tables is closed");
        let lower = slot.to_lowercase();
        let words = self.slots.get(lower.as_str());
        let words = self.fill(words.unwrap_or_else(|| panic!("the slot `{slot}` of the tables exists")));
        let words = if lower == slot { words } else { capitalised(&words) };
        format!("{before}{words}{}", self.fill(after))
    }
}

fn pronouns(female: bool) -> [&'static str; 3] {
    if female { ["she", "her", "her"] } else { ["he", "him", "his"] }
}

fn child_name(female: bool, dice: &mut Dice) -> String {
    match dice.below(100) {
        0..6 => format!("{}{}", dice.pick(words::FIRST_SYLLABLES), dice.pick(words::LAST_SYLLABLES)),
        6..18 => (*dice.pick(if female { words::RARE_GIRLS } else { words::RARE_BOYS })).to_owned(),
        _ => (*dice.pick(if female { words::GIRLS } else { words::BOYS })).to_owned(),
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_always_gives_the_same_story() {
        for number in 0..200 {
            assert_eq!(story(7, number).text, story(7, number).text);
        }
        let first = "Once upon a time, there was a little girl named";
        assert!((0..100).any(|number| story(7, number).text.starts_with(first)));
        assert_ne!(story(7, 0).text, story(8, 0).text);
    }

    #[test]
    fn every_story_keeps_its_characters() {
        let children = [words::GIRLS, words::BOYS, words::RARE_GIRLS, words::RARE_BOYS].concat();
        for number in 0..3000 {
            let Story { text, hero, friend, .. } = story(11, number);
            let bare = text.replace(|mark: char| !mark.is_alphanumeric(), " ");
            let named = bare.split_whitespace().filter(|word| children.contains(word));
            for name in named {
                assert!(name == hero || name == friend, "{name} should not be in: {text}");
            }
            // An animal without a name comes in as `a little cat`.
            let called = text.matches(hero.trim_start_matches("the ")).count();
            assert!(called >= 2, "{hero} is named {called} times in: {text}");
        }
    }

    #[test]
    fn pronouns_agree_with_the_kind_of_the_character() {
        for number in 0..3000 {
            let Story { text, hero, .. } = story(12, number);
            let other = if text.contains(&format!("girl named {hero}")) {
                "He"
            } else if text.contains(&format!("boy named {hero}")) {
                "She"
            } else {
                continue;
            };
            let begins = text.starts_with(&format!("{other} ")) || text.contains(&format!(". {other} "));
            assert!(!begins || text.contains("big dog"), "`{other}` is about {hero} in: {text}");
        }
    }

    #[test]
    fn every_story_is_whole() {
        let mut plots = std::collections::BTreeSet::new();
        for number in 0..3000 {
            let Story { text, plot, .. } = story(13, number);
            plots.insert(plot);
            assert!(text.ends_with(['.', '!', '?', '"']), "{text}");
            assert!(text.starts_with(char::is_uppercase), "{text}");
            assert!(!text.contains(['{', '}']) && !text.contains("  "), "{text}");
            assert_eq!(text.matches('"').count() % 2, 0, "{text}");
            let words = text.split(' ').count();
            assert!((40..=96).contains(&words), "{words} words: {text}");
        }
        assert_eq!(plots.len(), PLOTS.len());
    }
}
