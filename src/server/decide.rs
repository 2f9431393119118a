//! Decisions about leads that are sent along and not stored.

use std::io::Read;
use std::sync::Arc;
use std::time::Instant as Moment;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::io::{StreamReader, SyncIoBridge};
use tower_http::timeout::TimeoutBody;

use super::kind::Kind;
use super::problem::Problem;
use super::query::Query;
use super::{App, Shared, beside};
use crate::explain;
use crate::leads::{LeadInput, Leads};
use crate::pact::{IntakeId, Pact};
use crate::record::Record;
use crate::time::Instant;

/// How many decisions may wait for a slow reader.
const WAITING: usize = 64;

/// What holds for each lead of a request.
struct DecideRequest {
    shared: Arc<Shared>,
    pact: Arc<Pact>,
    kind: Kind,
    at: Instant,
    intake: Option<IntakeId>,
    why: bool,
}

impl DecideRequest {
    /// A request is decided under one pact from its first lead to its last.
    fn new(shared: Arc<Shared>, kind: Kind, mut query: Query) -> Result<Self, Problem> {
        let pact = shared.in_force.pact();
        let at = query.read("at", |text| pact.zone.read(text))?.unwrap_or_else(|| shared.service.now());
        let intake = query.take("source").map(|name| source(&pact, &name)).transpose()?;
        let why = query.one_of("why", &["true", "false"])? == Some("true");
        query.end()?;
        Ok(Self { shared, pact, kind, at, intake, why })
    }

    fn leads(&self, body: Box<dyn Read + Send>) -> Result<Leads<'_>, Problem> {
        let input = LeadInput { name: "body".into(), rows: self.kind.rows(body)?, intake: self.intake };
        Leads::new(&self.pact, vec![input]).ok_or_else(|| Problem::bad("the body holds no lead"))
    }

    /// The one lead of a body.
    fn one(&self, body: Bytes) -> Result<Box<Record>, Problem> {
        let mut leads = self.leads(Box::new(std::io::Cursor::new(body)))?;
        let first = leads.next().ok_or_else(|| Problem::bad("the body holds no lead: one JSON object"))?;
        let record = first.map_err(|rejected| Problem::row(rejected.reject.line, &rejected.reject.reason))?;
        match leads.next() {
            Some(_) => Err(Problem::bad("the body holds several leads: send them as `application/x-ndjson`")),
            None => Ok(record),
        }
    }

    fn line(&self, record: &Record) -> Vec<u8> {
        let began = Moment::now();
        let decision = crate::decide::decide(&self.pact, record, self.at);
        self.shared.metrics.decided(began.elapsed());
        let decision = if self.why { decision } else { decision.without_reasons() };
        line(&decision)
    }
}

/// The `source` that a query names.
pub(super) fn source(pact: &Pact, name: &str) -> Result<IntakeId, Problem> {
    pact.intake(name).ok_or_else(|| Problem::unfit(format!("the pact has no source `{name}`")))
}

fn line(report: &impl serde::Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(report).unwrap_or_default();
    line.push(b'\n');
    line
}

/// `POST /v1/decide`: a lead to its decision; with `application/x-ndjson`, a stream of leads to one of decisions.
pub(super) async fn decide(State(shared): App, query: Query, kind: Kind, body: Body) -> Result<Response, Problem> {
    let limit = shared.limits.body;
    let request = DecideRequest::new(shared, kind, query)?;
    if kind == Kind::Ndjson {
        return stream(request, body);
    }
    let body = axum::body::to_bytes(body, limit).await.map_err(|_| Problem::large(limit))?;
    let line = beside(move || {
        let record = request.one(body)?;
        Ok(request.line(&record))
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], line.await?).into_response())
}

/// Reads leads as fast as decisions are taken away. A stream keeps a place of its own until its end, and ends when
/// nothing comes for as long as a request may take.
fn stream(request: DecideRequest, body: Body) -> Result<Response, Problem> {
    let limits = &request.shared.limits;
    let place = limits.places.clone().try_acquire_owned().map_err(|_| Problem::busy())?;
    let body = Body::new(TimeoutBody::new(limits.time, body));
    let body = StreamReader::new(body.into_data_stream().map(|part| part.map_err(std::io::Error::other)));
    let body = Box::pin(body);
    let (out, decisions) = mpsc::channel::<Result<Vec<u8>, std::io::Error>>(WAITING);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let leads = match request.leads(Box::new(SyncIoBridge::new(body))) {
            Ok(leads) => leads,
            Err(problem) => return drop(out.blocking_send(Ok(line(&problem)))),
        };
        for lead in leads {
            let line = match lead {
                Ok(record) => request.line(&record),
                Err(rejected) => line(&Problem::row(rejected.reject.line, &rejected.reject.reason)),
            };
            // whoever does not listen any more needs no further decision
            if out.blocking_send(Ok(line)).is_err() {
                return;
            }
        }
    });
    let decisions = Body::from_stream(ReceiverStream::new(decisions));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], decisions).into_response())
}

/// `POST /v1/explain`: a lead to its decision in words.
pub(super) async fn explain(State(shared): App, query: Query, kind: Kind, body: Bytes) -> Result<Response, Problem> {
    let request = DecideRequest::new(shared, kind, query)?;
    let words = beside(move || {
        let record = request.one(body)?;
        Ok(explain::explain(&request.pact, &record, request.at))
    });
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words.await?).into_response())
}
