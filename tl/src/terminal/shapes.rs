//! A script with the shapes of its variables in the margin: one column for all,
//! behind the lines that are not too wide; a wide line has its shapes below.

use std::collections::BTreeMap;
use std::fmt::Write;

use tensorlogic_language::catalogue::fact::Fact;
use tensorlogic_language::inference::Binding;
use tensorlogic_language::shape::{Dim, Shape};
use tensorlogic_language::source::Encoding;

use crate::checked::Checked;

/// The margin begins here at the latest.
const WIDEST: usize = 72;

const DIM: &str = "\x1b[2m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

/// The script, under its name or without.
pub fn listing(checked: &Checked, with_name: bool, colour: bool) -> String {
    let style = |code: &'static str| if colour { code } else { "" };
    let file = checked.sources.file(checked.file);
    let notes = notes(checked);
    let lines: Vec<String> = file.text.lines().map(|line| line.trim_end().replace('\t', "    ")).collect();
    let noted = lines.iter().enumerate().filter(|(at, _)| notes.contains_key(at));
    let widths = noted.map(|(_, line)| line.chars().count()).filter(|width| *width <= WIDEST);
    let column = widths.max().unwrap_or_default() + 2;
    let mut text = String::new();
    if with_name {
        text += &format!("{}{}{}\n", style(BOLD), file.path.display(), style(PLAIN));
    }
    for (at, line) in lines.iter().enumerate() {
        text += line;
        if let Some(note) = notes.get(&at) {
            let width = line.chars().count();
            let gap = match column.checked_sub(width) {
                Some(gap) => gap,
                None => {
                    text.push('\n');
                    column
                }
            };
            // Writing to a text cannot fail.
            let _ = write!(text, "{:gap$}{}│ {note}{}", "", style(DIM), style(PLAIN));
        }
        text.push('\n');
    }
    text
}

/// What is known of the variables of each line.
fn notes(checked: &Checked) -> BTreeMap<usize, String> {
    let file = checked.sources.file(checked.file);
    let mut notes: BTreeMap<usize, String> = BTreeMap::new();
    for binding in checked.inference.bindings() {
        let place = checked.sources.place(binding.span);
        let line = file.lines.position(&file.text, place.start, Encoding::Utf8).line as usize;
        let note = notes.entry(line).or_default();
        if !note.is_empty() {
            note.push_str(", ");
        }
        note.push_str(&note_of(binding));
    }
    notes
}

/// A name and what it is; why a part of that is open, where a reason is known.
fn note_of(binding: &Binding) -> String {
    let (name, known) = (&binding.name, &binding.known);
    let is_open = |shape: &Option<Shape>| shape.as_ref().is_none_or(|shape| shape.0.contains(&Dim::Unknown));
    let reason = known.reason.as_ref().filter(|_| match &known.fact {
        Fact::Unknown => true,
        Fact::Tensor { shape, .. } => is_open(shape),
        _ => false,
    });
    let reason = reason.map(|reason| format!(" ({})", reason.message)).unwrap_or_default();
    format!("{name}: {}{reason}", known.fact.describe())
}
