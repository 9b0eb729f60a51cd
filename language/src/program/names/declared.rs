//! The names at the top level of a program, and what a text sees of each.

use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet, FxHasher};

use super::{TextNames, TopLevel, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::tree::*;
use crate::program::{callers, visit};
use crate::source::Span;

/// Numbers for names, which stay as long as they are kept.
#[derive(Clone, Debug, Default)]
pub struct Numbers(FxHashMap<String, TopLevel>);

impl Numbers {
    fn of(&mut self, name: &str) -> TopLevel {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = TopLevel(self.0.len() as u32);
        self.0.insert(name.to_owned(), number);
        number
    }
}

/// What a text sees of a name outside of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Seen {
    pub(super) function: Option<TopLevel>,
    /// What stands in its header, as one number.
    signature: u64,
    /// The name of the type that this function gives.
    pub(super) result: Option<String>,
    pub(super) global: Option<TopLevel>,
    pub(super) relation: Option<TopLevel>,
    pub(super) embedding: Option<TopLevel>,
    pub(super) entity: Option<TopLevel>,
    pub(super) structure: Option<Arc<Shape>>,
    /// Whether it is a thing that relations speak of.
    pub(super) constant: bool,
    /// The methods of this name, of any struct.
    pub(super) methods: Vec<TopLevel>,
}

/// What is known of a struct wherever it is used.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Shape {
    /// How many types it is open for.
    pub(super) type_parameters: usize,
    /// Its fields, each with the name of its type, if that has one.
    pub(super) fields: Vec<(String, Option<String>)>,
    /// What is written of it, as one number.
    written: u64,
    pub(super) methods: Vec<Method>,
    /// Its name where it is declared.
    pub(super) place: Span,
}

/// A method of a struct, as others see it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Method {
    pub(super) name: String,
    pub(super) number: TopLevel,
    /// The name of the type that it gives.
    pub(super) result: Option<String>,
}

/// Everything that a program declares at its top level.
pub(super) struct Declared<'p> {
    program: &'p Program,
    functions: FxHashMap<&'p str, (TopLevel, &'p Arc<Function>)>,
    methods: FxHashMap<&'p str, Vec<(TopLevel, &'p Arc<Function>)>>,
    globals: FxHashMap<&'p str, (TopLevel, usize)>,
    relations: FxHashMap<&'p str, TopLevel>,
    embeddings: FxHashMap<&'p str, TopLevel>,
    entities: FxHashMap<&'p str, TopLevel>,
    structs: FxHashMap<&'p str, Arc<Shape>>,
    members: FxHashSet<&'p str>,
    /// Capitalised words that stand for things in facts.
    capitalised: OnceCell<FxHashSet<&'p str>>,
    /// For messages: which variables bodies have, and where.
    variables: OnceCell<FxHashMap<String, Vec<(&'p str, Span)>>>,
    /// The texts whose names are known already, by their numbers.
    pub(super) held: Vec<Option<Arc<TextNames>>>,
}

impl<'p> Declared<'p> {
    /// Collects what `program` declares, and reports what it declares twice.
    pub(super) fn of(program: &'p Program, numbers: &mut Numbers) -> (Declared<'p>, Vec<Diagnostic>) {
        let mut declared = Declared {
            program,
            functions: FxHashMap::with_capacity_and_hasher(program.functions.len(), FxBuildHasher),
            methods: FxHashMap::default(),
            globals: FxHashMap::default(),
            relations: FxHashMap::default(),
            embeddings: FxHashMap::default(),
            entities: FxHashMap::default(),
            structs: FxHashMap::default(),
            members: members(program).map(|name| name.text.as_str()).collect(),
            capitalised: OnceCell::new(),
            variables: OnceCell::new(),
            held: Vec::new(),
        };
        let mut calls = Space::default();
        for function in &program.functions {
            if calls.add(&function.name, "function") {
                declared.functions.insert(&function.name.text, (numbers.of(&function.name.text), function));
            }
        }
        for relation in &program.relations {
            if calls.add(&relation.name, "relation") {
                declared.relations.insert(&relation.name.text, numbers.of(&relation.name.text));
            }
        }
        for head in heads(program) {
            let name = head.text.as_str();
            let is_declared = declared.relations.contains_key(name);
            if !is_declared && (!declared.functions.contains_key(name) || calls.add(head, "rule")) {
                declared.relations.insert(&head.text, numbers.of(&head.text));
            }
        }
        let mut values = Space::default();
        for (index, global) in program.globals.iter().enumerate() {
            // The last one counts: its value is what is left.
            values.add(&global.name, "tensor");
            declared.globals.insert(&global.name.text, (numbers.of(&global.name.text), index));
        }
        for embedding in &program.embeddings {
            values.add(&embedding.name, "embedding");
            declared.embeddings.insert(&embedding.name.text, numbers.of(&embedding.name.text));
        }
        let mut types = Space::default();
        for entity in &program.entities {
            types.add(&entity.name, "entity");
            declared.entities.insert(&entity.name.text, numbers.of(&entity.name.text));
        }
        let mut shapes = Vec::new();
        for declaration in &program.structs {
            if types.add(&declaration.name, "struct") {
                shapes.push((declaration.name.text.as_str(), shape(declaration)));
            }
        }
        let mut problems = [calls.problems, values.problems, types.problems].concat();
        declared.methods(&mut shapes, numbers, &mut problems);
        declared.structs = shapes.into_iter().map(|(name, shape)| (name, Arc::new(shape))).collect();
        (declared, problems)
    }

