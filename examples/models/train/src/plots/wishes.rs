//! Plots about wishes and fears: courage, patience, learning, a day that goes otherwise.

use super::{Heroes, Plot};

pub(super) const AFRAID: Plot = Plot {
    name: "afraid",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: false,
    cases: &[
        &[
            ("fear", "the dark"),
            ("event", "{One night}, the light went out"),
            ("advice", "Look at the stars. They shine for you in the dark"),
            ("brave", "{Hero} looked up at the stars and was not afraid."),
        ],
        &[
            ("fear", "the rain"),
            ("event", "{One night}, it began to rain and the wind was loud"),
            ("advice", "The rain is good. It gives water to the flowers"),
            ("brave", "{Hero} listened to the rain and was not afraid."),
        ],
        &[
            ("fear", "the deep water"),
            ("event", "{One day}, they all went to the lake"),
            ("advice", "Take my hand. We will go in slowly"),
            ("brave", "Step by step, {hero} went into the water and was not afraid."),
        ],
        &[
            ("fear", "the big dog"),
            ("event", "{One day}, the big dog came to the door"),
            ("advice", "He is big, but he is very kind. He only wants to play"),
            ("brave", "{Hero} gave the dog a pat and was not afraid."),
        ],
        &[
            ("fear", "the snow"),
            ("event", "{One day}, the snow fell on the hill"),
            ("advice", "The snow is soft. We can make a snowman"),
            ("brave", "{Hero} made a big snowman and was not afraid."),
        ],
    ],
    beats: &[
        &["{He} was afraid of {fear}.", "There was only one problem: {he} was afraid of {fear}."],
        &["{event}."],
        &["{Hero} ran and hid under the bed.", "{Hero} began to cry.", "{Hero} did not know what to do."],
        &["\"I am afraid of {fear}!\" {he} cried.", "\"Please help me! I am afraid,\" said {hero}.", ""],
        &["{His} {parent} came and sat down with {him}.", "Then {his} {parent} came and gave {him} a hug."],
        &[
            "\"Do not be afraid,\" {she} said. \"{advice}.\"",
            "\"I am here with you,\" said {his} {parent}. \"{advice}.\"",
        ],
        &[
            "{Hero} wanted to be brave.",
            "{Hero} thought about it for a while.",
            "\"I will try to be brave,\" said {hero}.",
        ],
        &["{brave}"],
        &["\"You are so brave!\" said {his} {parent}.", "{His} {parent} was very proud of {him}."],
        &[
            "From that day on, {hero} was not afraid of {fear}.",
            "{Hero} smiled. {Fear} was not so bad after all.",
            "That night, {hero} slept very well.",
        ],
    ],
};

pub(super) const RAIN: Plot = Plot {
    name: "rain",
    heroes: Heroes::Children,
    about_toy: false,
    outdoors: false,
    cases: &[
        &[
            ("idea", "bake a cake"),
            ("done", "The cake was warm and sweet"),
            ("work", "They mixed milk, eggs and sugar in a big bowl"),
        ],
        &[
            ("idea", "paint a picture"),
            ("done", "The picture was full of bright flowers"),
            ("work", "They used red, blue and yellow paint"),
        ],
        &[
            ("idea", "make a paper boat"),
            ("done", "The boat could swim in the bath"),
            ("work", "They took some paper and made a big boat"),
        ],
        &[
            ("idea", "build a tent"),
            ("done", "The tent was dark and warm inside"),
            ("work", "They put a blanket over the table and two chairs"),
        ],
        &[
            ("idea", "read a book"),
            ("done", "The book was about a brave king"),
            ("work", "They sat down on the bed with a warm blanket"),
        ],
        &[
            ("idea", "make soup"),
            ("done", "The soup was hot and good"),
            ("work", "They cut the carrots and put them in a big pot"),
        ],
        &[
            ("idea", "play a game"),
            ("done", "They laughed and played for hours"),
            ("work", "They took out the cards and sat on the floor"),
        ],
        &[
            ("idea", "put on a show"),
            ("done", "The show was very funny"),
            ("work", "They found old hats and a long coat"),
        ],
    ],
    beats: &[
        &[
            "{One day}, {he} wanted to go {to}.",
            "{One day}, {hero} wanted to play {in}.",
            "{One day}, {hero} put on {his} shoes to go {to}.",
        ],
        &["But it began to rain.", "But then the rain came.", "But the sky was gray and it rained all day."],
        &[
            "{Hero} was sad. \"Now I can not go outside,\" {he} said.",
            "\"I do not like the rain,\" said {hero}.",
            "{Hero} looked out of the window and felt sad.",
        ],
        &["{His} {parent} had an idea.", "Then {his} {parent} came in with a smile."],
        &["\"Let us {idea},\" {she} said.", "\"Do not be sad. We can {idea},\" said {his} {parent}."],
        &[
            "\"Yes!\" said {hero}. \"Let us {idea}!\"",
            "{Hero} liked the idea.",
            "{Hero} jumped up. \"What a good idea!\"",
        ],
        &["{work}."],
        &["{done}.", "{done}, and {hero} was very happy."],
        &["Then the rain stopped and the sun came out.", "Soon the rain was over, and they saw a rainbow.", ""],
        &[
            "\"I like rainy days now,\" said {hero}.",
            "\"This was the best day,\" said {hero}.",
            "{Hero} gave {his} {parent} a big hug.",
        ],
    ],
};

