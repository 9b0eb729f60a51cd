//! A weight file as a person reads it: what it is, its metadata, its tensors
//! with shapes and shares, what its types take, and the memory that it needs.

use std::path::Path;

use tensorlogic_language::gguf::Value;
use tensorlogic_language::weights::{Check, Format, Group, Index, Memory, TensorInfo, Verdict, groups};

use super::table::{Cell, Table};
use crate::commands::model::glance;

/// The longest metadata value that is shown in full, in characters.
const LONGEST_VALUE: usize = 72;

/// The characters of the bar of a tensor that is the whole file.
const BAR: f64 = 12.0;

/// Everything, in lines.
pub fn index(index: &Index, path: &Path, all: bool, colour: bool) -> String {
    let mut text = format!("{}\n{}\n", bold(&printable(&path.to_string_lossy()), colour), headline(index));
    let sections = [
        ("Metadata", metadata(index)),
        ("Tensors", tensors(index, all)),
        ("Types", types(index)),
        ("Memory to run it", memory(index)),
    ];
    for (title, table) in sections {
        if !table.is_empty() {
            text += &format!("\n{}\n{}", bold(title, colour), table.render(colour));
        }
    }
    if !all && index.tensors().len() > groups(index.tensors()).len() {
        text += "\nlayers that are alike share a line; --all lists every tensor\n";
    }
    text
}

/// What was checked, one line each.
pub fn checks(checks: &[Check], colour: bool) -> String {
    let line = |check: &Check| {
        let (verdict, code) = match check.verdict {
            Verdict::Holds => ("ok   ", "32"),
            Verdict::Note => ("note ", "33"),
            Verdict::Fails => ("FAILS", "31"),
        };
        format!("{} {:<11} {}\n", painted(verdict, code, colour), check.subject, printable(&check.message))
    };
    let mut text: String = checks.iter().map(line).collect();
    match checks.iter().filter(|check| check.verdict == Verdict::Fails).count() {
        0 => text += "the model is sound\n",
        1 => text += "1 check fails\n",
        count => text += &format!("{count} checks fail\n"),
    }
    text
}

fn headline(index: &Index) -> String {
    let format = match index.format {
        Format::Gguf { version, .. } => format!("GGUF version {version}"),
        Format::Safetensors => "safetensors".to_owned(),
    };
    let mut parts = vec![format];
    parts.extend(index.architecture().map(printable));
    parts.push(format!("{} parameters in {} tensors", large(index.parameters()), index.tensors().len()));
    let files = match index.parts.len() {
        1 => "one file".to_owned(),
        count => format!("{count} files"),
    };
    parts.push(format!("{} in {files}", bytes(index.file_bytes())));
    parts.join(", ")
}

fn metadata(index: &Index) -> Table {
    let mut table = Table::default();
    for (key, value) in index.metadata() {
        let (kind, shown) = match value {
            Value::Array(array) => {
                let mut first: Vec<String> = glance(index, array).iter().map(scalar).collect();
                if (first.len() as u64) < array.count {
                    first.push("…".to_owned());
                }
                (format!("{}[{}]", array.element.name(), array.count), first.join(", "))
            }
            other => (other.value_type().name().to_owned(), scalar(other)),
        };
        table.row([Cell::left(printable(key)), Cell::faint(kind), Cell::left(shortened(&shown))]);
    }
    table
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        Value::Bool(truth) => truth.to_string(),
        Value::F32(number) => number.to_string(),
        Value::F64(number) => number.to_string(),
        Value::U64(number) => number.to_string(),
        other => other.integer().map_or(String::new(), |number| number.to_string()),
    }
}

fn tensors(index: &Index, all: bool) -> Table {
    let mut table = Table::default();
    table.head(["name", "", "shape [out, in]", "ne in the file", "type", "bytes", "share", ""]);
    let whole = index.file_bytes().max(1) as f64;
    let rows = match all {
        true => index.tensors().iter().map(|it| Group { name: it.name.clone(), tensors: vec![it] }).collect(),
        false => groups(index.tensors()),
    };
    for Group { name, tensors } in rows {
        let Some(first) = tensors.first() else { continue };
        let taken: u64 = tensors.iter().map(|tensor| tensor.length).sum();
        let share = taken as f64 / whole;
        table.row([
            Cell::left(printable(&name)),
            Cell::right(if tensors.len() > 1 { format!("{} ×", tensors.len()) } else { String::new() }),
            Cell::left(format!("{:?}", first.shape)),
            Cell::faint(ne(first)),
            Cell::left(first.storage.name()),
            Cell::right(bytes(taken)),
            Cell::right(format!("{:.1} %", share * 100.0)),
            Cell::bar("█".repeat((share * BAR).round() as usize)),
        ]);
    }
    table
}

