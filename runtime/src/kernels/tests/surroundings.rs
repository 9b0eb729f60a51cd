//! What goes in and out: printing, arguments, models, tokenizers, the end.

use super::*;

fn printed(run: &Run) -> String {
    let texts = run.events.iter().map(|event| match event {
        Event::Output { text, .. } | Event::ErrorOutput { text, .. } => text.as_str(),
        _ => "",
    });
    texts.collect()
}

#[track_caller]
fn check_print(name: &str, values: &[Value], expected: &str) {
    let mut run = run();
    run.call(name, values).unwrap();
    assert_eq!(printed(&run), expected);
}

#[test]
fn print_fills_formats() {
    check_print("print", &[], "\n");
    check_print("print", &[string("a"), int(1), float(2.5)], "a 1 2.5\n");
    check_print("print", &[string("a"), string("")], "a \n");
    check_print("print", &[string("{} of {}"), int(1), int(2)], "1 of 2\n");
    check_print("print", &[string("{}")], "{}\n");
    check_print("print", &[string("{} {}"), string("{}"), int(2)], "{} 2\n");
    check_print("print", &[string("{a} {}"), int(1), int(2)], "{a} 1\n");
    check_print("write", &[string("a"), int(1)], "a 1");
    check_print("eprint", &[string("a")], "a\n");
    let message = "`print` needs 2 values for the 2 `{}` of its text, found 1";
    check("print", &[string("{} {}"), int(1)], Err((Code::FormatArguments, message)));
}

#[test]
fn input_ends_with_empty_lines() {
    let mut run = run();
    run.input = "one \t\r\ntwo";
    let line = run.call("input", &[string("> ")]).unwrap();
    assert_eq!(run.text(&line), "one");
    assert_eq!(printed(&run), "> ");
    run.input = "";
    let line = run.call("input", &[]).unwrap();
    assert_eq!(run.text(&line), "");
}

#[track_caller]
fn check_arg(words: &[&str], default: Option<Value>, expected: Result<&str, &str>) {
    let mut run = run();
    run.words = words.iter().map(|word| word.to_string()).collect();
    let values: Vec<Value> = std::iter::once(string("n")).chain(default).collect();
    let found = run.call("arg", &values).map(|value| run.text(&value)).map_err(|stop| failure(stop).message);
    assert_eq!(found.as_deref().map_err(String::as_str), expected);
}

#[test]
fn arguments_have_the_kind_of_their_default() {
    check_arg(&["--n", "3"], Some(int(1)), Ok("3"));
    check_arg(&["--n=-3"], Some(int(1)), Ok("-3"));
    check_arg(&["--n", "-3"], Some(int(1)), Ok("-3"));
    check_arg(&["--n", "3", "--n", "4"], Some(int(1)), Ok("4"));
    check_arg(&["--nn", "3"], Some(int(1)), Ok("1"));
    check_arg(&["--n", "0.5"], Some(float(1.0)), Ok("0.5"));
    check_arg(&["--n", "a b"], Some(string("")), Ok("a b"));
    check_arg(&["--n="], Some(string("x")), Ok(""));
    check_arg(&["--n"], Some(Value::Boolean(false)), Ok("true"));
    check_arg(&["--n", "--m"], Some(Value::Boolean(false)), Ok("true"));
    check_arg(&["--n", "word"], Some(Value::Boolean(false)), Ok("true"));
    check_arg(&["--n=false"], Some(Value::Boolean(true)), Ok("false"));
    check_arg(&[], Some(Value::Boolean(true)), Ok("true"));
    check_arg(&["--n", "x"], Some(int(1)), Err("the argument `--n` needs a whole number, found `x`"));
    check_arg(&["--n=x"], Some(Value::Boolean(true)), Err("the argument `--n` needs `true` or `false`, found `x`"));
    check_arg(&["--n"], Some(int(1)), Err("the argument `--n` needs a value"));
    check_arg(&[], None, Err("the script needs the argument `--n`"));
}

