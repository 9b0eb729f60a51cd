//! Lists that grow in place: handles, so that all copies see a new entry. Arrays
//! are values and grow with `append`.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::{ArrayKind, Fact, HandleKind};
use crate::catalogue::rules::wrong_kind;
use crate::shape::Mismatch;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "IntVec::new",
        spellings: &[],
        parameters: &[],
        result: "an IntVec",
        summary: "An empty list of Integers that grows in place.",
        documentation: "Copies are the same list. An array, which is a value, grows with `append`.",
        example: "let v = IntVec::new()\nv.push(3)\nprint(len(v), get(v, 0))",
        prints: "1 3",
        rule: |_| Ok(Fact::Handle(HandleKind::Vec(ArrayKind::Integer))),
    },
    Entry {
        name: "FloatVec::new",
        spellings: &[],
        parameters: &[],
        result: "a FloatVec",
        summary: "An empty list of Floats that grows in place.",
        documentation: "Copies are the same list.",
        example: "let v = FloatVec::new()\nv.push(0.5)\nv.push(2)\nprint(v)",
        prints: "Vec[0.5, 2]",
        rule: |_| Ok(Fact::Handle(HandleKind::Vec(ArrayKind::Float))),
    },
    Entry {
        name: "StringVec::new",
        spellings: &[],
        parameters: &[],
        result: "a StringVec",
        summary: "An empty list of Strings that grows in place.",
        documentation: "Copies are the same list.",
        example: "let v = StringVec::new()\nv.push(\"one\")\nprint(get(v, 0))",
        prints: "one",
        rule: |_| Ok(Fact::Handle(HandleKind::Vec(ArrayKind::String))),
    },
    Entry {
        name: "BoolVec::new",
        spellings: &[],
        parameters: &[],
        result: "a BoolVec",
        summary: "An empty list of Booleans that grows in place.",
        documentation: "Copies are the same list.",
        example: "let v = BoolVec::new()\nv.push(true)\nprint(get(v, 0))",
        prints: "true",
        rule: |_| Ok(Fact::Handle(HandleKind::Vec(ArrayKind::Boolean))),
    },
    Entry {
        name: "Vec.push",
        spellings: &["Vec.append"],
        parameters: &[LIST, Parameter::required("value", Accepts::Any)],
        result: "nothing",
        summary: "Puts a value behind the last one.",
        documentation: "A FloatVec takes Integers too, an IntVec whole Floats.",
        example: "let v = IntVec::new()\nv.push(4)\nv.push(5)\nprint(v)",
        prints: "Vec[4, 5]",
        rule: |a| put("Vec.push", 1, a),
    },
    Entry {
        name: "Vec.pop",
        spellings: &[],
        parameters: &[LIST],
        result: "the value",
        summary: "Takes the last value off the list.",
        documentation: "An empty list is an error.",
        example: "let v = IntVec::new()\nv.push(4)\nprint(v.pop(), len(v))",
        prints: "4 0",
        rule: |a| Ok(entry_of(a.fact(0))),
    },
    Entry {
        name: "Vec.set",
        spellings: &[],
        parameters: &[LIST, Parameter::required("index", Accepts::Integer), Parameter::required("value", Accepts::Any)],
        result: "nothing",
        summary: "Puts a value in place of another.",
        documentation: "Negative indices count from the end.",
        example: "let v = IntVec::new()\nv.push(4)\nv.set(0, 7)\nprint(v)",
        prints: "Vec[7]",
        rule: |a| put("Vec.set", 2, a),
    },
    Entry {
        name: "Vec.clear",
        spellings: &[],
        parameters: &[LIST],
        result: "nothing",
        summary: "Takes every value off the list.",
        documentation: "",
        example: "let v = IntVec::new()\nv.push(4)\nv.clear()\nprint(len(v))",
        prints: "0",
        rule: |_| Ok(Fact::Void),
    },
    Entry {
        name: "Vec.is_empty",
        spellings: &[],
        parameters: &[LIST],
        result: "a Boolean",
        summary: "Whether the list has no values.",
        documentation: "",
        example: "print(IntVec::new().is_empty())",
        prints: "true",
        rule: |_| Ok(Fact::Boolean(None)),
    },
];

const LIST: Parameter = Parameter::required("vec", Accepts::Vec);

/// What is known of an entry of a list.
fn entry_of(list: &Fact) -> Fact {
    match list {
        Fact::Handle(HandleKind::Vec(ArrayKind::Integer)) => Fact::Integer(None),
        Fact::Handle(HandleKind::Vec(ArrayKind::Float)) => Fact::Float(None),
        Fact::Handle(HandleKind::Vec(ArrayKind::String)) => Fact::String(None),
        Fact::Handle(HandleKind::Vec(ArrayKind::Boolean)) => Fact::Boolean(None),
        _ => Fact::Unknown,
    }
}

/// Checks that a value is of the list's kind.
fn put(function: &str, slot: usize, arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let value = arguments.fact(slot);
    let (accepts, expected) = match entry_of(arguments.fact(0)) {
        Fact::Integer(_) => (Accepts::Integer, "a whole number"),
        Fact::Float(_) => (Accepts::Number, "a number"),
        Fact::String(_) => (Accepts::String, "a String"),
        Fact::Boolean(_) => (Accepts::Boolean, "a Boolean"),
        _ => return Ok(Fact::Void),
    };
    if accepts.allows(value) { Ok(Fact::Void) } else { Err(wrong_kind(function, expected, "value", value, slot)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;
    use crate::diagnostic::Code;

    #[test]
    fn values_are_of_the_kind_of_their_list() {
        let list = |kind| Fact::Handle(HandleKind::Vec(kind));
        let method = |kind, name| crate::catalogue::method_of(HandleKind::Vec(kind), name).unwrap().entry();
        check(method(ArrayKind::Float, "push"), &[list(ArrayKind::Float), int(1)], Ok(Fact::Void));
        check(method(ArrayKind::String, "pop"), &[list(ArrayKind::String)], Ok(Fact::String(None)));
        let message = "`Vec.set` needs a whole number for `value`, found a String";
        let arguments = [list(ArrayKind::Integer), int(0), text("a")];
        check(method(ArrayKind::Integer, "set"), &arguments, Err((Code::ArgumentType, message)));
    }
}
