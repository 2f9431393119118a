//! Which facts something hangs on.

use std::collections::BTreeSet;

use crate::pact::{
    Cell, Criteria, CriteriaId, Expr, ExprKind, FieldId, KindId, Need, Pact, ScoreId, Set, TableId, ValueId,
};

/// Fields and kinds of events that something hangs on, directly or through scores, criteria and tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The fields.
    pub fields: BTreeSet<FieldId>,
    /// The kinds of events.
    pub kinds: BTreeSet<KindId>,
    /// The scores, seen through.
    pub scores: BTreeSet<ScoreId>,
    /// The named values, seen through.
    pub values: BTreeSet<ValueId>,
    /// The criteria, seen through.
    pub criteria: BTreeSet<CriteriaId>,
    /// Whether it asks if a value is missing, so that a value can change an answer that is known.
    pub asks_presence: bool,
    /// Whether it looks at what sales answered.
    pub asks_answer: bool,
}

/// The facts of an expression.
pub fn facts_of(pact: &Pact, expr: &Expr) -> Facts {
    let mut facts = Facts::default();
    expr.visit(&mut |e| facts.see(pact, e));
    facts
}

impl Facts {
    /// The facts of a criteria.
    pub fn of_criteria(pact: &Pact, criteria: &Criteria) -> Self {
        let mut facts = Self::default();
        criteria.visit(&mut |e| facts.see(pact, e));
        facts
    }

    /// The facts of a clause of a criteria.
    pub fn of_need(pact: &Pact, need: &Need) -> Self {
        let mut facts = Self::default();
        need.visit(&mut |e| facts.see(pact, e));
        facts
    }

    /// Adds what one expression names, not what stands inside it.
    pub fn see(&mut self, pact: &Pact, expr: &Expr) {
        match &expr.kind {
            ExprKind::Field(field) | ExprKind::In { set: Set::Field(field), .. } => {
                self.fields.insert(*field);
            }
            ExprKind::Score(id) if self.scores.insert(*id) => {
                let score = &pact[*id];
                self.kinds.extend(score.groups.iter().flat_map(|g| &g.points).filter_map(|p| p.kind()));
                score.visit(&mut |e| self.see(pact, e));
            }
            ExprKind::Named(id) if self.values.insert(*id) => self.add_named(pact, *id),
            ExprKind::EachIn { field, set, .. } => {
                self.fields.insert(*field);
                if let Set::Field(other) = set {
                    self.fields.insert(*other);
                }
            }
            ExprKind::Criteria(id) if self.criteria.insert(*id) => {
                pact[*id].visit(&mut |e| self.see(pact, e));
            }
            ExprKind::Lookup(table, _) => self.add_table(pact, *table),
            ExprKind::Question(question) => {
                self.kinds.insert(question.kind());
            }
            ExprKind::Disposition | ExprKind::DispositionProperty(_) => self.asks_answer = true,
            ExprKind::Present(..) | ExprKind::IfMissing(..) | ExprKind::IsVerdict(..) => self.asks_presence = true,
            _ => {}
        }
    }

    fn add_named(&mut self, pact: &Pact, id: ValueId) {
        let value = &pact[id];
        value.visit(&mut |e| self.see(pact, e));
        for crossed in value.crosses() {
            if self.values.insert(crossed) {
                self.add_named(pact, crossed);
            }
        }
    }

    /// The fields that some row of a table looks at.
    fn add_table(&mut self, pact: &Pact, table: TableId) {
        let table = &pact[table];
        for (at, field) in table.inputs.iter().enumerate() {
            if table.rows.iter().any(|row| row.cells.get(at).is_some_and(|cell| *cell != Cell::Any)) {
                self.fields.insert(*field);
            }
        }
    }
}
