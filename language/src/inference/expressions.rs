//! What is known of expressions: operators, casts, branches, properties.

use std::borrow::Cow;

use super::history::{History, Prompt, Typing};
use super::joints::Joint;
use super::known::Known;
use super::rare::Rare;
use super::walk::{Reach, Walk, join_slots};
use crate::catalogue::Builtin;
use crate::catalogue::fact::{ArrayKind, Fact, HandleKind, Real};
use crate::catalogue::shaping::Shaping;
use crate::program::operators;
use crate::program::tree::*;
use crate::shape::{Dim, ElementType, Shape};
use crate::size::Size;
use crate::source::Span;

impl<'w> Walk<'w> {
    /// What is known of an expression; noted for its place.
    pub(super) fn expression(&mut self, expression: &'w Expression) -> Known {
        let mut known = self.deeper(|this| this.expression_kind(expression));
        if matches!(known.fact, Fact::Tensor { .. }) && !matches!(expression.kind, ExpressionKind::Variable(_)) {
            known = known.born_at(expression.span);
        }
        if self.live {
            self.notes.values.insert(expression.span, known.clone());
        }
        known
    }

    fn expression_kind(&mut self, expression: &'w Expression) -> Known {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Variable(name) => self.variable(name),
            ExpressionKind::Integer(n) => Known::of(Fact::int(*n)),
            ExpressionKind::Float(x) => Known::of(Fact::float(*x)),
            ExpressionKind::String(text) => Known::text(text, span),
            ExpressionKind::Boolean(b) => Known::of(Fact::Boolean(Some(*b))),
            ExpressionKind::Array(items) => self.array(items),
            ExpressionKind::Repeat { value, count } => {
                let value = self.expression(value);
                let count = self.expression(count);
                self.repeated(&value, &count)
            }
            ExpressionKind::Unary(operator, operand) => {
                let value = self.expression(operand);
                let value = self.as_tensor(&value);
                Known::of(unary(*operator, &value.fact)).made_of([&*value]).with(value.history.clone())
            }
            ExpressionKind::Binary(operator, left, right) => {
                let places = [left.span, right.span];
                let left = self.expression(left);
                let right = self.expression(right);
                self.binary(*operator, [&left, &right], places, span)
            }
            ExpressionKind::Logical(_, left, right) => {
                self.expression(left);
                self.sometimes(|this| this.expression(right));
                Known::of(Fact::Boolean(None))
            }
            ExpressionKind::Cast(value, to) => {
                let value = self.expression(value);
                let value = self.as_tensor(&value).into_owned();
                let known = Known::of(cast(&value.fact, *to)).made_of([&value]);
                let history = value.history.changed(|rare| rare.division = None);
                known.with(History { typing: Some(Typing::Chosen), ..history })
            }
            ExpressionKind::Call { namespace, function, arguments } => {
                self.call(namespace.as_ref(), function, None, arguments, span)
            }
            ExpressionKind::Method { receiver, method, arguments } => {
                let known = self.expression(receiver);
                self.notes.receivers.insert((receiver.span, method.span.end()));
                let of_struct = known.fields.is_some();
                let result = self.call(None, method, Some((known, receiver.span)), arguments, span);
                if of_struct {
                    self.changed_by(receiver, method);
                }
                result
            }
            ExpressionKind::Field { object, property } => {
                let known = self.expression(object);
                self.notes.receivers.insert((object.span, property.span.end()));
                self.property(&known, property)
            }
            ExpressionKind::Index { object, items } => {
                if let Some(vector) = self.vector_of(object, items) {
                    return vector;
                }
                let object = self.expression(object);
                self.index(&object, items)
            }
            ExpressionKind::Range(start, end) => {
                let start = self.expression(start);
                let end = self.expression(end);
                let len = start.fact.size().zip(end.fact.size()).and_then(|(start, end)| end.minus(&start));
                let len = len.map(|len| len.known().map_or(len, |len| Size::Number(len.max(0))));
                let len = len.filter(Size::is_natural).as_ref().and_then(Dim::of).unwrap_or(Dim::Unknown);
                let fact = Fact::Array { kind: Some(ArrayKind::Integer), len, integers: None };
                Known::of(fact).made_of([&start, &end])
            }
            ExpressionKind::If { condition, consequence, alternative } => {
                let known = self.expression(condition);
                self.branches(&known, consequence, alternative.as_ref(), span)
            }
            ExpressionKind::Match { value, arms } => self.arms(value, arms, span),
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::TypeCall { function, arguments, .. } => self.call(None, function, None, arguments, span),
            ExpressionKind::Struct { name, fields } => self.struct_literal(name.as_ref(), fields, span),
            ExpressionKind::Query(query) => self.answers(query, span),
            ExpressionKind::Set(_)
            | ExpressionKind::Inverse(_)
            | ExpressionKind::AnySize
            | ExpressionKind::PythonCall(_)
            | ExpressionKind::Refused(_)
            | ExpressionKind::Invalid => Known::unknown(),
        }
    }

    /// `left operator right`.
    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        [left, right]: [&Known; 2],
        places: [Span; 2],
        span: Span,
    ) -> Known {
        let (left, right) = (self.as_tensor(left), self.as_tensor(right));
        let (left, right) = (&*left, &*right);
        let parts = [(left, places[0]), (right, places[1])];
        match operators::binary(operator, &left.fact, &right.fact) {
            Ok(fact) => {
                let (fact, is_number) = match fact {
                    Fact::Unknown => with_a_number(operator, [left, right]),
                    fact => (fact, false),
                };
                let history = History::of_binary(operator, [left, right], &fact, span);
                let known = Known { is_number, ..Known::of(fact) }.made_of([left, right]).with(history);
                self.advise_operation(operator, parts, &known, span);
                known
            }
            Err(mismatch) => {
                let mismatch = self.refined_operation(operator, [left, right], mismatch);
                let place = mismatch.argument.and_then(|argument| places.get(argument)).copied().unwrap_or(span);
                let births = self.births(parts, place);
                let assured = left.assured && right.assured;
                self.mismatch(mismatch, place, births, assured);
                Known::failed("this operation fails", span, assured)
            }
        }
    }

    /// A feature of a model where a tensor is needed: its weight.
    pub(super) fn as_tensor<'k>(&self, known: &'k Known) -> Cow<'k, Known> {
        let weight = match (&known.fact, &known.handle) {
            (Fact::Handle(HandleKind::Feature), Some(feature)) => self.models.weight_of(feature),
            (Fact::Handle(HandleKind::Feature), None) => {
                known.history.rare().absent.as_ref().and_then(|absent| absent.weight())
            }
            _ => None,
        };
        weight.map_or(Cow::Borrowed(known), |weight| Cow::Owned(weight.made_of([known])))
    }

    /// What `inside` gives where it may not be executed at all; what it changes
    /// holds only perhaps.
    fn sometimes(&mut self, inside: impl FnOnce(&mut Self) -> Known) -> Known {
        let before = self.slots.clone();
        let reach = std::mem::replace(&mut self.reach, Reach::Unsure);
        let known = inside(self);
        self.reach = reach;
        self.slots = match self.live {
            true => join_slots(&before, &self.slots),
            false => before,
        };
        self.live = true;
        known
    }

    fn branches(
        &mut self,
        condition: &Known,
        consequence: &'w Block,
        alternative: Option<&'w Block>,
        span: Span,
    ) -> Known {
        match (&condition.fact, alternative) {
            (Fact::Boolean(Some(true)), _) if condition.assured => return self.block(consequence),
            (Fact::Boolean(Some(false)), Some(block)) if condition.assured => return self.block(block),
            (Fact::Boolean(Some(false)), None) if condition.assured => return Known::void(),
            _ => {}
        }
        let before = self.slots.clone();
        let reach = self.reach;
        // In a function the condition may be what tells calls of one kind from others.
        let early_ends = self.early_ends;
        self.reach = reach.max(if self.calling.is_empty() { Reach::Branch } else { Reach::Unsure });
        let first = self.block(consequence);
        let after_first = self.live.then(|| std::mem::replace(&mut self.slots, before.clone()));
        (self.slots, self.live) = (before, true);
        let second = alternative.map_or_else(Known::void, |block| self.block(block));
        self.reach = self.behind(reach, early_ends);
        self.meet(vec![(after_first, first)], second, span)
    }

    fn arms(&mut self, value: &'w Expression, arms: &'w [MatchArm], span: Span) -> Known {
        let value = self.expression(value);
        let before = self.slots.clone();
        let (reach, early_ends) = (std::mem::replace(&mut self.reach, Reach::Unsure), self.early_ends);
        let mut ends = Vec::new();
        for arm in arms {
            (self.slots, self.live) = (before.clone(), true);
            self.pattern(&arm.pattern, &value);
            if let Some(guard) = &arm.guard {
                self.expression(guard);
            }
            let known = self.expression(&arm.value);
            ends.push((self.live.then(|| self.slots.clone()), known));
        }
        self.reach = self.behind(reach, early_ends);
        let Some((last, known)) = ends.pop() else { return Known::unknown() };
        self.live = last.is_some();
        self.slots = last.unwrap_or(before);
        self.meet(ends, known, span)
    }

    /// How sure it is that what stands behind branches is executed: less where something
    /// in one of them, however deep, may leave what goes on here.
    fn behind(&self, reach: Reach, early_ends: usize) -> Reach {
        if self.early_ends > early_ends { reach.max(Reach::Likely) } else { reach }
    }

    /// Brings the ends of branches together: the present state is the last one.
    fn meet(&mut self, others: Vec<(Option<Vec<Known>>, Known)>, last: Known, span: Span) -> Known {
        const MESSAGE: &str = "the branches differ";
        let mut value = self.live.then_some(last);
        let mut ends_early = !self.live;
        for (slots, known) in others {
            let Some(slots) = slots else {
                ends_early = true;
                continue;
            };
            value = Some(match value {
                None => known,
                Some(value) => self.joined([&known, &value], Joint::Value(span), MESSAGE),
            });
            if self.live {
                let here = std::mem::take(&mut self.slots);
                let both = slots.iter().zip(&here).enumerate();
                self.slots = both.map(|(slot, (a, b))| self.joined([a, b], Joint::Slot(span, slot), MESSAGE)).collect();
            } else {
                self.slots = slots;
            }
            self.live = true;
        }
        if ends_early {
            self.early_ends += 1;
            self.reach = self.reach.max(Reach::Likely);
        }
        value.unwrap_or_else(Known::void)
    }

    fn pattern(&mut self, pattern: &'w Pattern, value: &Known) {
        match pattern {
            Pattern::Bind(name) => self.bind(name, super::BindingKind::Pattern, value.clone()),
            Pattern::Literal(literal) => {
                self.expression(literal);
            }
            Pattern::Either(all) => all.iter().for_each(|one| self.pattern(one, value)),
            Pattern::Tuple(all, _) => all.iter().for_each(|one| self.pattern(one, &Known::unknown())),
            Pattern::Struct { fields, .. } => {
                for field in fields {
                    let known = value.field(&field.name.text).cloned().unwrap_or_else(Known::unknown);
                    self.pattern(&field.pattern, &known);
                }
            }
            Pattern::Any => {}
        }
    }

    /// `object.property`.
    pub(super) fn property(&mut self, object: &Known, property: &'w Name) -> Known {
        let name = property.text.as_str();
        match (&object.fact, &object.handle) {
            _ if name.is_empty() => Known::unknown(),
            _ if object.fields.is_some() => match object.field(name) {
                Some(field) => field.clone(),
                None => {
                    self.advise_field(object, property);
                    Known::unknown()
                }
            },
            (Fact::Handle(HandleKind::Model | HandleKind::Layer | HandleKind::Feature), Some(handle)) => {
                match self.models.step(handle, name) {
                    Ok(found) => {
                        let mut found = found.made_of([object]);
                        if matches!(found.fact, Fact::Handle(_)) {
                            found.history.birth = object.history.birth;
                        }
                        found
                    }
                    Err(fault) => {
                        self.fault(fault, property.span, self.load_of(object), object.assured);
                        Known::failed(format!("the model has no `{name}` here"), property.span, object.assured)
                    }
                }
            }
            (Fact::Handle(kind), None) => {
                let found = object.history.rare().absent.as_ref().and_then(|absent| absent.step(*kind, name));
                found.unwrap_or_else(|| unopened(*kind, name)).made_of([object])
            }
            (Fact::Unknown, _) => Known::unknown().made_of([object]),
            _ if name == "shape" => {
                let argument = (object.clone(), property.span, None);
                self.builtin(Builtin::Shaping(Shaping::Shape), vec![argument], false, property.span)
            }
            _ => Known::unknown(),
        }
    }
}

