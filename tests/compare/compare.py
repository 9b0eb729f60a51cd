"""Compares tl with llama.cpp; started by llama_cpp.sh, which says how."""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

import llama_cpp
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/reference"))
import llama  # noqa: E402
MODELS = ROOT / "examples/models"
SHIPPED = [MODELS / f"stories-{kind}.gguf" for kind in ("f16", "q8_0", "q4_0")]
FIXTURE = ROOT / "tests/fixtures/tokenizer-ids.jsonl"
TL = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/tl"



def load(path, vocabulary_only=False, context=512):
    threads = os.cpu_count()
    return llama_cpp.Llama(
        str(path), n_ctx=context, n_batch=512, n_threads=threads, n_threads_batch=threads,
        vocab_only=vocabulary_only, verbose=False,
    )


def ids(model, text):
    return model.tokenize(text.encode(), add_bos=True, special=True)


def tl(script, *words):
    command = [TL, "run", "--device", "cpu", ROOT / script, "--", *map(str, words)]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode:
        sys.exit(f"{command} failed\n{finished.stdout}{finished.stderr}")
    return finished.stdout.split()


# The fixture

BY_HAND = [
    "", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", " \n ", "a", " a", "a ", "  a  b  ", ".", "...", "?!",
    "Once upon a time", " Once upon a time", "once upon a time", "ONCE UPON A TIME", "Onceuponatime",
    "One day, a little girl named Lily went to the park.", "\"Hello!\" said Tom.", "\"No,\" he said. 'Why?'",
    "Tom's dog", "It's a dog, isn't it?", "don't", "a-b-c", "1", "12", "123456", "3.14159", "1,000,000", "2+2=4",
    "<s>", "</s>", "<unk>", "<s></s>", "Hello</s>", "</s>Hello", "a <s> b", "a</s>b</s>c", "<s", "s>", "< s >",
    "</S>", "<|user|>\nHello</s>\n<|assistant|>\n", "<0x0A>", "<0x41>", "[INST] Hi [/INST]", "\u2581", "\u2581a\u2581b",
    "naïve café", "Zoë", "Größe", "ÀÉÎÕÜ", "ß", "ñandú", "smörgåsbord", "ŁÓDŹ", "İstanbul", "ﬁne", "Ω≈ç√∫",
    "Привет, мир", "Γειά σου Κόσμε", "שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "こんにちは世界", "你好,世界", "안녕하세요",
    "ไทย", "𝒯ensor", "🦊", "🦊🦊", "A fox 🦊 ran", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "👍🏽", "e\u0301", "a\u0308o\u0308", "\u200b", "\u200d", "\ufeff",
    "\u00a0", "a\u00a0b", "\u2003", "\u2028", "\u3000", "\ufffd", "\U0010ffff", "\x01", "\x7f", "a\x1bb", "\\n", "\\", "\"", "'",
    "{}", "{} and {}", "// no comment", "/* neither */", "fn main() { print(\"hi\") }", "let x = [1, 2]\n",
    "tensor w: float16[2] learnable", "⊙⊗≈", "http://example.org/a?b=c&d=e#f", "a@b.org", "C:\\Users\\Tom",
    "x" * 100, " " * 40, "ab" * 60, "\n" * 20, "🦊" * 20, "the " * 50, "The quick brown fox jumps over the lazy dog.",
]


def texts(model, count):
    """By hand, then random ones: of the vocabulary, of words, of any characters."""
    dice = random.Random(20)
    size = model.n_vocab()
    pieces = [model.detokenize([token]).decode(errors="ignore") for token in range(size)]
    pieces = [piece for piece in pieces if piece and "\0" not in piece]
    words = [piece.strip() for piece in pieces if piece.strip().isalpha() and len(piece) > 2]
    alphabets = [
        [chr(c) for c in range(32, 127)],
        [chr(c) for c in range(0xA1, 0x180)],
        [chr(c) for c in range(0x370, 0x530) if chr(c).isprintable()],
        [chr(c) for c in range(0x4E00, 0x4F00)],
        [chr(c) for c in range(0x1F600, 0x1F640)],
        list(" \n\tab.é🦊世</s>"),
    ]

    def of_pieces():
        return "".join(dice.choices(pieces, k=dice.randint(1, 12)))

    def of_words():
        text = " ".join(dice.choices(words, k=dice.randint(2, 15)))
        return text.capitalize() + dice.choice([".", "!", "?", "", "\n"])

    def of_characters():
        alphabet = dice.choice(alphabets)
        return "".join(dice.choices(alphabet, k=dice.randint(1, 25)))

    def of_all():
        return of_words() + dice.choice(["", " ", "  ", "\n"]) + of_characters() + of_pieces()

    seen = dict.fromkeys(BY_HAND)
    while len(seen) < count:
        seen[dice.choice([of_pieces, of_words, of_words, of_characters, of_all])()] = None
    return list(seen)


