//! Figures for Prometheus. Labels hold names of the pact and of paths, and never anything of a lead.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use rust_decimal::prelude::ToPrimitive as _;

use super::problem::Problem;
use super::query::Query;
use super::{App, Shared, beside};
use crate::measure::{Drift, Figure, Series, Standing};
use crate::pact::Pact;
use crate::service::StillCounting;
use crate::store::{self, Fault};

/// Seconds below which most answers are.
const BUCKETS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Seconds below which most decisions are.
const DECIDED: [f64; 9] = [0.000_01, 0.000_025, 0.000_05, 0.0001, 0.000_25, 0.0005, 0.001, 0.01, 0.1];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    path: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Path {
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InForce {
    name: String,
    version: String,
    digest: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Built {
    version: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Stage {
    pipeline: String,
    stage: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TargetFigure {
    party: String,
    metric: String,
    period: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TargetStanding {
    party: String,
    metric: String,
    period: &'static str,
    standing: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Watched {
    metric: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// Why there are no figures.
enum NoFigures {
    Counting,
    Fault(Fault),
}

impl From<StillCounting> for NoFigures {
    fn from(_: StillCounting) -> Self {
        Self::Counting
    }
}

impl From<Fault> for NoFigures {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What is counted while requests are answered. The rest is asked when somebody looks.
#[derive(Debug)]
pub(super) struct Metrics {
    requests: Family<Answered, Counter>,
    seconds: Family<Path, Histogram>,
    decided: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            decided: Histogram::new(DECIDED),
        }
    }
}

impl Metrics {
    /// A request was answered. `path` is a pattern.
    pub(super) fn request(&self, method: &Method, path: &str, status: u16, took: Duration) {
        let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        let method = known.into_iter().find(|known| method == known).unwrap_or("other");
        self.seconds.get_or_create(&Path { path: path.to_owned() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method, path: path.to_owned(), status }).inc();
    }

    /// A lead was decided.
    pub(super) fn decided(&self, took: Duration) {
        self.decided.observe(took.as_secs_f64());
    }
}

/// `GET /metrics`
pub(super) async fn metrics(State(shared): App, query: Query) -> Result<Response, Problem> {
    query.end()?;
    let text = beside(move || text(&shared)).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn text(shared: &Shared) -> Result<String, Problem> {
    let mut registry = Registry::with_prefix("leadpact");
    counted(shared, &mut registry);
    asked(shared, &mut registry);
    // a store that does not answer takes its figures with it, and no other
    if let Err(fault) = stored(shared, &mut registry).and_then(|()| promised(shared, &mut registry)) {
        tracing::error!(%fault, "the store does not answer");
    }
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| Problem::broken())?;
    Ok(classic(&text))
}

/// What was counted since this instance began.
fn counted(shared: &Shared, registry: &mut Registry) {
    let Metrics { requests, seconds, decided } = &shared.metrics;
    registry.register("http_requests", "Requests answered", requests.clone());
    let help = "Time until an answer began";
    registry.register_with_unit("http_request_duration", help, Unit::Seconds, seconds.clone());
    let help = "Time that the evaluator took for a lead that was sent along";
    registry.register_with_unit("decide_duration", help, Unit::Seconds, decided.clone());
    let (progress, status) = (shared.service.progress(), shared.in_force.status());
    let counter = |count: u64| {
        let counter: Counter = Counter::default();
        counter.inc_by(count);
        counter
    };
    let mut count = |name: &str, help: &str, count: u64| registry.register(name, help, counter(count));
    count("events", "Events made durable by this instance", progress.events.load(Ordering::Relaxed));
    count("rows_rejected", "Rows refused by this instance", progress.rejected.load(Ordering::Relaxed));
    count("leads_fired", "Leads to which time did something", progress.fired.load(Ordering::Relaxed));
    count("store_faults", "Writes that failed", progress.faults.load(Ordering::Relaxed));
    let connections = shared.connections.counts();
    count("connections_ended", "Connections that ended as another needed their place", connections.ended);
    count("connections_waited", "Connections that waited as nobody's place could be taken", connections.waited);
    count("connections_failed", "Connections that the system did not hand over", connections.failed);
    count("clock_jumps", "How often the clock of the system jumped", progress.clock_jumps.load(Ordering::Relaxed));
    count("pact_taken", "Sets of files taken into force", status.taken);
    count("pact_refused", "Sets of files refused", status.refusals);
    let deliveries: Family<Outcome, Counter> = Family::default();
    for (outcome, count) in [("sent", &progress.sent), ("again", &progress.again), ("refused", &progress.refused)] {
        deliveries.get_or_create(&Outcome { outcome }).inc_by(count.load(Ordering::Relaxed));
    }
    registry.register("deliveries", "Attempts to send a delivery, by outcome", deliveries);
}

/// What is found out when it is asked for.
fn asked(shared: &Shared, registry: &mut Registry) {
    let status = shared.in_force.status();
    let age = i64::try_from(status.since.elapsed().unwrap_or_default().as_secs()).unwrap_or(i64::MAX);
    let mut seconds = |name: &str, help: &str, value: i64| {
        registry.register_with_unit(name, help, Unit::Seconds, gauge(value));
    };
    seconds("pact_age", "How long the pact has been in force", age);
    let mut plain = |name: &str, help: &str, value: i64| registry.register(name, help, gauge(value));
    let ready = i64::from(shared.store_trouble().is_none());
    plain("store_ready", "Whether what is sent is stored", ready);
    let connections = shared.connections.counts();
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    plain("connections", "Connections that are open", whole(connections.open));
    plain("connections_most", "Connections that may be open at once", whole(connections.most));
    let in_force = i64::from(status.refused.is_none());
    plain("pact_in_force", "Whether the files as they are now are in force", in_force);
    let pact: Family<InForce, Gauge> = Family::default();
    let name = shared.in_force.pact().name.to_string();
    let version = status.version.as_deref().unwrap_or_default().to_owned();
    pact.get_or_create(&InForce { name, version, digest: status.digest.to_string() }).set(1);
    registry.register("pact_info", "The pact in force", pact);
    let built: Family<Built, Gauge> = Family::default();
    built.get_or_create(&Built { version: env!("CARGO_PKG_VERSION") }).set(1);
    registry.register("build_info", "The program", built);
}

/// What is read from the store when it is asked for.
fn stored(shared: &Shared, registry: &mut Registry) -> store::Result<()> {
    let now = shared.service.now();
    let stages = shared.service.stage_counts()?;
    let (due, leads_due, outbox, free) = shared
        .service
        .read(|store| Ok((store.next_due()?, store.count_due(now)?, store.outbox()?, store.free_bytes())))?;
    let leads: Family<Stage, Gauge> = Family::default();
    for (pipeline, stage, count, _) in &*stages {
        leads.get_or_create(&Stage { pipeline: pipeline.clone(), stage: stage.clone() }).set(*count);
    }
    registry.register("leads", "Leads by pipeline and stage", leads);
    let behind = due.map_or(0, |due| now.signed_duration_since(due).num_seconds().max(0));
    let help = "How late the next thing is that time does to a lead";
    registry.register_with_unit("behind", help, Unit::Seconds, gauge(behind));
    let mut plain = |name: &str, help: &str, value: i64| registry.register(name, help, gauge(value));
    plain("leads_due", "Leads to which time has yet to do something", leads_due);
    plain("outbox_waiting", "Deliveries on their way", outbox.pending);
    plain("outbox_dead", "Deliveries that could not be delivered", outbox.dead);
    if let Some(free) = free {
        let free = gauge(i64::try_from(free).unwrap_or(i64::MAX));
        registry.register_with_unit("store_free", "What is free on the disk of the store", Unit::Bytes, free);
    }
    Ok(())
}

fn gauge(value: i64) -> Gauge {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    gauge
}

/// Targets in their present period, and watches, once every lead has been counted.
fn promised(shared: &Shared, registry: &mut Registry) -> store::Result<()> {
    let wants = |_: &Pact| Ok((Vec::new(), ()));
    let asked = shared.service.figures(wants, |figures, ()| Ok(figures.report(Series::default(), &[])));
    let report = match asked {
        Ok(report) => report,
        Err(NoFigures::Counting) => return Ok(()),
        Err(NoFigures::Fault(fault)) => return Err(fault),
    };
    let figures: Family<TargetFigure, Gauge<f64, AtomicU64>> = Family::default();
    let standings: Family<TargetStanding, Gauge> = Family::default();
    for target in report.targets.iter().filter(|target| target.gone.is_some() || target.period.is_none()) {
        let (party, metric) = (target.party.to_string(), target.metric.to_string());
        let period = target.per.unwrap_or("all");
        for standing in Standing::ALL {
            let (party, metric) = (party.clone(), metric.clone());
            let labels = TargetStanding { party, metric, period, standing: standing.name() };
            standings.get_or_create(&labels).set(i64::from(standing == target.standing));
        }
        if let Some((figure, _)) = target.actual.as_ref().and_then(Figure::quantity) {
            let figure = figure.to_f64().unwrap_or(f64::NAN);
            figures.get_or_create(&TargetFigure { party, metric, period }).set(figure);
        }
    }
    let help = "What the figure of a target is in its present period: a count, a share of 1, seconds, or an amount";
    registry.register("target_figure", help, figures);
    registry.register("target_standing", "How a target stands in its present period: 1 for the one it is", standings);
    let watches: Family<Watched, Gauge> = Family::default();
    for watch in &report.watches {
        let labels = Watched { metric: watch.metric.to_string() };
        watches.get_or_create(&labels).set(i64::from(watch.drift == Drift::Changed));
    }
    let help = "Whether a watched figure changed by as much as the pact names, and chance does not give that";
    registry.register("watch_changed", help, watches);
    Ok(())
}

/// The text that every collector reads, from that of OpenMetrics: there a counter is declared without its `_total`, and
/// units and the end are said.
fn classic(text: &str) -> String {
    let counter = |line: &str| Some(line.strip_prefix("# TYPE ")?.strip_suffix(" counter")?.to_owned());
    let counters: HashSet<String> = text.lines().filter_map(counter).collect();
    let line = |line: &str| match line.splitn(4, ' ').collect::<Vec<_>>()[..] {
        ["#", "UNIT" | "EOF", ..] => String::new(),
        ["#", what, name, rest] if counters.contains(name) => format!("# {what} {name}_total {rest}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}
