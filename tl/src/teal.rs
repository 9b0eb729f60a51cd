//! Tells a file of Teal from a script: both end in `.tl`. The text decides, by
//! what its lines begin with, as it does in the editors; a text that says nothing
//! is a script.

/// The answer is clear long before.
const LINES_READ: usize = 200;

/// Whether the text of a `.tl` file is Teal.
pub fn is_teal(text: &str) -> bool {
    let (mut ours, mut theirs) = (0, 0);
    let mut comment_end = None;
    for line in text.lines().take(LINES_READ).map(str::trim) {
        match comment_end {
            Some(end) if line.contains(end) => comment_end = None,
            Some(_) => {}
            None => {
                if is_ours(line) {
                    ours += 1;
                } else if is_theirs(line) {
                    theirs += 1;
                }
                comment_end = open_comment(line);
            }
        }
    }
    theirs > ours
}

/// Lines of a script that are never lines of Teal.
fn is_ours(line: &str) -> bool {
    let (word, rest) = first_word(line);
    let named = rest.starts_with(' ') && rest.trim_start().starts_with(|c: char| c.is_alphabetic() || c == '_');
    let begins = match word {
        "main" | "learn" => rest.trim_start().starts_with('{'),
        "let" => named || rest.trim_start().starts_with('('),
        "import" => rest.trim_start().starts_with('"'),
        "learnable" => rest.trim_start().starts_with("tensor "),
        "fn" | "tensor" | "struct" | "impl" | "entity" | "embedding" | "relation" | "relation_embedding" | "rule"
        | "query" => named,
        "test" | "bench" | "for" | "if" | "while" => line.ends_with('{'),
        _ => {
            let closes = line.strip_prefix('}').map(|rest| first_word(rest.trim_start()).0);
            line.starts_with("//") || line.starts_with("/*") || closes == Some("else")
        }
    };
    begins || ["float16[", "float32[", "int16[", "int32[", "int64[", "bool["].iter().any(|word| has_word(line, word))
}

/// Lines of Teal that are never lines of a script.
fn is_theirs(line: &str) -> bool {
    let (word, rest) = first_word(line);
    let named = rest.starts_with(' ') && !rest.trim_start().is_empty();
    let begins = match word {
        "local" | "global" | "record" | "interface" | "enum" => named,
        "function" | "end" | "elseif" | "until" => true,
        "repeat" => rest.is_empty(),
        "if" => line.ends_with(" then"),
        "for" | "while" => line.ends_with(" do"),
        _ => line.starts_with("--") || line.starts_with("#!"),
    };
    begins || ["require(", "require \"", "require '", "function("].iter().any(|word| has_word(line, word))
}

/// The word at the start of a line, and the rest.
fn first_word(line: &str) -> (&str, &str) {
    line.split_at(line.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(line.len()))
}

/// Whether a line contains a word that no other word ends with.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// What will end the comment that begins a line, if the line does not.
fn open_comment(line: &str) -> Option<&'static str> {
    let (begin, end) = if line.starts_with("/*") { ("/*", "*/") } else { ("--[[", "]]") };
    line.strip_prefix(begin).filter(|rest| !rest.contains(end)).map(|_| end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases that the editors are tested with.
    const CASES: &str = include_str!("../../tests/editors/filetypes.json");

    #[test]
    fn the_text_decides_as_in_the_editors() {
        let cases: Vec<serde_json::Value> = serde_json::from_str(CASES).unwrap();
        for case in &cases {
            let lines: Vec<&str> = case["lines"].as_array().unwrap().iter().filter_map(|line| line.as_str()).collect();
            assert_eq!(is_teal(&lines.join("\n")), case["language"] == "teal", "{case}");
        }
        assert!(cases.len() > 3);
    }
}
