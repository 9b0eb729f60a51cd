//! Plots about meeting someone: an animal in trouble, a guide, a guest at night.

use super::{Heroes, Plot};

pub(super) const RESCUE: Plot = Plot {
    name: "rescue",
    heroes: Heroes::Children,
    about_toy: false,
    outdoors: true,
    cases: &[
        &[
            ("creature", "kitten"),
            ("trouble", "was stuck in a tall tree"),
            ("help", "{He} climbed up the tree and took the kitten in one arm."),
            ("result", "Soon the kitten was safe on the ground."),
        ],
        &[
            ("creature", "bird"),
            ("trouble", "had a hurt wing"),
            ("help", "{He} put a soft cloth around the wing and gave the bird some water."),
            ("result", "After a few days, the bird could fly again."),
        ],
        &[
            ("creature", "puppy"),
            ("trouble", "was lost and cold"),
            ("help", "{He} put a warm blanket around the puppy and gave it some food."),
            ("result", "Soon the puppy was warm and happy."),
        ],
        &[
            ("creature", "turtle"),
            ("trouble", "lay on its back and could not get up"),
            ("help", "{He} turned the turtle over with both hands."),
            ("result", "Now the turtle could walk again."),
        ],
        &[
            ("creature", "rabbit"),
            ("trouble", "had its foot caught in a net"),
            ("help", "{He} pulled the net away, very slowly."),
            ("result", "Then the rabbit was free and jumped for joy."),
        ],
        &[
            ("creature", "duck"),
            ("trouble", "could not find the pond"),
            ("help", "{He} walked with the duck all the way to the water."),
            ("result", "The duck jumped into the pond and began to swim."),
        ],
        &[
            ("creature", "bee"),
            ("trouble", "was wet and could not fly"),
            ("help", "{He} put the bee on a dry leaf in the sun."),
            ("result", "Soon the bee was dry and could fly again."),
        ],
        &[
            ("creature", "fish"),
            ("trouble", "was in a small pool and could not get out"),
            ("help", "{He} took the fish in a bucket and ran to the lake."),
            ("result", "The fish swam around in the clear water."),
        ],
        &[
            ("creature", "hedgehog"),
            ("trouble", "had its head in a can"),
            ("help", "{He} held the hedgehog and pulled at the can."),
            ("result", "Pop! The can came off."),
        ],
        &[
            ("creature", "lamb"),
            ("trouble", "could not find its mother"),
            ("help", "{He} carried the lamb over the hill to the other sheep."),
            ("result", "The lamb ran to its mother."),
        ],
    ],
    beats: &[
        &["", "{He} was very kind.", "{He} loved animals.", "{He} liked to be outside."],
        &["{One day}, {hero} went {to}.", "{One day}, {hero} was {in}.", "{One day}, {he} went for a walk {in}."],
        &["", "The sky was blue."],
        &[
            "There {he} saw a little {creature}.",
            "{He} heard a small sound. It was a little {creature}.",
            "Then {he} saw a little {creature}.",
        ],
        &["The {creature} {trouble}.", "The poor {creature} {trouble}."],
        &["The {creature} looked very sad.", "", "The {creature} was afraid."],
        &[
            "\"Do not be afraid, little {creature},\" said {hero}. \"I will help you.\"",
            "{Hero} wanted to help the {creature}.",
            "\"I will help you,\" said {hero}.",
            "\"You poor little {creature}! I will help you,\" said {hero}.",
        ],
        &["{help}"],
        &["{result}"],
        &[
            "",
            "{Hero} was very happy.",
            "\"Now you are well again!\" said {hero}.",
            "{Hero} laughed and clapped {his} hands.",
        ],
        &["", "At home, {hero} told {his} {parent} about the {creature}. \"You have a good heart,\" {she} said."],
        &[
            "From that day on, {hero} and the {creature} were good friends.",
            "That night, {hero} dreamed of the little {creature}.",
            "{Hero} never forgot the little {creature}.",
        ],
    ],
};

