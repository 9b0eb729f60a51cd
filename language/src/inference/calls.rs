//! Calls: of builtins by their shape rules, of the script's own functions by a
//! walk over their bodies for each combination of arguments, kept for the next
//! time.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::declared::Sizes;
use super::history::{History, Typing};
use super::joints::Joint;
use super::known::{Known, Text, has_unknown};
use super::models::{self, Fault, place_of};
use super::notes::{Call, Outcome, Walked, each_once};
use super::passing::Passing;
use super::rare::Rare;
use super::symbols::Site;
use super::walk::{RETURNS_DIFFER, Reach, Walk};
use super::{BindingKind, advice};
use crate::catalogue::collection::Collection;
use crate::catalogue::creation::Creation;
use crate::catalogue::fact::{ArrayKind, Fact, HandleKind};
use crate::catalogue::io::{Given, Io, given};
use crate::catalogue::mask::Mask;
use crate::catalogue::model::Model;
use crate::catalogue::position::Position;
use crate::catalogue::process::Process;
use crate::catalogue::shaping::Shaping;
use crate::catalogue::tokenizer::Tokenizer;
use crate::catalogue::{self, Builtin};
use crate::diagnostic::Code;
use crate::files;
use crate::program::check;
use crate::program::names::{Binding, TopLevel};
use crate::program::tree::*;
use crate::shape::{Dim, ElementType, Mismatch};
use crate::size::{Birth, Size};
use crate::source::Span;

/// How many combinations of arguments a function is walked for.
const MOST_WALKS: usize = 64;

/// How many calls in one another are followed.
const MOST_CALLS: usize = 32;

/// An argument: what is known of it, its place and its name, if it has one.
pub(super) type Passed<'n> = (Known, Span, Option<&'n str>);

impl<'w> Walk<'w> {
    /// Calls a function, a builtin, or one of them as a method of `receiver`.
    pub(super) fn call(
        &mut self,
        namespace: Option<&'w Name>,
        function: &'w Name,
        receiver: Option<(Known, Span)>,
        arguments: &'w [crate::program::tree::Argument],
        span: Span,
    ) -> Known {
        let is_method = receiver.is_some();
        let mut all: Vec<Passed> = receiver.into_iter().map(|(known, span)| (known, span, None)).collect();
        for argument in arguments {
            let known = self.expression(&argument.value);
            all.push((known, argument.value.span, argument.name.as_ref().map(|name| name.text.as_str())));
        }
        if !self.live {
            return Known::unknown();
        }
        let template = arguments.first().is_some_and(|first| self.analysis.names.is_template(&first.value));
        match self.analysis.names.binding(function) {
            Binding::Function(number) => self.function(number, all, span),
            Binding::Builtin(builtin) => {
                let builtin = if is_method { self.method_of_value(builtin, function, &all) } else { builtin };
                let known = self.builtin(builtin, all, template, span);
                let element = namespace.and_then(|name| ElementType::from_word(&name.text));
                match (element, &known.fact) {
                    (Some(element), Fact::Tensor { shape, .. }) => {
                        let fact = Fact::Tensor { element: Some(element), shape: shape.clone() };
                        let history = History { typing: Some(Typing::Chosen), ..known.history.clone() };
                        Known { fact, history, ..known }
                    }
                    (Some(_), Fact::Unknown) => Known::unknown().made_of([&known]),
                    _ => known,
                }
            }
            Binding::Local(_) | Binding::Global(_) | Binding::Logic(_) | Binding::Unresolved => Known::unknown(),
        }
    }

    /// The builtin that a method means: the kind of the value before the dot may
    /// have one of its own by that name. Where several kinds have one, the check of
    /// calls has let pass what any of them takes.
    fn method_of_value(&mut self, builtin: Builtin, function: &Name, arguments: &[Passed]) -> Builtin {
        let method = match arguments.first().map(|(known, ..)| &known.fact) {
            Some(Fact::Handle(kind)) => catalogue::method_of(*kind, &function.text).unwrap_or(builtin),
            None | Some(Fact::Unknown) => return builtin,
            Some(_) => builtin,
        };
        let names: Vec<Option<&str>> = arguments.iter().map(|(.., name)| *name).collect();
        if let Err(problem) = method.entry().assign(&names) {
            let blamed = problem.argument.and_then(|argument| arguments.get(argument));
            let place = blamed.map_or(function.span, |(_, span, _)| *span);
            self.mismatch(Mismatch::new(Code::Arity, problem.message), place, Vec::new(), true);
        }
        method
    }

