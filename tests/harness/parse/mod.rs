//! What `tl parse` prints: the program as understood, independent of layout and
//! spelling, and a script again. The meaning of single forms is stated in tables;
//! that the text is a script again holds for everything in the repository.

mod cases;
mod newlines;
mod rows;
mod traps;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use libtest_mimic::{Failed, Trial};
use tensorlogic_language::diagnostic::Severity;
use tensorlogic_language::program::{self, print};
use tensorlogic_language::source::Sources;

use crate::tool::{Finished, finish};
use crate::{Trials, folders, suite, tool};
use cases::Case;

/// One trial for each case, one for each file of scripts, and what the command does.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    for case in rows::CASES.iter().chain(traps::CASES).chain(newlines::CASES) {
        trials.push(Trial::test(format!("parse: {}", case.title), || check(case)));
    }
    for (name, scripts) in scripts()? {
        let again = move || scripts.iter().try_for_each(|script| prints_a_script(script));
        trials.push(Trial::test(format!("parse: {name} prints as a script"), again));
    }
    let mut add = |name: &str, check: fn() -> Result<(), Failed>| {
        trials.push(Trial::test(format!("parse: {name}"), check));
    };
    add("the command prints the program", command);
    add("- is standard input", standard_input);
    add("what is wrong is told beside the program", problems);
    add("what cannot be executed yet is no mistake", not_executable);
    add("a missing script is named", missing);
    add("the help shows an example", help);
    Ok(trials)
}

/// The canonical text of a script, and what is wrong with it.
fn understand(text: &str) -> (String, Vec<String>) {
    let mut sources = Sources::default();
    let file = sources.add("script.tl", text);
    let (program, problems) = program::lowered(&mut sources, file);
    let errors = problems.into_iter().filter(|problem| problem.severity == Severity::Error);
    (print::program(&program), errors.map(|problem| problem.message).collect())
}

fn check(case: &Case) -> Result<(), Failed> {
    let (printed, errors) = understand(&case.text());
    if printed != case.expected() {
        return Err(format!("printed\n{printed}\nexpected\n{}", case.expected()).into());
    }
    match (case.refused, errors.is_empty()) {
        (true, true) => Err("it is not refused".into()),
        (false, false) => Err(format!("it is refused: {errors:?}").into()),
        (true, false) => Ok(()),
        (false, true) => prints_a_script(&case.text()),
    }
}

/// What a script without mistakes prints is a script without mistakes that prints the
/// same; what is not understood has a problem.
fn prints_a_script(text: &str) -> Result<(), Failed> {
    let (printed, errors) = understand(text);
    if !errors.is_empty() {
        return Ok(());
    }
    if ["<invalid>", "<missing>", "<refused: "].iter().any(|mark| printed.contains(mark)) {
        return Err(format!("nothing is said about\n{text}\nwhich prints\n{printed}").into());
    }
    let (again, errors) = understand(&printed);
    if again != printed || !errors.is_empty() {
        return Err(format!("{text}\nprints\n{printed}\nand this\n{again}\n{errors:?}").into());
    }
    Ok(())
}

/// All examples, suite files and corpus files of the grammar, by name.
fn scripts() -> Result<Vec<(String, Vec<String>)>, String> {
    let name = |path: &Path| path.strip_prefix(folders::root()).unwrap_or(path).display().to_string();
    let mut found = Vec::new();
    for path in folders::find(&folders::file("examples"), "tl")? {
        found.push((name(&path), vec![folders::read(&path)?]));
    }
    for path in folders::find(&folders::file("tests/suite"), "tl")? {
        let cases = suite::cases(&path)?;
        found.push((name(&path), cases.iter().map(|case| case.text().to_owned()).collect()));
    }
    for path in folders::find(&folders::file("tree-sitter-tensorlogic/test/corpus"), "txt")? {
        found.push((name(&path), corpus(&folders::read(&path)?)));
    }
    Ok(found)
}

/// The texts of a corpus file: each stands between the second `===` line of its title
/// and a `---` line.
fn corpus(file: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rules = 0;
    let mut text = String::new();
    for line in file.lines() {
        if line.starts_with("===") {
            rules += 1;
        } else if line.starts_with("---") && rules == 2 {
            texts.push(std::mem::take(&mut text));
            rules = 0;
        } else if rules == 2 {
            text.push_str(line);
            text.push('\n');
        }
    }
    texts
}

fn script(text: &str) -> Result<PathBuf, Failed> {
    let path = folders::scratch()?.join("script.tl");
    std::fs::write(&path, text)?;
    Ok(path)
}

fn parse(text: &str) -> Result<Finished, Failed> {
    finish(tool::command()?.arg("parse").arg(script(text)?))
}

fn command() -> Result<(), Failed> {
    let finished = parse("main { x := 1 + 2 * 3 }")?.expect_code(0)?;
    assert_eq!(finished.output, "main {\n    x = (1 + (2 * 3))\n}\n");
    assert_eq!(finished.errors, "");
    Ok(())
}

fn standard_input() -> Result<(), Failed> {
    let mut command = tool::command()?;
    command.args(["parse", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn()?;
    let mut input = process.stdin.take().ok_or("it has no input")?;
    input.write_all(b"main { a(1) }")?;
    drop(input);
    let finished = Finished::from(process.wait_with_output()?).expect_code(0)?;
    assert_eq!(finished.output, "main {\n    a(1)\n}\n");
    Ok(())
}

fn problems() -> Result<(), Failed> {
    let finished = parse("main {\n    let a = (1, 2)\n    print(a)\n}")?.expect_code(1)?;
    assert_eq!(finished.output, "main {\n    let a = <refused: tuple>\n    print(a)\n}\n");
    assert!(finished.errors.starts_with("error[syntax-error]: there are no tuples\n"), "{}", finished.errors);
    assert!(finished.errors.contains("script.tl:2:13"), "{}", finished.errors);
    Ok(())
}

fn not_executable() -> Result<(), Failed> {
    let finished = parse("entity Person = {ann}\nmain { unknown(Person) }")?.expect_code(0)?;
    assert_eq!(finished.output, "entity Person = {ann}\nmain {\n    unknown(Person)\n}\n");
    assert_eq!(finished.errors, "");
    Ok(())
}

fn missing() -> Result<(), Failed> {
    let finished = tool::tl(["parse", "nowhere.tl"])?.expect_code(1)?;
    assert_eq!(finished.output, "");
    assert!(finished.errors.contains("there is no file `nowhere.tl`"), "{}", finished.errors);
    Ok(())
}

fn help() -> Result<(), Failed> {
    let finished = tool::tl(["parse", "--help"])?.expect_code(0)?;
    assert!(finished.output.contains("tl parse -"), "{}", finished.output);
    Ok(())
}
