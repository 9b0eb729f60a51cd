//! Which constructs run today. The tree holds the whole language; what a run cannot
//! execute yet is named here, once and at its outermost place, and nothing else is
//! said of what is inside.

#[cfg(test)]
mod tests;

use super::parts::Part;
use super::tree::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The declarations of `program` that cannot be executed yet, and what of tests and
/// benches cannot.
pub fn declarations(program: &Program) -> Vec<Diagnostic> {
    let mut check = Check { problems: Vec::new(), runs: true };
    check.declarations(program);
    check.problems
}

/// What in a part of a program cannot be executed yet.
pub fn of_part(part: Part) -> Vec<Diagnostic> {
    let mut check = Check { problems: Vec::new(), runs: true };
    match part {
        Part::Global(global) => check.tensor(global),
        Part::Function(function) => check.function(function),
        Part::Main(main) => check.block(&main.body),
        // They run alone or not at all, and are told as a whole.
        Part::Block(_) | Part::Struct(_) | Part::Impl(_) => {}
        Part::Entity(_) | Part::Relation(_) | Part::Embedding(_) | Part::Rule(_) => {}
    }
    check.problems
}

/// Whether an assignment changes a field, alone or on its way to an element.
pub fn sets_a_field(target: &Target) -> bool {
    match target {
        Target::Field { .. } => true,
        Target::Index { object, .. } => sets_a_field(object),
        Target::Variable(_) | Target::Invalid(_) => false,
    }
}

/// What a statement cannot be executed for, in the words of its message; `None`
/// where it runs.
pub fn statement(statement: &StatementKind) -> Option<&'static str> {
    match statement {
        StatementKind::Assign { target, .. } => sets_a_field(target).then_some("the assignment to a field"),
        StatementKind::Rule(_) => Some("rules"),
        StatementKind::Query(_) => Some("queries"),
        StatementKind::Equation(_) => Some("equations with `~`"),
        StatementKind::Infer(_) => Some("`infer`"),
        StatementKind::Learn(_) => Some("`learn`"),
        StatementKind::With { .. } => Some("`with`"),
        StatementKind::PythonImport { .. } => Some("`python import`"),
        StatementKind::Let { .. }
        | StatementKind::Tensor(_)
        | StatementKind::Expression(_)
        | StatementKind::Return(_)
        | StatementKind::Break
        | StatementKind::Continue
        | StatementKind::For { .. }
        | StatementKind::While { .. }
        | StatementKind::Loop { .. }
        | StatementKind::Block(_)
        | StatementKind::Refused(_)
        | StatementKind::Invalid => None,
    }
}

