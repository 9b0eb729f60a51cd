//! The language model: a small Llama on burn tensors.
//!
//! Weights live as plain vectors under their GGUF names, so that training, checkpoints and export
//! share one form. A `Network` is these weights on a device; it computes the logits of whole rows.
//! Weight matrices have the shape `[out, in]`; the pairs that rotary positions turn are adjacent,
//! as in GGUF files of the architecture "llama".

use burn::tensor::activation::silu;
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::dice::Dice;

/// Sizes and constants of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub vocabulary: usize,
    pub width: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub feed_forward: usize,
    pub context: usize,
    pub epsilon: f32,
    pub rope_base: f32,
}

impl Config {
    /// The model that ships with the project.
    pub const STORIES: Self = Self {
        vocabulary: crate::vocabulary::SIZE,
        width: 192,
        layers: 4,
        heads: 6,
        kv_heads: 2,
        feed_forward: 512,
        context: 256,
        epsilon: 1e-5,
        rope_base: 10_000.0,
    };

    /// Size of one head.
    pub fn head(&self) -> usize {
        self.width / self.heads
    }

    /// Names and row-major shapes of all weights, in the order of the file.
    pub fn shapes(&self) -> Vec<(String, Vec<usize>)> {
        let (width, kv, wide) = (self.width, self.kv_heads * self.head(), self.feed_forward);
        let mut shapes = vec![("token_embd.weight".to_owned(), vec![self.vocabulary, width])];
        for layer in 0..self.layers {
            let parts: [(&str, &[usize]); 9] = [
                ("attn_norm", &[width]),
                ("attn_q", &[width, width]),
                ("attn_k", &[kv, width]),
                ("attn_v", &[kv, width]),
                ("attn_output", &[width, width]),
                ("ffn_norm", &[width]),
                ("ffn_gate", &[wide, width]),
                ("ffn_up", &[wide, width]),
                ("ffn_down", &[width, wide]),
            ];
            let named = parts.map(|(part, shape)| (format!("blk.{layer}.{part}.weight"), shape.to_vec()));
            shapes.extend(named);
        }
        shapes.push(("output_norm.weight".to_owned(), vec![width]));
        shapes
    }
}

/// One weight by its GGUF name; `values` are row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// Weights before training.
///
/// Norms are one. Matrices are normal with deviation `in^-1/2`, embeddings with 0.02; those that
/// write into the residual stream are divided by `sqrt(2 layers)`, as in GPT-2.
pub fn initial(config: &Config, seed: u64) -> Vec<Parameter> {
    let residual = (2.0 * config.layers as f32).sqrt();
    let shapes = config.shapes().into_iter().zip(0..);
    shapes
        .map(|((name, shape), stream)| {
            let mut dice = Dice::new(seed, stream);
            let count = shape.iter().product();
            let deviation = match shape[..] {
                [_, _] if name.starts_with("token_embd") => 0.02,
                [_, inner] if name.contains("attn_output") || name.contains("ffn_down") => {
                    (inner as f32).sqrt().recip() / residual
                }
                [_, inner] => (inner as f32).sqrt().recip(),
                _ => {
                    return Parameter { name, shape, values: vec![1.0; count] };
                }
            };
            let values = (0..count).map(|_| dice.normal() * deviation).collect();
            Parameter { name, shape, values }
        })
        .collect()
}

/// A batch of token rows of equal length; the last dimension runs over positions.
pub struct Rows {
    pub count: usize,
    pub length: usize,
    /// Token ids, `[count, length]`.
    pub ids: Vec<i32>,
}

impl Rows {
    /// One row that is one document.
    pub fn single(ids: &[u32]) -> Self {
        let ids: Vec<i32> = ids.iter().map(|&id| id as i32).collect();
        Self { count: 1, length: ids.len(), ids }
    }
}

/// The weights of a model on a device, in the order of `Config::shapes`; a norm is a matrix `[1, width]`.
pub struct Network {
    config: Config,
    device: Device,
    weights: Vec<Tensor<2>>,
}

impl Network {
    /// Places the weights on a device.
    pub fn new(config: &Config, parameters: &[Parameter], device: &Device) -> Self {
        let weights = parameters.iter().map(|parameter| {
            let inner = parameter.shape.last().copied().unwrap_or(1);
            let shape = [parameter.values.len() / inner, inner];
            Tensor::from_data(TensorData::new(parameter.values.clone(), shape), device)
        });
        Self { config: config.clone(), device: device.clone(), weights: weights.collect() }
    }

    /// The same network with weights that ask for their gradients; its device must record them.
    pub fn learning(mut self) -> Self {
        self.weights = self.weights.into_iter().map(Tensor::require_grad).collect();
        self
    }

