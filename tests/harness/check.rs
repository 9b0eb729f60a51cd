//! What `tl check` tells: to a person, as lines of JSON, as SARIF, with shapes;
//! of files, folders and standard input; under comments and projects that choose
//! what is to be heard.

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::events::equal;
use crate::tool::Finished;
use crate::{Trials, folders, tool};

/// One trial for each promise.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    let mut add = |name: &str, check: fn() -> Result<(), Failed>| {
        trials.push(Trial::test(format!("check: {name}"), check));
    };
    add("a script without problems is told in one line", nothing);
    add("errors are drawn with their places and end with 1", errors);
    add("warnings and hints end with 0", warnings);
    add("folders are searched, without what is hidden, foreign or Teal", folder);
    add("what git leaves alone is not searched", ignored);
    add("colours are as the environment says", colours);
    add("a mistake in an imported file is told once, where it is", imported);
    add("standard input is a script of the working directory", standard_input);
    add("what cannot be read is named, and the others are checked", unreadable);
    add("bad usage ends with 2", bad_usage);
    add("JSON is one object a line, by path and position", json_lines);
    add("JSON counts columns in UTF-16", json_columns);
    add("JSON has the second place and the fix", json_complete);
    add("SARIF has a rule for every code and a result for every problem", sarif);
    add("shapes stand in the margin", shapes);
    add("shapes of wide lines stand below them", shapes_of_wide_lines);
    add("shapes as JSON: numbers, names, and why there are none", shapes_as_json);
    add("a missing model is a warning", missing_model);
    add("a comment silences its line or the next statement", allowed);
    add("a comment that silences nothing is told", unused_allow);
    add("a project chooses severities", severities);
    add("a file in a nearer folder counts alone", nearest_project);
    add("a project names the model and the element type", project_of_check);
    add("a project chooses how a run computes, and flags win", project_of_run);
    add("what forbids a run is an error for it, whatever is chosen", certain_errors);
    add("what is wrong with tl.toml is told, and the rest holds", broken_project);
    add("many files are checked at once", many);
    Ok(trials)
}

/// Files in a folder of their own, and what is run there.
struct Folder(PathBuf);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Result<Folder, Failed> {
        let folder = folders::scratch()?;
        for (name, text) in files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            std::fs::write(path, text)?;
        }
        Ok(Folder(folder))
    }

    fn tl(&self, arguments: &[&str]) -> Result<Finished, Failed> {
        let mut command = tool::command()?;
        command.current_dir(&self.0).env("TL_MODELS", folders::file("examples"));
        tool::finish(command.args(arguments))
    }

    /// The lines of `tl check --format json` with these arguments.
    fn json(&self, arguments: &[&str]) -> Result<Vec<Value>, Failed> {
        let finished = self.tl(&[&["check", "--format", "json"], arguments].concat())?;
        finished.output.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }
}

