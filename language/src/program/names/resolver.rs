//! The walk over one text that gives every name its binding.

use rustc_hash::{FxHashMap, FxHashSet};

use super::declared::{Declared, Seen, duplicate};
use super::{Binding, Logic, Part, TextNames, unknown};
use crate::catalogue::entry::Accepts;
use crate::catalogue::{self, Builtin};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::program::tree::*;
use crate::source::Span;

/// Resolves the names in the parts of one text.
pub(super) fn resolve<'p>(declared: &Declared<'p>, parts: &[Part<'p>]) -> TextNames {
    let mut resolver = Resolver {
        declared,
        names: TextNames::default(),
        scopes: Vec::new(),
        left: Vec::new(),
        texts: FxHashSet::default(),
        structs: FxHashMap::default(),
        bound_once: FxHashSet::default(),
        assigned: FxHashSet::default(),
        next_slot: 0,
        most_slots: 0,
        loops: 0,
        in_function: None,
        captured: FxHashSet::default(),
        type_parameters: Vec::new(),
        is_later: false,
        variables: None,
    };
    parts.iter().for_each(|part| resolver.part(part));
    resolver.names
}

pub(super) struct Resolver<'r, 'p> {
    pub(super) declared: &'r Declared<'p>,
    pub(super) names: TextNames,
    pub(super) scopes: Vec<FxHashMap<&'p str, u32>>,
    /// Names first assigned inside a block that has ended, with that place.
    pub(super) left: Vec<(&'p str, Span)>,
    /// Slots whose variable is bound once, to a literal text.
    texts: FxHashSet<u32>,
    /// The structs whose values slots hold, where that is written.
    pub(super) structs: FxHashMap<u32, String>,
    /// Names that the body at hand binds in one place only.
    bound_once: FxHashSet<&'p str>,
    /// Names that the body at hand assigns to.
    assigned: FxHashSet<&'p str>,
    pub(super) next_slot: u32,
    most_slots: u32,
    loops: usize,
    /// The function whose body is being resolved.
    pub(super) in_function: Option<&'p str>,
    /// Variables of other bodies that are told already to be out of sight here.
    pub(super) captured: FxHashSet<&'p str>,
    /// The types that the declaration at hand is open for.
    pub(super) type_parameters: Vec<&'p str>,
    /// Whether the text at hand is not executed, which is told of it as a whole.
    pub(super) is_later: bool,
    /// The variables of the rule or the query at hand, by their numbers.
    pub(super) variables: Option<Vec<String>>,
}

impl<'r, 'p> Resolver<'r, 'p> {
    fn part(&mut self, part: &Part<'p>) {
        self.is_later = !matches!(part, Part::Global(_) | Part::Function(_) | Part::Main(_));
        self.type_parameters.clear();
        match part {
            Part::Global(global) => {
                (self.next_slot, self.most_slots, self.loops, self.in_function) = (0, 0, 0, None);
                self.top_level_name(&global.name, |seen| seen.global.map(Binding::Global));
                if let Some(value) = &global.value {
                    self.expression(value);
                }
                // Blocks inside of it use the slots of `main`.
                self.names.main_frame = self.names.main_frame.max(self.most_slots);
            }
            Part::Function(function) => {
                self.top_level_name(&function.name, |seen| seen.function.map(Binding::Function));
                self.function(function, None);
            }
            Part::Main(main) => {
                let frame = self.body(&[], &main.body, None);
                self.names.main_frame = self.names.main_frame.max(frame);
            }
            Part::Block(block) => {
                self.in_function = None;
                let frame = self.body(&[], &block.body, None);
                self.names.frames.insert(block.name.id.index, frame);
            }
            Part::Struct(declared) => self.structure(declared),
            Part::Impl(implementation) => self.implementation(implementation),
            Part::Entity(entity) => self.entity(entity),
            Part::Relation(relation) => self.relation(relation),
            Part::Embedding(embedding) => self.embedding(embedding),
            Part::Rule(rule) => self.rule(rule),
        }
    }

