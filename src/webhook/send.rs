//! One attempt to deliver a message.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Error, Timeout};

use super::answer::{Sent, meaning};
use super::event::CONTENT_TYPE;
use super::guard::{Forbidden, Guard};
use super::{Target, sign};
use crate::time::Instant;

/// The longest that finding and reaching a receiver may take.
const CONNECT: Duration = Duration::from_secs(5);

/// How much of an answer's body is read, so that its connection can serve again. Nothing of it is kept.
const BODY: u64 = 16 * 1024;

/// Delivers messages. One serves for all receivers and threads; it blocks while it sends.
///
/// It follows no redirect, goes through no proxy, asks no name twice and never leaves https but for receivers that are
/// said to be private. TLS trusts the roots of Mozilla, which are built in.
#[derive(Debug, Default)]
pub struct Sender {
    /// By what sets them apart: addresses that are open, and the time limit. An agent keeps connections and the roots,
    /// and has one guard.
    agents: Mutex<HashMap<(bool, Duration), Agent>>,
}

impl Sender {
    /// One without a connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a message once. `id` is the idempotency key of the message, in visible ASCII and without a full stop, which
    /// is what signatures need; `at` is the present; `body` is what [`WebhookEvent::body`](super::WebhookEvent::body) gave.
    pub fn send(&self, target: &Target, id: &str, at: Instant, body: &[u8]) -> Sent {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.') {
            return Sent::refused("its id is not made of visible ASCII without a full stop");
        }
        let answer = self
            .agent(target)
            .post(&target.url)
            .header("content-type", CONTENT_TYPE)
            .header("webhook-id", id)
            .header("webhook-timestamp", at.timestamp().to_string())
            .header("webhook-signature", sign(&target.secrets, id, at, body))
            .send(body);
        match answer {
            Ok(mut answer) => {
                let retry_after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok());
                let sent = meaning(answer.status(), retry_after, at);
                let mut rest = answer.body_mut().with_config().limit(BODY).reader();
                // the status has said it: a body that breaks off changes nothing
                let _ = io::copy(&mut rest, &mut io::sink());
                sent
            }
            Err(error) => failed(target, error),
        }
    }

    fn agent(&self, target: &Target) -> Agent {
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        agents.entry((target.private, target.timeout)).or_insert_with(|| agent(target)).clone()
    }
}

fn agent(target: &Target) -> Agent {
    let connect = Some(target.timeout.min(CONNECT));
    let config = Agent::config_builder()
        .timeout_global(Some(target.timeout))
        .timeout_resolve(connect)
        .timeout_connect(connect)
        .max_redirects(0)
        .http_status_as_error(false)
        // one from the environment would resolve names where the guard does not see it
        .proxy(None)
        .https_only(!target.private)
        .user_agent(concat!("leadpact/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::new(), Guard::new(target.private))
}

/// What came of an attempt without an answer. All but what the operator must change may go well another time.
fn failed(target: &Target, error: Error) -> Sent {
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            Sent::again(format!("no connection within {:?}", target.timeout.min(CONNECT)))
        }
        Error::Timeout(_) => Sent::again(format!("no answer within {:?}", target.timeout)),
        Error::HostNotFound => Sent::again("its name leads to no address"),
        Error::Io(error) => Sent::again(broken(&error)),
        Error::Tls(what) => Sent::again(format!("no connection by TLS: {what}")),
        Error::Rustls(error) => Sent::again(format!("no connection by TLS: {}", short(&error.to_string()))),
        Error::Protocol(_) | Error::LargeResponseHeader(..) => Sent::again("what answered does not speak HTTP"),
        Error::Other(error) => match error.downcast::<Forbidden>() {
            Ok(forbidden) => Sent::refused(forbidden.to_string()),
            Err(_) => Sent::again("the connection failed"),
        },
        Error::BadUri(_) | Error::RequireHttpsOnly(_) | Error::Http(_) => Sent::refused("its url cannot be called"),
        _ => Sent::again("the connection failed"),
    }
}

fn broken(error: &io::Error) -> String {
    match error.kind() {
        // how TLS says what it cannot accept
        io::ErrorKind::InvalidData => format!("no connection by TLS: {}", short(&error.to_string())),
        io::ErrorKind::UnexpectedEof => "the connection ended before an answer".into(),
        kind => format!("the connection failed: {kind}"),
    }
}

/// The start of a text that the other side may have had a hand in, on one line.
fn short(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
