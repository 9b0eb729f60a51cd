//! What is declared of a builtin: names, parameters, documentation and shape
//! rule. Completion, hover, the reference page, the check of a call and the
//! interpreter all read this one entry.

use crate::catalogue::fact::{ArrayKind, Fact, HandleKind};
use crate::diagnostic::Code;
use crate::shape::{Mismatch, Shape};

/// The declaration of one builtin.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The canonical name: `softmax`, `KVCache::new` or, of a method that only one
    /// kind of value has, `KVCache.set`.
    pub name: &'static str,
    /// Other names of the same function.
    pub spellings: &'static [&'static str],
    /// The parameters in order; a variadic one takes all remaining positional
    /// arguments, those behind it are passed by name only.
    pub parameters: &'static [Parameter],
    /// The result, as a reader would write it.
    pub result: &'static str,
    /// One sentence, complete in itself.
    pub summary: &'static str,
    /// Formulas, edge cases and sources; may be empty.
    pub documentation: &'static str,
    /// The body of a `main` that shows it, or a whole script with its own `main`.
    pub example: &'static str,
    /// What the example prints.
    pub prints: &'static str,
    /// From the facts of the arguments to the fact of the result. A mismatch
    /// blames a slot of [`Bound`].
    pub rule: fn(&Bound<Fact>) -> Result<Fact, Mismatch>,
}

/// One parameter of a builtin.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The name for `name = value`.
    pub name: &'static str,
    /// What it takes.
    pub accepts: Accepts,
    /// Whether it must be passed, has a default, or takes any number.
    pub presence: Presence,
}

/// Whether a parameter must be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It may be left out; the text says what holds then.
    Optional(&'static str),
    /// Any number of positional arguments, at least so many.
    Variadic(usize),
}

impl Parameter {
    /// A parameter that must be passed.
    pub const fn required(name: &'static str, accepts: Accepts) -> Parameter {
        Parameter { name, accepts, presence: Presence::Required }
    }

    /// A parameter with a default, told as text.
    pub const fn optional(name: &'static str, accepts: Accepts, default: &'static str) -> Parameter {
        Parameter { name, accepts, presence: Presence::Optional(default) }
    }

    /// A parameter that takes all remaining positional arguments.
    pub const fn variadic(name: &'static str, accepts: Accepts, at_least: usize) -> Parameter {
        Parameter { name, accepts, presence: Presence::Variadic(at_least) }
    }
}

/// What kinds of values a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Anything.
    Any,
    /// A tensor, a weight, a numeric array or a number (as a 0-d tensor).
    Tensor,
    /// An Integer, a Float or a one-element tensor.
    Number,
    /// A size, index, axis or count: an Integer, whole Float or one-element tensor.
    Integer,
    /// A list of sizes: an array or a rank-1 tensor of whole numbers.
    Sizes,
    /// One size, or a list of sizes.
    SizeOrSizes,
    /// A Boolean.
    Boolean,
    /// A String.
    String,
    /// Token ids: Tokens, whole numbers, arrays and tensors of them.
    Ids,
    /// A tensor or token ids, whichever the other argument is not.
    TensorOrIds,
    /// An array, Tokens, a String, a tensor or another thing that has a length.
    Collection,
    /// A handle of this kind.
    Handle(HandleKind),
    /// A list that grows in place.
    Vec,
    /// An entity: its name as a word, or a String.
    Entity,
    /// The path of a tokenizer, or a loaded model that contains one.
    TokenizerSource,
}

