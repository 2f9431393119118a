//! The page, and the description of the paths for machines: files that are part of the program.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::Shared;

const FILES: [(&str, &str, &str); 1] = [("/openapi.json", "application/json", include_str!("openapi.json"))];

/// Adds the page's files to the paths that need no token: they hold nothing of any lead.
pub(super) fn routes(router: Router<Arc<Shared>>) -> Router<Arc<Shared>> {
    FILES.iter().fold(router, |router, (path, kind, text)| {
        router.route(path, get(move || async move { ([(header::CONTENT_TYPE, *kind)], *text).into_response() }))
    })
}