pub(super) const WAY_HOME: Plot = Plot {
    name: "way home",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: true,
    cases: &[
        &[("guide", "owl"), ("lead", "flew from tree to tree, and {hero} went after it")],
        &[("guide", "deer"), ("lead", "walked ahead, and {hero} went after it")],
        &[("guide", "snail"), ("lead", "knew the way, but they had to walk very slowly")],
        &[("guide", "bee"), ("lead", "flew ahead, and {hero} ran after it")],
        &[("guide", "hen"), ("lead", "knew the road, and they walked side by side")],
    ],
    beats: &[
        &["{One day}, {hero} went for a walk in the forest.", "{One day}, {he} ran after a butterfly into the forest."],
        &[
            "",
            "{He} walked and walked and did not look at the path.",
            "The trees were tall, and there was so much to see.",
            "",
        ],
        &[
            "Soon it was dark, and {hero} was lost.",
            "Then {he} did not know the way home.",
            "After a while, {hero} could not find the path.",
        ],
        &[
            "\"I want to go home,\" cried {hero}.",
            "{Hero} sat under a tree and began to cry.",
            "{Hero} was afraid and all alone.",
        ],
        &["Then {he} met an old {guide}.", "An old {guide} heard {him}.", "Just then, an old {guide} came by."],
        &[
            "\"Why do you cry?\" asked the {guide}. \"I am lost,\" said {hero}.",
            "\"Can you help me find my home?\" asked {hero}.",
        ],
        &[
            "\"Come with me,\" said the {guide}. \"I know the way.\"",
            "\"Do not worry,\" said the {guide}. \"I will take you home.\"",
        ],
        &["The {guide} {lead}."],
        &["At last, {hero} saw the lights of {his} home.", "Soon {hero} was home again."],
        &["{His} {parent} ran out and gave {him} a big hug.", "\"I was so worried!\" said {his} {parent}."],
        &["\"Thank you, old {guide}!\" said {hero}.", "They gave the {guide} some {food} to say thank you.", ""],
        &[
            "{Hero} never went into the forest alone again.",
            "From that day on, {hero} and the old {guide} were friends.",
            "That night, {hero} slept safe and warm in {his} bed.",
        ],
    ],
};

pub(super) const NOISE: Plot = Plot {
    name: "noise",
    heroes: Heroes::Anyone,
    about_toy: false,
    outdoors: false,
    cases: &[
        &[("noise", "Tap, tap, tap"), ("cause", "bird"), ("reason", "It wanted to come in from the cold")],
        &[("noise", "Bump, bump, bump"), ("cause", "puppy"), ("reason", "It played with an old shoe")],
        &[("noise", "Scratch, scratch, scratch"), ("cause", "kitten"), ("reason", "It wanted some milk")],
        &[("noise", "Crunch, crunch, crunch"), ("cause", "goat"), ("reason", "It ate all the carrots")],
        &[("noise", "Splash, splash, splash"), ("cause", "duck"), ("reason", "It took a bath in the bucket")],
        &[("noise", "Hoo, hoo, hoo"), ("cause", "owl"), ("reason", "It sang to the moon")],
        &[("noise", "Ring, ring, ring"), ("cause", "lamb"), ("reason", "It had a bell around its neck")],
    ],
    beats: &[
        &["{One night}, {hero} heard a noise outside.", "{One night}, there was a strange noise at the door."],
        &["\"{noise},\" it went.", "{noise}!"],
        &[
            "\"What is that?\" said {hero}.",
            "\"Is it a monster?\" {he} asked.",
            "{Hero} pulled the blanket over {his} head.",
        ],
        &["{Hero} was afraid, but {he} wanted to know what it was.", "{His} heart beat fast.", ""],
        &["{He} took a light and went to the door.", "Very slowly, {hero} opened the door."],
        &["It was not a monster. It was a little {cause}!", "And there was a little {cause}!"],
        &["{reason}."],
        &[
            "{Hero} laughed. \"It is only you!\" {he} said.",
            "\"Hello, little {cause},\" said {hero}. \"You gave me a scare!\"",
        ],
        &[
            "{He} gave the {cause} some food and a warm place to sleep.",
            "{Hero} let the {cause} in and sat down with it.",
        ],
        &[
            "In the morning, {his} {parent} saw the {cause} and smiled.",
            "\"May it stay?\" {he} asked {his} {parent}. \"Yes,\" {she} said.",
            "",
        ],
        &[
            "From that day on, {hero} and the {cause} were friends.",
            "{Hero} was never afraid of a noise at night again.",
            "And {hero} and the {cause} slept until the morning.",
        ],
    ],
};
