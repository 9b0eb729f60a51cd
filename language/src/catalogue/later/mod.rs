//! Builtins that are declared in full and not executed yet. A script that calls
//! one is checked like any other, shapes included, and told that it cannot run. An
//! entry moves to a family, or to a new one, together with its kernel.

mod attention;
mod cache;
mod candle;
mod files;
mod graph;
mod knowledge;
mod list;
mod memory;
mod normalization;
pub mod optimizer;
mod random;
mod training;

use super::category::Category;
use super::entry::Entry;

/// A builtin that no kernel executes yet: its group, and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Later(u8, u8);

const GROUPS: &[(Category, &[Entry])] = &[
    (Category::Collections, list::ENTRIES),
    (Category::Creation, random::ENTRIES),
    (Category::Normalization, normalization::ENTRIES),
    (Category::Attention, attention::ENTRIES),
    (Category::Caches, cache::ENTRIES),
    (Category::Models, files::ENTRIES),
    (Category::Training, training::ENTRIES),
    (Category::Optimizers, optimizer::ENTRIES),
    (Category::KnowledgeGraphs, knowledge::ENTRIES),
    (Category::GraphNetworks, graph::ENTRIES),
    (Category::Candle, candle::ENTRIES),
    (Category::Memory, memory::ENTRIES),
];

impl Later {
    /// Every builtin that is not executed yet.
    pub fn all() -> impl Iterator<Item = Later> {
        (0..).zip(GROUPS).flat_map(|(group, (_, entries))| (0..).zip(*entries).map(move |(at, _)| Later(group, at)))
    }

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        &GROUPS[usize::from(self.0)].1[usize::from(self.1)]
    }

    /// What it is about.
    pub fn category(self) -> Category {
        GROUPS[usize::from(self.0)].0
    }
}
