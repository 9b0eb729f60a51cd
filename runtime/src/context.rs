//! The surroundings of a run, as kernels see them: the device, the stream of
//! random numbers, the listener, the script's arguments and where files lie.

use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tensorlogic_language::event::{Event, Listener};
use tensorlogic_language::files::SearchPath;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::source::Span;

use crate::device::Device;
use crate::failure::{Failure, Stop};
use crate::model::Model;
use crate::random::RandomStream;
use crate::tensor::Tensor;
use crate::value::{Array, Value};

/// The surroundings of one run.
pub struct Context<'r> {
    /// Where tensors live.
    pub device: Device,
    /// The run's one stream of random numbers.
    pub random: RandomStream,
    /// The element type of what names none.
    pub default_element: ElementType,
    /// Who hears what happens.
    pub listener: &'r mut dyn Listener,
    /// The call of a builtin that is in progress.
    pub place: Span,
    /// The words after `--`.
    pub words: Vec<String>,
    /// What `input` reads.
    pub input: Box<dyn BufRead + 'r>,
    /// Where relative paths are looked for.
    pub paths: SearchPath,
    /// The models loaded so far, oldest first.
    pub models: Vec<Model>,
    /// Set from outside to end the run.
    pub cancelled: Arc<AtomicBool>,
    /// When the run began.
    pub started: Instant,
    /// Whether the notice on flat logits has been given.
    pub told_flat_logits: bool,
    /// How many tokens were drawn.
    pub sampled: u64,
}

impl Context<'_> {
    /// Tells what the script printed.
    pub fn output(&mut self, text: impl Into<String>) {
        self.listener.tell(Event::Output { text: text.into(), place: self.place });
    }

    /// Tells what the script wrote to the error stream.
    pub fn error_output(&mut self, text: impl Into<String>) {
        self.listener.tell(Event::ErrorOutput { text: text.into(), place: self.place });
    }

    /// Tells that a token was drawn.
    pub fn sampled(&mut self, id: u32) {
        self.sampled += 1;
        self.listener.tell(Event::Sampled { id, count: self.sampled });
    }

    /// Tells something to know that does not stop the run.
    pub fn notice(&mut self, text: impl Into<String>) {
        self.listener.tell(Event::Notice(text.into()));
    }

    /// Ends the run when somebody asked for it.
    pub fn check_cancelled(&self) -> Result<(), Stop> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Stop::Cancelled) } else { Ok(()) }
    }

    /// The value as a tensor on the run's device: weights are decoded to their
    /// compute type, numbers become weak 0-d tensors, numeric arrays weak rank-1
    /// tensors, arrays of tensors are stacked.
    pub fn tensor(&self, value: &Value) -> Result<Tensor, Failure> {
        let weak = |values: Vec<f32>, shape: &[usize]| {
            Tensor::from_floats(values, shape, self.default_element, &self.device).map(Tensor::weak)
        };
        Ok(match value {
            Value::Tensor(tensor) => tensor.clone(),
            Value::Weight(_, weight) => weight.to_tensor(&self.device)?,
            Value::Feature(model, path) => model.weight(&format!("{path}.weight"))?.to_tensor(&self.device)?,
            Value::Integer(n) => weak(vec![*n as f32], &[])?,
            Value::Float(x) => weak(vec![*x as f32], &[])?,
            Value::Boolean(b) => weak(vec![f32::from(*b)], &[])?,
            Value::Tokens(ids) => weak(ids.iter().map(|id| *id as f32).collect(), &[ids.len()])?,
            Value::Array(array) => match &**array {
                Array::Integer(all) => weak(all.iter().map(|n| *n as f32).collect(), &[all.len()])?,
                Array::Float(all) => weak(all.iter().map(|x| *x as f32).collect(), &[all.len()])?,
                Array::Boolean(all) => weak(all.iter().map(|b| f32::from(*b)).collect(), &[all.len()])?,
                Array::Tensor(_) | Array::String(_) => {
                    return Err(Failure::runtime(format!("a tensor is needed here, found {}", value.describe())));
                }
            },
            other => return Err(Failure::runtime(format!("a tensor is needed here, found {}", other.describe()))),
        })
    }
}
