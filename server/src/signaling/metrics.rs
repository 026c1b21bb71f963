//! What signaling counts.
//!
//! Owns the names; how they are asked for is not known here.

use std::fmt::{self, Write};

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use signaling_protocol::ErrorCode;

use crate::http::metrics::Count;

#[derive(Debug, Default)]
pub(crate) struct Metrics {
    messages_in: Count,
    messages_out: Count,
    bytes_in: Count,
    bytes_out: Count,
    pub(crate) signals: Count,
    pub(crate) resumes: Count,
    pub(crate) overflows: Count,
    refusals: Family<RefusalLabels, Count>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    code: ErrorCodeLabel,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ErrorCodeLabel(ErrorCode);

impl EncodeLabelValue for ErrorCodeLabel {
    /// As on the wire.
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        let code = serde_json::to_string(&self.0).map_err(|_| fmt::Error)?;
        encoder.write_str(code.trim_matches('"'))
    }
}

impl Metrics {
    pub(crate) fn register(&self, registry: &mut Registry) {
        for (name, help, counter) in [
            (
                "messages_received",
                "Messages that clients sent",
                &self.messages_in,
            ),
            (
                "messages_sent",
                "Messages sent to clients",
                &self.messages_out,
            ),
            (
                "message_bytes_received",
                "Bytes of the messages that clients sent",
                &self.bytes_in,
            ),
            (
                "message_bytes_sent",
                "Bytes of the messages sent to clients",
                &self.bytes_out,
            ),
            (
                "signals_relayed",
                "Signals handed from peer to peer",
                &self.signals,
            ),
            (
                "resumes",
                "Seats resumed by a new connection",
                &self.resumes,
            ),
            (
                "queue_overflows",
                "Clients removed because more waited for them than may",
                &self.overflows,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        let help = "Errors told to clients, by code";
        registry.register("refusals", help, self.refusals.clone());
    }

    pub(crate) fn refused(&self, code: ErrorCode) {
        let code = ErrorCodeLabel(code);
        self.refusals.get_or_create(&RefusalLabels { code }).inc();
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
