"""A Llama in NumPy, in float64: what `tl` is measured against.

    llama.py logits --model FILE --tokens 1,5,9
    llama.py greedy --model FILE --tokens 1,5,9 --steps 50

It reads the same GGUF files, decodes every weight to float64 and computes
without rounding in between, so it shows what the file means and not what a
faster way of computing makes of it. The answer is one JSON object on standard
output.
"""

import argparse
import json

import gguf
import numpy as np

# Two logits closer than this part of the standard deviation count as equal:
# an honest float32 computation may order them either way.
CLOSE = 1e-3


class Llama:
    """One weight file, and the keys and values of the tokens it has read."""

    def __init__(self, path):
        self.file = gguf.GGUFReader(path)
        self.tensors = {tensor.name: tensor for tensor in self.file.tensors}
        self.decoded = {}
        self.layers = self.field("block_count")
        self.heads = self.field("attention.head_count")
        self.kv_heads = self.field("attention.head_count_kv", self.heads)
        self.width = self.field("embedding_length")
        self.head_width = self.field("attention.key_length", self.width // self.heads)
        self.rotated = self.field("rope.dimension_count", self.head_width)
        self.base = self.field("rope.freq_base", 10000.0)
        self.epsilon = self.field("attention.layer_norm_rms_epsilon", 1e-5)
        self.forget()

    def field(self, key, default=None):
        """A metadata value of the architecture, such as `block_count`."""
        field = self.file.get_field("llama." + key)
        if field is None and default is None:
            raise SystemExit(f"the file has no `llama.{key}`")
        return default if field is None else field.contents()

    def weight(self, name):
        """A tensor in float64, in row-major order: [out, in]."""
        if name not in self.decoded:
            tensor = self.tensors[name]
            shape = [int(size) for size in reversed(tensor.shape)]
            values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
            self.decoded[name] = values.reshape(shape).astype(np.float64)
        return self.decoded[name]

    def forget(self):
        """Starts a new text."""
        self.keys = [np.zeros((0, self.kv_heads, self.head_width)) for _ in range(self.layers)]
        self.values = [np.zeros((0, self.kv_heads, self.head_width)) for _ in range(self.layers)]

    def read(self, tokens):
        """Reads tokens behind those read before; the logits after the last one."""
        start = len(self.keys[0])
        positions = np.arange(start, start + len(tokens))
        x = self.weight("token_embd.weight")[list(tokens)]
        for layer in range(self.layers):
            x = x + self.attention(x, layer, positions)
            x = x + self.feed_forward(x, layer)
        last = self.normed(x[-1], "output_norm")
        tied = "output.weight" not in self.tensors
        return self.weight("token_embd.weight" if tied else "output.weight") @ last

    def attention(self, x, layer, positions):
        count = len(x)
        block = f"blk.{layer}."
        normed = self.normed(x, block + "attn_norm")
        query = self.linear(normed, block + "attn_q").reshape(count, self.heads, self.head_width)
        key = self.linear(normed, block + "attn_k").reshape(count, self.kv_heads, self.head_width)
        value = self.linear(normed, block + "attn_v").reshape(count, self.kv_heads, self.head_width)
        query, key = self.turned(query, positions), self.turned(key, positions)
        self.keys[layer] = np.concatenate([self.keys[layer], key])
        self.values[layer] = np.concatenate([self.values[layer], value])

        visible = np.arange(len(self.keys[layer]))[None, :] <= positions[:, None]
        group = self.heads // self.kv_heads
        mixed = np.empty_like(query)
        for head in range(self.heads):
            past_keys = self.keys[layer][:, head // group]
            past_values = self.values[layer][:, head // group]
            scores = query[:, head] @ past_keys.T / np.sqrt(self.head_width)
            scores = np.where(visible, scores, -np.inf)
            shares = np.exp(scores - scores.max(axis=1, keepdims=True))
            mixed[:, head] = shares / shares.sum(axis=1, keepdims=True) @ past_values
        return self.linear(mixed.reshape(count, -1), block + "attn_output")

    def feed_forward(self, x, layer):
        block = f"blk.{layer}."
        normed = self.normed(x, block + "ffn_norm")
        gate = self.linear(normed, block + "ffn_gate")
        up = self.linear(normed, block + "ffn_up")
        return self.linear(gate / (1 + np.exp(-gate)) * up, block + "ffn_down")

    def linear(self, x, name):
        result = x @ self.weight(name + ".weight").T
        if name + ".bias" in self.tensors:
            result = result + self.weight(name + ".bias")
        return result

    def normed(self, x, name):
        scale = np.sqrt((x * x).mean(axis=-1, keepdims=True) + self.epsilon)
        return x / scale * self.weight(name + ".weight")

    def turned(self, x, positions):
        """Rotary positions over the neighbouring pairs (0, 1), (2, 3), …"""
        frequencies = self.base ** (-np.arange(0, self.rotated, 2) / self.rotated)
        if "rope_freqs.weight" in self.tensors:
            frequencies = frequencies / self.weight("rope_freqs.weight")
        angles = positions[:, None, None] * frequencies
        pairs = x[..., : self.rotated].reshape(*x.shape[:-1], -1, 2)
        even = pairs[..., 0] * np.cos(angles) - pairs[..., 1] * np.sin(angles)
        odd = pairs[..., 0] * np.sin(angles) + pairs[..., 1] * np.cos(angles)
        turned = np.stack([even, odd], axis=-1).reshape(*x.shape[:-1], self.rotated)
        return np.concatenate([turned, x[..., self.rotated :]], axis=-1)


def is_close(logits):
    """Whether the two best logits lie so close that either may win."""
    second, first = np.partition(logits, -2)[-2:]
    return bool(first - second < CLOSE * logits.std())


def greedy(model, tokens, steps):
    """The most likely continuation, and at which steps the choice was close."""
    logits = model.read(tokens)
    chosen, close = [], []
    for _ in range(steps):
        chosen.append(int(np.argmax(logits)))
        close.append(is_close(logits))
        logits = model.read(chosen[-1:])
    return {"tokens": chosen, "close": close}


def main():
    parser = argparse.ArgumentParser(description="A Llama in NumPy, in float64.")
    parser.add_argument("answer", choices=["logits", "greedy"])
    parser.add_argument("--model", required=True)
    parser.add_argument("--tokens", required=True, help="ids with commas between them")
    parser.add_argument("--steps", type=int, default=50)
    arguments = parser.parse_args()
    tokens = [int(word) for word in arguments.tokens.split(",")]
    model = Llama(arguments.model)
    if arguments.answer == "logits":
        answer = {"logits": model.read(tokens).tolist()}
    else:
        answer = greedy(model, tokens, arguments.steps)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
