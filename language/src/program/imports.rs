//! The files that a script imports: found, read and understood, each once, however
//! many files import it. Their declarations become the script's; their `main`,
//! tests and benches do not. A file that has not changed is not understood again.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::items::Kept;
use super::tree::*;
use super::{Analysis, allow, lower};
use crate::diagnostic::{Code, Diagnostic, Fix, Severity};
use crate::files::{Files, SearchPath};
use crate::source::{FileId, Sources, Span};
use crate::syntax;

/// How long an imported file may be.
const MOST_BYTES: u64 = 16 << 20;

/// How many files may stand between the script and one that is imported.
const DEEPEST: usize = 100;

/// What is remembered of imported files, by their canonical paths.
#[derive(Clone, Debug, Default)]
pub struct Memory(FxHashMap<PathBuf, Understood>);

/// A file as it was understood the last time.
#[derive(Clone, Debug)]
struct Understood {
    file: FileId,
    kept: Kept,
    program: Program,
    problems: Vec<Diagnostic>,
}

/// A file that belongs to a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The file.
    pub file: FileId,
    /// The import of the script that leads to it, alone or over other files.
    pub by: Span,
}

/// Adds to `program` what the files that it imports declare, before its own
/// declarations; tells which files these are and what is wrong with them and with
/// the imports.
pub(super) fn load(
    program: &mut Program,
    sources: &mut Sources,
    files: &dyn Files,
    memory: &mut Memory,
) -> (Vec<Imported>, Vec<Diagnostic>) {
    if program.imports.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let script = sources.file(program.file).path.clone();
    let path = files.canonical(&script).unwrap_or_else(|_| script.clone());
    let mut loader = Loader {
        search: SearchPath::of_script(&script),
        files,
        sources,
        memory,
        seen: FxHashSet::default(),
        chain: vec![Step { path, file: program.file, import: Span::default() }],
        program: Program::default(),
        imported: Vec::new(),
        problems: Vec::new(),
    };
    loader.follow(&program.imports);
    let Loader { program: theirs, imported, problems, .. } = loader;
    program.adopt(theirs);
    (imported, problems)
}

/// One file on the way from the script to the import at hand.
struct Step {
    path: PathBuf,
    file: FileId,
    /// What imports it; means nothing for the script.
    import: Span,
}

struct Loader<'l> {
    search: SearchPath,
    files: &'l dyn Files,
    sources: &'l mut Sources,
    memory: &'l mut Memory,
    seen: FxHashSet<PathBuf>,
    /// From the script to the file whose imports are looked at.
    chain: Vec<Step>,
    program: Program,
    imported: Vec<Imported>,
    problems: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn follow(&mut self, imports: &[std::sync::Arc<Import>]) {
        // An empty path has still to be typed.
        for import in imports.iter().filter(|import| !import.path.is_empty()) {
            self.import(import);
        }
    }

    fn import(&mut self, import: &Import) {
        let Some(importer) = self.chain.last().map(|step| step.file) else { return };
        let search = self.search.clone().of_file(&self.sources.file(importer).path);
        let found = match search.find(self.files, &import.path) {
            Ok(found) => found,
            Err(tried) => return self.not_found(import, &search, &tried),
        };
        let path = self.files.canonical(&found).unwrap_or_else(|_| found.clone());
        if let Some(at) = self.chain.iter().position(|step| step.path == path) {
            return self.cycle(import, at);
        }
        if !self.seen.insert(path.clone()) {
            return;
        }
        if self.chain.len() > DEEPEST {
            let message = format!("`{}` is imported by way of more than {DEEPEST} files", found.display());
            let problem = Diagnostic::new(Code::ImportNotFound, import.place, message);
            return self.problems.push(problem.help("import it in the script itself"));
        }
        match self.text(&found) {
            Ok(text) => self.file(import, path, &found, &text),
            Err(why) => {
                let message = format!("`{}` cannot be read: {why}", found.display());
                self.problems.push(Diagnostic::new(Code::ImportNotFound, import.place, message));
            }
        }
    }

    fn text(&self, path: &Path) -> Result<String, String> {
        // It is looked at with each key that is pressed.
        if let Some(stamp) = self.files.stamp(path).ok().filter(|stamp| stamp.length > MOST_BYTES) {
            return Err(format!("it has {} bytes, a script has {MOST_BYTES} at most", stamp.length));
        }
        let bytes = self.files.read_text(path).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            format!("it is not a text: byte {valid} is not UTF-8")
        })
    }

    fn file(&mut self, import: &Import, path: PathBuf, found: &Path, text: &str) {
        let before = self.memory.0.remove(&path);
        let understood = match before {
            Some(before) if *self.sources.file(before.file).text == *text => before,
            Some(before) => {
                self.sources.replace(before.file, text);
                self.understand(before.file, before.kept)
            }
            None => {
                let file = self.sources.add(found, text);
                self.understand(file, Kept::default())
            }
        };
        let file = understood.file;
        let by = self.chain.get(1).map_or(import.place, |first| first.import);
        self.imported.push(Imported { file, by });
        self.problems.extend(understood.problems.iter().cloned());
        self.chain.push(Step { path: path.clone(), file, import: import.place });
        self.follow(&understood.program.imports);
        self.chain.pop();
        self.program.append(&understood.program);
        self.memory.0.insert(path, understood);
    }

    fn understand(&mut self, file: FileId, mut kept: Kept) -> Understood {
        let tree = syntax::parse(&self.sources.file(file).text);
        let (program, problems) = lower::lower(&tree, self.sources, file, &mut kept);
        Understood { file, kept, program, problems }
    }

    fn not_found(&mut self, import: &Import, search: &SearchPath, tried: &[PathBuf]) {
        let message = format!("no file is found at `{}`", import.path);
        let mut problem = Diagnostic::new(Code::ImportNotFound, import.place, message);
        for path in tried {
            problem = problem.note(format!("tried `{}`", path.display()));
        }
        let longer = format!("{}.tl", import.path);
        if search.find(self.files, &longer).is_ok() {
            let fix = Fix::likely(format!("write `{longer}`")).replace(import.place, format!("\"{longer}\""));
            problem = problem.help(format!("write `{longer}`")).fix(fix);
        }
        self.problems.push(problem);
    }

    /// `import` leads back to the file at `at` of the chain. It is told at the import
    /// of the script, which is what somebody looks at.
    fn cycle(&mut self, import: &Import, at: usize) {
        let name = |step: &Step| {
            let path = &self.sources.file(step.file).path;
            path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
        };
        let first = name(&self.chain[at]);
        let names: Vec<String> = self.chain[at..].iter().map(name).chain([first.clone()]).collect();
        let further = self.chain[1..].iter().map(|step| step.import).chain([import.place]);
        let mut further = further.collect::<Vec<_>>().into_iter();
        let place = further.next().unwrap_or(import.place);
        let message = format!("`{first}` imports itself");
        let mut problem = Diagnostic::new(Code::ImportCycle, place, message);
        for place in further {
            problem = problem.related(place, "imported here");
        }
        let problem = problem.note(format!("the circle: {}", names.join(" → ")));
        self.problems.push(problem.help("move what both need into a file that imports neither"));
    }
}

