//! The walk over a program that finds what is known of each value: statements
//! and blocks, the variables of one frame, and what is noted on the way. It
//! follows the interpreter step by step and keeps facts where that keeps values.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::caches::{Caches, Loaded};
use super::declared::Sizes;
use super::harvest::Harvest;
use super::joints::Joint;
use super::known::{Known, map_sizes};
use super::memory::{Memory, Walks};
use super::models::{Fault, Models};
use super::notes::{Bound, Notes, Outcome, Walked, each_once};
use super::recursion::{Leans, Recursion, Solved};
use super::symbols::{Site, Symbols, born_inside};
use super::{BindingKind, World};
use crate::catalogue::Builtin;
use crate::catalogue::collection::Collection;
use crate::catalogue::fact::{Fact, HandleKind};
use crate::diagnostic::{Code, Diagnostic, Fix, Label, Severity};
use crate::program::Analysis;
use crate::program::names::{Binding, TopLevel};
use crate::program::tree::*;
use crate::shape::Mismatch;
use crate::size::Birth;
use crate::source::{Span, TextId};

/// The most expressions that are looked at, for a program of any length and besides for
/// each byte of a function; beyond, nothing is told at all.
const MOST_STEPS: usize = 100_000;
const STEPS_PER_BYTE: usize = 5;

/// How often that many are looked at in all parts together that are run for themselves.
const MOST_BUDGETS: usize = 4;

/// Why a part of a value in a function is open that each of its calls knows.
pub(super) const CALLS_DIFFER: &str = "the calls of this function differ";

/// Why it is open what a function gives.
pub(super) const RETURNS_DIFFER: &str = "the returned values differ";

/// How deeply expressions and calls together may nest.
const DEEPEST: usize = 300;

/// How sure it is that a statement is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Reach {
    /// It is, unless the run fails before.
    Certain,
    /// It is in any sensible run: inside of a loop, behind a `break`.
    Likely,
    /// It depends on the condition of an `if` outside of functions.
    Branch,
    /// It depends on a condition that may be there because it fails otherwise.
    Unsure,
}

/// The states in which the innermost loop is left or goes on.
#[derive(Default)]
pub(super) struct LoopEnds {
    pub(super) breaks: Option<Vec<Known>>,
    pub(super) continues: Option<Vec<Known>>,
}

pub(super) struct Walk<'w> {
    pub(super) analysis: &'w Analysis,
    pub(super) program: &'w Program,
    pub(super) world: &'w World<'w>,
    pub(super) symbols: Symbols,
    pub(super) models: Models,
    pub(super) notes: Notes,
    /// The walks that the present one stands on.
    pub(super) needs: Vec<Arc<Walked>>,
    pub(super) globals: Vec<Known>,
    /// The same by their numbers.
    pub(super) global_values: Vec<(TopLevel, Known)>,
    /// The variables of the present call.
    pub(super) slots: Vec<Known>,
    /// Whether this place can be reached at all.
    pub(super) live: bool,
    pub(super) reach: Reach,
    /// How many branches so far may leave the round or the call that goes on here.
    pub(super) early_ends: usize,
    /// Whether the run may have ended before this place without a failure.
    pub(super) may_end: bool,
    pub(super) loops: Vec<LoopEnds>,
    /// What held before each loop of the present call when it was looked at last, and at
    /// the beginning of its rounds.
    pub(super) earlier: FxHashMap<Span, (Vec<Known>, Vec<Known>)>,
    /// The sizes that the names in its signature stand for.
    pub(super) sizes: Sizes<'w>,
    /// What the present call returns so far.
    pub(super) returned: Option<Known>,
    /// The walks of the last time, and those of this time.
    pub(super) before: Walks,
    pub(super) done: Walks,
    /// Walks that no call of this time leads to.
    pub(super) roots: Vec<Arc<Walked>>,
    /// What has become of walks of the last time.
    pub(super) now: FxHashMap<*const Walked, Arc<Walked>>,
    /// The texts of the program.
    pub(super) texts: FxHashSet<TextId>,
    /// The functions being looked at, innermost last.
    pub(super) calling: Vec<TopLevel>,
    /// Those of them that have called themselves, innermost last.
    pub(super) recursions: Vec<Recursion>,
    /// Which recursions what is being found stands on.
    pub(super) leans: Option<Leans>,
    /// What was found of calls inside of themselves and stands on no assumption.
    pub(super) solved: Solved,
    /// The fields that methods may change, where that was asked for.
    pub(super) changed_fields: FxHashMap<TopLevel, Rc<HashSet<String>>>,
    /// What is assumed of the entries of caches, and what was stored since.
    pub(super) stored: Caches,
    /// The calls that make caches, by the functions and parts that they stand in.
    pub(super) makers: FxHashMap<&'w str, Vec<Span>>,
    /// The part that is walked: `main`, a test or a bench.
    pub(super) part: &'w str,
    /// What was loaded from caches.
    pub(super) loaded: Vec<Loaded>,
    /// Functions that were not followed through all their calls.
    pub(super) widened: FxHashSet<TopLevel>,
    /// How many calls were not followed.
    pub(super) cuts: usize,
    /// Whether there was too much to look at in an earlier part.
    pub(super) given_up: bool,
    steps: usize,
    earlier_steps: usize,
    most_steps: usize,
    depth: usize,
}