/// What a name behind a handle must be whose model is not at hand.
fn unopened(kind: HandleKind, name: &str) -> Known {
    match (kind, name) {
        (HandleKind::Model, "blk") => Known::of(Fact::Handle(HandleKind::Layers)),
        (HandleKind::Model | HandleKind::Layer | HandleKind::Feature, "weight" | "bias") => {
            Known::of(Fact::shaped(None))
        }
        _ => Known::unknown(),
    }
}

impl Known {
    /// A literal text.
    pub(super) fn text(content: &str, span: Span) -> Known {
        let text = super::known::Text { content: content.to_string(), span, is_default: false };
        let history = History::of(Rare { prompt: Some(Prompt::of(content)), ..Rare::default() });
        let known = Known::of(Fact::String(Some(content.to_string()))).with(history);
        Known { text: Some(std::sync::Arc::new(text)), ..known }
    }
}

/// What an operator gives whose operands are numbers or tensors without axes, or one of
/// them beside another tensor; and whether it is such a number.
fn with_a_number(operator: BinaryOperator, [left, right]: [&Known; 2]) -> (Fact, bool) {
    use BinaryOperator::*;
    let is_arithmetic = matches!(operator, Add | Subtract | Multiply | Divide | Remainder | Power);
    if left.is_like_a_number() && right.is_like_a_number() {
        return (Fact::Unknown, is_arithmetic);
    }
    let any = Fact::Float(None);
    let of = |known: &Known| if known.is_number { any.clone() } else { known.fact.clone() };
    let is_beside_a_tensor = left.is_number != right.is_number;
    let found = is_beside_a_tensor.then(|| operators::binary(operator, &of(left), &of(right)).ok()).flatten();
    match found {
        // The element type of a tensor without axes may decide that of a weak one.
        Some(Fact::Tensor { shape, .. }) if is_arithmetic => (Fact::shaped(shape), false),
        Some(found @ Fact::Tensor { .. }) => (found, false),
        _ => (Fact::Unknown, false),
    }
}

