use std::io::{self, Read};

use tensorlogic_language::files::Disk;
use tensorlogic_language::program::analyse;
use tensorlogic_language::source::Sources;

use super::*;

/// Runs a script and gives what it told, places as the text that lies there.
fn check(text: &str, input: Box<dyn BufRead + Send>, expected: &[&str]) -> Outcome {
    let mut sources = Sources::default();
    let file = sources.add("script.tl", text.to_owned());
    let analysis = analyse(&mut sources, file, &Disk);
    assert!(!analysis.has_errors(), "{:?}", analysis.problems);
    let options = Options {
        device: Device::cpu(),
        default_element: ElementType::Float32,
        threads: None,
        seed: Some(7),
        script: "script.tl".into(),
        words: Vec::new(),
        check_shapes: false,
        promises: Promises::default(),
        cancelled: Arc::new(AtomicBool::new(false)),
    };
    let mut told = Vec::new();
    let mut listener = |event| {
        told.push(match event {
            Event::Started { device, seed, .. } => format!("started on {device} with {seed}"),
            Event::Output { text, place } => format!("{text:?} by {}", sources.text(place)),
            Event::ErrorOutput { text, place } => format!("error {text:?} by {}", sources.text(place)),
            Event::Sampled { id, count } => format!("token {id} is number {count}"),
            Event::Failed(failure) => {
                let Diagnostic { message, place, notes, .. } = failure.diagnostic;
                format!("{message} at {}: {}", sources.text(place), notes.join(", "))
            }
            other => format!("{other:?}"),
        });
    };
    let outcome = run(&analysis, options, input, &mut listener);
    assert_eq!(told, expected);
    outcome
}

#[test]
fn output_comes_from_the_call_that_printed() {
    let text = "fn say(n: int) { write(str(n)) }
main { print(1 + 2) say(len(\"abc\")) eprint(\"e\") input(\"? \") assert(str(1).len() == 1) \"s\".print() }";
    let expected = [
        "started on cpu with 7",
        "\"3\\n\" by print(1 + 2)",
        "\"3\" by write(str(n))",
        "error \"e\\n\" by eprint(\"e\")",
        "\"? \" by input(\"? \")",
        "\"s\\n\" by \"s\".print()",
    ];
    let outcome = check(text, Box::new(io::empty()), &expected);
    assert_eq!(outcome, Outcome { ending: Ending::Finished, seed: 7 });
}

#[test]
fn tokens_are_counted() {
    let text = "main { for i in range(2) { temperature_sample([0.0, 5.0], 0.0) } }";
    let expected = ["started on cpu with 7", "token 1 is number 1", "token 1 is number 2"];
    check(text, Box::new(io::empty()), &expected);
}

/// An input that does what no code of ours should.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("the pipe is made of clay")
    }
}

#[test]
fn a_panic_ends_the_run_as_a_failure() {
    let expected = [
        "started on cpu with 7",
        "\"a\" by write(\"a\")",
        "the run cannot go on: the pipe is made of clay at input(): \
         this is a fault of TensorLogic's tools, not of the script",
    ];
    let input = Box::new(io::BufReader::new(Broken));
    let outcome = check("main { write(\"a\") input() write(\"b\") }", input, &expected);
    assert_eq!(outcome.ending, Ending::Failed);
}
