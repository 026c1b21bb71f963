//! `/healthz`: is it up, which version, how busy. For load balancers and for people.
//!
//! Owns the form of the answer; what there is to count is said by those who have it.

use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

#[derive(Serialize)]
struct Health<F> {
    status: &'static str,
    version: &'static str,
    #[serde(flatten)]
    figures: F,
}

/// `figures` is asked at each request; what it says becomes members of the answer.
pub(crate) fn routes<F: Serialize>(
    figures: impl Fn() -> F + Clone + Send + Sync + 'static,
) -> Router {
    Router::new().route("/healthz", get(async move || answer(figures())))
}

fn answer(figures: impl Serialize) -> Response {
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        figures,
    };
    ([(CACHE_CONTROL, "no-store")], Json(health)).into_response()
}
