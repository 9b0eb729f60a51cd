//! Types as written.

use super::super::tree::*;
use super::{Lowering, is_missing};
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean};
use crate::shape::ElementType;
use crate::source::Span;
use crate::syntax::{Field, Kind, Node};

/// What `tensor` types are made of.
const ELEMENT_TYPES: [&str; 6] = ["float16", "float32", "int16", "int32", "int64", "bool"];

/// A tensor type, or why what stands there is none.
pub(super) struct TensorType {
    pub(super) element: ElementType,
    pub(super) sizes: Vec<Size>,
    pub(super) refused: Option<&'static str>,
}

impl Lowering<'_> {
    /// The type at `node`; `None` where it is broken, and reported.
    pub(super) fn written_type(&mut self, node: Node) -> Option<Type> {
        let kind = match node.kind() {
            Kind::TensorType => {
                let TensorType { element, sizes, refused } = self.tensor_type(node);
                refused.map_or(TypeKind::Tensor(element, sizes), TypeKind::Refused)
            }
            Kind::PrimitiveType => self.scalar(self.text(node), node.span())?,
            Kind::EntityType => TypeKind::Entity,
            Kind::NamedType => {
                let name = self.text(node.field(Field::Name)?);
                match node.field(Field::Arguments) {
                    Some(arguments) => self.generic(name, arguments),
                    None => self.scalar_alias(name, node.span()).unwrap_or_else(|| TypeKind::Named(name.into())),
                }
            }
            _ => return None,
        };
        Some(Type { kind, span: node.span() })
    }

    fn generic(&mut self, name: &str, list: Node) -> TypeKind {
        let arguments = self.deeper(list, |this| {
            let arguments = list.children().into_iter();
            this.quietly(|this| arguments.filter_map(|argument| this.written_type(argument)).collect())
        });
        match arguments {
            Some(arguments) => TypeKind::Generic { name: name.into(), arguments, brackets: list.span() },
            None => TypeKind::Refused("type arguments"),
        }
    }

    fn scalar(&mut self, word: &str, span: Span) -> Option<TypeKind> {
        Some(match word {
            "int" => TypeKind::Integer,
            "float" => TypeKind::Float,
            "bool" => TypeKind::Boolean,
            "string" => TypeKind::String,
            "void" => TypeKind::Void,
            "complex16" | "complex64" => TypeKind::Refused(self.complex(word, span)),
            _ => return self.scalar_alias(word, span),
        })
    }

    /// Complex numbers are not part of the language any more.
    fn complex(&mut self, word: &str, span: Span) -> &'static str {
        let problem = Diagnostic::new(Code::NotSupportedYet, span, format!("`{word}` cannot be executed yet"));
        self.problems.push(problem.severity(Severity::Error));
        "complex type"
    }

    /// The sized words, which have a size in tensors only.
    fn scalar_alias(&mut self, word: &str, span: Span) -> Option<TypeKind> {
        let (kind, canonical) = match word {
            "int16" | "int32" | "int64" | "i32" | "i64" => (TypeKind::Integer, "int"),
            "float16" | "float32" | "float64" | "f16" | "f32" | "f64" => (TypeKind::Float, "float"),
            _ => return None,
        };
        let message = format!("`{word}` outside of a tensor type is read as `{canonical}`");
        let fix = self.instead(span, canonical);
        self.legacy(span, message, format!("write `{canonical}`, or `{word}[…]` for a tensor"), Some(fix));
        Some(kind)
    }

    fn tensor_type(&mut self, node: Node) -> TensorType {
        let mut refused = None;
        let element = node.field(Field::Element);
        let element = element.map_or(ElementType::Float32, |word| self.element(word, &mut refused));
        let sizes = node.field(Field::Dimensions).map(|list| self.sizes(list)).unwrap_or_default();
        TensorType { element, sizes, refused }
    }

    fn element(&mut self, node: Node, refused: &mut Option<&'static str>) -> ElementType {
        let word = self.text(node);
        match word {
            "float64" => {
                let fix = self.instead(node.span(), "float32");
                self.legacy(node.span(), "`float64` is read as `float32`", "write `float32`", Some(fix));
            }
            "complex16" | "complex64" => *refused = Some(self.complex(word, node.span())),
            _ if ElementType::from_word(word).is_none() => {
                *refused = Some("element type");
                let message = format!("tensors have no elements of type `{word}`");
                let close = match word {
                    "float" => Some("float32"),
                    "int" => Some("int64"),
                    _ => did_you_mean(word, ELEMENT_TYPES),
                };
                let help = match close {
                    Some(close) => format!("write `{close}[…]`"),
                    None => format!("use one of {}", ELEMENT_TYPES.map(|word| format!("`{word}`")).join(", ")),
                };
                self.problem_with_help(Code::UnknownName, node.span(), message, help);
            }
            _ => {}
        }
        ElementType::from_word(word).unwrap_or(ElementType::Float32)
    }

    fn sizes(&mut self, list: Node) -> Vec<Size> {
        let sizes: Vec<Size> =
            list.children().into_iter().filter(|size| !is_missing(*size)).map(|size| self.size(size)).collect();
        if sizes.is_empty() && list.children().is_empty() && !list.has_error() {
            self.syntax_error(list.span(), "a tensor type needs its sizes", "write `?` for each size that may vary");
        }
        sizes
    }

    fn size(&mut self, node: Node) -> Size {
        match node.kind() {
            Kind::Integer => {
                self.integer(node).and_then(|size| usize::try_from(size).ok()).map_or(Size::Any, Size::Fixed)
            }
            Kind::Identifier => Size::Named(self.name(node)),
            Kind::WildcardDimension => Size::Any,
            // Reported as faults.
            Kind::MalformedNumber | Kind::ComplexNumber => Size::Any,
            _ => {
                let message = format!("`{}` is not a size", self.text(node));
                self.problem_with_help(
                    Code::MalformedNumber,
                    node.span(),
                    message,
                    "write a whole number, a name or `?`",
                );
                Size::Any
            }
        }
    }

    /// The type behind `tensor name:`.
    pub(super) fn declared_tensor_type(&mut self, item: Node, name: &Name) -> TensorType {
        let mut refused = "missing type";
        match item.field(Field::Type) {
            Some(node) if node.kind() == Kind::TensorType => return self.tensor_type(node),
            Some(node) if is_missing(node) => {}
            Some(node) => {
                refused = "type without sizes";
                let message = format!("`{}` is not a tensor type", self.text(node));
                self.syntax_error(node.span(), message, "add the sizes, as in `float32[2, 3]`");
            }
            None if item.has_error() => {}
            None => {
                let message = format!("the tensor `{}` has no type", name.text);
                let problem = Diagnostic::new(Code::SyntaxError, name.span, message)
                    .help(format!("write `tensor {}: float32[…]`", name.text));
                self.problems.push(problem);
            }
        }
        TensorType { element: ElementType::Float32, sizes: Vec::new(), refused: Some(refused) }
    }
}
