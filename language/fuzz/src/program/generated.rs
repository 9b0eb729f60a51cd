//! Scripts that are well formed and of any meaning: functions that call each other,
//! loops that carry tensors, sizes of every kind. What they compute need not fit.

use crate::Random;

/// Names of variables; few, so that they meet.
const NAMES: &[&str] = &["a", "b", "x", "y", "n", "q", "total", "layer", "model", "cache"];

/// Sizes and numbers, the impossible ones too.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "4",
    "8",
    "64",
    "2048",
    "-1",
    "2.0",
    "0.5",
    "1e-5",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
];

/// A script.
pub fn script(random: &mut Random) -> String {
    let mut writer = Writer { random, functions: 0, text: String::new() };
    if writer.random.once_in(4) {
        let file = writer.random.of(&["lib.tl", "loop.tl", "broken.tl", "binary.tl", "none.tl", "script.tl"]);
        writer.text += &format!("import \"{file}\"\n");
    }
    for _ in 0..writer.random.below(3) {
        let (name, size, value) = (writer.name(), writer.number(), writer.expression(2));
        writer.text += &format!("tensor {name}: float32[{size}, ?] = {value}\n");
    }
    writer.functions = writer.random.below(6);
    for number in 0..writer.functions {
        writer.function(number);
    }
    writer.text += "main {\n";
    if writer.random.once_in(2) {
        let file = writer.random.of(&["tiny.gguf", "small.gguf", "truncated.gguf", "lying.gguf", "none.gguf"]);
        writer.text += &format!("    let model = load_model(\"{file}\")\n");
    }
    writer.statements(1, false);
    writer.text += "}\n";
    writer.text
}

struct Writer<'r> {
    random: &'r mut Random,
    functions: usize,
    text: String,
}

impl Writer<'_> {
    fn name(&mut self) -> &'static str {
        self.random.of(NAMES)
    }

    fn number(&mut self) -> &'static str {
        self.random.of(NUMBERS)
    }

    fn function(&mut self, number: usize) {
        let parameters: Vec<String> = (0..self.random.below(4))
            .map(|position| {
                let written =
                    ["", ": int", ": float32[?, ?]", ": float16[n, d]", ": Tensor", ": Model", ": float32[n]"];
                format!("{}{}", NAMES[position], self.random.of(&written))
            })
            .collect();
        let result = self.random.of(&["", "", " -> Tensor", " -> int", " -> float32[?, ?]", " -> void"]);
        self.text += &format!("fn f{number}({}){result} {{\n", parameters.join(", "));
        self.statements(1, true);
        let value = self.expression(3);
        self.text += &format!("    {value}\n}}\n\n");
    }

    fn statements(&mut self, depth: usize, in_function: bool) {
        for _ in 0..1 + self.random.below(5) {
            self.statement(depth, in_function);
        }
    }

    fn statement(&mut self, depth: usize, in_function: bool) {
        let indent = "    ".repeat(depth);
        let (name, other) = (self.name(), self.name());
        let header = match self.random.below(if depth < 6 { 16 } else { 10 }) {
            0..5 => {
                let value = self.expression(3);
                let word = if self.random.once_in(3) { "" } else { "let " };
                self.text += &format!("{indent}{word}{name} = {value}\n");
                return;
            }
            5 => {
                let value = self.expression(2);
                let method = self.random.of(&["append", "push", "set", "reshape"]);
                self.text += &format!("{indent}{name}.{method}({value})\n");
                return;
            }
            6 => {
                let value = self.expression(3);
                let sign = self.random.of(&["+=", "*=", "-=", ":="]);
                self.text += &format!("{indent}{name} {sign} {value}\n");
                return;
            }
            7 => {
                let leave = self.random.of(&["break", "continue", "return", "return x", "exit(1)"]);
                let leave = if in_function { leave } else { leave.split(' ').next().unwrap_or(leave) };
                self.text += &format!("{indent}if {name} == {other} {{ {leave} }}\n");
                return;
            }
            8 => {
                let (objective, steps) = (self.expression(2), self.number());
                self.text += &format!(
                    "{indent}learn {{\n{indent}    objective: {objective}\n{indent}    epochs: {steps}\n{indent}}}\n"
                );
                return;
            }
            9 => {
                let value = self.expression(3);
                self.text += &format!("{indent}print(\"{{}} {{}}\", {value})  // tl: allow(format-arguments)\n");
                return;
            }
            10..13 => format!("for {name} in range({})", self.number()),
            13 => format!("while {name} < {other}"),
            14 => format!("if {name} < {}", self.number()),
            _ => "loop".to_owned(),
        };
        self.text += &format!("{indent}{header} {{\n");
        self.statements(depth + 1, in_function);
        self.text += &format!("{indent}}}\n");
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.once_in(5) {
            return if self.random.once_in(2) { self.name() } else { self.number() }.to_owned();
        }
        let inside = depth - 1;
        let mut part = || self.expression(inside);
        let (a, b) = (part(), part());
        match self.random.below(20) {
            0..3 => format!("zeros([{a}, {b}])"),
            3 => format!("({a} {} {b})", self.random.of(&["+", "-", "*", "/", "@", "%", "**", "==", "<"])),
            4 => format!("reshape({a}, [{b}, -1])"),
            5 => format!("reshape({a}, [{}, {}, {}])", self.number(), self.number(), b),
            6 => format!("concat({a}, {b})"),
            7 => format!("append({a}, {b})"),
            8 => format!("shape({a})[{}]", self.number()),
            9 => format!("{a}[{b}]"),
            10 => format!("{a}[{}:{}, :]", self.number(), self.number()),
            11 => format!("linear({a}, model.blk[{b}].attn_q.weight)"),
            12 => format!("rope({a})"),
            13 => format!("softmax({a}, {})", self.number()),
            14 => format!("einsum(\"{}\", {a}, {b})", self.random.of(&["ij,jk->ik", "ihd,jhd->hij", "ii->", "i,,"])),
            15 => format!("transpose({a})"),
            16 => format!("[{a}, {b}]"),
            17 => format!("sample({a})"),
            _ if self.functions > 0 => {
                let function = self.random.below(self.functions);
                format!("f{function}({a}, {b}, {})", self.name())
            }
            _ => format!("sum({a})"),
        }
    }
}
