//! `leadpact serve`: the service.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;
use clap::Args;
use tokio::sync::broadcast;

use super::workspace::Rules;
use super::{Exit, say};
use crate::diagnostic::render;
use crate::reload::{FileWatch, Gate, InForce, ReloadOptions, ReloadOutcome};
use crate::server::{Server, ServerOptions};
use crate::service::{self, Receivers, Service, ServiceChange};
use crate::store;
use crate::webhook;

/// How many changes wait for someone who looks on slowly.
const CHANGES: usize = 1024;

/// How many files are open beside connections.
const FILES: usize = 256;

/// How many threads there are beyond those of requests.
const SPARE: usize = 32;

/// Store leads over time, answer over HTTP, and show a page
///
/// Events that come in are stored in a file, or in PostgreSQL. The pact is read again when its files change.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact serve rules/acme
  leadpact feed rules/acme/events.ndjson
and look at http://127.0.0.1:7878")]
pub(super) struct Serve {
    #[command(flatten)]
    rules: Rules,
    /// Where leads are stored: a file, made where there is none, or postgres://user:password@host/name
    #[arg(long, value_name = "PLACE", default_value = "leadpact.db", env = "LEADPACT_STORE", hide_env_values = true)]
    store: String,
    /// Where to listen; from outside only with `--tokens`
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// Where to answer for health alone as well, without a token
    #[arg(long, value_name = "ADDRESS")]
    health_listen: Option<SocketAddr>,
    /// Who may do what: a file of tokens with roles
    #[arg(long, value_name = "FILE")]
    tokens: Option<PathBuf>,
    /// Who receives what happens to leads: the operator's file of webhooks
    #[arg(long, value_name = "FILE")]
    webhooks: Option<PathBuf>,
    /// After how many days without an event leads are forgotten; never when not said
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    forget_after: Option<u32>,
    /// What must hold before changed files are taken: that they check, or that their tests pass too
    #[arg(long, value_enum, default_value_t = GateArg::Check, value_name = "GATE")]
    gate: GateArg,
    /// Look at the files at intervals: for file systems that do not notify of changes, such as NFS
    #[arg(long)]
    poll: bool,
    /// The most bytes of a request's body; a stream of leads may be longer
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    max_body: usize,
    /// How many seconds a request may take until its answer begins, and a connection may be silent
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,
    /// How many requests may be under way at once
    #[arg(long, value_name = "N", default_value_t = 512)]
    max_requests: usize,
    /// How many connections there may be at once; fewer where the system allows fewer open files
    #[arg(long, value_name = "N", default_value_t = 4096, value_parser = at_least_two)]
    max_connections: usize,
}

fn at_least_two(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number >= 2).ok_or_else(|| "a whole number from 2 on".to_owned())
}

/// What must hold before changed files are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum GateArg {
    Check,
    Tests,
}

impl Serve {
    pub(super) fn run(self) -> io::Result<Exit> {
        let log = Log::start();
        let ran = self.serve(log);
        match ran {
            Err(error) if log == Log::Json => {
                tracing::error!(%error, "cannot run");
                Ok(Exit::CannotRun)
            }
            ran => ran,
        }
    }

