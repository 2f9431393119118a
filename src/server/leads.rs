//! Leads of the service: many at once, or one with its timeline.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Map, Value, json};

use super::limits::Roles;
use super::problem::Problem;
use super::query::{Key, Query};
use super::tokens::Role;
use super::{App, beside};
use crate::pact::Pact;
use crate::service::{WORDS, late, name_is_personal, points};
use crate::store::{Filter, Projection};
use crate::time::Instant;
use crate::value::json_number;

/// How many leads a search finds at most.
const FOUND: usize = 500;

/// `GET /v1/leads`: the hot list, or the leads that a search finds.
pub(super) async fn list(
    State(shared): App,
    Extension(Roles(roles)): Extension<Roles>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let limit = query.limit()?;
    let mut filter = Filter {
        pipeline: query.take("pipeline"),
        stage: query.take("stage"),
        owner: query.take("owner"),
        team: query.take("team"),
        person: query.take("person"),
        queue: query.take("queue"),
        not_in: None,
        leads: None,
        score: query.take("score"),
        min: query.read("min", thousandths)?,
        after: query.take("after").map(|cursor| after(&cursor).ok_or_else(off)).transpose()?,
    };
    let open = query.read("open", |text| text.parse().ok())?.unwrap_or(false);
    let wanted = query.take("find");
    query.end()?;
    if wanted.as_ref().is_some_and(|text| text.split_whitespace().count() > WORDS) {
        return Err(Problem::unfit(format!("`find` takes {WORDS} words at most")));
    }
    beside(move || {
        shared.up_to_date()?;
        let pact = shared.service.pact().ok_or_else(Problem::broken)?;
        let mut known = None;
        if let Some(wanted) = wanted {
            let found = shared.service.find(&wanted, roles.contains(&Role::Admin), FOUND)?;
            known = Some(found.len());
            filter.leads = Some(found);
        }
        filter.not_in = open.then(|| finals(&pact));
        if let Some(score) = filter.score.as_deref().filter(|score| pact.score(score).is_none()) {
            return Err(Problem::unfit(format!("the pact has no score `{score}`")));
        }
        if filter.min.is_some() && filter.score.is_none() {
            // with one score it is clear which is meant
            match &*pact.scores {
                [only] => filter.score = Some(only.name.to_string()),
                _ => return Err(Problem::unfit("`min` needs `score`: at least so many points of which?")),
            }
        }
        let found = shared.service.list(&filter, limit)?;
        let next = (found.len() == limit).then(|| found.last()).flatten().map(|(lead, _, projection)| {
            let score = filter.score.as_ref().and_then(|score| projection.scores.get(score));
            URL_SAFE_NO_PAD.encode(format!("{} {lead}", score.copied().unwrap_or(0)))
        });
        let named = shows_names(&pact, &roles);
        let rows = found.iter().map(|(_, until, projection)| row(&pact, *until, projection, named));
        let leads: Vec<Value> = rows.collect();
        Ok(Json(json!({"leads": leads, "next": next, "found": known})))
    })
    .await
}

/// The stages in which a lead's way has ended.
fn finals(pact: &Pact) -> Vec<String> {
    let stages = pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
    stages.filter(|stage| stage.is_final).map(|stage| stage.name.to_string()).collect()
}

fn thousandths(text: &str) -> Option<i64> {
    (crate::value::decimal(text)?.checked_mul(rust_decimal::Decimal::ONE_THOUSAND)?).to_i64()
}

/// The place in the list that a page ended with.
fn after(cursor: &str) -> Option<(i64, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (points, lead) = text.split_once(' ')?;
    Some((points.parse().ok()?, lead.to_owned())).filter(|(_, lead)| !lead.contains('\0'))
}

fn off() -> Problem {
    Problem::unfit("`after` is no place in this list: it is the `next` of the page before")
}

/// Whether whoever has these roles may see what people call the leads.
pub(super) fn shows_names(pact: &Pact, roles: &[Role]) -> bool {
    roles.contains(&Role::Admin) || !name_is_personal(pact)
}

