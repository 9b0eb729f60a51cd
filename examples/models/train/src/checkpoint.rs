//! A run on disk: weights, moments and plan in one GGUF file with F32 tensors.
//!
//! A checkpoint is at the same time a complete model that `generate` and `export` can read.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::files::{Storage, read_model, read_parameters, write_model};
use crate::gguf::{File, Stored, Value};
use crate::model::Parameter;
use crate::quantise::Encoding;
use crate::training::{Plan, State};
use crate::vocabulary::Vocabulary;

const MEAN: &str = "mean.";
const SQUARE: &str = "square.";

pub fn save(path: &Path, plan: &Plan, state: &State, vocabulary: &Vocabulary) -> Result<()> {
    let mut file = write_model(&state.config, &state.parameters, vocabulary, Storage::all(Encoding::F32));
    file.set("training.step", Value::U64(state.step));
    file.set("training.steps", Value::U64(plan.steps));
    file.set("training.seed", Value::U64(plan.seed));
    file.set("training.stories", Value::U64(plan.stories as u64));
    file.set("training.peak_rate", Value::F32(plan.peak_rate));
    file.set("training.warm_up", Value::U64(plan.warm_up));
    for (prefix, moments) in [(MEAN, &state.means), (SQUARE, &state.squares)] {
        let stored = state.parameters.iter().zip(moments).map(|(parameter, values)| {
            Stored::encode(&format!("{prefix}{}", parameter.name), &parameter.shape, values, Encoding::F32)
        });
        file.tensors.extend(stored);
    }
    file.write(path)
}

pub fn load(path: &Path) -> Result<(Plan, State, Vocabulary)> {
    let file = File::read(path)?;
    let (config, parameters, vocabulary) = read_model(&file)?;
    let plan = Plan {
        seed: file.count("training.seed")? as u64,
        steps: file.count("training.steps")? as u64,
        stories: file.count("training.stories")?,
        peak_rate: file.float("training.peak_rate")?,
        warm_up: file.count("training.warm_up")? as u64,
    };
    ensure!(plan.warm_up <= plan.steps, "the plan warms up longer than it runs");
    let moments = |prefix| -> Result<Vec<Vec<f32>>> {
        let tensors: Vec<Parameter> = read_parameters(&file, &config, prefix)?;
        Ok(tensors.into_iter().map(|tensor| tensor.values).collect())
    };
    let (means, squares) = (moments(MEAN)?, moments(SQUARE)?);
    let step = file.count("training.step")? as u64;
    Ok((plan, State { config, parameters, means, squares, step }, vocabulary))
}