    fn serve(self, log: Log) -> io::Result<Exit> {
        let gate = match self.gate {
            GateArg::Check => Gate::Check,
            GateArg::Tests => Gate::Tests,
        };
        let told = |findings: &str| log.findings("the project file has findings", findings);
        let Some(workspace) = self.rules.workspace_told(told)? else { return Ok(Exit::CannotRun) };
        let environment = workspace.environment.as_deref().map(Into::into);
        let options = ReloadOptions { environment, gate, poll: self.poll, ..ReloadOptions::default() };
        let in_force = match InForce::open(&workspace.rules, options) {
            Ok(in_force) => Arc::new(in_force),
            Err(refused) => {
                let colour = log == Log::People && say::colour();
                log.findings("the rules are refused", &render::human(&refused.sources, &refused.diagnostics, colour));
                return Ok(Exit::CannotRun);
            }
        };
        let Some(receivers) = self.receivers(log) else { return Ok(Exit::CannotRun) };
        // each request may wait for one thread, and questions after health for some more
        let threads = self.max_requests.saturating_add(SPARE);
        let runtime = tokio::runtime::Builder::new_multi_thread().max_blocking_threads(threads).enable_all().build()?;
        let _within = runtime.enter();
        let (stop, hangups) = (stopped()?, hangups()?);
        let (changes, _) = broadcast::channel(CHANGES);
        let server = Server::bind(&self.options(), in_force.clone(), changes.clone())?;
        let address = server.address()?;
        tracing::info!(%address, "listening");
        if let Some(address) = server.health_address()? {
            tracing::info!(health = %address, "listening for health");
        }
        let options = service::ServiceOptions {
            clock: Arc::new(|| SystemTime::now().into()),
            notifier: Arc::new(receivers),
            // nobody may be looking on
            changed: Arc::new(move |change| drop(changes.send(change))),
            retention: self.forget_after.map(|days| TimeDelta::days(days.into())),
        };
        let (place, pact) = (self.store.clone(), in_force.clone());
        // held until the end: it ends when it is dropped
        let watch = Arc::new(Mutex::new(None));
        let watching = watch.clone();
        let begin = move || {
            let (service, watch) = begin(&place, &in_force, options, log)?;
            tokio::spawn(reload_at(hangups, in_force, service.clone(), log));
            *watching.lock().unwrap_or_else(PoisonError::into_inner) = Some(watch);
            Ok(service)
        };
        let ready = move || {
            let pact = pact.pact();
            tracing::info!(pact = %pact.name, digest = %pact.digest, %address, "in force");
            outln!("{} is in force: http://{address}", pact.name);
        };
        let served = runtime.block_on(server.run(begin, ready, stop));
        match &served {
            Ok(Some(service)) => {
                runtime.shutdown_timeout(Duration::from_secs(10));
                service.stop();
            }
            // what it was at is done whole or not at all
            _ => runtime.shutdown_background(),
        }
        served?;
        tracing::info!("stopped");
        Ok(Exit::Good)
    }

    /// Who receives what happens; none when the file is wrong, which is then on the error stream.
    fn receivers(&self, log: Log) -> Option<Receivers> {
        let Some(file) = &self.webhooks else { return Some(Receivers::default()) };
        let loaded = webhook::load(file);
        for finding in &loaded.findings {
            log.findings("the file of webhooks has a finding", &format!("{finding}\n"));
        }
        loaded.targets.map(Receivers::from)
    }

    fn options(&self) -> ServerOptions {
        ServerOptions {
            listen: self.listen,
            health: self.health_listen,
            tokens: self.tokens.clone(),
            body: self.max_body,
            time: Duration::from_secs(self.timeout),
            concurrency: self.max_requests,
            connections: descriptors(self.max_connections),
        }
    }
}

/// Serves stored leads by the pact in force, and follows its files from then on.
fn begin(
    place: &str,
    in_force: &Arc<InForce>,
    options: service::ServiceOptions,
    log: Log,
) -> io::Result<(Arc<Service>, FileWatch)> {
    let store = store::open(place).map_err(io::Error::other)?;
    let service = Service::start(store, &in_force.pact(), options).map_err(io::Error::other)?;
    let service = Arc::new(service);
    let adopter = service.clone();
    in_force.agree(move |pact| adopter.adopt(pact).map_err(|fault| fault.to_string()));
    let announcer = service.clone();
    let watch = FileWatch::new(in_force.clone(), move |in_force, outcome| announce(in_force, outcome, &announcer, log));
    Ok((service, watch))
}

/// Logs and announces the outcome of a reload.
fn announce(in_force: &InForce, outcome: ReloadOutcome, service: &Service, log: Log) {
    let status = in_force.status();
    match (outcome, &status.refused) {
        (ReloadOutcome::Refused, Some(refusal)) => {
            log.findings("the files are refused, and the last good ones hold", &refusal.rendered);
            service.announce(ServiceChange::Refused);
        }
        (ReloadOutcome::Taken, _) => {
            tracing::info!(digest = %status.digest, "the files are in force");
            service.announce(ServiceChange::Pact);
        }
        _ => {}
    }
}

