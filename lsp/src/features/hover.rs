//! What a name or an expression is: the kind and shape of its value, where its
//! sizes come from or what hides them, the documentation of what is called.

use std::path::Path;
use std::sync::Arc;

use tensorlogic_language::catalogue::Builtin;
use tensorlogic_language::catalogue::entry::Presence;
use tensorlogic_language::catalogue::fact::Fact;
use tensorlogic_language::inference::{Known, NameAfter};
use tensorlogic_language::program::names::Binding;
use tensorlogic_language::program::tree::Function;
use tensorlogic_language::source::Span;

use crate::script::Script;
use crate::text::Bytes;

/// A text of a longer expression is not repeated.
const LONGEST_TEXT: usize = 60;

/// So many names of a weight file are listed.
const MOST_NAMES: usize = 24;

/// What is said of a builtin without a kernel.
pub const NOT_YET: &str =
    "**This builtin cannot be executed yet.** A script that calls it is checked, and does not run.";

/// What is shown about a part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The part.
    pub bytes: Bytes,
    /// What is said, in order.
    pub parts: Vec<Part>,
}

/// A part of what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A piece of TensorLogic.
    Code(String),
    /// A paragraph.
    Text(String),
}

/// What is to be said at a byte of a script.
pub fn hover(script: &Script, offset: usize) -> Option<Hover> {
    called(script, offset).or_else(|| declared(script, offset)).or_else(|| value(script, offset))
}

/// A function or builtin where it is called.
fn called(script: &Script, offset: usize) -> Option<Hover> {
    let (name, binding) = script.called(offset)?;
    let parts = match binding {
        Binding::Builtin(builtin) => of_builtin(builtin),
        Binding::Function(number) => of_function(script, script.checked.analysis.names.function(number)?),
        Binding::Unresolved | Binding::Local(_) | Binding::Global(_) | Binding::Logic(_) => return None,
    };
    Some(Hover { bytes: script.bytes(name.span), parts })
}

/// A function where it is declared.
fn declared(script: &Script, offset: usize) -> Option<Hover> {
    let named = |function: &Arc<Function>| script.bytes(function.name.span);
    let at = |bytes: Bytes| bytes.start <= offset && offset <= bytes.end;
    let mut own = script.checked.analysis.program.functions.iter().filter(|function| script.is_own(function.name.span));
    let function = own.find(|function| at(named(function)))?;
    Some(Hover { bytes: named(function), parts: of_function(script, function) })
}

/// The value of an expression or of the name that is bound.
fn value(script: &Script, offset: usize) -> Option<Hover> {
    let (span, known) = script.checked.inference.at(&script.checked.sources, offset)?;
    let text = script.checked.sources.text(span);
    if text.contains('\n') || text.len() > LONGEST_TEXT {
        return None;
    }
    let is_literal = text.starts_with(|c: char| c.is_ascii_digit() || c == '"');
    if is_literal || matches!(known.fact, Fact::Void) {
        return None;
    }
    let kind = without_article(known.fact.describe());
    // A number that nobody knows is called as its variable is.
    let kind = kind.strip_suffix(&format!(" {text}")).map(str::to_owned).unwrap_or(kind);
    let mut parts = vec![Part::Code(format!("{text}: {kind}"))];
    parts.extend(in_model(script, span, known).map(Part::Text));
    parts.extend(origins(script, known).into_iter().map(Part::Text));
    Some(Hover { bytes: script.bytes(span), parts })
}

fn without_article(description: String) -> String {
    let bare = ["a ", "an ", "the "].iter().find_map(|article| description.strip_prefix(article));
    bare.map(str::to_owned).unwrap_or(description)
}

