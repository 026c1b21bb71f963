//! How much a recording holds: no more than a page can have traced and sampled, so that no file
//! makes the page hang that shows it. What is written is cut to that, and says so; what is read is
//! refused.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serde_json::Value;

use super::{ImportError, LeftOut, Sample};
use crate::sdp;
use crate::trace::{Entry, Payload, Trace, size_of};

/// A page's own trace, and as much of those of others, whose traces may be merged into it.
pub(super) const ENTRIES: usize = 2 * Trace::CAPACITY;
const PAYLOAD_BYTES: usize = 2 * Trace::PAYLOAD_BYTES;
/// The longest payload; a description that is longer is not explained, either.
const PAYLOAD: usize = sdp::description::MAX_BYTES;
/// A payload as it is written, where each byte may take six: `\u0000`.
pub(super) const ENTRY_BYTES: usize = 8 * PAYLOAD;
/// Peers and parts of the page; each is a line of the ladder.
const PEERS: usize = 1_000;
const CONNECTIONS: usize = 1_000;
/// Each is compared with those before it.
const DESCRIPTIONS: usize = 1_000;
const DESCRIPTION_BYTES: usize = 8 * 1024 * 1024;
/// The longest name, of whatever has one, in bytes.
const NAME: usize = 1_024;
/// The longest detail, in bytes.
const DETAIL: usize = 64 * 1024;
/// The latest time, in milliseconds: pages are left open for weeks, not for years.
const LATEST_MS: f64 = 366.0 * 24.0 * 60.0 * 60.0 * 1000.0;

/// Those of a connection are five minutes, one each second; there are ten connections.
pub(super) const SAMPLES: usize = 10 * SAMPLES_OF_ONE;
const SAMPLES_OF_ONE: usize = 300;
/// Entries of one report.
const STATS: usize = 300;
/// Text and numbers of one report; real ones have some ten kilobytes.
const STATS_BYTES: usize = 512 * 1024;
pub(super) const SAMPLE_BYTES: usize = 8 * STATS_BYTES;
/// Media and data channels of one connection; each has its charts.
const STREAMS: usize = 200;

/// What there is so far.
#[derive(Default)]
pub(super) struct Tally {
    entries: usize,
    peers: HashSet<Arc<str>>,
    connections: HashSet<u32>,
    descriptions: usize,
    description_bytes: usize,
    payload_bytes: usize,
    samples: HashMap<u32, usize>,
    streams: HashMap<u32, HashSet<u64>>,
}

impl Tally {
    pub(super) fn add_entry(&mut self, entry: &Entry) -> Result<(), ImportError> {
        self.add_outline(entry)?;
        self.add_payload(entry)
    }

    /// An entry but for its payload.
    fn add_outline(&mut self, entry: &Entry) -> Result<(), ImportError> {
        at_most(self.entries + 1, ENTRIES, "entries")?;
        at_most(entry.name.len(), NAME, "bytes in a name")?;
        at_most(entry.source.file.len(), NAME, "bytes in the name of a file")?;
        at_most(entry.detail.size(), DETAIL, "bytes in a detail")?;
        self.add_peer(&entry.peer)?;
        if let Some(of) = &entry.connection {
            self.add_connection(of.number)?;
            if let Some(to) = &of.to {
                self.add_peer(to)?;
            }
        }
        self.entries += 1;
        Ok(())
    }

    fn add_payload(&mut self, entry: &Entry) -> Result<(), ImportError> {
        let Some(payload) = entry.payload.as_deref() else {
            return Ok(());
        };
        at_most(payload.size(), PAYLOAD, "bytes in a payload")?;
        match payload {
            Payload::Description { .. } => {
                self.descriptions += 1;
                at_most(self.descriptions, DESCRIPTIONS, "descriptions")?;
                self.description_bytes += payload.size();
                let bytes = self.description_bytes;
                at_most(bytes, DESCRIPTION_BYTES, "bytes of descriptions")?;
            }
            Payload::Signal {
                other: Some(other), ..
            } => self.add_peer(&Arc::from(&**other))?,
            _ => {}
        }
        self.payload_bytes += payload.size();
        at_most(self.payload_bytes, PAYLOAD_BYTES, "bytes of payloads")
    }

    pub(super) fn add_sample(&mut self, sample: &Sample) -> Result<(), ImportError> {
        at_most(size_of(&sample.stats), STATS_BYTES, "bytes in a sample")?;
        let stats = sample.stats.as_array().map_or(&[][..], Vec::as_slice);
        at_most(stats.len(), STATS, "statistics in a sample")?;
        let all: usize = self.samples.values().sum();
        at_most(all + 1, SAMPLES, "samples")?;
        let of_it = self.samples.get(&sample.connection).copied();
        let of_it = of_it.unwrap_or_default() + 1;
        at_most(of_it, SAMPLES_OF_ONE, "samples of one connection")?;
        let streams = self.streams.entry(sample.connection).or_default();
        let new = stats.iter().filter_map(stream);
        add_all(streams, new, STREAMS, "streams of one connection")?;
        self.add_connection(sample.connection)?;
        self.samples.insert(sample.connection, of_it);
        Ok(())
    }

