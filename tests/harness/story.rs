//! The chat scripts with the shipped models: stories begin with the prompt,
//! come to an end, and can be repeated.

use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::{Trials, models, tool};

/// One trial for each promise.
pub fn trials() -> Trials {
    let mut trials: Vec<Trial> = models::SHIPPED
        .iter()
        .map(|kind| {
            let name = format!("story: chat.tl tells a story of 30 to 200 tokens with stories-{kind}");
            Trial::test(name, move || a_story_ends(&models::shipped(kind)))
        })
        .collect();
    let mut add = |name: &str, check: fn() -> Result<(), Failed>| {
        trials.push(Trial::test(format!("story: {name}"), check));
    };
    add("chat.tl needs no argument", no_argument);
    add("the tokenizer in a model's file does as well", tokenizer_of_model);
    add("other prompts give other stories", other_prompts);
    add("the same seed gives the same text, another seed another one", seeds);
    add("a limit on tokens is kept", limit);
    add("seed_chat.tl and chat.tl draw the same tokens", seed_chat);
    Ok(trials)
}

/// What a story takes from its first word to its end.
const LENGTHS: std::ops::RangeInclusive<usize> = 30..=200;

/// What `chat.tl` told.
struct Story {
    text: String,
    /// How many tokens were drawn, the end mark included.
    drawn: usize,
}

fn chat(flags: &[&str], words: &[&str]) -> Result<Story, Failed> {
    let arguments = ["run", "--device", "cpu", "--stats"].iter().chain(flags).chain(&["examples/chat.tl", "--"]);
    let finished = tool::tl(arguments.chain(words))?.expect_code(0)?;
    let drawn = finished.errors.lines().find_map(|line| line.strip_prefix("tokens ")).map(str::trim);
    let drawn = drawn.ok_or_else(|| format!("--stats told no tokens\n{}", finished.describe()))?.parse()?;
    Ok(Story { text: finished.output, drawn })
}

fn a_story_ends(model: &Path) -> Result<(), Failed> {
    let most = (LENGTHS.end() + 1).to_string();
    let model = model.display().to_string();
    let story = chat(&[], &["--model", &model, "--tokens", &most])?;
    // The last token drawn is the end mark, which is no part of the story.
    if story.drawn > *LENGTHS.end() || !LENGTHS.contains(&(story.drawn - 1)) {
        return Err(format!("{} tokens were drawn\n{}", story.drawn, story.text).into());
    }
    if !story.text.starts_with("Once upon a time") || !story.text.ends_with('\n') {
        return Err(format!("this does not begin or end as a story does:\n{}", story.text).into());
    }
    Ok(())
}

fn no_argument() -> Result<(), Failed> {
    let finished = tool::tl(["run", "examples/chat.tl"])?.expect_code(0)?;
    if !finished.output.starts_with("Once upon a time") || !finished.errors.is_empty() {
        return Err(finished.describe().into());
    }
    Ok(())
}

fn tokenizer_of_model() -> Result<(), Failed> {
    let (with, without) = (chat(&[], &["--tokenizer", "models/stories-q4_0.gguf"])?, chat(&[], &[])?);
    if with.text == without.text { Ok(()) } else { Err(format!("{}\n{}", with.text, without.text).into()) }
}

fn other_prompts() -> Result<(), Failed> {
    let mut rest_of_stories: Vec<String> = Vec::new();
    for prompt in ["Once upon a time", "One day", "Tom and Lily", "The little dog"] {
        let story = chat(&[], &["--prompt", prompt])?.text;
        let Some(rest) = story.strip_prefix(prompt) else {
            return Err(format!("the story of `{prompt}` begins otherwise:\n{story}").into());
        };
        if rest.split_whitespace().count() < 10 || rest_of_stories.iter().any(|other| other == rest) {
            return Err(format!("`{prompt}` gives no story of its own:\n{story}").into());
        }
        rest_of_stories.push(rest.to_owned());
    }
    Ok(())
}

fn seeds() -> Result<(), Failed> {
    let story = |seed| Ok::<_, Failed>(chat(&["--seed", seed], &["--temperature", "0.8"])?.text);
    let first = story("7")?;
    let again = story("7")?;
    if first != again {
        return Err(format!("seed 7 gives\n{first}\nand then\n{again}").into());
    }
    if first == story("8")? {
        return Err(format!("seeds 7 and 8 both give\n{first}").into());
    }
    Ok(())
}

fn limit() -> Result<(), Failed> {
    let story = chat(&[], &["--tokens", "5"])?;
    if story.drawn == 5 { Ok(()) } else { Err(format!("{} tokens were drawn", story.drawn).into()) }
}

/// `seed_chat.tl` prints the whole text after every token.
fn seed_chat() -> Result<(), Failed> {
    let story = chat(&[], &[])?;
    let finished = tool::tl(["run", "--device", "cpu", "examples/seed_chat.tl"])?.expect_code(0)?;
    let count = format!("Generated {} tokens\n", story.drawn - 1);
    if !finished.output.ends_with(&count) {
        return Err(format!("expected the last line {count}{}", finished.describe()).into());
    }
    let text = story.text.trim_end_matches('\n');
    if !finished.output.contains(&format!("\n{text} \n[EOS detected")) {
        return Err(format!("expected the story\n{text}\n{}", finished.describe()).into());
    }
    Ok(())
}
