//! `/healthz`: is it up, which version, how busy. For load balancers and for people.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::AppState;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    clients: usize,
    rooms: usize,
}

pub(crate) async fn healthz(State(state): State<AppState>) -> Response {
    let counts = state.hub.counts();
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        clients: counts.clients,
        rooms: counts.rooms,
    };
    ([(CACHE_CONTROL, "no-store")], Json(health)).into_response()
}
