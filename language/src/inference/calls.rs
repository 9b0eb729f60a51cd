//! Calls: of builtins by their shape rules, of the script's own functions by a
//! walk over their bodies for each combination of arguments, kept for the next
//! time. Recursion is followed a few levels; a function that calls itself deeper
//! is also walked once for any arguments.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::BindingKind;
use super::history::{History, Typing};
use super::known::{Known, Text, has_unknown, map_sizes};
use super::models::{self, place_of};
use super::symbols::{Birth, Site};
use super::walk::{Notes, Reach, Walk};
use crate::catalogue::Builtin;
use crate::catalogue::collection::Collection;
use crate::catalogue::creation::Creation;
use crate::catalogue::fact::{ArrayKind, Fact, HandleKind};
use crate::catalogue::io::{Given, Io, given};
use crate::catalogue::mask::Mask;
use crate::catalogue::model::Model;
use crate::catalogue::process::Process;
use crate::catalogue::tokenizer::Tokenizer;
use crate::diagnostic::Label;
use crate::program::check;
use crate::program::names::{Binding, TopLevel};
use crate::program::tree::*;
use crate::shape::{Dim, ElementType};
use crate::size::Size;
use crate::source::Span;

/// How many calls of one function may be in progress.
const DEEPEST_RECURSION: usize = 3;

/// How many combinations of arguments a function is walked for.
const MOST_SUMMARIES: usize = 64;

/// How many of the calls that lead to a problem are told.
const MOST_RELATED: usize = 4;

/// An argument: what is known of it, its place and its name, if it has one.
pub(super) type Passed<'n> = (Known, Span, Option<&'n str>);

