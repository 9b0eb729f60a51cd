//! What is known of one value of a script before a run: its fact, and besides
//! what handles and texts need to be followed. Two of them can be joined to what
//! holds for both; nothing here knows where in a program a value stands.

use std::sync::Arc;

use super::history::History;
use super::passing::Translation;
use super::structs::Fields;
use crate::catalogue::fact::{ArrayKind, Fact, Real};
use crate::shape::{Dim, Shape};
use crate::size::{Size, Symbol};
use crate::source::Span;

/// What is known of one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its kind, shape and small content.
    pub fact: Fact,
    /// Where in which model a handle stands.
    pub handle: Option<Handle>,
    /// Why a part of it is not known, where a reason is known.
    pub reason: Option<Arc<Reason>>,
    /// The text that it is, or is unless the command line says otherwise.
    pub(super) text: Option<Arc<Text>>,
    /// Whether it is a number or a tensor without axes, where it is open which.
    pub(super) is_number: bool,
    /// Whether it holds whatever the command line says.
    pub(super) assured: bool,
    /// Whether the run certainly fails before there is such a value.
    pub(super) fails: bool,
    /// What it has gone through.
    pub(super) history: History,
    /// Its fields, where it is a struct whose fields are known.
    pub(super) fields: Option<Fields>,
}

/// A place in a model's tree of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handle {
    /// Which model of the inference.
    pub(super) model: usize,
    /// The path from the model, parts joined by dots; `*` is a layer whose
    /// number is not known.
    pub(super) path: Arc<str>,
}

/// The first thing that lost what was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What happened, as a clause without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// A text that stands in the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) content: String,
    /// The literal.
    pub(super) span: Span,
    /// Whether it is the default of an `arg`.
    pub(super) is_default: bool,
}

impl Known {
    /// A value of which only its fact is known.
    pub(super) fn of(fact: Fact) -> Known {
        Known {
            fact,
            handle: None,
            reason: None,
            text: None,
            is_number: false,
            assured: true,
            fails: false,
            history: History::default(),
            fields: None,
        }
    }

    /// A value of which nothing is known.
    pub(super) fn unknown() -> Known {
        Known::of(Fact::Unknown)
    }

    /// A value of which nothing is known, and why.
    pub(super) fn lost(message: impl Into<String>, span: Span) -> Known {
        Known::unknown().because(message, span)
    }

    /// What a failure gives; it is one if what it follows from holds whatever the
    /// command line says.
    pub(super) fn failed(message: impl Into<String>, span: Span, assured: bool) -> Known {
        Known { fails: assured, ..Known::lost(message, span) }
    }

    /// The value of what gives none.
    pub(super) fn void() -> Known {
        Known::of(Fact::Void)
    }

    /// The same with a history.
    pub(super) fn with(self, history: History) -> Known {
        Known { history, ..self }
    }

    /// The same as a function sees it that it is passed to, or that calls one for it.
    pub(super) fn inside(self: &Known) -> Known {
        match self.fact {
            Fact::Handle(_) => self.clone(),
            _ => Known {
                fields: self.fields.as_ref().map(|fields| fields.map(&mut |_, known| known.inside())),
                ..self.clone().with(self.history.inside(&self.fact))
            },
        }
    }

    /// The same with the place that gave it its shape, unless one is known.
    pub(super) fn born_at(mut self, span: Span) -> Known {
        self.history.birth.get_or_insert(span);
        self
    }

    /// How an editor shows it behind a name: the sizes of a tensor, the number of
    /// tokens; nothing for what says itself.
    pub fn hint(&self) -> Option<String> {
        match &self.fact {
            Fact::Tensor { shape: Some(shape), .. } => Some(shape.to_string()),
            Fact::Tokens(len) => Some(format!("Tokens[{len}]")),
            _ => None,
        }
    }

    /// The same with a reason, unless it has one already.
    pub(super) fn because(mut self, message: impl Into<String>, span: Span) -> Known {
        if self.reason.is_none() {
            self.reason = Some(Arc::new(Reason { message: message.into(), span }));
        }
        self
    }

