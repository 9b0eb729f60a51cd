//! Plots about things: lost, shared, broken, tidied away or given.

use super::{Heroes, Plot};

pub(super) const LOST: Plot = Plot {
    name: "lost",
    heroes: Heroes::Anyone,
    about_toy: true,
    outdoors: true,
    cases: &[],
    beats: &[
        &[
            "{One day}, {hero} took the {thing} {to}.",
            "{One day}, {he} went {to} with the {thing}.",
            "{One day}, {hero} played with the {thing} {in}.",
        ],
        &["", "The sky was blue.", "{He} ran and jumped and had a lot of fun."],
        &[
            "But then the {thing} was gone!",
            "Soon {he} was tired and sat down. Then {he} saw that the {thing} was gone.",
            "When {he} looked around, the {thing} was not there.",
        ],
        &[
            "\"Oh no! Where is my {thing}?\" said {hero}.",
            "{Hero} was very sad and began to cry.",
            "\"I lost my {thing}!\" cried {hero}.",
        ],
        &[
            "",
            "{He} looked {spot}, but the {thing} was not there.",
            "{He} looked {spot} and {other spot}, but {he} could not find it.",
        ],
        &["Then {a friend} came by.", "Just then, {a friend} came along.", "{A friend} saw {him} and came over."],
        &[
            "\"Why are you sad?\" asked {friend}. \"I can not find my {thing},\" said {hero}.",
            "\"Do not cry,\" said {friend}. \"I will help you find the {thing}.\"",
            "\"Let us look for the {thing} together,\" said {friend}.",
        ],
        &[
            "They looked and looked. At last, {friend} found the {toy} {hidden}!",
            "{Friend} looked {hidden}. There was the {toy}!",
            "Together they found the {toy} {hidden}.",
        ],
        &[
            "",
            "\"Thank you, my friend!\" said {hero}.",
            "{Hero} was so happy. {He} gave {friend} a big hug.",
            "\"You are a good friend,\" said {hero}.",
        ],
        &[
            "Then they played with the {thing} until the sun went down.",
            "From that day on, {hero} and {friend} were best friends.",
            "{Hero} went home with the {thing} and a big smile.",
            "After that day, {hero} always took good care of the {thing}.",
        ],
    ],
};

pub(super) const SHARE: Plot = Plot {
    name: "share",
    heroes: Heroes::Anyone,
    about_toy: true,
    outdoors: true,
    cases: &[],
    beats: &[
        &["{One day}, {hero} played with the {thing} {in}.", "{One day}, {hero} was {in} with the {thing}."],
        &["Then {a friend} came by.", "{A friend} came to play."],
        &[
            "\"What a nice {thing}! May I play with it?\" asked {friend}.",
            "\"Can I have the {thing} for a little while?\" asked {friend}.",
        ],
        &[
            "\"No! It is my {thing},\" said {hero}.",
            "But {hero} did not want to share. \"The {thing} is mine,\" {he} said.",
        ],
        &["{Friend} was sad and sat down {spot}.", "{Friend} looked sad and walked away."],
        &[
            "{Hero} played alone, but it was not fun.",
            "{Hero} felt bad. It was no fun to play alone.",
            "Now {hero} was all alone with the {thing}.",
        ],
        &[
            "Then {he} went to {friend} and said, \"I am sorry. Let us play together.\"",
            "\"I am sorry,\" {he} said to {friend}. \"You can play with my {thing} too.\"",
        ],
        &["{Friend} smiled. \"Thank you!\"", "\"Thank you, {dear hero}!\" said {friend}.", "{Friend} was very happy."],
        &["They took turns with the {thing} and laughed a lot.", "Together they had a lot of fun with the {thing}."],
        &[
            "{Hero} learned that it is good to share.",
            "Now {hero} knew that it is more fun to share.",
            "From that day on, they shared all their toys.",
        ],
    ],
};

pub(super) const BROKEN: Plot = Plot {
    name: "broken",
    heroes: Heroes::Children,
    about_toy: true,
    outdoors: false,
    cases: &[
        &[("glass", "cup")],
        &[("glass", "plate")],
        &[("glass", "lamp")],
        &[("glass", "window")],
        &[("glass", "pot")],
        &[("glass", "vase")],
        &[("glass", "mirror")],
        &[("glass", "clock")],
    ],
    beats: &[
        &[
            "{One day}, {hero} played with the {thing} in the house.",
            "{One day}, {he} ran around the house with the {thing}.",
        ],
        &[
            "The {thing} hit a {glass}, and the {glass} broke.",
            "Then the {thing} hit the {glass}. Crash! The {glass} broke.",
        ],
        &["{Hero} was afraid.", "\"Oh no!\" said {hero}.", "{Hero} did not know what to do."],
        &[
            "First {he} wanted to hide, but then {he} went to {his} {parent}.",
            "{He} thought for a while. Then {he} went to {his} {parent}.",
        ],
        &[
            "\"I broke the {glass},\" {he} said. \"I am very sorry.\"",
            "\"I am sorry,\" said {hero}. \"I broke the {glass} with my {thing}.\"",
        ],
        &[
            "{His} {parent} was not angry. \"Thank you for telling me the truth,\" {she} said.",
            "\"I am glad that you told me the truth,\" said {his} {parent}.",
        ],
        &["Together they cleaned the floor and got a new {glass}.", "Then they cleaned the floor together."],
        &["", "\"Next time, play outside,\" said {his} {parent}. \"I will,\" said {hero}."],
        &[
            "After that, {hero} only played with the {thing} {in}.",
            "{Hero} learned that it is good to tell the truth.",
            "{Hero} felt much better and gave {his} {parent} a hug.",
        ],
    ],
};

