//! What the builtins do: one file per family, beside the entry of the same name
//! in the catalogue. Each is a match over the family's enum without a wildcard,
//! so the compiler asks for the kernel of every declared builtin. Arguments
//! arrive checked: the interpreter has applied the entry's shape rule to them.

pub mod arguments;
mod reduction;

use tensorlogic_language::catalogue::Builtin;

use crate::context::Context;
use crate::failure::Stop;
use crate::value::Value;
use arguments::Arguments;

/// Runs a builtin on arguments that its entry has accepted.
pub fn call(builtin: Builtin, context: &mut Context, arguments: &Arguments) -> Result<Value, Stop> {
    match builtin {
        Builtin::Reduction(which) => reduction::call(which, context, arguments),
    }
}
