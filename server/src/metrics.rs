//! `/metrics`: what happened since the start, and how much there is now, in the text format that
//! Prometheus reads.
//!
//! Owns the names. Counting is one atomic addition; all else happens when somebody asks.

use std::fmt::{self, Write};
use std::sync::atomic::AtomicU64;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use signaling_protocol::ErrorCode;

use crate::AppState;

/// <https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md>
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Count = Counter<u64, AtomicU64>;

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    rooms: Gauge,
    clients: Gauge,
    away: Gauge,
    queued_bytes: Gauge,
    pub(crate) messages_in: Count,
    pub(crate) messages_out: Count,
    pub(crate) bytes_in: Count,
    pub(crate) bytes_out: Count,
    pub(crate) signals: Count,
    pub(crate) resumes: Count,
    pub(crate) overflows: Count,
    refusals: Family<Refused, Count>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    code: Code,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Code(ErrorCode);

impl EncodeLabelValue for Code {
    /// As on the wire.
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        let code = serde_json::to_string(&self.0).map_err(|_| fmt::Error)?;
        encoder.write_str(code.trim_matches('"'))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("webrtc_tour"),
            rooms: Gauge::default(),
            clients: Gauge::default(),
            away: Gauge::default(),
            queued_bytes: Gauge::default(),
            messages_in: Count::default(),
            messages_out: Count::default(),
            bytes_in: Count::default(),
            bytes_out: Count::default(),
            signals: Count::default(),
            resumes: Count::default(),
            overflows: Count::default(),
            refusals: Family::default(),
        };
        let registry = &mut metrics.registry;
        for (name, help, gauge) in [
            ("rooms", "Rooms with somebody in them", &metrics.rooms),
            ("clients", "WebSocket clients", &metrics.clients),
            ("seats_away", "Seats that wait to be resumed", &metrics.away),
            (
                "queued_bytes",
                "Bytes that wait for clients or are kept until their receipt",
                &metrics.queued_bytes,
            ),
        ] {
            registry.register(name, help, gauge.clone());
        }
        for (name, help, counter) in [
            (
                "messages_received",
                "Messages that clients sent",
                &metrics.messages_in,
            ),
            (
                "messages_sent",
                "Messages sent to clients",
                &metrics.messages_out,
            ),
            (
                "message_bytes_received",
                "Bytes of the messages that clients sent",
                &metrics.bytes_in,
            ),
            (
                "message_bytes_sent",
                "Bytes of the messages sent to clients",
                &metrics.bytes_out,
            ),
            (
                "signals_relayed",
                "Signals handed from peer to peer",
                &metrics.signals,
            ),
            (
                "resumes",
                "Seats resumed by a new connection",
                &metrics.resumes,
            ),
            (
                "queue_overflows",
                "Clients removed because more waited for them than may",
                &metrics.overflows,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        let help = "Errors told to clients, by code";
        registry.register("refusals", help, metrics.refusals.clone());
        metrics
    }
}

impl Metrics {
    pub(crate) fn refused(&self, code: ErrorCode) {
        let code = Code(code);
        self.refusals.get_or_create(&Refused { code }).inc();
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.messages_in.inc();
        self.bytes_in.inc_by(bytes as u64);
    }

    pub(crate) fn sent(&self, bytes: usize) {
        self.messages_out.inc();
        self.bytes_out.inc_by(bytes as u64);
    }
}

pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    let counts = state.hub.counts();
    let metrics = state.hub.metrics();
    for (gauge, count) in [
        (&metrics.rooms, counts.rooms),
        (&metrics.clients, counts.clients),
        (&metrics.away, counts.away),
        (&metrics.queued_bytes, state.hub.queued_bytes()),
    ] {
        gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
    }
    let mut body = String::new();
    let encoded = text::encode_registry(&mut body, &metrics.registry)
        .and_then(|()| text::encode_registry(&mut body, state.database.registry()))
        .and_then(|()| text::encode_eof(&mut body));
    if encoded.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let headers = [(CONTENT_TYPE, OPEN_METRICS), (CACHE_CONTROL, "no-store")];
    (headers, body).into_response()
}
