//! What is to be sent, and what could not be.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::problem::Problem;
use super::query::{Key, Query};
use super::{App, beside};
use crate::service::Change;

/// `GET /v1/outbox`: letters in a state, the oldest first; those that are dead when it does not say.
pub(super) async fn list(State(shared): App, mut query: Query) -> Result<Json<Value>, Problem> {
    let states = ["waiting", "sent", "dead", "superseded", "withdrawn"];
    let state = query.read("state", |state| states.contains(&state).then(|| state.to_owned()))?;
    let limit = query.limit()?;
    query.end()?;
    beside(move || {
        let pact = shared.service.pact().ok_or_else(Problem::broken)?;
        let letters = shared.service.read(|store| store.letters(state.as_deref().unwrap_or("dead"), limit))?;
        let item = |letter: crate::store::Letter| {
            json!({
                "id": letter.id,
                "lead": letter.lead,
                "effect": letter.kind,
                "target": letter.target,
                "state": letter.state,
                "at": pact.zone.rfc3339(letter.at),
                "attempts": letter.attempts,
                "next": (letter.state == "waiting").then(|| pact.zone.rfc3339(letter.next)),
                "why": letter.why,
            })
        };
        Ok(Json(json!({"items": letters.into_iter().map(item).collect::<Vec<Value>>()})))
    })
    .await
}

/// `POST /v1/outbox/{id}/resend`: sends a dead letter again.
pub(super) async fn resend(State(shared): App, query: Query, Key(id): Key) -> Result<StatusCode, Problem> {
    query.end()?;
    beside(move || {
        if !shared.service.resend(&id)? {
            return Err(Problem::missing(format!("no dead letter is called `{id}`")));
        }
        shared.service.announce(Change::Outbox);
        Ok(StatusCode::ACCEPTED)
    })
    .await
}
