//! Every rule against itself: whatever is not known of the arguments, what a rule then
//! says of the result has to hold for the result that it gives when all is known.

use std::collections::BTreeSet;

use super::Builtin;
use super::entry::Entry;
use super::fact::{ArrayKind, Fact, HandleKind, Real, agrees};
use crate::shape::{Dim, ElementType, Shape};
use crate::size::{Size, Symbol};

/// Values of all kinds, of which all is known.
pub fn values() -> Vec<Fact> {
    use ElementType::*;
    let tensor = |element, sizes: &[usize]| Fact::tensor(element, Shape::known(sizes));
    let array = |kind, integers: &[i64]| Fact::Array {
        kind: Some(kind),
        len: Dim::Known(integers.len()),
        integers: (kind == ArrayKind::Integer).then(|| integers.iter().map(|n| Some(Size::Number(*n))).collect()),
    };
    let mut values = vec![
        Fact::int(0),
        Fact::int(1),
        Fact::int(2),
        Fact::int(-1),
        Fact::float(0.5),
        Fact::float(1.0),
        Fact::Boolean(Some(true)),
        Fact::Tokens(Dim::Known(2)),
        Fact::Void,
        array(ArrayKind::Integer, &[2, 3]),
        array(ArrayKind::Integer, &[1, 0]),
        array(ArrayKind::Integer, &[]),
        array(ArrayKind::Float, &[1, 2]),
        array(ArrayKind::Float, &[]),
        array(ArrayKind::String, &[1]),
        array(ArrayKind::Tensor, &[1, 2]),
        tensor(Float32, &[]),
        tensor(Int64, &[]),
        tensor(Float32, &[1]),
        tensor(Bool, &[3]),
        tensor(Float32, &[2, 3]),
        tensor(Float16, &[3, 3]),
        tensor(Int32, &[2, 3]),
        tensor(Float32, &[1, 3, 2]),
        tensor(Float32, &[2, 2, 1, 4]),
    ];
    values.extend(["i,i->i", "ij,jk->ik", "ij->ji", "a"].map(|text| Fact::String(Some(text.into()))));
    let handles = [HandleKind::Model, HandleKind::Tokenizer, HandleKind::KvCache, HandleKind::Feature];
    values.extend(handles.map(Fact::Handle));
    values
}

/// The value with a part of it left open, in every way that inference may know it; `name`
/// is a symbol that may stand for a size.
pub fn less_known(fact: &Fact, name: char) -> Vec<Fact> {
    let symbol = Symbol { id: name.into(), name: name.to_string().into(), is_size: true, birth: Default::default() };
    let n = || Size::symbol(symbol.clone());
    let dim = |dim: &Dim| [Dim::Unknown].into_iter().chain(dim.known().map(|_| Dim::of(&n()).unwrap_or(Dim::Unknown)));
    let mut facts = vec![Fact::Unknown];
    match fact {
        Fact::Integer(Some(Size::Number(value))) => {
            facts.push(Fact::Integer(None));
            facts.extend((*value >= 0).then(|| Fact::Integer(Some(n()))));
        }
        Fact::Float(Some(Real::Number(value))) => {
            facts.push(Fact::Float(None));
            facts.extend((*value == 1.0).then(|| Fact::Float(Some(Real::Whole(n())))));
        }
        Fact::Boolean(Some(_)) => facts.push(Fact::Boolean(None)),
        Fact::String(Some(_)) => facts.push(Fact::String(None)),
        Fact::Tokens(len) => facts.extend(dim(len).map(Fact::Tokens)),
        Fact::Tensor { element, shape: Some(shape) } => {
            facts.push(Fact::Tensor { element: None, shape: Some(shape.clone()) });
            facts.push(Fact::Tensor { element: *element, shape: None });
            facts.push(Fact::Tensor { element: None, shape: None });
            for (axis, size) in shape.0.iter().enumerate() {
                facts.extend(dim(size).map(|open| {
                    let mut shape = shape.clone();
                    shape.0[axis] = open;
                    Fact::Tensor { element: *element, shape: Some(shape) }
                }));
            }
        }
        Fact::Array { kind, len, integers } => {
            let array = |kind, len, integers| Fact::Array { kind, len, integers };
            facts.push(array(*kind, len.clone(), None));
            facts.push(array(None, len.clone(), None));
            facts.extend(dim(len).map(|len| array(*kind, len, None)));
            for index in 0..integers.as_ref().map_or(0, Vec::len) {
                facts.extend([None, Some(n())].into_iter().map(|open| {
                    let mut integers = integers.clone();
                    integers.iter_mut().for_each(|integers| integers[index] = open.clone());
                    array(*kind, len.clone(), integers)
                }));
            }
        }
        _ => {}
    }
    facts
}

/// Calls a builtin with so many arguments of all kinds.
fn calls(entry: &Entry, count: usize, visit: &mut dyn FnMut(&[usize], &[Fact])) {
    let Ok(assigned) = entry.assign(&vec![None; count]) else { return };
    let values = values();
    let fits = |slot: usize| values.iter().filter(move |value| entry.accepts(slot).allows(value));
    let mut calls: Vec<Vec<Fact>> = vec![Vec::new()];
    for slot in &assigned {
        let longer = |call: &Vec<Fact>| -> Vec<Vec<Fact>> {
            fits(*slot).map(|value| [call.as_slice(), std::slice::from_ref(value)].concat()).collect()
        };
        calls = calls.iter().flat_map(longer).collect();
    }
    calls.iter().for_each(|call| visit(&assigned, call));
}

#[test]
fn what_is_said_of_less_holds_for_more() {
    let mut wrong = String::new();
    let mut tried = 0;
    for entry in Builtin::all().map(Builtin::entry) {
        let mut of_entry = BTreeSet::new();
        for count in 0..=3 {
            calls(entry, count, &mut |assigned, call| {
                let Ok(whole) = entry.infer(assigned, call.to_vec()) else { return };
                for (index, value) in call.iter().enumerate() {
                    for open in less_known(value, 'n') {
                        let mut less = call.to_vec();
                        less[index] = open;
                        tried += 1;
                        let told = entry.infer(assigned, less.clone());
                        if !matches!(&told, Ok(told) if agrees(told, &whole)) {
                            let names = |call: &[Fact]| call.iter().map(Fact::describe).collect::<Vec<_>>().join(", ");
                            let told = told.map_or_else(|mismatch| mismatch.message, |fact| fact.describe());
                            let (of, less) = (names(call), names(&less));
                            let name = entry.name;
                            of_entry.insert(format!("{name}({of}) is {}, {name}({less}) is {told}", whole.describe()));
                        }
                    }
                }
            });
        }
        of_entry.iter().take(8).for_each(|line| wrong.extend(["\n", line]));
    }
    assert!(tried > 1_000_000, "{tried}");
    assert!(wrong.is_empty(), "of {tried} calls:{wrong}");
}
