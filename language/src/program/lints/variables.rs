//! The life of every variable of a body: where it is declared, in which loop, and
//! where it is read and changed afterwards, in the order of a run.
//!
//! Scopes are those of name resolution. Names in constructs that nothing resolves
//! yet (`learn`, queries, structs) count as reads of what they may mean.

use rustc_hash::FxHashMap;

use super::body::Body;
use crate::program::tree::*;
use crate::source::Span;

/// All variables of a body, in the order of their declaration.
pub(super) struct Variables<'p> {
    pub(super) all: Vec<Variable<'p>>,
    pub(super) loops: Vec<Loop>,
}

/// One variable.
pub(super) struct Variable<'p> {
    pub(super) name: &'p Name,
    pub(super) kind: VariableKind<'p>,
    /// The innermost loop around its declaration.
    pub(super) inside: Option<LoopId>,
    /// The block that declares it.
    pub(super) block: BlockId,
    /// The variable of the same name that this one hides.
    pub(super) hides: Option<usize>,
    /// The other names that can be seen where it is declared.
    pub(super) beside: Vec<&'p str>,
    pub(super) uses: Vec<Use>,
}

/// What declares a variable.
#[derive(Clone, Copy)]
pub(super) enum VariableKind<'p> {
    Parameter,
    /// `let`, with its statement.
    Let(&'p Statement),
    /// `tensor` in a block, with its statement.
    Tensor(&'p Statement),
    /// `x = …` where there is no `x`.
    Assignment,
    /// The variable of this loop.
    Loop(LoopId),
    /// A name in a pattern of `match`.
    Pattern,
}

/// The number of a loop of the body.
pub(super) type LoopId = usize;

/// One loop.
pub(super) struct Loop {
    /// The keyword and what stands before its body.
    pub(super) header: Span,
    pub(super) parent: Option<LoopId>,
    /// The block that the loop stands in, and that of its body.
    pub(super) block: BlockId,
    pub(super) body: BlockId,
    /// Its first and its last step.
    pub(super) steps: (usize, usize),
}

/// One use of a variable.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub(super) kind: UseKind,
    pub(super) span: Span,
    /// The step at which it comes.
    pub(super) at: usize,
    /// The block that it stands in.
    pub(super) block: BlockId,
    /// Whether it is about all of the value, not about one element.
    pub(super) is_whole: bool,
}

/// How a variable is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UseKind {
    /// Its value goes somewhere.
    Read,
    /// It gets another value.
    Write,
    /// `x += 1`, `x[0] = 1`: its value goes into itself.
    Update,
}

impl<'p> Variables<'p> {
    /// Follows the variables of a body.
    pub(super) fn of(body: &Body<'p>) -> Variables<'p> {
        let mut walk = Walk::default();
        walk.scopes.push(FxHashMap::default());
        walk.block = body.block.id;
        for parameter in body.parameters() {
            walk.declare(&parameter.name, VariableKind::Parameter);
        }
        walk.block(body.block, body.gives_a_value());
        Variables { all: walk.all, loops: walk.loops }
    }

    /// `inner` and the loops around it, innermost first.
    pub(super) fn around(&self, inner: Option<LoopId>) -> impl Iterator<Item = LoopId> + '_ {
        std::iter::successors(inner, |at| self.loops[*at].parent)
    }
}

impl Variable<'_> {
    /// Whether its value is ever read.
    pub(super) fn is_read(&self) -> bool {
        self.uses.iter().any(|one| one.kind == UseKind::Read)
    }
}

#[derive(Default)]
struct Walk<'p> {
    all: Vec<Variable<'p>>,
    loops: Vec<Loop>,
    scopes: Vec<FxHashMap<&'p str, usize>>,
    inside: Option<LoopId>,
    block: BlockId,
    step: usize,
}

impl<'p> Walk<'p> {
    fn step(&mut self) -> usize {
        self.step += 1;
        self.step
    }

