//! Inference over small sources that say on each line what is to be found.

mod depth;
mod reach;

use std::path::{Path, PathBuf};

use super::*;
use crate::diagnostic::Severity;
use crate::files::Disk;
use crate::program;
use crate::syntax;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn with_world<T>(script: &str, then: impl FnOnce(&World) -> T) -> T {
    let script = folder().join(script);
    let indexes = Indexes::default();
    let world = World {
        files: &Disk,
        indexes: &indexes,
        script: &script,
        model: None,
        words: None,
        default_element: ElementType::Float32,
    };
    then(&world)
}

fn check(sources: &mut Sources, file: FileId, world: &World) -> (Analysis, Inference) {
    let tree = syntax::parse(&sources.file(file).text);
    let mut analysis = program::analyse_tree(&tree, sources, file, world.files, &mut program::Memory::default());
    let inference = infer(&analysis, world, &mut Memory::default());
    inference.complete(&mut analysis, &tree, sources);
    (analysis, inference)
}

pub(super) fn inferred(script: &str, text: &str) -> (Sources, Analysis, Inference) {
    let mut sources = Sources::default();
    let file = sources.add(script, text.to_string());
    let (analysis, inference) = with_world(script, |world| check(&mut sources, file, world));
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
pub(super) fn check_script(text: &str) -> Inference {
    let (sources, analysis, inference) = inferred("examples/test.tl", text);
    let line_of = |span: Span| {
        let place = sources.place(span);
        let file = sources.file(place.file);
        file.lines.position(&file.text, place.start, crate::source::Encoding::Utf8).line as usize
    };
    let mut wrong = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some((_, expected)) = line.split_once("// : ") {
            let binding = inference.bindings().iter().find(|binding| line_of(binding.span) == number);
            let found = binding.map_or("nothing".to_string(), |binding| shown(&binding.known.fact));
            if found != expected.trim() {
                wrong.push(format!("{line}\n    found {found}"));
            }
        }
        let on_line = analysis.problems.iter().filter(|problem| line_of(problem.place) == number);
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
    let tensors = inference.bindings().iter().filter(|b| matches!(b.known.fact, Fact::Tensor { .. } | Fact::Tokens(_)));
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
    let (sources, _, inference) = inferred("examples/test.tl", source);
    let names = |text: &str| {
        let at = source.find(text).unwrap() + text.trim_end().len();
        let known = inference.receiver(&sources, at).unwrap();
        inference.names_after(known)
    };
    let layer = names("model.blk[i].\n");
    let labels: Vec<&str> = layer.iter().map(|name| name.label.as_str()).collect();
    assert_eq!(labels.len(), 9, "{labels:?}");
    let attn_q = layer.iter().find(|name| name.label == "attn_q.weight").unwrap().tensor.clone().unwrap();
    assert_eq!((attn_q.storage.name(), &attn_q.shape[..]), ("F16", &[192, 192][..]));
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
    let tenths = zeros([10])[2:k]        // : [n]"#,
    );
}

#[test]
fn loops_keep_grow_or_change() {
    check_main(
        r#"
    let kept = zeros([2, 3])
    let rows = zeros([1, 3])
    let odd = zeros([4])
    let list = []
    let i = 0
    while i < 10 {
        kept = kept * 2                    // : [2, 3]
        rows = append(rows, [1, 2, 3])     // : [t + 2, 3]
        odd = zeros([len(odd) * 2])        // : [2 * n]
        list = append(list, i)             // : Array[t + 1]
        i = i + 1                          // : t + 1
    }
    let after = rows                       // : [t + 1, 3]
    let seen = list                        // : Array[t]
    for j in range(3) { rows = append(rows, [4, 5, 6]) }
    let more = rows                        // : [t + 4, 3]
    for j in range(2, 5) {                 // : v + 2
        let part = kept[0:j]               // : [v + 2, 3]
    }
    let kind = 0
    loop {
        let now = kind                     // : ?
        kind = "text"
        if len(odd) > 3 { break }
    }
    let last = kind                        // : a String"#,
    );
}