def write_fixture(_):
    model = load(SHIPPED[0], vocabulary_only=True)
    FIXTURE.parent.mkdir(exist_ok=True)
    lines = [json.dumps({"text": text, "ids": ids(model, text)}, ensure_ascii=False) for text in texts(model, 1000)]
    FIXTURE.write_text("\n".join(lines) + "\n")
    print(f"{FIXTURE.relative_to(ROOT)}: {len(lines)} strings")


# The check

PROMPTS = ["Once upon a time there was a little", "One day Tom and Lily", "The dog"]


def logits_of(model, tokens):
    """llama.cpp's logits behind the tokens, which continue those read before."""
    model.eval(tokens)
    pointer = llama_cpp.llama_get_logits_ith(model._ctx.ctx, -1)
    return np.ctypeslib.as_array(pointer, shape=(model.n_vocab(),)).astype(np.float64)


def greedy(model, tokens, steps):
    """llama.cpp's continuation, and by which part of the standard deviation each
    token was ahead of the next best."""
    model.reset()
    chosen, gaps = [], []
    logits = logits_of(model, tokens)
    for _ in range(steps):
        second, first = np.partition(logits, -2)[-2:]
        chosen.append(int(np.argmax(logits)))
        gaps.append((first - second) / logits.std())
        logits = logits_of(model, chosen[-1:])
    return chosen, gaps


def differences(path, tokens, chosen, gaps):
    """Every step at which tl draws another token though llama.cpp is sure, with
    the part of the standard deviation by which it is, and whether the float64
    reference draws tl's token: llama.cpp rounds activations of quantised files.
    """
    read, at, found = list(tokens), 0, []
    while at < len(chosen):
        words = ["--model", path, "--tokens", ",".join(map(str, read)), "--steps", len(chosen) - at]
        ours = [int(word) for word in tl("tests/reference/logits.tl", *words)]
        step = next((i for i in range(at, len(chosen)) if ours[i - at] != chosen[i]), None)
        if step is None:
            break
        if gaps[step] >= llama.CLOSE:
            exact = llama.Llama(str(path)).read(list(tokens) + chosen[:step])
            found.append((step, gaps[step], int(np.argmax(exact)) == ours[step - at]))
        read += chosen[at : step + 1]
        at = step + 1
    return found


def check(_):
    wrong = 0
    for path in SHIPPED:
        model = load(path)
        for prompt in PROMPTS:
            tokens = ids(model, prompt)
            chosen, gaps = greedy(model, tokens, 50)
            words = ["--model", path, "--tokens", ",".join(map(str, tokens))]
            ours = np.array(tl("tests/reference/logits.tl", *words), dtype=float)
            model.reset()
            theirs = logits_of(model, tokens)
            distance = np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)
            print(f"{path.name}: {prompt!r}: logits within {distance:.1e}", end="")
            found = differences(path, tokens, chosen, gaps)
            for step, gap, exact_is_ours in found:
                side = "tl" if exact_is_ours else "llama.cpp"
                print(f", step {step} differs (gap {gap:.1e}, the float64 reference draws what {side} draws)", end="")
                wrong += not exact_is_ours
            print("" if found else ", 50 tokens equal")
    sys.exit(1 if wrong else 0)


# Speed

PROMPT, DECODED, RUNS = 128, 32, 7


def speed(arguments):
    """Tokens per second, the two programs in turn, the median of each."""
    path = arguments.model or SHIPPED[0]
    model = load(path)
    dice = np.random.default_rng(1)
    tokens = [int(token) for token in dice.integers(5, model.n_vocab(), PROMPT)]
    words = ["--model", path, "--tokens", ",".join(map(str, tokens)), "--decode", DECODED]
    theirs, ours = [], []
    for _ in range(arguments.runs):
        theirs.append(speed_of_llama_cpp(model, tokens))
        ours.append([float(word) for word in tl("tests/compare/speed.tl", *words)])
    print(f"{Path(path).name}: tokens per second, median of {arguments.runs} runs in turn")
    for column, what in enumerate([f"prompt of {PROMPT}", f"decode of {DECODED}"]):
        a = statistics.median(run[column] for run in ours)
        b = statistics.median(run[column] for run in theirs)
        print(f"  {what}: tl {a:.1f}, llama.cpp {b:.1f}, ratio {a / b:.2f}")


def speed_of_llama_cpp(model, tokens):
    model.reset()
    started = time.perf_counter()
    logits = logits_of(model, tokens)
    prompt = time.perf_counter() - started
    started = time.perf_counter()
    for _ in range(DECODED):
        logits = logits_of(model, [int(np.argmax(logits))])
    return PROMPT / prompt, DECODED / (time.perf_counter() - started)


def main():
    parser = argparse.ArgumentParser(description="Compares tl with llama.cpp.")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("fixture").set_defaults(run=write_fixture)
    commands.add_parser("check").set_defaults(run=check)
    timed = commands.add_parser("speed")
    timed.add_argument("model", nargs="?")
    timed.add_argument("--runs", type=int, default=RUNS)
    timed.set_defaults(run=speed)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