/// What a function does with certain arguments.
pub(super) struct Summary {
    arguments: Vec<Known>,
    reach: Reach,
    may_end: bool,
    result: Known,
    ends_always: bool,
    ends_sometimes: bool,
    notes: Notes,
}

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
            Binding::Local(_) | Binding::Global(_) | Binding::Unresolved => Known::unknown(),
        }
    }

    /// Applies the shape rule of a builtin.
    pub(super) fn builtin(&mut self, builtin: Builtin, arguments: Vec<Passed>, template: bool, span: Span) -> Known {
        let entry = builtin.entry();
        let names: Vec<Option<&str>> = arguments.iter().map(|(.., name)| *name).collect();
        // The check has told what is wrong with the arguments.
        let Ok(assigned) = entry.assign(&names) else { return Known::unknown() };
        let formats =
            matches!(builtin, Builtin::Io(Io::Print | Io::Write | Io::Eprint) | Builtin::Process(Process::Panic));
        let facts = arguments.iter().enumerate().map(|(index, (known, ..))| match &known.fact {
            Fact::String(_) if index == 0 && formats && !template => Fact::String(None),
            Fact::Handle(HandleKind::Feature) => self.as_tensor(known).fact,
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
                return Known::lost(format!("this call of `{}` fails", entry.name), span);
            }
        };
        let known = Known::of(fact).made_of(arguments.iter().map(|(known, ..)| known));
        let bound = entry.bind(&assigned, arguments);
        let history = History::of_call(builtin, &bound.map(|(known, ..)| self.as_tensor(known)), &known.fact);
        let known = known.with(history);
        self.advise_call(builtin, &bound, &known, span);
        let argument = |slot: usize| bound.get(slot);
        let known = match builtin {
            Builtin::Creation(Creation::Zeros | Creation::Ones) | Builtin::Mask(Mask::CausalMask) => {
                self.of_default_element(known)
            }
            Builtin::Process(Process::Exit | Process::Panic) => {
                if self.reach != Reach::Certain {
                    self.may_end = true;
                }
                self.live = false;
                known
            }
            Builtin::Io(Io::Arg) => self.arg(argument(0), argument(1), known),
            Builtin::Model(Model::LoadModel) => {
                self.load_model(argument(0), self.world.default_element, false).born_at(span)
            }
            Builtin::Model(which @ (Model::LoadModelF16 | Model::LoadModelF32)) => {
                let element = which.element().unwrap_or(self.world.default_element);
                self.load_model(argument(0), element, true).born_at(span)
            }
            Builtin::Model(Model::GetTensor) => self.get_tensor(argument(0), argument(1), known),
            Builtin::Model(Model::Metadata) => self.metadata(argument(0), argument(1), argument(2), span),
            Builtin::Tokenizer(Tokenizer::LoadTokenizer) => {
                self.look_for_tokenizer(argument(0));
                let vocabulary = argument(0).and_then(|(source, span, _)| self.vocabulary(source, *span));
                known.with(History { vocabulary, ..History::default() })
            }
            Builtin::Tokenizer(Tokenizer::Tokenize) => {
                let length = self.born(span, "the number of tokens of this text");
                Known { fact: Fact::Tokens(Dim::of(&length).unwrap_or(Dim::Unknown)), reason: None, ..known }
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

    fn load_model(&mut self, path: Option<&Passed>, element: ElementType, chosen: bool) -> Known {
        let model = Known::of(Fact::Handle(HandleKind::Model));
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
            Ok(handle) => Known { handle, assured, ..model },
            Err(fault) => {
                self.fault(fault, place_of(path, *span), Vec::new(), assured);
                Known { assured, ..model }.because("the model is not at hand", place_of(path, *span))
            }
        }
    }

    fn look_for_tokenizer(&mut self, source: Option<&Passed>) {
        let Some((source, span, _)) = source else { return };
        let Some(text) = &source.text else { return };
        if let Err(fault) = models::find(self.world, "tokenizer", &text.content) {
            self.fault(fault, place_of(source, *span), Vec::new(), !text.is_default);
        }
    }

    fn get_tensor(&mut self, model: Option<&Passed>, name: Option<&Passed>, known: Known) -> Known {
        let (Some((model, ..)), Some((name, span, _))) = (model, name) else { return known };
        let (Some(handle), Fact::String(Some(text))) = (&model.handle, &name.fact) else {
            let pattern = name.history.pattern.as_ref().zip(model.handle.as_ref());
            let found = pattern.and_then(|(pattern, handle)| self.models.tensor_of_any_layer(handle, pattern));
            return found.map_or(known, |found| found.made_of([model, name]));
        };
        match self.models.tensor(handle, text) {
            Ok(tensor) => tensor.made_of([model, name]),
            Err(fault) => {
                self.fault(fault, *span, self.load_of(model), model.assured && name.assured);
                Known::lost(format!("the model has no tensor `{text}`"), *span)
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
        self.called.insert(number);
        let Ok(assigned) = check::assign(function, &names) else { return Known::unknown() };
        self.advise_arguments(function, &assigned, &arguments);
        let mut passed = vec![Known::unknown(); function.parameters.len()];
        for (parameter, (known, ..)) in assigned.into_iter().zip(arguments) {
            // Where a text stands matters inside as outside, where a tensor was made
            // does not; why something is unknown is told where it is lost.
            passed[parameter] = known.inside();
        }
        let in_progress = self.calling.iter().filter(|called| **called == number).count();
        let known = self.summaries.get(&number).map_or(0, Vec::len);
        if in_progress >= DEEPEST_RECURSION || known >= MOST_SUMMARIES || self.widened.contains(&number) {
            self.widened.insert(number);
            self.may_end = true;
            return Known::lost(format!("`{}` calls itself", function.name.text), span);
        }
        let (reach, may_end) = (self.reach, self.may_end);
        let fits = |summary: &&Arc<Summary>| {
            (summary.reach, summary.may_end) == (reach, may_end) && summary.arguments == passed
        };
        let summary = self.summaries.get(&number).and_then(|all| all.iter().find(fits)).cloned();
        let summary = summary.unwrap_or_else(|| {
            let summary = Arc::new(self.summary(number, function, passed));
            // What a recursive call could not look at is not known for later.
            if in_progress == 0 {
                self.summaries.entry(number).or_default().push(summary.clone());
            }
            summary
        });
        let told = self.notes.problems.len();
        self.notes.add(&summary.notes);
        for problem in self.notes.problems[told..].iter_mut().filter(|p| p.related.len() < MOST_RELATED) {
            let message = format!("`{}` is called here", function.name.text);
            problem.related.push(Label { place: span, message });
        }
        self.may_end |= summary.ends_sometimes;
        self.live &= !summary.ends_always;
        self.renamed(&summary.result.inside(), function, span)
    }

    /// Walks a function for certain arguments.
    fn summary(&mut self, number: TopLevel, function: &'w Function, passed: Vec<Known>) -> Summary {
        let slots = vec![Known::void(); self.analysis.names.frame_size(function)];
        let outer = (
            std::mem::replace(&mut self.slots, slots),
            std::mem::take(&mut self.loops),
            self.returned.take(),
            std::mem::take(&mut self.notes),
        );
        let (reach, may_end) = (self.reach, self.may_end);
        self.calling.push(number);
        let mut sizes = HashMap::new();
        for (parameter, known) in function.parameters.iter().zip(&passed) {
            let known = match &parameter.annotation {
                Some(annotation) => self.converted(annotation, known.clone(), &mut sizes),
                None => known.clone(),
            };
            self.bind(&parameter.name, BindingKind::Parameter, known.born_at(parameter.name.span));
        }
        let value = self.block(&function.body);
        let end = self.live.then_some(value);
        let returned = match (self.returned.take(), end) {
            (Some(a), Some(b)) => Some(a.join_because(&b, "the returned values differ", function.name.span)),
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
        let ends_sometimes = self.may_end;
        let notes;
        (self.slots, self.loops, self.returned, notes) = {
            let (slots, loops, returned, outer_notes) = outer;
            (slots, loops, returned, std::mem::replace(&mut self.notes, outer_notes))
        };
        (self.reach, self.may_end, self.live) = (reach, may_end, true);
        Summary { arguments: passed, reach, may_end, result, ends_always, ends_sometimes, notes }
    }

    /// A result with the symbols that were born inside of the function renamed:
    /// another call gives other numbers.
    fn renamed(&mut self, result: &Known, function: &Function, span: Span) -> Known {
        let inside = function.header.to(function.body.span);
        let mut inner: Vec<u32> = Vec::new();
        let births = self.symbols.births().to_vec();
        let fact = map_sizes(&result.fact, &mut |size, _| {
            size.symbols(&mut |symbol| {
                let birth = births.get(symbol.id as usize).map(|birth| birth.span);
                if birth.is_some_and(|birth| inside.contains(birth)) {
                    inner.push(symbol.id);
                }
            });
            Some(size.clone())
        });
        if inner.is_empty() {
            return result.clone();
        }
        let symbols = &mut self.symbols;
        let fact = map_sizes(&fact, &mut |size, _| {
            size.replace(&mut |symbol| match inner.contains(&symbol.id) {
                false => Some(Size::symbol(symbol.clone())),
                true => {
                    let message = format!("a size that `{}` finds", function.name.text);
                    let birth = Birth { span, message };
                    Some(symbols.lettered_as(Site::Call(span, symbol.id), symbol.is_size, birth))
                }
            })
        });
        Known { fact, ..result.clone() }
    }

    /// Walks the functions that nothing calls, and those that were not followed
    /// through all their calls, for any arguments that their parameters allow.
    pub(super) fn uncalled_functions(&mut self) {
        let analysis = self.analysis;
        let mut looked_at = HashSet::new();
        for function in &self.program.functions {
            let Binding::Function(number) = analysis.names.binding(&function.name) else { continue };
            if looked_at.insert(number) && (!self.called.contains(&number) || self.widened.contains(&number)) {
                self.any_arguments(number);
            }
        }
        // What was widened only now has been called from those.
        let mut done = self.widened.clone();
        while let Some(number) = self.widened.iter().find(|number| !done.contains(number)).copied() {
            done.insert(number);
            self.any_arguments(number);
        }
    }

    fn any_arguments(&mut self, number: TopLevel) {
        let Some(function) = self.analysis.names.function(number) else { return };
        (self.live, self.reach, self.may_end) = (true, Reach::Likely, false);
        let names = self.symbols.set_aside();
        let mut sizes = HashMap::new();
        let mut any: Vec<Known> =
            function.parameters.iter().map(|parameter| self.any_value(parameter, &mut sizes)).collect();
        if !self.called.contains(&number) {
            // Nothing that runs says otherwise: a model is the one that the script has.
            let only = self.models.only(self.world);
            let models = any.iter_mut().filter(|known| known.fact == Fact::Handle(HandleKind::Model));
            models.for_each(|known| known.handle.clone_from(&only));
        }
        let summary = self.summary(number, function, any);
        self.symbols.take_back(names);
        self.notes.add(&summary.notes);
    }
}

/// Whether more is known of the entries of a list than its rules can tell.
fn has_entries(list: &Fact) -> bool {
    matches!(list, Fact::Handle(HandleKind::Layers) | Fact::Array { kind: Some(ArrayKind::Tensor), .. })
}
