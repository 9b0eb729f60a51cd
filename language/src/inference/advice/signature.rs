//! Values that certainly do not fit what is declared: of a parameter, of a result, of a
//! `tensor`. The words are those of a run.

use rustc_hash::FxHashMap;

use super::Part;
use crate::catalogue::fact::{Fact, HandleKind};
use crate::diagnostic::{Code, Label};
use crate::inference::calls::Passed;
use crate::inference::history::{Role, Stream};
use crate::inference::walk::Walk;
use crate::program::tree::*;
use crate::shape::{Dim, Mismatch, Shape};

impl<'w> Walk<'w> {
    /// What is to be said of the arguments of a function of the script; whether the
    /// call may go on.
    pub(in crate::inference) fn advise_arguments(
        &mut self,
        function: &'w Function,
        assigned: &[usize],
        passed: &[Passed],
    ) -> bool {
        self.declared_types(function, assigned, passed);
        let mut sizes: FxHashMap<&str, Dim> = FxHashMap::default();
        let mut fits = true;
        for (parameter, (known, place, _)) in assigned.iter().zip(passed) {
            let parameter = &function.parameters[*parameter];
            let Some(annotation) = &parameter.annotation else { continue };
            match annotation.kind {
                TypeKind::Float => self.needs_fraction(known, *place),
                TypeKind::Integer => self.is_whole(known),
                _ => {}
            }
            let what = format!("parameter `{}` of `{}`", parameter.name.text, function.name.text);
            let declared =
                Label { place: parameter.name.span, message: format!("`{}` is declared here", parameter.name.text) };
            fits &=
                self.advise_declared((&what, annotation, declared), Code::ArgumentType, (known, *place), &mut sizes);
        }
        fits
    }

    /// What is to be said of a value that a function gives; whether it may.
    pub(in crate::inference) fn advise_result(&mut self, function: &'w Function, value: Part) -> bool {
        let Some(annotation) = function.result.as_ref().filter(|result| result.kind != TypeKind::Void) else {
            return true;
        };
        if matches!(annotation.kind, TypeKind::Float) {
            self.needs_fraction(value.0, annotation.span);
        }
        // Ways that give nothing are those of `missing-return`.
        if value.0.fact == Fact::Void {
            return true;
        }
        let what = format!("the result of `{}`", function.name.text);
        let declared = Label { place: annotation.span, message: "it is declared here".to_string() };
        let mut sizes = self.sizes.clone();
        self.advise_declared((&what, annotation, declared), Code::ReturnType, value, &mut sizes)
    }

    /// What is to be said of the value of a field of the struct `of`; whether it may be one.
    pub(in crate::inference) fn advise_field_value(
        &mut self,
        (of, field, annotation): (&str, &'w StructField, &'w Type),
        value: Part,
    ) -> bool {
        let what = format!("the field `{}` of `{of}`", field.name.text);
        let declared = Label { place: field.name.span, message: "the field is declared here".to_string() };
        self.advise_declared((&what, annotation, declared), Code::ArgumentType, value, &mut FxHashMap::default())
    }

