//! The service over HTTP: what integrations call and people look at.
//!
//! Each file answers for one thing; the table of paths is in `routes`. Whatever reads the store or decides runs beside
//! the threads that wait for the network.

mod audit;
mod condition;
mod connections;
mod decide;
mod events;
mod kind;
mod language;
mod leads;
mod limits;
mod listener;
mod live;
mod measures;
mod metrics;
mod migrations;
mod origin;
mod outbox;
mod pact;
mod page;
mod problem;
mod query;
mod startup;
mod status;
mod tokens;
mod trace;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{delete, get, post};
use tokio::sync::{Semaphore, broadcast};

use crate::reload::InForce;
use crate::service::{Service, ServiceChange, StoreTrouble};
use connections::Connections;
use limits::Limits;
use listener::Listener;
use metrics::Metrics;
use problem::Problem;
use startup::Startup;
use tokens::{Role, Tokens};

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it answers for its health as well, whatever the other listener has to do.
    pub health: Option<SocketAddr>,
    /// Who may do what. Without it everyone may do everything, and the server listens on a loopback address only.
    pub tokens: Option<PathBuf>,
    /// The most bytes of a body that is not a stream.
    pub body: usize,
    /// How long a request may take until its answer begins, and a connection may be silent.
    pub time: Duration,
    /// How many connections there may be at once.
    pub connections: usize,
    /// How many requests may be under way at once.
    pub concurrency: usize,
}

/// What every request may use.
pub(crate) struct Shared {
    in_force: Arc<InForce>,
    service: Arc<Service>,
    tokens: Tokens,
    changes: broadcast::Sender<ServiceChange>,
    metrics: Metrics,
    limits: Limits,
    connections: Arc<Connections>,
    /// Ends streams when the server stops.
    stopping: tokio_util::sync::CancellationToken,
}

impl Shared {
    /// Lists say how leads stand only when what time did long ago is done.
    fn up_to_date(&self) -> Result<(), Problem> {
        if self.service.is_up_to_date()? { Ok(()) } else { Err(Problem::early()) }
    }

    /// What is told of a lead is right when what time did to it long ago is done.
    fn lead_up_to_date(&self, lead: &str) -> Result<(), Problem> {
        if self.service.lead_is_up_to_date(lead)? { Ok(()) } else { Err(Problem::early()) }
    }

    /// Why nothing that is sent is stored, or soon will not be, and since when.
    fn store_trouble(&self) -> Option<StoreTrouble> {
        let since = self.service.now();
        let checked = self.service.read(|store| store.check());
        self.service.store_trouble().or(checked.err().map(|fault| StoreTrouble { since, why: fault.to_string() }))
    }
}

type App = State<Arc<Shared>>;

/// A server that listens, and has not begun to answer.
pub struct Server {
    listener: Listener,
    health: Option<Listener>,
    setup: Setup,
}

/// What a server is made of, but for the service.
struct Setup {
    in_force: Arc<InForce>,
    tokens: Tokens,
    changes: broadcast::Sender<ServiceChange>,
    limits: Limits,
    connections: Arc<Connections>,
}

/// How many connections may ask for health at once on a listener of its own.
const HEALTH: usize = 64;

