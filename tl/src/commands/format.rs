//! `tl fmt`: lays out scripts in their files, or tells with `--check` which ones
//! would change. A script with a syntax error is left alone and told; the others
//! are laid out all the same.

use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use similar::{ChangeTag, TextDiff};
use tensorlogic_language::diagnostic::{Code, Diagnostic};
use tensorlogic_language::format::{Broken, format};
use tensorlogic_language::program;
use tensorlogic_language::source::{Sources, Span};

use crate::script::{STANDARD_INPUT, read, read_or_input};
use crate::search::{self, Found};
use crate::terminal::diagnostics::{plain_error, render};
use crate::terminal::{errors_are_colourful, is_colourful, say, tell};

/// What `tl fmt` takes.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    tl fmt                    every script below the current folder\n  \
    tl fmt chat.tl examples   this script, and every script below `examples`\n  \
    tl fmt --check            change nothing and exit with 1 if a script would change\n  \
    tl fmt - < chat.tl        standard input, laid out on standard output")]
pub struct Arguments {
    /// Scripts, and folders whose scripts are meant; `-` is standard input [default: .]
    paths: Vec<PathBuf>,

    /// Write nothing and show what would change
    #[arg(long)]
    check: bool,
}

/// Runs the subcommand; gives the exit code.
pub fn run(arguments: &Arguments) -> u8 {
    let mut count = Count::default();
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        if arguments.paths.len() > 1 {
            plain_error("`-` stands alone: standard input is not laid out together with files");
            return 2;
        }
        return match standard_input(arguments.check, &mut count) {
            Ok(()) => count.exit_code(arguments.check),
            Err(problem) => failed(&problem),
        };
    }
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let Found { scripts, problems } = search::scripts(paths);
    for problem in &problems {
        plain_error(problem);
        count.failed += 1;
    }
    for path in scripts {
        if let Err(problem) = file(&path, arguments.check, &mut count) {
            plain_error(&problem);
            count.failed += 1;
        }
    }
    say(&format!("{}\n", count.summary(arguments.check)));
    count.exit_code(arguments.check)
}

fn failed(problem: &str) -> u8 {
    plain_error(problem);
    1
}

/// What became of the scripts.
#[derive(Default)]
struct Count {
    changed: usize,
    unchanged: usize,
    failed: usize,
}

impl Count {
    fn summary(&self, check: bool) -> String {
        if self.changed + self.unchanged + self.failed == 0 {
            return "no `.tl` files found".to_owned();
        }
        let files = if self.changed == 1 { "file" } else { "files" };
        let done = if check { "would change" } else { "formatted" };
        let mut summary = format!("{} {files} {done}, {} unchanged", self.changed, self.unchanged);
        if self.failed > 0 {
            summary += &format!(", {} left alone", self.failed);
        }
        summary
    }

    fn exit_code(&self, check: bool) -> u8 {
        u8::from(self.failed > 0 || (check && self.changed > 0))
    }
}

fn file(path: &Path, check: bool, count: &mut Count) -> Result<(), String> {
    let text = read(path)?;
    let Some(result) = laid_out(&path.display().to_string(), &text, count) else { return Ok(()) };
    if result == text {
        count.unchanged += 1;
        return Ok(());
    }
    if check {
        show_difference(&path.display().to_string(), &text, &result);
    } else {
        write(path, &result).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
        say(&format!("{}\n", path.display()));
    }
    count.changed += 1;
    Ok(())
}

fn standard_input(check: bool, count: &mut Count) -> Result<(), String> {
    let text = read_or_input(Path::new("-"))?;
    let Some(result) = laid_out(STANDARD_INPUT, &text, count) else { return Ok(()) };
    if !check {
        say(&result);
    } else if result != text {
        show_difference(STANDARD_INPUT, &text, &result);
        count.changed += 1;
    }
    Ok(())
}

/// The layout of a text; tells the syntax error if it has none.
fn laid_out(name: &str, text: &str, count: &mut Count) -> Option<String> {
    match format(text) {
        Ok(result) => Some(result),
        Err(broken) => {
            tell_broken(name, text, broken);
            count.failed += 1;
            None
        }
    }
}

/// The check has a message for most of what makes a text no script.
fn tell_broken(name: &str, text: &str, broken: Broken) {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let problems = program::lowered(&mut sources, file).1;
    let known = problems.into_iter().find(|problem| problem.code == Code::SyntaxError);
    let problem = known.unwrap_or_else(|| {
        let span = Span::new(sources.file(file).whole, broken.range.start, broken.range.end);
        Diagnostic::new(Code::SyntaxError, span, "the text is no script from here on")
    });
    tell(&render(&sources, &problem, errors_are_colourful()));
}

/// Writes a file at once or not at all. A link stays a link, and the file keeps
/// its permissions.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let permissions = std::fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(name);
    let written = write_new(&beside, text, permissions).and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        // What the user has to know is why nothing was written.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, text: &str, permissions: Permissions) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)?;
    file.sync_all()
}

/// Shows the lines that change, as `diff -u` does.
fn show_difference(name: &str, before: &str, after: &str) {
    let colourful = is_colourful();
    let colour = |code: &'static str| if colourful { code } else { "" };
    let plain = colour("\x1b[0m");
    let difference = TextDiff::from_lines(before, after);
    let mut shown = format!("--- {name}\n+++ {name}\n");
    for hunk in difference.unified_diff().context_radius(3).iter_hunks() {
        shown += &format!("{}{}{plain}\n", colour("\x1b[36m"), hunk.header());
        for change in hunk.iter_changes() {
            let (sign, code) = match change.tag() {
                ChangeTag::Delete => ('-', "\x1b[31m"),
                ChangeTag::Insert => ('+', "\x1b[32m"),
                ChangeTag::Equal => (' ', ""),
            };
            let line = change.value().trim_end_matches('\n').replace('\r', "\\r");
            shown += &format!("{}{sign}{line}{plain}\n", colour(code));
        }
    }
    say(&shown);
}
