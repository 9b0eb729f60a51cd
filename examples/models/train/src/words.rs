//! The words that the stories are made of.
//!
//! The tables are small on purpose: a vocabulary of 1,024 pieces has to spell them, and a model of
//! under two million parameters has to learn how they are used. Nothing here chooses anything;
//! `stories` draws from these tables and `plots` says what happens.

/// Given names that are common in the stories; about five stories in six use one of them.
pub const GIRLS: &[&str] =
    &["Lily", "Anna", "Mia", "Sara", "Emma", "Lucy", "Ella", "Rosa", "Amy", "Nora", "Kate", "Zoe"];
pub const BOYS: &[&str] = &["Tom", "Ben", "Max", "Sam", "Tim", "Leo", "Jack", "Noah", "Finn", "Oscar", "Paul", "Hugo"];

/// Rarer names: they are spelled with several pieces, so the model has to learn to copy.
pub const RARE_GIRLS: &[&str] = &[
    "Alice", "Clara", "Greta", "Hanna", "Ines", "Julia", "Lena", "Maria", "Olga", "Paula", "Ruby", "Sofia", "Tilda",
    "Vera", "Wendy", "Yara", "Ida", "Jane", "Mary", "Grace",
];
pub const RARE_BOYS: &[&str] = &[
    "Adam", "Bruno", "Carl", "David", "Erik", "Felix", "George", "Henry", "Ivan", "Jonas", "Karl", "Lukas", "Martin",
    "Otto", "Peter", "Robin", "Simon", "Theo", "Victor", "John",
];

/// Syllables of invented names.
pub const FIRST_SYLLABLES: &[&str] = &["Ba", "Do", "Ki", "Lu", "Me", "No", "Pa", "Ri", "Su", "Ta"];
pub const LAST_SYLLABLES: &[&str] = &["bo", "di", "ko", "la", "mi", "na", "po", "ru", "ta", "vi"];

/// Names that people give to animals.
pub const PET_NAMES: &[&str] = &["Coco", "Pip", "Luna", "Toby", "Daisy", "Momo", "Rex", "Bella", "Teddy", "Nino"];

/// An animal that can be the hero of a story, and where it lives.
pub struct Animal {
    pub kind: &'static str,
    pub homes: &'static [&'static str],
}

pub const ANIMALS: &[Animal] = &[
    Animal { kind: "cat", homes: &["in a warm house", "on a farm", "in a small village"] },
    Animal { kind: "dog", homes: &["on a farm", "in a small village", "in a little house"] },
    Animal { kind: "mouse", homes: &["under a big tree", "in a little house", "on a farm"] },
    Animal { kind: "rabbit", homes: &["near the forest", "under a big tree", "in the garden"] },
    Animal { kind: "fox", homes: &["in the forest", "near the river", "in a cave"] },
    Animal { kind: "bear", homes: &["in the forest", "in a cave", "near the river"] },
    Animal { kind: "frog", homes: &["near the pond", "by the river", "in the garden"] },
    Animal { kind: "duck", homes: &["near the pond", "on a farm", "by the river"] },
    Animal { kind: "bird", homes: &["in a tall tree", "in the forest", "in the garden"] },
    Animal { kind: "turtle", homes: &["by the river", "near the pond", "near the sea"] },
    Animal { kind: "pig", homes: &["on a farm", "near the forest"] },
    Animal { kind: "lion", homes: &["in a cave", "near the river"] },
];

pub const LOOKS: &[&str] = &["little", "little", "little", "small", "young", "brown", "white", "gray"];

/// Animals that come along as a friend.
pub const FRIENDLY_ANIMALS: &[&str] = &["duck", "dog", "cat", "rabbit", "frog", "goat", "horse", "bird"];

pub const COLORS: &[&str] = &["red", "blue", "green", "yellow", "white", "pink", "brown"];
pub const TOYS: &[&str] =
    &["ball", "kite", "car", "boat", "doll", "drum", "train", "balloon", "bucket", "robot", "teddy", "truck"];

/// A place to go to, with the words for being there and for where a thing may lie.
pub struct Place {
    pub to: &'static str,
    pub inside: &'static str,
    pub spots: &'static [&'static str],
}

pub const PLACES: &[Place] = &[
    Place {
        to: "to the park",
        inside: "in the park",
        spots: &["under the bench", "behind a big tree", "near the swing", "in the tall grass"],
    },
    Place {
        to: "to the garden",
        inside: "in the garden",
        spots: &["under the bush", "behind the wall", "near the roses", "under the apple tree"],
    },
    Place {
        to: "to the forest",
        inside: "in the forest",
        spots: &["under the leaves", "behind a big tree", "near a rock", "in the tall grass"],
    },
    Place {
        to: "to the beach",
        inside: "at the beach",
        spots: &["in the sand", "behind a rock", "near the water", "under a shell"],
    },
    Place {
        to: "to the river",
        inside: "by the river",
        spots: &["behind a rock", "under the bridge", "in the tall grass", "near the water"],
    },
    Place {
        to: "to the farm",
        inside: "on the farm",
        spots: &["behind the barn", "under the hay", "near the fence", "in the tall grass"],
    },
    Place {
        to: "to the hill",
        inside: "on the hill",
        spots: &["behind a rock", "under the bush", "in the tall grass", "near a big tree"],
    },
    Place {
        to: "to the market",
        inside: "at the market",
        spots: &["under a table", "behind a box", "near the apples", "in a basket"],
    },
];

/// A day, as "It was a ... day." says it.
pub const WEATHER: &[&str] = &["sunny", "warm", "windy", "bright", "cold", "cloudy"];

pub const FOODS: &[&str] = &["cake", "bread", "soup", "cookies", "apples", "milk", "honey", "cheese"];

/// What a child is like, before "girl" or "boy".
pub const TRAITS: &[&str] = &["little", "little", "kind", "happy", "brave", "funny", "clever"];

/// Where children live.
pub const CHILD_HOMES: &[&str] =
    &["in a small village", "in a little house", "in a big city", "on a farm", "near the forest", "near the sea"];