impl Accepts {
    /// How messages call what is accepted.
    pub fn describe(self) -> &'static str {
        match self {
            Accepts::Any => "any value",
            Accepts::Tensor => "a tensor",
            Accepts::Number => "a number",
            Accepts::Integer => "a whole number",
            Accepts::Sizes => "an array of sizes",
            Accepts::SizeOrSizes => "a size or an array of sizes",
            Accepts::Boolean => "a Boolean",
            Accepts::String => "a String",
            Accepts::Ids => "token ids",
            Accepts::TensorOrIds => "a tensor or token ids",
            Accepts::Collection => "a collection",
            Accepts::Handle(kind) => kind.described(),
            Accepts::Vec => "an IntVec, FloatVec, StringVec or BoolVec",
            Accepts::Entity => "an entity",
            Accepts::TokenizerSource => "the path of a tokenizer or a Model",
        }
    }

    /// Whether a value of which `fact` is known may be passed; what is not
    /// known is allowed.
    pub fn allows(self, fact: &Fact) -> bool {
        let is_number = matches!(fact, Fact::Integer(_) | Fact::Float(_));
        let is_tensor = matches!(fact, Fact::Tensor { .. } | Fact::Handle(HandleKind::Feature));
        let numeric_array = matches!(
            fact,
            Fact::Array { kind: None | Some(ArrayKind::Integer | ArrayKind::Float | ArrayKind::Boolean), .. }
        );
        let may_be_single = match fact {
            Fact::Tensor { shape: Some(shape), .. } => shape.known_count().is_none_or(|n| n == 1),
            Fact::Tensor { shape: None, .. } => true,
            _ => false,
        };
        match (self, fact) {
            (Accepts::Any, _) | (_, Fact::Unknown) => true,
            (Accepts::Tensor, _) => is_tensor || is_number || numeric_array || matches!(fact, Fact::Boolean(_)),
            (Accepts::Number, _) => is_number || may_be_single,
            (Accepts::Integer, Fact::Float(Some(x))) => x.whole().is_some(),
            (Accepts::Integer, _) => is_number || may_be_single,
            (Accepts::Sizes, _) => numeric_array || is_tensor,
            (Accepts::SizeOrSizes, _) => numeric_array || is_tensor || Accepts::Integer.allows(fact),
            (Accepts::Boolean, _) => matches!(fact, Fact::Boolean(_)) || may_be_single,
            (Accepts::String, _) => matches!(fact, Fact::String(_)),
            (Accepts::Ids | Accepts::TensorOrIds, _) => {
                is_number || numeric_array || is_tensor || matches!(fact, Fact::Tokens(_))
            }
            (Accepts::Collection, _) => {
                is_tensor
                    || matches!(
                        fact,
                        Fact::Array { .. }
                            | Fact::Tokens(_)
                            | Fact::String(_)
                            | Fact::Handle(HandleKind::Layers | HandleKind::KvCache | HandleKind::Vec(_))
                    )
            }
            (Accepts::Handle(kind), _) => *fact == Fact::Handle(kind),
            (Accepts::Vec, _) => matches!(fact, Fact::Handle(HandleKind::Vec(_))),
            (Accepts::Entity, _) => matches!(fact, Fact::String(_)),
            (Accepts::TokenizerSource, _) => {
                matches!(fact, Fact::String(_)) || *fact == Fact::Handle(HandleKind::Model)
            }
        }
    }
}

/// Arguments that have found their parameters.
#[derive(Clone, Debug)]
pub struct Bound<T> {
    fixed: Vec<Option<T>>,
    rest: Vec<T>,
}

impl<T> Bound<T> {
    /// The argument of the parameter at `index`, if it was passed.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.fixed.get(index).and_then(Option::as_ref)
    }

    /// The arguments of the variadic parameter.
    pub fn rest(&self) -> &[T] {
        &self.rest
    }

    /// The slot of an argument of the variadic parameter: what a rule blames.
    /// Every other argument has the index of its parameter as its slot.
    pub fn rest_slot(&self, index: usize) -> usize {
        self.fixed.len() + index
    }

    /// The same arguments seen through `view`.
    pub fn map<'b, U>(&'b self, mut view: impl FnMut(&'b T) -> U) -> Bound<U> {
        Bound {
            fixed: self.fixed.iter().map(|slot| slot.as_ref().map(&mut view)).collect(),
            rest: self.rest.iter().map(view).collect(),
        }
    }

    /// Every argument with its slot.
    pub fn slots(&self) -> impl Iterator<Item = (usize, &T)> {
        let fixed = self.fixed.iter().enumerate().filter_map(|(slot, value)| Some((slot, value.as_ref()?)));
        fixed.chain(self.rest.iter().enumerate().map(|(index, value)| (self.rest_slot(index), value)))
    }

    /// The same arguments converted, each with its slot, or the first failure.
    pub fn try_map<U, E>(&self, mut view: impl FnMut(usize, &T) -> Result<U, E>) -> Result<Bound<U>, E> {
        let mut mapped = Bound { fixed: self.fixed.iter().map(|_| None).collect(), rest: Vec::new() };
        for (slot, value) in self.slots() {
            let value = view(slot, value)?;
            match mapped.fixed.get_mut(slot) {
                Some(place) => *place = Some(value),
                None => mapped.rest.push(value),
            }
        }
        Ok(mapped)
    }
}