    /// A function, or a method of the struct of this name.
    pub(super) fn function(&mut self, function: &'p Function, of: Option<&str>) {
        self.signature(&function.parameters, function.result.as_ref());
        if of.is_none()
            && let Some(receiver) = function.parameters.iter().find(|parameter| parameter.name.text == "self")
        {
            self.unknown_name(&receiver.name);
        }
        self.in_function = Some(&function.name.text);
        let frame = self.body(&function.parameters, &function.body, of);
        self.in_function = None;
        self.names.frames.insert(function.name.id.index, frame);
    }

    /// The name of a declaration itself.
    pub(super) fn top_level_name(&mut self, name: &'p Name, binding: impl FnOnce(&Seen) -> Option<Binding>) {
        let seen = self.outside(&name.text);
        self.set(name, binding(&seen).unwrap_or_default());
    }

    /// What is called so outside of this text; it is remembered that it was asked for.
    pub(super) fn outside(&mut self, name: &str) -> Seen {
        let seen = self.declared.seen(name);
        if !self.names.outside.contains_key(name) {
            self.names.outside.insert(name.to_owned(), seen.clone());
        }
        seen
    }

    pub(super) fn bound(&self, name: &Name) -> Binding {
        self.names.bindings.get(name.id.index as usize).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, name: &Name, binding: Binding) {
        let index = name.id.index as usize;
        if self.names.bindings.len() <= index {
            self.names.bindings.resize(index + 1, Binding::Unresolved);
        }
        self.names.bindings[index] = binding;
    }

    /// Resolves one body with fresh slots, that of a method if it is `of` a struct;
    /// returns how many it needs.
    fn body(&mut self, parameters: &'p [Parameter], block: &'p Block, of: Option<&str>) -> u32 {
        (self.next_slot, self.most_slots, self.loops) = (0, 0, 0);
        self.left.clear();
        self.captured.clear();
        self.structs.clear();
        self.bound_once = unknown::bound_once(block);
        self.assigned = unknown::assigned(block);
        self.scopes.push(FxHashMap::default());
        for parameter in parameters {
            let twice = self.scopes.last().is_some_and(|scope| scope.contains_key(parameter.name.text.as_str()));
            if twice {
                let first = parameters.iter().find(|p| p.name.text == parameter.name.text).map(|p| p.name.span);
                let problem = duplicate(&parameter.name, "parameter", first.unwrap_or(parameter.name.span));
                self.names.problems.push(problem);
            }
            self.declare(&parameter.name);
            let annotation = parameter.annotation.as_ref().and_then(Type::name);
            self.holds(&parameter.name, annotation.or(of.filter(|_| parameter.name.text == "self")).map(str::to_owned));
        }
        self.block(block);
        self.scopes.clear();
        self.most_slots
    }

    pub(super) fn declare(&mut self, name: &'p Name) {
        let slot = self.next_slot;
        self.next_slot += 1;
        self.most_slots = self.most_slots.max(self.next_slot);
        self.texts.remove(&slot);
        self.structs.remove(&slot);
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(&name.text, slot);
        }
        self.set(name, Binding::Local(slot));
    }

    /// Notes that the variable just declared holds values of a struct of this name.
    fn holds(&mut self, name: &Name, of: Option<String>) {
        if let (Binding::Local(slot), Some(of), false) =
            (self.bound(name), of, self.assigned.contains(name.text.as_str()))
        {
            self.structs.insert(slot, of);
        }
    }

    pub(super) fn block(&mut self, block: &'p Block) {
        let first_slot = self.next_slot;
        let mut assigned = Vec::new();
        self.scopes.push(FxHashMap::default());
        for statement in &block.statements {
            self.statement(statement, &mut assigned);
        }
        self.scopes.pop();
        self.left.extend(assigned);
        self.set_slots(block.id, first_slot);
        self.next_slot = first_slot;
    }

    /// Notes that a block has the slots from `first` on.
    pub(super) fn set_slots(&mut self, block: BlockId, first: u32) {
        let index = block.index as usize;
        if self.names.blocks.len() <= index {
            self.names.blocks.resize(index + 1, (0, 0));
        }
        self.names.blocks[index] = (first, self.next_slot);
    }

