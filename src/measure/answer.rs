//! Answers: what sales said of the leads, by what had let them through.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::journey::Journey;
use super::series::Series;
use crate::pact::{Clause, KindClass, KindId, Pact};
use crate::span::Span;
use crate::time::Instant;
use crate::ty::Ty;

/// An answer of sales, and what had let the lead through.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AnswerFact {
    pub(super) at: Instant,
    pub(super) answer: SalesAnswer,
}

/// What was answered, why, and of which leads: answers that are alike are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SalesAnswer {
    disposition: KindId,
    /// The value of its first property that is one of several words.
    reason: Option<String>,
    /// The clause that had moved the lead into the stage in which it was answered for.
    cause: Option<Span>,
    /// The clause that had given it to whoever had it.
    route: Option<Span>,
}

/// The answers about a lead that were given when a series counts.
pub(super) fn answer_facts(pact: &Pact, series: &Series, journey: &Journey<'_>) -> Vec<AnswerFact> {
    let events = journey.events().iter().filter(|event| {
        let is_answer = pact[event.kind].class == KindClass::Disposition;
        is_answer && series.counts(event.at) && journey.holds(series.condition.as_ref(), event.at)
    });
    let fact = |event: &crate::record::Event| {
        let reason = pact[event.kind].properties.iter().position(|property| matches!(property.ty, Ty::Word(_)));
        let reason = reason.and_then(|at| event.values.get(at)?.as_ref()).map(ToString::to_string);
        let had = journey.had_before(event.at);
        let answer = SalesAnswer { disposition: event.kind, reason, cause: had.cause, route: had.route };
        AnswerFact { at: event.at, answer }
    };
    events.map(fact).collect()
}

/// How often sales answered alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerReport {
    /// The disposition.
    pub answer: Arc<str>,
    /// Its reason, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What had moved the leads into the stage in which they were answered for; absent where they began in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Clause>,
    /// What had given them to whoever had them; absent where nothing had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<Clause>,
    /// How often.
    pub count: u64,
}

/// The same, whoever had the leads: the most frequent first.
pub fn answers_by_cause(answers: &[AnswerReport]) -> Vec<AnswerReport> {
    together(answers.iter().map(|answer| AnswerReport { route: None, ..answer.clone() }))
}

/// The same by who had the leads, whatever let them in and for what reason: the most frequent first.
pub fn answers_by_route(answers: &[AnswerReport]) -> Vec<AnswerReport> {
    let routed = answers.iter().filter(|answer| answer.route.is_some());
    together(routed.map(|answer| AnswerReport { cause: None, reason: None, ..answer.clone() }))
}

/// Those that are alike, counted together.
fn together(answers: impl Iterator<Item = AnswerReport>) -> Vec<AnswerReport> {
    let mut all: Vec<AnswerReport> = Vec::new();
    for answer in answers {
        let alike = |known: &&mut AnswerReport| {
            let rest = |answer: &AnswerReport| AnswerReport { count: 0, ..answer.clone() };
            rest(known) == rest(&answer)
        };
        match all.iter_mut().find(alike) {
            Some(known) => known.count += answer.count,
            None => all.push(answer),
        }
    }
    all.sort_by_key(|answer| std::cmp::Reverse(answer.count));
    all
}

/// Every answer that was given, the most frequent first.
pub(super) fn answer_reports(pact: &Pact, all: &BTreeMap<SalesAnswer, u64>) -> Vec<AnswerReport> {
    let report = |(answer, count): (&SalesAnswer, &u64)| AnswerReport {
        answer: pact[answer.disposition].name.clone(),
        reason: answer.reason.clone(),
        cause: answer.cause.map(|span| pact.clause(span)),
        route: answer.route.map(|span| pact.clause(span)),
        count: *count,
    };
    let mut reports: Vec<AnswerReport> = all.iter().map(report).collect();
    reports.sort_by_key(|report| std::cmp::Reverse(report.count));
    reports
}