/// Raises the limit of open files to what the system allows at most; gives how many connections fit within it, of so
/// many that are wanted.
fn descriptors(wanted: usize) -> usize {
    let limit = match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
        Err(error) => {
            tracing::warn!(%error, "the limit of open files cannot be raised");
            return wanted;
        }
    };
    // the store, the rules and the receivers have files open, too
    let fit = limit.saturating_sub(FILES).max(limit / 2).max(2);
    if fit < wanted {
        tracing::warn!(wanted, fit, limit, "the limit of open files allows fewer connections");
    }
    wanted.min(fit)
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Log {
    /// A JSON object for each line.
    Json,
    /// Lines for people, which leave out the requests.
    People,
}

impl Log {
    /// Writes the log to the error stream from now on: for people on a terminal, else as JSON; `LEADPACT_LOG_FORMAT`
    /// and `LEADPACT_LOG` say otherwise.
    fn start() -> Self {
        use std::io::IsTerminal as _;
        let kind = match std::env::var("LEADPACT_LOG_FORMAT").as_deref() {
            Ok("json") => Self::Json,
            Ok("text") => Self::People,
            _ if io::stderr().is_terminal() => Self::People,
            _ => Self::Json,
        };
        let usual = match kind {
            Self::People => "warn,leadpact=info,leadpact::internals::server::limits=warn,leadpact::server::limits=warn",
            Self::Json => "warn,leadpact=info",
        };
        let filter = tracing_subscriber::EnvFilter::try_from_env("LEADPACT_LOG")
            .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
        // a second log in one process is no reason not to serve
        let _ = match kind {
            Self::People => log.with_ansi(io::stderr().is_terminal()).compact().try_init(),
            Self::Json => log.json().flatten_event(true).try_init(),
        };
        if kind == Self::Json {
            std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a thread panicked")));
        }
        kind
    }

    /// Logs findings as they are drawn for people.
    fn findings(self, what: &str, rendered: &str) {
        match self {
            Self::Json => tracing::error!(findings = rendered, "{what}"),
            Self::People => {
                tracing::error!("{what}");
                say::drawn(rendered);
            }
        }
    }
}

/// Looks at the files whenever the signal comes.
async fn reload_at(mut hangups: Hangups, in_force: Arc<InForce>, service: Arc<Service>, log: Log) {
    while hangups.next().await {
        let (in_force, service) = (in_force.clone(), service.clone());
        let reloaded = tokio::task::spawn_blocking(move || {
            let outcome = in_force.reload();
            tracing::info!(target: "leadpact::audit", action = "reload", signal = "SIGHUP", ?outcome, "audit");
            announce(&in_force, outcome, &service, log);
        });
        if let Err(error) = reloaded.await {
            tracing::error!(%error, "a reload failed");
        }
    }
}

/// The signals to look at the files now.
struct Hangups(#[cfg(unix)] tokio::signal::unix::Signal);

/// Listens from now on for SIGHUP. To be called within the runtime.
#[cfg(unix)]
fn hangups() -> io::Result<Hangups> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).map(Hangups)
}

/// Where the system has no such signal, none ever comes.
#[cfg(not(unix))]
fn hangups() -> io::Result<Hangups> {
    Ok(Hangups())
}

impl Hangups {
    /// Waits for the next; false when none comes any more.
    async fn next(&mut self) -> bool {
        #[cfg(unix)]
        return self.0.recv().await.is_some();
        #[cfg(not(unix))]
        return false;
    }
}

/// Listens from now on for the signal to stop: Ctrl-C, or SIGTERM. To be called within the runtime.
#[cfg(unix)]
fn stopped() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens from now on for the signal to stop: Ctrl-C. To be called within the runtime.
#[cfg(not(unix))]
fn stopped() -> io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // where the system has no signals, only the end of the process stops it
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
