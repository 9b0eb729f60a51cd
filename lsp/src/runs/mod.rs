//! The runs of open documents: at most one for each. They are started and
//! stopped here; every run is a task of its own that owns a process, relays what
//! it tells and sees it off.

pub mod event;
mod places;
mod relay;
mod worker;

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use ropey::Rope;
use tensorlogic_language::event::message::{Ending, Finished, Job, Message, Problem};
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;
use tower_lsp::ls_types::Uri;

use crate::files::real;
use crate::lock::lock;
use crate::outgoing::Outgoing;
use crate::publisher::Publisher;
use crate::settings::AUTO;
use crate::snapshot::Snapshot;
use crate::text::Edit;
use places::Places;
use relay::Relay;
use worker::{Exit, Worker};

/// The command that runs a document's `main`.
pub const RUN: &str = "tensorlogic.run";

/// The command that stops it.
pub const STOP: &str = "tensorlogic.stop";

/// At the end of the server its runs have so long to end.
const PATIENCE: Duration = Duration::from_millis(500);

/// The exit code of a run that was stopped.
const STOPPED: u8 = 130;

/// How the last runs failed, by document; a cheap handle.
#[derive(Clone, Default)]
pub struct Failures(Arc<Mutex<HashMap<Uri, Problem>>>);

impl Failures {
    /// How the last run of a document failed, unless that is outdated.
    pub fn get(&self, uri: &Uri) -> Option<Problem> {
        self.all().get(uri).cloned()
    }

    /// How the last runs of other documents failed in this file.
    pub fn inside(&self, path: &Path, uri: &Uri) -> Vec<Problem> {
        let lies_there = |(of, problem): &(&Uri, &Problem)| *of != uri && lies_in(problem, path);
        self.all().iter().filter(lies_there).map(|(_, problem)| problem.clone()).collect()
    }

    /// Forgets it. Says whether there was anything to forget.
    pub fn forget(&self, uri: &Uri) -> bool {
        self.all().remove(uri).is_some()
    }

    /// Forgets the failures in this file. Says whether there were any.
    pub fn forget_inside(&self, path: &Path) -> bool {
        let mut all = self.all();
        let before = all.len();
        all.retain(|_, problem| !lies_in(problem, path));
        all.len() < before
    }

    fn put(&self, uri: Uri, problem: Problem) {
        self.all().insert(uri, problem);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Uri, Problem>> {
        lock(&self.0)
    }
}

fn lies_in(problem: &Problem, path: &Path) -> bool {
    real(Path::new(&problem.location.path)) == real(path)
}

/// The runs of open documents.
pub struct Runs {
    last: u64,
    shared: Arc<Shared>,
}

struct Shared {
    outgoing: Outgoing,
    publisher: Publisher,
    failures: Failures,
    /// Whether the client can be told to ask for lenses again.
    refreshes_lenses: bool,
    running: Mutex<HashMap<Uri, Running>>,
}

struct Running {
    run: u64,
    stop: watch::Sender<bool>,
    ended: watch::Receiver<()>,
    places: Arc<Mutex<Places>>,
}

impl Runs {
    /// No runs.
    pub fn new(outgoing: Outgoing, publisher: Publisher, failures: Failures, refreshes_lenses: bool) -> Runs {
        let running = Mutex::default();
        Runs { last: 0, shared: Arc::new(Shared { outgoing, publisher, failures, refreshes_lenses, running }) }
    }

    /// Runs a document, instead of the run that it may have already. Gives the
    /// run's number once its process is started, or why it is not.
    pub fn start(&mut self, snapshot: &Snapshot) -> impl Future<Output = Result<u64, String>> + Send + use<> {
        self.last += 1;
        let run = self.last;
        let settings = &snapshot.environment.settings;
        let path = snapshot.path.to_string_lossy().into_owned();
        let job = Job {
            // Editors send their default as well, so it leaves the choice to the project.
            device: Some(settings.device.clone()).filter(|device| device != AUTO),
            threads: settings.threads,
            seed: settings.seed,
            words: settings.words.clone(),
            ..Job::new(path.clone(), snapshot.text.to_string())
        };
        let places = Arc::new(Mutex::new(Places::new(path, &snapshot.text, snapshot.environment.encoding)));
        let (stop, stopped) = watch::channel(false);
        let (end, ended) = watch::channel(());
        let (started, start) = oneshot::channel();
        let running = Running { run, stop, ended, places: places.clone() };
        let previous = self.shared.running().insert(snapshot.uri.clone(), running);
        if self.shared.failures.forget(&snapshot.uri) {
            self.shared.publisher.again();
        }
        self.shared.refresh_lenses();
        let relay = Relay::new(snapshot.uri.clone(), run, places, self.shared.outgoing.clone());
        let task = Task { uri: snapshot.uri.clone(), run, job, relay, stopped, shared: self.shared.clone() };
        tokio::spawn(async move {
            if let Some(previous) = previous {
                previous.end().await;
            }
            task.run(started).await;
            drop(end);
        });
        async move { start.await.unwrap_or_else(|_| Err("the run was given up before it began".to_owned())) }
    }

