//! What may be written at the cursor: behind a dot the names that the weight file
//! has there, with type and shape, or the functions that take the value; behind
//! `::` the functions of the type; else variables, functions and keywords.

use tensorlogic_language::catalogue::entry::{Accepts, Entry, Presence};
use tensorlogic_language::catalogue::fact::Fact;
use tensorlogic_language::catalogue::{self, Builtin, property};
use tensorlogic_language::inference::{Known, NameAfter};
use tensorlogic_language::syntax::Kind;

use super::hover::{Part, of_builtin, of_function, stored};
use crate::script::Script;
use crate::text::Bytes;

/// One thing that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is written.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// Its type, shape or signature.
    pub detail: Option<String>,
    /// What it does.
    pub documentation: Vec<Part>,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A name of a weight file.
    Weight,
    /// A property of a value.
    Property,
    /// A variable.
    Variable,
    /// A function of the script.
    Function,
    /// A builtin, called by its name.
    Builtin,
    /// A builtin, called behind a dot.
    Method,
    /// A word of the language.
    Keyword,
}

/// Words with which something begins that can be executed.
const KEYWORDS: &[&str] = &[
    "as", "break", "continue", "else", "false", "fn", "for", "if", "in", "let", "loop", "main", "match", "return",
    "tensor", "true", "while",
];

/// What may be written at a byte of a script, and what it replaces.
pub fn completion(script: &Script, offset: usize) -> (Bytes, Vec<Completion>) {
    let before = &script.text()[..offset];
    let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let replaced = start..offset;
    let is_number = before[start..].starts_with(|c: char| c.is_ascii_digit());
    if is_number || is_no_code(script, offset) {
        return (replaced, Vec::new());
    }
    let found = match before[..start].strip_suffix("::") {
        Some(before) => behind_colons(before),
        None if before[..start].ends_with('.') => behind_dot(script, start),
        None => anywhere(script, offset),
    };
    (replaced, found)
}

/// Whether a byte lies inside of a text or a comment.
fn is_no_code(script: &Script, offset: usize) -> bool {
    let mut found = false;
    let Some(root) = script.checked.tree.root() else { return false };
    root.walk(&mut |node, _| {
        let span = node.span();
        let (inside, closed) = match node.kind() {
            Kind::String | Kind::SingleQuotedString | Kind::FormattedString | Kind::BlockComment => (true, true),
            Kind::LineComment | Kind::InvalidHashComment => (true, false),
            Kind::UnterminatedString | Kind::UnterminatedBlockComment => (true, false),
            _ => (false, false),
        };
        found |= inside && span.start() < offset && (offset < span.end() || (offset == span.end() && !closed));
        !inside && span.start() <= offset && offset <= span.end()
    });
    found
}

/// The functions of the type before the colons; of an element type, every function.
fn behind_colons(before: &str) -> Vec<Completion> {
    let namespace = &before[before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len()..];
    let suited = Builtin::all().filter_map(|builtin| {
        let label = match builtin.entry().name.split_once("::") {
            Some((of, name)) => (of == namespace).then_some(name)?,
            None => catalogue::find_in(namespace, builtin.entry().name)?.entry().name,
        };
        Some(Completion { label: label.to_owned(), ..of_catalogue(builtin, CompletionKind::Builtin) })
    });
    suited.filter(|completion| !completion.label.contains('.')).collect()
}

fn behind_dot(script: &Script, start: usize) -> Vec<Completion> {
    let Some(receiver) = script.checked.inference.receiver(&script.checked.sources, start) else { return Vec::new() };
    let names = script.checked.inference.names_after(receiver);
    if !names.is_empty() {
        return names.into_iter().map(weight).collect();
    }
    let mut found: Vec<Completion> = properties(receiver).collect();
    let also_properties: Vec<String> = found.iter().map(|property| property.label.clone()).collect();
    found.extend(methods(receiver).filter(|method| !also_properties.contains(&method.label)));
    found
}

fn weight(name: NameAfter) -> Completion {
    let detail = stored(&name);
    let documentation = name.tensor.map(|tensor| {
        let (count, bytes) = (tensor.count(), tensor.length);
        Part::Text(format!("`{}`: {count} values in {bytes} bytes", tensor.name))
    });
    Completion {
        label: name.label,
        kind: CompletionKind::Weight,
        detail,
        documentation: documentation.into_iter().collect(),
    }
}