    fn methods(&mut self, shapes: &mut [(&'p str, Shape)], numbers: &mut Numbers, problems: &mut Vec<Diagnostic>) {
        let mut first: FxHashMap<(&str, &str), Span> = FxHashMap::default();
        for implementation in &self.program.impls {
            let Some(target) = implementation.target.as_ref().and_then(Type::name) else { continue };
            let Some((_, shape)) = shapes.iter_mut().find(|(name, _)| *name == target) else { continue };
            for method in &implementation.methods {
                let name = method.name.text.as_str();
                if let Some(first) = first.get(&(target, name)) {
                    problems.push(duplicate(&method.name, "method", *first));
                    continue;
                }
                first.insert((target, name), method.name.span);
                let number = numbers.of(&format!("{target}::{name}"));
                let result = method.result.as_ref().and_then(Type::name).map(str::to_owned);
                shape.methods.push(Method { name: name.to_owned(), number, result });
                self.methods.entry(name).or_default().push((number, method));
            }
        }
    }

    pub(super) fn seen(&self, name: &str) -> Seen {
        let function = self.functions.get(name);
        let is_capitalised = || {
            let is_word = name.chars().count() > 1 && name.starts_with(char::is_uppercase);
            is_word && !self.relations.is_empty() && self.capitalised().contains(name)
        };
        let methods = self.methods.get(name);
        Seen {
            function: function.map(|(number, _)| *number),
            signature: function.map_or(0, |(_, function)| function.signature),
            result: function.and_then(|(_, function)| function.result.as_ref()?.name().map(str::to_owned)),
            global: self.globals.get(name).map(|(number, _)| *number),
            relation: self.relations.get(name).copied(),
            embedding: self.embeddings.get(name).copied(),
            entity: self.entities.get(name).copied(),
            structure: self.structs.get(name).cloned(),
            constant: self.members.contains(name) || is_capitalised(),
            methods: methods.map(|all| all.iter().map(|(number, _)| *number).collect()).unwrap_or_default(),
        }
    }

    /// One number for all that [`Declared::seen`] tells of any name.
    pub(super) fn surface(&self) -> u64 {
        let values = self.globals.keys().chain(self.embeddings.keys()).chain(self.entities.keys());
        let calls = self.functions.keys().chain(self.methods.keys()).chain(self.relations.keys());
        let mut names: FxHashSet<&str> = values.chain(calls).chain(self.structs.keys()).copied().collect();
        names.extend(&self.members);
        if !self.relations.is_empty() {
            names.extend(self.capitalised());
        }
        let number = |name: &str| {
            let mut hasher = FxHasher::default();
            (name, self.seen(name)).hash(&mut hasher);
            hasher.finish()
        };
        names.into_iter().map(number).fold(0, u64::wrapping_add)
    }

    fn capitalised(&self) -> &FxHashSet<&'p str> {
        self.capitalised.get_or_init(|| {
            let mut found = FxHashSet::default();
            visit::statements(self.program, &mut |statement| {
                if let StatementKind::Expression(Expression {
                    kind: ExpressionKind::Call { namespace: None, function, arguments },
                    ..
                }) = &statement.kind
                    && self.relations.contains_key(function.text.as_str())
                {
                    let names = arguments.iter().filter_map(|argument| argument.value.variable());
                    found.extend(names.map(|name| name.text.as_str()));
                }
            });
            found
        })
    }

    /// The body that has a variable of this name and calls `function`, and where; any
    /// function may be called by `main`.
    pub(super) fn variable_of_caller(&self, name: &str, function: &str) -> Option<(&'p str, Span)> {
        let all = self.variables.get_or_init(|| self.variables()).get(name)?;
        let calls = |owner: &str| owner == "main" || callers::reaches(self.program, owner, function);
        all.iter().find(|(owner, _)| calls(owner)).copied()
    }

    fn variables(&self) -> FxHashMap<String, Vec<(&'p str, Span)>> {
        let main = self.program.main.iter().map(|main| ("main", &main.body));
        let functions = self.program.functions.iter().map(|function| (function.name.text.as_str(), &function.body));
        let mut found: FxHashMap<String, Vec<(&str, Span)>> = FxHashMap::default();
        for (owner, body) in main.chain(functions) {
            let held = self.held.get(body.id.text.index()).and_then(Option::as_deref);
            let anew = OnceLock::new();
            let variables = held.map_or(&anew, |names| &names.variables).get_or_init(|| unknown::variables(body));
            for (name, place) in variables {
                found.entry(name.clone()).or_default().push((owner, *place));
            }
        }
        found
    }

    pub(super) fn function_names(&self) -> impl Iterator<Item = &'p str> {
        self.functions.keys().chain(self.relations.keys()).copied()
    }

