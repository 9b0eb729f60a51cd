//! Loops: the body is walked with what holds at the beginning of every round.
//! A size that a round changes by a fixed step is known as `n + t` in round t;
//! one that changes otherwise gets a symbol of its own; a value whose kind
//! changes is unknown. The first round counts as every other.

use super::BindingKind;
use super::known::{Known, join, join_kinds};
use super::notes::Notes;
use super::symbols::{ROUNDS_SO_FAR, Site, born_inside};
use super::walk::{LoopEnds, Reach, Walk, join_slots};
use crate::catalogue::Builtin;
use crate::catalogue::creation::Creation;
use crate::catalogue::fact::{ArrayKind, Fact, Real};
use crate::program::names::Binding;
use crate::program::tree::*;
use crate::shape::{Dim, Shape};
use crate::size::{Birth, Size};
use crate::source::Span;

/// How many rounds of the search go by before changing values are given up.
const PATIENT_ROUNDS: usize = 8;

/// How many more before all values are.
const MOST_ROUNDS: usize = 24;

impl<'w> Walk<'w> {
    /// `for variable in iterable { body }`.
    pub(super) fn for_loop(
        &mut self,
        variable: &'w Name,
        iterable: &'w Expression,
        body: &'w Block,
        span: Span,
    ) -> Known {
        let over = self.expression(iterable);
        let over = self.things(iterable).unwrap_or(over);
        let element = self.element_of(&over, iterable, span);
        self.counts(iterable, &over, body, span);
        let count = match &over.fact {
            Fact::Array { len, .. } | Fact::Tokens(len) => len.clone(),
            Fact::Tensor { shape: Some(shape), .. } => shape.count(),
            _ => Dim::Unknown,
        };
        let reach = match count.known() {
            Some(0) => Reach::Unsure,
            Some(_) if over.assured => self.reach,
            _ => self.reach.max(Reach::Likely),
        };
        let (head, ends) = self.rounds(span, reach, &mut |walk| {
            walk.bind(variable, BindingKind::Loop, element.clone());
            walk.block(body);
            if let Binding::Local(slot) = walk.analysis.names.binding(variable)
                && let Some(slot) = walk.slots.get_mut(slot as usize)
            {
                *slot = Known::void();
            }
        });
        self.slots = match (ends.breaks, count.size()) {
            (Some(breaks), _) => join_slots(&head, &breaks),
            // Without a `break` all rounds have come to their end.
            (None, Some(count)) => head.into_iter().map(|known| self.after_rounds(known, &count, span)).collect(),
            (None, None) => head,
        };
        let variable = match self.analysis.names.binding(variable) {
            Binding::Local(slot) => slot as usize,
            _ => usize::MAX,
        };
        self.after_loop(body, variable);
        Known::void()
    }

    /// `while condition { body }`; without a condition `loop { body }`.
    pub(super) fn while_loop(&mut self, condition: Option<&'w Expression>, body: &'w Block, span: Span) -> Known {
        let always = condition.is_none_or(|condition| matches!(condition.kind, ExpressionKind::Boolean(true)));
        let reach = if always { self.reach } else { self.reach.max(Reach::Likely) };
        let (_, ends) = self.rounds(span, reach, &mut |walk| {
            if let Some(condition) = condition {
                walk.expression(condition);
            }
            if always {
                walk.block(body);
                return;
            }
            // The loop may be left before this round.
            let before = walk.slots.clone();
            if let Some(ends) = walk.loops.last_mut() {
                ends.breaks = Some(ends.breaks.take().map_or_else(|| before.clone(), |b| join_slots(&b, &before)));
            }
            walk.block(body);
        });
        // Without a way out nothing behind the loop is reached.
        match ends.breaks {
            Some(breaks) => self.slots = breaks,
            None => self.live = false,
        }
        self.after_loop(body, usize::MAX);
        Known::void()
    }

