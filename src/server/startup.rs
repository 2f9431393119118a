//! What answers before the service has begun, while what time did during a stop is done first.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;

use super::limits::guarded;
use super::problem::Problem;

/// Leads to the paths of the service once it is open; until then it answers that it is not ready.
#[derive(Clone, Default)]
pub(super) struct Startup(Arc<OnceLock<Router>>);

impl Startup {
    /// The service has begun.
    pub(super) fn open(&self, routes: Router) {
        // a startup that is open stays so
        let _ = self.0.set(routes);
    }

    /// The paths of health alone.
    pub(super) fn health(&self) -> Router {
        let routes = self.routes();
        Router::new().fallback(move |request: Request| async move {
            match request.uri().path() {
                "/livez" | "/readyz" => {
                    routes.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
                }
                _ => guarded(Problem::missing("here are `/livez` and `/readyz` alone").into_response()),
            }
        })
    }

    /// Every path.
    pub(super) fn routes(&self) -> Router {
        let startup = self.clone();
        Router::new().fallback(move |request: Request| async move {
            match startup.0.get() {
                Some(routes) => {
                    routes.clone().oneshot(request).await.unwrap_or_else(|never: Infallible| match never {})
                }
                None => guarded(closed(request.uri().path())),
            }
        })
    }
}

fn closed(path: &str) -> Response {
    match path {
        "/livez" => "ok".into_response(),
        "/readyz" => (StatusCode::SERVICE_UNAVAILABLE, "catching up with what time did").into_response(),
        _ => Problem::early().into_response(),
    }
}
