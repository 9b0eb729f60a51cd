//! What is known of array literals and of elements and parts of values. Flat
//! literals are host arrays, nested numeric ones tensors.

use std::sync::Arc;

use super::advice::bounds::{Bounds, outside, ragged};
use super::history::{History, Role};
use super::known::Known;
use super::rare::Rare;
use super::symbols::Site;
use super::walk::Walk;
use crate::catalogue::fact::{ArrayKind, Fact, HandleKind};
use crate::catalogue::indexing::between;
use crate::diagnostic::Diagnostic;
use crate::program::tree::*;
use crate::shape::{Dim, Shape, resolve_index};
use crate::size::{Birth, Size};
use crate::source::Span;

/// The most entries of an array that are followed one by one.
const MOST_ENTRIES: usize = 16;

/// A literal as it was written.
enum Nested {
    Leaf(Fact),
    /// A list and its sizes, or none where that is not known.
    List(Option<Vec<Dim>>),
}

impl<'w> Walk<'w> {
    /// `[a, b, …]`.
    pub(super) fn array(&mut self, items: &'w [Expression]) -> Known {
        let mut parts = Vec::new();
        let nested = self.nested(items, &mut parts);
        let fact = match sizes_of(&nested) {
            _ if nested.iter().all(|item| matches!(item, Nested::Leaf(_))) => {
                parts.iter().for_each(|part| self.is_whole(part));
                let leaves: Vec<&Fact> = nested.iter().filter_map(Nested::leaf).collect();
                flat(&leaves)
            }
            Some(sizes) => Fact::shaped(Some(Shape(sizes))),
            None => Fact::Unknown,
        };
        let known = Known::of(fact).made_of(&parts);
        let entry = match known.fact {
            Fact::Array { kind: Some(ArrayKind::Tensor), .. } => shared_entry(&parts),
            _ => None,
        };
        let prompt = parts.first().and_then(|first| first.history.rare().prompt);
        self.of_default_element(known.with(History::of(Rare { prompt, entry, ..Rare::default() })))
    }

    fn nested(&mut self, items: &'w [Expression], parts: &mut Vec<Known>) -> Vec<Nested> {
        let nested: Vec<Nested> = items
            .iter()
            .map(|item| match &item.kind {
                ExpressionKind::Array(inner) => {
                    let inner = self.nested(inner, parts);
                    Nested::List(sizes_of(&inner))
                }
                _ => {
                    let known = self.expression(item);
                    let fact = known.fact.clone();
                    parts.push(known);
                    match fact {
                        Fact::Array { kind: Some(ArrayKind::Integer | ArrayKind::Float), len, .. } => {
                            Nested::List(Some(vec![len]))
                        }
                        Fact::Array { kind: None | Some(ArrayKind::String | ArrayKind::Boolean), .. } => {
                            Nested::List(None)
                        }
                        fact => Nested::Leaf(fact),
                    }
                }
            })
            .collect();
        let rows: Vec<Option<Vec<Dim>>> = nested.iter().map(Nested::sizes).collect();
        if let Some((row, mismatch)) = ragged(&rows).filter(|_| rows.iter().any(|row| row != &Some(Vec::new()))) {
            self.mismatch(mismatch, items[row].span, Vec::new(), true);
        }
        nested
    }