/// What the weight file has under a handle, or as a weight.
fn in_model(script: &Script, span: Span, known: &Known) -> Option<String> {
    let inference = &script.checked.inference;
    if let Some(path) = inference.model_path(known) {
        let names = inference.names_after(known);
        let lines = names.iter().take(MOST_NAMES).map(|name| match stored(name) {
            Some(stored) => format!("- `{}`: {stored}", name.label),
            None => format!("- `{}`", name.label),
        });
        let more = names.len().saturating_sub(MOST_NAMES);
        let more = (more > 0).then(|| format!("- … {more} more"));
        let head = format!("in `{}`:\n", shown(script, path));
        return Some(std::iter::once(head).chain(lines).chain(more).collect::<Vec<_>>().join("\n"));
    }
    let name = script.checked.sources.text(span).rsplit_once('.')?.1;
    let receiver = inference.receiver(&script.checked.sources, script.bytes(span).end)?;
    let path = inference.model_path(receiver)?;
    let found = inference.names_after(receiver).into_iter().find(|other| other.label == name)?;
    Some(format!("{} in `{}`", stored(&found)?, shown(script, path)))
}

/// How the weight file stores a tensor: `F16 [64, 192]`.
pub fn stored(name: &NameAfter) -> Option<String> {
    let tensor = name.tensor.as_ref()?;
    Some(format!("{} {:?}", tensor.storage.name(), tensor.shape))
}

/// A path as the script would write it.
fn shown(script: &Script, path: &Path) -> String {
    let beside = script.source().path.parent().and_then(|folder| path.strip_prefix(folder).ok());
    beside.unwrap_or(path).display().to_string()
}

/// Where the sizes of a value come from, and why a part of it is not known.
pub fn origins(script: &Script, known: &Known) -> Vec<String> {
    let line = |span: Span| {
        let place = script.checked.sources.place(span);
        let source = script.checked.sources.file(place.file);
        let encoding = tensorlogic_language::source::Encoding::Utf8;
        let line = source.lines.position(&source.text, place.start, encoding).line + 1;
        if script.is_own(span) {
            format!("line {line}")
        } else {
            format!("line {line} of `{}`", shown(script, &source.path))
        }
    };
    let births = script.checked.inference.births(&known.fact);
    let mut told: Vec<String> =
        births.iter().map(|(name, birth)| format!("`{name}`: {}, {}", birth.message, line(birth.span))).collect();
    if let Some(reason) = &known.reason {
        told.push(format!("Not all is known: {}, {}.", reason.message, line(reason.span)));
    }
    told
}

/// The documentation of a builtin.
pub fn of_builtin(builtin: Builtin) -> Vec<Part> {
    let entry = builtin.entry();
    let mut parts =
        vec![Part::Code(format!("{} -> {}", entry.signature(), entry.result)), Part::Text(entry.summary.to_owned())];
    if !builtin.is_executable() {
        parts.push(Part::Text(NOT_YET.to_owned()));
    }
    if !entry.documentation.is_empty() {
        parts.push(Part::Text(entry.documentation.to_owned()));
    }
    let parameters = entry.parameters.iter().map(|parameter| {
        let presence = match parameter.presence {
            Presence::Required => String::new(),
            Presence::Optional(default) => format!("; by default {default}"),
            Presence::Variadic(least) => format!("; any number, at least {least}"),
        };
        format!("- `{}`: {}{presence}", parameter.name, parameter.accepts.describe())
    });
    let parameters: Vec<String> = parameters.collect();
    if !parameters.is_empty() {
        parts.push(Part::Text(parameters.join("\n")));
    }
    if !entry.spellings.is_empty() {
        parts.push(Part::Text(format!("also called `{}`", entry.spellings.join("`, `"))));
    }
    parts.push(Part::Code(entry.example.trim().to_owned()));
    if !entry.prints.trim().is_empty() {
        parts.push(Part::Text(format!("prints `{}`", entry.prints.trim().replace('\n', "`, `"))));
    }
    parts
}