pub(super) const TIDY: Plot = Plot {
    name: "tidy",
    heroes: Heroes::Children,
    about_toy: true,
    outdoors: false,
    cases: &[
        &[("mess", "books"), ("where", "on the shelf")],
        &[("mess", "blocks"), ("where", "in the box")],
        &[("mess", "socks"), ("where", "in the drawer")],
        &[("mess", "crayons"), ("where", "on the desk")],
        &[("mess", "pillows"), ("where", "on the bed")],
    ],
    beats: &[
        &["But {his} room was full of {mess}.", "There were {mess} all over {his} room."],
        &[
            "{One day}, {hero} wanted to play with the {thing}, but {he} could not find it.",
            "{One day}, the {thing} was missing.",
        ],
        &["\"Where is my {thing}?\" {he} asked.", "\"I can not find my {thing}!\" said {hero}."],
        &[
            "\"You have to clean your room,\" said {his} {parent}.",
            "{His} {parent} came in. \"What a mess!\" {she} said.",
        ],
        &["\"That is too much work,\" said {hero}.", "{Hero} did not want to clean.", ""],
        &[
            "\"I will help you,\" {she} said. \"We can sing a song.\"",
            "\"Let us make it a game,\" said {his} {parent}.",
        ],
        &["So they put the {mess} {where}.", "One by one, {hero} put the {mess} {where}."],
        &["And there, under the {mess}, was the {toy}!", "Then {hero} saw something {color}. It was the {thing}!"],
        &["\"Hooray, here it is!\" said {hero}.", "{Hero} was so glad to see the {thing} again."],
        &["Now the room was clean and nice.", "\"Good work!\" said {his} {parent}."],
        &[
            "From that day on, {hero} cleaned {his} room every week.",
            "After that, {hero} always put the {thing} {where}, too.",
            "Then {he} played with the {thing} until dinner.",
        ],
    ],
};

pub(super) const PRESENT: Plot = Plot {
    name: "present",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: false,
    cases: &[
        &[
            ("gift", "cake"),
            ("make", "bake a cake"),
            ("mishap", "the cake fell on the floor"),
            ("again", "Together they made a new cake"),
        ],
        &[
            ("gift", "picture"),
            ("make", "paint a picture"),
            ("mishap", "the wind took the picture away"),
            ("again", "They ran after the picture and got it back"),
        ],
        &[
            ("gift", "hat"),
            ("make", "make a hat"),
            ("mishap", "the hat was too small"),
            ("again", "Together they made the hat bigger"),
        ],
        &[
            ("gift", "basket"),
            ("make", "fill a basket with flowers"),
            ("mishap", "a goat ate all the flowers"),
            ("again", "Together they picked new flowers"),
        ],
        &[
            ("gift", "song"),
            ("make", "write a song"),
            ("mishap", "the end of the song was missing"),
            ("again", "Together they made a nice end"),
        ],
        &[
            ("gift", "scarf"),
            ("make", "knit a scarf"),
            ("mishap", "there was no more wool"),
            ("again", "Together they got some soft wool from a sheep"),
        ],
        &[
            ("gift", "necklace"),
            ("make", "make a necklace of shells"),
            ("mishap", "the string broke"),
            ("again", "Together they picked up all the shells"),
        ],
    ],
    beats: &[
        &[
            "{One day}, it was the birthday of {his} {parent}.",
            "{One day}, {he} heard that {his} {parent} had a birthday.",
        ],
        &["{Hero} wanted to {make} for {her}.", "\"I will {make} for {her},\" said {hero}."],
        &["{He} worked all morning.", "{He} began at once.", ""],
        &["But then {mishap}!", "But {mishap}. \"Oh no!\" said {hero}."],
        &["", "{Hero} was very sad.", "{Hero} sat down and cried.", "\"Now I have no present,\" {he} said."],
        &["Then {a friend} came by.", "{A friend} heard {him} and came over."],
        &["\"I will help you,\" said {friend}.", "\"Do not be sad,\" said {friend}. \"We can do it together.\""],
        &["{again}.", "{again}, and it was even better."],
        &[
            "In the evening, {hero} gave the {gift} to {his} {parent}.",
            "Then {hero} ran home with the {gift}. \"Happy birthday!\" {he} said.",
        ],
        &[
            "\"What a nice {gift}! Thank you,\" said {his} {parent}.",
            "{His} {parent} was so happy. \"This is the best {gift} of all,\" {she} said.",
        ],
        &[
            "{Hero} smiled all day.",
            "Then they all ate {food} together.",
            "{Hero}, {friend} and {his} {parent} had a great day.",
        ],
    ],
};