    /// Applies the shape rule of a builtin.
    pub(super) fn builtin(&mut self, builtin: Builtin, arguments: Vec<Passed>, template: bool, span: Span) -> Known {
        let entry = builtin.entry();
        let names: Vec<Option<&str>> = arguments.iter().map(|(.., name)| *name).collect();
        let as_tensor = |(known, span, name)| match self.as_tensor(&known) {
            Cow::Owned(tensor) => (tensor, span, name),
            Cow::Borrowed(_) => (known, span, name),
        };
        let arguments: Vec<Passed> = arguments.into_iter().map(as_tensor).collect();
        // The check has told what is wrong with the arguments.
        let Ok(assigned) = entry.assign(&names) else { return Known::unknown() };
        let formats =
            matches!(builtin, Builtin::Io(Io::Print | Io::Write | Io::Eprint) | Builtin::Process(Process::Panic));
        let facts = arguments.iter().enumerate().map(|(index, (known, ..))| match &known.fact {
            Fact::String(_) if index == 0 && formats && !template => Fact::String(None),
            fact => fact.clone(),
        });
        let assured = arguments.iter().all(|(known, ..)| known.assured);
        let fact = match entry.infer(&assigned, facts.collect()) {
            Ok(fact) => fact,
            Err(mismatch) => {
                let mismatch = self.refined_call(builtin, &arguments, mismatch);
                let blamed = mismatch.argument.and_then(|argument| arguments.get(argument));
                let place = blamed.map_or(span, |(_, span, _)| *span);
                let births = self.births(arguments.iter().map(|(known, span, _)| (known, *span)), place);
                self.mismatch(mismatch, place, births, assured);
                return Known::failed(format!("this call of `{}` fails", entry.name), span, assured);
            }
        };
        let known = Known::of(fact).made_of(arguments.iter().map(|(known, ..)| known));
        let bound = entry.bind(&assigned, arguments);
        let history = History::of_call(builtin, &bound.map(|(known, ..)| known), &known.fact);
        let known = known.with(history);
        self.advise_call(builtin, &bound, &known, span);
        let argument = |slot: usize| bound.get(slot);
        let known = match builtin {
            Builtin::Creation(Creation::Zeros | Creation::Ones | Creation::Arange)
            | Builtin::Position(Position::PositionalEncoding | Position::RopeCos | Position::RopeSin)
            | Builtin::Mask(Mask::CausalMask | Mask::PaddingMask) => self.of_default_element(known),
            Builtin::Position(Position::Rope) => {
                let from_0 = Some(span).filter(|_| argument(1).is_none());
                let history = known.history.clone().changed(|rare| rare.from_0 = from_0);
                known.with(history)
            }
            Builtin::Process(Process::Exit | Process::Panic) => {
                if self.reach != Reach::Certain {
                    self.may_end = true;
                }
                self.live = false;
                known
            }
            Builtin::Io(Io::Env) => match argument(0) {
                Some((Known { fact: Fact::String(Some(name)), .. }, ..)) if name == "HOME" => self.home(known, span),
                _ => known,
            },
            Builtin::Io(Io::Arg) => self.arg(argument(0), argument(1), known),
            Builtin::Model(Model::LoadModel) => self.load_model(argument(0), self.world.default_element, false, span),
            Builtin::Model(which @ (Model::LoadModelF16 | Model::LoadModelF32)) => {
                let element = which.element().unwrap_or(self.world.default_element);
                self.load_model(argument(0), element, true, span)
            }
            Builtin::Model(Model::GetTensor) => self.get_tensor(argument(0), argument(1), known),
            Builtin::Model(Model::Metadata) => self.metadata(argument(0), argument(1), argument(2), span),
            Builtin::Tokenizer(Tokenizer::LoadTokenizer) => {
                self.look_for_tokenizer(argument(0));
                let vocabulary = argument(0).and_then(|(source, span, _)| self.vocabulary(source, *span));
                known.with(History::of(Rare { vocabulary, ..Rare::default() }))
            }
            Builtin::Tokenizer(Tokenizer::Tokenize) => {
                let length = self.born(span, "the number of tokens of this text");
                let prompt = argument(1).and_then(|text| advice::prompt_of_tokens(text, argument(2)));
                let history = known.history.changed(|rare| rare.prompt = prompt);
                Known { fact: Fact::Tokens(Dim::of(&length).unwrap_or(Dim::Unknown)), reason: None, history, ..known }
            }
            Builtin::Collection(Collection::Len) => match argument(0) {
                Some((Known { fact: Fact::Handle(HandleKind::Layers), handle: Some(layers), .. }, ..)) => {
                    let count = self.models.layer_count(layers).and_then(|count| i64::try_from(count).ok());
                    Known { fact: Fact::Integer(count.map(Size::Number)), ..known }
                }
                _ => known,
            },
            Builtin::Collection(Collection::Get) => match (argument(0), argument(1)) {
                (Some((list, ..)), Some((at, place, _))) if has_entries(&list.fact) => {
                    let (list, at, place) = (list.clone(), at.clone(), *place);
                    self.element(&list, &at, place)
                }
                _ => known,
            },
            Builtin::Shaping(Shaping::Concat) => match bound.rest() {
                [(list, ..), others @ ..] if has_entries(&list.fact) && others.len() < 2 => {
                    let axis = others.first().or(argument(1)).map_or(Some(0), |(axis, ..)| axis.fact.integer());
                    match self.joined_entries(list, axis, span) {
                        Some(fact) => Known { fact, reason: None, ..known },
                        None => known,
                    }
                }
                _ => known,
            },
            Builtin::Later(_) => self.of_cache(entry.name, &bound, known, span),
            _ => known,
        };
        if has_unknown(&known.fact) {
            return known.because(format!("`{}` does not tell more", entry.name), span);
        }
        known
    }