/// The header of a function and the comment above it.
pub fn of_function(script: &Script, function: &Function) -> Vec<Part> {
    let header = script.checked.sources.text(function.header);
    let place = script.checked.sources.place(function.header);
    let above = script.checked.sources.file(place.file).text.get(..place.start).unwrap_or_default();
    let comments = above.trim_end_matches([' ', '\t']).lines().rev().map_while(|line| line.trim().strip_prefix("//"));
    let mut comment: Vec<&str> = comments.map(str::trim).collect();
    comment.reverse();
    let mut parts = vec![Part::Code(header.to_owned())];
    if !comment.is_empty() {
        parts.push(Part::Text(comment.join("\n")));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::tests::script;

    /// The parts that are shown at the cursor, joined.
    fn shown(marked: &str) -> Option<String> {
        let (script, offset) = script(marked);
        let hover = hover(&script, offset)?;
        let text = |part: &Part| match part {
            Part::Code(text) | Part::Text(text) => text.clone(),
        };
        Some(hover.parts.iter().map(text).collect::<Vec<_>>().join("\n"))
    }

    fn check(marked: &str, parts: &[&str]) {
        let shown = shown(marked).unwrap_or_default();
        for part in parts {
            assert!(shown.contains(part), "{marked} shows {shown}");
        }
    }

    #[test]
    fn a_name_shows_its_value() {
        check("main { let x = zeros([2, 3]) print($0x) }", &["x: float32[2, 3]"]);
        check("main { let $0x = 1 + 2 }", &["x: Integer 3"]);
        check("main { let $0tokens = arg(\"tokens\", 3) }", &["tokens: Integer\n`tokens`: "]);
    }

    #[test]
    fn a_builtin_shows_its_documentation() {
        check("main { let x = so$0ftmax(ones([2]), 0) }", &["softmax(x", "->", "- `x`: a tensor"]);
        check("main { let x = ones([2]).sum$0() }", &["sum("]);
    }

    #[test]
    fn a_builtin_without_a_kernel_says_so() {
        check("main { let x = dro$0pout(ones([2])) }", &["dropout(x, p = 0.5", "cannot be executed yet"]);
        check("main { let x = sof$0tmax(ones([2])) }", &["also called `cndl_softmax`"]);
    }

    #[test]
    fn a_method_is_that_of_its_value() {
        let start = "main { let c = KVCache::new(2) let v = IntVec::new() ";
        check(&format!("{start} c.se$0t(0, ones([1, 4]), ones([1, 4])) }}"), &["cache.set(layer, k, v)"]);
        check(&format!("{start} v.se$0t(0, 1) }}"), &["vec.set(index, value)"]);
        check(&format!("{start} c.le$0n(0) }}"), &["cache.len(layer = "]);
        check(&format!("{start} v.le$0n() }}"), &["len(x)"]);
        check("main { let c = KVCache::ne$0w(2) }", &["KVCache::new(layers) -> a KVCache"]);
    }

    #[test]
    fn a_function_shows_its_header_and_comment() {
        let text = "// Twice.\nfn twice(x: int) -> int { x * 2 }\nmain { print(tw$0ice(2)) }";
        check(text, &["fn twice(x: int) -> int", "Twice."]);
        check("// Twice.\nfn tw$0ice(x: int) -> int { x * 2 }", &["fn twice(x: int) -> int\nTwice."]);
    }

    #[test]
    fn a_weight_shows_its_shape_and_a_layer_its_file() {
        let start = "main { let m = load_model(\"models/stories-f16.gguf\") let l = m.blk[1] print(";
        let weight = "l.attn_k.weight: float32[64, 192]\nF16 [64, 192] in `models/stories-f16.gguf`";
        check(&format!("{start}l.attn_k.wei$0ght) }}"), &[weight]);
        check(
            &format!("{start}$0l) }}"),
            &["l: Layer", "`models/stories-f16.gguf`", "- `attn_k.weight`: F16 [64, 192]"],
        );
    }

    #[test]
    fn where_nothing_is_to_be_said() {
        for marked in ["main { $0 }", "// comm$0ent\nmain { }", "main { print($03) }", "$0"] {
            assert_eq!(shown(marked), None, "{marked}");
        }
    }
}
