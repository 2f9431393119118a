//! What a body is said to be.

use std::io::Read;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use indexmap::IndexMap;

use super::problem::Problem;
use crate::io::{Format, Rows, lines, rows};

/// What stands in `Content-Type`. It must be said: a browser sends what is not said across sites without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One thing, or a list of them.
    Json,
    /// One on each line.
    Ndjson,
    /// One, as a web form sends it.
    Form,
}

impl Kind {
    /// The rows of a body.
    pub(super) fn rows(self, mut body: Box<dyn Read + Send>) -> Result<Rows, Problem> {
        if self == Self::Ndjson {
            return Ok(lines(body));
        }
        if self == Self::Form {
            let mut form = Vec::new();
            body.read_to_end(&mut form).map_err(|error| Problem::bad(error.to_string()))?;
            body = Box::new(std::io::Cursor::new(object(&form)));
        }
        rows(body, "body", Some(Format::Json)).map_err(|error| Problem::bad(error.to_string()))
    }
}

/// The fields of a form as a JSON object; a name that comes several times holds a list.
fn object(form: &[u8]) -> Vec<u8> {
    let mut fields: IndexMap<String, Vec<String>> = IndexMap::new();
    for (name, value) in form_urlencoded::parse(form) {
        fields.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    let json = fields.into_iter().map(|(name, mut values)| match (values.len(), values.pop()) {
        (1, Some(value)) => (name, serde_json::Value::String(value)),
        (_, last) => (name, values.into_iter().chain(last).collect()),
    });
    serde_json::to_vec(&json.collect::<serde_json::Map<_, _>>()).unwrap_or_default()
}

impl<S: Send + Sync> FromRequestParts<S> for Kind {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let said = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match &*essence {
            "application/json" => Ok(Self::Json),
            "application/x-ndjson" => Ok(Self::Ndjson),
            "application/x-www-form-urlencoded" => Ok(Self::Form),
            _ => Err(Problem::kind()),
        }
    }
}