impl<'w> Walk<'w> {
    pub(super) fn new(analysis: &'w Analysis, world: &'w World<'w>, memory: &mut Memory) -> Walk<'w> {
        let bodies = analysis.program.functions.iter().map(|function| function.body.span);
        let bytes: usize = bodies.map(|body| body.end() - body.start()).sum();
        Walk {
            analysis,
            program: &analysis.program,
            world,
            symbols: std::mem::take(&mut memory.symbols),
            models: std::mem::take(&mut memory.models),
            notes: Notes::default(),
            needs: Vec::new(),
            globals: vec![Known::void(); analysis.program.globals.len()],
            global_values: Vec::new(),
            slots: vec![Known::void(); analysis.names.main_frame_size()],
            live: true,
            reach: Reach::Certain,
            early_ends: 0,
            may_end: false,
            loops: Vec::new(),
            earlier: FxHashMap::default(),
            sizes: Sizes::default(),
            returned: None,
            before: std::mem::take(&mut memory.walks),
            done: Walks::default(),
            roots: Vec::new(),
            now: FxHashMap::default(),
            texts: analysis.program.texts.iter().copied().collect(),
            calling: Vec::new(),
            recursions: Vec::new(),
            leans: None,
            solved: Solved::default(),
            changed_fields: FxHashMap::default(),
            stored: memory.stored.clone(),
            makers: FxHashMap::default(),
            part: "",
            loaded: Vec::new(),
            widened: FxHashSet::default(),
            cuts: 0,
            given_up: false,
            steps: 0,
            earlier_steps: 0,
            most_steps: MOST_STEPS + STEPS_PER_BYTE * bytes,
            depth: 0,
        }
    }

    /// Walks the top-level tensors; what is known of them holds everywhere.
    pub(super) fn top_level_tensors(&mut self, harvest: &mut Harvest) {
        let assigned = self.analysis.outlines.assigned();
        for (index, declaration) in self.program.globals.iter().enumerate() {
            self.symbols.enter(FxHashSet::default());
            let known = self.declaration(declaration);
            let number = match self.analysis.names.binding(&declaration.name) {
                Binding::Global(number) => Some(number),
                _ => None,
            };
            let changes = number.is_some_and(|number| assigned.contains(&number));
            self.globals[index] =
                if changes { Known::lost("this tensor is assigned elsewhere", declaration.name.span) } else { known };
            let known = self.globals[index].clone();
            self.note_binding(&declaration.name, BindingKind::Tensor, known.clone());
            self.global_values.extend(number.map(|number| (number, known)));
            let mut notes = std::mem::take(&mut self.notes);
            let calls = std::mem::take(&mut notes.calls);
            harvest.root(declaration.name.id.text, &notes.into(), &calls);
        }
    }

    /// Walks `main`, unless the last walk of it still holds.
    pub(super) fn main(&mut self) -> Option<Arc<Walked>> {
        let main = self.program.main.as_ref().filter(|_| self.live)?;
        self.part("main", &main.body)
    }

    /// Walks the tests and benches. Each fails alone: what it shows to be wrong with other
    /// parts of the program does not forbid to run them.
    pub(super) fn tests_and_benches(&mut self, harvest: &mut Harvest) {
        for block in self.program.tests.iter().chain(&self.program.benches) {
            self.begin(Reach::Certain);
            self.slots = vec![Known::void(); self.analysis.names.frame_of(&block.name)];
            (self.loops, self.returned) = (Vec::new(), None);
            self.earlier.clear();
            let walked = self.part(&block.name.text, &block.body).filter(|_| !self.is_exhausted());
            let Some(walked) = walked else { continue };
            let before = harvest.problems.len();
            harvest.root(walked.text, &walked.notes, &walked.calls);
            let elsewhere = harvest.problems.iter_mut().skip(before);
            for problem in elsewhere.filter(|problem| !block.body.span.contains(problem.place)) {
                problem.severity = problem.severity.max(Severity::Warning);
            }
            self.roots.push(walked);
        }
    }

    /// Walks a part that is run for itself, unless its last walk still holds.
    fn part(&mut self, name: &'w str, body: &'w Block) -> Option<Arc<Walked>> {
        let text = body.id.text;
        let earlier = self.earlier(None, text, &[].into());
        if let Some(walked) = earlier.and_then(|earlier| self.still(&earlier)) {
            return Some(walked);
        }
        let (reach, may_end, cuts) = (self.reach, self.may_end, self.cuts);
        self.symbols.enter(FxHashSet::default());
        self.needs.clear();
        self.part = name;
        self.block(body);
        let mut notes = std::mem::take(&mut self.notes);
        let calls = std::mem::take(&mut notes.calls);
        let outcome = Outcome { result: Known::void(), ends_always: false, ends_sometimes: false };
        Some(Arc::new(Walked {
            function: None,
            text,
            name: name.into(),
            resolution: self.analysis.names.resolution(text)?,
            arguments: [].into(),
            reach,
            may_end,
            outcome,
            loads: notes.loads || self.needs.iter().any(|need| need.loads),
            points_to: notes.point_to(text),
            is_silent: notes.are_silent(),
            notes: notes.into(),
            calls,
            needs: each_once(std::mem::take(&mut self.needs)),
            recursive: self.cuts > cuts,
            tells_callers: false,
        }))
    }

    /// Begins another part of the program that nothing else leads to.
    pub(super) fn begin(&mut self, reach: Reach) {
        self.given_up |= self.is_exhausted();
        self.earlier_steps += self.steps;
        (self.live, self.reach, self.may_end) = (true, reach, false);
        (self.steps, self.depth) = (0, 0);
    }

    /// Whether so much was looked at in all parts that no other one is begun.
    pub(super) fn is_over(&self) -> bool {
        self.earlier_steps > MOST_BUDGETS * self.most_steps
    }

    /// Whether there was more to look at than is sensible.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps > self.most_steps
    }

