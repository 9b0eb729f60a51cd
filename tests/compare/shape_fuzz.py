"""Runs random programs with `--check-shapes` and reads what the check said of each before.

A program is wrong about shapes where the run has another value than the inference promised, where a
rule promises what its kernel does not give, where the check names a certain error and the run ends
well, or where anything panics. Programs may fail for reasons of their own: what they did until then
was compared all the same.

Each program is made from its number alone, so a number is all that is needed to see it again.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import time

# Codes whose errors say that the run certainly fails where it comes by.
CERTAIN = {
    "shape-mismatch", "rank-mismatch", "einsum-mismatch", "index-out-of-range", "argument-type",
    "mask-shape", "rope-input", "division-by-zero", "layer-out-of-range",
}

# How long the check of a page of text may take, and a run until it is given up.
CHECK_SECONDS = 2
RUN_SECONDS = 3

# How often what failed is taken out of a program.
REPAIRS = 30


class Program:
    """Writes one program, line by line, with names for what its variables probably are."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.depth = 0
        self.names = 0
        self.loops = 0
        self.functions = []
        self.model = None
        self.scopes = [{"tensor": [], "int": [], "array": [], "text": []}]

    # --- what there is to choose from

    def one_of(self, *choices):
        return self.random.choice(choices)

    def chance(self, part):
        return self.random.random() < part

    def known(self, kind):
        return [name for scope in self.scopes for name in scope[kind]]

    def fresh(self, letter):
        self.names += 1
        return f"{letter}{self.names}"

    # --- lines

    def line(self, text):
        self.lines.append("    " * self.depth + text)

    def block(self, head, statements, before=None):
        self.line(f"{head} {{".lstrip())
        self.depth += 1
        self.scopes.append({kind: [] for kind in self.scopes[0]})
        if before:
            before()
        for _ in range(statements):
            self.statement()
        self.scopes.pop()
        self.depth -= 1
        self.line("}")

    def statement(self):
        deep = self.depth > 4
        kind = self.random.choices(
            ["let", "assign", "if", "for", "while", "leave", "let int", "let array", "use", "block", "element"],
            [8, 8, 0 if deep else 2, 0 if deep else 3, 0 if deep else 1, 1 if self.loops else 0, 3, 2, 3, 1, 1],
        )[0]
        getattr(self, "write_" + kind.replace(" ", "_"))()

    def write_let(self):
        value = self.tensor()
        name = self.fresh("x") if self.chance(0.8) or not self.known("tensor") else self.one_of(*self.known("tensor"))
        self.line(f"let {name} = {value}")
        self.scopes[-1]["tensor"].append(name)

    def write_assign(self):
        kind = self.one_of("tensor", "tensor", "int", "array")
        names = self.known(kind)
        if not names:
            return self.write_let()
        value = {"tensor": self.tensor, "int": self.int, "array": self.array}[kind]()
        self.line(f"{self.one_of(*names)} = {value}")

    def write_let_int(self):
        value, name = self.int(), self.fresh("n")
        self.line(f"let {name} = {value}")
        self.scopes[-1]["int"].append(name)

    def write_let_array(self):
        value, name = self.array(), self.fresh("a")
        self.line(f"let {name} = {value}")
        self.scopes[-1]["array"].append(name)

    def write_element(self):
        if arrays := self.known("array"):
            self.line(f"{self.one_of(*arrays)}[{self.small()}] = {self.int()}")
        else:
            self.write_let_array()

    def write_use(self):
        self.line(f"print(shape({self.tensor()}), {self.int()})")

    def write_block(self):
        self.block("", self.random.randint(1, 3))

    def write_if(self):
        self.block(f"if {self.condition()}", self.random.randint(1, 3))
        if self.chance(0.5):
            self.lines.pop()
            self.block("} else", self.random.randint(1, 3))

    def write_for(self):
        name = self.fresh("i")
        over = self.one_of(
            f"range({self.random.randint(0, 4)})", f"range(len({self.tensor(0)}))", self.array(0),
            f"range({self.random.randint(-1, 2)}, {self.random.randint(0, 4)})", "range(4, 0, -1)", f"range(min({self.int(0)}, 3))",
        )
        self.loops += 1
        self.block(f"for {name} in {over}", self.random.randint(1, 4), lambda: self.scopes[-1]["int"].append(name))
        self.loops -= 1

    def write_while(self):
        name = self.fresh("w")
        self.line(f"let {name} = 0")
        self.loops += 1
        head = self.one_of(f"while {name} < {self.random.randint(1, 4)}", "loop")

        def count():
            self.line(f"{name} = {name} + 1")
            if head == "loop":
                self.line(f"if {name} > {self.random.randint(1, 3)} {{ break }}")
            self.scopes[-1]["int"].append(name)

        self.block(head, self.random.randint(1, 4), count)
        self.loops -= 1
        self.scopes[-1]["int"].append(name)

    def write_leave(self):
        self.line(f"if {self.condition()} {{ {self.one_of('break', 'continue')} }}")

    # --- expressions; `depth` bounds how far they nest

    def small(self):
        return str(self.random.choices([0, 1, 2, 3, 4, -1], [2, 4, 4, 3, 2, 1])[0])

    def size(self):
        return str(self.random.choices([1, 2, 3, 4, 6, 0], [4, 5, 4, 3, 2, 0.3])[0])

    def condition(self):
        return self.one_of(
            f"{self.int(1)} {self.one_of('<', '>', '==', '!=', '<=')} {self.int(1)}",
            f"len({self.tensor(0)}) {self.one_of('<', '>')} {self.small()}",
            f"sum({self.tensor(0)}) > {self.small()}",
            f"{self.int(0)} % 2 == 0",
            f"shape({self.tensor(0)}) == {self.array(0)}",
        )

    def int(self, depth=2):
        names = self.known("int")
        if self.model and self.chance(0.05):
            return self.one_of(f"len({self.model}.blk)", f'metadata({self.model}, "embedding_length")',
                               f'metadata({self.model}, "attention.head_count")')
        if depth <= 0 or self.chance(0.3):
            return self.one_of(*names) if names and self.chance(0.6) else self.small()
        down = depth - 1
        return self.random.choice([
            lambda: f"({self.int(down)} {self.one_of('+', '-', '*')} {self.int(down)})",
            lambda: f"({self.int(down)} {self.one_of('/', '%')} {self.one_of('1', '2', '3')})",
            lambda: f"shape({self.tensor(down)})[{self.one_of('0', '-1', '0', '1')}]",
            lambda: f"len({self.tensor(down)})",
            lambda: f"numel({self.tensor(down)})",
            lambda: f"rank({self.tensor(down)})",
            lambda: f"len({self.array(down)})",
            lambda: f"{self.array(0)}[{self.small()}]",
            lambda: f"{self.one_of('min', 'max')}({self.int(down)}, {self.int(down)})",
            lambda: f"abs({self.int(down)})",
            lambda: f"to_int({self.int(down)} * 1.5)",
            lambda: f"argmax({self.tensor(down)})",
            lambda: f"(if {self.condition()} {{ {self.int(down)} }} else {{ {self.int(down)} }})",
        ])()

    def array(self, depth=1):
        names = self.known("array")
        if depth <= 0 or self.chance(0.3):
            if names and self.chance(0.6):
                return self.one_of(*names)
            return "[" + ", ".join(self.size() for _ in range(self.random.randint(1, 3))) + "]"
        down = depth - 1
        return self.random.choice([
            lambda: f"shape({self.tensor(down)})",
            lambda: f"range({self.random.randint(1, 4)})",
            lambda: f"append({self.array(down)}, {self.int(down)})",
            lambda: f"concat({self.array(down)}, {self.array(down)})",
            lambda: f"[{self.int(down)}, {self.int(down)}]",
            lambda: f"{self.array(0)}[{self.one_of('0:1', '1:', ':-1', ':2', '0:2')}]",
            lambda: f"(if {self.condition()} {{ {self.array(down)} }} else {{ {self.array(down)} }})",
        ])()

    def sizes(self):
        """An array that is probably meant as a shape."""
        return self.random.choices(
            ["[" + ", ".join(self.size() for _ in range(self.random.randint(1, 3))) + "]",
             f"[{self.int(1)}, {self.size()}]",
             f"[abs({self.int(1)}) % 4, {self.size()}]",
             f"shape({self.tensor(0)})",
             self.array(0)],
            [4, 1, 2, 2, 1],
        )[0]

    def tensor(self, depth=2):
        names = self.known("tensor")
        if depth <= 0 or self.chance(0.15):
            if names and self.chance(0.85):
                return self.random.choice(names)
            return f"{self.one_of('zeros', 'ones')}({self.literal_sizes()})"
        down = depth - 1
        x = self.tensor
        choices = [
            lambda: f"{self.one_of('zeros', 'ones')}({self.sizes()})",
            lambda: f"reshape({x(down)}, [{self.one_of('-1', '1, -1', '-1, 1', '2, -1', 'len(' + x(0) + '), -1')}])",
            lambda: (lambda t: f"reshape({t}, [numel({t})])")(x(0)),
            lambda: (lambda t: f"reshape({t}, [shape({t})[-1], numel({t}) / shape({t})[-1]])")(x(0)),
            lambda: f"flatten({x(down)})",
            lambda: f"transpose({x(down)}, 0, {self.one_of('1', '-1')})",
            lambda: f"unsqueeze({x(down)}, {self.one_of('0', '1', '-1')})",
            lambda: f"squeeze({x(down)})",
            lambda: f"({x(down)} {self.one_of('+', '*', '-', '/')} {x(down)})",
            lambda: (lambda t: f"({t} + {self.one_of('softmax', 'relu', 'exp', 'silu')}({t}))")(x(0)),
            lambda: f"({x(down)} {self.one_of('+', '*')} {self.int(down)})",
            lambda: f"concat({x(down)}, {x(down)})",
            lambda: (lambda t: f"concat({t}, {t}, {self.one_of('0', '1', '-1')})")(x(0)),
            lambda: (lambda t: f"concat([{t}, {t}, {t}], axis = {self.one_of('0', '-1')})")(x(0)),
            lambda: (lambda t: f"append({t}, {t}[0])")(x(0)),
            lambda: f"{x(0)}[{self.one_of('0', '-1', '0:1', '1:', ':2', ':-1', self.int(0))}]",
            lambda: f"slice({x(down)}, {self.one_of('0', '1')}, {self.one_of('1', '2', self.int(0))}, {self.one_of('0', '1', '-1')})",
            lambda: f"slice_last({x(down)})",
            lambda: f"get_last_position({x(down)})",
            lambda: f"{self.one_of('sum', 'mean', 'max', 'min')}({x(down)}, {self.one_of('0', '-1', '1')})",
            lambda: f"{self.one_of('sum', 'mean')}({x(down)}, 0, {self.one_of('true', 'false')})",
            lambda: f"argmax({x(down)}, {self.one_of('0', '-1')})",
            lambda: f"softmax({x(down)}, {self.one_of('0', '-1')})",
            lambda: (lambda t: f"matmul({t}, transpose({t}, 0, 1))")(x(0)),
            lambda: (lambda t: f"linear({t}, ones([{self.size()}, shape({t})[-1]]))")(x(0)),
            lambda: (lambda t: f"einsum(\"{self.one_of('ij,ij->i', 'ij,kj->ik', 'ij,ij->ji', '...i,...i->...')}\", {t}, {t})")(x(0)),
            lambda: (lambda t: f"broadcast_to({t}, concat([{self.size()}], shape({t})))")(x(0)),
            lambda: f"broadcast_to(ones([1, {self.size()}]), [{self.size()}, {self.int(0)}])",
            lambda: f"permute({x(down)}, {self.one_of('[1, 0]', '[0, 2, 1]', '[2, 0, 1]', '[0]')})",
            lambda: f"split({x(down)}, {self.one_of('1', '2', '[1, 1]')})[{self.one_of('0', '-1')}]",
            lambda: f"chunk({x(down)}, 2, {self.one_of('0', '-1')})[0]",
            lambda: f"where({x(0)} > 0, {x(0)}, {self.one_of('0', '1.5')})",
            lambda: f"({x(down)} > {self.small()})",
            lambda: f"({x(0)} as {self.one_of('float16', 'int32', 'int64', 'float32', 'bool')})",
            lambda: f"index_select({x(down)}, 0, [{self.one_of('0', '0, 0', '0, 1', '1, 0, 0')}])",
            lambda: f"embedding({x(down)}, {self.one_of('[0, 1]', '0', '[0]', 'range(2)')})",
            lambda: f"arange({self.random.randint(1, 6)})",
            lambda: f"arange({self.int(0)}, 4)",
            lambda: f"tensor({self.array(0)})",
            lambda: f"causal_mask({self.size()})",
            lambda: f"positional_encoding({self.size()}, {self.one_of('2', '4')})",
            lambda: (lambda t: f"layer_norm({t}, [shape({t})[-1]])")(x(0)),
            lambda: (lambda t: f"rms_norm({t}, ones([shape({t})[-1]]))")(x(0)),
            lambda: f"repeat_kv({x(down)}, {self.size()})",
            lambda: f"top_k({x(down)}, {self.one_of('1', '2')})",
            lambda: f"(if {self.condition()} {{ {x(down)} }} else {{ {x(down)} }})",
            lambda: f"[[{self.one_of('1, 2', '3')}], [{self.one_of('1, 2', '3')}]]",
        ]
        if self.model:
            choices += [lambda: f"{self.one_of('linear', 'matmul')}({x(down)}, {self.weight()})"] * 4
            choices += [lambda: f"rms_norm({x(down)}, {self.model}.output_norm.weight)"] * 2
            choices += [lambda: f"embedding({self.model}.token_embd.weight, {self.array(down)})"] * 4
            choices += [
                lambda: (lambda t: f"reshape({t}, [shape({t})[0], {self.int(1)}, -1])")(x(0)),
                lambda: (lambda t: f"rope(reshape({t}, [shape({t})[0], {self.size()}, -1]))")(x(0)),
                lambda: f"({self.weight()} * {self.int(0)})",
            ]
        if self.functions:
            choices += [lambda: f"{self.one_of(*self.functions)}({x(0)}, {x(0)}, {self.one_of('1', '2', '3')})"] * 6
        return self.random.choice(choices)()

    def weight(self):
        layer = f"{self.model}.blk[{self.one_of('0', '-1', self.int(0))}]"
        name = self.one_of("attn_q", "attn_k", "attn_output", "ffn_gate", "ffn_up", "ffn_down", "attn_norm")
        return self.one_of(f"{layer}.{name}.weight", f"{layer}.{name}.weight", f"{self.model}.token_embd.weight")

    def literal_sizes(self):
        return "[" + ", ".join(self.size() for _ in range(self.random.randint(1, 3))) + "]"

    # --- the whole

    def circle(self):
        """Functions that call each other, with smaller and smaller numbers."""
        names = [self.fresh("f") for _ in range(self.random.randint(2, 3))]
        for name in names:
            self.function(name, names)

    def function(self, name=None, peers=()):
        name = name or self.fresh("f")
        types = [self.one_of("", ": Tensor"), self.one_of("", ": Tensor")]
        self.line(f"fn {name}(x{types[0]}, y{types[1]}, n: int) {{")
        outer, self.scopes = self.scopes, [{"tensor": ["x", "y"], "int": ["n"], "array": [], "text": []}]
        loops, self.loops = self.loops, 0
        self.depth += 1
        peers = peers or ([name] if self.chance(0.4) else [])
        if peers:
            self.line(f"if n < 1 {{ return {self.tensor(1)} }}")
            # Such calls end since n gets smaller.
            call = lambda: f"{self.one_of(*peers)}({self.tensor(0)}, {self.tensor(0)}, n - 1)"
            self.line(f"let r = {call()}")
            self.scopes[-1]["tensor"].append("r")
            for _ in range(self.random.randint(0, len(peers) - 1)):
                self.line(f"if {self.condition()} {{ {self.one_of('r = ', 'return ', 'let s = ')}{call()} }}")
        for _ in range(self.random.randint(1, 4)):
            self.statement()
        if self.chance(0.3):
            self.line(f"if {self.condition()} {{ return {self.tensor(1)} }}")
        self.line(self.tensor())
        self.depth -= 1
        self.scopes, self.loops = outer, loops
        self.line("}")
        self.functions.append(name)

    def text(self, model):
        for _ in range(self.random.randint(0, 3)):
            self.circle() if self.chance(0.2) else self.function()
        self.line("main {")
        self.depth += 1
        if self.chance(0.5):
            self.model = "model"
            self.line(f'let model = load_model("{model}")')
        self.line("let a = zeros([2, 3])")
        self.scopes[-1]["tensor"].append("a")
        for _ in range(self.random.randint(4, 14)):
            self.statement()
        self.depth -= 1
        self.line("}")
        return "\n".join(self.lines) + "\n"


