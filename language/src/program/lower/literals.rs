//! Numbers and strings: what their spelling means, and what is wrong with it.

use super::Lowering;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::source::Span;
use crate::syntax::Node;

impl Lowering<'_> {
    /// The value of an integer literal; `None` if it is too large, which is reported.
    pub(super) fn integer(&mut self, node: Node) -> Option<i64> {
        let value = self.text(node).parse().ok();
        if value.is_none() {
            self.too_large(node, "a whole number is at most 9223372036854775807");
        }
        value
    }

    /// `-` and an integer literal, so that the smallest number can be written.
    pub(super) fn negative_integer(&mut self, node: Node) -> Option<i64> {
        let value = format!("-{}", self.text(node)).parse().ok();
        if value.is_none() {
            self.too_large(node, "a whole number is at least -9223372036854775808");
        }
        value
    }

    /// The value of a float literal; `None` if it is too large, which is reported.
    pub(super) fn float(&mut self, node: Node) -> Option<f64> {
        let value = self.text(node).parse().ok().filter(|value: &f64| value.is_finite());
        if value.is_none() {
            self.too_large(node, "the largest number is about 1.8e308");
        }
        value
    }

    fn too_large(&mut self, node: Node, note: &str) {
        let message = format!("number too large: `{}`", self.text(node));
        let problem = Diagnostic::new(Code::MalformedNumber, node.span(), message).note(note);
        self.problems.push(problem);
    }

    /// The value of a string literal.
    pub(super) fn string(&mut self, node: Node) -> String {
        let text = self.text(node);
        let inside = text.strip_prefix('"').unwrap_or(text);
        let start = node.span().start() + 1;
        self.unescape(inside.strip_suffix('"').unwrap_or(inside), node.span().with(start, start))
    }

    /// The escapes of `inside`, which begins at `place`, are resolved once
    /// from left to right; a line end is `\n` whatever the file uses.
    fn unescape(&mut self, inside: &str, place: Span) -> String {
        let mut value = String::with_capacity(inside.len());
        let mut characters = inside.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let followed_by = characters.peek().map(|(_, next)| *next);
            match (character, followed_by) {
                ('\r', Some('\n')) => {}
                ('\r', _) => value.push('\n'),
                ('\\', Some(next)) => {
                    if let Some(meaning) = escape(next) {
                        characters.next();
                        value.push(meaning);
                    } else {
                        value.push('\\');
                        self.unknown_escape(
                            next,
                            place.with(place.start() + at, place.start() + at + 1 + next.len_utf8()),
                        );
                    }
                }
                _ => value.push(character),
            }
        }
        value
    }

    fn unknown_escape(&mut self, next: char, span: Span) {
        let fix = Fix::safe("double the backslash").insert_before(span, "\\");
        if next.is_control() {
            let message = "a backslash before a line end stays as it is";
            self.legacy(span, message, "write `\\\\` for a backslash", Some(fix));
        } else {
            let message = format!("`\\{next}` is no escape: both characters stay");
            self.legacy(span, message, format!("write `\\\\{next}` to show that it is meant"), Some(fix));
        }
    }

    /// What stands between the quotes of a string that is refused.
    pub(super) fn refused_string(&self, node: Node) -> String {
        self.text(node).trim_start_matches('f').trim_matches(['"', '\'']).to_owned()
    }
}

/// What is wrong with digits that letters, underscores or nothing precede or follow;
/// what to write instead, or else advice.
pub(super) fn malformed(word: &str) -> (String, Result<String, String>) {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = word.split_at(digits);
    let radix = match rest.as_bytes() {
        [b'x' | b'X', ..] if number == "0" => Some((16, "hexadecimal")),
        [b'b' | b'B', ..] if number == "0" => Some((2, "binary")),
        [b'o' | b'O', ..] if number == "0" => Some((8, "octal")),
        _ => None,
    };
    let plain = word.replace('_', "");
    let suffix = ["f16", "f32", "f64", "i32", "i64", "u32", "u64", "f"]
        .iter()
        .find_map(|suffix| word.strip_suffix(suffix))
        .map(|number| number.trim_end_matches('_'))
        .filter(|number| number.parse::<f64>().is_ok())
        .map(|number| if number.starts_with('.') { format!("0{number}") } else { number.into() });
    if let Some((radix, system)) = radix {
        let value = i64::from_str_radix(plain.get(2..).unwrap_or_default(), radix);
        let instead = value.map(|value| value.to_string()).map_err(|_| "write it in decimal".into());
        (format!("`{word}` is {system}, and numbers are decimal"), instead)
    } else if word.starts_with('.') && plain.parse::<f64>().is_ok() {
        (format!("`{word}` has no digit before its point"), Ok(format!("0{plain}")))
    } else if let Some(number) = suffix {
        (format!("`{word}` has a suffix, which numbers do not have"), Ok(number))
    } else if plain.parse::<f64>().is_ok() {
        (format!("`{word}` has `_` between its digits"), Ok(plain))
    } else if plain.strip_suffix(['e', 'E']).is_some_and(|number| number.parse::<f64>().is_ok()) {
        let help = format!("write `{word}0`, or remove the `e`");
        (format!("`{word}` has no digits in its exponent"), Err(help))
    } else {
        let help = "put an operator or a space between the number and the name";
        (format!("`{word}` is neither a number nor a name"), Err(help.into()))
    }
}

fn escape(character: char) -> Option<char> {
    Some(match character {
        '\\' => '\\',
        '"' => '"',
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        _ => return None,
    })
}
