//! A trace with its statistics as one file that can be kept, given away and looked at again. Pure.
//!
//! The file is JSON:
//!
//! ```json
//! {
//!   "format": "webrtc-tour-recording",
//!   "version": 1,
//!   "redacted": true,
//!   "leftOut": { "entries": 0, "payloads": 0, "samples": 24, "stats": 0 },
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
//! `entries` are those of a [trace](crate::trace), oldest first. A `detail` is a text, or a list of
//! texts, numbers and values that say what they are: `["join ", { "room": "kitchen" }]`. `samples` are
//! what `getStats()` of a connection gave at a time. `leftOut` counts what the file was too small for,
//! and is there only if there was such. A reader leaves out fields that it does not know; a change that
//! an older reader would misunderstand gets a new `version`.

pub(crate) mod examples;
mod left_out;
mod limits;
mod redact;
#[cfg(test)]
mod tests;
mod timelines;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::trace::Entry;
pub(crate) use left_out::{LeftOut, counted};
use limits::Tally;
pub(crate) use timelines::Timelines;

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
    left_out: LeftOut,
}

/// A recording as it is written, and how much of it that is.
pub struct File {
    pub json: String,
    pub(crate) entries: usize,
    pub(crate) samples: usize,
    pub(crate) left_out: LeftOut,
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
    #[error(
        "The recording has more than {most} {what}, and no page of this site exports so much. Choose a file that one did."
    )]
    TooMuch { most: usize, what: &'static str },
    #[error("The recording is damaged: {0}. Export it once more.")]
    Damaged(String),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    format: &'static str,
    version: u64,
    redacted: bool,
    #[serde(skip_serializing_if = "LeftOut::is_nothing")]
    left_out: LeftOut,
    entries: &'a [Cow<'a, Entry>],
    samples: &'a [Cow<'a, Sample>],
}

/// What every version begins with.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow, default)]
    format: Option<&'a RawValue>,
    #[serde(borrow, default)]
    version: Option<&'a RawValue>,
}

/// Counted before anything is made of it.
#[derive(Deserialize)]
struct Read<'a> {
    #[serde(default)]
    redacted: bool,
    #[serde(default, rename = "leftOut")]
    left_out: LeftOut,
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    samples: Vec<&'a RawValue>,
}

impl Recording {
    /// The largest file that is read.
    pub(crate) const MAX_BYTES: usize = 64 * 1024 * 1024;

    /// Entries in the order of their happening; they are numbered anew. Times are kept to the
    /// microsecond, which browsers do not measure more exactly.
    pub fn new(mut entries: Vec<Entry>, mut samples: Vec<Sample>) -> Self {
        // Ids count from the beginning of the trace, which may have forgotten what came first.
        let left_out = LeftOut {
            entries: entries.first().map_or(0, |entry| entry.id),
            ..LeftOut::default()
        };
        limits::settle(&mut entries, &mut samples);
        for (id, entry) in entries.iter_mut().enumerate() {
            entry.id = id as u64;
        }
        Self {
            entries,
            samples,
            redacted: false,
            left_out,
        }
    }

    /// The id of each is its place.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// What the trace had noted and forgotten, or what its file says that is not in it. Statistics
    /// reach back five minutes; how much was measured before is not known.
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Whether addresses and secrets were replaced.
    pub fn is_redacted(&self) -> bool {
        self.redacted
    }

    /// The same without what tells where somebody is or who it is, or what opens something: each
    /// address, fingerprint, password, identifier and name is replaced, everywhere by the same
    /// placeholder. That of an address still says whether it is private and of which family. A text
    /// of which nobody knows what it says is replaced as a whole.
    pub(crate) fn redacted(&self) -> Self {
        if self.redacted {
            return self.clone();
        }
        redact::redact(self)
    }

    /// What is more than a page reads has only its newest part in the file, and the rest is counted.
    pub fn to_file(&self) -> File {
        let (mut entries, mut samples) = (&self.entries[..], &self.samples[..]);
        loop {
            let file = self.written(entries, samples);
            if file.json.len() <= Self::MAX_BYTES {
                return file;
            }
            if samples.is_empty() {
                entries = newer_half(entries);
            } else {
                samples = newer_half(samples);
            }
        }
    }

