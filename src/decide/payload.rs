//! What goes with a lead that is handed over.

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::decision::HandoffReport;
use crate::eval::View;
use crate::pact::{Carry, Expr, Handoff, KindClass, Verdict};
use crate::value::json_number;

/// The payload of a hand-over that a move with this condition made.
pub(super) fn payload(view: &View<'_>, handoff: &Handoff, condition: Option<&Expr>) -> HandoffReport {
    let pact = view.pact;
    let mut carry = IndexMap::new();
    for item in &handoff.carry {
        match item {
            Carry::Field(id) => {
                if let Some(value) = view.record.value(*id) {
                    carry.insert(pact[*id].name.clone(), json!(value));
                }
            }
            Carry::Score(id) => {
                carry.insert(pact[*id].name.clone(), json!(json_number(view.score(*id).points)));
            }
            Carry::Named(id) => {
                if let Some(value) = view.shown(*id) {
                    carry.insert(pact[*id].name.clone(), json!(value));
                }
            }
            Carry::Activities(window) => {
                let start = window.and_then(|window| window.before(view.at, &pact.zone));
                let recent = view.record.history.iter().filter(|event| {
                    pact[event.kind].class == KindClass::Activity
                        && event.at <= view.at
                        && start.is_none_or(|start| event.at > start)
                });
                carry.insert("activities".into(), recent.map(|event| report(view, event)).collect());
            }
            Carry::Reasons => {
                carry.insert("reasons".into(), reasons(view, condition));
            }
        }
    }
    HandoffReport { from: pact[handoff.from].name.clone(), to: pact[handoff.to].name.clone(), carry }
}

fn report(view: &View<'_>, event: &crate::record::Event) -> Json {
    let kind = &view.pact[event.kind];
    let mut report = serde_json::Map::new();
    report.insert("kind".into(), json!(kind.name));
    report.insert("at".into(), json!(view.pact.zone.rfc3339(event.at)));
    for (property, value) in kind.properties.iter().zip(&event.values) {
        if let Some(value) = value {
            report.insert(property.name.to_string(), json!(value));
        }
    }
    Json::Object(report)
}

/// The clauses that let the lead through: the needs that are met of every criteria that the move asks for, and the
/// points of every score that those look at.
fn reasons(view: &View<'_>, condition: Option<&Expr>) -> Json {
    let pact = view.pact;
    let facts = condition.map(|c| crate::eval::facts_of(pact, c)).unwrap_or_default();
    let mut reasons = Vec::new();
    for id in &facts.criteria {
        for need in view.criteria(*id).needs.iter().filter(|need| need.is_met() == Verdict::Met) {
            reasons.push(json!(pact.clause(need.span)));
        }
    }
    for id in &facts.scores {
        for points in view.score(*id).clauses.iter().filter(|p| !p.points.is_zero()) {
            let mut reason = json!(pact.clause(points.span));
            reason["points"] = json!(json_number(points.points));
            reasons.push(reason);
        }
    }
    Json::Array(reasons)
}
