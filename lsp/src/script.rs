//! A script as understood: its program, names, problems and shapes. Made once
//! for a state of a document and read by every feature.

use std::collections::HashMap;
use std::path::Path;

use tensorlogic_language::catalogue::{self, fact::Fact};
use tensorlogic_language::checker::{Checked, Checker};
use tensorlogic_language::files::Files;
use tensorlogic_language::inference::{Binding, BindingKind, World};
use tensorlogic_language::program::tree::{Block, ExpressionKind, Name, StatementKind};
use tensorlogic_language::program::{names, visit};
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::{SourceFile, Span};
use tensorlogic_language::weights::Indexes;

use crate::text::Bytes;

/// A script as understood.
pub struct Script {
    /// Its texts, its program and what is known of them.
    pub checked: Checked,
}

/// What a script depends on besides its text.
pub struct Surroundings<'s> {
    /// How it reaches the files that it imports.
    pub files: &'s dyn Files,
    /// The indexes of weight files.
    pub indexes: &'s Indexes,
    /// The weight file that the user prefers to the script's own.
    pub model: Option<&'s Path>,
    /// The words that a run gives to the script, where the user has chosen them.
    pub words: Option<&'s [String]>,
    /// The element type of what names none.
    pub default_element: ElementType,
}

impl Script {
    /// Understands `text`, which lies or would lie at `path`, with a checker that knows
    /// an earlier state of it.
    pub fn new(checker: &mut Checker, path: &Path, text: String, surroundings: &Surroundings) -> Script {
        let world = World {
            files: surroundings.files,
            indexes: surroundings.indexes,
            script: path,
            model: surroundings.model,
            words: surroundings.words,
            default_element: surroundings.default_element,
        };
        Script { checked: checker.check(text, &world) }
    }

    /// Its text and lines.
    pub fn source(&self) -> &SourceFile {
        self.checked.sources.file(self.checked.file)
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.source().text
    }

    /// Whether a span stands in the script itself, not in a file that it imports.
    pub fn is_own(&self, span: Span) -> bool {
        self.checked.sources.file_of(span.text) == self.checked.file
    }

    /// Where a span stands in its file.
    pub fn bytes(&self, span: Span) -> Bytes {
        let place = self.checked.sources.place(span);
        place.start..place.end
    }

    /// Where the word `main` stands, if the script has one.
    pub fn main(&self) -> Option<Bytes> {
        let header = self.bytes(self.checked.analysis.program.main.as_ref()?.header);
        let word = header.start + self.text().get(header)?.find("main")?;
        Some(word..word + "main".len())
    }

    /// The name of a call at a byte of the text, and what it stands for; of a method,
    /// what the kind of the value before the dot makes of it.
    pub fn called(&self, offset: usize) -> Option<(&Name, names::Binding)> {
        let mut found = None;
        visit::expressions(&self.checked.analysis.program, &mut |expression| {
            let (name, receiver) = match &expression.kind {
                ExpressionKind::Call { function, .. } => (function, None),
                ExpressionKind::Method { receiver, method, .. } => (method, Some(receiver.span)),
                _ => return,
            };
            let bytes = self.bytes(name.span);
            if self.is_own(name.span) && bytes.start <= offset && offset <= bytes.end {
                found = Some((name, receiver));
            }
        });
        let (name, receiver) = found?;
        let method = match receiver.and_then(|span| self.checked.inference.of(span)).map(|known| &known.fact) {
            Some(Fact::Handle(kind)) => catalogue::method_of(*kind, &name.text),
            _ => None,
        };
        Some((name, method.map_or_else(|| self.checked.analysis.names.binding(name), names::Binding::Builtin)))
    }

    /// The variables that a new line at a byte of the text would see, each once.
    pub fn variables(&self, offset: usize) -> Vec<&Binding> {
        let blocks = self.blocks();
        let mut visible: Vec<&Binding> = Vec::new();
        for binding in self.checked.inference.bindings() {
            let bound = self.bytes(binding.span);
            let is_own = self.is_own(binding.span);
            let is_elsewhere = !is_own && binding.kind != BindingKind::Tensor;
            if is_elsewhere || (is_own && bound.end >= offset) {
                continue;
            }
            let scope = match binding.kind {
                _ if !is_own => None,
                // Bound by what stands before a block.
                BindingKind::Parameter | BindingKind::Loop => {
                    blocks.iter().filter(|block| block.start >= bound.end).min_by_key(|block| block.start)
                }
                _ => blocks
                    .iter()
                    .filter(|block| block.start <= bound.start && bound.end <= block.end)
                    .min_by_key(|block| block.end - block.start),
            };
            // Outside of every block it is the whole script's.
            if scope.is_none_or(|scope| scope.start < offset && offset < scope.end) {
                visible.retain(|other| other.name != binding.name);
                visible.push(binding);
            }
        }
        visible
    }

