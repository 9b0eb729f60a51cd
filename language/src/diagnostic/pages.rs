//! What there is to say of each code beyond one problem: what it means, a script
//! that has it, why that matters and how it is repaired. `tl explain` prints these
//! pages and `language/diagnostics/` holds them as Markdown; a test runs their
//! scripts and writes the files.

mod attention;
mod files;
mod learning;
mod names;
mod shapes;
mod spelling;
mod statements;

use super::Code;

/// The page of a code.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The code.
    pub code: Code,
    /// What it means, in sentences.
    pub meaning: &'static str,
    /// A script that has the problem, as a file `example.tl`.
    pub example: &'static str,
    /// What lies beside the script: names and texts of files.
    pub beside: &'static [(&'static str, &'static str)],
    /// Why it matters.
    pub matters: &'static str,
    /// How to repair it.
    pub repair: &'static str,
    /// The same script, repaired.
    pub repaired: &'static str,
}

/// Pages on one subject.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The subject.
    pub title: &'static str,
    /// Its pages.
    pub pages: &'static [Page],
}

/// Every page, by subject.
pub const GROUPS: &[Group] = &[
    Group { title: "Spelling", pages: spelling::PAGES },
    Group { title: "Names and variables", pages: names::PAGES },
    Group { title: "Statements, calls and numbers", pages: statements::PAGES },
    Group { title: "Shapes and element types", pages: shapes::PAGES },
    Group { title: "Attention and generation", pages: attention::PAGES },
    Group { title: "Models and other files", pages: files::PAGES },
    Group { title: "Learning and logic", pages: learning::PAGES },
];

impl Code {
    /// Its page.
    pub fn page(self) -> Option<&'static Page> {
        GROUPS.iter().flat_map(|group| group.pages).find(|page| page.code == self)
    }
}

/// A part of a page, in the order in which it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The head of a section.
    Heading(&'static str),
    /// Sentences.
    Text(&'static str),
    /// A script.
    Script(&'static str),
    /// A file that lies beside it: its name and text.
    File(&'static str, &'static str),
}

impl Page {
    /// Everything below the title.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = vec![Part::Text(self.meaning), Part::Script(script(self.example))];
        parts.extend(self.beside.iter().map(|(name, text)| Part::File(name, script(text))));
        parts.extend([Part::Heading("Why it matters"), Part::Text(self.matters)]);
        parts.extend([Part::Heading("How to repair it"), Part::Text(self.repair), Part::Script(script(self.repaired))]);
        parts
    }

    /// The page as a file of Markdown.
    pub fn markdown(&self) -> String {
        let code = self.code;
        let severity = code.default_severity().name();
        let mut text = format!("# {}\n\n*{severity}:* {}\n", code.name(), code.summary());
        for part in self.parts() {
            text += &match part {
                Part::Heading(title) => format!("\n## {title}\n"),
                Part::Text(sentences) => format!("\n{sentences}\n"),
                Part::File(name, script) => {
                    let language = if name.ends_with(".tl") { "tensorlogic" } else { "" };
                    format!("\nwith `{name}` beside it:\n\n```{language}\n{script}```\n")
                }
                Part::Script(script) => format!("\n```tensorlogic\n{script}```\n"),
            };
        }
        text
    }
}

/// The list of all pages as Markdown: a table for each subject.
pub fn index() -> String {
    let mut text = INTRODUCTION.trim_start().to_owned();
    for group in GROUPS {
        text += &format!("\n## {}\n\n| Code | Severity | |\n|---|---|---|\n", group.title);
        for page in group.pages {
            let (name, severity) = (page.code.name(), page.code.default_severity().name());
            text += &format!("| [`{name}`]({name}.md) | {severity} | {} |\n", page.code.summary());
        }
    }
    text
}

/// What all problems have in common.
const INTRODUCTION: &str = "
# Problems that the check tells

`tl check` tells them, editors show them while a script is written, `tl run` tells the errors and
then runs nothing. `tl explain CODE` prints the page of a code. This folder is written from
`language/src/diagnostic/pages/`.

An **error** means that a run certainly fails or that the text is no program. A **warning** means that
it runs, and surely not as meant. A **hint** is worth knowing. A problem may be less severe than its
code where less is certain; its page says so.

Where a problem is meant to be, a comment silences it on its line; alone on a line, it does so in the
next statement or declaration:

```tensorlogic
main {
    let h = ones([2]) // tl: allow(unused-variable)
}
```

A project chooses in [`tl.toml`](../CONFIGURATION.md) how severe a code is: `error`, `warning`, `hint` or
`off`. What forbids a run stays an error for `tl run`, whatever is allowed or chosen, since the run would
fail or has nothing to run; `tl run --no-check` tries it all the same.
";

/// The text of a script without the line end in front, which only the source has.
fn script(text: &'static str) -> &'static str {
    text.strip_prefix('\n').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_page() {
        let pages = || GROUPS.iter().flat_map(|group| group.pages);
        for code in Code::ALL {
            assert_eq!(pages().filter(|page| page.code == *code).count(), 1, "{}", code.name());
        }
        assert_eq!(pages().count(), Code::ALL.len());
    }

    #[test]
    fn pages_are_complete() {
        for page in GROUPS.iter().flat_map(|group| group.pages) {
            for text in [page.meaning, page.matters, page.repair] {
                assert!(text.ends_with(['.', ':']), "{}: {text:?}", page.code.name());
            }
            for text in [page.example, page.repaired] {
                assert!(script(text).ends_with("\n") && text != script(text), "{}: {text:?}", page.code.name());
            }
            assert_ne!(page.example, page.repaired, "{}", page.code.name());
        }
    }
}