#[test]
fn the_environment_is_read() {
    check("env", &[string("TL_NO_SUCH"), string("x")], Ok("x"));
    let message = "the environment variable `TL_NO_SUCH` is not set";
    check("env", &[string("TL_NO_SUCH")], Err((Code::RuntimeError, message)));
    let message = "the environment variable `A=B` is not set";
    check("env", &[string("A=B")], Err((Code::RuntimeError, message)));
}

#[test]
fn assertions_show_both_sides() {
    check("assert", &[Value::Boolean(true)], Ok("void"));
    check("assert_eq", &[int(1), float(1.0)], Ok("void"));
    check("assert_eq", &[tensor(&[0.1], &[1]), floats(&[0.1])], Ok("void"));
    check("assert_eq", &[tensor(&[6.0], &[]), int(6)], Ok("void"));
    check("assert_eq", &[typed(&[1.0], &[], ElementType::Bool), Value::Boolean(true)], Ok("void"));
    check("assert_eq", &[tokens(&[1, 2]), floats(&[1.0, 2.0])], Ok("void"));
    check("assert_eq", &[strings(&["a"]), strings(&["a"])], Ok("void"));
    let fails = |values: &[Value], message: &str| check("assert_eq", values, Err((Code::RuntimeError, message)));
    fails(&[int(2), int(3)], "`assert_eq` failed: 2 is not equal to 3");
    fails(&[float(f64::NAN), float(f64::NAN), string("odd")], "`assert_eq` failed: odd: NaN is not equal to NaN");
    fails(&[ints(&[1]), int(1)], "`assert_eq` failed: [1] is not equal to 1");
    fails(
        &[tensor(&[1.0, 2.0], &[1, 2]), tensor(&[1.0, 2.0], &[2, 1])],
        "`assert_eq` failed: [[1, 2]] is not equal to [[1], [2]]",
    );
    fails(
        &[int(i64::MAX), float(i64::MAX as f64)],
        "`assert_eq` failed: 9223372036854775807 is not equal to 9223372036854776000",
    );
    fails(&[string("1"), int(1)], "`assert_eq` failed: 1 is not equal to 1");
    check(
        "assert",
        &[Value::Boolean(false), string("order")],
        Err((Code::RuntimeError, "`assert` failed: order: the condition is false")),
    );
}

#[test]
fn runs_end() {
    assert_eq!(run().call("exit", &[int(3)]).unwrap_err(), Stop::Exit(3));
    assert_eq!(run().call("exit", &[]).unwrap_err(), Stop::Exit(0));
    check("panic", &[string("no {}"), int(1)], Err((Code::RuntimeError, "no 1")));
    assert!(matches!(run().call("time", &[]).unwrap(), Value::Float(seconds) if seconds >= 0.0));
}

const MODEL: &str = "models/stories-f16.gguf";

#[test]
fn models_are_found_and_shared() {
    let mut run = run();
    let model = run.call("load_model", &[string(MODEL)]).unwrap();
    assert!(matches!(run.events.last(), Some(Event::Loading { path, done, total }) if path == MODEL && done == total));
    let events = run.events.len();
    let again = run.call("load_model_f16", &[string(MODEL)]).unwrap();
    assert_eq!(run.events.len(), events, "a model that is there is not read again");
    let table =
        |run: &mut Run, model: &Value| run.call("get_tensor", &[model.clone(), string("output.weight")]).unwrap();
    assert_eq!(table(&mut run, &model).describe(), "float32[1024, 192]");
    assert_eq!(table(&mut run, &again).describe(), "float16[1024, 192]");
    let missing = failure(run.call("get_tensor", &[model.clone(), string("blk.0.attn_q.wight")]).unwrap_err());
    assert_eq!((missing.code, missing.help.as_deref()), (Code::UnknownTensor, Some("did you mean `weight`?")));
    for (key, expected) in
        [("llama.block_count", "4"), ("attention.layer_norm_rms_epsilon", "0.00001"), ("rope.freq_base", "10000")]
    {
        let value = run.call("metadata", &[model.clone(), string(key)]).unwrap();
        assert_eq!(run.text(&value), expected, "{key}");
    }
    let missing = failure(run.call("metadata", &[model, string("attention.head_cout")]).unwrap_err());
    assert_eq!(missing.help.as_deref(), Some("did you mean `attention.head_count`?"));
}

