//! Greedy continuation of a prompt, to look at what a model has learnt.

use anyhow::{Result, anyhow, ensure};
use burn::tensor::{Device, Tensor};
use tokenizers::Tokenizer;

use crate::model::{Config, Network, Parameter, Rows, values};
use crate::vocabulary::EOS;

/// The prompt and what follows it, up to the end of the story or `limit` tokens in all.
///
/// The second result tells whether the story came to its end. The whole row is computed again for
/// each token: a simple loop that serves as a reference for faster ones.
pub fn continuation(network: &Network, config: &Config, prompt: &[u32], limit: usize) -> Result<(Vec<u32>, bool)> {
    ensure!(!prompt.is_empty(), "the prompt has no tokens");
    ensure!(
        prompt.iter().all(|&id| (id as usize) < config.vocabulary),
        "the prompt has ids outside of the vocabulary of {}",
        config.vocabulary
    );
    let mut ids = prompt.to_vec();
    while ids.len() < limit.min(config.context) {
        let logits: Tensor<2> = network.logits(&Rows::single(&ids));
        let last = values(logits.narrow(0, ids.len() - 1, 1));
        let next = (0..last.len()).reduce(|best, id| if last[id] > last[best] { id } else { best });
        let next = next.unwrap_or(EOS as usize) as u32;
        if next == EOS {
            return Ok((ids, true));
        }
        ids.push(next);
    }
    Ok((ids, false))
}

/// A network for generation on the CPU.
pub fn network(config: &Config, parameters: &[Parameter]) -> Network {
    Network::new(config, parameters, &Device::flex())
}

/// The ids of a prompt behind the begin token.
pub fn prompt_ids(tokenizer: &Tokenizer, prompt: &str) -> Result<Vec<u32>> {
    let encoding = tokenizer.encode(prompt, true).map_err(|error| anyhow!(error))?;
    Ok(encoding.get_ids().to_vec())
}
