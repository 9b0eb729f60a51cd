//! What `tl fmt` does with files, folders and standard input: it changes what
//! has another layout, and nothing else.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use libtest_mimic::{Failed, Trial};
use tensorlogic_language::format::format;
use tensorlogic_language::program::{lowered, print};
use tensorlogic_language::source::Sources;

use crate::tool::Finished;
use crate::{Trials, folders, tool};

/// One trial for each promise.
pub fn trials() -> Trials {
    let trial = |name: &str, check: fn() -> Result<(), Failed>| Trial::test(format!("format: {name}"), check);
    Ok(vec![
        trial("the examples are laid out", examples),
        trial("a layout is understood as the script was", same_program),
        trial("a file is changed in its place and named", one_file),
        trial("a folder is searched, but not what is hidden or foreign", folder),
        trial("no path is the current folder", current_folder),
        trial("- reads standard input and writes standard output", standard_input),
        trial("--check writes nothing and shows the difference", check_only),
        trial("a syntax error leaves its file alone and no other", syntax_error),
        trial("what is missing or no text is told", unreadable),
        trial("a link stays a link and permissions stay", links_and_permissions),
        trial("a file that may not be written is told", read_only),
        trial("--help shows examples", help),
    ])
}

const BEFORE: &str = "main{\nlet  x=1\n  print( x )\n}\n";
const AFTER: &str = "main {\n    let x = 1\n    print(x)\n}\n";
const BROKEN: &str = "main {\n    let x = (1 +\n}\n";

fn fmt(folder: &Path, arguments: &[&str]) -> Result<Finished, Failed> {
    tool::finish(tool::command()?.current_dir(folder).arg("fmt").args(arguments))
}

/// A folder that holds these files.
fn folder_with(files: &[(&str, &str)]) -> Result<PathBuf, Failed> {
    let folder = folders::scratch()?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        std::fs::write(path, text)?;
    }
    Ok(folder)
}

fn expect(found: &str, expected: &str) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("expected {expected:?}\nfound    {found:?}").into()) }
}

fn expect_file(path: &Path, expected: &str) -> Result<(), Failed> {
    expect(&folders::read(path)?, expected)
}

fn expect_part(text: &str, part: &str) -> Result<(), Failed> {
    if text.contains(part) { Ok(()) } else { Err(format!("expected {part:?} in\n{text}").into()) }
}

fn examples() -> Result<(), Failed> {
    fmt(&folders::root(), &["--check", "examples"])?.expect_code(0).map(drop)
}

fn same_program() -> Result<(), Failed> {
    let mut texts = Vec::new();
    for path in folders::find(&folders::file("examples"), "tl")? {
        texts.push(folders::read(&path)?);
    }
    for path in folders::find(&folders::file("tests/suite"), "tl")? {
        texts.extend(folders::read(&path)?.split("// ---").map(str::to_owned));
    }
    let mut compared = 0;
    for text in texts {
        let Ok(laid_out) = format(&text) else { continue };
        expect(&understood(laid_out), &understood(text))?;
        compared += 1;
    }
    if compared > 100 { Ok(()) } else { Err(format!("only {compared} scripts have a layout").into()) }
}

/// The canonical text of a script.
fn understood(text: String) -> String {
    let mut sources = Sources::default();
    let file = sources.add("script.tl", text);
    print::program(&lowered(&mut sources, file).0)
}

fn one_file() -> Result<(), Failed> {
    let folder = folder_with(&[("a.tl", BEFORE), ("b.tl", AFTER)])?;
    let finished = fmt(&folder, &["a.tl", "b.tl"])?.expect_code(0)?;
    expect(&finished.output, "a.tl\n1 file formatted, 1 unchanged\n")?;
    expect_file(&folder.join("a.tl"), AFTER)?;
    let again = fmt(&folder, &["a.tl", "b.tl"])?.expect_code(0)?;
    expect(&again.output, "0 files formatted, 2 unchanged\n")?;
    let left = std::fs::read_dir(&folder)?.count();
    if left == 2 { Ok(()) } else { Err(format!("{left} files are in the folder").into()) }
}

fn folder() -> Result<(), Failed> {
    let foreign = ["in/.hidden/a.tl", "in/target/a.tl", "in/node_modules/a.tl", "in/.a.tl", "in/a.txt", "out.tl"];
    let mut files = vec![("in/a.tl", BEFORE), ("in/deep/er/b.tl", BEFORE), ("in/c.tl", AFTER)];
    files.extend(foreign.map(|name| (name, BEFORE)));
    let folder = folder_with(&files)?;
    let finished = fmt(&folder, &["in", "in/a.tl"])?.expect_code(0)?;
    let deep = Path::new("in").join("deep").join("er").join("b.tl");
    let first = Path::new("in").join("a.tl");
    let expected = format!("{}\n{}\n2 files formatted, 1 unchanged\n", first.display(), deep.display());
    expect(&finished.output, &expected)?;
    foreign.iter().try_for_each(|name| expect_file(&folder.join(name), BEFORE))
}

