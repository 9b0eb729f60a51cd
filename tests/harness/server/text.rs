//! The server's copy of a text is the client's, whatever is changed and in
//! whichever units the client counts. What the server finds, and where, tells
//! what it has.

use libtest_mimic::Failed;
use serde_json::{Value, json};

use super::Promises;
use super::client::Client;
use super::editor::{about, at, codes, edit, range_of};
use crate::events::equal;

pub const PROMISES: Promises = &[
    ("columns behind ⊙🦊 are right in every encoding", columns),
    ("a position inside of a character is that of the character", inside),
    ("positions outside of the text are its ends", outside),
    ("every kind of line end counts once", line_ends),
    ("several changes in one message follow each other", several),
    ("a text may be exchanged as a whole", whole),
    ("a text that is typed key by key arrives", typed),
    ("two documents do not mix, and one may be opened again", documents),
    ("hints, lenses and completions count in the client's units", answers),
];

const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];

/// A client that counts in these units.
fn counting(encoding: &str) -> Result<Client, Failed> {
    Client::with(json!({ "general": { "positionEncodings": [encoding] } }))
}

/// How many units a text has.
fn units(text: &str, encoding: &str) -> u32 {
    let units = match encoding {
        "utf-8" => text.len(),
        "utf-32" => text.chars().count(),
        _ => text.encode_utf16().count(),
    };
    units as u32
}

/// Fails unless the one problem of a document is the unknown name `name`, which
/// begins at this line and column.
fn unknown(client: &mut Client, uri: &str, name: &str, [line, column]: [u32; 2], encoding: &str) -> Result<(), Failed> {
    let problems = client.problems(uri)?;
    equal(codes(&problems), vec!["unknown-name"], &format!("the codes, {encoding}"))?;
    let message = format!("nothing is called `{name}` here");
    equal(&problems[0]["message"], &json!(message), &format!("the message, {encoding}"))?;
    let (line, start, end) = (line.into(), column.into(), (column + units(name, encoding)).into());
    equal(range_of(&problems[0]), [line, start, line, end], &format!("the range, {encoding}"))
}