pub(super) const LEARN: Plot = Plot {
    name: "learn",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: true,
    cases: &[
        &[("skill", "swim"), ("fall", "{He} got water in {his} nose"), ("joy", "{He} could swim like a fish")],
        &[("skill", "ride a bike"), ("fall", "{He} fell on the ground"), ("joy", "{He} went up and down the road")],
        &[("skill", "dance"), ("fall", "{He} fell over {his} own feet"), ("joy", "{He} turned around and around")],
        &[("skill", "sing"), ("fall", "The song did not sound good"), ("joy", "The song was clear and sweet")],
        &[
            ("skill", "jump over the stream"),
            ("fall", "{He} fell into the water"),
            ("joy", "{He} was on the other side"),
        ],
        &[
            ("skill", "climb the tall tree"),
            ("fall", "{He} slid down again"),
            ("joy", "{He} could see far away from the top"),
        ],
        &[("skill", "whistle"), ("fall", "There was no sound at all"), ("joy", "The whistle was clear and loud")],
        &[("skill", "catch a ball"), ("fall", "The ball went past {him}"), ("joy", "The ball was safe in {his} arms")],
    ],
    beats: &[
        &["{He} wanted to learn to {skill}.", "More than anything, {he} wanted to {skill}."],
        &["{One day}, {hero} tried to {skill}.", "{One day}, {he} said, \"Today I will {skill}!\""],
        &["{fall}.", "But it was hard. {fall}."],
        &[
            "\"I can not do it,\" said {hero}.",
            "{Hero} was sad. \"I will never {skill},\" {he} said.",
            "{Hero} wanted to stop.",
        ],
        &["{A friend} saw {him}.", "Then {a friend} came by."],
        &[
            "\"Do not give up,\" said {friend}. \"Try again!\"",
            "\"It takes time to learn,\" said {friend}. \"I will help you.\"",
            "\"I can show you how to {skill},\" said {friend}.",
        ],
        &[
            "So {hero} tried again and again.",
            "Every day, {hero} tried again.",
            "{Hero} tried one more time, very slowly.",
        ],
        &["At last, {he} could {skill}!", "And then {hero} did it! {joy}.", "{joy}!"],
        &["\"You did it!\" said {friend}.", "\"Look at me! I can {skill}!\" said {hero}."],
        &[
            "{Hero} was very proud.",
            "{Hero} and {friend} laughed and were very happy.",
            "{Hero} learned to never give up.",
            "Now {hero} loves to {skill} every day.",
        ],
    ],
};

