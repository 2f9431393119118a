//! The page, and the description of the paths for machines: files that are part of the program.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::Shared;
use crate::locale::{languages, words_in};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";

/// Paths, content types and texts.
const FILES: [(&str, &str, &str); 21] = [
    ("/", HTML, include_str!("page/index.html")),
    ("/style.css", CSS, include_str!("page/style.css")),
    ("/icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("/openapi.json", JSON, include_str!("openapi.json")),
    ("/app.js", SCRIPT, include_str!("page/app.js")),
    ("/words.js", SCRIPT, include_str!("page/words.js")),
    ("/api.js", SCRIPT, include_str!("page/api.js")),
    ("/dom.js", SCRIPT, include_str!("page/dom.js")),
    ("/time.js", SCRIPT, include_str!("page/time.js")),
    ("/names.js", SCRIPT, include_str!("page/names.js")),
    ("/parts.js", SCRIPT, include_str!("page/parts.js")),
    ("/frame.js", SCRIPT, include_str!("page/frame.js")),
    ("/hot.js", SCRIPT, include_str!("page/hot.js")),
    ("/today.js", SCRIPT, include_str!("page/today.js")),
    ("/leads.js", SCRIPT, include_str!("page/leads.js")),
    ("/lead.js", SCRIPT, include_str!("page/lead.js")),
    ("/figures.js", SCRIPT, include_str!("page/figures.js")),
    ("/measures.js", SCRIPT, include_str!("page/measures.js")),
    ("/review.js", SCRIPT, include_str!("page/review.js")),
    ("/pact.js", SCRIPT, include_str!("page/pact.js")),
    ("/status.js", SCRIPT, include_str!("page/status.js")),
];

/// Adds the page's files to the paths that need no token: they hold nothing of any lead.
pub(super) fn routes(router: Router<Arc<Shared>>) -> Router<Arc<Shared>> {
    let router = FILES.iter().fold(router, |router, (path, kind, text)| {
        router.route(path, get(move || async move { ([(header::CONTENT_TYPE, *kind)], *text).into_response() }))
    });
    languages().filter_map(|language| Some((language, words(language)?))).fold(router, |router, (language, words)| {
        let answer = move || async move { ([(header::CONTENT_TYPE, JSON)], words).into_response() };
        router.route(&format!("/words/{language}.json"), get(answer))
    })
}

/// What the page says in a language, by its English text.
fn words(language: &str) -> Option<Bytes> {
    serde_json::to_vec(words_in(language)?).map(Bytes::from).ok()
}