    /// A tensor of which nothing names the element type.
    pub(super) fn of_default_element(&self, known: Known) -> Known {
        let fact = match known.fact {
            Fact::Tensor { element: None, shape } => Fact::Tensor { element: Some(self.world.default_element), shape },
            fact => fact,
        };
        Known { fact, ..known }
    }

    /// The text that an `arg` gives: the default unless the command line says
    /// otherwise, which it may wherever the words for the script are not known.
    fn arg(&self, name: Option<&Passed>, default: Option<&Passed>, known: Known) -> Known {
        let (Some((name, ..)), Some((default, ..))) = (name, default) else { return known };
        let (Fact::String(Some(name)), Some(text)) = (&name.fact, &default.text) else { return known };
        let flag = format!("--{}", name.trim_start_matches('-'));
        let text = match self.world.words.map(|words| given(words, &flag)) {
            None => Text { is_default: true, ..(**text).clone() },
            Some(None) => return default.clone(),
            Some(Some(Given::Value(content) | Given::Next(Some(content)))) => {
                Text { content, span: text.span, is_default: false }
            }
            Some(Some(Given::Next(None))) => return known,
        };
        Known { text: Some(Arc::new(text)), ..known }
    }

    /// The folder of the user: of whoever checks, so what follows from it is not certain.
    fn home(&self, known: Known, span: Span) -> Known {
        match files::home().and_then(|home| home.into_os_string().into_string().ok()) {
            Some(home) => Known { assured: false, ..Known::text(&home, span).made_of([&known]) },
            None => known,
        }
    }

    fn load_model(&mut self, path: Option<&Passed>, element: ElementType, chosen: bool, load: Span) -> Known {
        let model = Known::of(Fact::Handle(HandleKind::Model)).born_at(load);
        let Some((path, span, _)) = path else { return model };
        // A computed text is known by its value, but stands nowhere.
        let text = match (&path.text, &path.fact) {
            (Some(text), _) => Some((**text).clone()),
            (None, Fact::String(Some(content))) => {
                Some(Text { content: content.clone(), span: *span, is_default: false })
            }
            _ => None,
        };
        let assured = self.world.model.is_some() || text.as_ref().is_some_and(|text| !text.is_default);
        match self.models.open(self.world, text.as_ref(), element, chosen) {
            Ok(Some(handle)) => {
                self.notes.models.push(handle.model);
                Known { handle: Some(handle), assured, ..model }
            }
            other => {
                if let Err(fault) = other {
                    self.fault(fault, place_of(path, *span), Vec::new(), assured);
                }
                let absent = Some(self.absent_model(load, element, chosen));
                let history = model.history.clone().changed(|rare| rare.absent = absent);
                Known { assured, ..model.with(history) }.because("the model is not at hand", place_of(path, *span))
            }
        }
    }

