//! What is missing: the smallest sets of facts that would settle an unknown verdict, or turn a "not met" around.
//!
//! A set counts only when values were found with which the evaluator itself gives the other verdict; a quick look at
//! what is possible at all keeps the search short.

use std::collections::BTreeSet;

use super::View;
use crate::pact::{CriteriaId, Expr, ExprKind, FieldId, Need, NeedBody, NeedKind, Verdict};
use crate::record::Record;

/// A set of missing facts has at most so many members.
pub const MOST_FACTS: usize = 3;

/// How many combinations of values are tried for one criteria.
pub const MOST_TRIES: usize = 512;

impl View<'_> {
    /// The smallest sets of missing fields with which a criteria could be met, in the order of the pact's fields; for
    /// one that is unknown and cannot be met so, those that would settle it as not met. All sets have one size. There
    /// are none when the criteria is met, and when no set of three fields would do.
    pub fn near_miss(&self, id: CriteriaId) -> Vec<Vec<FieldId>> {
        let now = self.criteria(id).verdict;
        if now == Verdict::Met {
            return Vec::new();
        }
        let facts = super::Facts::of_criteria(self.pact, &self.pact[id]);
        let missing: Vec<FieldId> = facts.fields.into_iter().filter(|f| self.record.value(*f).is_none()).collect();
        let met = self.smallest(id, true, &missing);
        if met.is_empty() && now == Verdict::Unknown { self.smallest(id, false, &missing) } else { met }
    }

    fn smallest(&self, id: CriteriaId, want: bool, missing: &[FieldId]) -> Vec<Vec<FieldId>> {
        if !self.could(id, want, &missing.iter().copied().collect()) {
            return Vec::new();
        }
        let mut tries = MOST_TRIES;
        let mut record = self.record.clone();
        for size in 1..=MOST_FACTS.min(missing.len()) {
            let mut found = Vec::new();
            combinations(missing, size, &mut |set| {
                let may = self.could(id, want, &set.iter().copied().collect());
                if may && self.settles(id, Verdict::known(want), set, &mut record, &mut tries) {
                    found.push(set.to_vec());
                }
            });
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Whether some values of these fields, which the record lacks, give the verdict.
    fn settles(&self, id: CriteriaId, want: Verdict, set: &[FieldId], record: &mut Record, tries: &mut usize) -> bool {
        let mut holds = |record: &Record| self.supposing(record, set).criteria(id).verdict == want;
        let settles = self.fill(set, record, tries, &mut holds);
        set.iter().for_each(|field| record.set(*field, None));
        settles
    }

    /// Whether some values of these fields make the record one that holds.
    fn fill(
        &self,
        rest: &[FieldId],
        record: &mut Record,
        tries: &mut usize,
        holds: &mut dyn FnMut(&Record) -> bool,
    ) -> bool {
        let Some((field, rest)) = rest.split_first() else {
            if *tries == 0 {
                return false;
            }
            *tries -= 1;
            return holds(record);
        };
        let samples = super::samples(self.pact);
        samples.get(field.0 as usize).into_iter().flatten().any(|value| {
            record.set(*field, Some(value.clone()));
            self.fill(rest, record, tries, holds)
        })
    }

    /// Whether a criteria could come out as `want`, were these fields to have the best of values. Never wrongly no.
    fn could(&self, id: CriteriaId, want: bool, facts: &BTreeSet<FieldId>) -> bool {
        self.could_needs(&self.pact[id].needs, want, facts)
    }

    fn could_needs(&self, needs: &[Need], want: bool, facts: &BTreeSet<FieldId>) -> bool {
        let one = |need: &Need, want: bool| {
            let want = want != (need.kind == NeedKind::Not);
            match &need.body {
                NeedBody::Group(needs) => self.could_needs(needs, want, facts),
                NeedBody::Condition(condition) => self.could_hold(condition, want, facts),
            }
        };
        let (any, all): (Vec<&Need>, Vec<&Need>) = needs.iter().partition(|need| need.kind == NeedKind::Any);
        if want {
            all.iter().all(|n| one(n, true)) && (any.is_empty() || any.iter().any(|n| one(n, true)))
        } else {
            all.iter().any(|n| one(n, false)) || (!any.is_empty() && any.iter().all(|n| one(n, false)))
        }
    }

    fn could_hold(&self, expr: &Expr, want: bool, facts: &BTreeSet<FieldId>) -> bool {
        match &expr.kind {
            ExprKind::Not(inner) => self.could_hold(inner, !want, facts),
            ExprKind::And(parts) if want => parts.iter().all(|part| self.could_hold(part, true, facts)),
            ExprKind::And(parts) => parts.iter().any(|part| self.could_hold(part, false, facts)),
            ExprKind::Or(parts) if want => parts.iter().any(|part| self.could_hold(part, true, facts)),
            ExprKind::Or(parts) => parts.iter().all(|part| self.could_hold(part, false, facts)),
            ExprKind::Criteria(id) => self.could(*id, want, facts),
            _ => {
                let now = self.condition(expr);
                if now == Verdict::known(want) {
                    return true;
                }
                let of = super::facts_of(self.pact, expr);
                of.fields.iter().any(|field| facts.contains(field)) && (now == Verdict::Unknown || of.asks_presence)
            }
        }
    }
}

/// Visits every choice of `size` items, in order.
pub(crate) fn combinations(items: &[FieldId], size: usize, see: &mut dyn FnMut(&[FieldId])) {
    fn go(items: &[FieldId], size: usize, chosen: &mut Vec<FieldId>, see: &mut dyn FnMut(&[FieldId])) {
        if size == 0 {
            see(chosen);
            return;
        }
        for (at, item) in items.iter().enumerate() {
            chosen.push(*item);
            go(items.get(at + 1..).unwrap_or_default(), size - 1, chosen, see);
            chosen.pop();
        }
    }
    go(items, size, &mut Vec::new(), see);
}
