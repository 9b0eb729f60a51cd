"""Writes small Llama files with random weights, one per type and seed.

    random_model.py FOLDER

makes FOLDER/random-f32-1.gguf … random-q4_0-5.gguf: two layers, four query
heads on two key/value heads, and an output matrix of its own, so that they
cover what the shipped model, which is tied, does not.
"""

import os
import sys
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

TYPES = {"f32": Type.F32, "f16": Type.F16, "q8_0": Type.Q8_0, "q4_0": Type.Q4_0}
SEEDS = range(1, 6)

LAYERS, WIDTH, HEADS, KV_HEADS, INNER, VOCABULARY, CONTEXT = 2, 64, 4, 2, 160, 256, 256
KV_WIDTH = WIDTH // HEADS * KV_HEADS


def matrices():
    """Name, shape and spread of every matrix; the spread keeps activations near 1."""
    yield "token_embd.weight", (VOCABULARY, WIDTH), 1.0
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        yield block + "attn_q.weight", (WIDTH, WIDTH), WIDTH**-0.5
        yield block + "attn_k.weight", (KV_WIDTH, WIDTH), WIDTH**-0.5
        yield block + "attn_v.weight", (KV_WIDTH, WIDTH), WIDTH**-0.5
        yield block + "attn_output.weight", (WIDTH, WIDTH), 0.5 * WIDTH**-0.5
        yield block + "ffn_gate.weight", (INNER, WIDTH), WIDTH**-0.5
        yield block + "ffn_up.weight", (INNER, WIDTH), WIDTH**-0.5
        yield block + "ffn_down.weight", (WIDTH, INNER), INNER**-0.5
    yield "output.weight", (VOCABULARY, WIDTH), 3 * WIDTH**-0.5


def norms():
    for layer in range(LAYERS):
        yield f"blk.{layer}.attn_norm.weight"
        yield f"blk.{layer}.ffn_norm.weight"
    yield "output_norm.weight"


def write(path, kind, seed):
    # Written beside its place and then moved, so that nobody reads half a file.
    unfinished = path.with_suffix(f".{os.getpid()}")
    writer = gguf.GGUFWriter(unfinished, "llama")
    writer.add_name(f"random {kind} {seed}")
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(VOCABULARY)

    dice = np.random.default_rng(seed)
    for name, shape, spread in matrices():
        values = (spread * dice.standard_normal(shape)).astype(np.float32)
        if kind == "f32":
            writer.add_tensor(name, values)
        elif kind == "f16":
            writer.add_tensor(name, values.astype(np.float16))
        else:
            blocks = gguf.quants.quantize(values, TYPES[kind])
            writer.add_tensor(name, blocks, raw_dtype=TYPES[kind])
    for name in norms():
        writer.add_tensor(name, (1 + 0.1 * dice.standard_normal(WIDTH)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    unfinished.replace(path)


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: random_model.py FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for kind in TYPES:
        for seed in SEEDS:
            write(folder / f"random-{kind}-{seed}.gguf", kind, seed)


if __name__ == "__main__":
    main()
