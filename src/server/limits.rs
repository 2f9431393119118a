//! What every request goes through: room, time, who asks, and what is counted and logged of it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use super::audit::{self, Caller};
use super::listener::Peer;
use super::problem::Problem;
use super::tokens::{Bearer, Role};
use super::trace::Trace;
use super::{App, Shared, origin};

/// The answer names its request as the log does.
const REQUEST: HeaderName = HeaderName::from_static("x-request-id");

/// Bounds of requests.
pub(crate) struct Limits {
    pub(crate) body: usize,
    pub(crate) time: Duration,
    pub(crate) places: Arc<Semaphore>,
    /// Who may look on as things change: fewer than there are connections, so that others find room.
    pub(crate) live: Arc<Semaphore>,
}

/// What whoever asks may do.
#[derive(Debug, Clone)]
pub(super) struct Roles(pub(super) Vec<Role>);

/// Gives a request room and time, answers for what fails below, and writes down how it went: its path as a pattern, so
/// that no key of a lead is in the log.
pub(super) async fn bounded(State(shared): App, mut request: Request, next: Next) -> Response {
    let began = Moment::now();
    let path = request.extensions().get::<MatchedPath>().map_or("none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let trace = Trace::of(request.headers());
    request.extensions_mut().insert(trace);
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.to_string());
    let health = path == "/livez" || path == "/readyz";
    let response = match shared.limits.places.try_acquire() {
        Err(_) if !health => Problem::busy().into_response(),
        // the place is held until the answer begins
        _place => {
            let answer = AssertUnwindSafe(next.run(request));
            let answer = tokio::spawn(answer);
            match tokio::time::timeout(shared.limits.time, answer).await {
                Ok(Ok(response)) => response,
                Ok(Err(_)) => Problem::broken().into_response(),
                Err(_) => Problem::of(StatusCode::REQUEST_TIMEOUT, 0).into_response(),
            }
        }
    };
    let mut response = as_problem(response, shared.limits.body);
    let (status, took) = (response.status().as_u16(), began.elapsed());
    shared.metrics.request(&method, &path, status, took);
    let digest = &shared.in_force.pact().digest;
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let caller = response.extensions_mut().remove::<Caller>();
    let token = caller.as_ref().and_then(|caller| caller.0.as_deref());
    match health && status == 200 {
        true => tracing::debug!(request = %trace, token, peer, %method, path, status, micros, %digest, "answered"),
        false => tracing::info!(request = %trace, token, peer, %method, path, status, micros, %digest, "answered"),
    }
    if let Ok(name) = HeaderValue::from_str(&trace.to_string()) {
        response.headers_mut().insert(REQUEST, name);
    }
    guarded(response)
}

/// What the framework refuses by itself becomes a problem like any other.
fn as_problem(response: Response, limit: usize) -> Response {
    let status = response.status();
    let json = |value: &HeaderValue| value.as_bytes().starts_with(b"application/");
    let plain = !response.headers().get(header::CONTENT_TYPE).is_some_and(json);
    let mended = (status.is_client_error() || status.is_server_error()) && plain && !keeps_text(&response);
    if mended { Problem::of(status, limit).into_response() } else { response }
}

/// Whether an answer says itself that its text is meant.
fn keeps_text(response: &Response) -> bool {
    response.extensions().get::<Plain>().is_some()
}

/// Marks an answer whose text is meant although it is no success.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain;

/// Headers that browsers look at.
pub(super) fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::CACHE_CONTROL, "no-store");
    set(header::REFERRER_POLICY, "no-referrer");
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    response
}

/// The token that a request brings.
fn token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Lets a request through when its token has the role.
pub(super) async fn allowed(
    State((shared, role)): State<(Arc<Shared>, Role)>,
    mut request: Request,
    next: Next,
) -> Response {
    shared.tokens.refresh();
    let (caller, mut response) = match admitted(&shared, role, request.headers()) {
        Ok(Bearer { name, roles }) => {
            let caller = Caller(name);
            request.extensions_mut().insert(Roles(roles));
            request.extensions_mut().insert(caller.clone());
            (caller, next.run(request).await)
        }
        Err((caller, why, problem)) => {
            audit::refused(&request, caller.0.as_deref(), why);
            (caller, problem.into_response())
        }
    };
    response.extensions_mut().insert(caller);
    response
}

/// Who asks, when they may; or who does not, and why.
fn admitted(shared: &Shared, role: Role, headers: &HeaderMap) -> Result<Bearer, (Caller, &'static str, Problem)> {
    if shared.tokens.everyone() && origin::is_foreign(headers) {
        return Err((Caller(None), "foreign", Problem::foreign()));
    }
    let token = token(headers);
    let bearer = shared.tokens.bearer(token);
    let why = if token.is_none() { "no token" } else { "unknown token" };
    let bearer = bearer.ok_or_else(|| (Caller(None), why, Problem::unknown()))?;
    if !bearer.roles.contains(&role) {
        return Err((Caller(bearer.name), "no role", Problem::forbidden(role.name())));
    }
    Ok(bearer)
}