    /// `[value; count]`.
    pub(super) fn repeated(&mut self, value: &Known, count: &Known) -> Known {
        let times = count.fact.integer().and_then(|n| usize::try_from(n).ok());
        let len = count.fact.size().filter(Size::is_natural).as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown);
        let fact = match (times, &value.fact) {
            (Some(times), _) if times <= MOST_ENTRIES => flat(&vec![&value.fact; times]),
            (Some(_), _) => match flat(&[&value.fact]) {
                Fact::Array { kind, .. } => Fact::Array { kind, len, integers: None },
                Fact::Tensor { .. } => Fact::shaped(Some(Shape(vec![len]))),
                _ => Fact::Unknown,
            },
            // An array without entries is one of Integers, whatever they would be.
            (None, Fact::Integer(_)) => Fact::Array { kind: Some(ArrayKind::Integer), len, integers: None },
            (None, Fact::Float(_) | Fact::String(_) | Fact::Boolean(_)) => {
                Fact::Array { kind: None, len, integers: None }
            }
            (None, _) => Fact::Unknown,
        };
        self.of_default_element(Known::of(fact).made_of([value, count]))
    }

    /// `object[items]`.
    pub(super) fn index(&mut self, object: &Known, items: &'w [IndexItem]) -> Known {
        let mut parts = vec![object.clone()];
        let mut evaluated = Vec::with_capacity(items.len());
        let places: Vec<Span> = items.iter().map(IndexItem::span).collect();
        for item in items {
            evaluated.push(match item {
                IndexItem::At(index) => {
                    let known = self.expression(index);
                    let at = known.fact.size();
                    parts.push(known);
                    Item::At(at)
                }
                IndexItem::Slice(start, end, _) => {
                    let start = start.as_ref().map(|bound| self.expression(bound));
                    let end = end.as_ref().map(|bound| self.expression(bound));
                    let size = |known: &Option<Known>| known.as_ref().map(|known| known.fact.size());
                    let item = Item::Slice(size(&start), size(&end));
                    parts.extend(start.into_iter().chain(end));
                    item
                }
            });
        }
        let object = &*self.as_tensor(object);
        let bounds: Vec<Bounds> = evaluated.iter().map(Item::bounds).collect();
        if let Some((item, mismatch)) = outside(&object.fact, &bounds) {
            let place = places.get(item).copied().unwrap_or_default();
            let births = self.births([(object, place)], place);
            self.mismatch(mismatch, place, births, parts.iter().all(|part| part.assured));
        }
        match (&object.fact, &evaluated[..]) {
            (Fact::Handle(HandleKind::Layers), [Item::At(at)]) => {
                if let Some(index) = at.as_ref().filter(|index| index.known().is_none()) {
                    self.advise_layer(object, index, parts.iter().all(|part| part.assured));
                }
                let at = at.as_ref().and_then(Size::known);
                let is_literal = matches!(&items[0], IndexItem::At(index) if !is_variable(index));
                self.layer(object, at, is_literal, places[0]).made_of(&parts)
            }
            (fact, items) => {
                let role = object.history.role.clone().filter(|role| matches!(role, Role::Stream(_)));
                let History { turned, typing, heads, .. } = object.history;
                let Rare { from_0, vocabulary, .. } = *object.history.rare();
                let rare = Rare { from_0, vocabulary, ..Rare::default() };
                let history = History { role, turned, typing, heads, ..History::of(rare) };
                let is_list = match fact {
                    Fact::Array { kind: Some(ArrayKind::Tensor), .. } => true,
                    Fact::Array { kind: None, .. } => object.history.rare().entry.is_some(),
                    _ => false,
                };
                if let (true, [Item::At(_)]) = (is_list, items) {
                    return self.entry_of(object, places[0]).made_of(&parts);
                }
                let fact = self.with_named_cuts(indexed(fact, items), items, &places);
                Known::of(fact).made_of(&parts).with(history)
            }
        }
    }

    /// The result of an index expression with the lengths of its slices named that are
    /// not known.
    fn with_named_cuts(&mut self, mut fact: Fact, items: &[Item], places: &[Span]) -> Fact {
        let slices = items.iter().zip(places).filter(|(item, _)| matches!(item, Item::Slice(..)));
        let sizes: &mut [Dim] = match &mut fact {
            Fact::Tensor { shape: Some(shape), .. } => &mut shape.0,
            Fact::Array { len, .. } | Fact::Tokens(len) => std::slice::from_mut(len),
            _ => return fact,
        };
        for (size, (_, place)) in sizes.iter_mut().zip(slices) {
            if *size == Dim::Unknown {
                *size = Dim::of(&self.born(*place, "the length of this slice")).unwrap_or(Dim::Unknown);
            }
        }
        fact
    }

    /// The tensors of one list joined along an axis. Sizes that the entries share and
    /// nothing tells are found here.
    pub(super) fn joined_entries(&mut self, list: &Known, axis: Option<i64>, span: Span) -> Option<Fact> {
        let (Fact::Array { len, .. }, Some(entry)) = (&list.fact, list.history.rare().entry.as_deref()) else {
            return None;
        };
        let Fact::Tensor { element, shape: Some(shape) } = &entry.fact else { return None };
        let axis = axis.and_then(|axis| resolve_index(axis, shape.rank()));
        let mut sizes = Vec::with_capacity(shape.rank());
        for (at, size) in shape.0.iter().enumerate() {
            let known = match axis {
                Some(axis) if axis == at => len.size().zip(size.size()).and_then(|(len, size)| len.times(&size)),
                Some(_) => size.size(),
                None => None,
            };
            let size = known.unwrap_or_else(|| {
                let birth = Birth { span, message: format!("axis {at} of the joined tensors") };
                self.symbols.lettered(Site::Declared(span, at), birth)
            });
            sizes.push(Dim::of(&size).unwrap_or(Dim::Unknown));
        }
        Some(Fact::Tensor { element: *element, shape: Some(Shape(sizes)) })
    }

    /// The element of a list at an index.
    pub(super) fn element(&mut self, object: &Known, index: &Known, span: Span) -> Known {
        match &object.fact {
            Fact::Handle(HandleKind::Layers) => self.layer(object, index.fact.integer(), true, span),
            Fact::Array { kind: Some(ArrayKind::Tensor), .. } => self.entry_of(object, span).made_of([object, index]),
            fact => Known::of(indexed(fact, &[Item::At(index.fact.size())])).made_of([object, index]),
        }
    }

    /// An entry of a list of tensors that is read at `span`: a size that its entries
    /// do not share is one that is found there.
    pub(super) fn entry_of(&mut self, list: &Known, span: Span) -> Known {
        let Some(entry) = list.history.rare().entry.as_deref() else { return Known::of(Fact::shaped(None)) };
        let Fact::Tensor { element, shape: Some(shape) } = &entry.fact else { return entry.clone() };
        let named = shape.0.iter().enumerate().map(|(axis, size)| match size {
            Dim::Unknown => {
                let birth = Birth { span, message: format!("axis {axis} of this entry") };
                Dim::of(&self.symbols.lettered(Site::Declared(span, axis), birth)).unwrap_or(Dim::Unknown)
            }
            size => size.clone(),
        });
        let fact = Fact::Tensor { element: *element, shape: Some(Shape(named.collect())) };
        Known { fact, ..entry.clone() }
    }

    /// A layer of a model; a number that is written there is another mistake each time.
    fn layer(&mut self, layers: &Known, index: Option<i64>, is_literal: bool, span: Span) -> Known {
        let Some(handle) = &layers.handle else {
            let any = Known::of(Fact::Handle(HandleKind::Layer));
            return layers.history.rare().absent.as_ref().map_or(any, |absent| absent.layer());
        };
        match self.models.layer(handle, index) {
            Ok(mut layer) => {
                layer.history.birth = layers.history.birth;
                layer
            }
            Err(fault) => {
                // One wrong number is told once, however many weights are read with it.
                let is_told = |problem: &Diagnostic| problem.code == fault.code && problem.message == fault.message;
                if is_literal || !self.notes.problems.iter().any(is_told) {
                    self.fault(fault, span, self.load_of(layers), layers.assured);
                }
                Known::lost("the model has no such layer", span)
            }
        }
    }
}

