//! The patterns of `match`.

use super::super::tree::*;
use super::Lowering;
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    pub(super) fn match_expression(&mut self, node: Node) -> ExpressionKind {
        let value = Box::new(self.expression_field(node, Field::Value));
        let arms = node.children().into_iter().filter(|child| child.kind() == Kind::MatchArm);
        let arms = arms.collect::<Vec<_>>().into_iter().map(|arm| self.match_arm(arm)).collect();
        ExpressionKind::Match { value, arms }
    }

    fn match_arm(&mut self, arm: Node) -> MatchArm {
        let pattern = match arm.field(Field::Pattern) {
            Some(pattern) => self.pattern(pattern),
            None => Pattern::Any,
        };
        let guard = arm.field(Field::Guard).map(|guard| self.expression(guard));
        let value = match arm.field(Field::Value) {
            Some(block) if block.kind() == Kind::Block => self.block_value(block),
            _ => self.expression_field(arm, Field::Value),
        };
        MatchArm { pattern, guard, value }
    }

    /// The pattern at `node`; invalid where it is nested too deeply.
    pub(super) fn pattern(&mut self, node: Node) -> Pattern {
        let invalid = Expression { kind: ExpressionKind::Invalid, span: node.span() };
        self.deeper(node, |this| this.pattern_kind(node)).unwrap_or(Pattern::Literal(invalid))
    }

    fn pattern_kind(&mut self, node: Node) -> Pattern {
        match node.kind() {
            Kind::WildcardPattern => Pattern::Any,
            Kind::Identifier => Pattern::Bind(self.name(node)),
            Kind::OrPattern => {
                let alternatives = node.children();
                Pattern::Either(alternatives.into_iter().map(|one| self.pattern(one)).collect())
            }
            Kind::NegativeNumber => {
                let number = node.children().into_iter().next();
                let kind = number.map_or(ExpressionKind::Invalid, |number| self.negative_number(number));
                Pattern::Literal(Expression { kind, span: node.span() })
            }
            Kind::TuplePattern => {
                let parts = node.children();
                Pattern::Tuple(parts.into_iter().map(|part| self.pattern(part)).collect(), node.span())
            }
            Kind::StructPattern => self.struct_pattern(node),
            _ => Pattern::Literal(self.expression(node)),
        }
    }
}
