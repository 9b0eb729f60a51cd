//! Text: Strings cut, joined and filled in. Positions and lengths count characters.

use super::entry::{Accepts, Bound, Entry, Parameter};
use super::fact::{ArrayKind, Fact};
use super::rules::wrong_kind;
use crate::diagnostic::Code;
use crate::shape::Mismatch;
use crate::size::Size;

/// The builtins on text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// The number of characters.
    StringLength,
    /// A part by position and length.
    StringSubstring,
    /// Several texts end to end.
    ConcatStrings,
    /// A text with its `{}` filled.
    Format,
}

impl Text {
    /// Every builtin of the family.
    pub const ALL: &[Text] = &[Text::StringLength, Text::StringSubstring, Text::ConcatStrings, Text::Format];

    /// Its declaration.
    pub fn entry(self) -> &'static Entry {
        match self {
            Text::StringLength => &Entry {
                name: "string_length",
                spellings: &[],
                parameters: const { &[TEXT] },
                result: "an Integer",
                summary: "The number of characters of a String, as `len(text)`.",
                documentation: "",
                example: "print(string_length(\"naïve\"))",
                prints: "5",
                rule: |a| Ok(Fact::Integer(characters(a.fact(0)))),
            },
            Text::StringSubstring => &Entry {
                name: "string_substring",
                spellings: &[],
                parameters: const {
                    &[
                        TEXT,
                        Parameter::required("start", Accepts::Integer),
                        Parameter::required("length", Accepts::Integer),
                    ]
                },
                result: "a String",
                summary: "So many characters of a String from a position on, fewer where it ends before.",
                documentation: "A negative position counts from the end. `slice(text, start, end)` takes an end instead.",
                example: "print(string_substring(\"tensor logic\", 7, 20))",
                prints: "logic",
                rule: substring,
            },
            Text::ConcatStrings => &Entry {
                name: "concat_strings",
                spellings: &[],
                parameters: const { &[Parameter::variadic("texts", Accepts::Any, 1)] },
                result: "a String",
                summary: "Joins Strings end to end, given one by one or as an array.",
                documentation: "",
                example: "print(concat_strings(\"a\", \"b\"))\nprint(concat_strings([\"c\", \"d\"]))",
                prints: "ab\ncd",
                rule: concat_strings,
            },
            Text::Format => &Entry {
                name: "format",
                spellings: &[],
                parameters: const { &[TEXT, Parameter::variadic("values", Accepts::Any, 0)] },
                result: "a String",
                summary: "A String with each `{}` replaced by the text of the next value.",
                documentation: "What is put in is not looked at again. There must be as many values as `{}`.",
                example: "print(format(\"{} of {}\", 1, [2, 3]))\nprint(\"n = {}\".format(4))",
                prints: "1 of [2, 3]\nn = 4",
                rule: format,
            },
        }
    }
}

const TEXT: Parameter = Parameter::required("text", Accepts::String);

fn characters(text: &Fact) -> Option<Size> {
    match text {
        Fact::String(Some(text)) => i64::try_from(text.chars().count()).ok().map(Size::Number),
        _ => None,
    }
}

fn substring(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    if let Some(length) = arguments.fact(2).integer()
        && length < 0
    {
        let message = format!("`string_substring` needs a length of at least 0, found {length}");
        return Err(Mismatch::new(Code::ArgumentType, message).argument(2));
    }
    Ok(Fact::String(None))
}

fn concat_strings(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    for (index, part) in arguments.rest().iter().enumerate() {
        let fits =
            matches!(part, Fact::String(_) | Fact::Unknown | Fact::Array { kind: None | Some(ArrayKind::String), .. });
        if !fits {
            let mismatch = wrong_kind("concat_strings", "Strings", "texts", part, arguments.rest_slot(index));
            return Err(mismatch.help("make text of a value with `str(x)`"));
        }
    }
    Ok(Fact::String(None))
}

fn format(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    if let Fact::String(Some(text)) = arguments.fact(0) {
        let (holes, values) = (text.matches("{}").count(), arguments.rest().len());
        if holes != values {
            let message = format!("`format` needs as many values as `{{}}`: {holes} in the text, {values} behind it");
            return Err(Mismatch::new(Code::FormatArguments, message).argument(0));
        }
    }
    Ok(Fact::String(None))
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::*;
    use super::*;

    #[test]
    fn texts_are_texts() {
        check(Text::StringLength.entry(), &[text("naïve")], Ok(int(5)));
        check(Text::ConcatStrings.entry(), &[text("a"), text("b")], Ok(Fact::String(None)));
        let message = "`concat_strings` needs Strings for `texts`, found the Integer 1";
        check(Text::ConcatStrings.entry(), &[text("a"), int(1)], Err((Code::ArgumentType, message)));
        let message = "`format` needs as many values as `{}`: 2 in the text, 1 behind it";
        check(Text::Format.entry(), &[text("{} {}"), int(1)], Err((Code::FormatArguments, message)));
    }
}
