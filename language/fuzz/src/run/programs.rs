//! Random scripts and random edits of scripts.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use fuzz::Random;
use fuzz::program::{Failure, Folder, Subject, TIME_LIMIT, script};

/// Tries scripts until `end`; gives the number of failures.
pub fn run(end: Instant, random: Random, files: Vec<String>, keep: PathBuf) -> u64 {
    watch_for_hangs(keep.clone());
    let folder = Folder::of_all_kinds();
    let mut run = Run {
        random,
        files,
        keep,
        folder,
        states: 0,
        slowest: Duration::ZERO,
        other_trees: 0,
        failures: BTreeMap::new(),
    };
    while Instant::now() < end {
        run.states_of_a_script();
    }
    println!("{} states of scripts, the slowest check took {} ms", run.states, run.slowest.as_millis());
    println!("{} trees after an edit of broken text were other ones than new trees", run.other_trees);
    run.failures.iter().for_each(|(kind, count)| println!("{kind}: {count}"));
    let failures: u64 = run.failures.values().sum();
    println!("{} passed, {failures} failed", run.states - failures);
    failures
}

/// What is being checked, for the case that this never ends.
static CURRENT: std::sync::Mutex<(String, Option<Instant>)> = std::sync::Mutex::new((String::new(), None));

fn begin(text: &str) {
    let mut current = CURRENT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *current = (text.to_owned(), Some(Instant::now()));
}

/// Ends the run where a check never does.
fn watch_for_hangs(keep: PathBuf) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let current = CURRENT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if current.1.is_some_and(|since| since.elapsed() > 12 * TIME_LIMIT) {
                let path = keep.join("hang.tl");
                _ = fs::write(&path, &current.0);
                println!("the check hangs on {}\n0 passed, 1 failed", path.display());
                std::process::exit(1);
            }
        }
    });
}

struct Run {
    random: Random,
    files: Vec<String>,
    keep: PathBuf,
    folder: Folder,
    states: u64,
    slowest: Duration,
    other_trees: u64,
    failures: BTreeMap<String, u64>,
}

impl Run {
    /// Some states of one script, one after the other.
    fn states_of_a_script(&mut self) {
        let mut text = match self.random.below(8) {
            0 => self.random_text(),
            1..5 => script(&mut self.random),
            _ => self.files[self.random.below(self.files.len())].clone(),
        };
        let mut subject = Subject::new(self.folder.clone());
        let mut states: Vec<String> = Vec::new();
        for _ in 0..1 + self.random.below(8) {
            states.push(text.clone());
            self.states += 1;
            if let Some(what) = fails(&mut subject, &text) {
                self.keep(&states, what);
                return;
            }
            self.slowest = self.slowest.max(subject.slowest);
            text = self.edited(&text);
        }
        self.other_trees += subject.other_trees;
    }

    fn random_text(&mut self) -> String {
        let random = &mut self.random;
        match random.below(4) {
            0 => (0..random.below(400)).filter_map(|_| char::from_u32(random.next() as u32 & 0x3ff)).collect(),
            1 => (0..random.below(200)).map(|_| (b' ' + random.below(95) as u8) as char).collect(),
            2 => {
                let (open, close) =
                    [("(", ")"), ("[", "]"), ("{ ", "} "), ("-", ""), ("f(", ")"), ("if x { ", "} ")][random.below(6)];
                let depth = random.below(600);
                format!("main {{ let x = 1\n{}x{} }}", open.repeat(depth), close.repeat(depth))
            }
            _ => (0..random.below(200)).map(|_| random.of(WORDS)).collect(),
        }
    }

    /// The text after one edit.
    fn edited(&mut self, text: &str) -> String {
        let random = &mut self.random;
        let boundary = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
        let start = boundary(random.below(text.len() + 1));
        let start = if random.once_in(4) { text[..start].rfind('\n').map_or(0, |end| end + 1) } else { start };
        let end = match random.below(8) {
            0..3 => start,
            3..6 => boundary((start + random.below(4)).min(text.len())),
            6 => boundary((start + random.below(60)).min(text.len())),
            _ => line_end(start),
        };
        let inserted = match random.below(8) {
            0 | 1 => String::new(),
            2..5 => random.of(WORDS).to_owned(),
            5 => ((b' ' + random.below(95) as u8) as char).to_string(),
            6 => {
                let line = boundary(random.below(text.len() + 1));
                text[line..line_end(line)].to_owned()
            }
            _ => {
                let file = &self.files[random.below(self.files.len())];
                let lines: Vec<&str> = file.split_inclusive('\n').collect();
                let from = random.below(lines.len());
                lines[from..(from + 1 + random.below(6)).min(lines.len())].concat()
            }
        };
        format!("{}{inserted}{}", &text[..start], &text[end.max(start)..])
    }

    /// Counts what failed, and keeps the first of each kind in its smallest form.
    fn keep(&mut self, states: &[String], what: (String, String)) {
        let (kind, message) = what;
        let count = self.failures.entry(kind.clone()).or_default();
        *count += 1;
        if *count > 6 {
            return;
        }
        let name: String = kind.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
        let name = format!("{name}-{count}");
        let states = smallest(&self.folder, states, &kind);
        println!("{name}: {message}");
        for (number, state) in states.iter().enumerate() {
            let path = self.keep.join(format!("{name}.{number}.tl"));
            println!("    {}", path.display());
            _ = fs::write(path, state);
        }
    }
}