/// The properties of a value whose names do not depend on a file.
fn properties(receiver: &Known) -> impl Iterator<Item = Completion> {
    let named = property::ALL.iter().filter(|property| (property.has)(&receiver.fact));
    named.filter_map(|property| {
        let label = property.written.strip_prefix('.').filter(|name| !name.starts_with('<'))?;
        Some(Completion {
            label: label.to_owned(),
            kind: CompletionKind::Property,
            detail: Some(property.result.to_owned()),
            documentation: vec![Part::Text(property.summary.to_owned())],
        })
    })
}

/// The builtins that are made for a value: those that take anything are not.
fn methods(receiver: &Known) -> impl Iterator<Item = Completion> {
    let fact = &receiver.fact;
    let is_known = !matches!(fact, Fact::Unknown | Fact::Void);
    let takes = move |entry: &Entry| {
        entry.parameters.first().is_some_and(|first| {
            !matches!(first.presence, Presence::Optional(_))
                && !matches!(first.accepts, Accepts::Any)
                && first.accepts.allows(fact)
        })
    };
    let is_function = |entry: &Entry| !entry.name.contains("::");
    let suited = Builtin::all().filter(move |builtin| {
        let entry = builtin.entry();
        // A method of its own takes the place of the function of that name.
        let hidden = match fact {
            Fact::Handle(kind) => catalogue::method_of(*kind, entry.name).is_some(),
            _ => false,
        };
        is_known && !hidden && is_function(entry) && takes(entry)
    });
    suited.map(|builtin| of_catalogue(builtin, CompletionKind::Method))
}

fn of_catalogue(builtin: Builtin, kind: CompletionKind) -> Completion {
    let entry = builtin.entry();
    let mark = if builtin.is_executable() { "" } else { " (cannot be executed yet)" };
    Completion {
        label: entry.method().unwrap_or(entry.name).to_owned(),
        kind,
        detail: Some(format!("{} -> {}{mark}", entry.signature(), entry.result)),
        documentation: of_builtin(builtin).split_off(1),
    }
}