impl Program {
    /// Adds the declarations of another file behind those that are here.
    fn append(&mut self, other: &Program) {
        self.entities.extend_from_slice(&other.entities);
        self.relations.extend_from_slice(&other.relations);
        self.embeddings.extend_from_slice(&other.embeddings);
        self.structs.extend_from_slice(&other.structs);
        self.impls.extend_from_slice(&other.impls);
        self.rules.extend_from_slice(&other.rules);
        self.functions.extend_from_slice(&other.functions);
        self.globals.extend_from_slice(&other.globals);
        self.texts.extend_from_slice(&other.texts);
    }

    /// Puts the declarations of other files before its own.
    fn adopt(&mut self, mut theirs: Program) {
        theirs.append(self);
        let Program { entities, relations, embeddings, structs, impls, rules, functions, globals, texts, .. } = theirs;
        (self.entities, self.relations, self.embeddings) = (entities, relations, embeddings);
        (self.structs, self.impls, self.rules) = (structs, impls, rules);
        (self.functions, self.globals, self.texts) = (functions, globals, texts);
    }
}

impl Analysis {
    /// The problems as somebody sees them who looks at the script alone: its own, and
    /// one at each import that leads to a file with errors.
    pub fn seen_from_script(&self, sources: &Sources) -> Vec<Diagnostic> {
        self.seen_beside(sources, &|_| false)
    }

    /// The problems as somebody sees them who looks at the script and at those of its
    /// imported files that are `shown`: theirs where they are, but for what comments there
    /// allow.
    pub fn seen_beside(&self, sources: &Sources, shown: &dyn Fn(FileId) -> bool) -> Vec<Diagnostic> {
        let inside = |file: FileId| self.problems.iter().filter(move |one| sources.place(one.place).file == file);
        let mut seen: Vec<Diagnostic> = inside(self.program.file).cloned().collect();
        for imported in &self.imported {
            if shown(imported.file) {
                let mut theirs = inside(imported.file).cloned().collect();
                let tree = syntax::parse(&sources.file(imported.file).text);
                allow::apply(&tree, sources, imported.file, &mut theirs);
                // Whether a comment is of no use the check of its own file knows.
                seen.extend(theirs.into_iter().filter(|problem| problem.code != Code::UnusedAllow));
                continue;
            }
            let errors: Vec<&Diagnostic> =
                inside(imported.file).filter(|problem| problem.severity == Severity::Error).collect();
            let Some(first) = errors.first() else { continue };
            let path = sources.file(imported.file).path.display();
            let message = match errors.len() {
                1 => format!("`{path}` has an error: {}", first.message),
                count => format!("`{path}` has {count} errors, the first: {}", first.message),
            };
            let problem = Diagnostic::new(first.code, imported.by, message).severity(Severity::Error);
            seen.push(problem.related(first.place, "in the imported file"));
        }
        seen.sort_by_key(|problem| sources.place(problem.place));
        seen
    }
}
