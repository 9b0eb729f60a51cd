//! What each name stands for. Scoping is lexical: a function sees its
//! parameters, its own variables and the top-level tensors; never the variables
//! of its caller. Every variable gets a slot in the frame of its function.

use std::collections::{HashMap, HashSet};

use super::executable;
use super::tree::*;
use crate::catalogue::entry::Accepts;
use crate::catalogue::{self, Builtin};
use crate::diagnostic::{Code, Diagnostic, Severity, did_you_mean};
use crate::source::{FileId, Place, Span};

/// What one occurrence of a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Binding {
    /// Nothing; the problem is reported.
    #[default]
    Unresolved,
    /// A variable of the surrounding function, by its slot.
    Local(u32),
    /// A top-level tensor, by its position among them.
    Global(u32),
    /// A function of the script, by its position among them.
    Function(u32),
    /// A builtin.
    Builtin(Builtin),
}

/// The bindings of a whole program.
#[derive(Clone, Debug, Default)]
pub struct Names {
    bindings: Vec<Binding>,
    blocks: Vec<(u32, u32)>,
    frames: Vec<u32>,
    main_frame: u32,
    /// Occurrences of variables that are bound once, to a literal text.
    templates: HashSet<NameId>,
}

impl Names {
    /// What a name stands for.
    pub fn binding(&self, name: &Name) -> Binding {
        self.bindings.get(name.id.0 as usize).copied().unwrap_or_default()
    }

    /// The slots that a block declares: they are free again at its end.
    pub fn block_slots(&self, block: BlockId) -> std::ops::Range<usize> {
        let (start, end) = self.blocks.get(block.0 as usize).copied().unwrap_or_default();
        start as usize..end as usize
    }

    /// How many slots a call of the function at `index` needs.
    pub fn frame_size(&self, index: u32) -> usize {
        self.frames.get(index as usize).copied().unwrap_or_default() as usize
    }

    /// Whether an expression is a literal text, or a name bound once to one.
    pub fn is_template(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::String(_) => true,
            ExpressionKind::Variable(name) => self.templates.contains(&name.id),
            _ => false,
        }
    }

    /// How many slots `main` needs.
    pub fn main_frame_size(&self) -> usize {
        self.main_frame as usize
    }
}

/// Resolves every name of `program`.
pub fn resolve(program: &Program) -> (Names, Vec<Diagnostic>) {
    let mut resolver = Resolver {
        program,
        names: Names {
            bindings: vec![Binding::Unresolved; program.name_count],
            blocks: vec![(0, 0); program.block_count],
            ..Names::default()
        },
        problems: Vec::new(),
        functions: HashMap::new(),
        globals: HashMap::new(),
        later: executable::declared_names(program),
        scopes: Vec::new(),
        left: Vec::new(),
        read: Vec::new(),
        texts: HashSet::new(),
        next_slot: 0,
        most_slots: 0,
        loops: 0,
        in_function: false,
        elsewhere: variables_by_function(program),
    };
    resolver.declarations();
    resolver.bodies();
    (resolver.names, resolver.problems)
}

struct Resolver<'p> {
    program: &'p Program,
    names: Names,
    problems: Vec<Diagnostic>,
    functions: HashMap<&'p str, u32>,
    globals: HashMap<&'p str, u32>,
    /// Names of declarations that cannot be executed yet: nobody misses them.
    later: HashSet<&'p str>,
    scopes: Vec<HashMap<&'p str, u32>>,
    /// Names first assigned inside a block that has ended, with that place.
    left: Vec<(&'p str, Span)>,
    /// For each slot, whether its present variable has been read.
    read: Vec<bool>,
    /// Slots whose variable is bound once, to a literal text.
    texts: HashSet<u32>,
    next_slot: u32,
    most_slots: u32,
    loops: usize,
    in_function: bool,
    /// For messages: which variables other bodies declare, and where.
    elsewhere: Vec<(&'p str, &'p str, Span)>,
}

impl<'p> Resolver<'p> {
    fn declarations(&mut self) {
        for (index, function) in self.program.functions.iter().enumerate() {
            self.names.bindings[function.name.id.0 as usize] = Binding::Function(index as u32);
            match self.functions.get(function.name.text.as_str()) {
                Some(first) => {
                    let first = self.program.functions[*first as usize].name.span;
                    self.duplicate(&function.name, "function", first);
                }
                None => {
                    self.functions.insert(&function.name.text, index as u32);
                }
            }
        }
        for (index, global) in self.program.globals.iter().enumerate() {
            self.names.bindings[global.name.id.0 as usize] = Binding::Global(index as u32);
            if let Some(first) = self.globals.insert(&global.name.text, index as u32) {
                let first = self.program.globals[first as usize].name.span;
                self.duplicate(&global.name, "tensor", first);
            }
        }
    }