/// The lines for one script.
fn of_script(text: &str, arguments: &[&str]) -> Result<Vec<Value>, Failed> {
    Folder::with(&[("a.tl", text)])?.json(&[arguments, &["a.tl"]].concat())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Severities and codes, in order.
fn told(lines: &[Value]) -> Vec<(&str, &str)> {
    lines.iter().map(|line| (text(&line["severity"]), text(&line["code"]))).collect()
}

fn has(finished: &Finished, parts: &[&str]) -> Result<(), Failed> {
    match parts.iter().find(|part| !finished.errors.contains(*part)) {
        None => Ok(()),
        Some(part) => Err(format!("the error stream lacks {part:?}\n{}", finished.describe()).into()),
    }
}

const FINE: &str = "main {\n    print(1)\n}\n";
const WRONG: &str = "main {\n    print(\"before\")\n    prnt(1)\n}\n";
const OLD: &str = "main {\n    print(1);\n}\n";

fn nothing() -> Result<(), Failed> {
    let finished = Folder::with(&[("a.tl", FINE)])?.tl(&["check", "a.tl"])?.expect_code(0)?;
    equal((&*finished.output, &*finished.errors), ("", "1 file checked: no problems\n"), "what is told")?;
    let empty = Folder::with(&[])?.tl(&["check"])?.expect_code(0)?;
    equal(&*empty.errors, "no `.tl` files found\n", "what is told of no files")
}

fn errors() -> Result<(), Failed> {
    let finished = Folder::with(&[("a.tl", WRONG)])?.tl(&["check", "a.tl"])?.expect_code(1)?;
    equal(&*finished.output, "", "the output")?;
    has(
        &finished,
        &[
            "error[unknown-function]: no function is called `prnt`\n",
            " --> a.tl:3:5\n",
            "3 |     prnt(1)\n  |     ^^^^\n",
            "did you mean `print`?",
            "\n1 file checked: 1 error\n",
        ],
    )
}

fn warnings() -> Result<(), Failed> {
    let folder = Folder::with(&[("a.tl", OLD), ("b.tl", "main {\n    print(\"{}\", 1, 2)\n}\n")])?;
    let finished = folder.tl(&["check"])?.expect_code(0)?;
    has(&finished, &["hint[legacy-syntax]", "warning[format-arguments]", "2 files checked: 1 warning, 1 hint\n"])
}

fn folder() -> Result<(), Failed> {
    let teal = "local x: number = 3\nfunction f()\nend\n";
    let folder = Folder::with(&[
        ("b.tl", WRONG),
        ("a/deep/c.tl", WRONG),
        ("a/.hidden/d.tl", WRONG),
        ("a/target/e.tl", WRONG),
        ("a/teal.tl", teal),
        ("a/notes.txt", WRONG),
    ])?;
    let paths = |arguments: &[&str]| -> Result<Vec<String>, Failed> {
        Ok(folder.json(arguments)?.iter().map(|line| text(&line["path"]).to_owned()).collect())
    };
    equal(paths(&[])?, vec!["a/deep/c.tl".to_owned(), "b.tl".to_owned()], "the paths")?;
    equal(paths(&["b.tl", "a", "a/deep/c.tl"])?, vec!["a/deep/c.tl".to_owned(), "b.tl".to_owned()], "in their order")?;
    equal(paths(&["a/teal.tl"])?.is_empty(), false, "whether a named file is checked, whatever it is")
}

fn imported() -> Result<(), Failed> {
    let app = "import \"lib.tl\"\nmain {\n    print(twice(zeros([2, 3])))\n}\n";
    let lib = "fn twice(x: Tensor) -> Tensor {\n    x @ x\n}\n\nfn lost() -> Tensor {\n    y\n}\n";
    let folder = Folder::with(&[("app.tl", app), ("lib.tl", lib), ("other.tl", app)])?;
    let told = |arguments: &[&str]| -> Result<Vec<(String, String, u64)>, Failed> {
        let lines = folder.json(arguments)?;
        let of_line = |line: &Value| {
            let start = line["range"]["start"]["line"].as_u64().unwrap_or_default();
            (text(&line["path"]).to_owned(), text(&line["code"]).to_owned(), start)
        };
        Ok(lines.iter().map(of_line).collect())
    };
    let at = |path: &str, code: &str, line: u64| (path.to_owned(), code.to_owned(), line);
    let all = vec![at("lib.tl", "shape-mismatch", 1), at("lib.tl", "unknown-name", 5)];
    equal(told(&[])?, all, "all of them together")?;
    equal(told(&["app.tl"])?, vec![at("app.tl", "shape-mismatch", 0)], "the script alone")
}

fn ignored() -> Result<(), Failed> {
    let folder = Folder::with(&[
        (".gitignore", "/drafts/\nold-*.tl\n!old-but-gold.tl\n"),
        ("a.tl", WRONG),
        ("drafts/b.tl", WRONG),
        ("deep/old-c.tl", WRONG),
        ("deep/old-but-gold.tl", WRONG),
        ("deep/.gitignore", "d.tl\n"),
        ("deep/d.tl", WRONG),
        ("d.tl", WRONG),
    ])?;
    let paths = |arguments: &[&str]| -> Result<Vec<String>, Failed> {
        Ok(folder.json(arguments)?.iter().map(|line| text(&line["path"]).to_owned()).collect())
    };
    let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    equal(paths(&[])?, owned(&["a.tl", "d.tl", "deep/old-but-gold.tl"]), "what is searched")?;
    equal(paths(&["drafts", "deep/d.tl"])?, owned(&["deep/d.tl", "drafts/b.tl"]), "what is named is meant")?;
    // The folders above have a say up to the root of the repository.
    std::fs::create_dir(folder.0.join(".git"))?;
    equal(paths(&["deep"])?, owned(&["deep/old-but-gold.tl"]), "what is searched below the root")?;
    std::fs::create_dir(folder.0.join("deep/.git"))?;
    equal(paths(&["deep"])?, owned(&["deep/old-but-gold.tl", "deep/old-c.tl"]), "and in a repository of its own")
}

fn colours() -> Result<(), Failed> {
    let folder = Folder::with(&[("a.tl", WRONG)])?;
    for (variables, expected) in [
        (&[][..], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "0")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
    ] {
        let mut command = tool::command()?;
        ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"].iter().for_each(|name| {
            command.env_remove(name);
        });
        command.current_dir(&folder.0).args(["check", "--shapes", "a.tl"]).envs(variables.iter().copied());
        let finished = tool::finish(&mut command)?.expect_code(1)?;
        equal(finished.errors.contains('\x1b'), expected, &format!("{variables:?}: {}", finished.describe()))?;
    }
    Ok(())
}