    /// The same, made of these other values: as assured as they are, and with
    /// their reason where a part of it is not known.
    pub(super) fn made_of<'k>(mut self, parts: impl IntoIterator<Item = &'k Known>) -> Known {
        let open = has_unknown(&self.fact);
        for part in parts {
            self.assured &= part.assured;
            self.fails |= part.fails;
            if open && self.reason.is_none() {
                self.reason = part.reason.clone();
            }
        }
        self
    }

    /// Whether both are the same but for what they have gone through.
    pub(super) fn is_alike(&self, other: &Known) -> bool {
        (&self.fact, self.is_number) == (&other.fact, other.is_number)
            && (&self.handle, &self.text, &self.fields) == (&other.handle, &other.text, &other.fields)
    }

    /// Whether both are the same but for the place that gave it its shape.
    pub(super) fn is_same_but_for_birth(&self, other: &Known) -> bool {
        self == other
            || self.is_alike(other) && self.reason == other.reason && {
                let history = History { birth: other.history.birth, ..self.history.clone() };
                (self.assured, self.fails) == (other.assured, other.fails) && history == other.history
            }
    }

    /// What holds for both.
    pub(super) fn join(&self, other: &Known) -> Known {
        // Behind both is only what has not failed.
        if self == other || other.fails {
            return self.clone();
        }
        if self.fails {
            return other.clone();
        }
        let fact = join(&self.fact, &other.fact);
        let open = has_unknown(&fact);
        Known {
            handle: join_handles(self.handle.as_ref(), other.handle.as_ref()),
            reason: self.reason.clone().or_else(|| other.reason.clone()).filter(|_| open),
            text: self.text.clone().filter(|text| Some(text) == other.text.as_ref()),
            is_number: fact == Fact::Unknown && self.is_like_a_number() && other.is_like_a_number(),
            assured: self.assured && other.assured,
            fails: false,
            history: self.joined_history(other).with_entry(self.entry_beside(other)),
            fields: self.fields.as_ref().zip(other.fields.as_ref()).and_then(|(a, b)| a.join(b)),
            fact,
        }
    }

    /// Whether it stands wherever a number may.
    pub(super) fn is_like_a_number(&self) -> bool {
        match &self.fact {
            Fact::Integer(_) | Fact::Float(_) => true,
            Fact::Tensor { shape: Some(shape), .. } => shape.rank() == 0,
            Fact::Unknown => self.is_number,
            _ => false,
        }
    }

    /// Its shape, where it is a tensor of a known rank, or may be one without axes.
    pub fn shape(&self) -> Option<Shape> {
        match &self.fact {
            Fact::Tensor { shape, .. } => shape.clone(),
            Fact::Unknown if self.is_number => Some(Shape::default()),
            _ => None,
        }
    }

    /// What both have gone through; what has no elements yet has gone through anything.
    pub(super) fn joined_history(&self, other: &Known) -> History {
        let joined = self.history.join(&other.history);
        match (self.has_no_elements(), other.has_no_elements()) {
            (true, false) => joined.in_the_role_of(&other.history),
            (false, true) => joined.in_the_role_of(&self.history),
            _ => joined,
        }
    }

    fn has_no_elements(&self) -> bool {
        matches!(&self.fact, Fact::Tensor { shape: Some(shape), .. } if shape.0.contains(&Dim::Known(0)))
    }

    /// What holds for every entry of this list of tensors and of another one.
    fn entry_beside(&self, other: &Known) -> Option<Arc<Known>> {
        let is_empty = |known: &Known| matches!(known.fact, Fact::Array { len: Dim::Known(0), .. });
        match (&self.history.rare().entry, &other.history.rare().entry) {
            (None, entry) if is_empty(self) => entry.clone(),
            (entry, None) if is_empty(other) => entry.clone(),
            (a, b) => Some(Arc::new(a.as_ref()?.join(b.as_ref()?))),
        }
    }

    /// What holds for every entry of this list and for one more: its numbers, since
    /// what a symbol stands for changes from round to round.
    pub(super) fn entry_with(&self, element: &Known) -> Option<Arc<Known>> {
        let Fact::Tensor { .. } = element.fact else { return None };
        let fact = map_sizes(&element.fact, &mut |_, _| None);
        let entry = Known::of(fact).with(element.history.of_entry());
        let empty = Known::of(Fact::Array { kind: None, len: Dim::Known(0), integers: None });
        let one = empty.clone().with(History::default().with_entry(Some(Arc::new(entry))));
        self.entry_beside(&Known { fact: Fact::Unknown, ..one })
    }

    /// Looks at every symbol in it and in its fields.
    pub(super) fn for_each_symbol(&self, look: &mut dyn FnMut(&Symbol)) {
        map_sizes(&self.fact, &mut |size, _| {
            size.symbols(look);
            None
        });
        self.fields.iter().for_each(|fields| fields.for_each(&mut |known| known.for_each_symbol(look)));
    }

    /// The same with its symbols and places as they are somewhere else.
    pub(super) fn translated(self, with: &mut dyn Translation) -> Known {
        let fact = if has_symbols(&self.fact) { translated(&self.fact, with) } else { self.fact };
        let reason = self.reason.map(|reason| {
            let Reason { message, span } = &*reason;
            Arc::new(Reason { message: message.clone(), span: with.place(*span) })
        });
        let text = self.text.map(|text| Arc::new(Text { span: with.place(text.span), ..(*text).clone() }));
        let history = self.history.translated(with);
        let fields = self.fields.map(|fields| fields.map(&mut |_, known| known.clone().translated(with)));
        Known { fact, reason, text, history, fields, ..self }
    }

    /// The same with every size in it and in its fields replaced by what `with` makes of it.
    pub(super) fn with_sizes(self, with: &mut dyn FnMut(&Size, bool) -> Option<Size>) -> Known {
        let fact = map_sizes(&self.fact, with);
        let fields = self.fields.as_ref().map(|fields| fields.map(&mut |_, known| known.clone().with_sizes(with)));
        Known { fact, fields, ..self }
    }

    /// What holds for both, with a reason for what no longer does.
    pub(super) fn join_because(&self, other: &Known, message: &str, span: Span) -> Known {
        let joined = self.join(other);
        let lost = has_unknown(&joined.fact) && !(has_unknown(&self.fact) && has_unknown(&other.fact));
        if lost { joined.because(message, span) } else { joined }
    }
}

