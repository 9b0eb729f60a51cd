//! Statements and blocks.

use super::types::annotation;
use super::{INVALID, Printer, name, refused};
use crate::program::tree::*;

impl Printer {
    /// A block as text whose first line is continued and whose last line ends with `}`.
    pub(super) fn block(&self, block: &Block) -> String {
        self.braces(|inner| block.statements.iter().for_each(|statement| inner.statement(statement)))
    }

    fn statement(&mut self, statement: &Statement) {
        let line = match &statement.kind {
            StatementKind::Let { name: bound, annotation: written, modifier, value } => {
                let annotation = annotation(written.as_ref(), *modifier);
                format!("let {}{annotation} = {}", name(bound), self.expression(value))
            }
            StatementKind::Tensor(declaration) => self.tensor(declaration),
            StatementKind::Assign { target, operator, value } => {
                let operator = operator.map_or("", BinaryOperator::symbol);
                format!("{} {operator}= {}", self.target(target), self.expression(value))
            }
            StatementKind::Expression(expression) => self.expression(expression),
            StatementKind::Return(Some(value)) => format!("return {}", self.expression(value)),
            StatementKind::Return(None) => "return".into(),
            StatementKind::Break => "break".into(),
            StatementKind::Continue => "continue".into(),
            StatementKind::For { variable, iterable, body, .. } => {
                format!("for {} in {} {}", name(variable), self.operand(iterable), self.block(body))
            }
            StatementKind::While { condition, body } => {
                format!("while {} {}", self.operand(condition), self.block(body))
            }
            StatementKind::Loop { body } => format!("loop {}", self.block(body)),
            StatementKind::Block(block) => self.block(block),
            StatementKind::Rule(rule) => self.rule(rule),
            StatementKind::Query(query) => self.query(query),
            StatementKind::Equation(equation) => self.equation(equation),
            StatementKind::Infer(inferences) => self.infer(inferences),
            StatementKind::Learn(learn) => self.learn(learn),
            StatementKind::With { name: with, body } => format!("with {} {}", name(with), self.block(body)),
            StatementKind::PythonImport { module, alias } => {
                let alias = alias.as_ref().map(|alias| format!(" as {}", name(alias)));
                format!("python import {module}{}", alias.unwrap_or_default())
            }
            StatementKind::Refused(form) => refused(form),
            StatementKind::Invalid => INVALID.into(),
        };
        self.line(&line);
    }

    fn target(&self, target: &Target) -> String {
        match target {
            Target::Variable(variable) => name(variable).into(),
            Target::Index { object, index, .. } => {
                format!("{}[{}]", self.target(object), self.expression(index))
            }
            Target::Field { object, property, .. } => format!("{}.{}", self.target(object), name(property)),
            Target::Invalid(_) => INVALID.into(),
        }
    }

    /// `relation(arguments)? where conditions`.
    pub(super) fn query(&self, query: &Query) -> String {
        let relation = self.expression(&query.relation);
        match query.constraints.as_slice() {
            [] => format!("{relation}?"),
            constraints => format!("{relation}? where {}", self.expressions(constraints)),
        }
    }

    fn infer(&self, inferences: &[Inference]) -> String {
        let tell = |printer: &Printer, inference: &Inference| {
            format!("{} {}", name(&inference.method), printer.query(&inference.query))
        };
        if let [inference] = inferences {
            return format!("infer {}", tell(self, inference));
        }
        let all = self.braces(|inner| {
            for inference in inferences {
                let line = tell(inner, inference);
                inner.line(&line);
            }
        });
        format!("infer {all}")
    }

    fn learn(&self, learn: &Learn) -> String {
        let entries = self.braces(|inner| {
            for entry in &learn.entries {
                match entry {
                    LearnEntry::Statement(statement) => inner.statement(statement),
                    LearnEntry::Field(field) => {
                        let value = inner.expression(&field.value);
                        inner.line(&format!("{}: {value}", name(&field.name)));
                    }
                }
            }
        });
        format!("learn {entries}")
    }
}
