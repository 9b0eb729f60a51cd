//! Training: batches of fresh stories, cross entropy, AdamW.
//!
//! A step depends on the state before it and on its own number only. Stories are drawn from dice
//! that the number chooses, so a run that was stopped and resumed gives the same weights as one
//! that was not.

use std::thread;

use anyhow::{Result, anyhow};
use burn::tensor::Device;
use tokenizers::Tokenizer;

use crate::dice::Dice;
use crate::model::{Config, Network, Parameter, Rows, initial, values};
use crate::stories::write_story;
use crate::vocabulary::{BOS, EOS};

/// What a run is; a resumed run must have the same plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub seed: u64,
    pub steps: u64,
    /// Stories in one step.
    pub stories: usize,
    pub peak_rate: f32,
    pub warm_up: u64,
}

impl Plan {
    /// Linear warm-up, then half a cosine down to a hundredth of the peak.
    pub fn rate(&self, step: u64) -> f32 {
        if step < self.warm_up {
            return self.peak_rate * (step + 1) as f32 / self.warm_up as f32;
        }
        let done = (step - self.warm_up) as f32 / (self.steps - self.warm_up).max(1) as f32;
        let cosine = 0.5 + 0.5 * (std::f32::consts::PI * done.min(1.0)).cos();
        self.peak_rate * (0.01 + 0.99 * cosine)
    }
}

/// Everything that a checkpoint keeps of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub config: Config,
    pub parameters: Vec<Parameter>,
    /// Running means of the gradients and of their squares, in the order of the parameters.
    pub means: Vec<Vec<f32>>,
    pub squares: Vec<Vec<f32>>,
    /// Number of finished steps.
    pub step: u64,
}

impl State {
    pub fn new(config: Config, seed: u64) -> Self {
        let parameters = initial(&config, seed);
        let zeros: Vec<_> = parameters.iter().map(|p| vec![0.0; p.values.len()]).collect();
        Self { config, parameters, means: zeros.clone(), squares: zeros, step: 0 }
    }
}

/// Rows with the token that follows each position; padding has no weight.
pub struct Batch {
    pub rows: Rows,
    pub targets: Vec<i32>,
    pub weights: Vec<f32>,
}

/// The two halves of a step: one whole story in each row.
///
/// The stories are sorted by length and divided where both halves, with their rows padded to the
/// longest, are about the same work.
pub fn batches(plan: &Plan, step: u64, tokenizer: &Tokenizer) -> Result<[Batch; 2]> {
    let mut dice = Dice::new(plan.seed, step);
    let mut stories = Vec::with_capacity(plan.stories);
    while stories.len() < plan.stories {
        let ids = document_ids(&write_story(&mut dice).text, tokenizer)?;
        if ids.len() <= LONGEST {
            stories.push(ids);
        }
    }
    stories.sort_by_key(Vec::len);
    let room = |half: &[Vec<i32>]| half.len() * half.last().map_or(0, Vec::len);
    let divide = (1..stories.len()).min_by_key(|&at| room(&stories[..at]).max(room(&stories[at..])));
    let (short, long) = stories.split_at(divide.unwrap_or(stories.len()));
    Ok([Batch::new(short), Batch::new(long)])
}

/// Longer stories, in tokens with both ends, are left out.
pub const LONGEST: usize = 160;

impl Batch {
    /// Pads the rows; after the end of a story the beginning of another is to be expected.
    fn new(stories: &[Vec<i32>]) -> Self {
        let length = stories.iter().map(Vec::len).max().unwrap_or(0);
        let padded = |ids: &[i32]| -> Vec<i32> {
            ids.iter().copied().chain(std::iter::repeat(BOS as i32)).take(length).collect()
        };
        let ids = stories.iter().flat_map(|story| padded(story)).collect();
        let targets = stories.iter().flat_map(|story| padded(&story[1..])).collect();
        let weights = stories.iter().flat_map(|story| (0..length).map(|at| f32::from(at < story.len())));
        Self { weights: weights.collect(), rows: Rows { count: stories.len(), length, ids }, targets }
    }
}

/// `<s> story </s>` as ids.
fn document_ids(text: &str, tokenizer: &Tokenizer) -> Result<Vec<i32>> {
    let encoding = tokenizer.encode_fast(text, true).map_err(|error| anyhow!(error))?;
    Ok(encoding.get_ids().iter().chain([&EOS]).map(|&id| id as i32).collect())
}

/// Mean loss per token and gradients of a batch, with the weights divided by `total`.
fn loss_and_gradients(config: &Config, parameters: &[Parameter], batch: &Batch, total: f32) -> (f32, Vec<Vec<f32>>) {
    let network = Network::new(config, parameters, &Device::flex().autodiff()).learning();
    let logits = network.logits(&batch.rows);
    let mut by_logits = values(logits.clone().detach());
    let mut loss = 0.0;
    let positions = by_logits.chunks_exact_mut(config.vocabulary).zip(&batch.targets).zip(&batch.weights);
    for ((position, &target), &weight) in positions {
        loss += weight / total * cross_entropy(position, target as usize, weight / total);
    }
    (loss, network.gradients(logits, by_logits))
}

/// The negated log-probability of the target; the logits become its derivative times `weight`.
fn cross_entropy(logits: &mut [f32], target: usize, weight: f32) -> f32 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let own = logits[target] - largest;
    for logit in logits.iter_mut() {
        *logit = (*logit - largest).exp();
    }
    let total: f32 = logits.iter().sum();
    for logit in logits.iter_mut() {
        *logit *= weight / total;
    }
    logits[target] -= weight;
    total.ln() - own
}

