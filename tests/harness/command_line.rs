//! What `tl run` does with files and arguments that are right, wrong or
//! missing: one clear message, the right exit code, no panic, and nothing
//! lost of what was printed before.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};

use crate::tool::{Finished, finish};
use crate::{Trials, folders, models, tool};

/// One trial for each promise.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    let mut add = |name: &str, check: fn() -> Result<(), Failed>| {
        trials.push(Trial::test(format!("command line: {name}"), check));
    };
    add("a run prints what the script prints and nothing else", output_only);
    add("the exit code is the script's own", exit_codes);
    add("input is read from standard input", reads_input);
    add("words after -- belong to the script", words);
    add("without arguments the usage is shown and the exit code is 2", usage);
    add("bad usage exits with 2 and names what is wrong", bad_usage);
    add("an unknown device exits with 2 and names the devices", unknown_device);
    add("help and version exit with 0", help);
    add("a missing script is named", missing_script);
    add("a folder is no script", folder_as_script);
    add("a script that is not UTF-8 is refused", not_utf8);
    add("an empty script runs nothing and says so", empty_script);
    add("a typo is found before anything runs", typo);
    add("--no-check runs a script that has errors", no_check);
    add("warnings are shown with --check only", warnings);
    add("an error shows its line with carets and the calls that led there", error_with_calls);
    add("shapes that do not fit are found before anything runs", shapes_before_the_run);
    add("what was printed before an error is kept", nothing_lost);
    add("deep recursion ends in a message", recursion);
    add("a closed pipe ends the run quietly", closed_pipe);
    #[cfg(target_os = "linux")]
    add("output that cannot be written is told", full_disk);
    add("a closed error stream changes no exit code", closed_errors);
    add("Ctrl-C ends a loop at once with 130", interrupt_loop);
    add("Ctrl-C ends a computation at once with 130", interrupt_computation);
    add("Ctrl-C ends a waiting run at once with 130", interrupt_input);
    add("--seed repeats random numbers", seed);
    add("--dtype is the type of what names none, models included", dtype);
    add("--threads changes the speed and nothing else", threads);
    add("--check-shapes finds nothing to complain about in the chat", check_shapes);
    add("--stats goes to the error stream", stats);
    add("a missing model is named with every path that was tried", missing_model);
    add("a model is found in the models directory", models_directory);
    add("a missing tokenizer is named", missing_tokenizer);
    add("a file that is no model is refused", no_model);
    add("a truncated model is refused wherever it ends", truncated_model);
    add("a model whose header lies is refused", lying_header);
    add("a file that is no tokenizer is refused", no_tokenizer);
    add("a tokenizer of another model is noticed", foreign_tokenizer);
    Ok(trials)
}

/// Runs a script of its own folder, with flags before it and words after it.
fn run(text: &str, flags: &[&str], words: &[&str]) -> Result<Finished, Failed> {
    finish(command(text, flags)?.arg("--").args(words))
}

fn command(text: &str, flags: &[&str]) -> Result<Command, Failed> {
    let script = script(text)?;
    let mut command = tool::command()?;
    command.arg("run").args(flags).arg(script);
    Ok(command)
}

fn script(text: impl AsRef<[u8]>) -> Result<PathBuf, Failed> {
    let path = folders::scratch()?.join("script.tl");
    std::fs::write(&path, text)?;
    Ok(path)
}

/// Fails unless the run failed with exactly one error that contains `parts`.
fn one_error(finished: Finished, code: i32, parts: &[&str]) -> Result<(), Failed> {
    let finished = finished.expect_code(code)?;
    let errors = finished.errors.lines().filter(|line| line.starts_with("error")).count();
    let has_all = parts.iter().all(|part| finished.errors.contains(part));
    if errors != 1 || !has_all || finished.errors.contains("panicked") {
        return Err(format!("expected one error with {parts:?}\n{}", finished.describe()).into());
    }
    Ok(())
}

fn is(finished: Finished, output: &str) -> Result<(), Failed> {
    let finished = finished.expect_code(0)?;
    if finished.output == output { Ok(()) } else { Err(format!("expected {output:?}\n{}", finished.describe()).into()) }
}

fn output_only() -> Result<(), Failed> {
    let finished = run("main { print(\"a\", 1 + 2) write(\"b\") write(\"c\") print() }", &[], &[])?;
    if !finished.errors.is_empty() {
        return Err(finished.describe().into());
    }
    is(finished, "a 3\nbc\n")
}