/// What holds for both facts.
pub(super) fn join(a: &Fact, b: &Fact) -> Fact {
    fn same<T: Clone + PartialEq>(a: &Option<T>, b: &Option<T>) -> Option<T> {
        a.clone().filter(|a| Some(a) == b.as_ref())
    }
    match (a, b) {
        _ if a == b => a.clone(),
        (Fact::Integer(_), Fact::Integer(_)) => Fact::Integer(None),
        (Fact::Float(_), Fact::Float(_)) => Fact::Float(None),
        (Fact::Boolean(_), Fact::Boolean(_)) => Fact::Boolean(None),
        (Fact::String(_), Fact::String(_)) => Fact::String(None),
        (Fact::Tensor { element, shape }, Fact::Tensor { element: other, shape: other_shape }) => Fact::Tensor {
            element: same(element, other),
            shape: match (shape, other_shape) {
                (Some(a), Some(b)) if a.rank() == b.rank() => {
                    Some(Shape(a.0.iter().zip(&b.0).map(|(a, b)| a.join(b)).collect()))
                }
                _ => None,
            },
        },
        (Fact::Array { kind, len, integers }, Fact::Array { kind: other, len: other_len, integers: others }) => {
            Fact::Array {
                kind: join_kinds((kind, len), (other, other_len)),
                len: len.join(other_len),
                integers: match (integers, others) {
                    (Some(a), Some(b)) if a.len() == b.len() => {
                        Some(a.iter().zip(b).map(|(a, b)| same(a, b)).collect())
                    }
                    _ => None,
                },
            }
        }
        (Fact::Tokens(a), Fact::Tokens(b)) => Fact::Tokens(a.join(b)),
        // Ids are as good in an array.
        (Fact::Tokens(a), Fact::Array { kind: None | Some(ArrayKind::Integer), len: b, .. })
        | (Fact::Array { kind: None | Some(ArrayKind::Integer), len: a, .. }, Fact::Tokens(b)) => {
            Fact::Array { kind: None, len: a.join(b), integers: None }
        }
        _ => Fact::Unknown,
    }
}

/// The kind of two arrays: one without entries has that of the other.
pub(super) fn join_kinds(
    (a, len): (&Option<ArrayKind>, &Dim),
    (b, other): (&Option<ArrayKind>, &Dim),
) -> Option<ArrayKind> {
    match (len, other) {
        (Dim::Known(0), _) => *b,
        (_, Dim::Known(0)) => *a,
        _ => a.filter(|a| Some(*a) == *b),
    }
}