    /// A value that certainly is not what is declared; whether it may be.
    fn advise_declared(
        &mut self,
        (what, annotation, declared): (&str, &'w Type, Label),
        code: Code,
        (known, place): Part,
        sizes: &mut FxHashMap<&'w str, Dim>,
    ) -> bool {
        if let Some(expected) = other_kind(&annotation.kind, &known.fact) {
            let message = format!("{what} is {expected}, found {}", known.fact.describe());
            self.mismatch(Mismatch::new(code, message), place, vec![declared], known.assured);
            return false;
        }
        let TypeKind::Tensor(element, size) = &annotation.kind else { return true };
        let fact = self.as_tensor(known).into_owned().fact;
        let Some(Misfit { code, reason, sizes }) = misfit(&fact, size, sizes) else { return true };
        let message = format!("{what} is declared `{element}{}`, found {}{reason}", written(size), fact.describe());
        let mut related = vec![declared];
        related.extend(self.births([(known, place)], place));
        let mismatch = match (sizes, known.history.heads, &known.history.role) {
            (
                Some((Dim::Known(expected), Dim::Known(found))),
                Some((heads, shared)),
                Some(Role::Stream(Stream::Keys | Stream::Values)),
            ) if (expected, found) == (heads, shared) && shared > 0 => Mismatch::new(Code::GqaExpansion, message)
                .help(format!("repeat each of the {shared} heads {} times before", heads / shared)),
            _ => Mismatch::new(code, message),
        };
        self.mismatch(mismatch, place, related, known.assured);
        false
    }

    /// `tensor name: type = value` with a value of another size.
    pub(in crate::inference) fn advise_declaration(&mut self, name: &Name, declared: &[Dim], value: Part) {
        let Some(found) = self.as_tensor(value.0).fact.shape() else { return };
        let all: Option<Vec<usize>> = declared.iter().map(Dim::known).collect();
        let fits = match (&all, found.known_count()) {
            (Some(sizes), Some(count)) => count == 1 || sizes.iter().product::<usize>() == count,
            (Some(_), None) => true,
            (None, _) => {
                found.rank() == declared.len() && found.0.iter().zip(declared).all(|(a, b)| a.unify(b).is_some())
            }
        };
        // What is still a symbol may be any number in a run.
        let is_certain = all.is_some() || declared.iter().all(|size| !matches!(size, Dim::Symbolic(_)));
        if fits || !is_certain {
            return;
        }
        let message = format!(
            "`{}` is declared {}, its value is {}",
            name.text,
            Shape(declared.to_vec()),
            self.as_tensor(value.0).fact.describe()
        );
        let related = self.births([value], value.1);
        self.mismatch(Mismatch::new(Code::ShapeMismatch, message), value.1, related, value.0.assured);
    }
}

/// What is declared where a value is certainly of another kind, numbers, texts and
/// handles; a tensor of one element may stand for a number.
fn other_kind(declared: &TypeKind, fact: &Fact) -> Option<String> {
    let is_text = matches!(fact, Fact::String(_) | Fact::Void | Fact::Handle(_));
    let is_list = matches!(fact, Fact::Array { .. } | Fact::Tokens(_));
    let is_number = matches!(fact, Fact::Integer(_) | Fact::Float(_) | Fact::Boolean(_));
    let is_tensor = matches!(fact, Fact::Tensor { .. } | Fact::Handle(HandleKind::Feature));
    let several = |shape: &Shape| shape.0.iter().any(|size| matches!(size, Dim::Known(n) if *n > 1));
    let is_large = is_tensor && fact.shape().as_ref().is_some_and(several);
    let handle = |kind: HandleKind| *fact != Fact::Handle(kind) && *fact != Fact::Unknown;
    match declared {
        TypeKind::Integer => (is_text || is_list || is_large).then(|| "`int`".to_string()),
        TypeKind::Float => (is_text || is_list || is_large).then(|| "`float`".to_string()),
        TypeKind::Boolean => (is_text || is_list || is_large || matches!(fact, Fact::Integer(_) | Fact::Float(_)))
            .then(|| "`bool`".to_string()),
        TypeKind::String => (!matches!(fact, Fact::String(_) | Fact::Unknown)).then(|| "`string`".to_string()),
        TypeKind::Tensor(..) => {
            let is_handle = matches!(fact, Fact::Handle(kind) if *kind != HandleKind::Feature);
            (is_handle || matches!(fact, Fact::String(_) | Fact::Void)).then(|| "a tensor".to_string())
        }
        TypeKind::Named(name) => match name.as_str() {
            "Model" => handle(HandleKind::Model),
            "Layers" => handle(HandleKind::Layers),
            "Layer" => handle(HandleKind::Layer),
            "Tokenizer" => handle(HandleKind::Tokenizer),
            "KVCache" => handle(HandleKind::KvCache),
            "Tokens" | "TokenIds" => is_number || is_text || is_tensor,
            _ => false,
        }
        .then(|| format!("`{name}`")),
        _ => None,
    }
}

/// Why a value does not fit a declared tensor.
struct Misfit {
    code: Code,
    reason: String,
    /// The size that is expected, and the one that is found.
    sizes: Option<(Dim, Dim)>,
}

/// Why a value does not fit a declared tensor; names agree within `sizes`.
fn misfit<'p>(fact: &Fact, declared: &'p [Size], sizes: &mut FxHashMap<&'p str, Dim>) -> Option<Misfit> {
    let shape = match fact {
        Fact::Tensor { shape, .. } => shape.clone()?,
        Fact::Array { .. } => fact.shape()?,
        _ => return None,
    };
    if shape.rank() != declared.len() {
        return Some(Misfit { code: Code::RankMismatch, reason: String::new(), sizes: None });
    }
    for (axis, (size, declared)) in shape.0.iter().zip(declared).enumerate() {
        let (expected, reason) = match declared {
            Size::Any => continue,
            Size::Fixed(expected) => match size.unify(&Dim::Known(*expected)) {
                Some(_) => continue,
                None => (Dim::Known(*expected), format!("axis {axis} is {size} instead of {expected}")),
            },
            Size::Named(name) => {
                let bound = sizes.entry(&name.text).or_insert_with(|| size.clone());
                match bound.unify(size) {
                    Some(both) => {
                        *bound = both;
                        continue;
                    }
                    None => (bound.clone(), format!("`{}` is already {bound}, axis {axis} is {size}", name.text)),
                }
            }
        };
        let sizes = Some((expected, size.clone()));
        return Some(Misfit { code: Code::ShapeMismatch, reason: format!(": {reason}"), sizes });
    }
    None
}

fn written(declared: &[Size]) -> String {
    let sizes: Vec<String> = declared
        .iter()
        .map(|size| match size {
            Size::Fixed(n) => n.to_string(),
            Size::Named(name) => name.text.clone(),
            Size::Any => "?".to_string(),
        })
        .collect();
    format!("[{}]", sizes.join(", "))
}
