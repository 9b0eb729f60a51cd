//! Input and output: printing, reading a line, the environment and the words
//! behind `--` on the command line.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{ArrayKind, Fact};
use super::rules::wrong_kind;
use crate::diagnostic::Code;
use crate::shape::{Dim, Mismatch};

/// The builtins of input and output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Io {
    /// Prints a line.
    Print,
    /// Prints without a line end.
    Write,
    /// Prints a line to the error stream.
    Eprint,
    /// Reads a line.
    Input,
    /// An environment variable.
    Env,
    /// A named argument of the script.
    Arg,
    /// All arguments of the script.
    Args,
}

impl Io {
    /// Every builtin of the family.
    pub const ALL: &[Io] = &[Io::Print, Io::Write, Io::Eprint, Io::Input, Io::Env, Io::Arg, Io::Args];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Io::Print => &Entry {
                name: "print",
                spellings: &[],
                parameters: VALUES,
                result: "nothing",
                summary: "Prints values, separated by spaces, and a line end; a first String with `{}` is a format for the others.",
                documentation: "Tensors of up to 64 elements are printed in full, larger ones as type, shape, smallest, largest and mean element. `write` prints without the line end.",
                example: "print(\"total:\", 3, [1.5, 2])\nprint(\"{} of {}\", 1, 2)\nprint([[1, 2], [3, 4.5]])",
                prints: "total: 3 [1.5, 2]\n1 of 2\n[[1, 2], [3, 4.5]]",
                rule: |a| print("print", a),
            },
            Io::Write => &Entry {
                name: "write",
                spellings: &[],
                parameters: VALUES,
                result: "nothing",
                summary: "Prints values as `print` does, without a line end, at once.",
                documentation: "",
                example: "write(\"one \")\nwrite(\"{} \", 2)\nprint(\"three\")",
                prints: "one 2 three",
                rule: |a| print("write", a),
            },
            Io::Eprint => &Entry {
                name: "eprint",
                spellings: &[],
                parameters: VALUES,
                result: "nothing",
                summary: "Prints values as `print` does, to the error stream.",
                documentation: "",
                example: "eprint(\"loading\")\nprint(\"done\")",
                prints: "done",
                rule: |a| print("eprint", a),
            },
            Io::Input => &Entry {
                name: "input",
                spellings: &[],
                parameters: const { &[Parameter::optional("prompt", Accepts::Any, "none")] },
                result: "a String",
                summary: "Prints a prompt and reads a line from standard input, without the spaces at its end.",
                documentation: "At the end of the input it is \"\", so a loop must stop there.",
                example: "let line = input(\"> \")\nprint(len(line))",
                prints: "> 0",
                rule: |_| Ok(Fact::String(None)),
            },
            Io::Env => &Entry {
                name: "env",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("name", Accepts::String),
                        Parameter::optional("default", Accepts::String, "an error for unset variables"),
                    ]
                },
                result: "a String",
                summary: "An environment variable.",
                documentation: "Paths need no `env(\"HOME\")`: `~` is expanded where files are opened.",
                example: "print(env(\"NOT_SET\", \"default\"))",
                prints: "default",
                rule: |_| Ok(Fact::String(None)),
            },
            Io::Arg => &Entry {
                name: "arg",
                spellings: &[],
                parameters: const {
                    &[
                        Parameter::required("name", Accepts::String),
                        Parameter::optional("default", Accepts::Any, "the argument must be given"),
                    ]
                },
                result: "a value of the default's kind",
                summary: "A named argument of the script: `tl run FILE -- --name value`.",
                documentation: "The value is of the kind of the default: a number, a String or a Boolean, for which `--name` alone is true. `--name=value` works too. Without a default it is a String that must be given.",
                example: "print(arg(\"tokens\", 20))\nprint(arg(\"verbose\", false))",
                prints: "20\nfalse",
                rule: arg,
            },
            Io::Args => &Entry {
                name: "args",
                spellings: &[],
                parameters: &[],
                result: "a StringArray",
                summary: "Every word behind `--` on the command line.",
                documentation: "",
                example: "print(len(args()))",
                prints: "0",
                rule: |_| Ok(Fact::Array { kind: Some(ArrayKind::String), len: Dim::Unknown, integers: None }),
            },
        }
    }
}

const VALUES: &[Parameter] = &[Parameter::variadic("values", Accepts::Any, 0)];

/// How many `{}` the values behind a first String fill; `None` where the
/// values are only printed side by side.
pub fn format_holes(first: &str, others: usize) -> Option<usize> {
    let holes = first.matches("{}").count();
    (holes > 0 && others > 0).then_some(holes)
}

fn print(function: &str, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    if let Some((Fact::String(Some(first)), others)) = arguments.rest().split_first()
        && let Some(holes) = format_holes(first, others.len())
        && holes > others.len()
    {
        let message =
            format!("`{function}` needs {holes} values for the {holes} `{{}}` of its text, found {}", others.len());
        return Err(Mismatch::new(Code::FormatArguments, message).argument(arguments.rest_slot(0)));
    }
    Ok(Fact::Void)
}

/// What stands behind a flag of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// The value of `--name=value`.
    Value(String),
    /// The word behind `--name`, unless that is a flag too.
    Next(Option<String>),
}

/// What the words after `--` say of `flag`, such as `--name`. The last one counts,
/// so that a command line can be overridden at its end.
pub fn given(words: &[String], flag: &str) -> Option<Given> {
    words.iter().enumerate().rev().find_map(|(index, word)| {
        let rest = word.strip_prefix(flag)?;
        match rest.strip_prefix('=') {
            Some(value) => Some(Given::Value(value.to_string())),
            None if rest.is_empty() => {
                Some(Given::Next(words.get(index + 1).filter(|next| !next.starts_with("--")).cloned()))
            }
            None => None,
        }
    })
}

fn arg(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    Ok(match arguments.get(1) {
        None | Some(Fact::String(_)) => Fact::String(None),
        Some(Fact::Integer(_)) => Fact::Integer(None),
        Some(Fact::Float(_)) => Fact::Float(None),
        Some(Fact::Boolean(_)) => Fact::Boolean(None),
        Some(Fact::Unknown) => Fact::Unknown,
        Some(other) => return Err(wrong_kind("arg", "a number, a String or a Boolean", "default", other, 1)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn formats_need_their_values() {
        let entry = Io::Print.entry();
        check(entry, &[], Ok(Fact::Void));
        check(entry, &[text("{}")], Ok(Fact::Void));
        check(entry, &[text("{} {}"), int(1), int(2), int(3)], Ok(Fact::Void));
        let message = "`print` needs 2 values for the 2 `{}` of its text, found 1";
        check(entry, &[text("{} {}"), int(1)], Err((Code::FormatArguments, message)));
    }

    #[test]
    fn arguments_have_the_kind_of_their_default() {
        let entry = Io::Arg.entry();
        check(entry, &[text("n"), int(1)], Ok(Fact::Integer(None)));
        check(entry, &[text("n")], Ok(Fact::String(None)));
        let message = "`arg` needs a number, a String or a Boolean for `default`, found float32[2]";
        check(entry, &[text("n"), tensor("2")], Err((Code::ArgumentType, message)));
    }
}
