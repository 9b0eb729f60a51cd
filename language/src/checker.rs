//! Everything that can be said of a script before a run, said again with every edit.
//! What an edit does not reach is kept: the tree of unchanged text, declarations, their
//! names, what was found of their values.

#[cfg(test)]
mod robustness;
#[cfg(test)]
mod tests;
mod told;

use std::path::Path;
use std::sync::Arc;

use crate::inference::{self, Inference, World};
use crate::program::{self, Analysis};
use crate::source::{FileId, Sources};
use crate::syntax::{self, Tree};

/// One script that is edited.
#[derive(Debug)]
pub struct Checker {
    sources: Sources,
    file: FileId,
    /// The tree of the last text.
    tree: Option<Tree>,
    program: program::Memory,
    inference: inference::Memory,
}

/// A script as understood, in one of its states.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its texts.
    pub sources: Sources,
    /// Its own among them.
    pub file: FileId,
    /// What is written, as the grammar sees it.
    pub tree: Tree,
    /// What is written, which names it uses; all problems, ordered by place.
    pub analysis: Analysis,
    /// What is known of its values.
    pub inference: Inference,
}

impl Checker {
    /// For the script that lies, or would lie, at `path`.
    pub fn new(path: &Path) -> Checker {
        let mut sources = Sources::default();
        let file = sources.add(path, "");
        Checker {
            sources,
            file,
            tree: None,
            program: program::Memory::default(),
            inference: inference::Memory::default(),
        }
    }

    /// Understands the script as it is now.
    pub fn check(&mut self, text: impl Into<Arc<str>>, world: &World) -> Checked {
        let (before, text) = (self.sources.file(self.file).text.clone(), text.into());
        let tree = match self.tree.take() {
            Some(tree) => tree.of_edited(&before, &text),
            None => syntax::parse(&text),
        };
        self.sources.replace(self.file, text);
        let mut analysis = program::analyse_tree(&tree, &mut self.sources, self.file, world.files, &mut self.program);
        let inference = inference::infer(&analysis, world, &mut self.inference);
        inference.complete(&mut analysis, &tree, &self.sources);
        self.tree = Some(tree.clone());
        Checked { sources: self.sources.clone(), file: self.file, tree, analysis, inference }
    }
}
