//! From a script's text to the end of its run: check, device, run. Who started
//! it hears everything as an [`Audience`]: a person at the terminal, or another
//! process that reads events. Nothing is printed here.

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use clap::ValueEnum;
use tensorlogic_language::checker::{Checked, Checker};
use tensorlogic_language::diagnostic::{Diagnostic, Severities};
use tensorlogic_language::event::Event;
use tensorlogic_language::files::Disk;
use tensorlogic_language::inference::{Promises, World};
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Sources;
use tensorlogic_language::weights::Indexes;
use tensorlogic_runtime::device::{Device, DeviceError};
use tensorlogic_runtime::run::{self, Ending, Options, Outcome};

/// Where to compute.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum DeviceName {
    /// A GPU if there is one, else the processor.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// Any GPU.
    Wgpu,
}

impl DeviceName {
    fn name(self) -> &'static str {
        match self {
            DeviceName::Auto => "auto",
            DeviceName::Cpu => "cpu",
            DeviceName::Wgpu => "wgpu",
        }
    }
}

/// The element type of what names none.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Precision {
    /// 32 bits.
    #[default]
    F32,
    /// 16 bits.
    F16,
}

/// Which problems of the check are told, and whether errors forbid the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Errors are told and forbid the run.
    Errors,
    /// Everything is told, errors forbid the run.
    Everything,
    /// Nothing is told and nothing forbidden.
    Nothing,
}

impl Check {
    fn tells(self, forbids_run: bool) -> bool {
        match self {
            Check::Errors => forbids_run,
            Check::Everything => true,
            Check::Nothing => false,
        }
    }
}

/// A script and how it is to be run.
pub struct Execution {
    /// Where the script lies, or would lie.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Where to compute.
    pub device: DeviceName,
    /// The element type of what names none.
    pub precision: Precision,
    /// How many threads the processor uses; all cores if not given.
    pub threads: Option<u16>,
    /// Where the random numbers start; anywhere if not given.
    pub seed: Option<u64>,
    /// The words for the script.
    pub words: Vec<String>,
    /// What its check is for.
    pub check: Check,
    /// How severe kinds of problems are.
    pub severities: Severities,
    /// Whether every value is compared with what was found of it before the run.
    pub check_shapes: bool,
    /// Set from outside to end the run.
    pub cancelled: Arc<AtomicBool>,
}

/// The value that a word of `tl.toml` names; that file knows the words.
pub fn named<V: ValueEnum>(word: Option<String>) -> Option<V> {
    word.and_then(|word| V::from_str(&word, false).ok())
}

/// Who hears what becomes of a script.
pub trait Audience: Send {
    /// The check found a problem.
    fn problem(&mut self, sources: &Sources, problem: &Diagnostic);

    /// The run tells something.
    fn event(&mut self, sources: &Sources, event: Event);

    /// The script does not run. Nothing follows.
    fn refused(&mut self, refusal: &Refusal);

    /// The run is over. Nothing follows.
    fn finished(&mut self, outcome: &Outcome, device: &Device);
}

/// Why a script does not run.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The check found so many errors, which were told.
    Errors(usize),
    /// It has no `main`.
    NothingToRun,
    /// It cannot be read.
    Unreadable(String),
    /// The device cannot be used.
    Device(DeviceError),
}

impl Refusal {
    /// The exit code: a script without `main` is no mistake.
    pub fn exit_code(&self) -> u8 {
        match self {
            Refusal::NothingToRun => 0,
            Refusal::Errors(_) | Refusal::Unreadable(_) | Refusal::Device(_) => 1,
        }
    }
}

/// The exit code of a run that was interrupted.
pub const INTERRUPTED: u8 = 130;

/// The exit code of a run.
pub fn exit_code(ending: Ending) -> u8 {
    match ending {
        Ending::Finished => 0,
        Ending::Failed => 1,
        Ending::Exited(code) => (code & 0xff) as u8,
        Ending::Cancelled => INTERRUPTED,
    }
}

/// Checks and runs a script; gives the exit code.
pub fn execute(execution: Execution, input: Box<dyn BufRead + Send>, audience: &mut dyn Audience) -> u8 {
    let default_element = match execution.precision {
        Precision::F32 => ElementType::Float32,
        Precision::F16 => ElementType::Float16,
    };
    let world = World {
        files: &Disk,
        indexes: &Indexes::default(),
        script: &execution.path,
        model: None,
        words: Some(&execution.words),
        default_element,
    };
    let Checked { sources, analysis, inference, .. } = Checker::new(&execution.path).check(execution.text, &world);
    let problems = analysis.of_run(&execution.severities);
    for problem in problems.iter().filter(|problem| execution.check.tells(analysis.forbids_run(problem))) {
        audience.problem(&sources, problem);
    }
    let errors = problems.iter().filter(|problem| analysis.forbids_run(problem)).count();
    if errors > 0 && execution.check != Check::Nothing {
        return refuse(audience, Refusal::Errors(errors));
    }
    if analysis.program.main.is_none() {
        return refuse(audience, Refusal::NothingToRun);
    }
    let device = match Device::choose(execution.device.name()) {
        Ok(device) => device,
        Err(error) => return refuse(audience, Refusal::Device(error)),
    };
    let options = Options {
        device: device.clone(),
        default_element,
        threads: execution.threads.map(usize::from),
        seed: execution.seed,
        script: execution.path,
        words: execution.words,
        check_shapes: execution.check_shapes,
        promises: if execution.check_shapes { inference.promises() } else { Promises::default() },
        cancelled: execution.cancelled,
    };
    let outcome = run::run(&analysis, options, input, &mut |event| audience.event(&sources, event));
    audience.finished(&outcome, &device);
    exit_code(outcome.ending)
}

fn refuse(audience: &mut dyn Audience, refusal: Refusal) -> u8 {
    audience.refused(&refusal);
    refusal.exit_code()
}

/// When a run began and drew its tokens.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// When it began.
    pub started: Instant,
    /// When the first token was drawn.
    pub first_token: Option<Instant>,
    /// When the last token was drawn.
    pub last_token: Option<Instant>,
    /// How many tokens were drawn.
    pub tokens: u64,
}

impl Timing {
    /// Of a run that begins now.
    pub fn start() -> Timing {
        Timing { started: Instant::now(), first_token: None, last_token: None, tokens: 0 }
    }

    /// Takes note of an event.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Started { .. } => *self = Timing::start(),
            Event::Sampled { count, .. } => {
                let now = Instant::now();
                self.first_token.get_or_insert(now);
                self.last_token = Some(now);
                self.tokens = *count;
            }
            _ => {}
        }
    }
}