    fn add_peer(&mut self, peer: &Arc<str>) -> Result<(), ImportError> {
        at_most(peer.len(), NAME, "bytes in the name of a peer")?;
        add_all(&mut self.peers, [peer.clone()], PEERS, "peers")
    }

    fn add_connection(&mut self, number: u32) -> Result<(), ImportError> {
        add_all(&mut self.connections, [number], CONNECTIONS, "connections")
    }
}

/// All of them or none.
fn add_all<T: Eq + Hash>(
    known: &mut HashSet<T>,
    new: impl IntoIterator<Item = T>,
    most: usize,
    what: &'static str,
) -> Result<(), ImportError> {
    let new: HashSet<T> = new.into_iter().filter(|one| !known.contains(one)).collect();
    at_most(known.len() + new.len(), most, what)?;
    known.extend(new);
    Ok(())
}

pub(super) fn at_most(count: usize, most: usize, what: &'static str) -> Result<(), ImportError> {
    if count > most {
        return Err(ImportError::TooMuch { most, what });
    }
    Ok(())
}

/// A time that a page can have measured after `earlier`.
pub(super) fn check_time(at_ms: f64, earlier: f64) -> Result<f64, &'static str> {
    if !(0.0..=LATEST_MS).contains(&at_ms) {
        return Err("its time is none that a page measures");
    }
    // What is read from a text may be another number by its last digit.
    let at_ms = measured(at_ms);
    if at_ms < earlier {
        return Err("it happened before the one before it");
    }
    Ok(at_ms)
}

/// Gives each a time that a page can have measured, and puts the samples in the order of theirs.
pub(super) fn settle(entries: &mut [Entry], samples: &mut [Sample]) {
    let mut earlier = 0.0;
    for entry in entries {
        earlier = measured(entry.at_ms).max(earlier);
        entry.at_ms = earlier;
    }
    for sample in samples.iter_mut() {
        sample.at_ms = measured(sample.at_ms);
    }
    samples.sort_by(|one, other| one.at_ms.total_cmp(&other.at_ms));
}

/// What fits, and how much does not.
pub(super) struct Cut<'a> {
    pub(super) entries: Vec<Cow<'a, Entry>>,
    pub(super) samples: Vec<Cow<'a, Sample>>,
    pub(super) left_out: LeftOut,
}

/// As much of these as a recording can hold, the newest first; the rest is counted. An entry may
/// lose its payload alone.
pub(super) fn cut<'a>(entries: &'a [Entry], samples: &'a [Sample]) -> Cut<'a> {
    let (mut tally, mut left_out) = (Tally::default(), LeftOut::default());
    let kept_samples = kept(samples, |sample| {
        let count = sample.stats.as_array().map_or(0, Vec::len);
        if count > STATS
            && let Value::Array(stats) = &mut sample.to_mut().stats
        {
            stats.truncate(STATS);
        }
        let fits = tally.add_sample(sample).is_ok();
        if fits {
            left_out.stats += count.saturating_sub(STATS) as u64;
        }
        fits
    });
    let kept_entries = kept(entries, |entry| {
        if entry.detail.size() > DETAIL {
            entry.to_mut().detail = entry.detail.clipped(DETAIL);
        }
        if tally.add_outline(entry).is_err() {
            return false;
        }
        if tally.add_payload(entry).is_err() {
            entry.to_mut().payload = None;
            left_out.payloads += 1;
        }
        true
    });
    left_out.entries = (entries.len() - kept_entries.len()) as u64;
    left_out.samples = (samples.len() - kept_samples.len()) as u64;
    Cut {
        entries: kept_entries,
        samples: kept_samples,
        left_out,
    }
}

/// Looks at the newest first.
fn kept<'a, T: Clone>(
    all: &'a [T],
    mut fits: impl FnMut(&mut Cow<'a, T>) -> bool,
) -> Vec<Cow<'a, T>> {
    let newest_first = all.iter().rev().map(Cow::Borrowed);
    let fitting = newest_first.filter_map(|mut one| fits(&mut one).then_some(one));
    let mut kept: Vec<_> = fitting.collect();
    kept.reverse();
    kept
}

/// To the microsecond, which browsers do not measure more exactly.
fn measured(at_ms: f64) -> f64 {
    let at_ms = if at_ms.is_nan() { 0.0 } else { at_ms };
    (at_ms.clamp(0.0, LATEST_MS) * 1000.0).round() / 1000.0
}

/// What tells a stream from others, as a number.
fn stream(stat: &Value) -> Option<u64> {
    let of_kind = matches!(
        stat.get("type")?.as_str()?,
        "inbound-rtp" | "outbound-rtp" | "data-channel"
    );
    let parts = ["id", "type", "kind", "label", "mid", "rid", "ssrc"];
    let mut hasher = DefaultHasher::new();
    parts.map(|part| stat.get(part)).hash(&mut hasher);
    of_kind.then(|| hasher.finish())
}

#[cfg(test)]
mod tests;
