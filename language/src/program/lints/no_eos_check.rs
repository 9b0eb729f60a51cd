//! `no-eos-check`: a loop that samples a token, puts it behind the text so far and
//! goes on from there, without ever looking whether the text is over.
//!
//! Silent where a `break`, a `return` or the loop's condition depends on the token,
//! be it by way of other variables or of the text it stands for. Silent too where
//! nothing is made of the token but a list: draws from one distribution, the classes
//! of many inputs; and where it is the number of a word in a list of the script.
//! Source: the decision on when `no-eos-check` fires.

use super::Facts;
use super::body::{Body, call_of, expressions_of};
use super::flow::Flow;
use super::paths;
use super::sampling::{LoopStatement, bound_by, declares, growth, loop_of, own_statements, samples};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::program::names::Names;
use crate::program::tree::*;
use crate::program::visit;
use crate::source::Sources;

pub(super) fn check<'p>(body: &Body<'p>, facts: &Facts<'p>, sources: &Sources) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    visit::statements_in(body.block, &mut |statement| {
        if let Some(found) = loop_of(statement) {
            problems.extend(problem(&found, body, facts, sources));
        }
    });
    problems
}

fn problem<'p>(found: &LoopStatement<'p>, body: &Body<'p>, facts: &Facts<'p>, sources: &Sources) -> Option<Diagnostic> {
    let names = facts.names;
    let source = |expression: &'p Expression| samples(names, &facts.samplers, expression);
    let mut sampling: Option<(&Statement, &Expression)> = None;
    own_statements(found.body, &mut |statement| {
        if sampling.is_some() || loop_of(statement).is_some() {
            return;
        }
        expressions_of(statement, &mut |expression| {
            if sampling.is_none() && source(expression) {
                sampling = Some((statement, expression));
            }
        });
    });
    let (statement, call) = sampling?;
    let flow = Flow::of(found.body, &source);
    // The next token is made of this one.
    let goes_round = call_of(call)?.arguments.iter().any(|passed| flow.depends(passed.value));
    let mut appends = false;
    own_statements(found.body, &mut |statement| {
        // A word that the script has under this number is no token: its list has no end.
        let growth = growth(names, statement).filter(|growth| !matches!(growth.by.kind, ExpressionKind::Index { .. }));
        appends |= growth.is_some_and(|growth| flow.depends(growth.by) && !declares(found.body, &growth.list.text));
    });
    let watches = found.condition.is_some_and(|condition| flow.depends(condition));
    if !goes_round || !appends || watches || leaves(found.body, &flow, names) {
        return None;
    }
    let token = bound_by(statement).map_or("token", |(name, _)| name.text.as_str());
    let tokenizer = tokenizer(body);
    let line = format!("if {token} == eos_id({}) {{ break }}", tokenizer.unwrap_or("tokenizer"));
    let problem =
        Diagnostic::new(Code::NoEosCheck, found.header, "this loop generates text and never looks for its end")
            .related(call.span, "the token is sampled here")
            .help(format!("add `{line}` behind the sampling"));
    if tokenizer.is_none() || bound_by(statement).is_none_or(|(_, value)| value.span != call.span) {
        return Some(problem);
    }
    let text = format!("\n{}{line}", sources.indent(statement.span));
    Some(problem.fix(Fix::likely("leave the loop at the end of the text").insert_after(statement.span, text)))
}

/// Whether a way out of the loop depends on the token.
fn leaves<'p>(body: &'p Block, flow: &Flow<'p, '_>, names: &Names) -> bool {
    let mut ways = Ways { flow, names, leaves: false, skips: false, breaks: false };
    ways.block(body, false, false);
    ways.leaves || (ways.skips && ways.breaks)
}

struct Ways<'f, 'p, 's> {
    flow: &'f Flow<'p, 's>,
    names: &'f Names,
    /// The token decides whether the loop is left.
    leaves: bool,
    /// The token decides whether the rest of a round is skipped.
    skips: bool,
    /// The loop is left somewhere.
    breaks: bool,
}

impl<'p> Ways<'_, 'p, '_> {
    fn block(&mut self, block: &'p Block, decided: bool, in_inner_loop: bool) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Break if !in_inner_loop => self.leave(decided),
                StatementKind::Return(_) => self.leave(decided),
                StatementKind::Continue => self.skips |= decided,
                StatementKind::For { body, .. } | StatementKind::Loop { body } => self.block(body, decided, true),
                StatementKind::While { condition, body } => {
                    self.block(body, decided || self.flow.depends(condition), true);
                }
                StatementKind::Block(block) | StatementKind::With { body: block, .. } => {
                    self.block(block, decided, in_inner_loop);
                }
                StatementKind::Expression(value)
                | StatementKind::Let { value, .. }
                | StatementKind::Assign { value, .. } => self.value(value, decided, in_inner_loop),
                _ => {}
            }
        }
    }

    fn value(&mut self, value: &'p Expression, decided: bool, in_inner_loop: bool) {
        match &value.kind {
            ExpressionKind::If { condition, consequence, alternative } => {
                let decided = decided || self.flow.depends(condition);
                self.block(consequence, decided, in_inner_loop);
                alternative.iter().for_each(|block| self.block(block, decided, in_inner_loop));
            }
            ExpressionKind::Match { value, arms } => {
                let decided = decided || self.flow.depends(value);
                arms.iter().for_each(|arm| self.value(&arm.value, decided, in_inner_loop));
            }
            ExpressionKind::Block(block) => self.block(block, decided, in_inner_loop),
            _ if paths::expression_ends(self.names, value) => self.leave(decided),
            _ => {}
        }
    }

    fn leave(&mut self, decided: bool) {
        self.breaks = true;
        self.leaves |= decided;
    }
}

/// What the tokenizer is called in a body that has one.
fn tokenizer<'p>(body: &Body<'p>) -> Option<&'p str> {
    let is_tokenizer = |parameter: &&Parameter| match &parameter.annotation {
        Some(Type { kind: TypeKind::Named(name), .. }) => name == "Tokenizer",
        _ => false,
    };
    if let Some(parameter) = body.parameters().iter().find(is_tokenizer) {
        return Some(&parameter.name.text);
    }
    let mut found = None;
    visit::statements_in(body.block, &mut |statement| {
        let bound = bound_by(statement);
        let loads = |value: &Expression| call_of(value).is_some_and(|call| call.function.text == "load_tokenizer");
        found = found.or(bound.filter(|(_, value)| loads(value)).map(|(name, _)| name.text.as_str()));
    });
    found
}