    /// Walks rounds of a loop until they no longer change what holds at their
    /// beginning. Gives that, and how rounds end early.
    fn rounds(&mut self, span: Span, reach: Reach, round: &mut dyn FnMut(&mut Self)) -> (Vec<Known>, LoopEnds) {
        let before = self.slots.clone();
        let (outer_reach, early_ends) = (std::mem::replace(&mut self.reach, reach), self.early_ends);
        let notes = std::mem::take(&mut self.notes);
        let mut head = match self.earlier.get(&span) {
            Some((before_then, head)) if head.len() == before.len() => {
                let slots = before.iter().zip(before_then.iter().zip(head));
                slots.map(|(before, (then, head))| self.expected(before, then, head, span)).collect()
            }
            _ => before.clone(),
        };
        let mut count = 0;
        let ends = loop {
            self.notes = Notes { loads: self.notes.loads, ..Notes::default() };
            self.slots.clone_from(&head);
            self.live = true;
            self.reach = reach;
            self.loops.push(LoopEnds::default());
            round(self);
            let ends = self.loops.pop().unwrap_or_default();
            let end = match (self.live.then(|| self.slots.clone()), &ends.continues) {
                (Some(end), Some(other)) => Some(join_slots(&end, other)),
                (Some(end), None) => Some(end),
                (None, other) => other.clone(),
            };
            let Some(end) = end else { break ends };
            let next: Vec<Known> = (0..head.len())
                .map(|slot| match count {
                    _ if head[slot] == before[slot] && end[slot] == before[slot] && count > MOST_ROUNDS => {
                        before[slot].clone()
                    }
                    MOST_ROUNDS.. => Known::lost("this loop changes it in a way that is not followed", span),
                    PATIENT_ROUNDS.. if !end[slot].is_alike(&head[slot]) => {
                        Known::lost("this loop changes it in a way that is not followed", span)
                    }
                    _ => {
                        let next = self.carried((slot, 0), [&before[slot], &head[slot], &end[slot]], span);
                        // What was expected and does not hold says nothing: the search begins anew.
                        let is_refuted = count == 0 && head[slot] != before[slot] && next != head[slot];
                        if is_refuted { before[slot].clone() } else { next }
                    }
                })
                .collect();
            if next.iter().zip(&head).all(|(next, head)| next.is_same_but_for_birth(head)) || self.is_exhausted() {
                break ends;
            }
            head = next;
            count += 1;
        };
        self.earlier.insert(span, (before, head.clone()));
        let found = std::mem::replace(&mut self.notes, notes);
        self.notes.add(found);
        // What leaves a round of this loop does not leave what is around it.
        (self.reach, self.early_ends) = (outer_reach, early_ends);
        self.live = true;
        (head, ends)
    }

    /// What will hold at the beginning of every round, from what held the last time that
    /// this loop was looked at: in nested loops each is looked at in every round of those
    /// around it. It is only where the search begins, and covers what holds before.
    fn expected(&self, before: &Known, then: &Known, head: &Known, span: Span) -> Known {
        if before == then || before.join(head) == *head {
            return head.clone();
        }
        Known { fact: shifted(&before.fact, &then.fact, &head.fact, span), ..before.clone() }
    }

    /// What is behind a loop with a `return` in it may not be reached. What the loop declares
    /// ends with it, also where it was left by a `break`: slots from that of its variable or
    /// its first one on.
    fn after_loop(&mut self, body: &Block, variable: usize) {
        let first = self.analysis.names.block_slots(body.id).start.min(variable);
        self.slots.iter_mut().skip(first).for_each(|slot| *slot = Known::void());
        if self.returned.is_some() {
            self.early_ends += 1;
            self.reach = self.reach.max(Reach::Likely);
        }
    }

    /// A value after all rounds of a loop.
    fn after_rounds(&self, known: Known, count: &Size, span: Span) -> Known {
        let Some(rounds) = self.symbols.existing(Site::Rounds(span)) else { return known };
        let with = |size: &Size, _: bool| {
            size.replace(&mut |symbol| {
                let symbol = Size::symbol(symbol.clone());
                Some(if symbol == rounds { count.clone() } else { symbol })
            })
        };
        known.with_sizes(&mut { with })
    }

    /// What holds of a variable at the beginning of every round, from what held
    /// before the loop, at the beginning and at the end of the last round. The slot
    /// has a second number for each field of a struct.
    pub(super) fn carried(&mut self, slot: (usize, usize), [before, head, end]: [&Known; 3], span: Span) -> Known {
        // The search may begin with what does not hold before the loop.
        let covers = || before == head || before.join(head).is_alike(head);
        // No round follows one that fails.
        if end.fails || head == end && !self.is_of_round(end, span) && covers() {
            return head.clone();
        }
        let mut sizes = Sizes { walk: self, span, slot, next: 0 };
        let fact = sizes.fact(&before.fact, &head.fact, &end.fact);
        let mut known = head.join(end);
        known.fact = fact;
        if known.fields.is_some() {
            known.fields = self.carried_fields(slot, [before, head, end], span);
        }
        if known.handle.is_some() && !matches!(known.fact, Fact::Handle(_)) {
            known.handle = None;
        }
        if super::known::has_unknown(&known.fact) {
            known = known.because("the rounds of this loop differ", span);
        }
        known
    }

