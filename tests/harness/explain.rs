//! The pages of codes: each example has the problem that its page is about and no
//! other, the repaired one has none; the committed files are those of the code;
//! `tl explain` prints them.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::diagnostic::pages::{self, GROUPS, Page};

use crate::events::equal;
use crate::script::{Script, problems};
use crate::tool::Finished;
use crate::{Trials, folders, tool};

/// Where the pages lie as files.
const FOLDER: &str = "language/diagnostics";

/// One trial for each page, for its file and for the command.
pub fn trials() -> Trials {
    let mut trials = Vec::new();
    for page in GROUPS.iter().flat_map(|group| group.pages) {
        let name = page.code.name();
        trials.push(Trial::test(format!("explain: the example of {name}"), move || example(page)));
    }
    let mut add = |name: &str, check: fn() -> Result<(), Failed>| {
        trials.push(Trial::test(format!("explain: {name}"), check));
    };
    add("fixes repair the examples", fixes);
    add("the files are those of the pages", files);
    add("a page is printed", prints_page);
    add("without a code all are listed", prints_list);
    add("an unknown code ends with 2 and a near one is named", unknown);
    Ok(trials)
}

/// The codes that the check or, where it finds nothing, the run tells of a script.
fn found(page: &Page, script: &str) -> Result<Vec<String>, Failed> {
    let folder = folders::scratch()?;
    for (name, text) in page.beside {
        std::fs::write(folder.join(name), text.trim_start_matches('\n'))?;
    }
    std::fs::write(folder.join("example.tl"), script)?;
    let checked = codes(&tl(&folder, &["check", "--format", "json", "example.tl"])?, |line| Some(line))?;
    if !checked.is_empty() {
        return Ok(checked);
    }
    let run = tl(&folder, &["run", "--events", "json", "--device", "cpu", "example.tl"])?;
    codes(&run, |line| line.get("problem"))
}

fn tl(folder: &Path, arguments: &[&str]) -> Result<Finished, Failed> {
    let mut command = tool::command()?;
    // The models are found as they are beside the examples.
    command.current_dir(folder).env("TL_MODELS", folders::file("examples"));
    tool::finish(command.args(arguments))
}

fn codes(finished: &Finished, problem: impl Fn(&Value) -> Option<&Value>) -> Result<Vec<String>, Failed> {
    let mut codes = Vec::new();
    for line in finished.output.lines() {
        let line: Value = serde_json::from_str(line)?;
        codes.extend(problem(&line).and_then(|problem| problem["code"].as_str()).map(str::to_owned));
    }
    codes.dedup();
    Ok(codes)
}

fn example(page: &Page) -> Result<(), Failed> {
    let name = page.code.name();
    let example = found(page, page.example)?;
    // What cannot be executed yet is checked all the same.
    let others = |codes: Vec<String>| -> Vec<String> {
        let is_told = |code: &String| page.code == Code::NotSupportedYet || code != Code::NotSupportedYet.name();
        codes.into_iter().filter(is_told).collect()
    };
    equal(others(example), vec![name.to_owned()], "the codes of the example")?;
    equal(others(found(page, page.repaired)?), vec![], "the codes of the repaired example")
}

fn fixes() -> Result<(), Failed> {
    let folder = folders::file("examples");
    let path = folder.join("example.tl");
    let mut report = String::new();
    for page in GROUPS.iter().flat_map(|group| group.pages) {
        let beside =
            page.beside.iter().map(|(name, text)| (folder.join(name), text.trim_start_matches('\n').to_owned()));
        let files: Vec<(PathBuf, String)> = beside.collect();
        let of =
            |text: String| Script { path: &path, text, files: files.clone(), words: Vec::new(), input: String::new() };
        let told = problems(&of(page.example.to_owned()));
        crate::suite::fixes::repair(&told, of, &mut report)?;
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}

fn files() -> Result<(), Failed> {
    let mut wanted: Vec<(PathBuf, String)> = vec![("README.md".into(), pages::index())];
    let pages = GROUPS.iter().flat_map(|group| group.pages);
    wanted.extend(pages.map(|page| (format!("{}.md", page.code.name()).into(), page.markdown())));
    let folder = folders::file(FOLDER);
    if std::env::var_os("TL_UPDATE").is_some() {
        std::fs::create_dir_all(&folder)?;
        for (name, text) in &wanted {
            std::fs::write(folder.join(name), text)?;
        }
    }
    for (name, text) in &wanted {
        if folders::read(&folder.join(name))? != *text {
            let path = folder.join(name);
            return Err(format!("{} is stale; `TL_UPDATE=1` before this test writes it", path.display()).into());
        }
    }
    equal(folders::find(&folder, "md")?.len(), wanted.len(), "how many files there are")
}

fn prints_page() -> Result<(), Failed> {
    let finished = tool::tl(["explain", "lost-update"])?.expect_code(0)?;
    let is_complete = ["lost-update: ", "    let h = h * 2.0", "Why it matters", "How to repair it"]
        .iter()
        .all(|part| finished.output.contains(part));
    let is_plain = !finished.output.contains('\x1b') && finished.output.lines().all(|line| line.chars().count() <= 100);
    if is_complete && is_plain { Ok(()) } else { Err(finished.describe().into()) }
}

fn prints_list() -> Result<(), Failed> {
    let finished = tool::tl(["explain"])?.expect_code(0)?;
    for code in Code::ALL {
        let line = finished.output.lines().find(|line| line.split_whitespace().next() == Some(code.name()));
        let line = line.ok_or_else(|| format!("{} is not listed", code.name()))?;
        if !line.contains(code.default_severity().name()) || !line.contains(code.summary()) {
            return Err(format!("{} is listed as {line:?}", code.name()).into());
        }
    }
    Ok(())
}

fn unknown() -> Result<(), Failed> {
    let finished = tool::tl(["explain", "lost-updat"])?.expect_code(2)?;
    if !finished.output.is_empty() || !finished.errors.contains("did you mean `lost-update`?") {
        return Err(finished.describe().into());
    }
    tool::tl(["explain", "E0308"])?.expect_code(2).map(drop)
}
