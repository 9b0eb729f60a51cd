//! Starting a run: threads, device, random numbers and the stack that deep
//! recursion needs; then the interpreter. A fault of ours that ends in a panic
//! is told as a failure of the run, like every other end.

use std::any::Any;
use std::io::BufRead;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use tensorlogic_language::diagnostic::{Code, Diagnostic};
use tensorlogic_language::event::{Event, Failure, Listener};
use tensorlogic_language::files::SearchPath;
use tensorlogic_language::inference::Promises;
use tensorlogic_language::program::Analysis;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Span;

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
    /// What every value is compared with besides: what was found of it before
    /// the run. Nothing is compared where nothing is promised.
    pub promises: Promises,
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
    let (file, beginning) = (analysis.program.file, analysis.program.beginning);
    listener.tell(Event::Started { file, device: options.device.description(), seed });
    let ending = std::thread::scope(|scope| {
        let run = || {
            let mut context = Context {
                device: options.device,
                random,
                default_element: options.default_element,
                listener: &mut *listener,
                place: beginning,
                words: options.words,
                input,
                paths: SearchPath::of_script(&options.script),
                models: Vec::new(),
                cancelled: options.cancelled,
                started: Instant::now(),
                told_flat_logits: false,
                sampled: 0,
            };
            let run = || interpreter::run(analysis, &mut context, options.check_shapes, &options.promises);
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
                context.listener.tell(own_fault(context.place, &message_of(&*panic)));
                Ending::Failed
            })
        };
        let thread = std::thread::Builder::new().name("run".into()).stack_size(STACK).spawn_scoped(scope, run);
        thread.map(|thread| thread.join())
    });
    let problem = match ending {
        Ok(Ok(ending)) => return Outcome { ending, seed },
        Ok(Err(panic)) => message_of(&*panic),
        Err(error) => format!("the run's thread cannot be started: {error}"),
    };
    listener.tell(own_fault(beginning, &problem));
    Outcome { ending: Ending::Failed, seed }
}

/// The failure of a run in which we did what we never should.
fn own_fault(place: Span, problem: &str) -> Event {
    let diagnostic = Diagnostic::new(Code::RuntimeError, place, format!("the run cannot go on: {problem}"))
        .note("this is a fault of TensorLogic's tools, not of the script")
        .help("report it together with the script");
    Event::Failed(Box::new(Failure { diagnostic, calls: Vec::new() }))
}

/// What a panic says.
fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "something unexpected happened".into())
}

#[cfg(test)]
mod tests;
