//! The catalogue of builtins: every function that a script can call without
//! declaring it, declared once. A family is one file here and one of the same
//! name in the runtime's `kernels/`; the compiler ties the two halves together.

pub mod activation;
pub mod collection;
pub mod conversion;
pub mod creation;
pub mod entry;
pub mod equation;
pub mod fact;
pub mod indexing;
pub mod io;
pub mod linear_algebra;
pub mod mask;
pub mod model;
pub mod normalization;
pub mod planned;
pub mod position;
pub mod process;
pub mod reduction;
pub mod rules;
pub mod sampling;
pub mod shaping;
pub mod tokenizer;

use std::collections::HashMap;
use std::sync::LazyLock;

use entry::Entry;

macro_rules! families {
    ($($module:ident::$family:ident, $title:literal;)*) => {
        /// A builtin function, by family.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Builtin {
            $(#[doc = concat!("See [`", stringify!($module), "`].")] $family($module::$family),)*
        }

        impl Builtin {
            /// Every builtin, family by family.
            pub fn all() -> impl Iterator<Item = Builtin> {
                let families: Vec<Vec<Builtin>> =
                    vec![$($module::$family::ALL.iter().map(|b| Builtin::$family(*b)).collect()),*];
                families.into_iter().flatten()
            }

            /// Its declaration.
            pub fn entry(self) -> &'static Entry {
                match self { $(Builtin::$family(builtin) => builtin.entry(),)* }
            }

            /// The title of its family, for completion lists and the reference.
            pub fn category(self) -> &'static str {
                match self { $(Builtin::$family(_) => $title,)* }
            }
        }
    };
}

families! {
    io::Io, "Input and output";
    creation::Creation, "Creation";
    shaping::Shaping, "Shapes";
    indexing::Indexing, "Indexing";
    collection::Collection, "Collections";
    conversion::Conversion, "Conversion";
    reduction::Reduction, "Reductions";
    linear_algebra::LinearAlgebra, "Linear algebra";
    activation::Activation, "Activations";
    normalization::Normalization, "Normalization";
    position::Position, "Positions";
    mask::Mask, "Masks";
    sampling::Sampling, "Sampling";
    model::Model, "Models";
    tokenizer::Tokenizer, "Tokenizers";
    process::Process, "The run";
}

/// The builtin that a script means by `name`, under any of its spellings.
pub fn find(name: &str) -> Option<Builtin> {
    BY_NAME.get(name).copied()
}

/// Every spelling of every builtin, in no particular order.
pub fn names<'n>() -> impl Iterator<Item = &'n str> {
    BY_NAME.keys().map(|name| -> &'n str { name })
}

static BY_NAME: LazyLock<HashMap<&'static str, Builtin>> = LazyLock::new(|| {
    Builtin::all()
        .flat_map(|builtin| {
            let entry = builtin.entry();
            std::iter::once(entry.name).chain(entry.spellings.iter().copied()).map(move |name| (name, builtin))
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_belongs_to_one_builtin() {
        let mut seen = HashMap::new();
        for builtin in Builtin::all() {
            let entry = builtin.entry();
            for name in std::iter::once(entry.name).chain(entry.spellings.iter().copied()) {
                assert!(seen.insert(name, builtin).is_none(), "`{name}` is declared twice");
            }
        }
    }

    #[test]
    fn every_entry_is_complete() {
        for builtin in Builtin::all() {
            let entry = builtin.entry();
            assert!(entry.summary.ends_with('.'), "`{}` needs a summary that is a sentence", entry.name);
            assert!(!entry.example.is_empty(), "`{}` needs an example", entry.name);
            assert!(!entry.result.is_empty(), "`{}` needs a result", entry.name);
        }
    }
}
