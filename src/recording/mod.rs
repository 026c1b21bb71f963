//! A trace with its statistics as one file that can be kept, given away and looked at again. Pure.
//!
//! The file is JSON:
//!
//! ```json
//! {
//!   "format": "webrtc-tour-recording",
//!   "version": 1,
//!   "redacted": true,
//!   "entries": [
//!     { "id": 0, "atMs": 12.3, "peer": "localPeer", "kind": "call", "name": "createDataChannel",
//!       "detail": "chat", "source": { "file": "src/rtc/peer_connection.rs", "line": 120 },
//!       "connection": { "number": 1, "to": "remotePeer" },
//!       "payload": { "type": "value", "value": {} } }
//!   ],
//!   "samples": [ { "atMs": 1000.0, "connection": 1, "stats": [] } ]
//! }
//! ```
//!
//! `entries` are those of a [trace](crate::trace), oldest first; `samples` what `getStats()` of a
//! connection gave at a time. A reader leaves out fields that it does not know; a change that an
//! older reader would misunderstand gets a new `version`.

mod redact;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::trace::Entry;

const FORMAT: &str = "webrtc-tour-recording";
const VERSION: u64 = 1;

/// The statistics of one connection at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// Milliseconds since the trace began.
    pub at_ms: f64,
    /// The connection's number in the trace.
    pub connection: u32,
    pub stats: Value,
}

/// What happened, and how it went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    entries: Vec<Entry>,
    samples: Vec<Sample>,
    redacted: bool,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    #[error(
        "The file has {} MiB; a recording has at most {} MiB. Choose a file that this site exported.",
        bytes / 1024 / 1024, Recording::MAX_BYTES / 1024 / 1024
    )]
    TooLarge { bytes: usize },
    #[error("The file is not JSON ({0}). Choose a file that this site exported.")]
    NotJson(String),
    #[error(
        "The file is JSON, but no recording of WebRTC Tour. Choose a file that this site exported."
    )]
    NotARecording,
    #[error(
        "The recording has version {0}, this page reads version 1. Reload the page: there may be a newer one that reads it."
    )]
    UnknownVersion(String),
    #[error("The recording is damaged: {0}. Export it once more.")]
    Damaged(String),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    format: &'static str,
    version: u64,
    redacted: bool,
    entries: &'a [Entry],
    samples: &'a [Sample],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    #[serde(default)]
    redacted: bool,
    entries: Vec<Entry>,
    #[serde(default)]
    samples: Vec<Sample>,
}

impl Recording {
    /// The largest file that is read.
    pub const MAX_BYTES: usize = 64 * 1024 * 1024;

    /// Entries in the order of their happening; they are numbered anew. Times are kept to the
    /// microsecond, which browsers do not measure more exactly.
    pub fn new(entries: Vec<Entry>, samples: Vec<Sample>) -> Self {
        let mut recording = Self {
            entries,
            samples,
            redacted: false,
        };
        for (id, entry) in recording.entries.iter_mut().enumerate() {
            entry.id = id as u64;
            entry.at_ms = to_microsecond(entry.at_ms);
        }
        for sample in &mut recording.samples {
            sample.at_ms = to_microsecond(sample.at_ms);
        }
        recording
    }

    /// The id of each is its place.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// Whether addresses and secrets were replaced.
    pub fn is_redacted(&self) -> bool {
        self.redacted
    }

    /// The same without what tells where somebody is or who it is, or what opens something: each
    /// address, fingerprint, password, identifier and name is replaced, everywhere by the same
    /// placeholder. That of an address still says whether it is private and of which family.
    pub fn redacted(&self) -> Self {
        redact::redact(self)
    }

    pub fn to_json(&self) -> String {
        let written = Written {
            format: FORMAT,
            version: VERSION,
            redacted: self.redacted,
            entries: &self.entries,
            samples: &self.samples,
        };
        // Strings, finite numbers and maps of strings always have a JSON text.
        serde_json::to_string(&written).unwrap_or_default()
    }

    pub fn from_json(text: &str) -> Result<Self, ImportError> {
        if text.len() > Self::MAX_BYTES {
            return Err(ImportError::TooLarge { bytes: text.len() });
        }
        let value: Value =
            serde_json::from_str(text).map_err(|error| ImportError::NotJson(error.to_string()))?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(ImportError::NotARecording);
        }
        let version = value.get("version").unwrap_or(&Value::Null);
        if version.as_u64() != Some(VERSION) {
            return Err(ImportError::UnknownVersion(version.to_string()));
        }
        let read: Read = serde_json::from_value(value)
            .map_err(|error| ImportError::Damaged(error.to_string()))?;
        Ok(Self {
            redacted: read.redacted,
            ..Self::new(read.entries, read.samples)
        })
    }
}

fn to_microsecond(at_ms: f64) -> f64 {
    (at_ms * 1000.0).round() / 1000.0
}