impl Bound<Fact> {
    /// The fact of the parameter at `index`; unknown if it was not passed.
    pub fn fact(&self, index: usize) -> &Fact {
        self.get(index).unwrap_or(&Fact::Unknown)
    }

    /// The shape of the tensor at `index`, where known.
    pub fn shape(&self, index: usize) -> Option<Shape> {
        self.fact(index).shape()
    }
}

/// Why arguments do not find their parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindProblem {
    /// What is wrong.
    pub message: String,
    /// The argument at fault, where one is.
    pub argument: Option<usize>,
}

impl Entry {
    /// All its names, the canonical one first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.spellings.iter().copied())
    }

    /// What stands behind the dot, if only one kind of value has it as a method.
    pub fn method(&self) -> Option<&'static str> {
        self.name.split_once('.').map(|(_, method)| method)
    }

    /// The example as a script of its own.
    pub fn script(&self) -> String {
        if self.example.contains("main {") {
            return format!("{}\n", self.example);
        }
        format!("main {{\n{}\n}}\n", self.example)
    }

    /// Which parameter each argument belongs to: for every argument, in order,
    /// its name if it has one.
    pub fn assign(&self, names: &[Option<&str>]) -> Result<Vec<usize>, BindProblem> {
        let mut assigned = Vec::with_capacity(names.len());
        let mut next = 0;
        for (argument, name) in names.iter().enumerate() {
            let parameter = match name {
                Some(name) => self.parameters.iter().position(|p| p.name == *name).ok_or_else(|| BindProblem {
                    message: format!("`{}` has no parameter `{name}`; it has {}", self.name, self.parameter_names()),
                    argument: Some(argument),
                })?,
                None => {
                    let Some(parameter) = self.parameters.get(next) else {
                        return Err(BindProblem { message: self.count_message(names.len()), argument: Some(argument) });
                    };
                    if !matches!(parameter.presence, Presence::Variadic(_)) {
                        next += 1;
                    }
                    next - usize::from(!matches!(parameter.presence, Presence::Variadic(_)))
                }
            };
            let variadic = matches!(self.parameters[parameter].presence, Presence::Variadic(_));
            if !variadic && assigned.contains(&parameter) {
                return Err(BindProblem {
                    message: format!("`{}` is passed twice to `{}`", self.parameters[parameter].name, self.name),
                    argument: Some(argument),
                });
            }
            assigned.push(parameter);
        }
        for (index, parameter) in self.parameters.iter().enumerate() {
            let given = assigned.iter().filter(|p| **p == index).count();
            let needed = match parameter.presence {
                Presence::Required => 1,
                Presence::Optional(_) => 0,
                Presence::Variadic(at_least) => at_least,
            };
            if given < needed {
                return Err(BindProblem { message: self.count_message(names.len()), argument: None });
            }
        }
        Ok(assigned)
    }

    /// Puts arguments into the slots that [`Entry::assign`] found for them.
    pub fn bind<T>(&self, assigned: &[usize], arguments: Vec<T>) -> Bound<T> {
        let mut bound = Bound { fixed: self.parameters.iter().map(|_| None).collect(), rest: Vec::new() };
        for (parameter, argument) in assigned.iter().zip(arguments) {
            match self.parameters[*parameter].presence {
                Presence::Variadic(_) => bound.rest.push(argument),
                _ => bound.fixed[*parameter] = Some(argument),
            }
        }
        bound
    }

    /// What a slot of [`Bound`] accepts.
    pub fn accepts(&self, slot: usize) -> Accepts {
        let variadic = || self.parameters.iter().find(|p| matches!(p.presence, Presence::Variadic(_)));
        self.parameters.get(slot).or_else(variadic).map_or(Accepts::Any, |parameter| parameter.accepts)
    }

    /// The argument in a slot of [`Bound`], counted as written.
    pub fn argument_in(&self, assigned: &[usize], slot: usize) -> Option<usize> {
        let is_variadic = |parameter: usize| matches!(self.parameters[parameter].presence, Presence::Variadic(_));
        match slot.checked_sub(self.parameters.len()) {
            None => assigned.iter().position(|parameter| *parameter == slot),
            Some(index) => {
                let variadic = assigned.iter().enumerate().filter(|(_, parameter)| is_variadic(**parameter));
                variadic.map(|(argument, _)| argument).nth(index)
            }
        }
    }

    /// Checks kinds, then applies the shape rule. The argument at fault is
    /// counted as written.
    pub fn infer(&self, assigned: &[usize], facts: Vec<Fact>) -> Result<Fact, Mismatch> {
        for (argument, (parameter, fact)) in assigned.iter().zip(&facts).enumerate() {
            let parameter = &self.parameters[*parameter];
            if !parameter.accepts.allows(fact) {
                let message = format!(
                    "`{}` needs {} for `{}`, found {}",
                    self.name,
                    parameter.accepts.describe(),
                    parameter.name,
                    fact.describe()
                );
                return Err(Mismatch::new(Code::ArgumentType, message).argument(argument));
            }
        }
        (self.rule)(&self.bind(assigned, facts)).map_err(|mismatch| Mismatch {
            argument: mismatch.argument.and_then(|slot| self.argument_in(assigned, slot)),
            ..mismatch
        })
    }

    /// `name(first, second = default, …)`, or `first.method(second, …)`.
    pub fn signature(&self) -> String {
        let mut parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|p| match p.presence {
                Presence::Required => p.name.to_string(),
                Presence::Optional(default) => format!("{} = {default}", p.name),
                Presence::Variadic(_) => format!("{}…", p.name),
            })
            .collect();
        let called = match self.method() {
            Some(method) => format!("{}.{method}", parameters.remove(0)),
            None => self.name.to_string(),
        };
        format!("{called}({})", parameters.join(", "))
    }

    fn parameter_names(&self) -> String {
        let names: Vec<String> = self.parameters.iter().map(|p| format!("`{}`", p.name)).collect();
        if names.is_empty() { "none".into() } else { names.join(", ") }
    }

    fn count_message(&self, found: usize) -> String {
        // Who calls a method does not count the value before the dot.
        let receiver = usize::from(self.method().is_some());
        let required = self.parameters.iter().filter(|p| p.presence == Presence::Required).count();
        let least = self.parameters.iter().fold(required - receiver, |sum, p| match p.presence {
            Presence::Variadic(at_least) => sum + at_least,
            _ => sum,
        });
        let unbounded = self.parameters.iter().any(|p| matches!(p.presence, Presence::Variadic(_)));
        let most = self.parameters.len() - receiver;
        let expected = match (unbounded, least == most) {
            (true, _) => format!("at least {}", plural(least)),
            (false, true) => plural(most),
            (false, false) => format!("{least} to {}", plural(most)),
        };
        let found = found.saturating_sub(receiver);
        format!("`{}` takes {expected}, found {found}: {}", self.name, self.signature())
    }
}

