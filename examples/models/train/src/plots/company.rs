//! Plots about being together: playing, eating, searching, finding a friend.

use super::{Heroes, Plot};

pub(super) const HIDING: Plot = Plot {
    name: "hiding",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: true,
    cases: &[
        &[("sign", "sneezed"), ("sound", "Achoo!")],
        &[("sign", "laughed"), ("sound", "Ha ha!")],
        &[("sign", "stepped on a stick"), ("sound", "Crack!")],
        &[("sign", "began to sing"), ("sound", "La la la!")],
    ],
    beats: &[
        &["{One day}, {hero} met {a friend} {in}.", "{One day}, {a friend} came to play {in}."],
        &[
            "\"Let us play hide and seek,\" said {friend}.",
            "\"I want to play hide and seek!\" said {hero}. \"Me too,\" said {friend}.",
        ],
        &["{Hero} counted to ten. \"I am coming!\" {he} said.", "{Hero} closed {his} eyes and counted to ten."],
        &["{He} looked {spot}, but {friend} was not there.", "{He} looked {spot}. No one was there."],
        &["Then {he} looked {other spot}, but there was only a snail.", "{He} looked {other spot} too.", ""],
        &["\"Where are you?\" called {hero}.", "{Hero} began to worry. \"Where can {friend} be?\""],
        &["Then {friend} {sign}. \"{sound}\"", "\"{sound}\" It was {friend}, who {sign}."],
        &["{Hero} ran and found {friend} {hidden}!", "{Hero} looked {hidden}. There was {friend}!"],
        &["\"I found you!\" said {hero}.", "They both laughed and laughed."],
        &["\"Now it is my turn to hide,\" said {hero}.", "\"You are so good at this game,\" said {friend}."],
        &[
            "They played until it was time for dinner.",
            "It was a lot of fun.",
            "They played hide and seek all day long.",
        ],
    ],
};

pub(super) const PICNIC: Plot = Plot {
    name: "picnic",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: false,
    cases: &[
        &[("thief", "squirrel"), ("excuse", "I was so hungry")],
        &[("thief", "raven"), ("excuse", "My babies need food")],
        &[("thief", "hedgehog"), ("excuse", "It smelled so good")],
        &[("thief", "sheep"), ("excuse", "I thought that it was for me")],
    ],
    beats: &[
        &[
            "{One day}, {hero} and {his} {parent} had a picnic {in}.",
            "{One day}, {hero} went {to} for a picnic with {his} {parent}.",
        ],
        &["They had a basket full of {food}.", "{Hero} carried a big basket with {food}."],
        &["First they played for a while.", "{Hero} ran to look at the flowers.", ""],
        &["When {he} came back, the basket was empty!", "But when they opened the basket, there was no {food}!"],
        &["\"Who took our {food}?\" asked {hero}.", "\"Our {food} is gone!\" cried {hero}.", "{Hero} was very angry."],
        &["Then {he} saw a small trail. It went {spot}.", "{He} heard a small sound {spot}."],
        &["There sat a {thief} with the {food}.", "A {thief} was there and ate the {food}."],
        &[
            "\"I am sorry,\" said the {thief}. \"{excuse}.\"",
            "\"Please do not be angry,\" said the {thief}. \"{excuse}.\"",
        ],
        &["{Hero} was not angry any more.", "{Hero} thought about it and smiled."],
        &["\"Next time, just ask,\" {he} said. \"We can share.\"", "\"Come and eat with us,\" said {hero}."],
        &["So they all ate together.", "They sat down in the sun and ate what was left."],
        &[
            "It was the best picnic of all.",
            "From that day on, the {thief} always said please.",
            "After that, {hero} had a new friend.",
        ],
    ],
};