fn current_folder() -> Result<(), Failed> {
    let folder = folder_with(&[("a.tl", BEFORE)])?;
    expect(&fmt(&folder, &[])?.expect_code(0)?.output, "a.tl\n1 file formatted, 0 unchanged\n")?;
    expect_file(&folder.join("a.tl"), AFTER)?;
    let empty = folder_with(&[])?;
    expect(&fmt(&empty, &[])?.expect_code(0)?.output, "no `.tl` files found\n")
}

fn standard_input() -> Result<(), Failed> {
    expect(&with_input(&["-"], BEFORE)?.expect_code(0)?.output, AFTER)?;
    expect(&with_input(&["-", "--check"], AFTER)?.expect_code(0)?.output, "")?;
    expect_part(&with_input(&["-", "--check"], BEFORE)?.expect_code(1)?.output, "+    let x = 1\n")?;
    let broken = with_input(&["-"], BROKEN)?.expect_code(1)?;
    expect(&broken.output, "")?;
    expect_part(&broken.errors, "<stdin>:")?;
    with_input(&["-", "a.tl"], BEFORE)?.expect_code(2).map(drop)
}

fn with_input(arguments: &[&str], input: &str) -> Result<Finished, Failed> {
    let mut command = tool::command()?;
    command.arg("fmt").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn()?;
    if let Some(mut pipe) = process.stdin.take() {
        // Who refuses its arguments reads nothing.
        let _ = pipe.write_all(input.as_bytes());
    }
    Ok(process.wait_with_output()?.into())
}

fn check_only() -> Result<(), Failed> {
    let folder = folder_with(&[("a.tl", BEFORE), ("b.tl", AFTER)])?;
    let finished = fmt(&folder, &["--check"])?.expect_code(1)?;
    expect_part(&finished.output, "--- a.tl\n+++ a.tl\n@@ -1,4 +1,4 @@\n-main{\n")?;
    expect_part(&finished.output, "+    print(x)\n }\n1 file would change, 1 unchanged\n")?;
    expect_file(&folder.join("a.tl"), BEFORE)?;
    fmt(&folder, &["--check", "b.tl"])?.expect_code(0).map(drop)
}

fn syntax_error() -> Result<(), Failed> {
    let folder = folder_with(&[("a.tl", BROKEN), ("b.tl", BEFORE)])?;
    let finished = fmt(&folder, &[])?.expect_code(1)?;
    expect(&finished.output, "b.tl\n1 file formatted, 0 unchanged, 1 left alone\n")?;
    expect_part(&finished.errors, "error[syntax-error]")?;
    expect_part(&finished.errors, "a.tl:2:")?;
    expect_file(&folder.join("a.tl"), BROKEN)?;
    expect_file(&folder.join("b.tl"), AFTER)
}

fn unreadable() -> Result<(), Failed> {
    let folder = folder_with(&[("b.tl", BEFORE)])?;
    std::fs::write(folder.join("a.tl"), b"main { print(\"\xff\") }\n")?;
    let finished = fmt(&folder, &["a.tl", "no.tl", "b.tl"])?.expect_code(1)?;
    expect_part(&finished.errors, "`a.tl` is not a text: byte 14 is not UTF-8")?;
    expect_part(&finished.errors, "there is no file or folder `no.tl`")?;
    expect_file(&folder.join("b.tl"), AFTER)
}

#[cfg(unix)]
fn links_and_permissions() -> Result<(), Failed> {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder_with(&[("real/a.tl", BEFORE)])?;
    let real = folder.join("real").join("a.tl");
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o751))?;
    symlink(&real, folder.join("link.tl"))?;
    fmt(&folder, &["link.tl"])?.expect_code(0)?;
    expect_file(&real, AFTER)?;
    let mode = std::fs::metadata(&real)?.permissions().mode() & 0o777;
    if mode != 0o751 {
        return Err(format!("the permissions are {mode:o}").into());
    }
    if folder.join("link.tl").is_symlink() { Ok(()) } else { Err("the link is gone".into()) }
}

#[cfg(not(unix))]
fn links_and_permissions() -> Result<(), Failed> {
    Ok(())
}

fn read_only() -> Result<(), Failed> {
    let folder = folder_with(&[("a.tl", BEFORE)])?;
    let path = folder.join("a.tl");
    let mut permissions = std::fs::metadata(&path)?.permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions)?;
    let finished = fmt(&folder, &[])?.expect_code(1)?;
    expect_part(&finished.errors, "`a.tl` cannot be written: it is read-only")?;
    expect_file(&path, BEFORE)
}

fn help() -> Result<(), Failed> {
    let finished = tool::tl(["fmt", "--help"])?.expect_code(0)?;
    expect_part(&finished.output, "tl fmt --check")
}
