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
        let versions = shared.service.migrations()?;
        let last = versions.last().map(|(version, _)| version.number);
        let behind: i64 =
            versions.iter().filter(|(version, _)| Some(version.number) != last).map(|(_, leads)| leads).sum();
        let pacts = versions.iter().map(|(version, leads)| {
            json!({
                "number": version.number,
                "since": version.pact.zone.rfc3339(version.since),
                "digest": version.pact.digest,
                "version": version.pact.version,
                "environment": version.pact.environment,
                "leads": leads,
            })
        });
        Ok(Json(json!({"pacts": pacts.collect::<Vec<Value>>(), "behind": behind})))
    })
    .await
}