fn unary(operator: UnaryOperator, fact: &Fact) -> Fact {
    match (operator, fact) {
        (UnaryOperator::Not, Fact::Boolean(truth)) => Fact::Boolean(truth.map(|truth| !truth)),
        (UnaryOperator::Not, _) => Fact::Boolean(None),
        (_, Fact::Integer(n)) => Fact::Integer(n.as_ref().and_then(|n| n.times(&Size::Number(-1)))),
        (_, Fact::Float(Some(Real::Number(x)))) => Fact::float(-x),
        (_, Fact::Float(x)) => {
            let whole = x.as_ref().and_then(Real::whole).and_then(|n| n.times(&Size::Number(-1)));
            Fact::Float(whole.map(|n| Real::of(&n)))
        }
        (_, Fact::Tensor { element, shape }) => {
            Fact::Tensor { element: element.filter(|element| *element != ElementType::Bool), shape: shape.clone() }
        }
        (_, Fact::Array { kind: Some(ArrayKind::Integer | ArrayKind::Float), len, .. }) => {
            Fact::shaped(Some(Shape(vec![len.clone()])))
        }
        (_, Fact::Handle(HandleKind::Feature)) => Fact::shaped(None),
        _ => Fact::Unknown,
    }
}

fn cast(fact: &Fact, to: CastType) -> Fact {
    let tensor = matches!(fact, Fact::Tensor { .. } | Fact::Handle(HandleKind::Feature) | Fact::Array { .. });
    match to {
        CastType::Integer => Fact::Integer(fact.size()),
        CastType::Integer32 => {
            let known = fact.integer().map(|n| n.clamp(i64::from(i32::MIN), i64::from(i32::MAX)));
            Fact::Integer(known.map(Size::Number))
        }
        CastType::Float => Fact::Float(match fact.number() {
            Some(number) => Some(Real::Number(number)),
            None => fact.size().map(|n| Real::of(&n)),
        }),
        CastType::Float32 if tensor => Fact::Tensor { element: Some(ElementType::Float32), shape: fact.shape() },
        CastType::Float32 if *fact == Fact::Unknown => Fact::Unknown,
        CastType::Float32 => Fact::Float(fact.number().map(|x| Real::Number(f64::from(x as f32)))),
        CastType::Element(element) => Fact::Tensor { element: Some(element), shape: fact.shape() },
    }
}
