//! Inference over small sources that say on each line what is to be found.

use std::path::{Path, PathBuf};

use super::*;
use crate::files::Disk;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn with_world<T>(script: &str, then: impl FnOnce(&World) -> T) -> T {
    let script = folder().join(script);
    let indexes = Indexes::default();
    let world =
        World { files: &Disk, indexes: &indexes, script: &script, model: None, default_element: ElementType::Float32 };
    then(&world)
}

fn inferred(script: &str, text: &str) -> (Sources, Analysis, Inference) {
    let mut sources = Sources::default();
    let file = sources.add(script, text.to_string());
    let (analysis, inference) = with_world(script, |world| check(&sources, file, world));
    (sources, analysis, inference)
}

/// A fact as the tests write it.
fn shown(fact: &Fact) -> String {
    match fact {
        Fact::Tensor { shape: Some(shape), .. } => shape.to_string(),
        Fact::Integer(Some(n)) => n.to_string(),
        Fact::Float(Some(crate::catalogue::fact::Real::Number(x))) => format!("{x:?}"),
        Fact::Float(Some(crate::catalogue::fact::Real::Whole(n))) => format!("{n}"),
        Fact::Boolean(Some(b)) => b.to_string(),
        Fact::Array { len, integers: None, .. } => format!("Array[{len}]"),
        Fact::Array { integers: Some(all), .. } => {
            let all: Vec<String> = all.iter().map(|n| n.as_ref().map_or("?".into(), |n| n.to_string())).collect();
            format!("Array [{}]", all.join(", "))
        }
        Fact::Tokens(len) => format!("Tokens[{len}]"),
        Fact::Handle(kind) => kind.name().to_string(),
        Fact::Unknown => "?".to_string(),
        other => other.describe(),
    }
}