    /// Gradients of the weights, given the derivative of the loss by each of the logits.
    pub fn gradients(&self, logits: Tensor<2>, by_logits: Vec<f32>) -> Vec<Vec<f32>> {
        let by_logits = TensorData::new(by_logits, logits.dims());
        let mut found = (logits * Tensor::from_data(by_logits, &self.device)).sum().backward();
        let gradient =
            |weight: &Tensor<2>| values(weight.grad_remove(&mut found).expect("every weight takes part in the logits"));
        self.weights.iter().map(gradient).collect()
    }

    /// Logits of every position, `[count * length, vocabulary]`.
    pub fn logits(&self, rows: &Rows) -> Tensor<2> {
        let epsilon = self.config.epsilon;
        let [embedding, layers @ .., output_norm] = &self.weights[..] else {
            unreachable!("a configuration has at least two weights");
        };
        let ids = TensorData::new(rows.ids.clone(), [rows.ids.len()]);
        let mut x = embedding.clone().select(0, Tensor::<1, Int>::from_data(ids, &self.device));
        let mask = self.mask(rows.length);
        let rotation = Rotation::new(&self.config, rows.length, &self.device);
        for layer in layers.chunks_exact(LAYER) {
            let [attn_norm, q, k, v, output, ffn_norm, gate, up, down] = layer else {
                unreachable!("a layer has {LAYER} weights");
            };
            let h = rms_norm(&x, attn_norm, epsilon);
            x = x + linear(self.attention(&h, [q, k, v], rows, &mask, &rotation), output);
            let h = rms_norm(&x, ffn_norm, epsilon);
            x = x + linear(silu(linear(h.clone(), gate)) * linear(h, up), down);
        }
        linear(rms_norm(&x, output_norm, epsilon), embedding)
    }

    /// Grouped-query attention: `[count * length, width]` to the same shape.
    ///
    /// The query heads of one key-value head lie below each other as rows of one matrix.
    fn attention(
        &self,
        h: &Tensor<2>,
        [q, k, v]: [&Tensor<2>; 3],
        rows: &Rows,
        mask: &Tensor<4>,
        rotation: &Rotation,
    ) -> Tensor<2> {
        let (head, kv_heads) = (self.config.head(), self.config.kv_heads);
        let group = self.config.heads / kv_heads;
        let (count, length) = (rows.count, rows.length);
        let q = rotation.apply(linear(h.clone(), q)).mul_scalar((head as f32).sqrt().recip());
        let q = q.reshape([count, length, kv_heads, group, head]).permute([0, 2, 3, 1, 4]);
        let q = q.reshape([count, kv_heads, group * length, head]);
        let k = rotation.apply(linear(h.clone(), k));
        let k = k.reshape([count, length, kv_heads, head]).permute([0, 2, 3, 1]);
        let v = linear(h.clone(), v).reshape([count, length, kv_heads, head]).swap_dims(1, 2);
        let scores = q.matmul(k) + mask.clone();
        let largest = scores.clone().detach().max_dim(3);
        let shares = (scores - largest).exp();
        let total = shares.clone().sum_dim(3);
        let mixed = shares.matmul(v) / total;
        let mixed = mixed.reshape([count, kv_heads, group, length, head]).permute([0, 3, 1, 2, 4]);
        mixed.reshape([count * length, kv_heads * group * head])
    }

    /// Zero where a position sees another one, which is not later, and a large negative number
    /// elsewhere, `[1, 1, group * length, length]`.
    fn mask(&self, length: usize) -> Tensor<4> {
        let group = self.config.heads / self.config.kv_heads;
        let one = (0..length).flat_map(|at| (0..length).map(move |other| if other <= at { 0.0_f32 } else { -1e9 }));
        let mask = TensorData::new(one.collect(), [1, 1, length, length]);
        Tensor::from_data(mask, &self.device).repeat_dim(2, group)
    }
}

/// Number of weights in one layer.
const LAYER: usize = 9;

/// `x W^T`: `[n, in]` and `[out, in]` to `[n, out]`.
fn linear(x: Tensor<2>, weight: &Tensor<2>) -> Tensor<2> {
    x.matmul(weight.clone().transpose())
}

/// `x / sqrt(mean(x^2) + epsilon) * weight` along the last dimension (Zhang and Sennrich 2019).
fn rms_norm(x: &Tensor<2>, weight: &Tensor<2>, epsilon: f32) -> Tensor<2> {
    let square = (x.clone() * x.clone()).mean_dim(1).add_scalar(epsilon);
    x.clone() * square.sqrt().recip() * weight.clone()
}