    fn look_for_tokenizer(&mut self, source: Option<&Passed>) {
        let Some((source, span, _)) = source else { return };
        let Some(text) = &source.text else { return };
        if let Err(fault) = self.models.find(self.world, "tokenizer", &text.content) {
            self.fault(fault, place_of(source, *span), Vec::new(), !text.is_default);
        }
    }

    fn get_tensor(&mut self, model: Option<&Passed>, name: Option<&Passed>, known: Known) -> Known {
        let (Some((model, ..)), Some((name, span, _))) = (model, name) else { return known };
        let (Some(handle), Fact::String(Some(text))) = (&model.handle, &name.fact) else {
            let pattern = name.history.rare().pattern.as_ref().zip(model.handle.as_ref());
            let Some((pattern, handle)) = pattern else {
                let absent = model.history.rare().absent.as_ref();
                let named = match &name.fact {
                    Fact::String(Some(text)) => Some(text.as_str()),
                    _ => name.history.rare().pattern.as_deref(),
                };
                let found = absent.zip(named).and_then(|(absent, name)| absent.tensor(name));
                return found.map_or(known, |found| found.made_of([model, name]));
            };
            return match self.models.tensor_of_any_layer(handle, pattern) {
                Ok(found) => found.map_or(known, |found| found.made_of([model, name])),
                Err(fault) => {
                    let assured = model.assured && name.assured;
                    let fault = Fault { close: None, ..fault };
                    self.fault(fault, *span, self.load_of(model), assured);
                    Known::failed(format!("the model has no tensor `{pattern}`"), *span, assured)
                }
            };
        };
        match self.models.tensor(handle, text) {
            Ok(tensor) => tensor.made_of([model, name]),
            Err(fault) => {
                // What stands there is the whole name, and only its last part is known to be wrong.
                self.fault(Fault { close: None, ..fault }, *span, self.load_of(model), model.assured && name.assured);
                let assured = model.assured && name.assured;
                Known::failed(format!("the model has no tensor `{text}`"), *span, assured)
            }
        }
    }

    fn metadata(
        &mut self,
        model: Option<&Passed>,
        key: Option<&Passed>,
        default: Option<&Passed>,
        span: Span,
    ) -> Known {
        let (Some((model, ..)), Some((key, at, _))) = (model, key) else { return Known::unknown() };
        let Fact::String(Some(text)) = &key.fact else { return Known::unknown() };
        let Some(handle) = &model.handle else {
            // A default may be of another kind than the value of the file.
            let of_model = model.history.rare().absent.as_ref().and_then(|absent| absent.metadata(text));
            if let Some(size) = of_model.filter(|_| default.is_none()) {
                return Known::of(Fact::Integer(Some(size))).made_of([model]);
            }
            let symbol = models::symbol_of(text).filter(|_| default.is_none());
            let Some((name, is_size)) = symbol else {
                return Known::unknown().made_of([model]);
            };
            let birth = Birth { span, message: format!("the metadata `{text}` of the model") };
            let size = self.symbols.named(Site::Value(span), name, is_size, birth);
            return Known::of(Fact::Integer(Some(size))).made_of([model]);
        };
        match self.models.metadata(handle, text, default.is_some()) {
            Ok(Some(fact)) => Known::of(fact).made_of([model, key]),
            Ok(None) => default.map_or_else(Known::unknown, |(default, ..)| default.clone().made_of([model, key])),
            Err(fault) => {
                self.fault(fault, *at, self.load_of(model), model.assured && key.assured);
                Known::lost(format!("the model has no metadata `{text}`"), *at)
            }
        }
    }

