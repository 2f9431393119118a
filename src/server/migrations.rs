//! The pacts that were in force.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::problem::Problem;
use super::query::Query;
use super::{App, beside};

/// `GET /v1/migrations`: the pacts that were in force, the oldest first, and how many leads are still to be brought under
/// the last one.
pub(super) async fn migrations(State(shared): App, query: Query) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || {
        let eras = shared.service.migrations()?;
        let last = eras.last().map(|(era, _)| era.number);
        let behind: i64 = eras.iter().filter(|(era, _)| Some(era.number) != last).map(|(_, leads)| leads).sum();
        let pacts = eras.iter().map(|(era, leads)| {
            json!({
                "number": era.number,
                "since": era.pact.zone.rfc3339(era.since),
                "digest": era.pact.digest,
                "version": era.pact.version,
                "environment": era.pact.environment,
                "leads": leads,
            })
        });
        Ok(Json(json!({"pacts": pacts.collect::<Vec<Value>>(), "behind": behind})))
    })
    .await
}