impl Server {
    /// Listens. To be called within the runtime.
    ///
    /// # Errors
    /// When the address cannot be had, the tokens cannot be read, or everyone could reach a server without tokens.
    pub fn bind(
        options: &ServerOptions,
        in_force: Arc<InForce>,
        changes: broadcast::Sender<ServiceChange>,
    ) -> io::Result<Self> {
        if options.tokens.is_none() && !options.listen.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "{} can be reached from outside, and without tokens everyone may do everything: name a file with \
                     `--tokens`, or listen on 127.0.0.1",
                    options.listen
                ),
            ));
        }
        let tokens = Tokens::open(options.tokens.clone()).map_err(io::Error::other)?;
        let connections = Connections::new(options.connections);
        let listener = Listener::bind(options.listen, connections.clone(), options.time)?;
        let health = options.health.map(|address| Listener::bind(address, Connections::new(HEALTH), options.time));
        let limits = Limits {
            body: options.body,
            time: options.time,
            places: Arc::new(Semaphore::new(options.concurrency)),
            live: Arc::new(Semaphore::new(options.connections / 2)),
        };
        let setup = Setup { in_force, tokens, changes, limits, connections };
        Ok(Self { listener, health: health.transpose()?, setup })
    }

    /// Where it listens; of port 0 the one that was had.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.address()
    }

    /// Where it answers for its health alone.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn health_address(&self) -> io::Result<Option<SocketAddr>> {
        self.health.as_ref().map(Listener::address).transpose()
    }

    /// Answers until `stop` comes; requests under way are answered to their end. `begin` gives the service, beside the
    /// threads that wait for the network; until it has, `/livez` says that the server replays, and all else that it is not
    /// ready, and then `ready` is called. None when it was stopped before.
    ///
    /// # Errors
    /// When the network fails, or the service does not begin.
    pub async fn run(
        self,
        begin: impl FnOnce() -> io::Result<Arc<Service>> + Send + 'static,
        ready: impl FnOnce(),
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<Option<Arc<Service>>> {
        let Self { listener, health, setup } = self;
        let Setup { in_force, tokens, changes, limits, connections } = setup;
        let (startup, patience) = (Startup::default(), limits.time);
        let stopping = tokio_util::sync::CancellationToken::new();
        let stopped = stopping.clone();
        tokio::spawn(async move {
            stop.await;
            stopped.cancel();
        });
        if let Some(health) = health {
            tokio::spawn(health.serve(startup.health(), stopping.clone()));
        }
        let serve = tokio::spawn(listener.serve(startup.routes(), stopping.clone()));
        let service = tokio::select! {
            () = stopping.cancelled() => return Ok(None),
            service = tokio::task::spawn_blocking(begin) => service.map_err(io::Error::other)??,
        };
        let (metrics, begun) = (Metrics::default(), service.clone());
        let stops = stopping.clone();
        let shared = Shared { in_force, service, tokens, changes, metrics, limits, connections, stopping: stops };
        startup.open(routes(Arc::new(shared)));
        ready();
        tokio::select! {
            served = serve => served.map_err(io::Error::other)?,
            // a stream that nobody reads to its end would never let go
            () = async { stopping.cancelled().await; tokio::time::sleep(patience).await } => {}
        }
        Ok(Some(begun))
    }
}

/// Every path, with who may ask.
fn routes(shared: Arc<Shared>) -> Router {
    let role = |role: Role| axum::middleware::from_fn_with_state((shared.clone(), role), limits::allowed);
    let read = Router::new()
        .route("/metrics", get(metrics::metrics))
        .route("/v1/status", get(status::status))
        .route("/v1/leads", get(leads::list))
        .route("/v1/leads/{lead}", get(leads::lead))
        .route("/v1/leads/{lead}/timeline", get(leads::timeline))
        .route("/v1/clocks", get(leads::clocks))
        .route("/v1/flow", get(pact::flow))
        .route("/v1/measures", get(measures::measures))
        .route("/v1/measures/{metric}/leads", get(measures::behind))
        .route("/v1/reviews", get(measures::reviews))
        .route("/v1/reviews/{name}", get(measures::review))
        .route("/v1/pact", get(pact::pact))
        .route("/v1/labels", get(pact::labels))
        .route("/v1/migrations", get(migrations::migrations))
        .route("/v1/live", get(live::live))
        .route_layer(role(Role::Read));
    let decide = Router::new()
        .route("/v1/decide", post(decide::decide).layer(DefaultBodyLimit::disable()))
        .route("/v1/explain", post(decide::explain))
        .route_layer(role(Role::Decide));
    let write = Router::new().route("/v1/events", post(events::events)).route_layer(role(Role::Write));
    let admin = Router::new()
        .route("/v1/reload", post(status::reload))
        .route("/v1/leads/{lead}/export", get(leads::export))
        .route("/v1/leads/{lead}", delete(leads::erase))
        .route("/v1/outbox", get(outbox::list))
        .route("/v1/outbox/{id}/resend", post(outbox::resend))
        .route_layer(axum::middleware::from_fn(audit::audited))
        .route_layer(role(Role::Admin));
    let open = Router::new().route("/livez", get(status::live)).route("/readyz", get(status::ready));
    let router = page::routes(open).merge(read).merge(decide).merge(write).merge(admin);
    let router = router.fallback(|| async { Problem::missing("there is no such path: see /openapi.json") });
    let router = router.method_not_allowed_fallback(|| async { Problem::method() });
    let router = router.layer(DefaultBodyLimit::max(shared.limits.body));
    let router = router.layer(axum::middleware::from_fn_with_state(shared.clone(), limits::bounded));
    router.with_state(shared)
}

/// Runs what reads or decides beside the threads that wait for the network.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request failed");
        Err(Problem::broken())
    })
}
