//! Scripts that were checked: what is wrong with them and what is known of their
//! values. Many are checked at once, on all cores; what comes back is in order.

pub mod json;
pub mod sarif;

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tensorlogic_language::checker::{self, Checker};
use tensorlogic_language::configuration::ConfigurationFile;
use tensorlogic_language::diagnostic::Diagnostic;
use tensorlogic_language::files::Disk;
use tensorlogic_language::inference::{Inference, World};
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::{FileId, Sources};
use tensorlogic_language::weights::Indexes;

/// A script to check.
pub struct Script {
    /// What it is called in messages.
    pub name: PathBuf,
    /// Where it lies, or would lie: its relative paths begin there.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// A script that was checked.
pub struct Checked {
    /// Its texts.
    pub sources: Sources,
    /// Its own among them.
    pub file: FileId,
    /// What is wrong with it, as severe as its project has chosen, in order; and what only
    /// it shows to be wrong with the files that it imports, where they are checked too.
    pub problems: Vec<Diagnostic>,
    /// What is known of its values.
    pub inference: Inference,
    /// What its project has chosen.
    pub project: Option<ConfigurationFile>,
}

/// Deep scripts need more than a thread has by default.
const STACK: usize = 16 << 20;

/// Checks scripts and calls `done_one` behind each; the results are in their order. Fails
/// if the system starts no thread.
pub fn check_all(scripts: Vec<Script>, done_one: impl Fn() + Sync) -> std::io::Result<Vec<Checked>> {
    let paths: HashSet<PathBuf> = scripts.iter().filter_map(|script| script.path.canonicalize().ok()).collect();
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(scripts.len());
    let (next, indexes, done) = (AtomicUsize::new(0), Indexes::default(), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(script) = scripts.get(at) else { return };
            let checked = check_one(script, &indexes, &paths);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, checked));
            done_one();
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        }
        Ok::<(), std::io::Error>(())
    })?;
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    let mut all: Vec<Checked> = done.into_iter().map(|(_, checked)| checked).collect();
    tell_once(&mut all);
    Ok(all)
}

/// Takes away what a script tells of a file that it imports, if that file or another
/// script tells the same.
fn tell_once(all: &mut [Checked]) {
    let mut told = HashSet::new();
    for of_own_file in [true, false] {
        for checked in all.iter_mut() {
            let Checked { sources, file, problems, .. } = checked;
            problems.retain(|problem| {
                let place = sources.place(problem.place);
                if (place.file == *file) != of_own_file {
                    return true;
                }
                let path = &sources.file(place.file).path;
                let path = path.canonicalize().unwrap_or_else(|_| path.clone());
                told.insert((path, place.start, place.end, problem.code)) || of_own_file
            });
        }
    }
}

fn check_one(script: &Script, indexes: &Indexes, paths: &HashSet<PathBuf>) -> Checked {
    let project = ConfigurationFile::of_script(&Disk, &script.path);
    let configuration = project.as_ref().map(|file| file.configuration.clone()).unwrap_or_default();
    let world = World {
        files: &Disk,
        indexes,
        script: &script.path,
        model: configuration.model.as_deref(),
        words: None,
        default_element: match configuration.dtype.as_deref() {
            Some("f16") => ElementType::Float16,
            _ => ElementType::Float32,
        },
    };
    let understood = Checker::new(&script.name).check(script.text.as_str(), &world);
    let checker::Checked { sources, file, analysis, inference, .. } = understood;
    let is_checked = |file| sources.file(file).path.canonicalize().is_ok_and(|path| paths.contains(&path));
    let problems = analysis.chosen(&sources, &configuration.severities, &is_checked);
    Checked { sources, file, problems, inference, project }
}