    /// Stops the run of a document. Says, once it is over, whether there was one.
    pub fn stop(&self, uri: &Uri) -> impl Future<Output = bool> + Send + use<> {
        let end = self.shared.running().get(uri).map(Running::end);
        async move {
            match end {
                Some(end) => {
                    end.await;
                    true
                }
                None => false,
            }
        }
    }

    /// Whether a document runs.
    pub fn is_running(&self, uri: &Uri) -> bool {
        self.shared.running().contains_key(uri)
    }

    /// A document has changed and is now `text`.
    pub fn edited(&self, uri: &Uri, edits: &[Edit], text: &Rope) {
        if let Some(running) = self.shared.running().get(uri) {
            lock(&running.places).edited(edits, text);
        }
    }

    /// Stops every run, for the end of the server.
    pub fn end(&self) -> impl Future<Output = ()> + Send + use<> {
        let ends: Vec<_> = self.shared.running().values().map(Running::end).collect();
        async move {
            // Whoever does not end in time notices that the server is gone.
            let _ = timeout(PATIENCE, futures::future::join_all(ends)).await;
        }
    }
}

impl Running {
    /// Asks the run to end; waits until it has.
    fn end(&self) -> impl Future<Output = ()> + Send + use<> {
        self.stop.send_replace(true);
        let mut ended = self.ended.clone();
        async move {
            // Its task lets go of the other side at its end.
            while ended.changed().await.is_ok() {}
        }
    }
}

impl Shared {
    fn running(&self) -> MutexGuard<'_, HashMap<Uri, Running>> {
        lock(&self.running)
    }

    fn refresh_lenses(&self) {
        if self.refreshes_lenses {
            self.outgoing.ask("workspace/codeLens/refresh");
        }
    }
}

/// One run.
struct Task {
    uri: Uri,
    run: u64,
    job: Job,
    relay: Relay,
    stopped: watch::Receiver<bool>,
    shared: Arc<Shared>,
}

impl Task {
    async fn run(mut self, started: oneshot::Sender<Result<u64, String>>) {
        let begun = Instant::now();
        match Worker::start(&self.job) {
            Err(problem) => {
                self.remove();
                self.shared.refresh_lenses();
                let _ = started.send(Err(problem));
            }
            Ok(worker) => {
                // Who asked may have given up; the run goes on.
                let _ = started.send(Ok(self.run));
                let exit = self.relay_all(worker).await;
                if self.relay.finished.is_none() {
                    let seconds = begun.elapsed().as_secs_f64();
                    let finished = self.unexpected_end(seconds, &exit);
                    self.relay.take(Message::Finished(finished));
                }
                if let Some(failure) = self.relay.failure.take() {
                    self.shared.failures.put(self.uri.clone(), failure);
                    self.shared.publisher.again();
                }
                self.remove();
                self.relay.send();
                self.shared.refresh_lenses();
            }
        }
    }

    /// Relays everything up to the end of the process.
    async fn relay_all(&mut self, mut worker: Worker) -> Exit {
        let stop = loop {
            let Task { relay, stopped, .. } = self;
            tokio::select! {
                biased;
                _ = stopped.wait_for(|stop| *stop) => break true,
                () = relay.due(), if relay.is_waiting() => relay.send(),
                message = worker.next(), if relay.has_room() => match message {
                    Some(message) => relay.take(message),
                    None => break false,
                },
            }
            if self.relay.finished.is_some() {
                break false;
            }
        };
        worker.end(stop).await
    }

    /// The end of a run whose process did not tell it.
    fn unexpected_end(&self, seconds: f64, exit: &Exit) -> Finished {
        let tokens = self.relay.tokens;
        if *self.stopped.borrow() {
            return Finished { ending: Ending::Stopped, code: STOPPED, seconds, tokens, message: None };
        }
        let message = Some(exit.describe());
        Finished { ending: Ending::Crashed, code: exit.code(), seconds, tokens, message }
    }

    /// The document no longer runs, unless it was started anew.
    fn remove(&self) {
        let mut running = self.shared.running();
        if running.get(&self.uri).is_some_and(|running| running.run == self.run) {
            running.remove(&self.uri);
        }
    }
}
