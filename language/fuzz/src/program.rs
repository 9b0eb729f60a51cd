//! What has to hold of the check for any script, right or wrong, and after any edit of it.
//!
//! It ends in time, every place that it tells lies in its text, and a script that is
//! checked after an edit is told of as one that is read anew.
//!
//! The last of these has a limit that lies in tree-sitter: where a text has an error, the
//! tree that is brought up to date after an edit may be another one than that of the new
//! text. Such trees are counted and told, and are no failure.

mod folder;
mod generated;

use std::path::Path;
use std::time::{Duration, Instant};

use tensorlogic_language::checker::{Checked, Checker};
use tensorlogic_language::inference::World;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Span;
use tensorlogic_language::syntax::{self, Node, Tree};
use tensorlogic_language::weights::Indexes;

pub use folder::{Folder, SCRIPT};
pub use generated::script;

/// How long a script may take. One of this fuzzer has a few thousand bytes, which take
/// some milliseconds; the machine may have other work.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);

/// What does not hold.
#[derive(Debug)]
pub enum Failure {
    /// The check took longer than [`TIME_LIMIT`].
    Slow(Duration),
    /// A place lies outside of its text.
    Place(String),
    /// After an edit something else is told than of the new text.
    Different(String),
}

/// A script that is edited, and what lies beside it.
pub struct Subject {
    /// The files that it may name.
    pub folder: Folder,
    indexes: Indexes,
    checker: Checker,
    text: String,
    tree: Tree,
    /// The longest time of a check.
    pub slowest: Duration,
    /// How often the tree after an edit was another one.
    pub other_trees: u64,
}

impl Subject {
    /// A script that is empty.
    pub fn new(folder: Folder) -> Subject {
        Subject {
            folder,
            indexes: Indexes::default(),
            checker: Checker::new(Path::new(SCRIPT)),
            text: String::new(),
            tree: syntax::parse(""),
            slowest: Duration::ZERO,
            other_trees: 0,
        }
    }

    /// Gives the script another text and checks it, after the state before and anew.
    pub fn turn_into(&mut self, text: &str) -> Result<(), Failure> {
        self.folder.set(SCRIPT, text.as_bytes().to_vec());
        self.tree = self.tree.of_edited(&self.text, text);
        self.text = text.to_owned();
        let world = World {
            files: &self.folder,
            indexes: &self.indexes,
            script: Path::new(SCRIPT),
            model: None,
            words: None,
            default_element: ElementType::Float32,
        };
        let mut slowest = self.slowest;
        let mut timed = |checker: &mut Checker| {
            let started = Instant::now();
            let checked = checker.check(text, &world);
            let time = started.elapsed();
            slowest = slowest.max(time);
            if time > TIME_LIMIT { Err(Failure::Slow(time)) } else { Ok(checked) }
        };
        let edited = timed(&mut self.checker)?;
        let anew = timed(&mut Checker::new(Path::new(SCRIPT)))?;
        self.slowest = slowest;
        ask(&anew)?;
        if !same_nodes(&self.tree, &syntax::parse(text)) {
            self.other_trees += 1;
            return Ok(());
        }
        let (edited, anew) = (edited.told(), anew.told());
        let lacks = |one: &[String], other: &[String]| one.iter().find(|told| !other.contains(told)).cloned();
        match edited == anew {
            true => Ok(()),
            false => Err(Failure::Different(format!(
                "only after the edit: {:?}\nonly anew: {:?}",
                lacks(&edited, &anew),
                lacks(&anew, &edited)
            ))),
        }
    }
}

/// Asks what an editor asks, and looks at every place.
fn ask(checked: &Checked) -> Result<(), Failure> {
    let Checked { sources, file, analysis, inference, .. } = checked;
    let lies = |span: Span, what: &str| {
        let place = sources.place(span);
        let text = &sources.file(place.file).text;
        match text.get(place.start..place.end) {
            Some(_) => Ok(()),
            None => Err(Failure::Place(format!("{what} at {place:?} of {} bytes", text.len()))),
        }
    };
    for problem in &analysis.problems {
        lies(problem.place, &problem.message)?;
        problem.related.iter().try_for_each(|label| lies(label.place, &label.message))?;
        let edits = problem.fix.iter().flat_map(|fix| &fix.edits);
        edits.map(|edit| (edit.place, &edit.text)).try_for_each(|(place, text)| lies(place, text))?;
    }
    for binding in inference.bindings() {
        lies(binding.span, &binding.name)?;
        inference.births(&binding.known.fact);
    }
    let length = sources.file(*file).text.len();
    for offset in (0..=length).step_by(1 + length / 16) {
        inference.at(sources, offset);
        inference.receiver(sources, offset).map(|known| inference.names_after(known));
    }
    Ok(())
}

/// Whether two trees have the same nodes at the same places.
fn same_nodes(one: &Tree, other: &Tree) -> bool {
    nodes(one) == nodes(other)
}

fn nodes(tree: &Tree) -> Vec<(syntax::Kind, Span, usize, bool, bool)> {
    let mut nodes = Vec::new();
    let describe = |node: Node, depth| (node.kind(), node.span(), depth, node.is_missing(), node.has_error());
    if let Some(root) = tree.root() {
        nodes.push(describe(root, 0));
        root.walk(&mut |node, ancestors| {
            nodes.push(describe(node, ancestors.len()));
            true
        });
    }
    nodes
}