def repaired(text, number):
    """The program without what failed in a line, or nothing where it cannot do without."""
    lines = text.splitlines()
    line = lines[number - 1]
    for pattern, instead in [
        (r"(\s*let [xyr]\w* = ).*", r"\1zeros([2, 3])"),
        (r"(\s*let n\w* = ).*", r"\g<1>2"),
        (r"(\s*let a\w* = ).*", r"\1[2, 3]"),
        (r"(\s*for \w+ in ).* \{", r"\1range(2) {"),
        (r"(\s*(\} else )?if ).* \{ (\w+.*) \}", r"\1true { \3 }"),
        (r"(\s*if ).* \{", r"\1true {"),
        (r"(\s*)(\w+ = |\w+\[.*\] = |print\().*", ""),
        (r"(\s*)[^{}]*", r"\1x"),
    ]:
        if re.fullmatch(pattern, line):
            new = re.sub(pattern, instead, line)
            if new == line:
                return None
            lines[number - 1] = new
            return "\n".join(lines) + "\n"
    return None


def run(words, seconds):
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return None, "", ""


def found(tl, script):
    """What is wrong about a program, or nothing, and whether it ran to its end. What makes it
    fail is taken out again and again, since what stands behind is of interest too."""
    for _ in range(REPAIRS):
        problem, ended, failed = found_once(tl, script)
        text = repaired(script.read_text(), failed) if failed else None
        if problem or text is None:
            break
        script.write_text(text)
    return problem, ended