pub(super) const NEW_FRIEND: Plot = Plot {
    name: "new friend",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: true,
    cases: &[
        &[("stranger", "hedgehog"), ("trick", "roll like a ball"), ("game", "roll down the hill")],
        &[("stranger", "squirrel"), ("trick", "jump from tree to tree"), ("game", "look for nuts")],
        &[("stranger", "lamb"), ("trick", "jump very high"), ("game", "run in the grass")],
        &[("stranger", "parrot"), ("trick", "say every word"), ("game", "sing funny songs")],
        &[("stranger", "crab"), ("trick", "walk to the side"), ("game", "build a castle")],
        &[("stranger", "pony"), ("trick", "run like the wind"), ("game", "run in a circle")],
    ],
    beats: &[
        &["{He} had no one to play with.", "{He} wanted to have a friend.", "But {he} was often alone."],
        &["{One day}, {hero} met a {stranger} {in}.", "{One day}, {he} went {to} and saw a {stranger} {spot}."],
        &["The {stranger} was shy and hid {other spot}.", "The {stranger} looked at {him} but said nothing."],
        &["\"Hello! Who are you?\" said {hero}.", "\"Do not be shy,\" said {hero}. \"I want to be your friend.\""],
        &[
            "\"I am new here,\" said the {stranger}. \"I do not know anyone.\"",
            "\"I am all alone too,\" said the {stranger}.",
        ],
        &[
            "\"What can you do?\" asked {hero}. \"I can {trick},\" said the {stranger}.",
            "\"Look, I can {trick}!\" said the {stranger}.",
        ],
        &["\"That is great! Can you show me?\" asked {hero}.", "{Hero} clapped. \"That is so funny!\" {he} said."],
        &["Then they began to {game} together.", "All afternoon, they liked to {game}."],
        &["{Hero} gave the {stranger} some {food}.", "They shared some {food} and talked for a long time.", ""],
        &[
            "\"Will you come again?\" asked {hero}. \"Yes, I will,\" said the {stranger}.",
            "\"You are my best friend,\" said the {stranger}.",
        ],
        &[
            "From then on, {hero} was never alone.",
            "Now {hero} and the {stranger} play together every day.",
            "{Hero} went home and told {his} {parent} all about it.",
        ],
    ],
};

pub(super) const HUNGRY: Plot = Plot {
    name: "hungry",
    heroes: Heroes::Animals,
    about_toy: false,
    outdoors: true,
    cases: &[
        &[("meal", "berries"), ("keeper", "berries grow near the old mill")],
        &[("meal", "nuts"), ("keeper", "nuts lie under the oak")],
        &[("meal", "corn"), ("keeper", "corn grows behind the fence")],
        &[("meal", "pears"), ("keeper", "pears hang on the tree by the road")],
        &[("meal", "plums"), ("keeper", "plums fall from the tree at night")],
    ],
    beats: &[
        &["{One day}, {hero} was very hungry.", "{One day}, there was nothing to eat at home."],
        &["{He} looked for {meal} {in}, but {he} found none.", "{He} went {to} to look for {meal}."],
        &["{He} looked {spot} and {other spot}. There was nothing.", "But the {meal} were all gone.", ""],
        &["\"I am so hungry,\" said {hero}.", "{Hero} was tired and sad."],
        &[
            "Then {he} met {a friend}, who was hungry too.",
            "Then {a friend} came by. \"I am hungry too,\" said {friend}.",
        ],
        &["\"I heard that {keeper},\" said {friend}.", "\"I know that {keeper},\" said {friend}. \"But it is far.\""],
        &["\"Then let us go together,\" said {hero}.", "So they went to look for it together."],
        &["They walked over a hill and through a stream.", "It was a long way, and they sang a song.", ""],
        &["At last they found the {meal}!", "And there were so many {meal}!"],
        &["They ate and ate until they were full.", "\"These are the best {meal} of all,\" said {hero}."],
        &[
            "{Hero} took some {meal} home for {his} {parent}.",
            "{Hero} and {friend} were friends from that day on.",
            "That night, {hero} slept well and dreamed of {meal}.",
        ],
    ],
};
