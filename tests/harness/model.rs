//! What `tl model` shows of weight files, of sound ones and of others, and what
//! `--verify` finds. The files are drafts: a header, and a hole for the data.

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};
use tensorlogic_language::gguf::{self, GgmlType, Llama};
use tensorlogic_language::safetensors::{self, Dtype};

use crate::tool::Finished;
use crate::{Trials, folders, models, tool};

/// One trial for each promise.
pub fn trials() -> Trials {
    let trial = |name: &str, check: fn() -> Result<(), Failed>| Trial::test(format!("model: {name}"), check);
    Ok(vec![
        trial("metadata, tensors, types and memory are shown", text),
        trial("layers that are alike share a line, --all lists each", folded),
        trial("JSON is one object that holds everything", json_object),
        trial("a divided model is one model, from any of its files", divided),
        trial("safetensors are shown as well", weights_of_safetensors),
        trial("config.json beside safetensors says the sizes of the model", config_beside),
        trial("--verify finds nothing against the shipped models", shipped),
        trial("--verify counts the weights of each tensor that are no numbers", not_finite),
        trial("--verify names everything that is wrong and exits with 1", broken),
        trial("an incomplete download is told", incomplete),
        trial("a file of another kind is called what it is", other_kinds),
        trial("a file of 40 GB is shown at once", large),
        trial("bad usage exits with 2", usage),
        trial("nothing is coloured outside of a terminal, and a file cannot do it either", colours),
        trial("--help shows examples", help),
        trial("a run reads a divided model and refuses safetensors", runs),
    ])
}

/// Runs `tl model` on files that were saved in a new folder.
struct Shelf(PathBuf);

impl Shelf {
    fn new() -> Result<Shelf, Failed> {
        Ok(Shelf(folders::scratch()?))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn with(self, name: &str, draft: &gguf::Draft) -> Result<Shelf, Failed> {
        draft.save(self.path(name))?;
        Ok(self)
    }

    fn model(&self, arguments: &[&str]) -> Result<Finished, Failed> {
        tool::finish(tool::command()?.current_dir(&self.0).arg("model").args(arguments))
    }
}

/// What was printed with this exit code has these parts in this order.
fn check(finished: Finished, code: i32, parts: &[&str]) -> Result<(), Failed> {
    let finished = finished.expect_code(code)?;
    let everything = format!("{}{}", finished.output, finished.errors);
    let mut rest = everything.as_str();
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return Err(format!("expected {part:?} in\n{rest}\nof\n{}", finished.describe()).into()),
        }
    }
    Ok(())
}

fn tiny_llama() -> Result<Shelf, Failed> {
    Shelf::new()?.with("tiny.gguf", &Llama::TINY_LLAMA.draft(GgmlType::Q4_0))
}

fn text() -> Result<(), Failed> {
    let parts = [
        "tiny.gguf\nGGUF version 3, llama, 1.10 B parameters in 201 tensors, ",
        "Metadata\n",
        "llama.block_count                       uint32          22\n",
        "llama.attention.layer_norm_rms_epsilon  float32         0.00001\n",
        "tokenizer.ggml.tokens                   string[32000]   <unk>, <s>, </s>, ▁w3, ",
        "Tensors\n",
        "shape [out, in]  ne in the file  type",
        "token_embd.weight ",
        "[32000, 2048]    2048 × 32000    Q4_0",
        "Types\n",
        "Memory to run it\n",
        "KV cache ",
        " 88.0 MiB  keys and values of 2048 tokens: 22 layers × 4 heads × (64 + 64) numbers of 4 bytes\n",
    ];
    check(tiny_llama()?.model(&["tiny.gguf"])?, 0, &parts)
}

fn folded() -> Result<(), Failed> {
    let shelf = tiny_llama()?;
    let parts = ["blk.{0..21}.attn_k.weight", "22 ×  [256, 2048]", "2048 × 256", "--all lists every tensor"];
    check(shelf.model(&["tiny.gguf"])?, 0, &parts)?;
    let all = shelf.model(&["--all", "tiny.gguf"])?.expect_code(0)?;
    let lines = all.output.lines().filter(|line| line.contains(".attn_k.weight")).count();
    if lines == 22 { Ok(()) } else { Err(format!("{lines} lines for 22 layers").into()) }
}

fn object(finished: Finished, code: i32) -> Result<Value, Failed> {
    let finished = finished.expect_code(code)?;
    match finished.output.lines().count() {
        1 => Ok(serde_json::from_str(&finished.output)?),
        lines => Err(format!("expected one line, found {lines}").into()),
    }
}

fn equal(found: &Value, expected: Value) -> Result<(), Failed> {
    if *found == expected { Ok(()) } else { Err(format!("expected {expected}\nfound    {found}").into()) }
}