    pub(super) fn statement(&mut self, statement: &'p Statement, assigned: &mut Vec<(&'p str, Span)>) {
        match &statement.kind {
            StatementKind::Let { name, annotation, value, .. } => {
                annotation.iter().for_each(|annotation| self.written_type(annotation));
                self.expression(value);
                let of = annotation.as_ref().and_then(Type::name).map(str::to_owned).or_else(|| self.struct_of(value));
                self.declare(name);
                self.holds(name, of);
                if let (true, ExpressionKind::String(_)) = (self.bound_once.contains(name.text.as_str()), &value.kind) {
                    self.texts.insert(self.next_slot - 1);
                }
            }
            StatementKind::Tensor(declaration) => {
                for size in &declaration.sizes {
                    if let Size::Named(name) = size {
                        self.size_name(name);
                    }
                }
                if let Some(value) = &declaration.value {
                    self.expression(value);
                }
                self.declare(&declaration.name);
            }
            StatementKind::Assign { target, operator, value } => {
                self.expression(value);
                self.target(target, operator.is_some(), assigned);
            }
            StatementKind::Expression(expression) => self.expression(expression),
            StatementKind::Rule(rule) => self.rule(rule),
            StatementKind::Query(query) => self.query(query),
            StatementKind::Equation(equation) => self.equation(equation),
            StatementKind::Infer(inferences) => inferences.iter().for_each(|inference| self.query(&inference.query)),
            StatementKind::Learn(learn) => self.learn(learn, assigned),
            StatementKind::With { name, body } => self.with(name, body, assigned),
            StatementKind::Return(value) => self.return_statement(statement.span, value.as_ref()),
            StatementKind::Break => self.needs_loop("break", statement.span),
            StatementKind::Continue => self.needs_loop("continue", statement.span),
            StatementKind::For { variable, iterable, body, .. } => {
                self.expression(iterable);
                let first_slot = self.next_slot;
                self.scopes.push(FxHashMap::default());
                self.declare(variable);
                self.loop_body(body);
                self.scopes.pop();
                self.next_slot = first_slot;
            }
            StatementKind::While { condition, body } => {
                self.expression(condition);
                self.loop_body(body);
            }
            StatementKind::Loop { body } => self.loop_body(body),
            StatementKind::Block(block) => self.block(block),
            StatementKind::PythonImport { .. } | StatementKind::Refused(_) | StatementKind::Invalid => {}
        }
    }

    fn loop_body(&mut self, body: &'p Block) {
        self.loops += 1;
        self.block(body);
        self.loops -= 1;
    }

    fn needs_loop(&mut self, word: &str, span: Span) {
        if self.loops == 0 {
            let problem = Diagnostic::new(Code::BreakOutsideLoop, span, format!("`{word}` stands outside of a loop"));
            // A function may have to give a value.
            self.names.problems.push(match self.in_function {
                None => {
                    let fix = Fix::likely("end the block with `return`").replace(span, "return");
                    problem.help("write `return` to end here").fix(fix)
                }
                Some(_) => problem,
            });
        }
    }

    fn return_statement(&mut self, span: Span, value: Option<&'p Expression>) {
        let Some(value) = value else { return };
        self.expression(value);
        if self.in_function.is_none() {
            let problem = Diagnostic::new(
                Code::ReturnOutsideFunction,
                span,
                "`return` with a value stands outside of a function",
            );
            self.names.problems.push(problem.help("write `return` alone to end `main` early"));
        }
    }

    fn target(&mut self, target: &'p Target, reads: bool, assigned: &mut Vec<(&'p str, Span)>) {
        match target {
            Target::Variable(name) => match self.look_up(&name.text) {
                Some(binding) => self.set(name, binding),
                None if reads => self.unknown_name(name),
                None => {
                    self.declare(name);
                    assigned.push((&name.text, name.span));
                }
            },
            Target::Index { object, index, .. } => {
                self.expression(index);
                self.target(object, true, assigned);
            }
            Target::Field { object, property, .. } => {
                self.target(object, true, assigned);
                if let Some(of) = self.struct_of_target(object) {
                    self.field(&of, property);
                }
            }
            Target::Invalid(_) => {}
        }
    }

    pub(super) fn expression(&mut self, expression: &'p Expression) {
        match &expression.kind {
            ExpressionKind::Variable(name) => self.variable(name),
            ExpressionKind::Array(items) => items.iter().for_each(|item| self.expression(item)),
            ExpressionKind::Repeat { value, count } => {
                self.expression(value);
                self.expression(count);
            }
            ExpressionKind::Unary(_, operand) => self.expression(operand),
            ExpressionKind::Binary(_, left, right)
            | ExpressionKind::Logical(_, left, right)
            | ExpressionKind::Range(left, right) => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Cast(value, _) => self.expression(value),
            ExpressionKind::Call { namespace, function, arguments } => {
                self.call(namespace.as_ref(), function);
                if let Binding::Logic(_) = self.bound(function) {
                    return self.things(arguments.iter().map(|argument| &argument.value));
                }
                self.arguments(function, arguments);
            }
            ExpressionKind::Method { receiver, method, arguments } => {
                self.expression(receiver);
                self.method(receiver, method);
                arguments.iter().for_each(|argument| self.expression(&argument.value));
            }
            ExpressionKind::Field { object, property } => {
                self.expression(object);
                if let Some(of) = self.struct_of(object) {
                    self.field(&of, property);
                }
            }
            ExpressionKind::Index { object, items } => {
                self.expression(object);
                let is_embedding = object
                    .variable()
                    .is_some_and(|name| matches!(self.bound(name), Binding::Logic(Logic::Embedding(_))));
                for item in items {
                    match item {
                        IndexItem::At(index) if is_embedding => self.things([index]),
                        IndexItem::At(index) => self.expression(index),
                        IndexItem::Slice(start, end, _) => {
                            start.iter().chain(end).for_each(|bound| self.expression(bound));
                        }
                    }
                }
            }
            ExpressionKind::If { condition, consequence, alternative } => {
                self.expression(condition);
                self.block(consequence);
                if let Some(alternative) = alternative {
                    self.block(alternative);
                }
            }
            ExpressionKind::Match { value, arms } => {
                self.expression(value);
                for arm in arms {
                    let first_slot = self.next_slot;
                    self.scopes.push(FxHashMap::default());
                    self.pattern(&arm.pattern);
                    arm.guard.iter().for_each(|guard| self.expression(guard));
                    self.expression(&arm.value);
                    self.scopes.pop();
                    self.next_slot = first_slot;
                }
            }
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::TypeCall { scope, function, arguments } => {
                self.written_type(scope);
                if let Some(of) = scope.name() {
                    self.associated(of, function);
                }
                arguments.iter().for_each(|argument| self.expression(&argument.value));
            }
            ExpressionKind::Struct { name, fields } => self.struct_literal(name.as_ref(), fields),
            ExpressionKind::Query(query) => self.query(query),
            ExpressionKind::Set(members) => self.things(members),
            ExpressionKind::Inverse(operand) => self.expression(operand),
            ExpressionKind::PythonCall(arguments) => {
                arguments.iter().for_each(|argument| self.expression(&argument.value));
            }
            ExpressionKind::AnySize
            | ExpressionKind::Refused(_)
            | ExpressionKind::Integer(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Invalid => {}
        }
    }

    fn variable(&mut self, name: &'p Name) {
        if let Some(number) = self.logic_variable(&name.text) {
            return self.set(name, Binding::Logic(Logic::Variable(number)));
        }
        if let Some(binding) = self.look_up(&name.text) {
            return self.reads(name, binding);
        }
        let seen = self.outside(&name.text);
        let embedding = seen.embedding.map(Logic::Embedding);
        let logic = embedding.or(seen.entity.map(Logic::Entity)).or(seen.constant.then_some(Logic::Constant));
        match logic {
            Some(logic) => self.set(name, Binding::Logic(logic)),
            // In a rule or a query a small word is a thing that nobody need declare.
            None if self.variables.is_some() => self.set(name, Binding::Logic(Logic::Constant)),
            None => self.unknown_name(name),
        }
    }

    pub(super) fn reads(&mut self, name: &Name, binding: Binding) {
        self.set(name, binding);
        if let Binding::Local(slot) = binding
            && self.texts.contains(&slot)
        {
            self.names.templates.insert(name.id.index);
        }
    }

    fn pattern(&mut self, pattern: &'p Pattern) {
        match pattern {
            Pattern::Bind(name) => self.declare(name),
            Pattern::Either(all) => all.iter().for_each(|one| self.pattern(one)),
            Pattern::Literal(value) => self.expression(value),
            Pattern::Tuple(all, _) => all.iter().for_each(|one| self.pattern(one)),
            Pattern::Struct { name, fields, .. } => {
                self.struct_pattern(name.as_ref(), fields);
                fields.iter().for_each(|field| self.pattern(&field.pattern));
            }
            Pattern::Any => {}
        }
    }

    pub(super) fn call(&mut self, namespace: Option<&'p Name>, function: &'p Name) {
        let name = function.text.as_str();
        if let Some(namespace) = namespace
            && self.outside(&namespace.text).structure.is_some()
        {
            return self.associated(&namespace.text, function);
        }
        let Some(namespace) = namespace else {
            let seen = self.outside(name);
            let relation = || seen.relation.map(|number| Binding::Logic(Logic::Relation(number)));
            let own = seen.function.map(Binding::Function).or_else(relation);
            return match (own, catalogue::find(name)) {
                (Some(own), _) => self.set(function, own),
                (None, Some(builtin)) => self.builtin(builtin, name, function, function.span),
                (None, None) => self.unknown_function(function),
            };
        };
        let full = format!("{}::{name}", namespace.text);
        let span = namespace.span.to(function.span);
        match catalogue::find_in(&namespace.text, name) {
            Some(builtin) => self.builtin(builtin, &full, function, span),
            None if matches!(namespace.text.as_str(), "f16" | "f32") || catalogue::is_namespace(&namespace.text) => {
                self.unknown_function(function);
            }
            None => self.unsupported(&format!("`{full}`"), span),
        }
    }

    /// Behind a dot stands a function, or a method that only some kinds of values
    /// have: which one it is depends on the value.
    pub(super) fn method_of_a_kind(&mut self, method: &'p Name) {
        let name = method.text.as_str();
        match catalogue::methods(name) {
            [first, ..] if self.outside(name).function.is_none() && catalogue::find(name).is_none() => {
                self.builtin(*first, name, method, method.span);
            }
            _ => self.call(None, method),
        }
    }

    fn builtin(&mut self, builtin: Builtin, name: &str, function: &'p Name, span: Span) {
        self.set(function, Binding::Builtin(builtin));
        if !builtin.is_executable() {
            self.unsupported(&format!("the builtin `{name}`"), span);
        }
    }

    /// The arguments of a call; a word that names an entity is no variable.
    fn arguments(&mut self, function: &'p Name, arguments: &'p [Argument]) {
        let names: Vec<Option<&str>> =
            arguments.iter().map(|argument| argument.name.as_ref().map(|name| name.text.as_str())).collect();
        let assigned = match self.bound(function) {
            Binding::Builtin(builtin) => builtin.entry().assign(&names).ok().map(|slots| (builtin.entry(), slots)),
            _ => None,
        };
        for (index, argument) in arguments.iter().enumerate() {
            let names_entity =
                assigned.as_ref().is_some_and(|(entry, slots)| entry.accepts(slots[index]) == Accepts::Entity);
            match &argument.value.kind {
                ExpressionKind::Variable(name) if names_entity && self.look_up(&name.text).is_none() => {}
                _ => self.expression(&argument.value),
            }
        }
    }

    pub(super) fn look_up(&mut self, name: &str) -> Option<Binding> {
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        match local {
            Some(slot) => Some(Binding::Local(*slot)),
            None => self.outside(name).global.map(Binding::Global),
        }
    }

    /// A name in the sizes of a `tensor` statement reads a variable if there is one.
    fn size_name(&mut self, name: &'p Name) {
        if let Some(binding) = self.look_up(&name.text) {
            self.set(name, binding);
        }
    }

    fn unsupported(&mut self, construct: &str, span: Span) {
        if self.is_later {
            return;
        }
        self.problem(Code::NotSupportedYet, span, format!("{construct} cannot be executed yet"));
    }

    pub(super) fn problem(&mut self, code: Code, span: Span, message: String) {
        self.names.problems.push(Diagnostic::new(code, span, message));
    }
}
