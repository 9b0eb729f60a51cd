//! What the builtins do: one file per family, beside the entry of the same name
//! in the catalogue. Each is a match over the family's enum without a wildcard,
//! so the compiler asks for the kernel of every builtin of a family; what the
//! catalogue declares for later has none. Arguments
//! arrive checked: the interpreter has applied the entry's shape rule to them.

mod activation;
pub mod arguments;
mod arithmetic;
mod attention;
mod axes;
mod collection;
pub mod conversion;
mod creation;
mod drawing;
pub mod equality;
mod fused;
mod indexing;
mod io;
pub mod linear_algebra;
mod mask;
mod math;
mod model;
mod normalization;
mod position;
mod process;
mod reduction;
mod sampling;
mod selection;
mod shaping;
#[cfg(test)]
mod tests;
mod text;
mod tokenizer;

use tensorlogic_language::catalogue::Builtin;
use tensorlogic_language::diagnostic::Code;

use crate::context::Context;
use crate::failure::{Failure, Stop};
use crate::value::Value;
use arguments::Arguments;

/// Runs a builtin on arguments that its entry has accepted.
pub fn call(builtin: Builtin, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    let resolved = arguments.resolved()?;
    let arguments = &match &resolved {
        Some(values) => {
            // What became known may not fit after all.
            (arguments.entry.rule)(&values.map(Value::fact))?;
            Arguments { values, ..*arguments }
        }
        None => Arguments { ..*arguments },
    };
    match builtin {
        Builtin::Io(which) => io::call(which, context, arguments),
        Builtin::Text(which) => text::call(which, context, arguments),
        Builtin::Creation(which) => creation::call(which, context, arguments),
        Builtin::Shaping(which) => shaping::call(which, context, arguments),
        Builtin::Axes(which) => axes::call(which, context, arguments),
        Builtin::Indexing(which) => indexing::call(which, context, arguments),
        Builtin::Selection(which) => selection::call(which, context, arguments),
        Builtin::Collection(which) => collection::call(which, context, arguments),
        Builtin::Conversion(which) => conversion::call(which, context, arguments),
        Builtin::Arithmetic(which) => arithmetic::call(which, context, arguments),
        Builtin::Math(which) => math::call(which, context, arguments),
        Builtin::Reduction(which) => reduction::call(which, context, arguments),
        Builtin::LinearAlgebra(which) => linear_algebra::call(which, context, arguments),
        Builtin::Activation(which) => activation::call(which, context, arguments),
        Builtin::Normalization(which) => normalization::call(which, context, arguments),
        Builtin::Position(which) => position::call(which, context, arguments),
        Builtin::Mask(which) => mask::call(which, context, arguments),
        Builtin::Attention(which) => attention::call(which, context, arguments),
        Builtin::Fused(which) => fused::call(which, context, arguments),
        Builtin::Drawing(which) => drawing::call(which, context, arguments),
        Builtin::Sampling(which) => sampling::call(which, context, arguments),
        Builtin::Model(which) => model::call(which, context, arguments),
        Builtin::Tokenizer(which) => tokenizer::call(which, context, arguments),
        Builtin::Process(which) => process::call(which, context, arguments),
        Builtin::Later(which) => {
            let message = format!("`{}` cannot be executed yet", which.entry().name);
            Err(Failure::new(Code::NotSupportedYet, message).into())
        }
    }
}
