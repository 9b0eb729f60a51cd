//! Tries random texts for some time, with any compiler, and tells what does not hold.
//!
//!     run MINUTES [--seed N] [--keep FOLDER] [--typed FILE]… FILE…
//!
//! First every prefix of the typed files, each after the one before; then random bytes and words, and
//! random edits of the files, one after the other, until the time is over. A run repeats
//! with its seed. What fails is made as small as possible and written to the folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fuzz::{Checker, Edit, Failure, TIME_LIMIT};
use tree_sitter::Tree;

fn main() -> ExitCode {
    let Some(options) = Options::read() else {
        eprintln!("usage: run MINUTES [--seed N] [--keep FOLDER] [--typed FILE]… FILE…");
        return ExitCode::from(2);
    };
    println!("seed {}", options.seed);
    watch_for_hangs(&options.keep);
    let mut run = Run {
        checker: Checker::new(),
        random: Random(options.seed),
        files: options.files,
        keep: options.keep,
        failures: BTreeMap::new(),
    };
    let deadline = Instant::now() + options.time;
    for file in &options.typed {
        run.prefixes(file);
    }
    println!("every prefix of {} files: {} parses", options.typed.len(), run.checker.parses);
    let (mut texts, mut edits) = (0_u64, 0_u64);
    while Instant::now() < deadline {
        if run.random.below(4) == 0 {
            run.random_text();
            texts += 1;
        } else {
            edits += run.edits();
        }
    }
    let (time, length) = run.checker.slowest;
    println!("{texts} random texts, {edits} random edits");
    println!(
        "{} parses of {} MB; the slowest took {} ms for {length} bytes",
        run.checker.parses,
        run.checker.bytes / 1_000_000,
        time.as_millis()
    );
    for (what, count) in &run.failures {
        println!("{what}: {count}");
    }
    // What tree-sitter does not promise: see the library.
    run.failures.remove(DIFFERENT_WITH_ERROR);
    let failures: u64 = run.failures.values().sum();
    println!("{} passed, {failures} failed", run.checker.parses - failures);
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Options {
    time: Duration,
    seed: u64,
    keep: PathBuf,
    typed: Vec<Vec<u8>>,
    files: Vec<Vec<u8>>,
}

impl Options {
    fn read() -> Option<Self> {
        let mut arguments = std::env::args().skip(1);
        let minutes: f64 = arguments.next()?.parse().ok()?;
        let since = std::time::UNIX_EPOCH.elapsed().ok()?;
        let mut options = Self {
            time: Duration::from_secs_f64(minutes * 60.0),
            seed: since.as_nanos() as u64,
            keep: std::env::temp_dir().join("tensorlogic-fuzz"),
            typed: Vec::new(),
            files: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--seed" => options.seed = arguments.next()?.parse().ok()?,
                "--keep" => options.keep = arguments.next()?.into(),
                "--typed" => options.typed.push(fs::read(arguments.next()?).ok()?),
                path => options.files.push(fs::read(path).ok()?),
            }
        }
        fs::create_dir_all(&options.keep).ok()?;
        (!options.files.is_empty()).then_some(options)
    }
}

/// The text that is being parsed, for the case that the parser never comes back.
static CURRENT: std::sync::Mutex<(Vec<u8>, Option<Instant>)> = std::sync::Mutex::new((Vec::new(), None));

fn begin(text: &[u8]) {
    let mut current = CURRENT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    current.0.clear();
    current.0.extend_from_slice(text);
    current.1 = Some(Instant::now());
}

/// A scanner that loops does not look at the clock; another thread does and ends the run.
fn watch_for_hangs(keep: &Path) {
    let path = keep.join("hang.tl");
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let current = CURRENT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if current.1.is_some_and(|since| since.elapsed() > 12 * TIME_LIMIT) {
                _ = fs::write(&path, &current.0);
                println!("the parser hangs on {}\n0 passed, 1 failed", path.display());
                std::process::exit(1);
            }
        }
    });
}

struct Run {
    checker: Checker,
    random: Random,
    files: Vec<Vec<u8>>,
    keep: PathBuf,
    failures: BTreeMap<&'static str, u64>,
}

