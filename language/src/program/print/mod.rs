//! The program as text: canonical, fully parenthesised, one statement a line. It
//! does not depend on layout and spelling, so two scripts that print alike mean
//! the same; and it is a script again, unless the program is broken. What is
//! refused prints as `<refused: …>`, what has still to be typed as `<missing>`, and
//! what is not understood as `<invalid>`: none of these is a script.

mod declarations;
mod expressions;
mod statements;
mod types;

use std::fmt::Write;

use super::tree::*;

/// The canonical text of a program: its declarations by kind, then `main`, then
/// tests and benches.
pub fn program(program: &Program) -> String {
    let mut printer = Printer::default();
    printer.declarations(program);
    for main in program.main.iter().chain(&program.further_mains) {
        printer.braced("main ", &main.body);
    }
    for test in &program.tests {
        printer.braced(&format!("test {} ", name(&test.name)), &test.body);
    }
    for bench in &program.benches {
        printer.braced(&format!("bench {} ", name(&bench.name)), &bench.body);
    }
    printer.out
}

/// Lines at the depth that they have; what goes on in the middle of a line is a text
/// without the indentation of its first line.
#[derive(Default)]
struct Printer {
    out: String,
    indent: usize,
}

impl Printer {
    fn line(&mut self, text: &str) {
        let indent = "    ".repeat(self.indent);
        let _ = writeln!(self.out, "{indent}{text}");
    }

    fn braced(&mut self, head: &str, block: &Block) {
        let text = format!("{head}{}", self.block(block));
        self.line(&text);
    }

    /// Braces around lines, as text whose last line ends with `}`.
    fn braces(&self, lines: impl FnOnce(&mut Printer)) -> String {
        let mut inner = Printer { out: "{\n".into(), indent: self.indent + 1 };
        lines(&mut inner);
        inner.out + &"    ".repeat(self.indent) + "}"
    }
}

/// Stands where the text could not be understood.
const INVALID: &str = "<invalid>";

/// Stands where something has still to be typed.
const MISSING: &str = "<missing>";

fn refused(form: &str) -> String {
    format!("<refused: {form}>")
}

fn name(name: &Name) -> &str {
    if name.text.is_empty() { MISSING } else { &name.text }
}

/// Texts with commas between them.
fn list(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().collect::<Vec<_>>().join(", ")
}
