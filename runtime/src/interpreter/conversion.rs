//! Values and declared types: what a parameter, a result, an annotation or a
//! `tensor` declaration makes of a value.

use std::collections::HashMap;
use std::sync::Arc;

use tensorlogic_language::diagnostic::Code;
use tensorlogic_language::program::executable;
use tensorlogic_language::program::names::Binding;
use tensorlogic_language::program::tree::*;

use super::statements::not_understood;
use super::{Flow, Interpreter};
use crate::failure::Failure;
use crate::tensor::Tensor;
use crate::value::{Array, Value};

impl<'p> Interpreter<'p, '_, '_> {
    /// `value` as a declared type wants it. Whole Floats and Integers convert
    /// into each other, integer arrays and tokens likewise, numeric arrays into
    /// tensors; named sizes of tensors are unified in `sizes`. Element types
    /// are not converted.
    pub(super) fn converted(
        &self,
        value: Value,
        to: &'p Type,
        sizes: &mut HashMap<&'p str, usize>,
        what: &str,
        code: Code,
    ) -> Result<Value, Failure> {
        let wrong = |value: &Value, expected: &str| {
            Failure::new(code, format!("{what} is {expected}, found {}", value.describe()))
        };
        match &to.kind {
            TypeKind::Integer => match value.to_integer() {
                Ok(n) => Ok(Value::Integer(n)),
                Err(_) => Err(wrong(&value, "`int`")),
            },
            TypeKind::Float => match value {
                Value::Integer(n) => Ok(Value::Float(n as f64)),
                Value::Float(_) => Ok(value),
                Value::Tensor(ref tensor) if tensor.count() == 1 => Ok(value),
                _ => Err(wrong(&value, "`float`")),
            },
            TypeKind::Boolean => match value.to_boolean() {
                Ok(b) if !matches!(value, Value::Integer(_)) => Ok(Value::Boolean(b)),
                _ => Err(wrong(&value, "`bool`")),
            },
            TypeKind::String => match value {
                Value::String(_) => Ok(value),
                _ => Err(wrong(&value, "`string`")),
            },
            TypeKind::Void => match value {
                Value::Void => Ok(value),
                _ => Err(wrong(&value, "`void`")),
            },
            TypeKind::Tensor(element, declared) => {
                let value = match value {
                    Value::Array(ref array) if !matches!(**array, Array::String(_) | Array::Tensor(_)) => {
                        Value::Tensor(self.context.tensor(&value)?)
                    }
                    Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {
                        let single = declared.iter().all(|size| !matches!(size, Size::Fixed(n) if *n != 1));
                        if !single {
                            return Err(wrong(&value, &format!("`{}`", type_text(to))));
                        }
                        let shape = vec![1; declared.len()];
                        Value::Tensor(self.context.tensor(&value)?.reshape(&shape)?)
                    }
                    other => other,
                };
                let shape = match &value {
                    Value::Tensor(tensor) => tensor.shape().to_vec(),
                    Value::Weight(_, weight) => weight.shape().to_vec(),
                    other => return Err(wrong(other, &format!("`{element}` tensor `{}`", type_text(to)))),
                };
                unify(&shape, declared, sizes).map_err(|problem| {
                    let (code, reason) = match problem {
                        Misfit::Rank => (Code::RankMismatch, String::new()),
                        Misfit::Size(reason) => (Code::ShapeMismatch, format!(": {reason}")),
                    };
                    let found = value.describe();
                    Failure::new(code, format!("{what} is declared `{}`, found {found}{reason}", type_text(to)))
                })?;
                Ok(value)
            }
            TypeKind::Named(name) => self.named(value, name, what, code),
            TypeKind::Generic { .. } | TypeKind::Entity | TypeKind::Refused(_) => {
                Err(match executable::written_type(to) {
                    Some((construct, _)) => {
                        Failure::new(Code::NotSupportedYet, format!("{construct} cannot be executed yet"))
                    }
                    None => not_understood(),
                })
            }
        }
    }

    /// `value` as one of the kinds that have a name.
    fn named(&self, value: Value, name: &str, what: &str, code: Code) -> Result<Value, Failure> {
        let value = match (name, value) {
            ("Tensor", value @ (Value::Integer(_) | Value::Float(_) | Value::Array(_))) => {
                Value::Tensor(self.context.tensor(&value)?)
            }
            ("Tokens" | "TokenIds", value @ Value::Array(_)) => {
                let ids = value.to_integers().map_err(Failure::runtime)?;
                let ids: Result<Vec<u32>, _> = ids.into_iter().map(u32::try_from).collect();
                Value::Tokens(Arc::new(ids.map_err(|_| Failure::runtime(format!("{what} needs ids of at least 0")))?))
            }
            ("IntArray" | "Array", Value::Tokens(ids)) => Value::integers(ids.iter().map(|id| i64::from(*id))),
            (_, value) => value,
        };
        let fits = match name {
            "Tensor" => matches!(value, Value::Tensor(_) | Value::Weight(..)),
            "Model" => matches!(value, Value::Model(_)),
            "Layers" => matches!(value, Value::Layers(..)),
            "Layer" => matches!(value, Value::Layer(..)),
            "Tokenizer" => matches!(value, Value::Tokenizer(_)),
            "Tokens" | "TokenIds" => matches!(value, Value::Tokens(_)),
            "Array" => matches!(value, Value::Array(_)),
            "IntArray" => matches!(&value, Value::Array(a) if matches!(**a, Array::Integer(_))),
            "FloatArray" => matches!(&value, Value::Array(a) if matches!(**a, Array::Float(_))),
            "StringArray" => matches!(&value, Value::Array(a) if matches!(**a, Array::String(_))),
            _ => false,
        };
        if fits {
            Ok(value)
        } else {
            Err(Failure::new(code, format!("{what} is `{name}`, found {}", value.describe())))
        }
    }