    fn is_of_round(&self, known: &Known, span: Span) -> bool {
        let mut found = false;
        known.clone().with_sizes(&mut |size, _| {
            found |= born_inside(size, span);
            None
        });
        found
    }

    /// What a `for` loop binds its variable to.
    fn element_of(&mut self, over: &Known, iterable: &'w Expression, span: Span) -> Known {
        let fact = match &over.fact {
            Fact::Array { kind: Some(ArrayKind::Integer), .. } => {
                let start = self.counted_from(iterable);
                Fact::Integer(start.and_then(|start| start.plus(&self.round_of(span))))
            }
            Fact::Array { kind: Some(ArrayKind::Float), .. } => Fact::Float(None),
            Fact::Array { kind: Some(ArrayKind::String), .. } | Fact::String(_) => Fact::String(None),
            Fact::Array { kind: Some(ArrayKind::Boolean), .. } => Fact::Boolean(None),
            Fact::Array { kind: Some(ArrayKind::Tensor) | None, .. } if over.history.rare().entry.is_some() => {
                return self.entry_of(over, iterable.span).made_of([over]);
            }
            Fact::Tokens(_) => Fact::Integer(None),
            Fact::Tensor { element, .. } => Fact::Tensor { element: *element, shape: Some(Shape::default()) },
            _ => Fact::Unknown,
        };
        Known::of(fact).made_of([over])
    }