#[test]
fn a_change_that_skips_rounds_has_its_own_size() {
    check_main(
        r#"
    let x = zeros([1, 3])
    for i in range(5) {
        let before = x                     // : [m, 3]
        if i > 2 { x = append(x, [1, 2, 3]) }
        if i > 3 { continue }
        let y = concat(before, x)          // : [m + n, 3]
    }
    let z = x                              // : [m, 3]"#,
    );
}

#[test]
fn a_size_of_an_earlier_round_is_another_size() {
    check_main(
        r#"
    let previous = zeros([1])
    loop {
        let k = to_int(input())            // : k
        let now = zeros([k])               // : [k]
        let both = previous + now          // : [?]
        previous = now
        if k > 9 { break }
    }"#,
    );
}

#[test]
fn functions_are_followed_for_each_call() {
    check_script(
        r#"
fn double(x) { concat(x, x) }
fn named(a: float32[n, m], b: float32[m, n]) -> float32[n, n] { a @ b }
fn never(a: float32[n, ?], count: int) {
    let b = transpose(a)                   // : [m, n]
    let c = zeros([count, 2])              // : [count, 2]
}
fn ask() { tokenize(load_tokenizer("models/tokenizer.json"), input()) }
fn deep(n: int, x) {
    if n == 0 { return x }
    deep(n - 1, concat(x, x))
}
fn early(x) {
    if len(x) > 2 { return zeros([1, 7]) }
    zeros([2, 7])
}
main {
    let a = double(zeros([2, 3]))          // : [4, 3]
    let b = double(double(zeros([2])))     // : [8]
    let c = named(zeros([4, 5]), zeros([5, 4]))       // : [4, 4]
    let one = ask()                        // : Tokens[n]
    let two = ask()                        // : Tokens[m]
    let d = deep(1, zeros([2]))            // : [4]
    let e = deep(9, zeros([2]))            // : [?]
    let f = early(input())                 // : [k, 7]
    let g = early("abc")                   // : [1, 7]
}"#,
    );
}

#[test]
fn recursion_keeps_what_every_depth_keeps() {
    check_script(
        r#"
fn stack(x, i: int, count: int) {
    if i == count { return x }
    stack(x @ zeros([3, 3]), i + 1, count)
}
fn even(x, n: int) { if n == 0 { x } else { odd(x, n - 1) } }
fn odd(x, n: int) { if n == 0 { x } else { even(x * 2, n - 1) } }
main {
    let a = stack(zeros([2, 3]), 0, 9)     // : [2, 3]
    let b = even(zeros([4]), 100)          // : [4]
}"#,
    );
}

#[test]
fn fields_of_structs_are_followed() {
    check_script(
        r#"
struct Box { size: int, rows: Tensor }
impl Box {
    fn of(n: int) -> Box { Box { size: n, rows: zeros([n, 2]) } }
    fn twice(self) { concat(self.rows, self.rows) }
}
main {
    let b = Box::of(3)
    let a = b.rows                         // : [3, 2]
    let c = b.twice()                      // : [6, 2]
    b.size = 5
    let d = zeros([b.size])                // : [5]
    for i in range(4) {
        b.rows = concat(b.rows, ones([1, 2]))
        let e = b.rows                     // : [t + 4, 2]
    }
}"#,
    );
}

