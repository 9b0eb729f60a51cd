//! Writes small stories, trains a small language model on them and exports it.

mod checkpoint;
mod dice;
mod files;
mod generation;
mod gguf;
mod model;
mod plots;
mod quantise;
mod stories;
mod tokenizer;
mod training;
mod vocabulary;
mod words;

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use clap::{Parser, Subcommand};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::files::{Storage, read_model, write_model};
use crate::gguf::File;
use crate::model::Config;
use crate::quantise::Encoding;
use crate::stories::Story;
use crate::training::{Plan, State};
use crate::vocabulary::Vocabulary;

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print stories of the generator
    Stories {
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, default_value_t = 10)]
        count: u64,
        /// Print plot, character and friend before each story
        #[arg(long)]
        about: bool,
    },
    /// Train the model, or go on with a run that was stopped
    Train {
        /// Folder of the checkpoint
        #[arg(long, default_value = "checkpoints")]
        checkpoints: PathBuf,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Steps of the whole run
        #[arg(long, default_value_t = 4000)]
        steps: u64,
        /// Stories in one step
        #[arg(long, default_value_t = 18)]
        stories: usize,
        /// Highest learning rate
        #[arg(long, default_value_t = 0.004)]
        rate: f32,
        /// Steps until the highest learning rate is reached
        #[arg(long, default_value_t = 100)]
        warm_up: u64,
        /// Minutes between checkpoints
        #[arg(long, default_value_t = 3)]
        save_every: u64,
    },
    /// Write the GGUF files and tokenizer.json of a checkpoint
    Export {
        #[arg(long, default_value = "checkpoints/latest.gguf")]
        model: PathBuf,
        /// Folder that the files are written to
        #[arg(long, default_value = "..")]
        out: PathBuf,
    },
    /// Continue a prompt with the most likely tokens
    Generate {
        /// A checkpoint or an exported file
        #[arg(long, default_value = "../stories-f16.gguf")]
        model: PathBuf,
        /// Prompts, each continued by itself
        #[arg(long, default_value = "Once upon a time")]
        prompt: Vec<String>,
        /// Most tokens, prompt included
        #[arg(long, default_value_t = 256)]
        limit: usize,
        /// Print the token ids too
        #[arg(long)]
        ids: bool,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Stories { seed, count, about } => {
            for number in 0..count {
                let Story { text, hero, friend, plot } = stories::story(seed, number);
                if about {
                    println!("[{plot}: {hero}, {friend}]");
                }
                println!("{text}\n");
            }
            Ok(())
        }
        Command::Train { checkpoints, seed, steps, stories, rate, warm_up, save_every } => {
            let plan = Plan { seed, steps, stories, peak_rate: rate, warm_up };
            train(&plan, &checkpoints, Duration::from_secs(60 * save_every))
        }
        Command::Export { model, out } => export(&model, &out),
        Command::Generate { model, prompt, limit, ids } => generate(&model, &prompt, limit, ids),
    }
}

/// Number of stories from which the vocabulary is learnt.
const VOCABULARY_STORIES: u64 = 20_000;

/// Runs the steps that a plan still has, with progress on the terminal or as plain lines.
fn train(plan: &Plan, folder: &Path, save_every: Duration) -> Result<()> {
    ensure!(plan.warm_up <= plan.steps, "--warm-up {} is more than --steps {}", plan.warm_up, plan.steps);
    ensure!(plan.stories >= 2, "a step needs at least 2 stories, found {}", plan.stories);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join("latest.gguf");
    let (mut state, vocabulary) = if path.exists() {
        let (earlier, state, vocabulary) = checkpoint::load(&path)?;
        ensure!(earlier == *plan, "{} belongs to another run: {earlier:?}", path.display());
        println!("going on after step {} of {}", state.step, plan.steps);
        (state, vocabulary)
    } else {
        (State::new(Config::STORIES, plan.seed), Vocabulary::learn(plan.seed, VOCABULARY_STORIES)?)
    };
    let tokenizer = vocabulary.tokenizer()?;
    let mut progress = Progress::new(plan.steps, state.step)?;
    let mut saved = Instant::now();
    while state.step < plan.steps {
        let (loss, tokens) = training::step(&mut state, plan, &tokenizer)?;
        ensure!(loss.is_finite(), "the loss is not finite after step {}", state.step);
        progress.tell(state.step, loss, tokens);
        if saved.elapsed() > save_every {
            checkpoint::save(&path, plan, &state, &vocabulary)?;
            saved = Instant::now();
        }
    }
    checkpoint::save(&path, plan, &state, &vocabulary)?;
    println!("finished {} steps: {}", plan.steps, path.display());
    Ok(())
}

/// Loss, speed and time left: a bar on a terminal, a line every 20 steps elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    steps: u64,
    first: u64,
    start: Instant,
    tokens: usize,
    loss: f32,
}

impl Progress {
    fn new(steps: u64, done: u64) -> Result<Self> {
        let bar = if std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?;
            Some(ProgressBar::new(steps).with_position(done).with_style(style))
        } else {
            None
        };
        Ok(Self { bar, steps, first: done, start: Instant::now(), tokens: 0, loss: f32::NAN })
    }

    fn tell(&mut self, step: u64, loss: f32, tokens: usize) {
        self.tokens += tokens;
        self.loss = if self.loss.is_nan() { loss } else { 0.95 * self.loss + 0.05 * loss };
        let passed = self.start.elapsed();
        let left = passed.mul_f64((self.steps - step) as f64 / (step - self.first) as f64);
        let speed = self.tokens as f64 / passed.as_secs_f64();
        let message = format!("loss {:.3}  {speed:.0} tokens/s  {} left", self.loss, HumanDuration(left));
        match &self.bar {
            Some(bar) => {
                bar.set_position(step);
                bar.set_message(message);
            }
            None if step.is_multiple_of(20) || step == self.steps => {
                println!("step {step}/{}  {message}", self.steps)
            }
            None => {}
        }
    }
}

/// The exported files: name and storage.
const EXPORTS: [(&str, Storage); 3] = [
    ("stories-f16.gguf", Storage::all(Encoding::F16)),
    ("stories-q8_0.gguf", Storage::all(Encoding::Q8_0)),
    ("stories-q4_0.gguf", Storage::all(Encoding::Q4_0)),
];

fn export(model: &Path, out: &Path) -> Result<()> {
    let (config, parameters, vocabulary) = read_model(&File::read(model)?)?;
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    for (name, storage) in EXPORTS {
        let path = out.join(name);
        write_model(&config, &parameters, &vocabulary, storage).write(&path)?;
        println!("{} {} bytes", path.display(), fs::metadata(&path)?.len());
    }
    let path = out.join("tokenizer.json");
    vocabulary.tokenizer()?.save(&path, true).map_err(|error| anyhow!(error))?;
    println!("{} {} bytes", path.display(), fs::metadata(&path)?.len());
    Ok(())
}

fn generate(model: &Path, prompts: &[String], limit: usize, show_ids: bool) -> Result<()> {
    let (config, parameters, vocabulary) = read_model(&File::read(model)?)?;
    let tokenizer = vocabulary.tokenizer()?;
    let network = generation::network(&config, &parameters);
    for prompt in prompts {
        let ids = generation::prompt_ids(&tokenizer, prompt)?;
        let (ids, ended) = generation::continuation(&network, &config, &ids, limit)?;
        let text = tokenizer.decode(&ids, true).map_err(|error| anyhow!(error))?;
        println!("{text}{}\n", if ended { "" } else { " ..." });
        if show_ids {
            println!("{ids:?}\n");
        }
    }
    Ok(())
}
