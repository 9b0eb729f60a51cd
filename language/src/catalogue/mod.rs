//! The catalogue of builtins: every function that a script can call without
//! declaring it, declared once. A family is one file here and one of the same
//! name in the runtime's `kernels/`; the compiler ties the two halves together.
//! What no kernel executes yet is declared in [`later`], as fully as the rest.
//!
//! A name tells how a builtin is called: `softmax` as a function or as a method of
//! its first argument, `KVCache::new` behind the type, `KVCache.set` as a method of
//! that kind of value only.

pub mod activation;
pub mod arithmetic;
pub mod attention;
pub mod axes;
pub mod category;
pub mod collection;
pub mod conversion;
pub mod creation;
pub mod drawing;
pub mod entry;
pub mod equation;
pub mod fact;
pub mod fused;
pub mod indexing;
pub mod io;
pub mod later;
pub mod linear_algebra;
pub mod mask;
pub mod math;
pub mod model;
pub mod normalization;
pub mod operands;
pub mod position;
pub mod process;
pub mod property;
pub mod reduction;
pub mod reference;
pub mod rules;
pub mod sampling;
pub mod selection;
pub mod shaping;
#[cfg(test)]
pub mod soundness;
pub mod text;
pub mod tokenizer;

use std::collections::HashMap;
use std::sync::LazyLock;

use category::Category;
use entry::Entry;
use fact::{Fact, HandleKind};
use later::Later;

macro_rules! families {
    ($($module:ident::$family:ident, $category:ident;)*) => {
        /// A builtin, by family.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Builtin {
            $(#[doc = concat!("See [`", stringify!($module), "`].")] $family($module::$family),)*
            /// See [`later`].
            Later(Later),
        }

        impl Builtin {
            /// Every builtin, family by family.
            pub fn all() -> impl Iterator<Item = Builtin> {
                let families: Vec<Vec<Builtin>> =
                    vec![$($module::$family::ALL.iter().map(|b| Builtin::$family(*b)).collect()),*];
                families.into_iter().flatten().chain(Later::all().map(Builtin::Later))
            }

            /// Its declaration.
            pub fn entry(self) -> &'static Entry {
                match self {
                    $(Builtin::$family(builtin) => builtin.entry(),)*
                    Builtin::Later(builtin) => builtin.entry(),
                }
            }

            /// What it is about.
            pub fn category(self) -> Category {
                match self {
                    $(Builtin::$family(_) => Category::$category,)*
                    Builtin::Later(builtin) => builtin.category(),
                }
            }

            /// Whether a run can execute it today.
            pub fn is_executable(self) -> bool {
                !matches!(self, Builtin::Later(_))
            }
        }
    };
}

families! {
    io::Io, Io;
    text::Text, Text;
    creation::Creation, Creation;
    shaping::Shaping, Shapes;
    axes::Axes, Shapes;
    indexing::Indexing, Indexing;
    selection::Selection, Indexing;
    collection::Collection, Collections;
    conversion::Conversion, Conversion;
    arithmetic::Arithmetic, Arithmetic;
    math::Math, Mathematics;
    reduction::Reduction, Reductions;
    linear_algebra::LinearAlgebra, LinearAlgebra;
    activation::Activation, Activations;
    normalization::Normalization, Normalization;
    position::Position, Positions;
    mask::Mask, Masks;
    attention::Attention, Attention;
    fused::Fused, Fused;
    sampling::Sampling, Sampling;
    drawing::Drawing, Sampling;
    model::Model, Models;
    tokenizer::Tokenizer, Tokenizers;
    process::Process, Process;
}

/// The builtin that a script means by `name(…)`, under any of its spellings.
pub fn find(name: &str) -> Option<Builtin> {
    BY_NAME.get(name).copied()
}

/// The builtin that a script means by `namespace::name(…)`: one of that type, such
/// as `KVCache::new`, or any function behind an element type or `Tensor`.
pub fn find_in(namespace: &str, name: &str) -> Option<Builtin> {
    let any = matches!(namespace, "f16" | "f32" | "Tensor").then(|| find(name)).flatten();
    find(&format!("{namespace}::{name}")).or(any)
}

/// Whether a type of the language has functions behind `::`.
pub fn is_namespace(name: &str) -> bool {
    BY_NAME.keys().any(|known| known.strip_prefix(name).is_some_and(|rest| rest.starts_with("::")))
}

/// The builtins that are methods of one kind of value and are called `name` there.
pub fn methods(name: &str) -> &'static [Builtin] {
    METHODS.get(name).map_or(&[], Vec::as_slice)
}

/// The method `name` that only handles of this kind have.
pub fn method_of(kind: HandleKind, name: &str) -> Option<Builtin> {
    let takes = |builtin: &Builtin| builtin.entry().parameters[0].accepts.allows(&Fact::Handle(kind));
    methods(name).iter().copied().find(takes)
}

/// Every spelling of every builtin, in no particular order.
pub fn names<'n>() -> impl Iterator<Item = &'n str> {
    BY_NAME.keys().map(|name| -> &'n str { name })
}

static BY_NAME: LazyLock<HashMap<&'static str, Builtin>> = LazyLock::new(|| {
    Builtin::all().flat_map(|builtin| builtin.entry().names().map(move |name| (name, builtin))).collect()
});

static METHODS: LazyLock<HashMap<&'static str, Vec<Builtin>>> = LazyLock::new(|| {
    let mut methods: HashMap<&str, Vec<Builtin>> = HashMap::new();
    for builtin in Builtin::all() {
        for (_, method) in builtin.entry().names().filter_map(|name| name.split_once('.')) {
            methods.entry(method).or_default().push(builtin);
        }
    }
    methods
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_belongs_to_one_builtin() {
        let mut seen = HashMap::new();
        for builtin in Builtin::all() {
            for name in builtin.entry().names() {
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

    #[test]
    fn methods_belong_to_their_kind_of_value() {
        let name = |kind, method| method_of(kind, method).map(|builtin| builtin.entry().name);
        assert_eq!(name(HandleKind::KvCache, "set"), Some("KVCache.set"));
        assert_eq!(name(HandleKind::Vec(fact::ArrayKind::Float), "set"), Some("Vec.set"));
        assert_eq!(name(HandleKind::Model, "set"), None);
        assert_eq!(methods("softmax"), []);
    }

    #[test]
    fn a_type_leads_to_its_functions() {
        let name = |namespace, function| find_in(namespace, function).map(|builtin| builtin.entry().name);
        assert_eq!(name("KVCache", "new"), Some("KVCache::new"));
        assert_eq!(name("Tensor", "zeros"), Some("zeros"));
        assert_eq!(name("f16", "softmax"), Some("softmax"));
        assert_eq!(name("KVCache", "zeros"), None);
        assert!(is_namespace("KVCache") && !is_namespace("KV"));
    }
}
