//! How much memory a model takes to run, estimated from its sizes.

use super::Index;

/// The bytes of a number while it is computed with: every float lives in 32 bits.
const NUMBER: u64 = 4;

/// How much memory a model takes to run, in bytes. What the metadata does not
/// say is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The weights as they lie in the file, which is mapped.
    pub weights: u64,
    /// The longest context, in tokens.
    pub context: Option<u64>,
    /// The keys and values of the whole context in all layers.
    pub cache: Option<u64>,
    /// The largest intermediate results while one token is added to a full context.
    pub step: Option<u64>,
    /// The largest intermediate results when a prompt as long as the context is
    /// computed at once.
    pub prompt: Option<u64>,
}

impl Memory {
    /// The memory of this model.
    pub fn of(index: &Index) -> Memory {
        let context = index.context_length();
        Memory {
            weights: index.data_bytes(),
            context,
            cache: context.and_then(|context| cache(index, context)),
            step: context.and_then(|context| intermediate(index, 1, context)),
            prompt: context.and_then(|context| intermediate(index, context, context)),
        }
    }

    /// All of it while tokens are generated one by one.
    pub fn total(&self) -> Option<u64> {
        self.weights.checked_add(self.cache?)?.checked_add(self.step?)
    }
}

fn product(numbers: &[u64]) -> Option<u64> {
    numbers.iter().try_fold(1u64, |product, number| product.checked_mul(*number))
}

fn sum(numbers: &[Option<u64>]) -> Option<u64> {
    numbers.iter().try_fold(0u64, |sum, number| sum.checked_add((*number)?))
}

/// A key and a value for each layer, token and key-value head.
fn cache(index: &Index, context: u64) -> Option<u64> {
    let pair = index.key_length()?.checked_add(index.value_length()?)?;
    product(&[index.block_count()?, context, index.head_count_kv()?, pair, NUMBER])
}

/// The largest results that live at the same time, for `tokens` new tokens in a
/// context of `context`: in a layer those of the attention (queries, scores
/// before and after the softmax, the result) or of the feed-forward network
/// (gate, up, product), beside the residual stream and its normed copy; behind
/// the layers the logits of the last token.
fn intermediate(index: &Index, tokens: u64, context: u64) -> Option<u64> {
    let (stream, heads) = (index.embedding_length()?, index.head_count()?);
    let queries = product(&[heads, index.key_length()?]);
    let scores = product(&[2, heads, context]);
    let attention = sum(&[product(&[2, stream]), queries, scores, product(&[heads, index.value_length()?])])?;
    let feed_forward = sum(&[product(&[2, stream]), product(&[3, index.feed_forward_length()?])])?;
    let layer = product(&[tokens, attention.max(feed_forward), NUMBER])?;
    let vocabulary = index.find("output.weight").and_then(|tensor| tensor.shape.first().copied());
    let logits = sum(&[product(&[tokens, stream]), Some(vocabulary.unwrap_or_default() as u64)])?;
    Some(layer.max(product(&[logits, NUMBER])?))
}
