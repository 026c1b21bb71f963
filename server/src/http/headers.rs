//! Headers that every response has, whichever part gives it.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use tower_http::set_header::SetResponseHeaderLayer;

/// `router`, with these headers in all its answers.
pub(crate) fn on_every_answer(router: Router) -> Router {
    router
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // An invite link has the room's name in it, and the name is all one needs to enter.
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(self), display-capture=(self)",
        ))
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