    fn look_up(&self, name: &str) -> Option<usize> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name)).copied()
    }

    fn declare(&mut self, name: &'p Name, kind: VariableKind<'p>) {
        let beside = match kind {
            VariableKind::Assignment => self.scopes.iter().flat_map(|scope| scope.keys().copied()).collect(),
            _ => Vec::new(),
        };
        let variable = Variable {
            name,
            kind,
            inside: self.inside,
            block: self.block,
            hides: self.look_up(&name.text),
            beside,
            uses: Vec::new(),
        };
        self.all.push(variable);
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(&name.text, self.all.len() - 1);
        }
    }

    fn uses(&mut self, name: &Name, kind: UseKind) {
        self.uses_part(name, kind, true);
    }

    fn uses_part(&mut self, name: &Name, kind: UseKind, is_whole: bool) {
        let at = self.step();
        if let Some(variable) = self.look_up(&name.text) {
            self.all[variable].uses.push(Use { kind, span: name.span, at, block: self.block, is_whole });
        }
    }

    fn scope(&mut self, inside: impl FnOnce(&mut Self)) {
        self.scopes.push(FxHashMap::default());
        inside(self);
        self.scopes.pop();
    }

    fn block(&mut self, block: &'p Block, is_value: bool) {
        let outer = std::mem::replace(&mut self.block, block.id);
        self.scope(|walk| {
            let last = block.statements.len().checked_sub(1);
            for (index, statement) in block.statements.iter().enumerate() {
                walk.statement(statement, is_value && Some(index) == last);
            }
        });
        self.block = outer;
    }

    /// `header` are the steps before the first round, which `variable` names.
    fn a_loop(&mut self, header: Span, variable: Option<&'p Name>, condition: Option<&'p Expression>, body: &'p Block) {
        let id = self.loops.len();
        let first = self.step();
        self.loops.push(Loop { header, parent: self.inside, block: self.block, body: body.id, steps: (first, first) });
        let outer = self.inside.replace(id);
        condition.into_iter().for_each(|condition| self.expression(condition, false));
        self.scope(|walk| {
            if let Some(variable) = variable {
                walk.declare(variable, VariableKind::Loop(id));
            }
            walk.block(body, false);
        });
        self.inside = outer;
        self.loops[id].steps.1 = self.step();
    }

    fn statement(&mut self, statement: &'p Statement, is_value: bool) {
        match &statement.kind {
            StatementKind::Let { name, annotation, value, .. } => {
                annotation.iter().for_each(|annotation| self.sizes_of_type(annotation));
                self.expression(value, true);
                self.declare(name, VariableKind::Let(statement));
            }
            StatementKind::Tensor(declaration) => {
                self.sizes(&declaration.sizes);
                declaration.value.iter().for_each(|value| self.expression(value, true));
                self.declare(&declaration.name, VariableKind::Tensor(statement));
            }
            StatementKind::Assign { target, operator, value } => {
                self.expression(value, true);
                self.target(target, operator.is_some());
                if let (true, Target::Variable(name)) = (is_value, target) {
                    self.uses(name, UseKind::Read);
                }
            }
            StatementKind::Expression(expression) => self.expression(expression, is_value),
            StatementKind::Return(value) => value.iter().for_each(|value| self.expression(value, true)),
            StatementKind::For { variable, iterable, body, header } => {
                self.expression(iterable, true);
                self.a_loop(*header, Some(variable), None, body);
            }
            StatementKind::While { condition, body } => {
                let header = statement.span.with(statement.span.start(), condition.span.end());
                self.a_loop(header, None, Some(condition), body);
            }
            StatementKind::Loop { body } => self.a_loop(super::paths::keyword(statement, "loop"), None, None, body),
            StatementKind::Block(block) => self.block(block, is_value),
            StatementKind::Rule(rule) => {
                std::iter::once(&rule.head).chain(&rule.body).for_each(|term| self.term(term));
            }
            StatementKind::Query(query) => self.query(query),
            StatementKind::Equation(equation) => self.equation(equation),
            StatementKind::Infer(all) => all.iter().for_each(|one| self.query(&one.query)),
            StatementKind::Learn(learn) => {
                for entry in &learn.entries {
                    match entry {
                        LearnEntry::Field(field) => self.expression(&field.value, true),
                        LearnEntry::Statement(statement) => self.statement(statement, false),
                    }
                }
            }
            StatementKind::With { body, .. } => {
                body.statements.iter().for_each(|statement| self.statement(statement, false));
            }
            StatementKind::Break
            | StatementKind::Continue
            | StatementKind::PythonImport { .. }
            | StatementKind::Refused(_)
            | StatementKind::Invalid => {}
        }
    }

    fn target(&mut self, target: &'p Target, updates: bool) {
        match target {
            Target::Variable(name) if updates => self.uses(name, UseKind::Update),
            Target::Variable(name) => match self.look_up(&name.text) {
                Some(_) => self.uses(name, UseKind::Write),
                None => self.declare(name, VariableKind::Assignment),
            },
            Target::Index { .. } | Target::Field { .. } => self.part(target),
            Target::Invalid(_) => {}
        }
    }

    /// An assignment to an element or a property changes the variable around it.
    fn part(&mut self, target: &'p Target) {
        match target {
            Target::Variable(name) => self.uses_part(name, UseKind::Update, false),
            Target::Index { object, index, .. } => {
                self.expression(index, true);
                self.part(object);
            }
            Target::Field { object, .. } => self.part(object),
            Target::Invalid(_) => {}
        }
    }

    fn expression(&mut self, expression: &'p Expression, is_value: bool) {
        match &expression.kind {
            ExpressionKind::Variable(name) => self.uses(name, UseKind::Read),
            ExpressionKind::If { condition, consequence, alternative } => {
                self.expression(condition, true);
                self.block(consequence, is_value);
                alternative.iter().for_each(|block| self.block(block, is_value));
            }
            ExpressionKind::Match { value, arms } => {
                self.expression(value, true);
                for arm in arms {
                    self.scope(|walk| {
                        walk.pattern(&arm.pattern);
                        arm.guard.iter().for_each(|guard| walk.expression(guard, true));
                        walk.expression(&arm.value, is_value);
                    });
                }
            }
            ExpressionKind::Block(block) => self.block(block, is_value),
            _ => expression.for_each_part(&mut |part| self.expression(part, true)),
        }
    }

    fn pattern(&mut self, pattern: &'p Pattern) {
        match pattern {
            Pattern::Bind(name) => self.declare(name, VariableKind::Pattern),
            Pattern::Either(all) | Pattern::Tuple(all, _) => all.iter().for_each(|one| self.pattern(one)),
            Pattern::Literal(value) => self.expression(value, true),
            Pattern::Struct { fields, .. } => fields.iter().for_each(|field| self.pattern(&field.pattern)),
            Pattern::Any => {}
        }
    }

    fn term(&mut self, term: &'p Term) {
        match term {
            Term::Expression(expression) => self.expression(expression, true),
            Term::Equation(equation) => self.equation(equation),
        }
    }

    fn equation(&mut self, equation: &'p Equation) {
        self.expression(&equation.left, true);
        self.expression(&equation.right, true);
    }

    fn query(&mut self, query: &'p Query) {
        self.expression(&query.relation, true);
        query.constraints.iter().for_each(|constraint| self.expression(constraint, true));
    }

    fn sizes_of_type(&mut self, written: &'p Type) {
        match &written.kind {
            TypeKind::Tensor(_, sizes) => self.sizes(sizes),
            TypeKind::Generic { arguments, .. } => arguments.iter().for_each(|one| self.sizes_of_type(one)),
            _ => {}
        }
    }

    fn sizes(&mut self, sizes: &'p [Size]) {
        for size in sizes {
            if let Size::Named(name) = size {
                self.uses(name, UseKind::Read);
            }
        }
    }
}
