//! Checks and runs a script inside of this process and keeps everything that
//! was told, so that a test can compare it.

use std::fmt;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tensorlogic_language::checker::{self, Checker};
use tensorlogic_language::diagnostic::{Diagnostic, Severities, Severity};
use tensorlogic_language::event::Event;
use tensorlogic_language::files::{Disk, Files, Readable, Stamp};
use tensorlogic_language::inference::{Inference, World};
use tensorlogic_language::program::Analysis;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::{Encoding, FileId, Sources};
use tensorlogic_language::weights::Indexes;
use tensorlogic_runtime::device::Device;
use tensorlogic_runtime::run::{Ending, Options, run};

/// A script and what it is given.
pub struct Script<'t> {
    /// Where it lies, or would lie; its relative paths begin there.
    pub path: &'t Path,
    /// Its text.
    pub text: String,
    /// Further files, which need not exist.
    pub files: Vec<(PathBuf, String)>,
    /// The words after `--`.
    pub words: Vec<String>,
    /// What can be read from standard input.
    pub input: String,
}

/// What a check and a run told.
pub struct Told {
    /// Problems of the check, then the failure of the run if there is one.
    pub problems: Vec<Problem>,
    /// Everything printed.
    pub output: String,
    /// Everything written to the error stream.
    pub error_output: String,
    /// What was said about the run itself.
    pub notices: Vec<String>,
    /// How the run ended; nothing if the check forbade it.
    pub ending: Option<Ending>,
}

/// A problem as a reader sees it.
#[derive(Debug)]
pub struct Problem {
    /// The line of its primary place, counted from 1.
    pub line: usize,
    /// `error`, `warning` or `hint`.
    pub severity: &'static str,
    /// Its code.
    pub code: &'static str,
    /// Its message.
    pub message: String,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// Advice.
    pub helps: Vec<String>,
    /// The change that repairs it.
    pub fix: Option<Repair>,
}

/// A fix, applied.
#[derive(Debug)]
pub struct Repair {
    /// What it does.
    pub title: String,
    /// The script afterwards.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "line {}: {}[{}]: {}", self.line, self.severity, self.code, self.message)?;
        self.notes.iter().try_for_each(|note| write!(f, "\n    note: {note}"))?;
        self.helps.iter().try_for_each(|help| write!(f, "\n    help: {help}"))
    }
}

impl Told {
    /// Whether any problem is an error.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == "error")
    }
}

/// A script that was checked.
struct Checked {
    sources: Sources,
    file: FileId,
    analysis: Analysis,
    inference: Inference,
}

impl Checked {
    fn of(script: &Script) -> Checked {
        let files = Beside(&script.files);
        let world = World {
            files: &files,
            indexes: &Indexes::default(),
            script: script.path,
            model: None,
            words: Some(&script.words),
            default_element: ElementType::Float32,
        };
        let understood = Checker::new(script.path).check(script.text.as_str(), &world);
        let checker::Checked { sources, file, analysis, inference, .. } = understood;
        Checked { sources, file, analysis, inference }
    }

    fn problems(&self) -> Vec<Problem> {
        let seen = |problem: &Diagnostic| Problem { fix: self.repaired(problem), ..seen(&self.sources, problem) };
        self.analysis.of_run(&Severities::default()).iter().map(seen).collect()
    }

    /// The script with the fix of a problem; none where there is no fix, or where it
    /// changes another file.
    fn repaired(&self, problem: &Diagnostic) -> Option<Repair> {
        let fix = problem.fix.as_ref()?;
        let mut edits: Vec<_> = fix.edits.iter().map(|edit| (self.sources.place(edit.place), &edit.text)).collect();
        if edits.iter().any(|(place, _)| place.file != self.file) {
            return None;
        }
        edits.sort_by_key(|(place, _)| (place.start, place.end));
        let before = &self.sources.file(self.file).text;
        let (mut text, mut kept) = (String::new(), 0);
        for (place, new) in edits {
            text.push_str(&before[kept..place.start]);
            text.push_str(new);
            kept = place.end;
        }
        Some(Repair { title: fix.title.clone(), text: text + &before[kept..] })
    }
}

/// What the check alone tells of a script.
pub fn problems(script: &Script) -> Vec<Problem> {
    Checked::of(script).problems()
}

/// Checks a script and, unless the check finds errors, runs it on the
/// processor, comparing every value with what was found of it before the run.
/// Random numbers start at 0.
pub fn tell(script: Script) -> Told {
    let checked = Checked::of(&script);
    let problems = checked.problems();
    let Checked { sources, analysis, inference, .. } = checked;
    let mut told =
        Told { problems, output: String::new(), error_output: String::new(), notices: Vec::new(), ending: None };
    if analysis.has_errors() {
        return told;
    }
    let options = Options {
        device: Device::cpu(),
        default_element: ElementType::Float32,
        threads: None,
        seed: Some(0),
        script: script.path.to_owned(),
        words: script.words,
        check_shapes: true,
        promises: inference.promises(),
        cancelled: Arc::new(AtomicBool::new(false)),
    };
    let mut listener = |event| match event {
        Event::Output { text, .. } => told.output.push_str(&text),
        Event::ErrorOutput { text, .. } => told.error_output.push_str(&text),
        Event::Notice(text) => told.notices.push(text),
        Event::Failed(failure) => {
            // The run is certain of what the check could only warn of.
            let failed = seen(&sources, &failure.diagnostic);
            told.problems.retain(|problem| (problem.line, problem.code) != (failed.line, failed.code));
            told.problems.push(failed);
        }
        Event::Started { .. } | Event::Loading { .. } | Event::Sampled { .. } => {}
    };
    let outcome = run(&analysis, options, Box::new(Cursor::new(script.input)), &mut listener);
    told.ending = Some(outcome.ending);
    told
}

/// Texts that are given, and the disk for everything else.
struct Beside<'f>(&'f [(PathBuf, String)]);

impl Beside<'_> {
    fn text(&self, path: &Path) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == path).map(|(_, text)| text.as_str())
    }
}

impl Files for Beside<'_> {
    fn read_text(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.text(path).map_or_else(|| Disk.read_text(path), |text| Ok(text.as_bytes().to_vec()))
    }

    fn exists(&self, path: &Path) -> bool {
        self.text(path).is_some() || Disk.exists(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.text(path).map_or_else(|| Disk.canonical(path), |_| Ok(path.to_owned()))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        Disk.stamp(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Readable>> {
        Disk.open(path)
    }
}

fn seen(sources: &Sources, problem: &Diagnostic) -> Problem {
    let place = sources.place(problem.place);
    let file = sources.file(place.file);
    let position = file.lines.position(&file.text, place.start, Encoding::Utf32);
    Problem {
        line: position.line as usize + 1,
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        },
        code: problem.code.name(),
        message: problem.message.clone(),
        notes: problem.notes.clone(),
        helps: problem.helps.clone(),
        fix: None,
    }
}