fn exit_codes() -> Result<(), Failed> {
    run("main { print(1) }", &[], &[])?.expect_code(0)?;
    run("main { print(1) exit(7) print(2) }", &[], &[])?.expect_code(7)?;
    run("main { exit() }", &[], &[])?.expect_code(0)?;
    run("main { panic(\"no\") }", &[], &[])?.expect_code(1)?;
    run("main { assert(1 == 2) }", &[], &[])?.expect_code(1)?;
    run("main { return }", &[], &[])?.expect_code(0)?;
    Ok(())
}

fn reads_input() -> Result<(), Failed> {
    let mut child = command("main { let a = input(\"name? \") print(\"<\" + a + input() + \">\") }", &[])?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no standard input")?.write_all("Zoë  \n".as_bytes())?;
    is(child.wait_with_output()?.into(), "name? <Zoë>\n")
}

fn words() -> Result<(), Failed> {
    let text = "main { print(arg(\"n\", 2) * 2, arg(\"word\", \"none\"), arg(\"deep\", false)) print(args()) }";
    is(run(text, &[], &[])?, "4 none false\n[]\n")?;
    let given = run(text, &[], &["--n", "21", "--word=two words", "--deep"])?;
    is(given, "42 two words true\n[\"--n\", \"21\", \"--word=two words\", \"--deep\"]\n")?;
    one_error(run(text, &[], &["--n", "many"])?, 1, &["many", "--n"])?;
    one_error(run("main { print(arg(\"model\")) }", &[], &[])?, 1, &["model"])
}

fn usage() -> Result<(), Failed> {
    let finished = tool::tl::<&str>([])?.expect_code(2)?;
    if finished.errors.contains("Usage") { Ok(()) } else { Err(finished.describe().into()) }
}

fn bad_usage() -> Result<(), Failed> {
    one_error(tool::tl(["fly"])?, 2, &["fly"])?;
    one_error(tool::tl(["run"])?, 2, &["FILE"])?;
    one_error(run("main { }", &["--fast"], &[])?, 2, &["--fast"])?;
    one_error(run("main { }", &["--threads", "0"], &[])?, 2, &["--threads"])?;
    one_error(run("main { }", &["--seed", "x"], &[])?, 2, &["--seed"])?;
    one_error(run("main { }", &["--dtype", "f64"], &[])?, 2, &["f64"])
}

fn unknown_device() -> Result<(), Failed> {
    one_error(run("main { print(1) }", &["--device", "quantum"], &[])?, 2, &["quantum", "auto", "cpu", "wgpu"])
}

fn help() -> Result<(), Failed> {
    for arguments in [&["--help"][..], &["run", "--help"], &["--version"]] {
        let finished = tool::tl(arguments)?.expect_code(0)?;
        if finished.output.is_empty() || !finished.errors.is_empty() {
            return Err(finished.describe().into());
        }
    }
    Ok(())
}

fn missing_script() -> Result<(), Failed> {
    one_error(tool::tl(["run", "nowhere/story.tl"])?, 1, &["nowhere/story.tl"])
}

fn folder_as_script() -> Result<(), Failed> {
    one_error(tool::tl(["run", "examples"])?, 1, &["examples"])
}

fn not_utf8() -> Result<(), Failed> {
    let path = script(b"main { print(\"caf\xe9\") }")?;
    let arguments = [Path::new("run"), &path];
    one_error(tool::tl(arguments)?, 1, &["UTF-8", "17"])
}

fn empty_script() -> Result<(), Failed> {
    for text in ["", "\n\n", "// nothing\n", "fn f() { 1 }\n"] {
        let finished = run(text, &[], &[])?.expect_code(0)?;
        if !finished.output.is_empty() || !finished.errors.contains("main") {
            return Err(format!("{text:?}\n{}", finished.describe()).into());
        }
    }
    Ok(())
}

fn typo() -> Result<(), Failed> {
    let finished = run("main {\n    print(\"before\")\n    prnt(\"x\")\n}\n", &[], &[])?;
    if !finished.output.is_empty() {
        return Err(finished.describe().into());
    }
    one_error(finished, 1, &["error[unknown-function]", "prnt", "did you mean `print`", "script.tl:3:5", "^^^^"])
}

fn no_check() -> Result<(), Failed> {
    let finished = run("main { print(\"before\") prnt(\"x\") }", &["--no-check"], &[])?.expect_code(1)?;
    if finished.output == "before\n" && finished.errors.contains("prnt") {
        return Ok(());
    }
    Err(finished.describe().into())
}

