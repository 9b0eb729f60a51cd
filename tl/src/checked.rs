//! Scripts that were checked: what is wrong with them and what is known of their
//! values. Many are checked at once, on all cores; what comes back is in order.

pub mod json;
pub mod sarif;

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
    /// What is wrong with it, as severe as its project has chosen, in order.
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
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(scripts.len());
    let (next, indexes, done) = (AtomicUsize::new(0), Indexes::default(), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(script) = scripts.get(at) else { return };
            let checked = check_one(script, &indexes);
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
    Ok(done.into_iter().map(|(_, checked)| checked).collect())
}

fn check_one(script: &Script, indexes: &Indexes) -> Checked {
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
    let problems = analysis.chosen(&sources, &configuration.severities);
    Checked { sources, file, problems, inference, project }
}