    /// Where a range by steps of 1 begins.
    pub(super) fn counted_from(&self, iterable: &'w Expression) -> Option<Size> {
        let value = |expression: &Expression| self.notes.values.get(&expression.span)?.fact.size();
        match &iterable.kind {
            ExpressionKind::Range(start, _) => value(start),
            ExpressionKind::Call { function, arguments, .. }
                if self.analysis.names.binding(function) == Binding::Builtin(Builtin::Creation(Creation::Range)) =>
            {
                match &arguments[..] {
                    _ if arguments.iter().any(|argument| argument.name.is_some()) => None,
                    [_] => Some(Size::Number(0)),
                    [start, _] => value(&start.value),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// How many rounds of a loop have come to their end.
    pub(super) fn round_of(&mut self, span: Span) -> Size {
        let birth = Birth { span, message: ROUNDS_SO_FAR.to_string() };
        self.symbols.lettered(Site::Rounds(span), birth)
    }
}

/// The sizes of one variable, each with a plan of its own.
struct Sizes<'a, 'w> {
    walk: &'a mut Walk<'w>,
    span: Span,
    slot: (usize, usize),
    next: usize,
}

impl Sizes<'_, '_> {
    fn fact(&mut self, before: &Fact, head: &Fact, end: &Fact) -> Fact {
        match (before, head, end) {
            (Fact::Integer(a), Fact::Integer(b), Fact::Integer(c)) => {
                Fact::Integer(self.size(a.clone(), b.clone(), c.clone(), false))
            }
            (Fact::Float(a), Fact::Float(b), Fact::Float(c)) => {
                if a == b && b == c {
                    return head.clone();
                }
                let whole = |x: &Option<Real>| x.as_ref().and_then(Real::whole);
                match (whole(a), whole(b), whole(c)) {
                    (Some(a), Some(b), Some(c)) => {
                        let size = self.steps(&a, &b, &c);
                        Fact::Float(size.map(|size| Real::of(&size)))
                    }
                    _ => Fact::Float(None),
                }
            }
            (
                Fact::Tensor { shape: Some(a), .. },
                Fact::Tensor { shape: Some(b), element },
                Fact::Tensor { shape: Some(c), element: other },
            ) if a.rank() == b.rank() && b.rank() == c.rank() => {
                let sizes = a.0.iter().zip(&b.0).zip(&c.0).map(|((a, b), c)| self.dim(a, b, c)).collect();
                Fact::Tensor { element: element.filter(|element| Some(*element) == *other), shape: Some(Shape(sizes)) }
            }
            (Fact::Tokens(a), Fact::Tokens(b), Fact::Tokens(c)) => Fact::Tokens(self.dim(a, b, c)),
            (
                Fact::Array { len: a, .. },
                Fact::Array { len: b, kind, integers },
                Fact::Array { len: c, kind: other, integers: others },
            ) => {
                let len = self.dim(a, b, c);
                let same = integers == others && !self.walk.is_of_round(&Known::of(end.clone()), self.span);
                Fact::Array {
                    kind: join_kinds((kind, b), (other, c)),
                    len,
                    integers: integers.clone().filter(|_| same),
                }
            }
            _ if [before, head, end].iter().all(|fact| is_list_of_ids(fact)) => {
                let len = self.dim(&before.list_len(), &head.list_len(), &end.list_len());
                Fact::Array { kind: None, len, integers: None }
            }
            _ => {
                let joined = join(head, end);
                self.walk.without_inner(&joined, self.span)
            }
        }
    }

    fn dim(&mut self, before: &Dim, head: &Dim, end: &Dim) -> Dim {
        let size = self.size(before.size(), head.size(), end.size(), true);
        size.as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown)
    }

    /// The size at the beginning of every round; one that differs in a way that
    /// is not understood gets a symbol.
    fn size(&mut self, before: Option<Size>, head: Option<Size>, end: Option<Size>, is_size: bool) -> Option<Size> {
        self.next += 1;
        // A number that is at least 0 before the first round and behind each one is so always.
        let stays_natural = is_size || [&before, &end].iter().all(|one| one.as_ref().is_some_and(Size::is_natural));
        let (span, slot, number) = (self.span, self.slot, 2 * self.next);
        let site = |is_natural: bool| Site::Carried(span, slot, number + usize::from(is_natural));
        let is_at = |site| head.is_some() && head == self.walk.symbols.existing(site);
        let (is_natural, is_any) = (is_at(site(true)), is_at(site(false)));
        if is_any || is_natural && stays_natural {
            return head;
        }
        if before.is_none() && end.is_none() {
            return None;
        }
        let steps = match (before, head, end) {
            // A size that loses another one has been replaced, say a prompt by one token.
            (_, Some(head), Some(end)) if is_size && end.minus(&head).is_some_and(|step| step.takes_symbols()) => None,
            (Some(before), Some(head), Some(end)) => self.steps(&before, &head, &end),
            _ => None,
        };
        steps.or_else(|| {
            let birth = Birth { span: self.span, message: "a size that this loop changes".to_string() };
            let is_natural = stays_natural && !is_natural;
            Some(self.walk.symbols.lettered_as(site(is_natural), is_natural, birth))
        })
    }

    /// The size at the beginning of every round, if each changes it by the same.
    fn steps(&mut self, before: &Size, head: &Size, end: &Size) -> Option<Size> {
        let step = end.minus(head).filter(|step| !born_inside(step, self.span))?;
        if step == Size::Number(0) && head == before {
            return Some(head.clone());
        }
        let grown = step.times(&self.walk.round_of(self.span))?.plus(before)?;
        (head == before || *head == grown).then_some(grown)
    }
}

/// `before` with its sizes as far from those of `head` as they were from those of `then`.
fn shifted(before: &Fact, then: &Fact, head: &Fact, span: Span) -> Fact {
    let size = |before: &Size, then: &Size, head: &Size| {
        let mut is_own = false;
        head.symbols(&mut |symbol| is_own |= symbol.birth.span == span && symbol.birth.message != ROUNDS_SO_FAR);
        match is_own {
            true => head.clone(),
            false => head.minus(then).and_then(|step| before.plus(&step)).unwrap_or_else(|| before.clone()),
        }
    };
    let dim = |before: &Dim, then: &Dim, head: &Dim| match (before.size(), then.size(), head.size()) {
        (Some(a), Some(b), Some(c)) => Dim::of(&size(&a, &b, &c)).unwrap_or_else(|| before.clone()),
        _ => before.clone(),
    };
    match (before, then, head) {
        (Fact::Integer(Some(a)), Fact::Integer(Some(b)), Fact::Integer(Some(c))) => Fact::Integer(Some(size(a, b, c))),
        (
            Fact::Tensor { element, shape: Some(a) },
            Fact::Tensor { shape: Some(b), .. },
            Fact::Tensor { shape: Some(c), .. },
        ) if a.rank() == b.rank() && b.rank() == c.rank() => {
            let sizes = a.0.iter().zip(&b.0).zip(&c.0).map(|((a, b), c)| dim(a, b, c)).collect();
            Fact::Tensor { element: *element, shape: Some(Shape(sizes)) }
        }
        (Fact::Tokens(a), Fact::Tokens(b), Fact::Tokens(c)) => Fact::Tokens(dim(a, b, c)),
        (
            Fact::Array { kind, len: a, integers },
            Fact::Array { len: b, .. },
            Fact::Array { len: c, integers: last, .. },
        ) => {
            let integers = integers.clone().filter(|_| last.is_some());
            Fact::Array { kind: *kind, len: dim(a, b, c), integers }
        }
        _ => before.clone(),
    }
}

/// Whether a value is a list of token ids, or may be one.
fn is_list_of_ids(fact: &Fact) -> bool {
    matches!(fact, Fact::Tokens(_) | Fact::Array { kind: None | Some(ArrayKind::Integer), .. })
}