fn warnings() -> Result<(), Failed> {
    let text = "main { print(\"{}\", 1, 2) }";
    let quiet = run(text, &[], &[])?.expect_code(0)?;
    let told = run(text, &["--check"], &[])?.expect_code(0)?;
    if quiet.errors.is_empty() && told.errors.contains("warning[format-arguments]") && told.output == "1\n" {
        return Ok(());
    }
    Err(format!("{}\n{}", quiet.describe(), told.describe()).into())
}

fn error_with_calls() -> Result<(), Failed> {
    let text = "fn inner(x: Tensor) -> Tensor {\n    x + zeros([5])\n}\n\nfn outer(x: Tensor) -> Tensor {\n    inner(x)\n}\n\nmain {\n    print(outer(zeros([2, to_int(\"3\")])))\n}\n";
    let finished = run(text, &[], &[])?;
    let errors = finished.errors.clone();
    one_error(
        finished,
        1,
        &[
            "error[shape-mismatch]",
            "[2, 3]",
            "[5]",
            "script.tl:2:",
            "x + zeros([5])",
            "^",
            "`inner`",
            "`outer`",
            ":6:",
            ":10:",
        ],
    )?;
    let (inner, outer) = (errors.find("`inner`"), errors.find("`outer`"));
    if inner < outer { Ok(()) } else { Err(format!("the innermost call comes first\n{errors}").into()) }
}

fn shapes_before_the_run() -> Result<(), Failed> {
    let text = "fn inner(x: Tensor) -> Tensor {\n    x + zeros([5])\n}\n\nmain {\n    print(\"never\")\n    inner(zeros([2, 3]))\n}\n";
    let finished = run(text, &[], &[])?;
    if !finished.output.is_empty() {
        return Err(finished.describe().into());
    }
    one_error(
        finished,
        1,
        &["error[shape-mismatch]", "script.tl:2:", "x + zeros([5])", "`inner` is called here", "was not run"],
    )
}

fn nothing_lost() -> Result<(), Failed> {
    let finished = run("main { print(\"one\") write(\"two\") print(1 / to_int(\"0\")) }", &[], &[])?;
    if finished.output.trim_end() != "one\ntwo" {
        return Err(finished.describe().into());
    }
    one_error(finished, 1, &["error[division-by-zero]"])
}

fn recursion() -> Result<(), Failed> {
    let text = "fn down(n: int) -> int { down(n + 1) }\nmain { print(\"go\") print(down(0)) }";
    let finished = run(text, &[], &[])?;
    if finished.output != "go\n" {
        return Err(finished.describe().into());
    }
    one_error(finished, 1, &["1000", "down"])
}

fn closed_pipe() -> Result<(), Failed> {
    let mut child = command("main { let i = 0 loop { i = i + 1 print(i) } }", &[])?
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let first = lines.next().ok_or("nothing was printed")??;
    drop(lines);
    let finished: Finished = child.wait_with_output()?.into();
    if first == "1" && finished.errors.is_empty() { Ok(()) } else { Err(finished.describe().into()) }
}

/// Every write to `/dev/full` fails as on a full disk.
#[cfg(target_os = "linux")]
fn full_disk() -> Result<(), Failed> {
    let full = std::fs::File::create("/dev/full")?;
    let output = command("main { print(1) }", &[])?.stdin(Stdio::null()).stdout(full).output()?;
    let finished: Finished = output.into();
    if finished.code == Some(1) && finished.errors.contains("written") && !finished.errors.contains("panicked") {
        return Ok(());
    }
    Err(finished.describe().into())
}

fn closed_errors() -> Result<(), Failed> {
    let mut child = command("main { prnt(1) }", &[])?.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    drop(child.stderr.take());
    match child.wait()?.code() {
        Some(1) => Ok(()),
        code => Err(format!("expected exit code 1, found {code:?}").into()),
    }
}

fn interrupt_loop() -> Result<(), Failed> {
    interrupted("main { print(\"go\") let i = 0 loop { i = i + 1 } }")
}

fn interrupt_computation() -> Result<(), Failed> {
    interrupted("main { print(\"go\") let x = ones([300, 300]) loop { x = softmax(x @ x) } }")
}

fn interrupt_input() -> Result<(), Failed> {
    interrupted("main { print(\"go\") print(input()) }")
}

