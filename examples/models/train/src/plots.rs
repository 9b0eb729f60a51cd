//! What can happen in a story.
//!
//! A plot is a row of beats and every beat is a list of ways to say the same thing, one of which is
//! drawn. An empty way makes the beat optional. Words in braces are slots that `stories` fills:
//!
//! - `{hero}`, `{he}`, `{him}`, `{his}`: the character; `{dear hero}` when spoken to;
//! - `{a friend}` when the one friend comes in, and `{friend}` from then on;
//! - `{parent}`, `{she}`, `{her}`: a parent;
//! - `{toy}` ("red ball"), `{thing}` ("ball"), `{color}`, `{food}`, `{weather}`;
//! - `{to}`, `{in}`: a place; `{spot}`, `{other spot}`, `{hidden}`: different spots there;
//! - `{one day}`, `{one night}`: the time.
//!
//! A slot with a capital begins a sentence. A plot can add slots of its own through its cases.

mod belongings;
mod company;
mod encounters;
mod wishes;

use belongings::{BROKEN, LOST, PRESENT, SHARE, TIDY};
use company::{HIDING, HUNGRY, NEW_FRIEND, PICNIC};
use encounters::{NOISE, RESCUE, WAY_HOME};
use wishes::{AFRAID, LEARN, RAIN, SEED, WISH};

/// Who can be the hero of a plot.
#[derive(Clone, Copy)]
pub enum Heroes {
    Children,
    Animals,
    Anyone,
}

/// Slots that belong together, such as an animal in trouble and the help that it needs.
pub type Case = &'static [(&'static str, &'static str)];

/// Ways to say one thing.
pub type Beat = &'static [&'static str];

pub struct Plot {
    pub name: &'static str,
    pub heroes: Heroes,
    /// Whether the story may begin with the toy: "Tom had a red ball."
    pub about_toy: bool,
    /// Whether the story may begin with fine or cold weather.
    pub outdoors: bool,
    /// One of these is drawn; empty when the plot has no slots of its own.
    pub cases: &'static [Case],
    pub beats: &'static [Beat],
}

/// All plots; each is told equally often. The order is part of what a seed means.
pub const PLOTS: &[Plot] = &[
    LOST, RESCUE, SHARE, AFRAID, RAIN, BROKEN, LEARN, PRESENT, SEED, WAY_HOME, NOISE, HIDING, PICNIC, NEW_FRIEND, TIDY,
    HUNGRY, WISH,
];
