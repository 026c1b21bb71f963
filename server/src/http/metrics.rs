//! `/metrics`: what happened since the start, and how much there is now, in the text format that
//! Prometheus reads.
//!
//! Owns the one registry, the beginning of all names in it and the form of the answer. The parts
//! register what they count, each under names of its own; none is known here. Counting is one
//! atomic addition; all else happens when the metrics are requested.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// <https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md>
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(crate) type Count = Counter<u64, AtomicU64>;

/// The registry of a server, in which there is nothing yet.
pub(crate) fn registry() -> Registry {
    Registry::with_prefix("webrtc_tour")
}

pub(crate) fn routes(registry: Registry) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .with_state(Arc::new(registry))
}

async fn metrics(State(registry): State<Arc<Registry>>) -> Response {
    let mut body = String::new();
    if text::encode(&mut body, &registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let headers = [(CONTENT_TYPE, OPEN_METRICS), (CACHE_CONTROL, "no-store")];
    (headers, body).into_response()
}

/// How much there is of something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) value: usize,
}

/// Registers levels that are read only when the metrics are requested, all at once.
pub(crate) fn register_levels<const N: usize>(
    registry: &mut Registry,
    levels: impl Fn() -> [Level; N] + Send + Sync + 'static,
) {
    registry.register_collector(Box::new(Levels(levels)));
}

struct Levels<F>(F);

impl<F> fmt::Debug for Levels<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Levels").finish_non_exhaustive()
    }
}

impl<const N: usize, F: Fn() -> [Level; N] + Send + Sync + 'static> Collector for Levels<F> {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for level in (self.0)() {
            let gauge = ConstGauge::new(i64::try_from(level.value).unwrap_or(i64::MAX));
            // The registry puts a full stop behind the help of all others, too.
            let (name, help) = (level.name, format!("{}.", level.help));
            let encoder = encoder.encode_descriptor(name, &help, None, gauge.metric_type())?;
            gauge.encode(encoder)?;
        }
        Ok(())
    }
}