fn standard_input() -> Result<(), Failed> {
    let folder = Folder::with(&[("tl.toml", "[check]\nseverity.legacy-syntax = \"warning\"\n")])?;
    for (arguments, output, errors) in
        [(&["check", "-"][..], "", "<stdin>:2:13"), (&["check", "--format", "json", "-"], "{\"path\":\"-\"", "")]
    {
        let mut command = tool::command()?;
        command.current_dir(&folder.0).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        child.stdin.take().ok_or("no input")?.write_all(OLD.as_bytes())?;
        let finished = Finished::from(child.wait_with_output()?).expect_code(0)?;
        has(&finished, &[errors])?;
        let is_warning = format!("{}{}", finished.output, finished.errors).contains("warning");
        equal((finished.output.starts_with(output), is_warning), (true, true), &finished.describe())?;
    }
    Ok(())
}

fn unreadable() -> Result<(), Failed> {
    let folder = Folder::with(&[("a.tl", OLD)])?;
    std::fs::write(folder.0.join("b.tl"), b"main { \xff }")?;
    let finished = folder.tl(&["check", "no.tl", "a.tl", "b.tl"])?.expect_code(1)?;
    has(&finished, &["`no.tl`", "`b.tl` is not a text", "hint[legacy-syntax]"])?;
    has(&finished, &["1 file checked: 1 hint, 2 could not be read\n"])
}

fn bad_usage() -> Result<(), Failed> {
    let folder = Folder::with(&[("a.tl", FINE)])?;
    for arguments in
        [&["check", "-", "a.tl"][..], &["check", "--format", "xml"], &["check", "--shapes", "--format", "sarif"]]
    {
        folder.tl(arguments)?.expect_code(2)?;
    }
    Ok(())
}

fn json_lines() -> Result<(), Failed> {
    let folder = Folder::with(&[("b.tl", WRONG), ("a.tl", "main {\n    print(x);\n    print(y)\n}\n")])?;
    let lines = folder.json(&["b.tl", "a.tl"])?;
    let expected = [
        ("error", "unknown-name"),
        ("hint", "legacy-syntax"),
        ("error", "unknown-name"),
        ("error", "unknown-function"),
    ];
    equal(told(&lines), expected.to_vec(), "the problems")?;
    let finished = folder.tl(&["check", "--format", "json"])?.expect_code(1)?;
    equal(&*finished.errors, "", "the error stream")
}

fn json_columns() -> Result<(), Failed> {
    let lines = of_script("main {\n    print(\"🦊⊙\", x)\n}\n", &[])?;
    let range = json!({ "start": { "line": 1, "character": 17 }, "end": { "line": 1, "character": 18 } });
    equal(&lines[0]["range"], &range, "the range")
}