    /// Whether a function that is called here had better be looked at for itself.
    pub(super) fn is_deep(&self) -> bool {
        self.depth > DEEPEST / 2
    }

    /// Runs `inside` one level deeper; nothing is known where that is too deep.
    pub(super) fn deeper(&mut self, inside: impl FnOnce(&mut Self) -> Known) -> Known {
        self.steps += 1;
        if self.depth >= DEEPEST {
            self.steps = self.most_steps + 1;
        }
        if self.is_exhausted() {
            return Known::unknown();
        }
        self.depth += 1;
        let known = inside(self);
        self.depth -= 1;
        known
    }

    /// Walks a block in its own scope; its value is that of its last statement.
    pub(super) fn block(&mut self, block: &'w Block) -> Known {
        let mut value = Known::void();
        for statement in &block.statements {
            if !self.live {
                break;
            }
            value = self.statement(statement);
        }
        for slot in self.analysis.names.block_slots(block.id) {
            if let Some(slot) = self.slots.get_mut(slot) {
                *slot = Known::void();
            }
        }
        value
    }

    fn statement(&mut self, statement: &'w Statement) -> Known {
        match &statement.kind {
            StatementKind::Let { name, annotation, value, .. } => {
                let mut value = self.expression(value);
                if let Some(annotation) = annotation {
                    value = self.annotated(annotation, value);
                }
                self.bind(name, BindingKind::Let, value);
                Known::void()
            }
            StatementKind::Tensor(declaration) => {
                let value = self.declaration(declaration);
                self.bind(&declaration.name, BindingKind::Tensor, value);
                Known::void()
            }
            StatementKind::Assign { target, operator, value } => {
                let place = value.span;
                let right = self.expression(value);
                let value = match operator {
                    None => right,
                    Some(operator) => {
                        let left = self.target_value(target);
                        self.binary(*operator, [&left, &right], [statement.span, place], statement.span)
                    }
                };
                self.assign(target, value.clone());
                value
            }
            StatementKind::Expression(expression) => match self.appends_to(expression) {
                Some(name) => {
                    let value = self.expression(expression);
                    self.bind(name, BindingKind::Append, value);
                    Known::void()
                }
                None => self.expression(expression),
            },
            StatementKind::Return(value) => {
                let value = value.as_ref().map_or_else(Known::void, |value| {
                    let known = self.expression(value);
                    self.given(known, value.span)
                });
                if self.live {
                    self.returned = Some(match self.returned.take() {
                        Some(before) => self.joined([&before, &value], Joint::Value(statement.span), RETURNS_DIFFER),
                        None => value,
                    });
                }
                self.live = false;
                Known::void()
            }
            StatementKind::Break => {
                self.leave(true);
                Known::void()
            }
            StatementKind::Continue => {
                self.leave(false);
                Known::void()
            }
            StatementKind::For { variable, iterable, body, .. } => {
                self.for_loop(variable, iterable, body, statement.span)
            }
            StatementKind::While { condition, body } => self.while_loop(Some(condition), body, statement.span),
            StatementKind::Loop { body } => self.while_loop(None, body, statement.span),
            StatementKind::Block(block) => self.block(block),
            StatementKind::Learn(learn) => {
                self.learn(learn);
                Known::void()
            }
            StatementKind::Rule(_)
            | StatementKind::Query(_)
            | StatementKind::Equation(_)
            | StatementKind::Infer(_)
            | StatementKind::With { .. }
            | StatementKind::PythonImport { .. }
            | StatementKind::Refused(_)
            | StatementKind::Invalid => Known::unknown(),
        }
    }

