//! What a request came to when it did not go well, as `application/problem+json` (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::service::StillCounting;
use crate::store::Fault;

/// Why a request was not done.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
}

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: format!("urn:leadpact:problem:{kind}"), title, status: status.as_u16(), detail: detail.into() }
    }

    /// The request cannot be understood.
    pub fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "The request cannot be understood", detail)
    }

    /// What was sent says something that cannot be.
    pub fn row(line: u64, reason: &str) -> Self {
        let detail = format!("line {line}: {reason}");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-row", "What was sent cannot be taken", detail)
    }

    /// It names something that is not there, such as a source that the pact does not have.
    pub fn unfit(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unfit", "There is nothing that it names", detail)
    }

    /// A condition that cannot stand in the pact, with what is wrong under it.
    pub fn condition(findings: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "condition", "The condition cannot be taken", findings)
    }

    /// There is no such thing.
    pub fn missing(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", detail)
    }

    /// The path is there, and takes another method.
    pub fn method() -> Self {
        let detail = "this path takes another method: see /openapi.json";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Another method is needed", detail)
    }

    /// Nobody known asks.
    pub fn unknown() -> Self {
        let detail = "send a token of the tokens file: `Authorization: Bearer …`";
        Self::new(StatusCode::UNAUTHORIZED, "unknown", "A token is needed", detail)
    }

    /// Whoever asks may not.
    pub fn forbidden(role: &str) -> Self {
        let detail = format!("this needs a token with the role `{role}`");
        Self::new(StatusCode::FORBIDDEN, "forbidden", "The token does not allow this", detail)
    }

    /// Somebody else's page asks, in the browser of somebody who may.
    pub fn foreign() -> Self {
        let detail = "without a tokens file this service answers the own machine only, by the name `localhost` or \
                      `127.0.0.1`, and no other site's page";
        Self::new(StatusCode::FORBIDDEN, "foreign", "The request comes from elsewhere", detail)
    }

    /// The body is nothing that this path takes.
    pub fn kind() -> Self {
        let detail = "say `Content-Type: application/json`, `application/x-ndjson` where there is one on each line, or \
                      `application/x-www-form-urlencoded`";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "kind", "The body is of another kind", detail)
    }

    /// The key came with another body before.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "The request does not fit what is there", detail)
    }

    /// The pact's files cannot be taken; the last good ones hold.
    pub fn refused(findings: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "refused", "The files are refused, and the last good ones hold", findings)
    }

    /// There is too much of it.
    pub fn large(limit: usize) -> Self {
        let detail = format!("the body may have {limit} bytes: send it in parts");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", detail)
    }

    /// Too many ask at once.
    pub fn busy() -> Self {
        let detail = "too many requests are under way: try again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The service is busy", detail)
    }

    /// The service has not begun.
    pub fn early() -> Self {
        let detail = "what time did while the service was stopped is done first: try again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "early", "The service is catching up", detail)
    }

    /// The service made a mistake.
    pub fn broken() -> Self {
        let detail = "the log says what happened";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "The service made a mistake", detail)
    }

    /// A problem for a status that a layer below answered with.
    pub fn of(status: StatusCode, limit: usize) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::missing("there is no such path: see /openapi.json"),
            StatusCode::METHOD_NOT_ALLOWED => Self::method(),
            StatusCode::PAYLOAD_TOO_LARGE => Self::large(limit),
            StatusCode::REQUEST_TIMEOUT => {
                Self::new(status, "slow", "The request took too long", "send it again, or in smaller parts")
            }
            status if status.is_server_error() => Self::broken(),
            status => Self::new(status, "bad-request", "The request cannot be understood", "see /openapi.json"),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "the store does not answer");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "store", "The store does not answer", "try again; nothing is lost")
    }
}

impl From<StillCounting> for Problem {
    fn from(StillCounting { counted, of }: StillCounting) -> Self {
        let detail = format!("{counted} of {of} leads are counted by now: try again");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "counting", "The figures are being counted", detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, serde_json::to_string(&self).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