/// What holds for every entry of a list of these tensors.
fn shared_entry(parts: &[Known]) -> Option<Arc<Known>> {
    let (first, others) = parts.split_first()?;
    let start = Known::of(flat(&[])).entry_with(first)?;
    others.iter().try_fold(start, |entry, part| {
        let list = Known::unknown().with(History::default().with_entry(Some(entry)));
        list.entry_with(part)
    })
}

impl Nested {
    /// The sizes of a number or of a list of numbers.
    fn sizes(&self) -> Option<Vec<Dim>> {
        match self {
            Nested::Leaf(fact) => is_number(fact).then(Vec::new),
            Nested::List(sizes) => sizes.clone(),
        }
    }

    fn leaf(&self) -> Option<&Fact> {
        match self {
            Nested::Leaf(fact) => Some(fact),
            Nested::List(_) => None,
        }
    }
}

/// The sizes of a nested literal of numbers; `None` where it may be something
/// else or ragged.
fn sizes_of(items: &[Nested]) -> Option<Vec<Dim>> {
    let is_scalar = |fact: &Fact| match fact {
        Fact::Integer(_) | Fact::Float(_) => true,
        Fact::Tensor { shape: Some(shape), .. } => shape.rank() == 0,
        _ => false,
    };
    let mut inner: Option<Vec<Dim>> = None;
    for item in items {
        let sizes = match item {
            Nested::Leaf(fact) => is_scalar(fact).then(Vec::new)?,
            Nested::List(sizes) => sizes.clone()?,
        };
        inner = Some(match inner {
            None => sizes,
            Some(before) if before.len() == sizes.len() => {
                before.iter().zip(&sizes).map(|(a, b)| a.unify(b)).collect::<Option<_>>()?
            }
            Some(_) => return None,
        });
    }
    Some(std::iter::once(Dim::Known(items.len())).chain(inner.unwrap_or_default()).collect())
}