fn json_object() -> Result<(), Failed> {
    let model = object(tiny_llama()?.model(&["tiny.gguf", "--format", "json"])?, 0)?;
    equal(&model["format"], json!("gguf"))?;
    equal(&model["parameters"], json!(1_100_048_384_u64))?;
    equal(&model["metadata"]["llama.block_count"], json!({"type": "uint32", "value": 22}))?;
    let epsilon = &model["metadata"]["llama.attention.layer_norm_rms_epsilon"];
    equal(epsilon, json!({"type": "float32", "value": 0.00001}))?;
    let tokens = &model["metadata"]["tokenizer.ggml.tokens"];
    equal(&tokens["count"], json!(32_000))?;
    equal(&tokens["first"][2], json!("</s>"))?;
    let offset = model["tensors"][0]["offset"].clone();
    equal(&model["files"][0]["data"], offset.clone())?;
    let embedding = json!({
        "name": "token_embd.weight", "shape": [32_000, 2048], "ne": [2048, 32_000],
        "type": "Q4_0", "file": 0, "offset": offset, "bytes": 36_864_000,
    });
    equal(&model["tensors"][0], embedding)?;
    equal(&model["memory"]["cache"], json!(22 * 2048 * 4 * 64 * 2 * 4))?;
    equal(&model["checks"], Value::Null)
}

fn divided() -> Result<(), Failed> {
    let mut shelf = Shelf::new()?;
    let name = |number| format!("m-{number:05}-of-00003.gguf");
    for (number, part) in (1..).zip(Llama::SMALL.draft(GgmlType::Q8_0).split(3)) {
        shelf = shelf.with(&name(number), &part)?;
    }
    for number in 1..=3 {
        let model = object(shelf.model(&["--format", "json", "--verify", &name(number)])?, 0)?;
        equal(&json!(model["files"].as_array().map(Vec::len)), json!(3))?;
        equal(&json!(model["tensors"].as_array().map(Vec::len)), json!(21))?;
        equal(&model["architecture"], json!("llama"))?;
    }
    std::fs::remove_file(shelf.path(&name(2)))?;
    let parts = ["file 2 of 3 is missing: `m-00002-of-00003.gguf`", "help: put `m-00002-of-00003.gguf` beside"];
    check(shelf.model(&[&name(1)])?, 1, &parts)
}

fn weights_of_safetensors() -> Result<(), Failed> {
    let shelf = Shelf::new()?;
    let layer = |draft: safetensors::Draft, number| {
        draft.tensor(&format!("model.layers.{number}.mlp.up_proj.weight"), Dtype::BF16, &[96, 64])
    };
    let draft = (0..2).fold(safetensors::Draft::default().about("format", "pt"), layer);
    draft.save(shelf.path("model.safetensors"))?;
    let parts =
        ["safetensors, 12.3 k parameters", "format  string  pt", "model.layers.{0..1}.mlp.up_proj.weight", "BF16"];
    check(shelf.model(&["model.safetensors"])?, 0, &parts)?;
    let parts = ["ok    places", "ok    weights     12288 values were read, and all are finite"];
    check(shelf.model(&["--verify", "model.safetensors"])?, 0, &parts)
}

fn config_beside() -> Result<(), Failed> {
    let shelf = Shelf::new()?;
    let draft = safetensors::Draft::default().tensor("model.norm.weight", Dtype::F32, &[64]);
    draft.save(shelf.path("model.safetensors"))?;
    let config = json!({
        "model_type": "llama", "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4,
        "num_key_value_heads": 2, "max_position_embeddings": 128,
    });
    std::fs::write(shelf.path("config.json"), config.to_string())?;
    let parts = [
        "safetensors, llama, 64 parameters",
        "llama.block_count              uint64  2\n",
        "keys and values of 128 tokens: 2 layers × 2 heads × (16 + 16) numbers of 4 bytes",
    ];
    check(shelf.model(&["model.safetensors"])?, 0, &parts)
}

fn not_finite() -> Result<(), Failed> {
    let draft = Llama::SMALL.draft(GgmlType::F32);
    let shelf = Shelf::new()?.with("m.gguf", &draft)?;
    let index = object(shelf.model(&["--format", "json", "m.gguf"])?, 0)?;
    let offset = index["tensors"][1]["offset"].as_u64().ok_or("no offset")?;
    let name = index["tensors"][1]["name"].as_str().ok_or("no name")?;
    let mut file = std::fs::File::options().write(true).open(shelf.path("m.gguf"))?;
    file.seek(SeekFrom::Start(offset))?;
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1.0] {
        file.write_all(&value.to_le_bytes())?;
    }
    drop(file);
    let line = format!("FAILS weights     `{name}` holds 1 NaN and 2 infinite of ");
    check(shelf.model(&["--verify", "m.gguf"])?, 1, &["ok    places", &line, "1 check fails"])?;
    let checks = object(shelf.model(&["--verify", "--format", "json", "m.gguf"])?, 1)?["checks"].clone();
    let last = checks.as_array().and_then(|checks| checks.last()).ok_or("no checks")?;
    equal(&json!([last["subject"], last["verdict"]]), json!(["weights", "fails"]))
}

fn shipped() -> Result<(), Failed> {
    for kind in models::SHIPPED {
        let path = models::shipped(kind);
        let finished = tool::tl([Path::new("model"), Path::new("--verify"), &path])?;
        check(
            finished,
            0,
            &[
                "ok    places",
                "ok    layers",
                "ok    shapes",
                "ok    vocabulary",
                "ok    weights",
                "the model is sound",
            ],
        )?;
    }
    Ok(())
}

