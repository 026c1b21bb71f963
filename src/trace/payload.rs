//! What an entry of the trace is about, as a whole: a description, a candidate, a message.
//!
//! Shared, never copied: the reporter hands it over once, and every view reads the same.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use signaling_protocol::{IceCandidate, SessionDescription};

/// Whose description or candidate, as a connection sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Local,
    Remote,
}

impl Side {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Remote => "remote",
        }
    }
}

/// Which way a signaling message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Sent,
    Received,
}

/// What goes with an [`Entry`](super::Entry) beyond its few words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Payload {
    /// `RTCSessionDescription`
    Description {
        side: Side,
        description: SessionDescription,
    },
    /// `RTCIceCandidate`
    Candidate { side: Side, candidate: IceCandidate },
    /// A signaling message.
    Signal {
        direction: Direction,
        /// To or from which peer; `None` is the signaling service itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<String>,
        message: Value,
    },
    /// Arguments, options, whatever else there is to see.
    Value { value: Value },
}

impl Payload {
    /// About how many bytes it takes, to bound what a trace holds.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Description { description, .. } => description.sdp.len(),
            Self::Candidate { candidate, .. } => {
                let others = [&candidate.sdp_mid, &candidate.username_fragment];
                let others = others.into_iter().flatten().map(String::len);
                candidate.candidate.len() + others.sum::<usize>()
            }
            Self::Signal { message: value, .. } | Self::Value { value } => size_of(value),
        }
    }

    /// The text that a person reads: SDP as it is, everything else as indented JSON.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Description { description, .. } => description.sdp.clone(),
            Self::Candidate { candidate, .. } => pretty(candidate),
            Self::Signal { message: value, .. } | Self::Value { value } => pretty(value),
        }
    }
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// What a value in another takes beyond its text, about. Without it a peer could send millions of
/// empty ones.
const VALUE_BYTES: usize = 32;
/// What an object takes with its first field.
const OBJECT_BYTES: usize = 320;

/// About how many bytes a JSON value takes in memory.
pub(crate) fn size_of(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(values) => {
            let values = values.iter().map(|value| VALUE_BYTES + size_of(value));
            values.sum()
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(key, value)| VALUE_BYTES + key.len() + size_of(value));
            OBJECT_BYTES + fields.sum::<usize>()
        }
        _ => 8,
    }
}