    pub(super) fn relation_names(&self) -> impl Iterator<Item = &'p str> {
        self.relations.keys().copied()
    }

    pub(super) fn value_names(&self) -> impl Iterator<Item = &'p str> {
        let declared = self.globals.keys().chain(self.embeddings.keys()).chain(self.entities.keys());
        declared.copied().chain(self.members.iter().copied())
    }

    pub(super) fn struct_names(&self) -> impl Iterator<Item = &'p str> {
        self.structs.keys().copied()
    }

    pub(super) fn entity_names(&self) -> impl Iterator<Item = &'p str> {
        self.entities.keys().copied()
    }

    /// Functions, methods among them, and the positions of top-level tensors, by
    /// their numbers.
    pub(super) fn tables(&self) -> (FxHashMap<TopLevel, Arc<Function>>, FxHashMap<TopLevel, usize>) {
        let functions = self.functions.values().chain(self.methods.values().flatten());
        let functions = functions.map(|(number, function)| (*number, (*function).clone()));
        (functions.collect(), self.globals.values().copied().collect())
    }
}

/// Names of which each kind of declarations may have each once.
#[derive(Default)]
struct Space<'p> {
    first: FxHashMap<(&'static str, &'p str), Span>,
    problems: Vec<Diagnostic>,
}

impl<'p> Space<'p> {
    /// Whether the name is new; the problem is reported where it is not. A name that
    /// has still to be typed is none.
    fn add(&mut self, name: &'p Name, what: &'static str) -> bool {
        if name.text.is_empty() {
            return true;
        }
        match self.first.get(&(what, name.text.as_str())) {
            Some(first) => {
                self.problems.push(duplicate(name, what, *first));
                false
            }
            None => {
                self.first.insert((what, &name.text), name.span);
                true
            }
        }
    }
}

/// The problem of a name that is declared again.
pub(super) fn duplicate(name: &Name, what: &str, first: Span) -> Diagnostic {
    let message = format!("the {what} `{}` is declared twice", name.text);
    Diagnostic::new(Code::DuplicateName, name.span, message).related(first, "first declared here")
}

/// The members that entities list.
fn members(program: &Program) -> impl Iterator<Item = &Name> {
    let members = program.entities.iter().flat_map(|entity| entity.members.iter().flatten());
    members.filter_map(Expression::variable)
}

/// The relations that rules conclude.
fn heads(program: &Program) -> impl Iterator<Item = &Name> {
    program.rules.iter().filter_map(|rule| match &rule.head {
        Term::Expression(Expression { kind: ExpressionKind::Call { namespace: None, function, .. }, .. }) => {
            Some(function)
        }
        Term::Expression(_) | Term::Equation(_) => None,
    })
}

fn shape(declaration: &Struct) -> Shape {
    let fields = declaration.fields.iter().map(|field| {
        let annotation = field.annotation.as_ref().and_then(Type::name);
        (field.name.text.clone(), annotation.map(str::to_owned))
    });
    Shape {
        type_parameters: declaration.type_parameters.len(),
        fields: fields.collect(),
        written: declaration.written,
        methods: Vec::new(),
        place: declaration.name.span,
    }
}