    /// `learn { … }`: what is minimised is one number. The statements see the number of
    /// epochs and the optimizer, the other fields what the statements declare, wherever
    /// they stand.
    fn learn(&mut self, learn: &'w Learn) {
        let fields = learn.entries.iter().filter_map(|entry| match entry {
            LearnEntry::Field(field) => Some(field),
            LearnEntry::Statement(_) => None,
        });
        let (epochs, others): (Vec<_>, Vec<_>) = fields.partition(|field| field.name.text == "epochs");
        for field in epochs {
            let known = self.expression(&field.value);
            self.set(&field.name, known);
        }
        for field in others.iter().filter(|field| field.name.text == "optimizer") {
            self.set(&field.name, Known::of(Fact::Handle(HandleKind::Optimizer)));
        }
        for entry in &learn.entries {
            if let LearnEntry::Statement(statement) = entry {
                self.statement(statement);
            }
        }
        for field in others {
            let known = self.expression(&field.value);
            let known = self.as_tensor(&known);
            let shape = known.fact.shape().filter(|_| field.name.text == "objective");
            if let Some(count) = shape.and_then(|shape| shape.count().known()).filter(|count| *count != 1) {
                let message = format!("the objective has {count} elements, it must be one number");
                let mismatch = Mismatch::new(Code::LearnObjective, message);
                let help = "reduce it with `sum` or `mean`";
                let births = self.births([(&*known, field.value.span)], field.value.span);
                self.mismatch(mismatch.help(help), field.value.span, births, known.assured);
            }
        }
    }