    fn function(&mut self, number: TopLevel, arguments: Vec<Passed>, span: Span) -> Known {
        let Some(function) = self.analysis.names.function(number) else { return Known::unknown() };
        let names: Vec<Option<&str>> = arguments.iter().map(|(.., name)| *name).collect();
        let Ok(assigned) = check::assign(function, &names) else { return Known::unknown() };
        let fits = self.advise_arguments(function, &assigned, &arguments);
        let assured = arguments.iter().all(|(known, ..)| known.assured);
        let mut passing = Passing::to(number);
        let mut passed = vec![Known::unknown(); function.parameters.len()];
        for (parameter, (known, ..)) in assigned.into_iter().zip(arguments) {
            passed[parameter] = passing.argument(known, &mut self.symbols);
        }
        let Some(walked) = self.walked(number, function, passed.into(), None) else {
            self.may_end = true;
            return Known::lost(format!("this call of `{}` is not followed", function.name.text), span);
        };
        self.may_end |= walked.outcome.ends_sometimes;
        self.live &= !walked.outcome.ends_always;
        let result = passing.result(&walked.outcome.result, function, span, &mut self.symbols);
        self.needs.push(walked.clone());
        self.notes.calls.push(Call { span, walked, places: passing.into_places() });
        match fits {
            true => result,
            false => Known::failed(format!("this call of `{}` fails", function.name.text), span, assured),
        }
    }

    /// The walk over a function for certain arguments; `None` where it is not
    /// followed, for it leads back, was called in too many ways or lies too deep.
    /// `earlier` is that of the last time, where it is known.
    pub(super) fn walked(
        &mut self,
        number: TopLevel,
        function: &'w Function,
        arguments: Arc<[Known]>,
        earlier: Option<&Arc<Walked>>,
    ) -> Option<Arc<Walked>> {
        if self.calling.contains(&number) {
            return self.recursion(number, function, arguments);
        }
        if self.calling.len() >= MOST_CALLS || self.is_deep() {
            return self.cut(number);
        }
        let earlier = earlier.cloned().or_else(|| self.earlier(Some(number), function.name.id.text, &arguments));
        let done = match &earlier {
            Some(earlier) => self.now.get(&Arc::as_ptr(earlier)),
            None => {
                let fits = |walked: &&Arc<Walked>| walked.fits(&arguments, self.reach, self.may_end);
                self.done.all(Some(number)).iter().find(fits)
            }
        };
        if done.is_some() {
            return done.cloned();
        }
        if let Some(walked) = self.solved(number, &arguments) {
            return Some(walked);
        }
        if self.done.all(Some(number)).len() >= MOST_WALKS || self.widened.contains(&number) {
            return self.cut(number);
        }
        let (walked, leans) = self.leaning(|walk| match earlier.as_ref().and_then(|earlier| walk.still(earlier)) {
            Some(walked) => Some(walked),
            None => walk.walk_over(number, function, arguments.clone()).map(Arc::new),
        });
        let walked = walked?;
        if self.is_exhausted() {
            return Some(walked);
        }
        if leans.is_some() {
            self.keep(number, arguments, walked.clone(), leans);
        } else {
            self.done.add(walked.clone());
            self.now.extend(earlier.map(|earlier| (Arc::as_ptr(&earlier), walked.clone())));
        }
        Some(walked)
    }