    /// `let name: annotation = value`.
    pub(super) fn annotated(&mut self, name: &'p Name, annotation: &'p Type, value: Value) -> Flow {
        let what = format!("`{}`", name.text);
        let converted = self.converted(value, annotation, &mut HashMap::new(), &what, Code::ArgumentType);
        self.at(annotation.span, converted)
    }

    /// The tensor of a declaration: zeros without an initialiser; else its
    /// values in the declared element type, reshaped where the count allows.
    pub(super) fn declared_tensor(&mut self, declaration: &'p TensorDeclaration, value: Option<Value>) -> Flow {
        let span = declaration.span;
        if declaration.refused.is_some() {
            return Err(self.fail(span, not_understood()));
        }
        let mut declared = Vec::with_capacity(declaration.sizes.len());
        for size in &declaration.sizes {
            declared.push(match size {
                Size::Fixed(size) => Some(*size),
                Size::Any => None,
                Size::Named(name) if self.names.binding(name) == Binding::Unresolved => None,
                Size::Named(name) => {
                    let size = self.variable(name)?.to_integer().ok().and_then(|n| usize::try_from(n).ok());
                    let message = format!("the size `{}` must be a whole number of at least 0", name.text);
                    Some(self.at(name.span, size.ok_or_else(|| Failure::new(Code::ArgumentType, message)))?)
                }
            });
        }
        let all: Option<Vec<usize>> = declared.iter().copied().collect();
        let Some(value) = value else {
            let message = format!("`{}` has no initialiser, so every size must be known", declaration.name.text);
            let sizes = self.at(span, all.ok_or_else(|| Failure::new(Code::ShapeMismatch, message)))?;
            let zeros = Tensor::zeros(&sizes, declaration.element, &self.context.device);
            return Ok(Value::Tensor(self.at(span, zeros)?));
        };
        let tensor = self.at(span, self.context.tensor(&value))?;
        let matches = tensor.shape().len() == declared.len()
            && tensor.shape().iter().zip(&declared).all(|(size, declared)| declared.is_none_or(|d| d == *size));
        let shaped = match all {
            _ if matches => tensor,
            Some(sizes) if tensor.count() == 1 => {
                let filled = tensor.reshape(&vec![1; sizes.len()]).and_then(|tensor| tensor.broadcast_to(&sizes));
                self.at(span, filled)?
            }
            Some(sizes) if sizes.iter().product::<usize>() == tensor.count() => {
                self.at(span, tensor.reshape(&sizes))?
            }
            _ => {
                let sizes: Vec<String> = declared.iter().map(|d| d.map_or("?".into(), |d| d.to_string())).collect();
                let message = format!(
                    "`{}` is declared [{}], its value is {}",
                    declaration.name.text,
                    sizes.join(", "),
                    value.describe()
                );
                return Err(self.fail(span, Failure::new(Code::ShapeMismatch, message)));
            }
        };
        Ok(Value::Tensor(self.at(span, shaped.cast(declaration.element))?))
    }
}

enum Misfit {
    Rank,
    Size(String),
}

/// Compares a shape with declared sizes; names must agree within `sizes`.
fn unify<'p>(shape: &[usize], declared: &'p [Size], sizes: &mut HashMap<&'p str, usize>) -> Result<(), Misfit> {
    if shape.len() != declared.len() {
        return Err(Misfit::Rank);
    }
    for (axis, (size, declared)) in shape.iter().zip(declared).enumerate() {
        match declared {
            Size::Any => {}
            Size::Fixed(expected) if expected == size => {}
            Size::Fixed(expected) => return Err(Misfit::Size(format!("axis {axis} is {size} instead of {expected}"))),
            Size::Named(name) => {
                let bound = *sizes.entry(&name.text).or_insert(*size);
                if bound != *size {
                    return Err(Misfit::Size(format!("`{}` is already {bound}, axis {axis} is {size}", name.text)));
                }
            }
        }
    }
    Ok(())
}

/// A type as scripts write it.
fn type_text(written: &Type) -> String {
    match &written.kind {
        TypeKind::Integer => "int".into(),
        TypeKind::Float => "float".into(),
        TypeKind::Boolean => "bool".into(),
        TypeKind::String => "string".into(),
        TypeKind::Void => "void".into(),
        TypeKind::Named(name) | TypeKind::Generic { name, .. } => name.clone(),
        TypeKind::Entity => "entity".into(),
        TypeKind::Refused(form) => (*form).into(),
        TypeKind::Tensor(element, sizes) => {
            let sizes: Vec<String> = sizes
                .iter()
                .map(|size| match size {
                    Size::Fixed(n) => n.to_string(),
                    Size::Named(name) => name.text.clone(),
                    Size::Any => "?".into(),
                })
                .collect();
            format!("{element}[{}]", sizes.join(", "))
        }
    }
}