    /// `break` or `continue`: this state goes on elsewhere.
    fn leave(&mut self, breaks: bool) {
        if !self.live {
            return;
        }
        if let Some(ends) = self.loops.last_mut() {
            let end = if breaks { &mut ends.breaks } else { &mut ends.continues };
            *end = Some(match end.take() {
                Some(before) => join_slots(&before, &self.slots),
                None => self.slots.clone(),
            });
        }
        self.live = false;
    }

    /// Binds a name to a value in the slot that resolution gave it. An Integer
    /// of which nothing is known gets the name as its symbol.
    pub(super) fn bind(&mut self, name: &Name, kind: BindingKind, mut value: Known) {
        let is_new = matches!(kind, BindingKind::Let | BindingKind::Parameter | BindingKind::Loop);
        if value.fact == Fact::Integer(None) && is_new {
            let birth = Birth { span: name.span, message: format!("the value of `{}`", name.text) };
            let symbol = self.symbols.named(Site::Value(name.span), &name.text, false, birth);
            value.fact = Fact::Integer(Some(symbol));
        }
        // A tensor of the top level that is assigned anywhere is unknown everywhere.
        self.set(name, value.clone());
        self.note_binding(name, kind, value);
    }

    fn note_binding(&mut self, name: &Name, kind: BindingKind, value: Known) {
        if self.live {
            self.notes.bindings.insert(name.span, Bound { name: name.text.clone(), kind, known: value });
        }
    }

    /// The value of a variable.
    pub(super) fn variable(&self, name: &Name) -> Known {
        match self.analysis.names.binding(name) {
            Binding::Local(slot) => self.slots.get(slot as usize).cloned().unwrap_or_else(Known::unknown),
            Binding::Global(number) => {
                let index = self.analysis.names.global(number);
                index.and_then(|index| self.globals.get(index)).cloned().unwrap_or_else(Known::unknown)
            }
            Binding::Function(_) | Binding::Builtin(_) | Binding::Logic(_) | Binding::Unresolved => Known::unknown(),
        }
    }