/// Handles of one model join to the layer whose number is open.
fn join_handles(a: Option<&Handle>, b: Option<&Handle>) -> Option<Handle> {
    let (a, b) = (a?, b?);
    if a.model != b.model {
        return None;
    }
    let (first, second): (Vec<&str>, Vec<&str>) = (a.path.split('.').collect(), b.path.split('.').collect());
    let is_number = |part: &str| part == "*" || part.parse::<usize>().is_ok();
    let parts = first.iter().zip(&second).map(|(a, b)| match a == b {
        true => Some(*a),
        false => (is_number(a) && is_number(b)).then_some("*"),
    });
    let parts: Vec<&str> = parts.collect::<Option<_>>().filter(|_| first.len() == second.len())?;
    Some(Handle { model: a.model, path: parts.join(".").into() })
}

/// Whether a part of a fact is open that a reader would want to know.
pub(super) fn has_unknown(fact: &Fact) -> bool {
    match fact {
        Fact::Unknown | Fact::Tensor { shape: None, .. } => true,
        Fact::Tensor { shape: Some(shape), .. } => shape.0.contains(&Dim::Unknown),
        Fact::Array { len, .. } | Fact::Tokens(len) => *len == Dim::Unknown,
        _ => false,
    }
}

fn has_symbols(fact: &Fact) -> bool {
    let is_symbolic = |dim: &Dim| matches!(dim, Dim::Symbolic(_));
    match fact {
        Fact::Integer(Some(Size::Sum(_))) | Fact::Float(Some(Real::Whole(_))) => true,
        Fact::Tensor { shape: Some(shape), .. } => shape.0.iter().any(is_symbolic),
        Fact::Tokens(len) => is_symbolic(len),
        Fact::Array { len, integers, .. } => {
            let mut integers = integers.iter().flatten().flatten();
            is_symbolic(len) || integers.any(|n| n.known().is_none())
        }
        _ => false,
    }
}

/// A fact with its symbols as they are somewhere else.
pub(super) fn translated(fact: &Fact, with: &mut dyn Translation) -> Fact {
    map_sizes(fact, &mut |size, _| size.replace(&mut |symbol| Some(with.symbol(symbol))))
}

/// Every size in a fact, replaced by what `with` makes of it. `with` is told
/// whether it is a size, which cannot be below 0.
pub(super) fn map_sizes(fact: &Fact, with: &mut dyn FnMut(&Size, bool) -> Option<Size>) -> Fact {
    let dim = |dim: &Dim, with: &mut dyn FnMut(&Size, bool) -> Option<Size>| match dim {
        Dim::Symbolic(size) => with(size, true).as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown),
        other => other.clone(),
    };
    match fact {
        Fact::Integer(Some(n)) => Fact::Integer(with(n, false)),
        Fact::Float(Some(Real::Whole(n))) => Fact::Float(with(n, false).map(|n| Real::of(&n))),
        Fact::Tensor { element, shape } => Fact::Tensor {
            element: *element,
            shape: shape.as_ref().map(|shape| Shape(shape.0.iter().map(|size| dim(size, with)).collect())),
        },
        Fact::Array { kind, len, integers } => Fact::Array {
            kind: *kind,
            len: dim(len, with),
            integers: integers
                .as_ref()
                .map(|all| all.iter().map(|n| n.as_ref().and_then(|n| with(n, false))).collect()),
        },
        Fact::Tokens(len) => Fact::Tokens(dim(len, with)),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_handles_leave_the_layer_open() {
        let at = |path: &str| Handle { model: 0, path: path.into() };
        let check = |a: &str, b: &str, expected: Option<&str>| {
            assert_eq!(join_handles(Some(&at(a)), Some(&at(b))), expected.map(at), "{a} with {b}");
        };
        check("blk.0", "blk.3", Some("blk.*"));
        check("blk.0.attn_q", "blk.*.attn_q", Some("blk.*.attn_q"));
        check("blk.0.attn_q", "blk.0.attn_k", None);
        check("blk", "blk.0", None);
    }

    #[test]
    fn joined_shapes_keep_what_is_equal() {
        let of = |sizes: &[usize]| Fact::shaped(Some(Shape::known(sizes)));
        let expected = Fact::shaped(Some(Shape(vec![Dim::Known(2), Dim::Unknown])));
        assert_eq!(join(&of(&[2, 3]), &of(&[2, 4])), expected);
        assert_eq!(join(&of(&[2, 3]), &of(&[2])), Fact::shaped(None));
        assert_eq!(join(&Fact::int(2), &Fact::int(3)), Fact::Integer(None));
        assert_eq!(join(&Fact::int(2), &of(&[])), Fact::Unknown);
    }
}