/// A flat literal.
fn flat(items: &[&Fact]) -> Fact {
    let every = |test: fn(&Fact) -> bool| items.iter().all(|fact| test(fact));
    let len = Dim::Known(items.len());
    let integers = || (items.len() <= MOST_ENTRIES).then(|| items.iter().map(|fact| fact.size()).collect());
    let array = |kind: ArrayKind| Fact::Array { kind: Some(kind), len: len.clone(), integers: None };
    if every(|fact| matches!(fact, Fact::Integer(_))) {
        Fact::Array { kind: Some(ArrayKind::Integer), len, integers: integers() }
    } else if every(|fact| matches!(fact, Fact::Integer(_) | Fact::Float(_))) {
        Fact::Array { kind: Some(ArrayKind::Float), len, integers: integers() }
    } else if every(|fact| matches!(fact, Fact::String(_))) {
        array(ArrayKind::String)
    } else if every(|fact| matches!(fact, Fact::Boolean(_))) {
        array(ArrayKind::Boolean)
    } else if every(|fact| matches!(fact, Fact::Tensor { shape: Some(shape), .. } if shape.rank() > 0)) {
        array(ArrayKind::Tensor)
    } else if every(is_number) {
        Fact::shaped(Some(Shape(vec![len])))
    } else {
        Fact::Unknown
    }
}

fn is_variable(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Variable(_))
}

fn is_number(fact: &Fact) -> bool {
    match fact {
        Fact::Integer(_) | Fact::Float(_) => true,
        Fact::Tensor { shape: Some(shape), .. } => shape.rank() == 0,
        _ => false,
    }
}

/// One index item: outer `None` is a bound that is not written, inner one that
/// is not known.
enum Item {
    At(Option<Size>),
    Slice(Option<Option<Size>>, Option<Option<Size>>),
}

impl Item {
    fn bounds(&self) -> Bounds {
        let known = |bound: &Option<Option<Size>>| match bound {
            None => Some(None),
            Some(size) => size.as_ref().and_then(Size::known).map(Some),
        };
        match self {
            Item::At(at) => at.as_ref().and_then(Size::known).map_or(Bounds::Unknown, Bounds::At),
            Item::Slice(start, end) => match known(start).zip(known(end)) {
                Some((start, end)) => Bounds::Slice(start, end),
                None => Bounds::Unknown,
            },
        }
    }
}

/// What an index expression gives.
fn indexed(object: &Fact, items: &[Item]) -> Fact {
    match (object, items) {
        (Fact::Tensor { element, shape: Some(shape) }, items) if items.len() <= shape.rank() => {
            let mut sizes = Vec::with_capacity(shape.rank());
            for (axis, size) in shape.0.iter().enumerate() {
                match items.get(axis) {
                    Some(Item::At(_)) => {}
                    Some(Item::Slice(start, end)) => sizes.push(cut(size, start, end)),
                    None => sizes.push(size.clone()),
                }
            }
            Fact::Tensor { element: *element, shape: Some(Shape(sizes)) }
        }
        (Fact::Tensor { element, .. }, _) => Fact::Tensor { element: *element, shape: None },
        (Fact::Handle(HandleKind::Feature), _) => Fact::shaped(None),
        (Fact::Array { kind, len, integers }, [Item::At(at)]) => {
            let at = at.as_ref().and_then(Size::known).zip(len.known()).and_then(|(at, len)| resolve_index(at, len));
            let entry = at.and_then(|at| integers.as_ref()?.get(at)?.clone());
            match kind {
                Some(ArrayKind::Integer) => Fact::Integer(entry),
                Some(ArrayKind::Float) => Fact::Float(entry.map(|n| crate::catalogue::fact::Real::of(&n))),
                Some(ArrayKind::String) => Fact::String(None),
                Some(ArrayKind::Boolean) => Fact::Boolean(None),
                Some(ArrayKind::Tensor) => Fact::shaped(None),
                None => Fact::Unknown,
            }
        }
        (Fact::Array { kind, len, .. }, [Item::Slice(start, end)]) => {
            Fact::Array { kind: *kind, len: cut(len, start, end), integers: None }
        }
        (Fact::Tokens(_), [Item::At(_)]) => Fact::Integer(None),
        (Fact::Tokens(len), [Item::Slice(start, end)]) => Fact::Tokens(cut(len, start, end)),
        (Fact::String(_), [_]) => Fact::String(None),
        _ => Fact::Unknown,
    }
}

/// The size of `start:end` on an axis.
fn cut(size: &Dim, start: &Option<Option<Size>>, end: &Option<Option<Size>>) -> Dim {
    // A bound that is left out or counts from the end lies inside, or the run fails.
    let resolved = |bound: &Option<Option<Size>>, default: Option<Size>| match bound {
        None => (default, true),
        Some(Some(Size::Number(n))) if *n < 0 => (size.size().and_then(|size| size.plus(&Size::Number(*n))), true),
        Some(bound) => (bound.clone(), bound.as_ref().is_some_and(Size::is_natural)),
    };
    match (resolved(start, Some(Size::Number(0))), resolved(end, size.size())) {
        ((Some(start), true), (Some(end), true)) => {
            end.minus(&start).as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)
        }
        ((start, _), (end, _)) => between(size, start, end),
    }
}
