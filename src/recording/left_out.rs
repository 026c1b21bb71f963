//! What a recording is too small for, so that nobody takes a part for the whole. Pure.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much happened or was measured that the recording does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LeftOut {
    pub entries: u64,
    /// Of entries that are there.
    pub payloads: u64,
    pub samples: u64,
    /// Of samples that are there.
    pub stats: u64,
}

impl LeftOut {
    pub fn is_nothing(&self) -> bool {
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

/// `3 entries, the payload of 1 entry and 24 samples of statistics`
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |before: &str, count: u64, one: &str, many: &str| {
            let word = if count == 1 { one } else { many };
            (count > 0).then(|| format!("{before}{count} {word}"))
        };
        let parts = [
            count("", self.entries, "entry", "entries"),
            count("the payload of ", self.payloads, "entry", "entries"),
            count(
                "",
                self.samples,
                "sample of statistics",
                "samples of statistics",
            ),
            count("", self.stats, "part of a sample", "parts of samples"),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        match parts.as_slice() {
            [] => f.write_str("nothing"),
            [one] => f.write_str(one),
            [first @ .., last] => write!(f, "{} and {last}", first.join(", ")),
        }
    }
}
