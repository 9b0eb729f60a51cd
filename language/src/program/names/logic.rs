//! Entities, relations, embeddings, facts, rules and queries. In rules and queries a
//! word that begins with a capital letter or `_` is a variable, unless it is the
//! known name of a thing; any other word is the name of a thing. In facts every word
//! is, unless a variable of the script has that name.

use super::resolver::Resolver;
use super::{Binding, Logic};
use crate::catalogue;
use crate::diagnostic::Code;
use crate::program::tree::*;

impl<'p> Resolver<'_, 'p> {
    pub(super) fn entity(&mut self, entity: &'p Entity) {
        self.top_level_name(&entity.name, |seen| seen.entity.map(|number| Binding::Logic(Logic::Entity(number))));
        for member in entity.members.iter().flatten() {
            match member.variable() {
                Some(name) => self.set(name, Binding::Logic(Logic::Constant)),
                None => self.expression(member),
            }
        }
    }

    pub(super) fn relation(&mut self, relation: &'p Relation) {
        let number = |number| Binding::Logic(Logic::Relation(number));
        self.top_level_name(&relation.name, |seen| seen.relation.map(number));
        self.signature(&relation.parameters, relation.embedding.as_ref());
    }

    /// Its fields hold words of their own, kinds of entities and numbers.
    pub(super) fn embedding(&mut self, embedding: &'p Embedding) {
        let number = |number| Binding::Logic(Logic::Embedding(number));
        self.top_level_name(&embedding.name, |seen| seen.embedding.map(number));
        for field in &embedding.fields {
            match (field.name.text.as_str(), field.value.variable()) {
                ("entities", Some(name)) if name.text != "auto" => match self.outside(&name.text).entity {
                    Some(number) => self.set(name, Binding::Logic(Logic::Entity(number))),
                    None => self.unknown_entity(name),
                },
                ("relations", Some(name)) if name.text != "all" => match self.outside(&name.text).relation {
                    Some(number) => self.set(name, Binding::Logic(Logic::Relation(number))),
                    None => self.unknown_relation(name),
                },
                (_, Some(_)) => {}
                ("relations", None) => {
                    if let ExpressionKind::Set(members) = &field.value.kind {
                        for name in members.iter().filter_map(Expression::variable) {
                            match self.outside(&name.text).relation {
                                Some(number) => self.set(name, Binding::Logic(Logic::Relation(number))),
                                None => self.unknown_relation(name),
                            }
                        }
                    }
                }
                (_, None) => self.expression(&field.value),
            }
        }
    }

    pub(super) fn rule(&mut self, rule: &'p Rule) {
        let outer = self.variables.replace(Vec::new());
        match &rule.head {
            // What a rule concludes need not be declared.
            Term::Expression(Expression {
                kind: ExpressionKind::Call { namespace: None, function, arguments },
                ..
            }) => {
                let number = |number| Binding::Logic(Logic::Relation(number));
                self.top_level_name(function, |seen| seen.relation.map(number));
                self.things(arguments.iter().map(|argument| &argument.value));
            }
            head => self.term(head),
        }
        rule.body.iter().for_each(|term| self.term(term));
        self.variables = outer;
    }

    fn term(&mut self, term: &'p Term) {
        match term {
            Term::Expression(expression) => self.condition(expression),
            Term::Equation(equation) => self.equation(equation),
        }
    }

    pub(super) fn query(&mut self, query: &'p Query) {
        let outer = self.variables.replace(Vec::new());
        self.condition(&query.relation);
        query.constraints.iter().for_each(|constraint| self.condition(constraint));
        self.variables = outer;
    }

    pub(super) fn equation(&mut self, equation: &'p Equation) {
        self.without_reports(|this| {
            this.expression(&equation.left);
            this.expression(&equation.right);
        });
    }

    /// What must hold: a relation between things, or anything with a truth value.
    fn condition(&mut self, condition: &'p Expression) {
        match &condition.kind {
            ExpressionKind::Call { namespace: None, function, .. } => {
                let seen = self.outside(&function.text);
                let is_function = seen.function.is_some() || catalogue::find(&function.text).is_some();
                if seen.relation.is_some() || is_function {
                    self.without_reports(|this| this.expression(condition));
                } else {
                    self.unknown_relation(function);
                }
            }
            ExpressionKind::Unary(_, operand) => self.condition(operand),
            ExpressionKind::Logical(_, left, right) => {
                self.condition(left);
                self.condition(right);
            }
            _ => self.without_reports(|this| this.expression(condition)),
        }
    }

    /// Resolves what is told to be not executed as a whole.
    pub(super) fn without_reports(&mut self, inner: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.is_later, true);
        inner(self);
        self.is_later = before;
    }

    /// What a relation, a set or an embedding speaks of.
    pub(super) fn things(&mut self, all: impl IntoIterator<Item = &'p Expression>) {
        for thing in all {
            let Some(name) = thing.variable() else {
                self.expression(thing);
                continue;
            };
            if let Some(number) = self.logic_variable(&name.text) {
                self.set(name, Binding::Logic(Logic::Variable(number)));
                continue;
            }
            match self.look_up(&name.text) {
                Some(binding) => self.reads(name, binding),
                None => self.set(name, Binding::Logic(Logic::Constant)),
            }
        }
    }

    /// The number of a variable of the rule or query at hand; nothing where there is
    /// none, or where the word names something else.
    pub(super) fn logic_variable(&mut self, word: &str) -> Option<u32> {
        self.variables.as_ref()?;
        if !word.starts_with(|first: char| first.is_uppercase() || first == '_') {
            return None;
        }
        let seen = self.outside(word);
        if seen.constant || seen.embedding.is_some() || seen.entity.is_some() {
            return None;
        }
        let variables = self.variables.as_mut()?;
        let known = variables.iter().position(|known| known == word);
        let number = known.unwrap_or_else(|| {
            variables.push(word.to_owned());
            variables.len() - 1
        });
        Some(number as u32)
    }

    fn unknown_relation(&mut self, name: &'p Name) {
        let known: Vec<&str> = self.declared.relation_names().collect();
        let message = format!("no relation is called `{}`", name.text);
        self.unknown(Code::UnknownName, name.span, message, &name.text, known);
    }

    pub(super) fn unknown_entity(&mut self, name: &'p Name) {
        let known: Vec<&str> = self.declared.entity_names().collect();
        let message = format!("no entity is called `{}`", name.text);
        self.unknown(Code::UnknownName, name.span, message, &name.text, known);
    }
}