    /// From brace to brace, every block; one that is not closed goes on to the end.
    fn blocks(&self) -> Vec<Bytes> {
        let program = &self.checked.analysis.program;
        let mut blocks: Vec<&Block> = program.functions.iter().map(|function| &function.body).collect();
        blocks.extend(program.main.iter().map(|main| &main.body));
        visit::statements(program, &mut |statement| match &statement.kind {
            StatementKind::For { body, .. }
            | StatementKind::While { body, .. }
            | StatementKind::Loop { body }
            | StatementKind::Block(body) => blocks.push(body),
            _ => {}
        });
        visit::expressions(program, &mut |expression| match &expression.kind {
            ExpressionKind::If { consequence, alternative, .. } => {
                blocks.push(consequence);
                blocks.extend(alternative);
            }
            ExpressionKind::Block(block) => blocks.push(block),
            _ => {}
        });
        let own = blocks.iter().filter(|block| self.is_own(block.span));
        let mut blocks: Vec<Bytes> = own.map(|block| self.bytes(block.span)).collect();
        // A brace closes the innermost block that ends with it.
        let mut closed: HashMap<usize, usize> = HashMap::new();
        for block in blocks.iter().filter(|block| self.text()[..block.end].ends_with('}')) {
            let innermost = closed.entry(block.end).or_default();
            *innermost = block.start.max(*innermost);
        }
        for block in blocks.iter_mut().filter(|block| closed.get(&block.end) != Some(&block.start)) {
            block.end = self.text().len() + 1;
        }
        blocks
    }
}

#[cfg(test)]
pub mod tests {
    use tensorlogic_language::files::Disk;

    use super::*;

    /// The script of a text with a cursor `$0`, which is taken out, and where it
    /// was; it lies in the examples' folder.
    pub fn script(marked: &str) -> (Script, usize) {
        let offset = marked.find("$0").unwrap_or(marked.len());
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/of_a_test.tl");
        let default_element = ElementType::Float32;
        let (files, indexes) = (&Disk, &Indexes::default());
        let surroundings = Surroundings { files, indexes, model: None, words: None, default_element };
        let text = marked.replacen("$0", "", 1);
        (Script::new(&mut Checker::new(&path), &path, text, &surroundings), offset)
    }

    #[test]
    fn variables_are_seen_where_they_live() {
        let check = |marked: &str, expected: &[&str]| {
            let (script, offset) = script(marked);
            let names: Vec<&str> = script.variables(offset).iter().map(|binding| binding.name.as_str()).collect();
            assert_eq!(names, expected, "{marked}");
        };
        check("main { let a = 1 for i in range(2) { let b = i $0 } let c = 2 }", &["a", "i", "b"]);
        check("main { let a = 1 for i in range(2) { let b = i } $0 let c = 2 }", &["a"]);
        check("tensor g: f32[2]\nfn f(x: int) -> int { $0 x } main { let a = f(1) }", &["g", "x"]);
        check("main { if len(input()) == 1 { let a = 1 } else { let b = 2 $0 } }", &["b"]);
        check("main { let a = 1 let a = 2.0 $0 }", &["a"]);
        check("main { let a = 1 $0", &["a"]);
        check("main { let a = 1 if a == 1 { let b = 2 } $0", &["a"]);
        check("main { let a = 1 if a == 1 { let b = 2\n$0\n", &["a", "b"]);
        check("fn f(x: int) -> int { let y = x + $0", &["x", "y"]);
    }

    #[test]
    fn main_is_found_by_its_word() {
        let (script, _) = script("// main {\nfn mainly() -> int { 1 }\nmain { print(1) }");
        assert_eq!(script.main().map(|bytes| bytes.start), Some(35));
        assert_eq!(tests::script("fn f() { }").0.main(), None);
    }
}
