//! Entities, relations, embeddings, rules and queries. None of it can be executed
//! yet, so hints about spelling inside of it would only distract.

use super::super::tree::*;
use super::{Lowering, is_missing};
use crate::syntax::{Field, Kind, Node};

impl Lowering<'_> {
    pub(super) fn entity(&mut self, item: Node) -> Entity {
        let name = self.declared_name(item);
        let members = item.field(Field::Members).map(|set| self.quietly(|this| this.members(set)));
        Entity { name, members, span: item.span() }
    }

    pub(super) fn relation(&mut self, item: Node) -> Relation {
        let name = self.declared_name(item);
        self.quietly(|this| {
            let parameters = item.field(Field::Parameters).map(|list| this.parameters(list)).unwrap_or_default();
            let embedding = item.field(Field::Embedding).and_then(|written| this.written_type(written));
            Relation { name, parameters, embedding, modifier: this.modifier(item), span: item.span() }
        })
    }

    pub(super) fn embedding(&mut self, item: Node, of: Embedded) -> Embedding {
        let name = self.declared_name(item);
        let fields = item.children().into_iter().filter(|child| child.kind() == Kind::EmbeddingField);
        let fields = fields.filter_map(|field| self.quietly(|this| this.embedding_field(field))).collect();
        Embedding { name, of, fields, span: item.span() }
    }

    fn embedding_field(&mut self, node: Node) -> Option<EmbeddingField> {
        let name = self.name(node.field(Field::Name)?);
        let value = match node.field(Field::Value) {
            Some(set) if set.kind() == Kind::EntitySet => self.set(set),
            _ => self.expression_field(node, Field::Value),
        };
        Some(EmbeddingField { name, value })
    }

    /// `{a, b}` where an expression stands.
    pub(super) fn set(&mut self, node: Node) -> Expression {
        Expression { kind: ExpressionKind::Set(self.members(node)), span: node.span() }
    }

    fn members(&mut self, set: Node) -> Vec<Expression> {
        let members = set.children().into_iter().filter(|member| !is_missing(*member));
        members.map(|member| self.expression(member)).collect()
    }

    pub(super) fn rule(&mut self, item: Node) -> Rule {
        if let Some(keyword) = item.field(Field::Keyword) {
            let fix = self.without_word(keyword.span());
            self.legacy(keyword.span(), "`rule` is not needed in front of a rule", "remove it", Some(fix));
        }
        if let Some(arrow) = item.field(Field::Arrow).filter(|arrow| self.text(*arrow) == ":-") {
            let fix = self.instead(arrow.span(), "<-");
            self.legacy(
                arrow.span(),
                "`:-` is accepted as `<-`",
                "write `<-` between a rule and its conditions",
                Some(fix),
            );
        }
        self.quietly(|this| {
            let head = match item.field(Field::Head) {
                Some(head) => this.term(head),
                None => Term::Expression(this.expression_field(item, Field::Head)),
            };
            let body = item.field(Field::Body).map(Node::children).unwrap_or_default();
            let body = body.into_iter().map(|term| this.term(term)).collect();
            Rule { head, body, span: item.span() }
        })
    }

    fn term(&mut self, node: Node) -> Term {
        match node.kind() {
            Kind::Equation => Term::Equation(self.equation(node)),
            _ => Term::Expression(self.expression(node)),
        }
    }

    pub(super) fn equation(&mut self, node: Node) -> Equation {
        self.quietly(|this| {
            let left = this.expression_field(node, Field::Left);
            Equation { left, right: this.expression_field(node, Field::Right) }
        })
    }

    pub(super) fn query_statement(&mut self, node: Node) -> StatementKind {
        if let Some(keyword) = node.field(Field::Keyword) {
            let fix = self.text(node).contains('?').then(|| self.without_word(keyword.span()));
            self.legacy(keyword.span(), "`query` is not needed in front of a query", "end the query with `?`", fix);
        }
        StatementKind::Query(self.query(node))
    }

    pub(super) fn query(&mut self, node: Node) -> Query {
        self.quietly(|this| {
            let relation = this.expression_field(node, Field::Query);
            let constraints = node.field(Field::Constraints).map(Node::children).unwrap_or_default();
            let constraints = constraints.into_iter().map(|constraint| this.expression(constraint)).collect();
            Query { relation, constraints }
        })
    }

    pub(super) fn infer(&mut self, node: Node) -> StatementKind {
        let clauses = node.children().into_iter().filter(|child| child.kind() == Kind::InferClause);
        let clauses = clauses.filter_map(|clause| {
            let method = self.name(clause.field(Field::Method)?);
            Some(Inference { method, query: self.query(clause) })
        });
        StatementKind::Infer(clauses.collect())
    }
}