fn broken() -> Result<(), Failed> {
    let draft = Llama::SMALL.draft(GgmlType::Q8_0).without("blk.1.ffn_up.weight").set("llama.context_length", 0u32);
    let draft = draft.tensor_at("over", &[8], GgmlType::F32, 0);
    let shelf = Shelf::new()?.with("m.gguf", &draft)?;
    let parts = [
        "FAILS places      tensors `token_embd.weight` and `over` share bytes",
        "FAILS layers      `blk.1.ffn_up.weight` is missing",
        "FAILS numbers     a `context_length` of 0",
        "3 checks fail",
    ];
    check(shelf.model(&["--verify", "m.gguf"])?, 1, &parts)?;
    check(shelf.model(&["m.gguf"])?, 1, &["Tensors\n", "share bytes", "tl model --verify"])
}

fn incomplete() -> Result<(), Failed> {
    let shelf = tiny_llama()?;
    std::fs::File::options().write(true).open(shelf.path("tiny.gguf"))?.set_len(300 << 20)?;
    let parts = ["of 201 tensors", "reach beyond the end of their file", "but the file has 314572800 bytes"];
    check(shelf.model(&["--verify", "tiny.gguf"])?, 1, &parts)?;
    check(shelf.model(&["tiny.gguf"])?, 1, &["the download may be incomplete"])?;
    std::fs::File::options().write(true).open(shelf.path("tiny.gguf"))?.set_len(1000)?;
    check(shelf.model(&["tiny.gguf"])?, 1, &["the file ends inside the metadata: entry ", "may be incomplete"])
}

fn other_kinds() -> Result<(), Failed> {
    let shelf = Shelf::new()?;
    let cases: [(&[u8], &str, &str); 5] = [
        (b"PK\x03\x04rest", "it is a zip archive", "convert it"),
        (b"<!DOCTYPE html><html>", "it is an HTML page", "the link behind its download button"),
        (b"version https://git-lfs.github.com/spec/v1\n", "it is a Git LFS pointer", "git lfs pull"),
        (b"", "it is empty", "download it again"),
        (b"GGUF\0\0\0\x03\0\0\0\0", "the file is big-endian", "little-endian file"),
    ];
    for (bytes, what, help) in cases {
        std::fs::write(shelf.path("m.gguf"), bytes)?;
        check(shelf.model(&["m.gguf"])?, 1, &["error: `m.gguf` cannot be used: ", what, "help: ", help])?;
    }
    check(shelf.model(&["none.gguf"])?, 1, &["error: there is no file `none.gguf`"])?;
    check(shelf.model(&["."])?, 1, &["error: `.` cannot be read: it is a folder"])
}

fn large() -> Result<(), Failed> {
    let draft = Llama::SMALL.draft(GgmlType::F16).tensor("huge", &[20 << 20, 1 << 10], GgmlType::F16);
    check(Shelf::new()?.with("m.gguf", &draft)?.model(&["m.gguf"])?, 0, &["40.0 GiB in one file"])
}

fn usage() -> Result<(), Failed> {
    let shelf = Shelf::new()?;
    check(shelf.model(&[])?, 2, &["<FILE>"])?;
    check(shelf.model(&["m.gguf", "--format", "xml"])?, 2, &["xml", "text, json"])
}

fn colours() -> Result<(), Failed> {
    let draft = Llama::SMALL.draft(GgmlType::F16).set("general.name", "\u{1b}[31mred\nline");
    let shown = Shelf::new()?.with("m.gguf", &draft)?.model(&["m.gguf"])?.expect_code(0)?;
    let steers = shown.output.contains('\u{1b}');
    if steers || !shown.output.contains("\\u{1b}[31mred\\nline\n") { Err(shown.describe().into()) } else { Ok(()) }
}

fn help() -> Result<(), Failed> {
    check(tool::tl(["model", "--help"])?, 0, &["--verify", "--all", "Examples:\n", "tl model models/stories-q4_0.gguf"])
}

fn runs() -> Result<(), Failed> {
    let mut shelf = Shelf::new()?;
    for (number, part) in (1..).zip(Llama::SMALL.draft(GgmlType::F32).split(2)) {
        shelf = shelf.with(&format!("m-{number:05}-of-00002.gguf"), &part)?;
    }
    let run = |model: &str| {
        let text = format!("main {{ let m = load_model(\"{model}\") print(shape(m.output.weight)) }}");
        std::fs::write(shelf.path("script.tl"), text)?;
        tool::finish(tool::command()?.arg("run").arg(shelf.path("script.tl")))
    };
    check(run("m-00001-of-00002.gguf")?, 0, &["[40, 64]"])?;
    let draft = safetensors::Draft::default().tensor("output.weight", Dtype::F32, &[40, 64]);
    draft.save(shelf.path("m.safetensors"))?;
    check(run("m.safetensors")?, 1, &["error[not-supported-yet]", "only GGUF files can be loaded yet"])
}
