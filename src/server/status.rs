//! How the service is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::limits::{Plain, Roles};
use super::problem::Problem;
use super::query::Query;
use super::tokens::Role;
use super::{App, Shared, beside};
use crate::reload::ReloadOutcome;

/// `GET /v1/status`
pub(super) async fn status(
    State(shared): App,
    Extension(Roles(roles)): Extension<Roles>,
    query: Query,
) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || Ok(Json(report(&shared, &roles)?))).await
}

fn report(shared: &Shared, roles: &[Role]) -> Result<Value, Problem> {
    let pact = shared.in_force.pact();
    let status = shared.in_force.status();
    let now = shared.service.now();
    let at = |at: std::time::SystemTime| pact.zone.rfc3339(DateTime::<Utc>::from(at));
    let refused = status.refused.as_ref().map(|refusal| {
        json!({
            "at": at(refusal.at),
            "findings": refusal.findings.len() + refusal.failed_tests.len(),
            "rendered": refusal.rendered,
        })
    });
    let (leads, events) = shared.service.counts()?;
    let (due, leads_due, outbox, free_bytes) = shared
        .service
        .read(|store| Ok((store.next_due()?, store.count_due(now)?, store.outbox()?, store.free_bytes())))?;
    let trouble = shared.store_trouble();
    let connections = shared.connections.counts();
    let behind = due.map_or(0, |due| now.signed_duration_since(due).num_seconds().max(0));
    Ok(json!({
        "pact": {
            "name": pact.name,
            "version": status.version,
            "digest": status.digest,
            "since": at(status.since),
            "taken": status.taken,
            "refusals": status.refusals,
            "refused": refused,
        },
        "leads": leads,
        "events": events,
        "due": {"next": due.map(|due| pact.zone.rfc3339(due)), "behind_seconds": behind, "leads": leads_due},
        "store": {
            "ready": trouble.is_none(),
            "since": trouble.as_ref().map(|trouble| pact.zone.rfc3339(trouble.since)),
            "why": trouble.as_ref().map(|trouble| &trouble.why),
            "free_bytes": free_bytes,
        },
        "outbox": outbox,
        "connections": {
            "open": connections.open,
            "most": connections.most,
            "ended": connections.ended,
            "waited": connections.waited,
            "failed": connections.failed,
        },
        "now": pact.zone.rfc3339(now),
        "build": env!("CARGO_PKG_VERSION"),
        "zone_data": crate::time::DATA_VERSION,
        "roles": roles.iter().map(|role| role.name()).collect::<Vec<_>>(),
    }))
}

/// `POST /v1/reload`: looks at the files now, and says how it is then.
pub(super) async fn reload(State(shared): App, query: Query) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || {
        let outcome = match shared.in_force.reload() {
            ReloadOutcome::Refused => {
                let refused = shared.in_force.status().refused.clone();
                return Err(Problem::refused(refused.map(|refusal| refusal.rendered.clone()).unwrap_or_default()));
            }
            ReloadOutcome::Taken => "taken",
            ReloadOutcome::Unchanged => "unchanged",
        };
        let report = report(&shared, &super::tokens::ALL)?;
        Ok(Json(json!({"outcome": outcome, "pact": report["pact"]})))
    })
    .await
}

/// `GET /livez`: it answers.
pub(super) async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the store answers and takes what is sent, and it is not about to stop.
pub(super) async fn ready(State(shared): App) -> Response {
    let stopping = shared.stopping.is_cancelled();
    let store = beside(move || {
        shared.service.read(|store| store.next_due())?;
        Ok(shared.store_trouble().is_none())
    });
    let why = match store.await {
        _ if stopping => "stopping",
        Err(_) => "the store does not answer",
        Ok(false) => "the store takes nothing: the status and the log say why",
        Ok(true) => return "ok".into_response(),
    };
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    response.extensions_mut().insert(Plain);
    response
}