    fn written(&self, entries: &[Entry], samples: &[Sample]) -> File {
        let older = LeftOut {
            entries: (self.entries.len() - entries.len()) as u64,
            samples: (self.samples.len() - samples.len()) as u64,
            ..LeftOut::default()
        };
        let cut = limits::cut(entries, samples);
        let left_out = self.left_out.and(older).and(cut.left_out);
        let written = Written {
            format: FORMAT,
            version: VERSION,
            redacted: self.redacted,
            left_out,
            entries: &cut.entries,
            samples: &cut.samples,
        };
        File {
            // Strings, finite numbers and maps of strings always have a JSON text.
            json: serde_json::to_string(&written).unwrap_or_default(),
            entries: cut.entries.len(),
            samples: cut.samples.len(),
            left_out,
        }
    }

    pub fn from_json(text: &str) -> Result<Self, ImportError> {
        if text.len() > Self::MAX_BYTES {
            return Err(ImportError::TooLarge { bytes: text.len() });
        }
        let header: Header =
            serde_json::from_str(text).map_err(|error| match error.classify() {
                Category::Data => ImportError::NotARecording,
                _ => ImportError::NotJson(error.to_string()),
            })?;
        let format = header.format.map(RawValue::get);
        if format.and_then(|format| serde_json::from_str(format).ok()) != Some(FORMAT) {
            return Err(ImportError::NotARecording);
        }
        let version = header.version.map_or("null", RawValue::get);
        if version.parse() != Ok(VERSION) {
            let shown = version.chars().take(20).collect();
            return Err(ImportError::UnknownVersion(shown));
        }
        let damaged = |error: serde_json::Error| ImportError::Damaged(error.to_string());
        let read: Read = serde_json::from_str(text).map_err(damaged)?;
        let mut tally = Tally::default();
        Ok(Self {
            redacted: read.redacted,
            left_out: read.left_out,
            entries: read_entries(&read.entries, &mut tally)?,
            samples: read_samples(&read.samples, &mut tally)?,
        })
    }
}

fn newer_half<T>(all: &[T]) -> &[T] {
    &all[all.len().div_ceil(2)..]
}

fn read_entries(raw: &[&RawValue], tally: &mut Tally) -> Result<Vec<Entry>, ImportError> {
    limits::at_most(raw.len(), limits::ENTRIES, "entries")?;
    let mut earlier = 0.0;
    let entries = raw.iter().enumerate().map(|(id, raw)| {
        let damaged =
            |why: &dyn fmt::Display| ImportError::Damaged(format!("entry {}: {why}", id + 1));
        limits::at_most(raw.get().len(), limits::ENTRY_BYTES, "bytes in an entry")?;
        let mut entry: Entry = serde_json::from_str(raw.get()).map_err(|error| damaged(&error))?;
        entry.id = id as u64;
        earlier = limits::check_time(entry.at_ms, earlier).map_err(|why| damaged(&why))?;
        entry.at_ms = earlier;
        tally.add_entry(&entry)?;
        Ok(entry)
    });
    entries.collect()
}

fn read_samples(raw: &[&RawValue], tally: &mut Tally) -> Result<Vec<Sample>, ImportError> {
    limits::at_most(raw.len(), limits::SAMPLES, "samples")?;
    let mut earlier = 0.0;
    let samples = raw.iter().enumerate().map(|(index, raw)| {
        let damaged =
            |why: &dyn fmt::Display| ImportError::Damaged(format!("sample {}: {why}", index + 1));
        limits::at_most(raw.get().len(), limits::SAMPLE_BYTES, "bytes in a sample")?;
        let mut sample: Sample =
            serde_json::from_str(raw.get()).map_err(|error| damaged(&error))?;
        earlier = limits::check_time(sample.at_ms, earlier).map_err(|why| damaged(&why))?;
        sample.at_ms = earlier;
        tally.add_sample(&sample)?;
        Ok(sample)
    });
    samples.collect()
}