fn json_complete() -> Result<(), Failed> {
    let lines = of_script("fn f() { print(n) }\nmain { let n = 1 f() print(n) }\n", &[])?;
    let at = |line: u32, start: u32, end: u32| json!({ "start": { "line": line, "character": start }, "end": { "line": line, "character": end } });
    let expected = json!({
        "path": "a.tl",
        "range": at(0, 15, 16),
        "severity": "error",
        "code": "captured-caller-variable",
        "message": "`n` is a variable of `main`, which this function cannot see",
        "related": [{ "path": "a.tl", "range": at(1, 11, 12), "message": "declared here" }],
        "fix": null,
    });
    equal(&lines[0], &expected, "a problem with a second place")?;
    let lines = of_script("main {\n    x := 1\n    print(x)\n}\n", &[])?;
    let fix = json!({
        "title": "replace `:=` with `=`",
        "safe": true,
        "edits": [{ "range": at(1, 6, 8), "newText": "=" }],
    });
    equal(&lines[0]["fix"], &fix, "the fix")
}

fn sarif() -> Result<(), Failed> {
    let folder = Folder::with(&[("with blank.tl", "fn f() { print(n) }\nmain { let n := 1 f() print(n) }\n")])?;
    let finished = folder.tl(&["check", "--format", "sarif"])?.expect_code(1)?;
    let document: Value = serde_json::from_str(&finished.output)?;
    equal(&document["version"], &json!("2.1.0"), "the version")?;
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().ok_or("no rules")?;
    for rule in rules {
        let help = &rule["help"];
        if [&rule["id"], &rule["shortDescription"]["text"], &help["text"], &help["markdown"]]
            .iter()
            .any(|it| text(it).is_empty())
        {
            return Err(format!("a rule lacks something: {rule}").into());
        }
    }
    let results = run["results"].as_array().ok_or("no results")?;
    equal(results.len(), 2, "how many results")?;
    for result in results {
        let index = result["ruleIndex"].as_u64().ok_or("no index")? as usize;
        equal(&rules[index]["id"], &result["ruleId"], "the rule of a result")?;
    }
    let place = json!({
        "artifactLocation": { "uri": "with%20blank.tl" },
        "region": { "startLine": 1, "startColumn": 16, "endLine": 1, "endColumn": 17 },
    });
    equal(&results[0]["locations"], &json!([{ "physicalLocation": place }]), "the place")?;
    equal((&results[0]["level"], &results[1]["level"]), (&json!("error"), &json!("note")), "the levels")?;
    equal(&results[0]["relatedLocations"][0]["message"]["text"], &json!("declared here"), "the second place")?;
    let replacement = &results[1]["fixes"][0]["artifactChanges"][0]["replacements"][0];
    equal(&replacement["insertedContent"]["text"], &json!("="), "the fix")
}

fn shapes() -> Result<(), Failed> {
    let script = "// words\nmain {\n    let x = zeros([2, 3])\n    let n = 4\n    print(x, n)\n}\n";
    let finished = Folder::with(&[("a.tl", script)])?.tl(&["check", "--shapes", "a.tl"])?.expect_code(0)?;
    let expected = "// words\nmain {\n    let x = zeros([2, 3])  │ x: float32[2, 3]\n    let n = 4              │ n: the Integer 4\n    print(x, n)\n}\n";
    equal(&*finished.output, expected, "the listing")
}

fn shapes_of_wide_lines() -> Result<(), Failed> {
    let wide = format!("    let y = zeros([2]) // {}", "word ".repeat(20));
    let script = format!("main {{\n    let x = zeros([3])\n{wide}\n    print(x, y)\n}}\n");
    let finished = Folder::with(&[("a.tl", &script)])?.tl(&["check", "--shapes", "a.tl"])?.expect_code(0)?;
    let below = format!("{}\n                        │ y: float32[2]\n", wide.trim_end());
    equal(finished.output.contains(&below), true, &finished.output)
}

