//! Candidates, the pairs they make, and why one of them carries everything. Pure.
//!
//! Joins what `getStats()` reports with the candidates' texts, as they were signaled, because
//! browsers leave out of their reports what the texts have: Chromium the address before it may
//! use the camera, Firefox the related address. Knows no connection and no view.

mod reason;
mod tables;
mod words;

use crate::trace::{Entry, Side};

pub use reason::{Role, reasons};
pub use tables::{Candidate, Pair, PairState, Tables};
pub use words::{Meaning, connection_type, meaning};

/// The candidates’ texts that a trace has of one peer: what it gathered, and what it was told.
pub fn texts<'a>(entries: impl Iterator<Item = &'a Entry>, peer: &str) -> Vec<(Side, String)> {
    let of_peer = entries.filter(|entry| &*entry.peer == peer);
    let texts = of_peer.filter_map(|entry| {
        let side = match &*entry.name {
            "icecandidate" => Side::Local,
            "addIceCandidate" => Side::Remote,
            _ => return None,
        };
        (!entry.detail.is_empty()).then(|| (side, entry.detail.clone()))
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;

    #[test]
    fn a_peers_own_and_received_candidates_are_in_the_trace() {
        let trace = Trace::new(|| 0.0);
        let tracer = trace.tracer("localPeer");
        tracer.event("icecandidate", "candidate:1");
        tracer.event("icecandidate", "");
        tracer.call("addIceCandidate", "candidate:2");
        tracer.call("addTrack", "video");
        trace
            .tracer("remotePeer")
            .event("icecandidate", "candidate:2");
        let texts = texts(trace.entries().iter(), "localPeer");
        let expected = [(Side::Local, "candidate:1"), (Side::Remote, "candidate:2")];
        assert_eq!(texts, expected.map(|(side, text)| (side, text.to_owned())));
    }
}