fn ne(tensor: &TensorInfo) -> String {
    tensor.ne().iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

/// What the tensors of one type take together.
pub struct Total {
    /// The name of the type.
    pub name: &'static str,
    /// How many tensors have it.
    pub tensors: usize,
    /// How many elements they have.
    pub parameters: u64,
    /// How many bytes they take.
    pub bytes: u64,
}

/// The totals of all types, the largest first.
pub fn totals(index: &Index) -> Vec<Total> {
    let mut totals: Vec<Total> = Vec::new();
    for tensor in index.tensors() {
        let name = tensor.storage.name();
        let at = totals.iter().position(|total| total.name == name).unwrap_or_else(|| {
            totals.push(Total { name, tensors: 0, parameters: 0, bytes: 0 });
            totals.len() - 1
        });
        let total = &mut totals[at];
        total.tensors += 1;
        total.parameters = total.parameters.saturating_add(tensor.count() as u64);
        total.bytes = total.bytes.saturating_add(tensor.length);
    }
    totals.sort_by_key(|total| std::cmp::Reverse(total.bytes));
    totals
}

fn types(index: &Index) -> Table {
    let mut table = Table::default();
    table.head(["type", "tensors", "parameters", "bytes", "bits each"]);
    for total in totals(index) {
        let bits = total.bytes as f64 * 8.0 / total.parameters.max(1) as f64;
        table.row([
            Cell::left(total.name),
            Cell::right(total.tensors.to_string()),
            Cell::right(large(total.parameters)),
            Cell::right(bytes(total.bytes)),
            Cell::right(format!("{bits:.2}")),
        ]);
    }
    table
}

fn memory(index: &Index) -> Table {
    let memory = Memory::of(index);
    let mut table = Table::default();
    let mut row = |what: &str, size: Option<u64>, why: String| {
        let size = size.map_or("unknown".to_owned(), bytes);
        table.row([Cell::left(what), Cell::right(size), Cell::faint(why)]);
    };
    row("weights", Some(memory.weights), "as they lie in the file, which is mapped".to_owned());
    let Some(context) = memory.context else {
        row("the rest", None, "the metadata gives no context length".to_owned());
        return table;
    };
    let number = |value: Option<u64>| value.map_or("?".to_owned(), |value| value.to_string());
    let cache = format!(
        "keys and values of {context} tokens: {} layers × {} heads × ({} + {}) numbers of 4 bytes",
        number(index.block_count()),
        number(index.head_count_kv()),
        number(index.key_length()),
        number(index.value_length()),
    );
    row("KV cache", memory.cache, cache);
    row("results", memory.step, format!("the largest at one time, for one token behind {context}"));
    row("together", memory.total(), "while tokens are generated one by one with a cache".to_owned());
    row("long prompt", memory.prompt, format!("results instead, when {context} tokens are computed at once"));
    table
}

/// A size in bytes, in units of 1024.
fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = 0;
    while size >= 999.95 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

/// A count as people say it: 1.10 billion is 1.10 B.
fn large(count: u64) -> String {
    match count as f64 {
        many if many >= 1e9 => format!("{:.2} B", many / 1e9),
        many if many >= 1e6 => format!("{:.2} M", many / 1e6),
        many if many >= 1e4 => format!("{:.1} k", many / 1e3),
        _ => count.to_string(),
    }
}

/// A text of a file without what would steer a terminal.
fn printable(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn bold(text: &str, colour: bool) -> String {
    painted(text, "1", colour)
}

fn painted(text: &str, code: &str, colour: bool) -> String {
    if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        assert_eq!(
            [0, 1023, 1024, 1536, 1 << 20, 40 << 30].map(bytes),
            ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "1.0 MiB", "40.0 GiB"]
        );
        assert_eq!([7, 9999, 12_345, 7_200_000, 1_100_048_384].map(large), ["7", "9999", "12.3 k", "7.20 M", "1.10 B"]);
    }

    /// A file cannot move the cursor, colour the screen or turn the reading direction.
    #[test]
    fn a_file_does_not_steer_the_terminal() {
        assert_eq!(printable("a\x1b[31m\nb\u{202e}"), "a\\u{1b}[31m\\nb\\u{202e}");
        assert_eq!(printable("▁größe \"x\" \\"), "▁größe \"x\" \\");
    }
}
