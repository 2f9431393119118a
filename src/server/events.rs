//! Events that systems submit.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use sha2::{Digest as _, Sha256};

use super::kind::Kind;
use super::problem::Problem;
use super::query::Query;
use super::{App, Shared, beside};
use crate::io::Raw;
use crate::service::{Accepted, NewEvents, OTHER_BODY, RejectedRow};

/// `POST /v1/events`: one event, or many. What the answer counts as accepted is durable.
pub(super) async fn events(
    State(shared): App,
    mut query: Query,
    kind: Kind,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Accepted>, Problem> {
    let source = query.take("source");
    query.end()?;
    let key = match headers.get("idempotency-key").map(|key| key.to_str()) {
        Some(Ok(key)) if (1..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) => {
            Some(key.to_owned())
        }
        Some(_) => return Err(Problem::bad("an Idempotency-Key has 1 to 200 plain characters and no space")),
        None => None,
    };
    let (sent, answer) = tokio::sync::oneshot::channel();
    beside(move || {
        let (submitted, unread) = read(&shared, source, kind, key, body)?;
        shared.service.submit(submitted, move |done| {
            // whoever asked may have gone
            let _ = sent.send(done.map(|accepted| with(accepted, unread)));
        });
        Ok(())
    })
    .await?;
    let accepted = answer.await.map_err(|_| Problem::broken())??;
    let first = accepted.rejected.first();
    if first.is_some_and(|row| row.reason == OTHER_BODY) {
        return Err(Problem::conflict(OTHER_BODY));
    }
    match first {
        // one event that cannot be taken is a request that cannot; of many the answer names each
        Some(row) if accepted.rejected.len() == 1 && accepted.accepted + accepted.known == 0 => {
            Err(Problem::row(row.line, &row.reason))
        }
        _ => Ok(Json(accepted)),
    }
}

/// The rows of a body, and those that are none.
fn read(
    shared: &Shared,
    source: Option<String>,
    kind: Kind,
    key: Option<String>,
    body: Bytes,
) -> Result<(NewEvents, Vec<RejectedRow>), Problem> {
    let pact = shared.in_force.pact();
    if let Some(name) = &source {
        super::decide::source(&pact, name)?;
    }
    let source = source.unwrap_or_default();
    let hash = Sha256::new().chain_update(&source).chain_update("\n").chain_update(&body).finalize();
    let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let body = Box::new(std::io::Cursor::new(body));
    let read = kind.rows(body)?;
    let (mut submitted, mut unread) = (NewEvents { source, ..NewEvents::default() }, Vec::new());
    submitted.idempotency = key.map(|key| (key, hash));
    for row in read {
        match row {
            Ok(row) if row.fields.iter().any(|(_, value)| holds_nul(value)) => {
                unread.push(RejectedRow { line: row.line, reason: "it holds a character that no text has".to_owned() });
            }
            Ok(row) => submitted.rows.push(row),
            Err(reject) => unread.push(RejectedRow { line: reject.line, reason: reject.reason }),
        }
    }
    if submitted.rows.is_empty() && unread.is_empty() {
        return Err(Problem::bad("the body holds no event: one JSON object, or one on each line"));
    }
    Ok((submitted, unread))
}

/// Whether a text anywhere in a value holds the character that no store keeps.
fn holds_nul(value: &Raw) -> bool {
    match value {
        Raw::Text(text) => text.contains('\0'),
        Raw::List(items) => items.iter().any(holds_nul),
        Raw::Map(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Raw::Null | Raw::Bool(_) | Raw::Number(_) => false,
    }
}

fn with(mut accepted: Accepted, unread: Vec<RejectedRow>) -> Accepted {
    accepted.rejected.extend(unread);
    accepted.rejected.sort_by_key(|row| row.line);
    accepted
}
