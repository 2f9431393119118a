//! Figures for Prometheus.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::problem::Problem;
use super::query::Query;
use super::{App, Shared, beside};

/// Seconds below which most answers are.
const BUCKETS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    path: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Path {
    path: String,
}

/// What is counted while requests are answered. The rest is asked when somebody looks.
#[derive(Debug)]
pub(super) struct Metrics {
    requests: Family<Answered, Counter>,
    seconds: Family<Path, Histogram>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { requests: Family::default(), seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)) }
    }
}

impl Metrics {
    pub(super) fn request(&self, method: &str, path: &str, status: u16, took: Duration) {
        let (method, path) = (method.to_owned(), path.to_owned());
        self.seconds.get_or_create(&Path { path: path.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method, path, status }).inc();
    }
}

/// `GET /metrics`
pub(super) async fn metrics(State(shared): App, query: Query) -> Result<Response, Problem> {
    query.end()?;
    let text = beside(move || text(&shared)).await?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

fn text(shared: &Shared) -> Result<String, Problem> {
    let mut registry = Registry::with_prefix("leadpact");
    registry.register("requests", "Requests answered", shared.metrics.requests.clone());
    let seconds = shared.metrics.seconds.clone();
    registry.register_with_unit("request_duration", "Time until an answer began", Unit::Seconds, seconds);
    let progress = shared.service.progress();
    let mut counter = |name: &str, help: &str, count: u64| {
        let counter: Counter = Counter::default();
        counter.inc_by(count);
        registry.register(name, help, counter);
    };
    let status = shared.in_force.status();
    counter("events", "Events made durable by this instance", progress.events.load(Ordering::Relaxed));
    counter("rows_rejected", "Rows refused by this instance", progress.rejected.load(Ordering::Relaxed));
    counter("leads_fired", "Leads to which time did something", progress.fired.load(Ordering::Relaxed));
    counter("store_faults", "Writes that failed", progress.faults.load(Ordering::Relaxed));
    counter("pact_taken", "Sets of files taken into force", status.taken);
    counter("pact_refused", "Sets of files refused", status.refusals);
    let (leads, due, outbox) =
        shared.service.read(|store| Ok((store.count_leads()?, store.next_due()?, store.outbox()?)))?;
    let now = shared.service.now();
    let behind = due.map_or(0, |due| now.signed_duration_since(due).num_seconds().max(0));
    let age = status.since.elapsed().unwrap_or_default().as_secs();
    let mut gauge = |name: &str, help: &str, unit: Option<Unit>, value: i64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        match unit {
            Some(unit) => registry.register_with_unit(name, help, unit, gauge),
            None => registry.register(name, help, gauge),
        }
    };
    gauge("leads", "Leads that are kept", None, leads);
    gauge("behind", "How late the next thing is that time does to a lead", Some(Unit::Seconds), behind);
    gauge("outbox_pending", "Letters on their way", None, outbox.pending);
    gauge("outbox_dead", "Letters that could not be delivered", None, outbox.dead);
    gauge("pact_age", "How long the pact has been in force", Some(Unit::Seconds), i64::try_from(age).unwrap_or(0));
    gauge("pact_in_force", "Whether the files as they are now are in force", None, i64::from(status.refused.is_none()));
    let pact = [("digest", status.digest.to_string()), ("version", status.version.as_deref().unwrap_or("").to_owned())];
    registry.register("pact", "The pact in force", Info::new(pact.to_vec()));
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| Problem::broken())?;
    Ok(text)
}
