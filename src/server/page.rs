//! The page, and the description of the paths for machines: files that are part of the program.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::Shared;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Paths, content types and texts.
const FILES: [(&str, &str, &str); 18] = [
    ("/", HTML, include_str!("page/index.html")),
    ("/style.css", CSS, include_str!("page/style.css")),
    ("/icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
    ("/openapi.json", "application/json", include_str!("openapi.json")),
    ("/app.js", SCRIPT, include_str!("page/app.js")),
    ("/api.js", SCRIPT, include_str!("page/api.js")),
    ("/dom.js", SCRIPT, include_str!("page/dom.js")),
    ("/time.js", SCRIPT, include_str!("page/time.js")),
    ("/parts.js", SCRIPT, include_str!("page/parts.js")),
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
    FILES.iter().fold(router, |router, (path, kind, text)| {
        router.route(path, get(move || async move { ([(header::CONTENT_TYPE, *kind)], *text).into_response() }))
    })
}
