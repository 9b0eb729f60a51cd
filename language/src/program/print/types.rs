//! Types and modifiers.

use super::{INVALID, list, name, refused};
use crate::program::tree::*;

pub(super) fn written_type(written: &Type) -> String {
    match &written.kind {
        TypeKind::Integer => "int".into(),
        TypeKind::Float => "float".into(),
        TypeKind::Boolean => "bool".into(),
        TypeKind::String => "string".into(),
        TypeKind::Void => "void".into(),
        TypeKind::Tensor(element, all) => format!("{element}[{}]", sizes(all)),
        TypeKind::Named(name) => name.clone(),
        TypeKind::Generic { name, arguments, .. } => format!("{name}<{}>", list(arguments.iter().map(written_type))),
        TypeKind::Entity => "entity".into(),
        TypeKind::Refused(form) => refused(form),
    }
}

pub(super) fn type_or_invalid(written: Option<&Type>) -> String {
    written.map_or_else(|| INVALID.into(), written_type)
}

/// `: type modifier` behind a name, as far as it is there.
pub(super) fn annotation(annotation: Option<&Type>, modifier: Option<Modifier>) -> String {
    let annotation = annotation.map(|annotation| format!(": {}", written_type(annotation)));
    annotation.unwrap_or_default() + &modifier_behind(modifier)
}

/// ` learnable` behind a type.
pub(super) fn modifier_behind(modifier: Option<Modifier>) -> String {
    modifier.map(|modifier| format!(" {}", modifier.word())).unwrap_or_default()
}

/// `<A, B>` behind a name.
pub(super) fn type_parameters(names: &[Name]) -> String {
    if names.is_empty() { String::new() } else { format!("<{}>", list(names.iter().map(|one| name(one).into()))) }
}

pub(super) fn sizes(all: &[Size]) -> String {
    list(all.iter().map(|size| match size {
        Size::Fixed(size) => size.to_string(),
        Size::Named(size) => name(size).into(),
        Size::Any => "?".into(),
    }))
}

pub(super) fn cast_type(to: CastType) -> &'static str {
    match to {
        CastType::Integer => "int",
        CastType::Integer32 => "i32",
        CastType::Float => "float",
        CastType::Float32 => "f32",
        CastType::Element(element) => element.name(),
    }
}
