//! Starting a run: threads, device, random numbers and the stack that deep
//! recursion needs; then the interpreter.

use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use tensorlogic_language::event::Listener;
use tensorlogic_language::files::SearchPath;
use tensorlogic_language::program::Analysis;
use tensorlogic_language::shape::ElementType;

use crate::context::Context;
use crate::device::Device;
use crate::interpreter;
use crate::random::RandomStream;

pub use crate::interpreter::Ending;

/// How a run is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where tensors live.
    pub device: Device,
    /// The element type of what names none: float32 or float16.
    pub default_element: ElementType,
    /// How many threads the processor's kernels use; all cores if not given.
    pub threads: Option<usize>,
    /// Where the random numbers start; anywhere if not given.
    pub seed: Option<u64>,
    /// The path of the script; relative paths are looked for beside it first.
    pub script: PathBuf,
    /// The words after `--`.
    pub words: Vec<String>,
    /// Whether every result of a builtin is compared with its shape rule.
    pub check_shapes: bool,
    /// Set from outside to end the run.
    pub cancelled: Arc<AtomicBool>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why.
    pub ending: Ending,
    /// Where the random numbers started.
    pub seed: u64,
}

/// The stack of the interpreter's thread; only what is touched is used.
const STACK: usize = 1 << 30;

/// Runs a program that has been analysed. Tells everything that happens to
/// `listener`, also the failure if there is one.
pub fn run(
    analysis: &Analysis,
    options: Options,
    input: Box<dyn BufRead + Send + '_>,
    listener: &mut (dyn Listener + Send),
) -> Outcome {
    if let Some(threads) = options.threads {
        // Fails only where a pool exists already, which then stays as it is.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let random = options.seed.map_or_else(RandomStream::from_system, RandomStream::from_seed);
    let seed = random.seed();
    let ending = std::thread::scope(|scope| {
        let run = || {
            let mut context = Context {
                device: options.device,
                random,
                default_element: options.default_element,
                listener,
                words: options.words,
                input,
                paths: SearchPath::of_script(&options.script),
                models: Vec::new(),
                cancelled: options.cancelled,
                started: Instant::now(),
                told_flat_logits: false,
            };
            interpreter::run(&analysis.program, &analysis.names, &mut context, options.check_shapes)
        };
        let thread = std::thread::Builder::new().name("run".into()).stack_size(STACK).spawn_scoped(scope, run);
        thread.map(|thread| thread.join())
    });
    let ending = match ending {
        Ok(Ok(ending)) => ending,
        // A panic has printed its own message; the run has failed.
        Ok(Err(_)) | Err(_) => Ending::Failed,
    };
    Outcome { ending, seed }
}