/// One step of a run; returns the mean loss per token in nats and the number of tokens.
pub fn step(state: &mut State, plan: &Plan, tokenizer: &Tokenizer) -> Result<(f32, usize)> {
    let [first, second] = batches(plan, state.step, tokenizer)?;
    let tokens: f32 = first.weights.iter().chain(&second.weights).sum();
    let (config, parameters) = (&state.config, &state.parameters);
    let (one, two) = thread::scope(|scope| {
        let other = scope.spawn(|| loss_and_gradients(config, parameters, &second, tokens));
        let one = loss_and_gradients(config, parameters, &first, tokens);
        (one, other.join())
    });
    let two = two.map_err(|_| anyhow!("the second half of the batch could not be computed"))?;
    let mut gradients = one.1;
    for (sum, part) in gradients.iter_mut().flatten().zip(two.1.iter().flatten()) {
        *sum += part;
    }
    adam_w(state, &gradients, plan.rate(state.step));
    state.step += 1;
    Ok((one.0 + two.0, tokens as usize))
}

const BETA_MEAN: f32 = 0.9;
const BETA_SQUARE: f32 = 0.98;
const DECAY: f32 = 0.05;
const LARGEST_NORM: f32 = 1.0;

/// AdamW (Loshchilov and Hutter 2019) after clipping the norm of all gradients together.
///
/// Only matrices decay.
fn adam_w(state: &mut State, gradients: &[Vec<f32>], rate: f32) {
    let norm = gradients.iter().flatten().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt() as f32;
    let clip = if norm > LARGEST_NORM { LARGEST_NORM / norm } else { 1.0 };
    let time = i32::try_from(state.step + 1).unwrap_or(i32::MAX);
    let (mean_unbiased, square_unbiased) = (1.0 - BETA_MEAN.powi(time), 1.0 - BETA_SQUARE.powi(time));
    let moments = state.means.iter_mut().zip(&mut state.squares);
    for ((parameter, (means, squares)), gradient) in state.parameters.iter_mut().zip(moments).zip(gradients) {
        let decay = if parameter.shape.len() > 1 { 1.0 - rate * DECAY } else { 1.0 };
        let moments = means.iter_mut().zip(squares.iter_mut());
        for ((value, (mean, square)), gradient) in parameter.values.iter_mut().zip(moments).zip(gradient) {
            let gradient = gradient * clip;
            *mean = BETA_MEAN * *mean + (1.0 - BETA_MEAN) * gradient;
            *square = BETA_SQUARE * *square + (1.0 - BETA_SQUARE) * gradient * gradient;
            let update = *mean / mean_unbiased / ((*square / square_unbiased).sqrt() + 1e-8);
            *value = *value * decay - rate * update;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint;
    use crate::model::tests::TINY;
    use crate::vocabulary::tests::small;

    const PLAN: Plan = Plan { seed: 5, steps: 6, stories: 3, peak_rate: 0.01, warm_up: 2 };

    #[test]
    fn a_resumed_run_equals_an_unbroken_one() -> Result<()> {
        let vocabulary = small();
        let tokenizer = vocabulary.tokenizer()?;
        let mut unbroken = State::new(TINY, PLAN.seed);
        let folder = std::env::temp_dir().join(format!("story-model-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let path = folder.join("checkpoint.gguf");
        let mut losses = Vec::new();
        for _ in 0..PLAN.steps {
            if unbroken.step == 3 {
                checkpoint::save(&path, &PLAN, &unbroken, &vocabulary)?;
            }
            losses.push(step(&mut unbroken, &PLAN, &tokenizer)?.0);
        }
        let (plan, mut resumed, words) = checkpoint::load(&path)?;
        std::fs::remove_dir_all(&folder)?;
        assert_eq!((plan, words, resumed.step), (PLAN, vocabulary, 3));
        for _ in 3..PLAN.steps {
            step(&mut resumed, &PLAN, &tokenizer)?;
        }
        assert_eq!(resumed, unbroken);
        assert!(losses[5] < losses[0], "the loss should fall: {losses:?}");
        Ok(())
    }

    #[test]
    fn rows_are_whole_stories() -> Result<()> {
        let tokenizer = small().tokenizer()?;
        for number in 0..20 {
            for batch in batches(&Plan { stories: 9, ..PLAN }, number, &tokenizer)? {
                let Rows { count, length, ids } = &batch.rows;
                assert!(*count > 0 && *length <= LONGEST);
                assert_eq!([ids.len(), batch.targets.len(), batch.weights.len()], [count * length; 3]);
                for (row, weights) in ids.chunks(*length).zip(batch.weights.chunks(*length)) {
                    let end = weights.iter().filter(|weight| **weight > 0.0).count() - 1;
                    assert!(end >= 60, "a story of {end} tokens");
                    assert_eq!((row[0], row[end]), (BOS as i32, EOS as i32));
                }
            }
        }
        Ok(())
    }

    #[test]
    fn the_rate_rises_and_falls() {
        let plan = Plan { steps: 100, warm_up: 10, ..PLAN };
        assert!(plan.rate(0) < plan.rate(5) && plan.rate(5) < plan.rate(10));
        assert!(plan.rate(10) > plan.rate(50) && plan.rate(50) > plan.rate(99));
        assert!(plan.rate(99) < plan.peak_rate / 50.0);
    }

    #[test]
    fn cross_entropy_of_equal_logits() {
        let mut logits = [2.0; 4];
        assert!((cross_entropy(&mut logits, 1, 0.5) - 4.0_f32.ln()).abs() < 1e-6);
        assert_eq!(logits, [0.125, -0.375, 0.125, 0.125]);
    }
}