fn anywhere(script: &Script, offset: usize) -> Vec<Completion> {
    let variables = script.variables(offset).into_iter().map(|binding| Completion {
        label: binding.name.clone(),
        kind: CompletionKind::Variable,
        detail: Some(binding.known.fact.describe()),
        documentation: Vec::new(),
    });
    let functions = script.checked.analysis.program.functions.iter().map(|function| {
        let mut parts = of_function(script, function);
        let documentation = parts.split_off(1);
        let detail = parts.into_iter().map(|part| match part {
            Part::Code(text) | Part::Text(text) => text,
        });
        Completion {
            label: function.name.text.clone(),
            kind: CompletionKind::Function,
            detail: Some(detail.collect()),
            documentation,
        }
    });
    let functions_only = Builtin::all().filter(|builtin| builtin.entry().method().is_none());
    let builtins = functions_only.map(|builtin| of_catalogue(builtin, CompletionKind::Builtin));
    let keywords = KEYWORDS.iter().map(|word| Completion {
        label: (*word).to_owned(),
        kind: CompletionKind::Keyword,
        detail: None,
        documentation: Vec::new(),
    });
    variables.chain(functions).chain(builtins).chain(keywords).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::tests::script;

    fn complete(marked: &str) -> (String, Vec<Completion>) {
        let (script, offset) = script(marked);
        let (replaced, found) = completion(&script, offset);
        (script.text()[replaced.start..replaced.end].to_owned(), found)
    }

    /// Some of what is offered, and some of what is not.
    fn check(marked: &str, replaced: &str, offered: &[&str], missing: &[&str]) {
        let (text, found) = complete(marked);
        assert_eq!(text, replaced, "{marked}");
        let has = |label: &str| found.iter().any(|completion| completion.label == label);
        offered.iter().for_each(|label| assert!(has(label), "`{label}` in {marked}: {found:?}"));
        missing.iter().for_each(|label| assert!(!has(label), "`{label}` in {marked}"));
    }

    const MODEL: &str = "main { let model = load_model(arg(\"model\", \"models/stories-f16.gguf\")) ";

    #[test]
    fn a_layer_offers_its_weights() {
        for layer in ["model.blk[0]", "model.blk[model_layer]"] {
            let (_, found) = complete(&format!("{MODEL} let model_layer = 1 let w = {layer}.$0 }}"));
            let shown: Vec<String> = found
                .iter()
                .map(|completion| format!("{}: {}", completion.label, completion.detail.clone().unwrap_or_default()))
                .collect();
            let expected = [
                "attn_k.weight: F16 [64, 192]",
                "attn_norm.weight: F32 [192]",
                "attn_output.weight: F16 [192, 192]",
                "attn_q.weight: F16 [192, 192]",
                "attn_v.weight: F16 [64, 192]",
                "ffn_down.weight: F16 [192, 512]",
                "ffn_gate.weight: F16 [512, 192]",
                "ffn_norm.weight: F32 [192]",
                "ffn_up.weight: F16 [512, 192]",
            ];
            let mut sorted = shown.clone();
            sorted.sort();
            assert_eq!(sorted, expected, "{layer}");
        }
    }

    #[test]
    fn names_go_on_behind_every_dot() {
        check(&format!("{MODEL} model.$0 }}"), "", &["blk", "output_norm.weight"], &["print"]);
        check(&format!("{MODEL} model.blk[0].attn_q.we$0 }}"), "we", &["weight"], &["attn_q.weight"]);
        check(
            &format!("{MODEL} for i in range(2) {{ let l = model.blk[i] linear(x, l.$0) }} }}"),
            "",
            &["attn_q.weight"],
            &[],
        );
    }

    #[test]
    fn a_layer_is_known_by_any_index() {
        for (layer, then) in [
            ("model.blk[layer]", ""),
            ("model.blk[model.blk[0]]", ""),
            ("model.blk[0]", "\n    let q = 1"),
            ("model.blk[0]", "\n    print(1)"),
        ] {
            check(
                &format!("{MODEL}\n let w = {layer}.$0{then}\n}}"),
                "",
                &["attn_q.weight", "ffn_up.weight"],
                &["blk"],
            );
        }
    }

    #[test]
    fn a_function_knows_the_model_that_it_is_given() {
        let layers = "fn layers(x: float16[?, ?], model: Model) -> float16[?, ?] {\n";
        let body = "for i in range(2) { let w = model.blk[i].$0\n let v = 1 }\n x }\n";
        let main = "let y = layers(ones([2, 192]), model) }";
        check(&format!("{layers}{body}{MODEL}{main}"), "", &["attn_q.weight"], &["blk"]);
        check(&format!("{layers}{body}{MODEL} }}"), "", &["attn_q.weight"], &["blk"]);
    }

    #[test]
    fn a_value_offers_what_takes_it() {
        check("main { let x = ones([2]) x.$0 }", "", &["reshape", "softmax"], &["load_model", "print", "decode"]);
        check("main { let x = \"a\" x.sp$0 }", "sp", &[], &["softmax"]);
    }

    #[test]
    fn a_handle_offers_its_methods() {
        let cache = "main { let cache = KVCache::new(2) cache.$0 }";
        check(cache, "", &["set", "append", "get_k", "len", "clear"], &["push", "softmax", "KVCache::new"]);
        assert_eq!(complete(cache).1.iter().filter(|completion| completion.label == "len").count(), 1);
        check("main { let v = IntVec::new() v.pu$0 }", "pu", &["push", "pop", "len"], &["get_k"]);
    }

    #[test]
    fn a_type_offers_its_functions() {
        check("main { let c = KVCache::$0 }", "", &["new", "new_f16"], &["zeros", "set", "push"]);
        check("main { let c = f16::ze$0 }", "ze", &["zeros", "softmax"], &["KVCache::new", "set"]);
    }

    #[test]
    fn what_cannot_be_executed_yet_is_marked() {
        let (_, found) = complete("main { dro$0 }");
        let detail = |label: &str| found.iter().find(|c| c.label == label).and_then(|c| c.detail.clone());
        assert!(detail("dropout").is_some_and(|detail| detail.ends_with("(cannot be executed yet)")));
        assert!(detail("relu").is_some_and(|detail| !detail.contains("executed")));
    }

    #[test]
    fn elsewhere_everything_in_sight_is_offered() {
        let text = "fn twice(x: int) -> int { x * 2 }\nmain { let total = 1\n  to$0\n}";
        check(text, "to", &["total", "twice", "tokenize", "let"], &["x"]);
    }

    #[test]
    fn texts_comments_and_numbers_are_left_alone() {
        for marked in [
            "main { print(\"a$0\") }",
            "// a$0",
            "main { /* a$0 */ }",
            "main { let x = 12$0 }",
            "main { let x = \"a$0\n}",
        ] {
            assert_eq!(complete(marked).1, [], "{marked}");
        }
    }
}
