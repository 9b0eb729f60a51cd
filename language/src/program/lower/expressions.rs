//! Expressions.

use super::super::tree::*;
use super::statements::end_of;
use super::{Lowering, is_missing};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::shape::ElementType;
use crate::source::Span;
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    /// The expression in a field; invalid where it has still to be typed, which is
    /// reported as a fault.
    pub(super) fn expression_field(&mut self, parent: Node, field: Field) -> Expression {
        match parent.field(field) {
            Some(node) => self.expression(node),
            None => Expression { kind: ExpressionKind::Invalid, span: end_of(parent) },
        }
    }

    pub(super) fn expression(&mut self, node: Node) -> Expression {
        if node.kind() == Kind::ParenthesizedExpression {
            let inner = self.deeper(node, |this| this.expression_field(node, Field::Expression));
            return inner.unwrap_or(Expression { kind: ExpressionKind::Invalid, span: node.span() });
        }
        let kind = self.deeper(node, |this| this.expression_kind(node));
        Expression { kind: kind.unwrap_or(ExpressionKind::Invalid), span: node.span() }
    }

    fn expression_kind(&mut self, node: Node) -> ExpressionKind {
        match node.kind() {
            Kind::Identifier => ExpressionKind::Variable(self.name(node)),
            Kind::Integer => self.integer(node).map_or(ExpressionKind::Invalid, ExpressionKind::Integer),
            Kind::Float => self.float(node).map_or(ExpressionKind::Invalid, ExpressionKind::Float),
            Kind::Boolean => ExpressionKind::Boolean(self.text(node) == "true"),
            Kind::String => ExpressionKind::String(self.string(node)),
            Kind::UnterminatedString | Kind::SingleQuotedString | Kind::FormattedString => {
                ExpressionKind::String(self.refused_string(node))
            }
            Kind::RangeExpression => self.range(node),
            Kind::BinaryExpression => self.binary(node),
            Kind::UnaryExpression => self.unary(node),
            Kind::CastExpression => self.cast(node),
            Kind::ArrayLiteral => ExpressionKind::Array(self.expressions(node)),
            Kind::ArrayRepeat => ExpressionKind::Repeat {
                value: Box::new(self.expression_field(node, Field::Value)),
                count: Box::new(self.expression_field(node, Field::Count)),
            },
            Kind::CallExpression => self.call(node),
            Kind::FieldExpression => self.field_expression(node),
            Kind::NumericFieldExpression => {
                let object = Box::new(self.expression_field(node, Field::Object));
                ExpressionKind::Index { object, items: vec![IndexItem::At(self.numeric_field(node))] }
            }
            Kind::IndexExpression => {
                let object = Box::new(self.expression_field(node, Field::Object));
                let (items, _) = self.index_items(node);
                if items.is_empty() { ExpressionKind::Invalid } else { ExpressionKind::Index { object, items } }
            }
            Kind::IfExpression => self.if_expression(node),
            Kind::InlineIfExpression => self.inline_if(node),
            Kind::MatchExpression => self.match_expression(node),
            Kind::TupleExpression => self.tuple(node),
            Kind::ScopedIdentifier => self.uncalled(node),
            Kind::StructLiteral => self.struct_literal(node),
            Kind::QueryExpression => ExpressionKind::Query(Box::new(self.query(node))),
            Kind::PythonCall => self.python_call(node),
            Kind::WildcardDimension => ExpressionKind::AnySize,
            Kind::AssignmentExpression => ExpressionKind::Refused("assignment as a value"),
            Kind::BlockValue => ExpressionKind::Refused("block as a value"),
            Kind::ComplexNumber => ExpressionKind::Refused("complex number"),
            Kind::Dictionary => ExpressionKind::Refused("dictionary"),
            Kind::MalformedNumber => ExpressionKind::Refused("malformed number"),
            _ => ExpressionKind::Invalid,
        }
    }

    fn expressions(&mut self, node: Node) -> Vec<Expression> {
        let children = node.children().into_iter().filter(|child| !is_missing(*child));
        children.collect::<Vec<_>>().into_iter().map(|child| self.expression(child)).collect()
    }

    fn binary(&mut self, node: Node) -> ExpressionKind {
        let left = Box::new(self.expression_field(node, Field::Left));
        let operator = node.field(Field::Operator).map_or("", |operator| self.text(operator));
        let right = Box::new(self.expression_field(node, Field::Right));
        if let Some(operator) = logical_operator(operator) {
            return ExpressionKind::Logical(operator, left, right);
        }
        let Some(operator) = binary_operator(operator) else { return ExpressionKind::Invalid };
        self.bare_cast(node, operator);
        ExpressionKind::Binary(operator, left, right)
    }

    /// Gives the hint for arithmetic behind a cast, which reads as if it bound tighter.
    fn bare_cast(&mut self, node: Node, operator: BinaryOperator) {
        let cast = node.field(Field::Left).filter(|left| left.kind() == Kind::CastExpression);
        let Some(cast) = cast.filter(|_| is_arithmetic(operator)) else { return };
        let message = "the cast applies to everything on its left";
        let place = cast.span();
        let fix = Fix::safe("put the cast in parentheses").insert_before(place, "(").insert_after(place, ")");
        self.legacy(cast.span(), message, "put the cast and its operand in parentheses", Some(fix));
    }

    fn unary(&mut self, node: Node) -> ExpressionKind {
        let operator = match node.field(Field::Operator).map_or("", |operator| self.text(operator)) {
            "-" => UnaryOperator::Negate,
            "!" | "not" => UnaryOperator::Not,
            "inv" => {
                let operand = self.quietly(|this| this.expression_field(node, Field::Operand));
                return ExpressionKind::Inverse(Box::new(operand));
            }
            _ => return ExpressionKind::Invalid,
        };
        match node.field(Field::Operand) {
            Some(number)
                if operator == UnaryOperator::Negate && matches!(number.kind(), Kind::Integer | Kind::Float) =>
            {
                self.negative_number(number)
            }
            _ => ExpressionKind::Unary(operator, Box::new(self.expression_field(node, Field::Operand))),
        }
    }

    /// `-` and the literal at `number`, which are one number.
    pub(super) fn negative_number(&mut self, number: Node) -> ExpressionKind {
        match number.kind() {
            Kind::Integer => self.negative_integer(number).map_or(ExpressionKind::Invalid, ExpressionKind::Integer),
            _ => self.float(number).map_or(ExpressionKind::Invalid, |value| ExpressionKind::Float(-value)),
        }
    }

    fn cast(&mut self, node: Node) -> ExpressionKind {
        let value = Box::new(self.expression_field(node, Field::Value));
        let Some(written) = node.field(Field::Type) else { return ExpressionKind::Invalid };
        let word = self.text(written);
        if let Some(to) = cast_type(word) {
            return ExpressionKind::Cast(value, to);
        }
        let help = match word {
            "string" | "str" | "String" => "write `str(x)`",
            _ => "use `int`, `float` or an element type such as `float32`",
        };
        self.syntax_error(written.span(), format!("`as` does not convert to `{word}`"), help);
        ExpressionKind::Invalid
    }

    fn call(&mut self, node: Node) -> ExpressionKind {
        let Some(callee) = node.field(Field::Function) else { return ExpressionKind::Invalid };
        match callee.kind() {
            Kind::Identifier => {
                let function = self.name(callee);
                ExpressionKind::Call { namespace: None, function, arguments: self.arguments(node) }
            }
            Kind::ScopedIdentifier => self.scoped_call(node, callee),
            Kind::FieldExpression => {
                // A chain of methods nests as deep as it is long.
                let receiver = Box::new(self.expression_field(callee, Field::Object));
                let Some(method) = callee.field(Field::Field) else { return ExpressionKind::Invalid };
                if is_missing(method) {
                    return ExpressionKind::Invalid;
                }
                let method = self.name(method);
                ExpressionKind::Method { receiver, method, arguments: self.arguments(node) }
            }
            Kind::InvalidName => ExpressionKind::Invalid,
            _ => {
                self.syntax_error(callee.span(), "only functions can be called", "write the name of a function");
                ExpressionKind::Invalid
            }
        }
    }

    fn scoped_call(&mut self, node: Node, callee: Node) -> ExpressionKind {
        let (scope, function) = (callee.field(Field::Scope), callee.field(Field::Name));
        let (Some(scope), Some(function)) = (scope, function.filter(|name| !is_missing(*name))) else {
            return ExpressionKind::Invalid;
        };
        if scope.kind() == Kind::NamedType {
            return self.type_call(node, scope, function);
        }
        let namespace = Some(self.name(scope));
        let function = self.name(function);
        ExpressionKind::Call { namespace, function, arguments: self.arguments(node) }
    }

    pub(super) fn arguments(&mut self, call: Node) -> Vec<Argument> {
        let list = call.field(Field::Arguments).map(Node::children).unwrap_or_default();
        let list = list.into_iter().filter(|argument| !is_missing(*argument)).collect::<Vec<_>>();
        let named = list.iter().position(|argument| argument.kind() == Kind::NamedArgument).unwrap_or(list.len());
        if let Some(argument) = list.iter().skip(named).find(|argument| argument.kind() != Kind::NamedArgument) {
            let message = "an argument without a name stands behind a named one";
            self.syntax_error(argument.span(), message, "name it too, or move it to the front");
        }
        list.into_iter().map(|argument| self.argument(argument)).collect()
    }

    fn argument(&mut self, node: Node) -> Argument {
        if node.kind() != Kind::NamedArgument {
            return Argument { name: None, value: self.expression(node) };
        }
        let name = node.field(Field::Name).map(|name| self.name(name));
        Argument { name, value: self.expression_field(node, Field::Value) }
    }

    fn field_expression(&mut self, node: Node) -> ExpressionKind {
        let object = Box::new(self.expression_field(node, Field::Object));
        let Some(property) = node.field(Field::Field) else { return ExpressionKind::Invalid };
        let is_number = |object: &Node| matches!(object.kind(), Kind::Integer | Kind::Float);
        // Where nothing follows the point, what is missing is told.
        if node.field(Field::Object).is_some_and(|object| is_number(&object)) && !self.text(property).is_empty() {
            return self.number_with_point(node);
        }
        ExpressionKind::Field { object, property: self.name(property) }
    }

    /// `1.e5` or `6.0.1`: a number has no parts, so it is one that is written wrong.
    fn number_with_point(&mut self, node: Node) -> ExpressionKind {
        let text = self.text(node).to_owned();
        let message = format!("`{text}` is not a number");
        let help = "digits, one point with digits behind it, and `e` with an exponent: `1.0e-5`";
        self.problems.push(Diagnostic::new(Code::MalformedNumber, node.span(), message).help(help));
        ExpressionKind::Refused("malformed number")
    }

    /// The index that `.0` means.
    pub(super) fn numeric_field(&mut self, node: Node) -> Expression {
        let Some(number) = node.field(Field::Index) else {
            return Expression { kind: ExpressionKind::Invalid, span: node.span() };
        };
        let digits = self.text(number);
        let object = node.field(Field::Object).map(Node::kind);
        if matches!(object, Some(Kind::Integer | Kind::Float)) {
            return Expression { kind: self.number_with_point(node), span: node.span() };
        }
        if object != Some(Kind::MalformedNumber) {
            let dot = number.span().with(number.span().start().saturating_sub(1), number.span().end());
            let instead = format!("[{digits}]");
            let fix = self.instead(dot, instead.as_str());
            let message = format!("`.{digits}` is accepted as `{instead}`");
            self.legacy(dot, message, format!("write `{instead}`"), Some(fix));
        }
        self.expression(number)
    }

    /// The items between index brackets and the place of the brackets; none only
    /// where that is reported.
    pub(super) fn index_items(&mut self, node: Node) -> (Vec<IndexItem>, Span) {
        let Some(list) = node.field(Field::Index) else { return (Vec::new(), node.span()) };
        let items = list.children().into_iter().filter(|item| !is_missing(*item)).collect::<Vec<_>>();
        if items.is_empty() && !list.has_error() && list.children().is_empty() {
            self.syntax_error(list.span(), "an index is missing between `[` and `]`", "write `[0]`, or `[:]` for all");
        }
        (items.into_iter().map(|item| self.index_item(item)).collect(), list.span())
    }

    fn index_item(&mut self, node: Node) -> IndexItem {
        match node.kind() {
            Kind::SliceRange => {}
            Kind::RangeExpression => {
                let fix = self.range_as(node, ["", ":", ""]);
                self.legacy(node.span(), "`a..b` is accepted as `a:b`", "write `a:b` for a part of a value", fix);
            }
            _ => return IndexItem::At(self.expression(node)),
        }
        let start = node.field(Field::Start).map(|start| self.expression(start).into());
        let end = node.field(Field::End).map(|end| self.expression(end).into());
        IndexItem::Slice(start, end, node.span())
    }

    fn if_expression(&mut self, node: Node) -> ExpressionKind {
        let condition = Box::new(self.expression_field(node, Field::Condition));
        let consequence = self.block_field(node, Field::Consequence);
        let alternative = node.field(Field::Alternative).map(|alternative| match alternative.kind() {
            Kind::IfExpression => self.block_around(alternative),
            _ => self.block(alternative),
        });
        ExpressionKind::If { condition, consequence, alternative }
    }

    /// A block that holds nothing but an expression.
    fn block_around(&mut self, node: Node) -> Block {
        let mut block = self.block_of(node.span(), Vec::new());
        let expression = self.expression(node);
        block.statements.push(Statement { span: expression.span, kind: StatementKind::Expression(expression) });
        block
    }

    /// A block where an expression stands: its value is that of its last statement.
    pub(super) fn block_value(&mut self, node: Node) -> Expression {
        Expression { kind: ExpressionKind::Block(self.block(node)), span: node.span() }
    }

    fn inline_if(&mut self, node: Node) -> ExpressionKind {
        let keyword = node.span().with(node.span().start(), node.span().start() + "if".len());
        self.syntax_error(keyword, "`if` needs braces instead of `then`", "write `if c { a } else { b }`");
        let condition = Box::new(self.expression_field(node, Field::Condition));
        let Some(consequence) = node.field(Field::Consequence) else { return ExpressionKind::Invalid };
        let consequence = self.block_around(consequence);
        let alternative = node.field(Field::Alternative).map(|alternative| self.block_around(alternative));
        ExpressionKind::If { condition, consequence, alternative }
    }

    fn tuple(&mut self, node: Node) -> ExpressionKind {
        if !self.returns_tuple {
            self.syntax_error(node.span(), "there are no tuples", "write `[a, b]` for an array");
        }
        ExpressionKind::Refused("tuple")
    }

    fn uncalled(&mut self, node: Node) -> ExpressionKind {
        if node.field(Field::Name).is_some_and(|name| !is_missing(name)) {
            let text = self.text(node);
            self.syntax_error(node.span(), format!("`{text}` is a function"), format!("call it: `{text}(…)`"));
        }
        ExpressionKind::Invalid
    }

    fn range(&mut self, node: Node) -> ExpressionKind {
        let start = Box::new(self.expression_field(node, Field::Start));
        let end = Box::new(self.expression_field(node, Field::End));
        let fix = self.range_as(node, ["range(", ", ", ")"]);
        self.legacy(node.span(), "`a..b` is accepted as `range(a, b)`", "write `range(a, b)`", fix);
        ExpressionKind::Range(start, end)
    }
}