#[test]
fn files_of_the_wrong_kind_say_so() {
    let missing = failure(run().call("load_model", &[string("no/such.gguf")]).unwrap_err());
    assert_eq!((missing.code, missing.message.as_str()), (Code::ModelNotFound, "no model is found at `no/such.gguf`"));
    assert!(missing.notes.len() > 1 && missing.notes.iter().all(|note| note.starts_with("tried `")));
    let wrong = failure(run().call("load_model", &[string("models/tokenizer.json")]).unwrap_err());
    assert!(wrong.message.ends_with("is no weight file: it holds JSON, as tokenizers do"), "{}", wrong.message);
    let wrong = failure(run().call("load_tokenizer", &[string("seed_chat.tl")]).unwrap_err());
    assert!(wrong.message.contains("is no tokenizer"), "{}", wrong.message);
}

#[test]
fn models_give_defaults() {
    let mut run = run();
    let model = run.call("load_model", &[string(MODEL)]).unwrap();
    let weight = run.call("get_tensor", &[model.clone(), string("output_norm.weight")]).unwrap();
    let x = tensor(&[0.001; 192], &[1, 192]);
    let found = run.call("rms_norm", &[x.clone(), weight.clone()]).unwrap();
    let expected = values_of(&run.call("rms_norm", &[x, weight, float(1e-5)]).unwrap());
    assert_near(&found, &expected, 1e-6);
    let heads = noise(&[2, 6, 32]);
    let found = run.call("rope", &[heads.clone(), int(3)]).unwrap();
    let expected = values_of(&run.call("rope", &[heads, int(3), int(10000)]).unwrap());
    assert_near(&found, &expected, 1e-6);
    let table = run.call("get_tensor", &[model, string("token_embd.weight")]).unwrap();
    let outside = failure(run.call("embedding", &[table.clone(), tokens(&[5, 1024])]).unwrap_err());
    assert_eq!(outside.message, "`embedding` finds no row for the id 1024: the table has 1024 rows");
    assert!(outside.help.is_some_and(|help| help.contains("tokenizer")));
    let rows = run.call("embedding", &[tokens(&[5, 7]), table.clone()]).unwrap();
    assert_eq!(shape_of(&rows), [2, 192]);
    let logits = run.call("linear", &[rows, table]).unwrap();
    assert_eq!(shape_of(&logits), [2, 1024]);
}

#[test]
fn tokenizers_go_both_ways() {
    let mut run = run();
    let tokenizer = run.call("load_tokenizer", &[string("models/tokenizer.json")]).unwrap();
    let ids = run.call("tokenize", &[tokenizer.clone(), string("Once upon a time")]).unwrap();
    let bare = run.call("tokenize", &[tokenizer.clone(), string("Once upon a time"), Value::Boolean(false)]).unwrap();
    let (Value::Tokens(ids), Value::Tokens(bare)) = (ids, bare) else { panic!() };
    assert_eq!((ids[0], &ids[1..]), (1, &bare[..]));
    let text = run.call("detokenize", &[tokenizer.clone(), Value::Tokens(ids.clone())]).unwrap();
    assert_eq!(run.text(&text), "Once upon a time");
    let mut streamed = String::new();
    for count in 1..=ids.len() {
        let new = run.call("decode_stream", &[tokenizer.clone(), tokens(&ids[..count])]).unwrap();
        streamed += &run.text(&new);
    }
    assert_eq!(streamed, "Once upon a time");
    let eos = run.call("eos_id", std::slice::from_ref(&tokenizer)).unwrap();
    assert_eq!(run.text(&eos), "2");
    let unknown = failure(run.call("detokenize", &[tokenizer, ints(&[1_000_000])]).unwrap_err());
    assert_eq!(unknown.code, Code::IndexOutOfRange);
    let model = run.call("load_model", &[string(MODEL)]).unwrap();
    let inside = run.call("load_tokenizer", &[model]).unwrap();
    let same = run.call("tokenize", &[inside, string("Once upon a time")]).unwrap();
    assert_eq!(run.text(&same), run.text(&Value::Tokens(ids)));
}
