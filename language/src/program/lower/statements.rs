//! Statements and blocks.

use super::super::tree::*;
use super::{Lowering, first_line, is_missing};
use crate::diagnostic::Code;
use crate::source::Span;
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    /// The block in a field; empty where it has still to be typed.
    pub(super) fn block_field(&mut self, parent: Node, field: Field) -> Block {
        match parent.field(field) {
            Some(block) => self.block(block),
            None => self.block_of(end_of(parent), Vec::new()),
        }
    }

    pub(super) fn block(&mut self, node: Node) -> Block {
        // The number is taken first: outer blocks come before inner ones.
        let mut block = self.block_of(node.span(), Vec::new());
        let statements = self.deeper(node, |this| this.statements(node));
        block.statements = statements.unwrap_or_default();
        block
    }

    fn statements(&mut self, block: Node) -> Vec<Statement> {
        let mut statements = Vec::new();
        // Behind the keyword of another language, the rest of the line is not ours.
        let mut foreign_until = 0;
        for node in block.children() {
            if node.span().start() < foreign_until {
                continue;
            }
            if self.foreign_keyword(node).is_some_and(|keyword| !keyword.declares) {
                foreign_until = first_line(self.text, node.span().with(node.span().start(), block.span().end())).end();
            }
            statements.extend(self.statement(node));
        }
        statements
    }

    pub(super) fn statement(&mut self, node: Node) -> Option<Statement> {
        let kind = match node.kind() {
            Kind::LetStatement => self.let_statement(node),
            Kind::AssignmentStatement => self.assignment_statement(node),
            Kind::StepStatement => self.step_statement(node),
            Kind::TensorDeclaration => StatementKind::Tensor(self.tensor_declaration(node)),
            Kind::ExpressionStatement if self.foreign_keyword(node).is_some() => StatementKind::Invalid,
            Kind::ExpressionStatement => StatementKind::Expression(self.expression_field(node, Field::Expression)),
            Kind::ReturnStatement => self.return_statement(node),
            Kind::BreakStatement => StatementKind::Break,
            Kind::ContinueStatement => StatementKind::Continue,
            Kind::ForStatement => self.for_statement(node),
            Kind::WhileStatement => {
                StatementKind::While { condition: self.expression_field(node, Field::Condition), body: self.body(node) }
            }
            Kind::LoopStatement => StatementKind::Loop { body: self.body(node) },
            Kind::Block => StatementKind::Block(self.block(node)),
            Kind::QueryStatement => self.query_statement(node),
            Kind::RuleDeclaration => StatementKind::Rule(self.rule(node)),
            Kind::EquationStatement => StatementKind::Equation(self.equation(node)),
            Kind::InferStatement => self.infer(node),
            Kind::LearnStatement => self.learn(node),
            Kind::WithStatement => self.with(node),
            Kind::PythonImportStatement => self.python_import(node),
            Kind::MisplacedDeclaration => StatementKind::Refused("declaration in a block"),
            Kind::Semicolon => {
                self.semicolon(node);
                return None;
            }
            // Reported as faults.
            Kind::StrayComma | Kind::MissingBracket => return None,
            _ => StatementKind::Invalid,
        };
        Some(Statement { kind, span: node.span() })
    }

    fn let_statement(&mut self, node: Node) -> StatementKind {
        let Some(name) = node.field(Field::Name) else { return StatementKind::Invalid };
        if name.kind() == Kind::TuplePattern {
            self.syntax_error(name.span(), "`let` binds one name", "bind each value in a `let` of its own");
            return StatementKind::Refused("tuple pattern");
        }
        let name = self.name(name);
        let annotation = node.field(Field::Type).and_then(|written| self.written_type(written));
        let modifier = self.modifier(node);
        self.assignment_sign(node);
        if node.field(Field::Value).is_none() && !node.has_error() && !name.text.is_empty() {
            let help = format!("write `let {} = …`", name.text);
            self.syntax_error(name.span, format!("`{}` gets no value", name.text), help);
        }
        let value = self.expression_field(node, Field::Value);
        StatementKind::Let { name, annotation, modifier, value }
    }

    /// Gives the hint for `:=`.
    fn assignment_sign(&mut self, node: Node) {
        if let Some(operator) = node.field(Field::Operator).filter(|operator| self.text(*operator) == ":=") {
            let fix = self.instead(operator.span(), "=");
            let help = "write `=`, or `let` to declare a variable";
            self.legacy(operator.span(), "`:=` is accepted as `=`", help, Some(fix));
        }
    }

    fn assignment_statement(&mut self, node: Node) -> StatementKind {
        match node.field(Field::Target).map(Node::kind) {
            // Cannot be executed yet, so hints would only distract.
            Some(Kind::FieldExpression) => self.quietly(|this| this.assignment(node)),
            _ => self.assignment(node),
        }
    }

    fn assignment(&mut self, node: Node) -> StatementKind {
        let target = match node.field(Field::Target) {
            Some(target) => self.target(target),
            None => Target::Invalid(node.span()),
        };
        self.assignment_sign(node);
        let operator = match node.field(Field::Operator).map_or("", |operator| self.text(operator)) {
            "+=" => Some(BinaryOperator::Add),
            "-=" => Some(BinaryOperator::Subtract),
            "*=" => Some(BinaryOperator::Multiply),
            "/=" => Some(BinaryOperator::Divide),
            _ => None,
        };
        let value = self.expression_field(node, Field::Value);
        StatementKind::Assign { target, operator, value }
    }

    /// `x++`, which is reported as a fault, as what was meant.
    fn step_statement(&mut self, node: Node) -> StatementKind {
        let target = match node.field(Field::Target) {
            Some(target) => self.target(target),
            None => Target::Invalid(node.span()),
        };
        let sign = node.field(Field::Operator).unwrap_or(node);
        let operator = if self.text(sign) == "--" { BinaryOperator::Subtract } else { BinaryOperator::Add };
        let value = Expression { kind: ExpressionKind::Integer(1), span: sign.span() };
        StatementKind::Assign { target, operator: Some(operator), value }
    }

    fn target(&mut self, node: Node) -> Target {
        let target = match node.kind() {
            Kind::Identifier => return Target::Variable(self.name(node)),
            Kind::IndexExpression => self.deeper(node, |this| this.element_target(node)),
            Kind::FieldExpression => self.deeper(node, |this| this.property_target(node)),
            Kind::NumericFieldExpression => self.deeper(node, |this| {
                let object = Box::new(this.target_field(node));
                Target::Index { object, index: this.numeric_field(node), span: node.span() }
            }),
            Kind::InvalidName => None,
            _ => {
                let help = "assign to a variable, or to an element as in `list[i] = …`";
                self.syntax_error(node.span(), "this cannot be assigned to", help);
                None
            }
        };
        target.unwrap_or(Target::Invalid(node.span()))
    }

    fn target_field(&mut self, node: Node) -> Target {
        match node.field(Field::Object) {
            Some(object) => self.target(object),
            None => Target::Invalid(node.span()),
        }
    }

    fn property_target(&mut self, node: Node) -> Target {
        let object = Box::new(self.target_field(node));
        match node.field(Field::Field).filter(|property| !is_missing(*property)) {
            Some(property) => Target::Field { object, property: self.name(property), span: node.span() },
            None => Target::Invalid(node.span()),
        }
    }

    fn element_target(&mut self, node: Node) -> Target {
        let object = Box::new(self.target_field(node));
        let (items, span) = self.index_items(node);
        let mut items = items.into_iter();
        match (items.next(), items.next()) {
            (Some(IndexItem::At(index)), None) => Target::Index { object, index, span: node.span() },
            (None, _) => Target::Invalid(node.span()),
            _ => {
                let help = "assign to one element of a list, or build a new tensor";
                self.problem_with_help(Code::ArgumentType, span, "only one element can be assigned to", help);
                Target::Invalid(node.span())
            }
        }
    }

    fn return_statement(&mut self, node: Node) -> StatementKind {
        let Some(value) = node.field(Field::Value) else { return StatementKind::Return(None) };
        let value = self.expression(value);
        match value.kind {
            ExpressionKind::Invalid => StatementKind::Invalid,
            ExpressionKind::Refused(form) => StatementKind::Refused(form),
            _ => StatementKind::Return(Some(value)),
        }
    }

    fn for_statement(&mut self, node: Node) -> StatementKind {
        if node.field(Field::Header).is_some() {
            // For what else is wrong in it.
            self.body(node);
            return StatementKind::Refused("header of a loop in parentheses");
        }
        let variable = match node.field(Field::Variable) {
            Some(pattern) if pattern.kind() == Kind::TuplePattern => {
                self.syntax_error(pattern.span(), "`for` binds one name", "index the element inside the loop");
                // For what else is wrong in it.
                self.body(node);
                return StatementKind::Refused("tuple pattern");
            }
            Some(name) => self.name(name),
            None => self.name_at("", node.span()),
        };
        let has_body = node.field(Field::Body).is_some_and(|body| body.kind() == Kind::Block);
        if node.field(Field::Iterable).is_none() && has_body && !node.has_error() {
            let help = format!("write `for {} in values {{ … }}`", variable.text);
            self.syntax_error(variable.span, format!("`{}` has nothing to run over", variable.text), help);
        }
        let iterable = match node.field(Field::Iterable) {
            Some(set) if is_empty_set(set) && !has_body => {
                Expression { kind: ExpressionKind::Invalid, span: set.span() }
            }
            Some(set) if set.kind() == Kind::EntitySet => self.set(set),
            Some(iterable) => self.expression(iterable),
            None => Expression { kind: ExpressionKind::Invalid, span: variable.span },
        };
        let header = node.span().with(node.span().start(), iterable.span.end());
        StatementKind::For { variable, iterable, body: self.body(node), header }
    }
}

/// Whether `{ }` stands where a `for` should say what it runs over.
pub(super) fn is_empty_set(node: Node) -> bool {
    node.kind() == Kind::EntitySet && node.children().is_empty()
}

/// The place behind the last character of `node`.
pub(super) fn end_of(node: Node) -> Span {
    node.span().with(node.span().end(), node.span().end())
}