fn logical_operator(symbol: &str) -> Option<LogicalOperator> {
    Some(match symbol {
        "&&" | "and" => LogicalOperator::And,
        "||" | "or" => LogicalOperator::Or,
        _ => return None,
    })
}

fn binary_operator(symbol: &str) -> Option<BinaryOperator> {
    Some(match symbol {
        "+" => BinaryOperator::Add,
        "-" => BinaryOperator::Subtract,
        "*" | "⊙" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "%" => BinaryOperator::Remainder,
        "**" => BinaryOperator::Power,
        "@" => BinaryOperator::MatrixMultiply,
        "⊗" => BinaryOperator::OuterProduct,
        "==" => BinaryOperator::Equal,
        "!=" => BinaryOperator::NotEqual,
        "<" => BinaryOperator::Less,
        "<=" => BinaryOperator::LessEqual,
        ">" => BinaryOperator::Greater,
        ">=" => BinaryOperator::GreaterEqual,
        "≈" => BinaryOperator::Approximately,
        _ => return None,
    })
}

fn is_arithmetic(operator: BinaryOperator) -> bool {
    use BinaryOperator::*;
    matches!(operator, Add | Subtract | Multiply | Divide | Remainder | Power | MatrixMultiply | OuterProduct)
}

fn cast_type(word: &str) -> Option<CastType> {
    Some(match word {
        "int" | "i64" => CastType::Integer,
        "i32" => CastType::Integer32,
        "float" | "f64" => CastType::Float,
        "f32" => CastType::Float32,
        _ => CastType::Element(ElementType::from_word(word)?),
    })
}