/// What fails in a state of a script: its kind and a message.
fn fails(subject: &mut Subject, text: &str) -> Option<(String, String)> {
    begin(text);
    match catch_unwind(AssertUnwindSafe(|| subject.turn_into(text))) {
        Ok(Ok(())) => None,
        Ok(Err(Failure::Slow(time))) => Some(("slow".into(), format!("{} ms", time.as_millis()))),
        Ok(Err(Failure::Place(what))) => Some(("place".into(), what)),
        Ok(Err(Failure::Different(what))) => Some(("different".into(), what)),
        Err(panic) => {
            let message = panic.downcast_ref::<String>().cloned();
            let message = message.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default();
            let kind = message.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
            Some((format!("panic {kind}"), message))
        }
    }
}

/// Fewer states with less in each that fail in the same way.
fn smallest(folder: &Folder, states: &[String], kind: &str) -> Vec<String> {
    let fails = |states: &[String]| {
        let mut subject = Subject::new(folder.clone());
        let mut found = states.iter().filter_map(|state| fails(&mut subject, state));
        found.next().is_some_and(|(found, _)| found == kind)
    };
    let mut states = states.to_vec();
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut at = 0;
    while at < states.len() {
        let mut fewer = states.clone();
        fewer.remove(at);
        if fails(&fewer) {
            states = fewer;
        } else {
            at += 1;
        }
    }
    let size = |states: &[String]| states.iter().map(String::len).sum::<usize>();
    loop {
        let before = size(&states);
        states = without_lines(states, deadline, &fails);
        states = without_ranges(states, deadline, &fails);
        if size(&states) == before || Instant::now() > deadline {
            return states;
        }
    }
}

/// Takes lines that all states have away from all.
fn without_lines(mut states: Vec<String>, deadline: Instant, fails: &dyn Fn(&[String]) -> bool) -> Vec<String> {
    let lines: Vec<String> = states.first().map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        if Instant::now() > deadline {
            break;
        }
        let without = |text: &String| match text.find(line.as_str()) {
            Some(at) => {
                let end = at + line.len();
                let end = end + usize::from(text[end..].starts_with('\n'));
                format!("{}{}", &text[..at], &text[end..])
            }
            None => text.clone(),
        };
        let shorter: Vec<String> = states.iter().map(without).collect();
        if shorter != states && fails(&shorter) {
            states = shorter;
        }
    }
    states
}

/// Takes parts away from each state, in all others too where they have them.
fn without_ranges(mut states: Vec<String>, deadline: Instant, fails: &dyn Fn(&[String]) -> bool) -> Vec<String> {
    for number in 0..states.len() {
        let mut size = states[number].len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < states[number].len() && Instant::now() < deadline {
                let text = &states[number];
                let end = (at + size).min(text.len());
                if !text.is_char_boundary(at) || !text.is_char_boundary(end) {
                    at += 1;
                    continue;
                }
                let part = text[at..end].to_owned();
                let mut everywhere = states.clone();
                everywhere.iter_mut().for_each(|state| *state = state.replacen(&part, "", 1));
                let mut here = states.clone();
                here[number] = format!("{}{}", &text[..at], &text[end..]);
                if fails(&everywhere) {
                    states = everywhere;
                } else if fails(&here) {
                    states = here;
                } else {
                    at += size;
                }
            }
            size /= 2;
        }
    }
    states
}

/// Words and signs of the language, and what is close to them.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    " ", "\n", "\r\n", "(", ")", "[", "]", "{", "}", "<", ">", "()", "{}", "[]", ",", ";", ":", "::", ".", "..", "=",
    ":=", "+=", "-", "+", "*", "**", "/", "%", "@", "!", "!=", "&&", "||", "<-", "->", "=>", "?", "~", "_", "\"", "'",
    "\\", "//", "/*", "*/", "#", "f\"", "0", "1", "2.5", "1e-5", "10x", "x", "y", "n", "größe", "\u{a0}", "true",
    " as ", " break ", " continue ", " else ", "entity ", "fn ", " for ", " if ", "impl ", "import ", " in ", "infer ",
    "learn ", "let ", "loop ", "main ", "match ", " not ", "relation ", "return ", "struct ", "tensor ", "while ",
    "test ", "bench ", "with ", "query ", "rule ", "embedding ", "learnable", "float16[2, n]", "int", "string",
    "main {\n", "fn f(x: int) {\n", "    let a = b\n", "    if a {\n", "    } else {\n", "    for i in range(3) {\n",
    "}\n", "print(\"{}\", x)\n", "f(x)\n", "Point { x: 1 }", "a.b.c", "a[0]", "a[1:2, :]", "P(X, Y) <- Q(X), R(Y)\n",
    "struct S { a: int }\n", "impl S { fn f(self) { self.a } }\n", "match a { 1 => 2, _ => 3 }", "// comment\n",
    "/* comment */", "\"text\"", "// tl: allow(unused-variable)\n", "9223372036854775807", "-9223372036854775808",
    "99999999999999999999", "1e400", "import \"lib.tl\"\n", "import \"loop.tl\"\n", "import \"script.tl\"\n",
    "import \"binary.tl\"\n", "load_model(\"small.gguf\")", "load_model(\"lying.gguf\")", ".blk[0].attn_q.weight",
    "reshape(x, [0, -1])", "x / 0", "zeros([n / 0])", "zeros([-3])", "range(9223372036854775807)", "shape(x)[7]",
];