/// Checks each line that ends with `// : …` against the first name bound on it,
/// and that each problem is told by `// severity[code]` on its line.
#[track_caller]
fn check_script(text: &str) -> Inference {
    let (sources, analysis, inference) = inferred("examples/test.tl", text);
    let file = sources.file(FileId(0));
    let line_of = |span: Span| file.lines.position(&file.text, span.start, crate::source::Encoding::Utf8).line as usize;
    let mut wrong = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some((_, expected)) = line.split_once("// : ") {
            let binding = inference.bindings.iter().find(|binding| line_of(binding.span) == number);
            let found = binding.map_or("nothing".to_string(), |binding| shown(&binding.known.fact));
            if found != expected.trim() {
                wrong.push(format!("{line}\n    found {found}"));
            }
        }
        let on_line = analysis.problems.iter().filter(|problem| line_of(problem.place.span) == number);
        let found: Vec<String> = on_line
            .filter(|problem| problem.severity != Severity::Hint)
            .map(|problem| format!("{:?}[{}]", problem.severity, problem.code.name()).to_lowercase())
            .collect();
        let expected = line.split_once("// error[").map(|(_, code)| format!("error[{code}"));
        let expected = expected.or(line.split_once("// warning[").map(|(_, code)| format!("warning[{code}")));
        let expected: Vec<String> = expected.iter().map(|code| code.trim().to_string()).collect();
        if found != expected {
            let messages = analysis.problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>();
            wrong.push(format!("{line}\n    problems {found:?} of {messages:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    inference
}

#[track_caller]
fn check_main(lines: &str) -> Inference {
    check_script(&format!("main {{\n{lines}\n}}"))
}

/// The tensors that an example binds, in the order of the text.
#[track_caller]
fn check_example(script: &str, expected: &str) {
    let text = std::fs::read_to_string(folder().join(script)).unwrap();
    let (_, analysis, inference) = inferred(script, &text);
    let tensors = inference.bindings.iter().filter(|b| matches!(b.known.fact, Fact::Tensor { .. } | Fact::Tokens(_)));
    let found: Vec<String> = tensors.map(|b| format!("{}: {}", b.name, shown(&b.known.fact))).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(found, expected, "{script}");
    let worse = analysis.problems.iter().filter(|problem| problem.severity != Severity::Hint);
    assert_eq!(worse.map(|problem| &problem.message).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_tensor_of_the_chat_script_has_a_shape() {
    check_example(
        "examples/chat.tl",
        "
        q: [n + t, 6, 32]
        k: [n + t, 6, 32]
        v: [n + t, 6, 32]
        scores: [n + t, 6, n + t]
        masked: [n + t, 6, n + t]
        x: [n + t, 2, 32]
        tokens: Tokens[n]
        x: [n + t, 192]
        normed: [n + t, 192]
        q: [n + t, 6, 32]
        k: [n + t, 2, 32]
        v: [n + t, 2, 32]
        mixed: [n + t, 6, 32]
        x: [n + t, 192]
        normed_ffn: [n + t, 192]
        gate: [n + t, 512]
        up: [n + t, 512]
        x: [n + t, 192]
        last: [1, 192]
        logits: [1, 1024]
        tokens: Tokens[n + t + 1]
        ",
    );
}

#[test]
fn every_tensor_of_the_seed_script_has_a_shape() {
    check_example(
        "examples/seed_chat.tl",
        "
        x: [n + t, 192]
        W_gate: [512, 192]
        W_up: [512, 192]
        W_down: [192, 512]
        gate: [n + t, 512]
        activated: [n + t, 512]
        up: [n + t, 512]
        kv: [n + t, 2, 32]
        grouped: [n + t, 2, 1, 32]
        repeated: [n + t, 2, 3, 32]
        Q: [n + t, 192]
        K: [n + t, 64]
        V: [n + t, 64]
        W_o: [192, 192]
        Q_heads: [n + t, 6, 32]
        K_heads: [n + t, 2, 32]
        V_heads: [n + t, 2, 32]
        K_expanded: [n + t, 6, 32]
        V_expanded: [n + t, 6, 32]
        scores: [n + t, 6, n + t]
        scaled: [n + t, 6, n + t]
        mask: [n + t, 6, n + t]
        weights: [n + t, 6, n + t]
        attended: [n + t, 6, 32]
        input_emb: [n + t, 192]
        x: [n + t, 192]
        norm1_w: [192]
        W_q: [192, 192]
        W_k: [64, 192]
        W_v: [64, 192]
        W_o: [192, 192]
        norm2_w: [192]
        W_gate: [512, 192]
        W_up: [512, 192]
        W_down: [192, 512]
        normed1: [n + t, 192]
        Q: [n + t, 192]
        K: [n + t, 64]
        V: [n + t, 64]
        attn_out: [n + t, 192]
        x_after_attn: [n + t, 192]
        normed2: [n + t, 192]
        ffn_out: [n + t, 192]
        x: [n + t, 192]
        final_output: [n + t, 192]
        emb_weight: [1024, 192]
        output_norm_weight: [192]
        output_weight: [1024, 192]
        initial_tokens: Tokens[n]
        gen_tokens: Tokens[n]
        current_emb: [n + t, 192]
        final_output: [n + t, 192]
        last_pos: [1, 192]
        normed: [1, 192]
        logits: [1, 1024]
        gen_tokens: Tokens[n + t + 1]
        ",
    );
}

#[test]
fn names_of_a_model_are_completed() {
    let source = "main {
    let model = load_model(\"models/stories-f16.gguf\")
    for i in range(len(model.blk)) {
        let layer = model.blk[i]
        model.blk[i].
        layer.attn_q.
    }
    model.
    let last = model.blk[3].
}";
    let (_, _, inference) = inferred("examples/test.tl", source);
    let names = |text: &str| {
        let at = source.find(text).unwrap() + text.trim_end().len();
        let known = inference.receiver(at).unwrap();
        inference.names_after(known)
    };
    let layer = names("model.blk[i].\n");
    let labels: Vec<&str> = layer.iter().map(|name| name.label.as_str()).collect();
    assert_eq!(labels.len(), 9, "{labels:?}");
    let attn_q = layer.iter().find(|name| name.label == "attn_q.weight").unwrap().tensor.clone().unwrap();
    assert_eq!((attn_q.ggml_type.name(), &attn_q.shape[..]), ("F16", &[192, 192][..]));
    assert_eq!(names("layer.attn_q.").iter().map(|n| n.label.as_str()).collect::<Vec<_>>(), ["weight"]);
    let top = names("    model.\n");
    let labels: Vec<&str> = top.iter().map(|name| name.label.as_str()).collect();
    assert!(["blk", "token_embd.weight", "output_norm.weight"].iter().all(|name| labels.contains(name)), "{labels:?}");
    assert_eq!(names("model.blk[3].").len(), 9);
}

#[test]
fn sizes_are_followed_through_arithmetic() {
    check_main(
        r#"
    let x = zeros([2, 6])
    let n = shape(x)[0]                  // : 2
    let y = reshape(x, [n, 3, -1])       // : [2, 3, 2]
    let k = to_int(input())              // : k
    let z = zeros([k, 4])                // : [k, 4]
    let both = concat(z, z)              // : [2 * k, 4]
    let more = append(z, [1, 2, 3, 4])   // : [k + 1, 4]
    let sum = z + zeros([1, 4])          // : [k, 4]
    let part = z[0:2]                    // : [2, 4]
    let row = z[0]                       // : [4]
    let most = z[:-1]                    // : [k - 1, 4]
    let wide = [[1, 2, 3], [4, 5, 6]]    // : [2, 3]
    let sizes = [n, 2.0, k]              // : Array [2, 2, k]
    let half = k / 2                     // : k / 2
    let tenths = zeros([10])[2:k]        // : [?]"#,
    );
}