impl Run {
    /// A file, byte by byte: each prefix alone and on the ground of the one before.
    fn prefixes(&mut self, file: &[u8]) {
        let mut tree = None;
        for length in 0..file.len() {
            let edit = Edit { start: length, end: length, inserted: vec![file[length]] };
            begin(&file[..length]);
            tree = self.step(&file[..length], tree, &edit);
        }
    }

    fn random_text(&mut self) {
        let text = match self.random.below(3) {
            0 => (0..self.random.below(400)).map(|_| self.random.next() as u8).collect(),
            1 => (0..self.random.below(200)).flat_map(|_| self.random.of(WORDS).bytes().collect::<Vec<_>>()).collect(),
            _ => (0..self.random.below(200)).map(|_| b' ' + self.random.below(95) as u8).collect::<Vec<u8>>(),
        };
        begin(&text);
        let edit = self.edit_of(&text);
        self.step(&text, None, &edit);
    }

    /// Some edits of a file, one after the other.
    fn edits(&mut self) -> u64 {
        let file = self.random.below(self.files.len());
        let mut text = self.files[file].clone();
        // A part of it is enough and keeps the number of tries high.
        if text.len() > 1200 && self.random.below(4) != 0 {
            let start = line_start(&text, self.random.below(text.len()));
            text = text[start..(start + 800).min(text.len())].to_vec();
        }
        let mut tree = None;
        let count = 1 + self.random.below(8) as u64;
        for _ in 0..count {
            let edit = self.edit_of(&text);
            begin(&text);
            tree = self.step(&text, tree, &edit);
            text = edit.apply(&text);
        }
        count
    }

    /// Checks one edit of a text whose tree may be known. Returns the new tree.
    fn step(&mut self, text: &[u8], tree: Option<Tree>, edit: &Edit) -> Option<Tree> {
        let result = match tree {
            Some(tree) => self.checker.update(text, tree, edit),
            None => self.checker.edit(text, edit),
        };
        match result {
            Ok(tree) => Some(tree),
            Err(failure) => {
                self.keep(text, edit, &failure);
                None
            }
        }
    }

    /// Counts what failed, and keeps the first of each kind in its smallest form.
    fn keep(&mut self, text: &[u8], edit: &Edit, failure: &Failure) {
        let kind = kind_of(failure);
        let count = self.failures.entry(kind).or_default();
        *count += 1;
        if *count > 12 {
            return;
        }
        let name = format!("{}-{count}", kind.replace(' ', "-"));
        let small = smallest(text, edit, kind);
        let (text, edit) = small.as_ref().map_or((text, edit), |(text, edit)| (text, edit));
        let edited = edit.apply(text);
        println!(
            "{name}{}: {:?} with {}..{} replaced by {:?}",
            if small.is_some() { "" } else { ", only after the edits before it" },
            String::from_utf8_lossy(text),
            edit.start,
            edit.end,
            String::from_utf8_lossy(&edit.inserted)
        );
        match Checker::new().edit(text, edit) {
            Err(Failure::Different { what, .. } | Failure::ProductDifferent(what) | Failure::Ranges(what)) => {
                println!("    {what}")
            }
            _ => {}
        }
        _ = fs::write(self.keep.join(format!("{name}-before.tl")), text);
        _ = fs::write(self.keep.join(format!("{name}-after.tl")), edited);
    }

    fn edit_of(&mut self, text: &[u8]) -> Edit {
        let random = &mut self.random;
        let start = random.below(text.len() + 1);
        let end = match random.below(8) {
            0..3 => start,
            3..6 => start + random.below(4),
            6 => start + random.below(40),
            _ => text[start..].iter().position(|&one| one == b'\n').map_or(text.len(), |at| start + at + 1),
        };
        // Half of the deletions are those of whole lines.
        let start = if random.below(8) == 0 { line_start(text, start) } else { start };
        let inserted = match random.below(8) {
            0 | 1 => Vec::new(),
            2..5 => random.of(WORDS).as_bytes().to_vec(),
            5 => vec![random.next() as u8],
            6 => vec![b' ' + random.below(95) as u8],
            _ => {
                let file = &self.files[random.below(self.files.len())];
                let from = random.below(file.len());
                file[from..(from + random.below(60)).min(file.len())].to_vec()
            }
        };
        Edit { start, end: end.min(text.len()), inserted }
    }
}