def found_once(tl, script):
    """What is wrong about a program, whether it ran to its end, and else the line that failed."""
    code, out, err = run([tl, "check", "--format", "json", str(script)], CHECK_SECONDS)
    if code is None:
        return f"the check takes longer than {CHECK_SECONDS} s", False, None
    if code not in (0, 1) or "panicked" in err:
        return f"the check ends with {code}: {err[-400:]}", False, None
    problems = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    errors = [p for p in problems if p.get("severity") == "error" and p.get("code") in CERTAIN]
    code, out, err = run([tl, "run", "--device", "cpu", "--threads", "1", "--seed", "0", "--no-check", "--check-shapes", str(script)], RUN_SECONDS)
    if code is None:
        return None, False, None  # What a program does may take long; that the check ends is seen above.
    if "promises" in err:
        return err, False, None
    if code not in (0, 1) or "panicked" in err:
        return f"the run ends with {code}: {err[-400:]}", False, None
    if code == 0 and errors:
        return "the run ends well, and the check said: " + json.dumps(errors[0]), True, None
    place = re.search(rf"--> .*{re.escape(script.name)}:(\d+):", err)
    return None, code == 0, int(place[1]) if code and place else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tl", help="the executable")
    parser.add_argument("minutes", type=float)
    parser.add_argument("--model", type=pathlib.Path, required=True, help="a small GGUF file that programs load")
    parser.add_argument("--keep", type=pathlib.Path, required=True, help="the folder for programs that are wrong")
    parser.add_argument("--seed", type=int, default=0, help="the number of the first program")
    arguments = parser.parse_args()
    arguments.keep.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + 60 * arguments.minutes
    seed, wrong, whole = arguments.seed, 0, 0
    while time.monotonic() < until:
        script = arguments.keep / f"{seed}.tl"
        script.write_text(Program(seed).text(arguments.model.resolve()))
        problem, ended = found(arguments.tl, script)
        whole += ended
        if problem:
            wrong += 1
            print(f"{script}: {problem}\n", flush=True)
        else:
            script.unlink()
        seed += 1
    print(f"{seed - arguments.seed} programs, {whole} of them ran to their end, {wrong} are wrong about shapes")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
