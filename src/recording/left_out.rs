//! What a recording is too small for, so that nobody takes a part for the whole. Pure.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much the recording does not have of what its page knew or counted. Nobody counts the
/// statistics that are older than five minutes, nor what another browser did not show or showed
/// beyond what a trace merged from several takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeftOut {
    pub(crate) entries: u64,
    /// Of entries that are there.
    pub(crate) payloads: u64,
    pub(crate) samples: u64,
    /// Of samples that are there.
    pub(crate) stats: u64,
}

impl LeftOut {
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            entries: self.entries.saturating_add(other.entries),
            payloads: self.payloads.saturating_add(other.payloads),
            samples: self.samples.saturating_add(other.samples),
            stats: self.stats.saturating_add(other.stats),
        }
    }
}

/// `3 entries, 1 sample of statistics`: how much there is.
pub(crate) fn counted(entries: usize, samples: usize) -> String {
    let (entries, samples) = (entries as u64, samples as u64);
    format!("{}, {}", of_entries(entries), of_samples(samples))
}

fn of_entries(count: u64) -> String {
    number(count, "entry", "entries")
}

fn of_samples(count: u64) -> String {
    number(count, "sample of statistics", "samples of statistics")
}

fn number(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `3 entries, the payload of 1 entry and 24 samples of statistics`
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payloads = format!("the payload of {}", of_entries(self.payloads));
        let stats = number(self.stats, "part of a sample", "parts of samples");
        let parts = [
            (self.entries, of_entries(self.entries)),
            (self.payloads, payloads),
            (self.samples, of_samples(self.samples)),
            (self.stats, stats),
        ];
        let there = parts.into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> = there.map(|(_, text)| text).collect();
        match parts.as_slice() {
            [] => f.write_str("nothing"),
            [one] => f.write_str(one),
            [first @ .., last] => write!(f, "{} and {last}", first.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one() {
        assert_eq!(counted(1, 1), "1 entry, 1 sample of statistics");
        assert_eq!(counted(0, 2), "0 entries, 2 samples of statistics");
    }
}