fn plural(count: usize) -> String {
    if count == 1 { "1 argument".into() } else { format!("{count} arguments") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: Entry = Entry {
        name: "join",
        spellings: &[],
        parameters: &[
            Parameter::required("first", Accepts::Any),
            Parameter::variadic("others", Accepts::Any, 1),
            Parameter::optional("axis", Accepts::Integer, "0"),
        ],
        result: "tensor",
        summary: "",
        documentation: "",
        example: "",
        prints: "",
        rule: |_| Ok(Fact::Void),
    };

    fn check(names: &[Option<&str>], expected: Result<&[usize], &str>) {
        let found = ENTRY.assign(names);
        match expected {
            Ok(parameters) => assert_eq!(found.unwrap(), parameters),
            Err(message) => assert_eq!(found.unwrap_err().message, message),
        }
    }

    #[test]
    fn slots_find_their_arguments() {
        let assigned = ENTRY.assign(&[None, None, None, Some("axis")]).unwrap();
        let bound = ENTRY.bind(&assigned, vec!["a", "b", "c", "d"]);
        assert_eq!(bound.rest(), ["b", "c"]);
        assert_eq!(ENTRY.argument_in(&assigned, 2), Some(3));
        assert_eq!(ENTRY.argument_in(&assigned, bound.rest_slot(1)), Some(2));
        assert_eq!(ENTRY.argument_in(&assigned, bound.rest_slot(2)), None);
    }

    #[test]
    fn arguments_find_their_parameters() {
        check(&[None, None, None, Some("axis")], Ok(&[0, 1, 1, 2]));
        check(&[None, None], Ok(&[0, 1]));
        check(&[None], Err("`join` takes at least 2 arguments, found 1: join(first, others…, axis = 0)"));
        check(&[None, None, Some("dim")], Err("`join` has no parameter `dim`; it has `first`, `others`, `axis`"));
        check(&[None, None, Some("axis"), Some("axis")], Err("`axis` is passed twice to `join`"));
    }
}