/// How long an interrupted run may go on, on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Starts a script, interrupts it after its first line and sees how it ends.
fn interrupted(text: &str) -> Result<(), Failed> {
    let mut child = command(text, &[])?.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    let mut first = String::new();
    output.read_line(&mut first)?;
    let asked = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if asked.elapsed() > AT_ONCE => {
                child.kill()?;
                return Err(format!("the run went on for {AT_ONCE:?} after Ctrl-C").into());
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let mut errors = String::new();
    child.stderr.take().ok_or("no error stream")?.read_to_string(&mut errors)?;
    if status.code() == Some(130) && first == "go\n" && !errors.contains("error") {
        return Ok(());
    }
    Err(format!("it ended with {status} after printing {first:?}\n{errors}").into())
}

fn seed() -> Result<(), Failed> {
    let text = "main { print(temperature_sample(zeros([1000]), 1.0), temperature_sample(zeros([1000]), 1.0)) }";
    let with = |seed| Ok::<_, Failed>(run(text, &["--seed", seed], &[])?.expect_code(0)?.output);
    let (first, again, other) = (with("7")?, with("7")?, with("8")?);
    if first == again && first != other { Ok(()) } else { Err(format!("{first}{again}{other}").into()) }
}

fn dtype() -> Result<(), Failed> {
    let text = "main { print(ones([70]), f32::ones([70])) let m = load_model(\"stories-f16.gguf\") print(embedding(m.token_embd.weight, [5]) * 0) }";
    for (flag, name) in [("f32", "float32"), ("f16", "float16")] {
        let finished =
            finish(command(text, &["--dtype", flag])?.env("TL_MODELS", folders::models()))?.expect_code(0)?;
        let ones = format!("{name}[70] min 1 max 1 mean 1 float32[70] min 1 max 1 mean 1\n{name}[1, ");
        if !finished.output.starts_with(&ones) {
            return Err(format!("expected {ones}\n{}", finished.describe()).into());
        }
    }
    Ok(())
}

fn threads() -> Result<(), Failed> {
    let chat =
        |threads| tool::tl(["run", "--threads", threads, "examples/chat.tl", "--", "--tokens", "20"])?.expect_code(0);
    let (one, two) = (chat("1")?.output, chat("2")?.output);
    if one == two { Ok(()) } else { Err(format!("{one}\n{two}").into()) }
}

fn check_shapes() -> Result<(), Failed> {
    let with = tool::tl(["run", "--check-shapes", "examples/chat.tl", "--", "--tokens", "5"])?.expect_code(0)?;
    let without = tool::tl(["run", "examples/chat.tl", "--", "--tokens", "5"])?.expect_code(0)?;
    if with.output == without.output { Ok(()) } else { Err(with.describe().into()) }
}

fn stats() -> Result<(), Failed> {
    let finished = run("main { print(1) }", &["--stats", "--seed", "3", "--device", "cpu"], &[])?.expect_code(0)?;
    let lines = ["device", "total time", "seed", "peak memory"];
    let told = lines.iter().all(|name| finished.errors.lines().any(|line| line.starts_with(name)));
    if finished.output == "1\n" && told { Ok(()) } else { Err(finished.describe().into()) }
}

fn missing_model() -> Result<(), Failed> {
    let finished = run("main { print(\"go\") let m = load_model(\"no/such.gguf\") print(m) }", &[], &[])?;
    let errors = finished.errors.clone();
    one_error(finished, 1, &["error[model-not-found]", "no/such.gguf", "script.tl:1:"])?;
    let tried = errors.matches("no/such.gguf").count();
    // In the call, beside the script, in the working directory, in the models directory.
    if tried >= 4 { Ok(()) } else { Err(format!("{tried} paths are named\n{errors}").into()) }
}

fn models_directory() -> Result<(), Failed> {
    let mut command = command("main { print(len(load_model(\"stories-f16.gguf\").blk) > 0) }", &[])?;
    is(finish(command.env("TL_MODELS", folders::models()))?, "true\n")
}

fn missing_tokenizer() -> Result<(), Failed> {
    let finished = run("main { print(load_tokenizer(\"no/such.json\")) }", &[], &[])?;
    one_error(finished, 1, &["error[model-not-found]", "no/such.json"])
}

/// Writes `bytes` as a model and loads it.
fn load(bytes: &[u8]) -> Result<Finished, Failed> {
    let folder = folders::scratch()?;
    std::fs::write(folder.join("model.gguf"), bytes)?;
    let script = folder.join("script.tl");
    std::fs::write(
        &script,
        "main {\n    write(\"go \")\n    let m = load_model(\"model.gguf\")\n    print(m.token_embd.weight[0][0] < 1000, m.output_norm.weight[0] < 1000)\n}\n",
    )?;
    tool::tl([Path::new("run"), &script])
}

/// One error, at the call that loads, behind what was printed before.
fn refused(finished: Finished, what: &str) -> Result<(), Failed> {
    let described = format!("{what}\n{}", finished.describe());
    let lost = finished.output.trim_end() != "go";
    match one_error(finished, 1, &["model.gguf", "script.tl:3:"]) {
        Ok(()) if !lost => Ok(()),
        _ => {
            Err(format!("expected one error that names model.gguf and line 3, behind the output `go`\n{described}")
                .into())
        }
    }
}

fn no_model() -> Result<(), Failed> {
    refused(load(b"")?, "an empty file")?;
    refused(load(b"{\"model\": 1}")?, "a JSON file")?;
    refused(load(b"FUGG\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")?, "a big-endian file")?;
    refused(load(b"GGUF\x09\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")?, "a version of the future")
}

fn truncated_model() -> Result<(), Failed> {
    let whole = std::fs::read(models::shipped("q4_0"))?;
    let last = whole.len() - 1;
    for length in [3, 4, 8, 23, 24, 40, 100, 1_000, 10_000, 60_000, last / 2, last - 40, last] {
        refused(load(&whole[..length])?, &format!("{length} bytes of {}", whole.len()))?;
    }
    Ok(())
}

fn lying_header() -> Result<(), Failed> {
    let whole = std::fs::read(models::shipped("q4_0"))?;
    let huge = u64::MAX.to_le_bytes();
    let large = (1_u64 << 40).to_le_bytes();
    for lie in [huge, large] {
        refused(load(&patched(&whole, 8, &lie))?, "too many tensors")?;
        refused(load(&patched(&whole, 16, &lie))?, "too many metadata entries")?;
        refused(load(&patched(&whole, 24, &lie))?, "a key that is too long")?;
        // Behind the name: the rank, then the sizes, the type and the offset.
        let entry = end_of(&whole, b"token_embd.weight")?;
        refused(load(&patched(&whole, entry + 4, &lie))?, "a row that is too long")?;
        refused(load(&patched(&whole, entry + 12, &lie))?, "too many rows")?;
        refused(load(&patched(&whole, entry + 24, &lie))?, "data far behind the end")?;
        let tokens = end_of(&whole, b"tokenizer.ggml.tokens")?;
        refused(load(&patched(&whole, tokens + 8, &lie))?, "a list that is too long")?;
    }
    let entry = end_of(&whole, b"token_embd.weight")?;
    refused(load(&patched(&whole, entry, &[99]))?, "a tensor of 99 axes")?;
    refused(load(&patched(&whole, entry + 20, &[77]))?, "a tensor of no known type")?;
    refused(load(&patched(&whole, entry + 24, &[1]))?, "a tensor off its alignment")?;
    refused(load(&patched(&whole, entry + 4, &[33]))?, "rows of half a block")
}

/// The same bytes with others at one place.
fn patched(bytes: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut patched = bytes.to_vec();
    patched[at..at + with.len()].copy_from_slice(with);
    patched
}

/// Where the bytes behind a name begin.
fn end_of(bytes: &[u8], name: &[u8]) -> Result<usize, Failed> {
    let found = bytes.windows(name.len()).position(|window| window == name);
    Ok(found.ok_or_else(|| format!("the model has no {}", String::from_utf8_lossy(name)))? + name.len())
}

fn no_tokenizer() -> Result<(), Failed> {
    for text in ["", "{}", "not JSON", "[1, 2]", "{\"model\": {\"type\": \"BPE\"}}"] {
        let folder = folders::scratch()?;
        std::fs::write(folder.join("words.json"), text)?;
        let script = folder.join("script.tl");
        std::fs::write(&script, "main { print(load_tokenizer(\"words.json\")) }")?;
        one_error(tool::tl([Path::new("run"), &script])?, 1, &["words.json", "script.tl:1:"])?;
    }
    Ok(())
}

/// The random models have fewer tokens than the shipped tokenizer knows.
fn foreign_tokenizer() -> Result<(), Failed> {
    let model = models::random("f16", 1)?.display().to_string();
    let words = ["run", "examples/chat.tl", "--", "--tokens", "3", "--model", &model];
    one_error(tool::tl(words)?, 1, &["the table has 256 rows", "tokenizer", "chat.tl:"])
}
