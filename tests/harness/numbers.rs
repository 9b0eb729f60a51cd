//! The numbers of a whole model against the reference in NumPy: the logits of
//! one position, and the tokens that follow from them.

use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::tool::Finished;
use crate::{Trials, models, tool};

/// A text's first token is 1; the others are any.
pub const TOKENS: [u32; 16] = [1, 35, 90, 12, 7, 99, 200, 3, 4, 5, 100, 101, 102, 17, 18, 250];

/// How many tokens the greedy comparison goes on.
const STEPS: usize = 50;

/// Weights that are plain numbers leave only float32's own rounding.
const PLAIN: f64 = 2e-4;

/// Weights in blocks may be multiplied in blocks, which rounds activations.
const BLOCKS: f64 = 2e-2;

/// One trial for each kind of model and question.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    for (kind, bound) in [("f32", PLAIN), ("f16", PLAIN), ("q8_0", BLOCKS), ("q4_0", BLOCKS)] {
        let name = format!("numbers: logits of random {kind} models agree with NumPy within {bound}");
        trials.push(Trial::test(name, move || random_logits(kind, bound)));
    }
    for (kind, bound) in [("f16", PLAIN), ("q8_0", BLOCKS), ("q4_0", BLOCKS)] {
        let name = format!("numbers: logits of stories-{kind} agree with NumPy within {bound}");
        trials.push(Trial::test(name, move || shipped_logits(kind, bound)));
    }
    for kind in ["f32", "f16", "q8_0", "q4_0"] {
        let name = format!("numbers: a random {kind} model draws the tokens that NumPy draws");
        trials.push(Trial::test(name, move || same_tokens(&models::random(kind, 1)?)));
    }
    for kind in models::SHIPPED {
        let name = format!("numbers: stories-{kind} draws the tokens that NumPy draws");
        trials.push(Trial::test(name, move || same_tokens(&models::shipped(kind))));
    }
    Ok(trials)
}

fn random_logits(kind: &str, bound: f64) -> Result<(), Failed> {
    let mut distances = Vec::new();
    for seed in models::SEEDS {
        distances.push(distance_from_reference(&models::random(kind, *seed)?)?);
    }
    distances.sort_by(f64::total_cmp);
    // Plain numbers must agree for every seed, blocks for the median one.
    let decisive = if bound == PLAIN { distances.len() - 1 } else { distances.len() / 2 };
    within(distances[decisive], bound)
}

fn shipped_logits(kind: &str, bound: f64) -> Result<(), Failed> {
    within(distance_from_reference(&models::shipped(kind))?, bound)
}

fn within(distance: f64, bound: f64) -> Result<(), Failed> {
    if distance <= bound {
        Ok(())
    } else {
        Err(format!("the logits differ by {distance:.2e}, allowed are {bound}").into())
    }
}

fn distance_from_reference(model: &Path) -> Result<f64, Failed> {
    let expected = models::reference_logits(model, &TOKENS)?;
    let found = logits(tool::command()?, model, &TOKENS, "cpu")?;
    distance(&found, &expected)
}

/// How far two lists of logits lie apart, relative to the second (Frobenius).
pub fn distance(found: &[f64], expected: &[f64]) -> Result<f64, Failed> {
    if found.len() != expected.len() {
        return Err(format!("expected {} logits, found {}", expected.len(), found.len()).into());
    }
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|x| x * x).sum::<f64>().sqrt();
    let difference = norm(&mut found.iter().zip(expected).map(|(a, b)| a - b));
    Ok(difference / norm(&mut expected.iter().copied()))
}

/// The logits behind the last token, computed by `tl`.
pub fn logits(command: std::process::Command, model: &Path, tokens: &[u32], device: &str) -> Result<Vec<f64>, Failed> {
    let finished = ask(command, model, tokens, 0, device)?;
    finished.output.lines().map(|line| Ok(line.parse()?)).collect()
}

/// The greedy continuation, computed by `tl`.
pub fn greedy(model: &Path, tokens: &[u32], steps: usize) -> Result<Vec<u32>, Failed> {
    let finished = ask(tool::command()?, model, tokens, steps, "cpu")?;
    finished.output.lines().map(|line| Ok(line.parse()?)).collect()
}

fn ask(
    mut command: std::process::Command,
    model: &Path,
    tokens: &[u32],
    steps: usize,
    device: &str,
) -> Result<Finished, Failed> {
    command.args(["run", "tests/reference/logits.tl", "--device", device, "--", "--model"]).arg(model);
    command.args(["--tokens", &models::ids(tokens), "--steps", &steps.to_string()]);
    tool::finish(&mut command)?.expect_code(0)
}

/// Tokens are equal, or the reference's two best lie close together; then the
/// comparison goes on with the reference's token.
fn same_tokens(model: &Path) -> Result<(), Failed> {
    let expected = models::reference_greedy(model, &TOKENS, STEPS)?;
    let mut read = TOKENS.to_vec();
    let mut at = 0;
    while at < STEPS {
        let found = greedy(model, &read, STEPS - at)?;
        let differs = (at..STEPS).find(|step| found.get(step - at) != Some(&expected[*step].token));
        let Some(step) = differs else { break };
        if !expected[step].is_close {
            let found = found.get(step - at);
            return Err(format!("step {step}: expected {}, found {found:?}", expected[step].token).into());
        }
        read.extend(expected[at..=step].iter().map(|step| step.token));
        at = step + 1;
    }
    Ok(())
}