/// Rotary positions (Su et al. 2021) on adjacent pairs `(2i, 2i+1)` of each head.
///
/// The angle at position `t` is `t * base^(-2i/head)`. The pair `(a, b)` becomes
/// `(a cos - b sin, a sin + b cos)`, which is `x * cos + (x turn) * sin` with a constant matrix.
struct Rotation {
    /// `[1, length, 1, head]`
    cos: Tensor<4>,
    sin: Tensor<4>,
    /// `[head, head]`, takes `(a, b)` to `(-b, a)`.
    turn: Tensor<2>,
}

impl Rotation {
    fn new(config: &Config, length: usize, device: &Device) -> Self {
        let head = config.head();
        let angles = (0..length).flat_map(|position| {
            (0..head).map(move |at| {
                let exponent = -((at / 2 * 2) as f64) / head as f64;
                position as f64 * f64::from(config.rope_base).powf(exponent)
            })
        });
        let (sin, cos): (Vec<f32>, Vec<f32>) =
            angles.map(f64::sin_cos).map(|(sin, cos)| (sin as f32, cos as f32)).unzip();
        let table = |values| Tensor::from_data(TensorData::new(values, [1, length, 1, head]), device);
        let mut turn = vec![0.0_f32; head * head];
        for pair in 0..head / 2 {
            turn[(2 * pair + 1) * head + 2 * pair] = -1.0;
            turn[2 * pair * head + 2 * pair + 1] = 1.0;
        }
        let turn = Tensor::from_data(TensorData::new(turn, [head, head]), device);
        Self { cos: table(cos), sin: table(sin), turn }
    }

    /// Turns heads that lie side by side: `[count * length, heads * head]` to the same shape.
    fn apply(&self, x: Tensor<2>) -> Tensor<2> {
        let [_, length, _, head] = self.cos.dims();
        let [n, width] = x.dims();
        let heads = [n / length, length, width / head, head];
        let turned = x.clone().reshape([n * width / head, head]).matmul(self.turn.clone());
        let rotated = x.reshape(heads) * self.cos.clone() + turned.reshape(heads) * self.sin.clone();
        rotated.reshape([n, width])
    }
}

/// The numbers of a tensor, row by row.
pub fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("the tensors of this program hold f32 numbers")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A model that is small enough for tests.
    pub(crate) const TINY: Config =
        Config { width: 16, layers: 2, heads: 4, kv_heads: 2, feed_forward: 24, ..Config::STORIES };

    fn logits(parameters: &[Parameter], ids: &[u32]) -> Vec<f32> {
        values(Network::new(&TINY, parameters, &Device::flex()).logits(&Rows::single(ids)))
    }

    #[test]
    fn a_position_does_not_see_later_ones() {
        let parameters = initial(&TINY, 1);
        let whole = logits(&parameters, &[1, 300, 400, 500, 600]);
        let begin = logits(&parameters, &[1, 300, 400]);
        for (a, b) in whole.iter().zip(&begin) {
            assert!((a - b).abs() < 1e-5, "{a} and {b}");
        }
        let other = logits(&parameters, &[1, 301, 400]);
        let last = 2 * TINY.vocabulary;
        assert_ne!(begin[last..], other[last..]);
    }

    #[test]
    fn gradients_agree_with_differences() {
        let parameters = initial(&TINY, 2);
        let ids = [1, 300, 400, 500];
        let direction: Vec<f32> = (0..ids.len() * TINY.vocabulary).map(|at| ((at % 7) as f32 - 3.0) / 50.0).collect();
        let loss = |parameters: &[Parameter]| -> f64 {
            let logits = logits(parameters, &ids);
            logits.iter().zip(&direction).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let network = Network::new(&TINY, &parameters, &Device::flex().autodiff()).learning();
        let gradients = network.gradients(network.logits(&Rows::single(&ids)), direction.clone());
        for (index, gradient) in gradients.iter().enumerate() {
            // Along the gradient the loss changes by its squared norm.
            let square: f64 = gradient.iter().map(|g| f64::from(*g).powi(2)).sum();
            let step = (1e-3 / square.sqrt()) as f32;
            let moved = |sign: f32| {
                let mut moved = parameters.clone();
                let change = moved[index].values.iter_mut().zip(gradient);
                change.for_each(|(value, g)| *value += sign * step * g);
                loss(&moved)
            };
            let measured = (moved(1.0) - moved(-1.0)) / f64::from(2.0 * step);
            let name = &parameters[index].name;
            assert!((measured / square - 1.0).abs() < 0.02, "{name}: {measured} is not {square}");
        }
    }
}
