//! Decisions about leads that are sent along and not kept.

use std::io::Read;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::io::{StreamReader, SyncIoBridge};

use super::problem::Problem;
use super::query::Query;
use super::{App, Shared, beside};
use crate::decide;
use crate::explain;
use crate::io::{Format, rows};
use crate::leads::{Input, Leads};
use crate::pact::{IntakeId, Pact};
use crate::record::Record;
use crate::value::Instant;

/// How many decisions may wait for a slow reader.
const WAITING: usize = 64;

/// What holds for each lead of a request.
struct Asked {
    at: Instant,
    intake: Option<IntakeId>,
    why: bool,
}

fn asked(shared: &Shared, pact: &Pact, mut query: Query) -> Result<Asked, Problem> {
    let at = query.read("at", |text| pact.zone.read(text))?.unwrap_or_else(|| shared.service.now());
    let intake = query.read("source", |name| pact.intake(name))?;
    let why = query.read("why", |text| text.parse().ok())?.unwrap_or(false);
    query.end()?;
    Ok(Asked { at, intake, why })
}

fn leads<'p>(pact: &'p Pact, asked: &Asked, body: Box<dyn Read + Send>) -> Result<Leads<'p>, Problem> {
    let rows = rows(body, "body", Some(Format::Ndjson)).map_err(|error| Problem::bad(error.to_string()))?;
    let input = Input { name: "body".into(), rows, intake: asked.intake };
    Leads::new(pact, vec![input]).ok_or_else(|| Problem::bad("the body holds no lead"))
}

/// The one lead of a body.
fn one(pact: &Pact, asked: &Asked, body: Bytes) -> Result<Box<Record>, Problem> {
    let mut leads = leads(pact, asked, Box::new(std::io::Cursor::new(body)))?;
    let first = leads.next().ok_or_else(|| Problem::bad("the body holds no lead: one JSON object"))?;
    let record = first.map_err(|rejected| Problem::row(rejected.reject.reason))?;
    match leads.next() {
        Some(_) => Err(Problem::bad("the body holds several leads: send them as `application/x-ndjson`")),
        None => Ok(record),
    }
}

fn line(pact: &Pact, asked: &Asked, record: &Record) -> Vec<u8> {
    let decision = decide::decide(pact, record, asked.at);
    let decision = if asked.why { decision } else { decision.without_reasons() };
    let mut line = serde_json::to_vec(&decision).unwrap_or_default();
    line.push(b'\n');
    line
}

/// `POST /v1/decide`: a lead to its decision; with `application/x-ndjson`, a stream of leads to one of decisions. A
/// request is decided under one pact from its first lead to its last.
pub(super) async fn decide(
    State(shared): App,
    query: Query,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let pact = shared.in_force.pact();
    let asked = asked(&shared, &pact, query)?;
    if kind.starts_with("application/x-ndjson") {
        return Ok(stream(pact, asked, body));
    }
    let limit = shared.limits.body;
    let body = axum::body::to_bytes(body, limit).await.map_err(|_| Problem::large(limit))?;
    let line = beside(move || {
        let record = one(&pact, &asked, body)?;
        Ok(line(&pact, &asked, &record))
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], line.await?).into_response())
}

/// Reads leads as fast as decisions are taken away.
fn stream(pact: Arc<Pact>, asked: Asked, body: Body) -> Response {
    let (out, decisions) = mpsc::channel::<Result<Vec<u8>, std::io::Error>>(WAITING);
    let body = StreamReader::new(body.into_data_stream().map(|part| part.map_err(std::io::Error::other)));
    let body = Box::pin(body);
    tokio::task::spawn_blocking(move || {
        let leads = match leads(&pact, &asked, Box::new(SyncIoBridge::new(body))) {
            Ok(leads) => leads,
            Err(problem) => return drop(out.blocking_send(Ok(said(&problem)))),
        };
        for lead in leads {
            let line = match lead {
                Ok(record) => line(&pact, &asked, &record),
                Err(rejected) => {
                    said(&Problem::row(format!("line {}: {}", rejected.reject.line, rejected.reject.reason)))
                }
            };
            // whoever does not listen any more needs no further decision
            if out.blocking_send(Ok(line)).is_err() {
                return;
            }
        }
    });
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(ReceiverStream::new(decisions)))
        .into_response()
}

fn said(problem: &Problem) -> Vec<u8> {
    let mut line = serde_json::to_vec(problem).unwrap_or_default();
    line.push(b'\n');
    line
}

/// `POST /v1/explain`: a lead to its decision in words.
pub(super) async fn explain(State(shared): App, query: Query, body: Bytes) -> Result<Response, Problem> {
    let pact = shared.in_force.pact();
    let asked = asked(&shared, &pact, query)?;
    let words = beside(move || {
        let record = one(&pact, &asked, body)?;
        Ok(explain::tell(&pact, &record, asked.at))
    });
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words.await?).into_response())
}
