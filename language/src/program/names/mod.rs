//! What each name stands for. Scoping is lexical: a function sees its
//! parameters, its own variables and what is declared at the top level; never the
//! variables of its caller. Every variable gets a slot in the frame of its function.
//!
//! Each text is resolved by itself and remembers what it looked for outside, so
//! that it is looked at again only when that has changed.

mod declared;
mod learning;
mod logic;
mod resolver;
mod structs;
#[cfg(test)]
mod tests;
mod types;
mod unknown;

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::parts::{Part, parts};
use super::tree::*;
use crate::catalogue::Builtin;
use crate::diagnostic::Diagnostic;
use crate::source::TextId;
use declared::{Declared, Numbers, Seen};
use unknown::Variables;

/// The number of a name at the top level: the same for the same name each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopLevel(u32);

/// What one occurrence of a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Binding {
    /// Nothing; the problem is reported.
    #[default]
    Unresolved,
    /// A variable of the surrounding function, by its slot.
    Local(u32),
    /// A top-level tensor.
    Global(TopLevel),
    /// A function of the script, or a method of one of its structs.
    Function(TopLevel),
    /// A builtin.
    Builtin(Builtin),
    /// Something that relations and rules speak of.
    Logic(Logic),
}

/// What a name stands for in what relations and rules speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logic {
    /// A relation: declared, or what a rule concludes.
    Relation(TopLevel),
    /// A kind of things.
    Entity(TopLevel),
    /// An embedding.
    Embedding(TopLevel),
    /// A thing, which is called as it is spelled.
    Constant,
    /// A variable of the rule or the query around it, by its number there.
    Variable(u32),
}

/// The bindings of a whole program.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// By the numbers of the texts.
    texts: Vec<Option<Arc<TextNames>>>,
    functions: FxHashMap<TopLevel, Arc<Function>>,
    globals: FxHashMap<TopLevel, usize>,
    main_frame: u32,
}

/// The bindings of one text.
#[derive(Clone, Debug, Default)]
struct TextNames {
    bindings: Vec<Binding>,
    blocks: Vec<(u32, u32)>,
    /// How many slots each function and method needs, by the number of its name.
    frames: FxHashMap<u32, u32>,
    /// How many slots `main` and the values of top-level tensors need.
    main_frame: u32,
    /// Occurrences of variables that are bound once, to a literal text.
    templates: FxHashSet<u32>,
    problems: Vec<Diagnostic>,
    /// Its number among all resolutions.
    number: u32,
    /// Names that were looked for outside, with what was found.
    outside: FxHashMap<String, Seen>,
    /// Whether something was not found: it may be another time.
    lacks: bool,
    /// The variables of its function or of `main`, if somebody has asked.
    variables: OnceLock<Variables>,
}

impl Names {
    /// What a name stands for.
    pub fn binding(&self, name: &Name) -> Binding {
        let text = self.text(name.id.text);
        text.and_then(|text| text.bindings.get(name.id.index as usize)).copied().unwrap_or_default()
    }

    /// The function of this number.
    pub fn function(&self, number: TopLevel) -> Option<&Arc<Function>> {
        self.functions.get(&number)
    }

    /// The position of a top-level tensor among those of the program.
    pub fn global(&self, number: TopLevel) -> Option<usize> {
        self.globals.get(&number).copied()
    }

    /// The slots that a block declares: they are free again at its end.
    pub fn block_slots(&self, block: BlockId) -> std::ops::Range<usize> {
        let text = self.text(block.text);
        let (start, end) = text.and_then(|text| text.blocks.get(block.index as usize)).copied().unwrap_or_default();
        start as usize..end as usize
    }

    /// How many slots a call of a function needs.
    pub fn frame_size(&self, function: &Function) -> usize {
        self.frame_of(&function.name)
    }

    /// How many slots a function, a test or a bench of this name needs.
    pub fn frame_of(&self, name: &Name) -> usize {
        let id = name.id;
        self.text(id.text).and_then(|text| text.frames.get(&id.index)).copied().unwrap_or_default() as usize
    }

    /// Whether an expression is a literal text, or a name bound once to one.
    pub fn is_template(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::String(_) => true,
            ExpressionKind::Variable(name) => {
                self.text(name.id.text).is_some_and(|text| text.templates.contains(&name.id.index))
            }
            _ => false,
        }
    }

    /// The number of the resolution of a text: another one where the text, its
    /// names or what they stand for have changed.
    pub fn resolution(&self, text: TextId) -> Option<u32> {
        self.text(text).map(|names| names.number)
    }

    /// What is wrong with the names of a text.
    pub fn problems(&self, text: TextId) -> &[Diagnostic] {
        self.text(text).map(|names| names.problems.as_slice()).unwrap_or_default()
    }

    fn text(&self, text: TextId) -> Option<&TextNames> {
        self.texts.get(text.index())?.as_deref()
    }

    /// How many slots `main` needs.
    pub fn main_frame_size(&self) -> usize {
        self.main_frame as usize
    }
}

/// What is remembered from the last time.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    numbers: Numbers,
    texts: Vec<Option<Arc<TextNames>>>,
    /// What all texts could see of each other.
    surface: Option<u64>,
    /// How many texts have been resolved.
    resolved: u32,
}

/// Resolves every name of `program`.
pub fn resolve(program: &Program, memory: &mut Memory) -> (Names, Vec<Diagnostic>) {
    let (mut declared, mut problems) = Declared::of(program, &mut memory.numbers);
    let surface = declared.surface();
    let is_as_before = memory.surface.replace(surface) == Some(surface);
    let mut open: FxHashMap<TextId, Vec<Part>> = FxHashMap::default();
    let count = program.texts.iter().map(|text| text.index() + 1).max().unwrap_or_default();
    let mut texts: Vec<Option<Arc<TextNames>>> = vec![None; count];
    for part in parts(program) {
        let text = part.text();
        let Some(names) = texts.get_mut(text.index()).filter(|names| names.is_none()) else { continue };
        let before = memory.texts.get_mut(text.index()).and_then(Option::take);
        *names = before.filter(|names| !names.lacks && (is_as_before || names.holds(&declared)));
        if names.is_none() {
            open.entry(text).or_default().push(part);
        }
    }
    declared.held.clone_from(&texts);
    let mut main_frame = 0;
    for text in &program.texts {
        if let Some(parts) = open.get(text) {
            memory.resolved += 1;
            let names = TextNames { number: memory.resolved, ..resolver::resolve(&declared, parts) };
            texts[text.index()] = Some(Arc::new(names));
        }
        let Some(names) = &texts[text.index()] else { continue };
        problems.extend(names.problems.iter().cloned());
        main_frame = main_frame.max(names.main_frame);
    }
    memory.texts.clone_from(&texts);
    let (functions, globals) = declared.tables();
    (Names { texts, functions, globals, main_frame }, problems)
}

impl TextNames {
    /// Whether everything outside is as it was.
    fn holds(&self, declared: &Declared) -> bool {
        self.outside.iter().all(|(name, seen)| declared.seen(name) == *seen)
    }
}