fn line_start(text: &[u8], byte: usize) -> usize {
    text[..byte].iter().rposition(|&one| one == b'\n').map_or(0, |at| at + 1)
}

const DIFFERENT_WITH_ERROR: &str = "different with an error in the library alone";

fn kind_of(failure: &Failure) -> &'static str {
    match failure {
        Failure::Slow => "slow",
        Failure::Ranges(_) => "ranges",
        Failure::Different { has_error: false, .. } => "different without an error",
        Failure::Different { has_error: true, .. } => DIFFERENT_WITH_ERROR,
        Failure::ProductDifferent(_) => "different in the language core",
    }
}

/// Takes parts away from the text and from the edit as long as it fails in the same way.
/// Nothing if a new parser does not fail on this one edit.
fn smallest(text: &[u8], edit: &Edit, kind: &str) -> Option<(Vec<u8>, Edit)> {
    let mut checker = Checker::new();
    let mut fails = |text: &[u8], edit: &Edit| checker.edit(text, edit).is_err_and(|failure| kind_of(&failure) == kind);
    if !fails(text, edit) {
        return None;
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    let (mut text, mut edit) = (text.to_vec(), edit.clone());
    let mut size = text.len().max(1);
    loop {
        let before = text.len() + edit.inserted.len();
        let mut at = 0;
        while at < text.len() && Instant::now() < deadline {
            let end = (at + size).min(text.len());
            let shorter = [&text[..at], &text[end..]].concat();
            let moved = |place: usize| if place >= end { place - (end - at) } else { place.min(at) };
            let other = Edit { start: moved(edit.start), end: moved(edit.end), inserted: edit.inserted.clone() };
            if fails(&shorter, &other) {
                (text, edit) = (shorter, other);
            } else {
                at += size;
            }
        }
        let mut at = 0;
        while at < edit.inserted.len() && Instant::now() < deadline {
            let end = (at + size).min(edit.inserted.len());
            let inserted = [&edit.inserted[..at], &edit.inserted[end..]].concat();
            let other = Edit { inserted, ..edit.clone() };
            if fails(&text, &other) {
                edit = other;
            } else {
                at += size;
            }
        }
        if size > 1 {
            size = size.div_ceil(2);
        } else if text.len() + edit.inserted.len() == before || Instant::now() > deadline {
            return Some((text, edit));
        }
    }
}

/// A generator of random numbers: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn of<'list>(&mut self, list: &[&'list str]) -> &'list str {
        list[self.below(list.len())]
    }
}

/// Words and signs of the language, and what is close to them.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    " ", "  ", "\n", "\n\n", "\r\n", "\t", "\n    ", "(", ")", "[", "]", "{", "}", "<", ">", "()", "{}", "[]", ",",
    ";", ":", "::", ".", "..", "=", "==", ":=", "+=", "-", "+", "*", "**", "/", "%", "@", "!", "!=", "&&", "||", "|",
    "<-", "->", "=>", "?", "~", "≈", "⊗", "⊙", "_", "\"", "'", "\\", "\\n", "//", "/*", "*/", "#", "f\"", "0", "1",
    "2.5", "1e-5", "10x", "2i", ".5", "x", "y", "name", "größe", "\u{a0}", "true", "false", " and ", " as ",
    " break ", " continue ", " else ", "entity ", "fn ", " for ", " if ", "impl ", "import ", " in ", "infer ",
    "learn ", "let ", "loop ", "main ", "match ", " not ", " or ", "python ", "relation ", "return ", "struct ",
    "tensor ", "while ", "test ", "bench ", "with ", "query ", "rule ", "embedding ", "relation_embedding ", "inv ",
    " where ", " then ", " embed ", "learnable", "frozen", "float16[2, n]", "int", "string", "concept", "main {\n",
    "fn f(x: int) {\n", "    let a = b\n", "    if a {\n", "    } else {\n", "    for i in range(3) {\n", "}\n",
    "print(\"{}\", x)\n", "f(x)\n", "Point { x: 1 }", "a.b.c", "a[0]", "a[1:2, :]", "P(X, Y) <- Q(X), R(Y)\n",
    "struct S { a: int }\n", "match a { 1 => 2, _ => 3 }", "// comment\n", "/* comment */", "\"text\"",
];