    fn duplicate(&mut self, name: &Name, what: &str, first: Span) {
        let message = format!("the {what} `{}` is declared twice", name.text);
        let problem = Diagnostic::new(Code::DuplicateName, self.place(name.span), message)
            .related(self.place(first), "first declared here");
        self.problems.push(problem);
    }

    fn bodies(&mut self) {
        for global in &self.program.globals {
            if let Some(value) = &global.value {
                self.expression(value);
            }
        }
        // Blocks inside of global initialisers use the slots of `main`.
        let for_globals = self.most_slots;
        for function in &self.program.functions {
            let frame = self.body(&function.parameters, &function.body, true);
            self.names.frames.push(frame);
        }
        let for_main = self.program.main.as_ref().map_or(0, |main| self.body(&[], main, false));
        self.names.main_frame = for_main.max(for_globals);
    }

    /// Resolves one body with fresh slots; returns how many it needs.
    fn body(&mut self, parameters: &'p [Parameter], block: &'p Block, in_function: bool) -> u32 {
        (self.next_slot, self.most_slots, self.loops, self.in_function) = (0, 0, 0, in_function);
        self.left.clear();
        self.scopes.push(HashMap::new());
        for parameter in parameters {
            let twice = self.scopes.last().is_some_and(|scope| scope.contains_key(parameter.name.text.as_str()));
            if twice {
                let first = parameters.iter().find(|p| p.name.text == parameter.name.text).map(|p| p.name.span);
                self.duplicate(&parameter.name, "parameter", first.unwrap_or(parameter.name.span));
            }
            self.declare(&parameter.name);
        }
        self.block(block);
        self.scopes.clear();
        self.most_slots
    }

