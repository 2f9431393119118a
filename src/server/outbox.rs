//! What is to be sent, and what could not be.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::problem::Problem;
use super::query::{Key, Query};
use super::{App, beside};
use crate::service::ServiceChange;

/// `GET /v1/outbox`: deliveries in a state, the oldest first; those that are dead when it does not say.
pub(super) async fn list(State(shared): App, mut query: Query) -> Result<Json<Value>, Problem> {
    let state = query.one_of("state", &["waiting", "sent", "dead", "superseded", "withdrawn"])?.unwrap_or("dead");
    let limit = query.limit()?;
    query.end()?;
    beside(move || {
        let pact = shared.service.pact().ok_or_else(Problem::broken)?;
        let deliveries = shared.service.read(|store| store.deliveries(state, limit))?;
        let item = |delivery: crate::store::Delivery| {
            json!({
                "id": delivery.id,
                "lead": delivery.lead,
                "effect": delivery.kind,
                "target": delivery.target,
                "state": delivery.state,
                "at": pact.zone.rfc3339(delivery.at),
                "attempts": delivery.attempts,
                "next": (delivery.state == "waiting").then(|| pact.zone.rfc3339(delivery.next)),
                "why": delivery.why,
            })
        };
        Ok(Json(json!({"items": deliveries.into_iter().map(item).collect::<Vec<Value>>()})))
    })
    .await
}

/// `POST /v1/outbox/{id}/resend`: sends a dead delivery again.
pub(super) async fn resend(State(shared): App, query: Query, Key(id): Key) -> Result<StatusCode, Problem> {
    query.end()?;
    beside(move || {
        if !shared.service.resend(&id)? {
            return Err(Problem::missing(format!("no dead delivery is called `{id}`")));
        }
        shared.service.announce(ServiceChange::Outbox);
        Ok(StatusCode::ACCEPTED)
    })
    .await
}