/// What an expression cannot be executed for, in the words of its message; `None`
/// where it runs.
pub fn expression(expression: &ExpressionKind) -> Option<&'static str> {
    match expression {
        ExpressionKind::TypeCall { .. } => Some("type arguments"),
        ExpressionKind::Struct { .. } => Some("structs"),
        ExpressionKind::Query(_) => Some("queries"),
        ExpressionKind::Set(_) => Some("sets of entities"),
        ExpressionKind::Inverse(_) => Some("`inv`"),
        ExpressionKind::AnySize => Some("`?` as a size"),
        ExpressionKind::PythonCall(_) => Some("`python.call`"),
        ExpressionKind::Variable(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Float(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Boolean(_)
        | ExpressionKind::Array(_)
        | ExpressionKind::Repeat { .. }
        | ExpressionKind::Unary(..)
        | ExpressionKind::Binary(..)
        | ExpressionKind::Logical(..)
        | ExpressionKind::Cast(..)
        | ExpressionKind::Call { .. }
        | ExpressionKind::Method { .. }
        | ExpressionKind::Field { .. }
        | ExpressionKind::Index { .. }
        | ExpressionKind::Range(..)
        | ExpressionKind::If { .. }
        | ExpressionKind::Match { .. }
        | ExpressionKind::Block(_)
        | ExpressionKind::Refused(_)
        | ExpressionKind::Invalid => None,
    }
}

/// What a pattern cannot be executed for, and where; `None` where it runs.
pub fn pattern(pattern: &Pattern) -> Option<(&'static str, Span)> {
    match pattern {
        Pattern::Tuple(_, span) => Some(("patterns in parentheses", *span)),
        Pattern::Struct { span, .. } => Some(("structs", *span)),
        Pattern::Any | Pattern::Bind(_) | Pattern::Literal(_) | Pattern::Either(_) => None,
    }
}

/// What a type cannot be executed for, and where; `None` where it runs.
pub fn written_type(written: &Type) -> Option<(&'static str, Span)> {
    match &written.kind {
        TypeKind::Entity => Some(("entities", written.span)),
        TypeKind::Generic { brackets, .. } => Some(("type arguments", *brackets)),
        TypeKind::Integer
        | TypeKind::Float
        | TypeKind::Boolean
        | TypeKind::String
        | TypeKind::Void
        | TypeKind::Tensor(..)
        | TypeKind::Named(_)
        | TypeKind::Refused(_) => None,
    }
}

struct Check {
    problems: Vec<Diagnostic>,
    /// Whether the text at hand is part of a run; of tests and benches only the types
    /// are looked at.
    runs: bool,
}

impl Check {
    fn declarations(&mut self, program: &Program) {
        for entity in &program.entities {
            self.report("entities", entity.name.span);
        }
        for relation in &program.relations {
            self.report("relations", relation.name.span);
        }
        for embedding in &program.embeddings {
            self.report("embeddings", embedding.name.span);
        }
        for declared in &program.structs {
            self.report("structs", declared.name.span);
        }
        for implementation in &program.impls {
            let target = implementation.target.as_ref().map_or(implementation.span, |target| target.span);
            self.report("structs", target);
        }
        for rule in &program.rules {
            self.report("rules", rule.head.span());
        }
        self.runs = false;
        program.further_mains.iter().for_each(|main| self.block(&main.body));
        program.tests.iter().chain(&program.benches).for_each(|block| self.block(&block.body));
    }

    fn function(&mut self, function: &Function) {
        for parameter in &function.parameters {
            self.annotation(parameter.annotation.as_ref());
        }
        self.annotation(function.result.as_ref());
        self.block(&function.body);
    }

    fn tensor(&mut self, declaration: &TensorDeclaration) {
        declaration.value.iter().for_each(|value| self.expression(value));
    }

    fn annotation(&mut self, annotation: Option<&Type>) {
        if let Some((construct, span)) = annotation.and_then(written_type) {
            self.report(construct, span);
        }
    }

    fn block(&mut self, block: &Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, at: &Statement) {
        if let Some(construct) = statement(&at.kind) {
            if !is_broken(at) {
                self.report_in_run(construct, at.span);
            }
            return;
        }
        match &at.kind {
            StatementKind::Let { annotation, value, .. } => {
                self.annotation(annotation.as_ref());
                self.expression(value);
            }
            StatementKind::Tensor(declaration) => self.tensor(declaration),
            StatementKind::Assign { target, value, .. } => {
                self.target(target);
                self.expression(value);
            }
            StatementKind::Expression(value) | StatementKind::Return(Some(value)) => self.expression(value),
            StatementKind::For { iterable, body, .. } => {
                self.expression(iterable);
                self.block(body);
            }
            StatementKind::While { condition, body } => {
                self.expression(condition);
                self.block(body);
            }
            StatementKind::Loop { body } | StatementKind::Block(body) => self.block(body),
            // Nothing is inside, or what is inside is not looked at.
            StatementKind::Return(None)
            | StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Rule(_)
            | StatementKind::Query(_)
            | StatementKind::Equation(_)
            | StatementKind::Infer(_)
            | StatementKind::Learn(_)
            | StatementKind::With { .. }
            | StatementKind::PythonImport { .. }
            | StatementKind::Refused(_)
            | StatementKind::Invalid => {}
        }
    }

    fn target(&mut self, target: &Target) {
        if let Target::Index { object, index, .. } = target {
            self.target(object);
            self.expression(index);
        }
    }

    fn expression(&mut self, at: &Expression) {
        if let Some(construct) = expression(&at.kind) {
            return self.report_in_run(construct, at.span);
        }
        match &at.kind {
            ExpressionKind::If { consequence, alternative, .. } => {
                at.for_each_part(&mut |part| self.expression(part));
                self.block(consequence);
                alternative.iter().for_each(|block| self.block(block));
            }
            ExpressionKind::Match { arms, .. } => {
                at.for_each_part(&mut |part| self.expression(part));
                arms.iter().for_each(|arm| self.pattern(&arm.pattern));
            }
            ExpressionKind::Block(block) => self.block(block),
            _ => at.for_each_part(&mut |part| self.expression(part)),
        }
    }

    fn pattern(&mut self, at: &Pattern) {
        if let Some((construct, span)) = pattern(at) {
            return self.report_in_run(construct, span);
        }
        if let Pattern::Either(all) = at {
            all.iter().for_each(|one| self.pattern(one));
        }
    }

    fn report_in_run(&mut self, construct: &str, span: Span) {
        if self.runs {
            self.report(construct, span);
        }
    }

    fn report(&mut self, construct: &str, span: Span) {
        let message = format!("{construct} cannot be executed yet");
        self.problems.push(Diagnostic::new(Code::NotSupportedYet, span, message));
    }
}

/// Whether a statement is broken where it says what it is, which is reported.
fn is_broken(statement: &Statement) -> bool {
    fn broken(target: &Target) -> bool {
        match target {
            Target::Variable(_) => false,
            Target::Index { object, .. } | Target::Field { object, .. } => broken(object),
            Target::Invalid(_) => true,
        }
    }
    matches!(&statement.kind, StatementKind::Assign { target, .. } if broken(target))
}