    /// Walks a function for certain arguments.
    pub(super) fn walk_over(
        &mut self,
        number: TopLevel,
        function: &'w Function,
        arguments: Arc<[Known]>,
    ) -> Option<Walked> {
        let text = function.name.id.text;
        let resolution = self.analysis.names.resolution(text)?;
        let slots = vec![Known::void(); self.analysis.names.frame_size(function)];
        let outer = (
            std::mem::replace(&mut self.slots, slots),
            std::mem::take(&mut self.loops),
            self.returned.take(),
            std::mem::take(&mut self.notes),
            std::mem::take(&mut self.needs),
            std::mem::take(&mut self.sizes),
            std::mem::take(&mut self.earlier),
        );
        let (reach, may_end, live, cuts) = (self.reach, self.may_end, self.live, self.cuts);
        let early_ends = self.early_ends;
        self.live = true;
        self.calling.push(number);
        let scope = self.symbols.enter(names_in(&arguments));
        let mut sizes = Sizes::default();
        for (parameter, known) in function.parameters.iter().zip(&*arguments) {
            let known = match &parameter.annotation {
                Some(annotation) => {
                    let known = self.converted(annotation, known.clone(), &mut sizes);
                    self.with_any_sizes(&parameter.name, known)
                }
                None => known.clone(),
            };
            self.bind(&parameter.name, BindingKind::Parameter, known.born_at(parameter.name.span));
        }
        self.sizes = sizes;
        let value = self.block(&function.body);
        let last = function.body.statements.last().map_or(function.header, |statement| statement.span);
        let end = self.live.then(|| self.given(value, last));
        let mut sizes = std::mem::take(&mut self.sizes);
        let returned = match (self.returned.take(), end) {
            (Some(a), Some(b)) => Some(self.joined([&a, &b], Joint::Value(function.name.span), RETURNS_DIFFER)),
            (a, b) => a.or(b),
        };
        let ends_always = returned.is_none();
        let result = match (&function.result, returned) {
            (_, None) => Known::unknown(),
            (None, Some(value)) => value,
            (Some(Type { kind: TypeKind::Void, .. }), Some(_)) => Known::void(),
            (Some(annotation), Some(value)) => self.converted(annotation, value, &mut sizes),
        };
        self.calling.pop();
        self.symbols.leave(scope);
        // Where inside it was made says nothing outside: an edit there need not reach who calls.
        let result = self.seen_from_outside(result, number, function).inside();
        let outcome = Outcome { result, ends_always, ends_sometimes: self.may_end };
        let (mut notes, needs) = (std::mem::take(&mut self.notes), std::mem::take(&mut self.needs));
        (self.slots, self.loops, self.returned, self.notes, self.needs, self.sizes, self.earlier) = outer;
        (self.reach, self.may_end, self.live, self.early_ends) = (reach, may_end, live, early_ends);
        let calls = std::mem::take(&mut notes.calls);
        let (is_silent, tells_callers) = (notes.are_silent(), notes.tell_callers(&calls));
        let loads = notes.loads || needs.iter().any(|need| need.loads);
        let points_to = notes.point_to(text);
        Some(Walked {
            function: Some(number),
            text,
            name: function.name.text.clone(),
            resolution,
            arguments,
            reach,
            may_end,
            outcome,
            notes: notes.into(),
            calls,
            needs: each_once(needs),
            recursive: self.cuts > cuts,
            loads,
            points_to,
            is_silent,
            tells_callers,
        })
    }

    /// A value that the present function gives at `place`.
    pub(super) fn given(&mut self, value: Known, place: Span) -> Known {
        let function = self.calling.last().and_then(|number| self.analysis.names.function(*number));
        match function.is_none_or(|function| self.advise_result(function, (&value, place))) {
            true => value,
            false => Known::failed("this is not what the function declares", place, value.assured),
        }
    }

    /// A result with the symbols that were born inside of the function replaced by
    /// those of its results: whoever calls it does not see where inside they came from.
    fn seen_from_outside(&mut self, result: Known, number: TopLevel, function: &Function) -> Known {
        let inside = function.header.to(function.body.span);
        let mut inner: Vec<u32> = Vec::new();
        let symbols = &mut self.symbols;
        result.with_sizes(&mut |size, _| {
            size.replace(&mut |symbol| {
                if !inside.contains(symbol.birth.span) {
                    return Some(Size::symbol(symbol.clone()));
                }
                let position = inner.iter().position(|id| *id == symbol.id).unwrap_or_else(|| {
                    inner.push(symbol.id);
                    inner.len() - 1
                });
                Some(symbols.of_result(number, position, symbol.is_size))
            })
        })
    }
}

/// The names of the symbols in these values.
fn names_in(values: &[Known]) -> FxHashSet<Arc<str>> {
    let mut names = FxHashSet::default();
    for known in values {
        known.for_each_symbol(&mut |symbol| {
            names.insert(symbol.name.clone());
        });
    }
    names
}

/// Whether more is known of the entries of a list than its rules can tell.
fn has_entries(list: &Fact) -> bool {
    matches!(list, Fact::Handle(HandleKind::Layers) | Fact::Array { kind: Some(ArrayKind::Tensor), .. })
}
