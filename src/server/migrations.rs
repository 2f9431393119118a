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
        let last = versions.last().map(|version| version.number);
        let behind: i64 =
            versions.iter().filter(|version| Some(version.number) != last).map(|version| version.leads).sum();
        Ok(Json(json!({"pacts": versions, "behind": behind})))
    })
    .await
}
