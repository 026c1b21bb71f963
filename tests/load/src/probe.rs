//! PURE: the mark in every payload by which the receiver knows what it got.
//!
//! It stands where a real client names its `RTCPeerConnection`, so a payload with it looks like
//! any other; no server between needs to know of it.

use std::fmt;

/// What begins a mark; nothing else in any dialect's frames does.
const MARK: &str = "load.";

/// Which message this is, and when it was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The sender's and the receiver's index among all clients.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Counts what `from` sends to `to`, from 1.
    pub(crate) seq: u64,
    /// Nanoseconds since the run began. When it should have been sent, even if that was late:
    /// a client that is kept waiting must not stop the clock.
    pub(crate) due: u64,
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, seq, due } = self;
        write!(f, "{MARK}{from}.{to}.{seq}.{due}.")
    }
}

impl Probe {
    /// The first mark in a frame.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once(MARK)?;
        let mut parts = rest.split('.');
        Some(Self {
            from: parts.next()?.parse().ok()?,
            to: parts.next()?.parse().ok()?,
            seq: parts.next()?.parse().ok()?,
            due: parts.next()?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROBE: Probe = Probe {
        from: 3,
        to: 9_999,
        seq: 17,
        due: 12_345_678_901,
    };

    #[test]
    fn a_mark_is_found_in_any_frame() {
        for text in [
            format!(r#"{{"connection":"{PROBE}","candidate":{{}}}}"#),
            format!(r#"42["signal",{{"from":"x.y","signal":{{"connection":"{PROBE}"}}}}]"#),
        ] {
            assert_eq!(Probe::find(&text), Some(PROBE), "{text}");
        }
    }

    #[test]
    fn what_is_no_mark_is_none() {
        for text in ["", "load.", "load.1.2.3", "load.1.2.x.4.", "unload"] {
            assert_eq!(Probe::find(text), None, "{text}");
        }
    }
}