fn shapes_as_json() -> Result<(), Failed> {
    let script = "main {\n    let model = load_model(\"models/stories-f16.gguf\")\n    let n = len(arg(\"text\"))\n    \
                  let x = zeros([n, 3])\n    x = concat(x, ones([1, 3]), 0)\n    let y = reshape(x, [to_int(input()), 3])\n    print(model, y)\n}\n";
    let lines = of_script(script, &["--shapes"])?;
    let of = |name: &str, at: usize| {
        let found = lines.iter().filter(|line| line["name"] == name).nth(at).cloned();
        found.map(|line| (line["dtype"].clone(), line["shape"].clone(), line["reason"].is_null()))
    };
    equal(of("x", 0), Some((json!("float32"), json!(["n", 3]), true)), "the declaration of x")?;
    equal(of("x", 1), Some((json!("float32"), json!(["n + 1", 3]), true)), "the assignment of x")?;
    let (dtype, shape, is_silent) = of("y", 0).ok_or("y has no line")?;
    equal((dtype, is_silent), (json!("float32"), !shape[0].is_null()), "whether y says why its size is open")?;
    let model = lines.iter().find(|line| line["name"] == "model").ok_or("the model has no line")?;
    equal((&model["shape"], text(&model["reason"]).is_empty()), (&Value::Null, false), "the model")?;
    let keys: Vec<&str> = model.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    equal(keys, vec!["dtype", "name", "path", "range", "reason", "shape"], "the keys")
}

fn missing_model() -> Result<(), Failed> {
    let script = "main {\n    let m = load_model(\"no.gguf\")\n    print(m)\n}\n";
    equal(told(&of_script(script, &[])?), vec![("warning", "model-not-found")], "the problems of the check")?;
    let run = Folder::with(&[("a.tl", script)])?.tl(&["run", "a.tl"])?.expect_code(1)?;
    has(&run, &["error[model-not-found]"])
}

fn allowed() -> Result<(), Failed> {
    for script in [
        "main {\n    print(1); // tl: allow(legacy-syntax)\n}\n",
        "main {\n    // tl: allow(legacy-syntax)\n    for i in range(2) {\n        print(i);\n    }\n}\n",
        "// tl: allow(legacy-syntax) because it is old\nmain {\n    print(1);\n}\n",
    ] {
        equal(told(&of_script(script, &[])?), vec![], script)?;
        let run = Folder::with(&[("a.tl", script)])?.tl(&["run", "--check", "a.tl"])?.expect_code(0)?;
        equal(&*run.errors, "", "what the run tells")?;
    }
    Ok(())
}

fn unused_allow() -> Result<(), Failed> {
    let script = "main {\n    print(1) // tl: allow(legacy-syntax, no-such-code)\n}\n";
    let lines = of_script(script, &[])?;
    equal(told(&lines), vec![("warning", "unused-allow"); 2], "the problems")?;
    equal(&lines[0]["fix"]["safe"], &json!(true), "whether it can be removed")
}

fn severities() -> Result<(), Failed> {
    for (choice, expected, code) in [
        ("error", vec![("error", "legacy-syntax")], 1),
        ("warning", vec![("warning", "legacy-syntax")], 0),
        ("hint", vec![("hint", "legacy-syntax")], 0),
        ("off", vec![], 0),
    ] {
        let project = format!("[check]\nseverity.legacy-syntax = \"{choice}\"\n");
        let folder = Folder::with(&[("tl.toml", &project), ("deep/er/a.tl", OLD)])?;
        equal(told(&folder.json(&[])?), expected, choice)?;
        folder.tl(&["check"])?.expect_code(code)?;
        // What a person made an error stops a run as well.
        folder.tl(&["run", "deep/er/a.tl"])?.expect_code(code)?;
    }
    Ok(())
}

fn nearest_project() -> Result<(), Failed> {
    let far = "[check]\nseverity.legacy-syntax = \"off\"\n";
    let near = "[check]\nseverity.dtype-mix = \"off\"\n";
    let folder = Folder::with(&[("tl.toml", far), ("a.tl", OLD), ("near/tl.toml", near), ("near/a.tl", OLD)])?;
    let lines = folder.json(&[])?;
    equal(lines.iter().map(|line| text(&line["path"])).collect(), vec!["near/a.tl"], "who tells it")
}

