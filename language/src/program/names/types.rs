//! The names of types, wherever a type is written.

use super::resolver::Resolver;
use crate::diagnostic::Code;
use crate::program::tree::*;

/// Kinds of values that have a name besides those of the grammar.
const KINDS: [&str; 18] = [
    "Array",
    "BoolArray",
    "BoolVec",
    "Feature",
    "FloatArray",
    "FloatVec",
    "IntArray",
    "IntVec",
    "KVCache",
    "Layer",
    "Layers",
    "Model",
    "StringArray",
    "StringVec",
    "Tensor",
    "TokenIds",
    "Tokenizer",
    "Tokens",
];

impl<'p> Resolver<'_, 'p> {
    /// The types of parameters and of a result.
    pub(super) fn signature(&mut self, parameters: &'p [Parameter], result: Option<&'p Type>) {
        let annotations = parameters.iter().filter_map(|parameter| parameter.annotation.as_ref());
        annotations.chain(result).for_each(|written| self.written_type(written));
    }

    /// A type as written: its name is known, and it has as many types in its brackets
    /// as its struct is open for.
    pub(super) fn written_type(&mut self, written: &'p Type) {
        let Some(name) = written.name() else { return };
        let span = written.span.with(written.span.start(), written.span.start() + name.len());
        let seen = self.outside(name);
        let is_kind = KINDS.contains(&name) || self.type_parameters.contains(&name) || seen.entity.is_some();
        if seen.structure.is_none() && !is_kind {
            let known = KINDS.into_iter().chain(self.type_parameters.clone());
            let known = known.chain(self.declared.struct_names()).chain(self.declared.entity_names());
            let known: Vec<&str> = known.collect();
            self.unknown(Code::UnknownName, span, format!("no type is called `{name}`"), name, known);
        }
        let TypeKind::Generic { arguments, brackets, .. } = &written.kind else { return };
        arguments.iter().for_each(|argument| self.written_type(argument));
        let Some(shape) = seen.structure.filter(|shape| shape.type_parameters != arguments.len()) else { return };
        let types = if shape.type_parameters == 1 { "type" } else { "types" };
        let message = format!("`{name}` takes {} {types}, found {}", shape.type_parameters, arguments.len());
        self.problem(Code::Arity, *brackets, message);
    }
}
