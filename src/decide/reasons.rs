//! The reasons of a decision, in the words of the pact.

use std::sync::Arc;

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::decision::{CriteriaReport, FactsReport, NeedReport, PointsReport, ScoreRange, ValueRange};
use crate::eval::{Answer, Facts, NeedOutcome, View};
use crate::pact::{CriteriaId, FieldId, Need, NeedBody, Score, ScoreId, ValueId};
use crate::value::Value;

pub(super) fn points(view: &View<'_>, at: usize, score: &Score) -> (Arc<str>, Decimal) {
    (score.name.clone(), view.score(ScoreId(at as u32)).points)
}

pub(super) fn ranges(view: &View<'_>) -> IndexMap<Arc<str>, ScoreRange> {
    let scores = view.pact.scores.iter().enumerate();
    let outcomes = scores.map(|(at, score)| (score.name.clone(), view.score(ScoreId(at as u32))));
    outcomes.filter(|(_, o)| o.is_open()).map(|(name, o)| (name, ScoreRange { low: o.low, high: o.high })).collect()
}

fn value_ids(view: &View<'_>) -> impl Iterator<Item = (ValueId, Arc<str>)> {
    view.pact.values.iter().enumerate().map(|(at, value)| (ValueId(at as u32), value.name.clone()))
}

pub(super) fn values(view: &View<'_>) -> IndexMap<Arc<str>, Option<Value>> {
    value_ids(view).map(|(id, name)| (name, view.shown(id))).collect()
}

pub(super) fn value_ranges(view: &View<'_>) -> IndexMap<Arc<str>, ValueRange> {
    let range = |id| match view.named(id) {
        Answer::Within(low, high) => Some(ValueRange::Numbers(ScoreRange { low: *low, high: *high })),
        Answer::Among(words) => Some(ValueRange::Words(words.to_vec())),
        _ => None,
    };
    value_ids(view).filter_map(|(id, name)| Some((name, range(id)?))).collect()
}

pub(super) fn criteria(view: &View<'_>) -> IndexMap<Arc<str>, CriteriaReport> {
    let pact = view.pact;
    let all = pact.criteria.iter().enumerate().map(|(at, criteria)| {
        let id = CriteriaId(at as u32);
        let outcome = view.criteria(id);
        let missing = view.near_miss(id).iter().map(|set| names(view, set)).collect();
        let needs = report(view, &criteria.needs, &outcome.needs);
        (criteria.name.clone(), CriteriaReport { verdict: outcome.verdict, missing, needs })
    });
    all.collect()
}

fn names(view: &View<'_>, fields: &[FieldId]) -> Vec<Arc<str>> {
    fields.iter().map(|field| view.pact[*field].name.clone()).collect()
}

/// The clauses of a criteria; those of a group stand in its place.
fn report(view: &View<'_>, needs: &[Need], outcomes: &[NeedOutcome]) -> Vec<NeedReport> {
    let mut all = Vec::new();
    for (need, outcome) in needs.iter().zip(outcomes) {
        all.push(NeedReport {
            verdict: outcome.is_met(),
            label: need.label.clone(),
            because: view.pact.clause(need.span),
            facts: facts(view, &Facts::of_need(view.pact, need)),
        });
        if let NeedBody::Group(inner) = &need.body {
            all.extend(report(view, inner, &outcome.inner));
        }
    }
    all
}

/// Facts by name, with their values at the instant.
pub(super) fn facts(view: &View<'_>, of: &Facts) -> FactsReport {
    let mut report = FactsReport::default();
    for field in &of.fields {
        let name = view.pact[*field].name.clone();
        match view.record.value(*field) {
            Some(value) => {
                report.facts.insert(name, value.clone());
            }
            None => report.missing.push(name),
        }
    }
    for kind in &of.kinds {
        let count = view.record.history.iter().filter(|e| e.kind == *kind && e.at <= view.at).count();
        report.events.insert(view.pact[*kind].name.clone(), count);
    }
    report
}

pub(super) fn points_by_clause(view: &View<'_>) -> IndexMap<Arc<str>, Vec<PointsReport>> {
    let mut all = IndexMap::new();
    for (at, score) in view.pact.scores.iter().enumerate() {
        let clauses = score.groups.iter().flat_map(|group| &group.points);
        let outcome = view.score(ScoreId(at as u32));
        let report = clauses.filter_map(|clause| {
            let outcome = outcome.clauses.iter().find(|o| o.span == clause.span)?;
            let mut of = Facts::default();
            clause.visit(&mut |e| of.see(view.pact, e));
            of.kinds.extend(clause.kind());
            Some(PointsReport {
                points: outcome.points.normalize(),
                possible: (outcome.low != outcome.high).then(|| outcome.possible().normalize()),
                events: clause.kind().map(|_| outcome.events),
                because: view.pact.clause(clause.span),
                facts: facts(view, &of),
            })
        });
        let report: Vec<PointsReport> = report.collect();
        if !report.is_empty() {
            all.insert(score.name.clone(), report);
        }
    }
    all
}