    /// The variable that `x.append(v)` alone as a statement changes. A handle stays
    /// the same one when something is appended to it.
    fn appends_to(&self, expression: &'w Expression) -> Option<&'w Name> {
        let ExpressionKind::Method { receiver, method, .. } = &expression.kind else { return None };
        let ExpressionKind::Variable(name) = &receiver.kind else { return None };
        let append = Binding::Builtin(Builtin::Collection(Collection::Append));
        let is_list = self.analysis.names.binding(method) == append;
        (is_list && !matches!(self.variable(name).fact, Fact::Handle(_))).then_some(name)
    }

    fn target_value(&mut self, target: &'w Target) -> Known {
        match target {
            Target::Variable(name) => self.variable(name),
            Target::Index { object, index, .. } => {
                let object = self.target_value(object);
                let at = self.expression(index);
                self.element(&object, &at, index.span)
            }
            Target::Field { object, property, .. } => {
                let object = self.target_value(object);
                self.property(&object, property)
            }
            Target::Invalid(_) => Known::unknown(),
        }
    }

    fn assign(&mut self, target: &'w Target, value: Known) {
        match target {
            Target::Variable(name) => self.bind(name, BindingKind::Assignment, value),
            Target::Index { object, index, .. } => {
                let at = self.expression(index);
                let mut list = self.target_value(object);
                // Kind and length stay; an entry changes, and a tensor is refused.
                if let Fact::Array { integers, .. } = &mut list.fact {
                    let position = at.fact.integer().and_then(|at| usize::try_from(at).ok());
                    match (integers.as_mut(), position) {
                        (Some(all), Some(at)) if at < all.len() => all[at] = value.fact.size(),
                        _ => *integers = None,
                    }
                }
                list.history = list.history.clone().with_entry(list.entry_with(&value));
                self.put(object, list);
            }
            Target::Field { object, property, .. } => {
                let of = self.target_value(object).with_field(&property.text, value);
                self.put(object, of);
            }
            Target::Invalid(_) => {}
        }
    }

    /// Changes a variable, or a field of it, of which only a part was assigned.
    fn put(&mut self, target: &'w Target, value: Known) {
        match target {
            Target::Variable(name) => self.set(name, value),
            Target::Field { object, property, .. } => {
                let of = self.target_value(object).with_field(&property.text, value);
                self.put(object, of);
            }
            Target::Index { .. } | Target::Invalid(_) => {}
        }
    }

    /// Gives a variable of this frame a value, of which nothing is noted.
    fn set(&mut self, name: &Name, value: Known) {
        if let Binding::Local(slot) = self.analysis.names.binding(name)
            && let Some(slot) = self.slots.get_mut(slot as usize)
        {
            *slot = value;
        }
    }

    /// A size that is not known as a number, born at `span`.
    pub(super) fn born(&mut self, span: Span, message: impl Into<String>) -> crate::size::Size {
        self.symbols.lettered(Site::Value(span), Birth { span, message: message.into() })
    }

    /// `fact` without the symbols born inside of `span`.
    pub(super) fn without_inner(&self, fact: &Fact, span: Span) -> Fact {
        map_sizes(fact, &mut |size, _| (!born_inside(size, span)).then(|| size.clone()))
    }

    /// Notes a mismatch of the rules at `span`, unless it is not certain.
    pub(super) fn mismatch(&mut self, mismatch: Mismatch, span: Span, related: Vec<Label>, assured: bool) {
        let problem = Diagnostic::new(mismatch.code, span, mismatch.message);
        self.problem(mismatch.help.into_iter().fold(problem, Diagnostic::help), related, assured);
    }

    /// Notes a fault of a model at `span`, unless it is not certain.
    pub(super) fn fault(&mut self, fault: Fault, span: Span, related: Vec<Label>, assured: bool) {
        let mut problem = Diagnostic::new(fault.code, span, fault.message);
        problem.notes = fault.notes;
        if let Some(close) = fault.close {
            problem.fix = Some(Fix::likely(format!("write `{close}`")).replace(span, close));
        }
        self.problem(fault.help.into_iter().fold(problem, Diagnostic::help), related, assured);
    }

    /// Notes a failure of the run: an error where it certainly comes to that.
    pub(super) fn problem(&mut self, mut problem: Diagnostic, related: Vec<Label>, assured: bool) {
        problem.severity = match self.reach {
            _ if matches!(problem.code, Code::ModelNotFound | Code::ModelUnreadable) => Severity::Warning,
            Reach::Unsure => return,
            Reach::Certain if assured && !self.may_end => Severity::Error,
            Reach::Certain | Reach::Likely | Reach::Branch => Severity::Warning,
        };
        problem.related = related;
        if self.live {
            self.notes.problems.push(problem);
        }
    }
}

/// What holds in both of two states of the same frame.
pub(super) fn join_slots(a: &[Known], b: &[Known]) -> Vec<Known> {
    a.iter().zip(b).map(|(a, b)| a.join(b)).collect()
}