#[test]
fn branches_keep_what_they_share() {
    let inference = check_main(
        r#"
    let c = input()
    let x = if len(c) > 2 { zeros([2, 3]) } else { zeros([4, 3]) }     // : [n, 3]
    let y = match c { "a" => zeros([2]), _ => zeros([2, 2]) }          // : a float32 tensor
    let z = 1
    if len(c) > 3 { z = 2 }
    let w = z                              // : m
    let v = if true { zeros([5]) } else { 3 }         // : [5]"#,
    );
    let reason = |name: &str| {
        let binding = inference.bindings().iter().find(|binding| binding.name == name).unwrap();
        binding.known.reason.as_ref().map(|reason| reason.message.clone())
    };
    assert_eq!(reason("y").as_deref(), Some("the branches differ"));
    assert_eq!(reason("x"), None);
    assert_eq!(reason("v"), None);
}

#[test]
fn certain_mistakes_are_errors_where_they_are_reached() {
    check_main(
        r#"
    let a = zeros([2, 3]) @ zeros([4, 5])                              // error[shape-mismatch]
    let b = reshape(zeros([2, 3]), [7])                                // error[shape-mismatch]
    for i in range(3) { let c = zeros([2]) + zeros([3]) }              // error[shape-mismatch]
    for i in range(arg("n", 3)) { let c = zeros([2]) + zeros([3]) }    // warning[shape-mismatch]
    if arg("x", true) { let c = zeros([2]) + zeros([3]) }              // warning[shape-mismatch]
    let n = to_int(input())
    let d = zeros([n]) + zeros([3])
    for i in range(3) {
        if i == n { break }
        let e = softmax(zeros([2]), 1)                                 // warning[index-out-of-range]
    }
    let f = zeros([2])                     // : [2]"#,
    );
}

#[test]
fn models_that_are_not_there_are_warnings() {
    let inference = check_main(
        r#"
    let m = load_model("models/nothing.gguf")                          // warning[model-not-found]
    let t = load_tokenizer("models/nothing.json")                      // warning[model-not-found]
    let heads = metadata(m, "attention.head_count")                    // : head_count
    let width = metadata(m, "embedding_length") / heads                // : embedding_length / head_count
    let x = zeros([heads, width])          // : [head_count, embedding_length / head_count]
    let broken = load_model("models/tokenizer.json")                   // warning[model-unreadable]
    let w = m.blk[0].attn_q.weight         // : [attn_q_length, embedding_length]
    let own = load_model(arg("model", "models/none.gguf"))             // warning[model-not-found]"#,
    );
    let problem = &inference.problems[0];
    assert_eq!(problem.message, "no model is found at `models/nothing.gguf`");
    assert!(problem.notes.iter().all(|note| note.starts_with("tried `")), "{:?}", problem.notes);
}

#[test]
fn names_of_a_model_are_checked() {
    check_main(
        r#"
    let m = load_model_f16("models/stories-f16.gguf")
    let a = m.blk[0].atn_q.weight          // error[unknown-tensor]
    let b = m.blk[1].attn_q.wieght         // error[unknown-tensor]
    let c = m.blk[4]                       // error[layer-out-of-range]
    let d = get_tensor(m, "blk.0.attn_v")  // error[unknown-tensor]
    let e = metadata(m, "block_count")     // : 4
    let f = metadata(m, "no.such", 7)      // : 7
    let own = load_model(arg("model", "models/stories-f16.gguf"))
    let g = own.blk[0].atn_q.weight        // warning[unknown-tensor]
    let h = linear(zeros([1, 100]), own.blk[0].attn_q.weight)          // warning[shape-mismatch]
    let i = linear(zeros([1, 192]), m.blk[-1].attn_k)                  // : [1, 64]"#,
    );
}

#[test]
fn a_model_that_is_given_wins() {
    let text = "main {\nlet m = load_model(\"models/nothing.gguf\")\nlet _w = m.output_norm.weight\n}";
    let mut sources = Sources::default();
    let file = sources.add("examples/test.tl", text.to_string());
    let given = folder().join("examples/models/stories-q8_0.gguf");
    let (analysis, inference) =
        with_world("examples/test.tl", |world| check(&mut sources, file, &World { model: Some(&given), ..*world }));
    assert!(analysis.problems.is_empty(), "{:?}", analysis.problems);
    assert_eq!(inference.bindings()[1].known.hint().as_deref(), Some("[192]"));
}

