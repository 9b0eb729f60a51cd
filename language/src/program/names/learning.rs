//! `learn` and `with`. Neither opens a scope: what they declare is seen behind them.

use super::resolver::Resolver;
use super::{Binding, Logic};
use crate::catalogue;
use crate::diagnostic::Code;
use crate::program::tree::*;
use crate::source::Span;

/// The fields of `learn`.
const FIELDS: [&str; 6] = ["objective", "optimizer", "epochs", "scheduler", "clip_grad_norm", "dropout"];

/// Those of them that are names for the statements beside them: the number of rounds, and
/// what `set_lr` changes.
const NAMES_INSIDE: [&str; 2] = ["epochs", "optimizer"];

const OPTIMIZERS: [&str; 3] = ["sgd", "adam", "adamw"];

const SCHEDULERS: [&str; 3] = ["step", "exponential", "cosine"];

impl<'p> Resolver<'_, 'p> {
    pub(super) fn learn(&mut self, learn: &'p Learn, assigned: &mut Vec<(&'p str, Span)>) {
        let before = std::mem::replace(&mut self.is_later, true);
        let hidden = NAMES_INSIDE.map(|name| (name, self.field_as_name(learn, name)));
        let fields = |entry: &'p LearnEntry| match entry {
            LearnEntry::Field(field) => Some(field),
            LearnEntry::Statement(_) => None,
        };
        for entry in &learn.entries {
            if let LearnEntry::Statement(statement) = entry {
                self.statement(statement, assigned);
            }
        }
        // The objective sees what the statements declare, wherever it stands.
        learn.entries.iter().filter_map(fields).for_each(|field| self.learn_field(field));
        for (name, hidden) in hidden {
            if let (Some(scope), Some(hidden)) = (self.scopes.last_mut(), hidden) {
                match hidden {
                    Some(slot) => scope.insert(name, slot),
                    None => scope.remove(name),
                };
            }
        }
        self.set_slots(learn.id, self.next_slot);
        self.is_later = before;
    }

    /// Inside of `learn` the name of such a field reads as its value. Gives what had that
    /// name before.
    fn field_as_name(&mut self, learn: &'p Learn, name: &str) -> Option<Option<u32>> {
        let field = learn.entries.iter().find_map(|entry| match entry {
            LearnEntry::Field(field) if field.name.text == name => Some(field),
            _ => None,
        })?;
        let hidden = self.scopes.last().and_then(|scope| scope.get(name).copied());
        self.declare(&field.name);
        Some(hidden)
    }

    fn learn_field(&mut self, field: &'p LearnField) {
        let name = field.name.text.as_str();
        let ways = match name {
            "optimizer" => Some(("optimizer", OPTIMIZERS)),
            "scheduler" => Some(("scheduler", SCHEDULERS)),
            _ => None,
        };
        match (&field.value.kind, ways) {
            (ExpressionKind::Call { namespace: None, function, arguments }, Some((what, ways))) => {
                match catalogue::find(&function.text) {
                    _ if !ways.contains(&function.text.as_str()) => {
                        let message = format!("no {what} is called `{}`", function.text);
                        self.unknown(Code::UnknownName, function.span, message, &function.text, ways);
                    }
                    Some(builtin) => self.set(function, Binding::Builtin(builtin)),
                    None => {}
                }
                arguments.iter().for_each(|argument| self.expression(&argument.value));
            }
            _ => self.expression(&field.value),
        }
        if !FIELDS.contains(&name) {
            let message = format!("`learn` has no field `{name}`");
            self.unknown(Code::UnknownField, field.name.span, message, name, FIELDS);
        }
    }

    pub(super) fn with(&mut self, name: &'p Name, body: &'p Block, assigned: &mut Vec<(&'p str, Span)>) {
        match self.outside(&name.text).entity {
            Some(number) => self.set(name, Binding::Logic(Logic::Entity(number))),
            None => self.unknown_entity(name),
        }
        self.without_reports(|this| body.statements.iter().for_each(|statement| this.statement(statement, assigned)));
        self.set_slots(body.id, self.next_slot);
    }
}