fn project_of_check() -> Result<(), Failed> {
    let project = "[model]\npath = \"weights.gguf\"\n[run]\ndtype = \"f16\"\n";
    let script = "main {\n    let m = load_model(arg(\"m\"))\n    let w = m.output_norm.weight\n    let x = ones([2])\n    print(w, x)\n}\n";
    let folder = Folder::with(&[("tl.toml", project), ("deep/a.tl", script)])?;
    std::fs::copy(crate::models::shipped("q4_0"), folder.0.join("weights.gguf"))?;
    let lines = folder.json(&["--shapes", "deep/a.tl"])?;
    let of = |name: &str| lines.iter().find(|line| line["name"] == name).cloned().unwrap_or_default();
    equal(of("w")["shape"].clone(), json!([192]), "the weight's shape")?;
    equal(of("x")["dtype"].clone(), json!("float16"), "the type of what names none")
}

fn project_of_run() -> Result<(), Failed> {
    let script = "main {\n    print(temperature_sample(zeros([1, 1000]), 1.0))\n    print(ones([100]))\n}\n";
    let project = "[run]\nseed = 7\nthreads = 1\ndevice = \"cpu\"\ndtype = \"f16\"\n";
    let plain = Folder::with(&[("a.tl", script)])?;
    let chosen = Folder::with(&[("tl.toml", project), ("a.tl", script)])?;
    let run = |folder: &Folder, flags: &[&str]| -> Result<String, Failed> {
        Ok(folder.tl(&[&["run"], flags, &["a.tl"]].concat())?.expect_code(0)?.output)
    };
    equal(run(&chosen, &[])?, run(&plain, &["--seed", "7", "--dtype", "f16"])?, "what is printed")?;
    let flags = ["--seed", "8", "--dtype", "f32"];
    equal(run(&chosen, &flags)?, run(&plain, &flags)?, "what is printed with flags")
}

fn certain_errors() -> Result<(), Failed> {
    for (project, script) in [
        ("[check]\nseverity.unknown-function = \"off\"\n", WRONG),
        ("[check]\nseverity.unknown-function = \"hint\"\n", WRONG),
        ("", "main {\n    prnt(1) // tl: allow(unknown-function)\n}\n"),
        ("[check]\nseverity.syntax-error = \"off\"\n", "main {\n    print(1\n}\n"),
    ] {
        let folder = Folder::with(&[("tl.toml", project), ("a.tl", script)])?;
        folder.tl(&["check", "a.tl"])?.expect_code(0)?;
        let run = folder.tl(&["run", "a.tl"])?.expect_code(1)?;
        has(&run, &["error[", "was not run"])?;
    }
    Ok(())
}

fn broken_project() -> Result<(), Failed> {
    let project = "[check]\nseverity.lost-updat = \"off\"\nseverity.legacy-syntax = \"warning\"\n[run]\nseed = seven\n";
    let folder = Folder::with(&[("tl.toml", project), ("a.tl", OLD), ("b.tl", OLD)])?;
    let finished = folder.tl(&["check"])?.expect_code(1)?;
    has(&finished, &["error: there is no code `lost-updat`", "tl.toml:2:10", "did you mean `lost-update`?"])?;
    has(&finished, &["tl.toml:5:", "2 files checked: 2 warnings"])?;
    equal(finished.errors.matches("lost-updat`").count(), 1, "how often it is told")?;
    let run = folder.tl(&["run", "a.tl"])?.expect_code(0)?;
    has(&run, &["warning: there is no code `lost-updat`"])?;
    equal(&*run.output, "1\n", "what the run prints")
}

fn many() -> Result<(), Failed> {
    let names: Vec<String> = (0..200).map(|number| format!("{number:03}.tl")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), WRONG)).collect();
    let folder = Folder::with(&files)?;
    let lines = folder.json(&[])?;
    let paths: Vec<&str> = lines.iter().map(|line| text(&line["path"])).collect();
    equal(paths, names.iter().map(String::as_str).collect(), "the paths")
}