fn row(pact: &Pact, replayed_until: Instant, projection: &Projection, named: bool) -> Value {
    let scores: Map<String, Value> =
        projection.scores.iter().map(|(name, score)| (name.clone(), json_number(points(*score)).into())).collect();
    json!({
        "lead": projection.key,
        "name": projection.name.as_ref().filter(|_| named),
        "pipeline": projection.pipeline,
        "stage": projection.stage,
        "owner": projection.owner,
        "team": projection.team,
        "person": projection.person,
        "queue": projection.queue,
        "resting": projection.resting,
        "scores": scores,
        "bands": projection.bands,
        "next_due": projection.next.map(|at| pact.zone.rfc3339(at)),
        "as_of": pact.zone.rfc3339(replayed_until),
    })
}

fn unknown(lead: &str) -> Problem {
    Problem::missing(format!("there is no event of a lead `{lead}` that has happened by now"))
}

/// `GET /v1/leads/{lead}`: the decision about a lead, as of now; personal data for the role `admin` only.
pub(super) async fn lead(
    State(shared): App,
    Extension(Roles(roles)): Extension<Roles>,
    query: Query,
    Key(lead): Key,
) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || {
        shared.lead_up_to_date(&lead)?;
        let view = shared.service.timeline(&lead)?.ok_or_else(|| unknown(&lead))?;
        let view = if roles.contains(&Role::Admin) { view } else { view.masked() };
        Ok(Json(json!({
            "lead": view.rehydrated.name,
            "decision": view.decision,
            "fields": view.fields,
            "words": view.words,
        })))
    })
    .await
}

/// `GET /v1/leads/{lead}/timeline`: everything that happened to it.
pub(super) async fn timeline(State(shared): App, query: Query, Key(lead): Key) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || {
        shared.lead_up_to_date(&lead)?;
        let view = shared.service.timeline(&lead)?.ok_or_else(|| unknown(&lead))?;
        Ok(Json(
            json!({"lead": view.rehydrated.name, "entries": view.rehydrated.events(), "words": view.timeline_words}),
        ))
    })
    .await
}

/// `GET /v1/leads/{lead}/export`: everything that is stored of it.
pub(super) async fn export(State(shared): App, query: Query, Key(lead): Key) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || {
        let export = shared.service.export(&lead)?.ok_or_else(|| unknown(&lead))?;
        Ok(Json(export.json(&lead)))
    })
    .await
}

/// `DELETE /v1/leads/{lead}`: forgets it.
pub(super) async fn erase(State(shared): App, query: Query, Key(lead): Key) -> Result<Response, Problem> {
    query.end()?;
    beside(move || match shared.service.erase(&lead)? {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Err(unknown(&lead)),
    })
    .await
}

/// `GET /v1/clocks`: clocks that run, the next due first.
pub(super) async fn clocks(
    State(shared): App,
    Extension(Roles(roles)): Extension<Roles>,
    mut query: Query,
) -> Result<Json<Value>, Problem> {
    let limit = query.limit()?;
    query.end()?;
    beside(move || {
        shared.up_to_date()?;
        let pact = shared.service.pact().ok_or_else(Problem::broken)?;
        let now = shared.service.now();
        let found = shared.service.clocks(limit)?;
        let named = shows_names(&pact, &roles);
        let clocks = found.iter().map(|(clock, projection)| {
            // lateness counts in the measure of the promise, what is due in time counts as time passes
            let late = late(&pact, clock, now);
            json!({
                "lead": projection.key,
                "name": projection.name.as_ref().filter(|_| named),
                "sla": clock.sla,
                "promise": clock.promise,
                "state": clock.state,
                "due": clock.due.map(|due| pact.zone.rfc3339(due)),
                "left_seconds": clock.due.map(|due| due.signed_duration_since(now).num_seconds()),
                "late_seconds": late.map(|(seconds, _)| seconds),
                "late_open": late.map(|(_, open)| open),
                "stage": projection.stage,
                "owner": projection.owner,
                "team": projection.team,
                "person": projection.person,
                "queue": projection.queue,
            })
        });
        Ok(Json(json!({"clocks": clocks.collect::<Vec<Value>>(), "now": pact.zone.rfc3339(now)})))
    })
    .await
}
