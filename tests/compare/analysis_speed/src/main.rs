//! How long the check of a script takes beside a parse of the same text.
//!
//!     bash tests/compare/analysis_speed.sh
//!
//! Behind Criterion's figures stand the ratios: medians of runs in turn, in time of this
//! thread, so that other work of the machine counts little. An edit follows others, as
//! where somebody types; what it takes where a whole parse has just filled the caches of
//! the processor with something else is told beside it.

mod scripts;

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::Criterion;
use rustix::time::{ClockId, clock_gettime};
use scripts::{Style, script};
use tensorlogic_language::checker::{Checked, Checker};
use tensorlogic_language::diagnostic::{Code, Severity};
use tensorlogic_language::files::Disk;
use tensorlogic_language::gguf::{GgmlType, Llama};
use tensorlogic_language::inference::World;
use tensorlogic_language::shape::ElementType;
use tensorlogic_language::syntax;
use tensorlogic_language::weights::Indexes;

/// The check of 1,000 lines may take this many times as long as their parse.
const WHOLE_BOUND: f64 = 5.0;
/// A line among 100,000 may take this many times as long as one among 1,000.
const LINE_BOUND: f64 = 1.5;
/// Parse and check after an edit among 10,000 lines may take this share of a full parse.
const EDIT_BOUND: f64 = 0.10;

/// How often parses and edits take turns at each place.
const TURNS: usize = 8;
/// How many parses there are in a turn, and how often a character comes and goes.
const IN_TURN: usize = 10;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("tl-analysis-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = measure(&folder);
    std::fs::remove_dir_all(&folder)?;
    match outcome? {
        true => Ok(()),
        false => Err("it takes too long".into()),
    }
}

fn measure(folder: &Path) -> Outcome<bool> {
    Llama::TINY_LLAMA.draft(GgmlType::Q4_0).save(folder.join("tiny.gguf"))?;
    let bench = Bench { script: folder.join("script.tl"), indexes: Indexes::default() };
    for style in [Style::Plain, Style::Model] {
        bench.expect_sound(style)?;
    }
    let mut criterion = Criterion::default().configure_from_args();
    for (name, style) in [("model", Style::Model), ("plain", Style::Plain)] {
        let text = script(style, 1_000);
        criterion.bench_function(&format!("{name}: parse of 1,000 lines"), |runs| runs.iter(|| syntax::parse(&text)));
        criterion.bench_function(&format!("{name}: check of 1,000 lines"), |runs| runs.iter(|| bench.whole(&text)));
    }
    criterion.final_summary();
    let mut kept = true;
    for (name, style) in [("model", Style::Model), ("plain", Style::Plain)] {
        kept &= bench.lengths(name, style);
        kept &= bench.edits(name, style)?;
    }
    Ok(kept)
}

struct Bench {
    script: PathBuf,
    indexes: Indexes,
}

