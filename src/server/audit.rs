//! Who did what administrators do, and who was refused: a line of the log for each, which names no lead by its key.

use std::sync::Arc;

use axum::extract::{MatchedPath, RawPathParams, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest as _, Sha256};

use super::listener::Peer;
use super::trace::Trace;

/// By whose token a request came: the name of it in the tokens file. None where there is no file, or none is known.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) Option<Arc<str>>);

/// Writes down what an administrator's request did.
pub(super) async fn audited(params: RawPathParams, request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let trace = extensions.get::<Trace>().copied().map(|trace| trace.to_string());
    let peer = extensions.get::<Peer>().map(|peer| peer.0.to_string());
    let token = extensions.get::<Caller>().and_then(|caller| caller.0.clone());
    let action = extensions.get::<MatchedPath>().map_or("", |path| action(request.method(), path.as_str()));
    let lead = params.iter().find(|(name, _)| *name == "lead").map(|(_, key)| pseudonym(key));
    let delivery = params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let token = token.as_deref();
    tracing::info!(
        target: "leadpact::audit",
        request = trace, token, peer, action, lead, delivery, status,
        "audit"
    );
    response
}

/// Writes down that a request was refused.
pub(super) fn refused(request: &Request, token: Option<&str>, why: &str) {
    let extensions = request.extensions();
    let trace = extensions.get::<Trace>().copied().map(|trace| trace.to_string());
    let peer = extensions.get::<Peer>().map(|peer| peer.0.to_string());
    let path = extensions.get::<MatchedPath>().map(MatchedPath::as_str);
    let method = request.method();
    tracing::warn!(target: "leadpact::audit", request = trace, token, peer, %method, path, why, "refused");
}

/// What a request of an administrator does, by its path.
fn action(method: &Method, path: &str) -> &'static str {
    match path.rsplit('/').next() {
        Some("reload") => "reload",
        Some("export") => "export",
        Some("resend") => "resend",
        Some("outbox") => "outbox",
        _ if method == Method::DELETE => "erase",
        _ => "",
    }
}

/// A lead's key for the log: whoever knows the key can work it out, and finds the line.
fn pseudonym(key: &str) -> String {
    Sha256::digest(key)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