#[test]
fn the_words_for_the_script_are_what_arg_reads() {
    let text = "main {\nlet _m = load_model(arg(\"model\", \"models/nothing.gguf\"))\n}";
    let mut sources = Sources::default();
    let file = sources.add("examples/test.tl", text.to_string());
    let words = ["--model".to_string(), "models/stories-q8_0.gguf".to_string()];
    let (analysis, _) =
        with_world("examples/test.tl", |world| check(&mut sources, file, &World { words: Some(&words), ..*world }));
    assert!(analysis.problems.is_empty(), "{:?}", analysis.problems);
}

#[test]
fn every_symbol_knows_where_it_was_born() {
    let text = "main {\nlet t = load_tokenizer(\"models/tokenizer.json\")\nlet ids = tokenize(t, input())\n}";
    let (sources, _, inference) = inferred("examples/test.tl", text);
    let fact = &inference.bindings()[1].known.fact;
    let births: Vec<_> =
        inference.births(fact).into_iter().map(|(name, birth)| (name, birth.message.clone())).collect();
    assert_eq!(births, [("n".to_string(), "the number of tokens of this text".to_string())]);
    let at = text.find("input").unwrap() + 1;
    assert_eq!(
        inference.at(&sources, at).map(|(span, known)| (sources.text(span), shown(&known.fact))),
        Some(("input()", "a String".into()))
    );
}

#[test]
fn every_beginning_of_a_script_is_understood() {
    for script in ["examples/chat.tl", "examples/seed_chat.tl"] {
        let text = std::fs::read_to_string(folder().join(script)).unwrap();
        let ends: Vec<usize> = (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)).collect();
        let indexes = Indexes::default();
        let path = folder().join(script);
        for end in &ends {
            let mut sources = Sources::default();
            let file = sources.add(script, text[..*end].to_string());
            let world = World {
                files: &Disk,
                indexes: &indexes,
                script: &path,
                model: None,
                words: None,
                default_element: ElementType::Float32,
            };
            let (_, inference) = check(&mut sources, file, &world);
            for offset in [0, end / 2, *end] {
                inference.at(&sources, offset);
                inference.receiver(&sources, offset);
            }
        }
    }
}

#[test]
fn deep_and_wide_scripts_come_to_an_end() {
    let nested = format!("main {{ let x = {}1{} }}", "(".repeat(150), ")".repeat(150));
    inferred("examples/test.tl", &nested);
    let sums = format!("main {{ let x = zeros([2]){} }}", " + 1".repeat(150));
    inferred("examples/test.tl", &sums);
    let loops = format!(
        "main {{ let x = zeros([1]) {} x = append(x, 1) {} }}",
        "for i in range(9) {".repeat(12),
        "}".repeat(12)
    );
    inferred("examples/test.tl", &loops);
    let calls = "fn f(n: int, x) { f(n + 1, g(n, x)) } fn g(n: int, x) { f(n, concat(x, x)) + f(n + 2, x) } main { f(0, zeros([1])) }";
    inferred("examples/test.tl", calls);
}

#[test]
fn an_example_is_understood_at_once() {
    const ROUNDS: u32 = 20;
    for script in ["examples/chat.tl", "examples/seed_chat.tl"] {
        let text = std::fs::read_to_string(folder().join(script)).unwrap();
        let mut sources = Sources::default();
        let file = sources.add(script, text);
        with_world(script, |world| {
            check(&mut sources, file, world);
            let started = std::time::Instant::now();
            (0..ROUNDS).for_each(|_| drop(check(&mut sources, file, world)));
            let each = started.elapsed() / ROUNDS;
            // Two to three milliseconds; the bound leaves room for a busy machine.
            assert!(each.as_millis() < 25, "{script} takes {each:?}");
        });
    }
}