impl Bench {
    fn world(&self) -> World<'_> {
        World {
            files: &Disk,
            indexes: &self.indexes,
            script: &self.script,
            model: None,
            words: None,
            default_element: ElementType::Float32,
        }
    }

    /// Everything that the problems and the shapes in an editor need.
    fn whole(&self, text: &str) -> Checked {
        let checked = Checker::new(&self.script).check(text, &self.world());
        black_box(checked.inference.bindings().len());
        checked
    }

    /// The scripts mean what they are to show: no mistake, and shapes that are known.
    fn expect_sound(&self, style: Style) -> Outcome<()> {
        let checked = self.whole(&script(style, 1_000));
        let is_error = |severity| severity == Severity::Error;
        let mut problems = checked.analysis.problems.iter().filter(|problem| problem.code != Code::NotSupportedYet);
        if let Some(problem) = problems.find(|problem| is_error(problem.severity)) {
            let place = checked.sources.describe(problem.place);
            return Err(format!("{place}: {}", problem.message).into());
        }
        let results = checked.inference.bindings().iter().filter(|binding| binding.name == "h");
        let shapes: Vec<String> = results.map(|binding| binding.known.fact.describe()).collect();
        match shapes.iter().filter(|shape| shape.contains("2048")).count() * 10 >= shapes.len() * 9 {
            true => Ok(()),
            false => Err(format!("the shapes of `h` are {shapes:?}").into()),
        }
    }

    /// Texts of growing length, beside their parses.
    fn lengths(&self, name: &str, style: Style) -> bool {
        let mut lines = Vec::new();
        let mut kept = true;
        for (length, runs) in [(1_000, 41), (10_000, 9), (100_000, 3)] {
            let text = script(style, length);
            let count = text.lines().count();
            let (mut parses, mut checks) = (Vec::new(), Vec::new());
            for _ in 0..runs {
                parses.push(timed(|| syntax::parse(&text)));
                checks.push(timed(|| self.whole(&text)));
            }
            let ratio = median(checks.iter().zip(&parses).map(|(check, parse)| check / parse).collect());
            let (parse, check) = (median(parses), median(checks));
            let figures = format!("parse {:.2} ms, check {:.2} ms, ratio {ratio:.2}", parse * 1e3, check * 1e3);
            let bound = if length == 1_000 { WHOLE_BOUND } else { f64::INFINITY };
            kept &= tell(ratio, bound, &format!("{name}: check of {count} lines"), &figures);
            lines.push(check / count as f64);
        }
        let figures: Vec<String> = lines.iter().map(|line| format!("{:.2}", line * 1e6)).collect();
        let ratio = lines[2] / lines[0];
        let figures = format!("{} µs a line, ratio {ratio:.2}", figures.join(", "));
        kept & tell(ratio, LINE_BOUND, &format!("{name}: 1,000, 10,000 and 100,000 lines"), &figures)
    }

    /// Edits of one character among 10,000 lines, at places of every kind.
    fn edits(&self, name: &str, style: Style) -> Outcome<bool> {
        let text = script(style, 10_000);
        let middle = text.len() / 2;
        let find = |what: &str, from: usize| {
            let found = text[from..].find(what).ok_or_else(|| format!("there is no `{what}`"))?;
            Ok::<usize, String>(from + found + what.len())
        };
        let mut places = vec![
            ("a number in a function that others call", find("* 0.25", middle)?),
            ("inside of a text", find("(\"short", middle)?),
            ("a comment", find("// One row", middle)?),
            ("a number that is a size", find("zeros([1, 64", middle)?),
            ("the name of a variable", find("let names", middle)?),
            ("a number in `main`", find("\"tokens\", 200", middle)?),
            ("a helper that most functions call", find("max(x) + 1e-5", 0)?),
        ];
        if style == Style::Model {
            places.push(("a number beside `rope`", find("attn_norm.weight, 1e-5", middle)?));
            places.push(("a text where weights are used", find("print(\"likely", middle)?));
            places.push(("the epochs of `learn`", find("epochs: ", middle)?));
        }
        let mut kept = true;
        for (what, at) in places {
            let edited = format!("{}1{}", &text[..at], &text[at..]);
            let mut checker = Checker::new(&self.script);
            let mut last = checker.check(text.as_str(), &self.world());
            let (mut parses, mut edits, mut first) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..TURNS {
                parses.extend((0..IN_TURN).map(|_| timed(|| syntax::parse(&text))));
                let begun = edits.len();
                for state in [&edited, &text].into_iter().cycle().take(2 * IN_TURN) {
                    let started = now();
                    let checked = checker.check(state.as_str(), &self.world());
                    edits.push(now() - started);
                    last = checked;
                }
                first.push(edits[begun]);
            }
            let shapes = timed(|| last.inference.bindings().len());
            let (edit, first, parse) = (median(edits), median(first), median(parses));
            let figures = format!(
                "{:.2} ms of {:.2} ms, {:.1} %; right behind a parse {:.2} ms; all shapes then {:.2} ms",
                edit * 1e3,
                parse * 1e3,
                100.0 * edit / parse,
                first * 1e3,
                shapes * 1e3
            );
            kept &= tell(edit / parse, EDIT_BOUND, &format!("{name}: edit of {what}"), &figures);
        }
        Ok(kept)
    }
}

/// Prints one line of figures; says whether the bound is kept.
fn tell(ratio: f64, bound: f64, name: &str, figures: &str) -> bool {
    let kept = ratio <= bound;
    let bound = if bound.is_finite() { format!("; bound {bound:.2}") } else { String::new() };
    println!("{}  {name:<52} {figures}{bound}", if kept { "PASS" } else { "FAIL" });
    kept
}

fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let started = now();
    let made = work();
    let took = now() - started;
    drop(black_box(made));
    took
}

/// Seconds that this thread has worked; other work of the machine is not in it.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

fn median(mut took: Vec<f64>) -> f64 {
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}