    fn declare(&mut self, name: &'p Name) {
        let slot = self.next_slot;
        self.next_slot += 1;
        self.most_slots = self.most_slots.max(self.next_slot);
        self.read.resize(self.most_slots as usize, false);
        self.read[slot as usize] = false;
        self.texts.remove(&slot);
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(&name.text, slot);
        }
        self.names.bindings[name.id.0 as usize] = Binding::Local(slot);
    }

    fn block(&mut self, block: &'p Block) {
        let first_slot = self.next_slot;
        let mut assigned = Vec::new();
        self.scopes.push(HashMap::new());
        for statement in &block.statements {
            self.statement(statement, &mut assigned);
        }
        for (name, span) in &assigned {
            let slot = self.scopes.last().and_then(|scope| scope.get(name));
            if slot.is_some_and(|slot| !self.read[*slot as usize]) {
                self.never_read(name, *span);
            }
        }
        self.scopes.pop();
        self.left.extend(assigned);
        self.names.blocks[block.id.0 as usize] = (first_slot, self.next_slot);
        self.next_slot = first_slot;
    }

    fn statement(&mut self, statement: &'p Statement, assigned: &mut Vec<(&'p str, Span)>) {
        match &statement.kind {
            StatementKind::Let { name, value, .. } => {
                self.expression(value);
                self.declare(name);
                let only_binding = self.elsewhere.iter().filter(|(other, ..)| *other == name.text).count() == 1;
                if let (true, ExpressionKind::String(_)) = (only_binding, &value.kind) {
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
            // No name is looked for in what cannot be executed yet.
            StatementKind::Assign { target, .. } if executable::sets_a_field(target) => {}
            StatementKind::Assign { target, operator, value } => {
                self.expression(value);
                self.target(target, operator.is_some(), assigned);
            }
            StatementKind::Expression(expression) => self.expression(expression),
            StatementKind::Return(value) => self.return_statement(statement.span, value.as_ref()),
            StatementKind::Break => self.needs_loop("break", statement.span),
            StatementKind::Continue => self.needs_loop("continue", statement.span),
            StatementKind::For { variable, iterable, body, .. } => {
                self.expression(iterable);
                let first_slot = self.next_slot;
                self.scopes.push(HashMap::new());
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
            StatementKind::Rule(_)
            | StatementKind::Query(_)
            | StatementKind::Equation(_)
            | StatementKind::Infer(_)
            | StatementKind::Learn(_)
            | StatementKind::With { .. }
            | StatementKind::PythonImport { .. }
            | StatementKind::Refused(_)
            | StatementKind::Invalid => {}
        }
    }

    fn loop_body(&mut self, body: &'p Block) {
        self.loops += 1;
        self.block(body);
        self.loops -= 1;
    }

    fn needs_loop(&mut self, word: &str, span: Span) {
        if self.loops == 0 {
            self.problem(Code::BreakOutsideLoop, span, format!("`{word}` stands outside of a loop"));
        }
    }

    fn return_statement(&mut self, span: Span, value: Option<&'p Expression>) {
        let Some(value) = value else { return };
        self.expression(value);
        if !self.in_function {
            let problem = Diagnostic::new(
                Code::ReturnOutsideFunction,
                self.place(span),
                "`return` with a value stands outside of a function",
            );
            self.problems.push(problem.help("write `return` alone to end `main` early"));
        }
    }

    fn target(&mut self, target: &'p Target, reads: bool, assigned: &mut Vec<(&'p str, Span)>) {
        match target {
            Target::Variable(name) => match self.look_up(&name.text) {
                Some(binding) => self.names.bindings[name.id.0 as usize] = binding,
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
            Target::Field { .. } | Target::Invalid(_) => {}
        }
    }

    fn expression(&mut self, expression: &'p Expression) {
        match &expression.kind {
            ExpressionKind::Variable(name) => match self.look_up(&name.text) {
                Some(binding) => self.reads(name, binding),
                None => self.unknown_name(name),
            },
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
                // The arguments of a fact are no variables.
                if self.names.binding(function) == Binding::Unresolved && self.later.contains(function.text.as_str()) {
                    return;
                }
                self.arguments(function, arguments);
            }
            ExpressionKind::Method { receiver, method, arguments } => {
                self.expression(receiver);
                self.method(method);
                arguments.iter().for_each(|argument| self.expression(&argument.value));
            }
            ExpressionKind::Field { object, .. } => self.expression(object),
            ExpressionKind::Index { object, items } => {
                self.expression(object);
                for item in items {
                    match item {
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
                    self.scopes.push(HashMap::new());
                    self.pattern(&arm.pattern);
                    arm.guard.iter().for_each(|guard| self.expression(guard));
                    self.expression(&arm.value);
                    self.scopes.pop();
                    self.next_slot = first_slot;
                }
            }
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::TypeCall { .. }
            | ExpressionKind::Struct { .. }
            | ExpressionKind::Query(_)
            | ExpressionKind::Set(_)
            | ExpressionKind::Inverse(_)
            | ExpressionKind::AnySize
            | ExpressionKind::PythonCall(_)
            | ExpressionKind::Refused(_)
            | ExpressionKind::Integer(_)
            | ExpressionKind::Float(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Invalid => {}
        }
    }

    fn reads(&mut self, name: &Name, binding: Binding) {
        self.names.bindings[name.id.0 as usize] = binding;
        if let Binding::Local(slot) = binding {
            self.read[slot as usize] = true;
            if self.texts.contains(&slot) {
                self.names.templates.insert(name.id);
            }
        }
    }

    fn pattern(&mut self, pattern: &'p Pattern) {
        match pattern {
            Pattern::Bind(name) => self.declare(name),
            Pattern::Either(all) => all.iter().for_each(|one| self.pattern(one)),
            Pattern::Literal(value) => self.expression(value),
            Pattern::Tuple(all, _) => all.iter().for_each(|one| self.pattern(one)),
            Pattern::Struct { fields, .. } => fields.iter().for_each(|field| self.pattern(&field.pattern)),
            Pattern::Any => {}
        }
    }

    fn call(&mut self, namespace: Option<&'p Name>, function: &'p Name) {
        let name = function.text.as_str();
        let Some(namespace) = namespace else {
            return match (self.functions.get(name), catalogue::find(name)) {
                (Some(index), _) => self.names.bindings[function.id.0 as usize] = Binding::Function(*index),
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
    fn method(&mut self, method: &'p Name) {
        let name = method.text.as_str();
        match catalogue::methods(name) {
            [first, ..] if !self.functions.contains_key(name) && catalogue::find(name).is_none() => {
                self.builtin(*first, name, method, method.span);
            }
            _ => self.call(None, method),
        }
    }

    fn builtin(&mut self, builtin: Builtin, name: &str, function: &'p Name, span: Span) {
        self.names.bindings[function.id.0 as usize] = Binding::Builtin(builtin);
        if !builtin.is_executable() {
            self.unsupported(&format!("the builtin `{name}`"), span);
        }
    }

    /// The arguments of a call; a word that names an entity is no variable.
    fn arguments(&mut self, function: &'p Name, arguments: &'p [Argument]) {
        let names: Vec<Option<&str>> =
            arguments.iter().map(|argument| argument.name.as_ref().map(|name| name.text.as_str())).collect();
        let assigned = match self.names.binding(function) {
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

    fn look_up(&self, name: &str) -> Option<Binding> {
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        local.map(|slot| Binding::Local(*slot)).or_else(|| self.globals.get(name).map(|g| Binding::Global(*g)))
    }

    /// A name in the sizes of a `tensor` statement reads a variable if there is one.
    fn size_name(&mut self, name: &'p Name) {
        if let Some(binding) = self.look_up(&name.text) {
            self.names.bindings[name.id.0 as usize] = binding;
        }
    }

    fn unknown_name(&mut self, name: &'p Name) {
        if self.later.contains(name.text.as_str()) {
            return;
        }
        let place = self.place(name.span);
        let text = name.text.as_str();
        if let Some((_, assigned)) = self.left.iter().rev().find(|(left, _)| *left == text) {
            let message = format!("`{text}` is first assigned inside a block and read after it");
            let problem = Diagnostic::new(Code::BlockLocalAssignment, self.place(*assigned), message)
                .related(place, "read here, where it no longer exists")
                .help(format!("declare `{text}` with `let` before the block"));
            self.problems.push(problem);
            return;
        }
        let elsewhere = self.elsewhere.iter().find(|(other, _, _)| *other == text).copied();
        if let (Some((_, owner, declared)), true) = (elsewhere, self.in_function) {
            let message = format!("`{text}` is a variable of `{owner}`, which this function cannot see");
            let problem = Diagnostic::new(Code::CapturedCallerVariable, place, message)
                .related(self.place(declared), "declared here")
                .help(format!("pass `{text}` as a parameter"));
            self.problems.push(problem);
            return;
        }
        let mut problem = Diagnostic::new(Code::UnknownName, place, format!("nothing is called `{text}` here"));
        let visible = self.scopes.iter().flat_map(|scope| scope.keys().copied()).chain(self.globals.keys().copied());
        if let Some(close) = did_you_mean(text, visible) {
            problem = problem.help(format!("did you mean `{close}`?"));
        } else if self.functions.contains_key(text) || catalogue::find(text).is_some() {
            problem = problem.help(format!("`{text}` is a function: call it with `{text}(…)`"));
        }
        self.problems.push(problem);
    }

    /// An assignment to a new name that nothing reads is likely a slip of the pen.
    fn never_read(&mut self, name: &str, span: Span) {
        let outer = self.scopes.iter().flat_map(|scope| scope.keys().copied()).filter(|other| *other != name);
        let Some(close) = did_you_mean(name, outer.chain(self.globals.keys().copied())) else { return };
        let message = format!("`{name}` is assigned here and never read");
        let problem = Diagnostic::new(Code::BlockLocalAssignment, self.place(span), message)
            .severity(Severity::Warning)
            .help(format!("did you mean `{close}`?"));
        self.problems.push(problem);
    }

    fn unknown_function(&mut self, function: &'p Name) {
        if self.later.contains(function.text.as_str()) {
            return;
        }
        let text = function.text.as_str();
        let message = format!("no function is called `{text}`");
        let mut problem = Diagnostic::new(Code::UnknownFunction, self.place(function.span), message);
        let known = self.functions.keys().copied().chain(catalogue::names());
        if let Some(close) = did_you_mean(text, known) {
            problem = problem.help(format!("did you mean `{close}`?"));
        }
        self.problems.push(problem);
    }

    fn unsupported(&mut self, construct: &str, span: Span) {
        self.problem(Code::NotSupportedYet, span, format!("{construct} cannot be executed yet"));
    }

    fn problem(&mut self, code: Code, span: Span, message: String) {
        self.problems.push(Diagnostic::new(code, self.place(span), message));
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.file(), span }
    }

    fn file(&self) -> FileId {
        self.program.file
    }
}

/// Every variable that a body declares with `let`, with the body's name.
fn variables_by_function(program: &Program) -> Vec<(&str, &str, Span)> {
    fn collect<'p>(block: &'p Block, owner: &'p str, found: &mut Vec<(&'p str, &'p str, Span)>) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let { name, .. } => found.push((&name.text, owner, name.span)),
                StatementKind::Assign { target: Target::Variable(name), .. } => {
                    found.push((&name.text, owner, name.span));
                }
                StatementKind::Tensor(declaration) => {
                    found.push((&declaration.name.text, owner, declaration.name.span));
                }
                StatementKind::For { variable, body, .. } => {
                    found.push((&variable.text, owner, variable.span));
                    collect(body, owner, found);
                }
                StatementKind::While { body, .. } | StatementKind::Loop { body } | StatementKind::Block(body) => {
                    collect(body, owner, found);
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    if let Some(main) = &program.main {
        collect(main, "main", &mut found);
    }
    for function in &program.functions {
        collect(&function.body, &function.name.text, &mut found);
    }
    found
}
