//! The program as text: canonical, fully parenthesised, one statement a line. It
//! does not depend on layout and spelling, so two scripts that print alike mean
//! the same; and it is a script again, unless the program is broken.

use std::fmt::Write;

use super::tree::*;

/// The canonical text of a program.
pub fn program(program: &Program) -> String {
    let mut printer = Printer::default();
    for global in &program.globals {
        let text = printer.tensor(global);
        printer.line(&text);
    }
    for function in &program.functions {
        printer.function(function);
    }
    if let Some(main) = &program.main {
        printer.open("main ");
        printer.close(main);
    }
    printer.out
}

#[derive(Default)]
struct Printer {
    out: String,
    indent: usize,
}

impl Printer {
    fn line(&mut self, text: &str) {
        let indent = "    ".repeat(self.indent);
        let _ = writeln!(self.out, "{indent}{text}");
    }

    fn open(&mut self, head: &str) {
        self.line(&format!("{head}{{"));
    }

    fn close(&mut self, block: &Block) {
        self.statements(block);
        self.line("}");
    }

    fn statements(&mut self, block: &Block) {
        self.indent += 1;
        block.statements.iter().for_each(|statement| self.statement(statement));
        self.indent -= 1;
    }

    fn function(&mut self, function: &Function) {
        let parameters = function.parameters.iter().map(|parameter| match &parameter.annotation {
            Some(annotation) => format!("{}: {}", parameter.name.text, written_type(annotation)),
            None => parameter.name.text.clone(),
        });
        let parameters = parameters.collect::<Vec<_>>().join(", ");
        let result = function.result.as_ref().map(|result| format!("-> {} ", written_type(result)));
        self.open(&format!("fn {}({parameters}) {}", function.name.text, result.unwrap_or_default()));
        self.close(&function.body);
    }

    fn statement(&mut self, statement: &Statement) {
        let line = match &statement.kind {
            StatementKind::Let { name, annotation, value } => {
                let annotation = annotation.as_ref().map(|annotation| format!(": {}", written_type(annotation)));
                format!("let {}{} = {}", name.text, annotation.unwrap_or_default(), self.expression(value))
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
                format!("for {} in {} {}", variable.text, self.expression(iterable), self.block(body))
            }
            StatementKind::While { condition, body } => {
                format!("while {} {}", self.expression(condition), self.block(body))
            }
            StatementKind::Loop { body } => format!("loop {}", self.block(body)),
            StatementKind::Block(block) => self.block(block),
            StatementKind::Unsupported(construct) => unsupported(construct),
            StatementKind::Invalid => INVALID.into(),
        };
        self.line(&line);
    }

    /// A block as text whose first line is continued and whose last line ends with `}`.
    fn block(&mut self, block: &Block) -> String {
        let mut inner = Printer { out: "{\n".into(), indent: self.indent };
        inner.statements(block);
        let indent = "    ".repeat(self.indent);
        inner.out + &indent + "}"
    }

    fn tensor(&mut self, declaration: &TensorDeclaration) -> String {
        let TensorDeclaration { name, element, sizes: all, learnable, value, .. } = declaration;
        let mut text = format!("tensor {}: {element}[{}]", name.text, sizes(all));
        if *learnable {
            text += " learnable";
        }
        if let Some(value) = value {
            text += &format!(" = {}", self.expression(value));
        }
        text
    }

    fn target(&mut self, target: &Target) -> String {
        match target {
            Target::Variable(name) => name.text.clone(),
            Target::Index { object, index, .. } => {
                format!("{}[{}]", self.target(object), self.expression(index))
            }
            Target::Invalid(_) => INVALID.into(),
        }
    }

    fn expression(&mut self, expression: &Expression) -> String {
        match &expression.kind {
            ExpressionKind::Variable(name) => name.text.clone(),
            ExpressionKind::Integer(value) => signed(value.to_string()),
            ExpressionKind::Float(value) => signed(format!("{value:?}")),
            ExpressionKind::String(value) => string(value),
            ExpressionKind::Boolean(value) => value.to_string(),
            ExpressionKind::Array(items) => format!("[{}]", self.expressions(items)),
            ExpressionKind::Repeat { value, count } => {
                format!("[{}; {}]", self.expression(value), self.expression(count))
            }
            ExpressionKind::Unary(UnaryOperator::Negate, operand) => format!("(-{})", self.expression(operand)),
            ExpressionKind::Unary(UnaryOperator::Not, operand) => format!("(!{})", self.expression(operand)),
            ExpressionKind::Binary(operator, left, right) => {
                format!("({} {} {})", self.expression(left), operator.symbol(), self.expression(right))
            }
            ExpressionKind::Logical(operator, left, right) => {
                format!("({} {} {})", self.expression(left), operator.symbol(), self.expression(right))
            }
            ExpressionKind::Cast(value, to) => format!("({} as {})", self.expression(value), cast_type(*to)),
            ExpressionKind::Call { namespace, function, arguments } => {
                let namespace = namespace.as_ref().map(|namespace| format!("{}::", namespace.text));
                format!("{}{}({})", namespace.unwrap_or_default(), function.text, self.arguments(arguments))
            }
            ExpressionKind::Method { receiver, method, arguments } => {
                format!("{}.{}({})", self.primary(receiver), method.text, self.arguments(arguments))
            }
            ExpressionKind::Field { object, property } => format!("{}.{}", self.primary(object), property.text),
            ExpressionKind::Index { object, items } => {
                let items = items.iter().map(|item| self.index_item(item)).collect::<Vec<_>>().join(", ");
                format!("{}[{items}]", self.primary(object))
            }
            ExpressionKind::Range(start, end) => {
                format!("range({}, {})", self.expression(start), self.expression(end))
            }
            ExpressionKind::If { condition, consequence, alternative } => {
                let head = format!("if {} {}", self.expression(condition), self.block(consequence));
                match alternative {
                    Some(alternative) => format!("{head} else {}", self.alternative(alternative)),
                    None => head,
                }
            }
            ExpressionKind::Match { value, arms } => self.match_expression(value, arms),
            ExpressionKind::Unsupported(construct) => unsupported(construct),
            ExpressionKind::Invalid => INVALID.into(),
        }
    }

