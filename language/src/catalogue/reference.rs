//! The reference page: every builtin by what it is about, written from the entries.

use std::fmt::Write;

use super::Builtin;
use super::category::Category;
use super::entry::Presence;
use super::property::{self, Property};

/// The page as Markdown.
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    for category in Category::ALL {
        let count = of(*category).count();
        let title = category.title();
        let _ = writeln!(page, "- [{title}](#{}): {count}", anchor(title));
    }
    let _ = writeln!(page, "- [Properties](#properties): {}", property::ALL.len());
    for category in Category::ALL {
        let _ = write!(page, "\n## {}\n", category.title());
        of(*category).for_each(|builtin| section(builtin, &mut page));
    }
    page.push_str("\n## Properties\n");
    property::ALL.iter().for_each(|property| property_section(property, &mut page));
    page
}

const INTRODUCTION: &str = "# Builtins

Written from the catalogue (`language/src/catalogue/`) by a test, `TL_UPDATE=1 cargo test --release --workspace --test
all -- reference`; change the entries, not this page. Every function can also be called as a method of its first
argument: `x.softmax(1)` is `softmax(x, 1)`. `f16::name(…)` and `f32::name(…)` convert a tensor result. What is marked
_not executed yet_ is checked like everything else, and a script that calls it does not run.

";

/// The builtins of a category, by name.
fn of(category: Category) -> impl Iterator<Item = Builtin> {
    let mut all: Vec<Builtin> = Builtin::all().filter(|builtin| builtin.category() == category).collect();
    all.sort_by_key(|builtin| builtin.entry().name);
    all.into_iter()
}

/// What GitHub makes of a title.
fn anchor(title: &str) -> String {
    let kept = title.chars().filter(|c| c.is_alphanumeric() || *c == ' ');
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

// Writing to a String does not fail.
fn section(builtin: Builtin, page: &mut String) {
    let entry = builtin.entry();
    let mark = if builtin.is_executable() { "" } else { " — _not executed yet_" };
    let _ = write!(page, "\n### `{}`{mark}\n\n", entry.name);
    let _ = write!(page, "```tensorlogic\n{}\n```\n\n{}", entry.signature(), entry.summary);
    if !entry.documentation.is_empty() {
        let _ = write!(page, " {}", entry.documentation);
    }
    page.push_str("\n\n");
    for parameter in entry.parameters {
        let presence = match parameter.presence {
            Presence::Required => String::new(),
            Presence::Optional(default) => format!("; by default {default}"),
            Presence::Variadic(0) => "; any number".to_owned(),
            Presence::Variadic(least) => format!("; {least} or more"),
        };
        let _ = writeln!(page, "- `{}`: {}{presence}", parameter.name, parameter.accepts.describe());
    }
    let _ = writeln!(page, "- gives {}", entry.result);
    if !entry.spellings.is_empty() {
        let _ = writeln!(page, "- also called `{}`", entry.spellings.join("`, `"));
    }
    example(entry.example, entry.prints, page);
}

fn property_section(property: &Property, page: &mut String) {
    let _ = write!(page, "\n### `{}{}`\n\n{}\n\n", property.of, property.written, property.summary);
    let _ = writeln!(page, "- gives {}", property.result);
    if !property.example.is_empty() {
        example(property.example, property.prints, page);
    }
}

fn example(text: &str, prints: &str, page: &mut String) {
    let _ = write!(page, "\n```tensorlogic\n{text}\n```\n");
    if !prints.is_empty() {
        let _ = write!(page, "\n```text\n{prints}\n```\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_is_on_the_page_once() {
        let page = page();
        for builtin in Builtin::all() {
            let title = format!("\n### `{}`", builtin.entry().name);
            assert_eq!(page.matches(&title).count(), 1, "{title}");
        }
    }

    #[test]
    fn titles_lead_to_their_sections() {
        assert_eq!(anchor("KV caches"), "kv-caches");
        assert_eq!(anchor("Candle's names"), "candles-names");
    }
}