/// Applies a change to a text and checks that the name it leaves stands where
/// it should, the column counted from the line's start to the name.
fn check(encoding: &str, before: &str, change: Value, name: &str, after: &str) -> Result<(), Failed> {
    let mut client = counting(encoding)?;
    let uri = client.open_unsaved(before)?;
    client.change(&uri, json!([change]))?;
    let start = after.find(name).ok_or("the text lacks its name")?;
    let line_start = after[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = after[..start].replace("\r\n", "\n").matches(['\n', '\r']).count() as u32;
    unknown(&mut client, &uri, name, [line, units(&after[line_start..start], encoding)], encoding)?;
    client.end()
}

fn columns() -> Result<(), Failed> {
    for encoding in ENCODINGS {
        let before = "main {\n  write(\"⊙🦊é\") print(nme) // 🦊\n}";
        let column = units("  write(\"⊙🦊é\") print(n", encoding);
        let after = before.replace("nme", "name");
        check(encoding, before, edit([1, column, 1, column], "a"), "name", &after)?;
        // The text that goes away is measured as well.
        let (start, end) = (units("  write(\"⊙", encoding), units("  write(\"⊙🦊é\") print(n", encoding));
        let after = "main {\n  write(\"⊙🦊\" + xme) // 🦊\n}";
        check(encoding, before, edit([1, start, 1, end], "🦊\" + x"), "xme", after)?;
    }
    Ok(())
}

fn inside() -> Result<(), Failed> {
    let before = "main { write(\"🦊\") print(x) }";
    let start = 14;
    // In the middle of a surrogate pair, and of the four bytes: before the fox.
    for (encoding, column) in [("utf-16", start + 1), ("utf-8", start + 1), ("utf-8", start + 3)] {
        let after = before.replace("🦊", "⊙🦊");
        check(encoding, before, edit([0, column, 0, column], "⊙"), "x", &after)?;
        let after = before.replace("🦊", "");
        check(encoding, before, edit([0, column, 0, start + units("🦊", encoding)], ""), "x", &after)?;
    }
    Ok(())
}

fn outside() -> Result<(), Failed> {
    for encoding in ENCODINGS {
        let before = "// 🦊\nmain { print(x) }";
        let after = "// 🦊!\nmain { print(x) }";
        check(encoding, before, edit([0, 99, 0, 999], "!"), "x", after)?;
        check(encoding, "main { ", edit([7, 3, 9, 9], "print(x) }"), "x", "main { print(x) }")?;
        check(encoding, before, edit([1, 7, u32::MAX, u32::MAX], "print(xy) }"), "xy", "// 🦊\nmain { print(xy) }")?;
        check(encoding, "", edit([0, 0, 0, 0], "main { print(x) }"), "x", "main { print(x) }")?;
        // The end before the start.
        check(encoding, before, edit([1, 14, 1, 13], "y"), "y", "// 🦊\nmain { print(y) }")?;
    }
    Ok(())
}

fn line_ends() -> Result<(), Failed> {
    for encoding in ENCODINGS {
        for end in ["\n", "\r\n", "\r"] {
            let text = |name: &str| format!("// ⊙{end}{end}main {{{end}  print({name}){end}}}{end}");
            check(encoding, &text("x"), edit([3, 9, 3, 9], "y"), "xy", &text("xy"))?;
            // Past the end of a line is before its line end.
            let after = text("xy").replace("⊙", "⊙!");
            check(encoding, &text("xy"), edit([0, 99, 0, 99], "!"), "xy", &after)?;
        }
        // A form feed or a line separator ends no line.
        for character in ["\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
            let text = |name: &str| format!("// a{character}b\nmain {{ print({name}) }}");
            check(encoding, &text("x"), edit([1, 14, 1, 14], "y"), "xy", &text("xy"))?;
        }
    }
    // One kind becomes another.
    check("utf-16", "main {\r\n print(x) }", edit([0, 6, 1, 0], "\r"), "x", "main {\r print(x) }")
}

fn several() -> Result<(), Failed> {
    for encoding in ENCODINGS {
        let mut client = counting(encoding)?;
        let uri = client.open_unsaved("main { }")?;
        let fox = units("🦊", encoding);
        let changes = json!([
            edit([0, 7, 0, 7], "write(\"🦊\") "),
            edit([0, 14 + fox, 0, 14 + fox], "⊙"),
            edit([0, 0, 0, 0], "// 🦊\n"),
            edit([1, 7, 1, 7], "print(a) "),
            edit([1, 13, 1, 14], "name"),
        ]);
        client.change(&uri, changes)?;
        unknown(&mut client, &uri, "name", [1, 13], encoding)?;
        let behind = units("main { print(name) write(\"🦊⊙\") ", encoding);
        client.change(&uri, json!([edit([1, 7, 1, 19], ""), edit([1, behind - 12, 1, behind - 12], "print(z) ")]))?;
        unknown(&mut client, &uri, "z", [1, behind - 12 + 6], encoding)?;
        client.end()?;
    }
    Ok(())
}

fn whole() -> Result<(), Failed> {
    for encoding in ENCODINGS {
        let mut client = counting(encoding)?;
        let uri = client.open_unsaved("main { print(x) }")?;
        unknown(&mut client, &uri, "x", [0, 13], encoding)?;
        client.change(&uri, json!([{ "text": "// 🦊⊙\nmain { print(yy) }" }]))?;
        unknown(&mut client, &uri, "yy", [1, 13], encoding)?;
        client.change(&uri, json!([{ "text": "" }, { "text": "main { write(z) }" }, edit([0, 13, 0, 13], "a")]))?;
        unknown(&mut client, &uri, "az", [0, 13], encoding)?;
        client.change(&uri, json!([]))?;
        unknown(&mut client, &uri, "az", [0, 13], encoding)?;
        client.end()?;
    }
    Ok(())
}

fn typed() -> Result<(), Failed> {
    let mut client = counting("utf-16")?;
    let uri = client.open_unsaved("")?;
    let text = "// ⊙🦊\r\nmain {\n\tlet s = \"🦊\"\n\tprint(len(s), nme)\n}\n";
    let (mut line, mut column) = (0, 0);
    for character in text.replace("\r\n", "\n").chars() {
        client.change(&uri, json!([edit([line, column, line, column], &character.to_string())]))?;
        (line, column) = if character == '\n' { (line + 1, 0) } else { (line, column + character.len_utf16() as u32) };
    }
    unknown(&mut client, &uri, "nme", [3, 15], "utf-16")?;
    client.end()
}

fn documents() -> Result<(), Failed> {
    let mut client = Client::with(json!({}))?;
    let (first, second) = ("file:///nowhere/a%20b/%C3%A9.tl", "untitled:Untitled-1");
    client.open(first, "main { print(x) }")?;
    client.open(second, "main { write(y) }")?;
    client.change(first, json!([edit([0, 13, 0, 14], "xx")]))?;
    unknown(&mut client, first, "xx", [0, 13], "utf-16")?;
    unknown(&mut client, second, "y", [0, 13], "utf-16")?;
    client.close(first)?;
    client.open(first, "main { print(anew) }")?;
    unknown(&mut client, first, "anew", [0, 13], "utf-16")?;
    client.change(second, json!([edit([0, 13, 0, 14], "yy")]))?;
    unknown(&mut client, second, "yy", [0, 13], "utf-16")?;
    client.end()
}

fn answers() -> Result<(), Failed> {
    for encoding in ENCODINGS {
        let mut client = counting(encoding)?;
        let uri = client.open_unsaved("/* 🦊⊙ */ main { /* 🦊 */ let x = zeros([2, 3]) print(x.s) }")?;
        let name = units("/* 🦊⊙ */ main { /* 🦊 */ let ", encoding);
        equal(client.hover(&uri, [0, name])?.1, [0, name.into(), 0, u64::from(name) + 1], "what is hovered")?;
        let all = json!({ "range": { "start": at([0, 0]), "end": at([1, 0]) } });
        let hints = client.request("textDocument/inlayHint", about(&uri, all))?;
        equal(&hints[0]["position"], &at([0, name + 1]), "the place of the hint")?;
        let lens = client.request_about("codeLens", &uri, json!({}))?;
        let main = u64::from(units("/* 🦊⊙ */ ", encoding));
        equal(range_of(&lens[0]), [0, main, 0, main + 4], "the place of the lens")?;
        let end = units("/* 🦊⊙ */ main { /* 🦊 */ let x = zeros([2, 3]) print(x.s", encoding);
        let items = client.request_about("completion", &uri, json!({ "position": at([0, end]) }))?;
        let range = [0, u64::from(end) - 1, 0, end.into()];
        equal(range_of(&items[0]["textEdit"]), range, "what a completion replaces")?;
        client.end()?;
    }
    Ok(())
}
