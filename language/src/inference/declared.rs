//! What a declared type makes of a value: of a parameter, a result, an
//! annotation or a `tensor` declaration. Element types of tensors are never
//! changed by a call; sizes named alike are equal within one signature.

use rustc_hash::FxHashMap;

use super::history::{History, Typing};
use super::known::{Known, has_unknown};
use super::symbols::Site;
use super::walk::Walk;
use crate::catalogue::fact::{ArrayKind, Fact, HandleKind, Real};
use crate::program::names::Binding;
use crate::program::tree::*;
use crate::shape::{Dim, Shape};
use crate::size::Birth;

/// The sizes that names of one signature stand for.
pub(super) type Sizes<'w> = FxHashMap<&'w str, Dim>;

impl<'w> Walk<'w> {
    /// `value` as a declared type wants it.
    pub(super) fn converted(&mut self, to: &'w Type, value: Known, sizes: &mut Sizes<'w>) -> Known {
        let fact = match (&to.kind, &value.fact) {
            (TypeKind::Integer, fact) => Fact::Integer(fact.size()),
            (TypeKind::Float, Fact::Integer(n)) => Fact::Float(n.as_ref().map(Real::of)),
            // A tensor of one element stays one.
            (TypeKind::Float, _) => return value,
            (TypeKind::Boolean, Fact::Boolean(_)) | (TypeKind::String, Fact::String(_)) => return value,
            (TypeKind::Boolean, _) => Fact::Boolean(None),
            (TypeKind::String, _) => Fact::String(None),
            (TypeKind::Void, _) => Fact::Void,
            (TypeKind::Tensor(_, declared), fact) => return self.as_declared(declared, fact.clone(), value, sizes),
            (TypeKind::Named(name), _) => return named(name, value),
            (TypeKind::Generic { .. } | TypeKind::Entity | TypeKind::Refused(_), _) => return value,
        };
        Known { fact, ..value }
    }

    /// `let name: annotation = value`.
    pub(super) fn annotated(&mut self, annotation: &'w Type, value: Known) -> Known {
        self.converted(annotation, value, &mut Sizes::default())
    }

    fn as_declared(&mut self, declared: &'w [Size], fact: Fact, value: Known, sizes: &mut Sizes<'w>) -> Known {
        let (element, shape) = match fact {
            Fact::Tensor { element, shape } => (element, shape),
            Fact::Array { len, .. } => (None, Some(Shape(vec![len]))),
            Fact::Integer(_) | Fact::Float(_) | Fact::Boolean(_) => {
                (None, Some(Shape(vec![Dim::Known(1); declared.len()])))
            }
            _ => (None, None),
        };
        let mut shape = shape.unwrap_or_else(|| Shape(vec![Dim::Unknown; declared.len()]));
        if shape.rank() != declared.len() {
            // The call fails; nothing behind it is known.
            return Known { fact: Fact::shaped(None), ..value };
        }
        for (size, declared) in shape.0.iter_mut().zip(declared) {
            match declared {
                Size::Any => {}
                Size::Fixed(fixed) => *size = size.unify(&Dim::Known(*fixed)).unwrap_or(Dim::Unknown),
                Size::Named(name) => {
                    let bound = sizes.entry(&name.text).or_insert_with(|| size.clone());
                    if let Some(both) = bound.unify(size) {
                        *bound = both;
                    }
                    *size = bound.clone();
                }
            }
        }
        Known { fact: Fact::Tensor { element, shape: Some(shape) }, ..value }
    }

    /// Any value that a parameter allows: its declared sizes are symbols.
    pub(super) fn any_value(&mut self, parameter: &'w Parameter, sizes: &mut Sizes<'w>) -> Known {
        let Some(annotation) = &parameter.annotation else {
            return Known::lost("this parameter has no type and no call", parameter.name.span);
        };
        let TypeKind::Tensor(_, declared) = &annotation.kind else {
            return self.converted(annotation, Known::unknown(), sizes);
        };
        let span = parameter.name.span;
        let mut dims = Vec::with_capacity(declared.len());
        for (axis, size) in declared.iter().enumerate() {
            let birth = || Birth { span, message: format!("axis {axis} of the parameter `{}`", parameter.name.text) };
            let symbol = match size {
                Size::Fixed(fixed) => {
                    dims.push(Dim::Known(*fixed));
                    continue;
                }
                Size::Named(name) => self.symbols.named(Site::Declared(name.span, axis), &name.text, true, birth()),
                Size::Any => self.symbols.lettered(Site::Declared(span, axis), birth()),
            };
            dims.push(Dim::of(&symbol).unwrap_or(Dim::Unknown));
        }
        let any = Known::of(Fact::shaped(Some(Shape(dims))));
        self.converted(annotation, any, sizes)
    }