pub(super) const SEED: Plot = Plot {
    name: "seed",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: true,
    cases: &[
        &[("plant", "flower"), ("grown", "It was tall and yellow like the sun")],
        &[("plant", "pumpkin"), ("grown", "It was round and very big")],
        &[("plant", "tree"), ("grown", "It had many green leaves")],
        &[("plant", "rose"), ("grown", "It was red and smelled sweet")],
        &[("plant", "carrot"), ("grown", "It was long and sweet")],
        &[("plant", "bean"), ("grown", "It was as tall as the house")],
        &[("plant", "melon"), ("grown", "It was so heavy that no one could lift it")],
    ],
    beats: &[
        &["{One day}, {hero} found a small seed {in}.", "{One day}, {his} {parent} gave {him} a small seed."],
        &["\"I want to grow a {plant},\" said {hero}.", "\"This seed can be a {plant},\" said {his} {parent}."],
        &["{Hero} put the seed in the ground and gave it water.", "{Hero} dug a little hole and put the seed in it."],
        &["{He} waited and waited, but nothing came up.", "Day after day, {he} looked, but there was no {plant}."],
        &["{Hero} was sad. \"Where is my {plant}?\" {he} asked.", "\"Maybe my seed is bad,\" said {hero}."],
        &[
            "\"You have to wait,\" said {his} {parent}. \"Good things take time.\"",
            "\"Give it water and sun,\" said {his} {parent}, \"and wait a little more.\"",
        ],
        &["So {hero} gave the seed water every day.", "{Hero} did not give up and gave it water every morning."],
        &["Then the rain came, and after the rain came the sun.", ""],
        &["One morning, there was a small green leaf!", "At last, a little green leaf came out of the ground!"],
        &["Soon it was a big {plant}. {grown}.", "The {plant} grew and grew. {grown}."],
        &[
            "{Hero} was very proud of the {plant}.",
            "\"Look at my {plant}!\" said {hero} with a big smile.",
            "{Hero} showed the {plant} to all {his} friends.",
        ],
    ],
};

pub(super) const WISH: Plot = Plot {
    name: "wish",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: false,
    cases: &[
        &[
            ("dream", "touch the moon"),
            ("try", "climbed on a chair"),
            ("answer", "The moon is in the water, too"),
            ("joy", "put one hand in the pond and touched the moon"),
        ],
        &[
            ("dream", "fly like a bird"),
            ("try", "jumped from a box"),
            ("answer", "You can fly on a swing"),
            ("joy", "went up and down on the swing, as high as the birds"),
        ],
        &[
            ("dream", "see a dragon"),
            ("try", "looked into every cave"),
            ("answer", "There are dragons in the clouds"),
            ("joy", "looked up and saw a big white dragon in the sky"),
        ],
        &[
            ("dream", "be very tall"),
            ("try", "walked on the tips of the toes"),
            ("answer", "Stand on this rock and look around"),
            ("joy", "stood on the rock and was taller than all"),
        ],
        &[
            ("dream", "catch a star"),
            ("try", "took a net and ran up the hill"),
            ("answer", "Fireflies are little stars"),
            ("joy", "sat in the grass while a firefly came to rest on {his} nose"),
        ],
    ],
    beats: &[
        &["{He} had a big wish: {he} wanted to {dream}.", "Every night, {he} wished to {dream}."],
        &["{One day}, {hero} {try}.", "{One day}, {he} {try} to make it come true."],
        &["But it did not work.", "But that was not enough."],
        &["\"I will never {dream},\" {he} said.", "{Hero} was sad. \"Why can I not {dream}?\" {he} asked."],
        &["Then {a friend} came by and sat down next to {him}.", "{A friend} heard {him}."],
        &["\"I know a way,\" said {friend}. \"{answer}.\"", "\"Do not be sad,\" said {friend}. \"{answer}.\""],
        &["\"Really?\" asked {hero}.", "{Hero} had not thought of that.", ""],
        &["So {hero} {joy}.", "{Hero} {joy}."],
        &["\"It is true!\" {he} said.", "\"How beautiful!\" said {hero}.", "{Hero} was as happy as can be."],
        &["\"Thank you for your help,\" {he} said to {friend}.", "{Friend} smiled. \"I told you!\"", ""],
        &[
            "From that day on, {hero} had no other wish.",
            "That night, {hero} slept with a smile.",
            "It was a day that {hero} never forgot.",
        ],
    ],
};
