//! What changes, as it changes: server-sent events for those who look on.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use serde_json::json;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt as _};
use tokio_util::sync::WaitForCancellationFutureOwned;

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
    let place = shared.limits.live.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let changes = BroadcastStream::new(shared.changes.subscribe()).map(move |change| {
        // whoever looks on has this place to the end
        let _place = &place;
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
    let ended = UntilStopped { stream: changes, stopped: Box::pin(shared.stopping.clone().cancelled_owned()) };
    Ok(Sse::new(ended).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

/// A stream until the server stops. It waits for that itself: nothing of it is left when whoever looked on has gone.
struct UntilStopped<S> {
    stream: S,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl<S: Stream + Unpin> Stream for UntilStopped<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        match self.stopped.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => Pin::new(&mut self.stream).poll_next(cx),
        }
    }
}