    /// An argument as a parameter has it: the sizes that whoever calls does not know are
    /// some sizes inside.
    pub(super) fn with_any_sizes(&mut self, parameter: &Name, mut known: Known) -> Known {
        let (sizes, are_axes): (&mut [Dim], bool) = match &mut known.fact {
            Fact::Tensor { shape: Some(shape), .. } => (&mut shape.0, true),
            Fact::Array { len, .. } | Fact::Tokens(len) => (std::slice::from_mut(len), false),
            _ => return known,
        };
        for (axis, size) in sizes.iter_mut().enumerate().filter(|(_, size)| **size == Dim::Unknown) {
            let what = if are_axes { format!("axis {axis}") } else { "the length".to_string() };
            let message = format!("{what} of the parameter `{}`", parameter.text);
            let birth = Birth { span: parameter.span, message };
            let named = self.symbols.lettered(Site::Declared(parameter.span, axis), birth);
            *size = Dim::of(&named).unwrap_or(Dim::Unknown);
        }
        known.reason = known.reason.filter(|_| has_unknown(&known.fact));
        known
    }

    /// The tensor of a declaration: its element type is the declared one.
    pub(super) fn declaration(&mut self, declaration: &'w TensorDeclaration) -> Known {
        let value = declaration.value.as_ref().map(|value| self.expression(value));
        let element = Some(declaration.element);
        let mut open = false;
        let mut declared = Vec::with_capacity(declaration.sizes.len());
        for size in &declaration.sizes {
            declared.push(match size {
                Size::Fixed(size) => Dim::Known(*size),
                Size::Named(name) if self.analysis.names.binding(name) != Binding::Unresolved => {
                    self.variable(name).fact.size().as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)
                }
                Size::Any | Size::Named(_) => {
                    open = true;
                    Dim::Unknown
                }
            });
        }
        if let (Some(known), Some(value)) = (&value, &declaration.value) {
            self.advise_declaration(&declaration.name, &declared, (known, value.span));
        }
        // With a size left open the shape is that of the value, else the value is
        // brought to the declared one.
        let shape = match value.as_ref().and_then(|value| self.as_tensor(value).fact.shape()) {
            Some(found) if open && found.rank() == declared.len() => {
                let unified = found.0.iter().zip(&declared).map(|(a, b)| a.unify(b).unwrap_or(Dim::Unknown));
                Shape(unified.collect())
            }
            _ => Shape(declared),
        };
        let history = History { typing: Some(Typing::Chosen), ..History::default() };
        Known::of(Fact::Tensor { element, shape: Some(shape) }).made_of(&value).with(history)
    }
}

/// `value` as one of the kinds that have a name.
fn named(name: &str, value: Known) -> Known {
    let handle = |kind: HandleKind| Fact::Handle(kind);
    let array = |kind: Option<ArrayKind>, len: Dim| Fact::Array { kind, len, integers: None };
    let fact = match (name, &value.fact) {
        ("Tensor", Fact::Tensor { .. }) => return value,
        ("Tensor", fact @ (Fact::Integer(_) | Fact::Float(_) | Fact::Array { .. })) => Fact::shaped(fact.shape()),
        ("Tensor", _) => Fact::shaped(None),
        ("Model", Fact::Handle(HandleKind::Model)) => return value,
        ("Model", _) => handle(HandleKind::Model),
        ("Layers", Fact::Handle(HandleKind::Layers)) => return value,
        ("Layers", _) => handle(HandleKind::Layers),
        ("Layer", Fact::Handle(HandleKind::Layer)) => return value,
        ("Layer", _) => handle(HandleKind::Layer),
        ("Tokenizer", _) => handle(HandleKind::Tokenizer),
        ("KVCache", _) => handle(HandleKind::KvCache),
        ("IntVec", _) => handle(HandleKind::Vec(ArrayKind::Integer)),
        ("FloatVec", _) => handle(HandleKind::Vec(ArrayKind::Float)),
        ("StringVec", _) => handle(HandleKind::Vec(ArrayKind::String)),
        ("BoolVec", _) => handle(HandleKind::Vec(ArrayKind::Boolean)),
        ("Tokens" | "TokenIds", Fact::Tokens(_)) => return value,
        ("Tokens" | "TokenIds", Fact::Array { len, .. }) => Fact::Tokens(len.clone()),
        ("Tokens" | "TokenIds", _) => Fact::Tokens(Dim::Unknown),
        ("IntArray" | "Array", Fact::Tokens(len)) => array(Some(ArrayKind::Integer), len.clone()),
        ("Array", Fact::Array { .. }) => return value,
        ("Array", _) => array(None, Dim::Unknown),
        ("IntArray" | "FloatArray" | "StringArray", fact) => {
            let kind = match name {
                "IntArray" => ArrayKind::Integer,
                "FloatArray" => ArrayKind::Float,
                _ => ArrayKind::String,
            };
            match fact {
                Fact::Array { kind: found, .. } if *found == Some(kind) => return value,
                Fact::Array { len, integers, .. } => {
                    Fact::Array { kind: Some(kind), len: len.clone(), integers: integers.clone() }
                }
                _ => array(Some(kind), Dim::Unknown),
            }
        }
        _ => Fact::Unknown,
    };
    Known { fact, handle: None, ..value }
}