    /// What may stand in front of `.` and `[`.
    fn primary(&mut self, expression: &Expression) -> String {
        let text = self.expression(expression);
        let needs = matches!(
            expression.kind,
            ExpressionKind::Integer(_)
                | ExpressionKind::Float(_)
                | ExpressionKind::If { .. }
                | ExpressionKind::Match { .. }
        );
        if needs && !text.starts_with('(') { format!("({text})") } else { text }
    }

    fn expressions(&mut self, all: &[Expression]) -> String {
        all.iter().map(|expression| self.expression(expression)).collect::<Vec<_>>().join(", ")
    }

    fn arguments(&mut self, arguments: &[Argument]) -> String {
        let texts = arguments.iter().map(|argument| match &argument.name {
            Some(name) => format!("{} = {}", name.text, self.expression(&argument.value)),
            None => self.expression(&argument.value),
        });
        texts.collect::<Vec<_>>().join(", ")
    }

    fn index_item(&mut self, item: &IndexItem) -> String {
        match item {
            IndexItem::At(index) => self.expression(index),
            IndexItem::Slice(start, end, _) => {
                let mut bound = |bound: &Option<Expression>| bound.as_ref().map(|bound| self.expression(bound));
                let (start, end) = (bound(start), bound(end));
                format!("{}:{}", start.unwrap_or_default(), end.unwrap_or_default())
            }
        }
    }

    /// The block behind `else`, or the `if` that is all of it.
    fn alternative(&mut self, block: &Block) -> String {
        match block.statements.as_slice() {
            [Statement { kind: StatementKind::Expression(next), .. }]
                if matches!(next.kind, ExpressionKind::If { .. }) =>
            {
                self.expression(next)
            }
            _ => self.block(block),
        }
    }

    fn match_expression(&mut self, value: &Expression, arms: &[MatchArm]) -> String {
        let value = self.expression(value);
        self.indent += 1;
        let mut text = format!("match {value} {{\n");
        for arm in arms {
            let guard = arm.guard.as_ref().map(|guard| format!(" if {}", self.expression(guard)));
            let (pattern, guard) = (self.pattern(&arm.pattern), guard.unwrap_or_default());
            let value = self.expression(&arm.value);
            text += &format!("{}{pattern}{guard} => {value},\n", "    ".repeat(self.indent));
        }
        self.indent -= 1;
        text + &"    ".repeat(self.indent) + "}"
    }

    fn pattern(&mut self, pattern: &Pattern) -> String {
        match pattern {
            Pattern::Any => "_".into(),
            Pattern::Bind(name) => name.text.clone(),
            Pattern::Literal(value) => {
                let text = self.expression(value);
                text.trim_start_matches('(').trim_end_matches(')').to_owned()
            }
            Pattern::Either(all) => all.iter().map(|one| self.pattern(one)).collect::<Vec<_>>().join(" | "),
            Pattern::Unsupported(construct, _) => unsupported(construct),
        }
    }
}

/// Stands where the text could not be understood.
const INVALID: &str = "<invalid>";

fn unsupported(construct: &str) -> String {
    format!("<{construct}>")
}

/// A negative number would otherwise lose its sign to what stands behind it.
fn signed(text: String) -> String {
    if text.starts_with('-') { format!("({text})") } else { text }
}

fn string(value: &str) -> String {
    let mut text = String::from("\"");
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            _ => text.push(character),
        }
    }
    text + "\""
}

fn written_type(written: &Type) -> String {
    match &written.kind {
        TypeKind::Integer => "int".into(),
        TypeKind::Float => "float".into(),
        TypeKind::Boolean => "bool".into(),
        TypeKind::String => "string".into(),
        TypeKind::Void => "void".into(),
        TypeKind::Tensor(element, all) => format!("{element}[{}]", sizes(all)),
        TypeKind::Named(name) => name.clone(),
    }
}

fn sizes(all: &[Size]) -> String {
    let text = |size: &Size| match size {
        Size::Fixed(size) => size.to_string(),
        Size::Named(name) => name.text.clone(),
        Size::Any => "?".into(),
    };
    all.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn cast_type(to: CastType) -> &'static str {
    match to {
        CastType::Integer => "int",
        CastType::Integer32 => "i32",
        CastType::Float => "float",
        CastType::Float32 => "f32",
        CastType::Element(element) => element.name(),
    }
}
