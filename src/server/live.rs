//! What changes, as it changes: server-sent events for those who look on.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde_json::json;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt as _};

use super::App;
use super::problem::Problem;
use super::query::Query;
use crate::service::ServiceChange;

/// `GET /v1/live`
pub(super) async fn live(
    State(shared): App,
    query: Query,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    query.end()?;
    let stopping = shared.stopping.clone();
    let changes = BroadcastStream::new(shared.changes.subscribe()).map(|change| {
        Ok(match change {
            Ok(ServiceChange::Leads(leads)) => {
                Event::default().event("leads").data(json!({"leads": leads}).to_string())
            }
            Ok(ServiceChange::Pact) => Event::default().event("pact").data("{}"),
            Ok(ServiceChange::Refused) => Event::default().event("refused").data("{}"),
            Ok(ServiceChange::Outbox) => Event::default().event("outbox").data("{}"),
            // who looks on too slowly looks at everything anew
            Err(_) => Event::default().event("leads").data(json!({"leads": null}).to_string()),
        })
    });
    let ended = until_stopped(changes, stopping);
    Ok(Sse::new(ended).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// The stream until the server stops.
fn until_stopped<S: Stream<Item: Send> + Send>(
    stream: S,
    stopping: tokio_util::sync::CancellationToken,
) -> impl Stream<Item = S::Item> + Send {
    let (stopped, stop) = tokio::sync::mpsc::channel::<()>(1);
    tokio::spawn(async move {
        stopping.cancelled().await;
        drop(stopped);
    });
    let stop = tokio_stream::wrappers::ReceiverStream::new(stop).map(|()| None);
    stream.map(Some).merge(stop.chain(tokio_stream::once(None))).map_while(|item| item)
}
