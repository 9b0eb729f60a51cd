use super::*;
use crate::diagnostic::Code;
use crate::source::{FileId, Span};

/// A text whose second line has characters of one, two and four bytes.
const SCRIPT: &str = "main {\n    print(\"é🦊\") write(1)\n}\n";

fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add("examples/chat.tl", SCRIPT.to_owned());
    sources
}

/// The place of a piece of the script.
fn place(piece: &str) -> Span {
    let start = SCRIPT.find(piece).unwrap();
    Span::default().with(start, start + piece.len())
}

/// The line reads so, and reads back as the same.
fn check(v: Option<u32>, message: Message, json: &str) {
    let line = Line { v, message };
    assert_eq!(serde_json::to_string(&line).unwrap(), json);
    assert_eq!(serde_json::from_str::<Line>(json).unwrap(), line);
}

fn check_event(event: Event, json: &str) {
    check(None, Message::new(event, &sources()), json);
}

#[test]
fn a_run_begins_with_the_version() {
    let started = Event::Started { file: FileId::default(), device: "cpu".into(), seed: u64::MAX };
    check(
        Some(VERSION),
        Message::new(started, &sources()),
        r#"{"v":1,"event":"started","path":"examples/chat.tl","device":"cpu","seed":18446744073709551615}"#,
    );
}

#[test]
fn output_names_the_call_in_units_of_utf16() {
    check_event(
        Event::Output { text: "é🦊\n".into(), place: place("print(\"é🦊\")") },
        r#"{"event":"output","text":"é🦊\n","path":"examples/chat.tl","range":{"start":{"line":1,"character":4},"end":{"line":1,"character":16}}}"#,
    );
    check_event(
        Event::ErrorOutput { text: "1".into(), place: place("write(1)") },
        r#"{"event":"errorOutput","text":"1","path":"examples/chat.tl","range":{"start":{"line":1,"character":17},"end":{"line":1,"character":25}}}"#,
    );
}

#[test]
fn progress_and_notices() {
    check_event(
        Event::Loading { path: "models/stories-f16.gguf".into(), done: 1024, total: 4096 },
        r#"{"event":"loading","path":"models/stories-f16.gguf","done":1024,"total":4096}"#,
    );
    check_event(Event::Sampled { id: 17, count: 3 }, r#"{"event":"sampled","id":17,"count":3}"#);
    check_event(Event::Notice("flat".into()), r#"{"event":"notice","text":"flat"}"#);
}

#[test]
fn a_problem_carries_all_its_places_and_advice() {
    let problem = Diagnostic::new(Code::UnknownName, place("write(1)"), "nothing is called `x`")
        .related(place("main {"), "here")
        .note("a fact")
        .help("do this");
    check(
        None,
        Message::Problem { problem: Problem::new(&problem, &sources()) },
        concat!(
            r#"{"event":"problem","problem":{"path":"examples/chat.tl","#,
            r#""range":{"start":{"line":1,"character":17},"end":{"line":1,"character":25}},"#,
            r#""severity":"error","code":"unknown-name","message":"nothing is called `x`","#,
            r#""related":[{"path":"examples/chat.tl","range":{"start":{"line":0,"character":0},"#,
            r#""end":{"line":0,"character":6}},"message":"here"}],"#,
            r#""notes":["a fact"],"helps":["do this"]}}"#
        ),
    );
}

#[test]
fn a_failure_tells_the_calls() {
    let diagnostic = Diagnostic::new(Code::DivisionByZero, place("1"), "1 is divided by zero");
    let call = Call { function: "f".into(), arguments: "n: 0".into(), place: place("write(1)") };
    check_event(
        Event::Failed(Box::new(Failure { diagnostic, calls: vec![call] })),
        concat!(
            r#"{"event":"failed","problem":{"path":"examples/chat.tl","#,
            r#""range":{"start":{"line":1,"character":23},"end":{"line":1,"character":24}},"#,
            r#""severity":"error","code":"division-by-zero","message":"1 is divided by zero","#,
            r#""related":[],"notes":[],"helps":[]},"#,
            r#""calls":[{"function":"f","arguments":"n: 0","path":"examples/chat.tl","#,
            r#""range":{"start":{"line":1,"character":17},"end":{"line":1,"character":25}}}]}"#
        ),
    );
}

#[test]
fn the_end_tells_how_and_what_it_took() {
    let finished =
        |ending, code, message| Message::Finished(Finished { ending, code, seconds: 1.25, tokens: 122, message });
    for (ending, name) in [
        (Ending::Finished, "finished"),
        (Ending::Failed, "failed"),
        (Ending::Exited, "exited"),
        (Ending::Cancelled, "cancelled"),
        (Ending::Refused, "refused"),
        (Ending::Stopped, "stopped"),
    ] {
        let json = format!(r#"{{"event":"finished","ending":"{name}","code":3,"seconds":1.25,"tokens":122}}"#);
        check(None, finished(ending, 3, None), &json);
    }
    check(
        None,
        finished(Ending::Crashed, 1, Some("the run was ended by signal 9".into())),
        r#"{"event":"finished","ending":"crashed","code":1,"seconds":1.25,"tokens":122,"message":"the run was ended by signal 9"}"#,
    );
}

#[test]
fn a_job_needs_a_path_and_a_text_only() {
    let job: Job = serde_json::from_str(r#"{"path":"/a/chat.tl","text":"main { }"}"#).unwrap();
    assert_eq!(job, Job::new("/a/chat.tl", "main { }"));
    assert_eq!((job.device, job.dtype), (None, None));

    let json = r#"{"path":"/a/chat.tl","text":"main { }","device":"cpu","dtype":"f16","threads":2,"seed":7,"words":["--prompt","Hi"]}"#;
    let job: Job = serde_json::from_str(json).unwrap();
    assert_eq!(job.words, ["--prompt", "Hi"]);
    assert_eq!(serde_json::to_string(&job).unwrap(), json);

    let error = serde_json::from_str::<Job>(r#"{"path":"/a/chat.tl"}"#).unwrap_err();
    assert!(error.to_string().starts_with("missing field `text`"), "{error}");
}

#[test]
fn a_newer_writer_is_understood() {
    let read = |json| serde_json::from_str::<Line>(json).unwrap().message;
    assert_eq!(read(r#"{"event":"memory","bytes":12}"#), Message::Other);
    assert_eq!(read(r#"{"v":2,"event":"sampled","id":1,"count":2,"speed":3.5}"#), Message::Sampled { id: 1, count: 2 });
    let finished = read(r#"{"event":"finished","ending":"paused","code":0,"seconds":1,"tokens":0}"#);
    assert!(matches!(finished, Message::Finished(Finished { ending: Ending::Other, .. })), "{finished:?}");
}
